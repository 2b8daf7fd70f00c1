/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * world.h - the command in this process, in a world of its own: what it reads is memory, what it
 * prints is kept, no name leads to a file of this machine, and no query leaves it.
 *
 * The command's own files are compiled with this header in front of them and COMMAND_SOURCE defined:
 * they call the functions below where they mean the system's.
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

/* How the text comes, and what the command believes of its output. */
typedef struct arrival {
    bool pipe;     /* standard input is a pipe, not a file */
    bool terminal; /* standard output is a terminal */
    int processors;
    size_t step;   /* a read gives no more bytes at once, a write takes no more than 16 times that;
                    * 0: as many as were asked for */
    size_t broken; /* from that place on an input cannot be read; 0: it can */
} arrival;

/* What was printed: all of it is counted, the first bytes are kept. */
typedef struct printed {
    char *text;
    size_t kept, size;
    uint64_t sum; /* tells texts apart that were not kept whole */
} printed;

/* The longest text that fits into a pipe. */
enum { FAKE_MAX_TEXT = 64 * 1024 };

/*
 * From here on standard input, and each file whose name begins with "input", are text[0, size). There
 * is a file "list" with a few networks, a folder "folder", and nothing else.
 */
void fake_begin(const void *text, size_t size, const arrival *how);

/* Ends what fake_begin began: what was printed meanwhile lives until it is called again. */
void fake_end(printed *out, printed *errors);

/* Between the two: runs the command. */
int simdinet_main(int argc, char **argv);

/* ---- for the command ---------------------------------------------------------------------------- */

int fake_open(const char *name, int flags, ...);
ssize_t fake_read(int fd, void *to, size_t room);
ssize_t fake_pread(int fd, void *to, size_t room, off_t place);
ssize_t fake_write(int fd, const void *from, size_t len);
int fake_isatty(int fd);

/* There is a TERM, and no more. */
char *fake_getenv(const char *name);

/* As many processors as the arrival says; and no more than three threads beside the first, whatever is
 * asked for: the command goes on with those it gets. */
int fake_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int fake_create_thread(pthread_t *thread, const pthread_attr_t *attributes,
                       void *start(void *context), void *context);

/* Always the same bytes. */
int fake_getentropy(void *to, size_t len);

/* Names that are no numbers do not exist; the host of any address has an odd name. */
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
#    define pthread_create                fake_create_thread
#    define simdinet_getaddrinfo_deadline fake_getaddrinfo
#    define simdinet_gethostbyaddr        fake_gethostbyaddr
#endif

#endif
