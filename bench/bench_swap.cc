// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_swap - the bytes of 32-bit numbers reversed: every row against plain loops and memcpy.
//
// The items are kilobytes, so GB/s are 1024 / ns. A corpus is a size and a place: in the first-level
// cache, aligned or not, in the second, in memory, and each of them in place.
#include "kernels/kernel.h"
#include "report.h"
#include "swap_loop.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr size_t kilobyte = 1024, most = 128 * 1024 * kilobyte, page = 4096;

struct Place {
    const char *name;
    size_t size;
    size_t offset; // from an aligned address
    bool in_place;
};

constexpr Place places[] = {
    {"L1", 16 * kilobyte, 0, false},   {"L1-odd", 16 * kilobyte, 1, false},
    {"L1-in", 16 * kilobyte, 0, true}, {"L2", 512 * kilobyte, 0, false},
    {"memory", most, 0, false},        {"memory-in", most, 0, true},
};

char *source, *room;
bool any_wrong = false;

void copy(void *dst, const void *src, size_t n) {
    memcpy(dst, src, 4 * n);
}

bool swaps(simdinet_swap_fn *swap, const Place &place) {
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

void run(benchmark::State &state, simdinet_swap_fn *swap, const Place &place) {
    bool right = swap == copy || swaps(swap, place);
    any_wrong |= !right;
    char *dst = (place.in_place ? source : room) + place.offset;
    for (auto _ : state) {
        swap(dst, source + place.offset, place.size / 4);
        benchmark::ClobberMemory();
    }
    auto rounds = static_cast<int64_t>(state.iterations());
    state.SetItemsProcessed(rounds * static_cast<int64_t>(place.size / kilobyte));
    state.SetBytesProcessed(rounds * static_cast<int64_t>(place.size));
    state.SetLabel(right ? "right" : "WRONG");
}

void add(const Place &place, const char *candidate, simdinet_swap_fn *swap) {
    std::string name = std::string("swap32/") + place.name + "/" + candidate;
    auto measure = [swap, &place](benchmark::State &state) { run(state, swap, place); };
    benchmark::RegisterBenchmark(name.c_str(), measure)->Unit(benchmark::kMicrosecond);
}

} // namespace

int main(int argc, char **argv) {
    source = static_cast<char *>(aligned_alloc(page, most + page));
    room = static_cast<char *>(aligned_alloc(page, most + page));
    if (!source || !room) {
        fputs("bench_swap: no memory\n", stderr);
        return 2; // 1 says that a candidate is wrong
    }
    memset(source, 1, most + page);
    memset(room, 1, most + page);
    report_operation("swap32", "a kilobyte of 32-bit numbers; GB/s are 1024 / ns");
    for (const Place &place : places) {
        if (!place.in_place)
            add(place, "memcpy", copy);
        add(place, "loop-O2", swap_loop_o2);
        add(place, "loop-O3", swap_loop_o3);
        for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++)
            if (const simdinet_kernel *row = simdinet_kernel_at(i))
                add(place, row->name, row->swap32);
    }
    int status = report_run(argc, argv);
    if (any_wrong)
        fputs("bench_swap: some results are wrong: see WRONG\n", stderr);
    return any_wrong ? 1 : status;
}
