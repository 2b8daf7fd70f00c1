/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* matches.c - matches of a scan that grow into a struct column. */
#include "matches.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 512

static bool grow(match_builder *builder, size_t needed) {
    if (builder->col == NULL) {
        builder->col = column_new(&type_match, 0);
        if (builder->col == NULL)
            return false;
    } else if (needed <= builder->capacity) {
        return true;
    }
    size_t capacity = builder->capacity * 2 > needed ? builder->capacity * 2 : needed;
    for (int i = 0; i < type_match.n_fields; i++) {
        column *field = builder->col->fields[i];
        void *larger = realloc(field->buffers[1], capacity * field->type->width + 1);
        if (larger == NULL)
            return false;
        field->buffers[1] = larger;
    }
    builder->capacity = capacity;
    return true;
}

static void store(match_builder *builder, const simdinet_match *match, uint64_t base) {
    column **fields = builder->col->fields;
    size_t i = builder->col->length++;
    ((uint64_t *)fields[0]->buffers[1])[i] = base + match->offset;
    ((uint16_t *)fields[1]->buffers[1])[i] = match->length;
    ((uint8_t *)fields[2]->buffers[1])[i] = match->family;
    ((uint32_t *)fields[3]->buffers[1])[i] = match->flags;
    uint8_t *address = (uint8_t *)fields[4]->buffers[1] + i * 16;
    if (match->family == 4) {
        static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
        memcpy(address, prefix, sizeof prefix);
        memcpy(address + 12, match->address, 4);
    } else {
        memcpy(address, match->address, 16);
    }
    ((uint16_t *)fields[5]->buffers[1])[i] = match->port;
    ((uint8_t *)fields[6]->buffers[1])[i] = match->rule;
    for (int field = 0; field < type_match.n_fields; field++)
        fields[field]->length = i + 1;
}

bool scan_into(match_builder *builder, const char *text, size_t start, size_t len, uint64_t base,
               unsigned flags, size_t *consumed) {
    simdinet_match matches[BATCH];
    if (!grow(builder, 0))
        return false;
    size_t n;
    do {
        start = simdinet_scan(text, start, len, flags, matches, sizeof *matches, BATCH, &n);
        if (!grow(builder, builder->col->length + n))
            return false;
        for (size_t i = 0; i < n; i++)
            if (builder->versions || !(matches[i].flags & SIMDINET_MATCH_VERSION))
                store(builder, &matches[i], base);
    } while (n == BATCH);
    if (consumed != NULL)
        *consumed = start;
    return true;
}
