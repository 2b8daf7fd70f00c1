/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * hooks.h - Criterion's hook before all tests, as in criterion.h of this folder.
 */
#ifndef EMULATED_CRITERION_HOOKS_H
#define EMULATED_CRITERION_HOOKS_H

#include "criterion.h"

#define ReportHook(when)                                                                           \
    static void hook_##when(struct criterion_test_set *tests);                                     \
    __attribute__((constructor)) static void add_hook_##when(void) {                               \
        emulated_add_hook(hook_##when);                                                            \
    }                                                                                              \
    static void hook_##when

#endif
