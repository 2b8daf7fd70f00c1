// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "table_format.h"

#include <array>
#include <cstring>

namespace table_format {

struct Octet {
    char text[4]; // "0." to "255."; a short one ends in NULs
    uint8_t length;
};

constexpr std::array<Octet, 256> octets = [] {
    std::array<Octet, 256> table{};
    for (unsigned octet = 0; octet < 256; octet++) {
        Octet &entry = table[octet];
        for (unsigned scale = 100; scale > 0; scale /= 10)
            if (octet >= scale || scale == 1)
                entry.text[entry.length++] = static_cast<char>('0' + octet / scale % 10);
        entry.text[entry.length++] = '.';
    }
    return table;
}();

constexpr std::array<std::array<char, 2>, 256> hex = [] {
    std::array<std::array<char, 2>, 256> table{};
    for (unsigned byte = 0; byte < 256; byte++)
        table[byte] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    return table;
}();

char *ipv4(const uint8_t *address, char *out) {
    for (int i = 0; i < 4; i++) {
        const Octet &octet = octets[address[i]];
        std::memcpy(out, octet.text, 4);
        out += octet.length;
    }
    *--out = '\0';
    return out;
}

static char *group(unsigned high, unsigned low, char *out) {
    if (high) {
        out[0] = hex[high][high < 16];
        out[1] = hex[high][1];
        out += high < 16 ? 1 : 2;
        std::memcpy(out, hex[low].data(), 2);
        return out + 2;
    }
    out[0] = hex[low][low < 16];
    out[1] = hex[low][1];
    return out + (low < 16 ? 1 : 2);
}

char *ipv6(const uint8_t *address, char *out) {
    int zeros = -1, zeros_len = 1;
    for (int i = 0, len = 0; i < 8; i++) {
        len = address[2 * i] | address[2 * i + 1] ? 0 : len + 1;
        if (len > zeros_len) {
            zeros_len = len;
            zeros = i + 1 - len;
        }
    }
    bool dotted = zeros == 0 && (zeros_len == 6 ||
                                 (zeros_len == 5 && address[10] == 0xFF && address[11] == 0xFF));
    for (int i = 0; i < 8; i++) {
        if (i == zeros) {
            *out++ = ':';
            i += zeros_len - 1;
            if (i == 7)
                *out++ = ':';
            continue;
        }
        if (i > 0)
            *out++ = ':';
        if (dotted && i == 6)
            return ipv4(address + 12, out);
        out = group(address[2 * i], address[2 * i + 1], out);
    }
    *out = '\0';
    return out;
}

} // namespace table_format
