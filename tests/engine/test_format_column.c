/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Batches of addresses to text, on every implementation, compared with single addresses: every
 * small batch, cuts, nulls, mixed families, every capacity, and buffers of the documented size next
 * to unmapped pages.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "format_batch.h"

static bool all_bytes(const char *p, size_t size, char value) {
    for (size_t i = 0; i < size; i++)
        if (p[i] != value)
            return false;
    return true;
}

/* ---- exact buffers between unmapped pages ---------------------------------------------------- */

/* Buffers of the documented size that begin or end with the mapped pages. */
typedef struct {
    guarded addresses, families, validity, text, offsets;
} memory;

static memory memory_new(void) {
    return (memory){guarded_new(), guarded_new(), guarded_new(), guarded_new(), guarded_new()};
}

static void memory_free(memory *m) {
    guarded_free(&m->addresses);
    guarded_free(&m->families);
    guarded_free(&m->validity);
    guarded_free(&m->text);
    guarded_free(&m->offsets);
}

static char *buffer_at(const guarded *g, size_t size, bool at_end) {
    return at_end ? g->end - size : g->start;
}

static address_range place_range(const memory *m, const batch *b, bool nulls, bool at_end) {
    size_t bits = (b->n + 7) / 8, size = b->n * b->address_size;
    char *addresses = buffer_at(&m->addresses, size, at_end);
    char *families = buffer_at(&m->families, bits, at_end);
    char *validity = buffer_at(&m->validity, bits, at_end);
    memcpy(addresses, b->addresses, size);
    memcpy(families, b->families, bits);
    memcpy(validity, b->validity, bits);
    return (address_range){(uint8_t *)addresses, (uint8_t *)families,
                           nulls ? (uint8_t *)validity : NULL, b->n};
}

static void expect_lines(const char *impl, const memory *m, const batch *b, size_t size,
                         char separator, bool at_end) {
    address_range from = place_range(m, b, false, at_end);
    char *text = buffer_at(&m->text, size, at_end);
    size_t bound = lines_size(b->kind, b->n), len = 12345;
    memset(m->text.start, 0x5a, (size_t)(m->text.end - m->text.start));
    size_t done = format_lines(b->kind, from, separator, text, size, &len);
    cr_assert(lines_match(b, separator, text, size, done, len),
              "implementation %s: kind %d, %zu lines, size %zu: %zu were written, %zu bytes: %s",
              impl, (int)b->kind, b->n, size, done, len, show(text, len));
    char *end = text + (bound < size ? bound : size);
    cr_assert(all_bytes(m->text.start, (size_t)(text - m->text.start), 0x5a) &&
                  all_bytes(end, (size_t)(m->text.end - end), 0x5a),
              "implementation %s: kind %d, %zu lines, size %zu: bytes outside were overwritten",
              impl, (int)b->kind, b->n, size);
}

static void expect_column(const char *impl, const memory *m, const batch *b, size_t size,
                          bool nulls, bool at_end) {
    address_range from = place_range(m, b, nulls, at_end);
    char *text = buffer_at(&m->text, size, at_end);
    size_t bound = column_size(b->kind, b->n), offsets_size = (b->n + 1) * sizeof(int32_t);
    int32_t *offsets = (int32_t *)(void *)buffer_at(&m->offsets, offsets_size, at_end);
    memset(m->text.start, 0x5a, (size_t)(m->text.end - m->text.start));
    memset(offsets, 0x5a, offsets_size);
    size_t done = format_column(b->kind, from, text, size, offsets);
    cr_assert(column_matches(b, nulls, text, size, done, offsets),
              "implementation %s: kind %d, column of %zu, size %zu: %zu were written: %s", impl,
              (int)b->kind, b->n, size, done, show(text, done ? (size_t)offsets[done] : 0));
    cr_assert(all_bytes((char *)(offsets + done + 1), (b->n - done) * sizeof(int32_t), 0x5a),
              "implementation %s: kind %d, column of %zu, size %zu: offsets after row %zu were "
              "overwritten",
              impl, (int)b->kind, b->n, size, done);
    char *end = text + (bound < size ? bound : size);
    cr_assert(all_bytes(m->text.start, (size_t)(text - m->text.start), 0x5a) &&
                  all_bytes(end, (size_t)(m->text.end - end), 0x5a),
              "implementation %s: kind %d, column of %zu, size %zu: bytes outside were overwritten",
              impl, (int)b->kind, b->n, size);
}

/* With the capacity of the macros, and with more. */
static void expect_batch(const char *impl, const memory *m, const batch *b) {
    size_t lines = lines_size(b->kind, b->n), columns = column_size(b->kind, b->n);
    for (int at_end = 0; at_end < 2; at_end++) {
        expect_lines(impl, m, b, lines, '\n', at_end);
        expect_lines(impl, m, b, lines + 100, '\0', at_end);
        for (int nulls = 0; nulls < 2; nulls++) {
            expect_column(impl, m, b, columns, nulls, at_end);
            expect_column(impl, m, b, columns + 100, nulls, at_end);
        }
    }
}

/* ---- tests ----------------------------------------------------------------------------------- */

Test(column_format, literals) {
    static const uint8_t ipv4[] = {192, 0, 2, 1, 0, 0, 0, 0, 255, 255, 255, 255};
    static const uint8_t ipv6[48] = {[15] = 1, [16] = 0x20, 0x01, 0x0d, 0xb8, [42] = 0xff,
                                     0xff,     10,          1,    2,    3};
    static const uint8_t middle_null = 5, first_is_ipv6 = 1;
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        char text[SIMDINET_MIXED_LINES_SIZE(3) + 1] = "";
        int32_t offsets[4];
        size_t len;
        cr_expect_eq(simdinet_format_ipv4_lines(ipv4, 3, '\n', text, sizeof text, &len), 3);
        text[len] = '\0';
        cr_expect_str_eq(text, "192.0.2.1\n0.0.0.0\n255.255.255.255\n", "implementation %s",
                         impl->name);
        cr_expect_eq(simdinet_format_ipv6_lines(ipv6, 3, ',', text, sizeof text, &len), 3);
        text[len] = '\0';
        cr_expect_str_eq(text, "::1,2001:db8::,::ffff:10.1.2.3,", "implementation %s", impl->name);
        cr_expect_eq(
            simdinet_format_mixed_lines(ipv6, &first_is_ipv6, 3, ' ', text, sizeof text, &len), 3);
        text[len] = '\0';
        cr_expect_str_eq(text, "::1 0.0.0.0 10.1.2.3 ", "implementation %s", impl->name);
        cr_expect_eq(simdinet_format_ipv4_column(ipv4, &middle_null, 3, text, sizeof text, offsets),
                     3);
        text[offsets[3]] = '\0';
        cr_expect_str_eq(text, "192.0.2.1255.255.255.255", "implementation %s", impl->name);
        cr_expect(offsets[0] == 0 && offsets[1] == 9 && offsets[2] == 9 && offsets[3] == 24,
                  "implementation %s", impl->name);
    }
}

Test(column_format, no_rows) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (kind k = 0; k < KINDS; k++) {
            size_t len = 5;
            int32_t offset = 5;
            cr_expect_eq(format_lines(k, (address_range){0}, '\n', NULL, 0, &len), 0);
            cr_expect_eq(len, 0);
            cr_expect_eq(format_column(k, (address_range){0}, NULL, 0, &offset), 0);
            cr_expect_eq(offset, 0);
            cr_expect_eq(format_column(k, (address_range){0}, NULL, 0, NULL), 0);
        }
    }
}

Test(column_format, every_small_batch) {
    static const unsigned null_shares[] = {0, 1, 5, 50, 100};
    memory m = memory_new();
    prng random = {11};
    for (size_t i = 0; i < repetitions(10); i++)
        for (kind k = 0; k < KINDS; k++)
            for (size_t n = 0; n <= 70; n++) {
                batch b = batch_random(&random, k, n, null_shares[i % 5]);
                FOR_EACH_IMPLEMENTATION (impl) {
                    cr_assert(simdinet_use_implementation(impl->name));
                    expect_batch(impl->name, &m, &b);
                }
                batch_free(&b);
            }
    memory_free(&m);
}

/* All texts of the greatest or the least length: the documented capacity is used to its last
 * byte. */
Test(column_format, longest_and_shortest) {
    memory m = memory_new();
    for (unsigned value = 0; value < 2; value++)
        for (kind k = 0; k < KINDS; k++)
            for (size_t n = 0; n <= 70; n++) {
                batch b = batch_new(k, n);
                memset(b.addresses, value ? 0xff : 0, n * b.address_size);
                memset(b.validity, 0xff, (n + 7) / 8);
                memset(b.families, 0xff, (n + 7) / 8);
                for (size_t i = 0; i < n; i++)
                    batch_expect(&b, i);
                FOR_EACH_IMPLEMENTATION (impl) {
                    cr_assert(simdinet_use_implementation(impl->name));
                    expect_batch(impl->name, &m, &b);
                }
                batch_free(&b);
            }
    memory_free(&m);
}

Test(column_format, every_capacity) {
    memory m = memory_new();
    prng random = {12};
    for (size_t i = 0; i < repetitions(2); i++)
        for (kind k = 0; k < KINDS; k++)
            for (size_t n = 0; n <= 12; n++) {
                batch b = batch_random(&random, k, n, i % 2 ? 30 : 0);
                FOR_EACH_IMPLEMENTATION (impl) {
                    cr_assert(simdinet_use_implementation(impl->name));
                    for (size_t size = 0; size <= lines_size(k, n) + 1; size++) {
                        expect_lines(impl->name, &m, &b, size, '\n', true);
                        expect_column(impl->name, &m, &b, size, i % 2, true);
                    }
                }
                batch_free(&b);
            }
    memory_free(&m);
}

/* Consecutive calls give the text of one call. */
Test(column_format, cuts_do_not_change_the_text) {
    enum { N = 3000 };
    prng random = {13};
    char *whole = allocate(SIMDINET_MIXED_LINES_SIZE(N));
    char *parts = allocate(SIMDINET_MIXED_LINES_SIZE(N));
    for (kind k = 0; k < KINDS; k++) {
        batch b = batch_random(&random, k, N, 0);
        FOR_EACH_IMPLEMENTATION (impl) {
            cr_assert(simdinet_use_implementation(impl->name));
            size_t len, used = 0, done = 0;
            address_range all = {b.addresses, b.families, NULL, N};
            cr_assert_eq(format_lines(k, all, '\n', whole, lines_size(k, N), &len), N);
            cr_assert(lines_match(&b, '\n', whole, lines_size(k, N), N, len), "implementation %s",
                      impl->name);
            while (done < N) {
                /* Cut by the number of rows, at a byte of the bitmap, or by the capacity. */
                size_t n = 8 * (size_t)prng_below(&random, 20) + 8, part;
                n = n < N - done ? n : N - done;
                address_range range = {b.addresses + done * b.address_size, b.families + done / 8,
                                       NULL, n};
                size_t size = prng_below(&random, 2) ? lines_size(k, n) : 8 * 40 + 7;
                size_t written = format_lines(k, range, '\n', parts + used, size, &part);
                cr_assert(written == n || (written >= 8 && written < n), "implementation %s: %zu",
                          impl->name, written);
                if (written < n) { /* back to a byte of the bitmap */
                    for (; written % 8; written--)
                        part -= b.lengths[done + written - 1] + 1u;
                }
                used += part;
                done += written;
            }
            cr_assert(used == len && memcmp(whole, parts, len) == 0, "implementation %s: kind %d",
                      impl->name, (int)k);
        }
        batch_free(&b);
    }
    free(whole);
    free(parts);
}

Test(column_format, large) {
    enum { N = 50021 };
    prng random = {14};
    char *text = allocate(SIMDINET_MIXED_LINES_SIZE(N) + 1);
    int32_t *offsets = allocate((N + 1) * sizeof(int32_t));
    for (unsigned nulls = 0; nulls < 2; nulls++)
        for (kind k = 0; k < KINDS; k++) {
            batch b = batch_random(&random, k, N, nulls);
            address_range from = {b.addresses, b.families, nulls ? b.validity : NULL, N};
            FOR_EACH_IMPLEMENTATION (impl) {
                cr_assert(simdinet_use_implementation(impl->name));
                size_t len, size = lines_size(k, N);
                size_t done = format_lines(k, from, '\n', text + 1, size, &len);
                cr_expect(lines_match(&b, '\n', text + 1, size, done, len), "implementation %s",
                          impl->name);
                done = format_column(k, from, text + 1, size, offsets);
                cr_expect(column_matches(&b, nulls, text + 1, size, done, offsets),
                          "implementation %s", impl->name);
            }
            batch_free(&b);
        }
    free(text);
    free(offsets);
}

/* A mixed batch of runs: lengths[0] addresses of IPv4, lengths[1] of IPv6, and so on. */
static batch batch_of_runs(prng *random, size_t n, const size_t *lengths, size_t count) {
    batch b = batch_random(random, MIXED, n, 0);
    memset(b.families, 0, (n + 7) / 8);
    bool ipv6 = false;
    for (size_t i = 0, run = 0; i < n; run++, ipv6 = !ipv6)
        for (size_t end = i + lengths[run % count]; i < n && i < end; i++)
            b.families[i / 8] |= (uint8_t)(ipv6 << i % 8);
    for (size_t i = 0; i < n; i++)
        batch_expect(&b, i);
    return b;
}

/* Runs longer than a block, and runs that end near a block boundary. */
Test(column_format, long_runs) {
    enum { N = 100003 };
    static const struct {
        size_t lengths[6], count;
    } runs[] = {
        {{SIZE_MAX / 2}, 1},
        {{0, SIZE_MAX / 2}, 2},
        {{63, 64, 65, 128, 1, 129}, 6},
        {{4095, 4096, 4097, 8192, 8193, 1}, 6},
        {{20000, 5, 7, 20000, 3, 50000}, 6},
        {{1, 30000, 30000, 1}, 4},
    };
    prng random = {17};
    char *text = allocate(SIMDINET_MIXED_LINES_SIZE(N));
    int32_t *offsets = allocate((N + 1) * sizeof(int32_t));
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        batch b = batch_of_runs(&random, N, runs[i].lengths, runs[i].count);
        /* Runs of nulls that do not coincide with those of the families. */
        memset(b.validity, 0xff, (N + 7) / 8);
        memset(b.validity + 1000, 0, 1001);
        memset(b.validity + 5000, 0, 3);
        FOR_EACH_IMPLEMENTATION (impl) {
            cr_assert(simdinet_use_implementation(impl->name));
            size_t len, size = lines_size(MIXED, N);
            address_range from = {b.addresses, b.families, NULL, N};
            size_t done = format_lines(MIXED, from, '\n', text, size, &len);
            cr_expect(lines_match(&b, '\n', text, size, done, len), "implementation %s, %zu",
                      impl->name, i);
            for (int nulls = 0; nulls < 2; nulls++) {
                from.validity = nulls ? b.validity : NULL;
                done = format_column(MIXED, from, text, size, offsets);
                cr_expect(column_matches(&b, nulls, text, size, done, offsets),
                          "implementation %s, %zu, %d", impl->name, i, nulls);
            }
        }
        batch_free(&b);
    }
    free(text);
    free(offsets);
}

/*
 * With a small buffer a caller calls many times, so a call must not examine all remaining rows:
 * only the first two pages of the bitmaps are mapped.
 */
Test(column_format, reads_no_further_than_it_writes) {
    enum { N = 1000000, CAPACITY = 20000 };
    guarded bits = guarded_new();
    uint8_t *addresses = allocate((size_t)N * 16), *families = (uint8_t *)bits.start;
    char *text = allocate(CAPACITY);
    int32_t *offsets = allocate((N + 1) * sizeof(int32_t));
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (int ipv6 = 0; ipv6 < 2; ipv6++) {
            size_t len, least = ipv6 ? CAPACITY / 40 : CAPACITY / 16;
            memset(bits.start, ipv6 ? 0xff : 0, (size_t)(bits.end - bits.start));
            size_t done =
                simdinet_format_mixed_lines(addresses, families, N, '\n', text, CAPACITY, &len);
            cr_expect(done >= least, "implementation %s: %zu lines", impl->name, done);
            done =
                simdinet_format_mixed_column(addresses, families, NULL, N, text, CAPACITY, offsets);
            cr_expect(done >= least, "implementation %s: a column of %zu", impl->name, done);
        }
        /* The same bitmap, all set, as validity. */
        size_t done = simdinet_format_ipv4_column(addresses, families, N, text, CAPACITY, offsets);
        cr_expect(done >= CAPACITY / 15, "implementation %s: %zu valid IPv4", impl->name, done);
        done = simdinet_format_ipv6_column(addresses, families, N, text, CAPACITY, offsets);
        cr_expect(done >= CAPACITY / 39, "implementation %s: %zu valid IPv6", impl->name, done);
    }
    free(addresses);
    free(text);
    free(offsets);
    guarded_free(&bits);
}

/* Every set of zero groups; the others have one to four digits, with and without group 5 as
 * ffff. */
Test(column_format, every_zero_run) {
    enum { WIDTHS = 5, N = 512 * WIDTHS };
    char *text = allocate(SIMDINET_IPV6_LINES_SIZE(N));
    int32_t *offsets = allocate((N + 1) * sizeof(int32_t));
    batch b = batch_new(ONLY_IPV6, N);
    prng random = {15};
    for (size_t i = 0; i < N; i++) {
        uint8_t *address = b.addresses + 16 * i;
        unsigned pattern = (unsigned)i % 512, width = (unsigned)i / 512;
        for (unsigned group = 0; group < 8; group++) {
            unsigned digits = width < 4 ? width : prng_below(&random, 4);
            unsigned value = (1u + prng_below(&random, 15)) << 4 * digits;
            value |= prng_below(&random, 1u << 4 * digits);
            if (pattern >> group & 1)
                value = 0;
            if (pattern >> 8 && group == 5)
                value = 0xffff;
            address[2 * group] = (uint8_t)(value >> 8);
            address[2 * group + 1] = (uint8_t)value;
        }
        batch_expect(&b, i);
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        size_t len, size = SIMDINET_IPV6_LINES_SIZE(N);
        size_t done = simdinet_format_ipv6_lines(b.addresses, N, '\n', text, size, &len);
        cr_expect(lines_match(&b, '\n', text, size, done, len), "implementation %s", impl->name);
        done = simdinet_format_ipv6_column(b.addresses, NULL, N, text, size, offsets);
        cr_expect(column_matches(&b, false, text, size, done, offsets), "implementation %s",
                  impl->name);
    }
    batch_free(&b);
    free(text);
    free(offsets);
}

/* Every pair of octets at every two positions, compared with the same implementation's single
 * address. */
Test(column_format, every_pair_of_octets) {
    enum { N = 65536 };
    uint8_t *addresses = allocate(4 * N);
    char *text = allocate(SIMDINET_IPV4_LINES_SIZE(N));
    int32_t *offsets = allocate((N + 1) * sizeof(int32_t));
    prng random = {16};
    for (unsigned positions = 0; positions < 16; positions++) {
        unsigned one = positions / 4, two = positions % 4;
        if (one >= two)
            continue;
        for (size_t i = 0; i < N; i++) {
            uint32_t others = (uint32_t)prng_next(&random);
            memcpy(addresses + 4 * i, &others, 4);
            addresses[4 * i + one] = (uint8_t)i;
            addresses[4 * i + two] = (uint8_t)(i >> 8);
        }
        FOR_EACH_IMPLEMENTATION (impl) {
            size_t len = impl->format_ipv4_lines(addresses, N, '\0', text);
            const char *p = text;
            for (size_t i = 0; i < N; i++) {
                char expected[SIMDINET_IPV4_TEXT_SIZE];
                size_t expected_len = impl->format_ipv4(addresses + 4 * i, expected);
                cr_assert(memcmp(p, expected, expected_len + 1) == 0, "implementation %s: %s",
                          impl->name, expected);
                p += expected_len + 1;
            }
            cr_assert_eq((size_t)(p - text), len);
            offsets[0] = 0;
            impl->format_ipv4_column(addresses, N, text, offsets);
            for (size_t i = 0; i < N; i++) {
                char expected[SIMDINET_IPV4_TEXT_SIZE];
                size_t expected_len = impl->format_ipv4(addresses + 4 * i, expected);
                cr_assert((size_t)(offsets[i + 1] - offsets[i]) == expected_len &&
                              memcmp(text + offsets[i], expected, expected_len) == 0,
                          "implementation %s: %s", impl->name, expected);
            }
        }
    }
    free(addresses);
    free(text);
    free(offsets);
}
