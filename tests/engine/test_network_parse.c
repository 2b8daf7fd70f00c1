/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Networks, ranges and endpoints from text: literals with reasons and positions, and agreement with
 * slow parsers on random texts.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/prng.h"
#include "network_reference.h"

enum { STRICT = 0, CLEAR = SIMDINET_NETWORK_CLEAR_HOST_BITS };

typedef struct vector {
    const char *text;
    const char *result; /* as formatted, or the reason */
    size_t at;
} vector;

static const vector network_vectors[] = {
    {"10.0.0.0/8", "10.0.0.0/8", 10},
    {"0.0.0.0/0", "0.0.0.0/0", 9},
    {"255.255.255.255/32", "255.255.255.255/32", 18},
    {"192.0.2.1", "192.0.2.1/32", 9},
    {"2001:DB8::/32", "2001:db8::/32", 13},
    {"::/0", "::/0", 4},
    {"::1", "::1/128", 3},
    {"::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104", 19},
    {"10.0.0.0/255.0.0.0", "10.0.0.0/8", 18},
    {"0.0.0.0/0.0.0.0", "0.0.0.0/0", 15},
    {"10.0.0.1/255.255.255.255", "10.0.0.1/32", 24},
    {"", "empty text", 0},
    {"/8", "unexpected character", 0},
    {"10.0.0.0/", "missing prefix length", 9},
    {"10.0.0.0/33", "prefix length out of range", 9},
    {"10.0.0.0/4294967304", "prefix length out of range", 9},
    {"::/129", "prefix length out of range", 3},
    {"10.0.0.0/08", "leading zero in number", 9},
    {"10.0.0.0/8/8", "unexpected character", 10},
    {"10.0.0.0/ 8", "unexpected character", 9},
    {"10.0.0.0/+8", "unexpected character", 9},
    {"10.0.0.0 /8", "unexpected character", 8},
    {"10.0.0.0/8 ", "unexpected character", 10},
    {"10.0.0.0/255.0.255.0", "netmask with a 1 bit after a 0 bit", 9},
    {"10.0.0.0/0.255.255.255", "netmask with a 1 bit after a 0 bit", 9},
    {"10.0.0.0/255.0.0", "fewer than four octets", 16},
    {"10.0.0.0/256.0.0.0", "octet out of range (0-255)", 9},
    {"2001:db8::/ffff::", "unexpected character", 11},
    {"2001:db8::/255.0.0.0", "unexpected character", 14},
    {"10.0.0.1/8", "bit set past the prefix length", 0},
    {"2001:db8::1/64", "bit set past the prefix length", 0},
    {"10.0.0/8", "fewer than four octets", 6},
    {"192.0.2.1:80", "unexpected character", 9},
    {"fe80::1%eth0", "unexpected character", 7},
    {"[2001:db8::]/32", "unexpected character", 0},
    {"192.0.2.1-192.0.2.9", "unexpected character", 9},
};

static const vector range_vectors[] = {
    {"192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9", 19},
    {"192.0.2.1 -\t 192.0.2.9", "192.0.2.1-192.0.2.9", 22},
    {"192.0.2.1-192.0.2.1", "192.0.2.1-192.0.2.1", 19},
    {"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     42},
    {"10.0.0.0/8", "10.0.0.0-10.255.255.255", 10},
    {"2001:db8::1", "2001:db8::1-2001:db8::1", 11},
    {"", "empty text", 0},
    {"-", "unexpected character", 0},
    {"-192.0.2.1", "unexpected character", 0},
    {"192.0.2.1-", "unexpected end", 10},
    {"192.0.2.1 - ", "unexpected end", 12},
    {"192.0.2.9-192.0.2.1", "range ends before it starts", 10},
    {"192.0.2.9-2001:db8::", "range of mixed address families", 10},
    {"192.0.2.1--192.0.2.9", "unexpected character", 10},
    {"192.0.2.1-192.0.2.9-192.0.2.10", "unexpected character", 19},
    {"192.0.2.0/24-192.0.3.0", "unexpected character", 9},
    {" 192.0.2.1-192.0.2.9", "unexpected character", 0},
    {"192.0.2.1-192.0.2.9 ", "unexpected character", 19},
    {"10.0.0.1/8", "bit set past the prefix length", 0},
};

/* The parts of an endpoint as they are formatted here: address|zone|port|prefix length. */
static const vector endpoint_vectors[] = {
    {"192.0.2.1", "192.0.2.1|||", 9},
    {"192.0.2.1:443", "192.0.2.1||443|", 13},
    {"192.0.2.1:0", "192.0.2.1||0|", 11},
    {"192.0.2.1:65535", "192.0.2.1||65535|", 15},
    {"192.0.2.1/24", "192.0.2.1|||24", 12},
    {"2001:db8::1", "2001:db8::1|||", 11},
    {"2001:db8::1:443", "2001:db8::1:443|||", 15},
    {"[2001:db8::1]", "2001:db8::1|||", 13},
    {"[2001:db8::1]:443", "2001:db8::1||443|", 17},
    {"[fe80::1%eth0]:53", "fe80::1|eth0|53|", 17},
    {"[fe80::1%25eth0]:53", "fe80::1|25eth0|53|", 19},
    {"fe80::1%eth0", "fe80::1|eth0||", 12},
    {"fe80::1%eth0.1_a~b-c", "fe80::1|eth0.1_a~b-c||", 20},
    {"fe80::%1/64", "fe80::|1||64", 11},
    {"2001:db8::1/32", "2001:db8::1|||32", 14},
    {"", "empty text", 0},
    {"[", "missing \"]\"", 0},
    {"[2001:db8::1", "missing \"]\"", 0},
    {"[]", "unexpected character", 1},
    {"[]:80", "unexpected character", 1},
    {"[192.0.2.1]:80", "fewer than eight groups", 10},
    {"[2001:db8::1]443", "unexpected character", 13},
    {"[2001:db8::1]/32", "unexpected character", 13},
    {"[2001:db8::/32]", "unexpected character", 11},
    {"[2001:db8::1]:", "missing port", 14},
    {"192.0.2.1:", "missing port", 10},
    {"192.0.2.1:65536", "port out of range (0-65535)", 10},
    {"192.0.2.1:080", "leading zero in number", 10},
    {"192.0.2.1:http", "unexpected character", 10},
    {"192.0.2.1:80/24", "unexpected character", 12},
    {"192.0.2.1/24:80", "unexpected character", 12},
    {"192.0.2.1/", "missing prefix length", 10},
    {"192.0.2.1/33", "prefix length out of range", 10},
    {"192.0.2.1%eth0", "unexpected character", 9},
    {"fe80::1%", "missing zone", 8},
    {"[fe80::1%]:53", "missing zone", 9},
    {"fe80::1%eth0:53", "unexpected character", 12},
    {"fe80::1%a%b", "unexpected character", 9},
    {":80", "single colon at start or end", 0},
    {"%eth0", "unexpected character", 0},
    {"/24", "unexpected character", 0},
};

static void check_vector(const vector *v, bool ok, const char *formatted, simdinet_reason reason,
                         size_t at) {
    cr_expect_eq(ok, reason == SIMDINET_REASON_NONE, "%s", v->text);
    cr_expect_str_eq(ok ? formatted : simdinet_reason_text(reason), v->result, "%s", v->text);
    cr_expect_eq(at, v->at, "%s: %zu", v->text, at);
}

Test(network_parse, networks) {
    for (size_t i = 0; i < sizeof network_vectors / sizeof network_vectors[0]; i++) {
        const vector *v = &network_vectors[i];
        simdinet_network network;
        char out[SIMDINET_NETWORK_TEXT_SIZE] = "";
        size_t at = 99, len = strlen(v->text);
        bool ok = simdinet_parse_network(v->text, len, STRICT, &network);
        if (ok)
            cr_expect_eq(simdinet_format_network(&network, out), strlen(out));
        simdinet_reason reason = simdinet_explain_network(v->text, len, STRICT, &at);
        check_vector(v, ok, out, reason, at);
    }
}

Test(network_parse, host_bits_are_cleared_by_flag) {
    simdinet_network network;
    char out[SIMDINET_NETWORK_TEXT_SIZE];
    cr_assert(simdinet_parse_network("10.1.2.3/9", 10, CLEAR, &network));
    simdinet_format_network(&network, out);
    cr_expect_str_eq(out, "10.0.0.0/9");
    cr_assert(simdinet_parse_network("2001:db8:ffff::1/33", 19, CLEAR, &network));
    simdinet_format_network(&network, out);
    cr_expect_str_eq(out, "2001:db8:8000::/33");
}

Test(network_parse, ranges) {
    for (size_t i = 0; i < sizeof range_vectors / sizeof range_vectors[0]; i++) {
        const vector *v = &range_vectors[i];
        simdinet_range range;
        char out[SIMDINET_RANGE_TEXT_SIZE] = "";
        size_t at = 99, len = strlen(v->text);
        bool ok = simdinet_parse_range(v->text, len, STRICT, &range);
        if (ok)
            cr_expect_eq(simdinet_format_range(&range, out), strlen(out));
        simdinet_reason reason = simdinet_explain_range(v->text, len, STRICT, &at);
        check_vector(v, ok, out, reason, at);
    }
}

static size_t copy_part(char *out, const char *text, simdinet_part part) {
    memcpy(out, text + part.offset, part.length);
    return part.length;
}

static void format_parts(const char *text, const simdinet_endpoint *endpoint, char *out) {
    out += copy_part(out, text, endpoint->address_text);
    *out++ = '|';
    out += copy_part(out, text, endpoint->zone_text);
    *out++ = '|';
    out += copy_part(out, text, endpoint->port_text);
    *out++ = '|';
    out += copy_part(out, text, endpoint->prefix_text);
    *out = '\0';
}

Test(network_parse, endpoints) {
    for (size_t i = 0; i < sizeof endpoint_vectors / sizeof endpoint_vectors[0]; i++) {
        const vector *v = &endpoint_vectors[i];
        simdinet_endpoint endpoint;
        char out[100] = "";
        size_t at = 99, len = strlen(v->text);
        bool ok = simdinet_parse_endpoint(v->text, len, &endpoint);
        if (ok)
            format_parts(v->text, &endpoint, out);
        simdinet_reason reason = simdinet_explain_endpoint(v->text, len, &at);
        check_vector(v, ok, out, reason, at);
    }
}

Test(network_parse, explains_without_an_offset) {
    cr_expect_eq(simdinet_explain_network("192.0.2.0/24", 12, 0, NULL), SIMDINET_REASON_NONE);
    cr_expect_eq(simdinet_explain_network("192.0.2.1/24", 12, 0, NULL), SIMDINET_REASON_HOST_BITS);
    cr_expect_eq(simdinet_explain_range("10.0.0.2-10.0.0.1", 17, 0, NULL),
                 SIMDINET_REASON_RANGE_ORDER);
    cr_expect_eq(simdinet_explain_endpoint("[::1", 4, NULL), SIMDINET_REASON_BRACKET);
}

Test(network_parse, values_of_an_endpoint) {
    simdinet_endpoint endpoint;
    cr_assert(simdinet_parse_endpoint("[fe80::1%eth0]:53", 17, &endpoint));
    cr_expect_eq(endpoint.family, 6);
    cr_expect_eq(endpoint.port, 53);
    cr_expect_eq(endpoint.prefix_length, 128);
    cr_assert(simdinet_parse_endpoint("192.0.2.1/24", 12, &endpoint));
    cr_expect_eq(endpoint.family, 4);
    cr_expect_eq(endpoint.port, 0);
    cr_expect_eq(endpoint.prefix_length, 24);
    cr_expect_arr_eq(endpoint.address, ((uint8_t[16]){192, 0, 2, 1}), 16);
}

Test(network_parse, rejected_text_leaves_the_result_unchanged) {
    simdinet_network network, network_before;
    simdinet_range range, range_before;
    simdinet_endpoint endpoint, endpoint_before;
    memset(&network, 0xa5, sizeof network);
    memset(&range, 0xa5, sizeof range);
    memset(&endpoint, 0xa5, sizeof endpoint);
    network_before = network;
    range_before = range;
    endpoint_before = endpoint;
    cr_expect_not(simdinet_parse_network("10.0.0.1/8", 10, STRICT, &network));
    cr_expect_not(simdinet_parse_range("10.0.0.2-10.0.0.1", 17, STRICT, &range));
    cr_expect_not(simdinet_parse_endpoint("10.0.0.2:x", 10, &endpoint));
    cr_expect_not(simdinet_parse_endpoint(NULL, 0, &endpoint));
    cr_expect_not(simdinet_parse_network(NULL, 0, STRICT, &network));
    cr_expect_not(simdinet_parse_range(NULL, 0, STRICT, &range));
    cr_expect_eq(memcmp(&network, &network_before, sizeof network), 0);
    cr_expect_eq(memcmp(&range, &range_before, sizeof range), 0);
    cr_expect_eq(memcmp(&endpoint, &endpoint_before, sizeof endpoint), 0);
}

/* ---- random texts -------------------------------------------------------------------------------- */

static const char *const pieces[] = {
    "192.0.2.1", "10.0.0.0",    "255.255.255.0",
    "0.0.0.0",   "2001:db8::1", "fe80::1",
    "::",        "::1",         "::ffff:1.2.3.4",
    "/",         "/8",          "/24",
    "/128",      "-",           " - ",
    "[",         "]",           ":",
    ":80",       "%",           "%eth0",
    "0",         "1",           "9",
    ".",         "g",           " ",
    "65535",     "65536",
};

static size_t random_text(prng *random, char out[128]) {
    size_t len = 0;
    for (unsigned n = 1 + prng_below(random, 5); n > 0; n--) {
        const char *piece = pieces[prng_below(random, sizeof pieces / sizeof pieces[0])];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    if (prng_below(random, 4) == 0)
        out[prng_below(random, (unsigned)len)] = (char)prng_next(random);
    if (prng_below(random, 4) == 0)
        len = prng_below(random, (unsigned)len);
    return len;
}

Test(network_parse, agrees_with_the_reference_on_random_texts) {
    prng random = {19};
    char text[128];
    unsigned accepted[3] = {0};
    for (unsigned i = 0; i < 300000; i++) {
        size_t len = random_text(&random, text), at;
        unsigned flags = i & 1;
        simdinet_network network, network_right;
        simdinet_range range, range_right;
        simdinet_endpoint endpoint, endpoint_right;
        bool right = reference_network(text, len, flags, &network_right);
        bool ok = simdinet_parse_network(text, len, flags, &network);
        cr_assert_eq(ok, right, "network %.*s", (int)len, text);
        cr_assert(!ok || memcmp(&network, &network_right, sizeof network) == 0);
        cr_assert_eq(simdinet_explain_network(text, len, flags, &at) == SIMDINET_REASON_NONE, ok);
        cr_assert(ok ? at == len : at <= len);
        accepted[0] += ok;

        right = reference_range(text, len, flags, &range_right);
        ok = simdinet_parse_range(text, len, flags, &range);
        cr_assert_eq(ok, right, "range %.*s", (int)len, text);
        cr_assert(!ok || memcmp(&range, &range_right, sizeof range) == 0);
        cr_assert_eq(simdinet_explain_range(text, len, flags, &at) == SIMDINET_REASON_NONE, ok);
        cr_assert(ok ? at == len : at <= len);
        accepted[1] += ok;

        right = reference_endpoint(text, len, &endpoint_right);
        ok = simdinet_parse_endpoint(text, len, &endpoint);
        cr_assert_eq(ok, right, "endpoint %.*s", (int)len, text);
        cr_assert(!ok || memcmp(&endpoint, &endpoint_right, sizeof endpoint) == 0);
        cr_assert_eq(simdinet_explain_endpoint(text, len, &at) == SIMDINET_REASON_NONE, ok);
        cr_assert(ok ? at == len : at <= len);
        accepted[2] += ok;
    }
    for (unsigned i = 0; i < 3; i++)
        cr_expect(accepted[i] > 3000);
}
