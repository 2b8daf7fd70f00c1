/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_parse.c - one text, as IPv4 and as IPv6: every implementation compared with the scalar
 * implementation and the C library's inet_pton, at any alignment and with any neighbouring bytes;
 * and the reason for a refusal.
 *
 * Input: a byte that selects the surrounding bytes, a byte for the alignment, the text.
 */
#include <arpa/inet.h>
#include <string.h>

#include "fuzz.h"
#include "simdinet.h"
#include "simdinet_socket.h"

enum { TEXT, OUT };

typedef struct check_result {
    bool valid;
    uint8_t address[16];
} check_result;

static const char *name_of(family f) {
    return f == IPV4 ? "IPv4" : "IPv6";
}

/* Every call writes before an unmapped page, over a pattern that must remain around the output. */
static uint8_t *fresh_out(family f) {
    uint8_t *out = (uint8_t *)area_at_end(OUT, address_size(f));
    memset(out - 16, AREA_FILL, 16 + address_size(f));
    return out;
}

static void check(family f, const char *impl, const char *call, bool valid, const uint8_t *out,
                  const check_result *expected, const char *text, size_t len) {
    size_t size = address_size(f);
    if (valid != expected->valid)
        fail(text, len, "%s %s of implementation %s %s what inet_pton %s", name_of(f), call, impl,
             valid ? "takes" : "refuses", expected->valid ? "takes" : "refuses");
    if (valid ? memcmp(out, expected->address, size) != 0 : !all_are(out, AREA_FILL, size))
        fail(text, len, "%s %s of implementation %s %s", name_of(f), call, impl,
             valid ? "gives another address than inet_pton" : "refuses, but wrote to out");
    if (!all_are(out - 16, AREA_FILL, 16))
        fail(text, len, "%s %s of implementation %s wrote before out", name_of(f), call, impl);
}

/* One position, with the surrounding bytes in place. */
static void check_at(family f, const char *text, size_t len, const check_result *expected) {
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        uint8_t *out = fresh_out(f);
        bool valid =
            f == IPV4 ? simdinet_parse_ipv4(text, len, out) : simdinet_parse_ipv6(text, len, out);
        check(f, impl->name, "simdinet_parse", valid, out, expected, text, len);
    }
}

/* The same with a NUL after the text, which contains none. */
static void check_at_z(family f, const char *text, size_t len, const check_result *expected) {
    uint8_t *out;
    int result;
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        out = fresh_out(f);
        result = f == IPV4 ? simdinet_parse_ipv4_z(text, out) : simdinet_parse_ipv6_z(text, out);
        check(f, impl->name, "simdinet_parse_z", result == 1, out, expected, text, len);
        out = fresh_out(f);
        result = simdinet_inet_pton(f == IPV4 ? AF_INET : AF_INET6, text, out);
        check(f, impl->name, "simdinet_inet_pton", result == 1, out, expected, text, len);
        if (result != 0 && result != 1)
            fail(text, len, "simdinet_inet_pton on implementation %s returns %d", impl->name,
                 result);
    }
}

/* A text has a reason if and only if it is refused; the position is within it or at its end. */
static void check_reason(family f, const char *text, size_t len, const check_result *expected) {
    size_t at = SIZE_MAX, mixed_at = SIZE_MAX;
    bool colon = len > 0 && memchr(text, ':', len);
    simdinet_reason reason =
        f == IPV4 ? simdinet_explain_ipv4(text, len, &at) : simdinet_explain_ipv6(text, len, &at);
    if ((reason == SIMDINET_REASON_NONE) != expected->valid)
        fail(text, len, "%s is explained with \"%s\", but %s", name_of(f),
             simdinet_reason_text(reason), expected->valid ? "taken" : "refused");
    if (!*simdinet_reason_text(reason))
        fail(text, len, "reason %d has no text", (int)reason);
    if (at > len || (expected->valid && at != len) ||
        (!expected->valid && reason == SIMDINET_REASON_NULL))
        fail(text, len, "%s is explained with \"%s\" at %zu", name_of(f),
             simdinet_reason_text(reason), at);
    if (colon != (f == IPV6))
        return;
    if (simdinet_explain_mixed(text, len, &mixed_at) != reason || mixed_at != at)
        fail(text, len, "as mixed it is not explained as %s", name_of(f));
}

static void check_family(family f, const char *text, size_t len, unsigned fill, size_t shift) {
    check_result expected = {0};
    expected.valid = libc_parse(f, text, len, expected.address);
    const char *last = area_copy_at_end(TEXT, text, len);
    check_at(f, last, len, &expected);
    check_reason(f, last, len, &expected);
    check_at(f, area_copy_at_start(TEXT, text, len), len, &expected);

    /* Between bytes that would continue it, at any offset within a page. */
    char *area = area_at_start(TEXT, AREA_SIZE);
    memset(area, (int)fill, 4096 + len + 128);
    memcpy(area + shift, text, len);
    check_at(f, area + shift, len, &expected);

    if (len > 0 && memchr(text, '\0', len))
        return;
    area[shift + len] = '\0';
    check_at_z(f, area + shift, len, &expected);
    char *ended = area_at_end(TEXT, len + 1);
    memcpy(ended, text, len);
    ended[len] = '\0';
    check_at_z(f, ended, len, &expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned fill = take_byte(&in);
    if (in.size > AREA_SIZE / 2)
        return 0;
    size_t shift =
        (size_t)take_byte(&in) * 17 % 4096; /* any offset, often near the end of a page */
    /* A text that ends with a page, of which the next is mapped. */
    if (fill & 1 && in.size < 4096)
        shift = 4096 - in.size;
    check_family(IPV4, (const char *)in.data, in.size, fill, shift);
    check_family(IPV6, (const char *)in.data, in.size, fill, shift);
    return 0;
}
