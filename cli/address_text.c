/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_text.h"

#include "simdinet.h"
#include "simdinet_network.h"
#include "text.h"

#include <string.h>

bool is_address_text(const char *word) {
    const size_t len = strlen(word);
    simdinet_range range;
    simdinet_endpoint endpoint;
    return simdinet_parse_range(word, len, SIMDINET_NETWORK_CLEAR_HOST_BITS, &range) ||
           simdinet_parse_endpoint(word, len, &endpoint);
}

static char hex_digit(unsigned nibble) {
    return "0123456789abcdef"[nibble & 15];
}

char *put_decimal_address(char *to, const uint8_t *address, size_t size, size_t min_digits) {
    uint32_t words[4] = {0};
    char digits[40];
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        words[i / 4] = words[i / 4] << 8 | address[i];
    bool more;
    do {
        uint64_t rest = 0;
        more = false;
        for (size_t i = 0; i < size / 4; i++) {
            rest = rest << 32 | words[i];
            words[i] = (uint32_t)(rest / 10);
            rest %= 10;
            more |= words[i] != 0;
        }
        digits[count++] = (char)('0' + rest);
    } while (more);
    while (count < min_digits)
        digits[count++] = '0';
    while (count > 0)
        *to++ = digits[--count];
    return to;
}

char *put_hex_address(char *to, const uint8_t *address, size_t size) {
    for (size_t i = 0; i < size; i++) {
        *to++ = hex_digit(address[i] >> 4);
        *to++ = hex_digit(address[i]);
    }
    return to;
}

char *put_canonical_address(char *to, const uint8_t *address, size_t size) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t len =
        size == 4 ? simdinet_format_ipv4(address, text) : simdinet_format_ipv6(address, text);
    return put_bytes(to, text, len);
}

char *put_expanded_address(char *to, const uint8_t *address, size_t size) {
    if (size == 4)
        return put_canonical_address(to, address, size);
    for (size_t i = 0; i < size; i += 2) {
        if (i > 0)
            *to++ = ':';
        to = put_hex_address(to, address + i, 2);
    }
    return to;
}

char *put_arpa_name(char *to, const uint8_t *address, size_t size) {
    for (size_t i = size; i-- > 0;) {
        if (size == 4) {
            to = put_number(to, address[i]);
            *to++ = '.';
            continue;
        }
        *to++ = hex_digit(address[i]);
        *to++ = '.';
        *to++ = hex_digit(address[i] >> 4);
        *to++ = '.';
    }
    return put_text(to, size == 4 ? "in-addr.arpa" : "ip6.arpa");
}
