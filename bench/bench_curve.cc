// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_curve - nanoseconds an address by the number of addresses of a call, from 1 to 10^8: lines to
// bytes and back, every implementation and a loop over libc's functions.
//
// A small call is repeated with successive addresses of a large pool. The largest set of addresses
// takes 6 GB and is left out where that is more than half of the memory. Repetitions are interleaved
// in random order, so sizes beyond 10^6 should be run one at a time, with --benchmark_filter: only one
// such set is kept.
#include "checksum.h"
#include "options.h"
#include "report.h"
#include "simdinet.h"

#include <arpa/inet.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

// The addresses of small calls, which fit into the L2 cache as text.
constexpr size_t pool = 65536;

// Random addresses and their lines; each is the output of the other's benchmarks.
struct Lines {
    int family;
    size_t size; // of an address
    size_t n;    // of one call
    size_t count;
    std::vector<uint8_t> addresses, valid;
    std::vector<char> text;
    std::vector<size_t> begin; // of each call in text, and the end of the last
    char separator = '\n';

    Lines(int family, size_t n);
    void separate(char by);
};

size_t address_size(int family) {
    return family == 4 ? 4 : 16;
}

size_t line_size(int family) {
    return family == 4 ? SIMDINET_IPV4_LINES_SIZE(1) : SIMDINET_IPV6_LINES_SIZE(1);
}

Lines::Lines(int family_, size_t n_)
    : family(family_), size(address_size(family)), n(n_), count(std::max(pool / n, size_t{1}) * n),
      addresses(count * size), valid((n + 7) / 8) {
    uint64_t state = CORPUS_SEED;
    for (size_t i = 0; i < addresses.size(); i += 4) {
        const auto word = static_cast<uint32_t>(corpus_random(&state));
        memcpy(&addresses[i], &word, 4);
    }
    const auto format = family == 4 ? simdinet_format_ipv4_lines : simdinet_format_ipv6_lines;
    text.resize(count * line_size(family));
    size_t used = 0;
    for (size_t i = 0; i < count; i += n) {
        size_t len;
        begin.push_back(used);
        format(&addresses[i * size], n, '\n', &text[used], text.size() - used, &len);
        used += len;
    }
    begin.push_back(used);
}

// libc needs a NUL after each text, the implementations a line end.
void Lines::separate(char by) {
    if (separator != by)
        std::replace(text.begin(), text.begin() + static_cast<ptrdiff_t>(begin.back()), separator,
                     by);
    separator = by;
}

// ---- candidates: a call each, the i-th of the pool ------------------------------------------------

using Call = void(Lines &, size_t i);

void libc_parse(Lines &lines, size_t i) {
    const int af = lines.family == 4 ? AF_INET : AF_INET6;
    const char *text = &lines.text[lines.begin[i]];
    uint8_t *out = &lines.addresses[i * lines.n * lines.size];
    for (size_t k = 0; k < lines.n; k++) {
        inet_pton(af, text, out + k * lines.size);
        text += strlen(text) + 1;
    }
}

void our_parse(Lines &lines, size_t i) {
    const auto parse = lines.family == 4 ? simdinet_parse_ipv4_lines : simdinet_parse_ipv6_lines;
    size_t n, n_valid;
    parse(&lines.text[lines.begin[i]], lines.begin[i + 1] - lines.begin[i], 0, lines.n,
          &lines.addresses[i * lines.n * lines.size], lines.valid.data(), &n, &n_valid);
}

void libc_format(Lines &lines, size_t i) {
    const int af = lines.family == 4 ? AF_INET : AF_INET6;
    const uint8_t *address = &lines.addresses[i * lines.n * lines.size];
    char *text = &lines.text[lines.begin[i]];
    for (size_t k = 0; k < lines.n; k++) {
        inet_ntop(af, address + k * lines.size, text, INET6_ADDRSTRLEN);
        text += strlen(text);
        *text++ = '\n';
    }
}

// The text of the next call follows and is written after this one.
void our_format(Lines &lines, size_t i) {
    const auto format = lines.family == 4 ? simdinet_format_ipv4_lines : simdinet_format_ipv6_lines;
    size_t len;
    format(&lines.addresses[i * lines.n * lines.size], lines.n, '\n', &lines.text[lines.begin[i]],
           lines.text.size() - lines.begin[i], &len);
    benchmark::DoNotOptimize(len);
}

// ---- benchmarks ----------------------------------------------------------------------------------

struct Curve {
    const char *operation;
    const char *title;
    int family;
    bool parses;
};

constexpr Curve curves[] = {
    {"lines_ipv4_curve", "lines to 4 bytes each, by number of lines", 4, true},
    {"lines_ipv6_curve", "lines to 16 bytes each, by number of lines", 6, true},
    {"format_lines_ipv4_curve", "4 bytes each to lines, by number of addresses", 4, false},
    {"format_lines_ipv6_curve", "16 bytes each to lines, by number of addresses", 6, false},
};
constexpr size_t largest = 100000000, largest_quick = 100000;

// Whether a set of lines takes at most half of the memory.
bool fits(const Curve &curve, size_t n) {
    const auto memory =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    const size_t each = address_size(curve.family) + line_size(curve.family);
    return static_cast<double>(n * each) <= memory / 2;
}

// Of large sets of lines, only one is kept.
Lines &lines_of(int family, size_t n) {
    static std::map<std::pair<int, size_t>, std::unique_ptr<Lines>> small;
    static std::unique_ptr<Lines> large;
    std::unique_ptr<Lines> &lines = n <= 1000000 ? small[{family, n}] : large;
    if (!lines || lines->family != family || lines->n != n) {
        lines.reset();
        lines = std::make_unique<Lines>(family, n);
    }
    return *lines;
}

// The output is overwritten first, so that a call that writes nothing is detected.
uint64_t result_of(Lines &lines, Call *call, bool parses) {
    if (parses)
        std::fill(lines.addresses.begin(), lines.addresses.end(), uint8_t{0});
    else
        std::fill(lines.text.begin(), lines.text.end(), '\0');
    for (size_t i = 0; i < lines.count / lines.n; i++)
        call(lines, i);
    Checksum checksum;
    if (parses)
        checksum.add_words(lines.addresses.data(), lines.addresses.size());
    else
        checksum.add_words(lines.text.data(), lines.begin.back());
    return checksum.value();
}

void run(benchmark::State &state, const Curve &curve, size_t n, Call *libc, Call *call,
         const char *impl) {
    Lines &lines = lines_of(curve.family, n);
    const auto prepare = [&](bool for_libc) {
        lines.separate(curve.parses && for_libc ? '\0' : '\n');
    };
    const uint64_t expected = once<uint64_t>(std::tuple(curve.operation, n), [&] {
        prepare(true);
        return result_of(lines, libc, curve.parses);
    });
    prepare(call == libc);
    if (impl)
        simdinet_use_implementation(impl);
    const bool right = once<bool>(std::tuple(curve.operation, n, impl), [&] {
        return call == libc || result_of(lines, call, curve.parses) == expected;
    });
    for (auto _ : state) {
        for (size_t i = 0; i < lines.count / lines.n; i++)
            call(lines, i);
        benchmark::ClobberMemory();
    }
    report_measure(state, lines.count, lines.begin.back(), n, right);
}

void add(const Curve &curve, size_t n) {
    Call *libc = curve.parses ? libc_parse : libc_format;
    Call *ours = curve.parses ? our_parse : our_format;
    const auto add_one = [&](const char *candidate, Call *call, const char *impl) {
        add_benchmark(
            curve.operation, std::to_string(n), candidate,
            [=, &curve](benchmark::State &state) { run(state, curve, n, libc, call, impl); });
    };
    add_one("libc", libc, nullptr);
    for (const simdinet_implementation *impl : implementations())
        add_one(impl->name, ours, impl->name);
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    for (const Curve &curve : curves) {
        report_operation(curve.operation, curve.title);
        // 1, 3, 10, 30, ... up to 10^4, then the powers of ten.
        for (size_t n = 1; n <= (options.quick ? largest_quick : largest); n *= 10) {
            if (!fits(curve, n)) {
                benchmark::AddCustomContext(std::string("missing ") + curve.operation + " of " +
                                                std::to_string(n),
                                            "more memory");
                continue;
            }
            add(curve, n);
            if (n < 10000 && !options.quick)
                add(curve, 3 * n);
        }
    }
    return report_run(argc, argv);
}
