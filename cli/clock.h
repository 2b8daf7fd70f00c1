/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * clock.h - a monotonic clock for intervals.
 */
#ifndef SIMDINET_CLOCK_H
#define SIMDINET_CLOCK_H

/* Seconds since an arbitrary start. */
double clock_seconds(void);

#endif
