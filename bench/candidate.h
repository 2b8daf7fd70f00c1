// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// candidate.h - a function that parses or formats one address, of any library, and the three ways the
// programs of this folder call it: in a loop to be timed, in a loop that checks the results, and in
// single timed calls.
//
// A call is an object. A parser takes (text, length, out) and returns whether the text is an address.
// A formatter takes (address, out). The templates compile a loop for each candidate, so that none pays
// for a wrapper that its users do not have.
#ifndef BENCH_CANDIDATE_H
#define BENCH_CANDIDATE_H

#include "checksum.h"
#include "corpus.h"
#include "timer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

// The results of a candidate on a corpus.
struct Outcome {
    Checksum checksum;
    size_t text_bytes = 0;
};

struct Candidate {
    std::string name;
    std::string impl; // of simdinet, made the active one; empty: another library
    std::function<void(const corpus &)> run;
    std::function<Outcome(const corpus &)> results;
    std::function<void(const corpus &, uint32_t *)> time_calls; // ticks of each call

    void activate() const;
};

// A function of another library: parse_ipv4, parse_ipv6, format_ipv4 or format_ipv6.
struct Baseline {
    std::string operation;
    std::string version; // of the library
    Candidate candidate;
};

std::vector<Baseline> &baselines();

namespace candidate_detail {

template <class Call>
constexpr bool parses = std::is_invocable_v<Call, const char *, size_t, uint8_t *>;

template <class Call> size_t items(const corpus &c) {
    return parses<Call> ? c.count : c.valid;
}

template <class Call> auto call_at(const Call &call, const corpus &c, size_t i, char *out) {
    if constexpr (parses<Call>)
        return call(c.pool + c.offsets[i], c.offsets[i + 1] - c.offsets[i] - 1,
                    reinterpret_cast<uint8_t *>(out));
    else
        call(c.addresses + i * c.size, out);
}

// Results go to 64 cache lines in turn, so that the call is timed and not the memory of a column.
// Unrolled by four: with one call an iteration, taken branches limit the loop and an empty function
// takes 1.6 ns instead of 1.1. Arguments are copies, which stay in registers across the calls.
template <class Call> [[gnu::noinline]] void run(Call call, corpus c) {
    constexpr size_t slots = 64, slot_size = 64;
    alignas(slot_size) static char ring[slots * slot_size];
    size_t accepted = 0;
    auto one = [&](size_t i) {
        char *out = ring + i % slots * slot_size;
        if constexpr (parses<Call>)
            accepted += call_at(call, c, i, out);
        else
            call_at(call, c, i, out);
    };
    size_t count = items<Call>(c), i = 0;
    for (; i + 4 <= count; i += 4) {
        one(i);
        one(i + 1);
        one(i + 2);
        one(i + 3);
    }
    for (; i < count; i++)
        one(i);
    benchmark::DoNotOptimize(accepted);
    benchmark::DoNotOptimize(ring);
    benchmark::ClobberMemory();
}

// The same loop with a checksum of every result.
template <class Call> Outcome results(const Call &call, const corpus &c) {
    Outcome outcome;
    for (size_t i = 0; i < items<Call>(c); i++) {
        char out[64];
        if constexpr (parses<Call>) {
            bool accepted = call_at(call, c, i, out);
            outcome.checksum.add(&accepted, 1);
            outcome.checksum.add(out, accepted ? c.size : 0);
            outcome.text_bytes += c.offsets[i + 1] - c.offsets[i] - 1;
        } else {
            call_at(call, c, i, out);
            outcome.checksum.add(out, strlen(out) + 1);
            outcome.text_bytes += strlen(out);
        }
    }
    return outcome;
}

template <class Call> [[gnu::noinline]] void time_calls(Call call, corpus c, uint32_t *ticks) {
    alignas(64) static char out[64];
    for (size_t i = 0; i < items<Call>(c); i++) {
        const uint64_t begin = timer::ticks();
        if constexpr (parses<Call>) {
            auto accepted = call_at(call, c, i, out);
            benchmark::DoNotOptimize(accepted);
        } else {
            call_at(call, c, i, out);
        }
        benchmark::DoNotOptimize(out);
        ticks[i] = static_cast<uint32_t>(std::min<uint64_t>(timer::ticks() - begin, UINT32_MAX));
    }
}

} // namespace candidate_detail

template <class Call>
Candidate make_candidate(const std::string &name, const std::string &impl, Call call) {
    namespace detail = candidate_detail;
    return {name, impl, [call](const corpus &c) { detail::run(call, c); },
            [call](const corpus &c) { return detail::results(call, c); },
            [call](const corpus &c, uint32_t *ticks) { detail::time_calls(call, c, ticks); }};
}

// Each file of baselines/ adds its functions when the program starts.
struct AddBaseline {
    template <class Call>
    AddBaseline(const char *operation, const char *name, const std::string &version, Call call) {
        baselines().push_back({operation, version, make_candidate(name, "", call)});
    }
};

#endif
