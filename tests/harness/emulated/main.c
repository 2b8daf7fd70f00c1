/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * main.c - runs the tests of a program that was built against criterion/criterion.h of this folder.
 * Arguments select by name: "parse/ipv4_literals format/" runs one test and one suite; one that
 * begins with '-' excludes: "-limits/". With SIMDINET_FIRST_FAILURE=1 in the environment the first
 * failed check ends the program with status 1.
 */
#include "harness/emulated/criterion/criterion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct emulated_test *tests, **last = &tests;
static struct criterion_test_set test_set;
static void (*before_all)(struct criterion_test_set *tests);
static unsigned long checks, failures;
static jmp_buf end_of_test;
enum { FAILED = 1, SKIPPED }; /* for setjmp */
static bool first_failure;
static const struct emulated_test *running;

void emulated_add_test(struct emulated_test *test) {
    *last = test;
    last = &test->next;
    test_set.count++;
}

void emulated_add_hook(void (*hook)(struct criterion_test_set *tests)) {
    before_all = hook;
}

void emulated_check(const char *file, int line, bool fatal, const char *expression, bool passed,
                    const char *message, ...) {
    checks++;
    if (passed)
        return;
    failures++;
    fprintf(stderr, "%s:%d: %s", file, line, expression);
    if (message) {
        va_list values;
        fprintf(stderr, ": ");
        va_start(values, message);
        vfprintf(stderr, message, values);
        va_end(values);
    }
    fprintf(stderr, "\n");
    if (first_failure)
        _exit(1);
    if (fatal)
        longjmp(end_of_test, FAILED);
}

void emulated_skip(const char *reason, ...) {
    va_list values;
    printf("skipped: %s/%s: ", running->suite, running->name);
    va_start(values, reason);
    vprintf(reason, values);
    va_end(values);
    printf("\n");
    longjmp(end_of_test, SKIPPED);
}

static bool is_selected(const struct emulated_test *test, int count, char **names) {
    char name[256];
    snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
    bool found = count == 0 || *names[0] == '-';
    for (int i = 0; i < count; i++) {
        bool exclude = *names[i] == '-';
        if (strncmp(name, names[i] + exclude, strlen(names[i] + exclude)) == 0)
            found = !exclude;
    }
    return found;
}

int main(int argc, char **argv) {
    volatile int tested = 0, skipped = 0, failing = 0; /* preserved across longjmp */
    const char *first = getenv("SIMDINET_FIRST_FAILURE");
    first_failure = first && strcmp(first, "1") == 0;
    if (before_all)
        before_all(&test_set);
    for (const struct emulated_test *test = tests; test; test = test->next) {
        if (!is_selected(test, argc - 1, argv + 1))
            continue;
        volatile unsigned long failures_before = failures;
        running = test;
        switch (setjmp(end_of_test)) {
        case 0:
            test->body();
            break;
        case SKIPPED:
            skipped++;
            continue;
        }
        tested++;
        if (failures > failures_before) {
            failing++;
            fprintf(stderr, "failed: %s/%s\n", test->suite, test->name);
        }
    }
    printf("%d tests, %d failing; %lu checks, %lu failed\n", tested, failing, checks, failures);
    return failing || tested + skipped == 0;
}
