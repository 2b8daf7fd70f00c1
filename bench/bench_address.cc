// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_address - one address from text to bytes and back: every implementation against libc and against the
// libraries that were found.
#include "address_calls.h"
#include "options.h"
#include "report.h"

#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace {

std::vector<const corpus *> corpora;

// Each candidate is looked at once for each corpus, before its first round.
const Outcome &outcome_of(const Candidate *candidate, const corpus *c) {
    static std::map<std::pair<const Candidate *, const corpus *>, Outcome> known;
    const auto [at, fresh] = known.try_emplace({candidate, c});
    if (fresh)
        at->second = candidate->look(*c);
    return at->second;
}

void run(benchmark::State &state, const Operation &operation, const Candidate &candidate,
         const corpus *c) {
    if (!candidate.impl.empty())
        simdinet_use_implementation(candidate.impl.c_str());
    const Outcome &expected = outcome_of(&operation.candidates.front(), c);
    const bool right = outcome_of(&candidate, c).checksum == expected.checksum;
    for (auto _ : state)
        candidate.walk(*c);
    report_measure(state, operation.parses ? c->count : c->valid, expected.text_bytes, 1, right);
}

void add(const Operation &operation, const corpus *c) {
    for (const Candidate &candidate : operation.candidates) {
        const std::string name = operation.name + "/" + c->name + "/" + candidate.name;
        benchmark::RegisterBenchmark(name.c_str(), [&, c](benchmark::State &state) {
            run(state, operation, candidate, c);
        })->Unit(benchmark::kMicrosecond);
    }
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    corpora = make_corpora(options);
    report_baselines();
    static const std::vector<Operation> operations = address_operations();
    for (const Operation &operation : operations) {
        report_operation(operation.name.c_str(), operation.title.c_str());
        for (const corpus *c : corpora) {
            const bool first = c == corpora.front();
            if (operation.family == 0
                    ? first
                    : operation.family == c->family && (operation.parses || !c->damaged))
                add(operation, c);
        }
    }
    return report_run(argc, argv);
}
