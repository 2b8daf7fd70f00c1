/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_mapping.h - the file of --mapping: a line "old,new" for each address that is replaced.
 *
 * The file receives whole lines, so that one that ends early has no part of an address.
 */
#ifndef SIMDINET_ADDRESS_MAPPING_H
#define SIMDINET_ADDRESS_MAPPING_H

#include "address_rewriter.h"

typedef struct address_mapping address_mapping;

/* Creates a file that did not exist. NULL: logged. */
address_mapping *address_mapping_create(const char *name);

/* Appends a line, unless the address of the match has one. False: logged. */
bool address_mapping_add(address_mapping *mapping, const simdinet_match *match,
                         const uint8_t *address, const address_rewriter *rewriter);

/* Writes the lines that are buffered. False: logged; the file ends with the last whole line that was written. */
bool address_mapping_flush(address_mapping *mapping);

/* Writes the rest, closes and frees a mapping, which may be NULL. False: logged, now or before. */
bool address_mapping_close(address_mapping *mapping);

#endif
