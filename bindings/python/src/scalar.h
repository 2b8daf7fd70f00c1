/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* scalar.h - one address: conversions that columns use, too. */
#ifndef SIMDINET_SCALAR_H
#define SIMDINET_SCALAR_H

#include "binding.h"
#include "simdinet.h"

/* Parses either family. Returns the number of bytes written to address, 4 or 16, or 0. */
size_t parse_either(const char *text, size_t len, uint8_t address[16]);

/* Raises simdinet.AddressError for a text; object is the argument that it came from. Returns NULL. */
PyObject *raise_address_error(module_state *state, PyObject *object, const char *text, size_t len);

/* The same with a reason and its offset. */
PyObject *raise_address_reason(module_state *state, PyObject *object, simdinet_reason reason,
                               size_t at);

/* The address of an int in network order: 4 bytes below 2^32 unless wide, else 16. Returns their number,
 * or 0 with an exception. */
size_t address_of_int(PyObject *number, bool wide, uint8_t address[16]);

/* An address that is text, or 4 or 16 bytes. Returns 4 or 16, or 0 with an exception. */
size_t address_argument(PyObject *module, PyObject *object, uint8_t address[16]);

/* The scalar function of format(bytes or int). */
PyObject *format_scalar(PyObject *address);

#endif
