/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_text.c - reading one network.
 */
#include "networks.h"

#include <string.h>

typedef struct {
    const char *bytes;
    size_t from, to; /* what is looked at */
} part;

static bool blame(network_fault *fault, const char *reason, size_t at) {
    *fault = (network_fault){reason, at};
    return false;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static part trim(part text) {
    while (text.from < text.to && is_blank(text.bytes[text.from]))
        text.from++;
    while (text.from < text.to && is_blank(text.bytes[text.to - 1]))
        text.to--;
    return text;
}

static bool read_address(part text, uint8_t out[16], bool *ipv6, network_fault *fault) {
    const char *bytes = text.bytes + text.from;
    size_t len = text.to - text.from, at = 0;
    simdinet_reason reason;
    memset(out, 0, 16);
    *ipv6 = memchr(bytes, ':', len) != NULL;
    if (*ipv6 ? simdinet_parse_ipv6(bytes, len, out) : simdinet_parse_ipv4(bytes, len, out))
        return true;
    reason =
        *ipv6 ? simdinet_explain_ipv6(bytes, len, &at) : simdinet_explain_ipv4(bytes, len, &at);
    return blame(fault, simdinet_reason_text(reason), text.from + at);
}

static bool read_length(part text, unsigned most, unsigned *length, network_fault *fault) {
    unsigned value = 0;
    if (text.from == text.to)
        return blame(fault, "prefix length missing", text.from);
    for (size_t i = text.from; i < text.to; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return blame(fault, "prefix length is not a number", i);
        value = value * 10 + (unsigned)(text.bytes[i] - '0');
        if (value > most)
            return blame(fault, most == 32 ? "prefix length above 32" : "prefix length above 128",
                         text.from);
    }
    *length = value;
    return true;
}

/* Clears (sets) the bits of an address from bit length on. */
static void fill_bits(uint8_t address[16], unsigned length, unsigned bits, bool set) {
    unsigned byte = length / 8;
    uint8_t rest = (uint8_t)(0xffu >> length % 8);
    if (length == bits)
        return;
    address[byte] = (uint8_t)(set ? address[byte] | rest : address[byte] & ~rest);
    memset(address + byte + 1, set ? 0xff : 0, bits / 8 - byte - 1);
}

static bool read_prefix(part text, size_t slash, network_range *out, network_fault *fault) {
    part address = {text.bytes, text.from, slash}, length = {text.bytes, slash + 1, text.to};
    unsigned bits, prefix = 0;
    if (!read_address(trim(address), out->first, &out->ipv6, fault))
        return false;
    bits = out->ipv6 ? 128 : 32;
    if (!read_length(trim(length), bits, &prefix, fault))
        return false;
    memcpy(out->last, out->first, 16);
    fill_bits(out->first, prefix, bits, false);
    fill_bits(out->last, prefix, bits, true);
    return true;
}

static bool read_stretch(part text, size_t dash, network_range *out, network_fault *fault) {
    part first = trim((part){text.bytes, text.from, dash});
    part last = trim((part){text.bytes, dash + 1, text.to});
    bool last_ipv6;
    if (!read_address(first, out->first, &out->ipv6, fault) ||
        !read_address(last, out->last, &last_ipv6, fault))
        return false;
    if (out->ipv6 != last_ipv6)
        return blame(fault, "a range of two families", last.from);
    if (memcmp(out->first, out->last, 16) > 0)
        return blame(fault, "the range ends before it begins", last.from);
    return true;
}

static void unmap(network_range *range) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (!range->ipv6 || memcmp(range->first, mapped, 12) != 0 ||
        memcmp(range->last, mapped, 12) != 0)
        return;
    network_range ipv4 = {.ipv6 = false};
    memcpy(ipv4.first, range->first + 12, 4);
    memcpy(ipv4.last, range->last + 12, 4);
    *range = ipv4;
}

bool network_read(const char *text, size_t len, network_range *out, network_fault *fault) {
    part whole = trim((part){text, 0, len});
    const char *begin = text + whole.from;
    const char *slash = memchr(begin, '/', whole.to - whole.from);
    const char *dash = memchr(begin, '-', whole.to - whole.from);
    network_range range = {0};
    bool good;
    if (slash)
        good = read_prefix(whole, (size_t)(slash - text), &range, fault);
    else if (dash)
        good = read_stretch(whole, (size_t)(dash - text), &range, fault);
    else {
        good = read_address(whole, range.first, &range.ipv6, fault);
        memcpy(range.last, range.first, 16);
    }
    if (good) {
        unmap(&range);
        *out = range;
    }
    return good;
}
