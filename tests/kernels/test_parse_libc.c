/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Text to address compared with libc, on every implementation: any byte at any position, and random
 * texts, each before an unmapped page.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "parse_answer.h"

/* Compares both forms of every implementation with libc; the text ends at an unmapped page. */
static void expect_as_libc(family f, const char *text, size_t len, const guarded *memory) {
    uint8_t address[16];
    const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
    bool no_nul = !memchr(text, '\0', len);
    char *flush = memory->end - len, *flush_z = memory->middle - 1 - len;
    memcpy(flush, text, len);
    memcpy(flush_z, text, len);
    memory->middle[-1] = '\0';
    FOR_EACH_IMPLEMENTATION (impl) {
        if (!parses(impl, f, flush, len, expected))
            report_mismatch(impl, f, "with a length", text, len, expected);
        if (no_nul && !parses_z(impl, f, flush_z, expected))
            report_mismatch(impl, f, "with a NUL", text, len, expected);
    }
}

/* Any byte at any position of valid texts: all classes of characters, and the bytes next to
 * them. */
Test(parse, every_byte_at_every_position) {
    static const struct {
        family f;
        const char *text;
    } texts[] = {
        {IPV4, "1.2.3.4"},
        {IPV4, "10.20.30.40"},
        {IPV4, "100.1.20.255"},
        {IPV4, "255.249.199.100"},
        {IPV6, "::"},
        {IPV6, "::1"},
        {IPV6, "2001:db8::a:1"},
        {IPV6, "1:2:3:4:5:6:7:8"},
        {IPV6, "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
        {IPV6, "1:22:333:4444::192.0.2.1"},
        {IPV6, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"},
    };
    guarded memory = guarded_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t len = strlen(texts[i].text);
        for (size_t at = 0; at < len; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                char text[TEXT_CAPACITY];
                strcpy(text, texts[i].text);
                text[at] = (char)byte;
                expect_as_libc(texts[i].f, text, len, &memory);
                /* The same byte inserted. */
                memmove(text + at + 1, texts[i].text + at, len - at);
                expect_as_libc(texts[i].f, text, len + 1, &memory);
            }
        }
    }
    guarded_free(&memory);
}

static void expect_mutations_as_libc(family f, uint64_t seed) {
    prng random = {seed};
    guarded memory = guarded_new();
    size_t count = repetitions(1000000), accepted = 0;
    for (size_t i = 0; i < count; i++) {
        char text[TEXT_CAPACITY];
        uint8_t address[16], confirmed[16];
        size_t len = make_address(&random, f, text, address);
        if (i % 8 == 0) {
            /* As generated: the bytes of the generator must be those of libc. */
            cr_assert(libc_parse(f, text, len, confirmed), "%s", text);
            cr_assert(memcmp(address, confirmed, address_size(f)) == 0, "%s", text);
        } else {
            len = mutate(&random, text, len);
        }
        accepted += libc_parse(f, text, len, confirmed);
        expect_as_libc(f, text, len, &memory);
    }
    /* Both accepted and refused texts must be frequent. */
    cr_expect(accepted > count / 5 && accepted < count / 2, "%zu of %zu accepted", accepted, count);
    guarded_free(&memory);
}

Test(parse, ipv4_mutations_as_libc) {
    expect_mutations_as_libc(IPV4, 4);
}

Test(parse, ipv6_mutations_as_libc) {
    expect_mutations_as_libc(IPV6, 6);
}
