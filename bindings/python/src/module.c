/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* module.c - the module simdinet._simdinet: its parts, its state, its initialization in each interpreter. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

static PyMethodDef *const parts[] = {
    scalar_methods,
    columns_parse_methods,
    columns_packed_methods,
    columns_explain_methods,
    columns_format_methods,
    columns_scan_methods,
    columns_extract_methods,
    columns_rewrite_methods,
    columns_swap_methods,
    columns_network_methods,
    columns_set_methods,
    columns_take_methods,
    array_copy_methods,
    array_stream_methods,
    scalar_network_methods,
    socket_byteorder_methods,
    socket_inet_methods,
    socket_hosts_methods,
    socket_addrinfo_methods,
    socket_services_methods,
    socket_interfaces_methods,
    socket_descriptors_methods,
};

/* The minor version of the interpreter that runs this, not of the headers. */
static int running_minor(void) {
    const char *dot = strchr(Py_GetVersion(), '.');
    return dot == NULL ? 0 : atoi(dot + 1);
}

static int execute(PyObject *module) {
    state_of(module)->minor = running_minor();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (PyModule_AddFunctions(module, parts[i]) < 0)
            return -1;
    return add_array_type(module);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    module_state *state = state_of(module);
    Py_VISIT(state->socket);
    Py_VISIT(state->gaierror);
    Py_VISIT(state->herror);
    Py_VISIT(state->family_enum);
    Py_VISIT(state->type_enum);
    Py_VISIT(state->family_members);
    Py_VISIT(state->type_members);
    Py_VISIT(state->set_timeout);
    Py_VISIT(state->audit);
    Py_VISIT(state->address_error);
    Py_VISIT(state->array_type);
    return 0;
}

static int clear(PyObject *module) {
    module_state *state = state_of(module);
    Py_CLEAR(state->socket);
    Py_CLEAR(state->gaierror);
    Py_CLEAR(state->herror);
    Py_CLEAR(state->family_enum);
    Py_CLEAR(state->type_enum);
    Py_CLEAR(state->family_members);
    Py_CLEAR(state->type_members);
    Py_CLEAR(state->set_timeout);
    Py_CLEAR(state->audit);
    Py_CLEAR(state->address_error);
    Py_CLEAR(state->array_type);
    return 0;
}

static void free_module(void *module) {
    clear(module);
}

/* An interpreter rejects slots that are newer than itself, so this is chosen when the module is loaded.
 * Py_mod_gil is not used: free-threaded interpreters turn the GIL on when they load the module, which has not been
 * tested without. */
#define SLOT_INTERPRETERS 3 /* Py_mod_multiple_interpreters, since 3.12 */
static PyModuleDef_Slot slots[3] = {{Py_mod_exec, (void *)execute}};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_simdinet",
    .m_doc = "The functions of simdinet in C. Use the package simdinet.",
    .m_size = sizeof(module_state),
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC PyInit__simdinet(void);
PyMODINIT_FUNC PyInit__simdinet(void) {
    if (running_minor() >= 12)
        slots[1] = (PyModuleDef_Slot){SLOT_INTERPRETERS, (void *)2}; /* one GIL per interpreter */
    return PyModuleDef_Init(&definition);
}
