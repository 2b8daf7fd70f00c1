/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network.c - operations on networks and netmasks.
 *
 * An address of 16 bytes is a string of bits, of which the prefix length counts the first ones.
 * IPv4 is the case in which bits from 32 on are 0.
 */
#include "network_text.h"

#include <string.h>

/* The prefix length, at most as long as an address of the family. */
static unsigned clamped_prefix_length(const simdinet_network *network) {
    unsigned bits = network_bits(network->family);
    return network->prefix_length < bits ? network->prefix_length : bits;
}

/* Whether two addresses have the same first bits. No byte past those bits is read. */
static bool equal_bits(const uint8_t *a, const uint8_t *b, unsigned bits) {
    unsigned bytes = bits / 8, rest = bits % 8;
    return memcmp(a, b, bytes) == 0 && (rest == 0 || ((a[bytes] ^ b[bytes]) >> (8 - rest)) == 0);
}

/* Clears or sets the bits of an address from one bit up to the end of the family. */
static void fill_bits(uint8_t address[16], unsigned from, unsigned to, bool set) {
    if (from == to)
        return;
    unsigned byte = from / 8;
    uint8_t rest = (uint8_t)(0xffu >> from % 8);
    address[byte] = (uint8_t)(set ? address[byte] | rest : address[byte] & ~rest);
    memset(address + byte + 1, set ? 0xff : 0, to / 8 - byte - 1);
}

bool simdinet_make_network(const uint8_t *address, unsigned family, unsigned prefix_length,
                           simdinet_network *out) {
    simdinet_network network = {{0}, (uint8_t)family, (uint8_t)prefix_length};
    if ((family != 4 && family != 6) || prefix_length > network_bits(family))
        return false;
    memcpy(network.address, address, family == 4 ? 4 : 16);
    fill_bits(network.address, prefix_length, network_bits(family), false);
    *out = network;
    return true;
}

void simdinet_network_first(const simdinet_network *network, uint8_t out[16]) {
    memmove(out, network->address, 16);
}

void simdinet_network_last(const simdinet_network *network, uint8_t out[16]) {
    unsigned prefix_length = clamped_prefix_length(network), bits = network_bits(network->family);
    memmove(out, network->address, 16);
    fill_bits(out, prefix_length, bits, true);
}

bool simdinet_network_contains_address(const simdinet_network *network, const uint8_t *address,
                                       unsigned family) {
    return network->family == family &&
           equal_bits(network->address, address, clamped_prefix_length(network));
}

bool simdinet_network_contains(const simdinet_network *network, const simdinet_network *other) {
    return network->prefix_length <= other->prefix_length &&
           simdinet_network_contains_address(network, other->address, other->family);
}

bool simdinet_network_overlaps(const simdinet_network *a, const simdinet_network *b) {
    return simdinet_network_contains(a, b) || simdinet_network_contains(b, a);
}

int simdinet_network_compare(const simdinet_network *a, const simdinet_network *b) {
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    int order = memcmp(a->address, b->address, 16);
    return order != 0 ? order : a->prefix_length - b->prefix_length;
}

/* Adds or subtracts 1 at the last bit of the prefix. False: no such network. */
static bool step_network(const simdinet_network *network, bool up, simdinet_network *out) {
    simdinet_network next = *network;
    unsigned prefix_length = clamped_prefix_length(network);
    if (prefix_length == 0)
        return false;
    unsigned byte = (prefix_length - 1) / 8, one = 1u << (7 - (prefix_length - 1) % 8);
    for (unsigned i = byte;; i--, one = 1) {
        unsigned value = next.address[i];
        next.address[i] = (uint8_t)(up ? value + one : value - one);
        if (up ? value + one <= 0xff : value >= one)
            break;
        if (i == 0)
            return false;
    }
    *out = next;
    return true;
}

bool simdinet_network_next(const simdinet_network *network, simdinet_network *out) {
    return step_network(network, true, out);
}

bool simdinet_network_previous(const simdinet_network *network, simdinet_network *out) {
    return step_network(network, false, out);
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

/* A mask of which the first bits are as first says, and the others the opposite. */
static bool make_mask(unsigned family, unsigned prefix_length, bool first, uint8_t out[16]) {
    unsigned bits = network_bits(family);
    if ((family != 4 && family != 6) || prefix_length > bits)
        return false;
    memset(out, 0, 16);
    fill_bits(out, 0, bits, first);
    fill_bits(out, prefix_length, bits, !first);
    return true;
}

static int mask_length(const uint8_t *mask, unsigned family, bool first) {
    unsigned bits = network_bits(family), length = 0;
    uint8_t expected[16];
    if (family != 4 && family != 6)
        return -1;
    while (length < bits && (mask[length / 8] >> (7 - length % 8) & 1) == first)
        length++;
    make_mask(family, length, first, expected);
    return memcmp(mask, expected, bits / 8) == 0 ? (int)length : -1;
}

bool simdinet_make_netmask(unsigned family, unsigned prefix_length, uint8_t out[16]) {
    return make_mask(family, prefix_length, true, out);
}

bool simdinet_make_hostmask(unsigned family, unsigned prefix_length, uint8_t out[16]) {
    return make_mask(family, prefix_length, false, out);
}

int simdinet_netmask_length(const uint8_t *mask, unsigned family) {
    return mask_length(mask, family, true);
}

int simdinet_hostmask_length(const uint8_t *mask, unsigned family) {
    return mask_length(mask, family, false);
}
