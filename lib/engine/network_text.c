/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_text.c - addresses and numbers as parts of a text.
 */
#include "network_text.h"

#include <string.h>

size_t simdinet_text_find(text_part part, char byte) {
    if (part.from == part.to)
        return part.to;
    const char *found = memchr(part.text + part.from, byte, part.to - part.from);
    return found ? (size_t)(found - part.text) : part.to;
}

unsigned simdinet_text_family(text_part part) {
    for (size_t i = part.from; i < part.to && part.text[i] != '.'; i++)
        if (part.text[i] == ':')
            return 6;
    return 4;
}

simdinet_reason simdinet_text_address(text_part part, unsigned family, uint8_t out[16],
                                      size_t *at) {
    size_t len = part.to - part.from, position = 0;
    const char *text = len == 0 ? NULL : part.text + part.from;
    simdinet_reason reason;
    memset(out, 0, 16);
    if (family == 6 ? simdinet_parse_ipv6(text, len, out) : simdinet_parse_ipv4(text, len, out))
        return SIMDINET_REASON_NONE;
    if (!at)
        return SIMDINET_REASON_CHARACTER;
    reason = family == 6 ? simdinet_explain_ipv6(text, len, &position)
                         : simdinet_explain_ipv4(text, len, &position);
    return network_error(reason, part.from + position, at);
}

simdinet_reason simdinet_text_number(text_part part, unsigned max, unsigned *out, size_t *at,
                                     simdinet_reason missing, simdinet_reason range) {
    unsigned value = 0;
    if (part.from == part.to)
        return network_error(missing, part.from, at);
    for (size_t i = part.from; i < part.to; i++) {
        unsigned digit = (unsigned)(unsigned char)part.text[i] - '0';
        if (digit > 9)
            return network_error(SIMDINET_REASON_CHARACTER, i, at);
        if (value <= max) /* out of range already; more digits could overflow */
            value = 10 * value + digit;
    }
    if (part.text[part.from] == '0' && part.to - part.from > 1)
        return network_error(SIMDINET_REASON_NUMBER_ZERO, part.from, at);
    if (value > max)
        return network_error(range, part.from, at);
    *out = value;
    return SIMDINET_REASON_NONE;
}

simdinet_reason simdinet_text_prefix_length(text_part part, unsigned family, unsigned *out,
                                            size_t *at) {
    return simdinet_text_number(part, family_bits(family), out, at, SIMDINET_REASON_PREFIX_MISSING,
                                SIMDINET_REASON_PREFIX_RANGE);
}
