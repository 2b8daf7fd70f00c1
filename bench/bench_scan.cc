// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_scan - every address of a log, from memory: each row on the logs of the project's generator,
// and on texts that were made to be slow. The ceiling is libc's memchr looking for line ends.
#include "kernels/kernel.h"
#include "report.h"
#include "simdinet.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace {

// More than the caches hold; the generator writes whole lines up to a little more.
constexpr char log_size[] = "64M";
constexpr size_t hostile_size = 16 << 20;

struct Text {
    std::string name, bytes;
    size_t addresses = 0; // what the generator says; 0: it does not say
};

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// ---- texts ---------------------------------------------------------------------------------------

// A log, and how many addresses the generator put in it. It is made once in a build directory.
bool make_log(const char *kind, Text &text) {
    const std::string path = std::string(BENCH_LOGS) + "/bench_" + kind + ".log";
    const std::string truth = path + ".truth";
    if (!std::ifstream(truth)) {
        const std::string command = std::string("'") + BENCH_LOGGEN + "' --kind " + kind +
                                    " --size " + log_size + " '" + path + "' '" + truth + "'";
        if (std::system(command.c_str()) != 0)
            return false;
    }
    text.name = kind;
    text.bytes = read_file(path);
    const std::string lines = read_file(truth);
    for (char c : lines)
        text.addresses += c == '\n';
    return !text.bytes.empty();
}

std::string repeated(const std::string &piece) {
    std::string bytes;
    while (bytes.size() < hostile_size)
        bytes += piece;
    bytes.resize(hostile_size);
    return bytes;
}

std::string random_of(const std::string &alphabet) {
    uint64_t chance = CORPUS_SEED;
    std::string bytes(hostile_size, '\0');
    for (char &c : bytes) {
        chance = chance * 6364136223846793005 + 1442695040888963407;
        c = alphabet[static_cast<size_t>(chance >> 33) % alphabet.size()];
    }
    return bytes;
}

std::string every_byte() {
    std::string bytes;
    for (int c = 0; c < 256; c++)
        bytes += static_cast<char>(c);
    return bytes;
}

// ---- candidates: each counts what it finds -------------------------------------------------------

using Scan = std::function<size_t(const Text &, unsigned)>;

size_t line_ends(const Text &text, unsigned) {
    size_t count = 0;
    const char *at = text.bytes.data(), *end = at + text.bytes.size();
    while (at < end && (at = static_cast<const char *>(
                            memchr(at, '\n', static_cast<size_t>(end - at)))) != nullptr) {
        count++;
        at++;
    }
    return count;
}

// Calls visit with each batch of matches.
template <class Visit> void scan_all(const Text &text, unsigned flags, Visit visit) {
    static simdinet_match matches[4096];
    for (size_t at = 0; at < text.bytes.size();) {
        size_t count;
        at = simdinet_scan(text.bytes.data(), at, text.bytes.size(), flags, matches,
                           std::size(matches), &count);
        visit(matches, count);
    }
}

size_t count_matches(const Text &text, unsigned flags) {
    size_t total = 0;
    scan_all(text, flags, [&](const simdinet_match *, size_t count) { total += count; });
    return total;
}

struct Outcome {
    uint64_t checksum = 0xCBF29CE484222325; // FNV-1a
    size_t matches = 0, versions = 0;
    std::map<unsigned, size_t> lengths;
};

Outcome look(const Text &text, unsigned flags) {
    Outcome outcome;
    scan_all(text, flags, [&](const simdinet_match *matches, size_t count) {
        for (size_t i = 0; i < count; i++) {
            const simdinet_match &match = matches[i];
            auto add = [&](uint64_t value) {
                outcome.checksum = (outcome.checksum ^ value) * 0x100000001B3;
            };
            add(match.offset);
            add(match.length | match.family << 16 | match.flags << 24);
            for (uint8_t byte : match.address)
                add(byte);
            outcome.versions += match.flags & SIMDINET_MATCH_VERSION;
            outcome.lengths[match.length]++;
        }
        outcome.matches += count;
    });
    return outcome;
}

// ---- benchmarks ----------------------------------------------------------------------------------

bool any_wrong = false;

void add(const char *operation, const Text &text, unsigned flags, const char *candidate,
         const Scan &scan, bool right, size_t items) {
    any_wrong |= !right;
    const std::string name = std::string(operation) + "/" + text.name + "/" + candidate;
    const std::string row = candidate;
    benchmark::RegisterBenchmark(name.c_str(), [=, &text](benchmark::State &state) {
        simdinet_use_kernel(row.c_str()); // the ceiling is no row, and changes nothing
        for (auto _ : state)
            benchmark::DoNotOptimize(scan(text, flags));
        const auto rounds = static_cast<int64_t>(state.iterations());
        state.SetItemsProcessed(rounds * static_cast<int64_t>(items));
        state.SetBytesProcessed(rounds * static_cast<int64_t>(text.bytes.size()));
        state.SetLabel(right ? "checked" : "WRONG");
    })->Unit(benchmark::kMillisecond);
}

// Every row must find what the scalar row finds, and of a log what the generator put in.
void add_text(const char *operation, const Text &text, unsigned flags) {
    simdinet_use_kernel("scalar");
    const Outcome expected = look(text, flags);
    const bool complete =
        !text.addresses || flags != 0 || text.addresses == expected.matches - expected.versions;
    const size_t items = expected.matches ? expected.matches : 1;
    add(operation, text, flags, "libc", line_ends, true, items);
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++) {
        const simdinet_kernel *row = simdinet_kernel_at(i);
        if (!row)
            continue;
        simdinet_use_kernel(row->name);
        const bool same = look(text, flags).checksum == expected.checksum;
        add(operation, text, flags, row->name, count_matches, complete && same, items);
    }
    if (flags != 0 || expected.matches == 0)
        return;
    std::string lengths;
    for (auto [length, count] : expected.lengths)
        lengths +=
            (lengths.empty() ? "" : ",") + std::to_string(length) + ":" + std::to_string(count);
    benchmark::AddCustomContext("corpus text " + text.name,
                                std::to_string(text.bytes.size() >> 20) +
                                    " MiB and the addresses in it; texts=" +
                                    std::to_string(expected.matches) + " lengths=" + lengths);
}

} // namespace

int main(int argc, char **argv) {
    static std::vector<Text> logs(4);
    const char *const kinds[] = {"web", "firewall", "json", "zeek"};
    for (size_t i = 0; i < logs.size(); i++) {
        if (!make_log(kinds[i], logs[i])) {
            fprintf(stderr, "bench_scan: no log: %s does not write into %s\n", BENCH_LOGGEN,
                    BENCH_LOGS);
            return 2; // 1 says that a candidate is wrong
        }
    }
    static const std::vector<Text> hostile{
        {"dots", random_of(".0123456789")}, {"colons", repeated(":")},
        {"ones", repeated("1.")},           {"letters", repeated("a:")},
        {"bytes", repeated(every_byte())},  {"random", random_of(every_byte())},
        {"full", repeated("1.2.3.4 ")},
    };
    report_operation("scan_both", "IPv4 and IPv6 in a log; libc is memchr for line ends");
    report_operation("scan_ipv4", "IPv4 alone");
    report_operation("scan_worst", "IPv4 and IPv6 in texts that were made to be slow");
    for (const Text &log : logs)
        add_text("scan_both", log, 0);
    for (const Text &log : logs)
        add_text("scan_ipv4", log, SIMDINET_SCAN_IPV4);
    for (const Text &text : hostile)
        add_text("scan_worst", text, 0);
    simdinet_use_kernel(nullptr);
    const int status = report_run(argc, argv);
    if (any_wrong)
        fputs("bench_scan: some results are not the scalar row's, or not the generator's: see "
              "WRONG\n",
              stderr);
    return any_wrong ? 1 : status;
}
