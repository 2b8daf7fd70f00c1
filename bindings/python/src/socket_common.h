/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_common.h - errors, names and audit events of the socket functions. */
#ifndef SIMDINET_SOCKET_COMMON_H
#define SIMDINET_SOCKET_COMMON_H

#include "binding.h"
#include "simdinet_socket.h"

/* Imports the module socket and what the functions use of it into the state. Returns 0, or -1 with an
 * exception. */
int load_socket(module_state *state);

/* Raise and return NULL: the exception of a failed call as CPython's socket module has it; gaierror of
 * an EAI code, or OSError of system_error with EAI_SYSTEM; OSError of an errno. */
PyObject *raise_socket_error(module_state *state, const simdinet_error *error);
PyObject *raise_gaierror(module_state *state, int code, int system_error);
PyObject *raise_errno(int number);

/* Raises an audit event with these arguments, in the notation of Py_BuildValue with parentheses.
 * Returns 0, or -1 with the exception of a hook. */
int audit_event(module_state *state, const char *event, const char *format, ...);

/* The name of a host. */
typedef struct host_name {
    const char *text; /* NUL-terminated; no NUL before len */
    size_t len;
    char *encoded;   /* of PyMem_Malloc, or NULL */
    PyObject *owner; /* what text belongs to, or NULL */
} host_name;

/* Stores a host's name, by the rules of the format "et" with the codec idna. function is the format for
 * PyArg_ParseTuple, "et:gethostbyname". Returns 0, and release_host must follow; or -1 with an exception. */
int convert_host(PyObject *argument, const char *format, host_name *host);
void release_host(host_name *host);

/* True if text is ASCII whose labels the codec idna returns unchanged: 1 to 63 bytes, the last one 0 to
 * 63. */
bool is_plain_host(PyObject *string, const char *text, Py_ssize_t len);

#endif
