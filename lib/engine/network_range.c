/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_range.c - ranges to networks and back, and to text.
 */
#include "network_bits.h"

#include <string.h>

void simdinet_network_to_range(const simdinet_network *network, simdinet_range *out) {
    simdinet_range range = {.family = network->family};
    simdinet_network_first(network, range.first);
    simdinet_network_last(network, range.last);
    *out = range;
}

/*
 * The largest network that starts at the first address and does not pass the last one, again and
 * again. Sizes grow up to the alignment of the end and shrink after it.
 */
size_t simdinet_range_to_networks(const simdinet_range *range, simdinet_network *networks,
                                  size_t capacity) {
    bool ipv4 = range->family == 4;
    bits128 below = bits128_host_mask(ipv4 ? 32 : 128); /* bits that an address does not have */
    span128 span = {bits128_load(range->first), bits128_load(range->last)};
    size_t n = 0;
    span.first = (bits128){span.first.high & ~below.high, span.first.low & ~below.low};
    span.last = (bits128){span.last.high | below.high, span.last.low | below.low};
    if ((!ipv4 && range->family != 6) || bits128_less(span.last, span.first))
        return 0;
    for (;;) {
        unsigned prefix_length = span_prefix_length(span);
        bits128 host = bits128_host_mask(prefix_length);
        bits128 last = {span.first.high | host.high, span.first.low | host.low};
        if (n < capacity) {
            networks[n].family = range->family;
            networks[n].prefix_length = (uint8_t)prefix_length;
            bits128_store(networks[n].address, span.first);
        }
        n++;
        if (bits128_equal(last, span.last))
            return n;
        span.first = bits128_next(last);
    }
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
