/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify.h - every rule of docs/scan.md, for one candidate.
 */
#ifndef SIMDINET_SCAN_VERIFY_H
#define SIMDINET_SCAN_VERIFY_H

#include "scan_text.h"

/*
 * What rule 15 found before the last position that it was applied to, so that a text is searched once,
 * however many candidates it has. Offsets count from 1; 0: none within 128 bytes.
 */
typedef struct scan_lookback {
    size_t parenthesis_end; /* the next two are of the bytes before this offset */
    size_t open;            /* the last "(", unless a ")" or a line end follows it */
    bool semicolon;         /* one follows it */
    size_t browser_end;     /* the next one is of the bytes before this offset */
    size_t browser;         /* the last browser's name, unless a quote or a line end follows it */
} scan_lookback;

/*
 * Verifies the candidate of the family at a position: of IPv4, any byte of the first number or the
 * dot after it; of IPv6, any byte of the run of hexadecimal digits and colons. Sets all of *match.
 * Returns false when the candidate is rejected; match->rule says why, and match->length is 0 where
 * it is not to be listed. With SIMDINET_SCAN_RECALL a rejected candidate that reads as an address is
 * accepted; a candidate may have several addresses then, and the first one from offset from on is set.
 *
 * Each rule reads a bounded number of bytes, so a scan is linear in its text. A match depends on at most
 * SIMDINET_SCAN_CONTEXT bytes before it, and on as many from its start on.
 */
bool simdinet_scan_verify(const scan_text *text, scan_lookback *lookback, unsigned family,
                          size_t position, size_t from, simdinet_match *match);
bool simdinet_scan_verify_ipv4(const scan_text *text, scan_lookback *lookback, size_t position,
                               size_t from, simdinet_match *match);
bool simdinet_scan_verify_ipv6(const scan_text *text, size_t position, size_t from,
                               simdinet_match *match);

/*
 * The addresses in the dotted run at start, of more than four numbers; and those in text[begin, end) of
 * the run of hexadecimal digits and colons at start, from a colon or its start to a colon or end. Set
 * the first one from offset from on, and *any whether there is one at all. Return false where there is
 * none from there on.
 */
bool simdinet_scan_find_quad(const scan_text *text, size_t start, size_t from,
                             simdinet_match *match, bool *any);
bool simdinet_scan_find_part(const scan_text *text, size_t start, size_t begin, size_t end,
                             size_t from, simdinet_match *match, bool *any);

/*
 * Whether the run of hexadecimal digits and colons text[start, end) has an address of those that simdinet_scan_find_part
 * prefers, which begins in what was taken for the key of a match: "#0112001:db8::1".
 */
bool simdinet_scan_has_other_part(const scan_text *text, size_t start, size_t end,
                                  const simdinet_match *match);

/* SIMDINET_MATCH_MAPPED for an IPv4-mapped address, else 0. */
static inline uint32_t simdinet_scan_mapped_flag(const uint8_t address[16]) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address, mapped, sizeof mapped) == 0 ? SIMDINET_MATCH_MAPPED : 0;
}

/*
 * Whether a position is in a run of six groups of two hexadecimal digits or more, but not eight, that has no
 * address: a hardware address or a fingerprint, and nothing adjoins it that any rule looks at. Quick, since
 * firewalls write one a line. Also false near the ends of the text, and for a run of MAX_COLON_HEX_RUN.
 */
bool simdinet_scan_is_in_pairs(const scan_text *text, size_t position);

/* The SIMDINET_MATCH_VERSION_* flags of the IPv4 address number, which is text[start, end). */
uint32_t simdinet_scan_version_flags(const scan_text *text, scan_lookback *lookback, size_t start,
                                     size_t end, const uint8_t *number);

#endif
