/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cpu.c - reads CPUID and XCR0 on x86; HWCAP and the tag checks of the process on Arm.
 */
#include "cpu.h"

#include <stdbool.h>

#if defined(__x86_64__) || defined(__i386__)
#    include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#    include <errno.h>
#    include <sys/auxv.h>
#    include <sys/prctl.h>
#endif

/* States as bits of XCR0: the Intel SDM, volume 1, section 13.3. */
enum {
    STATE_NONE = 0,
    STATE_YMM = 0x06, /* the XMM and YMM registers */
    STATE_ZMM = 0xe6, /* and the opmask registers, and both halves of the ZMM registers */
};

enum { LEAF1_ECX, LEAF7_EBX, LEAF7_ECX, EXTENDED1_ECX };

#define X86_FEATURE(name, word, bit, state) {CPU_##name, word, bit, STATE_##state},

static const struct {
    uint32_t mask;
    uint8_t word;
    uint8_t bit;
    uint8_t state;
} x86_features[] = {CPU_X86_FEATURES(X86_FEATURE)};

uint32_t simdinet_cpu_features_of(const simdinet_cpuid *id) {
    const uint32_t words[] = {id->leaf1_ecx, id->leaf7_ebx, id->leaf7_ecx, id->extended1_ecx};
    const uint32_t osxsave = 1u << 27;
    uint64_t xcr0 = id->leaf1_ecx & osxsave ? id->xcr0 : 0;
    uint32_t found = 0;
    for (unsigned i = 0; i < sizeof x86_features / sizeof x86_features[0]; i++) {
        bool has = words[x86_features[i].word] >> x86_features[i].bit & 1;
        bool saved = (xcr0 & x86_features[i].state) == x86_features[i].state;
        if (has && saved)
            found |= x86_features[i].mask;
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

/* Whether memory tags are checked, one for each 16 bytes. Then a load past the end of a value,
 * within its page, may fault. Linux before 5.4 does not have the call. */
static bool checks_tags(void) {
#    if defined(PR_GET_TAGGED_ADDR_CTRL) && defined(PR_MTE_TCF_MASK)
    const int saved_errno = errno; /* no function of simdinet.h sets errno */
    const int control = prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0);
    errno = saved_errno;
    return control > 0 && (control & PR_MTE_TCF_MASK) != 0;
#    else
    return false;
#    endif
}

uint32_t simdinet_cpu_features(void) {
#    define ARM_FEATURE(name, bit) {CPU_##name, bit},
    static const struct {
        uint32_t mask;
        uint8_t bit;
    } arm_features[] = {CPU_ARM_FEATURES(ARM_FEATURE)};
    const unsigned long hwcap = checks_tags() ? 0 : getauxval(AT_HWCAP);
    uint32_t found = 0;
    for (unsigned i = 0; i < sizeof arm_features / sizeof arm_features[0]; i++)
        found |= (uint32_t)(hwcap >> arm_features[i].bit & 1) * arm_features[i].mask;
    return found;
}

#else

uint32_t simdinet_cpu_features(void) {
    return 0;
}

#endif
