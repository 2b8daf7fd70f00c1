/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * corpus.h - the addresses that the benchmarks read and write, the same ones for the same seed.
 *
 * A processor learns a short list by heart: its branch predictor then knows every digit. So each
 * corpus holds CORPUS_DISTINCT different addresses in an order that nothing can foretell. On top
 * come the few that real traffic repeats, the loopback above all, as often as their share says.
 */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CORPUS_DISTINCT ((size_t)131072)
#define CORPUS_SEED     20260901u

/* Text i is pool[offsets[i], offsets[i + 1] - 1), and a NUL stands behind it; the next one follows. */
typedef struct corpus {
    const char *name;
    const char *description;
    int family;   /* 4 or 6 */
    size_t size;  /* of an address, 4 or 16 */
    bool damaged; /* made to hold texts that are no address */
    size_t count;
    char *pool;
    uint32_t *offsets;  /* count + 1 of them */
    size_t valid;       /* how many of the texts are addresses */
    uint8_t *addresses; /* those in order, as libc reads them */
} corpus;

/* Lengths from 0; longer texts are counted with the last. */
#define CORPUS_LENGTHS 64

typedef struct corpus_statistics {
    size_t lengths[CORPUS_LENGTHS];
    size_t gaps;    /* texts with "::" */
    size_t mapped;  /* addresses of ::ffff:0:0/96 */
    size_t upper;   /* texts with an upper case digit */
    size_t invalid; /* texts that libc refuses */
} corpus_statistics;

/* How many kinds of corpora there are. */
size_t corpus_kinds(void);

/* Makes the corpus of a kind, 0 to corpus_kinds() - 1, with so many different addresses. NULL: no
 * memory. */
corpus *corpus_create(size_t kind, uint64_t seed, size_t distinct);
void corpus_destroy(corpus *c);

/*
 * Reads the corpus "yours" of a family from a file with one text a line, with or without CR: texts
 * with a colon are IPv6, others IPv4, whether they are addresses or not; empty lines are left out.
 * Reads CORPUS_LOADED texts at most. NULL: errno says why, 0 that no line is of this family.
 */
#define CORPUS_LOADED ((size_t)4194304)
corpus *corpus_load(const char *path, int family);

void corpus_count(const corpus *c, corpus_statistics *out);

#ifdef __cplusplus
}
#endif

#endif
