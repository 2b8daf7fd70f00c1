/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cases.h - a recorded call: its C call and its outcome.
 */
#ifndef SIMDINET_CASES_H
#define SIMDINET_CASES_H

#include "simdinet_socket.h"

#include <jansson.h>

/* Statuses of inet_pton and inet_ntop, which return no simdinet_status. */
enum {
    CASE_E_PARSE = 100, /* not an address */
    CASE_E_LENGTH,      /* a binary address of the wrong length */
    CASE_E_FAMILY       /* an unknown address family */
};

typedef struct {
    simdinet_error error; /* status SIMDINET_OK: value holds the result */
    json_t *value;
    bool by_type; /* refused by the runner: the function's C type cannot represent the argument */
} case_outcome;

/* ---- cases_value.c --------------------------------------------------------------------------- */

typedef struct {
    char *bytes; /* NULL for null and for a missing argument; a NUL follows len */
    size_t len;
    bool is_bytes; /* not text */
    bool other;    /* neither text nor bytes nor null */
} case_argument;

/* An argument as text or bytes; the caller frees bytes. */
case_argument case_text(const json_t *value);
bool case_has_nul(const case_argument *text);

/* An integer. False: outside int64_t, or not a number. */
bool case_number(const json_t *value, int64_t *out);
int case_int(const json_t *arguments, size_t index);
double case_double(const json_t *value);

/* Sets an error outcome: a status, and errno. */
void case_refuse(case_outcome *out, int status);
void case_fail_errno(case_outcome *out);

/* Results. */
json_t *case_text_value(const char *text);
json_t *case_hex(const void *bytes, size_t len);
json_t *case_address(int family, const void *address);
json_t *case_list(const struct addrinfo *list);
json_t *case_host(const simdinet_hostent *host);
json_t *case_timeout(void);

/* ---- cases_descriptor.c ---------------------------------------------------------------------- */

void case_call_close(const json_t *arguments, case_outcome *out);
void case_call_getdefaulttimeout(const json_t *arguments, case_outcome *out);
void case_call_setdefaulttimeout(const json_t *test, const json_t *arguments, case_outcome *out);

/* ---- cases_call.c ---------------------------------------------------------------------------- */

/* Makes the call that a case describes. False: unknown function. */
bool case_call(const json_t *test, case_outcome *out);

#endif
