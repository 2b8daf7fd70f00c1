/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * kernel.h - the row: what one instruction set implements, and the contract of each operation.
 *
 * The contract, for every row alike:
 *   - reads only [text, text + len), or up to its NUL in the forms that end in z; where that is
 *     faster a kernel may look at further bytes of the memory pages that the value touches, never
 *     at another page (words.h has the one place that decides, and its exact twin for the
 *     sanitizers);
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
/* 1 or 0 as inet_pton returns it, so that the way from there is a jump. */
typedef int simdinet_parse_z_fn(const char *text, uint8_t *out);
typedef size_t simdinet_format_fn(const uint8_t *address, char *out);

/*
 * A place in a text where an address may stand; offsets count from SIMDINET_SCAN_MARGIN bytes before
 * the part that was searched.
 *   IPv4: begin is the first of three dots with one to three bytes between them; end is 0.
 *   IPv6: [begin, end) is a longest run of hexadecimal digits and colons with "::" or at least six
 *   colons in it; of a run that is too long for an address it may be a piece.
 */
typedef struct simdinet_candidate {
    uint32_t begin;
    uint32_t end;
} simdinet_candidate;

#define SIMDINET_SCAN_MARGIN 64
#define SIMDINET_SCAN_PART   4096

/*
 * Finds candidates in text[begin, end), in order, and returns how many; end - begin is
 * SIMDINET_SCAN_PART at most, and so is their number. Every place where docs/scan.md sees an address
 * is among them when its first dot, or its "::" or sixth colon from the end, lies in the part; which
 * other places are, is the row's own affair, and the same place may come again with the next part.
 */
typedef size_t simdinet_find_candidates_fn(const char *text, size_t begin, size_t end, size_t len,
                                           simdinet_candidate *candidates);

/* Parses the IPv4 address that begins at text and ends before the first byte that cannot continue
 * its last octet. Returns its length, or 0. 16 bytes can be read at text. */
typedef size_t simdinet_parse_prefix_fn(const char *text, uint8_t *out);

/* As many values as a word has bits. */
#define SIMDINET_BLOCK 64

/*
 * Parses the values base[begin[i], end[i]), 0 <= i < count <= SIMDINET_BLOCK: writes an address or
 * zeros for each, and returns a bit for each, 1 for an address. begin and end may be the same array
 * one apart. A value that would end before it begins is no address, and none of its bytes is read.
 */
typedef uint64_t simdinet_parse_block_fn(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t count, uint8_t *out);

/* The same for both families, 16 bytes each; *families has a bit for each value, 1 for an address
 * that is written as IPv6. */
typedef uint64_t simdinet_parse_mixed_fn(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t count, uint8_t *out, uint64_t *families);

/* What find_lines may write to each of its arrays. */
#define SIMDINET_LINES_ROOM (SIMDINET_BLOCK + 64)

/*
 * Finds the lines at the head of text[0, len), len < 2^31: up to count <= SIMDINET_BLOCK of those
 * that LF ends. Stores where each begins and ends, its LF or CR LF left out, and to *consumed where
 * the last one's LF has its end; returns how many there are.
 */
typedef size_t simdinet_find_lines_fn(const char *text, size_t len, size_t count, int32_t *begin,
                                      int32_t *end, size_t *consumed);

/*
 * Parses lines at the head of text[0, len), up to capacity of them, as long as they are IPv4
 * addresses, one a line: those at least that it returns the number of, and stores the bytes of in
 * *consumed. It may stop wherever a line ends, also before the first one, and write to all of out.
 */
typedef size_t simdinet_parse_run_fn(const char *text, size_t len, size_t capacity, uint8_t *out,
                                     size_t *consumed);

/* One immutable row; no slot is NULL. A row that has nothing better points to another row's. */
typedef struct simdinet_kernel {
    const char *name;
    const char *requirements; /* the features below in words */
    uint32_t features;        /* CPU_* of cpu.h: what its file is compiled with, and no less */
    simdinet_parse_fn *parse_ipv4;
    simdinet_parse_fn *parse_ipv6;
    simdinet_parse_z_fn *parse_ipv4_z;
    simdinet_parse_z_fn *parse_ipv6_z;
    simdinet_format_fn *format_ipv4; /* returns the length of the text without its NUL */
    simdinet_format_fn *format_ipv6;
    simdinet_find_candidates_fn *find_candidates;
    simdinet_parse_prefix_fn *parse_ipv4_prefix;
    simdinet_parse_block_fn *parse_ipv4_block;
    simdinet_parse_block_fn *parse_ipv6_block;
    simdinet_parse_mixed_fn *parse_mixed_block;
    simdinet_find_lines_fn *find_lines;
    simdinet_parse_run_fn *parse_ipv4_run;
} simdinet_kernel;

#ifdef __cplusplus
extern "C" {
#endif

extern const simdinet_kernel simdinet_kernel_scalar;
extern const simdinet_kernel simdinet_kernel_sse42;
extern const simdinet_kernel simdinet_kernel_avx2;
extern const simdinet_kernel simdinet_kernel_avx512;
extern const simdinet_kernel simdinet_kernel_neon;

/* ---- the registry: rows by index, best first, compiled in or not -------------------------------- */

#define SIMDINET_KERNEL_ROWS 5

/* The name of a row, whether it is compiled in or not. */
const char *simdinet_kernel_name(size_t index);

/* The row, or NULL when it is not compiled in. */
const simdinet_kernel *simdinet_kernel_compiled(size_t index);

/* The row, or NULL when it is not compiled in or does not run here. */
const simdinet_kernel *simdinet_kernel_at(size_t index);

/* The best row for a machine with these features; with a name, that row or NULL. */
const simdinet_kernel *simdinet_kernel_choose(uint32_t features, const char *name);

/* Makes a row the active one; NULL chooses as the first use does. False: it does not run here. */
bool simdinet_kernel_activate(const char *name);

#ifdef __cplusplus
}
#else
#    include <stdatomic.h>

/* The active row; NULL until the first use. */
extern _Atomic(const simdinet_kernel *) simdinet_kernel_current;

const simdinet_kernel *simdinet_kernel_first_use(void);

static inline const simdinet_kernel *simdinet_kernel_active(void) {
    const simdinet_kernel *row =
        atomic_load_explicit(&simdinet_kernel_current, memory_order_acquire);
    return row ? row : simdinet_kernel_first_use();
}
#endif

#endif
