/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cpu.h - the features of this processor that its operating system supports.
 */
#ifndef SIMDINET_CPU_H
#define SIMDINET_CPU_H

#include <stdint.h>

/*
 * The features of x86: X(name, word of simdinet_cpuid, bit, state). The bit numbers are those of
 * the Intel SDM, volume 2, CPUID; the state is what the operating system must save, or the feature
 * does not count: nothing, the YMM or the ZMM registers.
 */
#define CPU_X86_FEATURES(X)                                                                        \
    X(SSSE3, LEAF1_ECX, 9, NONE)                                                                   \
    X(SSE41, LEAF1_ECX, 19, NONE)                                                                  \
    X(SSE42, LEAF1_ECX, 20, NONE)                                                                  \
    X(POPCNT, LEAF1_ECX, 23, NONE)                                                                 \
    X(AVX, LEAF1_ECX, 28, YMM)                                                                     \
    X(AVX2, LEAF7_EBX, 5, YMM)                                                                     \
    X(BMI1, LEAF7_EBX, 3, NONE)                                                                    \
    X(BMI2, LEAF7_EBX, 8, NONE)                                                                    \
    X(LZCNT, EXTENDED1_ECX, 5, NONE)                                                               \
    X(AVX512F, LEAF7_EBX, 16, ZMM)                                                                 \
    X(AVX512BW, LEAF7_EBX, 30, ZMM)                                                                \
    X(AVX512DQ, LEAF7_EBX, 17, ZMM)                                                                \
    X(AVX512VL, LEAF7_EBX, 31, ZMM)                                                                \
    X(AVX512VBMI, LEAF7_ECX, 1, ZMM)                                                               \
    X(AVX512VBMI2, LEAF7_ECX, 6, ZMM)                                                              \
    X(AVX512VNNI, LEAF7_ECX, 11, ZMM)                                                              \
    X(AVX512BITALG, LEAF7_ECX, 12, ZMM)

/* Those of 64-bit Arm: X(name, bit of AT_HWCAP). */
#define CPU_ARM_FEATURES(X) X(NEON, 1)

/* A number and a mask for each feature of any architecture: CPU_BIT_AVX2, CPU_AVX2. */
#define CPU_FEATURE_BIT(name, ...)  CPU_BIT_##name,
#define CPU_FEATURE_MASK(name, ...) CPU_##name = 1 << CPU_BIT_##name,
enum { CPU_X86_FEATURES(CPU_FEATURE_BIT) CPU_ARM_FEATURES(CPU_FEATURE_BIT) };
enum { CPU_X86_FEATURES(CPU_FEATURE_MASK) CPU_ARM_FEATURES(CPU_FEATURE_MASK) };

/* The words of CPUID with the features above, and XCR0; 0 if the leaf is missing. */
typedef struct simdinet_cpuid {
    uint32_t leaf1_ecx;
    uint32_t leaf7_ebx;
    uint32_t leaf7_ecx;
    uint32_t extended1_ecx;
    uint64_t xcr0; /* read only when OSXSAVE is set in leaf1_ecx */
} simdinet_cpuid;

/* The features of a machine with these words: a pure function, for tests of any machine. */
uint32_t simdinet_cpu_features_of(const simdinet_cpuid *id);

/* The features of this machine. */
uint32_t simdinet_cpu_features(void);

#endif
