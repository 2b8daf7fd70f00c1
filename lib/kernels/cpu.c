/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cpu.c - CPUID and XCR0 on x86, the kernel's word (HWCAP, and what it checks) on Arm.
 *
 * The bit numbers are those of the Intel SDM, volume 2, CPUID, and volume 1, section 13.3 (XCR0).
 */
#include "cpu.h"

#if defined(__x86_64__) || defined(__i386__)
#    include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#    include <sys/auxv.h>
#    include <sys/prctl.h>
#endif

#define XCR0_AVX    0x06u /* the XMM and YMM registers are saved */
#define XCR0_AVX512 0xe6u /* and the opmask registers, and both halves of the ZMM file */

enum { IN_LEAF1_ECX, IN_LEAF7_EBX, IN_LEAF7_ECX, IN_EXTENDED1_ECX };

static const struct {
    uint32_t feature;
    uint8_t word;
    uint8_t bit;
    uint8_t state; /* what the operating system must save for it: bits of XCR0 */
} x86_features[] = {
    {CPU_SSSE3, IN_LEAF1_ECX, 9, 0},
    {CPU_SSE41, IN_LEAF1_ECX, 19, 0},
    {CPU_SSE42, IN_LEAF1_ECX, 20, 0},
    {CPU_POPCNT, IN_LEAF1_ECX, 23, 0},
    {CPU_AVX, IN_LEAF1_ECX, 28, XCR0_AVX},
    {CPU_AVX2, IN_LEAF7_EBX, 5, XCR0_AVX},
    {CPU_BMI1, IN_LEAF7_EBX, 3, 0},
    {CPU_BMI2, IN_LEAF7_EBX, 8, 0},
    {CPU_LZCNT, IN_EXTENDED1_ECX, 5, 0},
    {CPU_AVX512F, IN_LEAF7_EBX, 16, XCR0_AVX512},
    {CPU_AVX512BW, IN_LEAF7_EBX, 30, XCR0_AVX512},
    {CPU_AVX512DQ, IN_LEAF7_EBX, 17, XCR0_AVX512},
    {CPU_AVX512VL, IN_LEAF7_EBX, 31, XCR0_AVX512},
    {CPU_AVX512VBMI, IN_LEAF7_ECX, 1, XCR0_AVX512},
    {CPU_AVX512VBMI2, IN_LEAF7_ECX, 6, XCR0_AVX512},
    {CPU_AVX512VNNI, IN_LEAF7_ECX, 11, XCR0_AVX512},
    {CPU_AVX512BITALG, IN_LEAF7_ECX, 12, XCR0_AVX512},
};

uint32_t simdinet_cpu_features_of(const simdinet_cpuid *id) {
    const uint32_t words[] = {id->leaf1_ecx, id->leaf7_ebx, id->leaf7_ecx, id->extended1_ecx};
    const uint32_t osxsave = 1u << 27;
    uint64_t xcr0 = id->leaf1_ecx & osxsave ? id->xcr0 : 0;
    uint32_t found = 0;
    for (unsigned i = 0; i < sizeof x86_features / sizeof x86_features[0]; i++) {
        bool has = words[x86_features[i].word] >> x86_features[i].bit & 1;
        bool saved = (xcr0 & x86_features[i].state) == x86_features[i].state;
        if (has && saved)
            found |= x86_features[i].feature;
    }
    return found;
}

#if defined(__x86_64__) || defined(__i386__)

static uint64_t read_xcr0(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

uint32_t simdinet_cpu_features(void) {
    simdinet_cpuid id = {0};
    uint32_t a, b, c, d;
    /* Every 64-bit processor has this leaf; the C library does not start without it. */
    if (__get_cpuid(1, &a, &b, &c, &d)) /* GCOVR_EXCL_BR_LINE */
        id.leaf1_ecx = c;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        id.leaf7_ebx = b;
        id.leaf7_ecx = c;
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d))
        id.extended1_ecx = c;
    if (id.leaf1_ecx >> 27 & 1)
        id.xcr0 = read_xcr0();
    return simdinet_cpu_features_of(&id);
}

#elif defined(__aarch64__) && defined(__linux__)

/* Whether the tags of memory are checked, 16 bytes by 16. The NEON implementation loads what lies behind a value
 * in its page, which may then fault. */
static bool checks_tags(void) {
#    if defined(PR_GET_TAGGED_ADDR_CTRL) && defined(PR_MTE_TCF_MASK)
    const int control = prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0);
    return control > 0 && (control & PR_MTE_TCF_MASK) != 0;
#    else
    return false;
#    endif
}

uint32_t simdinet_cpu_features(void) {
    const unsigned long advanced_simd = 1u << 1; /* HWCAP_ASIMD */
    /* Every 64-bit Arm processor that runs Linux has NEON. */
    if (!(getauxval(AT_HWCAP) & advanced_simd)) /* GCOVR_EXCL_BR_LINE */
        return 0;                               /* GCOVR_EXCL_LINE */
    return checks_tags() ? 0 : CPU_NEON;
}

#else

uint32_t simdinet_cpu_features(void) {
    return 0;
}

#endif
