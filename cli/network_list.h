/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_list.h - networks from arguments and from files.
 */
#ifndef SIMDINET_NETWORK_LIST_H
#define SIMDINET_NETWORK_LIST_H

#include "network_set.h"

/* Adds the network that an argument names. False: logged. */
bool network_set_add_argument(network_set *set, const char *text);

/* Adds one network per line of a file; "#" and ";" start a comment. False: logged. */
bool network_set_add_file(network_set *set, const char *name);

#endif
