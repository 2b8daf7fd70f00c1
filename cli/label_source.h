/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_source.h - the label of an address, and the network that it belongs to.
 */
#ifndef SIMDINET_LABEL_SOURCE_H
#define SIMDINET_LABEL_SOURCE_H

#include "label_database.h"
#include "network_labels.h"

/* Where labels come from: from a database if there is one. */
typedef struct {
    network_labels *networks;
    label_database *database;
} label_source;

enum { NETWORK_TEXT_SIZE = NETWORK_RANGE_TEXT_SIZE };

/* The text of a network, and its label. Not to be copied. */
typedef struct {
    char network[NETWORK_TEXT_SIZE];
    size_t network_len;
    const char *label; /* in found, or valid as long as the source */
    size_t label_len;
    database_label found;
} address_label;

/* Finds the network of an address. False: none; then both texts are empty. */
bool label_source_find(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out);

/* The same without the text of a network that has a label. One of a list that has none is its own label. */
void label_source_name(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out);

/* Whether a lookup failed, which is logged. */
bool label_source_failed(const label_source *source);

#endif
