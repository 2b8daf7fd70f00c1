/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simdinet_socket.h - the naming functions of the socket interface on top of the address engine.
 *
 * Two families. Functions that POSIX shapes well have the POSIX shape under our prefix: a program
 * switches by renaming. Functions that POSIX leaves with static buffers, or that only other
 * languages know, have reentrant shapes and return a simdinet_status.
 *
 * Every function is thread-safe. Those of this part of the header are async-signal-safe as well.
 */
#ifndef SIMDINET_SOCKET_H
#define SIMDINET_SOCKET_H

#include "simdinet.h"

#include <netinet/in.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the reentrant functions return. The values are stable. */
typedef enum simdinet_status {
    SIMDINET_OK = 0,
    SIMDINET_E_RANGE = 1, /* a number outside what its type can hold on the wire */
} simdinet_status;

/* ---- text and addresses ----------------------------------------------------------------------- */

/*
 * POSIX inet_pton: reads the NUL-terminated text src as an address of the family af, AF_INET (4
 * bytes to dst) or AF_INET6 (16 bytes). The grammar is that of simdinet_parse_ipv4 and _ipv6.
 * Returns 1; 0 for a text that is no address; -1 with errno EAFNOSUPPORT for another family,
 * whatever the text. dst is written only on 1.
 */
SIMDINET_API int simdinet_inet_pton(int af, const char *src, void *dst);

/*
 * POSIX inet_ntop: writes the address at src, of the family AF_INET or AF_INET6, as text and a NUL
 * to dst, which has room for size bytes. INET_ADDRSTRLEN and INET6_ADDRSTRLEN always suffice.
 * Returns dst; or NULL, with dst untouched, and errno EAFNOSUPPORT for another family, ENOSPC when
 * size is too small for this address. No byte behind the NUL is written.
 */
SIMDINET_API const char *simdinet_inet_ntop(int af, const void *src, char *dst, socklen_t size);

/*
 * BSD inet_aton as glibc has it: one to four parts separated by dots, each decimal, octal (leading
 * 0) or hexadecimal (leading 0x), the last one filling the bytes that remain: "127.1", "0x7f000001".
 * Behind the last part the text ends, or white space stands and anything after it.
 * Returns 1, with the address in inp; 0 for anything else, with inp as it was. inp may be NULL.
 */
SIMDINET_API int simdinet_inet_aton(const char *cp, struct in_addr *inp);

/*
 * inet_ntoa without its static buffer: writes dotted decimal text and a NUL to out, 8 to 16 bytes.
 * Returns SIMDINET_OK; it cannot fail.
 */
SIMDINET_API int simdinet_inet_ntoa(struct in_addr in, char out[SIMDINET_IPV4_TEXT_SIZE]);

/* ---- byte order ------------------------------------------------------------------------------- */

/* POSIX htonl, htons, ntohl, ntohs: host order to network order (big-endian) and back. */
SIMDINET_API uint32_t simdinet_htonl(uint32_t host);
SIMDINET_API uint16_t simdinet_htons(uint16_t host);
SIMDINET_API uint32_t simdinet_ntohl(uint32_t net);
SIMDINET_API uint16_t simdinet_ntohs(uint16_t net);

/*
 * The same for a number whose range is not known yet, as a language binding has it. Return
 * SIMDINET_OK and store to *out; or SIMDINET_E_RANGE, with *out as it was, when x is negative or
 * above what the type holds. With legacy not 0 the 16-bit forms take the low 16 bits of numbers up
 * to 2^31 - 1, as Python 3.7 to 3.9 did; the 32-bit forms ignore legacy.
 */
SIMDINET_API int simdinet_htonl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_htons_checked(int64_t x, int legacy, uint16_t *out);
SIMDINET_API int simdinet_ntohl_checked(int64_t x, int legacy, uint32_t *out);
SIMDINET_API int simdinet_ntohs_checked(int64_t x, int legacy, uint16_t *out);

#ifdef __cplusplus
}
#endif

#endif
