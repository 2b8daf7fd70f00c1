/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_socket.h - the naming functions of the socket interface on top of the address engine.
 *
 * Two families. Functions that POSIX shapes well have the POSIX shape under our prefix: a program
 * switches by renaming. Functions that POSIX leaves with static buffers, or that only other
 * languages know, have reentrant shapes: they return a simdinet_status, take texts as (pointer,
 * length), and leave their out-parameters as they were unless they return SIMDINET_OK.
 *
 * Every function is thread-safe: nothing is kept in static buffers. The sections "text and
 * addresses", "byte order" and "control messages" are async-signal-safe as well, the first of them
 * after the first call of a process, as simdinet.h has it; nothing else is.
 *
 * In the child of a fork everything works, whatever other threads were doing, but for what goes to
 * the C library's resolver: a lock of its own that another thread held stays taken there. A call
 * with a deadline ends even then.
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
 * Declared here for programs that are compiled as plain C11, where <netdb.h> hides them.
 * @{
 */
struct addrinfo;
struct if_nameindex;
/** @} */

/* ---- statuses and errors ---------------------------------------------------------------------- */

/**
 * @defgroup errors Statuses and errors
 * @{
 */

/** What the reentrant functions return. The values are stable; new ones are added at the end. */
typedef enum simdinet_status {
    SIMDINET_OK = 0,
    SIMDINET_E_RANGE = 1,     /**< a number outside the range of its type */
    SIMDINET_E_VALUE = 2,     /**< an invalid argument: NULL, NaN, a negative time */
    SIMDINET_E_NUL = 3,       /**< a NUL inside a text */
    SIMDINET_E_ERRNO = 4,     /**< a system call failed: see sys_errno */
    SIMDINET_E_GAI = 5,       /**< getaddrinfo or getnameinfo failed: detail is an EAI code */
    SIMDINET_E_HERR = 6,      /**< a host lookup failed: detail is an h_errno, 1 to 4 */
    SIMDINET_E_NOTFOUND = 7,  /**< no such service, protocol or interface */
    SIMDINET_E_AMBIGUOUS = 8, /**< a wildcard that stands for more than one address */
    SIMDINET_E_SHAPE = 9,     /**< an IPv4 address with flowinfo or scope, which only IPv6 has */
    SIMDINET_E_NOSPACE = 10,  /**< the buffer is too small: see needed */
    SIMDINET_E_NOMEM = 11     /**< out of memory: sys_errno is ENOMEM */
} simdinet_status;

/**
 * The details of a failed call. Functions that take a pointer to one set every member on failure, the
 * reserved ones to 0, and leave it unchanged on success; the pointer may be NULL. Later versions take
 * members from reserved, so that the size stays: set it to 0 in an error that is passed to
 * simdinet_strerror.
 *
 * Out of memory is always E_NOMEM, also where the C library reports EAI_MEMORY or an unknown host. Out of
 * descriptors is E_ERRNO, or E_GAI with EAI_SYSTEM, and not an unknown host either; simdinet_getaddrinfo
 * has one exception.
 */
typedef struct simdinet_error {
    int status;         /**< a simdinet_status */
    int detail;         /**< EAI_* with E_GAI, h_errno with E_HERR, else 0 */
    int sys_errno;      /**< errno if the system set one, else 0 */
    size_t needed;      /**< with E_NOSPACE: the size that suffices, NUL included; else 0 */
    size_t reserved[4]; /**< 0 */
} simdinet_error;

/**
 * Writes what an error means, in the words of gai_strerror, hstrerror or strerror where it comes
 * from there, to buf, cut to fit in cap bytes with its NUL. error is not NULL; buf may be where cap
 * is 0. Returns the length of the whole text.
 */
SIMDINET_API size_t simdinet_strerror(const simdinet_error *error, char *buf, size_t cap);

/** Gives back a block that a function of this header says is freed so. NULL is fine. */
SIMDINET_API void simdinet_free(void *block);

/** As the length of a text: it ends at its NUL. */
#define SIMDINET_ZSTR ((size_t)-1)

/** @} */

/* ---- text and addresses ----------------------------------------------------------------------- */

/**
 * @defgroup inet Text and addresses
 * @{
 */

/**
 * POSIX inet_pton: reads the NUL-terminated text src as an address of the family af, AF_INET (4
 * bytes to dst) or AF_INET6 (16 bytes). The grammar is that of simdinet_parse_ipv4 and _ipv6.
 * Returns 1; 0 for a text that is no address; -1 with errno EAFNOSUPPORT for another family,
 * whatever the text. dst is written only on 1.
 */
SIMDINET_API int simdinet_inet_pton(int af, const char *src, void *dst);

/**
 * POSIX inet_ntop: writes the address at src, of the family AF_INET or AF_INET6, as text and a NUL
 * to dst, which has room for size bytes. INET_ADDRSTRLEN and INET6_ADDRSTRLEN always suffice.
 * Returns dst; or NULL, with dst untouched, and errno EAFNOSUPPORT for another family, ENOSPC when
 * size is too small for this address. No byte behind the NUL is written.
 */
SIMDINET_API const char *simdinet_inet_ntop(int af, const void *src, char *dst, socklen_t size);

/**
 * BSD inet_aton as glibc has it: one to four parts separated by dots, each decimal, octal (leading
 * 0) or hexadecimal (leading 0x), the last one filling the bytes that remain: "127.1",
 * "0x7f000001".
 * Behind the last part the text ends, or white space stands and anything after it.
 * Returns 1, with the address in inp; 0 for anything else, with inp as it was. inp may be NULL.
 */
SIMDINET_API int simdinet_inet_aton(const char *cp, struct in_addr *inp);

/**
 * inet_ntoa without its static buffer: writes dotted decimal text and a NUL to out, 8 to 16 bytes.
 * Returns SIMDINET_OK; it cannot fail.
 */
SIMDINET_API int simdinet_inet_ntoa(struct in_addr in, char out[SIMDINET_IPV4_TEXT_SIZE]);

/** @} */

/* ---- byte order ------------------------------------------------------------------------------- */

/**
 * @defgroup byteorder Byte order of one number
 * @{
 */

/**
 * POSIX htonl, htons, ntohl, ntohs: host order to network order (big-endian) and back.
 * @{
 */
SIMDINET_API uint32_t simdinet_htonl(uint32_t host);
SIMDINET_API uint16_t simdinet_htons(uint16_t host);
SIMDINET_API uint32_t simdinet_ntohl(uint32_t net);
SIMDINET_API uint16_t simdinet_ntohs(uint16_t net);
/** @} */

/**
 * The same for a number whose range is not known yet, as a language binding has it. Return
 * SIMDINET_OK and store to *out; or SIMDINET_E_RANGE, with *out as it was, when x is negative or
 * above what the type holds. With legacy not 0 the 16-bit forms take the low 16 bits of numbers up
 * to 2^31 - 1, as Python 3.7 to 3.9 did; the 32-bit forms ignore legacy.
 * @{
 */
SIMDINET_API int simdinet_htonl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_htons_checked(int64_t x, int legacy, uint16_t *out);
SIMDINET_API int simdinet_ntohl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_ntohs_checked(int64_t x, int legacy, uint16_t *out);
/** @} */

/** @} */

/* ---- names to addresses ----------------------------------------------------------------------- */

/**
 * @defgroup resolver Names to addresses
 * @{
 */

/**
 * POSIX getaddrinfo. The answers are the system's own, byte for byte, in its order. Numeric hosts
 * with numeric services (or none) are answered here, without the system's resolver; services by
 * name come from the tables of the section "services and protocols"; everything else, AI_ADDRCONFIG
 * and hints of NULL among it (in the C library NULL stands for AI_V4MAPPED | AI_ADDRCONFIG), is
 * handed to the C library.
 *
 * Returns 0 and stores a list to *res, which simdinet_freeaddrinfo frees; or an EAI code, with *res
 * as it was, and errno where the code is EAI_SYSTEM. gai_strerror has the texts of the codes. Where
 * memory or descriptors are short, or a disk fails, the code is EAI_MEMORY or EAI_SYSTEM, also where
 * glibc says that there is no such name. (It says so, too, of the name of an interface behind an
 * address while no descriptor is left, and of hosts in a file that it may not open.)
 *
 * As glibc does, and POSIX does not ask: "*" is NULL for node and service; a service of "" is none;
 * port numbers are cut to 16 bits ("65616" is 80); numbers whose low 32 bits are negative are taken
 * for names. Not for the C library's freeaddrinfo: a list is one block.
 */
SIMDINET_API int simdinet_getaddrinfo(const char *node, const char *service,
                                      const struct addrinfo *hints, struct addrinfo **res);

/**
 * The same with a bound on time: returns EAI_SYSTEM with errno ETIMEDOUT once timeout_ms
 * milliseconds have passed without an answer. A negative timeout_ms waits as long as it takes; 0
 * takes only what needs no waiting.
 *
 * What is answered without the system costs nothing more. For the rest a thread is started that
 * makes the system's call, for that call cannot be interrupted: some tens of microseconds. A call
 * that times out leaves its thread behind, without a result to return and with all signals blocked
 * but those of faults and of a sandbox, until the system's resolver gives up by itself (with the usual
 * resolv.conf: after 10 seconds for each name server). At most 64 such threads exist at once, those of
 * calls still waited for included: a call beyond them waits for one to end, and times out when none
 * does. Where no thread can be started the answer is EAI_SYSTEM with the errno of pthread_create. A
 * shared library must not be unloaded while one runs.
 */
SIMDINET_API int simdinet_getaddrinfo_deadline(const char *node, const char *service,
                                               const struct addrinfo *hints, int64_t timeout_ms,
                                               struct addrinfo **res);

/**
 * POSIX freeaddrinfo for lists of the two functions above, and of these only. Frees a part of a
 * list too, from the given entry on, as POSIX asks; different threads may free different parts.
 * NULL is fine.
 */
SIMDINET_API void simdinet_freeaddrinfo(struct addrinfo *list);

/**
 * The IPv4 address of a host as dotted decimal text: Python's gethostbyname. "" is 0.0.0.0,
 * `<broadcast>` is 255.255.255.255, every form that simdinet_inet_aton reads in full is itself, and
 * a name gives the first IPv4 address of simdinet_getaddrinfo.
 *
 * Writes 8 to 16 bytes to out and returns SIMDINET_OK; or E_GAI, E_NUL, E_NOMEM, or E_VALUE when s
 * is NULL. A system error behind E_GAI with EAI_SYSTEM is in sys_errno.
 */
SIMDINET_API int simdinet_gethostbyname(const char *s, size_t len,
                                        char out[SIMDINET_IPV4_TEXT_SIZE], simdinet_error *error);

/**
 * A host. The library allocates it, as one block with everything that it points to; free it with
 * simdinet_free. Later versions may append members: do not copy it by value, or put it in an array.
 */
typedef struct simdinet_hostent {
    const char *name; /**< its canonical name */
    size_t naliases;  /**< how many */
    const char *const
        *aliases;  /**< other names, in the system's order, duplicates kept; then NULL */
    int family;    /**< AF_INET or AF_INET6, of all addresses */
    size_t naddrs; /**< how many */
    const uint8_t (*addrs)[16]; /**< in network order; an IPv4 address takes the first 4 bytes */
} simdinet_hostent;

/**
 * Canonical name, aliases and IPv4 addresses of a host: Python's gethostbyname_ex, and
 * gethostbyname2_r(AF_INET) without the buffer to be guessed. An address in digits and dots, the
 * last character no dot, is its own name. As in Python the name must first pass simdinet_gethostbyname; "0x7f.1", "" and
 * `<broadcast>` do and are then unknown to the second lookup (E_HERR with HOST_NOT_FOUND).
 *
 * Stores a block to *out. Errors: those of simdinet_gethostbyname; E_HERR; E_ERRNO when the system
 * failed otherwise.
 */
SIMDINET_API int simdinet_gethostbyname_ex(const char *s, size_t len, simdinet_hostent **out,
                                           simdinet_error *error);

/**
 * Canonical name and aliases of the host with this address: Python's gethostbyaddr, and
 * gethostbyaddr_r behind it. s is IPv4 or IPv6 text, or a name, which stands for its first address.
 * A zone behind '%' plays no part; an IPv4-mapped address is looked up as IPv6.
 *
 * Stores a block to *out. Errors: those of simdinet_gethostbyname_ex; E_AMBIGUOUS for "".
 */
SIMDINET_API int simdinet_gethostbyaddr(const char *s, size_t len, simdinet_hostent **out,
                                        simdinet_error *error);

/**
 * The fully qualified name of a host: Python's getfqdn (3.10 and later). White space around s is
 * dropped; nothing left, NULL, "0.0.0.0" and "::" mean this host. The first name of
 * simdinet_gethostbyaddr with a dot in it, aliases included, or else its name; a host that cannot
 * be looked up keeps the name it came with, unless it was memory that was short.
 *
 * Writes the name and its NUL to buf, which has room for cap bytes, and its length without the NUL
 * to *outlen, which may be NULL. Errors: E_NOSPACE, E_NUL, E_NOMEM; E_ERRNO from gethostname.
 */
SIMDINET_API int simdinet_getfqdn(const char *s, size_t len, char *buf, size_t cap, size_t *outlen,
                                  simdinet_error *error);

/** @} */

/* ---- addresses to names ----------------------------------------------------------------------- */

/**
 * @defgroup nameinfo Addresses to names
 * @{
 */

/**
 * POSIX getnameinfo with glibc's answers. With NI_NUMERICHOST the host is written here, without the
 * system (an interface name behind a link-local address takes one if_indextoname); the service
 * comes from the tables of the section "services and protocols", or is written as a number with
 * NI_NUMERICSERV. Only reverse lookups of hosts go to the C library.
 *
 * Returns 0 with NUL-terminated texts in host (hostlen bytes) and serv (servlen bytes); a buffer
 * that is NULL or of length 0 is not wanted. NI_MAXHOST always suffices, NI_MAXSERV does for every
 * name that is registered. Or an EAI code:
 * EAI_BADFLAGS, EAI_FAMILY (also an address that is too short), EAI_OVERFLOW (a buffer too small),
 * EAI_NONAME with NI_NAMEREQD, and those of the resolver. The buffers' contents are then undefined.
 */
SIMDINET_API int simdinet_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                                      socklen_t hostlen, char *serv, socklen_t servlen, int flags);

/**
 * The same from text: Python's getnameinfo. host is a numeric address; port is taken as
 * simdinet_getaddrinfo takes its decimal text (65616 is 80); nitems, 2 to 4, says how many of host,
 * port, flowinfo and scope were given. flowinfo (host order) and scope replace what host says after
 * a '%'. flags are NI_*.
 *
 * Writes to h (hcap bytes) and s (scap bytes). Errors: E_RANGE for flowinfo above 0xfffff; E_SHAPE
 * for an IPv4 address with more than two items; E_AMBIGUOUS for "*"; E_GAI; E_NOSPACE, with needed
 * for h if it is h that is too small, else for s; E_NUL; E_VALUE for NULL or nitems out of range;
 * E_NOMEM.
 */
SIMDINET_API int simdinet_getnameinfo_text(const char *host, size_t hlen, int64_t port, int nitems,
                                           uint32_t flowinfo, uint32_t scope, int flags, char *h,
                                           size_t hcap, char *s, size_t scap,
                                           simdinet_error *error);

/** @} */

/* ---- services and protocols ------------------------------------------------------------------- */

/**
 * @defgroup services Services and protocols
 *
 * Answers come from tables of /etc/services and /etc/protocols, parsed once and looked up without
 * the system, as long as nsswitch.conf has "files" for them (or "db" too, with no such database
 * present); with anything else in it these functions ask the C library. Each call checks its file
 * with one stat and reads it again when it has changed; nsswitch.conf is checked once a second. A
 * file that is missing or cannot be read is tried again after a second; till then the C library is
 * asked, which reads the file itself and so finds one that comes at once. A table is replaced as a
 * whole: no call sees half of one. Every thread that calls keeps the table it used last until it
 * has another one or ends.
 *
 * Names, aliases and protocols are compared with their case; the first line of the file wins. proto
 * NULL means any; "" is none. Texts with a NUL within are E_NUL, a NULL name is E_VALUE.
 *
 * @{
 */

/**
 * With allow not 0: check the files no more than once a second, in the whole process, so that an
 * edited file is seen a second late. The default, and what 0 returns to, is one stat for each call.
 */
SIMDINET_API void simdinet_services_allow_stale(int allow);

/**
 * The port, in host order, of a service: getservbyname_r and Python's getservbyname.
 * Errors: E_NOTFOUND, E_NUL, E_VALUE, E_NOMEM; E_ERRNO when the system could not look.
 */
SIMDINET_API int simdinet_getservbyname(const char *name, size_t nlen, const char *proto,
                                        size_t plen, uint16_t *port, simdinet_error *error);

/**
 * The name of the service at a port, in host order: getservbyport_r and Python's getservbyport.
 * Writes the name and its NUL to buf (cap bytes), its length without the NUL to *len, which may be
 * NULL. Errors: E_RANGE for a port outside 0 to 65535, E_NOTFOUND, E_NOSPACE, E_NUL, E_NOMEM;
 * E_ERRNO when the system could not look.
 */
SIMDINET_API int simdinet_getservbyport(int64_t port, const char *proto, size_t plen, char *buf,
                                        size_t cap, size_t *len, simdinet_error *error);

/**
 * The number of a protocol by its name or an alias: getprotobyname_r and Python's getprotobyname.
 * Errors: E_NOTFOUND, E_NUL, E_VALUE, E_NOMEM; E_ERRNO when the system could not look.
 */
SIMDINET_API int simdinet_getprotobyname(const char *name, size_t nlen, int *num,
                                         simdinet_error *error);

/**
 * glibc's getservbyname_r, getservbyport_r (port in network order) and getprotobyname_r: the whole
 * entry with its aliases. Its texts and pointers are stored to buf, which has room for buflen bytes;
 * 1024 suffice for common files. Texts end at their NUL; name is not NULL.
 *
 * Return 0 with *result pointing to entry, or NULL for an entry that does not exist; or an error
 * with *result NULL: ERANGE for a buffer that the C library finds too small, and whatever else it
 * meets with. errno is set to what is returned.
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

/* ---- interfaces ------------------------------------------------------------------------------- */

/**
 * @defgroup interfaces Interfaces
 * @{
 */

/**
 * POSIX if_nametoindex, if_indextoname, if_nameindex and if_freenameindex, as the system has them,
 * asked anew at every call. Python's functions of these names raise errors where these set errno:
 *
 * - nametoindex returns 0 for a name that no interface has (ENODEV; Linux cuts names at ':');
 * - indextoname writes to name and returns it, or NULL (ENXIO);
 * - nameindex returns an array that an entry of {0, NULL} ends, or NULL (ENOBUFS when memory is
 *   short, and others), to be freed with simdinet_if_freenameindex. Interfaces that come or go
 *   meanwhile may be missed.
 * @{
 */
SIMDINET_API unsigned simdinet_if_nametoindex(const char *name);
SIMDINET_API char *simdinet_if_indextoname(unsigned index, char name[IF_NAMESIZE]);
SIMDINET_API struct if_nameindex *simdinet_if_nameindex(void);
SIMDINET_API void simdinet_if_freenameindex(struct if_nameindex *array);
/** @} */

/** @} */

/* ---- this host -------------------------------------------------------------------------------- */

/**
 * @defgroup host This host
 * @{
 */

/**
 * POSIX gethostname: writes this host's name and a NUL to name, which has room for len bytes; 65
 * always suffice on Linux. Returns 0; or -1 with errno ENAMETOOLONG when it does not fit.
 */
SIMDINET_API int simdinet_gethostname(char *name, size_t len);

/**
 * The system's sethostname: names this host (this UTS namespace) after the len bytes at name; any
 * bytes do, also none; a NUL ends the name for those who read it. Returns 0; or -1 with errno EPERM
 * without CAP_SYS_ADMIN, whatever the length, EINVAL above 64 bytes, EFAULT.
 */
SIMDINET_API int simdinet_sethostname(const char *name, size_t len);

/** @} */

/* ---- descriptors and the default timeout ------------------------------------------------------ */

/**
 * @defgroup descriptors Descriptors and the default timeout
 * @{
 */

/**
 * Closes a descriptor as Python's socket.close does. ECONNRESET counts as success, for the
 * descriptor is gone and the peer's manners are no fault of the caller; every other error is
 * E_ERRNO, EINTR among it, which is not tried again: on Linux the descriptor is gone then too.
 */
SIMDINET_API int simdinet_close(int fd, simdinet_error *error);

/**
 * The default timeout of the process, none at the start: what simdinet_socket gives to the sockets
 * it makes. Set and read atomically. Seconds are kept as whole nanoseconds, rounded away from zero.
 * Errors, with the old value kept: E_RANGE when the nanoseconds do not fit in an int64_t,
 * infinities included; E_VALUE for NaN and for negative times. -0.0 is 0.
 */
SIMDINET_API int simdinet_setdefaulttimeout(double seconds, simdinet_error *error);

/** Sets no default timeout. Returns SIMDINET_OK; it cannot fail. */
SIMDINET_API int simdinet_setdefaulttimeout_none(void);

/** Stores the default timeout to *seconds and returns 1; or returns 0 for none. */
SIMDINET_API int simdinet_getdefaulttimeout(double *seconds);

/**
 * POSIX socket with what Python's socket() adds: the descriptor is closed on exec, and the default
 * timeout is applied to it as simdinet_applydefaulttimeout does. A type with SOCK_NONBLOCK stays
 * what it says. Returns a descriptor; or -1 with E_ERRNO or E_NOMEM in *error, and errno set.
 */
SIMDINET_API int simdinet_socket(int domain, int type, int protocol, simdinet_error *error);

/**
 * Applies the default timeout to a socket made elsewhere, by accept or socketpair. With none set
 * the socket stays as it is. Otherwise it becomes non-blocking, as in Python, whose timeouts are a
 * poll before the call; and a timeout above 0 is also set as SO_RCVTIMEO and SO_SNDTIMEO (which the
 * kernel rounds up to its ticks, 1 to 10 ms), where it can be read, and where it takes effect once
 * the caller clears O_NONBLOCK. Errors: E_ERRNO, E_NOMEM.
 */
SIMDINET_API int simdinet_applydefaulttimeout(int fd, simdinet_error *error);

/** @} */

/* ---- control messages ------------------------------------------------------------------------- */

/**
 * @defgroup cmsg Control messages
 * @{
 */

/**
 * CMSG_LEN and CMSG_SPACE for a number whose range is not known yet: the bytes of a control message
 * with n bytes of data, without and with the padding behind it. Store to *out and return
 * SIMDINET_OK; or E_RANGE, with *out as it was, when n is negative or too large: above INT_MAX -
 * CMSG_LEN(0), respectively INT_MAX - CMSG_SPACE(1), as Python bounds them.
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
