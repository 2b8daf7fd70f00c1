/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * printable.h - prints text of others, such as a label or the name of a host, among lines of text.
 */
#ifndef SIMDINET_PRINTABLE_H
#define SIMDINET_PRINTABLE_H

#include "output.h"

/*
 * Prints text[0, len) without control characters, which end lines and columns and act on terminals: a tab becomes
 * a blank, others become '?'. Bytes that are not UTF-8 stay, unless they are C1 control characters of ISO 8859.
 * False: a write failed.
 */
bool print_printable(output *out, const char *text, size_t len);

/* The same with a terminated text and stdio's stdout. */
void put_printable(const char *text);

#endif
