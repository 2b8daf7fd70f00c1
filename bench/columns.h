// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// columns.h - the corpora as columns and as lines, and libc's results on them.
#ifndef BENCH_COLUMNS_H
#define BENCH_COLUMNS_H

#include "corpus.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

struct Columns {
    int family; // 4, 6, or 0 for both
    size_t size;
    size_t count = 0;
    std::string bytes; // the values, concatenated
    std::vector<int32_t> offsets{0};
    std::string lines; // with an LF after each
    std::string texts; // with a NUL after each, for inet_pton
    std::vector<uint8_t> addresses, valid, families;
    size_t good = 0;

    // The texts of a corpus, or of two in random order, of which share of 1000 are replaced by texts
    // that are no address: what logs and tables have in their place, in random order.
    Columns(const std::vector<const corpus *> &corpora, unsigned share);

    // A loop over inet_pton; returns the number of addresses. bits_ipv6 is written for both families.
    size_t libc(uint8_t *out, uint8_t *bits, uint8_t *bits_ipv6) const;

  private:
    void add(const char *text);
    bool parse(const char *text, uint8_t *out, bool *is_ipv6) const;
    std::string invalid_text(std::mt19937 &random,
                             const std::vector<const corpus *> &corpora) const;
};

#endif
