/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_sort.c - two radix sorts with bytes as digits: of IPv4 addresses with their counts in 8 bytes,
 * least significant digit first, and of entries of any family and count, in place, most significant digit first.
 * The first passes over an IPv4 address six times, mostly; the second over an IPv6 address two or three times, since
 * two bytes that differ leave few in a bucket.
 */
#include "address_sort.h"

enum { VALUES = 256 };

/* ---- IPv4 ------------------------------------------------------------------------------------- */

static uint8_t key_digit(uint64_t key, unsigned digit) {
    return (uint8_t)(key >> 8 * digit);
}

uint64_t *sort_ipv4_keys(uint64_t *keys, uint64_t *scratch, size_t n, bool by_count) {
    enum { DIGITS = 8, ADDRESS_DIGITS = 4 };
    size_t counts[DIGITS][VALUES] = {0};
    uint64_t *from = keys, *to = scratch;
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < DIGITS; digit++)
            counts[digit][key_digit(keys[i], digit)]++;
    for (unsigned digit = 0; digit < (by_count ? DIGITS : ADDRESS_DIGITS) && n > 0; digit++) {
        size_t *at = counts[digit], sum = 0;
        if (at[key_digit(from[0], digit)] == n)
            continue;
        for (unsigned value = 0; value < VALUES; value++) {
            const size_t count = at[value];
            at[value] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[at[key_digit(from[i], digit)]++] = from[i];
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}

/* ---- any family ------------------------------------------------------------------------------- */

/* The digits of an entry: its count, inverted; its family; its address. */
enum { COUNT_DIGITS = 8, FAMILY_DIGIT = COUNT_DIGITS, END_DIGIT = FAMILY_DIGIT + 1 + 16 };

static uint8_t digit_of(const address_count *entry, unsigned digit) {
    if (digit > FAMILY_DIGIT)
        return entry->address[digit - FAMILY_DIGIT - 1];
    if (digit == FAMILY_DIGIT)
        return entry->ipv6;
    return (uint8_t) ~(entry->count >> 8 * (COUNT_DIGITS - 1 - digit));
}

/* Whether an entry precedes another. by_count: their counts may differ. */
static bool precedes(const address_count *a, const address_count *b, bool by_count) {
    if (by_count && a->count != b->count)
        return a->count > b->count;
    return a->ipv6 != b->ipv6 ? b->ipv6 : memcmp(a->address, b->address, 16) < 0;
}

static void sort_few(address_count *entries, size_t n, bool by_count) {
    for (size_t i = 1; i < n; i++) {
        const address_count entry = entries[i];
        size_t at = i;
        for (; at > 0 && precedes(&entry, &entries[at - 1], by_count); at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* Puts the entries into the buckets of a digit, which begin at the indices; each is filled from next to its end. */
static void distribute(address_count *entries, const size_t begin[VALUES + 1], unsigned digit) {
    size_t next[VALUES];
    memcpy(next, begin, sizeof next);
    for (unsigned value = 0; value < VALUES; value++)
        while (next[value] < begin[value + 1]) {
            address_count entry = entries[next[value]];
            for (uint8_t own; (own = digit_of(&entry, digit)) != value;) {
                const address_count displaced = entries[next[own]];
                entries[next[own]++] = entry;
                entry = displaced;
            }
            entries[next[value]++] = entry;
        }
}

/* Sorts entries that are equal in all digits before one. */
static void sort_from(address_count *entries, size_t n, unsigned digit) {
    enum { FEW = 32 };
    for (; n > FEW && digit < END_DIGIT; digit++) {
        size_t begin[VALUES + 1] = {0};
        for (size_t i = 0; i < n; i++)
            begin[digit_of(&entries[i], digit) + 1]++;
        if (begin[digit_of(entries, digit) + 1] == n)
            continue;
        for (unsigned value = 0; value < VALUES; value++)
            begin[value + 1] += begin[value];
        distribute(entries, begin, digit);
        for (unsigned value = 0; value < VALUES; value++)
            sort_from(entries + begin[value], begin[value + 1] - begin[value], digit + 1);
        return;
    }
    sort_few(entries, n, digit < FAMILY_DIGIT);
}

void sort_counts(address_count *entries, size_t n, bool by_count) {
    uint64_t bits = 0;
    unsigned first = FAMILY_DIGIT;
    for (size_t i = 0; i < n && by_count; i++)
        bits |= entries[i].count;
    for (; bits > 0; bits >>= 8)
        first--;
    sort_from(entries, n, first);
}
