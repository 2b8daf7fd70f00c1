/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * mapped_file.h - a mapped file that becomes shorter ends the command with a message and not with a bus error.
 */
#ifndef SIMDINET_MAPPED_FILE_H
#define SIMDINET_MAPPED_FILE_H

#include <stddef.h>

/* Before a library maps a file and reads it: until mapped_file_at, the file is taken to be at any address. name
 * stays in use. One file at a time. */
void mapped_file_expect(const char *name);

/* The file is at these addresses. */
void mapped_file_at(const void *begin, size_t size);

/* The file is no longer mapped, or was not. */
void mapped_file_end(void);

#endif
