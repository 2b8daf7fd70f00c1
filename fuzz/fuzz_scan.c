/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_scan.c - every address in a text, by every implementation, against the slow reference of the
 * tests: the whole text, cut into pieces, from an offset in its middle, and across a chunk's border.
 *
 * Input: bytes for the flags, what precedes the text, the capacity for matches, the size of the first
 * piece, the size of the other pieces; the text.
 */
#include <string.h>

#include "fuzz.h"
#include "simdinet.h"
#include "tests/engine/scan_expected.h"

enum { TEXT, MATCHES };

enum { MAX_TEXT = 4 * SIMDINET_SCAN_CHUNK, MAX_MATCHES = MAX_TEXT / 2 + 1 };

static struct {
    char text[MAX_TEXT];
    size_t len;
    unsigned flags;
    simdinet_match matches[MAX_MATCHES];
    size_t count;
} all;

static size_t context(void) {
    return all.flags & SIMDINET_SCAN_DEFANGED ? SIMDINET_SCAN_DEFANGED_CONTEXT
                                              : SIMDINET_SCAN_CONTEXT;
}

/* One call with a capacity, compared with the matches from first on. Returns the end. */
static size_t check_call(const char *impl, const char *text, size_t start, size_t len, bool more,
                         size_t room, size_t base, size_t first, size_t *count) {
    simdinet_match *got =
        (simdinet_match *)(void *)area_at_end(MATCHES, room * sizeof(simdinet_match));
    uint8_t *before = (uint8_t *)got - 64;
    memset(before, AREA_FILL, 64);
    *count = SIZE_MAX;
    size_t end = simdinet_scan(text, start, len, all.flags | (more ? SIMDINET_SCAN_PARTIAL : 0),
                               room ? got : NULL, sizeof(simdinet_match), room, count);
    if (end < start || end > len || *count > room || *count > all.count - first)
        fail(text, len,
             "scan of implementation %s with flags 0x%02x: ends at %zu, %zu matches, room for %zu",
             impl, all.flags, end, *count, room);
    if (end < len && *count < room && (!more || len - end > context()))
        fail(text, len, "scan of implementation %s with flags 0x%02x: ends at %zu", impl, all.flags,
             end);
    for (size_t i = 0; i < *count; i++)
        if (!same_match(&all.matches[first + i], &got[i], base))
            fail(text, len,
                 "scan of implementation %s with flags 0x%02x: match %zu at %zu, %u bytes", impl,
                 all.flags, i, got[i].offset, got[i].length);
    size_t next = first + *count;
    if (next < all.count && all.matches[next].offset < base + end)
        fail(text, len, "scan of implementation %s with flags 0x%02x: nothing at %zu", impl,
             all.flags, all.matches[next].offset - base);
    if (!all_are(before, AREA_FILL, 64))
        fail(text, len, "scan of implementation %s: written before the matches", impl);
    return end;
}

/* From the start, and from an offset with context before it; there the end may be open, too. */
static void check_whole(const char *impl, size_t start) {
    size_t first = 0, count;
    const char *text = area_copy_at_end(TEXT, all.text, all.len);
    check_call(impl, text, 0, all.len, false, all.count + 1, 0, 0, &count);
    if (count != all.count)
        fail(all.text, all.len, "scan of implementation %s with flags 0x%02x: %zu matches of %zu",
             impl, all.flags, count, all.count);
    while (first < all.count && all.matches[first].offset < start)
        first++;
    text = area_copy_at_start(TEXT, all.text, all.len);
    size_t rest = all.count - first;
    check_call(impl, text, start, all.len, false, rest + 1, 0, first, &count);
    if (count != rest)
        fail(all.text, all.len,
             "scan of implementation %s with flags 0x%02x, from %zu: %zu matches of %zu", impl,
             all.flags, start, count, rest);
    check_call(impl, text, start, all.len, true, rest + 1, 0, first, &count);
}

/* As a stream: of the consumed bytes only the context is kept. */
static void check_pieces(const char *impl, size_t first_cut, size_t cut, size_t room) {
    size_t seen = 0, have = 0, start = 0, base = 0;
    for (size_t step = first_cut;; step = cut) {
        have = step > all.len - have ? all.len : have + step;
        bool more = have < all.len;
        char *piece = area_copy_at_end(TEXT, all.text + base, have - base);
        size_t got;
        do {
            start = base + check_call(impl, piece, start - base, have - base, more, room, base,
                                      seen, &got);
            seen += got;
        } while (got == room);
        if (!more)
            break;
        base = start > context() ? start - context() : 0;
    }
    if (seen != all.count)
        fail(all.text, all.len,
             "scan of implementation %s with flags 0x%02x, cut at %zu and every %zu: %zu matches "
             "of %zu",
             impl, all.flags, first_cut, cut, seen, all.count);
}

/* Precedes the text by what brings a border of a chunk so many bytes after its start. */
static void put_before(const input *in, size_t border, bool again) {
    all.len = border ? SIMDINET_SCAN_CHUNK - border : 0;
    memset(all.text, ' ', all.len);
    for (size_t at = 0; again && in->size > 0 && at + in->size <= all.len; at += in->size)
        memcpy(all.text + at, in->data, in->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    static const unsigned options[] = {
        0,
        SIMDINET_SCAN_RECALL,
        SIMDINET_SCAN_BARE_UNSPECIFIED,
        SIMDINET_SCAN_EUI64,
        SIMDINET_SCAN_NO_VERSIONS,
        SIMDINET_SCAN_NO_ESCAPES,
        SIMDINET_SCAN_NO_DOT_PORT,
        SIMDINET_SCAN_NO_COLON_PORT,
        SIMDINET_SCAN_NO_COLON_AFTER,
        SIMDINET_SCAN_NO_KEY,
        SIMDINET_SCAN_NO_BGP,
        SIMDINET_SCAN_RECALL | SIMDINET_SCAN_EUI64,
        SIMDINET_SCAN_RECALL | SIMDINET_SCAN_NO_ESCAPES,
        SIMDINET_SCAN_BARE_UNSPECIFIED | SIMDINET_SCAN_NO_DOT_PORT,
        SIMDINET_SCAN_NO_VERSION_SLASH,
        SIMDINET_SCAN_NO_KEY | SIMDINET_SCAN_NO_BGP,
    };
    const uint8_t choice = take_byte(&in);
    all.flags = options[choice >> 2 & 15] | (choice & 64 ? SIMDINET_SCAN_DEFANGED : 0);
    all.flags |= choice & 3;
    /* Mostly nothing, since the rest takes long: blanks before the text; the text itself before the
     * text; and then two chunks of blanks after it, too. */
    unsigned around = take_byte(&in);
    size_t border = around < 192 ? 0 : around % 64 * 4 + 1;
    size_t room = 1 + take_below(&in, 32);
    size_t first_cut = take_byte(&in);
    size_t cut = 1 + take_byte(&in) + in.size / 32; /* not thousands of pieces */
    if (in.size > SIMDINET_SCAN_CHUNK / 2)
        return 0;
    put_before(&in, border, around >= 240);
    if (border) {
        first_cut += all.len - first_cut / 2;
        cut += SIMDINET_SCAN_CHUNK / 32;
    }
    memcpy(all.text + all.len, in.data, in.size);
    all.len += in.size;
    if (around >= 248) {
        memset(all.text + all.len, ' ', 2 * SIMDINET_SCAN_CHUNK + 256);
        all.len += 2 * SIMDINET_SCAN_CHUNK + 256;
    }
    all.count = scan_expected(all.text, all.len, all.flags, all.matches, MAX_MATCHES);
    room += all.count / 8; /* every call scans its chunk anew */
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        check_whole(impl->name, first_cut < all.len ? first_cut : all.len);
        check_pieces(impl->name, first_cut, cut, room);
    }
    return 0;
}
