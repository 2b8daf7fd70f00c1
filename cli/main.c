/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * main.c - the simdinet command: finds the subcommand and runs it.
 */
#include "address_text.h"
#include "exit_status.h"
#include "generate.h"
#include "help.h"
#include "log.h"
#include "options.h"
#include "simdinet.h"
#include "suggest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMAND_POINTER(name) &command_##name,
static const subcommand *const commands[] = {COMMANDS(COMMAND_POINTER)};

static void print_commands(FILE *to) {
    fputs("Usage: simdinet COMMAND [OPTION]... [FILE]...\n\n"
          "  simdinet extract access.log               every address, one per line\n"
          "  simdinet count -n 10 access.log.gz        the ten most frequent\n"
          "  simdinet grep 192.0.2.0/24 access.log     the lines with such an address\n"
          "  simdinet parse --canonical addresses.txt  addresses in canonical form\n\n",
          to);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(to, "  %-10s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n"
          "'simdinet COMMAND --help' or 'simdinet help COMMAND' describes a command.\n"
          "'simdinet --version' prints the version.\n",
          to);
}

/* Logs an option where a command is expected. */
static void log_unknown_option(const char *argument) {
    suggestion s = {.word = argument + 2, .len = strlen(argument + 2)}; /* "-x": the empty word */
    suggest(&s, "help");
    suggest(&s, "version");
    if (strncmp(argument, "--", 2) != 0)
        log_error("invalid option -- '%c'", argument[1]);
    else if (s.best)
        log_error("unrecognized option '%s'; did you mean '--%s'?", argument, s.best);
    else
        log_error("unrecognized option '%s'", argument);
    log_try_help(NULL);
}

/* The subcommand of that name; NULL: logged. */
static const subcommand *find_command(const char *name) {
    suggestion s = {.word = name, .len = strlen(name)};
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i];
        suggest(&s, commands[i]->name);
    }
    if (is_address_text(name))
        log_error("unknown command '%s'; to search for it: simdinet grep %s FILE", name, name);
    else if (s.best)
        log_error("unknown command '%s'; did you mean '%s'?", name, s.best);
    else if (access(name, F_OK) == 0)
        log_error("unknown command '%s'; for its addresses: simdinet extract %s", name, name);
    else
        log_error("unknown command '%s'", name);
    log_try_help(NULL);
    return NULL;
}

/* The library uses the best implementation instead of one that is unknown or not supported. */
static void check_implementation(void) {
    const char *name = getenv("SIMDINET_IMPLEMENTATION"),
               *active = simdinet_active_implementation();
    if (!name && getenv("SIMDINET_KERNEL"))
        log_error("SIMDINET_KERNEL is not used; the variable is SIMDINET_IMPLEMENTATION");
    if (name && *name && strcmp(name, active) != 0)
        log_error("SIMDINET_IMPLEMENTATION: '%s' is not supported here; using %s", name, active);
}

static int run_command(int argc, char **argv) {
    if (argv[0][0] == '-' && argv[0][1] != '\0') {
        log_unknown_option(argv[0]);
        return EXIT_TROUBLE;
    }
    const subcommand *command = find_command(argv[0]);
    options given;
    int status = EXIT_TROUBLE;
    if (!command)
        return EXIT_TROUBLE;
    switch (options_read(&given, command, argc, argv)) {
    case OPTIONS_RUN:
        check_implementation();
        status = command->run(&given);
        break;
    case OPTIONS_HELP:
        status = print_help(command);
        break;
    case OPTIONS_VERSION:
        status = print_version();
        break;
    case OPTIONS_ERROR:
        break;
    }
    options_free(&given);
    return status;
}

static int print_main_help(void) {
    print_commands(stdout);
    return finish_output(EXIT_FOUND);
}

static bool is_help_option(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* simdinet help [COMMAND] */
static int run_help(int argc, char **argv) {
    if (argc > 1) {
        log_error("extra operand '%s'", argv[1]);
        log_try_help(NULL);
        return EXIT_TROUBLE;
    }
    if (argc == 0 || strcmp(argv[0], "help") == 0 || is_help_option(argv[0]))
        return print_main_help();
    const subcommand *command = find_command(argv[0]);
    return command ? print_help(command) : EXIT_TROUBLE;
}

/* simdinet --generate WHAT, for the build. */
static int run_generate(int argc, char **argv) {
    if (argc == 1 && generate(argv[0], commands))
        return finish_output(EXIT_FOUND);
    log_error("invalid argument for '--generate': expected man, man-COMMAND, complete-bash, "
              "complete-zsh or complete-fish");
    return EXIT_TROUBLE;
}

/*
 * A closed standard descriptor would become the next file that is opened. Replaces it with one that
 * fails when it is used.
 */
static void open_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* A closed pipe ends the process, also if the parent ignores or blocks the signal. */
static void restore_sigpipe(void) {
    sigset_t sigpipe;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &sigpipe, NULL);
}

int main(int argc, char **argv) {
    restore_sigpipe();
    open_standard_descriptors();
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_TROUBLE;
    }
    const char *name = argv[1];
    if (is_help_option(name))
        return print_main_help();
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    if (strcmp(name, "--generate") == 0)
        return run_generate(argc - 2, argv + 2);
    if (strcmp(name, "help") == 0)
        return run_help(argc - 2, argv + 2);
    return run_command(argc - 1, argv + 1);
}
