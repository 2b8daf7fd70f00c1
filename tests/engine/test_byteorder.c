/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Byte swaps of arrays, on every implementation, compared with a loop over bytes: every size and
 * alignment, in place and out of place, next to unmapped pages, and arrays larger than the caches.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet.h"

/* Numbers of 2, 4 and 8 bytes. */
enum { WIDTHS = 3 };

static size_t bytes_of(unsigned width) {
    return (size_t)2 << width;
}

static simdinet_swap_fn *swap_of(const simdinet_implementation *impl, unsigned width) {
    return width == 0 ? impl->swap16 : width == 1 ? impl->swap32 : impl->swap64;
}

static void swap_bytes(char *dst, const char *src, size_t n, size_t bytes) {
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < bytes; b++)
            dst[i * bytes + b] = src[i * bytes + bytes - 1 - b];
}

static void fill(prng *random, char *p, size_t size) {
    for (size_t i = 0; i < size; i++)
        p[i] = (char)prng_next(random);
}

Test(byteorder, literals) {
    static const char number[] = "abcdefgh";
    static const char *const swapped[WIDTHS] = {"badcfehg", "dcbahgfe", "hgfedcba"};
    FOR_EACH_IMPLEMENTATION (impl) {
        for (unsigned width = 0; width < WIDTHS; width++) {
            char out[9] = "";
            swap_of(impl, width)(out, number, 8 / bytes_of(width));
            cr_expect_str_eq(out, swapped[width], "implementation %s, %zu bytes", impl->name,
                             bytes_of(width));
            swap_of(impl, width)(NULL, NULL, 0);
        }
    }
}

/* ---- sizes and alignments -------------------------------------------------------------------- */

enum { MAX_N = 300, MARGIN = 64, BUFFER_SIZE = MARGIN + MAX_N * 8 + 2 * MARGIN };

/* Swaps n numbers between these offsets of two buffers, and checks the bytes around them. */
static bool swaps(simdinet_swap_fn *swap, const char *from, size_t from_at, size_t to_at, size_t n,
                  size_t bytes) {
    static _Alignas(64) char source[BUFFER_SIZE], buffer[BUFFER_SIZE], expected[BUFFER_SIZE];
    size_t size = n * bytes;
    memcpy(source + from_at, from, size);
    memset(buffer + to_at - MARGIN, 0x5a, size + 2 * MARGIN);
    memset(expected + to_at - MARGIN, 0x5a, size + 2 * MARGIN);
    swap_bytes(expected + to_at, from, n, bytes);
    swap(buffer + to_at, source + from_at, n);
    if (memcmp(buffer + to_at - MARGIN, expected + to_at - MARGIN, size + 2 * MARGIN) != 0)
        return false;
    /* in place */
    memcpy(buffer + to_at, from, size);
    swap(buffer + to_at, buffer + to_at, n);
    return memcmp(buffer + to_at - MARGIN, expected + to_at - MARGIN, size + 2 * MARGIN) == 0 &&
           memcmp(source + from_at, from, size) == 0;
}

Test(byteorder, every_size_and_alignment) {
    prng random = {1};
    char from[MAX_N * 8];
    fill(&random, from, sizeof from);
    FOR_EACH_IMPLEMENTATION (impl)
        for (unsigned width = 0; width < WIDTHS; width++)
            for (size_t n = 0; n <= MAX_N; n++)
                for (size_t at = 0; at < 64; at++) {
                    size_t other = MARGIN + prng_below(&random, 64), to = MARGIN + at;
                    simdinet_swap_fn *swap = swap_of(impl, width);
                    size_t bytes = bytes_of(width);
                    cr_assert(swaps(swap, from, other, to, n, bytes) &&
                                  swaps(swap, from, to, other, n, bytes),
                              "implementation %s: %zu numbers of %zu bytes, at %zu and %zu of 64",
                              impl->name, n, bytes, at, other - MARGIN);
                }
}

Test(byteorder, unmapped_pages_around) {
    prng random = {2};
    char from[MAX_N * 8], expected[MAX_N * 8];
    fill(&random, from, sizeof from);
    guarded source = guarded_new(), buffer = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl)
        for (unsigned width = 0; width < WIDTHS; width++)
            for (size_t n = 0; n <= MAX_N; n++)
                for (unsigned ends = 0; ends < 4; ends++) {
                    size_t size = n * bytes_of(width);
                    char *src = ends & 1 ? source.end - size : source.start;
                    char *dst = ends & 2 ? buffer.end - size : buffer.start;
                    memcpy(src, from, size);
                    swap_bytes(expected, from, n, bytes_of(width));
                    swap_of(impl, width)(dst, src, n);
                    cr_assert(memcmp(dst, expected, size) == 0, "implementation %s, %zu x %zu",
                              impl->name, n, bytes_of(width));
                    swap_of(impl, width)(src, src, n);
                    cr_assert(memcmp(src, expected, size) == 0,
                              "implementation %s, %zu x %zu in place", impl->name, n,
                              bytes_of(width));
                }
    guarded_free(&source);
    guarded_free(&buffer);
}

/* ---- large arrays ---------------------------------------------------------------------------- */

Test(byteorder, larger_than_the_caches) {
    static const size_t sizes[] = {1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 23, 40 << 20};
    enum { MAX_BYTES = 40 << 20, SPARE = 4096 };
    char *source = malloc(MAX_BYTES + SPARE), *buffer = malloc(MAX_BYTES + SPARE),
         *expected = malloc(MAX_BYTES + SPARE);
    cr_assert(source && buffer && expected);
    prng random = {3};
    for (size_t i = 0; i + 8 <= MAX_BYTES + SPARE; i += 8) {
        uint64_t x = prng_next(&random);
        memcpy(source + i, &x, 8);
    }
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (unsigned width = 0; width < WIDTHS; width++) {
            size_t bytes = bytes_of(width);
            /* Near a power of two, where a threshold can be, and not a multiple of the block. */
            size_t n = (sizes[s] + prng_below(&random, 999)) / bytes - 64, size = n * bytes;
            swap_bytes(expected, source + 5, n, bytes);
            FOR_EACH_IMPLEMENTATION (impl) {
                size_t at = 64 + prng_below(&random, 64);
                memset(buffer + at - 64, 0x5a, 64);
                memset(buffer + at + size, 0x5a, 64);
                swap_of(impl, width)(buffer + at, source + 5, n);
                bool equal = memcmp(buffer + at, expected, size) == 0;
                memcpy(buffer + at, source + 5, size);
                swap_of(impl, width)(buffer + at, buffer + at, n);
                bool equal_in_place = memcmp(buffer + at, expected, size) == 0;
                bool untouched = true;
                for (size_t i = 0; i < 64; i++)
                    untouched &= buffer[at - 1 - i] == 0x5a && buffer[at + size + i] == 0x5a;
                cr_expect(equal, "implementation %s, %zu bytes", impl->name, size);
                cr_expect(equal_in_place, "implementation %s, %zu bytes in place", impl->name,
                          size);
                cr_expect(untouched, "implementation %s, %zu bytes: bytes outside were written",
                          impl->name, size);
            }
        }
    free(source);
    free(buffer);
    free(expected);
}

/* ---- the public functions -------------------------------------------------------------------- */

Test(byteorder, public_swaps) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        char out[9] = "";
        simdinet_swap16(out, "abcdefgh", 4);
        cr_expect_str_eq(out, "badcfehg", "implementation %s", impl->name);
        simdinet_swap32(out, "abcdefgh", 2);
        cr_expect_str_eq(out, "dcbahgfe", "implementation %s", impl->name);
        simdinet_swap64(out, "abcdefgh", 1);
        cr_expect_str_eq(out, "hgfedcba", "implementation %s", impl->name);
    }
}

/* Each element is converted as libc converts one number, on machines of either byte order. */
Test(byteorder, network_order) {
    enum { N = 77 };
    uint16_t shorts[N], shorts_out[N], shorts_back[N];
    uint32_t longs[N], longs_out[N], longs_back[N];
    uint64_t wides[N], wides_out[N], wides_back[N];
    prng random = {4};
    for (size_t i = 0; i < N; i++) {
        wides[i] = prng_next(&random);
        longs[i] = (uint32_t)prng_next(&random);
        shorts[i] = (uint16_t)prng_next(&random);
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        simdinet_htons_array(shorts_out, shorts, N);
        simdinet_htonl_array(longs_out, longs, N);
        simdinet_htonll_array(wides_out, wides, N);
        for (size_t i = 0; i < N; i++) {
            cr_expect_eq(shorts_out[i], htons(shorts[i]));
            cr_expect_eq(longs_out[i], htonl(longs[i]));
            const uint8_t *bytes = (const uint8_t *)&wides_out[i];
            for (unsigned b = 0; b < 8; b++)
                cr_expect_eq(bytes[b], wides[i] >> (56 - 8 * b) & 0xff);
        }
        simdinet_ntohs_array(shorts_back, shorts_out, N);
        simdinet_ntohl_array(longs_back, longs_out, N);
        simdinet_ntohll_array(wides_back, wides_out, N);
        cr_expect(memcmp(shorts_back, shorts, sizeof shorts) == 0, "implementation %s", impl->name);
        cr_expect(memcmp(longs_back, longs, sizeof longs) == 0, "implementation %s", impl->name);
        cr_expect(memcmp(wides_back, wides, sizeof wides) == 0, "implementation %s", impl->name);
        simdinet_htonl_array(longs_back, longs_back, N);
        cr_expect(memcmp(longs_back, longs_out, sizeof longs) == 0, "implementation %s in place",
                  impl->name);
        simdinet_htonl_array(NULL, NULL, 0);
    }
}
