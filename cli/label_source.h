/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_source.h - the label of an address, and the network that it belongs to.
 */
#ifndef SIMDINET_LABEL_SOURCE_H
#define SIMDINET_LABEL_SOURCE_H

#include "network_labels.h"

/* Where labels come from. */
typedef struct {
    network_labels *networks;
} label_source;

enum { NETWORK_TEXT_SIZE = NETWORK_RANGE_TEXT_SIZE };

/* The text of a network, and its label. */
typedef struct {
    char network[NETWORK_TEXT_SIZE];
    size_t network_len;
    const char *label; /* valid as long as the source */
    size_t label_len;
} address_label;

/* Finds the network of an address. False: none; then both texts are empty. */
bool label_source_find(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out);

#endif
