/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_list.h - what the files of lists and sets of networks share.
 */
#ifndef SIMDINET_NETWORK_LIST_H
#define SIMDINET_NETWORK_LIST_H

#include "simdinet_network_set.h"

/* The order of valid networks with no bit set past their prefix lengths; negative, 0 or positive. */
int simdinet_network_order(const simdinet_network *a, const simdinet_network *b);

#endif
