/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* binding.h - what every file of the module shares: the limited API, the module's state, its parts. */
#ifndef SIMDINET_BINDING_H
#define SIMDINET_BINDING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

/* The buffer protocol is part of the limited API since 3.11. 3.10 exports the same functions, with the
 * same struct and the same numbers. */
#if defined(Py_LIMITED_API) && Py_LIMITED_API < 0x030B0000
typedef struct Py_buffer {
    void *buf;
    PyObject *obj;
    Py_ssize_t len;
    Py_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    Py_ssize_t *suboffsets;
    void *internal;
} Py_buffer;
PyAPI_FUNC(int) PyObject_GetBuffer(PyObject *object, Py_buffer *view, int flags);
PyAPI_FUNC(void) PyBuffer_Release(Py_buffer *view);
#    define Py_bf_getbuffer     1
#    define Py_bf_releasebuffer 2
#    define PyBUF_SIMPLE        0
#    define PyBUF_WRITABLE      0x0001
#    define PyBUF_FORMAT        0x0004
#    define PyBUF_ND            0x0008
#    define PyBUF_STRIDES       (0x0010 | PyBUF_ND)
#    define PyBUF_F_CONTIGUOUS  (0x0040 | PyBUF_STRIDES)
#    define PyBUF_RECORDS_RO    (PyBUF_STRIDES | PyBUF_FORMAT)
#endif

/* The state of one module object; an interpreter has its own. */
typedef struct module_state {
    PyObject *socket;         /* the module socket, imported by the first function that needs it */
    PyObject *gaierror;       /* socket.gaierror */
    PyObject *herror;         /* socket.herror */
    PyObject *family_enum;    /* socket.AddressFamily */
    PyObject *type_enum;      /* socket.SocketKind */
    PyObject *family_members; /* dict of int to a member of AddressFamily, or to the int */
    PyObject *type_members;   /* the same of SocketKind */
    PyObject *set_timeout;    /* _socket.setdefaulttimeout */
    PyObject *audit;          /* sys.audit */
    PyObject *address_error;  /* simdinet.AddressError */
    PyObject *array_type;     /* simdinet.Array */
    int minor;                /* of the running Python 3.minor */
} module_state;

/* The state of the module that a function of it receives as self. */
static inline module_state *state_of(PyObject *module) {
    return (module_state *)PyModule_GetState(module);
}

/* Slots of the state are filled by the first function that needs them, without a lock: other threads may do the
 * same at the same time. */
static inline PyObject *load_slot(PyObject **slot) {
    return __atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

/* Fills a slot with a new reference, which may be NULL, unless it is filled. Returns what the slot has. */
static inline PyObject *fill_slot(PyObject **slot, PyObject *value) {
    PyObject *expected = NULL;
    if (value == NULL || __atomic_compare_exchange_n(slot, &expected, value, false,
                                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return value;
    Py_DECREF(value);
    return expected;
}

/* The functions of each part; module.c adds them to the module. */
extern PyMethodDef scalar_methods[];
extern PyMethodDef columns_set_methods[];
extern PyMethodDef columns_take_methods[];
extern PyMethodDef scalar_network_methods[];
extern PyMethodDef array_copy_methods[];
extern PyMethodDef array_stream_methods[];
extern PyMethodDef columns_parse_methods[];
extern PyMethodDef columns_packed_methods[];
extern PyMethodDef columns_explain_methods[];
extern PyMethodDef columns_format_methods[];
extern PyMethodDef columns_scan_methods[];
extern PyMethodDef columns_extract_methods[];
extern PyMethodDef columns_rewrite_methods[];
extern PyMethodDef columns_swap_methods[];
extern PyMethodDef columns_network_methods[];
extern PyMethodDef socket_byteorder_methods[];
extern PyMethodDef socket_inet_methods[];
extern PyMethodDef socket_hosts_methods[];
extern PyMethodDef socket_addrinfo_methods[];
extern PyMethodDef socket_services_methods[];
extern PyMethodDef socket_interfaces_methods[];
extern PyMethodDef socket_descriptors_methods[];

#endif
