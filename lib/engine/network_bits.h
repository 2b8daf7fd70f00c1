/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_bits.h - addresses as 128-bit numbers, for the files of networks.
 *
 * An IPv4 address is in the upper 32 bits, and its network covers the 96 bits below it, too: prefix
 * lengths count from the top in both families, and one code serves both.
 */
#ifndef SIMDINET_NETWORK_BITS_H
#define SIMDINET_NETWORK_BITS_H

#include "simdinet_network.h"

typedef struct bits128 {
    uint64_t high, low;
} bits128;

typedef struct span128 { /* both included */
    bits128 first, last;
} span128;

static inline uint32_t bits32_load(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline uint64_t bits64_load(const uint8_t *bytes) {
    return (uint64_t)bits32_load(bytes) << 32 | bits32_load(bytes + 4);
}

static inline void bits64_store(uint8_t *bytes, uint64_t value) {
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

static inline bits128 bits128_load(const uint8_t address[16]) {
    return (bits128){bits64_load(address), bits64_load(address + 8)};
}

static inline void bits128_store(uint8_t address[16], bits128 value) {
    bits64_store(address, value.high);
    bits64_store(address + 8, value.low);
}

static inline bool bits128_less(bits128 a, bits128 b) {
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static inline bool bits128_equal(bits128 a, bits128 b) {
    return a.high == b.high && a.low == b.low;
}

/* The number after and before; they wrap around. */
static inline bits128 bits128_next(bits128 a) {
    return (bits128){a.high + (a.low == UINT64_MAX), a.low + 1};
}

static inline bits128 bits128_previous(bits128 a) {
    return (bits128){a.high - (a.low == 0), a.low - 1};
}

/* The bits past a prefix length, 0 to 128. */
static inline bits128 bits128_host_mask(unsigned prefix_length) {
    return (bits128){prefix_length < 64 ? UINT64_MAX >> prefix_length : 0,
                     prefix_length <= 64    ? UINT64_MAX
                     : prefix_length == 128 ? 0
                                            : UINT64_MAX >> (prefix_length - 64)};
}

static inline unsigned family_bits(unsigned family) {
    return family == 4 ? 32 : 128;
}

static inline bool network_is_valid(const simdinet_network *network) {
    return (network->family == 4 || network->family == 6) &&
           network->prefix_length <= family_bits(network->family);
}

static inline span128 network_span(const simdinet_network *network) {
    bits128 host = bits128_host_mask(network->prefix_length);
    bits128 address = bits128_load(network->address);
    return (span128){{address.high & ~host.high, address.low & ~host.low},
                     {address.high | host.high, address.low | host.low}};
}

/*
 * The prefix length of the largest network that starts with a span, at most the span itself. The
 * span is of whole addresses of its family.
 */
static inline unsigned span_prefix_length(span128 span) {
    bits128 differ = {span.first.high ^ span.last.high, span.first.low ^ span.last.low};
    /* The common prefix is the answer if the span is one network. */
    unsigned common = differ.high  ? (unsigned)__builtin_clzll(differ.high)
                      : differ.low ? 64 + (unsigned)__builtin_clzll(differ.low)
                                   : 128;
    bits128 host = bits128_host_mask(common);
    if (!((span.first.high & host.high) | (span.first.low & host.low)) &&
        (span.last.high & host.high) == host.high && (span.last.low & host.low) == host.low)
        return common;
    /* Otherwise a half of that network, or less: as far as the zeros at the end of first go. */
    unsigned zeros = span.first.low    ? (unsigned)__builtin_ctzll(span.first.low)
                     : span.first.high ? 64 + (unsigned)__builtin_ctzll(span.first.high)
                                       : 128;
    return zeros > 127 - common ? common + 1 : 128 - zeros;
}

#endif
