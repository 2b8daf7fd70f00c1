// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// options.h - what the benchmark programs take beside Google Benchmark's own options.
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "corpus.h"

#include <string>
#include <vector>

struct Options {
    bool quick = false; // --quick: what matters most, and nothing large
    std::string file;   // --corpus=FILE: the user's own addresses, or log
    std::string out;    // --out=FILE, for the programs that are not Google Benchmark's
    std::string filter; // --filter=PREFIX of an operation, for the same
};

// Takes these options out of the arguments, and leaves the others.
Options take_options(int &argc, char **argv);

// The generated corpora, or those of the user's file, which are said in the report. Ends the program
// with status 2 when there is no memory or no such file.
std::vector<const corpus *> make_corpora(const Options &options);

// The corpus of that family and name; NULL: there is none.
const corpus *find_corpus(const std::vector<const corpus *> &corpora, int family, const char *name);

#endif
