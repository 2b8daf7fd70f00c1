// SPDX-License-Identifier: Apache-2.0 OR MIT
// The same from C++.
#include <array>
#include <cstdio>
#include <simdinet.h>
#include <simdinet_socket.h>
#include <string_view>

int main() {
    constexpr std::string_view text = "2001:DB8:0::1";
    std::array<uint8_t, 16> address{};
    std::array<char, SIMDINET_IPV6_TEXT_SIZE> line{};
    in_addr old{};
    if (!simdinet_parse_ipv6(text.data(), text.size(), address.data()) ||
        simdinet_inet_aton("127.1", &old) != 1)
        return 1;
    std::string_view again(line.data(), simdinet_format_ipv6(address.data(), line.data()));
    std::printf("C++ %s %.*s %d\n", simdinet_version(), static_cast<int>(again.size()),
                again.data(), simdinet_ntohl(old.s_addr) == INADDR_LOOPBACK);
    return 0;
}
