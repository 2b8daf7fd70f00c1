/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* matches.c - matches of a scan that grow into a struct column. */
#include "matches.h"

#include <stdlib.h>
#include <string.h>

static bool resize(match_builder *builder, size_t capacity) {
    for (int i = 0; i < type_match.n_fields; i++) {
        column *field = builder->col->fields[i];
        void *memory = realloc(field->buffers[1], capacity * field->type->width + 1);
        if (memory == NULL)
            return false;
        field->buffers[1] = memory;
    }
    builder->capacity = capacity;
    return true;
}

bool builder_open(match_builder *builder, size_t capacity) {
    builder->col = column_new(&type_match, 0);
    return builder->col != NULL && resize(builder, capacity);
}

void builder_shrink(match_builder *builder) {
    for (int i = 0; i < type_match.n_fields; i++)
        column_shrink(builder->col->fields[i], 1,
                      builder->col->length * type_match.fields[i]->width);
}

static void store_address(uint8_t *to, const simdinet_match *match) {
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    if (match->family == 4) {
        memcpy(to, prefix, sizeof prefix);
        memcpy(to + 12, match->address, 4);
    } else {
        memcpy(to, match->address, 16);
    }
}

bool builder_append(match_builder *builder, const simdinet_match *matches, const size_t *row_starts,
                    uint64_t base, size_t n) {
    column **fields = builder->col->fields;
    size_t first = builder->col->length, needed = first + n;
    if (needed > builder->capacity &&
        !resize(builder, builder->capacity * 2 > needed ? builder->capacity * 2 : needed))
        return false;
    uint64_t *offsets = (uint64_t *)fields[0]->buffers[1] + first;
    uint16_t *lengths = (uint16_t *)fields[1]->buffers[1] + first;
    uint8_t *families = (uint8_t *)fields[2]->buffers[1] + first;
    uint32_t *flags = (uint32_t *)fields[3]->buffers[1] + first;
    uint8_t *addresses = (uint8_t *)fields[4]->buffers[1] + first * 16;
    uint16_t *ports = (uint16_t *)fields[5]->buffers[1] + first;
    uint8_t *rules = (uint8_t *)fields[6]->buffers[1] + first;
    for (size_t i = 0; i < n; i++) {
        offsets[i] = matches[i].offset + base - (row_starts == NULL ? 0 : row_starts[i]);
        lengths[i] = matches[i].length;
        families[i] = matches[i].family;
        flags[i] = matches[i].flags;
        store_address(addresses + i * 16, &matches[i]);
        ports[i] = matches[i].port;
        rules[i] = matches[i].rule;
    }
    builder->col->length = needed;
    for (int field = 0; field < type_match.n_fields; field++)
        fields[field]->length = needed;
    return true;
}

size_t drop_versions(simdinet_match *matches, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (matches[i].flags & SIMDINET_MATCH_VERSION)
            continue;
        if (kept != i)
            matches[kept] = matches[i];
        kept++;
    }
    return kept;
}

bool scan_into(match_builder *builder, const char *text, size_t start, size_t len, uint64_t base,
               unsigned flags, bool versions, size_t *consumed) {
    simdinet_match matches[MATCH_BATCH];
    size_t n;
    do {
        start = simdinet_scan(text, start, len, flags, matches, sizeof *matches, MATCH_BATCH, &n);
        size_t kept = versions ? n : drop_versions(matches, n);
        if (!builder_append(builder, matches, NULL, base, kept))
            return false;
    } while (n == MATCH_BATCH);
    if (consumed != NULL)
        *consumed = start;
    return true;
}
