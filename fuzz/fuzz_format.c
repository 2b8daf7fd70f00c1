/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_format.c - addresses to text, on every implementation: each compared with the C library's
 * inet_ntop and parsed back, then all of them as lines and as a column, with small buffers and with
 * nulls.
 *
 * Input: bytes for the family, the form, the separator, the nulls, the size of the buffer (two),
 * the number of repetitions; for each address a byte for its family and null bit, and sixteen for
 * the address.
 */
#include <arpa/inet.h>
#include <string.h>

#include "fuzz.h"
#include "harness/columns.h"
#include "simdinet.h"
#include "simdinet_socket.h"

enum { ADDRESSES, FAMILIES, VALIDITY, TEXT, OFFSETS };

enum { MOST_ROWS = 1 << 11, RECORD = 17 };

/* The rows, and the expected text of each. */
static struct {
    kind kind;
    bool lines;
    char separator;
    size_t count;
    size_t size; /* of an address */
    struct {
        bool ipv6, valid;
        uint8_t address[16];
        uint8_t len;
        char text[SIMDINET_IPV6_TEXT_SIZE];
    } rows[MOST_ROWS];
} all;

static family family_of(size_t i) {
    return all.kind == ONLY_IPV4 || (all.kind == MIXED && !all.rows[i].ipv6) ? IPV4 : IPV6;
}

/* ---- one address ----------------------------------------------------------------------------- */

/* Compares with expected. text ends with its NUL, or begins with its memory. */
static void check_text(const char *impl, const char *call, const char *expected, size_t len,
                       const char *text, size_t got) {
    if (got != len || memcmp(text, expected, len + 1) != 0)
        fail(text, len, "%s of implementation %s: %zu bytes, where inet_ntop has \"%s\"", call,
             impl, got, expected);
}

static void check_one(family f, const uint8_t *address) {
    char expected[SIMDINET_IPV6_TEXT_SIZE];
    size_t len = libc_format(f, address, expected);
    uint8_t back[16];
    const uint8_t *from = (const uint8_t *)area_copy_at_end(ADDRESSES, address, address_size(f));
    FOR_EACH_IMPLEMENTATION (impl) {
        char *text = area_at_end(TEXT, len + 1);
        memset(text - 64, AREA_FILL, 64 + len + 1);
        check_text(impl->name, "format", expected, len, text, formatter_of(impl, f)(from, text));
        if (!all_are(text - 64, AREA_FILL, 64))
            fail(text, len, "format of implementation %s wrote before the text", impl->name);
        text = area_at_start(TEXT, AREA_SIZE);
        memset(text, AREA_FILL, 128);
        use_implementation(impl);
        check_text(impl->name, "simdinet_format", expected, len, text,
                   f == IPV4 ? simdinet_format_ipv4(from, text) : simdinet_format_ipv6(from, text));
        if (!all_are(text + len + 1, AREA_FILL, 127 - len))
            fail(text, len, "format of implementation %s wrote past its NUL", impl->name);
        if (!parser_of(impl, f)(text, len, back) || memcmp(back, address, address_size(f)) != 0)
            fail(text, len, "implementation %s does not parse its own text", impl->name);

        int af = f == IPV4 ? AF_INET : AF_INET6;
        text = area_at_end(TEXT, len + 1);
        memset(text, AREA_FILL, len + 1);
        if (simdinet_inet_ntop(af, from, text, (socklen_t)len) ||
            !all_are(text, AREA_FILL, len + 1))
            fail(expected, len,
                 "simdinet_inet_ntop on implementation %s accepts a buffer one byte too small",
                 impl->name);
        if (simdinet_inet_ntop(af, from, text, (socklen_t)len + 1) != text)
            fail(expected, len,
                 "simdinet_inet_ntop on implementation %s refuses a buffer that is large enough",
                 impl->name);
        check_text(impl->name, "simdinet_inet_ntop", expected, len, text, len);
    }
}

/* ---- many ------------------------------------------------------------------------------------ */

static size_t longest_of(kind k) {
    return (k == ONLY_IPV4 ? 15 : 39) + (size_t)all.lines;
}

/* The rows from first on, in arrays of exact size. */
static void give_rows(size_t first) {
    size_t n = all.count - first, bitmap = (n + 7) / 8;
    uint8_t *addresses = (uint8_t *)area_at_end(ADDRESSES, n * all.size);
    uint8_t *families = (uint8_t *)area_at_end(FAMILIES, bitmap);
    uint8_t *validity = (uint8_t *)area_at_end(VALIDITY, bitmap);
    memset(families, 0, bitmap);
    memset(validity, 0, bitmap);
    for (size_t i = 0; i < n; i++) {
        memcpy(addresses + i * all.size, all.rows[first + i].address + 16 - all.size, all.size);
        families[i / 8] |= (uint8_t)(all.rows[first + i].ipv6 << i % 8);
        validity[i / 8] |= (uint8_t)(all.rows[first + i].valid << i % 8);
    }
}

/* The number of rows from first on that fit, as simdinet.h documents it, and the length of their
 * text. */
static size_t rows_that_fit(size_t first, size_t size, bool nulls, size_t *used) {
    size_t i = first;
    *used = 0;
    for (; i < all.count; i++) {
        if (nulls && !all.rows[i].valid)
            continue;
        if (size - *used < longest_of(family_of(i) == IPV4 ? ONLY_IPV4 : ONLY_IPV6))
            break;
        *used += all.rows[i].len + (size_t)all.lines;
    }
    return i - first;
}

static size_t format_many(size_t n, const uint8_t *validity, char *text, size_t size,
                          int32_t *offsets, size_t *len) {
    address_range from = {(const uint8_t *)area_at_end(ADDRESSES, n * all.size),
                          (const uint8_t *)area_at_end(FAMILIES, (n + 7) / 8), validity, n};
    if (all.lines)
        return format_lines(all.kind, from, all.separator, text, size, len);
    size_t done = format_column(all.kind, from, text, size, offsets);
    *len = offsets ? (size_t)offsets[done] : 0;
    return done;
}

/* One call for the rows from first on; returns the number of rows done. */
static size_t check_call(const char *impl, size_t first, size_t size, bool nulls) {
    size_t n = all.count - first, used, len;
    size_t most = n * longest_of(all.kind), capacity = size < most ? size : most;
    size_t expected_rows = rows_that_fit(first, size, nulls, &used);
    char *text = area_at_end(TEXT, capacity);
    int32_t *offsets = (int32_t *)(void *)area_at_end(OFFSETS, (n + 1) * sizeof *offsets);
    memset(text - 64, AREA_FILL, 64);
    memset(offsets, AREA_FILL, (n + 1) * sizeof *offsets);
    give_rows(first);
    const uint8_t *validity = (const uint8_t *)area_at_end(VALIDITY, (n + 7) / 8);
    size_t done = format_many(n, nulls ? validity : NULL, text, size, offsets, &len);
    if (done != expected_rows || len != used)
        fail(text, len < capacity ? len : 0,
             "%s %s of implementation %s: %zu rows, %zu bytes, expected %zu and %zu",
             kind_names[all.kind], all.lines ? "lines" : "column", impl, done, len, expected_rows,
             used);
    const char *p = text;
    for (size_t i = 0; i < done; i++) {
        size_t expected = nulls && !all.rows[first + i].valid ? 0 : all.rows[first + i].len;
        if (memcmp(p, all.rows[first + i].text, expected) != 0 ||
            (all.lines ? p[expected] != all.separator : offsets[i] != p - text))
            fail(text, len, "%s %s of implementation %s: row %zu of %zu is not \"%s\"",
                 kind_names[all.kind], all.lines ? "lines" : "column", impl, i, done,
                 all.rows[first + i].text);
        p += expected + (size_t)all.lines;
    }
    size_t set = all.lines ? 0 : done + 1;
    if (!all_are(text - 64, AREA_FILL, 64) ||
        !all_are(offsets + set, AREA_FILL, (n + 1 - set) * sizeof *offsets))
        fail(text, len, "%s of implementation %s: wrote before the text or past the offsets",
             kind_names[all.kind], impl);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    all.kind = (kind)take_below(&in, KINDS);
    all.lines = take_byte(&in) & 1;
    all.separator = (char)take_byte(&in);
    all.size = all.kind == ONLY_IPV4 ? 4 : 16;
    bool nulls = (take_byte(&in) & 1) && !all.lines;
    size_t buffer = (size_t)take_number(&in, 2); /* 0: enough */
    size_t times = 1 + take_below(&in, 16);
    size_t given = in.size / RECORD + (in.size % RECORD != 0);
    if (given * times > MOST_ROWS)
        return 0;
    all.count = given * times;
    for (size_t i = 0; i < all.count; i++) {
        input record = {in.data + i % given * RECORD, in.size - i % given * RECORD};
        uint8_t about = take_byte(&record);
        all.rows[i].ipv6 = about & 1;
        all.rows[i].valid = !(about & 2);
        for (size_t k = 0; k < 16; k++)
            all.rows[i].address[k] = take_byte(&record);
        family f = family_of(i);
        const uint8_t *address = all.rows[i].address + 16 - address_size(f);
        all.rows[i].len = (uint8_t)libc_format(f, address, all.rows[i].text);
    }
    for (size_t i = 0; i < given; i++) {
        check_one(IPV4, all.rows[i].address + 12);
        check_one(IPV6, all.rows[i].address);
    }
    size_t len;
    if (all.count == 0 && format_many(0, NULL, NULL, 0, NULL, &len) != 0)
        fail(NULL, 0, "%s rows without input", kind_names[all.kind]);
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        size_t whole = all.count * longest_of(all.kind), done, first = 0;
        do {
            done = check_call(impl->name, first, buffer ? buffer : whole, nulls);
            first += done;
        } while (done > 0 && first < all.count);
    }
    return 0;
}
