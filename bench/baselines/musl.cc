// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// musl's packaged static library, with every symbol prefixed by musl_ so that it can be linked beside
// glibc (see CMakeLists.txt). Its functions call musl's own snprintf; they use only errno of glibc.
#include "../candidate.h"

#include <sys/socket.h>

#include <cerrno>

extern "C" {
int musl_inet_pton(int af, const char *text, void *out);
const char *musl_inet_ntop(int af, const void *address, char *out, socklen_t size);

// musl's errno is in its thread descriptor, which threads of glibc do not have.
int *musl____errno_location() {
    return &errno;
}
}

namespace {

template <int af> struct Parse {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        return musl_inet_pton(af, text, out) == 1;
    }
};

template <int af> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        musl_inet_ntop(af, address, out, 46);
    }
};

const AddBaseline all[] = {
    {"parse_ipv4", "musl", BENCH_MUSL, Parse<AF_INET>{}},
    {"parse_ipv6", "musl", BENCH_MUSL, Parse<AF_INET6>{}},
    {"format_ipv4", "musl", BENCH_MUSL, Format<AF_INET>{}},
    {"format_ipv6", "musl", BENCH_MUSL, Format<AF_INET6>{}},
};

} // namespace
