/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fake_os.h - runs the command in this process, isolated from the system: it reads from memory, its output
 * is captured, no file of this machine is opened, and no query is sent.
 *
 * The sources of the command are compiled with this header included first and COMMAND_SOURCE defined, which
 * replaces the system calls by the functions below.
 */
#ifndef FUZZ_FAKE_OS_H
#define FUZZ_FAKE_OS_H

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "simdinet_socket.h"

/* ---- for the targets ---------------------------------------------------------------------------- */

/* How the input is delivered, and what the output seems to be. */
typedef struct input_delivery {
    bool pipe;     /* standard input is a pipe, not a file */
    bool terminal; /* standard output is a terminal */
    int processors;
    size_t step;   /* the limit of a read, and a 16th of that of a write; 0: none */
    size_t broken; /* reads at this offset and later fail; 0: none does */
} input_delivery;

/* Captured output: text is its first bytes, sum a hash of the others. */
typedef struct captured {
    char *text;
    size_t len, size;
    uint64_t sum;
} captured;

/* The capacity of a pipe. */
enum { FAKE_MAX_TEXT = 64 * 1024 };

/*
 * Sets standard input, and each file whose name starts with "input", to text[0, size). The only other files
 * are "list", with a few networks, and the directory "folder".
 */
void fake_begin(const void *text, size_t size, const input_delivery *how);

/* Returns the output since fake_begin, which is valid until the next fake_begin. */
void fake_end(captured *out, captured *errors);

/* main of the command, for use between the two. */
int simdinet_main(int argc, char **argv);

/* ---- for the command ---------------------------------------------------------------------------- */

int fake_open(const char *name, int flags, ...);
ssize_t fake_read(int fd, void *to, size_t size);
ssize_t fake_pread(int fd, void *to, size_t size, off_t offset);
ssize_t fake_write(int fd, const void *from, size_t len);
int fake_isatty(int fd);

/* Only TERM is set. */
char *fake_getenv(const char *name);

/* The processors of the delivery; at most three threads besides the first. */
int fake_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int fake_create_thread(pthread_t *thread, const pthread_attr_t *attributes,
                       void *start(void *context), void *context);

/* Constant bytes. */
int fake_getentropy(void *to, size_t len);
int fake_prctl(int option, ...);

/* Only numeric names exist; every address has a name with special characters. */
int fake_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                     int64_t timeout_ms, struct addrinfo **res);
int fake_gethostbyaddr(const char *s, size_t len, simdinet_hostent **out, simdinet_error *error);

#ifdef COMMAND_SOURCE
#    define main                          simdinet_main
#    define open                          fake_open
#    define read                          fake_read
#    define pread                         fake_pread
#    define write                         fake_write
#    define isatty                        fake_isatty
#    define getenv                        fake_getenv
#    define sched_getaffinity             fake_getaffinity
#    define getentropy                    fake_getentropy
#    define prctl                         fake_prctl
#    define pthread_create                fake_create_thread
#    define simdinet_getaddrinfo_deadline fake_getaddrinfo
#    define simdinet_gethostbyaddr        fake_gethostbyaddr
#endif

#endif
