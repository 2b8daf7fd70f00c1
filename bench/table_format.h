// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// table_format.h - formatting with a table of 256 ready-made strings and nothing else.
//
// libc's inet_ntop goes through sprintf up to glibc 2.41 and is easy to beat. This is what a good
// programmer writes in an afternoon, for no instruction set in particular: the baseline that
// counts. It stands in a file of its own so that it is called as all the others are, not inlined.
#ifndef BENCH_TABLE_FORMAT_H
#define BENCH_TABLE_FORMAT_H

#include <cstdint>

namespace table_format {

// Write the text and its NUL and return where the NUL stands. Room for 16 and 46 bytes is needed,
// and bytes behind the NUL may be written.
char *ipv4(const uint8_t *address, char *out);
char *ipv6(const uint8_t *address, char *out);

} // namespace table_format

#endif
