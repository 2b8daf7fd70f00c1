/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_class_table.h - the blocks of addresses that have classes of their own, in the order of
 * simdinet_network_compare: the last block that contains an address is the smallest.
 */
#ifndef SIMDINET_NETWORK_CLASS_TABLE_H
#define SIMDINET_NETWORK_CLASS_TABLE_H

#include "simdinet_network.h"

/* An IPv4 address takes the upper 32 bits of high. */
typedef struct {
    uint64_t high, low, high_mask, low_mask;
    uint32_t classes;
    uint8_t family, prefix_length;
    const char *name, *source;
} class_block;

enum { CLASS_BLOCKS = 56, IPV4_CLASS_BLOCKS = 28 };

extern const class_block simdinet_class_blocks[CLASS_BLOCKS];

#endif
