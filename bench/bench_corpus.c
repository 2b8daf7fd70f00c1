/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * bench_corpus - prints texts of a corpus, one a line: bench_corpus 4|6 NAME COUNT
 */
#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    const int family = argc == 4 ? atoi(argv[1]) : 0;
    const size_t count = argc == 4 ? (size_t)strtoul(argv[3], NULL, 10) : 0;
    for (size_t kind = 0; kind < corpus_kinds(); kind++) {
        corpus *c = corpus_create(kind, CORPUS_SEED, CORPUS_DISTINCT);
        if (!c) {
            fputs("bench_corpus: out of memory\n", stderr);
            return 2;
        }
        if (c->family == family && strcmp(c->name, argv[2]) == 0) {
            for (size_t i = 0; i < count && i < c->count; i++)
                puts(c->pool + c->offsets[i]);
            corpus_destroy(c);
            return ferror(stdout) || fflush(stdout) ? 2 : 0;
        }
        corpus_destroy(c);
    }
    fputs("usage: bench_corpus 4|6 NAME COUNT\n", stderr);
    return 2;
}
