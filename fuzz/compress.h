/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * pack.h - texts as the command finds them in compressed files.
 */
#ifndef FUZZ_PACK_H
#define FUZZ_PACK_H

#include <stdbool.h>
#include <stddef.h>

typedef enum packing { AS_IT_IS, GZIP, ZSTD } packing;

/* What pack wants for a text of that size. */
#define PACK_ROOM(size) ((size) + (size) / 8 + 512)

/*
 * Packs a text, as two members where that is asked for, and returns the length of what is now at to.
 * Where the library for it is not there it returns 0.
 */
size_t pack(packing how, bool twice, const char *text, size_t size, char *to, size_t room);

/* Does the command take the text for compressed? */
bool looks_packed(const char *text, size_t size);

#endif
