// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// timer.h - the processor's time counter, for single calls of a few nanoseconds.
//
// A reading is serialised with the instructions before and after it, which takes longer than a fast
// call: times are meaningful only beside those of an empty call.
#ifndef BENCH_TIMER_H
#define BENCH_TIMER_H

#include <chrono>
#include <cstdint>
#include <numeric>

#if defined(__x86_64__) || defined(__i386__)
#    include <x86intrin.h>
#endif

namespace timer {

#if defined(__x86_64__) || defined(__i386__)
constexpr char name[] = "rdtsc between lfence instructions";
inline uint64_t ticks() {
    _mm_lfence();
    uint64_t now = __rdtsc();
    _mm_lfence();
    return now;
}
#elif defined(__aarch64__)
constexpr char name[] = "cntvct_el0 between isb instructions";
inline uint64_t ticks() {
    uint64_t now;
    asm volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(now)::"memory");
    return now;
}
#else
constexpr char name[] = "clock_gettime";
inline uint64_t ticks() {
    return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}
#endif

// Nanoseconds a tick, from 50 ms of the system's clock.
inline double nanoseconds_per_tick() {
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const uint64_t first = ticks();
    auto now = begin;
    while (now - begin < std::chrono::milliseconds(50))
        now = clock::now();
    const uint64_t last = ticks();
    return std::chrono::duration<double, std::nano>(now - begin).count() /
           static_cast<double>(last - first);
}

// The step of the counter in ticks, from ten thousand readings.
inline uint64_t step() {
    uint64_t common = 0;
    const uint64_t first = ticks();
    for (int i = 0; i < 10000; i++)
        common = std::gcd(common, ticks() - first);
    return common;
}

} // namespace timer

#endif
