/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_bits.h - addresses as 128-bit numbers, for the files of networks.
 *
 * An IPv4 address is in the upper 32 bits, and its network covers the 96 bits below it, too: prefix
 * lengths count from the top in both families, and one code serves both.
 */
#ifndef SIMDINET_NETWORK_BITS_H
#define SIMDINET_NETWORK_BITS_H

#include <string.h>

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

/* One store; compilers turn stores of single bytes into vectors of bytes instead. */
static inline void bits64_store(uint8_t *bytes, uint64_t value) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    memcpy(bytes, &value, sizeof value);
}

static inline bits128 bits128_load(const uint8_t address[16]) {
    return (bits128){bits64_load(address), bits64_load(address + 8)};
}

static inline void bits128_store(uint8_t address[16], bits128 value) {
    bits64_store(address, value.high);
    bits64_store(address + 8, value.low);
}

static inline bits128 bits128_and(bits128 a, bits128 b) {
    return (bits128){a.high & b.high, a.low & b.low};
}

static inline bits128 bits128_or(bits128 a, bits128 b) {
    return (bits128){a.high | b.high, a.low | b.low};
}

static inline bits128 bits128_not(bits128 a) {
    return (bits128){~a.high, ~a.low};
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

/* 4 or 16 bytes. */
static inline bits128 address_load(const uint8_t *address, unsigned family) {
    return family == 4 ? (bits128){(uint64_t)bits32_load(address) << 32, 0} : bits128_load(address);
}

/* 16 bytes; IPv4 in the first 4, and zeros. */
static inline void address_store(uint8_t out[16], unsigned family, bits128 address) {
    if (family == 4)
        address = (bits128){address.high & (uint64_t)UINT32_MAX << 32, 0};
    bits128_store(out, address);
}

static inline bool network_is_valid(const simdinet_network *network) {
    return (network->family == 4 || network->family == 6) &&
           network->prefix_length <= family_bits(network->family);
}

static inline span128 network_span(const simdinet_network *network) {
    bits128 host = bits128_host_mask(network->prefix_length);
    bits128 address = bits128_load(network->address);
    return (span128){bits128_and(address, bits128_not(host)), bits128_or(address, host)};
}

/* simdinet_network_compare */
static inline int network_order(const simdinet_network *a, const simdinet_network *b) {
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    bits128 address_a = bits128_load(a->address), address_b = bits128_load(b->address);
    if (!bits128_equal(address_a, address_b))
        return bits128_less(address_a, address_b) ? -1 : 1;
    return a->prefix_length - b->prefix_length;
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

/*
 * Stores the first of the fewest networks that together are a span, up to capacity of them, and returns
 * their number. Their sizes grow up to the alignment of the end of the span and shrink after it.
 */
static inline size_t span_to_networks(span128 span, uint8_t family, simdinet_network *networks,
                                      size_t capacity) {
    for (size_t n = 0;; n++) {
        unsigned prefix_length = span_prefix_length(span);
        bits128 last = bits128_or(span.first, bits128_host_mask(prefix_length));
        if (n < capacity) {
            bits128_store(networks[n].address, span.first);
            networks[n].family = family;
            networks[n].prefix_length = (uint8_t)prefix_length;
        }
        if (bits128_equal(last, span.last))
            return n + 1;
        span.first = bits128_next(last);
    }
}

#endif
