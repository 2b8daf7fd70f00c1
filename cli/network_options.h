/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_options.h - the networks that options name.
 */
#ifndef SIMDINET_NETWORK_OPTIONS_H
#define SIMDINET_NETWORK_OPTIONS_H

#include "option_table.h"

/* Reads the sources of the options to the filter, and to labels if they are needed. False: logged. */
bool network_options_load(options *given);

void network_options_free(options *given);

#endif
