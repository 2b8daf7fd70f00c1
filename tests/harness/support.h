/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * support.h - shared by all tests: implementations by index, memory between unmapped pages, seeded
 * random address texts, libc as the reference, and a reader of the conformance tables.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kernels/kernel.h"
#include "prng.h"

/* ---- implementations ------------------------------------------------------------------------- */

/*
 * The supported implementations, best first, and NULL. SIMDINET_IMPLEMENTATIONS_TESTED, a
 * comma-separated list of names, restricts them.
 */
const simdinet_implementation *const *supported_implementations(void);

/* Loops over the supported implementations: FOR_EACH_IMPLEMENTATION (impl) { ... } */
#define FOR_EACH_IMPLEMENTATION(impl)                                                              \
    for (const simdinet_implementation *const *next_##impl = supported_implementations(), *impl;   \
         (impl = *next_##impl++);)

/* Prints a "skipped:" line for each implementation that supported_implementations leaves out. */
void print_skipped_implementations(FILE *to);

/* ---- the two families ------------------------------------------------------------------------ */

typedef enum family { IPV4, IPV6 } family;

size_t address_size(family f);
size_t text_size(family f); /* of the longest text, with its NUL */
simdinet_parse_fn *parser_of(const simdinet_implementation *impl, family f);
simdinet_parse_z_fn *parser_z_of(const simdinet_implementation *impl, family f);
simdinet_format_fn *formatter_of(const simdinet_implementation *impl, family f);

/* libc's inet_pton for a text with a length; false for a text with a NUL. */
bool libc_parse(family f, const char *text, size_t len, uint8_t *out);

/* libc's inet_ntop; returns the length. */
size_t libc_format(family f, const uint8_t *address, char *out);

/* ---- memory ---------------------------------------------------------------------------------- */

/* Two pages, [start, end), between two unmapped pages. middle is their boundary. */
typedef struct guarded {
    char *start;
    char *middle;
    char *end;
} guarded;

guarded guarded_new(void);
void guarded_free(guarded *memory);

/* ---- random texts ---------------------------------------------------------------------------- */

/* The largest text that the functions below write, with its NUL. */
#define TEXT_CAPACITY 128

/*
 * Writes a valid address in a random spelling, and its bytes, which come from the generator and not
 * from a parser. Returns the length; a NUL follows.
 */
size_t make_address(prng *random, family f, char text[TEXT_CAPACITY], uint8_t *bytes);

/* Writes an inet_aton text, mostly a valid one: one to four parts, three bases, trailing blanks. */
size_t make_aton(prng *random, char text[TEXT_CAPACITY]);

/* Applies one to three random edits, NULs among them, and returns the new length. */
size_t mutate(prng *random, char text[TEXT_CAPACITY], size_t len);

/* Fails the Criterion test fatally at the 20th call: a broken implementation fails millions of
 * times. */
void limit_failures(void);

/* The number of random texts of a test: n, 20 times that with SIMDINET_FULL=1 in the environment,
 * or a fiftieth with SIMDINET_BRIEF=1 (mutation testing). */
size_t repetitions(size_t n);
bool brief(void);

/* The text for a message, unprintable bytes as octal escapes. Valid until the eighth call after
 * it. */
const char *show(const char *text, size_t len);

/* ---- tables ---------------------------------------------------------------------------------- */

#define TSV_COLUMNS 8

typedef struct tsv {
    FILE *file;
    char *line;
    size_t capacity; /* of line */
    size_t number;   /* of the line, from 1 */
    size_t count;    /* of its columns */
    char *columns[TSV_COLUMNS];
} tsv;

/* Opens a table and reads its heading; prints "skipped:" where it is missing. */
bool tsv_open(tsv *table, const char *path);

/* Reads the next line that is not a comment; false at the end, where it closes the file. */
bool tsv_next(tsv *table);

/* Resolves \\ \t \n \r and three octal digits, in place; returns the length. A NUL follows. */
size_t unescape(char *text);

/* Reads exactly size bytes of hexadecimal; false for anything else, for example "-". */
bool unhex(const char *text, uint8_t *bytes, size_t size);

#endif
