// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// checksum.h - FNV-1a over the results of a candidate, to be compared with libc's.
#ifndef BENCH_CHECKSUM_H
#define BENCH_CHECKSUM_H

#include <cstddef>
#include <cstdint>

class Checksum {
  public:
    void add(const void *data, size_t size) {
        for (size_t i = 0; i < size; i++)
            value_ = (value_ ^ static_cast<const uint8_t *>(data)[i]) * prime;
    }
    // For large data: eight bytes at a time.
    void add_words(const void *data, size_t size) {
        size_t i = 0;
        for (uint64_t word; i + sizeof word <= size; i += sizeof word) {
            __builtin_memcpy(&word, static_cast<const char *>(data) + i, sizeof word);
            value_ = (value_ ^ word) * prime;
            value_ ^= value_ >> 32;
        }
        add(static_cast<const char *>(data) + i, size - i);
    }
    uint64_t value() const {
        return value_;
    }
    bool operator==(const Checksum &other) const {
        return value_ == other.value_;
    }

  private:
    static constexpr uint64_t prime = 0x100000001B3;
    uint64_t value_ = 0xCBF29CE484222325;
};

#endif
