// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_scan - every address of a log, from memory: each implementation on the logs of loggen, on
// prefixes of one of them that fit into caches, and on worst-case texts. The upper bound is libc's
// memchr for line ends.
#include "checksum.h"
#include "options.h"
#include "report.h"
#include "simdinet.h"
#include "text_engine.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace {

// The size of each log; the generator ends with a whole line. 64M is larger than the caches.
constexpr char log_size_quick[] = "8M";
constexpr struct {
    const char *kind, *size;
} log_kinds[] = {{"web", "64M"},     {"firewall", "64M"}, {"json", "64M"},  {"zeek", "64M"},
                 {"tcpdump", "16M"}, {"suricata", "16M"}, {"asa", "16M"},   {"squid", "16M"},
                 {"windows", "16M"}, {"terminal", "16M"}, {"agents", "16M"}};
constexpr size_t worst_size = 16 << 20, worst_size_quick = 1 << 20;

struct Text {
    std::string name, bytes;
    size_t addresses = 0; // that the generator wrote; 0: unknown
};

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// ---- texts ---------------------------------------------------------------------------------------

// A log and the number of its addresses; generated once in a build directory.
bool make_log(const std::string &kind, const std::string &size, Text &text) {
    const std::string path = std::string(BENCH_LOGS) + "/" + kind + "-" + size + ".log";
    const std::string truth = path + ".truth";
    if (!std::ifstream(truth)) {
        const std::string command = std::string("'") + BENCH_LOGGEN + "' --kind " + kind +
                                    " --size " + size + " '" + path + "' '" + truth + "'";
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

// The logs, or the user's file.
std::vector<Text> make_logs(const Options &options) {
    if (!options.file.empty()) {
        Text text{"user", read_file(options.file), 0};
        if (text.bytes.empty()) {
            fprintf(stderr, "bench_scan: %s cannot be read or is empty\n", options.file.c_str());
            exit(2);
        }
        return {text};
    }
    std::vector<Text> logs;
    for (const auto &log : log_kinds) {
        Text text;
        if (!make_log(log.kind, options.quick ? log_size_quick : log.size, text)) {
            fprintf(stderr, "bench_scan: %s could not write to %s\n", BENCH_LOGGEN, BENCH_LOGS);
            exit(2);
        }
        logs.push_back(text);
    }
    return logs;
}

// The first whole lines of a text, for sizes of 4K, 16K, ...
std::vector<Text> prefixes(const Text &text) {
    std::vector<Text> all;
    for (size_t size = 4096; size <= text.bytes.size(); size *= 4) {
        const size_t end = text.bytes.rfind('\n', size - 1);
        const bool large = size >= 1 << 20;
        all.push_back({std::to_string(size >> (large ? 20 : 10)) + (large ? "M" : "K"),
                       text.bytes.substr(0, end == std::string::npos ? size : end + 1), 0});
    }
    return all;
}

std::string repeated(const std::string &unit, size_t size) {
    std::string bytes;
    while (bytes.size() < size)
        bytes += unit;
    bytes.resize(size);
    return bytes;
}

std::string random_of(const std::string &alphabet, size_t size) {
    uint64_t state = CORPUS_SEED;
    std::string bytes(size, '\0');
    for (char &c : bytes)
        c = alphabet[static_cast<size_t>(corpus_random(&state) >> 33) % alphabet.size()];
    return bytes;
}

std::string every_byte() {
    std::string bytes;
    for (int c = 0; c < 256; c++)
        bytes += static_cast<char>(c);
    return bytes;
}

// ---- candidates: each returns the number of matches ----------------------------------------------

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
                           sizeof(simdinet_match), std::size(matches), &count);
        visit(matches, count);
    }
}

size_t count_matches(const Text &text, unsigned flags) {
    size_t total = 0;
    scan_all(text, flags, [&](const simdinet_match *, size_t count) { total += count; });
    return total;
}

struct Outcome {
    Checksum checksum;  // of all fields of each match
    Checksum positions; // offset and length, without version numbers
    size_t matches = 0, versions = 0;
};

void add_position(Checksum &positions, size_t offset, size_t length) {
    const uint64_t numbers[] = {offset, length};
    positions.add_words(numbers, sizeof numbers);
}

Outcome results(const Text &text, unsigned flags) {
    Outcome outcome;
    scan_all(text, flags, [&](const simdinet_match *matches, size_t count) {
        for (size_t i = 0; i < count; i++) {
            const simdinet_match &match = matches[i];
            const uint64_t numbers[] = {match.offset, match.length, match.family, match.flags};
            outcome.checksum.add_words(numbers, sizeof numbers);
            outcome.checksum.add_words(match.address, sizeof match.address);
            if (match.flags & SIMDINET_MATCH_VERSION)
                outcome.versions++;
            else
                add_position(outcome.positions, match.offset, match.length);
        }
        outcome.matches += count;
    });
    return outcome;
}

// ---- benchmarks ----------------------------------------------------------------------------------

bool quick = false;

// Of the points of a curve, and of engines that take half a second.
constexpr int few_repetitions = 3;

void add(const std::string &operation, const Text &text, unsigned flags,
         const std::string &candidate, const Scan &scan, bool right, size_t items, bool few) {
    auto *added =
        add_benchmark(operation, text.name, candidate, [=, &text](benchmark::State &state) {
            simdinet_use_implementation(candidate.c_str()); // no effect for other libraries
            for (auto _ : state)
                benchmark::DoNotOptimize(scan(text, flags));
            report_measure(state, items, text.bytes.size(), text.bytes.size(), right);
        });
    added->Unit(benchmark::kMillisecond);
    if (few && !quick)
        added->Repetitions(few_repetitions);
}

void add_engines(const std::string &operation, const Text &text, unsigned flags,
                 const Outcome &expected, size_t items) {
    const bool ipv4_only = flags == SIMDINET_SCAN_IPV4;
    for (const TextEngine &engine : text_engines()) {
        Checksum positions;
        const Found found = [&](size_t offset, size_t length) {
            add_position(positions, offset, length);
        };
        engine.find(text.bytes, ipv4_only, &found);
        const auto find = engine.find;
        const Scan scan = [=](const Text &t, unsigned) {
            return find(t.bytes, ipv4_only, nullptr);
        };
        add(operation, text, flags, engine.name, scan, positions == expected.positions, items,
            true);
    }
}

// Every implementation must find what the scalar one finds, and in a log every address of the generator.
void add_text(const std::string &operation, const Text &text, unsigned flags, bool engines) {
    const bool few = !engines;
    simdinet_use_implementation("scalar");
    const Outcome expected = results(text, flags);
    const bool complete =
        !text.addresses || flags != 0 || text.addresses == expected.matches - expected.versions;
    const size_t items = expected.matches ? expected.matches : 1;
    add(operation, text, flags, "memchr", line_ends, true, items, few);
    if (engines)
        add_engines(operation, text, flags, expected, items);
    for (const simdinet_implementation *impl : implementations()) {
        simdinet_use_implementation(impl->name);
        const bool same = results(text, flags).checksum == expected.checksum;
        add(operation, text, flags, impl->name, count_matches, complete && same, items, few);
    }
    if (flags == 0 && expected.matches > 0 && operation.find("_curve") == std::string::npos)
        benchmark::AddCustomContext("corpus text " + text.name,
                                    std::to_string(text.bytes.size() >> 10) + " KiB, " +
                                        std::to_string(expected.matches) + " addresses");
}

std::vector<Text> worst_texts(size_t size) {
    return {
        {"dots", random_of(".0123456789", size)}, {"colons", repeated(":", size)},
        {"ones", repeated("1.", size)},           {"letters", repeated("a:", size)},
        {"bytes", repeated(every_byte(), size)},  {"random", random_of(every_byte(), size)},
        {"full", repeated("1.2.3.4 ", size)},
    };
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    quick = options.quick;
    static const std::vector<Text> logs = make_logs(options);
    static const std::vector<Text> sizes = prefixes(logs.front());
    static const std::vector<Text> worst =
        worst_texts(options.quick ? worst_size_quick : worst_size);
    report_baselines();
    report_operation("scan_both", "IPv4 and IPv6 in a log; memchr searches for line ends");
    report_operation("scan_ipv4", "IPv4 only");
    report_operation("scan_worst", "IPv4 and IPv6 in worst-case texts");
    report_operation("scan_both_curve", "IPv4 and IPv6, by the size of the text");
    for (const Text &log : logs)
        add_text("scan_both", log, 0, true);
    for (const Text &log : logs)
        add_text("scan_ipv4", log, SIMDINET_SCAN_IPV4, true);
    for (const Text &text : worst)
        add_text("scan_worst", text, 0, false);
    for (const Text &prefix : sizes)
        add_text("scan_both_curve", prefix, 0, false);
    simdinet_use_implementation(nullptr);
    return report_run(argc, argv);
}
