/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * preload.h - what the files of this room share. Nothing here is exported.
 *
 * The exported functions are simdinet's under libc's names. The socket room, which hands to the C
 * library what it does not answer itself, is compiled once more for this library, with those names
 * changed to simdinet_real_*: else it would call its way back to itself.
 */
#ifndef SIMDINET_PRELOAD_H
#define SIMDINET_PRELOAD_H

#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <stdatomic.h>

/* The functions that take the place of the C library's, spelt as they are. */
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

/* ---- real.c ----------------------------------------------------------------------------------- */

const char *preload_name(preload_function which);

/* The function behind ours: the C library's, or that of another library preloaded after this one. */
void *preload_real(preload_function which);
#define PRELOAD_REAL(name) ((__typeof__(name) *)preload_real(PRELOAD_##name))

/* How many calls this thread's calls of simdinet have handed on. */
extern _Thread_local unsigned long preload_handed;

/* ---- check.c ---------------------------------------------------------------------------------- */

enum { PRELOAD_CHECK_UNKNOWN, PRELOAD_CHECK_OFF, PRELOAD_CHECK_ON };

extern atomic_int preload_check_state;

/* Reads the environment. */
bool preload_check_begin(void);

/* Whether each call is to be compared with the C library's answer. */
static inline bool preload_checks(void) {
    int state = atomic_load_explicit(&preload_check_state, memory_order_relaxed);
    return __builtin_expect(state != PRELOAD_CHECK_OFF, 0) && preload_check_begin();
}

typedef enum {
    PRELOAD_SAME,
    PRELOAD_DIFFERENT,
    PRELOAD_VARIED, /* both answers are the C library's, asked twice */
} preload_verdict;

/* Counts a call; handed: the answer is the C library's. */
void preload_count(preload_function which, bool handed, preload_verdict verdict);

/* A line about a difference: begun, added to, written. What does not fit is cut. */
typedef struct {
    size_t len;
    char text[1000];
} preload_line;

/* False: enough of them have been written. */
bool preload_line_begin(preload_line *line, preload_function which);
__attribute__((format(printf, 2, 3))) void preload_line_add(preload_line *line, const char *format,
                                                            ...);
void preload_line_quote(preload_line *line, const char *text); /* NULL and any bytes, too */
void preload_line_hex(preload_line *line, const void *bytes, size_t len);
void preload_line_write(preload_line *line);

#endif
