/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The POSIX functions of simdinet_socket.h for text and byte order, with every implementation:
 * results, errors and bounds.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet_socket.h"

static const int other_families[] = {AF_UNSPEC, AF_UNIX, -1, 4, 6, 3, 1000, INT_MAX, INT_MIN};

enum { OTHER_FAMILIES = sizeof other_families / sizeof other_families[0] };

static bool all_bytes(const void *from, size_t size, int byte) {
    const unsigned char *p = from;
    for (size_t i = 0; i < size; i++)
        if (p[i] != byte)
            return false;
    return true;
}

/* ---- inet_pton ------------------------------------------------------------------------------- */

static void expect_pton(int af, const char *text, int result, const char *expected, size_t size) {
    uint8_t out[24];
    memset(out, 0xa5, sizeof out);
    errno = 0;
    cr_expect_eq(simdinet_inet_pton(af, text, out), result, "%s: \"%s\"",
                 simdinet_active_implementation(), text);
    cr_expect_eq(errno, result < 0 ? EAFNOSUPPORT : 0, "%s: \"%s\": errno %d",
                 simdinet_active_implementation(), text, errno);
    size_t written = result == 1 ? size : 0;
    cr_expect(memcmp(out, expected, written) == 0, "%s: \"%s\"", simdinet_active_implementation(),
              text);
    cr_expect(all_bytes(out + written, sizeof out - written, 0xa5), "%s: \"%s\" is written past",
              simdinet_active_implementation(), text);
}

Test(inet, pton) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        expect_pton(AF_INET, "192.0.2.1", 1, "\xc0\0\2\1", 4);
        expect_pton(AF_INET, "0.0.0.0", 1, "\0\0\0\0", 4);
        expect_pton(AF_INET, "255.255.255.255", 1, "\xff\xff\xff\xff", 4);
        expect_pton(AF_INET, "192.0.2.256", 0, "", 0);
        expect_pton(AF_INET, "192.0.2.1 ", 0, "", 0);
        expect_pton(AF_INET, "127.1", 0, "", 0);
        expect_pton(AF_INET, "010.0.0.1", 0, "", 0);
        expect_pton(AF_INET, "::1", 0, "", 0);
        expect_pton(AF_INET, "", 0, "", 0);
        expect_pton(AF_INET6, "::1", 1, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
        expect_pton(AF_INET6, "2001:DB8::192.0.2.1", 1,
                    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\xc0\0\2\1", 16);
        expect_pton(AF_INET6, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 1,
                    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16);
        expect_pton(AF_INET6, "192.0.2.1", 0, "", 0);
        expect_pton(AF_INET6, "fe80::1%lo", 0, "", 0);
        expect_pton(AF_INET6, "1:2:3:4:5:6:7:8::", 0, "", 0);
        expect_pton(AF_INET6, "", 0, "", 0);
        for (unsigned i = 0; i < OTHER_FAMILIES; i++) {
            expect_pton(other_families[i], "192.0.2.1", -1, "", 0);
            expect_pton(other_families[i], "::1", -1, "", 0);
            expect_pton(other_families[i], "", -1, "", 0);
        }
    }
    simdinet_use_implementation(NULL);
}

/* ---- inet_ntop ------------------------------------------------------------------------------- */

/* Every size from 0 to past the longest text, in memory that ends with the buffer. */
static void expect_ntop(int af, const char *hex, const char *expected, const guarded *memory) {
    uint8_t address[16];
    cr_assert(unhex(hex, address, af == AF_INET ? 4 : 16));
    size_t needed = strlen(expected) + 1;
    for (size_t size = 0; size <= 64; size++) {
        for (unsigned start = 0; start < 2; start++) {
            char *dst = start ? memory->start : memory->end - size;
            memset(memory->start, 0x5a, (size_t)(memory->end - memory->start));
            errno = 0;
            const char *result = simdinet_inet_ntop(af, address, dst, (socklen_t)size);
            size_t written = size >= needed ? needed : 0;
            cr_expect(result == (written ? dst : NULL), "%s: %s into %zu bytes",
                      simdinet_active_implementation(), expected, size);
            cr_expect_eq(errno, written ? 0 : ENOSPC, "%s: %s into %zu bytes: errno %d",
                         simdinet_active_implementation(), expected, size, errno);
            cr_expect(memcmp(dst, expected, written) == 0, "%s: %s into %zu bytes",
                      simdinet_active_implementation(), expected, size);
            size_t before = (size_t)(dst - memory->start);
            cr_expect(all_bytes(memory->start, before, 0x5a) &&
                          all_bytes(dst + written, (size_t)(memory->end - dst) - written, 0x5a),
                      "%s: %s into %zu bytes: bytes outside are written",
                      simdinet_active_implementation(), expected, size);
        }
    }
}

Test(inet, ntop_of_every_size) {
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        expect_ntop(AF_INET, "00000000", "0.0.0.0", &memory);
        expect_ntop(AF_INET, "c0000221", "192.0.2.33", &memory);
        expect_ntop(AF_INET, "ffffffff", "255.255.255.255", &memory);
        expect_ntop(AF_INET6, "00000000000000000000000000000000", "::", &memory);
        expect_ntop(AF_INET6, "00000000000000000000000000000001", "::1", &memory);
        expect_ntop(AF_INET6, "20010db8000000000001000000000001", "2001:db8::1:0:0:1", &memory);
        expect_ntop(AF_INET6, "00000000000000000000ffffffffffff", "::ffff:255.255.255.255",
                    &memory);
        expect_ntop(AF_INET6, "abcdef0123456789abcdef0123456789",
                    "abcd:ef01:2345:6789:abcd:ef01:2345:6789", &memory);
    }
    simdinet_use_implementation(NULL);
    guarded_free(&memory);
}

Test(inet, ntop_of_other_families) {
    const uint8_t address[16] = {0};
    char dst[64];
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (unsigned i = 0; i < OTHER_FAMILIES; i++) {
            /* The family is checked first: no size gives ENOSPC. */
            for (socklen_t size = 0; size <= sizeof dst; size += sizeof dst / 2) {
                memset(dst, 0x5a, sizeof dst);
                errno = 0;
                cr_expect(!simdinet_inet_ntop(other_families[i], address, dst, size));
                cr_expect_eq(errno, EAFNOSUPPORT);
                cr_expect(all_bytes(dst, sizeof dst, 0x5a));
            }
        }
        cr_expect(simdinet_inet_ntop(AF_INET, address, dst, UINT_MAX) == dst);
        cr_expect_str_eq(dst, "0.0.0.0");
        cr_expect(simdinet_inet_ntop(AF_INET6, address, dst, UINT_MAX) == dst);
        cr_expect_str_eq(dst, "::");
    }
    simdinet_use_implementation(NULL);
}

/* ---- inet_aton ------------------------------------------------------------------------------- */

typedef struct vector {
    const char *text;
    const char *address; /* in hexadecimal; NULL: refused */
} vector;

static const vector aton_vectors[] = {
    {"1.2.3.4", "01020304"},
    {"255.255.255.255", "ffffffff"},
    /* one to four parts */
    {"0", "00000000"},
    {"1", "00000001"},
    {"4294967295", "ffffffff"},
    {"4294967296", NULL},
    {"127.1", "7f000001"},
    {"1.16777215", "01ffffff"},
    {"1.16777216", NULL},
    {"1.2.3", "01020003"},
    {"1.2.65535", "0102ffff"},
    {"1.2.65536", NULL},
    {"1.2.3.255", "010203ff"},
    {"1.2.3.256", NULL},
    {"256.1", NULL},
    {"1.256.3", NULL},
    {"1.2.256.4", NULL},
    {"1.2.3.4.5", NULL},
    /* bases */
    {"010.0.0.1", "08000001"},
    {"0377.0377.0377.0377", "ffffffff"},
    {"0400.0.0.1", NULL},
    {"0x7f.0.0.1", "7f000001"},
    {"0X7F.1", "7f000001"},
    {"0x7f000001", "7f000001"},
    {"0xffffffff", "ffffffff"},
    {"0x100000000", NULL},
    {"037777777777", "ffffffff"},
    {"040000000000", NULL},
    {"0x0.0x0.0x0.0x00000000000000ff", "000000ff"},
    {"00000000000000000000000000000000000000000000000000000000000001", "00000001"},
    {"1.0x2.03.4", "01020304"},
    {"00.00.00.00", "00000000"},
    {"08", NULL},
    {"09.1", NULL},
    {"018", NULL},
    {"0x", NULL},
    {"0x.1", NULL},
    {"0xg", NULL},
    {"0b1", NULL},
    {"1_0", NULL},
    {"a", NULL},
    {"1a", NULL},
    {"18446744073709551617", NULL},
    {"0x10000000000000001", NULL},
    /* white space after it, and anything after that */
    {"1.2.3.4 ", "01020304"},
    {"1.2.3.4\t", "01020304"},
    {"1.2.3.4\n", "01020304"},
    {"1.2.3.4\v", "01020304"},
    {"1.2.3.4\f", "01020304"},
    {"1.2.3.4\r", "01020304"},
    {"1.2.3.4 garbage", "01020304"},
    {"1 .2.3.4", "00000001"},
    {"0x7f \xff", "0000007f"},
    {"1.2.3.4\x1c", NULL},
    {"1.2.3.4\x1f", NULL},
    {"1.2.3.4\x08", NULL},
    {"1.2.3.4\x0e", NULL},
    {"1.2.3.4\xa0", NULL},
    {"1.2.3.4\x85", NULL},
    {"1.2.3.4x", NULL},
    {"1.2.3.4/8", NULL},
    /* a missing part */
    {"", NULL},
    {" ", NULL},
    {" 1.2.3.4", NULL},
    {".", NULL},
    {"1.", NULL},
    {"1.2.3.", NULL},
    {"1.2.3.4.", NULL},
    {".1", NULL},
    {"1..2", NULL},
    {"1. 2", NULL},
    {"-1", NULL},
    {"+1", NULL},
    {"1.-2", NULL},
    {"::1", NULL},
    {"\xb1", NULL},
};

static void expect_aton(const char *text, const uint8_t *expected) {
    struct {
        uint8_t before[4];
        struct in_addr address;
        uint8_t after[4];
    } out;
    memset(&out, 0xa5, sizeof out);
    int result = simdinet_inet_aton(text, &out.address);
    bool written = expected ? memcmp(&out.address, expected, 4) == 0
                            : all_bytes(&out.address, sizeof out.address, 0xa5);
    if (result != (expected != NULL) || !written || !all_bytes(out.before, 4, 0xa5) ||
        !all_bytes(out.after, 4, 0xa5) || simdinet_inet_aton(text, NULL) != result) {
        cr_expect(false, "%s: inet_aton(\"%s\") is %d, address %08x",
                  simdinet_active_implementation(), show(text, strlen(text)), result,
                  ntohl(out.address.s_addr));
        limit_failures();
    }
}

Test(inet, aton_literals) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (size_t i = 0; i < sizeof aton_vectors / sizeof aton_vectors[0]; i++) {
            uint8_t address[4];
            bool accepted = aton_vectors[i].address && unhex(aton_vectors[i].address, address, 4);
            expect_aton(aton_vectors[i].text, accepted ? address : NULL);
        }
    }
    simdinet_use_implementation(NULL);
}

static void expect_aton_as_libc(const guarded *memory, const char *text) {
    struct in_addr expected;
    bool accepted = inet_aton(text, &expected);
    char *flush = memory->end - strlen(text) - 1;
    strcpy(flush, text);
    expect_aton(flush, accepted ? (const uint8_t *)&expected : NULL);
}

Test(inet, aton_every_byte_as_libc) {
    static const char *const texts[] = {"1.2.3.4", "0x7f.1", "0177.0.1", "10 .1", "0", "1.2.3"};
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            for (size_t at = 0; at <= strlen(texts[i]); at++) {
                for (unsigned byte = 0; byte < 256; byte++) {
                    char text[32] = {0};
                    strcpy(text, texts[i]);
                    text[at] = (char)byte;
                    expect_aton_as_libc(&memory, text);
                    strcpy(text + at + 1, texts[i] + at);
                    expect_aton_as_libc(&memory, text);
                }
            }
        }
    }
    simdinet_use_implementation(NULL);
    guarded_free(&memory);
}

Test(inet, aton_mutations_as_libc) {
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        prng random = {1983};
        size_t count = repetitions(500000), accepted = 0;
        for (size_t i = 0; i < count; i++) {
            char text[TEXT_CAPACITY];
            size_t len = make_aton(&random, text);
            if (i % 4)
                mutate(&random, text, len);
            struct in_addr ignored;
            accepted += inet_aton(text, &ignored) != 0;
            expect_aton_as_libc(&memory, text);
        }
        cr_expect(accepted > count / 4 && accepted < count / 4 * 3, "%zu of %zu accepted", accepted,
                  count);
    }
    simdinet_use_implementation(NULL);
    guarded_free(&memory);
}

/* ---- inet_ntoa ------------------------------------------------------------------------------- */

Test(inet, ntoa) {
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        prng random = {1};
        for (unsigned i = 0; i < 20000; i++) {
            struct in_addr in = {.s_addr = (uint32_t)prng_next(&random)};
            in.s_addr &= prng_below(&random, 2) ? UINT32_MAX : UINT32_C(0xff0f03ff);
            char expected[SIMDINET_IPV4_TEXT_SIZE];
            size_t size = libc_format(IPV4, (const uint8_t *)&in, expected) + 1;
            char *out = memory.end - size;
            out[-1] = 0x5a;
            if (simdinet_inet_ntoa(in, out) != SIMDINET_OK || strcmp(out, expected) != 0 ||
                out[-1] != 0x5a)
                cr_expect(false, "implementation %s: %s", impl->name, expected);
        }
    }
    simdinet_use_implementation(NULL);
    guarded_free(&memory);
}

/* ---- byte order ------------------------------------------------------------------------------ */

/* Network order is the most significant byte first on every machine. */
Test(inet, byte_order) {
    static const uint32_t numbers[] = {0,          1,          0x80,       0x1234,
                                       0x8000,     0xffff,     0x10000,    0x01020304,
                                       0x7f000001, 0x80000000, 0xdeadbeef, 0xffffffff};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint32_t host = numbers[i], net;
        uint16_t host16 = (uint16_t)host, net16;
        const uint8_t bytes[] = {(uint8_t)(host >> 24), (uint8_t)(host >> 16), (uint8_t)(host >> 8),
                                 (uint8_t)host};
        memcpy(&net, bytes, 4);
        memcpy(&net16, bytes + 2, 2);
        cr_expect_eq(simdinet_htonl(host), net, "%08x", host);
        cr_expect_eq(simdinet_ntohl(net), host, "%08x", host);
        cr_expect_eq(simdinet_htons(host16), net16, "%04x", host16);
        cr_expect_eq(simdinet_ntohs(net16), host16, "%04x", host16);
    }
}

static void expect_checked(int64_t x, int legacy) {
    uint32_t sentinel = 0xa5a5a5a5, out[3];
    bool fits = x >= 0 && x <= INT64_C(0xffffffff);
    for (unsigned i = 0; i < 2; i++) {
        out[0] = out[1] = out[2] = sentinel;
        int status = i ? simdinet_ntohl_checked(x, legacy, &out[1])
                       : simdinet_htonl_checked(x, legacy, &out[1]);
        cr_expect_eq(status, fits ? SIMDINET_OK : SIMDINET_E_RANGE, "%lld, legacy %d", (long long)x,
                     legacy);
        cr_expect_eq(out[1], fits ? htonl((uint32_t)x) : sentinel, "%lld, legacy %d", (long long)x,
                     legacy);
        cr_expect(out[0] == sentinel && out[2] == sentinel);
    }
    uint16_t sentinel16 = 0xa5a5, out16[3];
    bool fits16 = x >= 0 && x <= (legacy ? INT64_C(0x7fffffff) : 0xffff);
    for (unsigned i = 0; i < 2; i++) {
        out16[0] = out16[1] = out16[2] = sentinel16;
        int status = i ? simdinet_ntohs_checked(x, legacy, &out16[1])
                       : simdinet_htons_checked(x, legacy, &out16[1]);
        cr_expect_eq(status, fits16 ? SIMDINET_OK : SIMDINET_E_RANGE, "%lld, legacy %d",
                     (long long)x, legacy);
        cr_expect_eq(out16[1], fits16 ? htons((uint16_t)x) : sentinel16, "%lld, legacy %d",
                     (long long)x, legacy);
        cr_expect(out16[0] == sentinel16 && out16[2] == sentinel16);
    }
}

Test(inet, byte_order_checked) {
    static const int64_t edges[] = {0,
                                    INT64_C(0xff),
                                    INT64_C(0x7fff),
                                    INT64_C(0xffff),
                                    INT64_C(0x7fffffff),
                                    INT64_C(0xffffffff),
                                    INT64_C(0x7fffffffffffffff),
                                    INT64_MIN + 1};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (int legacy = -1; legacy <= 2; legacy++)
            for (int64_t off = -1; off <= 1; off++)
                if (off < 1 || edges[i] < INT64_MAX)
                    expect_checked(edges[i] + off, legacy);
    /* Python 3.7 reduces modulo 65536, with a warning. */
    uint16_t out;
    cr_expect_eq(simdinet_htons_checked(65537, 1, &out), SIMDINET_OK);
    cr_expect_eq(out, simdinet_htons(1), "Python 3.7 takes the low 16 bits");
    cr_expect_eq(simdinet_htons_checked(65536, 0, &out), SIMDINET_E_RANGE);
}
