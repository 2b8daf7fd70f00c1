// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Hyperscan, or Vectorscan, which has the same interface, with start-of-match offsets. It reports every
// end of a match; the callback keeps the longest for each start and drops matches that begin within the
// previous one.
#include "../text_engine.h"

#include <hs.h>

#include <cstdio>
#include <cstdlib>

namespace {

const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const std::string ipv4 = octet + "(?:\\." + octet + "){3}";
const std::string group = "[0-9A-Fa-f]{1,4}";
const std::string ipv6 = "(?:" + group + ":){7}" + group + "|(?:" + group + "(?::" + group +
                         "){0,6})?::(?:" + group + "(?::" + group + "){0,6})?";

struct Engine {
    hs_database_t *database = nullptr;
    hs_scratch_t *scratch = nullptr;

    explicit Engine(const std::string &pattern) {
        hs_compile_error_t *error = nullptr;
        if (hs_compile(pattern.c_str(), HS_FLAG_SOM_LEFTMOST, HS_MODE_BLOCK, nullptr, &database,
                       &error) != HS_SUCCESS) {
            fprintf(stderr, "bench: Hyperscan does not take the pattern: %s\n", error->message);
            exit(2);
        }
        if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
            fputs("bench: Hyperscan has no memory\n", stderr);
            exit(2);
        }
    }
};

struct Matches {
    size_t count = 0;
    unsigned long long begin = 0, end = 0; // of the last one
    const Found *found;

    void tell() const {
        if (found && count)
            (*found)(begin, end - begin);
    }
};

int on_match(unsigned, unsigned long long from, unsigned long long to, unsigned, void *context) {
    auto &matches = *static_cast<Matches *>(context);
    if (matches.count && from == matches.begin) {
        matches.end = to;
    } else if (!matches.count || from >= matches.end) {
        matches.tell();
        matches.count++;
        matches.begin = from;
        matches.end = to;
    }
    return 0;
}

size_t find(const std::string &text, bool ipv4_only, const Found *found) {
    static const Engine first(ipv4), both(ipv4 + "|" + ipv6);
    const Engine &engine = ipv4_only ? first : both;
    Matches matches;
    matches.found = found;
    hs_scan(engine.database, text.data(), static_cast<unsigned>(text.size()), 0, engine.scratch,
            on_match, &matches);
    matches.tell();
    return matches.count;
}

const bool added = [] {
    const std::string version = hs_version();
    text_engines().push_back({"Hyperscan", version.substr(0, version.find(' ')), find});
    return true;
}();

} // namespace
