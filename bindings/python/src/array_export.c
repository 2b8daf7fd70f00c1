/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array_export.c - the Arrow PyCapsule interface of simdinet.Array. The consumer shares the memory. */
#include "array.h"
#include "arrow.h"

#include <errno.h>
#include <stdlib.h>

/* ---- schema -------------------------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    schema->release = NULL;
}

bool export_schema(const column_type *type, const char *name, struct ArrowSchema *out) {
    *out = (struct ArrowSchema){.format = type->format,
                                .name = name,
                                .flags = ARROW_FLAG_NULLABLE,
                                .release = release_schema};
    if (type->n_fields == 0)
        return true;
    out->children = calloc((size_t)type->n_fields, sizeof *out->children);
    for (int i = 0; out->children != NULL && i < type->n_fields; i++) {
        out->children[i] = calloc(1, sizeof **out->children);
        if (out->children[i] == NULL)
            break;
        out->n_children++;
        if (!export_schema(type->fields[i], type->field_names[i], out->children[i]))
            break;
        if (i == type->n_fields - 1)
            return true;
    }
    release_schema(out);
    return false;
}

/* ---- array --------------------------------------------------------------------------------------- */

typedef struct exported {
    column *col;
    const void *buffers[3];
} exported;

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    free(array->children);
    exported *memory = array->private_data;
    column_release(memory->col);
    free(memory);
    array->release = NULL;
}

bool export_column(column *col, struct ArrowArray *out) {
    exported *memory = malloc(sizeof *memory);
    if (memory == NULL)
        return false;
    memory->col = column_retain(col);
    for (int i = 0; i < 3; i++)
        memory->buffers[i] = col->buffers[i];
    column_kind kind = col->type->kind;
    *out = (struct ArrowArray){.length = (int64_t)col->length,
                               .null_count = (int64_t)col->null_count,
                               .n_buffers = kind == COLUMN_STRUCT ? 1
                                            : kind == COLUMN_TEXT ? 3
                                                                  : 2,
                               .buffers = memory->buffers,
                               .release = release_array,
                               .private_data = memory};
    int n = col->type->n_fields;
    if (n == 0)
        return true;
    out->children = calloc((size_t)n, sizeof *out->children);
    for (int i = 0; out->children != NULL && i < n; i++) {
        out->children[i] = calloc(1, sizeof **out->children);
        if (out->children[i] == NULL)
            break;
        out->n_children++;
        if (!export_column(col->fields[i], out->children[i]))
            break;
        if (i == n - 1)
            return true;
    }
    release_array(out);
    return false;
}

/* ---- stream -------------------------------------------------------------------------------------- */

typedef struct stream_state {
    const column_type *type;
    size_t next;
    chunk_list list;
} stream_state;

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    stream_state *state = stream->private_data;
    return export_schema(state->type, "", out) ? 0 : ENOMEM;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    stream_state *state = stream->private_data;
    if (state->next == state->list.n) {
        *out = (struct ArrowArray){0};
        return 0;
    }
    if (!export_column(state->list.chunks[state->next], out))
        return ENOMEM;
    state->next++;
    return 0;
}

static const char *stream_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "out of memory";
}

static void release_stream(struct ArrowArrayStream *stream) {
    stream_state *state = stream->private_data;
    clear_chunks(&state->list);
    free(state);
    stream->release = NULL;
}

/* ---- capsules ------------------------------------------------------------------------------------ */

static void free_schema_capsule(PyObject *capsule) {
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, "arrow_schema");
    if (schema->release != NULL)
        schema->release(schema);
    free(schema);
}

static void free_array_capsule(PyObject *capsule) {
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, "arrow_array");
    if (array->release != NULL)
        array->release(array);
    free(array);
}

void free_stream_capsule(PyObject *capsule) {
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream->release != NULL)
        stream->release(stream);
    free(stream);
}

static PyObject *schema_capsule(const column_type *type) {
    struct ArrowSchema *schema = calloc(1, sizeof *schema);
    if (schema == NULL || !export_schema(type, "", schema)) {
        free(schema);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(schema, "arrow_schema", free_schema_capsule);
    if (capsule == NULL) {
        schema->release(schema);
        free(schema);
    }
    return capsule;
}

PyObject *array_arrow_schema(PyObject *self, PyObject *unused) {
    (void)unused;
    return schema_capsule(((array_object *)self)->type);
}

/* All chunks as one column, with 64-bit offsets if text does not fit 32. NULL with an exception. */
static column *joined_chunks(array_object *array) {
    if (array->type->kind != COLUMN_TEXT || array->n_chunks < 2 ||
        column_concatenation_fits(array->type, array->chunks, array->n_chunks))
        return array_contiguous(array);
    column *joined = column_concatenate_large(array->type, array->chunks, array->n_chunks);
    if (joined == NULL)
        PyErr_NoMemory();
    return joined;
}

/* A requested schema is a wish that the producer need not fulfil. */
static int parse_requested(PyObject *arguments, PyObject *keywords, const char *format) {
    static char *names[] = {"requested_schema", NULL};
    PyObject *requested;
    return PyArg_ParseTupleAndKeywords(arguments, keywords, format, names, &requested) ? 0 : -1;
}

PyObject *array_arrow_array(PyObject *self, PyObject *arguments, PyObject *keywords) {
    if (parse_requested(arguments, keywords, "|O:__arrow_c_array__") < 0)
        return NULL;
    column *col = joined_chunks((array_object *)self);
    if (col == NULL)
        return NULL;
    const column_type *type = col->type;
    struct ArrowArray *array = calloc(1, sizeof *array);
    bool done = array != NULL && export_column(col, array);
    column_release(col);
    if (!done) {
        free(array);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(array, "arrow_array", free_array_capsule);
    if (capsule == NULL) {
        array->release(array);
        free(array);
        return NULL;
    }
    PyObject *schema = schema_capsule(type);
    PyObject *pair = schema == NULL ? NULL : PyTuple_Pack(2, schema, capsule);
    Py_XDECREF(schema);
    Py_DECREF(capsule);
    return pair;
}

PyObject *array_arrow_stream(PyObject *self, PyObject *arguments, PyObject *keywords) {
    if (parse_requested(arguments, keywords, "|O:__arrow_c_stream__") < 0)
        return NULL;
    array_object *array = (array_object *)self;
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    stream_state *state = calloc(1, sizeof *state);
    if (stream == NULL || state == NULL)
        goto fail;
    state->type = array->type;
    for (size_t i = 0; i < array->n_chunks; i++) {
        if (!append_chunk(&state->list, column_retain(array->chunks[i])))
            goto fail;
    }
    *stream =
        (struct ArrowArrayStream){stream_schema, stream_next, stream_error, release_stream, state};
    PyObject *capsule = PyCapsule_New(stream, "arrow_array_stream", free_stream_capsule);
    if (capsule == NULL) {
        stream->release(stream);
        free(stream);
    }
    return capsule;
fail:
    if (state != NULL)
        clear_chunks(&state->list);
    free(state);
    free(stream);
    return PyErr_NoMemory();
}
