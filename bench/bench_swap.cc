// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_swap - the bytes of 32-bit numbers reversed: every implementation against plain loops and memcpy.
//
// The items are kilobytes, so GB/s are 1024 / ns. A corpus is a size and a place: in the first-level
// cache, aligned or not, in the second, in memory, and each of them in place; and for the curve, a
// size of each of the two arrays.
#include "kernels/kernel.h"
#include "options.h"
#include "report.h"
#include "swap_loop.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr size_t kilobyte = 1024, most = 128 * 1024 * kilobyte, page = 4096;

struct Place {
    std::string name;
    size_t size;
    size_t offset; // from an aligned address
    bool in_place;
};

const Place places[] = {
    {"L1", 16 * kilobyte, 0, false},   {"L1-odd", 16 * kilobyte, 1, false},
    {"L1-in", 16 * kilobyte, 0, true}, {"L2", 512 * kilobyte, 0, false},
    {"memory", most, 0, false},        {"memory-in", most, 0, true},
};

char *source, *room;

void copy(void *dst, const void *src, size_t n) {
    memcpy(dst, src, 4 * n);
}

bool swaps_now(simdinet_swap_fn *swap, const Place &place) {
    size_t n = place.size / 4 - 3;
    char *dst = (place.in_place ? source : room) + place.offset;
    const char *src = source + place.offset;
    bool right = true;
    for (size_t i = 0; i < n; i++) {
        auto x = static_cast<uint32_t>(i * 0x9e3779b1);
        memcpy(source + place.offset + 4 * i, &x, 4);
    }
    swap(dst, src, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, dst + 4 * i, 4);
        right &= x == __builtin_bswap32(static_cast<uint32_t>(i * 0x9e3779b1));
    }
    return right;
}

// Each candidate is looked at once for each place, before its first round.
bool swaps(simdinet_swap_fn *swap, const Place &place) {
    static std::map<std::pair<simdinet_swap_fn *, const Place *>, bool> known;
    const auto [at, fresh] = known.try_emplace({swap, &place});
    if (fresh)
        at->second = swaps_now(swap, place);
    return at->second;
}

void run(benchmark::State &state, simdinet_swap_fn *swap, const Place &place) {
    const bool right = swap == copy || swaps(swap, place);
    char *dst = (place.in_place ? source : room) + place.offset;
    for (auto _ : state) {
        swap(dst, source + place.offset, place.size / 4);
        benchmark::ClobberMemory();
    }
    report_measure(state, place.size / kilobyte, place.size, place.size / 4, right);
}

void add(const char *operation, const Place &place, const char *candidate, simdinet_swap_fn *swap) {
    const std::string name = std::string(operation) + "/" + place.name + "/" + candidate;
    auto measure = [swap, &place](benchmark::State &state) { run(state, swap, place); };
    benchmark::RegisterBenchmark(name.c_str(), measure)->Unit(benchmark::kMicrosecond);
}

void add_all(const char *operation, const Place &place) {
    if (!place.in_place)
        add(operation, place, "memcpy", copy);
    add(operation, place, "loop-O2", swap_loop_o2);
    add(operation, place, "loop-O3", swap_loop_o3);
    for (size_t i = SIMDINET_IMPLEMENTATIONS; i-- > 0;)
        if (const simdinet_implementation *impl = simdinet_implementation_at(i))
            add(operation, place, impl->name, impl->swap32);
}

std::vector<Place> curve(bool quick) {
    std::vector<Place> sizes;
    for (size_t size = 4 * kilobyte; size <= (quick ? most / 4 : most); size *= quick ? 8 : 2) {
        const bool large = size >= 1024 * kilobyte;
        sizes.push_back({std::to_string(size / kilobyte / (large ? 1024 : 1)) + (large ? "M" : "K"),
                         size, 0, false});
    }
    return sizes;
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    source = static_cast<char *>(aligned_alloc(page, most + page));
    room = static_cast<char *>(aligned_alloc(page, most + page));
    if (!source || !room) {
        fputs("bench_swap: no memory\n", stderr);
        return 2; // 1 says that a candidate is wrong
    }
    memset(source, 1, most + page);
    memset(room, 1, most + page);
    report_operation("swap32", "a kilobyte of 32-bit numbers; GB/s are 1024 / ns");
    for (const Place &place : places)
        if (!options.quick || place.size < most)
            add_all("swap32", place);
    report_operation("swap32_curve", "the same, by the size of each of the two arrays");
    static const std::vector<Place> sizes = curve(options.quick);
    for (const Place &place : sizes)
        add_all("swap32_curve", place);
    return report_run(argc, argv);
}
