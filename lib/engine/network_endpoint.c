/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_endpoint.c - an address with a port, a zone or a prefix length.
 */
#include "network_text.h"

#include <string.h>

static bool is_zone_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static simdinet_part part_of(text_part part) {
    return (simdinet_part){part.from, part.to - part.from};
}

/* Reads an address, and the zone after a "%" in it if it is IPv6. */
static simdinet_reason read_zoned_address(text_part part, unsigned family, simdinet_endpoint *out,
                                          size_t *at) {
    text_part zone = part;
    simdinet_reason reason;
    if (family == 6)
        part.to = simdinet_text_find(part, '%');
    if (part.from == part.to)
        return network_error(SIMDINET_REASON_CHARACTER, part.from, at);
    reason = simdinet_text_address(part, family, out->address, at);
    if (reason != SIMDINET_REASON_NONE)
        return reason;
    out->address_text = part_of(part);
    out->family = (uint8_t)family;
    if (part.to == zone.to)
        return SIMDINET_REASON_NONE;
    zone.from = part.to + 1;
    if (zone.from == zone.to)
        return network_error(SIMDINET_REASON_ZONE_MISSING, zone.from, at);
    for (size_t i = zone.from; i < zone.to; i++)
        if (!is_zone_character(zone.text[i]))
            return network_error(SIMDINET_REASON_CHARACTER, i, at);
    out->zone_text = part_of(zone);
    return SIMDINET_REASON_NONE;
}

static simdinet_reason read_port(text_part part, simdinet_endpoint *out, size_t *at) {
    unsigned port = 0;
    simdinet_reason reason = simdinet_text_number(
        part, 65535, &port, at, SIMDINET_REASON_PORT_MISSING, SIMDINET_REASON_PORT_RANGE);
    out->port = (uint16_t)port;
    out->port_text = part_of(part);
    return reason;
}

static simdinet_reason read_prefix(text_part part, simdinet_endpoint *out, size_t *at) {
    unsigned prefix_length = 0;
    simdinet_reason reason = simdinet_text_prefix_length(part, out->family, &prefix_length, at);
    out->prefix_length = (uint8_t)prefix_length;
    out->prefix_text = part_of(part);
    return reason;
}

/* "[" address "]", and a port. */
static simdinet_reason read_bracketed(text_part whole, simdinet_endpoint *out, size_t *at) {
    size_t end = simdinet_text_find(whole, ']');
    simdinet_reason reason;
    if (end == whole.to)
        return network_error(SIMDINET_REASON_BRACKET, 0, at);
    reason = read_zoned_address((text_part){whole.text, 1, end}, 6, out, at);
    if (reason != SIMDINET_REASON_NONE || end + 1 == whole.to)
        return reason;
    if (whole.text[end + 1] != ':')
        return network_error(SIMDINET_REASON_CHARACTER, end + 1, at);
    return read_port((text_part){whole.text, end + 2, whole.to}, out, at);
}

/* An address, and a prefix length or, after an IPv4 address, a port. */
static simdinet_reason read_bare(text_part whole, simdinet_endpoint *out, size_t *at) {
    unsigned family = simdinet_text_family(whole);
    text_part address = whole, rest = whole;
    simdinet_reason reason;
    address.to = simdinet_text_find(whole, '/');
    if (family == 4)
        address.to = simdinet_text_find(address, ':');
    out->prefix_length = (uint8_t)family_bits(family);
    reason = read_zoned_address(address, family, out, at);
    if (reason != SIMDINET_REASON_NONE || address.to == whole.to)
        return reason;
    rest.from = address.to + 1;
    return whole.text[address.to] == '/' ? read_prefix(rest, out, at) : read_port(rest, out, at);
}

static simdinet_reason read_endpoint(const char *text, size_t len, simdinet_endpoint *out,
                                     size_t *at) {
    text_part whole = {text, 0, len};
    simdinet_reason reason;
    memset(out, 0, sizeof *out);
    out->prefix_length = 128;
    if (len == 0)
        return network_error(SIMDINET_REASON_EMPTY, 0, at);
    reason = text[0] == '[' ? read_bracketed(whole, out, at) : read_bare(whole, out, at);
    return reason == SIMDINET_REASON_NONE ? network_error(reason, len, at) : reason;
}

bool simdinet_parse_endpoint(const char *text, size_t len, simdinet_endpoint *out) {
    simdinet_endpoint endpoint;
    if (read_endpoint(text, len, &endpoint, NULL) != SIMDINET_REASON_NONE)
        return false;
    *out = endpoint;
    return true;
}

simdinet_reason simdinet_explain_endpoint(const char *text, size_t len, size_t *at) {
    simdinet_endpoint endpoint;
    size_t ignored;
    return read_endpoint(text, len, &endpoint, at ? at : &ignored);
}
