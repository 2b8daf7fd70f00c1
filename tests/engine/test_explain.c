/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Reasons why a text is not a valid address: literals with their positions, and agreement with the
 * parsers.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet.h"

typedef simdinet_reason explain_fn(const char *text, size_t len, size_t *at);

static explain_fn *explainer_of(family f) {
    return f == IPV4 ? simdinet_explain_ipv4 : simdinet_explain_ipv6;
}

typedef struct vector {
    const char *text;
    const char *reason; /* of simdinet_reason_text */
    size_t at;
} vector;

static const vector ipv4_vectors[] = {
    {"192.168.1.1", "valid address", 11},
    {"0.0.0.0", "valid address", 7},
    {"255.255.255.255", "valid address", 15},
    {"", "empty text", 0},
    {"192.168.256.1", "octet out of range (0-255)", 8},
    {"256.1.1.1", "octet out of range (0-255)", 0},
    {"1.1.1.256", "octet out of range (0-255)", 6},
    {"1.1.1.1000", "octet out of range (0-255)", 6},
    {"1.4294967296.1.1", "octet out of range (0-255)", 2},
    {"1.18446744073709551617.1.1", "octet out of range (0-255)", 2},
    {"1.100000000000000000000000000000000000000000000001.1.1", "octet out of range (0-255)", 2},
    {"01.2.3.4", "leading zero in octet", 0},
    {"1.2.3.04", "leading zero in octet", 6},
    {"1.2.00.4", "leading zero in octet", 4},
    {"1.000.3.4", "leading zero in octet", 2},
    {"1.2.3", "fewer than four octets", 5},
    {"1", "fewer than four octets", 1},
    {"255.255.255", "fewer than four octets", 11},
    {"1.2.3.4.5", "more than four octets", 8},
    {"1.2.3.4.5.6", "more than four octets", 8},
    {"1.2.3.", "unexpected end", 6},
    {"1.", "unexpected end", 2},
    {".1.2.3", "missing octet", 0},
    {"1..2.3", "missing octet", 2},
    {"1.2.3..4", "missing octet", 6},
    {".", "missing octet", 0},
    {"x", "unexpected character", 0},
    {"1.2.3.4x", "unexpected character", 7},
    {"1.2.3.4 ", "unexpected character", 7},
    {" 1.2.3.4", "unexpected character", 0},
    {"1.2.x.4", "unexpected character", 4},
    {"1.2.3x.4", "unexpected character", 5},
    {"1.2.3.4:80", "unexpected character", 7},
    {"1.2.3.4/24", "unexpected character", 7},
    {"1.-2.3.4", "unexpected character", 2},
    {"0x7f.0.0.1", "unexpected character", 1},
    {"::1", "unexpected character", 0},
    {"1.2.3.\xff", "unexpected character", 6},
    {"1.2\xae"
     "3.4",
     "unexpected character", 3},
};

static const vector ipv6_vectors[] = {
    {"::", "valid address", 2},
    {"::1", "valid address", 3},
    {"2001:db8::1:0:0:1", "valid address", 17},
    {"1:2:3:4:5:6:7:8", "valid address", 15},
    {"::ffff:192.0.2.1", "valid address", 16},
    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "valid address", 45},
    {"", "empty text", 0},
    {"::g", "unexpected character", 2},
    {"g::", "unexpected character", 0},
    {"1:2:3:4:5:6:7:x", "unexpected character", 14},
    {"1:2:3:4:5:6:7:8x", "unexpected character", 15},
    {"fe80::1%eth0", "unexpected character", 7},
    {"::1/128", "unexpected character", 3},
    {"[::1]", "unexpected character", 0},
    {"::1 ", "unexpected character", 3},
    {"::0x1", "unexpected character", 3},
    {"::.1.2.3", "unexpected character", 2},
    {"::1.2.3.4/96", "unexpected character", 9},
    {"::1.2.3.a", "unexpected character", 8},
    {"::a.2.3.4", "unexpected character", 2},
    {"\xff", "unexpected character", 0},
    {"::1.2.3.", "unexpected end", 8},
    {"::1..2.3", "missing octet", 4},
    {"::256.1.1.1", "octet out of range (0-255)", 2},
    {"::ffff:192.168.256.1", "octet out of range (0-255)", 15},
    {"::01.2.3.4", "leading zero in octet", 2},
    {"::1.2.3", "fewer than four octets", 7},
    {"::1.2.3.4.5", "more than four octets", 10},
    {"12345::", "group longer than four digits", 0},
    {"1:2:00003::", "group longer than four digits", 4},
    {"::1:abcdef", "group longer than four digits", 4},
    {"1:2:3:4:5:6:7", "fewer than eight groups", 13},
    {"1", "fewer than eight groups", 1},
    {"1:2", "fewer than eight groups", 3},
    {"1:2:3:4:5:1.2.3.4", "fewer than eight groups", 17},
    {"1.2.3.4", "fewer than eight groups", 7},
    {"1:2:3:4:5:6:7:8:9", "more than eight groups", 16},
    {"::1:2:3:4:5:6:7:8:9", "more than eight groups", 18},
    {":", "single colon at start or end", 0},
    {":1", "single colon at start or end", 0},
    {":1:2:3:4:5:6:7", "single colon at start or end", 0},
    {"1:", "single colon at start or end", 1},
    {"1:2:3:4:5:6:7:", "single colon at start or end", 13},
    {"::1:", "single colon at start or end", 3},
    {"1::2::3", "second \"::\"", 4},
    {"::1::", "second \"::\"", 3},
    {":::", "second \"::\"", 2},
    {"1:::2", "second \"::\"", 3},
    {"::1.2.3.4:5", "embedded IPv4 address not at the end", 2},
    {"1.2.3.4::", "embedded IPv4 address not at the end", 0},
    {"1:2:3:4:5:6:7:1.2.3.4", "more than eight groups", 14},
};

static void expect_reasons(family f, const vector *vectors, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const vector *v = vectors + i;
        size_t len = strlen(v->text), at = 999;
        simdinet_reason reason = explainer_of(f)(v->text, len, &at);
        cr_expect_str_eq(simdinet_reason_text(reason), v->reason, "\"%s\"", show(v->text, len));
        cr_expect_eq(at, v->at, "\"%s\": byte %zu, not %zu", show(v->text, len), v->at, at);
        cr_expect_eq(explainer_of(f)(v->text, len, NULL), reason, "\"%s\" with at NULL",
                     show(v->text, len));
    }
}

Test(explain, ipv4_literals) {
    expect_reasons(IPV4, ipv4_vectors, sizeof ipv4_vectors / sizeof ipv4_vectors[0]);
}

Test(explain, ipv6_literals) {
    expect_reasons(IPV6, ipv6_vectors, sizeof ipv6_vectors / sizeof ipv6_vectors[0]);
}

/* "::" for no group: the number of groups is wrong, at an unspecified position. */
Test(explain, ipv6_compression_of_no_group) {
    static const char *const texts[] = {"1:2:3:4::5:6:7:8", "::1:2:3:4:5:6:7:8",
                                        "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6::1.2.3.4"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t at = 999, len = strlen(texts[i]);
        cr_expect_eq(simdinet_explain_ipv6(texts[i], len, &at), SIMDINET_REASON_GROUP_COUNT_HIGH,
                     "\"%s\"", texts[i]);
        cr_expect(at <= len, "\"%s\": byte %zu", texts[i], at);
    }
}

Test(explain, accepts_null_and_nuls) {
    size_t at = 999;
    cr_expect_eq(simdinet_explain_ipv4(NULL, 0, &at), SIMDINET_REASON_EMPTY);
    cr_expect_eq(at, 0);
    at = 999;
    cr_expect_eq(simdinet_explain_ipv6(NULL, 0, &at), SIMDINET_REASON_EMPTY);
    cr_expect_eq(at, 0);
    cr_expect_eq(simdinet_explain_ipv4("1.2.3.4\0", 8, &at), SIMDINET_REASON_CHARACTER);
    cr_expect_eq(at, 7);
    cr_expect_eq(simdinet_explain_ipv6("::1\0", 4, &at), SIMDINET_REASON_CHARACTER);
    cr_expect_eq(at, 3);
}

Test(explain, every_reason_has_a_distinct_text) {
    enum { REASONS = SIMDINET_REASON_PORT_RANGE + 1 };
    const char *unknown = simdinet_reason_text((simdinet_reason)REASONS);
    cr_assert(unknown && *unknown);
    cr_expect_str_eq(simdinet_reason_text((simdinet_reason)1000), unknown);
    for (int i = 0; i < REASONS; i++) {
        const char *words = simdinet_reason_text((simdinet_reason)i);
        cr_assert(words && *words, "reason %d", i);
        cr_expect(strcmp(words, unknown) != 0, "reason %d is unknown", i);
        for (int j = 0; j < i; j++)
            cr_expect(strcmp(words, simdinet_reason_text((simdinet_reason)j)) != 0,
                      "reasons %d and %d are both \"%s\"", i, j, words);
    }
}

static bool is_hex_digit(char c) {
    return c && strchr("0123456789abcdefABCDEF", c);
}

/* Whether the position of a reason is the one that the header documents. */
static bool position_matches(const char *text, size_t len, simdinet_reason reason, size_t at) {
    bool inside = at < len;
    char c = inside ? text[at] : '\0';
    bool begins = inside && (at == 0 || !is_hex_digit(text[at - 1]));
    switch (reason) {
    case SIMDINET_REASON_NONE:
    case SIMDINET_REASON_END:
    case SIMDINET_REASON_OCTET_COUNT_LOW:
    case SIMDINET_REASON_GROUP_COUNT_LOW:
        return at == len && len > 0;
    case SIMDINET_REASON_EMPTY:
        return len == 0 && at == 0;
    case SIMDINET_REASON_CHARACTER:
        return inside;
    case SIMDINET_REASON_OCTET_MISSING:
        return inside && c == '.';
    case SIMDINET_REASON_LEADING_ZERO:
        return begins && c == '0';
    case SIMDINET_REASON_OCTET_RANGE:
    case SIMDINET_REASON_OCTET_COUNT_HIGH:
    case SIMDINET_REASON_EMBEDDED_IPV4:
        return begins && c >= '0' && c <= '9';
    case SIMDINET_REASON_GROUP_LENGTH:
        return begins && at + 4 < len && is_hex_digit(c) && is_hex_digit(text[at + 4]);
    case SIMDINET_REASON_GROUP_COUNT_HIGH:
        return at <= len;
    case SIMDINET_REASON_SINGLE_COLON:
        return c == ':' && (at == 0 || at == len - 1);
    case SIMDINET_REASON_SECOND_COMPRESSION:
        return c == ':';
    default: /* of columns, networks, ranges and endpoints */
        return false;
    }
}

static void expect_agreement(family f, uint64_t seed) {
    prng random = {seed};
    guarded memory = guarded_new();
    unsigned seen = 0;
    for (size_t i = repetitions(500000); i > 0; i--) {
        char text[TEXT_CAPACITY];
        uint8_t address[16];
        size_t len = make_address(&random, f, text, address), at = TEXT_CAPACITY;
        if (i % 8)
            len = mutate(&random, text, len);
        char *flush = memory.end - len;
        memcpy(flush, text, len);
        simdinet_reason reason = explainer_of(f)(flush, len, &at);
        seen |= 1u << reason;
        if (!position_matches(text, len, reason, at)) {
            cr_expect(false, "\"%s\": %s at byte %zu", show(text, len),
                      simdinet_reason_text(reason), at);
            limit_failures();
        }
        FOR_EACH_IMPLEMENTATION (impl) {
            if (parser_of(impl, f)(flush, len, address) != (reason == SIMDINET_REASON_NONE)) {
                cr_expect(false, "implementation %s disagrees: \"%s\": %s at byte %zu", impl->name,
                          show(text, len), simdinet_reason_text(reason), at);
                limit_failures();
            }
        }
    }
    /* All reasons of the family occurred; those of groups are for IPv6 only. */
    unsigned all = f == IPV6 ? (2u << SIMDINET_REASON_EMBEDDED_IPV4) - 1
                             : (2u << SIMDINET_REASON_OCTET_COUNT_HIGH) - 1;
    cr_expect_eq(seen, all, "reasons seen: %#x, not %#x", seen, all);
    guarded_free(&memory);
}

Test(explain, ipv4_agrees_with_every_implementation) {
    expect_agreement(IPV4, 14);
}

Test(explain, ipv6_agrees_with_every_implementation) {
    expect_agreement(IPV6, 16);
}
