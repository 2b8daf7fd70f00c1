/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* map.c - functions of one chunk, applied to all chunks of a column. */
#include "map.h"

/* The type of the chunks, NULL with an exception if they differ. */
static const column_type *common_type(const chunk_list *list) {
    const column_type *type = list->n > 0 ? list->chunks[0]->type : &type_ipv6;
    for (size_t i = 1; i < list->n; i++) {
        if (list->chunks[i]->type != type) {
            PyErr_SetString(PyExc_ValueError, "chunks with addresses of 4 and of 16 bytes");
            return NULL;
        }
    }
    return type;
}

PyObject *map_chunks(PyObject *module, PyObject *object, const column_type *type, bool families,
                     chunk_function function, void *context) {
    input in;
    if (open_input(&in, object) < 0)
        return NULL;
    chunk_list list = {0}, family_list = {0};
    int more;
    for (size_t i = 0; (more = next_chunk(&in)) == 1; i++) {
        if (!function(&in.current, i, context, &list, &family_list)) {
            if (!PyErr_Occurred())
                PyErr_NoMemory();
            break;
        }
    }
    close_input(&in);
    PyObject *array = NULL;
    if (more == 0 && type == NULL)
        type = common_type(&list);
    if (more == 0 && type != NULL) {
        module_state *state = state_of(module);
        families = families || family_list.n > 0;
        array = new_array(state, type, &list);
        if (array != NULL && families) {
            ((array_object *)array)->families = new_array(state, &type_bool, &family_list);
            if (((array_object *)array)->families == NULL)
                Py_CLEAR(array);
        }
    }
    clear_chunks(&list);
    clear_chunks(&family_list);
    return array;
}
