/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * support.h - what the tests of one address share: implementations by index, memory with unmapped pages around
 * it, seeded random address texts, libc as the referee, and the reader of the conformance tables.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kernels/kernel.h"

/* ---- implementations --------------------------------------------------------------------------------------- */

/*
 * The implementations that run here, one a call, from *index = 0 on; NULL behind the last:
 *     for (size_t i = 0; (implementation = next_implementation(&i));)
 * With SIMDINET_IMPLEMENTATIONS_TESTED in the environment, names with commas between them, only these.
 */
const simdinet_implementation *next_implementation(size_t *index);

/* A line for each implementation that next_implementation passes over, so that nobody takes it for tested. */
void print_skipped_implementations(FILE *to);

/* ---- the two families, so that one test body serves both ------------------------------------------ */

typedef enum family { IPV4, IPV6 } family;

size_t address_size(family f);
size_t text_size(family f); /* of the longest text with its NUL */
simdinet_parse_fn *parser_of(const simdinet_implementation *impl, family f);
simdinet_parse_z_fn *parser_z_of(const simdinet_implementation *impl, family f);
simdinet_format_fn *formatter_of(const simdinet_implementation *impl, family f);

/* libc's inet_pton on a text with a length; a NUL inside is no part of any address. */
bool libc_parse(family f, const char *text, size_t len, uint8_t *out);

/* libc's inet_ntop; returns the length. */
size_t libc_format(family f, const uint8_t *address, char *out);

/* ---- memory ------------------------------------------------------------------------------------- */

/* Two pages, [start, end), between pages that nobody may touch. middle is where they meet. */
typedef struct guarded {
    char *start;
    char *middle;
    char *end;
} guarded;

guarded guarded_new(void);
void guarded_free(guarded *memory);

/* ---- random texts ------------------------------------------------------------------------------- */

typedef struct prng {
    uint64_t state;
} prng;

uint64_t prng_next(prng *random);
unsigned prng_below(prng *random, unsigned bound); /* 0 to bound - 1 */

/* Room for any text that the functions below write, and a NUL. */
#define TEXT_ROOM 128

/*
 * Write a right address, spelled in one of all its ways, and its bytes: they are known from the
 * making and no parser is asked. Return the length; a NUL follows.
 */
size_t make_address(prng *random, family f, char text[TEXT_ROOM], uint8_t *bytes);

/* Writes an inet_aton text, mostly a right one: one to four parts, three bases, blanks behind. */
size_t make_aton(prng *random, char text[TEXT_ROOM]);

/* Spoils the text with up to three edits, NULs among them, and returns its new length. */
size_t mutate(prng *random, char text[TEXT_ROOM], size_t len);

/* Ends the Criterion test at its 20th call: a broken implementation fails millions of times. */
void end_after_many(void);

/* How many random texts a test takes: usual, or many more with SIMDINET_FULL=1 in the environment, or
 * a few with SIMDINET_BRIEF=1, where thousands of runs shall show whether a test notices a mistake. */
size_t rounds(size_t usual);
bool brief(void);

/* The text for a message, odd bytes as octal escapes. Lives until the eighth call after it. */
const char *show(const char *text, size_t len);

/* ---- tables ------------------------------------------------------------------------------------- */

#define TSV_COLUMNS 8

typedef struct tsv {
    FILE *file;
    char *line;
    size_t room;
    size_t number; /* of the line, from 1 */
    size_t count;  /* of its columns */
    char *columns[TSV_COLUMNS];
} tsv;

/* Opens conformance/NAME of the shared data and reads its heading; says so where it is missing. */
bool tsv_open(tsv *table, const char *name);

/* The next line that is no comment; false at the end, where it closes the file. */
bool tsv_next(tsv *table);

/* Resolves \\ \t \n \r and three octal digits, in place; returns the length. A NUL follows. */
size_t unescape(char *text);

/* Reads exactly size bytes of hexadecimal; false for anything else, such as "-". */
bool unhex(const char *text, uint8_t *bytes, size_t size);

#endif
