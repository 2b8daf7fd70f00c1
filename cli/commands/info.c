/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * info.c - simdinet info: prints the version and the implementations.
 */
#include "exit_status.h"
#include "log.h"
#include "option_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *choice_reason(void) {
    const char *name = getenv("SIMDINET_IMPLEMENTATION");
    if (!name || !*name)
        return "the best supported implementation";
    if (strcmp(name, simdinet_active_implementation()) == 0)
        return "named by SIMDINET_IMPLEMENTATION";
    return "the best supported implementation; this machine does not support the one named by "
           "SIMDINET_IMPLEMENTATION";
}

static const char *yes_no(bool value) {
    return value ? "yes" : "no";
}

static int run(options *given) {
    static const char format[] = "%-14s  %-9s  %-9s  %-6s  %s\n";
    simdinet_implementation_info impl;
    (void)given;
    printf("simdinet %s\nimplementation: %s (%s)\n\n", simdinet_version(),
           simdinet_active_implementation(), choice_reason());
    printf(format, "implementation", "available", "supported", "active", "requires");
    for (size_t i = 0; simdinet_describe_implementation(i, &impl, sizeof impl); i++)
        printf(format, impl.name, yes_no(impl.available), yes_no(impl.supported),
               yes_no(impl.active), impl.requirements);
    return finish_output(EXIT_FOUND);
}

const subcommand command_info = {
    .id = COMMAND_info,
    .name = "info",
    .summary = "print the version and the implementations for this machine",
    .usage = {""},
    .about = "Print the version and all implementations, and which one is active and why. "
             "The environment variable SIMDINET_IMPLEMENTATION selects another one.",
    .manual =
        "Prints the version, the active implementation and why it is active, and a table of all\n"
        "implementations: whether this build contains it (available), whether the processor and "
        "the\n"
        "operating system support it, whether it is active, and the processor features it "
        "requires.\n"
        "# OPTIONS\n"
        "# ENVIRONMENT\n"
        ": `SIMDINET_IMPLEMENTATION`\n"
        "The name of the implementation to use (`avx512`, `avx2`, `sse42`, `neon`, `scalar`) if "
        "this\n"
        "machine supports it; otherwise the best supported one is used.\n"
        "# SEE ALSO\n"
        "`simdinet`(1)\n",
    .operands = OPERANDS_NONE,
    .run = run,
};
