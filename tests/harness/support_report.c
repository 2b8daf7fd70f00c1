/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * support_report.c - what a program of Criterion tests prints once, before the first of them.
 * Criterion runs each test in a process of its own.
 */
#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <stdio.h>

#include "support.h"

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
    (void)tests;
    print_skipped_implementations(stderr);
}

void limit_failures(void) {
    static unsigned failures;
    cr_assert(++failures < 20, "further failures are not reported");
}
