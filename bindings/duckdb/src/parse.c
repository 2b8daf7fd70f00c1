/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* parse.c - ip_parse: 4 or 16 bytes, BLOB; ip_format: the text of such bytes; ip_anonymize: text with every address
 * truncated. */
#include "extension.h"
#include "truncate_text.h"

#include <stdio.h>
#include <stdlib.h>

/* Values that are parsed together. A multiple of 8. */
enum { BLOCK_SIZE = 512 };

static bool get_bit(const uint8_t *bitmap, idx_t i) {
    return bitmap[i / 8] >> i % 8 & 1;
}

static void parse_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result) {
    (void)info;
    const idx_t n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const duckdb_string_t *strings = duckdb_vector_get_data(column);
    const uint64_t *validity = duckdb_vector_get_validity(column);
    duckdb_string_t *data = duckdb_vector_get_data(result);
    output_vector out = {.vector = result};
    const char *texts[BLOCK_SIZE];
    size_t lengths[BLOCK_SIZE];
    uint8_t addresses[BLOCK_SIZE * 16], valid[BLOCK_SIZE / 8], families[BLOCK_SIZE / 8];
    for (idx_t start = 0; start < n; start += BLOCK_SIZE) {
        const idx_t count = n - start < BLOCK_SIZE ? n - start : BLOCK_SIZE;
        for (idx_t i = 0; i < count; i++) {
            /* The string of a null is not initialized. */
            if (row_is_valid(validity, start + i)) {
                texts[i] = string_bytes(&strings[start + i], &lengths[i]);
            } else {
                texts[i] = "";
                lengths[i] = 0;
            }
        }
        simdinet_parse_mixed_pointers(texts, lengths, count, NULL, addresses, valid, families);
        for (idx_t i = 0; i < count; i++) {
            const uint8_t *address = addresses + i * 16;
            if (!get_bit(valid, i))
                set_null(&out, start + i);
            else if (get_bit(families, i))
                set_string(result, data, start + i, address, 16);
            else
                set_string(result, data, start + i, address + 12, 4);
        }
    }
}

static void format_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result) {
    const idx_t n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const duckdb_string_t *blobs = duckdb_vector_get_data(column);
    const uint64_t *validity = duckdb_vector_get_validity(column);
    duckdb_string_t *data = duckdb_vector_get_data(result);
    output_vector out = {.vector = result};
    for (idx_t i = 0; i < n; i++) {
        char text[SIMDINET_IPV6_TEXT_SIZE];
        size_t size = 0;
        if (!row_is_valid(validity, i)) {
            set_null(&out, i);
            continue;
        }
        const uint8_t *address = (const uint8_t *)string_bytes(&blobs[i], &size);
        if (size != 4 && size != 16) {
            char message[80];
            snprintf(message, sizeof message, "ip_format: an address has 4 or 16 bytes, not %zu",
                     size);
            duckdb_scalar_function_set_error(info, message);
            return;
        }
        size =
            size == 4 ? simdinet_format_ipv4(address, text) : simdinet_format_ipv6(address, text);
        set_string(result, data, i, text, size);
    }
}

/* ---- ip_anonymize ------------------------------------------------------------------------------- */

typedef struct text_buffer {
    char *text;
    size_t len, capacity;
} text_buffer;

static bool append_text(void *context, const char *text, size_t len) {
    text_buffer *buffer = context;
    if (buffer->len + len > buffer->capacity) {
        const size_t capacity = (buffer->len + len) * 2;
        char *larger = realloc(buffer->text, capacity);
        if (larger == NULL)
            return false;
        buffer->text = larger;
        buffer->capacity = capacity;
    }
    if (len > 0)
        memcpy(buffer->text + buffer->len, text, len);
    buffer->len += len;
    return true;
}

static void free_text(text_buffer *buffer) {
    free(buffer->text);
}

static void anonymize_chunk(duckdb_function_info info, duckdb_data_chunk input,
                            duckdb_vector result) {
    const idx_t n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const duckdb_string_t *strings = duckdb_vector_get_data(column);
    const uint64_t *validity = duckdb_vector_get_validity(column);
    duckdb_string_t *data = duckdb_vector_get_data(result);
    output_vector out = {.vector = result};
    const truncation truncated = truncation_of(24, 48);
    CLEANUP(free_text) text_buffer buffer = {0};
    for (idx_t i = 0; i < n; i++) {
        size_t len;
        if (!row_is_valid(validity, i)) {
            set_null(&out, i);
            continue;
        }
        const char *text = string_bytes(&strings[i], &len);
        buffer.len = 0;
        if (!truncate_text(&truncated, text, len, append_text, &buffer)) {
            duckdb_scalar_function_set_error(info, "ip_anonymize: out of memory");
            break;
        }
        set_string(result, data, i, buffer.text == NULL ? "" : buffer.text, buffer.len);
    }
}

bool register_parse(registration *to) {
    const duckdb_type text = DUCKDB_TYPE_VARCHAR, blob = DUCKDB_TYPE_BLOB;
    return register_scalar(to, "ip_parse", &text, 1, duckdb_create_logical_type(blob), parse_chunk,
                           NULL, NULL) &&
           register_scalar(to, "ip_format", &blob, 1, duckdb_create_logical_type(text),
                           format_chunk, NULL, NULL) &&
           register_scalar(to, "ip_anonymize", &text, 1, duckdb_create_logical_type(text),
                           anonymize_chunk, NULL, NULL);
}
