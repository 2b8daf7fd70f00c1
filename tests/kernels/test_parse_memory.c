/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Text to address without an access outside the text and the address: unmapped pages and poison
 * around both, and lengths whose low bits are valid.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "parse_answer.h"

enum { POISONS = 6 };

/* Fills the readable bytes around [text, text + len), up to 64 on each side. */
static void poison(const guarded *memory, char *text, size_t len, unsigned pattern, prng *random) {
    static const char fill[POISONS - 1] = {'1', ':', '.', '\0', '\xff'};
    size_t before = (size_t)(text - memory->start), after = (size_t)(memory->end - text) - len;
    before = before < 64 ? before : 64;
    after = after < 64 ? after : 64;
    if (pattern < POISONS - 1) {
        memset(text - before, fill[pattern], before);
        memset(text + len, fill[pattern], after);
        return;
    }
    for (size_t i = 0; i < before; i++)
        text[-1 - (ptrdiff_t)i] = (char)prng_next(random);
    for (size_t i = 0; i < after; i++)
        text[len + i] = (char)prng_next(random);
}

/* Texts of one length: a valid one of each family where there is one, and invalid ones. */
enum { LONGEST = 64, SAMPLES = 8 };

static char samples[LONGEST + 1][SAMPLES][LONGEST + 1];

static void make_samples(prng *random) {
    bool made[2][LONGEST + 1] = {{false}};
    unsigned missing = (15 - 7 + 1) + (45 - 2 + 1); /* the lengths of each family's texts */
    while (missing) {
        char text[TEXT_CAPACITY];
        uint8_t address[16];
        family f = prng_below(random, 8) ? IPV6 : IPV4;
        size_t len = make_address(random, f, text, address);
        cr_assert(len <= LONGEST);
        /* Several of one length replace each other. */
        memcpy(samples[len][f], text, len);
        missing -= !made[f][len];
        made[f][len] = true;
    }
    static const char fill[] = {'1', ':', '.', 'f'};
    /* Valid up to the point where it is too long; valid except for what follows. */
    static const char longest[] =
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255555555555555555555555555";
    static const char several[] =
        "192.168.100.200\0 192.168.100.200\0 192.168.100.200\0 192.168.100.200";
    _Static_assert(sizeof longest > LONGEST && sizeof several > LONGEST, "too short");
    for (size_t len = 0; len <= LONGEST; len++) {
        for (unsigned i = 0; i < 2; i++)
            if (!made[i][len])
                memset(samples[len][i], "0:"[i], len);
        for (unsigned i = 0; i < 4; i++)
            memset(samples[len][2 + i], fill[i], len);
        memcpy(samples[len][6], longest, len);
        memcpy(samples[len][7], several, len);
    }
}

static void expect_at(const guarded *memory, char *at, const char *text, size_t len, prng *random) {
    for (family f = IPV4; f <= IPV6; f++) {
        uint8_t address[16];
        const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
        for (unsigned pattern = 0; pattern < POISONS; pattern++) {
            poison(memory, at, len, pattern, random);
            memcpy(at, text, len);
            FOR_EACH_IMPLEMENTATION (impl)
                if (!parses(impl, f, at, len, expected))
                    report_mismatch(impl, f, "with a length, in poison,", text, len, expected);
        }
    }
}

static void expect_at_z(const guarded *memory, char *at, const char *text, size_t len,
                        prng *random) {
    for (family f = IPV4; f <= IPV6; f++) {
        uint8_t address[16];
        const uint8_t *expected = libc_parse(f, text, len, address) ? address : NULL;
        for (unsigned pattern = 0; pattern < POISONS; pattern++) {
            poison(memory, at, len + 1, pattern, random);
            memcpy(at, text, len);
            at[len] = '\0';
            FOR_EACH_IMPLEMENTATION (impl)
                if (!parses_z(impl, f, at, expected))
                    report_mismatch(impl, f, "with a NUL, in poison,", text, len, expected);
        }
    }
}

Test(parse, reads_nothing_around_the_text) {
    prng random = {64};
    guarded memory = guarded_new();
    make_samples(&random);
    for (size_t len = 0; len <= LONGEST; len++) {
        for (size_t shift = 0; shift < 64; shift++) {
            for (unsigned i = 0; i < SAMPLES; i++) {
                const char *text = samples[len][i];
                expect_at(&memory, memory.start + shift, text, len, &random);
                expect_at(&memory, memory.end - len - shift, text, len, &random);
                /* Across the boundary of two mapped pages. */
                expect_at(&memory, memory.middle - shift, text, len, &random);
            }
        }
    }
    guarded_free(&memory);
}

Test(parse, reads_nothing_around_the_string) {
    prng random = {65};
    guarded memory = guarded_new();
    make_samples(&random);
    for (size_t len = 0; len <= LONGEST; len++) {
        for (size_t shift = 0; shift < 64; shift++) {
            for (unsigned i = 0; i < SAMPLES; i++) {
                const char *text = samples[len][i];
                if (memchr(text, '\0', len))
                    continue;
                expect_at_z(&memory, memory.start + shift, text, len, &random);
                expect_at_z(&memory, memory.end - len - 1 - shift, text, len, &random);
                expect_at_z(&memory, memory.middle - shift, text, len, &random);
            }
        }
    }
    guarded_free(&memory);
}

/* An address at the beginning or the end of a longer text. */
Test(parse, refuses_overlong_texts) {
    static const char *const addresses[] = {
        "1.2.3.4", "::1", "1:2:3:4:5:6:7:8", "::1.2.3.4", "::", "0", ":"};
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        for (size_t len = LONGEST; len <= 4096; len += len < 600 ? 1 : 127) {
            for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
                size_t size = strlen(addresses[i]);
                for (unsigned filler = 0; filler < 4; filler++) {
                    char *text = memory.end - len;
                    memset(text, "\0000:."[filler], len);
                    memcpy(text, addresses[i], size);
                    memcpy(memory.end - size, addresses[i], size);
                    for (family f = IPV4; f <= IPV6; f++) {
                        if (!parses(impl, f, text, len, NULL))
                            report_mismatch(impl, f, "with a length", text, len, NULL);
                        memory.end[-1] = '\0';
                        if (filler && !parses_z(impl, f, text, NULL))
                            report_mismatch(impl, f, "with a NUL", text, len, NULL);
                        memcpy(memory.end - size, addresses[i], size);
                    }
                }
            }
        }
    }
    guarded_free(&memory);
}

/* A length of which only the low 8, 16 or 32 bits are valid. */
Test(parse, uses_all_bits_of_the_length) {
    const uint64_t size = (UINT64_C(1) << 32) + 4096;
    char *text = MAP_FAILED;
    if (size <= SIZE_MAX / 2)
        text = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    unsigned powers = 3;
    if (text == MAP_FAILED) {
        fprintf(stderr, "skipped: lengths above 2^32: not enough address space\n");
        powers = 2;
        text = calloc(1, 1u << 17);
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        for (unsigned i = 0; i < powers; i++) {
            size_t high = (size_t)(UINT64_C(1) << (8 << i));
            strcpy(text, "1.2.3.4"); /* valid except for the length */
            cr_expect(!parses(impl, IPV4, text, 7, NULL), "implementation %s", impl->name);
            if (!parses(impl, IPV4, text, high + 7, NULL))
                report_mismatch(impl, IPV4, "with a length", text, high + 7, NULL);
            strcpy(text, "1:2:3:4:5:6:7:8");
            cr_expect(!parses(impl, IPV6, text, 15, NULL), "implementation %s", impl->name);
            if (!parses(impl, IPV6, text, high + 15, NULL))
                report_mismatch(impl, IPV6, "with a length", text, high + 15, NULL);
        }
    }
    if (powers == 3)
        munmap(text, (size_t)size);
    else
        free(text);
}

/* The address at any alignment, and next to unmapped pages. */
Test(parse, writes_nothing_around_the_address) {
    guarded memory = guarded_new();
    FOR_EACH_IMPLEMENTATION (impl) {
        for (family f = IPV4; f <= IPV6; f++) {
            size_t size = address_size(f);
            const char *valid_text = f == IPV4 ? "192.0.2.33" : "2001:db8::1:0:ff21";
            const char *invalid_text = f == IPV4 ? "192.0.2.256" : "2001:db8::1:0:ff21.1";
            const char *expected =
                f == IPV4 ? "\xc0\x00\x02\x21" : "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\1\0\0\xff\x21";
            for (size_t shift = 0; shift < 64; shift++) {
                char *outputs[] = {memory.start + shift, memory.middle - shift,
                                   memory.end - size - shift};
                for (unsigned i = 0; i < 3; i++) {
                    uint8_t *out = (uint8_t *)outputs[i];
                    memset(memory.start, 0x5a, (size_t)(memory.end - memory.start));
                    bool refused = !parser_of(impl, f)(invalid_text, strlen(invalid_text), out) &&
                                   !parser_z_of(impl, f)(invalid_text, out);
                    bool untouched = true;
                    for (char *p = memory.start; p < memory.end; p++)
                        untouched &= *p == 0x5a;
                    cr_expect(refused && untouched, "implementation %s: \"%s\"", impl->name,
                              invalid_text);
                    bool accepted = parser_of(impl, f)(valid_text, strlen(valid_text), out);
                    cr_expect(accepted && memcmp(out, expected, size) == 0, "implementation %s",
                              impl->name);
                    memset(out, 0x5a, size);
                    accepted = parser_z_of(impl, f)(valid_text, out);
                    cr_expect(accepted && memcmp(out, expected, size) == 0, "implementation %s",
                              impl->name);
                    memset(out, 0x5a, size);
                    for (char *p = memory.start; p < memory.end; p++)
                        untouched &= *p == 0x5a;
                    cr_expect(untouched, "implementation %s writes next to the address",
                              impl->name);
                }
            }
        }
    }
    guarded_free(&memory);
}
