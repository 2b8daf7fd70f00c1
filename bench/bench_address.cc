// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_address - one address from text to bytes and back: every implementation, libc, and the libraries
// that were found.
#include "address_calls.h"
#include "options.h"
#include "report.h"

#include <benchmark/benchmark.h>

#include <string>
#include <tuple>

namespace {

std::vector<const corpus *> corpora;

const Outcome &outcome_of(const Candidate *candidate, const corpus *c) {
    return once<Outcome>(std::tuple(candidate, c), [&] { return candidate->results(*c); });
}

void run(benchmark::State &state, const Operation &operation, const Candidate &candidate,
         const corpus *c) {
    candidate.activate();
    const Outcome &expected = outcome_of(&operation.candidates.front(), c);
    const bool right = outcome_of(&candidate, c).checksum == expected.checksum;
    for (auto _ : state)
        candidate.run(*c);
    report_measure(state, operation.parses ? c->count : c->valid, expected.text_bytes, 1, right);
}

void add(const Operation &operation, const corpus *c) {
    for (const Candidate &candidate : operation.candidates)
        add_benchmark(operation.name, c->name, candidate.name,
                      [&, c](benchmark::State &state) { run(state, operation, candidate, c); });
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
