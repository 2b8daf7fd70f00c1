// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_address - one address from text to bytes and back: every row against libc.
#include "kernels/kernel.h"
#include "report.h"
#include "simdinet_socket.h"
#include "table_format.h"

#include <arpa/inet.h>
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// ---- candidates: how each is called, which is how its users call it ------------------------------
//
// A parser takes (text, length, out) and says whether the text is an address. A formatter takes
// (address, out). Each is made with a row; those that have none ignore it.

using Row = const simdinet_kernel *;

template <simdinet_parse_fn *simdinet_kernel::*slot> struct RowParse {
    Row row;
    bool operator()(const char *text, size_t len, uint8_t *out) const {
        return (row->*slot)(text, len, out);
    }
};

template <simdinet_format_fn *simdinet_kernel::*slot> struct RowFormat {
    Row row;
    void operator()(const uint8_t *address, char *out) const {
        (row->*slot)(address, out);
    }
};

template <int af, decltype(simdinet_inet_pton) *function> struct Pton {
    Row row;
    bool operator()(const char *text, size_t, uint8_t *out) const {
        return function(af, text, out) == 1;
    }
};

template <int af, decltype(simdinet_inet_ntop) *function> struct Ntop {
    Row row;
    void operator()(const uint8_t *address, char *out) const {
        function(af, address, out, af == AF_INET ? INET_ADDRSTRLEN : INET6_ADDRSTRLEN);
    }
};

template <char *function(const uint8_t *, char *)> struct TableFormat {
    Row row;
    void operator()(const uint8_t *address, char *out) const {
        function(address, out);
    }
};

template <class Call>
constexpr bool parses = std::is_invocable_v<Call, const char *, size_t, uint8_t *>;

// ---- one walk over a corpus ----------------------------------------------------------------------

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

// Results go to a few lines of the first-level cache in turn: what is timed is the call, not the
// memory behind a column. The loop must not be timed either: taken branches are what limits so
// short a loop, and with one call in each turn an empty function takes 1.6 ns instead of 1.1. Four
// calls are where it levels off. Arguments are copies, which stay in registers across the calls.
template <class Call> [[gnu::noinline]] void walk(Call call, corpus c) {
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

// ---- the same walk with every result looked at ---------------------------------------------------

struct Outcome {
    uint64_t checksum = 0xCBF29CE484222325; // FNV-1a
    size_t text_bytes = 0;

    void add(const void *data, size_t size) {
        for (size_t i = 0; i < size; i++)
            checksum = (checksum ^ static_cast<const uint8_t *>(data)[i]) * 0x100000001B3;
    }
};

template <class Call> Outcome look(const Call &call, const corpus &c) {
    Outcome outcome;
    for (size_t i = 0; i < items<Call>(c); i++) {
        char out[64];
        if constexpr (parses<Call>) {
            bool accepted = call_at(call, c, i, out);
            outcome.add(&accepted, 1);
            outcome.add(out, accepted ? c.size : 0);
            outcome.text_bytes += c.offsets[i + 1] - c.offsets[i] - 1;
        } else {
            call_at(call, c, i, out);
            outcome.add(out, strlen(out) + 1);
            outcome.text_bytes += strlen(out);
        }
    }
    return outcome;
}

// Each candidate is looked at once, before its first round.
template <class Call> const Outcome &outcome_of(const Call &call, const corpus &c) {
    static std::map<std::pair<const corpus *, Row>, Outcome> known;
    auto [at, fresh] = known.try_emplace({&c, call.row});
    if (fresh)
        at->second = look(call, c);
    return at->second;
}

// ---- benchmarks ----------------------------------------------------------------------------------

std::vector<const corpus *> corpora;
bool any_wrong = false;

template <class Call, class Libc>
void run(benchmark::State &state, const Call &call, const corpus &c) {
    const Outcome &expected = outcome_of(Libc{nullptr}, c);
    const Outcome &outcome = outcome_of(call, c);
    bool right = outcome.checksum == expected.checksum;
    any_wrong |= !right;

    for (auto _ : state)
        walk(call, c);

    auto rounds = static_cast<int64_t>(state.iterations());
    state.SetItemsProcessed(rounds * static_cast<int64_t>(items<Call>(c)));
    state.SetBytesProcessed(rounds * static_cast<int64_t>(expected.text_bytes));
    char label[40];
    snprintf(label, sizeof label, "%s %016llx", right ? "checksum" : "WRONG",
             static_cast<unsigned long long>(outcome.checksum));
    state.SetLabel(label);
}

template <class Libc, class Call>
void add(const char *operation, const corpus *c, const char *candidate, Call call) {
    std::string name = std::string(operation) + "/" + c->name + "/" + candidate;
    auto measure = [call, c](benchmark::State &state) {
        if (call.row)
            simdinet_use_kernel(call.row->name); // for candidates that go through the public calls
        run<Call, Libc>(state, call, *c);
    };
    benchmark::RegisterBenchmark(name.c_str(), measure)->Unit(benchmark::kMicrosecond);
}

// An operation in all its variations: libc first, then another baseline, then the rows.
template <class RowCall, class Libc, class... Table>
void add_operation(const char *operation, int family, const char *title) {
    report_operation(operation, title);
    for (const corpus *c : corpora) {
        if (c->family != family || (!parses<Libc> && c->valid < c->count))
            continue; // a refused text leaves nothing to format
        add<Libc>(operation, c, "libc", Libc{nullptr});
        (add<Libc>(operation, c, "table", Table{nullptr}), ...);
        for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++)
            if (Row row = simdinet_kernel_at(i))
                add<Libc>(operation, c, row->name, RowCall{row});
    }
}

struct Nothing {
    Row row;
    void operator()(const uint8_t *, char *out) const {
        *out = '\0';
    }
};

// What the loop and a call through a row's pointer take by themselves.
void add_empty_call() {
    static simdinet_kernel empty{};
    empty.name = "empty";
    empty.format_ipv4 = [](const uint8_t *, char *out) -> size_t { return *out = '\0'; };
    report_operation("call", "a function that does nothing: what a figure cannot go below");
    add<Nothing>("call", corpora.front(), "empty",
                 RowFormat<&simdinet_kernel::format_ipv4>{&empty});
}

void add_operations() {
    add_empty_call();

    using LibcPton4 = Pton<AF_INET, inet_pton>;
    using LibcPton6 = Pton<AF_INET6, inet_pton>;
    using LibcNtop4 = Ntop<AF_INET, inet_ntop>;
    using LibcNtop6 = Ntop<AF_INET6, inet_ntop>;

    add_operation<RowParse<&simdinet_kernel::parse_ipv4>, LibcPton4>(
        "parse_ipv4", 4, "text with a length to 4 bytes");
    add_operation<RowParse<&simdinet_kernel::parse_ipv6>, LibcPton6>(
        "parse_ipv6", 6, "text with a length to 16 bytes");
    add_operation<Pton<AF_INET, simdinet_inet_pton>, LibcPton4>(
        "pton_ipv4", 4, "simdinet_inet_pton, AF_INET: text with a NUL to 4 bytes");
    add_operation<Pton<AF_INET6, simdinet_inet_pton>, LibcPton6>(
        "pton_ipv6", 6, "simdinet_inet_pton, AF_INET6: text with a NUL to 16 bytes");
    add_operation<RowFormat<&simdinet_kernel::format_ipv4>, LibcNtop4,
                  TableFormat<table_format::ipv4>>("format_ipv4", 4, "4 bytes to text");
    add_operation<RowFormat<&simdinet_kernel::format_ipv6>, LibcNtop6,
                  TableFormat<table_format::ipv6>>("format_ipv6", 6, "16 bytes to text");
    add_operation<Ntop<AF_INET, simdinet_inet_ntop>, LibcNtop4, TableFormat<table_format::ipv4>>(
        "ntop_ipv4", 4, "simdinet_inet_ntop, AF_INET: 4 bytes to text");
    add_operation<Ntop<AF_INET6, simdinet_inet_ntop>, LibcNtop6, TableFormat<table_format::ipv6>>(
        "ntop_ipv6", 6, "simdinet_inet_ntop, AF_INET6: 16 bytes to text");
}

} // namespace

int main(int argc, char **argv) {
    for (size_t kind = 0; kind < corpus_kinds(); kind++) {
        const corpus *c = corpus_create(kind, CORPUS_SEED);
        if (!c) {
            fputs("bench_address: no memory for the corpora\n", stderr);
            return 2; // 1 says that a candidate is wrong
        }
        report_corpus(c);
        corpora.push_back(c);
    }
    add_operations();
    int status = report_run(argc, argv);
    if (any_wrong)
        fputs("bench_address: some results are not libc's: see WRONG\n", stderr);
    return any_wrong ? 1 : status;
}
