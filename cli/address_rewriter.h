/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_rewriter.h - the address that is written in place of another. Each thread has a rewriter.
 */
#ifndef SIMDINET_ADDRESS_REWRITER_H
#define SIMDINET_ADDRESS_REWRITER_H

#include "address_cipher.h"
#include "simdinet.h"

typedef struct {
    unsigned ipv4_prefix, ipv6_prefix; /* bits that are kept, unless keyed is set */
    bool keyed, decrypt;
    cipher_mode mode;
    uint8_t key[CIPHER_MAX_KEY];
} rewrite_config;

typedef struct address_rewriter address_rewriter;

/* The most matches of one call. */
enum { MAX_REWRITES = 256 };

/* The most bytes of an address that put_rewritten writes: 39 and brackets around 7 separators. */
enum { MAX_REWRITTEN = 64 };

/* config stays in use. NULL: out of memory, or libcrypto failed. */
address_rewriter *rewriter_new(const rewrite_config *config);

/* Clears and frees the rewriter, which may be NULL. */
void rewriter_free(address_rewriter *rewriter);

/* Stores the new addresses of n matches, IPv4 addresses as IPv4-mapped ones. False: libcrypto failed. */
bool rewriter_apply(address_rewriter *rewriter, const simdinet_match *matches, size_t n,
                    uint8_t (*out)[16]);

/* What stays of an IPv4 address that is truncated. */
const uint8_t *rewriter_ipv4_mask(const address_rewriter *rewriter);

/* Truncation of an IPv4 address between two octets: of its text the first ones stay. */
typedef struct {
    bool possible;
    unsigned kept; /* octets */
    char zeros[8]; /* the text in place of the others: "0" or "0.0" */
    size_t length;
} octet_cut;

/* NULL: this is not how the rewriter truncates. */
const octet_cut *rewriter_octet_cut(const address_rewriter *rewriter);

/* How many bytes of a canonical IPv4 address stay. */
static inline size_t octet_cut_kept(const octet_cut *cut, const simdinet_match *match) {
    size_t kept = match->length;
    for (unsigned octet = cut->kept; octet < 4; octet++) {
        const unsigned value = match->address[octet];
        kept -= 1u + (value > 9) + (value > 99) + (octet > cut->kept);
    }
    return kept;
}

/* The family that a new address is written in, 4 or 6. */
unsigned rewritten_family(const address_rewriter *rewriter, const simdinet_match *match,
                          const uint8_t address[16]);

/*
 * Writes a new address in the notation of the match: IPv4, IPv6, or defanged. beside_colon: a colon stands
 * before it or after it, so that an IPv6 address is written without "::".
 */
char *put_rewritten(char *to, const address_rewriter *rewriter, const simdinet_match *match,
                    const uint8_t address[16], bool beside_colon);

/* rewriter_apply and put_rewritten of one match that is not defanged, where the rewriter truncates. */
char *put_truncated(char *to, const address_rewriter *rewriter, const simdinet_match *match,
                    bool beside_colon);

#endif
