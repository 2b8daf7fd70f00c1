/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_reference.h"

#include <string.h>

#include "harness/support.h"

bool reference_bit(const uint8_t *address, unsigned i) {
    return address[i / 8] & 0x80 >> i % 8;
}

void reference_set_bit(uint8_t *address, unsigned i, bool value) {
    uint8_t bit = (uint8_t)(0x80 >> i % 8);
    address[i / 8] = (uint8_t)(value ? address[i / 8] | bit : address[i / 8] & ~bit);
}

static bool is_address(const char *text, size_t len, unsigned af, uint8_t out[16]) {
    memset(out, 0, 16);
    return len > 0 && libc_parse(af == 4 ? IPV4 : IPV6, text, len, out);
}

/* 0, or digits of which the first is not 0. */
static bool is_number(const char *text, size_t len, unsigned max, unsigned *out) {
    if (len == 0 || len > 5 || (len > 1 && text[0] == '0'))
        return false;
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(text[i] - '0');
    }
    return *out <= max;
}

static bool is_netmask(const char *text, size_t len, unsigned *out) {
    uint8_t mask[16];
    bool ones = true;
    if (!is_address(text, len, 4, mask))
        return false;
    *out = 0;
    for (unsigned i = 0; i < 32; i++) {
        if (reference_bit(mask, i) && !ones)
            return false;
        ones = reference_bit(mask, i);
        *out += ones;
    }
    return true;
}

bool reference_network(const char *text, size_t len, bool clear_host_bits, simdinet_network *out) {
    for (unsigned af = 4; af <= 6; af += 2)
        for (size_t slash = 0; slash <= len; slash++) {
            uint8_t address[16];
            unsigned length = reference_bits(af);
            bool ok = is_address(text, slash, af, address);
            if (ok && slash < len) {
                const char *rest = text + slash + 1;
                size_t rest_len = len - slash - 1;
                ok =
                    text[slash] == '/' && (is_number(rest, rest_len, reference_bits(af), &length) ||
                                           (af == 4 && is_netmask(rest, rest_len, &length)));
            }
            if (!ok)
                continue;
            for (unsigned i = length; i < 128; i++) {
                if (reference_bit(address, i) && !clear_host_bits)
                    return false;
                reference_set_bit(address, i, false);
            }
            memset(out, 0, sizeof *out);
            memcpy(out->address, address, 16);
            out->family = (uint8_t)af;
            out->prefix_length = (uint8_t)length;
            return true;
        }
    return false;
}

bool reference_range(const char *text, size_t len, bool clear_host_bits, simdinet_range *out) {
    simdinet_network network;
    memset(out, 0, sizeof *out);
    if (reference_network(text, len, clear_host_bits, &network)) {
        out->family = network.family;
        memcpy(out->first, network.address, 16);
        memcpy(out->last, network.address, 16);
        for (unsigned i = network.prefix_length; i < reference_bits(network.family); i++)
            reference_set_bit(out->last, i, true);
        return true;
    }
    for (unsigned af = 4; af <= 6; af += 2)
        for (size_t to = 0; to <= len; to++)
            for (size_t from = to + 1; from <= len; from++) {
                size_t dashes = 0, others = 0;
                for (size_t i = to; i < from; i++) {
                    dashes += text[i] == '-';
                    others += text[i] != '-' && text[i] != ' ' && text[i] != '\t';
                }
                if (dashes != 1 || others != 0 || !is_address(text, to, af, out->first) ||
                    !is_address(text + from, len - from, af, out->last))
                    continue;
                out->family = (uint8_t)af;
                return memcmp(out->first, out->last, 16) <= 0;
            }
    return false;
}

/* ---- endpoints ----------------------------------------------------------------------------------- */

static bool is_zone(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\0' || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-._~",
                                       text[i]))
            return false;
    return len > 0;
}

/* text[from, to): an address, and a zone if it is IPv6. */
static bool is_zoned(const char *text, size_t from, size_t to, unsigned af,
                     simdinet_endpoint *out) {
    memset(out, 0, sizeof *out);
    out->family = (uint8_t)af;
    out->prefix_length = (uint8_t)reference_bits(af);
    out->address_text = (simdinet_part){from, to - from};
    if (is_address(text + from, to - from, af, out->address))
        return true;
    for (size_t i = from; i < to && af == 6; i++)
        if (text[i] == '%' && is_zone(text + i + 1, to - i - 1) &&
            is_address(text + from, i - from, af, out->address)) {
            out->address_text.length = i - from;
            out->zone_text = (simdinet_part){i + 1, to - i - 1};
            return true;
        }
    return false;
}

static bool is_port(const char *text, size_t from, size_t to, simdinet_endpoint *out) {
    unsigned port;
    if (from >= to || !is_number(text + from, to - from, 65535, &port))
        return false;
    out->port = (uint16_t)port;
    out->port_text = (simdinet_part){from, to - from};
    return true;
}

bool reference_endpoint(const char *text, size_t len, simdinet_endpoint *out) {
    for (unsigned af = 4; af <= 6; af += 2)
        if (is_zoned(text, 0, len, af, out))
            return true;
    for (size_t i = 0; i < len; i++) {
        unsigned length;
        if (text[i] == ':' && is_zoned(text, 0, i, 4, out) && is_port(text, i + 1, len, out))
            return true;
        for (unsigned af = 4; af <= 6; af += 2)
            if (text[i] == '/' && is_zoned(text, 0, i, af, out) &&
                is_number(text + i + 1, len - i - 1, reference_bits(af), &length)) {
                out->prefix_length = (uint8_t)length;
                out->prefix_text = (simdinet_part){i + 1, len - i - 1};
                return true;
            }
        if (text[0] == '[' && text[i] == ']' && is_zoned(text, 1, i, 6, out) &&
            (i + 1 == len || (text[i + 1] == ':' && is_port(text, i + 2, len, out))))
            return true;
    }
    return false;
}
