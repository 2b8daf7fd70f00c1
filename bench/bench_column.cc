// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_column - columns and lines of addresses from text to bytes: every implementation and a loop over
// libc's function, on the corpora and on columns with invalid values.
#include "columns.h"
#include "options.h"
#include "report.h"
#include "simdinet.h"

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <tuple>

namespace {

struct Results {
    std::vector<uint8_t> out, valid, families;
    explicit Results(const Columns &c)
        : out(c.count * c.size), valid((c.count + 7) / 8), families((c.count + 7) / 8) {}
};

using Candidate = size_t(const Columns &c, Results &r);

size_t by_libc(const Columns &c, Results &r) {
    return c.libc(r.out.data(), r.valid.data(), r.families.data());
}

size_t by_column(const Columns &c, Results &r) {
    if (c.family == 0)
        return simdinet_parse_mixed_column(c.bytes.data(), c.offsets.data(), c.count, nullptr,
                                           r.out.data(), r.valid.data(), r.families.data());
    return (c.family == 4 ? simdinet_parse_ipv4_column : simdinet_parse_ipv6_column)(
        c.bytes.data(), c.offsets.data(), c.count, nullptr, r.out.data(), r.valid.data());
}

size_t by_lines(const Columns &c, Results &r) {
    size_t n, n_valid;
    if (c.family == 0)
        simdinet_parse_mixed_lines(c.lines.data(), c.lines.size(), 0, c.count, r.out.data(),
                                   r.valid.data(), r.families.data(), &n, &n_valid);
    else
        (c.family == 4 ? simdinet_parse_ipv4_lines : simdinet_parse_ipv6_lines)(
            c.lines.data(), c.lines.size(), 0, c.count, r.out.data(), r.valid.data(), &n, &n_valid);
    return n == c.count ? n_valid : 0;
}

bool is_right(const Columns &c, Candidate *candidate, const char *impl) {
    return once<bool>(std::tuple(&c, candidate, impl), [&] {
        Results r(c);
        return candidate(c, r) == c.good && r.out == c.addresses && r.valid == c.valid &&
               r.families == c.families;
    });
}

void run(benchmark::State &state, const Columns &c, Candidate *candidate, const char *impl) {
    if (impl)
        simdinet_use_implementation(impl);
    const bool right = is_right(c, candidate, impl);
    Results r(c);
    for (auto _ : state) {
        benchmark::DoNotOptimize(candidate(c, r));
        benchmark::ClobberMemory();
    }
    report_measure(state, c.count, c.bytes.size(), c.count, right);
}

// A column is created at its first use: some are large, and most runs use a few.
class Lazy {
  public:
    explicit Lazy(std::function<Columns *()> make) : make_(std::move(make)) {}
    const Columns &get() {
        if (!column_)
            column_.reset(make_());
        return *column_;
    }

  private:
    std::function<Columns *()> make_;
    std::unique_ptr<Columns> column_;
};

void add(const std::string &operation, const std::string &name, Candidate *candidate,
         const std::shared_ptr<Lazy> &column) {
    auto add_one = [&](const char *candidate_name, Candidate *call, const char *impl) {
        add_benchmark(operation, name, candidate_name,
                      [=](benchmark::State &state) { run(state, column->get(), call, impl); });
    };
    add_one("libc", by_libc, nullptr);
    for (const simdinet_implementation *impl : implementations())
        add_one(impl->name, candidate, impl->name);
}

void add_both(const std::string &name, const std::vector<const corpus *> &corpora, unsigned share) {
    auto column = std::make_shared<Lazy>([=] { return new Columns(corpora, share); });
    const std::string family = corpora.size() > 1        ? "mixed"
                               : corpora[0]->family == 4 ? "ipv4"
                                                         : "ipv6";
    add("column_" + family, name, by_column, column);
    add("lines_" + family, name, by_lines, column);
}

void add_shares(const std::vector<const corpus *> &corpora) {
    add_both("bad-0.1%", corpora, 1);
    add_both("bad-5%", corpora, 50);
    add_both("bad-50%", corpora, 500);
}

void describe() {
    for (const char *family : {"ipv4", "ipv6", "mixed"}) {
        const std::string name = family;
        const std::string size = name == "ipv4" ? "4" : "16";
        report_operation(("column_" + name).c_str(),
                         ("offsets and texts to " + size + " bytes each, and validity").c_str());
        report_operation(("lines_" + name).c_str(),
                         ("one address a line to " + size + " bytes each, and validity").c_str());
    }
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    const std::vector<const corpus *> corpora = make_corpora(options);
    describe();
    for (const corpus *c : corpora)
        if (!c->damaged)
            add_both(c->name, {c}, 0);
    const corpus *ipv4 = find_corpus(corpora, 4, "realistic");
    const corpus *ipv6 = find_corpus(corpora, 6, "realistic");
    if (ipv4)
        add_shares({ipv4});
    if (ipv6)
        add_shares({ipv6});
    if (ipv4 && ipv6) {
        add_both("realistic", {ipv4, ipv6}, 0);
        add_shares({ipv4, ipv6});
    }
    return report_run(argc, argv);
}
