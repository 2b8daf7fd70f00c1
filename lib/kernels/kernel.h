/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * kernel.h - the row: what one instruction set implements, and the contract of each operation.
 *
 * The contract, for every row alike:
 *   - reads only [text, text + len); the forms that end in z read a NUL-terminated string and, in
 *     their own memory page, may look at bytes behind its NUL;
 *   - the bytes that it may look at but that are not the value never decide the answer;
 *   - writes to out only on success, and then the address, or the text and its NUL, and no more;
 *   - returns the same answer as the scalar row for every input.
 */
#ifndef SIMDINET_KERNEL_H
#define SIMDINET_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef bool simdinet_parse_fn(const char *text, size_t len, uint8_t *out);
typedef bool simdinet_parse_z_fn(const char *text, uint8_t *out);
typedef size_t simdinet_format_fn(const uint8_t *address, char *out);

/* One immutable row; no slot is NULL. A row that has nothing better points to another row's. */
typedef struct simdinet_kernel {
    const char *name;
    simdinet_parse_fn *parse_ipv4;
    simdinet_parse_fn *parse_ipv6;
    simdinet_parse_z_fn *parse_ipv4_z;
    simdinet_parse_z_fn *parse_ipv6_z;
    simdinet_format_fn *format_ipv4; /* returns the length of the text without its NUL */
    simdinet_format_fn *format_ipv6;
} simdinet_kernel;

extern const simdinet_kernel simdinet_kernel_scalar;
extern const simdinet_kernel simdinet_kernel_sse42;
extern const simdinet_kernel simdinet_kernel_avx2;
extern const simdinet_kernel simdinet_kernel_avx512;
extern const simdinet_kernel simdinet_kernel_neon;

/* How many rows the registry names, compiled in or not; best first. */
#define SIMDINET_KERNEL_ROWS 5

/* The row with this index, or NULL when it is not compiled in or does not run here. */
const simdinet_kernel *simdinet_kernel_at(size_t index);

/* The name of the row with this index, whether it is compiled in or not. */
const char *simdinet_kernel_name(size_t index);

/* The active row; chosen on first use. */
const simdinet_kernel *simdinet_kernel_active(void);

#endif
