// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// report.h - what every benchmark program of this folder has in common: how it is run by default,
// and what it says of itself in the context of its results.
//
// A benchmark is named operation/corpus/candidate. It counts its items (addresses) and its bytes
// (of text); tools/bench_table.py makes the table of that. A candidate whose results are not those
// of libc carries the label WRONG.
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "corpus.h"

#include <benchmark/benchmark.h>

// Says what an operation does, for the heading of its table.
void report_operation(const char *operation, const char *title);

// Says what a corpus is made of.
void report_corpus(const corpus *c);

// Says which libraries were compiled in, and which were not found.
void report_baselines();

// Says what a measurement was: each turn of state handled so many items and bytes, in calls of n
// items each. right: the results are those that they must be.
void report_measure(benchmark::State &state, size_t items, size_t bytes, size_t n, bool right);

// Runs the registered benchmarks, interleaved, 30 rounds of 20 ms or more unless the command line
// says otherwise. Returns what main returns.
int report_run(int argc, char **argv);

#endif
