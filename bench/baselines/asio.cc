// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Boost.Asio: make_address with an error code, which is how one parses without exceptions, and
// to_string, which makes a std::string.
#include "../candidate.h"

#include <boost/asio/ip/address.hpp>
#include <boost/version.hpp>

namespace {

namespace ip = boost::asio::ip;

struct ParseIpv4 {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        boost::system::error_code error;
        const auto bytes = ip::make_address_v4(text, error).to_bytes();
        if (error)
            return false;
        std::memcpy(out, bytes.data(), bytes.size());
        return true;
    }
};

struct ParseIpv6 {
    bool operator()(const char *text, size_t, uint8_t *out) const {
        boost::system::error_code error;
        const auto bytes = ip::make_address_v6(text, error).to_bytes();
        if (error)
            return false;
        std::memcpy(out, bytes.data(), bytes.size());
        return true;
    }
};

template <class Address> struct Format {
    void operator()(const uint8_t *address, char *out) const {
        typename Address::bytes_type bytes;
        std::memcpy(bytes.data(), address, bytes.size());
        const std::string text = Address(bytes).to_string();
        std::memcpy(out, text.c_str(), text.size() + 1);
    }
};

const std::string version = std::to_string(BOOST_VERSION / 100000) + "." +
                            std::to_string(BOOST_VERSION / 100 % 1000) + "." +
                            std::to_string(BOOST_VERSION % 100);
const AddBaseline all[] = {
    {"parse_ipv4", "Boost.Asio", version, ParseIpv4{}},
    {"parse_ipv6", "Boost.Asio", version, ParseIpv6{}},
    {"format_ipv4", "Boost.Asio", version, Format<ip::address_v4>{}},
    {"format_ipv6", "Boost.Asio", version, Format<ip::address_v6>{}},
};

} // namespace
