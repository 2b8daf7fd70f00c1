// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_swap - byte order of arrays of 32-bit numbers: every implementation, plain loops and memcpy.
//
// The items are kilobytes, so GB/s are 1024 / ns. A corpus is a region: in the L1 cache, aligned or not,
// in the L2 cache, in memory, and in region; and for the curve, a size of each of the two arrays.
#include "options.h"
#include "report.h"
#include "swap_loop.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <tuple>
#include <vector>

namespace {

constexpr size_t kilobyte = 1024, largest = 128 * 1024 * kilobyte, page = 4096;

struct Region {
    std::string name;
    size_t size;
    size_t offset; // from an aligned address
    bool in_place;
};

const Region regions[] = {
    {"L1", 16 * kilobyte, 0, false},   {"L1-odd", 16 * kilobyte, 1, false},
    {"L1-in", 16 * kilobyte, 0, true}, {"L2", 512 * kilobyte, 0, false},
    {"memory", largest, 0, false},     {"memory-in", largest, 0, true},
};

char *source, *target;

void copy(void *dst, const void *src, size_t n) {
    memcpy(dst, src, 4 * n);
}

bool swaps(simdinet_swap_fn *swap, const Region &region) {
    size_t n = region.size / 4 - 3;
    char *dst = (region.in_place ? source : target) + region.offset;
    const char *src = source + region.offset;
    bool right = true;
    for (size_t i = 0; i < n; i++) {
        auto x = static_cast<uint32_t>(i * 0x9e3779b1);
        memcpy(source + region.offset + 4 * i, &x, 4);
    }
    swap(dst, src, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, dst + 4 * i, 4);
        right &= x == __builtin_bswap32(static_cast<uint32_t>(i * 0x9e3779b1));
    }
    return right;
}

void run(benchmark::State &state, simdinet_swap_fn *swap, const Region &region) {
    const bool right =
        once<bool>(std::tuple(swap, &region), [&] { return swap == copy || swaps(swap, region); });
    char *dst = (region.in_place ? source : target) + region.offset;
    for (auto _ : state) {
        swap(dst, source + region.offset, region.size / 4);
        benchmark::ClobberMemory();
    }
    report_measure(state, region.size / kilobyte, region.size, region.size / 4, right);
}

void add(const char *operation, const Region &region, const char *candidate,
         simdinet_swap_fn *swap) {
    add_benchmark(operation, region.name, candidate,
                  [swap, &region](benchmark::State &state) { run(state, swap, region); });
}

void add_all(const char *operation, const Region &region) {
    if (!region.in_place)
        add(operation, region, "memcpy", copy);
    add(operation, region, "loop-O2", swap_loop_o2);
    add(operation, region, "loop-O3", swap_loop_o3);
    for (const simdinet_implementation *impl : implementations())
        add(operation, region, impl->name, impl->swap32);
}

std::vector<Region> curve(bool quick) {
    std::vector<Region> sizes;
    for (size_t size = 4 * kilobyte; size <= (quick ? largest / 4 : largest);
         size *= quick ? 8 : 2) {
        const bool large = size >= 1024 * kilobyte;
        sizes.push_back({std::to_string(size / kilobyte / (large ? 1024 : 1)) + (large ? "M" : "K"),
                         size, 0, false});
    }
    return sizes;
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    source = static_cast<char *>(aligned_alloc(page, largest + page));
    target = static_cast<char *>(aligned_alloc(page, largest + page));
    if (!source || !target) {
        fputs("bench_swap: out of memory\n", stderr);
        return 2;
    }
    memset(source, 1, largest + page);
    memset(target, 1, largest + page);
    report_operation("swap32", "a kilobyte of 32-bit numbers; GB/s are 1024 / ns");
    for (const Region &region : regions)
        if (!options.quick || region.size < largest)
            add_all("swap32", region);
    report_operation("swap32_curve", "the same, by the size of each of the two arrays");
    static const std::vector<Region> sizes = curve(options.quick);
    for (const Region &region : sizes)
        add_all("swap32_curve", region);
    return report_run(argc, argv);
}
