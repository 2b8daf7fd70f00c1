/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * info.c - simdinet info: prints the version and the implementations.
 */
#include "address_cipher.h"
#include "capture_scan.h"
#include "decoder.h"
#include "exit_status.h"
#include "label_database.h"
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

/* Loads the library of a decoder. NULL: loaded or linked. */
static const char *decoder_load(const decoder_type *type) {
    if (type->unsupported)
        return type->unsupported;
    return !type->library || shared_library_load(type->library) ? NULL : type->library->error;
}

/* The optional libraries, and why one cannot be used. */
static void print_libraries(void) {
    const struct {
        const char *name, *use, *problem;
    } libraries[] = {
        {"zlib", "gzip data", decoder_load(&gzip_decoder)},
        {"libzstd", "zstd data", decoder_load(&zstd_decoder)},
        {"liblzma", "xz data", decoder_load(&xz_decoder)},
        {"libbz2", "bzip2 data", decoder_load(&bzip2_decoder)},
        {"liblz4", "lz4 data", decoder_load(&lz4_decoder)},
        {"libpcap", "packet captures", capture_load()},
        {"libmaxminddb", "--mmdb", label_database_load()},
        {"libcrypto", "anonymize --keyed", cipher_load()},
    };
    printf("\n%-14s  %-17s  %s\n", "library", "used for", "usable");
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        const char *problem = libraries[i].problem;
        printf("%-14s  %-17s  %s%s\n", libraries[i].name, libraries[i].use,
               problem ? "no: " : "yes", problem ? problem : "");
    }
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
    print_libraries();
    return finish_output(EXIT_FOUND);
}

const subcommand command_info = {
    .id = COMMAND_info,
    .name = "info",
    .summary = "print the version, and what this machine supports",
    .usage = {""},
    .about = "Print the version, all implementations, which one is active and why, and the "
             "optional libraries. "
             "The environment variable SIMDINET_IMPLEMENTATION selects another one.",
    .manual =
        "Prints the version, the active implementation and why it is active, and a table of all\n"
        "implementations: whether this build contains it (available), whether the processor and "
        "the\n"
        "operating system support it, whether it is active, and the processor features it "
        "requires.\n"
        "Then the libraries that some inputs and options need, and why one cannot be used: it is "
        "not\n"
        "installed, or the command was built without it.\n"
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
