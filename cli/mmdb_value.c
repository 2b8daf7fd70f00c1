/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "mmdb_value.h"

#ifdef SIMDINET_WITH_MMDB

#    include "text.h"

#    include <stdint.h>
#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>

bool mmdb_is_scalar(const MMDB_entry_data_s *value) {
    return value->has_data && value->type != MMDB_DATA_TYPE_MAP &&
           value->type != MMDB_DATA_TYPE_ARRAY;
}

/* The shortest decimal number that reads as the value. */
static size_t format_double(char *to, double value, int precision, bool single) {
    char text[MMDB_TEXT_SIZE];
    int len;
    do
        len = snprintf(text, sizeof text, "%.*g", precision, value);
    while (single ? precision++ < 9 && strtof(text, NULL) != (float)value
                  : precision++ < 17 && strtod(text, NULL) != value);
    memcpy(to, text, (size_t)len);
    return (size_t)len;
}

static size_t format_bytes(char *to, const char *prefix, const uint8_t *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    size_t len = strlen(prefix);
    memcpy(to, prefix, len);
    for (size_t i = 0; i < n; i++) {
        to[len++] = digits[bytes[i] >> 4];
        to[len++] = digits[bytes[i] & 15];
    }
    return len;
}

static size_t format_uint128(char *to, const MMDB_entry_data_s *value) {
    uint8_t bytes[16];
#    if MMDB_UINT128_IS_BYTE_ARRAY
    memcpy(bytes, value->uint128, sizeof bytes);
#    else
    for (unsigned i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(value->uint128 >> (120 - 8 * i));
#    endif
    return format_bytes(to, "0x", bytes, sizeof bytes);
}

bool mmdb_format(const MMDB_entry_data_s *value, char to[MMDB_TEXT_SIZE], const char **text,
                 size_t *len) {
    *text = to;
    switch (value->type) {
    case MMDB_DATA_TYPE_UTF8_STRING:
        *text = value->utf8_string;
        *len = value->data_size;
        return true;
    case MMDB_DATA_TYPE_BYTES:
        if (value->data_size > (MMDB_TEXT_SIZE - 1) / 2)
            return false;
        *len = format_bytes(to, "", value->bytes, value->data_size);
        return true;
    case MMDB_DATA_TYPE_DOUBLE:
        *len = format_double(to, value->double_value, 15, false);
        return true;
    case MMDB_DATA_TYPE_FLOAT:
        *len = format_double(to, (double)value->float_value, 6, true);
        return true;
    case MMDB_DATA_TYPE_UINT128:
        *len = format_uint128(to, value);
        return true;
    case MMDB_DATA_TYPE_BOOLEAN:
        *text = value->boolean ? "true" : "false";
        *len = strlen(*text);
        return true;
    case MMDB_DATA_TYPE_INT32:
        *len = (size_t)snprintf(to, MMDB_TEXT_SIZE, "%ld", (long)value->int32);
        return true;
    case MMDB_DATA_TYPE_UINT16:
        *len = (size_t)(put_number(to, value->uint16) - to);
        return true;
    case MMDB_DATA_TYPE_UINT32:
        *len = (size_t)(put_number(to, value->uint32) - to);
        return true;
    default:
        *len = (size_t)(put_number(to, value->uint64) - to);
        return true;
    }
}

#endif
