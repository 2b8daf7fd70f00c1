/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * main.c - the simdinet command: finds the subcommand and hands over.
 */
#include "cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: simdinet COMMAND [OPTION]... [FILE]...\n"
    "\n"
    "  extract     print every IPv4 and IPv6 address in a text, one a line\n"
    "  count       print each address with its count, the most frequent first\n"
    "  parse       turn addresses in text, one a line, into bytes or numbers\n"
    "  format      print binary addresses, or numbers, as text, one a line\n"
    "  grep        print the lines that hold an address of certain networks\n"
    "  resolve     print the addresses of names, or the names of addresses\n"
    "  services    print the ports of services, or the services at ports\n"
    "  interfaces  print the network interfaces of this machine\n"
    "  info        print the version and the kernels that this machine runs\n"
    "\n"
    "'simdinet COMMAND --help' tells more. --version prints the version.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"extract", command_extract},   {"count", command_count},
    {"grep", command_grep},         {"resolve", command_resolve},
    {"services", command_services}, {"interfaces", command_interfaces},
    {"format", command_format},     {"info", command_info},
    {"parse", command_parse},
};

/*
 * A standard descriptor that comes closed would be given to the next file that is opened. What takes
 * its place here can be opened, and gives an error when it is used.
 */
static void occupy_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv) {
    /* A reader that goes away ends this quietly, also when the parent ignores the signal. */
    signal(SIGPIPE, SIG_DFL);
    occupy_standard_descriptors();

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
