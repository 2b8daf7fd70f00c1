// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// musl: the functions of its static library, compiled by its packagers. So that they live beside
// glibc's, every name in a copy of that library begins with musl_ (see CMakeLists.txt). What they
// call comes with them, snprintf above all; of glibc they take nothing but errno.
#include "../candidate.h"

#include <sys/socket.h>

#include <cerrno>

extern "C" {
int musl_inet_pton(int af, const char *text, void *out);
const char *musl_inet_ntop(int af, const void *address, char *out, socklen_t size);

// musl keeps errno at a place of its own thread descriptor, which no thread here has.
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
