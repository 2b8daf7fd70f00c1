/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_ranges.h"

#include "growth.h"

#include <stdlib.h>
#include <string.h>

static simdinet_range range_of(const network_range *range) {
    simdinet_range out = {.family = range->ipv6 ? 6 : 4};
    memcpy(out.first, range->first, 16);
    memcpy(out.last, range->last, 16);
    return out;
}

static bool add_network(network_array *array, const network_range *range) {
    if (!grow((void **)&array->networks, array->count, 1, &array->capacity,
              sizeof *array->networks))
        return false;
    simdinet_network *to = &array->networks[array->count++];
    memcpy(to->address, range->first, 16);
    to->family = range->ipv6 ? 6 : 4;
    to->prefix_length = range->prefix_length;
    return true;
}

bool network_array_add(network_array *array, const network_range *range) {
    if (range->is_network)
        return add_network(array, range);
    const simdinet_range whole = range_of(range);
    for (;;) {
        const size_t room = array->capacity - array->count;
        const size_t n =
            simdinet_range_to_networks(&whole, room ? array->networks + array->count : NULL, room);
        if (n <= room) {
            array->count += n;
            return true;
        }
        if (!grow((void **)&array->networks, array->count, n, &array->capacity,
                  sizeof *array->networks))
            return false;
    }
}

size_t network_range_format(const network_range *range, char out[NETWORK_RANGE_TEXT_SIZE]) {
    const simdinet_range plain = range_of(range);
    simdinet_network network;
    if (memcmp(range->first, range->last, 16) == 0)
        return range->ipv6 ? simdinet_format_ipv6(range->first, out)
                           : simdinet_format_ipv4(range->first, out);
    return simdinet_range_to_networks(&plain, &network, 1) == 1
               ? simdinet_format_network(&network, out)
               : simdinet_format_range(&plain, out);
}

/* ---- classes ---------------------------------------------------------------------------------- */

bool next_address(uint8_t *address, size_t size) {
    while (size-- > 0)
        if (++address[size] != 0)
            return true;
    return false;
}

static int compare_addresses(const void *a, const void *b) {
    return memcmp(a, b, 16);
}

/* The first addresses of the blocks of a family, and those that follow their last, in order. */
static size_t list_boundaries(unsigned family, uint8_t (*out)[16], size_t capacity) {
    simdinet_class_block block;
    size_t n = 0;
    for (size_t i = 0; n + 2 <= capacity && simdinet_describe_class_block(i, &block); i++) {
        if (block.network.family != family)
            continue;
        simdinet_network_first(&block.network, out[n++]);
        simdinet_network_last(&block.network, out[n]);
        n += next_address(out[n], family == 4 ? 4 : 16);
    }
    qsort(out, n, sizeof *out, compare_addresses);
    return n;
}

/*
 * The class is the same from one boundary to the next. An IPv4-mapped address also has the classes of
 * its IPv4 address, which the ranges of IPv4 stand for.
 */
static bool family_class_ranges(unsigned family, uint32_t classes, range_sink *sink,
                                void *context) {
    enum { BOUNDARIES = 256 };
    uint8_t boundaries[BOUNDARIES][16];
    size_t n = list_boundaries(family, boundaries, BOUNDARIES);
    network_range range = {.ipv6 = family == 6};
    bool inside = false;
    for (size_t i = 0; i <= n; i++) {
        uint32_t found = i < n ? simdinet_classify(boundaries[i], family) : 0;
        if (found & SIMDINET_CLASS_MAPPED)
            found = SIMDINET_CLASS_MAPPED;
        bool in = (found & classes) != 0;
        if (in && !inside)
            memcpy(range.first, boundaries[i], 16);
        if (!in && inside) {
            memset(range.last, 0, 16);
            if (i < n)
                memcpy(range.last, boundaries[i], 16);
            size_t byte = family == 4 ? 4 : 16; /* subtract 1; 0 becomes the last address */
            while (byte-- > 0 && range.last[byte]-- == 0)
                ;
            if (!sink(context, &range))
                return false;
        }
        inside = in;
    }
    return true;
}

bool network_class_ranges(uint32_t classes, range_sink *sink, void *context) {
    return family_class_ranges(4, classes, sink, context) &&
           family_class_ranges(6, classes, sink, context);
}
