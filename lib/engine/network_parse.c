/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_parse.c - networks and ranges from text.
 */
#include "network_text.h"

#include <string.h>

/*
 * Reads the address before a separator, or after it. An empty part is an unexpected end, or an
 * unexpected separator.
 */
static simdinet_reason read_address_part(text_part part, size_t len, unsigned family,
                                         uint8_t out[16], size_t *at) {
    if (part.from == part.to && len > 0)
        return network_error(part.to == len ? SIMDINET_REASON_END : SIMDINET_REASON_CHARACTER,
                             part.from, at);
    return simdinet_text_address(part, family, out, at);
}

static simdinet_reason read_netmask(text_part part, unsigned *prefix_length, size_t *at) {
    uint8_t mask[16];
    simdinet_reason reason = simdinet_text_address(part, 4, mask, at);
    if (reason != SIMDINET_REASON_NONE)
        return reason;
    int length = simdinet_netmask_length(mask, 4);
    if (length < 0)
        return network_error(SIMDINET_REASON_NETMASK, part.from, at);
    *prefix_length = (unsigned)length;
    return SIMDINET_REASON_NONE;
}

static simdinet_reason read_network(const char *text, size_t len, unsigned flags,
                                    simdinet_network *out, size_t *at) {
    size_t slash = simdinet_text_find((text_part){text, 0, len}, '/');
    text_part address = {text, 0, slash};
    unsigned family = simdinet_text_family(address);
    unsigned prefix_length = family_bits(family);
    uint8_t bytes[16];
    simdinet_reason reason = read_address_part(address, len, family, bytes, at);
    if (reason != SIMDINET_REASON_NONE)
        return reason;
    if (slash < len) {
        text_part number = {text, slash + 1, len};
        if (family == 4 && simdinet_text_find(number, '.') < len)
            reason = read_netmask(number, &prefix_length, at);
        else
            reason = simdinet_text_prefix_length(number, family, &prefix_length, at);
        if (reason != SIMDINET_REASON_NONE)
            return reason;
    }
    simdinet_make_network(bytes, family, prefix_length, out);
    if (!(flags & SIMDINET_NETWORK_CLEAR_HOST_BITS) && memcmp(out->address, bytes, 16) != 0)
        return network_error(SIMDINET_REASON_HOST_BITS, 0, at);
    return network_error(SIMDINET_REASON_NONE, len, at);
}

static bool is_range_blank(char c) {
    return c == ' ' || c == '\t';
}

static simdinet_reason read_range(const char *text, size_t len, unsigned flags, simdinet_range *out,
                                  size_t *at) {
    size_t dash = simdinet_text_find((text_part){text, 0, len}, '-');
    text_part first = {text, 0, dash}, last = {text, dash + 1, len};
    unsigned family;
    simdinet_reason reason;
    memset(out, 0, sizeof *out);
    if (dash == len) {
        simdinet_network network;
        reason = read_network(text, len, flags, &network, at);
        if (reason == SIMDINET_REASON_NONE)
            simdinet_network_to_range(&network, out);
        return reason;
    }
    while (first.to > 0 && is_range_blank(text[first.to - 1]))
        first.to--;
    while (last.from < len && is_range_blank(text[last.from]))
        last.from++;
    family = simdinet_text_family(first);
    reason = read_address_part(first, len, family, out->first, at);
    if (reason != SIMDINET_REASON_NONE)
        return reason;
    reason = read_address_part(last, len, simdinet_text_family(last), out->last, at);
    if (reason != SIMDINET_REASON_NONE)
        return reason;
    if (simdinet_text_family(last) != family)
        return network_error(SIMDINET_REASON_RANGE_FAMILY, last.from, at);
    if (memcmp(out->first, out->last, 16) > 0)
        return network_error(SIMDINET_REASON_RANGE_ORDER, last.from, at);
    out->family = (uint8_t)family;
    return network_error(SIMDINET_REASON_NONE, len, at);
}

bool simdinet_parse_network(const char *text, size_t len, unsigned flags, simdinet_network *out) {
    simdinet_network network;
    if (read_network(text, len, flags, &network, NULL) != SIMDINET_REASON_NONE)
        return false;
    *out = network;
    return true;
}

simdinet_reason simdinet_explain_network(const char *text, size_t len, unsigned flags, size_t *at) {
    simdinet_network network;
    size_t ignored;
    return read_network(text, len, flags, &network, at ? at : &ignored);
}

bool simdinet_parse_range(const char *text, size_t len, unsigned flags, simdinet_range *out) {
    simdinet_range range;
    if (read_range(text, len, flags, &range, NULL) != SIMDINET_REASON_NONE)
        return false;
    *out = range;
    return true;
}

simdinet_reason simdinet_explain_range(const char *text, size_t len, unsigned flags, size_t *at) {
    simdinet_range range;
    size_t ignored;
    return read_range(text, len, flags, &range, at ? at : &ignored);
}
