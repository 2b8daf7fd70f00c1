// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The formatter of table_format.h.
#include "../candidate.h"
#include "../table_format.h"

namespace {

template <char *function(const uint8_t *, char *)> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        function(address, out);
    }
};

const AddBaseline all[] = {
    {"format_ipv4", "table", "of this project", Format<table_format::ipv4>{}},
    {"format_ipv6", "table", "of this project", Format<table_format::ipv6>{}},
};

} // namespace
