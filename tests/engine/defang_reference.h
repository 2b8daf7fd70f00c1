/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * defang_reference.h - the replacement of defanged separators, by comparison with every spelling.
 */
#ifndef DEFANG_REFERENCE_H
#define DEFANG_REFERENCE_H

#include <stddef.h>

/*
 * Copies text[0, len) with each defanged separator replaced by what it stands for. plain holds len
 * bytes, offsets len + 1: offsets[i] is where plain[i] begins in the text, and the last one is len.
 * Returns the length of plain.
 */
size_t defang_reference(const char *text, size_t len, char *plain, size_t *offsets);

#endif
