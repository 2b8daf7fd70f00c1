/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify.c - a candidate by all rules of docs/scan.md.
 *
 * The kernels decide most candidates from their neighbouring bytes; here the others are decided, and
 * all of them when a rejected candidate is to be reported.
 */
#include "scan_verify.h"

bool simdinet_scan_verify(const scan_text *text, scan_lookback *lookback, unsigned family,
                          size_t position, size_t from, simdinet_match *match) {
    *match = (simdinet_match){.family = (uint8_t)family};
    return family == 4 ? simdinet_scan_verify_ipv4(text, lookback, position, from, match)
                       : simdinet_scan_verify_ipv6(text, position, from, match);
}

const char *simdinet_scan_rule_name(simdinet_scan_rule rule) {
    switch (rule) {
    case SIMDINET_RULE_NONE:
        return "none";
    case SIMDINET_RULE_WORD_BEFORE:
        return "word-before";
    case SIMDINET_RULE_WORD_AFTER:
        return "word-after";
    case SIMDINET_RULE_DOTTED_RUN:
        return "dotted-run";
    case SIMDINET_RULE_INVALID_IPV4:
        return "invalid-ipv4";
    case SIMDINET_RULE_COLON_HEX:
        return "colon-hex";
    case SIMDINET_RULE_INVALID_IPV6:
        return "invalid-ipv6";
    case SIMDINET_RULE_HARDWARE_ADDRESS:
        return "hardware-address";
    case SIMDINET_RULE_BARE_UNSPECIFIED:
        return "bare-unspecified";
    }
    return "unknown";
}
