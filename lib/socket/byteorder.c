/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * byteorder.c - htonl, htons, ntohl, ntohs and their checked forms.
 */
#include "simdinet_socket.h"

#include <arpa/inet.h>

uint32_t simdinet_htonl(uint32_t host) {
    return htonl(host);
}

uint16_t simdinet_htons(uint16_t host) {
    return htons(host);
}

uint32_t simdinet_ntohl(uint32_t net) {
    return ntohl(net);
}

uint16_t simdinet_ntohs(uint16_t net) {
    return ntohs(net);
}

int simdinet_htonl_checked(int64_t x, int legacy, uint32_t *out) {
    (void)legacy;
    if (x < 0 || x > UINT32_MAX)
        return SIMDINET_E_RANGE;
    *out = htonl((uint32_t)x);
    return SIMDINET_OK;
}

int simdinet_htons_checked(int64_t x, int legacy, uint16_t *out) {
    if (x < 0 || x > (legacy ? INT32_MAX : UINT16_MAX))
        return SIMDINET_E_RANGE;
    *out = htons((uint16_t)x);
    return SIMDINET_OK;
}

/* Both directions are the same operation. */
int simdinet_ntohl_checked(int64_t x, int legacy, uint32_t *out) {
    return simdinet_htonl_checked(x, legacy, out);
}

int simdinet_ntohs_checked(int64_t x, int legacy, uint16_t *out) {
    return simdinet_htons_checked(x, legacy, out);
}
