/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Operations on networks, netmasks and ranges, compared with references that treat an address as an
 * array of bits.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/prng.h"
#include "network_reference.h"

static simdinet_network network_of(const char *text) {
    simdinet_network network;
    cr_assert(
        simdinet_parse_network(text, strlen(text), SIMDINET_NETWORK_CLEAR_HOST_BITS, &network),
        "%s", text);
    return network;
}

/* Few distinct bytes, so that networks nest and touch. */
static simdinet_network random_network(prng *random) {
    static const uint8_t bytes[] = {0, 0, 1, 0x7f, 0x80, 0xfe, 0xff, 0xff};
    simdinet_network network;
    uint8_t address[16];
    unsigned family = prng_below(random, 2) ? 4 : 6;
    for (unsigned i = 0; i < 16; i++)
        address[i] = bytes[prng_below(random, sizeof bytes)];
    cr_assert(simdinet_make_network(address, family, prng_below(random, reference_bits(family) + 1),
                                    &network));
    return network;
}

static bool equal_networks(const simdinet_network *a, const simdinet_network *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

Test(network, make_clears_bits_and_checks_lengths) {
    uint8_t address[16];
    memset(address, 0xff, sizeof address);
    for (unsigned family = 0; family < 10; family++)
        for (unsigned length = 0; length < 400; length++) {
            simdinet_network network;
            memset(&network, 0xa5, sizeof network);
            bool ok = simdinet_make_network(address, family, length, &network);
            cr_assert_eq(ok, (family == 4 || family == 6) && length <= reference_bits(family));
            for (unsigned i = 0; ok && i < 128; i++)
                cr_assert_eq(reference_bit(network.address, i), i < length);
            cr_assert_eq(network.family, ok ? family : 0xa5);
            cr_assert_eq(network.prefix_length, ok ? length : 0xa5);
        }
}

Test(network, first_and_last) {
    prng random = {1};
    for (unsigned i = 0; i < 10000; i++) {
        simdinet_network network = random_network(&random);
        uint8_t first[16], last[16];
        simdinet_range range;
        simdinet_network_first(&network, first);
        simdinet_network_last(&network, last);
        simdinet_network_to_range(&network, &range);
        cr_assert_eq(memcmp(range.first, first, 16) | memcmp(range.last, last, 16), 0);
        cr_assert_eq(range.family, network.family);
        for (unsigned bit = 0; bit < 128; bit++) {
            cr_assert_eq(reference_bit(first, bit), reference_bit(network.address, bit));
            bool host = bit >= network.prefix_length && bit < reference_bits(network.family);
            cr_assert_eq(reference_bit(last, bit), host || reference_bit(first, bit));
        }
    }
}

static bool reference_contains(const simdinet_network *network, const uint8_t *address,
                               unsigned family) {
    bool equal = network->family == family;
    for (unsigned bit = 0; bit < network->prefix_length && equal; bit++)
        equal = reference_bit(network->address, bit) == reference_bit(address, bit);
    return equal;
}

static int reference_compare(const simdinet_network *a, const simdinet_network *b) {
    if (a->family != b->family)
        return a->family - b->family;
    for (unsigned i = 0; i < 16; i++)
        if (a->address[i] != b->address[i])
            return a->address[i] - b->address[i];
    return a->prefix_length - b->prefix_length;
}

static int sign(int x) {
    return (x > 0) - (x < 0);
}

Test(network, pairs) {
    prng random = {2};
    unsigned overlapping = 0;
    for (unsigned i = 0; i < 200000; i++) {
        simdinet_network a = random_network(&random), b = random_network(&random);
        bool contains =
            a.prefix_length <= b.prefix_length && reference_contains(&a, b.address, b.family);
        bool contained =
            b.prefix_length <= a.prefix_length && reference_contains(&b, a.address, a.family);
        cr_assert_eq(simdinet_network_contains(&a, &b), contains);
        cr_assert_eq(simdinet_network_overlaps(&a, &b), contains || contained);
        cr_assert_eq(simdinet_network_contains_address(&a, b.address, b.family),
                     reference_contains(&a, b.address, b.family));
        cr_assert_eq(sign(simdinet_network_compare(&a, &b)), sign(reference_compare(&a, &b)));
        cr_assert_eq(sign(simdinet_network_compare(&b, &a)), -sign(reference_compare(&a, &b)));
        cr_assert(!contains || simdinet_network_compare(&a, &b) <= 0);
        overlapping += contains;
    }
    cr_expect_gt(overlapping, 1000);
}

/* Adds 1 to the first bits of an address, read as a number. False: all of them were 1. */
static bool reference_next(simdinet_network *network) {
    for (unsigned i = network->prefix_length; i-- > 0;) {
        bool bit = reference_bit(network->address, i);
        reference_set_bit(network->address, i, !bit);
        if (!bit)
            return true;
    }
    return false;
}

Test(network, next_and_previous) {
    prng random = {3};
    unsigned ends = 0;
    for (unsigned i = 0; i < 50000; i++) {
        simdinet_network network = random_network(&random), expected = network, out = network;
        bool ok = reference_next(&expected);
        cr_assert_eq(simdinet_network_next(&network, &out), ok);
        cr_assert(equal_networks(&out, ok ? &expected : &network));
        ends += !ok;
        if (ok) {
            cr_assert(simdinet_network_previous(&out, &out));
            cr_assert(equal_networks(&out, &network));
        }
    }
    cr_expect_gt(ends, 100);
    simdinet_network zero = network_of("0.0.0.0/24"), out = zero;
    cr_expect_not(simdinet_network_previous(&zero, &out));
    cr_expect(equal_networks(&zero, &out));
}

Test(network, netmasks) {
    for (unsigned family = 4; family <= 6; family += 2) {
        for (unsigned length = 0; length <= reference_bits(family); length++) {
            uint8_t mask[16], host[16];
            cr_assert(simdinet_make_netmask(family, length, mask));
            cr_assert(simdinet_make_hostmask(family, length, host));
            for (unsigned i = 0; i < 128; i++) {
                cr_assert_eq(reference_bit(mask, i), i < length);
                cr_assert_eq(reference_bit(host, i), i >= length && i < reference_bits(family));
            }
            cr_assert_eq(simdinet_netmask_length(mask, family), (int)length);
            cr_assert_eq(simdinet_hostmask_length(host, family), (int)length);
            for (unsigned i = 0; i < reference_bits(family); i++) {
                /* With one bit changed it is a mask only at the ends of its runs. */
                reference_set_bit(mask, i, i >= length);
                int expected = i == length       ? (int)length + 1
                               : i + 1 == length ? (int)length - 1
                                                 : -1;
                cr_assert_eq(simdinet_netmask_length(mask, family), expected);
                reference_set_bit(mask, i, i < length);
            }
        }
        uint8_t unchanged[16] = {0xa5};
        cr_expect_not(simdinet_make_netmask(family, reference_bits(family) + 1, unchanged));
        cr_expect_not(simdinet_make_hostmask(family, reference_bits(family) + 1, unchanged));
        cr_expect_not(simdinet_make_netmask(5, 1, unchanged));
        cr_expect_not(simdinet_make_hostmask(5, 1, unchanged));
        cr_expect_eq(unchanged[0], 0xa5);
        cr_expect_eq(simdinet_netmask_length(unchanged, 5), -1);
        cr_expect_eq(simdinet_hostmask_length(unchanged, 5), -1);
    }
}

Test(network, format) {
    static const char *const texts[] = {"0.0.0.0/0",
                                        "10.0.0.0/8",
                                        "192.0.2.128/25",
                                        "255.255.255.255/32",
                                        "::/0",
                                        "2001:db8::/32",
                                        "2001:db8:0:0:1::/99",
                                        "::ffff:192.0.2.0/120",
                                        "::1/128",
                                        "1111:2222:3333:4444:5555:6666:7777:8888/128"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        simdinet_network network = network_of(texts[i]);
        char out[SIMDINET_NETWORK_TEXT_SIZE];
        size_t len = simdinet_format_network(&network, out);
        cr_expect_eq(len, strlen(out));
        simdinet_network again = network_of(out);
        cr_expect(equal_networks(&again, &network));
        if (i != 6)
            cr_expect_str_eq(out, texts[i]);
    }
}

/* ---- ranges -------------------------------------------------------------------------------------- */

/* The number of maximal subtrees of a binary tree with 2^bits leaves that lie in [first, last]. */
static size_t count_subtrees(unsigned from, unsigned bits, unsigned first, unsigned last) {
    unsigned to = from + (1u << bits) - 1;
    if (to < first || from > last)
        return 0;
    if (first <= from && to <= last)
        return 1;
    return count_subtrees(from, bits - 1, first, last) +
           count_subtrees(from + (1u << (bits - 1)), bits - 1, first, last);
}

/* Writes 8 bits of an address, from bit at on; the bits after them are all equal. */
static void place_bits(uint8_t address[16], unsigned family, unsigned at, unsigned value,
                       bool rest) {
    memset(address, 0, 16);
    for (unsigned i = 0; i < 8; i++)
        reference_set_bit(address, at + i, value >> (7 - i) & 1);
    for (unsigned i = at + 8; i < reference_bits(family); i++)
        reference_set_bit(address, i, rest);
}

static void check_networks_of(const simdinet_range *range, size_t expected) {
    simdinet_network networks[SIMDINET_IPV6_RANGE_MAX_NETWORKS], one;
    size_t n = simdinet_range_to_networks(range, networks, SIMDINET_IPV6_RANGE_MAX_NETWORKS);
    cr_assert_eq(n, expected);
    cr_assert_eq(memcmp(networks[0].address, range->first, 16), 0);
    for (size_t i = 0; i < n; i++) {
        uint8_t last[16];
        simdinet_network checked, next;
        cr_assert_eq(networks[i].family, range->family);
        cr_assert(simdinet_make_network(networks[i].address, networks[i].family,
                                        networks[i].prefix_length, &checked));
        cr_assert(equal_networks(&checked, &networks[i]), "host bits are set");
        simdinet_network_last(&networks[i], last);
        if (i + 1 == n) {
            cr_assert_eq(memcmp(last, range->last, 16), 0);
            break;
        }
        /* The next network starts one past the last address. */
        cr_assert(simdinet_make_network(last, range->family, reference_bits(range->family), &next));
        cr_assert(simdinet_network_next(&next, &next));
        cr_assert_eq(memcmp(next.address, networks[i + 1].address, 16), 0);
    }
    cr_assert_eq(simdinet_range_to_networks(range, &one, 1), n);
    cr_assert(equal_networks(&one, &networks[0]));
    cr_assert_eq(simdinet_range_to_networks(range, NULL, 0), n);
}

Test(network, every_range_of_eight_bits) {
    static const struct {
        unsigned family, at;
    } places[] = {{4, 24}, {4, 0}, {4, 13}, {6, 120}, {6, 0}, {6, 60}, {6, 56}, {6, 64}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        for (unsigned first = 0; first < 256; first++)
            for (unsigned last = first; last < 256; last++) {
                simdinet_range range = {.family = (uint8_t)places[i].family};
                place_bits(range.first, range.family, places[i].at, first, false);
                place_bits(range.last, range.family, places[i].at, last, true);
                check_networks_of(&range, count_subtrees(0, 8, first, last));
            }
}

Test(network, longest_lists_of_networks) {
    for (unsigned family = 4; family <= 6; family += 2) {
        unsigned bits = reference_bits(family);
        simdinet_range range = {.family = (uint8_t)family};
        memset(range.last, 0xff, bits / 8);
        check_networks_of(&range, 1);
        reference_set_bit(range.first, bits - 1, true);
        check_networks_of(&range, bits);
        reference_set_bit(range.last, bits - 1, false);
        check_networks_of(&range, 2 * bits - 2);
        cr_expect_eq(2 * bits - 2, family == 4 ? SIMDINET_IPV4_RANGE_MAX_NETWORKS
                                               : SIMDINET_IPV6_RANGE_MAX_NETWORKS);
    }
}

Test(network, invalid_ranges_have_no_networks) {
    simdinet_range range = {.first = {1}, .last = {0}, .family = 4};
    cr_expect_eq(simdinet_range_to_networks(&range, NULL, 0), 0);
    range = (simdinet_range){.family = 5};
    cr_expect_eq(simdinet_range_to_networks(&range, NULL, 0), 0);
}
