// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// table_format.h - formatting with a table of 256 strings, without an instruction set in particular.
//
// glibc's inet_ntop uses sprintf up to 2.41; this is the portable baseline to compare with. A separate
// file, so that it is called as the others are, not inlined.
#ifndef BENCH_TABLE_FORMAT_H
#define BENCH_TABLE_FORMAT_H

#include <cstdint>

namespace table_format {

// Write the text and a NUL and return a pointer to the NUL. The buffer has at least 16 and 46 bytes;
// bytes after the NUL may be written.
char *ipv4(const uint8_t *address, char *out);
char *ipv6(const uint8_t *address, char *out);

} // namespace table_format

#endif
