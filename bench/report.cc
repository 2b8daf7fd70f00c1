// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report.h"

#include "candidate.h"
#include "simdinet.h"
#include "text_engine.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <sys/utsname.h>
#include <vector>

#ifdef __GLIBC__
#    include <gnu/libc-version.h>
#endif

namespace {

// Of 100.
std::string share(size_t part, size_t whole) {
    char text[32];
    snprintf(text, sizeof text, "%.2f",
             100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text;
}

std::string processor() {
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);)
        if (line.rfind("model name", 0) == 0)
            return line.substr(line.find(':') + 2);
    return "unknown";
}

std::string libc() {
#ifdef __GLIBC__
    return std::string("glibc ") + gnu_get_libc_version();
#else
    return "unknown";
#endif
}

void describe_machine() {
    utsname system{};
    uname(&system);
    benchmark::AddCustomContext("processor", processor());
    benchmark::AddCustomContext("kernel", std::string(system.sysname) + " " + system.release + " " +
                                              system.machine);
    benchmark::AddCustomContext("libc", libc());
    benchmark::AddCustomContext("compiler", BENCH_COMPILER);
    benchmark::AddCustomContext("simdinet", simdinet_version());
    benchmark::AddCustomContext("implementation", simdinet_active_implementation());
    benchmark::AddCustomContext("seed", std::to_string(CORPUS_SEED));
}

} // namespace

void report_operation(const char *operation, const char *title) {
    benchmark::AddCustomContext(std::string("operation ") + operation, title);
}

void report_corpus(const corpus *c) {
    corpus_statistics counted;
    corpus_count(c, &counted);
    std::string lengths;
    for (size_t len = 0; len < CORPUS_LENGTHS; len++)
        if (counted.lengths[len])
            lengths += (lengths.empty() ? "" : ",") + std::to_string(len) + ":" +
                       std::to_string(counted.lengths[len]);
    benchmark::AddCustomContext(
        "corpus ipv" + std::to_string(c->family) + " " + c->name,
        std::string(c->description) + "; texts=" + std::to_string(c->count) +
            " gap=" + share(counted.gaps, c->count) + " mapped=" + share(counted.mapped, c->count) +
            " upper=" + share(counted.upper, c->count) +
            " invalid=" + share(counted.invalid, c->count) + " lengths=" + lengths);
}

void report_baselines() {
    std::map<std::string, std::string> versions; // a library has several functions
    for (const Baseline &baseline : baselines())
        versions[baseline.candidate.name] = baseline.version;
    for (const TextEngine &engine : text_engines())
        versions[engine.name] = engine.version;
    for (const auto &[name, version] : versions)
        benchmark::AddCustomContext("baseline " + name, version);
    std::istringstream missing(BENCH_MISSING); // name=package;name=package
    for (std::string pair; std::getline(missing, pair, ';');) {
        const size_t cut = pair.find('=');
        benchmark::AddCustomContext("missing " + pair.substr(0, cut), pair.substr(cut + 1));
    }
}

void report_measure(benchmark::State &state, size_t items, size_t bytes, size_t n, bool right) {
    const auto rounds = static_cast<int64_t>(state.iterations());
    state.SetItemsProcessed(rounds * static_cast<int64_t>(items));
    state.SetBytesProcessed(rounds * static_cast<int64_t>(bytes));
    state.counters["n"] = static_cast<double>(n);
    state.SetLabel(right ? "right" : "WRONG");
}

int report_run(int argc, char **argv) {
    // What comes later wins, so these are only defaults.
    std::string defaults[] = {"--benchmark_enable_random_interleaving=true",
                              "--benchmark_repetitions=30", "--benchmark_min_time=0.02",
                              "--benchmark_display_aggregates_only=true"};
    std::vector<char *> arguments{argv[0]};
    for (std::string &argument : defaults)
        arguments.push_back(argument.data());
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    arguments.push_back(nullptr);
    int count = static_cast<int>(arguments.size()) - 1;

    describe_machine();
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
