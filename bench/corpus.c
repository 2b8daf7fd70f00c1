/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * corpus.c - the generator of corpora. It does not use simdinet: libc defines which texts are addresses
 * and their bytes.
 */
#include "corpus.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A damaged text: twice the longest address, a separator and a NUL. */
#define TEXT_SIZE 100

/* ---- random numbers (splitmix64) ---------------------------------------------------------------- */

uint64_t corpus_random(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit) {
    return (unsigned)((corpus_random(state) >> 32) * limit >> 32);
}

/* ---- drawing one address ----------------------------------------------------------------------- */

/* Writes one address; true if it is one of the few that may repeat. */
typedef bool draw_fn(uint64_t *state, char text[TEXT_SIZE]);

static void spell_ipv4(char text[TEXT_SIZE], unsigned a, unsigned b, unsigned c, unsigned d) {
    snprintf(text, TEXT_SIZE, "%u.%u.%u.%u", a & 255, b & 255, c & 255, d & 255);
}

static bool draw_ipv4_random(uint64_t *state, char text[TEXT_SIZE]) {
    unsigned value = (unsigned)corpus_random(state);
    spell_ipv4(text, value >> 24, value >> 16, value >> 8, value);
    return false;
}

/* Half private, half public, as in the logs of a site with a private network. */
static bool draw_ipv4_realistic(uint64_t *state, char text[TEXT_SIZE]) {
    unsigned value = (unsigned)corpus_random(state);
    unsigned b = value >> 16 & 255, c = value >> 8 & 255, d = value & 255;
    unsigned share = below(state, 100);
    if (share < 18) {
        spell_ipv4(text, 192, 168, c, d);
    } else if (share < 43) {
        spell_ipv4(text, 10, b, c, d);
    } else if (share < 51) {
        spell_ipv4(text, 172, 16 + b % 16, c, d);
    } else if (share < 53) {
        spell_ipv4(text, 127, 0, 0, 1);
        return true;
    } else if (share < 54) {
        spell_ipv4(text, 0, 0, 0, 0);
        return true;
    } else {
        spell_ipv4(text, 1 + below(state, 223), b, c, d);
    }
    return false;
}

static void draw_groups(uint64_t *state, unsigned *groups, size_t count) {
    for (size_t i = 0; i < count; i++)
        groups[i] = below(state, 65536);
}

static void spell_groups(char text[TEXT_SIZE], const char *format, const unsigned g[8]) {
    snprintf(text, TEXT_SIZE, format, g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7]);
}

#define EACH_GROUP        "%x:%x:%x:%x:%x:%x:%x:%x"
#define EACH_GROUP_PADDED "%04x:%04x:%04x:%04x:%04x:%04x:%04x:%04x"

static bool draw_ipv6_random(uint64_t *state, char text[TEXT_SIZE]) {
    unsigned groups[8];
    draw_groups(state, groups, 8);
    spell_groups(text, EACH_GROUP, groups);
    return false;
}

/* Eight groups of one to four digits, without "::": 4^8 shapes. */
static bool draw_ipv6_full(uint64_t *state, char text[TEXT_SIZE]) {
    unsigned groups[8];
    for (size_t i = 0; i < 8; i++) {
        unsigned least = 1u << 4 * below(state, 4);
        groups[i] = least + below(state, 15 * least);
    }
    spell_groups(text, EACH_GROUP, groups);
    return false;
}

/* The interface identifier: random (privacy), EUI-64, or manually assigned. */
static void draw_interface(uint64_t *state, unsigned groups[4]) {
    unsigned share = below(state, 10);
    draw_groups(state, groups, 4);
    if (share < 2) {
        groups[1] |= 0x00FF;
        groups[2] = 0xFE00 | (groups[2] & 0x00FF);
    } else if (share < 6) {
        groups[0] = groups[1] = groups[2] = 0;
        groups[3] >>= 4 * below(state, 4);
    } else if (share < 7) {
        groups[0] = groups[1] = 0;
    }
}

static void draw_global(uint64_t *state, unsigned groups[8]) {
    static const unsigned registries[] = {0x2001, 0x2003, 0x2400, 0x2404, 0x2600, 0x2604,
                                          0x2607, 0x2620, 0x2800, 0x2A00, 0x2A02, 0x2A06};
    draw_groups(state, groups, 4);
    groups[0] = registries[below(state, sizeof registries / sizeof *registries)];
    if (below(state, 4) == 0)
        groups[2] = 0;
    switch (below(state, 3)) {
    case 0:
        groups[3] = 0;
        break;
    case 1:
        groups[3] >>= 8;
        break;
    }
    draw_interface(state, groups + 4);
}

/* Most in the form of RFC 5952, as inet_ntop writes; some in full or without "::". */
static void spell_mixed(uint64_t *state, const unsigned groups[8], char text[TEXT_SIZE]) {
    unsigned share = below(state, 100);
    if (share < 6) {
        spell_groups(text, EACH_GROUP_PADDED, groups);
    } else if (share < 10) {
        spell_groups(text, EACH_GROUP, groups);
    } else {
        uint8_t address[16];
        for (size_t i = 0; i < 8; i++) {
            address[2 * i] = (uint8_t)(groups[i] >> 8);
            address[2 * i + 1] = (uint8_t)groups[i];
        }
        inet_ntop(AF_INET6, address, text, TEXT_SIZE);
    }
}

static void make_upper(char *text) {
    for (; *text; text++)
        *text = (char)toupper((unsigned char)*text);
}

static void draw_mapped(uint64_t *state, char text[TEXT_SIZE]) {
    char ipv4[TEXT_SIZE];
    draw_ipv4_realistic(state, ipv4);
    snprintf(text, TEXT_SIZE, "::ffff:%.15s", ipv4);
}

/* Realistic IPv6 without mapped addresses. */
static bool draw_unmapped(uint64_t *state, char text[TEXT_SIZE]) {
    unsigned groups[8] = {0};
    unsigned share = below(state, 100);
    if (share < 4) {
        strcpy(text, share < 3 ? "::1" : "::");
        return true;
    }
    if (share < 18) { /* link-local */
        groups[0] = 0xFE80;
        draw_interface(state, groups + 4);
    } else if (share < 25) { /* unique local */
        draw_groups(state, groups, 3);
        groups[0] = 0xFD00 | (groups[0] & 0xFF);
        groups[3] = below(state, 256);
        draw_interface(state, groups + 4);
    } else if (share < 28) { /* solicited-node multicast */
        groups[0] = 0xFF02;
        groups[5] = 1;
        groups[6] = 0xFF00 | below(state, 256);
        groups[7] = below(state, 65536);
    } else if (share < 30) { /* NAT64 */
        groups[0] = 0x64;
        groups[1] = 0xFF9B;
        draw_groups(state, groups + 6, 2);
    } else {
        draw_global(state, groups);
    }
    spell_mixed(state, groups, text);
    return false;
}

static bool draw_ipv6_share(uint64_t *state, char text[TEXT_SIZE], unsigned mapped) {
    bool repeats = false;
    if (below(state, 100) < mapped)
        draw_mapped(state, text);
    else
        repeats = draw_unmapped(state, text);
    if (below(state, 100) < 12)
        make_upper(text);
    return repeats;
}

static bool draw_ipv6_realistic(uint64_t *state, char text[TEXT_SIZE]) {
    return draw_ipv6_share(state, text, 5);
}

static bool draw_ipv6_mapped(uint64_t *state, char text[TEXT_SIZE]) {
    return draw_ipv6_share(state, text, 30);
}

/* ---- damage ------------------------------------------------------------------------------------ */

static bool is_address(int family, const char *text, uint8_t out[16]) {
    return inet_pton(family == 4 ? AF_INET : AF_INET6, text, out) == 1;
}

/* One modification. The result may still be an address. */
static void damage_once(uint64_t *state, const char *text, char out[TEXT_SIZE]) {
    static const char *const suffixes[] = {".", ":", "::", " ", "0", "%eth0", "/64", ":443", ".1"};
    int len = (int)strlen(text);
    int at = (int)below(state, (unsigned)len);
    switch (below(state, 6)) {
    case 0: /* another character */
        snprintf(out, TEXT_SIZE, "%.*s%c%s", at, text, " -./:0gGxz"[below(state, 10)],
                 text + at + 1);
        break;
    case 1: /* one character twice: a digit too many, two dots, a second "::" */
        snprintf(out, TEXT_SIZE, "%.*s%s", at + 1, text, text + at);
        break;
    case 2: /* truncated, possibly to an empty text */
        snprintf(out, TEXT_SIZE, "%.*s", at, text);
        break;
    case 3: /* a suffix */
        snprintf(out, TEXT_SIZE, "%s%s", text,
                 suffixes[below(state, sizeof suffixes / sizeof *suffixes)]);
        break;
    case 4: /* a number out of range */
        snprintf(out, TEXT_SIZE, "%.*s%u%s", at, text, 256 + below(state, 65280), text + at);
        break;
    default: /* much too long */
        snprintf(out, TEXT_SIZE, "%.45s%c%.45s", text, text[at], text);
        break;
    }
}

static void damage(uint64_t *state, int family, char text[TEXT_SIZE]) {
    char damaged[TEXT_SIZE];
    uint8_t address[16];
    do
        damage_once(state, text, damaged);
    while (is_address(family, damaged, address));
    strcpy(text, damaged);
}

/* ---- the set of drawn addresses ----------------------------------------------------------------- */

/* A load factor of 1/4. */
#define SET_SLOTS(distinct) (4 * (distinct))

typedef struct set_key {
    uint64_t words[2]; /* both 0: an empty slot; "::" counts as drawn */
} set_key;

/* False if it was in the set. */
static bool set_add(set_key *slots, size_t count, set_key key) {
    if ((key.words[0] | key.words[1]) == 0)
        return false;
    uint64_t hash = key.words[0] ^ key.words[1] * 0x9E3779B97F4A7C15;
    size_t at = (size_t)corpus_random(&hash) % count;
    while (slots[at].words[0] | slots[at].words[1]) {
        if (slots[at].words[0] == key.words[0] && slots[at].words[1] == key.words[1])
            return false;
        at = (at + 1) % count;
    }
    slots[at] = key;
    return true;
}

/* ---- corpora ----------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *description;
    int family;
    draw_fn *draw;
    unsigned invalid; /* of 100 */
} kinds[] = {
    {"random", "uniform over all addresses", 4, draw_ipv4_random, 0},
    {"realistic", "private and public, loopback", 4, draw_ipv4_realistic, 0},
    {"invalid", "realistic, 1 % damaged", 4, draw_ipv4_realistic, 1},
    {"random", "uniform over all addresses", 6, draw_ipv6_random, 0},
    {"realistic", "global, local, mapped; mixed spellings", 6, draw_ipv6_realistic, 0},
    {"full", "eight groups of one to four digits", 6, draw_ipv6_full, 0},
    {"mapped", "realistic, 30 % IPv4-mapped", 6, draw_ipv6_mapped, 0},
    {"invalid", "realistic, 1 % damaged", 6, draw_ipv6_realistic, 1},
};

size_t corpus_kinds(void) {
    return sizeof kinds / sizeof *kinds;
}

/* Repeated addresses are at most 4 %. */
#define MAX_TEXTS(distinct) ((distinct) + (distinct) / 8 + 64)

static bool fill(corpus *c, set_key *drawn, size_t wanted, size_t kind, uint64_t state) {
    size_t used = 0, distinct = 0;
    while (distinct < wanted) {
        char text[TEXT_SIZE];
        uint8_t address[16] = {[15] = 1}; /* so that no IPv4 address equals an empty slot */
        bool repeats = kinds[kind].draw(&state, text);
        if (!is_address(c->family, text, address))
            return false;
        if (!repeats) {
            set_key key;
            memcpy(key.words, address, sizeof key.words);
            if (!set_add(drawn, SET_SLOTS(wanted), key))
                continue;
            distinct++;
        }
        if (c->count == MAX_TEXTS(wanted))
            return false;
        if (below(&state, 100) < kinds[kind].invalid)
            damage(&state, c->family, text);
        else
            memcpy(c->addresses + c->size * c->valid++, address, c->size);
        size_t bytes = strlen(text) + 1;
        memcpy(c->pool + used, text, bytes);
        used += bytes;
        c->offsets[++c->count] = (uint32_t)used;
    }
    return true;
}

corpus *corpus_create(size_t kind, uint64_t seed, size_t distinct) {
    const size_t max = MAX_TEXTS(distinct);
    corpus *c = calloc(1, sizeof *c);
    set_key *drawn = calloc(SET_SLOTS(distinct), sizeof *drawn);
    if (c) {
        c->name = kinds[kind].name;
        c->description = kinds[kind].description;
        c->family = kinds[kind].family;
        c->size = c->family == 4 ? 4 : 16;
        c->damaged = kinds[kind].invalid > 0;
        c->pool = malloc(max * TEXT_SIZE);
        c->offsets = calloc(max + 1, sizeof *c->offsets);
        c->addresses = malloc(max * 16);
    }
    bool done = c && drawn && c->pool && c->offsets && c->addresses &&
                fill(c, drawn, distinct, kind, seed + 1000003 * (uint64_t)kind);
    free(drawn);
    if (done)
        return c;
    corpus_destroy(c);
    return NULL;
}

void corpus_destroy(corpus *c) {
    if (!c)
        return;
    free(c->pool);
    free(c->offsets);
    free(c->addresses);
    free(c);
}

void corpus_count(const corpus *c, corpus_statistics *out) {
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    *out = (corpus_statistics){.invalid = c->count - c->valid};
    for (size_t i = 0; i < c->count; i++) {
        const char *text = c->pool + c->offsets[i];
        out->compressed += strstr(text, "::") != NULL;
        out->upper += strpbrk(text, "ABCDEF") != NULL;
    }
    for (size_t i = 0; c->family == 6 && i < c->valid; i++)
        out->mapped += memcmp(c->addresses + 16 * i, mapped, sizeof mapped) == 0;
}
