/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cmsg.c - CMSG_LEN and CMSG_SPACE with a range check.
 */
#include "simdinet_socket.h"

#include <limits.h>

int simdinet_cmsg_len(int64_t n, size_t *out) {
    if (n < 0 || n > INT_MAX - (int64_t)CMSG_LEN(0))
        return SIMDINET_E_RANGE;
    *out = CMSG_LEN((size_t)n);
    return SIMDINET_OK;
}

/* As in Python, the bound subtracts a whole unit of padding, whether n needs it or not. */
int simdinet_cmsg_space(int64_t n, size_t *out) {
    if (n < 0 || n > INT_MAX - (int64_t)CMSG_SPACE(1))
        return SIMDINET_E_RANGE;
    *out = CMSG_SPACE((size_t)n);
    return SIMDINET_OK;
}
