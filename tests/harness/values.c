/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 600 };

/* Any bytes; the lengths lie around those of the shortest and the longest address, and of
 * blocks. */
static size_t make_noise(prng *random, char *text) {
    static const unsigned lengths[] = {0, 1, 6, 7, 8, 15, 16, 17, 45, 46, 47, 64, 65, 130, 599};
    static const char letters[] = "0123456789...::::abcdef \t";
    size_t len = lengths[prng_below(random, sizeof lengths / sizeof *lengths)];
    bool digits = prng_below(random, 2);
    for (size_t i = 0; i < len; i++)
        text[i] = digits ? letters[prng_below(random, sizeof letters - 1)]
                         : (char)prng_below(random, 256);
    return len;
}

/* Octets at the limits of their range, and octets that are nearly valid. */
static size_t make_near_miss(prng *random, char *text) {
    static const char *const octets[] = {"0",   "00",  "01",  "9",    "10",  "099", "100", "199",
                                         "200", "249", "250", "255",  "256", "260", "299", "300",
                                         "999", "",    "000", "0255", "1e",  " 1",  "1 ",  "1000"};
    size_t len = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned which = prng_below(random, 3) ? 8 + prng_below(random, 4)
                                               : prng_below(random, sizeof octets / sizeof *octets);
        len += (size_t)sprintf(text + len, "%s%s", i ? "." : "", octets[which]);
    }
    return len;
}

static size_t make_value(prng *random, kind k, unsigned damaged, char *text) {
    uint8_t address[16];
    family f = k == ONLY_IPV4 ? IPV4 : k == ONLY_IPV6 ? IPV6 : prng_below(random, 2) ? IPV4 : IPV6;
    size_t len = make_address(random, f, text, address);
    if (prng_below(random, 1000000) >= damaged)
        return len;
    switch (prng_below(random, 8)) {
    case 0:
        return 0;
    case 1:
        return make_noise(random, text);
    case 2:
        return make_near_miss(random, text);
    case 3: /* the other family */
        return make_address(random, f == IPV4 ? IPV6 : IPV4, text, address);
    default:
        return mutate(random, text, len);
    }
}

static void set_expected(values *v, size_t i, const char *text, size_t len) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    const simdinet_implementation *impl = &simdinet_implementation_scalar;
    uint8_t *address = v->addresses + i * size_of(v->kind);
    if (v->kind == ONLY_IPV4) {
        v->valid[i] = impl->parse_ipv4(text, len, address);
    } else {
        v->valid[i] = v->ipv6[i] = impl->parse_ipv6(text, len, address);
        if (v->kind == MIXED && impl->parse_ipv4(text, len, address + 12)) {
            memcpy(address, mapped, sizeof mapped);
            v->valid[i] = true;
        }
    }
    v->n_valid += v->valid[i];
}

values *values_new(prng *random, kind k, size_t count, unsigned damaged, bool lines) {
    values *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    size_t capacity = count + 1; /* malloc(0) may be NULL */
    *v = (values){.kind = k,
                  .count = count,
                  .bytes = malloc(capacity * VALUE_MAX),
                  .offsets = calloc(capacity, sizeof *v->offsets),
                  .addresses = calloc(capacity, 16),
                  .valid = calloc(capacity, sizeof *v->valid),
                  .ipv6 = calloc(capacity, sizeof *v->ipv6)};
    if (!v->bytes || !v->offsets || !v->addresses || !v->valid || !v->ipv6)
        abort();
    for (size_t i = 0; i < count; i++) {
        char *text = v->bytes + v->offsets[i];
        char copy[VALUE_MAX];
        size_t len = make_value(random, k, damaged, copy);
        for (size_t j = 0; lines && j < len; j++)
            if (copy[j] == '\n' || copy[j] == '\r')
                copy[j] = 'x';
        memcpy(text, copy, len);
        v->offsets[i + 1] = v->offsets[i] + (int32_t)len;
        set_expected(v, i, text, len);
    }
    return v;
}

void values_free(values *v) {
    free(v->bytes);
    free(v->offsets);
    free(v->addresses);
    free(v->valid);
    free(v->ipv6);
    free(v);
}

static bool bit(const uint8_t *bitmap, size_t i) {
    return bitmap[i / 8] >> (i % 8) & 1;
}

/* Whether the unused bits of the last byte are zero. */
static bool ends_in_zeros(const uint8_t *bitmap, size_t count) {
    return count % 8 == 0 || bitmap[count / 8] >> (count % 8) == 0;
}

bool values_match(const values *v, size_t first, size_t count, const uint8_t *validity,
                  parse_output stored, size_t good, const char *impl, const char *form) {
    static const uint8_t zeros[16];
    size_t size = size_of(v->kind), expected_good = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = first + i;
        bool expected = v->valid[j] && (!validity || bit(validity, i));
        expected_good += expected;
        const uint8_t *address = expected ? v->addresses + j * size : zeros;
        bool same = bit(stored.validity, i) == expected &&
                    memcmp(stored.addresses + i * size, address, size) == 0;
        if (v->kind == MIXED)
            same = same && bit(stored.families, i) == (expected && v->ipv6[j]);
        if (!same) {
            fprintf(stderr,
                    "implementation %s, %s %s: value %zu of %zu, \"%s\": bit %d, first byte %02x\n",
                    impl, kind_names[v->kind], form, i, count,
                    show(v->bytes + v->offsets[j], (size_t)(v->offsets[j + 1] - v->offsets[j])),
                    bit(stored.validity, i), stored.addresses[i * size]);
            return false;
        }
    }
    bool ended = ends_in_zeros(stored.validity, count) &&
                 (v->kind != MIXED || ends_in_zeros(stored.families, count));
    if (good != expected_good || !ended)
        fprintf(stderr,
                "implementation %s, %s %s: %zu valid, not %zu; bits after the last one: %s\n", impl,
                kind_names[v->kind], form, good, expected_good, ended ? "zero" : "not zero");
    return good == expected_good && ended;
}
