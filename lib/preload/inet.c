/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * inet.c - inet_pton, inet_ntop, inet_aton, inet_ntoa and inet_addr, and their comparisons.
 *
 * In every comparison the C library is asked first, for buffers of our own, so that a program that
 * reads and writes the same memory has the same read twice.
 */
#include "interpose.h"

#include <errno.h>
#include <string.h>

static size_t address_size(int af) {
    return af == AF_INET ? 4 : 16;
}

/* ---- inet_pton -------------------------------------------------------------------------------- */

static int checked_pton(int af, const char *src, void *dst) {
    uint8_t theirs[16];
    int before = errno;
    int their_code = PRELOAD_REAL(inet_pton)(af, src, theirs), their_errno = errno;
    errno = before;
    int code = simdinet_inet_pton(af, src, dst), our_errno = errno;
    bool same = code == their_code && our_errno == their_errno &&
                (code != 1 || memcmp(dst, theirs, address_size(af)) == 0);
    preload_count(PRELOAD_inet_pton, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_pton)) {
        preload_line_add(&line, "(%d, ", af);
        preload_line_quote(&line, src);
        preload_line_add(&line, "): %d, errno %d, ", code, our_errno);
        preload_line_hex(&line, dst, code == 1 ? address_size(af) : 0);
        preload_line_add(&line, "; the C library: %d, errno %d, ", their_code, their_errno);
        preload_line_hex(&line, theirs, their_code == 1 ? address_size(af) : 0);
        preload_line_write(&line);
    }
    errno = our_errno;
    return code;
}

SIMDINET_API int inet_pton(int af, const char *src, void *dst) {
    return preload_checks() ? checked_pton(af, src, dst) : simdinet_inet_pton(af, src, dst);
}

/* ---- inet_ntop -------------------------------------------------------------------------------- */

static const char *checked_ntop(int af, const void *src, char *dst, socklen_t size) {
    char theirs[SIMDINET_IPV6_TEXT_SIZE]; /* what fits in size fits here, however large size is */
    int before = errno;
    bool they_can = PRELOAD_REAL(inet_ntop)(af, src, theirs, size) != NULL;
    int their_errno = errno;
    errno = before;
    const char *text = simdinet_inet_ntop(af, src, dst, size);
    int our_errno = errno;
    bool same =
        !text == !they_can && our_errno == their_errno && (!text || strcmp(text, theirs) == 0);
    preload_count(PRELOAD_inet_ntop, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_ntop)) {
        preload_line_add(&line, "(%d, ", af);
        preload_line_hex(&line, src, af == AF_INET || af == AF_INET6 ? address_size(af) : 0);
        preload_line_add(&line, ", %lu bytes): ", (unsigned long)size);
        preload_line_quote(&line, text);
        preload_line_add(&line, ", errno %d; the C library: ", our_errno);
        preload_line_quote(&line, they_can ? theirs : NULL);
        preload_line_add(&line, ", errno %d", their_errno);
        preload_line_write(&line);
    }
    errno = our_errno;
    return text;
}

SIMDINET_API const char *inet_ntop(int af, const void *src, char *dst, socklen_t size) {
    return preload_checks() ? checked_ntop(af, src, dst, size)
                            : simdinet_inet_ntop(af, src, dst, size);
}

/* ---- inet_aton and inet_addr ------------------------------------------------------------------ */

static int checked_aton(const char *cp, struct in_addr *inp) {
    struct in_addr theirs = {0}, ours = {0};
    int before = errno;
    int their_code = PRELOAD_REAL(inet_aton)(cp, &theirs), their_errno = errno;
    errno = before;
    int code = simdinet_inet_aton(cp, &ours), our_errno = errno;
    if (code && inp)
        *inp = ours;
    bool same =
        code == their_code && our_errno == their_errno && (!code || ours.s_addr == theirs.s_addr);
    preload_count(PRELOAD_inet_aton, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_aton)) {
        preload_line_add(&line, "(");
        preload_line_quote(&line, cp);
        preload_line_add(&line, "): %d, errno %d, ", code, our_errno);
        preload_line_hex(&line, &ours, 4);
        preload_line_add(&line, "; the C library: %d, errno %d, ", their_code, their_errno);
        preload_line_hex(&line, &theirs, 4);
        preload_line_write(&line);
    }
    errno = our_errno;
    return code;
}

SIMDINET_API int inet_aton(const char *cp, struct in_addr *inp) {
    return preload_checks() ? checked_aton(cp, inp) : simdinet_inet_aton(cp, inp);
}

static in_addr_t read_address(const char *cp) {
    struct in_addr address;
    return simdinet_inet_aton(cp, &address) ? address.s_addr : INADDR_NONE;
}

static in_addr_t checked_addr(const char *cp) {
    int before = errno;
    in_addr_t theirs = PRELOAD_REAL(inet_addr)(cp);
    int their_errno = errno;
    errno = before;
    in_addr_t ours = read_address(cp);
    int our_errno = errno;
    bool same = ours == theirs && our_errno == their_errno;
    preload_count(PRELOAD_inet_addr, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_addr)) {
        preload_line_add(&line, "(");
        preload_line_quote(&line, cp);
        preload_line_add(&line, "): ");
        preload_line_hex(&line, &ours, 4);
        preload_line_add(&line, ", errno %d; the C library: ", our_errno);
        preload_line_hex(&line, &theirs, 4);
        preload_line_add(&line, ", errno %d", their_errno);
        preload_line_write(&line);
    }
    errno = our_errno;
    return ours;
}

SIMDINET_API in_addr_t inet_addr(const char *cp) {
    return preload_checks() ? checked_addr(cp) : read_address(cp);
}

/* ---- inet_ntoa -------------------------------------------------------------------------------- */

static void check_ntoa(struct in_addr in, const char *text) {
    int before = errno;
    const char *theirs = PRELOAD_REAL(inet_ntoa)(in);
    bool same = strcmp(text, theirs) == 0 && errno == before;
    preload_count(PRELOAD_inet_ntoa, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_ntoa)) {
        preload_line_add(&line, "(");
        preload_line_hex(&line, &in, 4);
        preload_line_add(&line, "): ");
        preload_line_quote(&line, text);
        preload_line_add(&line, "; the C library: ");
        preload_line_quote(&line, theirs);
        preload_line_write(&line);
    }
    errno = before;
}

SIMDINET_API char *inet_ntoa(struct in_addr in) {
    static _Thread_local char text[SIMDINET_IPV4_TEXT_SIZE];
    simdinet_inet_ntoa(in, text);
    if (preload_checks())
        check_ntoa(in, text);
    return text;
}
