// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_column - columns and lines of addresses from text to bytes: every row against a loop over
// libc's function, over the corpora, over columns with invalid values, and over column sizes.
#include "columns.h"
#include "kernels/kernel.h"
#include "report.h"
#include "simdinet.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <tuple>

namespace {

struct Results {
    std::vector<uint8_t> out, valid;
    explicit Results(const Columns &c) : out(c.count * c.size), valid((c.count + 7) / 8) {}
};

using Candidate = size_t(const Columns &c, Results &r);

size_t by_libc(const Columns &c, Results &r) {
    return c.libc(r.out.data(), r.valid.data());
}

size_t by_column(const Columns &c, Results &r) {
    return (c.family == 4 ? simdinet_parse_ipv4_column : simdinet_parse_ipv6_column)(
        c.bytes.data(), c.offsets.data(), c.count, nullptr, r.out.data(), r.valid.data());
}

size_t by_lines(const Columns &c, Results &r) {
    simdinet_lines done = (c.family == 4 ? simdinet_parse_ipv4_lines : simdinet_parse_ipv6_lines)(
        c.lines.data(), c.lines.size(), 0, c.count, r.out.data(), r.valid.data());
    return done.lines == c.count ? done.valid : 0;
}

bool any_wrong = false;

// Each candidate is looked at once for each column, before its first round.
bool is_right(const Columns &c, Candidate *candidate, const char *row) {
    static std::map<std::tuple<const Columns *, Candidate *, const char *>, bool> known;
    auto [at, fresh] = known.try_emplace({&c, candidate, row});
    if (fresh) {
        Results r(c);
        at->second = candidate(c, r) == c.good && r.out == c.addresses && r.valid == c.valid;
    }
    return at->second;
}

void run(benchmark::State &state, const Columns &c, Candidate *candidate, const char *row) {
    if (row)
        simdinet_use_kernel(row);
    bool right = is_right(c, candidate, row);
    any_wrong |= !right;
    state.SetLabel(right ? "checked" : "WRONG");
    Results r(c);
    for (auto _ : state) {
        benchmark::DoNotOptimize(candidate(c, r));
        benchmark::ClobberMemory();
    }
    auto rounds = static_cast<int64_t>(state.iterations());
    state.SetItemsProcessed(rounds * static_cast<int64_t>(c.count));
    state.SetBytesProcessed(rounds * static_cast<int64_t>(c.bytes.size()));
}

// A column is made when it is needed first: some are large, and most runs want a few.
class Lazy {
  public:
    explicit Lazy(std::function<Columns *()> make) : make_(std::move(make)) {}
    const Columns &get() {
        if (!made_)
            made_.reset(make_());
        return *made_;
    }

  private:
    std::function<Columns *()> make_;
    std::unique_ptr<Columns> made_;
};

void add(const std::string &group, Candidate *candidate, const std::shared_ptr<Lazy> &column) {
    auto add_one = [&](const char *name, Candidate *call, const char *row) {
        benchmark::RegisterBenchmark((group + "/" + name).c_str(), [=](benchmark::State &state) {
            run(state, column->get(), call, row);
        })->Unit(benchmark::kMicrosecond);
    };
    add_one("libc", by_libc, nullptr);
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++)
        if (const simdinet_kernel *row = simdinet_kernel_at(i))
            add_one(row->name, candidate, row->name);
}

// Both ways to read the same values.
void add_both(const char *suffix, const std::string &name, const corpus *c, const corpus *damaged,
              unsigned share, size_t count) {
    auto column = std::make_shared<Lazy>([=] { return new Columns(c, damaged, share, count); });
    const std::string family = c->family == 4 ? "ipv4" : "ipv6";
    add("column_" + family + suffix + "/" + name, by_column, column);
    add("lines_" + family + suffix + "/" + name, by_lines, column);
}

const corpus *find(const std::vector<const corpus *> &corpora, int family, const char *name) {
    auto found = std::find_if(corpora.begin(), corpora.end(), [&](const corpus *c) {
        return c->family == family && strcmp(c->name, name) == 0;
    });
    return found == corpora.end() ? nullptr : *found;
}

void describe() {
    for (const char *family : {"ipv4", "ipv6"}) {
        const std::string name = family;
        const std::string size = name == "ipv4" ? "4" : "16";
        report_operation(("column_" + name).c_str(),
                         ("offsets and texts to " + size + " bytes each, and validity").c_str());
        report_operation(("lines_" + name).c_str(),
                         ("one address a line to " + size + " bytes each, and validity").c_str());
        report_operation(("column_" + name + "_curve").c_str(), "the same, by number of addresses");
        report_operation(("lines_" + name + "_curve").c_str(), "the same, by number of addresses");
    }
}

} // namespace

int main(int argc, char **argv) {
    std::vector<const corpus *> corpora;
    for (size_t kind = 0; kind < corpus_kinds(); kind++) {
        const corpus *c = corpus_create(kind, CORPUS_SEED);
        if (!c) {
            fputs("bench_column: no memory for the corpora\n", stderr);
            return 2; // 1 says that a candidate is wrong
        }
        report_corpus(c);
        corpora.push_back(c);
    }
    describe();
    for (int family : {4, 6}) {
        for (const corpus *c : corpora)
            if (c->family == family && strcmp(c->name, "invalid") != 0)
                add_both("", c->name, c, nullptr, 0, c->count);
        const corpus *usual = find(corpora, family, "realistic");
        const corpus *damaged = find(corpora, family, "invalid");
        add_both("", "bad-0.1%", usual, damaged, 1, usual->count);
        add_both("", "bad-5%", usual, damaged, 50, usual->count);
        add_both("", "bad-50%", usual, damaged, 500, usual->count);
    }
    for (int family : {4, 6})
        for (size_t count : {1000, 10000, 100000, 1000000, 10000000})
            add_both("_curve", std::to_string(count), find(corpora, family, "random"), nullptr, 0,
                     count);
    int status = report_run(argc, argv);
    if (any_wrong)
        fputs("bench_column: some results are not libc's: see WRONG\n", stderr);
    return any_wrong ? 1 : status;
}
