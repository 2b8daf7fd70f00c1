/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Columns of addresses and networks, on every implementation: each value compared with a loop over
 * bits or with the lookup of a single address; text columns with parsing and then looking up.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet_network_set.h"

enum { MAX_VALUES = 300, NETWORKS = 400, CANARY = 0xa5 };

typedef enum kind { IPV4_KIND, IPV6_KIND, MIXED_KIND, KINDS } kind;

static const char *const kind_names[KINDS] = {"ipv4", "ipv6", "mixed"};

/* A random column; validity and families are always filled. */
typedef struct column {
    kind kind;
    size_t n, size; /* of an address */
    uint8_t addresses[MAX_VALUES * 16];
    uint8_t families[MAX_VALUES / 8 + 1], validity[MAX_VALUES / 8 + 1];
    const uint8_t *valid; /* validity or NULL */
} column;

static bool bit(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

static bool is_ipv6(const column *c, size_t i) {
    return c->kind == IPV6_KIND || (c->kind == MIXED_KIND && bit(c->families, i));
}

static bool is_valid(const column *c, size_t i) {
    return !c->valid || bit(c->valid, i);
}

/* The address as simdinet_network_set_lookup takes it: 4 or 16 bytes. */
static const uint8_t *address_of(const column *c, size_t i) {
    const uint8_t *address = c->addresses + i * c->size;
    return c->kind == MIXED_KIND && !is_ipv6(c, i) ? address + 12 : address;
}

/* Addresses in few networks, so that they match and differ in any bit. */
static void random_address(prng *random, bool ipv6, uint8_t *address) {
    unsigned bytes = ipv6 ? 16 : 4;
    memset(address, 0, bytes);
    address[0] = ipv6 ? 0x20 : 10;
    if (ipv6 && prng_below(random, 3) == 0)
        memcpy(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    for (unsigned i = prng_below(random, bytes); i < bytes; i++)
        address[i] = (uint8_t)(prng_below(random, 3) ? prng_below(random, 3) : prng_next(random));
}

static void random_column(prng *random, kind k, column *c) {
    c->kind = k;
    c->n = prng_below(random, MAX_VALUES);
    c->size = k == IPV4_KIND ? 4 : 16;
    for (size_t i = 0; i < sizeof c->families; i++) {
        c->families[i] = (uint8_t)prng_next(random);
        c->validity[i] = (uint8_t)prng_next(random);
    }
    if (prng_below(random, 4) == 0)
        memset(c->families, prng_below(random, 2) ? 0xff : 0, sizeof c->families);
    c->valid = prng_below(random, 2) ? c->validity : NULL;
    for (size_t i = 0; i < c->n; i++) {
        uint8_t *address = c->addresses + i * c->size;
        if (k == MIXED_KIND && !is_ipv6(c, i)) {
            memcpy(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
            random_address(random, false, address + 12);
        } else {
            random_address(random, is_ipv6(c, i), address);
        }
        if (!is_valid(c, i))
            memset(address, 0, c->size);
    }
}

static void random_network(prng *random, simdinet_network *network) {
    *network = (simdinet_network){.family = prng_below(random, 2) ? 4 : 6};
    unsigned bits = network->family == 4 ? 32 : 128;
    random_address(random, network->family == 6, network->address);
    network->prefix_length = (uint8_t)prng_below(random, bits + 1);
}

/* Bits past the n-th are 0, and bytes past the bitmap are canaries. */
static void expect_bitmap_end(const uint8_t *bits, size_t n, size_t room) {
    if (n % 8)
        cr_assert_eq(bits[n / 8] >> n % 8, 0);
    for (size_t i = (n + 7) / 8; i < room; i++)
        cr_assert_eq(bits[i], CANARY);
}

static bool contains(const simdinet_network *network, const uint8_t *address, bool ipv6) {
    if (network->family != (ipv6 ? 6 : 4))
        return false;
    for (unsigned i = 0; i < network->prefix_length; i++)
        if ((network->address[i / 8] ^ address[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

/* ---- truncation, one network ----------------------------------------------------------------- */

Test(network_column, truncate) {
    prng random = {31};
    column c;
    for (size_t round = 0; round < repetitions(2000); round++) {
        random_column(&random, (kind)(round % KINDS), &c);
        unsigned lengths[2] = {prng_below(&random, 40), prng_below(&random, 140)};
        uint8_t out[MAX_VALUES * 16 + 1], expected[MAX_VALUES * 16];
        memcpy(expected, c.addresses, sizeof expected);
        for (size_t i = 0; i < c.n; i++) {
            uint8_t *address =
                expected + i * c.size + (c.kind == MIXED_KIND && !is_ipv6(&c, i) ? 12 : 0);
            for (unsigned k = lengths[is_ipv6(&c, i)]; k < (is_ipv6(&c, i) ? 128 : 32); k++)
                address[k / 8] &= (uint8_t) ~(0x80 >> k % 8);
        }
        bool in_place = round % 2;
        uint8_t *to = in_place ? c.addresses : out;
        out[c.n * c.size] = CANARY;
        if (c.kind == IPV4_KIND)
            simdinet_truncate_ipv4_column(c.addresses, c.n, lengths[0], to);
        else if (c.kind == IPV6_KIND)
            simdinet_truncate_ipv6_column(c.addresses, c.n, lengths[1], to);
        else
            simdinet_truncate_mixed_column(c.addresses, c.families, c.n, lengths[0], lengths[1],
                                           to);
        cr_assert(c.n == 0 || memcmp(to, expected, c.n * c.size) == 0, "%s, /%u, /%u",
                  kind_names[c.kind], lengths[0], lengths[1]);
        cr_assert_eq(out[c.n * c.size], CANARY);
    }
}

Test(network_column, in_one_network) {
    prng random = {32};
    column c;
    for (size_t round = 0; round < repetitions(3000); round++) {
        simdinet_network network;
        uint8_t out[MAX_VALUES / 8 + 9];
        size_t n_expected = 0, n;
        random_column(&random, (kind)(round % KINDS), &c);
        random_network(&random, &network);
        if (c.n > 0 && prng_below(&random, 2)) { /* an address of the column */
            size_t i = prng_below(&random, (unsigned)c.n);
            network.family = is_ipv6(&c, i) ? 6 : 4;
            memset(network.address, 0, 16);
            memcpy(network.address, address_of(&c, i), is_ipv6(&c, i) ? 16 : 4);
            network.prefix_length = (uint8_t)prng_below(&random, is_ipv6(&c, i) ? 129 : 33);
        }
        memset(out, CANARY, sizeof out);
        if (c.kind == IPV4_KIND)
            n = simdinet_network_contains_ipv4_column(&network, c.addresses, c.n, c.valid, out);
        else if (c.kind == IPV6_KIND)
            n = simdinet_network_contains_ipv6_column(&network, c.addresses, c.n, c.valid, out);
        else
            n = simdinet_network_contains_mixed_column(&network, c.addresses, c.families, c.n,
                                                       c.valid, out);
        for (size_t i = 0; i < c.n; i++) {
            bool expected =
                is_valid(&c, i) && contains(&network, address_of(&c, i), is_ipv6(&c, i));
            cr_assert_eq(bit(out, i), expected, "%s, value %zu", kind_names[c.kind], i);
            n_expected += expected;
        }
        cr_assert_eq(n, n_expected);
        expect_bitmap_end(out, c.n, sizeof out);
    }
    simdinet_network invalid = {{0}, 4, 33};
    uint8_t address[16] = {0}, out = 0xff;
    cr_expect_eq(simdinet_network_contains_ipv4_column(&invalid, address, 1, NULL, &out), 0);
    cr_expect_eq(out, 0);
}

/* ---- classes --------------------------------------------------------------------------------- */

static void expect_classes(const column *c) {
    uint32_t classes[MAX_VALUES + 1];
    classes[c->n] = 0xa5a5a5a5;
    if (c->kind == IPV4_KIND)
        simdinet_classify_ipv4_column(c->addresses, c->n, c->valid, classes);
    else if (c->kind == IPV6_KIND)
        simdinet_classify_ipv6_column(c->addresses, c->n, c->valid, classes);
    else
        simdinet_classify_mixed_column(c->addresses, c->families, c->n, c->valid, classes);
    for (size_t i = 0; i < c->n; i++) {
        unsigned which = is_ipv6(c, i) ? 6 : 4;
        uint32_t expected = is_valid(c, i) ? simdinet_classify(address_of(c, i), which) : 0;
        cr_assert_eq(classes[i], expected, "%s, value %zu: %#x", kind_names[c->kind], i,
                     classes[i]);
    }
    cr_assert_eq(classes[c->n], 0xa5a5a5a5);
}

/* Random addresses, and the ends of every block of the registries with their neighbours. */
Test(network_column, classes) {
    prng random = {37};
    column c;
    simdinet_class_block block;
    for (size_t index = 0; simdinet_describe_class_block(index, &block); index++) {
        size_t size = block.network.family == 4 ? 4 : 16;
        c = (column){.kind = size == 4 ? IPV4_KIND : IPV6_KIND, .n = 4, .size = size};
        uint8_t last[16];
        simdinet_network_last(&block.network, last);
        for (size_t k = 0; k < 4; k++) {
            uint8_t *address = c.addresses + k * size;
            memcpy(address, k < 2 ? block.network.address : last, size);
            for (size_t byte = size; k == 0 && byte-- > 0 && address[byte]-- == 0;) {
            }
            for (size_t byte = size; k == 3 && byte-- > 0 && ++address[byte] == 0;) {
            }
        }
        expect_classes(&c);
    }
    for (size_t round = 0; round < repetitions(3000); round++) {
        random_column(&random, (kind)(round % KINDS), &c);
        for (size_t i = 0; i < c.n * c.size && round % 2; i++)
            if (c.kind != MIXED_KIND)
                c.addresses[i] = (uint8_t)prng_next(&random);
        expect_classes(&c);
    }
}

/* Every first two bytes of both families. */
Test(network_column, classes_of_every_prefix) {
    column c = {.kind = IPV4_KIND, .n = 256, .size = 4};
    for (int which = 0; which < 2; which++) {
        c.kind = which ? IPV6_KIND : IPV4_KIND;
        c.size = which ? 16 : 4;
        for (unsigned first = 0; first < 256; first++) {
            memset(c.addresses, 0x55, sizeof c.addresses);
            for (unsigned second = 0; second < 256; second++) {
                c.addresses[second * c.size] = (uint8_t)first;
                c.addresses[second * c.size + 1] = (uint8_t)second;
            }
            expect_classes(&c);
        }
    }
}

/* ---- sets ------------------------------------------------------------------------------------ */

static simdinet_network_set *random_set(prng *random, bool everything) {
    simdinet_network networks[NETWORKS];
    uint32_t values[NETWORKS];
    simdinet_network_set *set;
    for (size_t i = 0; i < NETWORKS; i++) {
        random_network(random, &networks[i]);
        if (networks[i].prefix_length == 0 && !everything)
            networks[i].prefix_length = 1;
        values[i] = (uint32_t)prng_next(random);
    }
    cr_assert_eq(simdinet_build_network_set(networks, values, NETWORKS, 0, NULL, &set, NULL),
                 SIMDINET_SET_OK);
    return set;
}

static size_t lookup(const simdinet_network_set *set, const column *c, uint32_t *values,
                     uint8_t *lengths, uint8_t *out) {
    return c->kind == IPV4_KIND ? simdinet_lookup_ipv4_column(set, c->addresses, c->n, c->valid,
                                                              values, lengths, out)
           : c->kind == IPV6_KIND
               ? simdinet_lookup_ipv6_column(set, c->addresses, c->n, c->valid, values, lengths,
                                             out)
               : simdinet_lookup_mixed_column(set, c->addresses, c->families, c->n, c->valid,
                                              values, lengths, out);
}

Test(network_column, in_set) {
    FOR_EACH_IMPLEMENTATION (impl) {
        prng random = {33};
        column c;
        simdinet_use_implementation(impl->name);
        for (size_t round = 0; round < repetitions(300); round++) {
            simdinet_network_set *set = random_set(&random, round % 2);
            uint32_t values[MAX_VALUES + 1];
            uint8_t lengths[MAX_VALUES + 1], out[MAX_VALUES / 8 + 9], other[MAX_VALUES / 8 + 9];
            random_column(&random, (kind)(round % KINDS), &c);
            memset(values, CANARY, sizeof values);
            memset(lengths, CANARY, sizeof lengths);
            memset(out, CANARY, sizeof out);
            size_t n = lookup(set, &c, values, lengths, out), n_expected = 0;
            for (size_t i = 0; i < c.n; i++) {
                uint32_t value = 0;
                uint8_t length = 0;
                bool found = is_valid(&c, i) &&
                             simdinet_network_set_lookup(set, address_of(&c, i),
                                                         is_ipv6(&c, i) ? 6 : 4, &value, &length);
                cr_assert_eq(bit(out, i), found, "%s %s value %zu", impl->name, kind_names[c.kind],
                             i);
                cr_assert_eq(values[i], value, "%s %s value %zu", impl->name, kind_names[c.kind],
                             i);
                cr_assert_eq(lengths[i], length, "%s %s value %zu", impl->name, kind_names[c.kind],
                             i);
                n_expected += found;
            }
            cr_assert_eq(n, n_expected);
            expect_bitmap_end(out, c.n, sizeof out);
            cr_assert_eq(values[c.n], 0xa5a5a5a5);
            cr_assert_eq(lengths[c.n], CANARY);
            /* Without values, without lengths, without both; the bitmap over validity. */
            for (int which = 0; which < 3; which++) {
                uint32_t again[MAX_VALUES];
                uint8_t lengths_again[MAX_VALUES];
                memset(other, CANARY, sizeof other);
                cr_assert_eq(lookup(set, &c, which == 0 ? again : NULL,
                                    which == 1 ? lengths_again : NULL, other),
                             n);
                cr_assert(memcmp(out, other, (c.n + 7) / 8) == 0);
                cr_assert(which != 0 || memcmp(again, values, c.n * sizeof *values) == 0);
                cr_assert(which != 1 || memcmp(lengths_again, lengths, c.n) == 0);
            }
            cr_assert_eq(lookup(set, &c, NULL, NULL, c.validity), n);
            cr_assert(memcmp(out, c.validity, (c.n + 7) / 8) == 0);
            simdinet_free_network_set(set);
        }
    }
    simdinet_use_implementation(NULL);
}

/* ---- text ------------------------------------------------------------------------------------ */

static size_t random_text(prng *random, char *text) {
    uint8_t address[16];
    bool ipv6 = prng_below(random, 2);
    char formatted[SIMDINET_IPV6_TEXT_SIZE];
    random_address(random, ipv6, address);
    size_t len =
        ipv6 ? simdinet_format_ipv6(address, formatted) : simdinet_format_ipv4(address, formatted);
    memcpy(text, formatted, len);
    switch (prng_below(random, 8)) {
    case 0:
        return prng_below(random, (unsigned)len);
    case 1:
        text[prng_below(random, (unsigned)len)] = (char)prng_next(random);
        return len;
    default:
        return len;
    }
}

typedef size_t text_function(const simdinet_network_set *set, const char *bytes,
                             const int32_t *offsets, size_t n, const uint8_t *validity,
                             uint32_t *values, uint8_t *lengths, uint8_t *out,
                             uint8_t *out_validity);
typedef size_t text_function64(const simdinet_network_set *set, const char *bytes,
                               const int64_t *offsets, size_t n, const uint8_t *validity,
                               uint32_t *values, uint8_t *lengths, uint8_t *out,
                               uint8_t *out_validity);

Test(network_column, text_in_set) {
    static text_function *const functions[KINDS] = {simdinet_lookup_ipv4_text_column,
                                                    simdinet_lookup_ipv6_text_column,
                                                    simdinet_lookup_mixed_text_column};
    static text_function64 *const functions64[KINDS] = {simdinet_lookup_ipv4_text_column64,
                                                        simdinet_lookup_ipv6_text_column64,
                                                        simdinet_lookup_mixed_text_column64};
    char *text = malloc(MAX_VALUES * SIMDINET_IPV6_TEXT_SIZE);
    FOR_EACH_IMPLEMENTATION (impl) {
        prng random = {34};
        simdinet_use_implementation(impl->name);
        for (size_t round = 0; round < repetitions(300); round++) {
            simdinet_network_set *set = random_set(&random, round % 2);
            int32_t offsets[MAX_VALUES + 1] = {0};
            int64_t offsets64[MAX_VALUES + 1] = {0};
            uint8_t nulls[MAX_VALUES / 8 + 1];
            column c = {.kind = (kind)(round % KINDS), .n = prng_below(&random, MAX_VALUES)};
            c.size = c.kind == IPV4_KIND ? 4 : 16;
            c.valid = c.validity;
            for (size_t i = 0; i < c.n; i++) {
                offsets[i + 1] = offsets[i] + (int32_t)random_text(&random, text + offsets[i]);
                offsets64[i + 1] = offsets[i + 1];
            }
            for (size_t i = 0; i < sizeof nulls; i++)
                nulls[i] = (uint8_t)prng_next(&random);
            const uint8_t *given = round % 3 ? nulls : NULL;
            if (c.kind == IPV4_KIND)
                simdinet_parse_ipv4_column(text, offsets, c.n, given, c.addresses, c.validity);
            else if (c.kind == IPV6_KIND)
                simdinet_parse_ipv6_column(text, offsets, c.n, given, c.addresses, c.validity);
            else
                simdinet_parse_mixed_column(text, offsets, c.n, given, c.addresses, c.validity,
                                            c.families);
            uint32_t expected_values[MAX_VALUES];
            uint8_t expected_lengths[MAX_VALUES], expected[MAX_VALUES / 8 + 1];
            size_t n_expected = lookup(set, &c, expected_values, expected_lengths, expected);
            for (int wide = 0; wide < 2; wide++) {
                uint32_t values[MAX_VALUES];
                uint8_t lengths[MAX_VALUES], out[MAX_VALUES / 8 + 9], valid[MAX_VALUES / 8 + 9];
                memset(out, CANARY, sizeof out);
                memset(valid, CANARY, sizeof valid);
                size_t n = wide ? functions64[c.kind](set, text, offsets64, c.n, given, values,
                                                      lengths, out, valid)
                                : functions[c.kind](set, text, offsets, c.n, given, values, lengths,
                                                    out, valid);
                cr_assert_eq(n, n_expected, "%s %s", impl->name, kind_names[c.kind]);
                cr_assert(memcmp(out, expected, (c.n + 7) / 8) == 0);
                cr_assert(memcmp(valid, c.validity, (c.n + 7) / 8) == 0);
                cr_assert(memcmp(values, expected_values, c.n * sizeof *values) == 0);
                cr_assert(memcmp(lengths, expected_lengths, c.n) == 0);
                expect_bitmap_end(out, c.n, sizeof out);
                expect_bitmap_end(valid, c.n, sizeof valid);
                memset(out, CANARY, sizeof out);
                cr_assert_eq(
                    wide ? functions64[c.kind](set, text, offsets64, c.n, given, NULL, NULL, out,
                                               NULL)
                         : functions[c.kind](set, text, offsets, c.n, given, NULL, NULL, out, NULL),
                    n_expected);
                cr_assert(memcmp(out, expected, (c.n + 7) / 8) == 0);
            }
            simdinet_free_network_set(set);
        }
    }
    free(text);
    simdinet_use_implementation(NULL);
}

/* ---- IPv4-mapped addresses and order --------------------------------------------------------- */

Test(network_column, mapped_and_back) {
    prng random = {35};
    column c, back;
    for (size_t round = 0; round < repetitions(1000); round++) {
        uint8_t mapped[MAX_VALUES * 16 + 1], valid[MAX_VALUES / 8 + 9];
        random_column(&random, IPV4_KIND, &c);
        mapped[c.n * 16] = CANARY;
        simdinet_ipv4_to_mapped_column(c.addresses, c.n, mapped);
        cr_assert_eq(mapped[c.n * 16], CANARY);
        for (size_t i = 0; i < c.n; i++) {
            cr_assert_arr_eq(mapped + i * 16, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
            cr_assert_arr_eq(mapped + i * 16 + 12, c.addresses + i * 4, 4);
        }
        cr_assert_eq(simdinet_mapped_to_ipv4_column(mapped, c.n, NULL, back.addresses, valid), c.n);
        cr_assert(memcmp(back.addresses, c.addresses, c.n * 4) == 0);

        random_column(&random, IPV6_KIND, &c);
        memset(valid, CANARY, sizeof valid);
        memset(back.addresses, CANARY, sizeof back.addresses);
        size_t n = simdinet_mapped_to_ipv4_column(c.addresses, c.n, c.valid, back.addresses, valid);
        for (size_t i = 0; i < c.n; i++) {
            bool is_mapped = is_valid(&c, i) &&
                             memcmp(c.addresses + i * 16, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
            cr_assert_eq(bit(valid, i), is_mapped);
            cr_assert_arr_eq(back.addresses + i * 4,
                             is_mapped ? (const char *)c.addresses + i * 16 + 12 : "\0\0\0", 4);
            n -= is_mapped;
        }
        cr_assert_eq(n, 0);
        cr_assert_eq(back.addresses[c.n * 4], CANARY);
        expect_bitmap_end(valid, c.n, sizeof valid);
    }
}

Test(network_column, order) {
    FOR_EACH_IMPLEMENTATION (impl) {
        prng random = {36};
        column a, b;
        simdinet_use_implementation(impl->name);
        for (size_t round = 0; round < repetitions(1000); round++) {
            int8_t order[MAX_VALUES + 1];
            uint64_t keys[2][2 * MAX_VALUES + 1];
            kind k = round % 2 ? IPV4_KIND : IPV6_KIND;
            random_column(&random, k, &a);
            random_column(&random, k, &b);
            size_t n = a.n < b.n ? a.n : b.n;
            order[n] = 7;
            if (k == IPV4_KIND) {
                simdinet_compare_ipv4_column(a.addresses, b.addresses, n, order);
                simdinet_ipv4_sort_keys(a.addresses, n, (uint32_t *)keys[0]);
                simdinet_ipv4_sort_keys(b.addresses, n, (uint32_t *)keys[1]);
            } else {
                simdinet_compare_ipv6_column(a.addresses, b.addresses, n, order);
                simdinet_ipv6_sort_keys(a.addresses, n, keys[0]);
                simdinet_ipv6_sort_keys(b.addresses, n, keys[1]);
            }
            cr_assert_eq(order[n], 7);
            for (size_t i = 0; i < n; i++) {
                int expected = memcmp(a.addresses + i * a.size, b.addresses + i * a.size, a.size);
                expected = (expected > 0) - (expected < 0);
                cr_assert_eq(order[i], expected);
                int by_key;
                if (k == IPV4_KIND) {
                    uint32_t x = ((uint32_t *)keys[0])[i], y = ((uint32_t *)keys[1])[i];
                    by_key = (x > y) - (x < y);
                } else {
                    const uint64_t *x = &keys[0][2 * i], *y = &keys[1][2 * i];
                    by_key = x[0] != y[0] ? (x[0] > y[0] ? 1 : -1) : (x[1] > y[1]) - (x[1] < y[1]);
                }
                cr_assert_eq(by_key, expected);
            }
        }
    }
    simdinet_use_implementation(NULL);
}

Test(network_column, no_values) {
    simdinet_network network = {{10}, 4, 8};
    simdinet_network_set *set;
    cr_assert_eq(simdinet_build_network_set(&network, NULL, 1, 0, NULL, &set, NULL),
                 SIMDINET_SET_OK);
    simdinet_truncate_ipv4_column(NULL, 0, 8, NULL);
    simdinet_truncate_ipv6_column(NULL, 0, 8, NULL);
    simdinet_truncate_mixed_column(NULL, NULL, 0, 8, 8, NULL);
    cr_expect_eq(simdinet_network_contains_mixed_column(&network, NULL, NULL, 0, NULL, NULL), 0);
    cr_expect_eq(simdinet_lookup_mixed_column(set, NULL, NULL, 0, NULL, NULL, NULL, NULL), 0);
    cr_expect_eq(
        simdinet_lookup_mixed_text_column(set, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL), 0);
    simdinet_ipv4_to_mapped_column(NULL, 0, NULL);
    cr_expect_eq(simdinet_mapped_to_ipv4_column(NULL, 0, NULL, NULL, NULL), 0);
    /* Empty values need no bytes. */
    const int64_t offsets[3] = {0, 0, 0};
    uint8_t found = 0xff, valid = 0xff;
    cr_expect_eq(
        simdinet_lookup_ipv4_text_column64(set, NULL, offsets, 2, NULL, NULL, NULL, &found, &valid),
        0);
    cr_expect_eq((found | valid) & 3, 0);
    /* A null that has the bytes of a mapped address. */
    const uint8_t mapped[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1}, null = 0;
    uint8_t ipv4[4] = {1, 1, 1, 1};
    cr_expect_eq(simdinet_mapped_to_ipv4_column(mapped, 1, &null, ipv4, &valid), 0);
    cr_expect_eq(valid & 1, 0);
    simdinet_free_network_set(set);
}
