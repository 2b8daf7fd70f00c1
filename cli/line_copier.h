/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * line_copier.h - copies lines, with other addresses in place of those in them.
 *
 * A thread copies the lines that start in its range. No match contains a line feed, and no rule of the
 * scan reads past one, so the result does not depend on the ranges.
 */
#ifndef SIMDINET_LINE_COPIER_H
#define SIMDINET_LINE_COPIER_H

#include "address_mapping.h"
#include "address_rewriter.h"
#include "network_set.h"
#include "scan_range.h"

/* The state of a job whose sink is line_copier_sink. */
typedef struct {
    rewrite_config rewrite;
    const address_filter *filter;
    bool is_plain_truncation; /* of all addresses, without a mapping */
    atomic_bool has_utf16;    /* the input has addresses in UTF-16 */
    address_mapping *mapping; /* receives each address before the text does; or is NULL */
} copy_config;

/* The look_ahead of such a job. */
enum { LINE_COPIER_LOOK_AHEAD = 72 };

extern const match_sink line_copier_sink;

#endif
