// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_latency - the distribution of the times of single calls. Writes JSON to --out=FILE.
//
// Calls do not overlap: the next one begins after the timer was read. Reading the timer is part of every
// time; the empty call shows its cost. The timers of some machines advance in steps of many nanoseconds;
// percentiles are then multiples of a step, and the mean is more precise. Repetitions are interleaved.
#include "address_calls.h"
#include "options.h"
#include "timer.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

namespace {

struct Statistic {
    const char *name;
    double share;
};

constexpr Statistic statistics[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"p99.99", 0.9999}};
constexpr size_t mean = std::size(statistics); // without the slowest thousandth: interrupts

// All single calls of one candidate.
struct Series {
    const Operation *operation;
    const Candidate *candidate;
    const corpus *c;
    bool right;
    std::vector<std::vector<double>> repetitions; // of each statistic, in ticks

    void add(std::vector<uint32_t> &ticks);
};

void Series::add(std::vector<uint32_t> &ticks) {
    std::sort(ticks.begin(), ticks.end());
    for (size_t i = 0; i < std::size(statistics); i++) {
        const auto at =
            static_cast<size_t>(statistics[i].share * static_cast<double>(ticks.size()));
        repetitions[i].push_back(ticks[std::min(at, ticks.size() - 1)]);
    }
    const size_t usual = ticks.size() - ticks.size() / 1000;
    const auto end = ticks.begin() + static_cast<ptrdiff_t>(usual);
    repetitions[mean].push_back(std::accumulate(ticks.begin(), end, 0.0) /
                                static_cast<double>(usual));
}

size_t calls_of(const Series &series) {
    return series.operation->parses ? series.c->count : series.c->valid;
}

void measure(Series &series) {
    series.candidate->activate();
    static std::vector<uint32_t> ticks;
    ticks.resize(calls_of(series));
    series.candidate->time_calls(*series.c, ticks.data());
    series.add(ticks);
}

std::vector<Series> make_series(const std::vector<Operation> &operations,
                                const std::vector<const corpus *> &corpora,
                                const std::string &wanted) {
    std::vector<Series> all;
    for (const Operation &operation : operations) {
        const corpus *usual =
            find_corpus(corpora, operation.family ? operation.family : 4, "realistic");
        const corpus *c = usual ? usual : find_corpus(corpora, operation.family, "user");
        const bool empty = operation.family == 0;
        const bool single =
            operation.name.rfind("parse_", 0) == 0 || operation.name.rfind("format_", 0) == 0;
        if (!c || !(empty || (single && operation.name.rfind(wanted, 0) == 0)))
            continue;
        const Outcome expected = operation.candidates.front().results(*c);
        for (const Candidate &candidate : operation.candidates) {
            candidate.activate();
            const bool right = candidate.results(*c).checksum == expected.checksum;
            all.push_back(
                {&operation, &candidate, c, right, std::vector<std::vector<double>>(mean + 1)});
        }
    }
    return all;
}

// ---- JSON, in Google Benchmark's format -----------------------------------------------------------

bool write(const std::string &path, const std::vector<Series> &all, double scale) {
    FILE *out = fopen(path.c_str(), "w");
    if (!out)
        return false;
    fprintf(out, "{\"context\": {\"timer\": \"%s, in steps of %.1f ns\"}, \"benchmarks\": [",
            timer::name, static_cast<double>(timer::step()) * scale);
    const char *comma = "";
    for (const Series &series : all)
        for (size_t i = 0; i <= mean; i++)
            for (double ticks : series.repetitions[i]) {
                const double ns = ticks * scale;
                const std::string name = series.operation->name + "_latency/" + series.c->name +
                                         "/" + series.candidate->name + "/" +
                                         (i == mean ? "mean" : statistics[i].name);
                fprintf(
                    out,
                    "%s\n{\"name\": \"%s\", \"run_name\": \"%s\", \"run_type\": \"iteration\", "
                    "\"iterations\": 1, \"real_time\": %.2f, \"cpu_time\": %.2f, \"time_unit\": "
                    "\"ns\", \"n\": 1, \"items_per_second\": %.1f, \"label\": \"%s\"}",
                    comma, name.c_str(), name.c_str(), ns, ns, 1e9 / ns,
                    series.right ? "right" : "WRONG");
                comma = ",";
            }
    fputs("]}\n", out);
    const bool failed = ferror(out);
    return fclose(out) == 0 && !failed;
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    if (argc > 1 || options.out.empty()) {
        fputs("usage: bench_latency --out=FILE [--quick] [--corpus=FILE] [--filter=OPERATION]\n",
              stderr);
        return 2;
    }
    const std::vector<const corpus *> corpora = make_corpora(options);
    const std::vector<Operation> operations = address_operations();
    const double scale = timer::nanoseconds_per_tick();
    std::vector<Series> all = make_series(operations, corpora, options.filter);
    for (int i = 0; i < (options.quick ? 3 : 30); i++)
        for (Series &series : all)
            measure(series);
    if (write(options.out, all, scale))
        return 0;
    perror(options.out.c_str());
    return 2;
}
