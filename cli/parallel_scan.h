/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parallel_scan.h - scans a large file with several threads; the output keeps the order of the input.
 */
#ifndef SIMDINET_PARALLEL_SCAN_H
#define SIMDINET_PARALLEL_SCAN_H

#include "scan_range.h"

/* The limit of --threads: more exceed the memory bandwidth, and the memory that the manual promises. */
enum { MAX_THREADS = 32 };

/* Whether the input is large enough, and the output allows it. */
bool can_scan_parallel(const scan_job *job, const input *in);

/*
 * Scans the input and adds to counts. False: it could not be read to its end, for *reason; or, if that
 * is unchanged, the sink failed or the job was stopped.
 */
bool scan_parallel(scan_job *job, input *in, scan_counts *counts, const char **reason);

#endif
