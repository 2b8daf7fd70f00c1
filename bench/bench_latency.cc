// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_latency - how long single calls take: not on average, but each by itself, and how the times
// are distributed. Writes JSON to --out=FILE.
//
// Nothing overlaps here: the next call begins when the clock has been read. Reading it is part of
// every figure, and an empty call shows how much that is. Some machines' clocks move in steps of many
// nanoseconds; percentiles are then multiples of those, and the mean says more. Rounds are interleaved.
#include "address_calls.h"
#include "options.h"
#include "timer.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
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
constexpr size_t mean = std::size(statistics); // of all but the slowest thousandth: interrupts

// All single calls of one candidate.
struct Series {
    const Operation *operation;
    const Candidate *candidate;
    const corpus *c;
    bool right;
    std::vector<std::vector<double>> rounds; // of each statistic, in ticks
    std::map<uint32_t, uint64_t> counts;     // of each number of ticks

    void add(std::vector<uint32_t> &ticks);
};

void Series::add(std::vector<uint32_t> &ticks) {
    for (uint32_t t : ticks)
        counts[t]++;
    std::sort(ticks.begin(), ticks.end());
    for (size_t i = 0; i < std::size(statistics); i++) {
        const auto at =
            static_cast<size_t>(statistics[i].share * static_cast<double>(ticks.size()));
        rounds[i].push_back(ticks[std::min(at, ticks.size() - 1)]);
    }
    const size_t usual = ticks.size() - ticks.size() / 1000;
    const auto end = ticks.begin() + static_cast<ptrdiff_t>(usual);
    rounds[mean].push_back(std::accumulate(ticks.begin(), end, 0.0) / static_cast<double>(usual));
}

size_t calls_of(const Series &series) {
    return series.operation->parses ? series.c->count : series.c->valid;
}

void measure(Series &series) {
    if (!series.candidate->impl.empty())
        simdinet_use_implementation(series.candidate->impl.c_str());
    static std::vector<uint32_t> ticks;
    ticks.resize(calls_of(series));
    series.candidate->clock(*series.c, ticks.data());
    series.add(ticks);
}

std::vector<Series> make_series(const std::vector<Operation> &operations,
                                const std::vector<const corpus *> &corpora,
                                const std::string &wanted) {
    std::vector<Series> all;
    for (const Operation &operation : operations) {
        const corpus *usual =
            find_corpus(corpora, operation.family ? operation.family : 4, "realistic");
        const corpus *c = usual ? usual : find_corpus(corpora, operation.family, "yours");
        const bool empty = operation.family == 0;
        const bool single =
            operation.name.rfind("parse_", 0) == 0 || operation.name.rfind("format_", 0) == 0;
        if (!c || !(empty || (single && operation.name.rfind(wanted, 0) == 0)))
            continue;
        const Outcome expected = operation.candidates.front().look(*c);
        for (const Candidate &candidate : operation.candidates) {
            if (!candidate.impl.empty())
                simdinet_use_implementation(candidate.impl.c_str());
            const bool right = candidate.look(*c).checksum == expected.checksum;
            all.push_back(
                {&operation, &candidate, c, right, std::vector<std::vector<double>>(mean + 1), {}});
        }
    }
    return all;
}

// ---- JSON ----------------------------------------------------------------------------------------

void write_counts(FILE *out, const Series &series, double scale) {
    // Steps of two hundredths: finer than any picture, and not as long as all of it.
    uint64_t total = 0, below = 0;
    for (const auto &[ticks, count] : series.counts)
        total += count;
    double last = 0;
    const char *comma = "";
    for (auto at = series.counts.begin(); at != series.counts.end(); ++at) {
        below += at->second;
        const bool end = std::next(at) == series.counts.end();
        if (at->first < last * 1.02 && !end)
            continue;
        last = at->first;
        fprintf(out, "%s[%.2f,%.7f]", comma, at->first * scale,
                static_cast<double>(below) / static_cast<double>(total));
        comma = ",";
    }
}

bool write(const std::string &path, const std::vector<Series> &all, double scale) {
    FILE *out = fopen(path.c_str(), "w");
    if (!out)
        return false;
    fprintf(out, "{\"clock\": \"%s\", \"step\": %.2f, \"latency\": [", timer::name,
            static_cast<double>(timer::step()) * scale);
    const char *comma = "\n";
    for (const Series &series : all) {
        fprintf(
            out,
            "%s{\"operation\": \"%s\", \"corpus\": \"%s\", \"candidate\": \"%s\", \"right\": %s, "
            "\"calls\": %zu,\n \"statistics\": {",
            comma, series.operation->name.c_str(), series.c->name, series.candidate->name.c_str(),
            series.right ? "true" : "false", calls_of(series) * series.rounds[0].size());
        for (size_t i = 0; i <= mean; i++) {
            fprintf(out, "%s\"%s\": [", i ? ", " : "", i == mean ? "mean" : statistics[i].name);
            for (size_t k = 0; k < series.rounds[i].size(); k++)
                fprintf(out, "%s%.2f", k ? "," : "", series.rounds[i][k] * scale);
            fputs("]", out);
        }
        fputs("},\n \"shares\": [", out);
        write_counts(out, series, scale);
        fputs("]}", out);
        comma = ",\n";
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
    for (int round = 0; round < (options.quick ? 3 : 30); round++)
        for (Series &series : all)
            measure(series);
    if (write(options.out, all, scale))
        return 0;
    perror(options.out.c_str());
    return 2;
}
