/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gather.c - the values of any chunk in blocks of pointers and lengths. */
#include "gather.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_valid(const chunk *c, size_t i) {
    return c->validity == NULL || get_bit(c->validity, c->validity_start + i);
}

bool copy_validity(const chunk *c, uint8_t *to) {
    if (c->kind == CHUNK_NULLS) {
        memset(to, 0, bitmap_size(c->n));
        return true;
    }
    if (c->validity == NULL)
        return false;
    copy_bits(to, c->validity, c->validity_start, c->n);
    return true;
}

/* ---- kinds --------------------------------------------------------------------------------------- */

static void gather_text(const chunk *c, size_t start, block *b) {
    const int32_t *offsets32 = c->offsets;
    const int64_t *offsets64 = c->offsets;
    for (size_t i = 0; i < b->n; i++) {
        int64_t from, to;
        if (c->kind == CHUNK_TEXT32) {
            from = offsets32[start + i];
            to = offsets32[start + i + 1];
        } else {
            from = offsets64[start + i];
            to = offsets64[start + i + 1];
        }
        b->lengths[i] = (size_t)(to - from);
        b->texts[i] = !is_valid(c, start + i) ? NULL : to > from ? c->bytes + from : "";
    }
}

/* Returns an error message, or NULL. */
static const char *gather_views(const chunk *c, size_t start, block *b) {
    for (size_t i = 0; i < b->n; i++) {
        const char *view = (const char *)c->offsets + (start + i) * 16;
        int32_t words[4];
        memcpy(words, view, sizeof words);
        b->texts[i] = NULL;
        b->lengths[i] = 0;
        if (!is_valid(c, start + i))
            continue;
        int64_t length = words[0];
        if (length >= 0 && length <= 12) {
            b->texts[i] = view + 4;
        } else {
            int64_t buffer = words[2], offset = words[3];
            if (length < 0 || buffer < 0 || (uint64_t)buffer >= c->n_variadic || offset < 0 ||
                offset + length > c->variadic_size[buffer] || c->variadic[buffer] == NULL)
                return "a view outside of its buffer";
            b->texts[i] = (const char *)c->variadic[buffer] + offset;
        }
        b->lengths[i] = (size_t)length;
    }
    return NULL;
}

static void gather_fixed(const chunk *c, size_t start, block *b) {
    for (size_t i = 0; i < b->n; i++) {
        const char *text = c->bytes + (ptrdiff_t)(start + i) * c->stride;
        size_t len = c->width;
        while (c->padded && len > 0 && text[len - 1] == '\0')
            len--;
        b->texts[i] = !is_valid(c, start + i) ? NULL : len == 0 ? "" : text;
        b->lengths[i] = len;
    }
}

/* 32-bit characters become bytes; what is not ASCII becomes a byte that is in no address. */
static void narrow_text(char *restrict narrow, const char *restrict text, size_t width,
                        bool swapped) {
    for (size_t i = 0; i < width; i++) {
        uint32_t character;
        memcpy(&character, text + i * 4, sizeof character);
        narrow[i] = (char)(character < 0x80 ? character : 0xff);
    }
    for (size_t i = 0; swapped && i < width; i++) {
        uint32_t character;
        memcpy(&character, text + i * 4, sizeof character);
        character = __builtin_bswap32(character);
        narrow[i] = (char)(character < 0x80 ? character : 0xff);
    }
}

static void gather_wide(const chunk *c, size_t start, block *b, char *narrow) {
    const char *first = c->bytes + (ptrdiff_t)start * c->stride;
    if (c->stride == (ptrdiff_t)c->width * 4)
        narrow_text(narrow, first, b->n * c->width, c->swapped);
    else
        for (size_t i = 0; i < b->n; i++)
            narrow_text(narrow + i * c->width, first + (ptrdiff_t)i * c->stride, c->width,
                        c->swapped);
    for (size_t i = 0; i < b->n; i++, narrow += c->width) {
        size_t len = c->width;
        while (len > 0 && narrow[len - 1] == '\0')
            len--;
        b->texts[i] = narrow;
        b->lengths[i] = len;
    }
}

int wrong_value(size_t i, PyObject *object, const char *expected) {
    PyObject *type = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
    if (type != NULL)
        PyErr_Format(PyExc_TypeError, "value %zu is %U, not %s", i, type, expected);
    Py_XDECREF(type);
    return -1;
}

/* pandas.NA and numpy.ma.masked, told by the names of their classes: neither library is imported. */
static bool is_missing_constant(PyObject *object) {
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
    const char *text = name == NULL ? NULL : PyUnicode_AsUTF8AndSize(name, NULL);
    bool missing =
        text != NULL && (strcmp(text, "NAType") == 0 || strcmp(text, "MaskedConstant") == 0);
    Py_XDECREF(name);
    PyErr_Clear();
    return missing;
}

bool is_missing(PyObject *object) {
    if (object == Py_None)
        return true;
    if (PyLong_Check(object) || PyBytes_Check(object) || PyUnicode_Check(object))
        return false;
    return PyFloat_Check(object) ? isnan(PyFloat_AsDouble(object)) : is_missing_constant(object);
}

/* A new reference to item i of a list or tuple, NULL with an exception. */
static PyObject *item_of(PyObject *list, size_t i) {
#ifdef Py_GIL_DISABLED
    if (PyList_Check(list))
        return PyList_GetItemRef(list, (Py_ssize_t)i); /* another thread may remove it */
#endif
    PyObject *object = PyList_Check(list) ? PyList_GetItem(list, (Py_ssize_t)i)
                                          : PyTuple_GetItem(list, (Py_ssize_t)i);
    Py_XINCREF(object);
    return object;
}

/* With the GIL. Each object of the block gets a reference, so that the text stays while the list changes. */
static int gather_objects(const chunk *c, size_t start, block *b, PyObject **held) {
    size_t n = b->n;
    for (b->n = 0; b->n < n; b->n++) {
        size_t i = b->n;
        PyObject *object = item_of(c->list, start + i);
        if (object == NULL)
            return -1; /* the list became shorter */
        held[i] = object;
        Py_ssize_t len = 0;
        char *bytes;
        b->texts[i] = NULL;
        if (PyUnicode_Check(object)) {
            b->texts[i] = PyUnicode_AsUTF8AndSize(object, &len);
            if (b->texts[i] == NULL) {
                PyObject *encoded = encode_surrogates(object);
                if (encoded == NULL || PyBytes_AsStringAndSize(encoded, &bytes, &len) < 0) {
                    b->n++;
                    return -1;
                }
                Py_DECREF(object);
                held[i] = encoded;
                b->texts[i] = bytes;
            }
        } else if (PyBytes_Check(object) && PyBytes_AsStringAndSize(object, &bytes, &len) == 0) {
            b->texts[i] = bytes;
        } else if (!is_missing(object)) {
            b->n++;
            return wrong_value(start + i, object, "str, bytes or None");
        }
        b->lengths[i] = (size_t)len;
    }
    return 0;
}

/* ---- blocks -------------------------------------------------------------------------------------- */

static const char no_memory[] = "out of memory";

/* Returns an error message, or NULL. */
static const char *run_blocks(const chunk *c, block_function function, void *context, block *b,
                              char *narrow, size_t rows) {
    for (size_t start = 0; start < c->n; start += rows) {
        b->n = c->n - start < rows ? c->n - start : rows;
        const char *error = NULL;
        switch (c->kind) {
        case CHUNK_VIEWS:
            error = gather_views(c, start, b);
            break;
        case CHUNK_FIXED:
            gather_fixed(c, start, b);
            break;
        case CHUNK_WIDE:
            gather_wide(c, start, b, narrow);
            break;
        case CHUNK_NULLS:
            memset(b->texts, 0, sizeof b->texts);
            memset(b->lengths, 0, sizeof b->lengths);
            break;
        default:
            gather_text(c, start, b);
        }
        if (error != NULL)
            return error;
        if (!function(context, start, b))
            return no_memory;
    }
    return NULL;
}

static int run_object_blocks(const chunk *c, block_function function, void *context, block *b) {
    PyObject **held = PyMem_Malloc(BLOCK_SIZE * sizeof(PyObject *));
    if (held == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int failed = 0;
    for (size_t start = 0; failed == 0 && start < c->n; start += BLOCK_SIZE) {
        b->n = c->n - start < BLOCK_SIZE ? c->n - start : BLOCK_SIZE;
        failed = gather_objects(c, start, b, held);
        if (failed == 0) {
            bool done;
            if (b->n > GIL_VALUES) {
                Py_BEGIN_ALLOW_THREADS
                done = function(context, start, b);
                Py_END_ALLOW_THREADS
            } else {
                done = function(context, start, b);
            }
            if (!done) {
                PyErr_NoMemory();
                failed = -1;
            }
        }
        for (size_t i = 0; i < b->n; i++)
            Py_DECREF(held[i]);
    }
    PyMem_Free(held);
    return failed;
}

int for_each_block(const chunk *c, block_function function, void *context) {
    if (c->kind == CHUNK_NUMBERS) {
        PyErr_SetString(PyExc_TypeError, "a column of text is expected, not of numbers");
        return -1;
    }
    size_t rows = BLOCK_SIZE;
    if (c->kind == CHUNK_WIDE)
        while (rows > 8 && rows * c->width > 65536)
            rows /= 2;
    block *b = malloc(sizeof *b);
    char *narrow = malloc(c->kind == CHUNK_WIDE ? rows * c->width + 1 : 1);
    int failed = -1;
    if (b == NULL || narrow == NULL) {
        PyErr_NoMemory();
    } else if (c->kind == CHUNK_OBJECTS) {
        failed = run_object_blocks(c, function, context, b);
    } else {
        const char *error;
        if (c->n > GIL_VALUES) {
            Py_BEGIN_ALLOW_THREADS
            error = run_blocks(c, function, context, b, narrow, rows);
            Py_END_ALLOW_THREADS
        } else {
            error = run_blocks(c, function, context, b, narrow, rows);
        }
        if (error == no_memory)
            PyErr_NoMemory();
        else if (error != NULL)
            PyErr_Format(PyExc_ValueError, "invalid Arrow array: %s", error);
        failed = error == NULL ? 0 : -1;
    }
    free(b);
    free(narrow);
    return failed;
}
