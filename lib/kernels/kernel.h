/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * kernel.h - an implementation: the kernels of one instruction set, and the contract of each.
 *
 * The contract of every implementation:
 *   - A kernel reads only [text, text + len), or up to the NUL if its name ends in _z. It may load
 *     other bytes of the memory pages that the value touches, never of another page: leaves_page in
 *     generic/bytes.h decides, and has an exact variant for the sanitizers.
 *   - Bytes outside the value never change the result.
 *   - A kernel for one value writes to out only on success, and then the address, or the text and
 *     its NUL, and no more. What the others write is documented with their types.
 *   - It returns the result of the scalar implementation for every input.
 */
#ifndef SIMDINET_KERNEL_H
#define SIMDINET_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "network_trie.h"
#include "scan.h"

/* The longest text of an IPv6 address: six groups and an embedded IPv4 address. */
#define SIMDINET_MAX_IPV6_TEXT 45

typedef bool simdinet_parse_fn(const char *text, size_t len, uint8_t *out);
/* 1 or 0 as inet_pton returns it, so that inet_pton can jump to the kernel. */
typedef int simdinet_parse_z_fn(const char *text, uint8_t *out);
typedef size_t simdinet_format_fn(const uint8_t *address, char *out);

/* ---- the scan: see scan.h ----------------------------------------------------------------------- */

/*
 * Finds the candidate positions in text[begin, end), in order. Of every address by the rules of
 * docs/scan.md, its first dot (IPv4), or its "::" or its first colon (IPv6) is among them when it lies
 * in the chunk. Which other positions are is up to the implementation.
 */
typedef void simdinet_find_candidates_fn(simdinet_scan_chunk *chunk);

/*
 * Verifies the next candidates, SIMDINET_SCAN_BATCH at most, in order, and returns how many: 0 when
 * none is left. An address near a chunk's border may be found in both chunks.
 */
typedef size_t simdinet_verify_candidates_fn(simdinet_scan_chunk *chunk,
                                             simdinet_candidate *candidates);

/* Reads the IPv4 address that begins at text and ends before the first byte that cannot continue its
 * last octet. Writes it and twelve zeros, and returns its length; or returns 0, and then out may hold
 * anything. 16 bytes can be read at text. */
typedef size_t simdinet_read_prefix_fn(const char *text, uint8_t *out);

/*
 * Formats n addresses, 4 or 16 bytes each, with the separator after each; returns the length of
 * all. text has the space of the longest texts, 16 or 40 bytes an address, and all of it may be
 * overwritten; nothing past it is touched.
 */
typedef size_t simdinet_format_lines_fn(const uint8_t *addresses, size_t n, char separator,
                                        char *text);

/*
 * Formats n addresses without separators from text + offsets[0] on, and stores their ends to
 * offsets[1] to offsets[n]. From text + offsets[0] on there is space for 15 or 39 bytes an address,
 * and all of it may be overwritten; nothing past it is touched.
 */
typedef void simdinet_format_column_fn(const uint8_t *addresses, size_t n, char *text,
                                       int32_t *offsets);

/* Reverses the bytes of n numbers. dst == src, or they do not overlap; any alignment. */
typedef void simdinet_swap_fn(void *dst, const void *src, size_t n);

/* The most values of a block, whose result has a bit for each. */
#define SIMDINET_BLOCK 64

/*
 * Parses the values base[begin[i], end[i]), 0 <= i < n <= SIMDINET_BLOCK: stores an address or
 * zeros for each, and returns a bit for each, 1 for an address. end may be begin + 1, as in a column
 * of offsets. A value that would end before it begins is invalid, and none of its bytes is read.
 */
typedef uint64_t simdinet_parse_block_fn(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t n, uint8_t *out);

/* The same for both families, 16 bytes each; *families has a bit for each value, 1 for the text of
 * an IPv6 address. */
typedef uint64_t simdinet_parse_mixed_fn(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t n, uint8_t *out, uint64_t *families);

/* What is known of the addresses of a block while they are looked up. */
typedef struct simdinet_lookup_state {
    uint64_t high[SIMDINET_BLOCK], low[SIMDINET_BLOCK];
    const uint8_t *at[SIMDINET_BLOCK]; /* the block or list to search */
    uint32_t word[SIMDINET_BLOCK];     /* the entry: index of a match, or value, or reference */
    uint8_t length[SIMDINET_BLOCK];    /* prefix length of a wide entry */
    uint32_t key[SIMDINET_BLOCK];      /* the bits to look for in a list */
} simdinet_lookup_state;

/*
 * Looks up n <= SIMDINET_BLOCK addresses of 4 or 16 bytes in a trie of their family, in two steps: the
 * first one prefetches, so that other work between both hides the latency of memory. finish returns a
 * bit for each address, 1 if it has a match, and stores values and prefix lengths, 0 without a match.
 * Both may be NULL; membership is whether both are.
 */
typedef void simdinet_lookup_start_fn(const simdinet_network_trie *trie, const uint8_t *addresses,
                                      size_t n, bool membership, simdinet_lookup_state *state);
typedef uint64_t simdinet_lookup_finish_fn(const simdinet_network_trie *trie,
                                           simdinet_lookup_state *state, size_t n, uint32_t *values,
                                           uint8_t *prefix_lengths);

/*
 * Looks up one address of 128 bits; an IPv4 address is in the upper 32. Returns the value, and from
 * bit 32 on the prefix length, or 0 and NETWORK_NO_MATCH.
 */
typedef uint64_t simdinet_lookup_one_fn(const simdinet_network_trie *trie, uint64_t high,
                                        uint64_t low);

/* The number of elements that find_lines may write to each of its arrays. */
#define SIMDINET_FIND_LINES_SIZE (SIMDINET_BLOCK + 64)

/*
 * Finds the lines at the head of text[0, len), len <= 2^30: the first n <= SIMDINET_BLOCK of those
 * that LF ends, or all if there are fewer. Stores the begin and end of each, without its LF or CR
 * LF, and to *consumed the end of the last LF; returns their number.
 */
typedef size_t simdinet_find_lines_fn(const char *text, size_t len, size_t n, int32_t *begin,
                                      int32_t *end, size_t *consumed);

/* The most lines of one call of parse_ipv4_lines. */
#define SIMDINET_LINES_BATCH 16384

/*
 * Parses lines at the head of text[0, len), len <= 2^30: up to capacity <= SIMDINET_LINES_BATCH of
 * those that LF ends. Stores an address or zeros for each, a bit for each in valid, 64 to a word, 1
 * for an address, the bits past the last line 0, and to *consumed the end of the last LF. Returns
 * the number of lines, which is 0 only if capacity is 0 or there is no LF, and may be less than
 * there are. All of out may be overwritten. *state is 0 before the first call for a text, and
 * belongs to the implementation between calls.
 */
typedef size_t simdinet_parse_lines_fn(const char *text, size_t len, size_t capacity, uint8_t *out,
                                       uint64_t *valid, size_t *consumed, uint32_t *state);

/* The kernels of an implementation: KERNEL(type, name). format_ipv4 and format_ipv6 return the
 * length of the text without its NUL. */
#define SIMDINET_KERNELS(KERNEL)                                                                   \
    KERNEL(simdinet_parse_fn, parse_ipv4)                                                          \
    KERNEL(simdinet_parse_fn, parse_ipv6)                                                          \
    KERNEL(simdinet_parse_z_fn, parse_ipv4_z)                                                      \
    KERNEL(simdinet_parse_z_fn, parse_ipv6_z)                                                      \
    KERNEL(simdinet_format_fn, format_ipv4)                                                        \
    KERNEL(simdinet_format_fn, format_ipv6)                                                        \
    KERNEL(simdinet_find_candidates_fn, find_candidates)                                           \
    KERNEL(simdinet_verify_candidates_fn, verify_candidates)                                       \
    KERNEL(simdinet_read_prefix_fn, read_ipv4_prefix)                                              \
    KERNEL(simdinet_format_lines_fn, format_ipv4_lines)                                            \
    KERNEL(simdinet_format_lines_fn, format_ipv6_lines)                                            \
    KERNEL(simdinet_format_column_fn, format_ipv4_column)                                          \
    KERNEL(simdinet_format_column_fn, format_ipv6_column)                                          \
    KERNEL(simdinet_swap_fn, swap16)                                                               \
    KERNEL(simdinet_swap_fn, swap32)                                                               \
    KERNEL(simdinet_swap_fn, swap64)                                                               \
    KERNEL(simdinet_parse_block_fn, parse_ipv4_block)                                              \
    KERNEL(simdinet_parse_block_fn, parse_ipv6_block)                                              \
    KERNEL(simdinet_parse_mixed_fn, parse_mixed_block)                                             \
    KERNEL(simdinet_lookup_start_fn, lookup_ipv4_start)                                            \
    KERNEL(simdinet_lookup_start_fn, lookup_ipv6_start)                                            \
    KERNEL(simdinet_lookup_finish_fn, lookup_ipv4_finish)                                          \
    KERNEL(simdinet_lookup_finish_fn, lookup_ipv6_finish)                                          \
    KERNEL(simdinet_lookup_one_fn, lookup_one)                                                     \
    KERNEL(simdinet_find_lines_fn, find_lines)                                                     \
    KERNEL(simdinet_parse_lines_fn, parse_ipv4_lines)

/* One immutable implementation; no kernel is NULL. */
typedef struct simdinet_implementation {
    const char *name;
    const char *requirements; /* the features below in words */
    uint32_t features;        /* CPU_* of cpu.h: exactly what its file is compiled with */
#define SIMDINET_KERNEL_MEMBER(type, name) type *name;
    SIMDINET_KERNELS(SIMDINET_KERNEL_MEMBER)
} simdinet_implementation;

/* Initializes the member of a kernel with the implementation's own function. */
#define SIMDINET_OWN_KERNEL(type, name) .name = IMPL(name),

/* ---- the implementations, best first: X(name, whether it is compiled for this target) -------- */

#if defined(__x86_64__) || defined(__i386__)
#    define SIMDINET_ON_X86 1
#else
#    define SIMDINET_ON_X86 0
#endif
#if defined(__x86_64__) && defined(__LP64__) /* AVX-512: its masks need 64-bit registers */
#    define SIMDINET_ON_X86_64 1
#else
#    define SIMDINET_ON_X86_64 0
#endif
#if defined(__aarch64__) && !defined(__AARCH64EB__) /* NEON: little-endian */
#    define SIMDINET_ON_AARCH64 1
#else
#    define SIMDINET_ON_AARCH64 0
#endif

#define SIMDINET_EACH_IMPLEMENTATION(X)                                                            \
    X(avx512, SIMDINET_ON_X86_64)                                                                  \
    X(avx2, SIMDINET_ON_X86)                                                                       \
    X(sse42, SIMDINET_ON_X86)                                                                      \
    X(neon, SIMDINET_ON_AARCH64)                                                                   \
    X(scalar, 1)

#ifdef __cplusplus
extern "C" {
#endif

#define SIMDINET_DECLARE_IMPLEMENTATION(name, available)                                           \
    extern const simdinet_implementation simdinet_implementation_##name;
SIMDINET_EACH_IMPLEMENTATION(SIMDINET_DECLARE_IMPLEMENTATION)

/* ---- dispatch: implementations by index, best first, available or not ------------------------ */

/* NOLINTNEXTLINE(bugprone-macro-parentheses): the expansions are the terms of a sum */
#define SIMDINET_COUNT_IMPLEMENTATION(name, available) +1
enum { SIMDINET_IMPLEMENTATIONS = 0 SIMDINET_EACH_IMPLEMENTATION(SIMDINET_COUNT_IMPLEMENTATION) };

/* Its name, available or not; NULL past the last one. */
const char *simdinet_implementation_name(size_t index);

/* The implementation, or NULL if it is not compiled for this target. */
const simdinet_implementation *simdinet_implementation_available(size_t index);

/* The implementation, or NULL if it is not available or this machine lacks a feature. */
const simdinet_implementation *simdinet_implementation_at(size_t index);

/* The best implementation for a machine with these features; with a name, that one or NULL. */
const simdinet_implementation *simdinet_implementation_choose(uint32_t features, const char *name);

/* Makes an implementation the active one; NULL chooses as the first use does. False if this machine
 * does not support it. */
bool simdinet_implementation_activate(const char *name);

#ifdef __cplusplus
}
#else
#    include <stdatomic.h>

/* The active implementation; NULL until the first use. */
extern _Atomic(const simdinet_implementation *) simdinet_implementation_current;

/* Never inlined, not even in the amalgamation: every call would save its registers. */
__attribute__((noinline, cold)) const simdinet_implementation *
simdinet_implementation_first_use(void);

static inline const simdinet_implementation *simdinet_implementation_active(void) {
    const simdinet_implementation *impl =
        atomic_load_explicit(&simdinet_implementation_current, memory_order_acquire);
    return impl ? impl : simdinet_implementation_first_use();
}
#endif

#endif
