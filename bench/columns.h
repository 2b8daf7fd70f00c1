// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// columns.h - the corpora as columns and as lines, and libc's results on them.
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
    std::string bytes; // the values, concatenated
    std::vector<int32_t> offsets{0};
    std::string lines; // with an LF after each
    std::string texts; // with a NUL after each, for inet_pton
    std::vector<uint8_t> addresses, valid;
    size_t good = 0;

    // The texts of a corpus, of which share of 1000 are replaced by invalid texts of damaged.
    Columns(const corpus *c, const corpus *damaged, unsigned share);

    // A loop over inet_pton; returns the number of addresses.
    size_t libc(uint8_t *out, uint8_t *bits) const;

  private:
    void add(const char *text);
};

#endif
