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
    const char *name = getenv("SIMDINET_KERNEL");
    if (!name)
        return "the best row that runs here";
    if (strcmp(name, simdinet_active_kernel()) == 0)
        return "named by SIMDINET_KERNEL";
    return "the best row that runs here; the row that SIMDINET_KERNEL names does not";
}

static const char help[] =
    "Usage: simdinet info\n"
    "Print the version, the rows of kernels, and which one is active and why.\n"
    "The environment variable SIMDINET_KERNEL chooses a row by its name.\n";

int command_info(int argc, char **argv) {
    int status;
    if (!read_no_options(argc, argv, help, &status))
        return status;
    if (optind < argc) {
        complain("info takes no arguments");
        return usage_error(argv[0]);
    }
    simdinet_kernel_info row;
    printf("simdinet %s\nkernel: %s (%s)\n\n", simdinet_version(), simdinet_active_kernel(),
           choice_reason());
    printf("%-8s %-12s %-10s %-7s %s\n", "row", "compiled in", "runs here", "active", "needs");
    for (size_t i = 0; simdinet_kernel_describe(i, &row); i++)
        printf("%-8s %-12s %-10s %-7s %s\n", row.name, row.compiled_in ? "yes" : "no",
               row.runs_here ? "yes" : "no", row.active ? "yes" : "no", row.requirements);
    return finish_output(EXIT_FOUND);
}
