// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "address_calls.h"

#include "report.h"
#include "simdinet_socket.h"

#include <arpa/inet.h>

namespace {

// ---- calls, as users write them -------------------------------------------------------------------

template <int af, decltype(simdinet_inet_pton) *function> struct Pton {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        return function(af, text, out) == 1;
    }
};

template <int af, decltype(simdinet_inet_ntop) *function> struct Ntop {
    void operator()(const uint8_t *address, char *out) const {
        function(af, address, out, af == AF_INET ? INET_ADDRSTRLEN : INET6_ADDRSTRLEN);
    }
};

template <decltype(simdinet_parse_ipv4) *function> struct Parse {
    bool operator()(const char *text, size_t len, uint8_t *out) const {
        return function(text, len, out);
    }
};

template <decltype(simdinet_format_ipv4) *function> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        function(address, out);
    }
};

// The cost of a public call itself: the load of the active implementation and the indirect call.
struct EmptyCall {
    simdinet_format_fn *volatile *function;
    void operator()(const uint8_t *address, char *out) const {
        (*function)(address, out);
    }
};

// ---- operations ----------------------------------------------------------------------------------

template <class Ours, class Libc>
Operation operation(const char *name, int family, bool parses, const char *title) {
    Operation made{name, title, family, parses, {make_candidate("libc", "", Libc{})}};
    for (const Baseline &baseline : baselines())
        if (baseline.operation == name)
            made.candidates.push_back(baseline.candidate);
    for (const simdinet_implementation *impl : implementations())
        made.candidates.push_back(make_candidate(impl->name, impl->name, Ours{}));
    return made;
}

Operation empty_call() {
    static simdinet_format_fn *volatile empty = [](const uint8_t *, char *out) -> size_t {
        *out = '\0';
        return 0;
    };
    return {"call",
            "an empty function: the lower bound of every measurement",
            0,
            false,
            {make_candidate("empty", "", EmptyCall{&empty})}};
}

} // namespace

std::vector<Operation> address_operations() {
    using LibcPton4 = Pton<AF_INET, inet_pton>;
    using LibcPton6 = Pton<AF_INET6, inet_pton>;
    using LibcNtop4 = Ntop<AF_INET, inet_ntop>;
    using LibcNtop6 = Ntop<AF_INET6, inet_ntop>;
    return {
        empty_call(),
        operation<Parse<simdinet_parse_ipv4>, LibcPton4>("parse_ipv4", 4, true,
                                                         "text with a length to 4 bytes"),
        operation<Parse<simdinet_parse_ipv6>, LibcPton6>("parse_ipv6", 6, true,
                                                         "text with a length to 16 bytes"),
        operation<Pton<AF_INET, simdinet_inet_pton>, LibcPton4>(
            "pton_ipv4", 4, true, "simdinet_inet_pton, AF_INET: text with a NUL to 4 bytes"),
        operation<Pton<AF_INET6, simdinet_inet_pton>, LibcPton6>(
            "pton_ipv6", 6, true, "simdinet_inet_pton, AF_INET6: text with a NUL to 16 bytes"),
        operation<Format<simdinet_format_ipv4>, LibcNtop4>("format_ipv4", 4, false,
                                                           "4 bytes to text"),
        operation<Format<simdinet_format_ipv6>, LibcNtop6>("format_ipv6", 6, false,
                                                           "16 bytes to text"),
        operation<Ntop<AF_INET, simdinet_inet_ntop>, LibcNtop4>(
            "ntop_ipv4", 4, false, "simdinet_inet_ntop, AF_INET: 4 bytes to text"),
        operation<Ntop<AF_INET6, simdinet_inet_ntop>, LibcNtop6>(
            "ntop_ipv6", 6, false, "simdinet_inet_ntop, AF_INET6: 16 bytes to text"),
    };
}
