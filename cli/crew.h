/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * crew.h - the order in which the threads of a crew print.
 */
#ifndef SIMDINET_CREW_H
#define SIMDINET_CREW_H

#include <stdbool.h>
#include <stdint.h>

struct crew;

/*
 * Waits until everything that stands before a piece of the input is printed. From then on until the
 * piece is through, its thread may write. False: the crew shall stop.
 */
bool crew_await_turn(struct crew *crew, uint64_t ticket);

#endif
