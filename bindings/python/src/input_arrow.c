/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* input_arrow.c - a column as an argument: the Arrow PyCapsule interface.
 *
 * The interface has pointers to buffers, children and variadic buffers without their sizes. Buffers that are shorter
 * than the length of the array, its last offset or its sizes of variadic buffers imply, and pointers to memory that is
 * not valid, cannot be found. Checked are: structs that have been released, pointers that are NULL, negative and
 * overflowing lengths and offsets, the number of buffers and children, formats, the order of all offsets of text, the
 * bounds of all views and of all indices of dictionaries. */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int bad_array(const char *what) {
    PyErr_Format(PyExc_ValueError, "invalid Arrow array: %s", what);
    return -1;
}

/* ---- capsules ------------------------------------------------------------------------------------ */

int open_arrow_array(input *in, PyObject *object) {
    PyObject *pair = PyObject_CallMethod(object, "__arrow_c_array__", NULL);
    if (pair == NULL)
        return -1;
    in->owners[0] = pair;
    PyObject *schema_capsule, *array_capsule;
    if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
        PyErr_SetString(PyExc_TypeError, "__arrow_c_array__ must return a tuple of two capsules");
        return -1;
    }
    schema_capsule = PyTuple_GetItem(pair, 0);
    array_capsule = PyTuple_GetItem(pair, 1);
    struct ArrowSchema *schema = PyCapsule_GetPointer(schema_capsule, "arrow_schema");
    struct ArrowArray *array =
        schema == NULL ? NULL : PyCapsule_GetPointer(array_capsule, "arrow_array");
    if (array == NULL)
        return -1;
    if (schema->release == NULL || array->release == NULL)
        return bad_array("it has been released");
    /* Moved: the capsules no longer release them. */
    in->schema = *schema;
    schema->release = NULL;
    in->array = *array;
    array->release = NULL;
    return 0;
}

/* Raises the exception of an errno: MemoryError, ValueError, NotImplementedError, otherwise OSError. */
static int stream_error(input *in, int code) {
    const char *text = in->stream->get_last_error(in->stream);
    PyObject *message = PyUnicode_FromFormat("the Arrow stream failed: %s",
                                             text == NULL || *text == '\0' ? "no message" : text);
    if (message == NULL)
        return -1;
    if (code == ENOMEM || code == EINVAL || code == ENOSYS) {
        PyErr_SetObject(code == ENOMEM   ? PyExc_MemoryError
                        : code == EINVAL ? PyExc_ValueError
                                         : PyExc_NotImplementedError,
                        message);
    } else {
        PyObject *error = PyObject_CallFunction(PyExc_OSError, "iO", code, message);
        if (error != NULL)
            PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_XDECREF(error);
    }
    Py_DECREF(message);
    return -1;
}

int open_arrow_stream(input *in, PyObject *object) {
    PyObject *capsule = PyObject_CallMethod(object, "__arrow_c_stream__", NULL);
    if (capsule == NULL)
        return -1;
    in->owners[0] = capsule;
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream == NULL)
        return -1;
    if (stream->release == NULL)
        return bad_array("the stream has been released");
    in->stream = stream;
    int code = stream->get_schema(stream, &in->schema);
    if (code != 0) {
        in->schema.release = NULL;
        return stream_error(in, code);
    }
    return 0;
}

static void release_current(input *in) {
    if (in->array.release != NULL)
        in->array.release(&in->array);
    in->array.release = NULL;
    for (int i = 0; i < 2; i++) {
        free(in->aligned[i]);
        in->aligned[i] = NULL;
    }
}

void close_arrow(input *in) {
    release_current(in);
    if (in->schema.release != NULL)
        in->schema.release(&in->schema);
    in->schema.release = NULL;
    in->stream = NULL; /* the capsule releases it */
}

/* ---- arrays -------------------------------------------------------------------------------------- */

/* Buffers with numbers have to be aligned; the specification only recommends it. */
static const void *align(input *in, int slot, const void *buffer, size_t size, size_t alignment) {
    if ((uintptr_t)buffer % alignment == 0)
        return buffer;
    free(in->aligned[slot]);
    in->aligned[slot] = malloc(size == 0 ? 1 : size);
    if (in->aligned[slot] == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    return memcpy(in->aligned[slot], buffer, size);
}

int check_array(const struct ArrowArray *array, int64_t n_buffers) {
    if (array->length < 0 || array->offset < 0 || array->offset > INT64_MAX / 16 - array->length)
        return bad_array("a negative length or offset");
    if (array->n_buffers < n_buffers || (n_buffers > 0 && array->buffers == NULL))
        return bad_array("buffers are missing");
    return 0;
}

/* Whether no offset is negative or below the one before it. Then all are between the first and the last. Bit 63 or 31 of
 * the differences tells: those of two numbers that are not negative do not overflow. */
static bool offsets_ascend(const void *offsets, size_t n, size_t width) {
    if (width == 4) {
        const uint32_t *narrow = offsets;
        uint32_t signs = narrow[0];
        for (size_t i = 0; i < n; i++)
            signs |= narrow[i + 1] | (narrow[i + 1] - narrow[i]);
        return signs >> 31 == 0;
    }
    const uint64_t *wide = offsets;
    uint64_t signs = wide[0];
    for (size_t i = 0; i < n; i++)
        signs |= wide[i + 1] | (wide[i + 1] - wide[i]);
    return signs >> 63 == 0;
}

static int view_text(input *in, chunk *c, const struct ArrowArray *array, size_t width) {
    if (check_array(array, 3) < 0)
        return -1;
    c->kind = width == 4 ? CHUNK_TEXT32 : CHUNK_TEXT64;
    c->bytes = array->buffers[2];
    if (array->length == 0)
        return 0;
    if (array->buffers[1] == NULL)
        return bad_array("no offsets");
    c->offsets = align(in, 0, (const char *)array->buffers[1] + (size_t)array->offset * width,
                       ((size_t)array->length + 1) * width, width);
    if (c->offsets == NULL)
        return -1;
    int64_t first = width == 4 ? *(const int32_t *)c->offsets : *(const int64_t *)c->offsets;
    int64_t last = width == 4 ? ((const int32_t *)c->offsets)[array->length]
                              : ((const int64_t *)c->offsets)[array->length];
    bool ascend;
    Py_BEGIN_ALLOW_THREADS
    ascend = offsets_ascend(c->offsets, (size_t)array->length, width);
    Py_END_ALLOW_THREADS
    if (!ascend)
        return bad_array("offsets that decrease");
    if (c->bytes == NULL && last > first)
        return bad_array("no text");
    return 0;
}

static int view_views(input *in, chunk *c, const struct ArrowArray *array) {
    if (check_array(array, 3) < 0)
        return -1;
    c->kind = CHUNK_VIEWS;
    if (array->length == 0)
        return 0;
    if (array->buffers[1] == NULL)
        return bad_array("no views");
    c->n_variadic = (size_t)array->n_buffers - 3;
    c->variadic = array->buffers + 2;
    const void *sizes = array->buffers[array->n_buffers - 1];
    if (sizes == NULL && c->n_variadic > 0)
        return bad_array("no sizes of buffers");
    c->variadic_size = align(in, 1, sizes, c->n_variadic * sizeof(int64_t), sizeof(int64_t));
    c->offsets = align(in, 0, (const char *)array->buffers[1] + (size_t)array->offset * 16,
                       (size_t)array->length * 16, sizeof(int32_t));
    return c->offsets == NULL || PyErr_Occurred() ? -1 : 0;
}

static int view_fixed(chunk *c, const struct ArrowArray *array, const char *format) {
    char *end;
    long width = strtol(format + 2, &end, 10);
    if (*end != '\0' || end == format + 2 || width < 0 || width > INT32_MAX)
        return bad_array("a malformed format");
    if (check_array(array, 2) < 0)
        return -1;
    if (array->offset + array->length > INT64_MAX / (width + 1))
        return bad_array("a negative length or offset");
    if (array->buffers[1] == NULL && array->length > 0 && width > 0)
        return bad_array("no values");
    c->kind = CHUNK_FIXED;
    c->width = (size_t)width;
    c->stride = width;
    c->bytes = array->buffers[1];
    if (c->bytes != NULL)
        c->bytes += array->offset * width;
    return 0;
}

static int view_numbers(chunk *c, const struct ArrowArray *array) {
    if (check_array(array, 2) < 0)
        return -1;
    if (array->buffers[1] == NULL && array->length > 0)
        return bad_array("no values");
    c->kind = CHUNK_NUMBERS;
    c->stride = 4;
    c->bytes = array->buffers[1];
    if (c->bytes != NULL)
        c->bytes += array->offset * 4;
    return 0;
}

/* Makes a view of an array without its dictionary. */
static int view_values(input *in, chunk *c, const char *format, const struct ArrowArray *array) {
    int done;
    if (strcmp(format, "u") == 0 || strcmp(format, "z") == 0)
        done = view_text(in, c, array, 4);
    else if (strcmp(format, "U") == 0 || strcmp(format, "Z") == 0)
        done = view_text(in, c, array, 8);
    else if (strcmp(format, "vu") == 0 || strcmp(format, "vz") == 0)
        done = view_views(in, c, array);
    else if (strncmp(format, "w:", 2) == 0)
        done = view_fixed(c, array, format);
    else if (strcmp(format, "I") == 0)
        done = view_numbers(c, array);
    else if (strcmp(format, "l") == 0 || strcmp(format, "L") == 0)
        done = view_wide_numbers(in, c, array);
    else if (strcmp(format, "g") == 0 || strcmp(format, "f") == 0)
        done = view_floats(c, array, format);
    else if (strcmp(format, "n") == 0) {
        done = check_array(array, 0);
        c->kind = CHUNK_NULLS;
    } else
        return unsupported_format(format);
    if (done < 0)
        return -1;
    c->n = (size_t)array->length;
    if (c->kind != CHUNK_NULLS && array->buffers[0] != NULL && array->null_count != 0) {
        c->validity = array->buffers[0];
        c->validity_start = (size_t)array->offset;
    }
    c->utf8 = strchr(format, 'u') != NULL || strcmp(format, "U") == 0;
    return 0;
}

static int view_dictionary(input *in, chunk *c, const struct ArrowSchema *schema,
                           const struct ArrowArray *array) {
    static const char formats[] = "cCsSiIlL";
    const char *index = strlen(schema->format) == 1 ? strchr(formats, *schema->format) : NULL;
    if (index == NULL)
        return unsupported_format(schema->format);
    if (array->dictionary == NULL || check_array(array, 2) < 0)
        return PyErr_Occurred() ? -1 : bad_array("no dictionary");
    if (schema->dictionary->dictionary != NULL || schema->dictionary->format == NULL)
        return unsupported_format("a dictionary in a dictionary");
    if (view_values(in, c, schema->dictionary->format, array->dictionary) < 0)
        return -1;
    if (array->buffers[1] == NULL && array->length > 0)
        return bad_array("no indices");
    c->dictionary = true;
    c->n_indices = (size_t)array->length;
    c->index_width = 1 << (index - formats) / 2;
    c->index_signed = (index - formats) % 2 == 0;
    c->indices = array->buffers[1];
    if (c->indices != NULL)
        c->indices += array->offset * c->index_width;
    if (array->buffers[0] != NULL && array->null_count != 0) {
        c->index_validity = array->buffers[0];
        c->index_validity_start = (size_t)array->offset;
    }
    return 0;
}

static int view_array(input *in) {
    const struct ArrowSchema *schema = &in->schema;
    const struct ArrowArray *array = &in->array;
    struct ArrowArray field;
    if (schema->format == NULL)
        return bad_array("no format");
    /* A table of one column is that column. */
    if (strcmp(schema->format, "+s") == 0) {
        if (schema->n_children != 1) {
            PyErr_Format(PyExc_TypeError, "a column is expected, not a table of %lld columns",
                         (long long)schema->n_children);
            return -1;
        }
        if (array->n_children != 1 || array->children == NULL || array->children[0] == NULL ||
            schema->children == NULL || schema->children[0] == NULL || check_array(array, 0) < 0)
            return PyErr_Occurred() ? -1 : bad_array("no field");
        schema = schema->children[0];
        field = *array->children[0];
        if (schema->format == NULL || field.offset < 0 || field.offset > INT64_MAX / 32 ||
            array->offset > INT64_MAX / 32 || field.length < array->offset + array->length)
            return bad_array("a field that is shorter than its struct");
        if (array->n_buffers > 0 && array->buffers != NULL && array->buffers[0] != NULL &&
            array->null_count != 0)
            return bad_array("a table with nulls of whole rows");
        field.offset += array->offset;
        field.length = array->length;
        array = &field;
    }
    chunk *c = &in->current;
    *c = (chunk){0};
    return schema->dictionary != NULL ? view_dictionary(in, c, schema, array)
                                      : view_values(in, c, schema->format, array);
}

int next_arrow_chunk(input *in) {
    if (in->stream == NULL) {
        in->state = 0; /* the only array; it stays until the input is closed */
        return view_array(in) < 0 ? -1 : 1;
    }
    release_current(in);
    int code;
    Py_BEGIN_ALLOW_THREADS
    code = in->stream->get_next(in->stream, &in->array);
    Py_END_ALLOW_THREADS
    if (code != 0) {
        in->array.release = NULL;
        return stream_error(in, code);
    }
    if (in->array.release == NULL)
        return 0;
    return view_array(in) < 0 ? -1 : 1;
}
