// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Rust's standard library, through rust_std.rs.
#include "../candidate.h"

extern "C" {
bool rust_parse_ipv4(const char *text, size_t len, uint8_t *out);
bool rust_parse_ipv6(const char *text, size_t len, uint8_t *out);
void rust_format_ipv4(const uint8_t *address, char *out);
void rust_format_ipv6(const uint8_t *address, char *out);
}

namespace {

template <decltype(rust_parse_ipv4) *function> struct Parse {
    bool operator()(const char *text, size_t len, uint8_t *out) const {
        return function(text, len, out);
    }
};

template <decltype(rust_format_ipv4) *function> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        function(address, out);
    }
};

const AddBaseline all[] = {
    {"parse_ipv4", "Rust std", BENCH_RUST, Parse<rust_parse_ipv4>{}},
    {"parse_ipv6", "Rust std", BENCH_RUST, Parse<rust_parse_ipv6>{}},
    {"format_ipv4", "Rust std", BENCH_RUST, Format<rust_format_ipv4>{}},
    {"format_ipv6", "Rust std", BENCH_RUST, Format<rust_format_ipv6>{}},
};

} // namespace
