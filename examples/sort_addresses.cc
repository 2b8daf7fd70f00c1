// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// sort_addresses - addresses as C++ values: parsed, compared and printed.
//
// usage: sort_addresses < LIST        sorts addresses, one per line, by value
//
#include <simdinet.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using IPv4 = std::array<std::uint8_t, 4>;
using IPv6 = std::array<std::uint8_t, 16>;
using Address = std::variant<IPv4, IPv6>; // compares IPv4 before IPv6, then by value

// A string_view is a pointer and a length: no copy, no NUL.
static std::optional<Address> parse(std::string_view text) {
    if (IPv4 address; simdinet_parse_ipv4(text.data(), text.size(), address.data()))
        return address;
    if (IPv6 address; simdinet_parse_ipv6(text.data(), text.size(), address.data()))
        return address;
    return std::nullopt;
}

static std::ostream &operator<<(std::ostream &out, const Address &address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    std::size_t length = address.index() == 0
                             ? simdinet_format_ipv4(std::get<IPv4>(address).data(), text)
                             : simdinet_format_ipv6(std::get<IPv6>(address).data(), text);
    return out.write(text, static_cast<std::streamsize>(length));
}

int main() {
    std::vector<Address> addresses;
    int status = 0;
    std::string line;
    for (std::size_t number = 1; std::getline(std::cin, line); number++) {
        if (auto address = parse(line)) {
            addresses.push_back(*address);
        } else {
            std::size_t at;
            simdinet_reason reason = simdinet_explain_mixed(line.data(), line.size(), &at);
            std::cerr << "line " << number << ", byte " << at + 1 << ": "
                      << simdinet_reason_text(reason) << '\n';
            status = 1;
        }
    }
    std::sort(addresses.begin(), addresses.end());
    for (const Address &address : addresses)
        std::cout << address << '\n';
    return std::cout.flush() ? status : 2;
}
