/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_names.h - names for what simdinet_scan can be told and tells: heuristics and flags of a match.
 */
#ifndef SIMDINET_SCAN_NAMES_H
#define SIMDINET_SCAN_NAMES_H

#include "simdinet.h"

#include <stdbool.h>
#include <stddef.h>

/* The heuristics of docs/scan.md: X(name, bits that switch it off, what it does). */
#define HEURISTICS(X)                                                                              \
    X("version-slash", SIMDINET_SCAN_NO_VERSION_SLASH,                                             \
      "A number after a word and a slash is a version: `Product/1.2.3.4`.")                        \
    X("version-key", SIMDINET_SCAN_NO_VERSION_KEY,                                                 \
      "A number after a key such as `version`, `firmware` or `rv:` is a version: "                 \
      "`version: 1.2.3.4`.")                                                                       \
    X("version-user-agent", SIMDINET_SCAN_NO_VERSION_USER_AGENT,                                   \
      "A number in the parentheses of a user agent is a version: `(Mobile; Browser 1.2.3.4; U)`.") \
    X("version-header", SIMDINET_SCAN_NO_VERSION_HEADER,                                           \
      "The fourth field of a CEF or LEEF header is a version: `CEF:0|Vendor|Product|1.2.3.4|`.")   \
    X("version-package", SIMDINET_SCAN_NO_VERSION_PACKAGE,                                         \
      "A number in the name of an installed package, or with the suffix of a release, is a "       \
      "version: `/usr/lib/name-1.2.3.4`, `1.2.3.4-rc1`.")                                          \
    X("versions", SIMDINET_SCAN_NO_VERSIONS, "The five above.")                                    \
    X("escapes", SIMDINET_SCAN_NO_ESCAPES,                                                         \
      "An address may follow a control sequence of a terminal, a backslash escape or a percent "   \
      "escape: `\\t192.0.2.1`, `%20192.0.2.1`.")                                                   \
    X("dot-port", SIMDINET_SCAN_NO_DOT_PORT,                                                       \
      "A fifth number is a port where the text shows it: `192.0.2.1.443 > 192.0.2.2.58000`.")      \
    X("colon-port", SIMDINET_SCAN_NO_COLON_PORT,                                                   \
      "A number that cannot be a group of an IPv6 address is a port: `2001:db8::1:58340`.")        \
    X("colon-after", SIMDINET_SCAN_NO_COLON_AFTER,                                                 \
      "A colon and a blank may follow an IPv6 address: `from 2001:db8::1: icmp_seq=1`.")           \
    X("key", SIMDINET_SCAN_NO_KEY,                                                                 \
      "A key and a colon may precede an IPv6 address: `src:2001:db8::1`.")                         \
    X("bgp", SIMDINET_SCAN_NO_BGP,                                                                 \
      "A letter of a table of BGP routes may precede an address: `*>i192.0.2.0/24`.")              \
    X("bare-unspecified", SIMDINET_SCAN_BARE_UNSPECIFIED,                                          \
      "`::` is an address only between blanks, quotes, brackets and the like, or before a prefix " \
      "length.")                                                                                   \
    X("eui64", SIMDINET_SCAN_EUI64,                                                                \
      "Eight groups of two digits are a hardware address: `00:11:22:33:44:55:66:77`.")

typedef struct {
    const char *name;
    unsigned switched_off; /* SIMDINET_SCAN_* */
    const char *effect;    /* sentences in the markup of generate_man.h */
} heuristic;

extern const heuristic heuristics[];
extern const size_t n_heuristics;

/* All names, separated by blanks. */
#define HEURISTIC_NAME(name, switched_off, effect) " " name
#define HEURISTIC_NAMES                            (&HEURISTICS(HEURISTIC_NAME)[1])

typedef struct {
    const char *name;
    unsigned flags;      /* any of these SIMDINET_MATCH_* */
    const char *meaning; /* a sentence in the markup of generate_man.h */
} match_flag;

extern const match_flag match_flags[];
extern const size_t n_match_flags;

/* Why a match was left out or is doubtful: the name of its rule, or of the first heuristic that takes it for
 * a version. */
const char *match_rule_name(const simdinet_match *match);

#endif
