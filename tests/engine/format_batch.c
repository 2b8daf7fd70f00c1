/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_batch.c - batches of addresses with their expected texts.
 */
#include "format_batch.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size) {
    void *p = calloc(1, size + 1);
    cr_assert(p);
    return p;
}

batch batch_new(kind k, size_t n) {
    size_t address_bytes = k == ONLY_IPV4 ? 4 : 16;
    return (batch){
        .kind = k,
        .n = n,
        .address_size = address_bytes,
        .addresses = allocate(n * address_bytes),
        .families = allocate((n + 7) / 8),
        .validity = allocate((n + 7) / 8),
        .lengths = allocate(n),
        .texts = allocate(n * SIMDINET_IPV6_TEXT_SIZE),
    };
}

void batch_free(batch *b) {
    free(b->addresses);
    free(b->families);
    free(b->validity);
    free(b->lengths);
    free(b->texts);
}

static bool bit_at(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

static void set_bit(uint8_t *bits, size_t i, bool value) {
    bits[i / 8] = (uint8_t)((bits[i / 8] & ~(1u << i % 8)) | (unsigned)value << i % 8);
}

static family family_at(const batch *b, size_t i) {
    return b->kind == ONLY_IPV4 || (b->kind == MIXED && !bit_at(b->families, i)) ? IPV4 : IPV6;
}

static size_t worst_at(const batch *b, size_t i) {
    return family_at(b, i) == IPV4 ? 15 : 39;
}

void batch_expect(batch *b, size_t i) {
    const uint8_t *address = b->addresses + i * b->address_size;
    family f = family_at(b, i);
    if (f == IPV4)
        address += b->address_size - 4;
    b->lengths[i] = (uint8_t)libc_format(f, address, b->texts[i]);
}

/* Any address: of all spellings, of all bytes alike, the shortest and the longest among them. */
static void random_address(prng *random, family f, uint8_t *bytes) {
    char text[TEXT_CAPACITY];
    switch (prng_below(random, 8)) {
    case 0:
        memset(bytes, prng_below(random, 2) ? 0xff : 0, address_size(f));
        break;
    case 1:
        for (size_t i = 0; i < address_size(f); i++)
            bytes[i] = (uint8_t)prng_next(random);
        break;
    default:
        make_address(random, f, text, bytes);
    }
}

batch batch_random(prng *random, kind k, size_t n, unsigned nulls) {
    batch b = batch_new(k, n);
    unsigned ipv6 = prng_below(random, 3) * 40 + 10;
    for (size_t i = 0; i < n; i++) {
        set_bit(b.validity, i, prng_below(random, 100) >= nulls);
        set_bit(b.families, i, prng_below(random, 100) < ipv6);
        uint8_t *address = b.addresses + i * b.address_size;
        if (k == MIXED && family_at(&b, i) == IPV4) {
            for (size_t j = 0; j < 12; j++)
                address[j] = (uint8_t)prng_next(random); /* they do not count */
            address += 12;
        }
        random_address(random, family_at(&b, i), address);
        batch_expect(&b, i);
    }
    return b;
}

size_t lines_size(kind k, size_t n) {
    return k == ONLY_IPV4   ? SIMDINET_IPV4_LINES_SIZE(n)
           : k == ONLY_IPV6 ? SIMDINET_IPV6_LINES_SIZE(n)
                            : SIMDINET_MIXED_LINES_SIZE(n);
}

size_t column_size(kind k, size_t n) {
    return k == ONLY_IPV4   ? SIMDINET_IPV4_COLUMN_SIZE(n)
           : k == ONLY_IPV6 ? SIMDINET_IPV6_COLUMN_SIZE(n)
                            : SIMDINET_MIXED_COLUMN_SIZE(n);
}

bool lines_match(const batch *b, char separator, const char *text, size_t size, size_t done,
                 size_t len) {
    const char *p = text;
    size_t left = size;
    for (size_t i = 0; i < b->n; i++) {
        if (left < worst_at(b, i) + 1)
            return done == i && len == (size_t)(p - text);
        if (i >= done || memcmp(p, b->texts[i], b->lengths[i]) != 0 ||
            p[b->lengths[i]] != separator)
            return false;
        p += b->lengths[i] + 1u;
        left -= b->lengths[i] + 1u;
    }
    return done == b->n && len == (size_t)(p - text);
}

bool column_matches(const batch *b, bool nulls, const char *text, size_t size, size_t done,
                    const int32_t *offsets) {
    size_t used = 0, i = 0;
    if (offsets[0] != 0)
        return false;
    for (; i < b->n; i++) {
        if (!nulls || bit_at(b->validity, i)) {
            if (size - used < worst_at(b, i))
                break;
            if (i >= done || memcmp(text + used, b->texts[i], b->lengths[i]) != 0)
                return false;
            used += b->lengths[i];
        }
        if (i >= done || (size_t)offsets[i + 1] != used)
            return false;
    }
    return done == i;
}
