/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * inet.c - inet_pton, inet_ntop, inet_aton, inet_ntoa and inet_addr, and their check mode.
 *
 * The check mode calls the C library first, with buffers of its own: the input and the output of a
 * call may be the same memory.
 */
#include "interpose.h"

#include <errno.h>
#include <string.h>

static size_t address_size(int af) {
    return af == AF_INET ? 4 : 16;
}

/* ---- inet_pton ------------------------------------------------------------------------------- */

static int pton_checked(int af, const char *src, void *dst) {
    uint8_t libc_result[16];
    int saved_errno = errno;
    int libc_code = PRELOAD_LIBC(inet_pton)(af, src, libc_result), libc_errno = errno;
    errno = saved_errno;
    int code = simdinet_inet_pton(af, src, dst), own_errno = errno;
    bool same = code == libc_code && own_errno == libc_errno &&
                (code != 1 || memcmp(dst, libc_result, address_size(af)) == 0);
    preload_count(PRELOAD_inet_pton, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_pton)) {
        preload_line_add(&line, "(%d, ", af);
        preload_line_quote(&line, src);
        preload_line_add(&line, "): %d, errno %d, ", code, own_errno);
        preload_line_hex(&line, dst, code == 1 ? address_size(af) : 0);
        preload_line_add(&line, "; the C library: %d, errno %d, ", libc_code, libc_errno);
        preload_line_hex(&line, libc_result, libc_code == 1 ? address_size(af) : 0);
        preload_line_write(&line);
    }
    errno = own_errno;
    return code;
}

SIMDINET_API int inet_pton(int af, const char *src, void *dst) {
    return preload_checks() ? pton_checked(af, src, dst) : simdinet_inet_pton(af, src, dst);
}

/* ---- inet_ntop ------------------------------------------------------------------------------- */

static const char *ntop_checked(int af, const void *src, char *dst, socklen_t size) {
    char libc_result[SIMDINET_IPV6_TEXT_SIZE]; /* large enough for any address */
    int saved_errno = errno;
    bool libc_ok = PRELOAD_LIBC(inet_ntop)(af, src, libc_result, size) != NULL;
    int libc_errno = errno;
    errno = saved_errno;
    const char *text = simdinet_inet_ntop(af, src, dst, size);
    int own_errno = errno;
    bool same =
        !text == !libc_ok && own_errno == libc_errno && (!text || strcmp(text, libc_result) == 0);
    preload_count(PRELOAD_inet_ntop, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_ntop)) {
        preload_line_add(&line, "(%d, ", af);
        preload_line_hex(&line, src, af == AF_INET || af == AF_INET6 ? address_size(af) : 0);
        preload_line_add(&line, ", %lu bytes): ", (unsigned long)size);
        preload_line_quote(&line, text);
        preload_line_add(&line, ", errno %d; the C library: ", own_errno);
        preload_line_quote(&line, libc_ok ? libc_result : NULL);
        preload_line_add(&line, ", errno %d", libc_errno);
        preload_line_write(&line);
    }
    errno = own_errno;
    return text;
}

SIMDINET_API const char *inet_ntop(int af, const void *src, char *dst, socklen_t size) {
    return preload_checks() ? ntop_checked(af, src, dst, size)
                            : simdinet_inet_ntop(af, src, dst, size);
}

/* ---- inet_aton and inet_addr ----------------------------------------------------------------- */

static int aton_checked(const char *cp, struct in_addr *inp) {
    struct in_addr libc_result = {0}, own_result = {0};
    int saved_errno = errno;
    int libc_code = PRELOAD_LIBC(inet_aton)(cp, &libc_result), libc_errno = errno;
    errno = saved_errno;
    int code = simdinet_inet_aton(cp, &own_result), own_errno = errno;
    if (code && inp)
        *inp = own_result;
    bool same = code == libc_code && own_errno == libc_errno &&
                (!code || own_result.s_addr == libc_result.s_addr);
    preload_count(PRELOAD_inet_aton, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_aton)) {
        preload_line_add(&line, "(");
        preload_line_quote(&line, cp);
        preload_line_add(&line, "): %d, errno %d, ", code, own_errno);
        preload_line_hex(&line, &own_result, 4);
        preload_line_add(&line, "; the C library: %d, errno %d, ", libc_code, libc_errno);
        preload_line_hex(&line, &libc_result, 4);
        preload_line_write(&line);
    }
    errno = own_errno;
    return code;
}

SIMDINET_API int inet_aton(const char *cp, struct in_addr *inp) {
    return preload_checks() ? aton_checked(cp, inp) : simdinet_inet_aton(cp, inp);
}

static in_addr_t parse_inet_addr(const char *cp) {
    struct in_addr address;
    return simdinet_inet_aton(cp, &address) ? address.s_addr : INADDR_NONE;
}

static in_addr_t addr_checked(const char *cp) {
    int saved_errno = errno;
    in_addr_t libc_result = PRELOAD_LIBC(inet_addr)(cp);
    int libc_errno = errno;
    errno = saved_errno;
    in_addr_t own_result = parse_inet_addr(cp);
    int own_errno = errno;
    bool same = own_result == libc_result && own_errno == libc_errno;
    preload_count(PRELOAD_inet_addr, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_addr)) {
        preload_line_add(&line, "(");
        preload_line_quote(&line, cp);
        preload_line_add(&line, "): ");
        preload_line_hex(&line, &own_result, 4);
        preload_line_add(&line, ", errno %d; the C library: ", own_errno);
        preload_line_hex(&line, &libc_result, 4);
        preload_line_add(&line, ", errno %d", libc_errno);
        preload_line_write(&line);
    }
    errno = own_errno;
    return own_result;
}

SIMDINET_API in_addr_t inet_addr(const char *cp) {
    return preload_checks() ? addr_checked(cp) : parse_inet_addr(cp);
}

/* ---- inet_ntoa ------------------------------------------------------------------------------- */

static void check_ntoa(struct in_addr in, const char *text) {
    int saved_errno = errno;
    const char *libc_result = PRELOAD_LIBC(inet_ntoa)(in);
    bool same = strcmp(text, libc_result) == 0 && errno == saved_errno;
    preload_count(PRELOAD_inet_ntoa, false, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (!same && preload_line_begin(&line, PRELOAD_inet_ntoa)) {
        preload_line_add(&line, "(");
        preload_line_hex(&line, &in, 4);
        preload_line_add(&line, "): ");
        preload_line_quote(&line, text);
        preload_line_add(&line, "; the C library: ");
        preload_line_quote(&line, libc_result);
        preload_line_write(&line);
    }
    errno = saved_errno;
}

SIMDINET_API char *inet_ntoa(struct in_addr in) {
    static _Thread_local char text[SIMDINET_IPV4_TEXT_SIZE];
    simdinet_inet_ntoa(in, text);
    if (preload_checks())
        check_ntoa(in, text);
    return text;
}
