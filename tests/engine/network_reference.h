/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_reference.h - slow parsers of networks, ranges and endpoints: they try every form of the
 * grammar at every separator, with libc's inet_pton.
 */
#ifndef NETWORK_REFERENCE_H
#define NETWORK_REFERENCE_H

#include "simdinet_network.h"

bool reference_network(const char *text, size_t len, bool clear_host_bits, simdinet_network *out);
bool reference_range(const char *text, size_t len, bool clear_host_bits, simdinet_range *out);
bool reference_endpoint(const char *text, size_t len, simdinet_endpoint *out);

/* Bit i of an address, 0 is the first. */
bool reference_bit(const uint8_t *address, unsigned i);
void reference_set_bit(uint8_t *address, unsigned i, bool value);

static inline unsigned reference_bits(unsigned af) {
    return af == 4 ? 32 : 128;
}

#endif
