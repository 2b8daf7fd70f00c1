/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * progress.h - a progress line on stderr for work that takes more than a second.
 */
#ifndef SIMDINET_PROGRESS_H
#define SIMDINET_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Enables the line if stderr is a terminal and nothing else writes to that terminal meanwhile: stdout
 * is neither a terminal nor a pipe, or prints_last says that all output comes at the end. The functions
 * below are no-ops until then.
 */
void progress_enable(bool prints_last);

/* Starts the next input of this size in bytes; 0: unknown, no line is shown. */
void progress_next(uint64_t size);

/* Counts bytes read. Thread-safe. */
void progress_add(size_t bytes);

/* Erases the line before other output goes to the terminal. */
void progress_clear(void);

#endif
