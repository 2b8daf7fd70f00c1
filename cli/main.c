/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * main.c - the simdinet command: finds the subcommand and hands over.
 */
#include "cli.h"

#include <signal.h>
#include <string.h>

static const char help[] =
    "Usage: simdinet COMMAND [OPTION]... [FILE]...\n"
    "\n"
    "  extract   print every IPv4 and IPv6 address in a text, one a line\n"
    "  count     print each address with its count, the most frequent first\n"
    "  parse     turn addresses in text, one a line, into bytes or numbers\n"
    "  info      print the version and the kernels that this machine runs\n"
    "\n"
    "'simdinet COMMAND --help' tells more. --version prints the version.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"extract", command_extract},
    {"count", command_count},
    {"parse", command_parse},
    {"info", command_info},
};

int main(int argc, char **argv) {
    /* A reader that goes away ends this quietly, also when the parent ignores the signal. */
    signal(SIGPIPE, SIG_DFL);

    if (argc < 2) {
        fputs(help, stderr);
        return EXIT_TROUBLE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        fputs(help, stdout);
        return finish_output(EXIT_FOUND);
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("simdinet %s (kernel: %s)\n", simdinet_version(), simdinet_active_kernel());
        return finish_output(EXIT_FOUND);
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    complain("'%s' is no command", name);
    return usage_error(NULL);
}
