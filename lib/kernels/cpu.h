/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cpu.h - what this processor and its operating system allow.
 */
#ifndef SIMDINET_CPU_H
#define SIMDINET_CPU_H

#include <stdbool.h>
#include <stdint.h>

/* One bit a feature. A vector extension counts only when the operating system saves its registers. */
#define CPU_SSSE3        (1u << 0)
#define CPU_SSE41        (1u << 1)
#define CPU_SSE42        (1u << 2)
#define CPU_POPCNT       (1u << 3)
#define CPU_AVX          (1u << 4)
#define CPU_AVX2         (1u << 5)
#define CPU_BMI1         (1u << 6)
#define CPU_BMI2         (1u << 7)
#define CPU_LZCNT        (1u << 8)
#define CPU_AVX512F      (1u << 9)
#define CPU_AVX512BW     (1u << 10)
#define CPU_AVX512DQ     (1u << 11)
#define CPU_AVX512VL     (1u << 12)
#define CPU_AVX512VBMI   (1u << 13)
#define CPU_AVX512VBMI2  (1u << 14)
#define CPU_AVX512VNNI   (1u << 15)
#define CPU_AVX512BITALG (1u << 16)
#define CPU_NEON         (1u << 17)

/* The words of CPUID that hold the features above, and XCR0; zeros where the leaf is missing. */
typedef struct simdinet_cpuid {
    uint32_t leaf1_ecx;
    uint32_t leaf7_ebx;
    uint32_t leaf7_ecx;
    uint32_t extended1_ecx;
    uint64_t xcr0; /* read only when OSXSAVE is set in leaf1_ecx */
} simdinet_cpuid;

/* The features that these words grant. Pure, so that tests can show it any machine. */
uint32_t simdinet_cpu_features_of(const simdinet_cpuid *id);

/* The features of the machine that this runs on. */
uint32_t simdinet_cpu_features(void);

#endif
