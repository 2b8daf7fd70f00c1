/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_context.h"

#include "digit.h"

#include <string.h>

bool has_long_group(const char *text, size_t len) {
    size_t digits = 0;
    for (size_t i = 0; i < len && digits < 3; i++)
        digits = hex_value(text[i]) >= 0 ? digits + 1 : 0;
    return digits >= 3;
}

bool is_before_label(const char *text, size_t len, const simdinet_match *match) {
    const size_t end = match->offset + match->length;
    if (match->family != 4 || !(match->flags & SIMDINET_MATCH_DOUBTFUL) || end + 1 >= len ||
        text[end] != '.')
        return false;
    const char letter = (char)(text[end + 1] | 0x20);
    return letter >= 'a' && letter <= 'z';
}

simdinet_match reversed_match(const simdinet_match *match) {
    simdinet_match result = *match;
    for (size_t i = 0; i < 4; i++)
        result.address[i] = match->address[3 - i];
    return result;
}

bool has_line_number(const char *text, size_t len, const simdinet_match *match,
                     simdinet_match *address) {
    size_t at = match->offset, end = at + match->length;
    if (match->family != 6 || !(match->flags & SIMDINET_MATCH_PORT) || end >= len ||
        text[end] != ':')
        return false;
    while (is_digit(text[at]))
        at++;
    if (at == match->offset || text[at++] != ':' || text[at + 4] != ':' ||
        !(text[at] == '2' || text[at] == '3' || (text[at] | 0x20) == 'f'))
        return false;
    do
        end++;
    while (end < len && hex_value(text[end]) >= 0);
    uint8_t bytes[16];
    if (!simdinet_parse_ipv6(text + at, end - at, bytes))
        return false;
    address->offset = at;
    address->length = (uint16_t)(end - at);
    memcpy(address->address, bytes, sizeof bytes);
    return true;
}
