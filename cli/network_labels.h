/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_labels.h - which network of a list an address is in, and the label of that network.
 */
#ifndef SIMDINET_NETWORK_LABELS_H
#define SIMDINET_NETWORK_LABELS_H

#include "network_ranges.h"

typedef struct network_labels network_labels;

/* NULL: out of memory. */
network_labels *network_labels_new(void);
void network_labels_free(network_labels *labels);

/* As network_set_keep_mapped. */
void network_labels_keep_mapped(network_labels *labels);

/*
 * Adds a network with a label, which may be empty; classes as the blocks that they consist of, with their
 * name for a label. False: out of memory.
 */
bool network_labels_add(network_labels *labels, const network_item *item, const char *label,
                        size_t len);

/* Builds the index, after the last addition. False: out of memory. */
bool network_labels_build(network_labels *labels);

/* A network that was added. */
typedef struct {
    network_range range;
    const char *label;
    size_t label_len;
} network_label;

/*
 * Finds the network of an address: of several, the one with the fewest addresses; of equal ones, the last
 * that was added. A mapped address is the IPv4 address in it unless only a network of IPv6 holds it, or
 * network_labels_keep_mapped was called. False: none.
 */
bool network_labels_find(const network_labels *labels, const uint8_t *address, bool ipv6,
                         network_label *out);

#endif
