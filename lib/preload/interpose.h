/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * interpose.h - what the files of the LD_PRELOAD interposer share. Nothing here is exported.
 *
 * The exported functions are simdinet's under libc's names. lib/socket, which calls the C library
 * for what it does not resolve itself, is compiled a second time for this library, with those names
 * replaced by simdinet_libc_*: under their own names the calls would be recursive.
 */
#ifndef SIMDINET_INTERPOSE_H
#define SIMDINET_INTERPOSE_H

#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <stdatomic.h>

/* The replaced functions. */
typedef enum {
    PRELOAD_inet_pton,
    PRELOAD_inet_ntop,
    PRELOAD_inet_aton,
    PRELOAD_inet_ntoa,
    PRELOAD_inet_addr,
    PRELOAD_getservbyname,
    PRELOAD_getservbyname_r,
    PRELOAD_getservbyport,
    PRELOAD_getservbyport_r,
    PRELOAD_getprotobyname,
    PRELOAD_getprotobyname_r,
    PRELOAD_getnameinfo,
    PRELOAD_getaddrinfo,
    PRELOAD_FUNCTIONS
} preload_function;

/* ---- libc.c ---------------------------------------------------------------------------------- */

const char *preload_name(preload_function function);

/* The next definition: the C library's, or that of another library preloaded after this one. */
void *preload_libc_function(preload_function function);
#define PRELOAD_LIBC(name) ((__typeof__(name) *)preload_libc_function(PRELOAD_##name))

/* The number of calls of the next definitions that simdinet made in this thread. */
extern _Thread_local unsigned long preload_libc_calls;

/* ---- check.c --------------------------------------------------------------------------------- */

enum { PRELOAD_CHECK_UNKNOWN, PRELOAD_CHECK_OFF, PRELOAD_CHECK_ON };

extern atomic_int preload_check_state;

/* Reads the environment, if there is one. */
bool preload_check_begin(void);

/* Whether each call is compared with the C library's result. */
static inline bool preload_checks(void) {
    int state = atomic_load_explicit(&preload_check_state, memory_order_relaxed);
    return __builtin_expect(state != PRELOAD_CHECK_OFF, 0) && preload_check_begin();
}

typedef enum {
    PRELOAD_SAME,
    PRELOAD_DIFFERENT,
    PRELOAD_VARIED, /* both results are the C library's, from two calls */
} preload_result;

/* Counts a call; by_libc: the result is the C library's. */
void preload_count(preload_function function, bool by_libc, preload_result result);

/* The line that reports a difference, truncated if it is too long. */
typedef struct {
    size_t len;
    char text[1000];
} preload_line;

/* False: the limit of lines is reached. */
bool preload_line_begin(preload_line *line, preload_function function);
__attribute__((format(printf, 2, 3))) void preload_line_add(preload_line *line, const char *format,
                                                            ...);
void preload_line_quote(preload_line *line, const char *text); /* also NULL and any bytes */
void preload_line_hex(preload_line *line, const void *bytes, size_t len);
void preload_line_write(preload_line *line);

#endif
