/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * corpus.h - the addresses of the benchmarks, the same for the same seed.
 *
 * Branch predictors memorise a short list, so each corpus has CORPUS_DISTINCT different addresses in
 * random order, and in addition the few that real traffic repeats, such as the loopback address.
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

/* Text i is pool[offsets[i], offsets[i + 1] - 1), followed by a NUL. */
typedef struct corpus {
    const char *name;
    const char *description;
    int family;   /* 4 or 6 */
    size_t size;  /* of an address, 4 or 16 */
    bool damaged; /* contains invalid texts by design */
    size_t count;
    char *pool;
    uint32_t *offsets;  /* count + 1 of them */
    size_t valid;       /* number of texts that are addresses */
    uint8_t *addresses; /* their bytes in order, as libc parses them */
} corpus;

typedef struct corpus_statistics {
    size_t compressed; /* texts with "::" */
    size_t mapped;     /* addresses of ::ffff:0:0/96 */
    size_t upper;      /* texts with an upper case digit */
    size_t invalid;    /* texts that libc rejects */
} corpus_statistics;

/* The next number of splitmix64. */
uint64_t corpus_random(uint64_t *state);

/* The number of kinds of corpora. */
size_t corpus_kinds(void);

/* The corpus of a kind, 0 to corpus_kinds() - 1, with distinct different addresses, or NULL without
 * memory. */
corpus *corpus_create(size_t kind, uint64_t seed, size_t distinct);
void corpus_destroy(corpus *c);

/*
 * The corpus "user" of a family, from a file with one text a line, with or without CR: texts with a
 * colon are IPv6, others IPv4, valid or not; empty lines are skipped. Reads at most CORPUS_LOADED texts.
 * NULL with errno set, which is 0 if no line is of this family.
 */
#define CORPUS_LOADED ((size_t)4194304)
corpus *corpus_load(const char *path, int family);

void corpus_count(const corpus *c, corpus_statistics *out);

#ifdef __cplusplus
}
#endif

#endif
