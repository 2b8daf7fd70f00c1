/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Text to address, on every row: literals, every address of its kind where that is few, memory that
 * ends where the text does, and libc on random texts.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "simdinet.h"
#include "support.h"

/* ---- one answer --------------------------------------------------------------------------------- */

enum { MARGIN = 24 };

/*
 * Whether what the parser said, and what it left in room, is right: the address and no other byte,
 * or nothing at all where expected is NULL.
 */
static bool right(family f, bool accepted, const uint8_t *room, const uint8_t *expected) {
    uint8_t wanted[2 * MARGIN + 16];
    memset(wanted, 0xa5, sizeof wanted);
    if (expected)
        memcpy(wanted + MARGIN, expected, address_size(f));
    return accepted == (expected != NULL) && memcmp(room, wanted, sizeof wanted) == 0;
}

static bool parses(const simdinet_kernel *row, family f, const char *text, size_t len,
                   const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_of(row, f)(text, len, room + MARGIN);
    return right(f, accepted, room, expected);
}

static bool parses_z(const simdinet_kernel *row, family f, const char *text,
                     const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_z_of(row, f)(text, room + MARGIN);
    return right(f, accepted, room, expected);
}

static void blame(const simdinet_kernel *row, family f, const char *form, const char *text,
                  size_t len, const uint8_t *expected) {
    cr_expect(false, "row %s, IPv%d %s: \"%s\" (%zu bytes) must be %s", row->name,
              f == IPV4 ? 4 : 6, form, show(text, len), len,
              expected ? "accepted, with the right bytes and nothing else written"
                       : "refused, with nothing written");
    end_after_many();
}

/* Both forms of one text; the second only where the text holds no NUL. */
static void expect_parse(const simdinet_kernel *row, family f, const char *text, size_t len,
                         const uint8_t *expected) {
    if (!parses(row, f, text, len, expected))
        blame(row, f, "with a length", text, len, expected);
    if (memchr(text, '\0', len))
        return;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!parses_z(row, f, copy, expected))
        blame(row, f, "with a NUL", text, len, expected);
    free(copy);
}

/* ---- literals ----------------------------------------------------------------------------------- */

typedef struct vector {
    const char *text;
    size_t len;
    const char *address; /* in hexadecimal; NULL: refused */
} vector;

#define TEXT(literal) (literal), sizeof(literal) - 1

static const vector ipv4_vectors[] = {
    {TEXT("0.0.0.0"), "00000000"},
    {TEXT("1.2.3.4"), "01020304"},
    {TEXT("9.9.9.9"), "09090909"},
    {TEXT("10.0.0.1"), "0a000001"},
    {TEXT("127.0.0.1"), "7f000001"},
    {TEXT("192.0.2.1"), "c0000201"},
    {TEXT("192.168.1.100"), "c0a80164"},
    {TEXT("199.200.249.250"), "c7c8f9fa"},
    {TEXT("255.255.255.255"), "ffffffff"},
    {TEXT("1.22.133.244"), "011685f4"},
    {TEXT("244.133.22.1"), "f4851601"},
    {TEXT("100.10.1.0"), "640a0100"},
    {TEXT("99.99.99.99"), "63636363"},
    {TEXT("1.2.3.40"), "01020328"},
    {TEXT("1.2.30.4"), "01021e04"},
    {TEXT("1.20.3.4"), "01140304"},
    {TEXT("10.2.3.4"), "0a020304"},
    /* too much */
    {TEXT("256.0.0.0"), NULL},
    {TEXT("0.256.0.0"), NULL},
    {TEXT("0.0.256.0"), NULL},
    {TEXT("0.0.0.256"), NULL},
    {TEXT("1.2.3.260"), NULL},
    {TEXT("1.2.3.300"), NULL},
    {TEXT("1.2.3.999"), NULL},
    {TEXT("1.2.3.1000"), NULL},
    {TEXT("1000.2.3.4"), NULL},
    {TEXT("1.2.3.4294967297"), NULL},
    {TEXT("1.2.3.0000"), NULL},
    /* leading zeros: inet_aton would read octal */
    {TEXT("01.2.3.4"), NULL},
    {TEXT("1.02.3.4"), NULL},
    {TEXT("1.2.03.4"), NULL},
    {TEXT("1.2.3.04"), NULL},
    {TEXT("00.0.0.0"), NULL},
    {TEXT("0.0.0.00"), NULL},
    {TEXT("000.0.0.0"), NULL},
    {TEXT("0.0.0.000"), NULL},
    {TEXT("010.2.3.4"), NULL},
    {TEXT("1.2.3.004"), NULL},
    {TEXT("001.002.003.004"), NULL},
    /* parts missing, or too many */
    {TEXT(""), NULL},
    {TEXT("0"), NULL},
    {TEXT("1.2"), NULL},
    {TEXT("1.2.3"), NULL},
    {TEXT("127.1"), NULL},
    {TEXT("100.200.255"), NULL},
    {TEXT("2130706433"), NULL},
    {TEXT("1.2.3."), NULL},
    {TEXT(".1.2.3"), NULL},
    {TEXT("1.2..3"), NULL},
    {TEXT("1..2.3"), NULL},
    {TEXT("1.2.3.4."), NULL},
    {TEXT(".1.2.3.4"), NULL},
    {TEXT("1..2.3.4"), NULL},
    {TEXT("1.2.3.4.5"), NULL},
    {TEXT("1.2.3.4.5.6.7.8"), NULL},
    {TEXT("..."), NULL},
    {TEXT("......."), NULL},
    {TEXT("1.2.3.."), NULL},
    {TEXT("111.222.111."), NULL},
    {TEXT(".111.222.111"), NULL},
    {TEXT("111..222.111"), NULL},
    {TEXT("255.255.255.2555"), NULL},
    {TEXT("255.255.255.255."), NULL},
    {TEXT("255.255.255.255.255"), NULL},
    {TEXT("1234567"), NULL},
    {TEXT("123456789012345"), NULL},
    /* what only inet_aton knows */
    {TEXT("0x7f.0.0.1"), NULL},
    {TEXT("0x7f000001"), NULL},
    {TEXT("1.2.3.4 "), NULL},
    {TEXT(" 1.2.3.4"), NULL},
    {TEXT("1.2.3.4\n"), NULL},
    {TEXT("1.2.3.4\t"), NULL},
    /* other bytes */
    {TEXT("1.2.3.4x"), NULL},
    {TEXT("a.2.3.4"), NULL},
    {TEXT("1.2.3.a"), NULL},
    {TEXT("1,2,3,4"), NULL},
    {TEXT("1:2:3:4"), NULL},
    {TEXT("1/2.3.4"), NULL},
    {TEXT("1.2.3.4/32"), NULL},
    {TEXT("1.2.3.4:80"), NULL},
    {TEXT("1.2.3.4%lo"), NULL},
    {TEXT("[1.2.3.4]"), NULL},
    {TEXT("-1.2.3.4"), NULL},
    {TEXT("+1.2.3.4"), NULL},
    {TEXT("1.-2.3.4"), NULL},
    {TEXT("1.2.3.-4"), NULL},
    {TEXT("::1.2.3.4"), NULL},
    {TEXT("::ffff:1.2.3.4"), NULL},
    {TEXT("1.2.3.4\0"), NULL},
    {TEXT("1.2.3\0004"), NULL},
    {TEXT("\0001.2.3.4"), NULL},
    {TEXT("1.2.3.4\0garbage"), NULL},
    {TEXT("1.2.3.\0"), NULL},
    {TEXT("\0\0\0\0\0\0\0"), NULL},
    {TEXT("1\0002\0003\0004"), NULL},
    /* digits and dots with a bit flipped, and digits of other scripts */
    {TEXT("\xb1.\xb2.\xb3.\xb4"), NULL},
    {TEXT("1\xae"
          "2\xae"
          "3\xae"
          "4"),
     NULL},
    {TEXT("\xff.\xff.\xff.\xff"), NULL},
    {TEXT("\xef\xbc\x91.2.3.4"), NULL},
    {TEXT("\xd9\xa1.2.3.4"), NULL},
    {TEXT(":.:.:.:"), NULL},
    {TEXT("/./././"), NULL},
};

static const vector ipv6_vectors[] = {
    /* RFC 4291, section 2.2 */
    {TEXT("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789"), "abcdef0123456789abcdef0123456789"},
    {TEXT("2001:DB8:0:0:8:800:200C:417A"), "20010db80000000000080800200c417a"},
    {TEXT("FF01:0:0:0:0:0:0:101"), "ff010000000000000000000000000101"},
    {TEXT("0:0:0:0:0:0:0:1"), "00000000000000000000000000000001"},
    {TEXT("0:0:0:0:0:0:0:0"), "00000000000000000000000000000000"},
    {TEXT("2001:DB8::8:800:200C:417A"), "20010db80000000000080800200c417a"},
    {TEXT("FF01::101"), "ff010000000000000000000000000101"},
    {TEXT("::1"), "00000000000000000000000000000001"},
    {TEXT("::"), "00000000000000000000000000000000"},
    {TEXT("0:0:0:0:0:0:13.1.68.3"), "0000000000000000000000000d014403"},
    {TEXT("0:0:0:0:0:FFFF:129.144.52.38"), "00000000000000000000ffff81903426"},
    {TEXT("::13.1.68.3"), "0000000000000000000000000d014403"},
    {TEXT("::FFFF:129.144.52.38"), "00000000000000000000ffff81903426"},
    /* RFC 4291, section 2.3, without the prefix length */
    {TEXT("2001:0DB8:0000:CD30:0000:0000:0000:0000"), "20010db80000cd300000000000000000"},
    {TEXT("2001:0DB8::CD30:0:0:0:0"), "20010db80000cd300000000000000000"},
    {TEXT("2001:0DB8:0:CD30::"), "20010db80000cd300000000000000000"},
    /* RFC 5952, sections 1, 2 and 4: spellings of one address */
    {TEXT("2001:db8:0:0:1:0:0:1"), "20010db8000000000001000000000001"},
    {TEXT("2001:0db8:0:0:1:0:0:1"), "20010db8000000000001000000000001"},
    {TEXT("2001:db8::1:0:0:1"), "20010db8000000000001000000000001"},
    {TEXT("2001:db8::0:1:0:0:1"), "20010db8000000000001000000000001"},
    {TEXT("2001:0db8::1:0:0:1"), "20010db8000000000001000000000001"},
    {TEXT("2001:db8:0:0:1::1"), "20010db8000000000001000000000001"},
    {TEXT("2001:db8:0000:0:1::1"), "20010db8000000000001000000000001"},
    {TEXT("2001:DB8:0:0:1::1"), "20010db8000000000001000000000001"},
    {TEXT("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001"), "20010db8aaaabbbbccccddddeeee0001"},
    {TEXT("2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"), "20010db8aaaabbbbccccddddeeee0001"},
    {TEXT("2001:db8:aaaa:bbbb:cccc:dddd::1"), "20010db8aaaabbbbccccdddd00000001"},
    {TEXT("2001:db8:aaaa:bbbb:cccc:dddd:0:1"), "20010db8aaaabbbbccccdddd00000001"},
    {TEXT("2001:db8:0:0:0::1"), "20010db8000000000000000000000001"},
    {TEXT("2001:db8:0:0::1"), "20010db8000000000000000000000001"},
    {TEXT("2001:db8:0::1"), "20010db8000000000000000000000001"},
    {TEXT("2001:db8::1"), "20010db8000000000000000000000001"},
    {TEXT("2001:db8::aaaa:0:0:1"), "20010db800000000aaaa000000000001"},
    {TEXT("2001:db8:0:0:aaaa::1"), "20010db800000000aaaa000000000001"},
    {TEXT("2001:db8:aaaa:bbbb:cccc:dddd:eeee:aAaA"), "20010db8aaaabbbbccccddddeeeeaaaa"},
    {TEXT("2001:0:0:1:0:0:0:1"), "20010000000000010000000000000001"},
    {TEXT("::ffff:192.0.2.1"), "00000000000000000000ffffc0000201"},
    /* the gap in every place, down to one group */
    {TEXT("1::"), "00010000000000000000000000000000"},
    {TEXT("::2:3:4:5:6:7:8"), "00000002000300040005000600070008"},
    {TEXT("1::3:4:5:6:7:8"), "00010000000300040005000600070008"},
    {TEXT("1:2::4:5:6:7:8"), "00010002000000040005000600070008"},
    {TEXT("1:2:3::5:6:7:8"), "00010002000300000005000600070008"},
    {TEXT("1:2:3:4::6:7:8"), "00010002000300040000000600070008"},
    {TEXT("1:2:3:4:5::7:8"), "00010002000300040005000000070008"},
    {TEXT("1:2:3:4:5:6::8"), "00010002000300040005000600000008"},
    {TEXT("1:2:3:4:5:6:7::"), "00010002000300040005000600070000"},
    {TEXT("1::8"), "00010000000000000000000000000008"},
    {TEXT("1:2::7:8"), "00010002000000000000000000070008"},
    {TEXT("::0:0:0:0:0:0:0"), "00000000000000000000000000000000"},
    {TEXT("0:0:0:0:0:0:0::"), "00000000000000000000000000000000"},
    /* an IPv4 tail */
    {TEXT("1:2:3:4:5:6:7.8.9.10"), "0001000200030004000500060708090a"},
    {TEXT("1::7.8.9.10"), "0001000000000000000000000708090a"},
    {TEXT("::2:3:4:5:6:7.8.9.10"), "0000000200030004000500060708090a"},
    {TEXT("1:2:3:4:5::7.8.9.10"), "0001000200030004000500000708090a"},
    {TEXT("64:ff9b::192.0.2.33"), "0064ff9b0000000000000000c0000221"},
    {TEXT("::255.255.255.255"), "000000000000000000000000ffffffff"},
    {TEXT("::0.0.0.0"), "00000000000000000000000000000000"},
    {TEXT("fe80:0000:0000:0000:0204:61ff:254.157.241.086"), NULL},
    {TEXT("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"), "ffffffffffffffffffffffffffffffff"},
    {TEXT("ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.190"), "abcdabcdabcdabcdabcdabcdc0a89ebe"},
    {TEXT("ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.1900"), NULL},
    {TEXT("ABCDE:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.190"), NULL},
    {TEXT("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.256"), NULL},
    {TEXT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"), NULL},
    {TEXT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "ffffffffffffffffffffffffffffffff"},
    /* leading zeros are digits: four are right, five are not */
    {TEXT("0000:0000:0000:0000:0000:0000:0000:0000"), "00000000000000000000000000000000"},
    {TEXT("0001:002:03:4:0005:006:07:8"), "00010002000300040005000600070008"},
    {TEXT("00001::"), NULL},
    {TEXT("::00001"), NULL},
    {TEXT("1:2:3:00004::"), NULL},
    {TEXT("12345::"), NULL},
    {TEXT("::12345"), NULL},
    {TEXT("1:2:3:4:5:6:7:12345"), NULL},
    {TEXT("::fffff"), NULL},
    {TEXT("1::00000"), NULL},
    {TEXT("::000000001"), NULL},
    /* the gap that stands for none, and the second gap */
    {TEXT("1:2:3:4::5:6:7:8"), NULL},
    {TEXT("::1:2:3:4:5:6:7:8"), NULL},
    {TEXT("1:2:3:4:5:6:7:8::"), NULL},
    {TEXT("1:2:3:4:5:6::1.2.3.4"), NULL},
    {TEXT("::1:2:3:4:5:6:1.2.3.4"), NULL},
    {TEXT("1::2:3:4:5:6:1.2.3.4"), NULL},
    {TEXT("1::2::3"), NULL},
    {TEXT("::1::"), NULL},
    {TEXT("::::"), NULL},
    {TEXT(":::"), NULL},
    {TEXT(":::1"), NULL},
    {TEXT("1:::"), NULL},
    {TEXT("1:::2"), NULL},
    {TEXT("1::::2"), NULL},
    {TEXT("1:2:::7:8"), NULL},
    {TEXT("1:2:3:4:5:6:7:::"), NULL},
    {TEXT("::1.2.3.4::"), NULL},
    {TEXT("1::2::1.2.3.4"), NULL},
    /* single colons at the ends */
    {TEXT(":"), NULL},
    {TEXT(":1"), NULL},
    {TEXT("1:"), NULL},
    {TEXT("1"), NULL},
    {TEXT(""), NULL},
    {TEXT("::1:"), NULL},
    {TEXT(":1::"), NULL},
    {TEXT("1::2:"), NULL},
    {TEXT(":1::2"), NULL},
    {TEXT("1:2:3:4:5:6:7:"), NULL},
    {TEXT(":2:3:4:5:6:7:8"), NULL},
    {TEXT("1:2:3:4:5:6:7:8:"), NULL},
    {TEXT(":1:2:3:4:5:6:7:8"), NULL},
    {TEXT(":1:2:3:4:5:6:7"), NULL},
    /* too few and too many groups */
    {TEXT("1:2"), NULL},
    {TEXT("1:2:3:4:5:6:7"), NULL},
    {TEXT("1:2:3:4:5:6:7:8:9"), NULL},
    {TEXT("1:2:3:4:5:6:7:8:9:a"), NULL},
    {TEXT("1:2:3:4:5:6:7:8:9::"), NULL},
    {TEXT("::1:2:3:4:5:6:7:8:9"), NULL},
    {TEXT("1:2:3:4:5:1.2.3.4"), NULL},
    {TEXT("1:2:3:4:5:6:7:1.2.3.4"), NULL},
    {TEXT("1:2:3:4:5:6:7:8:1.2.3.4"), NULL},
    {TEXT("abcdabcdabcdabcdabcdabcdabcdabcd"), NULL},
    /* tails in the wrong place, and wrong tails */
    {TEXT("1.2.3.4"), NULL},
    {TEXT("1.2.3.4::"), NULL},
    {TEXT("1.2.3.4::1"), NULL},
    {TEXT("1.2.3.4:5:6:7:8:9:a"), NULL},
    {TEXT("1.2.3.4:1.2.3.4::"), NULL},
    {TEXT("::1.2.3.4:5"), NULL},
    {TEXT("::1.2.3.4:"), NULL},
    {TEXT("::1.2.3.4::"), NULL},
    {TEXT("1::1.2.3.4:5:6"), NULL},
    {TEXT("::1.2.3"), NULL},
    {TEXT("::1.2"), NULL},
    {TEXT("::1."), NULL},
    {TEXT("::."), NULL},
    {TEXT("::1.2.3."), NULL},
    {TEXT("::.1.2.3"), NULL},
    {TEXT("::1..2.3"), NULL},
    {TEXT("::1.2.3.4.5"), NULL},
    {TEXT("::1.2.3.4."), NULL},
    {TEXT("::01.2.3.4"), NULL},
    {TEXT("::1.2.3.04"), NULL},
    {TEXT("::1.2.3.256"), NULL},
    {TEXT("::256.2.3.4"), NULL},
    {TEXT("::a.2.3.4"), NULL},
    {TEXT("::1.2.3.a"), NULL},
    {TEXT("::1.2.3.4a"), NULL},
    {TEXT("::1a.2.3.4"), NULL},
    {TEXT("::ffff:1.2.3"), NULL},
    {TEXT("::ffff.1.2.3"), NULL},
    {TEXT("::ffff:0x7f.0.0.1"), NULL},
    {TEXT("::1.2.3.4/96"), NULL},
    {TEXT("::1.2.3.4%1"), NULL},
    {TEXT("::1.2.3.4 "), NULL},
    {TEXT("::1111.2.3.4"), NULL},
    {TEXT("::1.2.3.1000"), NULL},
    {TEXT("1:2:3:4:5:6:.2.3.4"), NULL},
    {TEXT("1.2:3:4:5:6:7:8:9"), NULL},
    /* zones, prefixes, ports, brackets, blanks */
    {TEXT("fe80::1%eth0"), NULL},
    {TEXT("fe80::1%1"), NULL},
    {TEXT("fe80::1%"), NULL},
    {TEXT("::1/128"), NULL},
    {TEXT("::/0"), NULL},
    {TEXT("[::1]"), NULL},
    {TEXT("[::1]:80"), NULL},
    {TEXT("[::"), NULL},
    {TEXT("::]"), NULL},
    {TEXT(" ::1"), NULL},
    {TEXT("::1 "), NULL},
    {TEXT(":: 1"), NULL},
    {TEXT("1: :2"), NULL},
    {TEXT("::1\n"), NULL},
    {TEXT("\t::1"), NULL},
    /* other bytes */
    {TEXT("::g"), NULL},
    {TEXT("::G"), NULL},
    {TEXT("::@"), NULL},
    {TEXT("::`"), NULL},
    {TEXT("::/"), NULL},
    {TEXT("::;"), NULL},
    {TEXT("g::"), NULL},
    {TEXT("::0x1"), NULL},
    {TEXT("::-1"), NULL},
    {TEXT("::+1"), NULL},
    {TEXT("::1-"), NULL},
    {TEXT("1;;2"), NULL},
    {TEXT("::\xb1"), NULL},
    {TEXT("::\xe1"), NULL},
    {TEXT("::\xff"), NULL},
    {TEXT("\xba\xba"), NULL},
    {TEXT("::\x11"), NULL},
    {TEXT("\xef\xbc\x9a\xef\xbc\x9a"), NULL},
    {TEXT("::1\0"), NULL},
    {TEXT("::\0001"), NULL},
    {TEXT("\0::1"), NULL},
    {TEXT("::\0"), NULL},
    {TEXT("1:2:3:4:5:6:7:8\0"), NULL},
    {TEXT("1:2:3:4:5:6:7:8\0garbage"), NULL},
    {TEXT("::1.2.3.4\0"), NULL},
    /* long */
    {TEXT("0000:0000:0000:0000:0000:0000:0000:0000:0000"), NULL},
    {TEXT("0000:0000:0000:0000:0000:0000:0000:00000000000"), NULL},
    {TEXT("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555"), NULL},
    {TEXT("::0000000000000000000000000000000000000000000"), NULL},
    {TEXT("::0000000000000000000000000000000000000000000001"), NULL},
    {TEXT(":::::::::::::::::::::::::::::::::::::::::::::"), NULL},
    {TEXT("1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1"), NULL},
    {TEXT("............................................."), NULL},
};

static void expect_vectors(family f, const vector *vectors, size_t count) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        for (size_t i = 0; i < count; i++) {
            const vector *v = vectors + i;
            uint8_t address[16];
            if (v->address)
                cr_assert(unhex(v->address, address, address_size(f)), "\"%s\"", v->address);
            expect_parse(row, f, v->text, v->len, v->address ? address : NULL);
        }
    }
}

Test(parse, ipv4_literals) {
    expect_vectors(IPV4, ipv4_vectors, sizeof ipv4_vectors / sizeof ipv4_vectors[0]);
}

Test(parse, ipv6_literals) {
    expect_vectors(IPV6, ipv6_vectors, sizeof ipv6_vectors / sizeof ipv6_vectors[0]);
}

/* The same vectors in blocks of their own size: the address sanitizer sees any other byte read. */
static void expect_in_exact_memory(family f, const vector *vectors, size_t count) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        for (size_t i = 0; i < count; i++) {
            const vector *v = vectors + i;
            uint8_t *out = malloc(address_size(f));
            char *text = malloc(v->len ? v->len : 1);
            memcpy(text, v->text, v->len);
            cr_expect_eq(parser_of(row, f)(text, v->len, out), v->address != NULL, "row %s: %s",
                         row->name, show(v->text, v->len));
            char *z = strdup(v->text);
            bool whole = strlen(v->text) == v->len;
            bool accepted = parser_z_of(row, f)(z, out);
            cr_expect(!whole || accepted == (v->address != NULL), "row %s: %s", row->name, z);
            free(z);
            free(text);
            free(out);
        }
    }
}

Test(parse, reads_and_writes_exact_memory) {
    expect_in_exact_memory(IPV4, ipv4_vectors, sizeof ipv4_vectors / sizeof ipv4_vectors[0]);
    expect_in_exact_memory(IPV6, ipv6_vectors, sizeof ipv6_vectors / sizeof ipv6_vectors[0]);
}

Test(parse, takes_null_for_no_text) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));)
        for (family f = IPV4; f <= IPV6; f++)
            cr_expect(parses(row, f, NULL, 0, NULL), "row %s", row->name);
}

/* The public names go to the active row, each to its own slot. */
Test(parse, public_functions_reach_every_row) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        cr_assert(simdinet_use_kernel(row->name));
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
    simdinet_use_kernel(NULL);
}

/* ---- everything of its kind --------------------------------------------------------------------- */

/* A text that lives long enough, in both forms, on every row. */
static void expect_on_every_row(family f, const char *text, size_t len, const uint8_t *expected) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        if (!parses(row, f, text, len, expected))
            blame(row, f, "with a length", text, len, expected);
        if (!parses_z(row, f, text, expected))
            blame(row, f, "with a NUL", text, len, expected);
    }
}

/* "0" to "999" with and without leading zeros in every place, next to octets of all widths. */
Test(parse, every_octet_in_every_place) {
    static const char *const others[] = {"7", "42", "199"};
    static const uint8_t values[] = {7, 42, 199};
    static const char *const formats[] = {"%u", "%02u", "%03u"};
    for (unsigned n = 0; n < 3 * 1000 * 4 * 27; n++) {
        unsigned value = n / 3 % 1000, place = n / 3000 % 4, rest = n / 12000;
        char octet[8], text[TEXT_ROOM];
        sprintf(octet, formats[n % 3], value);
        uint8_t address[4];
        size_t len = 0;
        for (unsigned i = 0; i < 4; i++) {
            const char *part = i == place ? octet : others[rest % 3];
            address[i] = i == place ? (uint8_t)value : values[rest % 3];
            rest = i == place ? rest : rest / 3;
            len += (size_t)sprintf(text + len, "%s%s", i ? "." : "", part);
        }
        bool canonical = octet[0] != '0' || octet[1] == '\0';
        expect_on_every_row(IPV4, text, len, canonical && value < 256 ? address : NULL);
    }
}

/* Every group of one to four digits in either case in every place. */
Test(parse, every_group_in_every_place) {
    static const char others[] = "0:1:2:3:4:5:6:7";
    static const char *const formats[] = {"%.*s%x%s", "%.*s%02X%s", "%.*s%03x%s", "%.*s%04X%s"};
    for (unsigned n = 0; n < 0x10000 * 8; n++) {
        unsigned value = n >> 3, place = n & 7;
        uint8_t address[16] = {0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7};
        address[2 * place] = (uint8_t)(value >> 8);
        address[2 * place + 1] = (uint8_t)value;
        for (unsigned width = 0; width < 4; width++) {
            char text[TEXT_ROOM];
            size_t len = (size_t)sprintf(text, formats[width], (int)(2 * place), others, value,
                                         others + 2 * place + 1);
            expect_on_every_row(IPV6, text, len, address);
        }
    }
}

/* How many groups stand before and behind the gap, with and without an IPv4 tail, up to too many. */
Test(parse, every_place_of_the_gap) {
    static const char *const group[] = {"1", "a2", "b3C", "dE4f"};
    static const uint16_t value[] = {0x1, 0xa2, 0xb3c, 0xde4f};
    for (unsigned n = 0; n < 10 * 10 * 2 * 4; n++) {
        unsigned before = n % 10, behind = n / 10 % 10, width = n / 200;
        bool tail = n / 100 % 2;
        unsigned all = before + behind + (tail ? 2 : 0);
        char text[TEXT_ROOM];
        uint8_t address[48] = {0};
        size_t len = 0;
        for (unsigned i = 0; i < before; i++)
            len += (size_t)sprintf(text + len, "%s%s", i ? ":" : "", group[(i + width) % 4]);
        len += (size_t)sprintf(text + len, "::");
        for (unsigned i = 0; i < behind; i++)
            len += (size_t)sprintf(text + len, "%s%s", i ? ":" : "", group[(i + width + 1) % 4]);
        if (tail)
            len += (size_t)sprintf(text + len, "%s1.20.255.0", behind ? ":" : "");
        for (unsigned i = 0; all < 8 && i < before; i++) {
            address[2 * i] = (uint8_t)(value[(i + width) % 4] >> 8);
            address[2 * i + 1] = (uint8_t)value[(i + width) % 4];
        }
        for (unsigned i = 0; all < 8 && i < behind; i++) {
            unsigned at = (tail ? 12u : 16u) - 2 * behind + 2 * i;
            address[at] = (uint8_t)(value[(i + width + 1) % 4] >> 8);
            address[at + 1] = (uint8_t)value[(i + width + 1) % 4];
        }
        if (tail)
            memcpy(address + 12, "\x01\x14\xff\x00", 4);
        expect_on_every_row(IPV6, text, len, all < 8 ? address : NULL);
    }
}

/* ---- libc as the referee ------------------------------------------------------------------------ */

/* Asks libc once, and every row in both forms where the text ends at an unmapped page. */
static void expect_as_libc(family f, const char *text, size_t len, const guarded *memory) {
    uint8_t address[16];
    const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
    bool no_nul = !memchr(text, '\0', len);
    char *flush = memory->end - len, *flush_z = memory->middle - 1 - len;
    memcpy(flush, text, len);
    memcpy(flush_z, text, len);
    memory->middle[-1] = '\0';
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        if (!parses(row, f, flush, len, expected))
            blame(row, f, "with a length", text, len, expected);
        if (no_nul && !parses_z(row, f, flush_z, expected))
            blame(row, f, "with a NUL", text, len, expected);
    }
}

/* Any byte in any place of right texts: all classes of characters, and all that almost are one. */
Test(parse, every_byte_in_every_place) {
    static const struct {
        family f;
        const char *text;
    } texts[] = {
        {IPV4, "1.2.3.4"},
        {IPV4, "10.20.30.40"},
        {IPV4, "100.1.20.255"},
        {IPV4, "255.249.199.100"},
        {IPV6, "::"},
        {IPV6, "::1"},
        {IPV6, "2001:db8::a:1"},
        {IPV6, "1:2:3:4:5:6:7:8"},
        {IPV6, "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
        {IPV6, "1:22:333:4444::192.0.2.1"},
        {IPV6, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"},
    };
    guarded memory = guarded_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t len = strlen(texts[i].text);
        for (size_t at = 0; at < len; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                char text[TEXT_ROOM];
                strcpy(text, texts[i].text);
                text[at] = (char)byte;
                expect_as_libc(texts[i].f, text, len, &memory);
                /* The same byte between its neighbours. */
                memmove(text + at + 1, texts[i].text + at, len - at);
                expect_as_libc(texts[i].f, text, len + 1, &memory);
            }
        }
    }
    guarded_free(&memory);
}

static void expect_mutations_as_libc(family f, uint64_t seed) {
    prng random = {seed};
    guarded memory = guarded_new();
    size_t count = rounds(1000000), accepted = 0;
    for (size_t i = 0; i < count; i++) {
        char text[TEXT_ROOM];
        uint8_t address[16], confirmed[16];
        size_t len = make_address(&random, f, text, address);
        if (i % 8 == 0) {
            /* As made: what the maker knows must be what libc says. */
            cr_assert(libc_parse(f, text, len, confirmed), "%s", text);
            cr_assert(memcmp(address, confirmed, address_size(f)) == 0, "%s", text);
        } else {
            len = mutate(&random, text, len);
        }
        accepted += libc_parse(f, text, len, confirmed);
        expect_as_libc(f, text, len, &memory);
    }
    /* Neither kind may have become rare, or nothing is tested. */
    cr_expect(accepted > count / 5 && accepted < count / 2, "%zu of %zu accepted", accepted, count);
    guarded_free(&memory);
}

Test(parse, ipv4_mutations_as_libc) {
    expect_mutations_as_libc(IPV4, 4);
}

Test(parse, ipv6_mutations_as_libc) {
    expect_mutations_as_libc(IPV6, 6);
}

/* ---- memory ------------------------------------------------------------------------------------- */

enum { POISONS = 6 };

/* Fills the readable bytes around [text, text + len), up to 64 on each side. */
static void poison(const guarded *memory, char *text, size_t len, unsigned kind, prng *random) {
    static const char fill[POISONS - 1] = {'1', ':', '.', '\0', '\xff'};
    size_t before = (size_t)(text - memory->start), behind = (size_t)(memory->end - text) - len;
    before = before < 64 ? before : 64;
    behind = behind < 64 ? behind : 64;
    if (kind < POISONS - 1) {
        memset(text - before, fill[kind], before);
        memset(text + len, fill[kind], behind);
        return;
    }
    for (size_t i = 0; i < before; i++)
        text[-1 - (ptrdiff_t)i] = (char)prng_next(random);
    for (size_t i = 0; i < behind; i++)
        text[len + i] = (char)prng_next(random);
}

/* Texts of one length: a right one of each family where there is one, and wrong ones. */
enum { LONGEST = 64, SAMPLES = 8 };

static char samples[LONGEST + 1][SAMPLES][LONGEST + 1];

static void make_samples(prng *random) {
    bool made[2][LONGEST + 1] = {{false}};
    unsigned missing = (15 - 7 + 1) + (45 - 2 + 1); /* the lengths of each family's texts */
    while (missing) {
        char text[TEXT_ROOM];
        uint8_t address[16];
        family f = prng_below(random, 8) ? IPV6 : IPV4;
        size_t len = make_address(random, f, text, address);
        cr_assert(len <= LONGEST);
        /* Once with each style: the last one that was made stays. */
        memcpy(samples[len][f], text, len);
        missing -= !made[f][len];
        made[f][len] = true;
    }
    static const char fill[] = {'1', ':', '.', 'f'};
    /* What is right up to where it is too long, and what is right but for what follows. */
    static const char longest[] =
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255555555555555555555555555";
    static const char several[] =
        "192.168.100.200\0 192.168.100.200\0 192.168.100.200\0 192.168.100.200";
    _Static_assert(sizeof longest > LONGEST && sizeof several > LONGEST, "too short");
    for (size_t len = 0; len <= LONGEST; len++) {
        for (unsigned i = 0; i < 2; i++)
            if (!made[i][len])
                memset(samples[len][i], "0:"[i], len);
        for (unsigned i = 0; i < 4; i++)
            memset(samples[len][2 + i], fill[i], len);
        memcpy(samples[len][6], longest, len);
        memcpy(samples[len][7], several, len);
    }
}

static void expect_in_place(const guarded *memory, char *place, const char *text, size_t len,
                            prng *random) {
    for (family f = IPV4; f <= IPV6; f++) {
        uint8_t address[16];
        const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
        for (unsigned kind = 0; kind < POISONS; kind++) {
            poison(memory, place, len, kind, random);
            memcpy(place, text, len);
            const simdinet_kernel *row;
            for (size_t r = 0; (row = next_row(&r));)
                if (!parses(row, f, place, len, expected))
                    blame(row, f, "with a length, in poison,", text, len, expected);
        }
    }
}

static void expect_in_place_z(const guarded *memory, char *place, const char *text, size_t len,
                              prng *random) {
    for (family f = IPV4; f <= IPV6; f++) {
        uint8_t address[16];
        const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
        for (unsigned kind = 0; kind < POISONS; kind++) {
            poison(memory, place, len + 1, kind, random);
            memcpy(place, text, len);
            place[len] = '\0';
            const simdinet_kernel *row;
            for (size_t r = 0; (row = next_row(&r));)
                if (!parses_z(row, f, place, expected))
                    blame(row, f, "with a NUL, in poison,", text, len, expected);
        }
    }
}

Test(parse, reads_nothing_around_the_text) {
    prng random = {64};
    guarded memory = guarded_new();
    make_samples(&random);
    for (size_t len = 0; len <= LONGEST; len++) {
        for (size_t shift = 0; shift < 64; shift++) {
            for (unsigned i = 0; i < SAMPLES; i++) {
                const char *text = samples[len][i];
                expect_in_place(&memory, memory.start + shift, text, len, &random);
                expect_in_place(&memory, memory.end - len - shift, text, len, &random);
                /* Across the border of two pages that are both there. */
                expect_in_place(&memory, memory.middle - shift, text, len, &random);
            }
        }
    }
    guarded_free(&memory);
}

Test(parse, reads_nothing_around_the_string) {
    prng random = {65};
    guarded memory = guarded_new();
    make_samples(&random);
    for (size_t len = 0; len <= LONGEST; len++) {
        for (size_t shift = 0; shift < 64; shift++) {
            for (unsigned i = 0; i < SAMPLES; i++) {
                const char *text = samples[len][i];
                if (memchr(text, '\0', len))
                    continue;
                expect_in_place_z(&memory, memory.start + shift, text, len, &random);
                expect_in_place_z(&memory, memory.end - len - 1 - shift, text, len, &random);
                expect_in_place_z(&memory, memory.middle - shift, text, len, &random);
            }
        }
    }
    guarded_free(&memory);
}

/* An answer may not be found in the first bytes, nor in the last ones, of something longer. */
Test(parse, refuses_what_is_too_long) {
    static const char *const pieces[] = {
        "1.2.3.4", "::1", "1:2:3:4:5:6:7:8", "::1.2.3.4", "::", "0", ":"};
    guarded memory = guarded_new();
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        for (size_t len = LONGEST; len <= 4096; len += len < 600 ? 1 : 127) {
            for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
                size_t size = strlen(pieces[i]);
                for (unsigned filler = 0; filler < 4; filler++) {
                    char *text = memory.end - len;
                    memset(text, "\0000:."[filler], len);
                    memcpy(text, pieces[i], size);
                    memcpy(memory.end - size, pieces[i], size);
                    for (family f = IPV4; f <= IPV6; f++) {
                        if (!parses(row, f, text, len, NULL))
                            blame(row, f, "with a length", text, len, NULL);
                        memory.end[-1] = '\0';
                        if (filler && !parses_z(row, f, text, NULL))
                            blame(row, f, "with a NUL", text, len, NULL);
                        memcpy(memory.end - size, pieces[i], size);
                    }
                }
            }
        }
    }
    guarded_free(&memory);
}

/* A length that is right only in its low 8, 16 or 32 bits. */
Test(parse, takes_no_length_for_its_low_bits) {
    const uint64_t most = (UINT64_C(1) << 32) + 4096;
    char *text = MAP_FAILED;
    if (most <= SIZE_MAX / 2)
        text = mmap(NULL, (size_t)most, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    unsigned powers = 3;
    if (text == MAP_FAILED) {
        fprintf(stderr, "skipped: lengths above 2^32: no address space for them\n");
        powers = 2;
        text = calloc(1, 1u << 17);
    }
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        for (unsigned i = 0; i < powers; i++) {
            size_t high = (size_t)(UINT64_C(1) << (8 << i));
            strcpy(text, "1.2.3.4"); /* which is right, but for the length */
            cr_expect(!parses(row, IPV4, text, 7, NULL), "row %s", row->name);
            if (!parses(row, IPV4, text, high + 7, NULL))
                blame(row, IPV4, "with a length", text, high + 7, NULL);
            strcpy(text, "1:2:3:4:5:6:7:8");
            cr_expect(!parses(row, IPV6, text, 15, NULL), "row %s", row->name);
            if (!parses(row, IPV6, text, high + 15, NULL))
                blame(row, IPV6, "with a length", text, high + 15, NULL);
        }
    }
    if (powers == 3)
        munmap(text, (size_t)most);
    else
        free(text);
}

/* The address is stored anywhere, and where no byte more can be. */
Test(parse, writes_nothing_around_the_address) {
    guarded memory = guarded_new();
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        for (family f = IPV4; f <= IPV6; f++) {
            size_t size = address_size(f);
            const char *right_text = f == IPV4 ? "192.0.2.33" : "2001:db8::1:0:ff21";
            const char *wrong_text = f == IPV4 ? "192.0.2.256" : "2001:db8::1:0:ff21.1";
            const char *expected =
                f == IPV4 ? "\xc0\x00\x02\x21" : "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\1\0\0\xff\x21";
            for (size_t shift = 0; shift < 64; shift++) {
                char *places[] = {memory.start + shift, memory.middle - shift,
                                  memory.end - size - shift};
                for (unsigned i = 0; i < 3; i++) {
                    uint8_t *out = (uint8_t *)places[i];
                    memset(memory.start, 0x5a, (size_t)(memory.end - memory.start));
                    bool refused = !parser_of(row, f)(wrong_text, strlen(wrong_text), out) &&
                                   !parser_z_of(row, f)(wrong_text, out);
                    bool untouched = true;
                    for (char *p = memory.start; p < memory.end; p++)
                        untouched &= *p == 0x5a;
                    cr_expect(refused && untouched, "row %s: \"%s\"", row->name, wrong_text);
                    bool accepted = parser_of(row, f)(right_text, strlen(right_text), out);
                    cr_expect(accepted && memcmp(out, expected, size) == 0, "row %s", row->name);
                    memset(out, 0x5a, size);
                    accepted = parser_z_of(row, f)(right_text, out);
                    cr_expect(accepted && memcmp(out, expected, size) == 0, "row %s", row->name);
                    memset(out, 0x5a, size);
                    for (char *p = memory.start; p < memory.end; p++)
                        untouched &= *p == 0x5a;
                    cr_expect(untouched, "row %s writes beside the address", row->name);
                }
            }
        }
    }
    guarded_free(&memory);
}
