/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The pool of clients and servers, and the spellings of an address. */
#include "loggen.h"

#include <stdlib.h>
#include <string.h>

/* One in five clients is IPv6; a log of 50 MB contains about half of them. */
#define CLIENTS_IPV4 52000u
#define CLIENTS_IPV6 13000u
#define SERVERS      12u

/* Any spelling (at most 45 bytes) and its length, 48 bytes together. */
typedef struct spelling {
    uint8_t len;
    char text[47];
} spelling;

/*
 * The weights of the members of a group as running sums. Member i has the weight 1/(i + flatness):
 * Zipf's law with a flattened top.
 */
typedef struct ranking {
    uint32_t members;
    uint32_t sums[CLIENTS_IPV4];
} ranking;

struct address_pool {
    ranking ipv4_ranks, ipv6_ranks;
    spelling ipv4[CLIENTS_IPV4];
    spelling ipv6[CLIENTS_IPV6];
    uint16_t ipv6_groups[CLIENTS_IPV6][8];
    spelling servers_ipv4[SERVERS];
    spelling servers_ipv6[SERVERS];
};

/* ---- spelling ------------------------------------------------------------------------------ */

static void spell_char(spelling *to, char c) {
    to->text[to->len++] = c;
}

static void spell_octet(spelling *to, unsigned octet) {
    if (octet >= 100)
        spell_char(to, (char)('0' + octet / 100));
    if (octet >= 10)
        spell_char(to, (char)('0' + octet / 10 % 10));
    spell_char(to, (char)('0' + octet % 10));
}

static void spell_ipv4(spelling *to, uint32_t address) {
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        if (shift < 32)
            spell_char(to, '.');
        spell_octet(to, address >> (shift - 8) & 255);
    }
}

static void spell_group(spelling *to, unsigned group, unsigned least_digits) {
    for (unsigned digits = 4; digits > 0; digits--)
        if (digits <= least_digits || digits == 1 || group >> (4 * (digits - 1)) != 0)
            spell_char(to, "0123456789abcdef"[group >> (4 * (digits - 1)) & 15]);
}

static void spell_groups(spelling *to, const uint16_t *groups, unsigned count,
                         unsigned least_digits) {
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            spell_char(to, ':');
        spell_group(to, groups[i], least_digits);
    }
}

/* RFC 5952 section 4: the first of the longest runs of two or more zero groups becomes "::". */
static void spell_ipv6(spelling *to, const uint16_t groups[8]) {
    unsigned run = 0, run_len = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned len = 0;
        while (i + len < 8 && groups[i + len] == 0)
            len++;
        if (len > run_len) {
            run = i;
            run_len = len;
        }
    }
    if (run_len < 2) {
        spell_groups(to, groups, 8, 1);
        return;
    }
    spell_groups(to, groups, run, 1);
    spell_char(to, ':');
    spell_char(to, ':');
    spell_groups(to, groups + run + run_len, 8 - run - run_len, 1);
}

/* ---- address_pool ---------------------------------------------------------------------------- */

static void rank(ranking *ranks, uint32_t members, uint32_t flatness) {
    /* 2^24: the sum of all stays below 2^32, and the last weight still has three digits. */
    uint32_t sum = 0;
    for (uint32_t i = 0; i < members; i++)
        ranks->sums[i] = sum += ((uint32_t)1 << 24) / (i + flatness);
    ranks->members = members;
}

/* The first member whose running sum exceeds a number drawn below the total. */
static uint32_t pick_ranked(generator *g, const ranking *ranks) {
    const uint32_t *from = ranks->sums;
    uint32_t drawn = below(g, ranks->sums[ranks->members - 1]);
    for (uint32_t left = ranks->members; left > 1;) {
        uint32_t half = left / 2;
        from += from[half - 1] <= drawn ? half : 0;
        left -= half;
    }
    return (uint32_t)(from - ranks->sums);
}

static uint32_t public_ipv4(generator *g) {
    uint32_t first;
    do
        first = 1 + below(g, 223);
    while (first == 10 || first == 127);
    return first << 24 | below(g, (uint32_t)1 << 24);
}

/*
 * Every prefix begins with a group of four digits, so no spelling is eight groups of two digits,
 * which docs/scan.md defines as a hardware address.
 */
static const uint16_t prefixes[][3] = {
    {0x2001, 0x0db8, 0x0000}, {0x2001, 0x0db8, 0x00a0}, {0x2001, 0x0470, 0x1f0b},
    {0x2003, 0x00e4, 0x6f1c}, {0x2409, 0x8a00, 0x0c42}, {0x2600, 0x1f18, 0x0000},
    {0x2804, 0x014d, 0x7e05}, {0x2a00, 0x1450, 0x4001}, {0x2a02, 0x8109, 0xb040},
    {0x2a02, 0x8109, 0x0010}, {0xfd12, 0x3456, 0x789a},
};

typedef void interface_id(generator *g, uint16_t id[4]);

static void private_id(generator *g, uint16_t id[4]) {
    for (unsigned i = 0; i < 4; i++)
        id[i] = (uint16_t)below(g, 65536);
}

static void hardware_id(generator *g, uint16_t id[4]) {
    private_id(g, id);
    id[1] = id[1] | 0x00ff;
    id[2] = 0xfe00 | (id[2] & 0x00ff);
}

static void low_id(generator *g, uint16_t id[4]) {
    unsigned bits = 4 + below(g, 12);
    memset(id, 0, 4 * sizeof(id[0]));
    id[3] = (uint16_t)(1 + below(g, (uint32_t)1 << bits));
}

static void service_id(generator *g, uint16_t id[4]) {
    low_id(g, id);
    id[0] = (uint16_t)below(g, 256);
}

static void random_ipv6(generator *g, uint16_t groups[8]) {
    static interface_id *const ids[] = {private_id, private_id, private_id, hardware_id,
                                        low_id,     low_id,     service_id};
    memcpy(groups, PICK(g, prefixes), sizeof(prefixes[0]));
    groups[3] = (uint16_t)(one_in(g, 3) ? 0 : below(g, 65536));
    PICK(g, ids)(g, groups + 4);
}

address_pool *address_pool_create(uint64_t seed) {
    address_pool *pool = calloc(1, sizeof(*pool));
    if (!pool)
        return NULL;

    /* A separate stream: the same seed gives the same pool in every kind of log. */
    generator pool_random = {.random = ~seed};
    for (size_t i = 0; i < CLIENTS_IPV4; i++)
        spell_ipv4(&pool->ipv4[i], public_ipv4(&pool_random));
    for (size_t i = 0; i < CLIENTS_IPV6; i++) {
        random_ipv6(&pool_random, pool->ipv6_groups[i]);
        spell_ipv6(&pool->ipv6[i], pool->ipv6_groups[i]);
    }
    for (uint16_t i = 0; i < SERVERS; i++) {
        const uint16_t groups[8] = {0x2001, 0xdb8, 0x80, 0, 0, 0, 0, (uint16_t)(i + 0x10)};
        spell_ipv4(&pool->servers_ipv4[i], (uint32_t)203 << 24 | 113 << 8 | (i + 10u));
        spell_ipv6(&pool->servers_ipv6[i], groups);
    }

    /* IPv6 is flatter (privacy addresses change), which also keeps it out of the IPv4 top ten. */
    rank(&pool->ipv4_ranks, CLIENTS_IPV4, 1);
    rank(&pool->ipv6_ranks, CLIENTS_IPV6, 4);
    return pool;
}

void address_pool_destroy(address_pool *pool) {
    free(pool);
}

/* ---- emitting ------------------------------------------------------------------------------ */

static void emit(generator *g, const spelling *address) {
    emit_address(g, address->text, address->len);
}

static const spelling *some_ipv4(generator *g) {
    return &g->pool->ipv4[pick_ranked(g, &g->pool->ipv4_ranks)];
}

static uint32_t some_ipv6(generator *g) {
    return pick_ranked(g, &g->pool->ipv6_ranks);
}

void emit_client(generator *g) {
    (one_in(g, 5) ? emit_ipv6 : emit_ipv4)(g);
}

void emit_ipv4(generator *g) {
    emit(g, some_ipv4(g));
}

void emit_random_client(generator *g) {
    spelling address = {0};
    spell_ipv4(&address, public_ipv4(g));
    emit(g, &address);
}

void emit_private(generator *g) {
    /* Four subnets of 1024 hosts, so that hosts repeat. */
    spelling address = {0};
    spell_ipv4(&address, (uint32_t)10 << 24 | below(g, 4) << 16 | below(g, 1024));
    emit(g, &address);
}

void emit_server(generator *g) {
    /* The smaller of two draws: the first server is the most frequent, the last the least. */
    uint32_t one = below(g, SERVERS);
    uint32_t other = below(g, SERVERS);
    emit(g, &g->pool->servers_ipv4[one < other ? one : other]);
}

void emit_ipv6_server(generator *g) {
    uint32_t one = below(g, SERVERS);
    uint32_t other = below(g, SERVERS);
    emit(g, &g->pool->servers_ipv6[one < other ? one : other]);
}

void emit_ipv6(generator *g) {
    emit(g, &g->pool->ipv6[some_ipv6(g)]);
}

void emit_ipv6_upper(generator *g) {
    spelling address = g->pool->ipv6[some_ipv6(g)];
    for (size_t i = 0; i < address.len; i++)
        if (address.text[i] >= 'a' && address.text[i] <= 'f')
            address.text[i] = (char)(address.text[i] - 'a' + 'A');
    emit(g, &address);
}

static void emit_eight_groups(generator *g, unsigned least_digits) {
    spelling address = {0};
    spell_groups(&address, g->pool->ipv6_groups[some_ipv6(g)], 8, least_digits);
    emit(g, &address);
}

void emit_ipv6_full(generator *g) {
    emit_eight_groups(g, 4);
}

void emit_ipv6_groups(generator *g) {
    emit_eight_groups(g, 1);
}

static void emit_embedded_ipv4(generator *g, const char *head) {
    const spelling *ipv4 = some_ipv4(g);
    spelling address = {.len = (uint8_t)strlen(head)};
    memcpy(address.text, head, address.len);
    memcpy(address.text + address.len, ipv4->text, ipv4->len);
    address.len = (uint8_t)(address.len + ipv4->len);
    emit(g, &address);
}

void emit_mapped(generator *g) {
    emit_embedded_ipv4(g, "::ffff:");
}

void emit_nat64(generator *g) {
    emit_embedded_ipv4(g, "64:ff9b::");
}

void emit_link_local(generator *g) {
    uint16_t groups[8] = {0xfe80};
    hardware_id(g, groups + 4);
    spelling address = {0};
    spell_ipv6(&address, groups);
    emit(g, &address);
}
