/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * criterion.h - the subset of Criterion's API that the tests use, in one process.
 *
 * Criterion starts a new process for each test. Under qemu-user that process either runs natively,
 * and so tests the wrong processor, or hangs; and Criterion maps addresses that the thread
 * sanitizer reserves. With these definitions the same test sources run there: all in one process,
 * in the order of the source. main.c is the program.
 */
#ifndef EMULATED_CRITERION_H
#define EMULATED_CRITERION_H

#include <stdbool.h>
#include <string.h>

struct criterion_test_set {
    int count;
};

/* One test, in a list that constructors build before main. */
struct emulated_test {
    const char *suite;
    const char *name;
    void (*body)(void);
    struct emulated_test *next;
};

void emulated_add_test(struct emulated_test *test);
void emulated_add_hook(void (*hook)(struct criterion_test_set *tests));

/*
 * Counts a check. A failed one is printed, with the printf message unless that is NULL; a fatal one
 * ends the test.
 */
void emulated_check(const char *file, int line, bool fatal, const char *expression, bool passed,
                    const char *message, ...);

/* Ends the test, which is not counted; the reason is a printf format. */
#define cr_skip_test(...) emulated_skip(__VA_ARGS__)
_Noreturn void emulated_skip(const char *reason, ...);

/* A timeout after the title is left to who runs the tests. */
#define Test(group, ...) EMULATED_TEST(group, __VA_ARGS__, 0)
#define EMULATED_TEST(group, title, ...)                                                           \
    static void test_##group##_##title(void);                                                      \
    __attribute__((constructor)) static void add_##group##_##title(void) {                         \
        static struct emulated_test test = {#group, #title, test_##group##_##title, 0};            \
        emulated_add_test(&test);                                                                  \
    }                                                                                              \
    static void test_##group##_##title(void)

/* The NULL at the end replaces a missing message. */
#define cr_assert(...) EMULATED_TRUE(true, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_expect(...) EMULATED_TRUE(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define EMULATED_TRUE(fatal, text, condition, ...)                                                 \
    emulated_check(__FILE__, __LINE__, fatal, text, (condition), __VA_ARGS__)

#define cr_expect_not(...)  EMULATED_FALSE(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_assert_null(...) EMULATED_FALSE(true, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_expect_null(...) EMULATED_FALSE(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define EMULATED_FALSE(fatal, text, condition, ...)                                                \
    emulated_check(__FILE__, __LINE__, fatal, "not " text, !(condition), __VA_ARGS__)

#define cr_assert_eq(...) EMULATED_EQUAL(true, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_expect_eq(...) EMULATED_EQUAL(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define EMULATED_EQUAL(fatal, text, a, b, ...)                                                     \
    emulated_check(__FILE__, __LINE__, fatal, text, (a) == (b), __VA_ARGS__)

#define cr_assert_gt(...) EMULATED_COMPARE(true, #__VA_ARGS__, >, __VA_ARGS__, (const char *)0)
#define cr_expect_gt(...) EMULATED_COMPARE(false, #__VA_ARGS__, >, __VA_ARGS__, (const char *)0)
#define cr_expect_lt(...) EMULATED_COMPARE(false, #__VA_ARGS__, <, __VA_ARGS__, (const char *)0)
#define EMULATED_COMPARE(fatal, text, op, a, b, ...)                                               \
    emulated_check(__FILE__, __LINE__, fatal, text, (a)op(b), __VA_ARGS__)

#define cr_assert_str_eq(...) EMULATED_SAME(true, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_expect_str_eq(...) EMULATED_SAME(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define EMULATED_SAME(fatal, text, a, b, ...)                                                      \
    emulated_check(__FILE__, __LINE__, fatal, text, strcmp((a), (b)) == 0, __VA_ARGS__)

#define cr_assert_arr_eq(...) EMULATED_BYTES(true, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_expect_arr_eq(...) EMULATED_BYTES(false, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define EMULATED_BYTES(fatal, text, a, b, size, ...)                                               \
    emulated_check(__FILE__, __LINE__, fatal, text, memcmp((a), (b), (size)) == 0, __VA_ARGS__)

#endif
