/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_range.c - ranges to networks and back, and to text.
 */
#include "network_bits.h"

void simdinet_network_to_range(const simdinet_network *network, simdinet_range *out) {
    simdinet_range range = {.family = network->family};
    simdinet_network_first(network, range.first);
    simdinet_network_last(network, range.last);
    *out = range;
}

size_t simdinet_range_to_networks(const simdinet_range *range, simdinet_network *networks,
                                  size_t capacity) {
    if (range->family != 4 && range->family != 6)
        return 0;
    bits128 below = bits128_host_mask(family_bits(range->family)); /* 96 bits in IPv4 */
    span128 span = {bits128_and(bits128_load(range->first), bits128_not(below)),
                    bits128_or(bits128_load(range->last), below)};
    if (bits128_less(span.last, span.first))
        return 0;
    return span_to_networks(span, range->family, networks, capacity);
}

size_t simdinet_format_range(const simdinet_range *range, char out[SIMDINET_RANGE_TEXT_SIZE]) {
    bool ipv4 = range->family == 4;
    size_t n =
        ipv4 ? simdinet_format_ipv4(range->first, out) : simdinet_format_ipv6(range->first, out);
    out[n++] = '-';
    n += ipv4 ? simdinet_format_ipv4(range->last, out + n)
              : simdinet_format_ipv6(range->last, out + n);
    return n;
}
