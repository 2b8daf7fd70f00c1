/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_parse.h"

#include "blank.h"
#include "mapped.h"
#include "suggest.h"

#include <stdio.h>
#include <string.h>

/* bytes[from, to) */
typedef struct {
    const char *bytes;
    size_t from, to;
} slice;

static bool fail(network_error *error, const char *reason, size_t at) {
    *error = (network_error){.reason = reason, .at = at};
    return false;
}

static slice trim(slice text) {
    const char *begin = text.bytes + text.from;
    size_t len = text.to - text.from;
    trim_blanks(&begin, &len);
    text.from = (size_t)(begin - text.bytes);
    text.to = text.from + len;
    return text;
}

/* An IPv6 address has a colon before any dot: "192.0.2.1:80" is an IPv4 address with something after it. */
static bool looks_like_ipv6(const char *bytes, size_t len) {
    const char *colon = memchr(bytes, ':', len);
    return colon && !memchr(bytes, '.', (size_t)(colon - bytes));
}

static bool read_address(slice text, uint8_t out[16], bool *ipv6, network_error *error) {
    const char *bytes = text.bytes + text.from;
    size_t len = text.to - text.from, at = 0;
    simdinet_reason reason;
    memset(out, 0, 16);
    *ipv6 = looks_like_ipv6(bytes, len);
    if (*ipv6 ? simdinet_parse_ipv6(bytes, len, out) : simdinet_parse_ipv4(bytes, len, out))
        return true;
    reason =
        *ipv6 ? simdinet_explain_ipv6(bytes, len, &at) : simdinet_explain_ipv4(bytes, len, &at);
    fail(error, simdinet_reason_text(reason), text.from + at);
    if (reason == SIMDINET_REASON_CHARACTER && bytes[at] == ':')
        strcpy(error->hint, "a port is not part of a network");
    else if (reason == SIMDINET_REASON_CHARACTER && bytes[at] == '%')
        strcpy(error->hint, "a zone is not part of a network");
    return false;
}

static bool read_netmask(slice text, unsigned *length, network_error *error) {
    uint8_t mask[16];
    bool ipv6;
    if (!read_address(text, mask, &ipv6, error))
        return false;
    int bits = simdinet_netmask_length(mask, 4);
    if (bits < 0)
        return fail(error, simdinet_reason_text(SIMDINET_REASON_NETMASK), text.from);
    *length = (unsigned)bits;
    return true;
}

static bool read_prefix_length(slice text, unsigned max, unsigned *length, network_error *error) {
    unsigned value = 0;
    if (text.from == text.to)
        return fail(error, "missing prefix length", text.from);
    for (size_t i = text.from; i < text.to && value <= max; i++) {
        unsigned digit = (unsigned)(unsigned char)text.bytes[i] - '0';
        value = digit > 9 ? max + 1 : value * 10 + digit;
    }
    *length = value;
    if (value <= max)
        return true;
    fail(error, "invalid prefix length", text.from);
    error->quoted = text.to - text.from;
    return false;
}

/* Clears or sets the bits of an address from bit length on. */
static void fill_bits(uint8_t address[16], unsigned length, unsigned bits, bool set) {
    unsigned byte = length / 8;
    uint8_t rest = (uint8_t)(0xffu >> length % 8);
    if (length == bits)
        return;
    address[byte] = (uint8_t)(set ? address[byte] | rest : address[byte] & ~rest);
    memset(address + byte + 1, set ? 0xff : 0, bits / 8 - byte - 1);
}

/* Makes a network of an address, first. */
static void set_prefix(network_range *range, unsigned length) {
    const unsigned bits = range->ipv6 ? 128 : 32;
    memcpy(range->last, range->first, 16);
    fill_bits(range->first, length, bits, false);
    fill_bits(range->last, length, bits, true);
    range->is_network = true;
    range->prefix_length = (uint8_t)length;
}

static bool read_prefix(slice text, size_t slash, network_range *out, network_error *error) {
    slice address = {text.bytes, text.from, slash}, length = {text.bytes, slash + 1, text.to};
    unsigned bits, prefix = 0;
    if (!read_address(trim(address), out->first, &out->ipv6, error))
        return false;
    bits = out->ipv6 ? 128 : 32;
    length = trim(length);
    bool netmask = !out->ipv6 && memchr(text.bytes + length.from, '.', length.to - length.from);
    if (netmask ? !read_netmask(length, &prefix, error)
                : !read_prefix_length(length, bits, &prefix, error))
        return false;
    set_prefix(out, prefix);
    return true;
}

static bool read_range(slice text, size_t dash, network_range *out, network_error *error) {
    slice first = trim((slice){text.bytes, text.from, dash});
    slice last = trim((slice){text.bytes, dash + 1, text.to});
    bool last_ipv6;
    if (!read_address(first, out->first, &out->ipv6, error) ||
        !read_address(last, out->last, &last_ipv6, error))
        return false;
    if (out->ipv6 != last_ipv6)
        return fail(error, "range of mixed address families", last.from);
    if (memcmp(out->first, out->last, 16) > 0)
        return fail(error, "range ends before it starts", last.from);
    return true;
}

/* The offset of the slash before a prefix length of one to three digits; len: there is none. */
static size_t find_prefix_length(const char *text, size_t len, unsigned *length) {
    unsigned value = 0, factor = 1;
    for (size_t at = len; at > 0 && len - at <= 3; factor *= 10) {
        const unsigned digit = (unsigned)(unsigned char)text[--at] - '0';
        if (digit > 9) {
            *length = value;
            return text[at] == '/' && factor > 1 ? at : len;
        }
        value += digit * factor;
    }
    return len;
}

bool network_parse_plain(const char *text, size_t len, network_item *out) {
    unsigned length = 128;
    const size_t end = find_prefix_length(text, len, &length);
    *out = (network_item){0};
    network_range *range = &out->range;
    if (!simdinet_parse_ipv4(text, end, range->first)) {
        range->ipv6 = true;
        if (!simdinet_parse_ipv6(text, end, range->first) || is_mapped(range->first))
            return false;
    }
    const unsigned bits = range->ipv6 ? 128 : 32;
    if (end < len && length > bits)
        return false;
    set_prefix(range, end < len ? length : bits);
    return true;
}

bool network_unmap(network_range *range) {
    if (!range->ipv6 || !is_mapped(range->first) || !is_mapped(range->last))
        return false;
    network_range ipv4 = {0};
    memcpy(ipv4.first, range->first + 12, 4);
    memcpy(ipv4.last, range->last + 12, 4);
    *range = ipv4;
    return true;
}

network_range network_remap(const network_item *item) {
    network_range range = {.ipv6 = true};
    if (!item->mapped)
        return item->range;
    memcpy(range.first, mapped_prefix, sizeof mapped_prefix);
    memcpy(range.last, mapped_prefix, sizeof mapped_prefix);
    memcpy(range.first + 12, item->range.first, 4);
    memcpy(range.last + 12, item->range.last, 4);
    return range;
}

/* Whether a text can only be meant as the name of a class: no address has these letters. */
static bool looks_like_class(const char *text, size_t len) {
    bool letter = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '.' || text[i] == ':' || text[i] == '/')
            return false;
        letter |= text[i] >= 'g' && text[i] <= 'z';
    }
    return letter;
}

/* Whether a text is nearly the name of a class; then the error is set. */
static bool is_misspelled_class(slice text, network_error *error) {
    suggestion s = {.word = text.bytes + text.from, .len = text.to - text.from};
    if (!looks_like_class(s.word, s.len))
        return false;
    for (uint32_t class = 1; simdinet_class_name(class); class <<= 1)
        suggest(&s, simdinet_class_name(class));
    if (!s.best)
        return false;
    fail(error, "not a network or a class of addresses", text.from);
    snprintf(error->hint, sizeof error->hint, "did you mean '%s'?", s.best);
    return true;
}

bool network_parse(const char *text, size_t len, network_item *out, network_error *error) {
    slice whole = trim((slice){text, 0, len});
    const char *begin = text + whole.from;
    size_t size = whole.to - whole.from;
    const char *slash = memchr(begin, '/', size);
    const char *dash = memchr(begin, '-', size);
    /* The name of a class has no dot or colon. *Lost*: to compare all names with each line of a list, a fifth of the
     * time that it takes. */
    const bool is_name = !memchr(begin, '.', size) && !memchr(begin, ':', size);
    network_item item = {.classes = is_name ? simdinet_class_by_name(begin, size) : 0};
    bool ok = true;
    if (item.classes)
        ;
    else if (is_misspelled_class(whole, error))
        ok = false;
    else if (slash)
        ok = read_prefix(whole, (size_t)(slash - text), &item.range, error);
    else if (dash)
        ok = read_range(whole, (size_t)(dash - text), &item.range, error);
    else {
        ok = read_address(whole, item.range.first, &item.range.ipv6, error);
        memcpy(item.range.last, item.range.first, 16);
    }
    if (ok) {
        item.mapped = network_unmap(&item.range);
        *out = item;
    }
    return ok;
}
