/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Address to text, on every implementation: literals, every shape of a text, and memory that ends
 * with the text.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet.h"

/* ---- one text -------------------------------------------------------------------------------- */

enum { MARGIN = 32, BUFFER_SIZE = MARGIN + SIMDINET_IPV6_TEXT_SIZE + MARGIN };

/* Whether the implementation writes this text and its NUL, and no byte before or after them. */
static bool formats(const simdinet_implementation *impl, family f, const uint8_t *address,
                    const char *expected, size_t len) {
    char buffer[BUFFER_SIZE], expected_buffer[BUFFER_SIZE];
    memset(buffer, 0x5a, sizeof buffer);
    memset(expected_buffer, 0x5a, sizeof expected_buffer);
    memcpy(expected_buffer + MARGIN, expected, len + 1);
    size_t written = formatter_of(impl, f)(address, buffer + MARGIN);
    return written == len && memcmp(buffer, expected_buffer, sizeof buffer) == 0;
}

/* The same where the page ends with the NUL, and where it begins with the text. */
static bool formats_at_page_ends(const simdinet_implementation *impl, family f,
                                 const guarded *memory, const uint8_t *address,
                                 const char *expected, size_t len) {
    char *last = memory->end - (len + 1), *first = memory->start;
    last[-1] = first[len + 1] = 0x5a;
    size_t written_last = formatter_of(impl, f)(address, last);
    size_t written_first = formatter_of(impl, f)(address, first);
    return written_last == len && memcmp(last, expected, len + 1) == 0 && last[-1] == 0x5a &&
           written_first == len && memcmp(first, expected, len + 1) == 0 && first[len + 1] == 0x5a;
}

static void expect_text(family f, const guarded *memory, const uint8_t *address,
                        const char *expected, size_t len) {
    FOR_EACH_IMPLEMENTATION (impl) {
        if (!formats(impl, f, address, expected, len) ||
            !formats_at_page_ends(impl, f, memory, address, expected, len)) {
            char text[SIMDINET_IPV6_TEXT_SIZE + MARGIN] = "";
            formatter_of(impl, f)(address, text);
            cr_expect(false, "implementation %s: expected \"%s\" and a NUL, got \"%s\"", impl->name,
                      expected, show(text, strnlen(text, sizeof text)));
            limit_failures();
        }
    }
}

static void expect_text_of_libc(family f, const guarded *memory, const uint8_t *address) {
    char expected[SIMDINET_IPV6_TEXT_SIZE];
    size_t len = libc_format(f, address, expected);
    expect_text(f, memory, address, expected, len);
}

/* ---- literals -------------------------------------------------------------------------------- */

typedef struct vector {
    const char *address; /* in hexadecimal */
    const char *text;
} vector;

static const vector ipv4_vectors[] = {
    {"00000000", "0.0.0.0"},         {"01020304", "1.2.3.4"},     {"09090909", "9.9.9.9"},
    {"0a0a0a0a", "10.10.10.10"},     {"63636363", "99.99.99.99"}, {"64646464", "100.100.100.100"},
    {"ffffffff", "255.255.255.255"}, {"c0a80001", "192.168.0.1"}, {"7f000001", "127.0.0.1"},
    {"c7c8f9fa", "199.200.249.250"}, {"010a6400", "1.10.100.0"},  {"640a0100", "100.10.1.0"},
    {"00640a01", "0.100.10.1"},      {"0900630a", "9.0.99.10"},   {"6d6e6f70", "109.110.111.112"},
    {"cacb13c6", "202.203.19.198"},
};

static const vector ipv6_vectors[] = {
    /* RFC 4291, section 2.2 */
    {"abcdef0123456789abcdef0123456789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
    {"20010db80000000000080800200c417a", "2001:db8::8:800:200c:417a"},
    {"ff010000000000000000000000000101", "ff01::101"},
    {"00000000000000000000000000000001", "::1"},
    {"00000000000000000000000000000000", "::"},
    {"0000000000000000000000000d014403", "::13.1.68.3"},
    {"00000000000000000000ffff81903426", "::ffff:129.144.52.38"},
    /* RFC 5952, section 4: no leading zeros, the longest run, the first of two, never one group */
    {"20010db8000000000001000000000001", "2001:db8::1:0:0:1"},
    {"20010db8000000000000000000020001", "2001:db8::2:1"},
    {"20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"},
    {"20010000000000010000000000000001", "2001:0:0:1::1"},
    {"20010db800000000aaaa000000000001", "2001:db8::aaaa:0:0:1"},
    {"20010db8aaaabbbbccccddddeeeeaaaa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"},
    {"20010db8aaaabbbbccccdddd00000001", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"},
    {"00000000000000000000ffffc0000201", "::ffff:192.0.2.1"},
    /* one zero group is not compressed, at any position */
    {"00000001000100010001000100010001", "0:1:1:1:1:1:1:1"},
    {"00010001000100000001000100010001", "1:1:1:0:1:1:1:1"},
    {"00010001000100010001000100010000", "1:1:1:1:1:1:1:0"},
    {"00000001000000010000000100000001", "0:1:0:1:0:1:0:1"},
    /* runs at both ends, ties, three runs */
    {"00000000000100010001000100000000", "::1:1:1:1:0:0"},
    {"00000000000100010001000000000000", "0:0:1:1:1::"},
    {"00000000000000010001000000000000", "::1:1:0:0:0"},
    {"00010000000000010000000000010000", "1::1:0:0:1:0"},
    {"00000000000100000000000100000000", "::1:0:0:1:0:0"},
    {"00010000000000000000000000000000", "1::"},
    {"00010000000000000000000000000001", "1::1"},
    {"00010001000100010001000100000000", "1:1:1:1:1:1::"},
    /* widths of groups */
    {"000100100100100000010010010010ff", "1:10:100:1000:1:10:100:10ff"},
    {"f000f00ff0f00ff00f000f0f00f0000f", "f000:f00f:f0f0:ff0:f00:f0f:f0:f"},
    {"00ff0ff0000f00000001000a00b00c00", "ff:ff0:f:0:1:a:b0:c00"},
    {"ffffffffffffffffffffffffffffffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    /* the dotted form: six zero groups, or five and ffff, and nothing else */
    {"00000000000000000000000000010000", "::0.1.0.0"},
    {"000000000000000000000000ffffffff", "::255.255.255.255"},
    {"00000000000000000000000001020304", "::1.2.3.4"},
    {"00000000000000000000000000010001", "::0.1.0.1"},
    {"0000000000000000000000000000ffff", "::ffff"},
    {"00000000000000000000000000000100", "::100"},
    {"00000000000000000000ffff00000000", "::ffff:0.0.0.0"},
    {"00000000000000000000ffff00000001", "::ffff:0.0.0.1"},
    {"00000000000000000000ffffffffffff", "::ffff:255.255.255.255"},
    {"00000000000000000000fffe01020304", "::fffe:102:304"},
    {"00000000000000000000ff0001020304", "::ff00:102:304"},
    {"0000000000000000000000ff01020304", "::ff:102:304"},
    {"00000000000000000001ffff01020304", "::1:ffff:102:304"},
    {"00010000000000000000ffff01020304", "1::ffff:102:304"},
    {"0000000000000000ffff000001020304", "::ffff:0:102:304"},
    {"0000000000000001000000000a000001", "::1:0:0:a00:1"},
    {"0064ff9b000000000000000001020304", "64:ff9b::102:304"},
    {"20010db8000000000000000001020304", "2001:db8::102:304"},
};

static void expect_literals(family f, const vector *vectors, size_t count) {
    guarded memory = guarded_new();
    for (size_t i = 0; i < count; i++) {
        uint8_t address[16];
        cr_assert(unhex(vectors[i].address, address, address_size(f)), "%s", vectors[i].address);
        expect_text(f, &memory, address, vectors[i].text, strlen(vectors[i].text));
    }
    guarded_free(&memory);
}

Test(format, ipv4_literals) {
    expect_literals(IPV4, ipv4_vectors, sizeof ipv4_vectors / sizeof ipv4_vectors[0]);
}

Test(format, ipv6_literals) {
    expect_literals(IPV6, ipv6_vectors, sizeof ipv6_vectors / sizeof ipv6_vectors[0]);
}

Test(format, public_functions_use_the_active_implementation) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        char text[SIMDINET_IPV6_TEXT_SIZE];
        uint8_t address[16] = {192, 0, 2, 1};
        cr_expect_eq(simdinet_format_ipv4(address, text), 9);
        cr_expect_str_eq(text, "192.0.2.1");
        cr_expect_eq(simdinet_format_ipv6(address, text), 10);
        cr_expect_str_eq(text, "c000:201::");
    }
    simdinet_use_implementation(NULL);
}

/* ---- every shape ----------------------------------------------------------------------------- */

/* The least, the greatest and a random value of each number of digits. */
static unsigned of_width(prng *random, unsigned base, unsigned width, unsigned choice) {
    unsigned least = 1;
    for (unsigned i = 1; i < width; i++)
        least *= base;
    unsigned most = least * base - 1;
    most = base == 10 && most > 255 ? 255 : most;
    if (width == 0)
        return 0;
    return choice == 0 ? least : choice == 1 ? most : least + prng_below(random, most - least + 1);
}

/* Each group zero or of one to four digits: 5^8 shapes, all zero patterns among them. */
Test(format, ipv6_every_zero_pattern_and_width) {
    prng random = {8};
    guarded memory = guarded_new();
    for (unsigned shape = 0; shape < 5 * 5 * 5 * 5 * 5 * 5 * 5 * 5; shape++) {
        for (unsigned choice = 0; choice < 3; choice++) {
            uint8_t address[16];
            unsigned rest = shape;
            for (unsigned i = 0; i < 8; i++, rest /= 5) {
                unsigned group = of_width(&random, 16, rest % 5, choice);
                address[2 * i] = (uint8_t)(group >> 8);
                address[2 * i + 1] = (uint8_t)group;
            }
            expect_text_of_libc(IPV6, &memory, address);
        }
    }
    guarded_free(&memory);
}

/* Each octet zero or of one to three digits, after prefixes with and without the dotted form. */
Test(format, ipv6_every_dotted_width) {
    static const uint16_t prefixes[][6] = {
        {0, 0, 0, 0, 0, 0},      {0, 0, 0, 0, 0, 0xffff}, {0, 0, 0, 0, 0, 0xfffe},
        {0, 0, 0, 0, 0, 0x7fff}, {0, 0, 0, 0, 0, 0xff},   {0, 0, 0, 0, 0, 0xff00},
        {0, 0, 0, 0, 1, 0xffff}, {0, 0, 0, 0, 1, 0},      {1, 0, 0, 0, 0, 0},
        {1, 0, 0, 0, 0, 0xffff}, {0, 0, 0, 1, 0, 0xffff}, {0, 0, 0, 0, 0xffff, 0},
        {0, 0, 1, 0, 0, 0},      {0, 1, 0, 0, 0, 0xffff}, {0xffff, 0, 0, 0, 0, 0xffff},
    };
    prng random = {12};
    guarded memory = guarded_new();
    for (size_t p = 0; p < sizeof prefixes / sizeof prefixes[0]; p++) {
        for (unsigned shape = 0; shape < 4 * 4 * 4 * 4; shape++) {
            for (unsigned choice = 0; choice < 6; choice++) {
                uint8_t address[16];
                for (unsigned i = 0; i < 6; i++) {
                    address[2 * i] = (uint8_t)(prefixes[p][i] >> 8);
                    address[2 * i + 1] = (uint8_t)prefixes[p][i];
                }
                for (unsigned i = 0; i < 4; i++)
                    address[12 + i] = (uint8_t)of_width(&random, 10, shape >> 2 * i & 3, choice);
                expect_text_of_libc(IPV6, &memory, address);
            }
        }
    }
    guarded_free(&memory);
}

/* Every value of a group at every position. */
Test(format, ipv6_every_group_at_every_position) {
    guarded memory = guarded_new();
    for (unsigned value = 0; value < 0x10000; value++) {
        for (unsigned position = 0; position < 8; position++) {
            uint8_t address[16] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
            address[2 * position] = (uint8_t)(value >> 8);
            address[2 * position + 1] = (uint8_t)value;
            expect_text_of_libc(IPV6, &memory, address);
        }
    }
    guarded_free(&memory);
}

/* All pairs of values of two neighbouring octets; the other two are random. */
Test(format, ipv4_every_pair_of_octets) {
    prng random = {4};
    guarded memory = guarded_new();
    for (unsigned position = 0; position < 3; position++) {
        for (unsigned pair = 0; pair < 0x10000; pair++) {
            uint64_t rest = prng_next(&random);
            uint8_t address[4];
            memcpy(address, &rest, 4);
            address[position] = (uint8_t)(pair >> 8);
            address[position + 1] = (uint8_t)pair;
            expect_text_of_libc(IPV4, &memory, address);
        }
    }
    guarded_free(&memory);
}

/* Random addresses with octets and groups of all lengths, and frequent zeros. */
static void expect_random(family f, uint64_t seed) {
    prng random = {seed};
    guarded memory = guarded_new();
    for (size_t i = repetitions(500000); i > 0; i--) {
        uint64_t words[2] = {prng_next(&random), prng_next(&random)};
        uint8_t address[16];
        memcpy(address, words, 16);
        for (unsigned n = prng_below(&random, 8); n > 0; n--)
            address[prng_below(&random, 16)] &= (uint8_t)(0xff00 >> prng_below(&random, 9));
        for (unsigned n = prng_below(&random, 6); n > 0; n--)
            memset(address + 2 * prng_below(&random, 8), 0, 2);
        expect_text_of_libc(f, &memory, address);
    }
    guarded_free(&memory);
}

Test(format, ipv4_random) {
    expect_random(IPV4, 40);
}

Test(format, ipv6_random) {
    expect_random(IPV6, 60);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Address and text at any alignment, and next to unmapped pages. */
Test(format, reads_and_writes_anywhere) {
    guarded from = guarded_new(), to = guarded_new();
    static const struct {
        family f;
        const char *address, *text;
    } cases[] = {
        {IPV4, "c0a8010a", "192.168.1.10"},
        {IPV6, "20010db80000000000080800200c417a", "2001:db8::8:800:200c:417a"},
        {IPV6, "00000000000000000000ffff81903426", "::ffff:129.144.52.38"},
    };
    FOR_EACH_IMPLEMENTATION (impl) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            size_t size = address_size(cases[i].f), len = strlen(cases[i].text);
            for (size_t shift = 0; shift < 64 * 64; shift++) {
                size_t in = shift % 64, out = shift / 64;
                char *addresses[] = {from.start + in, from.middle - in, from.end - size - in};
                char *texts[] = {to.start + out, to.middle - out, to.end - (len + 1) - out};
                for (unsigned n = 0; n < 3; n++) {
                    /* The bytes around the address must not matter. */
                    memset(from.start, (int)(shift % 251), 192);
                    memset(from.middle - 128, (int)(shift % 251), 256);
                    memset(from.end - 192, (int)(shift % 251), 192);
                    uint8_t *address = (uint8_t *)addresses[n];
                    unhex(cases[i].address, address, size);
                    memset(texts[n], 0x5a, len + 1);
                    size_t written = formatter_of(impl, cases[i].f)(address, texts[n]);
                    if (written != len || memcmp(texts[n], cases[i].text, len + 1) != 0)
                        cr_expect(false,
                                  "implementation %s: %s, address at %zu, text at %zu, case %u",
                                  impl->name, cases[i].text, in, out, n);
                }
            }
        }
    }
    guarded_free(&from);
    guarded_free(&to);
}

/* Heap blocks of exact size, where the address sanitizer detects any other access. */
Test(format, reads_and_writes_exact_memory) {
    FOR_EACH_IMPLEMENTATION (impl) {
        for (size_t i = 0; i < sizeof ipv6_vectors / sizeof ipv6_vectors[0]; i++) {
            size_t len = strlen(ipv6_vectors[i].text);
            uint8_t *address = malloc(16);
            char *text = malloc(len + 1);
            unhex(ipv6_vectors[i].address, address, 16);
            cr_expect_eq(impl->format_ipv6(address, text), len, "implementation %s", impl->name);
            cr_expect_str_eq(text, ipv6_vectors[i].text, "implementation %s", impl->name);
            free(text);
            free(address);
        }
        for (size_t i = 0; i < sizeof ipv4_vectors / sizeof ipv4_vectors[0]; i++) {
            size_t len = strlen(ipv4_vectors[i].text);
            uint8_t *address = malloc(4);
            char *text = malloc(len + 1);
            unhex(ipv4_vectors[i].address, address, 4);
            cr_expect_eq(impl->format_ipv4(address, text), len, "implementation %s", impl->name);
            cr_expect_str_eq(text, ipv4_vectors[i].text, "implementation %s", impl->name);
            free(text);
            free(address);
        }
    }
}
