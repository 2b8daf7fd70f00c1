/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_rewriter.h"

#include "mapped.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Addresses recur in logs: of those that were rewritten lately, the results are kept. */
enum { CACHE_SIZE = 8192 };

typedef struct {
    uint8_t from[16], to[16];
    bool valid;
} cache_entry;

struct address_rewriter {
    const rewrite_config *config;
    address_cipher *cipher; /* NULL: truncation */
    uint8_t ipv4_mask[16], ipv6_mask[16];
    octet_cut cut;
    uint8_t missing[MAX_REWRITES][16];
    cache_entry *missing_entries[MAX_REWRITES];
    cache_entry *cache; /* CACHE_SIZE of them, beside a cipher */
};

static void make_mask(uint8_t mask[16], unsigned length) {
    for (unsigned bit = 0; bit < length; bit++)
        mask[bit / 8] = (uint8_t)(mask[bit / 8] | 0x80u >> bit % 8);
}

/* The cut of truncation after octets of IPv4. */
static octet_cut cut_of(const rewrite_config *config) {
    octet_cut cut = {.possible = !config->keyed && config->ipv4_prefix % 8 == 0,
                     .kept = config->ipv4_prefix / 8};
    for (unsigned octet = cut.kept; octet < 4; octet++) {
        if (octet > cut.kept)
            cut.zeros[cut.length++] = '.';
        cut.zeros[cut.length++] = '0';
    }
    return cut;
}

address_rewriter *rewriter_new(const rewrite_config *config) {
    address_rewriter *rewriter = calloc(1, sizeof *rewriter);
    if (!rewriter)
        return NULL;
    rewriter->config = config;
    make_mask(rewriter->ipv4_mask, 96 + config->ipv4_prefix);
    make_mask(rewriter->ipv6_mask, config->ipv6_prefix);
    rewriter->cut = cut_of(config);
    if (!config->keyed)
        return rewriter;
    rewriter->cache = calloc(CACHE_SIZE, sizeof *rewriter->cache);
    if (rewriter->cache && (rewriter->cipher = cipher_new(config->mode, config->key)))
        return rewriter;
    free(rewriter->cache);
    free(rewriter);
    return NULL;
}

void rewriter_free(address_rewriter *rewriter) {
    if (!rewriter)
        return;
    cipher_free(rewriter->cipher);
    if (rewriter->cache)
        explicit_bzero(rewriter->cache, CACHE_SIZE * sizeof *rewriter->cache);
    free(rewriter->cache);
    explicit_bzero(rewriter, sizeof *rewriter);
    free(rewriter);
}

static void load_address(const simdinet_match *match, uint8_t to[16]) {
    if (match->family == 6) {
        memcpy(to, match->address, 16);
    } else {
        memcpy(to, mapped_prefix, sizeof mapped_prefix);
        memcpy(to + 12, match->address, 4);
    }
}

/* Where an IPv6 address has an IPv4 address in it: 6to4 (RFC 3056), NAT64 (RFC 6052), IPv4-compatible (RFC
 * 4291), Teredo (RFC 4380, inverted); else 16. */
static size_t embedded_ipv4(const uint8_t address[16]) {
    static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b}, compatible[12] = {0},
                         teredo[4] = {0x20, 1};
    if (address[0] == 0x20) {
        if (address[1] == 2)
            return 2;
        return memcmp(address, teredo, sizeof teredo) == 0 ? 12 : 16;
    }
    if (address[0] != 0)
        return 16;
    return memcmp(address, nat64, sizeof nat64) == 0 ||
                   memcmp(address, compatible, sizeof compatible) == 0
               ? 12
               : 16;
}

static void truncate_address(const address_rewriter *rewriter, uint8_t address[16]) {
    const bool mapped = is_mapped(address);
    const uint8_t *mask = mapped ? rewriter->ipv4_mask : rewriter->ipv6_mask;
    const size_t embedded = mapped ? 16 : embedded_ipv4(address);
    uint64_t halves[2], masks[2];
    memcpy(halves, address, 16);
    memcpy(masks, mask, 16);
    halves[0] &= masks[0];
    halves[1] &= masks[1];
    memcpy(address, halves, 16);
    for (size_t i = 0; i < 4 && embedded < 16; i++)
        address[embedded + i] &= rewriter->ipv4_mask[12 + i];
}

static cache_entry *find_entry(address_rewriter *rewriter, const uint8_t address[16]) {
    uint64_t high, low;
    memcpy(&high, address, 8);
    memcpy(&low, address + 8, 8);
    const uint64_t hash =
        (high * UINT64_C(0x9e3779b97f4a7c15) ^ low) * UINT64_C(0xff51afd7ed558ccd);
    return &rewriter->cache[hash >> 51];
}

_Static_assert(CACHE_SIZE == 1 << (64 - 51), "the shift of find_entry");

/* Rewrites by the key: what the cache has, and then the others in one call. */
static bool apply_cipher(address_rewriter *rewriter, size_t n, uint8_t (*out)[16]) {
    uint16_t places[MAX_REWRITES];
    size_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        cache_entry *entry = find_entry(rewriter, out[i]);
        if (entry->valid && memcmp(entry->from, out[i], 16) == 0) {
            memcpy(out[i], entry->to, 16);
            continue;
        }
        memcpy(rewriter->missing[n_missing], out[i], 16);
        rewriter->missing_entries[n_missing] = entry;
        places[n_missing++] = (uint16_t)i;
    }
    if (n_missing == 0)
        return true;
    if (!(rewriter->config->decrypt
              ? cipher_decrypt(rewriter->cipher, rewriter->missing, n_missing)
              : cipher_encrypt(rewriter->cipher, rewriter->missing, n_missing)))
        return false;
    for (size_t k = 0; k < n_missing; k++) {
        cache_entry *entry = rewriter->missing_entries[k];
        memcpy(entry->from, out[places[k]], 16);
        memcpy(entry->to, rewriter->missing[k], 16);
        entry->valid = true;
        memcpy(out[places[k]], entry->to, 16);
    }
    return true;
}

bool rewriter_apply(address_rewriter *rewriter, const simdinet_match *matches, size_t n,
                    uint8_t (*out)[16]) {
    for (size_t i = 0; i < n; i++)
        load_address(&matches[i], out[i]);
    if (rewriter->cipher)
        return apply_cipher(rewriter, n, out);
    for (size_t i = 0; i < n; i++)
        truncate_address(rewriter, out[i]);
    return true;
}

const uint8_t *rewriter_ipv4_mask(const address_rewriter *rewriter) {
    return rewriter->ipv4_mask + 12;
}

const octet_cut *rewriter_octet_cut(const address_rewriter *rewriter) {
    return rewriter->cut.possible ? &rewriter->cut : NULL;
}

/* All eight groups. */
static size_t format_groups(const uint8_t address[16], char *to) {
    static const char digits[] = "0123456789abcdef";
    char *const start = to;
    for (size_t i = 0; i < 16; i += 2) {
        const unsigned group = (unsigned)address[i] << 8 | address[i + 1];
        unsigned shift = group >> 12 ? 12 : group >> 8 ? 8 : group >> 4 ? 4 : 0;
        if (i > 0)
            *to++ = ':';
        *to++ = digits[group >> shift & 15];
        for (; shift > 0; shift -= 4)
            *to++ = digits[group >> (shift - 4) & 15];
    }
    return (size_t)(to - start);
}

unsigned rewritten_family(const address_rewriter *rewriter, const simdinet_match *match,
                          const uint8_t address[16]) {
    const rewrite_config *config = rewriter->config;
    const bool any_family = config->keyed && config->mode == CIPHER_DETERMINISTIC;
    return is_mapped(address) && (match->family == 4 || any_family) ? 4 : 6;
}

char *put_rewritten(char *to, const address_rewriter *rewriter, const simdinet_match *match,
                    const uint8_t address[16], bool beside_colon) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t len;
    if (rewritten_family(rewriter, match, address) == 4)
        len = simdinet_format_ipv4(address + 12, text);
    else if (beside_colon && !is_mapped(address))
        len = format_groups(address, text);
    else
        len = simdinet_format_ipv6(address, text);
    return match->flags & SIMDINET_MATCH_DEFANGED ? put_defanged_text(to, text, len)
                                                  : put_bytes(to, text, len);
}

char *put_truncated(char *to, const address_rewriter *rewriter, const simdinet_match *match,
                    bool beside_colon) {
    uint8_t address[16];
    load_address(match, address);
    truncate_address(rewriter, address);
    if (match->family == 4)
        return to + simdinet_format_ipv4(address + 12, to);
    return to + (beside_colon && !is_mapped(address) ? format_groups(address, to)
                                                     : simdinet_format_ipv6(address, to));
}
