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
    "'simdinet COMMAND --help' or 'simdinet help COMMAND' tells more.\n"
    "'simdinet --version' prints the version.\n";

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

/* Runs a subcommand by its name. */
static int run(int argc, char **argv) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[0], commands[i].name) == 0)
            return commands[i].run(argc, argv);
    complain("'%s' is no command", argv[0]);
    return usage_error(NULL);
}

/* help COMMAND is COMMAND --help. */
static int help_with(int argc, char **argv) {
    static char option[] = "--help";
    if (argc == 0)
        return print_help(help);
    if (argc == 1)
        return run(2, (char *[]){argv[0], option, NULL});
    complain("help takes one command");
    return usage_error(NULL);
}

int main(int argc, char **argv) {
    /* A reader that goes away ends this quietly, also when the parent ignores or blocks the signal. */
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &broken_pipe, NULL);
    occupy_standard_descriptors();

    if (argc < 2) {
        fputs(help, stderr);
        return EXIT_TROUBLE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_help(help);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    if (strcmp(name, "help") == 0)
        return help_with(argc - 2, argv + 2);
    return run(argc - 1, argv + 1);
}
