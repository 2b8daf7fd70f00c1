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

void Candidate::activate() const {
    if (!impl.empty())
        simdinet_use_implementation(impl.c_str());
}

void report_operation(const char *operation, const char *title) {
    benchmark::AddCustomContext(std::string("operation ") + operation, title);
}

void report_corpus(const corpus *c) {
    corpus_statistics counted;
    corpus_count(c, &counted);
    char text[256];
    const auto share = [&](size_t part) {
        return 100.0 * static_cast<double>(part) / static_cast<double>(c->count);
    };
    snprintf(text, sizeof text,
             "%s; %zu texts, %.1f bytes on average; %.0f %% with \"::\", %.0f %% IPv4-mapped, "
             "%.0f %% upper case, %.2f %% invalid",
             c->description, c->count,
             static_cast<double>(c->offsets[c->count] - c->count) / static_cast<double>(c->count),
             share(counted.compressed), share(counted.mapped), share(counted.upper),
             share(counted.invalid));
    benchmark::AddCustomContext("corpus ipv" + std::to_string(c->family) + " " + c->name, text);
}

std::vector<const simdinet_implementation *> implementations() {
    std::vector<const simdinet_implementation *> found;
    for (size_t i = SIMDINET_IMPLEMENTATIONS; i-- > 0;)
        if (const simdinet_implementation *impl = simdinet_implementation_at(i))
            found.push_back(impl);
    return found;
}

benchmark::internal::Benchmark *add_benchmark(const std::string &operation,
                                              const std::string &corpus_name,
                                              const std::string &candidate,
                                              const std::function<void(benchmark::State &)> &run) {
    return benchmark::RegisterBenchmark((operation + "/" + corpus_name + "/" + candidate).c_str(),
                                        run)
        ->Unit(benchmark::kMicrosecond);
}

void report_baselines() {
    std::map<std::string, std::string> versions;
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
    const auto iterations = static_cast<int64_t>(state.iterations());
    state.SetItemsProcessed(iterations * static_cast<int64_t>(items));
    state.SetBytesProcessed(iterations * static_cast<int64_t>(bytes));
    state.counters["n"] = static_cast<double>(n);
    state.SetLabel(right ? "right" : "WRONG");
}

int report_run(int argc, char **argv) {
    // Options of the command line follow and override these.
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
