/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "mapped_file.h"

#include "exit_status.h"
#include "raw_reader.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const char *mapped_name;
static uintptr_t mapped_begin;
static size_t mapped_size;
static struct sigaction previous;

static void write_message(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(EXIT_TROUBLE);
}

/* A page of the file that is past its end is read. Other signals are left to the previous disposition. */
static void on_bus_error(int number, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_code == BUS_ADRERR && (uintptr_t)info->si_addr - mapped_begin < mapped_size) {
        write_message("simdinet: ");
        write_message(mapped_name);
        write_message(": ");
        write_message(raw_error(READ_SHRANK));
        write_message("\n");
        _exit(EXIT_TROUBLE);
    }
    sigaction(SIGBUS, &previous, NULL);
    if (info->si_code <= 0) /* of a process; a fault occurs again */
        raise(number);
}

void mapped_file_expect(const char *name) {
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    mapped_name = name;
    mapped_begin = 0;
    mapped_size = SIZE_MAX;
    sigaction(SIGBUS, &action, &previous);
}

void mapped_file_at(const void *begin, size_t size) {
    mapped_begin = (uintptr_t)begin;
    mapped_size = size;
}

void mapped_file_end(void) {
    sigaction(SIGBUS, &previous, NULL);
}
