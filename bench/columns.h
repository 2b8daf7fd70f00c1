// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// columns.h - the corpora as columns and as lines, and what libc makes of them.
#ifndef BENCH_COLUMNS_H
#define BENCH_COLUMNS_H

#include "corpus.h"

#include <cstdint>
#include <string>
#include <vector>

struct Columns {
    int family; // 4 or 6
    size_t size;
    size_t count = 0;
    std::string bytes; // the values one behind the other
    std::vector<int32_t> offsets{0};
    std::string lines; // the same, an LF behind each
    std::string texts; // the same, a NUL behind each: what inet_pton can read
    std::vector<uint8_t> addresses, valid;
    size_t good = 0;

    // The texts of a corpus; of 1000, so many are replaced by texts of damaged that are no address.
    Columns(const corpus *c, const corpus *damaged, unsigned share);

    // A loop over inet_pton, as a program without columns has it; returns how many are addresses.
    size_t libc(uint8_t *out, uint8_t *bits) const;

  private:
    void add(const char *text);
};

#endif
