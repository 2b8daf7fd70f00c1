/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_socket.h - the naming functions of the socket API, on top of the address engine.
 *
 * There are two kinds of functions. Those with a reentrant POSIX or glibc equivalent have its
 * signature and its results under the prefix simdinet_: a program switches by renaming. The others
 * have signatures of their own: they return a simdinet_status, take text as a pointer and a length,
 * and leave their output parameters unchanged unless they return SIMDINET_OK. In their comments the
 * codes are written without the prefix: E_NUL is SIMDINET_E_NUL. A length may be SIMDINET_ZSTR for
 * NUL-terminated text.
 *
 * Every function is thread-safe; none uses a static buffer. The sections "text and addresses"
 * (after the first call in a process, see simdinet.h), "byte order" and "control messages" are
 * async-signal-safe; the others are not.
 *
 * In the child of a fork every function works, whatever other threads were doing, except calls that
 * reach the C library's resolver: a lock of the resolver that another thread held stays locked
 * there. A call with a deadline still ends in time.
 */
#ifndef SIMDINET_SOCKET_H
#define SIMDINET_SOCKET_H

#include "simdinet.h"

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Declared for programs compiled as strict C11, where <netdb.h> does not declare them.
 * @{
 */
struct addrinfo;
struct if_nameindex;
/** @} */

/* ---- statuses and errors --------------------------------------------------------------------- */

/**
 * @defgroup errors Statuses and errors
 * @{
 */

/** What the reentrant functions return. Values are stable; later versions append new ones. */
typedef enum simdinet_status {
    SIMDINET_OK = 0,
    SIMDINET_E_RANGE = 1,     /**< a number outside the range of its type */
    SIMDINET_E_VALUE = 2,     /**< an invalid argument: NULL, NaN, a negative time */
    SIMDINET_E_NUL = 3,       /**< a NUL inside a text */
    SIMDINET_E_ERRNO = 4,     /**< a system call failed: see sys_errno */
    SIMDINET_E_GAI = 5,       /**< getaddrinfo or getnameinfo failed: detail is an EAI code */
    SIMDINET_E_HERR = 6,      /**< a host lookup failed: detail is an h_errno, 1 to 4 */
    SIMDINET_E_NOTFOUND = 7,  /**< no such service or protocol */
    SIMDINET_E_AMBIGUOUS = 8, /**< a wildcard that stands for more than one address */
    SIMDINET_E_SHAPE = 9,     /**< an IPv4 address with flowinfo or scope, which only IPv6 has */
    SIMDINET_E_NOSPACE = 10,  /**< the buffer is too small: see needed */
    SIMDINET_E_NOMEM = 11     /**< out of memory: sys_errno is ENOMEM */
} simdinet_status;

/**
 * The details of a failed call. A function that takes a pointer to one sets every member on
 * failure, the reserved ones to 0, and leaves it unchanged on success; the pointer may be NULL.
 *
 * The caller allocates it, so its size is fixed: later versions turn reserved into members.
 * Initialize an error that is passed to simdinet_strerror with all unused members 0.
 *
 * Running out of memory is always E_NOMEM, also where the C library reports EAI_MEMORY or an
 * unknown host. Running out of descriptors is E_ERRNO, or E_GAI with EAI_SYSTEM, where the C
 * library may report an unknown host; simdinet_getaddrinfo documents one exception.
 */
typedef struct simdinet_error {
    int status;         /**< a simdinet_status */
    int detail;         /**< EAI_* with E_GAI, h_errno with E_HERR, else 0 */
    int sys_errno;      /**< errno if the system set one, else 0 */
    size_t needed;      /**< with E_NOSPACE: the size that suffices, NUL included; else 0 */
    size_t reserved[4]; /**< 0 */
} simdinet_error;

/**
 * Writes the message for an error, NUL-terminated and truncated to size bytes, to buf. The text is
 * that of gai_strerror, hstrerror or strerror for E_GAI, E_HERR and E_ERRNO. error must not be
 * NULL; buf may be NULL when size is 0. Returns the length of the whole message, as snprintf does.
 */
SIMDINET_API size_t simdinet_strerror(const simdinet_error *error, char *buf, size_t size);

/**
 * Frees a block that a function of this header allocated, such as a simdinet_hostent. NULL is
 * allowed.
 */
SIMDINET_API void simdinet_free(void *block);

/** A length argument for NUL-terminated text. */
#define SIMDINET_ZSTR ((size_t)-1)

/** @} */

/* ---- text and addresses ---------------------------------------------------------------------- */

/**
 * @defgroup inet Text and addresses
 * @{
 */

/**
 * POSIX inet_pton: parses the NUL-terminated text src as an address of family af, AF_INET (4 bytes
 * to dst) or AF_INET6 (16 bytes). The grammar is that of simdinet_parse_ipv4 and
 * simdinet_parse_ipv6.
 *
 * Returns 1; 0 if src is not an address; -1 with errno EAFNOSUPPORT for another family. dst is
 * written only when 1 is returned.
 */
SIMDINET_API int simdinet_inet_pton(int af, const char *src, void *dst);

/**
 * POSIX inet_ntop: formats the address at src, of family AF_INET or AF_INET6, to dst, which holds
 * size bytes, and appends a NUL. INET_ADDRSTRLEN and INET6_ADDRSTRLEN always suffice. Bytes past
 * the NUL are unchanged. The text is that of simdinet_format_ipv4 and simdinet_format_ipv6.
 *
 * Returns dst; or NULL with dst unchanged and errno EAFNOSUPPORT for another family, ENOSPC if size
 * is too small for this address.
 */
SIMDINET_API const char *simdinet_inet_ntop(int af, const void *src, char *dst, socklen_t size);

/**
 * BSD inet_aton as in glibc: one to four numbers separated by dots, each decimal, octal (leading 0)
 * or hexadecimal (leading 0x); the last one fills the remaining bytes: "127.1", "0x7f000001". The
 * text ends at a NUL or at white space, after which anything may follow.
 *
 * Returns 1 and stores the address to *inp; or 0 with *inp unchanged. inp may be NULL.
 */
SIMDINET_API int simdinet_inet_aton(const char *cp, struct in_addr *inp);

/**
 * inet_ntoa without the static buffer: formats in as dotted decimal and appends a NUL, 8 to 16
 * bytes. Returns SIMDINET_OK; it cannot fail.
 */
SIMDINET_API int simdinet_inet_ntoa(struct in_addr in, char out[SIMDINET_IPV4_TEXT_SIZE]);

/** @} */

/* ---- byte order ------------------------------------------------------------------------------ */

/**
 * @defgroup byteorder Byte order of one number
 * @{
 */

/**
 * POSIX htonl, htons, ntohl and ntohs: between host order and network order (big-endian).
 * @{
 */
SIMDINET_API uint32_t simdinet_htonl(uint32_t host);
SIMDINET_API uint16_t simdinet_htons(uint16_t host);
SIMDINET_API uint32_t simdinet_ntohl(uint32_t net);
SIMDINET_API uint16_t simdinet_ntohs(uint16_t net);
/** @} */

/**
 * The same with a range check, for language bindings. Store the result to *out and return
 * SIMDINET_OK; or return E_RANGE with *out unchanged if x is negative or does not fit. If legacy is
 * not 0 the 16-bit functions accept x up to 2^31 - 1 and use its low 16 bits, as Python 3.7 to 3.9
 * did; the 32-bit functions ignore legacy.
 * @{
 */
SIMDINET_API int simdinet_htonl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_htons_checked(int64_t x, int legacy, uint16_t *out);
SIMDINET_API int simdinet_ntohl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_ntohs_checked(int64_t x, int legacy, uint16_t *out);
/** @} */

/** @} */

/* ---- names to addresses ---------------------------------------------------------------------- */

/**
 * @defgroup resolver Names to addresses
 * @{
 */

/**
 * POSIX getaddrinfo, with the results of glibc's in the same order. Numeric hosts with a numeric
 * service or none are resolved locally, without the system's resolver; service names come from the
 * cache of the section "services and protocols". Everything else is passed to the C library,
 * including AI_ADDRCONFIG, the AI_IDN flags, and hints of NULL (which glibc treats as AI_V4MAPPED |
 * AI_ADDRCONFIG).
 *
 * Returns 0 and stores a list to *res, to be freed with simdinet_freeaddrinfo and not with
 * freeaddrinfo; or an EAI code for gai_strerror, with *res unchanged, and errno set if the code is
 * EAI_SYSTEM. If memory or descriptors run out or a disk fails, the code is EAI_MEMORY or
 * EAI_SYSTEM, also where glibc reports an unknown name. (Exception: with no descriptor left, an
 * interface name in a zone is unknown, and so are the hosts in a file that cannot be opened.)
 *
 * Extensions to POSIX, as in glibc: "*" as node or service is NULL; a service of "" is none; port
 * numbers are truncated to 16 bits ("65616" is 80), and a number whose low 32 bits are negative is
 * a service name.
 */
SIMDINET_API int simdinet_getaddrinfo(const char *node, const char *service,
                                      const struct addrinfo *hints, struct addrinfo **res);

/**
 * The same with a timeout: returns EAI_SYSTEM with errno ETIMEDOUT if there is no result after
 * timeout_ms milliseconds. A negative timeout_ms waits without limit; 0 resolves only what needs no
 * resolver.
 *
 * What is resolved locally costs nothing extra. Otherwise the call to the C library, which cannot
 * be interrupted, runs in a thread of its own; starting one takes some tens of microseconds. A call
 * that times out leaves its thread running until the system's resolver gives up (with the default
 * resolv.conf: after 10 seconds per name server) and discards its result. The thread blocks all
 * signals except those of faults and of system call filters. At most 64 such threads exist at a
 * time, including those of calls still waiting: a further call waits for one to end, within its own
 * timeout. If no thread can be started, the result is EAI_SYSTEM with the errno of pthread_create.
 * The library must not be unloaded while such a thread runs.
 */
SIMDINET_API int simdinet_getaddrinfo_deadline(const char *node, const char *service,
                                               const struct addrinfo *hints, int64_t timeout_ms,
                                               struct addrinfo **res);

/**
 * POSIX freeaddrinfo for lists from the two functions above, and only for those. As POSIX requires,
 * list may start at any entry of a list, and different threads may free different sublists. NULL is
 * allowed.
 */
SIMDINET_API void simdinet_freeaddrinfo(struct addrinfo *list);

/**
 * Python's gethostbyname: resolves the name s, of len bytes, to an IPv4 address in dotted decimal.
 * "" is 0.0.0.0, `<broadcast>` is 255.255.255.255, text that simdinet_inet_aton reads in full is
 * that address, and any other name gives the first IPv4 address from simdinet_getaddrinfo.
 *
 * Writes 8 to 16 bytes to out, NUL included, and returns SIMDINET_OK. Errors: E_GAI, with sys_errno
 * set if the EAI code is EAI_SYSTEM; E_NUL; E_NOMEM; E_VALUE if s is NULL.
 */
SIMDINET_API int simdinet_gethostbyname(const char *s, size_t len,
                                        char out[SIMDINET_IPV4_TEXT_SIZE], simdinet_error *error);

/**
 * A host. The library allocates it, in one block with everything that it points to; free it with
 * simdinet_free. Later versions may append members: do not copy it by value or put it in an array.
 */
typedef struct simdinet_hostent {
    const char *name; /**< canonical name */
    size_t naliases;  /**< number of aliases */
    const char *const
        *aliases;  /**< other names in the system's order, duplicates kept; then NULL */
    int family;    /**< AF_INET or AF_INET6, the same for all addresses */
    size_t naddrs; /**< number of addresses */
    const uint8_t (*addrs)[16]; /**< network order; IPv4 uses the first 4 bytes */
} simdinet_hostent;

/**
 * Python's gethostbyname_ex: canonical name, aliases and IPv4 addresses of a host, as from
 * gethostbyname2_r(AF_INET) without a caller's buffer. A numeric address that does not end in a dot
 * is its own name. As in Python, s is resolved with simdinet_gethostbyname first; "0x7f.1", "" and
 * `<broadcast>` pass that and are then unknown to the second lookup (E_HERR with HOST_NOT_FOUND).
 *
 * Stores a block to *out, to be freed with simdinet_free. Errors: those of simdinet_gethostbyname;
 * E_HERR; E_ERRNO for another failure of the system.
 */
SIMDINET_API int simdinet_gethostbyname_ex(const char *s, size_t len, simdinet_hostent **out,
                                           simdinet_error *error);

/**
 * Python's gethostbyaddr: canonical name and aliases of the host with an address, as from
 * gethostbyaddr_r. s is an IPv4 or IPv6 address, or a name, which stands for its first address. A
 * zone after '%' is ignored; an IPv4-mapped address is looked up as IPv6.
 *
 * Stores a block to *out, to be freed with simdinet_free. Errors: those of
 * simdinet_gethostbyname_ex; E_AMBIGUOUS if s is "".
 */
SIMDINET_API int simdinet_gethostbyaddr(const char *s, size_t len, simdinet_hostent **out,
                                        simdinet_error *error);

/**
 * Python's getfqdn (3.10 and later): the fully qualified name of a host. White space around s is
 * ignored; "", NULL, "0.0.0.0" and "::" mean this host. The result is the first name from
 * simdinet_gethostbyaddr that contains a dot, aliases included, otherwise the canonical name; and s
 * itself if the lookup fails for another reason than memory.
 *
 * Writes the name and a NUL to buf, which holds size bytes, and its length without the NUL to
 * *out_len, which may be NULL. Errors: E_NOSPACE, E_NUL, E_NOMEM; E_ERRNO from gethostname.
 */
SIMDINET_API int simdinet_getfqdn(const char *s, size_t len, char *buf, size_t size,
                                  size_t *out_len, simdinet_error *error);

/** @} */

/* ---- addresses to names ---------------------------------------------------------------------- */

/**
 * @defgroup nameinfo Addresses to names
 * @{
 */

/**
 * POSIX getnameinfo, with glibc's results. With NI_NUMERICHOST the host is formatted locally (the
 * interface name in a link-local zone takes one if_indextoname). The service comes from the cache
 * of the section "services and protocols", or is a number with NI_NUMERICSERV. Only reverse lookups
 * of hosts call the C library.
 *
 * Writes NUL-terminated text to host (hostlen bytes) and serv (servlen bytes) and returns 0. A
 * buffer that is NULL or of length 0 is skipped. NI_MAXHOST and NI_MAXSERV suffice for every host
 * and every registered service. On failure returns an EAI code and the contents of the buffers are
 * undefined: EAI_BADFLAGS; EAI_FAMILY for another family or an address that is too short;
 * EAI_OVERFLOW if a buffer is too small; EAI_NONAME with NI_NAMEREQD; and those of the resolver.
 */
SIMDINET_API int simdinet_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                                      socklen_t hostlen, char *serv, socklen_t servlen, int flags);

/**
 * The same from text, as Python's getnameinfo. host is a numeric address of host_len bytes. port is
 * interpreted as simdinet_getaddrinfo interprets its decimal text (65616 is 80). nitems, 2 to 4, is
 * the number of items given of host, port, flowinfo and scope. flowinfo (host order) and scope
 * replace the zone of host. flags are NI_*.
 *
 * Writes NUL-terminated text to name (name_size bytes) and service (service_size bytes). Errors:
 * E_RANGE if flowinfo is above 0xfffff; E_SHAPE for an IPv4 address with more than two items;
 * E_AMBIGUOUS for "*"; E_GAI; E_NOSPACE, with needed for name if that is too small, otherwise for
 * service; E_NUL; E_VALUE if host is NULL or nitems is out of range; E_NOMEM.
 */
SIMDINET_API int simdinet_getnameinfo_text(const char *host, size_t host_len, int64_t port,
                                           int nitems, uint32_t flowinfo, uint32_t scope, int flags,
                                           char *name, size_t name_size, char *service,
                                           size_t service_size, simdinet_error *error);

/** @} */

/* ---- services and protocols ------------------------------------------------------------------ */

/**
 * @defgroup services Services and protocols
 *
 * Lookups use a cache of /etc/services and /etc/protocols, parsed once, if the sources in
 * nsswitch.conf are "files" (or "files" and "db", and there is no such database). With any other
 * sources they call the C library. Each call stats its file and parses it again if it has changed;
 * nsswitch.conf is checked once a second. A file that is missing or unreadable is tried again after
 * a second, and until then the C library is called. The cache is replaced as a whole: no call sees
 * a partial update. Each thread holds a reference to the version that it used last, until it uses a
 * newer one or ends.
 *
 * Names, aliases and protocols are case-sensitive; the first matching line of the file wins. proto
 * NULL matches any protocol, "" none. Text with a NUL inside is E_NUL, a NULL name E_VALUE.
 *
 * @{
 */

/**
 * Allows lookups to use a cache that is up to a second old: if allow is not 0, the files are
 * checked at most once a second in the whole process. By default, and with 0, every call stats its
 * file.
 */
SIMDINET_API void simdinet_services_allow_stale(int allow);

/**
 * Python's getservbyname, getservbyname_r: stores the port of a service, in host order, to *port.
 * Errors: E_NOTFOUND, E_NUL, E_VALUE, E_NOMEM; E_ERRNO if the lookup failed in the system.
 */
SIMDINET_API int simdinet_getservbyname(const char *name, size_t name_len, const char *proto,
                                        size_t proto_len, uint16_t *port, simdinet_error *error);

/**
 * Python's getservbyport, getservbyport_r: writes the name of the service at a port, in host order,
 * and a NUL to buf, which holds size bytes, and the length without the NUL to *out_len, which may
 * be NULL. Errors: E_RANGE if port is not 0 to 65535, E_NOTFOUND, E_NOSPACE, E_NUL, E_NOMEM;
 * E_ERRNO if the lookup failed in the system.
 */
SIMDINET_API int simdinet_getservbyport(int64_t port, const char *proto, size_t proto_len,
                                        char *buf, size_t size, size_t *out_len,
                                        simdinet_error *error);

/**
 * Python's getprotobyname, getprotobyname_r: stores the number of the protocol with a name or alias
 * to *number. Errors: E_NOTFOUND, E_NUL, E_VALUE, E_NOMEM; E_ERRNO if the lookup failed in the
 * system.
 */
SIMDINET_API int simdinet_getprotobyname(const char *name, size_t name_len, int *number,
                                         simdinet_error *error);

/**
 * glibc's getservbyname_r, getservbyport_r (port in network order) and getprotobyname_r: the whole
 * entry with its aliases. Strings and pointers are stored in buf, which holds buflen bytes; 1024
 * suffice for common files. Input is NUL-terminated; name must not be NULL.
 *
 * Return 0 with *result pointing to entry, or NULL if there is no such entry; or an error number
 * with *result NULL: ERANGE if the C library finds buf too small, or another error of the C
 * library. errno is set to the value returned.
 * @{
 */
SIMDINET_API int simdinet_getservbyname_r(const char *name, const char *proto,
                                          struct servent *entry, char *buf, size_t buflen,
                                          struct servent **result);
SIMDINET_API int simdinet_getservbyport_r(int port, const char *proto, struct servent *entry,
                                          char *buf, size_t buflen, struct servent **result);
SIMDINET_API int simdinet_getprotobyname_r(const char *name, struct protoent *entry, char *buf,
                                           size_t buflen, struct protoent **result);
/** @} */

/** @} */

/* ---- interfaces ------------------------------------------------------------------------------ */

/**
 * @defgroup interfaces Interfaces
 * @{
 */

/**
 * POSIX if_nametoindex, if_indextoname, if_nameindex and if_freenameindex. Each call queries the
 * system; nothing is cached. Errors are in errno:
 *
 * - nametoindex returns 0 if no interface has the name (ENODEV; Linux truncates names at ':');
 * - indextoname writes the name and returns it, or returns NULL (ENXIO);
 * - nameindex returns an array that ends with {0, NULL}, or NULL (ENOBUFS if out of memory, and
 *   others); free it with simdinet_if_freenameindex. Interfaces that are added or removed during
 *   the call may be missing.
 * @{
 */
SIMDINET_API unsigned simdinet_if_nametoindex(const char *name);
SIMDINET_API char *simdinet_if_indextoname(unsigned index, char name[IF_NAMESIZE]);
SIMDINET_API struct if_nameindex *simdinet_if_nameindex(void);
SIMDINET_API void simdinet_if_freenameindex(struct if_nameindex *array);
/** @} */

/** @} */

/* ---- this host ------------------------------------------------------------------------------- */

/**
 * @defgroup host This host
 * @{
 */

/**
 * POSIX gethostname: writes the name of this host and a NUL to name, which holds len bytes; 65
 * always suffice on Linux. Returns 0; or -1 with errno ENAMETOOLONG if it does not fit (with musl:
 * 0, and the name is truncated).
 */
SIMDINET_API int simdinet_gethostname(char *name, size_t len);

/**
 * Linux and BSD sethostname: sets the name of this host (of this UTS namespace) to the len bytes at
 * name. Any bytes are allowed, also none; readers see the name up to its first NUL. Returns 0; or
 * -1 with errno EPERM without CAP_SYS_ADMIN, whatever the length, EINVAL if len is above 64,
 * EFAULT.
 */
SIMDINET_API int simdinet_sethostname(const char *name, size_t len);

/** @} */

/* ---- descriptors and the default timeout ----------------------------------------------------- */

/**
 * @defgroup descriptors Descriptors and the default timeout
 * @{
 */

/**
 * Closes a descriptor as Python's socket.close does. ECONNRESET is success: the descriptor is
 * closed. Any other error is E_ERRNO, including EINTR, after which the call must not be repeated:
 * on Linux the descriptor is closed then too.
 */
SIMDINET_API int simdinet_close(int fd, simdinet_error *error);

/**
 * Sets the default timeout of the process, which simdinet_socket applies to new sockets; initially
 * there is none. It is stored atomically, in whole nanoseconds, rounded away from zero; -0.0 is 0.
 * Errors, with the old value kept: E_RANGE if the nanoseconds do not fit in an int64_t, as for
 * infinities; E_VALUE for NaN and negative values.
 */
SIMDINET_API int simdinet_setdefaulttimeout(double seconds, simdinet_error *error);

/** Removes the default timeout. Returns SIMDINET_OK; it cannot fail. */
SIMDINET_API int simdinet_setdefaulttimeout_none(void);

/**
 * Stores the default timeout in seconds to *seconds and returns 1; or returns 0, with *seconds
 * unchanged, if there is none.
 */
SIMDINET_API int simdinet_getdefaulttimeout(double *seconds);

/**
 * POSIX socket with the additions of Python's socket(): the descriptor has FD_CLOEXEC, and the
 * default timeout is applied as simdinet_applydefaulttimeout does, except to a type with
 * SOCK_NONBLOCK. Returns a descriptor; or -1 with E_ERRNO or E_NOMEM in *error, and errno set.
 */
SIMDINET_API int simdinet_socket(int domain, int type, int protocol, simdinet_error *error);

/**
 * Applies the default timeout to a socket from elsewhere, such as accept or socketpair. Without a
 * default timeout the socket is unchanged. Otherwise it becomes non-blocking, as in Python, which
 * polls before each call; and a timeout above 0 is also set as SO_RCVTIMEO and SO_SNDTIMEO (which
 * the kernel rounds up to its ticks of 1 to 10 ms), to be read back, and to take effect if the
 * caller clears O_NONBLOCK. Errors: E_ERRNO, E_NOMEM.
 */
SIMDINET_API int simdinet_applydefaulttimeout(int fd, simdinet_error *error);

/** @} */

/* ---- control messages ------------------------------------------------------------------------ */

/**
 * @defgroup cmsg Control messages
 * @{
 */

/**
 * CMSG_LEN and CMSG_SPACE (RFC 3542) with a range check: the size in bytes of a control message
 * with n bytes of data, without and with trailing padding. Store it to *out and return SIMDINET_OK;
 * or return E_RANGE with *out unchanged if n is negative or above INT_MAX - CMSG_LEN(0), for space
 * INT_MAX - CMSG_SPACE(1), as in Python.
 * @{
 */
SIMDINET_API int simdinet_cmsg_len(int64_t n, size_t *out);
SIMDINET_API int simdinet_cmsg_space(int64_t n, size_t *out);
/** @} */

/** @} */

#ifdef __cplusplus
}
#endif

#endif
