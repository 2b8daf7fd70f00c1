// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// c-ares, whose functions have libc's signatures.
#include "../candidate.h"

#include <sys/socket.h>

#include <ares.h>

namespace {

template <int af> struct Parse {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        return ares_inet_pton(af, text, out) == 1;
    }
};

template <int af> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        ares_inet_ntop(af, address, out, 46);
    }
};

const char *const version = ares_version(nullptr);
const AddBaseline all[] = {
    {"parse_ipv4", "c-ares", version, Parse<AF_INET>{}},
    {"parse_ipv6", "c-ares", version, Parse<AF_INET6>{}},
    {"format_ipv4", "c-ares", version, Format<AF_INET>{}},
    {"format_ipv6", "c-ares", version, Format<AF_INET6>{}},
};

} // namespace
