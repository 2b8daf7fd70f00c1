/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * internal.h - what the files of lib/socket share. Nothing here is exported.
 */
#ifndef SIMDINET_SOCKET_INTERNAL_H
#define SIMDINET_SOCKET_INTERNAL_H

#include "simdinet_socket.h"

#include <signal.h>

/* isspace and isdigit of the C locale. */
static inline bool simdinet_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool simdinet_is_digit(char c) {
    return c >= '0' && c <= '9';
}

enum { SIMDINET_SECOND_NS = 1000000000 };

/* ---- error.c --------------------------------------------------------------------------------- */

/* Fill *error, which may be NULL, and return its status. Members that do not apply are set to 0. */
int simdinet_fail(simdinet_error *error, int status);
int simdinet_fail_memory(simdinet_error *error);
int simdinet_fail_errno(simdinet_error *error, int sys_errno);
int simdinet_fail_gai(simdinet_error *error, int code);
int simdinet_fail_herr(simdinet_error *error, int code);
int simdinet_fail_space(simdinet_error *error, size_t needed);

/*
 * When memory or descriptors run out or a file cannot be read, the C library may report an unknown
 * name; only errno has the cause. Each call of the resolver or of a lookup is made between these
 * two: simdinet_errno_save returns errno and sets it to 0; simdinet_errno_check returns ENOMEM,
 * EMFILE, ENFILE or EIO if errno is one of them, otherwise 0, and restores errno if it is 0.
 */
int simdinet_errno_save(void);
int simdinet_errno_check(int saved_errno);

/* A caller's text as a NUL-terminated string. */
typedef struct {
    const char *z; /* NULL if the caller's pointer was */
    size_t len;
    char *heap;
    char local[256];
} simdinet_zstring;

/* Copies the text unless len is SIMDINET_ZSTR. E_NUL if there is a NUL inside, E_NOMEM. */
int simdinet_zstring_init(simdinet_zstring *text, const char *s, size_t len, simdinet_error *error);
void simdinet_zstring_free(simdinet_zstring *text);

/* Copies len bytes and a NUL to a caller's buffer of size bytes. E_NOSPACE. */
int simdinet_store_text(const char *s, size_t len, char *buf, size_t size, size_t *out_len,
                        simdinet_error *error);

/* ---- addrinfo_list.c, or addrinfo_list_libc.c in the LD_PRELOAD interposer ------------------- */

/* What the entries of an addrinfo list differ in. */
typedef struct {
    int socktype;
    int protocol;
    uint16_t port; /* host order */
} simdinet_addrinfo_entry;

enum { SIMDINET_ADDRINFO_MAX = 7 };

/* A list whose entries all have the same address. */
typedef struct {
    int flags;
    int family;          /* AF_INET or AF_INET6 */
    uint8_t address[16]; /* IPv4 uses the first 4 bytes */
    uint32_t scope;
    const char *canonical; /* of the first entry, or NULL */
    size_t n;
    simdinet_addrinfo_entry entries[SIMDINET_ADDRINFO_MAX];
} simdinet_addrinfo_plan;

/* Return 0 or EAI_MEMORY. adopt takes ownership of a list of the C library's, also on failure. */
int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res);
int simdinet_addrinfo_adopt(struct addrinfo *libc_list, struct addrinfo **res);

/*
 * The EAI code to return when the C library returned libc_code and simdinet_errno_check sys_errno.
 * addrinfo_list.c gives sys_errno precedence (and sets errno if the code is EAI_SYSTEM);
 * addrinfo_list_libc.c returns libc_code.
 */
int simdinet_addrinfo_error_code(int libc_code, int sys_errno);

/* ---- numeric.c ------------------------------------------------------------------------------- */

typedef enum {
    SIMDINET_HOST_NUMERIC, /* a valid address */
    SIMDINET_HOST_NAME,    /* not an address */
    SIMDINET_HOST_INVALID  /* an address that is an error here */
} simdinet_host_kind;

/*
 * Parses a host for getaddrinfo: any form of inet_aton without trailing text, or IPv6 with an
 * optional zone. Stores family, address and scope of plan; for SIMDINET_HOST_INVALID an EAI code to
 * *code.
 */
simdinet_host_kind simdinet_parse_numeric_host(const char *host, int family, int flags,
                                               simdinet_addrinfo_plan *plan, int *code);

/*
 * Parses a service as strtoul does in base 10; true if that uses the whole text. *out is the low 32
 * bits of the number, as a signed value.
 */
bool simdinet_parse_numeric_service(const char *service, int32_t *out);

/* Formats a port in decimal and appends a NUL. Returns the length, 1 to 5. */
size_t simdinet_format_port(uint16_t port, char out[6]);

/* ---- getaddrinfo.c --------------------------------------------------------------------------- */

/* Not an EAI code (those are 0 or negative): only the C library has the result. */
enum { SIMDINET_NEEDS_LIBC = 1 };

/* The result of simdinet_getaddrinfo without the resolver, or SIMDINET_NEEDS_LIBC. */
int simdinet_getaddrinfo_local(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res);

/* The result of the C library, as simdinet_getaddrinfo returns it. */
int simdinet_getaddrinfo_libc(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res);

/* ---- netdb_parse.c --------------------------------------------------------------------------- */

/* A parsed services or protocols file; immutable. */
typedef struct simdinet_netdb simdinet_netdb;

typedef struct {
    const char *name;
    const char *proto; /* "" for protocols */
    uint32_t name_len;
    uint32_t proto_len;
    uint32_t alias_count;
    uint32_t first_alias; /* for simdinet_netdb_alias */
    int number;           /* a port in host order, or the number of a protocol */
} simdinet_netdb_entry;

typedef enum { SIMDINET_SERVICES, SIMDINET_PROTOCOLS } simdinet_netdb_kind;

/* Parses text[0, len), a heap block of len + 1 bytes or more, and takes ownership of it. Returns
 * NULL, without taking ownership, when out of memory. */
simdinet_netdb *simdinet_netdb_parse(char *text, size_t len, simdinet_netdb_kind kind);
void simdinet_netdb_free(simdinet_netdb *db);

/* The first matching entry of the file, or NULL. proto NULL matches any; lengths may be
 * SIMDINET_ZSTR. */
const simdinet_netdb_entry *simdinet_netdb_by_name(const simdinet_netdb *db, const char *name,
                                                   size_t len, const char *proto, size_t proto_len);
const simdinet_netdb_entry *simdinet_netdb_by_number(const simdinet_netdb *db, int number,
                                                     const char *proto, size_t proto_len);

/* The alias at index < entry->alias_count, in the order of the file. */
const char *simdinet_netdb_alias(const simdinet_netdb *db, const simdinet_netdb_entry *entry,
                                 uint32_t index);

/* A buffer size with which glibc can read every line of the file, and that fits any entry. */
size_t simdinet_netdb_buffer_size(const simdinet_netdb *db);

/* ---- netdb_cache.c --------------------------------------------------------------------------- */

/* The current contents of a file, valid until the next call in this thread; NULL: use the C
 * library. */
const simdinet_netdb *simdinet_netdb_current(simdinet_netdb_kind kind);

/*
 * Blocks all signals of this thread except synchronous ones: those of faults, which programs may
 * handle, and SIGSYS of a system call filter, which terminates the process if it is blocked.
 */
void simdinet_block_signals(sigset_t *before);

/* ---- servent.c ------------------------------------------------------------------------------- */

/* getprotobyname_r of the C library; musl lacks it, so there getprotobyname under a lock. */
int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result);

#endif
