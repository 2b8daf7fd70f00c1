/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file scan_reference.h
 * The rules of the scan, written to be read: slow, and one function a rule. docs/scan.md has them in
 * prose. Every optimized scan must report exactly what this one reports.
 */
#ifndef SCAN_REFERENCE_H
#define SCAN_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/** What is known of a match beyond its bytes. */
enum scan_flag {
    SCAN_VERSION_SLASH = 0x0001,      /**< rule 13: Product/1.2.3.4 */
    SCAN_VERSION_KEY = 0x0002,        /**< rule 14: version=1.2.3.4, rv:1.2.3.4, >= 1.2.3.4 */
    SCAN_VERSION_USER_AGENT = 0x0004, /**< rule 15: (compatible; Word 1.2.3.4; ...) */
    SCAN_VERSION_HEADER = 0x0008,     /**< rule 16: device version of a CEF or LEEF header */
    SCAN_VERSION_PACKAGE = 0x0010,    /**< rule 17: /usr/share/doc/name-1.2.3.4, 1.2.3.4-rc1 */
    SCAN_VERSION_LIKE = 0x001f,       /**< any of the five */
    SCAN_PORT = 0x0020,               /**< a port was cut off, rules 5, 8 and 9; see port */
    SCAN_SERVICE = 0x0040,            /**< a service name was cut off, rules 5 and 9 */
    SCAN_MAPPED = 0x0080,             /**< ::ffff:0:0/96 */
    SCAN_SHORT = 0x0100,              /**< no group of three digits: 12::30 */
    SCAN_AMBIGUOUS_PORT = 0x0200,     /**< the last group may be a port: 2001:db8::1:443 */
    SCAN_BARE_UNSPECIFIED = 0x0400,   /**< "::" alone */
    SCAN_KEY_CUT = 0x0800,            /**< rule 10: a key and its colon stand before it */
    SCAN_BGP_LETTER = 0x1000,         /**< rule 12: *>i192.0.2.0/24 */
    SCAN_DOUBTFUL = 0x8000            /**< only with SCAN_OPTION_EAGER; rejected has the rule */
};

/** Why a candidate was left out. */
enum scan_rejected {
    SCAN_ACCEPTED,
    SCAN_WORD_BEFORE,      /**< a word byte stands before it: v1.2.3.4 */
    SCAN_WORD_AFTER,       /**< a word byte stands after it, or a dot and a letter */
    SCAN_DOTTED_RUN,       /**< five or more numbers */
    SCAN_INVALID_IPV4,     /**< four numbers that are not octets, or with leading zeros */
    SCAN_COLON_HEX_BEFORE, /**< rule 6: the end of what looks like an IPv6 address */
    SCAN_INVALID_IPV6,     /**< colons and hexadecimal digits that are no IPv6 address */
    SCAN_HARDWARE_ADDRESS, /**< six or eight groups of two digits, or more of them */
    SCAN_CLOCK_TIME,       /**< 12:30:45 */
    SCAN_UNSPECIFIED,      /**< rule 11: a bare "::" among other bytes */
    SCAN_REJECTED_RULES
};

/** Heuristics switched off, and what else is wanted. Combine with |. */
enum scan_option {
    SCAN_OPTION_NO_VERSIONS = 0x001f,    /**< mask of the SCAN_VERSION_* flags not looked for */
    SCAN_OPTION_NO_DOT_PORT = 0x0020,    /**< rules 5 and 9 off */
    SCAN_OPTION_NO_COLON_PORT = 0x0040,  /**< rule 8 off */
    SCAN_OPTION_NO_COLON_AFTER = 0x0080, /**< rule 7 off */
    SCAN_OPTION_NO_KEY_CUT = 0x0100,     /**< rule 10 off */
    SCAN_OPTION_NO_BGP_LETTER = 0x0200,  /**< rule 12 off */
    SCAN_OPTION_NO_ESCAPES = 0x0400,     /**< rules 1 to 3 off */
    SCAN_OPTION_UNSPECIFIED = 0x0800,    /**< a bare "::" is reported between any but word bytes */
    SCAN_OPTION_EUI64 = 0x1000,          /**< eight groups of exactly two digits are reported */
    SCAN_OPTION_EAGER = 0x2000           /**< all that is only doubtful is reported */
};

/** One address, or one rejected candidate. */
struct scan_match {
    size_t offset;       /**< of its first byte */
    uint32_t length;     /**< 2 to 45 bytes; of a rejected candidate any number */
    uint32_t flags;      /**< enum scan_flag */
    uint16_t port;       /**< with SCAN_PORT; 0 without */
    uint8_t family;      /**< 4 or 6 */
    uint8_t rejected;    /**< enum scan_rejected; SCAN_ACCEPTED for a match */
    uint8_t address[16]; /**< network order; IPv4 takes the first four, zeros follow */
};

/* The context: what stands further away than this never matters. */
#define SCAN_CONTEXT_BEFORE 128 /* before the first byte of a match */
#define SCAN_CONTEXT_AFTER  20  /* after the last byte of a match */

typedef void scan_callback(const struct scan_match *match, void *user);

/**
 * Calls back for every address in text[0, len), in order, and for every rejected candidate.
 * Any bytes are text. Returns 0, or ENOMEM when the map of escapes cannot be allocated.
 */
int scan_reference(const char *text, size_t len, unsigned options, scan_callback *callback,
                   void *user);

const char *scan_rejected_name(unsigned rejected);

#endif
