/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_list.c - section "lists of networks".
 *
 * Every operation reads its lists as ascending spans of addresses and appends ascending spans to an
 * output, which joins those that touch, and cuts each joined span into the fewest networks.
 */
#include "simdinet_network_set.h"

#include "network_bits.h"

/* ---- output ---------------------------------------------------------------------------------- */

typedef struct list_output {
    simdinet_network *networks; /* one of these two; or NULL */
    simdinet_range *ranges;
    bool as_ranges;
    size_t capacity, n;
    uint8_t family; /* of the joined span; 0: there is none */
    span128 joined;
} list_output;

static void put_range(list_output *out) {
    if (out->n < out->capacity) {
        simdinet_range *range = &out->ranges[out->n];
        range->family = out->family;
        address_store(range->first, out->family, out->joined.first);
        address_store(range->last, out->family, out->joined.last);
    }
    out->n++;
}

static void put_networks(list_output *out) {
    size_t left = out->n < out->capacity ? out->capacity - out->n : 0;
    out->n +=
        span_to_networks(out->joined, out->family, left ? out->networks + out->n : NULL, left);
}

/* Writes the joined span. */
static void flush_span(list_output *out) {
    if (out->family && out->as_ranges)
        put_range(out);
    else if (out->family)
        put_networks(out);
    out->family = 0;
}

/* Appends a span. Its first address is not before that of the span appended last. */
static void put_span(list_output *out, uint8_t family, span128 span) {
    if (out->family == family) {
        bits128 after = bits128_next(out->joined.last);
        bool wrapped = !(after.high | after.low); /* nothing follows the last address */
        if (wrapped || !bits128_less(after, span.first)) {
            if (bits128_less(out->joined.last, span.last))
                out->joined.last = span.last;
            return;
        }
    }
    flush_span(out);
    out->family = family;
    out->joined = span;
}

/* ---- input ----------------------------------------------------------------------------------- */

typedef struct list_input {
    const simdinet_network *networks;
    size_t n, next;
    uint8_t family; /* of span; UINT8_MAX: at the end */
    span128 span;
    bool invalid; /* not sorted and disjoint */
} list_input;

/* Reads the next network, if any. The end comes after every family. */
static void advance(list_input *in) {
    if (in->next == in->n) {
        in->family = UINT8_MAX;
        return;
    }
    const simdinet_network *network = &in->networks[in->next];
    span128 span = {{0, 0}, {0, 0}};
    bool valid = network_is_valid(network);
    if (valid)
        span = network_span(network);
    if (in->next > 0 &&
        (network->family < in->family ||
         (network->family == in->family && !bits128_less(in->span.last, span.first))))
        valid = false;
    if (!valid) {
        in->invalid = true;
        in->family = UINT8_MAX;
        return;
    }
    in->next++;
    in->family = network->family;
    in->span = span;
}

static list_input open_list(const simdinet_network *networks, size_t n) {
    list_input in = {.networks = networks, .n = n};
    advance(&in);
    return in;
}

static bool at_end(const list_input *in) {
    return in->family == UINT8_MAX;
}

/* Whether the span of a starts before that of b. */
static bool starts_before(const list_input *a, const list_input *b) {
    return a->family < b->family ||
           (a->family == b->family && bits128_less(a->span.first, b->span.first));
}

/* Whether the span of a ends before that of b. */
static bool ends_before(const list_input *a, const list_input *b) {
    return a->family < b->family ||
           (a->family == b->family && bits128_less(a->span.last, b->span.last));
}

/* Whether the span of a ends before that of b starts. */
static bool precedes(const list_input *a, const list_input *b) {
    return a->family < b->family ||
           (a->family == b->family && bits128_less(a->span.last, b->span.first));
}

/* Reads what is left of the lists, whose order counts to their ends, and returns the result. */
static size_t finish_list(list_output *out, list_input *a, list_input *b) {
    flush_span(out);
    while (!at_end(a))
        advance(a);
    while (b && !at_end(b))
        advance(b);
    return a->invalid || (b && b->invalid) ? SIMDINET_INVALID_NETWORKS : out->n;
}

/* ---- one list -------------------------------------------------------------------------------- */

size_t simdinet_check_networks(const simdinet_network *networks, size_t n) {
    list_input in = open_list(networks, n);
    while (!at_end(&in))
        advance(&in);
    return in.next;
}

size_t simdinet_aggregate_networks(simdinet_network *networks, size_t n) {
    if (simdinet_sort_networks(networks, n) == SIMDINET_INVALID_NETWORKS)
        return SIMDINET_INVALID_NETWORKS;
    /* A joined span is written when the network after it has been read; its networks are at most as
     * many as those it was joined from. */
    list_output out = {.networks = networks, .capacity = n};
    for (size_t i = 0; i < n; i++) {
        uint8_t family = networks[i].family;
        put_span(&out, family, network_span(&networks[i]));
    }
    flush_span(&out);
    return out.n;
}

size_t simdinet_networks_to_ranges(const simdinet_network *networks, size_t n,
                                   simdinet_range *ranges, size_t capacity) {
    list_input in = open_list(networks, n);
    list_output out = {.ranges = ranges, .as_ranges = true, .capacity = capacity};
    for (; !at_end(&in); advance(&in))
        put_span(&out, in.family, in.span);
    return finish_list(&out, &in, NULL);
}

/* ---- two lists ------------------------------------------------------------------------------- */

size_t simdinet_union_networks(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                               size_t n_b, simdinet_network *networks, size_t capacity) {
    list_input in_a = open_list(a, n_a), in_b = open_list(b, n_b);
    list_output out = {.networks = networks, .capacity = capacity};
    while (!at_end(&in_a) || !at_end(&in_b)) {
        list_input *in = starts_before(&in_a, &in_b) ? &in_a : &in_b;
        put_span(&out, in->family, in->span);
        advance(in);
    }
    return finish_list(&out, &in_a, &in_b);
}

size_t simdinet_intersect_networks(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                                   size_t n_b, simdinet_network *networks, size_t capacity) {
    list_input in_a = open_list(a, n_a), in_b = open_list(b, n_b);
    list_output out = {.networks = networks, .capacity = capacity};
    while (!at_end(&in_a) && !at_end(&in_b)) {
        /* Of two networks with an address in common one contains the other. */
        if (!precedes(&in_a, &in_b) && !precedes(&in_b, &in_a))
            put_span(&out, in_a.family,
                     (span128){starts_before(&in_a, &in_b) ? in_b.span.first : in_a.span.first,
                               ends_before(&in_a, &in_b) ? in_a.span.last : in_b.span.last});
        advance(ends_before(&in_a, &in_b) ? &in_a : &in_b);
    }
    return finish_list(&out, &in_a, &in_b);
}

size_t simdinet_subtract_networks(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                                  size_t n_b, simdinet_network *networks, size_t capacity) {
    list_input in_a = open_list(a, n_a), in_b = open_list(b, n_b);
    list_output out = {.networks = networks, .capacity = capacity};
    for (; !at_end(&in_a); advance(&in_a)) {
        list_input rest = in_a;
        bool left = true;
        while (!at_end(&in_b) && precedes(&in_b, &rest))
            advance(&in_b);
        while (left && !at_end(&in_b) && !precedes(&rest, &in_b)) {
            if (starts_before(&rest, &in_b))
                put_span(&out, rest.family,
                         (span128){rest.span.first, bits128_previous(in_b.span.first)});
            left = ends_before(&in_b, &rest);
            if (left) {
                rest.span.first = bits128_next(in_b.span.last);
                advance(&in_b);
            }
        }
        if (left)
            put_span(&out, rest.family, rest.span);
    }
    return finish_list(&out, &in_a, &in_b);
}

size_t simdinet_complement_networks(const simdinet_network *within,
                                    const simdinet_network *networks, size_t n,
                                    simdinet_network *out, size_t capacity) {
    return simdinet_subtract_networks(within, 1, networks, n, out, capacity);
}
