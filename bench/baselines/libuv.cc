// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// libuv, whose functions return 0 or an error number.
#include "../candidate.h"

#include <uv.h>

namespace {

template <int af> struct Parse {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        return uv_inet_pton(af, text, out) == 0;
    }
};

template <int af> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        uv_inet_ntop(af, address, out, 46);
    }
};

const char *const version = uv_version_string();
const AddBaseline all[] = {
    {"parse_ipv4", "libuv", version, Parse<AF_INET>{}},
    {"parse_ipv6", "libuv", version, Parse<AF_INET6>{}},
    {"format_ipv4", "libuv", version, Format<AF_INET>{}},
    {"format_ipv6", "libuv", version, Format<AF_INET6>{}},
};

} // namespace
