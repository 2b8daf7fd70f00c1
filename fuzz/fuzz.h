/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz.h - shared by the fuzz targets: choices read from the input, buffers that end with mapped
 * memory, the implementations, and failure.
 *
 * An input begins with a few bytes of choices; the text comes last, so that the fuzzer can edit,
 * splice and cut the text without changing the choices.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/harness/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- choices --------------------------------------------------------------------------------- */

typedef struct input {
    const uint8_t *data;
    size_t size;
} input;

/* Takes the first byte of the input; 0 when it is empty. */
uint8_t take_byte(input *in);

/* Takes a number of size bytes, at most 8, least significant byte first. */
uint64_t take_number(input *in, size_t bytes);

/* Takes a byte as a number below bound, which is 1 to 256. */
unsigned take_below(input *in, unsigned bound);

/* ---- memory ---------------------------------------------------------------------------------- */

/*
 * Areas of memory between unmapped pages. They are mapped once per process: a mapping per call
 * would dominate the run time of a target.
 */
enum { AREAS = 12 };

#define AREA_SIZE ((size_t)1 << 20)

/* The byte that areas are filled with before they are written to, unless a caller chooses
 * another. */
#define AREA_FILL 0xa5

/* The last, or the first, size bytes of an area: one byte further faults. */
char *area_at_end(unsigned area, size_t size);
char *area_at_start(unsigned area, size_t size);

/* The same with a copy of bytes there. */
char *area_copy_at_end(unsigned area, const void *bytes, size_t size);
char *area_copy_at_start(unsigned area, const void *bytes, size_t size);

/* Whether all bytes equal the given one. */
bool all_are(const void *bytes, uint8_t value, size_t size);

/* ---- implementations ------------------------------------------------------------------------- */

/*
 * Makes the public functions use this implementation. Unlike simdinet_use_implementation it does
 * not execute CPUID. The supported implementations are those of FOR_EACH_IMPLEMENTATION in
 * tests/harness/support.h.
 */
void use_implementation(const simdinet_implementation *impl);

/* ---- failure --------------------------------------------------------------------------------- */

/* Prints the message, which names the implementation and the difference, and the bytes; aborts. */
_Noreturn void fail(const void *bytes, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
