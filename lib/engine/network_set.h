/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.h - a compiled set: one allocation, with the arrays of both tries after it.
 */
#ifndef SIMDINET_NETWORK_SET_INTERNAL_H
#define SIMDINET_NETWORK_SET_INTERNAL_H

#include "kernels/kernel.h"
#include "simdinet_network_set.h"

struct simdinet_network_set {
    simdinet_allocator allocator;
    size_t size;
    simdinet_network_trie ipv4, ipv6;
};

#endif
