/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * json_output.h - prints text as the inside of a JSON string.
 */
#ifndef SIMDINET_JSON_OUTPUT_H
#define SIMDINET_JSON_OUTPUT_H

#include "output.h"

/* Prints text[0, len). A byte that is not part of well-formed UTF-8 becomes U+FFFD. False: a write failed. */
bool print_json_text(output *out, const char *text, size_t len);

#endif
