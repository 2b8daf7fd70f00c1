/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* input_numbers.c - Arrow arrays of floats and 64-bit integers as columns, and the names of other types. */
#include "input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int unsupported_format(const char *format) {
    static const char *const names[][2] = {
        {"b", "bool"},    {"c", "int8"},    {"C", "uint8"},       {"s", "int16"},
        {"S", "uint16"},  {"i", "int32"},   {"l", "int64"},       {"L", "uint64"},
        {"e", "float16"}, {"f", "float32"}, {"g", "double"},      {"+s", "structs"},
        {"+l", "lists"},  {"+L", "lists"},  {"+m", "maps"},       {"tdD", "dates"},
        {"tdm", "dates"}, {"td", "date"},   {"ts", "timestamps"}, {"d:", "decimal"},
        {"+w", "lists"},  {"+vl", "lists"}, {"+u", "unions"}};
    size_t found = 0, n = sizeof names / sizeof *names;
    while (found < n && strncmp(format, names[found][0], strlen(names[found][0])) != 0)
        found++;
    if (found < n)
        PyErr_Format(PyExc_TypeError, "a column of %s is not text or addresses", names[found][1]);
    else
        PyErr_Format(PyExc_TypeError, "a column of Arrow's format '%s' is not text or addresses",
                     format);
    return -1;
}

/* Whether every value is null or NaN. */
static bool is_all_missing(const struct ArrowArray *array, size_t width) {
    const uint8_t *validity = array->null_count == 0 ? NULL : array->buffers[0];
    for (size_t i = (size_t)array->offset; i < (size_t)(array->offset + array->length); i++) {
        double value;
        float single;
        if (validity != NULL && !get_bit(validity, i))
            continue;
        if (width == 8) {
            memcpy(&value, (const char *)array->buffers[1] + i * width, sizeof value);
        } else {
            memcpy(&single, (const char *)array->buffers[1] + i * width, sizeof single);
            value = (double)single;
        }
        if (!isnan(value))
            return false;
    }
    return true;
}

int view_floats(chunk *c, const struct ArrowArray *array, const char *format) {
    if (check_array(array, 2) < 0)
        return -1;
    if (array->buffers[1] == NULL && array->length > 0)
        return bad_array("no values");
    if (!is_all_missing(array, *format == 'g' ? 8 : 4))
        return unsupported_format(format);
    c->kind = CHUNK_NULLS;
    return 0;
}

int view_wide_numbers(input *in, chunk *c, const struct ArrowArray *array) {
    if (check_array(array, 2) < 0)
        return -1;
    if (array->buffers[1] == NULL && array->length > 0)
        return bad_array("no values");
    free(in->aligned[0]);
    uint32_t *narrow = in->aligned[0] = malloc((size_t)array->length * sizeof *narrow + 1);
    if (narrow == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const uint8_t *validity = array->null_count == 0 ? NULL : array->buffers[0];
    for (size_t i = 0; i < (size_t)array->length; i++) {
        uint64_t value = 0;
        size_t at = (size_t)array->offset + i;
        if (validity == NULL || get_bit(validity, at))
            memcpy(&value, (const char *)array->buffers[1] + at * sizeof value, sizeof value);
        if (value > UINT32_MAX) {
            PyErr_Format(PyExc_OverflowError,
                         "value %zu is out of range; integers in a column are IPv4 addresses, 0 "
                         "to 2**32 - 1",
                         i);
            return -1;
        }
        narrow[i] = (uint32_t)value;
    }
    c->kind = CHUNK_NUMBERS;
    c->stride = 4;
    c->bytes = (const char *)narrow;
    return 0;
}
