// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// report.h - shared by the benchmark programs: default options, and the context of the results.
//
// A benchmark is named operation/corpus/candidate. It counts items (addresses) and bytes (of text);
// tools/bench/report.py makes tables of them. A candidate whose results differ from libc's has the
// label WRONG.
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "corpus.h"
#include "kernels/kernel.h"

#include <benchmark/benchmark.h>

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

// The description of an operation.
void report_operation(const char *operation, const char *title);

// The description of a corpus.
void report_corpus(const corpus *c);

// The libraries that were compiled in, and those that were not found.
void report_baselines();

// The implementations of simdinet that run on this machine, the best one last.
std::vector<const simdinet_implementation *> implementations();

// Registers operation/corpus/candidate, timed in microseconds.
benchmark::internal::Benchmark *add_benchmark(const std::string &operation,
                                              const std::string &corpus_name,
                                              const std::string &candidate,
                                              const std::function<void(benchmark::State &)> &run);

// The value of make() for a key, which is computed once: the results of a candidate are checked before
// its first repetition only.
template <class Value, class... Key, class Make>
const Value &once(const std::tuple<Key...> &key, const Make &make) {
    static std::map<std::tuple<Key...>, Value> known;
    const auto found = known.find(key);
    return found != known.end() ? found->second : known.emplace(key, make()).first->second;
}

// What an iteration of state was: items and bytes, in calls of n items each; right: the results are
// those of libc.
void report_measure(benchmark::State &state, size_t items, size_t bytes, size_t n, bool right);

// Runs the registered benchmarks, interleaved, by default 30 repetitions of at least 20 ms. Returns the
// exit status.
int report_run(int argc, char **argv);

#endif
