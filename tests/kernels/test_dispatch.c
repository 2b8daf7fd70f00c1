/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Dispatch: by features, by name, by environment, and by concurrent first calls.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/exit_child.h"
#include "harness/support.h"
#include "kernels/cpu.h"
#include "simdinet.h"

/* ---- implementations ------------------------------------------------------------------------- */

/* The slots fill the struct from parse_ipv4 to its end, so that a new slot is checked as well. */
static void expect_complete(const simdinet_implementation *impl) {
    const size_t first = offsetof(simdinet_implementation, parse_ipv4);
    const size_t count = (sizeof *impl - first) / sizeof impl->parse_ipv4;
    cr_assert_eq(first + count * sizeof impl->parse_ipv4, sizeof *impl);
    for (size_t i = 0; i < count; i++) {
        simdinet_parse_fn *slot;
        memcpy(&slot, (const char *)impl + first + i * sizeof slot, sizeof slot);
        cr_expect(slot, "%s: slot %zu of %zu is empty", impl->name, i + 1, count);
    }
}

Test(dispatch, implementations_are_complete_and_in_order) {
    static const char *const names[] = {"avx512", "avx2", "sse42", "neon", "scalar"};
    cr_assert_eq(SIMDINET_IMPLEMENTATIONS, 5);
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        cr_expect_str_eq(simdinet_implementation_name(i), names[i]);
        const simdinet_implementation *impl = simdinet_implementation_available(i);
        if (!impl) {
            cr_expect(!simdinet_implementation_at(i), "%s", names[i]);
            continue;
        }
        cr_expect_str_eq(impl->name, names[i]);
        cr_expect(impl->requirements && *impl->requirements, "%s", names[i]);
        expect_complete(impl);
        bool runs = (impl->features & ~simdinet_cpu_features()) == 0;
        cr_expect(simdinet_implementation_at(i) == (runs ? impl : NULL), "%s", names[i]);
    }
    cr_expect(simdinet_implementation_at(SIMDINET_IMPLEMENTATIONS - 1), "scalar runs everywhere");
    cr_expect_eq(simdinet_implementation_available(SIMDINET_IMPLEMENTATIONS - 1)->features, 0);
    cr_expect(!simdinet_implementation_name(SIMDINET_IMPLEMENTATIONS));
    cr_expect(!simdinet_implementation_available(SIMDINET_IMPLEMENTATIONS));
    cr_expect(!simdinet_implementation_at(SIMDINET_IMPLEMENTATIONS));
    cr_expect(!simdinet_implementation_at(SIZE_MAX));
}

/* The first implementation from this index on that is available and needs none of the missing
 * features. */
static const simdinet_implementation *next_without(size_t index, uint32_t missing) {
    for (; index < SIMDINET_IMPLEMENTATIONS; index++) {
        const simdinet_implementation *impl = simdinet_implementation_available(index);
        if (impl && (impl->features & missing) == 0)
            return impl;
    }
    return NULL;
}

Test(dispatch, an_implementation_needs_all_its_features) {
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        const simdinet_implementation *impl = simdinet_implementation_available(i);
        if (!impl) {
            cr_expect(!simdinet_implementation_choose(UINT32_MAX, simdinet_implementation_name(i)));
            continue;
        }
        cr_expect(simdinet_implementation_choose(impl->features, impl->name) == impl, "%s",
                  impl->name);
        cr_expect(simdinet_implementation_choose(impl->features, NULL) == impl,
                  "%s is not the best implementation for "
                  "the features it needs",
                  impl->name);
        for (unsigned bit = 0; bit < 32; bit++) {
            uint32_t feature = 1u << bit;
            if ((impl->features & feature) == 0)
                continue;
            cr_expect(!simdinet_implementation_choose(~feature, impl->name), "%s without bit %u",
                      impl->name, bit);
            cr_expect(simdinet_implementation_choose(impl->features & ~feature, NULL) ==
                          next_without(i + 1, feature | ~impl->features),
                      "%s without bit %u", impl->name, bit);
        }
    }
    cr_expect(simdinet_implementation_choose(UINT32_MAX, NULL) == next_without(0, 0));
    cr_expect_str_eq(simdinet_implementation_choose(0, NULL)->name, "scalar");
    cr_expect(!simdinet_implementation_choose(UINT32_MAX, "none"));
}

/* ---- selection ------------------------------------------------------------------------------- */

/* Returns to the state before the first call of the process. */
static void reset(void) {
    atomic_store(&simdinet_implementation_current, NULL);
}

static const char *best(void) {
    return supported_implementations()[0]->name;
}

static void restore(void) {
    unsetenv("SIMDINET_IMPLEMENTATION");
    reset();
}

static void expect_one_active(const char *name) {
    unsigned active = 0;
    simdinet_implementation_info info;
    for (size_t i = 0; simdinet_describe_implementation(i, &info, sizeof info); i++) {
        active += info.active;
        cr_expect_eq(info.active, strcmp(info.name, name) == 0, "%s, active is %s", info.name,
                     name);
    }
    cr_expect_eq(active, 1);
}

Test(dispatch, describes_every_implementation) {
    restore();
    simdinet_implementation_info info;
    size_t i = 0;
    for (; simdinet_describe_implementation(i, &info, sizeof info); i++) {
        cr_expect_str_eq(info.name, simdinet_implementation_name(i));
        cr_expect_eq(info.available, simdinet_implementation_available(i) != NULL, "%s", info.name);
        cr_expect_eq(info.supported, simdinet_implementation_at(i) != NULL, "%s", info.name);
        cr_expect(info.requirements && *info.requirements, "%s", info.name);
    }
    cr_expect_eq(i, SIMDINET_IMPLEMENTATIONS);
    expect_one_active(best());
    memset(&info, 0x5a, sizeof info);
    simdinet_implementation_info before = info;
    cr_expect(!simdinet_describe_implementation(SIZE_MAX, &info, sizeof info));
    cr_expect(memcmp(&info, &before, sizeof info) == 0, "no implementation, but info is written");
}

/* What callers compiled with an older and with a newer header get. */
Test(dispatch, describes_as_much_as_fits_the_callers_struct) {
    restore();
    struct {
        simdinet_implementation_info info;
        void *appended[2];
    } newer;
    simdinet_implementation_info info;
    for (size_t i = 0; simdinet_describe_implementation(i, &info, sizeof info); i++) {
        memset(&newer, 0x5a, sizeof newer);
        cr_expect(simdinet_describe_implementation(i, &newer.info, sizeof newer));
        cr_expect(newer.info.name == info.name && newer.info.requirements == info.requirements &&
                      newer.info.available == info.available &&
                      newer.info.supported == info.supported && newer.info.active == info.active,
                  "%s", info.name);
        cr_expect(!newer.appended[0] && !newer.appended[1], "%s", info.name);
        for (size_t size = 0; size < sizeof info; size++) {
            unsigned char older[sizeof info];
            memset(older, 0x5a, sizeof older);
            void *out = older;
            cr_expect(simdinet_describe_implementation(i, out, size));
            cr_expect(memcmp(older, &info, size < sizeof info.name ? size : sizeof info.name) == 0);
            for (size_t j = size; j < sizeof older; j++)
                cr_expect_eq(older[j], 0x5a, "%s, %zu bytes: byte %zu is written", info.name, size,
                             j);
        }
        cr_expect(simdinet_describe_implementation(i, NULL, 0));
    }
    cr_expect(!simdinet_describe_implementation(SIMDINET_IMPLEMENTATIONS, NULL, 0));
}

Test(dispatch, use_kernel_by_name) {
    restore();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_expect(simdinet_use_implementation(impl->name));
        cr_expect_str_eq(simdinet_active_implementation(), impl->name);
        expect_one_active(impl->name);
        /* Nothing else changes it. */
        static const char *const wrong[] = {"",        "none", "Scalar", "scala",
                                            "scalar ", "avx",  "sse4"};
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
            cr_expect(!simdinet_use_implementation(wrong[i]), "\"%s\"", wrong[i]);
        for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++)
            if (!simdinet_implementation_at(i))
                cr_expect(!simdinet_use_implementation(simdinet_implementation_name(i)), "%s",
                          simdinet_implementation_name(i));
        cr_expect_str_eq(simdinet_active_implementation(), impl->name);
    }
    cr_expect(simdinet_use_implementation(NULL));
    cr_expect_str_eq(simdinet_active_implementation(), best());
    /* An unknown name before any call selects nothing: the first call still selects. */
    reset();
    cr_expect(!simdinet_use_implementation("none"));
    cr_expect_str_eq(simdinet_active_implementation(), best());
    restore();
}

/* The environment is read by the first call of a process, and by
 * simdinet_use_implementation(NULL). */
static void expect_from_environment(const char *value, const char *name) {
    setenv("SIMDINET_IMPLEMENTATION", value, 1);
    reset();
    cr_expect_str_eq(simdinet_active_implementation(), name,
                     "SIMDINET_IMPLEMENTATION=%s, first call", value);
    cr_expect(simdinet_use_implementation("scalar"));
    cr_expect_str_eq(simdinet_active_implementation(), "scalar", "SIMDINET_IMPLEMENTATION=%s",
                     value);
    cr_expect(simdinet_use_implementation(NULL));
    cr_expect_str_eq(simdinet_active_implementation(), name, "SIMDINET_IMPLEMENTATION=%s, NULL",
                     value);
}

Test(dispatch, environment_selects_the_implementation) {
    restore();
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        const char *name = simdinet_implementation_name(i);
        expect_from_environment(name, simdinet_implementation_at(i) ? name : best());
    }
    expect_from_environment("", best());
    expect_from_environment("none", best());
    expect_from_environment("SCALAR", best());
    restore();
    cr_expect_str_eq(simdinet_active_implementation(), best());
    restore();
}

/* A selection made during the first call of another thread is kept. */
Test(dispatch, first_use_keeps_a_concurrent_selection) {
    restore();
    cr_expect(simdinet_use_implementation("scalar"));
    cr_expect_str_eq(simdinet_implementation_first_use()->name, "scalar");
    cr_expect_str_eq(simdinet_active_implementation(), "scalar");
    restore();
}

/* ---- a call uses one implementation ---------------------------------------------------------- */

/* Two implementations: the first makes the second the active one when it is called, as another
 * thread can; the second counts its calls. */
static simdinet_implementation first, second;
static unsigned long calls_of_second;

static void switch_implementation(void) {
    atomic_store(&simdinet_implementation_current, &second);
}

#define CHANGES(slot, type, parameters, arguments)                                                 \
    static type first_##slot parameters {                                                          \
        switch_implementation();                                                                   \
        return simdinet_implementation_scalar.slot arguments;                                      \
    }                                                                                              \
    static type second_##slot parameters {                                                         \
        calls_of_second++;                                                                         \
        return simdinet_implementation_scalar.slot arguments;                                      \
    }

CHANGES(format_ipv4_lines, size_t, (const uint8_t *addresses, size_t n, char separator, char *text),
        (addresses, n, separator, text))
CHANGES(format_ipv6_lines, size_t, (const uint8_t *addresses, size_t n, char separator, char *text),
        (addresses, n, separator, text))
CHANGES(format_ipv4_column, void,
        (const uint8_t *addresses, size_t n, char *text, int32_t *offsets),
        (addresses, n, text, offsets))
CHANGES(format_ipv6_column, void,
        (const uint8_t *addresses, size_t n, char *text, int32_t *offsets),
        (addresses, n, text, offsets))
CHANGES(parse_ipv4_block, uint64_t,
        (const char *base, const int32_t *begin, const int32_t *end, size_t count, uint8_t *out),
        (base, begin, end, count, out))

static void make_implementations(void) {
    first = second = simdinet_implementation_scalar;
#define USE(slot)                                                                                  \
    first.slot = first_##slot;                                                                     \
    second.slot = second_##slot
    USE(format_ipv4_lines);
    USE(format_ipv6_lines);
    USE(format_ipv4_column);
    USE(format_ipv6_column);
    USE(parse_ipv4_block);
    calls_of_second = 0;
}

#define EXPECT_SAME_IMPLEMENTATION(call)                                                           \
    do {                                                                                           \
        atomic_store(&simdinet_implementation_current, &first);                                    \
        (void)(call);                                                                              \
        cr_expect(atomic_load(&simdinet_implementation_current) == &second,                        \
                  "%s: no kernel called", #call);                                                  \
        cr_expect_eq(calls_of_second, 0, "%s: %lu calls of the implementation selected meanwhile", \
                     #call, calls_of_second);                                                      \
        calls_of_second = 0;                                                                       \
    } while (0)

Test(dispatch, a_call_uses_one_implementation) {
    enum { N = 500 };
    static uint8_t addresses[N * 16], families[N / 8 + 1], validity[N / 8 + 1], out[N * 4];
    static char text[SIMDINET_MIXED_LINES_SIZE(N)];
    static int32_t offsets[N + 1];
    size_t len;
    memset(families, 0x0f, sizeof families);
    memset(validity, 0xe7, sizeof validity);
    make_implementations();
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_mixed_lines(addresses, families, N, '\n', text, sizeof text, &len));
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_mixed_column(addresses, families, NULL, N, text, sizeof text, offsets));
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_mixed_column(addresses, families, validity, N, text, sizeof text, offsets));
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_ipv4_column(addresses, validity, N, text, sizeof text, offsets));
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_ipv6_column(addresses, validity, N, text, sizeof text, offsets));
    /* When the text does not fit, a call uses the kernel again for the part that does. */
    EXPECT_SAME_IMPLEMENTATION(simdinet_format_ipv4_lines(addresses, N, '\n', text, 1000, &len));
    EXPECT_SAME_IMPLEMENTATION(
        simdinet_format_ipv6_column(addresses, NULL, N, text, 1000, offsets));
    memset(offsets, 0, sizeof offsets);
    EXPECT_SAME_IMPLEMENTATION(simdinet_parse_ipv4_column(text, offsets, N, NULL, out, validity));
    restore();
}

/* Each public function selects an implementation when it is the first call of a process. */
Test(dispatch, any_function_can_be_the_first_call) {
    restore();
    uint8_t address[16];
    char text[SIMDINET_IPV6_TEXT_SIZE];
    reset();
    cr_expect(simdinet_parse_ipv4("1.2.3.4", 7, address));
    reset();
    cr_expect(simdinet_parse_ipv4_z("1.2.3.4", address));
    reset();
    cr_expect_eq(simdinet_format_ipv4(address, text), 7);
    reset();
    cr_expect(simdinet_parse_ipv6("::1", 3, address));
    reset();
    cr_expect(simdinet_parse_ipv6_z("::1", address));
    reset();
    cr_expect_eq(simdinet_format_ipv6(address, text), 3);
    reset();
    simdinet_swap16(text, "ab", 1);
    cr_expect(text[0] == 'b' && text[1] == 'a');
    cr_expect_str_eq(simdinet_active_implementation(), best());
    restore();
}

/* ---- threads --------------------------------------------------------------------------------- */

enum { THREADS = 64 };

static pthread_barrier_t together;

static void *make_first_call(void *answer) {
    pthread_barrier_wait(&together);
    const char **name = answer;
    uint8_t address[16];
    if (simdinet_parse_ipv6("2001:db8::1", 11, address))
        *name = simdinet_active_implementation();
    return NULL;
}

static void expect_one_answer(const char *expected) {
    pthread_t threads[THREADS];
    const char *names[THREADS] = {0};
    reset();
    cr_assert(pthread_barrier_init(&together, NULL, THREADS) == 0);
    for (unsigned i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&threads[i], NULL, make_first_call, &names[i]) == 0);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect(names[i] && strcmp(names[i], expected) == 0, "thread %u: %s, not %s", i,
                  names[i] ? names[i] : "a parse error", expected);
    }
    pthread_barrier_destroy(&together);
}

Test(dispatch, first_call_from_64_threads) {
    restore();
    for (unsigned round = 0; round < 10; round++) {
        expect_one_answer(best());
        setenv("SIMDINET_IMPLEMENTATION", "scalar", 1);
        expect_one_answer("scalar");
        unsetenv("SIMDINET_IMPLEMENTATION");
    }
    restore();
}

static atomic_bool switching;

/* Parses and formats while the implementation changes; the results must not change. */
static void *call_repeatedly(void *result) {
    unsigned long *wrong = result;
    while (atomic_load(&switching)) {
        uint8_t address[16];
        char text[SIMDINET_IPV6_TEXT_SIZE];
        bool good = simdinet_parse_ipv6("2001:db8::8:800:200c:417a", 25, address) &&
                    simdinet_format_ipv6(address, text) == 25 &&
                    strcmp(text, "2001:db8::8:800:200c:417a") == 0 &&
                    simdinet_parse_ipv4_z("192.0.2.33", address) &&
                    simdinet_format_ipv4(address, text) == 10 && strcmp(text, "192.0.2.33") == 0 &&
                    !simdinet_parse_ipv4("192.0.2.333", 11, address);
        *wrong += !good;
    }
    return NULL;
}

Test(dispatch, implementation_changes_during_calls) {
    enum { CALLERS = 4 };
    pthread_t threads[CALLERS];
    unsigned long wrong[CALLERS] = {0};
    atomic_store(&switching, true);
    for (unsigned i = 0; i < CALLERS; i++)
        cr_assert(pthread_create(&threads[i], NULL, call_repeatedly, &wrong[i]) == 0);
    for (unsigned round = 0; round < 500; round++) {
        FOR_EACH_IMPLEMENTATION (impl) {
            cr_expect(simdinet_use_implementation(impl->name));
            cr_expect_str_eq(simdinet_active_implementation(), impl->name);
        }
    }
    atomic_store(&switching, false);
    for (unsigned i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(wrong[i], 0, "thread %u", i);
    }
    restore();
}

/* Whether a condition holds in a child process; the parent must not change. */
static bool holds_in_child(bool (*condition)(void)) {
    pid_t child = fork();
    if (child == 0)
        exit_child(condition() ? 0 : 1);
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool inherits_scalar(void) {
    return strcmp(simdinet_active_implementation(), "scalar") == 0;
}

static bool selects_independently(void) {
    uint8_t address[4];
    return simdinet_parse_ipv4_z("1.2.3.4", address) && address[3] == 4 &&
           strcmp(simdinet_active_implementation(), best()) == 0 &&
           simdinet_use_implementation("scalar") && inherits_scalar();
}

Test(dispatch, survives_fork) {
    restore();
    cr_expect(holds_in_child(selects_independently), "first call in the child");
    cr_expect(atomic_load(&simdinet_implementation_current) == NULL,
              "the selection of the child does not reach the parent");
    cr_expect_str_eq(simdinet_active_implementation(), best());
    cr_expect(holds_in_child(selects_independently));
    cr_expect_str_eq(simdinet_active_implementation(), best());
    cr_expect(simdinet_use_implementation("scalar"));
    cr_expect(holds_in_child(inherits_scalar));
    restore();
}
