/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz.h - what the fuzz targets share: choices read from the input, memory that ends where a buffer
 * does, the implementations, and the end of a target whose check fails.
 *
 * An input begins with a few bytes of choices, one after the other, and what they are about comes
 * last: so the fuzzer can edit, splice and cut the text without changing what is done with it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/harness/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- choices ------------------------------------------------------------------------------------ */

typedef struct input {
    const uint8_t *data;
    size_t size;
} input;

/* Takes a byte from the head of the input; 0 when there is none left. */
uint8_t take_byte(input *in);

/* Takes a number of so many bytes, 8 at most, least significant byte first. */
uint64_t take_number(input *in, size_t bytes);

/* Takes a byte as a number below bound, which is 1 to 256. */
unsigned take_below(input *in, unsigned bound);

/* ---- memory ------------------------------------------------------------------------------------- */

/*
 * Areas of memory with pages around them that nobody may touch. They are mapped once and live as
 * long as the process, for a mapping a call would be most of a target's time.
 */
enum { AREAS = 12 };

#define AREA_SIZE ((size_t)1 << 20)

/* The byte that whole areas are filled with before they are written to, unless a caller asks for
 * another one. */
#define AREA_FILL 0xa5

/* The last size bytes, or the first ones, of an area: one byte further is a fault. */
char *area_at_end(unsigned area, size_t size);
char *area_at_start(unsigned area, size_t size);

/* The same with a copy of bytes there. */
char *area_copy_at_end(unsigned area, const void *bytes, size_t size);
char *area_copy_at_start(unsigned area, const void *bytes, size_t size);

/* Whether all of the bytes are that one. */
bool all_are(const void *bytes, uint8_t value, size_t size);

/* ---- implementations --------------------------------------------------------------------------------------- */

/*
 * Makes the public functions call this implementation, and costs nothing: simdinet_use_implementation asks the processor
 * first. The implementations that run here are those of next_implementation in tests/harness/support.h.
 */
void use_implementation(const simdinet_implementation *impl);

/* ---- failure ------------------------------------------------------------------------------------ */

/* Prints the message, which names the implementation and what differs, and the bytes it is about; aborts. */
_Noreturn void fail(const void *bytes, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
