/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * CPU features and the implementation selected for them, with made-up values of CPUID and XCR0.
 */
#include <criterion/criterion.h>

#include "kernels/cpu.h"
#include "kernels/kernel.h"

#if defined(__aarch64__)
#    include <stdio.h>
#    include <sys/prctl.h>
#endif

enum { LEAF1_ECX, LEAF7_EBX, LEAF7_ECX, EXTENDED1_ECX, WORDS };

enum { NO_STATE, YMM, ZMM };

/* The CPUID bit of each feature, from the manuals of Intel and AMD, not from cpu.c. */
static const struct {
    uint32_t feature;
    unsigned word, bit, state;
} features[] = {
    {CPU_SSSE3, LEAF1_ECX, 9, NO_STATE},     {CPU_SSE41, LEAF1_ECX, 19, NO_STATE},
    {CPU_SSE42, LEAF1_ECX, 20, NO_STATE},    {CPU_POPCNT, LEAF1_ECX, 23, NO_STATE},
    {CPU_AVX, LEAF1_ECX, 28, YMM},           {CPU_AVX2, LEAF7_EBX, 5, YMM},
    {CPU_BMI1, LEAF7_EBX, 3, NO_STATE},      {CPU_BMI2, LEAF7_EBX, 8, NO_STATE},
    {CPU_LZCNT, EXTENDED1_ECX, 5, NO_STATE}, {CPU_AVX512F, LEAF7_EBX, 16, ZMM},
    {CPU_AVX512BW, LEAF7_EBX, 30, ZMM},      {CPU_AVX512DQ, LEAF7_EBX, 17, ZMM},
    {CPU_AVX512VL, LEAF7_EBX, 31, ZMM},      {CPU_AVX512VBMI, LEAF7_ECX, 1, ZMM},
    {CPU_AVX512VBMI2, LEAF7_ECX, 6, ZMM},    {CPU_AVX512VNNI, LEAF7_ECX, 11, ZMM},
    {CPU_AVX512BITALG, LEAF7_ECX, 12, ZMM},
};

enum { FEATURES = sizeof features / sizeof features[0] };

#define OSXSAVE   (1u << 27)
#define ALL_STATE UINT64_C(0xe7) /* x87, XMM, YMM, opmask, ZMM_Hi256, Hi16_ZMM */

static uint32_t all_of(unsigned most_state) {
    uint32_t all = 0;
    for (unsigned i = 0; i < FEATURES; i++)
        if (features[i].state <= most_state)
            all |= features[i].feature;
    return all;
}

static uint32_t *word_of(simdinet_cpuid *id, unsigned word) {
    uint32_t *const words[WORDS] = {&id->leaf1_ecx, &id->leaf7_ebx, &id->leaf7_ecx,
                                    &id->extended1_ecx};
    return words[word];
}

/* A machine with all features. */
static simdinet_cpuid full_machine(void) {
    simdinet_cpuid id = {.leaf1_ecx = OSXSAVE, .xcr0 = ALL_STATE};
    for (unsigned i = 0; i < FEATURES; i++)
        *word_of(&id, features[i].word) |= 1u << features[i].bit;
    return id;
}

Test(cpu, nothing_grants_nothing) {
    simdinet_cpuid id = {0};
    cr_expect_eq(simdinet_cpu_features_of(&id), 0);
    id.xcr0 = UINT64_MAX;
    cr_expect_eq(simdinet_cpu_features_of(&id), 0);
    id.leaf1_ecx = OSXSAVE;
    cr_expect_eq(simdinet_cpu_features_of(&id), 0);
}

Test(cpu, full_machine_grants_all) {
    simdinet_cpuid id = full_machine();
    cr_expect_eq(simdinet_cpu_features_of(&id), all_of(ZMM));
    cr_expect((all_of(ZMM) & CPU_NEON) == 0);
}

Test(cpu, machine_of_2008_has_sse42_alone) {
    simdinet_cpuid id = {.leaf1_ecx = 1u << 9 | 1u << 19 | 1u << 20 | 1u << 23};
    cr_expect_eq(simdinet_cpu_features_of(&id), CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT);
}

/* Each bit of each word alone: the feature of the manual, or none. */
Test(cpu, every_bit_is_its_feature_only) {
    for (unsigned word = 0; word < WORDS; word++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            simdinet_cpuid id = {.leaf1_ecx = OSXSAVE, .xcr0 = ALL_STATE};
            *word_of(&id, word) |= 1u << bit;
            uint32_t expected = 0;
            for (unsigned i = 0; i < FEATURES; i++)
                if (features[i].word == word && features[i].bit == bit)
                    expected = features[i].feature;
            cr_expect_eq(simdinet_cpu_features_of(&id), expected, "word %u, bit %u", word, bit);
        }
    }
}

/* Registers that the operating system does not save are not used, whatever the processor has. */
Test(cpu, no_vector_without_saved_registers) {
    simdinet_cpuid id = full_machine();
    id.leaf1_ecx &= ~OSXSAVE; /* XGETBV is then undefined */
    cr_expect_eq(simdinet_cpu_features_of(&id), all_of(NO_STATE));

    for (uint64_t xcr0 = 0; xcr0 < 256; xcr0++) {
        id = full_machine();
        id.xcr0 = xcr0;
        unsigned state = (xcr0 & 0x06) != 0x06 ? NO_STATE : (xcr0 & 0xe6) != 0xe6 ? YMM : ZMM;
        cr_expect_eq(simdinet_cpu_features_of(&id), all_of(state), "XCR0 %#x", (unsigned)xcr0);
    }
}

/* The first implementation in order that needs these features only. */
static const simdinet_implementation *best_implementation_within(uint32_t allowed) {
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        const simdinet_implementation *impl = simdinet_implementation_available(i);
        if (impl && (impl->features & ~allowed) == 0)
            return impl;
    }
    return NULL;
}

/* All 2^17 sets of features, on operating systems that save different registers. */
Test(cpu, every_machine_gets_its_features_and_best_implementation) {
    static const struct {
        bool osxsave;
        uint8_t xcr0;
        unsigned state;
    } systems[] = {
        {false, 0xe7, NO_STATE}, {true, 0x00, NO_STATE}, {true, 0x03, NO_STATE},
        {true, 0x05, NO_STATE},  {true, 0xe3, NO_STATE}, {true, 0x07, YMM},
        {true, 0x67, YMM},       {true, 0xa7, YMM},      {true, 0xc7, YMM},
        {true, 0xe6, ZMM},       {true, 0xe7, ZMM},      {true, 0xff, ZMM},
    };
    unsigned wrong = 0;
    for (uint32_t set = 0; set < 1u << FEATURES; set++) {
        simdinet_cpuid id = {0};
        for (unsigned i = 0; i < FEATURES; i++)
            *word_of(&id, features[i].word) |= (set >> i & 1) << features[i].bit;
        for (size_t k = 0; k < sizeof systems / sizeof systems[0]; k++) {
            uint32_t expected = 0;
            for (unsigned i = 0; i < FEATURES; i++)
                if ((set >> i & 1) && features[i].state <= systems[k].state)
                    expected |= features[i].feature;
            id.leaf1_ecx &= ~OSXSAVE;
            id.leaf1_ecx |= systems[k].osxsave ? OSXSAVE : 0;
            id.xcr0 = systems[k].xcr0;
            uint32_t granted = simdinet_cpu_features_of(&id);
            wrong += granted != expected || simdinet_implementation_choose(granted, NULL) !=
                                                best_implementation_within(expected);
        }
    }
    cr_expect_eq(wrong, 0);
}

#if defined(__x86_64__) || defined(__i386__)
#    if defined(__x86_64__)
#        define BEST_IMPLEMENTATION "avx512"
#    else
#        define BEST_IMPLEMENTATION "avx2" /* the masks of avx512 need 64-bit registers */
#    endif

static const char *implementation_for(const simdinet_cpuid *id) {
    return simdinet_implementation_choose(simdinet_cpu_features_of(id), NULL)->name;
}

/* From CPUID to the implementation: each required bit cleared in turn. */
Test(cpu, machines_get_their_implementations) {
    simdinet_cpuid id = full_machine();
    cr_expect_str_eq(implementation_for(&id), BEST_IMPLEMENTATION);
    id.xcr0 = 0x07;
    cr_expect_str_eq(implementation_for(&id), "avx2", "XCR0 without opmask and ZMM");
    id.xcr0 = 0x67;
    cr_expect_str_eq(implementation_for(&id), "avx2", "XCR0 without the upper ZMM registers");
    id.xcr0 = 0xc7;
    cr_expect_str_eq(implementation_for(&id), "avx2", "XCR0 without opmask");
    id.xcr0 = 0x03;
    cr_expect_str_eq(implementation_for(&id), "sse42", "XCR0 without YMM");
    id.xcr0 = 0xe3;
    cr_expect_str_eq(implementation_for(&id), "sse42", "XCR0 without YMM, but with ZMM");
    id = full_machine();
    id.leaf1_ecx &= ~OSXSAVE;
    cr_expect_str_eq(implementation_for(&id), "sse42", "no OSXSAVE");
    id = (simdinet_cpuid){0};
    cr_expect_str_eq(implementation_for(&id), "scalar", "nothing");

    for (unsigned i = 0; i < FEATURES; i++) {
        id = full_machine();
        *word_of(&id, features[i].word) &= ~(1u << features[i].bit);
        const char *expected = features[i].state == ZMM ? "avx2" : "sse42";
        if (features[i].feature & (CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT))
            expected = "scalar";
        cr_expect_str_eq(implementation_for(&id), expected, "without feature bit %#x",
                         features[i].feature);
    }
}
#endif

#if defined(__aarch64__) && defined(PR_SET_TAGGED_ADDR_CTRL) && defined(PR_MTE_TCF_SYNC)

/* Loads past the text within its page can touch memory with another tag. */
Test(cpu, no_neon_with_memory_tagging) {
    const uint32_t before = simdinet_cpu_features();
    const unsigned long ignored = PR_TAGGED_ADDR_ENABLE, checked = ignored | PR_MTE_TCF_SYNC;
    if (prctl(PR_SET_TAGGED_ADDR_CTRL, checked, 0, 0, 0) != 0) {
        printf("skipped: test_cpu: this machine has no memory tagging\n");
        return;
    }
    cr_expect_eq(simdinet_cpu_features() & CPU_NEON, 0);
    cr_expect_eq(prctl(PR_SET_TAGGED_ADDR_CTRL, ignored, 0, 0, 0), 0);
    cr_expect_eq(simdinet_cpu_features(), before);
    cr_expect_eq(prctl(PR_SET_TAGGED_ADDR_CTRL, 0, 0, 0, 0), 0);
    cr_expect_eq(simdinet_cpu_features(), before);
}

#endif
