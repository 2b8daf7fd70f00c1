// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// text_engine.h - other libraries that find addresses in a text.
#ifndef BENCH_TEXT_ENGINE_H
#define BENCH_TEXT_ENGINE_H

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

// Called with the offset and the length of each match.
using Found = std::function<void(size_t offset, size_t length)>;

struct TextEngine {
    std::string name, version;
    // Finds IPv4 only, or IPv4 and IPv6. Returns the number of matches; calls found for each unless NULL.
    std::function<size_t(const std::string &text, bool ipv4_only, const Found *found)> find;
};

std::vector<TextEngine> &text_engines();

#endif
