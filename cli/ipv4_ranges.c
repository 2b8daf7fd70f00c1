/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "ipv4_ranges.h"

/* Sorts by a digit of the first address. False: it is equal in all ranges, and to is unchanged. */
static bool sort_by_digit(unsigned shift, const ipv4_range *from, ipv4_range *to, size_t n) {
    size_t offsets[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        offsets[from[i].first >> shift & 0xff]++;
    if (offsets[from[0].first >> shift & 0xff] == n)
        return false;
    for (unsigned i = 0; i < 256; i++) {
        const size_t count = offsets[i];
        offsets[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[offsets[from[i].first >> shift & 0xff]++] = from[i];
    return true;
}

/* A radix sort: lists of networks are long, and a comparison sort takes five times as long. */
static bool sort(ipv4_array *array) {
    ipv4_range *from = array->ranges, *to = malloc(array->count * sizeof *to);
    if (!to)
        return false;
    for (unsigned shift = 0; shift < 32; shift += 8)
        if (sort_by_digit(shift, from, to, array->count)) {
            ipv4_range *sorted = to;
            to = from;
            from = sorted;
        }
    free(to);
    if (from != array->ranges)
        array->capacity = array->count;
    array->ranges = from;
    return true;
}

static bool is_sorted(const ipv4_array *array) {
    for (size_t i = 1; i < array->count; i++)
        if (array->ranges[i].first < array->ranges[i - 1].first)
            return false;
    return true;
}

bool ipv4_array_merge(ipv4_array *array) {
    if (!is_sorted(array) && !sort(array))
        return false;
    ipv4_range *ranges = array->ranges;
    size_t n = 0;
    for (size_t i = 0; i < array->count; i++) {
        /* 64 bits: nothing follows 255.255.255.255. */
        if (n == 0 || ranges[i].first > (uint64_t)ranges[n - 1].last + 1)
            ranges[n++] = ranges[i];
        else if (ranges[i].last > ranges[n - 1].last)
            ranges[n - 1].last = ranges[i].last;
    }
    array->count = n;
    return true;
}
