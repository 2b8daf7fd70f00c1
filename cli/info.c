/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * info.c - simdinet info: the version, and which kernels this machine runs.
 */
#include "cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *choice_reason(void) {
    const char *name = getenv("SIMDINET_IMPLEMENTATION");
    if (!name)
        return "the best implementation that runs here";
    if (strcmp(name, simdinet_active_implementation()) == 0)
        return "named by SIMDINET_IMPLEMENTATION";
    return "the best implementation; this machine does not support the one named by "
           "SIMDINET_IMPLEMENTATION";
}

static const char help[] =
    "Usage: simdinet info\n"
    "Print the version, the rows of kernels, and which one is active and why.\n"
    "The environment variable SIMDINET_IMPLEMENTATION names another one.\n";

int command_info(int argc, char **argv) {
    int status;
    if (!read_no_options(argc, argv, help, &status))
        return status;
    if (optind < argc) {
        complain("info takes no arguments");
        return usage_error(argv[0]);
    }
    simdinet_implementation_info impl;
    printf("simdinet %s\nkernel: %s (%s)\n\n", simdinet_version(), simdinet_active_implementation(),
           choice_reason());
    printf("%-8s %-12s %-10s %-7s %s\n", "implementation", "compiled in", "runs here", "active",
           "needs");
    for (size_t i = 0; simdinet_describe_implementation(i, &impl, sizeof impl); i++)
        printf("%-8s %-12s %-10s %-7s %s\n", impl.name, impl.available ? "yes" : "no",
               impl.supported ? "yes" : "no", impl.active ? "yes" : "no", impl.requirements);
    return finish_output(EXIT_FOUND);
}
