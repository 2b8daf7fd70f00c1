/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Which row runs: by its features, by name, by environment, and when many ask first.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernels/cpu.h"
#include "leave.h"
#include "simdinet.h"
#include "support.h"

/* ---- rows --------------------------------------------------------------------------------------- */

/* The slots are all that stands behind the features: one more in the row is one more here. */
static void expect_whole(const simdinet_kernel *row) {
    const size_t first = offsetof(simdinet_kernel, parse_ipv4);
    const size_t count = (sizeof *row - first) / sizeof row->parse_ipv4;
    cr_assert_eq(first + count * sizeof row->parse_ipv4, sizeof *row);
    for (size_t i = 0; i < count; i++) {
        simdinet_parse_fn *slot;
        memcpy(&slot, (const char *)row + first + i * sizeof slot, sizeof slot);
        cr_expect(slot, "%s: slot %zu of %zu is empty", row->name, i + 1, count);
    }
}

Test(registry, rows_are_whole_and_in_order) {
    static const char *const names[] = {"avx512", "avx2", "sse42", "neon", "scalar"};
    cr_assert_eq(SIMDINET_KERNEL_ROWS, 5);
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++) {
        cr_expect_str_eq(simdinet_kernel_name(i), names[i]);
        const simdinet_kernel *row = simdinet_kernel_compiled(i);
        if (!row) {
            cr_expect(!simdinet_kernel_at(i), "%s", names[i]);
            continue;
        }
        cr_expect_str_eq(row->name, names[i]);
        cr_expect(row->requirements && *row->requirements, "%s", names[i]);
        expect_whole(row);
        bool runs = (row->features & ~simdinet_cpu_features()) == 0;
        cr_expect(simdinet_kernel_at(i) == (runs ? row : NULL), "%s", names[i]);
    }
    cr_expect(simdinet_kernel_at(SIMDINET_KERNEL_ROWS - 1), "scalar runs everywhere");
    cr_expect_eq(simdinet_kernel_compiled(SIMDINET_KERNEL_ROWS - 1)->features, 0);
    cr_expect(!simdinet_kernel_name(SIMDINET_KERNEL_ROWS));
    cr_expect(!simdinet_kernel_compiled(SIMDINET_KERNEL_ROWS));
    cr_expect(!simdinet_kernel_at(SIMDINET_KERNEL_ROWS));
    cr_expect(!simdinet_kernel_at(SIZE_MAX));
}

/* The first row from this index on that is compiled in and needs none of the missing features. */
static const simdinet_kernel *next_without(size_t index, uint32_t missing) {
    for (; index < SIMDINET_KERNEL_ROWS; index++) {
        const simdinet_kernel *row = simdinet_kernel_compiled(index);
        if (row && (row->features & missing) == 0)
            return row;
    }
    return NULL;
}

Test(registry, a_row_needs_all_its_features) {
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++) {
        const simdinet_kernel *row = simdinet_kernel_compiled(i);
        if (!row) {
            cr_expect(!simdinet_kernel_choose(UINT32_MAX, simdinet_kernel_name(i)));
            continue;
        }
        cr_expect(simdinet_kernel_choose(row->features, row->name) == row, "%s", row->name);
        cr_expect(simdinet_kernel_choose(row->features, NULL) == row,
                  "%s is not the best row for "
                  "the features it needs",
                  row->name);
        for (unsigned bit = 0; bit < 32; bit++) {
            uint32_t feature = 1u << bit;
            if ((row->features & feature) == 0)
                continue;
            cr_expect(!simdinet_kernel_choose(~feature, row->name), "%s without bit %u", row->name,
                      bit);
            cr_expect(simdinet_kernel_choose(row->features & ~feature, NULL) ==
                          next_without(i + 1, feature | ~row->features),
                      "%s without bit %u", row->name, bit);
        }
    }
    cr_expect(simdinet_kernel_choose(UINT32_MAX, NULL) == next_without(0, 0));
    cr_expect_str_eq(simdinet_kernel_choose(0, NULL)->name, "scalar");
    cr_expect(!simdinet_kernel_choose(UINT32_MAX, "none"));
}

/* ---- choosing ----------------------------------------------------------------------------------- */

/* As if no call had been made in this process yet. */
static void forget(void) {
    atomic_store(&simdinet_kernel_current, NULL);
}

static const char *best(void) {
    size_t i = 0;
    return next_row(&i)->name;
}

static void restore(void) {
    unsetenv("SIMDINET_KERNEL");
    forget();
}

static void expect_one_active(const char *name) {
    unsigned active = 0;
    simdinet_kernel_info info;
    for (size_t i = 0; simdinet_kernel_describe(i, &info); i++) {
        active += info.active;
        cr_expect_eq(info.active, strcmp(info.name, name) == 0, "%s, active is %s", info.name,
                     name);
    }
    cr_expect_eq(active, 1);
}

Test(registry, describes_every_row) {
    restore();
    simdinet_kernel_info info;
    size_t i = 0;
    for (; simdinet_kernel_describe(i, &info); i++) {
        cr_expect_str_eq(info.name, simdinet_kernel_name(i));
        cr_expect_eq(info.compiled_in, simdinet_kernel_compiled(i) != NULL, "%s", info.name);
        cr_expect_eq(info.runs_here, simdinet_kernel_at(i) != NULL, "%s", info.name);
        cr_expect(info.requirements && *info.requirements, "%s", info.name);
    }
    cr_expect_eq(i, SIMDINET_KERNEL_ROWS);
    expect_one_active(best());
    memset(&info, 0x5a, sizeof info);
    simdinet_kernel_info before = info;
    cr_expect(!simdinet_kernel_describe(SIZE_MAX, &info));
    cr_expect(memcmp(&info, &before, sizeof info) == 0, "no row, but info is written");
}

Test(registry, use_kernel_by_name) {
    restore();
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        cr_expect(simdinet_use_kernel(row->name));
        cr_expect_str_eq(simdinet_active_kernel(), row->name);
        expect_one_active(row->name);
        /* Nothing else changes it. */
        static const char *const wrong[] = {"",        "none", "Scalar", "scala",
                                            "scalar ", "avx",  "sse4"};
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
            cr_expect(!simdinet_use_kernel(wrong[i]), "\"%s\"", wrong[i]);
        for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++)
            if (!simdinet_kernel_at(i))
                cr_expect(!simdinet_use_kernel(simdinet_kernel_name(i)), "%s",
                          simdinet_kernel_name(i));
        cr_expect_str_eq(simdinet_active_kernel(), row->name);
    }
    cr_expect(simdinet_use_kernel(NULL));
    cr_expect_str_eq(simdinet_active_kernel(), best());
    /* A wrong name before any call chooses nothing either: the first call still decides. */
    forget();
    cr_expect(!simdinet_use_kernel("none"));
    cr_expect_str_eq(simdinet_active_kernel(), best());
    restore();
}

/* Both ways to the environment: the first call of a process, and NULL later. */
static void expect_from_environment(const char *value, const char *name) {
    setenv("SIMDINET_KERNEL", value, 1);
    forget();
    cr_expect_str_eq(simdinet_active_kernel(), name, "SIMDINET_KERNEL=%s, first call", value);
    cr_expect(simdinet_use_kernel("scalar"));
    cr_expect_str_eq(simdinet_active_kernel(), "scalar", "SIMDINET_KERNEL=%s", value);
    cr_expect(simdinet_use_kernel(NULL));
    cr_expect_str_eq(simdinet_active_kernel(), name, "SIMDINET_KERNEL=%s, NULL", value);
}

Test(registry, environment_names_the_row) {
    restore();
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++) {
        const char *name = simdinet_kernel_name(i);
        expect_from_environment(name, simdinet_kernel_at(i) ? name : best());
    }
    expect_from_environment("", best());
    expect_from_environment("none", best());
    expect_from_environment("SCALAR", best());
    restore();
    cr_expect_str_eq(simdinet_active_kernel(), best());
    restore();
}

/* One who chooses while another's first call is looking has chosen. */
Test(registry, first_use_gives_way_to_a_choice) {
    restore();
    cr_expect(simdinet_use_kernel("scalar"));
    cr_expect_str_eq(simdinet_kernel_first_use()->name, "scalar");
    cr_expect_str_eq(simdinet_active_kernel(), "scalar");
    restore();
}

/* ---- the end of a call is its beginning's ------------------------------------------------------- */

/* Two rows: one that makes the other the active one as soon as it is called, as another thread may,
 * and that other one, which counts what it is asked. */
static simdinet_kernel leaving, arriving;
static unsigned long arrived;

static void change_rows(void) {
    atomic_store(&simdinet_kernel_current, &arriving);
}

#define CHANGES(slot, type, parameters, arguments)                                                 \
    static type leaving_##slot parameters {                                                        \
        change_rows();                                                                             \
        return simdinet_kernel_scalar.slot arguments;                                              \
    }                                                                                              \
    static type arriving_##slot parameters {                                                       \
        arrived++;                                                                                 \
        return simdinet_kernel_scalar.slot arguments;                                              \
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

static void make_rows(void) {
    leaving = arriving = simdinet_kernel_scalar;
#define USE(slot)                                                                                  \
    leaving.slot = leaving_##slot;                                                                 \
    arriving.slot = arriving_##slot
    USE(format_ipv4_lines);
    USE(format_ipv6_lines);
    USE(format_ipv4_column);
    USE(format_ipv6_column);
    USE(parse_ipv4_block);
    arrived = 0;
}

#define EXPECT_STAYS(call)                                                                         \
    do {                                                                                           \
        atomic_store(&simdinet_kernel_current, &leaving);                                          \
        (void)(call);                                                                              \
        cr_expect(atomic_load(&simdinet_kernel_current) == &arriving, "%s: not asked", #call);     \
        cr_expect_eq(arrived, 0, "%s: %lu times the row that came meanwhile", #call, arrived);     \
        arrived = 0;                                                                               \
    } while (0)

Test(registry, calls_end_on_the_row_they_began_with) {
    enum { N = 500 };
    static uint8_t addresses[N * 16], families[N / 8 + 1], validity[N / 8 + 1], out[N * 4];
    static char text[SIMDINET_MIXED_LINES_SIZE(N)];
    static int32_t offsets[N + 1];
    size_t len;
    memset(families, 0x0f, sizeof families);
    memset(validity, 0xe7, sizeof validity);
    make_rows();
    EXPECT_STAYS(
        simdinet_format_mixed_lines(addresses, families, N, '\n', text, sizeof text, &len));
    EXPECT_STAYS(
        simdinet_format_mixed_column(addresses, families, NULL, N, text, sizeof text, offsets));
    EXPECT_STAYS(
        simdinet_format_mixed_column(addresses, families, validity, N, text, sizeof text, offsets));
    EXPECT_STAYS(simdinet_format_ipv4_column(addresses, validity, N, text, sizeof text, offsets));
    EXPECT_STAYS(simdinet_format_ipv6_column(addresses, validity, N, text, sizeof text, offsets));
    /* Short of room, a call asks the kernel again for what still fits. */
    EXPECT_STAYS(simdinet_format_ipv4_lines(addresses, N, '\n', text, 1000, &len));
    EXPECT_STAYS(simdinet_format_ipv6_column(addresses, NULL, N, text, 1000, offsets));
    memset(offsets, 0, sizeof offsets);
    EXPECT_STAYS(simdinet_parse_ipv4_column(text, offsets, N, NULL, out, validity));
    restore();
}

/* The public parsers must make the choice too, each as the first call of all. */
Test(registry, any_function_may_be_the_first) {
    restore();
    uint8_t address[16];
    char text[SIMDINET_IPV6_TEXT_SIZE];
    forget();
    cr_expect(simdinet_parse_ipv4("1.2.3.4", 7, address));
    forget();
    cr_expect(simdinet_parse_ipv4_z("1.2.3.4", address));
    forget();
    cr_expect_eq(simdinet_format_ipv4(address, text), 7);
    forget();
    cr_expect(simdinet_parse_ipv6("::1", 3, address));
    forget();
    cr_expect(simdinet_parse_ipv6_z("::1", address));
    forget();
    cr_expect_eq(simdinet_format_ipv6(address, text), 3);
    forget();
    simdinet_swap16(text, "ab", 1);
    cr_expect(text[0] == 'b' && text[1] == 'a');
    cr_expect_str_eq(simdinet_active_kernel(), best());
    restore();
}

/* ---- many at once ------------------------------------------------------------------------------- */

enum { THREADS = 64 };

static pthread_barrier_t together;

static void *first_call(void *answer) {
    pthread_barrier_wait(&together);
    const char **name = answer;
    uint8_t address[16];
    if (simdinet_parse_ipv6("2001:db8::1", 11, address))
        *name = simdinet_active_kernel();
    return NULL;
}

static void expect_one_answer(const char *expected) {
    pthread_t threads[THREADS];
    const char *answers[THREADS] = {0};
    forget();
    cr_assert(pthread_barrier_init(&together, NULL, THREADS) == 0);
    for (unsigned i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&threads[i], NULL, first_call, &answers[i]) == 0);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect(answers[i] && strcmp(answers[i], expected) == 0, "thread %u: %s, not %s", i,
                  answers[i] ? answers[i] : "no answer", expected);
    }
    pthread_barrier_destroy(&together);
}

Test(registry, first_call_from_64_threads) {
    restore();
    for (unsigned round = 0; round < 10; round++) {
        expect_one_answer(best());
        setenv("SIMDINET_KERNEL", "scalar", 1);
        expect_one_answer("scalar");
        unsetenv("SIMDINET_KERNEL");
    }
    restore();
}

static atomic_bool switching;

/* Parses and formats while the row changes; the answers may not. */
static void *keep_asking(void *result) {
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

Test(registry, rows_change_under_running_calls) {
    enum { ASKERS = 4 };
    pthread_t threads[ASKERS];
    unsigned long wrong[ASKERS] = {0};
    atomic_store(&switching, true);
    for (unsigned i = 0; i < ASKERS; i++)
        cr_assert(pthread_create(&threads[i], NULL, keep_asking, &wrong[i]) == 0);
    for (unsigned round = 0; round < 500; round++) {
        const simdinet_kernel *row;
        for (size_t r = 0; (row = next_row(&r));) {
            cr_expect(simdinet_use_kernel(row->name));
            cr_expect_str_eq(simdinet_active_kernel(), row->name);
        }
    }
    atomic_store(&switching, false);
    for (unsigned i = 0; i < ASKERS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(wrong[i], 0, "thread %u", i);
    }
    restore();
}

/* What the child process says of itself; nothing of it may reach the parent. */
static bool child_says(bool (*question)(void)) {
    pid_t child = fork();
    if (child == 0)
        leave(question() ? 0 : 1);
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool inherits_scalar(void) {
    return strcmp(simdinet_active_kernel(), "scalar") == 0;
}

static bool chooses_for_itself(void) {
    uint8_t address[4];
    return simdinet_parse_ipv4_z("1.2.3.4", address) && address[3] == 4 &&
           strcmp(simdinet_active_kernel(), best()) == 0 && simdinet_use_kernel("scalar") &&
           inherits_scalar();
}

Test(registry, survives_fork) {
    restore();
    cr_expect(child_says(chooses_for_itself), "first call in the child");
    cr_expect(atomic_load(&simdinet_kernel_current) == NULL, "the child's choice is its own");
    cr_expect_str_eq(simdinet_active_kernel(), best());
    cr_expect(child_says(chooses_for_itself));
    cr_expect_str_eq(simdinet_active_kernel(), best());
    cr_expect(simdinet_use_kernel("scalar"));
    cr_expect(child_says(inherits_scalar));
    restore();
}
