/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network.c - operations on networks and netmasks.
 */
#include "network_bits.h"

#include <string.h>

/* The prefix length, at most as long as an address of the family. */
static unsigned clamped_prefix_length(const simdinet_network *network) {
    unsigned bits = family_bits(network->family);
    return network->prefix_length < bits ? network->prefix_length : bits;
}

/* The span of a network whose members may have any values. */
static span128 clamped_span(const simdinet_network *network) {
    simdinet_network clamped = *network;
    clamped.prefix_length = (uint8_t)clamped_prefix_length(network);
    return network_span(&clamped);
}

bool simdinet_make_network(const uint8_t *address, unsigned family, unsigned prefix_length,
                           simdinet_network *out) {
    if ((family != 4 && family != 6) || prefix_length > family_bits(family))
        return false;
    bits128 netmask = bits128_not(bits128_host_mask(prefix_length));
    bits128_store(out->address, bits128_and(address_load(address, family), netmask));
    out->family = (uint8_t)family;
    out->prefix_length = (uint8_t)prefix_length;
    return true;
}

void simdinet_network_first(const simdinet_network *network, uint8_t out[16]) {
    memmove(out, network->address, 16);
}

void simdinet_network_last(const simdinet_network *network, uint8_t out[16]) {
    address_store(out, network->family, clamped_span(network).last);
}

bool simdinet_network_contains_address(const simdinet_network *network, const uint8_t *address,
                                       unsigned family) {
    if (network->family != family)
        return false;
    bits128 a = bits128_load(network->address), b = address_load(address, family);
    bits128 host = bits128_host_mask(clamped_prefix_length(network));
    return (((a.high ^ b.high) & ~host.high) | ((a.low ^ b.low) & ~host.low)) == 0;
}

bool simdinet_network_contains(const simdinet_network *network, const simdinet_network *other) {
    return network->prefix_length <= other->prefix_length &&
           simdinet_network_contains_address(network, other->address, other->family);
}

bool simdinet_network_overlaps(const simdinet_network *a, const simdinet_network *b) {
    return simdinet_network_contains(a, b) || simdinet_network_contains(b, a);
}

int simdinet_network_compare(const simdinet_network *a, const simdinet_network *b) {
    return network_order(a, b);
}

bool simdinet_network_next(const simdinet_network *network, simdinet_network *out) {
    bits128 first = bits128_next(clamped_span(network).last);
    if (!(first.high | first.low)) /* wrapped around */
        return false;
    *out = *network;
    bits128_store(out->address, first);
    return true;
}

bool simdinet_network_previous(const simdinet_network *network, simdinet_network *out) {
    bits128 first = clamped_span(network).first;
    if (!(first.high | first.low))
        return false;
    bits128 host = bits128_host_mask(clamped_prefix_length(network));
    *out = *network;
    bits128_store(out->address, bits128_and(bits128_previous(first), bits128_not(host)));
    return true;
}

size_t simdinet_format_network(const simdinet_network *network,
                               char out[SIMDINET_NETWORK_TEXT_SIZE]) {
    unsigned length = clamped_prefix_length(network);
    size_t n = network->family == 4 ? simdinet_format_ipv4(network->address, out)
                                    : simdinet_format_ipv6(network->address, out);
    out[n++] = '/';
    if (length >= 100)
        out[n++] = '1';
    if (length >= 10)
        out[n++] = (char)('0' + length / 10 % 10);
    out[n++] = (char)('0' + length % 10);
    out[n] = '\0';
    return n;
}

/* ---- netmasks -------------------------------------------------------------------------------- */

bool simdinet_make_netmask(unsigned family, unsigned prefix_length, uint8_t out[16]) {
    if ((family != 4 && family != 6) || prefix_length > family_bits(family))
        return false;
    address_store(out, family, bits128_not(bits128_host_mask(prefix_length)));
    return true;
}

bool simdinet_make_hostmask(unsigned family, unsigned prefix_length, uint8_t out[16]) {
    if ((family != 4 && family != 6) || prefix_length > family_bits(family))
        return false;
    address_store(out, family, bits128_host_mask(prefix_length));
    return true;
}

/* The addresses from a netmask to the end are one network of its length. */
static int netmask_length(bits128 mask) {
    unsigned length = span_prefix_length((span128){mask, {UINT64_MAX, UINT64_MAX}});
    return bits128_equal(bits128_not(bits128_host_mask(length)), mask) ? (int)length : -1;
}

int simdinet_netmask_length(const uint8_t *mask, unsigned family) {
    return family == 4 || family == 6 ? netmask_length(address_load(mask, family)) : -1;
}

int simdinet_hostmask_length(const uint8_t *mask, unsigned family) {
    if (family != 4 && family != 6)
        return -1;
    bits128 below = bits128_host_mask(family_bits(family));
    return netmask_length(bits128_not(bits128_or(address_load(mask, family), below)));
}
