/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_list.h - networks from arguments and from files.
 */
#ifndef SIMDINET_NETWORK_LIST_H
#define SIMDINET_NETWORK_LIST_H

#include "network_parse.h"

/*
 * Takes the items of a line or of an argument, as parsed. label is empty in an argument and where a line
 * has none. False: logged; reading ends.
 */
typedef bool network_sink(void *context, const network_item *item, const char *label,
                          size_t label_len);

/* Whether a text is networks separated by commas. */
bool network_is_argument(const char *text);

/* Reads an argument, a list of networks separated by commas. False: logged. */
bool network_read_argument(const char *text, network_sink *sink, void *context);

/*
 * Reads a file. A line has networks separated by commas, and after them, past a comma or a blank, a
 * label; "#" and ";" start a comment. With skip_invalid, an invalid line is logged and left out. False:
 * logged.
 */
bool network_read_file(const char *name, bool skip_invalid, network_sink *sink, void *context);

#endif
