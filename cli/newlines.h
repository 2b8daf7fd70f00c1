/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SIMDINET_NEWLINES_H
#define SIMDINET_NEWLINES_H

#include <stddef.h>
#include <stdint.h>

uint64_t count_newlines(const char *text, size_t len);

#endif
