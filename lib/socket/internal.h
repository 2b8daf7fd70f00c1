/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * socket.h - what the files of this room share. Nothing here is exported.
 */
#ifndef SIMDINET_SOCKET_ROOM_H
#define SIMDINET_SOCKET_ROOM_H

#include "simdinet_socket.h"

#include <signal.h>

/* White space as C has it without a locale. */
static inline bool simdinet_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

enum { SIMDINET_SECOND = 1000000000 }; /* in ns */

/* ---- error.c ---------------------------------------------------------------------------------- */

/* Fills *error, which may be NULL, and returns status. Numbers that do not belong to it are 0. */
int simdinet_fail(simdinet_error *error, int status);
int simdinet_fail_memory(simdinet_error *error);
int simdinet_fail_errno(simdinet_error *error, int sys_errno);
int simdinet_fail_gai(simdinet_error *error, int code);
int simdinet_fail_herr(simdinet_error *error, int code);
int simdinet_fail_space(simdinet_error *error, size_t needed);

/*
 * Where memory or descriptors are short, or a file cannot be read, the C library may say that there
 * is no such name; errno still tells. So each question to it stands between these two. The first puts
 * errno aside; the second returns the errno of such trouble, which is the reason if the call has
 * failed, or 0. Like every function of a library they never make errno 0.
 */
int simdinet_errno_save(void);
int simdinet_errno_check(int kept);

/* A caller's text as the C library wants it: ended by a NUL that is its only one. */
typedef struct {
    const char *z; /* NULL when the caller's was */
    size_t len;
    char *heap;
    char room[256];
} simdinet_text;

/* Closes over a text, by copying it only where it has no NUL of its own. E_NUL, E_NOMEM. */
int simdinet_text_open(simdinet_text *text, const char *s, size_t len, simdinet_error *error);
void simdinet_text_close(simdinet_text *text);

/* Copies len bytes and a NUL to a caller's buffer. E_NOSPACE. */
int simdinet_text_store(const char *s, size_t len, char *buf, size_t cap, size_t *outlen,
                        simdinet_error *error);

/* ---- list.c ----------------------------------------------------------------------------------- */

/* One entry of an addrinfo list apart from the address, which all entries share. */
typedef struct {
    int socktype;
    int protocol;
    uint16_t port; /* host order */
} simdinet_addrinfo_entry;

enum { SIMDINET_ADDRINFO_MAX = 7 };

/* A list whose entries are all of one address. */
typedef struct {
    int flags;
    int family;          /* AF_INET or AF_INET6 */
    uint8_t address[16]; /* an IPv4 address takes the first 4 */
    uint32_t scope;
    const char *canonical; /* of the first entry, or NULL */
    size_t count;
    simdinet_addrinfo_entry rows[SIMDINET_ADDRINFO_MAX];
} simdinet_addrinfo_plan;

/* Both return 0 or EAI_MEMORY. adopt takes a list of the C library's over, also when it fails. */
int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res);
int simdinet_addrinfo_adopt(struct addrinfo *theirs, struct addrinfo **res);

/*
 * The EAI code of a call that failed with one of the C library's, after a trouble that
 * simdinet_errno_check has told. In list.c the trouble is the reason, and is in errno where that
 * makes the code EAI_SYSTEM; in list_system.c the C library has the last word.
 */
int simdinet_addrinfo_error_code(int theirs, int trouble);

/* ---- numeric.c -------------------------------------------------------------------------------- */

/* What a text turned out to be. */
typedef enum { SIMDINET_NUMERIC, SIMDINET_NOT_NUMERIC, SIMDINET_NUMERIC_WRONG } simdinet_kind;

/*
 * Reads a host for getaddrinfo: every form of inet_aton in full, or IPv6 with an optional zone,
 * into family, address and scope of plan. SIMDINET_NUMERIC_WRONG stores an EAI code to *code.
 */
simdinet_kind simdinet_numeric_host(const char *host, int family, int flags,
                                    simdinet_addrinfo_plan *plan, int *code);

/*
 * Reads a service as strtoul does in base 10; true when nothing is left over. *out is the number's
 * low 32 bits with their sign.
 */
bool simdinet_numeric_service(const char *service, int32_t *out);

/* Writes a number below 65536 in decimal and a NUL. Returns its length, 1 to 5. */
size_t simdinet_format_port(uint16_t port, char out[6]);

/* ---- resolver.c ------------------------------------------------------------------------------- */

/* Not an EAI code, all of which are 0 or below: only the C library can answer. */
enum { SIMDINET_NEEDS_LIBC = 1 };

/* What simdinet_getaddrinfo answers without the resolver, or SIMDINET_NEEDS_LIBC. */
int simdinet_getaddrinfo_local(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res);

/* What it answers otherwise. */
int simdinet_getaddrinfo_libc(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res);

/* ---- table.c ---------------------------------------------------------------------------------- */

typedef struct simdinet_netdb simdinet_netdb;

typedef struct {
    const char *name;
    const char *proto; /* "" for protocols */
    uint32_t name_len;
    uint32_t proto_len;
    uint32_t alias_count;
    uint32_t first_alias; /* for simdinet_netdb_alias */
    int number;           /* a port in host order, or a protocol */
} simdinet_netdb_entry;

typedef enum { SIMDINET_SERVICES, SIMDINET_PROTOCOLS } simdinet_netdb_kind;

/* Parses the len bytes at text, a heap block with a byte of room behind them, which the table then
 * owns. NULL, with text still the caller's, when there is no memory. */
simdinet_netdb *simdinet_netdb_parse(char *text, size_t len, simdinet_netdb_kind which);
void simdinet_netdb_free(simdinet_netdb *table);

/* The first entry of the file that fits, or NULL. proto NULL fits all; len may be SIMDINET_ZSTR. */
const simdinet_netdb_entry *simdinet_netdb_by_name(const simdinet_netdb *table, const char *name,
                                                   size_t len, const char *proto, size_t plen);
const simdinet_netdb_entry *simdinet_netdb_by_number(const simdinet_netdb *table, int number,
                                                     const char *proto, size_t plen);

/* An alias of an entry, index below its alias_count, in the order of the file. */
const char *simdinet_netdb_alias(const simdinet_netdb *table, const simdinet_netdb_entry *entry,
                                 uint32_t index);

/* A size of buffer in which the C library can read any line of the file, and any entry fits. */
size_t simdinet_netdb_buffer_size(const simdinet_netdb *table);

/* ---- database.c ------------------------------------------------------------------------------- */

/* The table of a file as it is now, until this thread asks again; NULL: ask the C library. */
const simdinet_netdb *simdinet_netdb_current(simdinet_netdb_kind which);

/*
 * Blocks all signals for this thread but those that it brings upon itself: of faults, which other
 * libraries may live by, and of what a sandbox traps, which ends the process where it is blocked.
 */
void simdinet_block_signals(sigset_t *before);

/* ---- entries.c -------------------------------------------------------------------------------- */

/* The C library's getprotobyname_r; where it has none, its getprotobyname, one call at a time. */
int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result);

#endif
