// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// options.h - the options of the benchmark programs in addition to Google Benchmark's.
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "corpus.h"

#include <string>
#include <vector>

struct Options {
    bool quick = false; // --quick: fewer and smaller corpora
    std::string file;   // --corpus=FILE: the user's own addresses, or log
    std::string out;    // --out=FILE, for programs without Google Benchmark
    std::string filter; // --filter=PREFIX of an operation, likewise
};

// Removes these options from the arguments.
Options take_options(int &argc, char **argv);

// The generated corpora, or those of the user's file. Exits with status 2 without memory or the file.
std::vector<const corpus *> make_corpora(const Options &options);

// The corpus of a family and name, or NULL.
const corpus *find_corpus(const std::vector<const corpus *> &corpora, int family, const char *name);

#endif
