/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * capture_scan.h - the addresses of a packet capture, as matches in a text.
 *
 * A capture reads as one line for each packet, "SOURCE > DESTINATION", with ": SOURCE > DESTINATION"
 * for each inner IP header; the line of a packet without an IP header is empty. The text is written only
 * for sinks that use it.
 */
#ifndef SIMDINET_CAPTURE_SCAN_H
#define SIMDINET_CAPTURE_SCAN_H

#include "scan_range.h"

/*
 * Scans an input for which input.capture is set. False: a read failed or the capture is damaged (*reason
 * is set, valid until input_close), the sink failed, or the job was stopped.
 */
bool scan_capture(range_scanner *scanner, input *in, scan_counts *counts, const char **reason);

/* Loads libpcap. NULL: loaded; else why captures cannot be read. */
const char *capture_load(void);

#endif
