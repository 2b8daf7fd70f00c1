/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Text to address, on every implementation: literals, and small classes of texts completely.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "parse_answer.h"
#include "parse_vectors.h"
#include "simdinet.h"

/* ---- literals -------------------------------------------------------------------------------- */

static void expect_vectors(family f) {
    const parse_vectors *of = &parse_vectors_of[f];
    FOR_EACH_IMPLEMENTATION (impl) {
        for (size_t i = 0; i < of->count; i++) {
            const parse_vector *v = &of->vectors[i];
            uint8_t address[16];
            if (v->address)
                cr_assert(unhex(v->address, address, address_size(f)), "\"%s\"", v->address);
            expect_parse(impl, f, v->text, v->len, v->address ? address : NULL);
        }
    }
}

Test(parse, ipv4_literals) {
    expect_vectors(IPV4);
}

Test(parse, ipv6_literals) {
    expect_vectors(IPV6);
}

/* The same vectors in heap blocks of exact size, where the address sanitizer detects any other
 * access. */
static void expect_in_exact_memory(family f) {
    const parse_vectors *of = &parse_vectors_of[f];
    FOR_EACH_IMPLEMENTATION (impl) {
        for (size_t i = 0; i < of->count; i++) {
            const parse_vector *v = &of->vectors[i];
            uint8_t *out = malloc(address_size(f));
            char *text = malloc(v->len ? v->len : 1);
            memcpy(text, v->text, v->len);
            cr_expect_eq(parser_of(impl, f)(text, v->len, out), v->address != NULL,
                         "implementation %s: %s", impl->name, show(v->text, v->len));
            char *z = strdup(v->text);
            bool has_nul = strlen(v->text) != v->len;
            bool accepted = parser_z_of(impl, f)(z, out);
            cr_expect(has_nul || accepted == (v->address != NULL), "implementation %s: %s",
                      impl->name, z);
            free(z);
            free(text);
            free(out);
        }
    }
}

Test(parse, reads_and_writes_exact_memory) {
    expect_in_exact_memory(IPV4);
    expect_in_exact_memory(IPV6);
}

Test(parse, accepts_null_for_empty_text) {
    FOR_EACH_IMPLEMENTATION (impl)
        for (family f = IPV4; f <= IPV6; f++)
            cr_expect(parses(impl, f, NULL, 0, NULL), "implementation %s", impl->name);
}

/* Each public function calls its own slot of the active implementation. */
Test(parse, public_functions_use_the_active_implementation) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        uint8_t out[16] = {0};
        cr_expect(simdinet_parse_ipv4("1.2.3.4!", 7, out));
        cr_expect(memcmp(out, "\1\2\3\4", 4) == 0);
        cr_expect(simdinet_parse_ipv4_z("4.3.2.1", out));
        cr_expect(memcmp(out, "\4\3\2\1", 4) == 0);
        cr_expect(simdinet_parse_ipv6("::102:304!", 9, out));
        cr_expect(memcmp(out, "\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4", 16) == 0);
        cr_expect(simdinet_parse_ipv6_z("403:201::", out));
        cr_expect(memcmp(out, "\4\3\2\1\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
        cr_expect(!simdinet_parse_ipv4("::1", 3, out) && !simdinet_parse_ipv4_z("::1", out));
        cr_expect(!simdinet_parse_ipv6("1.2.3.4", 7, out) &&
                  !simdinet_parse_ipv6_z("1.2.3.4", out));
    }
    simdinet_use_implementation(NULL);
}

/* ---- complete classes ------------------------------------------------------------------------ */

/* "0" to "999" with and without leading zeros at every position, next to octets of all widths. */
Test(parse, every_octet_at_every_position) {
    static const char *const others[] = {"7", "42", "199"};
    static const uint8_t values[] = {7, 42, 199};
    static const char *const formats[] = {"%u", "%02u", "%03u"};
    for (unsigned n = 0; n < 3 * 1000 * 4 * 27; n++) {
        unsigned value = n / 3 % 1000, position = n / 3000 % 4, rest = n / 12000;
        char octet[8], text[TEXT_CAPACITY];
        sprintf(octet, formats[n % 3], value);
        uint8_t address[4];
        size_t len = 0;
        for (unsigned i = 0; i < 4; i++) {
            const char *part = i == position ? octet : others[rest % 3];
            address[i] = i == position ? (uint8_t)value : values[rest % 3];
            rest = i == position ? rest : rest / 3;
            len += (size_t)sprintf(text + len, "%s%s", i ? "." : "", part);
        }
        bool canonical = octet[0] != '0' || octet[1] == '\0';
        expect_parse_on_every_implementation(IPV4, text, len,
                                             canonical && value < 256 ? address : NULL);
    }
}

/* Every group of one to four digits in either case at every position. */
Test(parse, every_group_at_every_position) {
    static const char others[] = "0:1:2:3:4:5:6:7";
    static const char *const formats[] = {"%.*s%x%s", "%.*s%02X%s", "%.*s%03x%s", "%.*s%04X%s"};
    for (unsigned n = 0; n < 0x10000 * 8; n++) {
        unsigned value = n >> 3, position = n & 7;
        uint8_t address[16] = {0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7};
        address[2 * position] = (uint8_t)(value >> 8);
        address[2 * position + 1] = (uint8_t)value;
        for (unsigned width = 0; width < 4; width++) {
            char text[TEXT_CAPACITY];
            size_t len = (size_t)sprintf(text, formats[width], (int)(2 * position), others, value,
                                         others + 2 * position + 1);
            expect_parse_on_every_implementation(IPV6, text, len, address);
        }
    }
}

/* "::" after 0 to 9 groups and before 0 to 9 groups, with and without an embedded IPv4 address. */
Test(parse, every_position_of_the_compression) {
    static const char *const group[] = {"1", "a2", "b3C", "dE4f"};
    static const uint16_t value[] = {0x1, 0xa2, 0xb3c, 0xde4f};
    for (unsigned n = 0; n < 10 * 10 * 2 * 4; n++) {
        unsigned before = n % 10, after = n / 10 % 10, width = n / 200;
        bool dotted = n / 100 % 2;
        unsigned all = before + after + (dotted ? 2 : 0);
        char text[TEXT_CAPACITY];
        uint8_t address[48] = {0};
        size_t len = 0;
        for (unsigned i = 0; i < before; i++)
            len += (size_t)sprintf(text + len, "%s%s", i ? ":" : "", group[(i + width) % 4]);
        len += (size_t)sprintf(text + len, "::");
        for (unsigned i = 0; i < after; i++)
            len += (size_t)sprintf(text + len, "%s%s", i ? ":" : "", group[(i + width + 1) % 4]);
        if (dotted)
            len += (size_t)sprintf(text + len, "%s1.20.255.0", after ? ":" : "");
        for (unsigned i = 0; all < 8 && i < before; i++) {
            address[2 * i] = (uint8_t)(value[(i + width) % 4] >> 8);
            address[2 * i + 1] = (uint8_t)value[(i + width) % 4];
        }
        for (unsigned i = 0; all < 8 && i < after; i++) {
            unsigned at = (dotted ? 12u : 16u) - 2 * after + 2 * i;
            address[at] = (uint8_t)(value[(i + width + 1) % 4] >> 8);
            address[at + 1] = (uint8_t)value[(i + width + 1) % 4];
        }
        if (dotted)
            memcpy(address + 12, "\x01\x14\xff\x00", 4);
        expect_parse_on_every_implementation(IPV6, text, len, all < 8 ? address : NULL);
    }
}
