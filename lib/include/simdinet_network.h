/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_network.h - networks and ranges of IP addresses.
 *
 * Every function is thread-safe and reentrant unless its comment says otherwise. No function
 * allocates memory unless its comment says so; none prints or aborts, and none sets errno.
 *
 * As in simdinet.h, text is a pointer and a length: input need not be NUL-terminated, and text may
 * be NULL when len is 0. Addresses are bytes in network order. A family is 4 or 6; an address
 * argument next to a family points to 4 bytes or to 16. Members and results of 16 bytes have an
 * IPv4 address in the first 4, zeros follow. Output may be the same object as input.
 */
#ifndef SIMDINET_NETWORK_H
#define SIMDINET_NETWORK_H

#include "simdinet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- networks -------------------------------------------------------------------------------- */

/** One network. */
typedef struct simdinet_network {
    uint8_t address[16];   /**< network order; IPv4 takes the first 4, zeros follow */
    uint8_t family;        /**< 4 or 6 */
    uint8_t prefix_length; /**< 0 to 32 or 0 to 128 */
} simdinet_network;

/* ---- ranges ---------------------------------------------------------------------------------- */

/** The addresses of one family from first to last, both included. first is not after last. */
typedef struct simdinet_range {
    uint8_t first[16]; /**< network order; IPv4 takes the first 4, zeros follow */
    uint8_t last[16];  /**< the same */
    uint8_t family;    /**< 4 or 6 */
} simdinet_range;

#ifdef __cplusplus
}
#endif

#endif
