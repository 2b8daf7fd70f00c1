/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* matches.c - matches of a scan that grow into a struct column. */
#include "matches.h"

#include <stdlib.h>

enum {
    FIELD_OFFSET,
    FIELD_LENGTH,
    FIELD_FAMILY,
    FIELD_FLAGS,
    FIELD_ADDRESS,
    FIELD_PORT,
    FIELD_RULE,
    N_FIELDS
};

static bool resize(match_builder *builder, size_t capacity) {
    for (int i = 0; i < N_FIELDS; i++) {
        column *field = builder->col->fields[i];
        if (i == FIELD_ADDRESS)
            continue;
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
    if (builder->col == NULL || !resize(builder, capacity))
        return false;
    column **addresses = &builder->col->fields[FIELD_ADDRESS];
    column_release(*addresses);
    bool opened = text_open(&builder->addresses, &type_binary, capacity);
    *addresses = builder->addresses.col;
    return opened;
}

void builder_shrink(match_builder *builder) {
    for (int i = 0; i < N_FIELDS; i++)
        if (i != FIELD_ADDRESS)
            column_shrink(builder->col->fields[i], 1,
                          builder->col->length * type_match.fields[i]->width);
    text_shrink(&builder->addresses);
}

bool builder_append(match_builder *builder, const simdinet_match *matches, const size_t *row_starts,
                    uint64_t base, size_t n) {
    column **fields = builder->col->fields;
    size_t first = builder->col->length, needed = first + n;
    if (needed > builder->capacity &&
        !resize(builder, builder->capacity * 2 > needed ? builder->capacity * 2 : needed))
        return false;
    uint64_t *offsets = (uint64_t *)fields[FIELD_OFFSET]->buffers[1] + first;
    uint16_t *lengths = (uint16_t *)fields[FIELD_LENGTH]->buffers[1] + first;
    uint8_t *families = (uint8_t *)fields[FIELD_FAMILY]->buffers[1] + first;
    uint32_t *flags = (uint32_t *)fields[FIELD_FLAGS]->buffers[1] + first;
    uint16_t *ports = (uint16_t *)fields[FIELD_PORT]->buffers[1] + first;
    uint8_t *rules = (uint8_t *)fields[FIELD_RULE]->buffers[1] + first;
    for (size_t i = 0; i < n; i++) {
        offsets[i] = matches[i].offset + base - (row_starts == NULL ? 0 : row_starts[i]);
        lengths[i] = matches[i].length;
        families[i] = matches[i].family;
        flags[i] = matches[i].flags;
        ports[i] = matches[i].port;
        rules[i] = matches[i].rule;
        if (!text_write(&builder->addresses, matches[i].address, matches[i].family == 4 ? 4 : 16) ||
            !text_end(&builder->addresses))
            return false;
    }
    builder->col->length = needed;
    for (int field = 0; field < N_FIELDS; field++)
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
