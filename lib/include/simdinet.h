/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet.h - the address engine: IP addresses from text to bytes and back.
 *
 * Every function is thread-safe and reentrant. No function allocates memory, prints or aborts, and
 * none sets errno. The first call in a process selects the implementation, for which it reads the
 * environment: it must not run concurrently with setenv in another thread. After it, every function
 * is async-signal-safe unless its comment says otherwise.
 *
 * Text is a pointer and a length: input need not be NUL-terminated, and bytes outside [text, text +
 * len) never affect the result. Addresses are bytes in network order. Output must not overlap input
 * unless the comment of the function allows it. Pointers need no alignment beyond that of their
 * types.
 */
#ifndef SIMDINET_H
#define SIMDINET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks the functions that the library exports. */
#if defined(__GNUC__)
#    define SIMDINET_API __attribute__((visibility("default")))
#else
#    define SIMDINET_API
#endif

/* ---- version --------------------------------------------------------------------------------- */

/**
 * @defgroup version Version
 * @{
 */

/**
 * The version of this header (Semantic Versioning 2.0.0).
 * @{
 */
#define SIMDINET_VERSION_MAJOR 0
#define SIMDINET_VERSION_MINOR 2
#define SIMDINET_VERSION_PATCH 0
/** @} */

/**
 * Returns the version of the library in use, "major.minor.patch", a string with static storage
 * duration.
 */
SIMDINET_API const char *simdinet_version(void);

/** @} */

/* ---- one address ----------------------------------------------------------------------------- */

/**
 * @defgroup address One address
 * @{
 */

/**
 * Buffer sizes for the text of one address and its NUL: INET_ADDRSTRLEN and INET6_ADDRSTRLEN.
 * @{
 */
#define SIMDINET_IPV4_TEXT_SIZE 16
#define SIMDINET_IPV6_TEXT_SIZE 46
/** @} */

/**
 * Parses one IPv4 address: the len bytes at text are four decimal octets, 0 to 255, of one to three
 * digits without leading zeros, separated by dots, and nothing else (POSIX inet_pton, AF_INET).
 *
 * Returns true and writes 4 bytes to out; or returns false and leaves out unchanged. text may be
 * NULL when len is 0.
 */
SIMDINET_API bool simdinet_parse_ipv4(const char *text, size_t len, uint8_t out[4]);

/**
 * Parses one IPv6 address in any form of RFC 4291 section 2.2, upper or lower case. It accepts what
 * glibc's inet_pton(AF_INET6) accepts: "::" replaces one or more groups; an embedded IPv4 address
 * is the last 32 bits. Zones, prefix lengths, ports and brackets are rejected.
 *
 * Returns true and writes 16 bytes to out; or returns false and leaves out unchanged. text may be
 * NULL when len is 0.
 */
SIMDINET_API bool simdinet_parse_ipv6(const char *text, size_t len, uint8_t out[16]);

/**
 * The same for NUL-terminated text, which must not be NULL. Return 1 or 0, as inet_pton does.
 * @{
 */
SIMDINET_API int simdinet_parse_ipv4_z(const char *text, uint8_t out[4]);
SIMDINET_API int simdinet_parse_ipv6_z(const char *text, uint8_t out[16]);
/** @} */

/**
 * Formats the 4 bytes at address as dotted decimal and appends a NUL. Bytes of out past the NUL are
 * unchanged. Returns the length without the NUL, 7 to 15.
 */
SIMDINET_API size_t simdinet_format_ipv4(const uint8_t address[4],
                                         char out[SIMDINET_IPV4_TEXT_SIZE]);

/**
 * Formats the 16 bytes at address in the canonical form of RFC 5952 section 4 and appends a NUL.
 * Bytes of out past the NUL are unchanged. As in glibc's inet_ntop, the last 32 bits are written as
 * dotted decimal if "::" replaces exactly the groups before them (::/96) or before ffff
 * (::ffff:0:0/96). Returns the length without the NUL, 2 to 39.
 */
SIMDINET_API size_t simdinet_format_ipv6(const uint8_t address[16],
                                         char out[SIMDINET_IPV6_TEXT_SIZE]);

/** Why a text is not an address. Values are stable; later versions append new ones. */
typedef enum simdinet_reason {
    SIMDINET_REASON_NONE = 0,           /**< it is an address */
    SIMDINET_REASON_EMPTY,              /**< empty text */
    SIMDINET_REASON_CHARACTER,          /**< a byte that is not valid at this position */
    SIMDINET_REASON_END,                /**< the text ends where an octet or a group must follow */
    SIMDINET_REASON_OCTET_MISSING,      /**< a dot where an octet must follow */
    SIMDINET_REASON_OCTET_RANGE,        /**< an octet above 255 */
    SIMDINET_REASON_LEADING_ZERO,       /**< an octet of two or more digits that starts with 0 */
    SIMDINET_REASON_OCTET_COUNT_LOW,    /**< fewer than four octets */
    SIMDINET_REASON_OCTET_COUNT_HIGH,   /**< more than four octets */
    SIMDINET_REASON_GROUP_LENGTH,       /**< a group of more than four hexadecimal digits */
    SIMDINET_REASON_GROUP_COUNT_LOW,    /**< fewer than eight groups and no "::" */
    SIMDINET_REASON_GROUP_COUNT_HIGH,   /**< more than eight groups, or eight and "::" */
    SIMDINET_REASON_SINGLE_COLON,       /**< a single colon at the start or at the end */
    SIMDINET_REASON_SECOND_COMPRESSION, /**< a second "::", or ":::" */
    SIMDINET_REASON_EMBEDDED_IPV4,  /**< an embedded IPv4 address that is not the last 32 bits */
    SIMDINET_REASON_NULL,           /**< a null value of a column */
    SIMDINET_REASON_PREFIX_MISSING, /**< a "/" without a prefix length */
    SIMDINET_REASON_PREFIX_RANGE,   /**< a prefix length above 32, or above 128 for IPv6 */
    SIMDINET_REASON_NETMASK,        /**< a netmask with a 1 bit after a 0 bit */
    SIMDINET_REASON_HOST_BITS,      /**< a bit set past the prefix length */
    SIMDINET_REASON_NUMBER_ZERO,    /**< a prefix length or port that starts with 0 */
    SIMDINET_REASON_RANGE_FAMILY,   /**< a range from one address family to the other */
    SIMDINET_REASON_RANGE_ORDER,    /**< a range that ends before it starts */
    SIMDINET_REASON_BRACKET,        /**< a "[" without a "]" */
    SIMDINET_REASON_ZONE_MISSING,   /**< a "%" without a zone */
    SIMDINET_REASON_PORT_MISSING,   /**< a ":" without a port */
    SIMDINET_REASON_PORT_RANGE      /**< a port above 65535 */
} simdinet_reason;

/**
 * Return why simdinet_parse_ipv4 (simdinet_parse_ipv6) rejects the len bytes at text, and store the
 * offset of the offending byte to *at, counted from 0: the first byte of an octet or group that is
 * out of range or one too many, the first colon of a "::" in a text of eight groups, len if
 * something is missing at the end. For text that is accepted they return SIMDINET_REASON_NONE and
 * store len.
 *
 * at may be NULL, and text when len is 0. These functions are not optimized for speed: call them
 * after a parse function has failed.
 * @{
 */
SIMDINET_API simdinet_reason simdinet_explain_ipv4(const char *text, size_t len, size_t *at);
SIMDINET_API simdinet_reason simdinet_explain_ipv6(const char *text, size_t len, size_t *at);
/** @} */

/**
 * Returns a description of a reason, such as "octet out of range (0-255)": a string with static
 * storage duration, also for a value that is not a simdinet_reason.
 */
SIMDINET_API const char *simdinet_reason_text(simdinet_reason reason);

/** @} */

/* ---- columns: text to bytes ------------------------------------------------------------------ */

/**
 * @defgroup columns_parse Columns: text to bytes
 *
 * A column is n values that one call parses. Value i yields address i and bit i of each bitmap, and
 * is parsed independently of the others. This holds for every function of the section:
 *
 * - out receives n addresses in network order, 4 bytes each (ipv4) or 16 (ipv6, mixed); all zeros
 *   for a value that is not an address.
 * - A bitmap is (n + 7) / 8 bytes in Apache Arrow's layout: value i is bit i % 8 of byte i / 8,
 *   least significant bit first. In bitmaps that are written, the unused bits of the last byte are
 *   0.
 * - validity is NULL or a bitmap: value i is null, and so not an address, if its bit is 0.
 * - out_validity is a bitmap that is written: 1 for an address. It may be the same memory as
 *   validity.
 * - mixed parses both families: an IPv4 address is written as ::ffff:a.b.c.d. out_families is a
 *   bitmap that is written: 1 for an address in IPv6 text form, 0 for IPv4 and for values that are
 *   not addresses.
 *
 * The functions return the number of addresses. They cannot fail. A value may have any length and
 * any bytes; it is an address if simdinet_parse_ipv4 (simdinet_parse_ipv6) accepts it. Buffers that
 * are written must not overlap buffers that are read, except out_validity and validity. Pointers
 * may be NULL when n is 0.
 *
 * @{
 */

/**
 * Parse Apache Arrow string arrays: value i is bytes[offsets[i], offsets[i + 1]), with n + 1
 * offsets. A value whose end is before its start is not an address, and none of its bytes is read.
 * bytes may be NULL if every value is empty.
 * @{
 */
SIMDINET_API size_t simdinet_parse_ipv4_column(const char *bytes, const int32_t *offsets, size_t n,
                                               const uint8_t *validity, uint8_t *out,
                                               uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_ipv6_column(const char *bytes, const int32_t *offsets, size_t n,
                                               const uint8_t *validity, uint8_t *out,
                                               uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_mixed_column(const char *bytes, const int32_t *offsets, size_t n,
                                                const uint8_t *validity, uint8_t *out,
                                                uint8_t *out_validity, uint8_t *out_families);
/** @} */

/**
 * The same with 64-bit offsets: Apache Arrow large_string arrays.
 * @{
 */
SIMDINET_API size_t simdinet_parse_ipv4_column64(const char *bytes, const int64_t *offsets,
                                                 size_t n, const uint8_t *validity, uint8_t *out,
                                                 uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_ipv6_column64(const char *bytes, const int64_t *offsets,
                                                 size_t n, const uint8_t *validity, uint8_t *out,
                                                 uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_mixed_column64(const char *bytes, const int64_t *offsets,
                                                  size_t n, const uint8_t *validity, uint8_t *out,
                                                  uint8_t *out_validity, uint8_t *out_families);
/** @} */

/**
 * Parse fixed-size fields: the text of value i is the width bytes at bytes + i * stride, or those
 * before the first NUL among them, as strncpy fills a field. Only those width bytes of a record are
 * read.
 * @{
 */
SIMDINET_API size_t simdinet_parse_ipv4_strided(const char *bytes, size_t stride, size_t width,
                                                size_t n, const uint8_t *validity, uint8_t *out,
                                                uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_ipv6_strided(const char *bytes, size_t stride, size_t width,
                                                size_t n, const uint8_t *validity, uint8_t *out,
                                                uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_mixed_strided(const char *bytes, size_t stride, size_t width,
                                                 size_t n, const uint8_t *validity, uint8_t *out,
                                                 uint8_t *out_validity, uint8_t *out_families);
/** @} */

/**
 * Parse strings by pointer: value i is the lengths[i] bytes at texts[i], or NUL-terminated text if
 * lengths is NULL. A NULL pointer is a value that is not an address. The pointer of a value that is
 * null in validity is not dereferenced.
 * @{
 */
SIMDINET_API size_t simdinet_parse_ipv4_pointers(const char *const *texts, const size_t *lengths,
                                                 size_t n, const uint8_t *validity, uint8_t *out,
                                                 uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_ipv6_pointers(const char *const *texts, const size_t *lengths,
                                                 size_t n, const uint8_t *validity, uint8_t *out,
                                                 uint8_t *out_validity);
SIMDINET_API size_t simdinet_parse_mixed_pointers(const char *const *texts, const size_t *lengths,
                                                  size_t n, const uint8_t *validity, uint8_t *out,
                                                  uint8_t *out_validity, uint8_t *out_families);
/** @} */

/**
 * Explain each value that a column function rejected. parsed is the out_validity of that call,
 * validity the column's own bitmap or NULL; if the call overwrote it, pass a copy. reasons receives
 * n values of simdinet_reason, one byte each; positions receives n offsets as simdinet_explain_ipv4
 * stores them, counted from the start of the value, and may be NULL.
 *
 * A null gets SIMDINET_REASON_NULL, an address SIMDINET_REASON_NONE, a value whose end is before
 * its start SIMDINET_REASON_EMPTY; each of them has position 0. The text of nulls and addresses is
 * not read, so the time depends on the rejected values.
 * @{
 */
SIMDINET_API void simdinet_explain_ipv4_column(const char *bytes, const int32_t *offsets, size_t n,
                                               const uint8_t *validity, const uint8_t *parsed,
                                               uint8_t *reasons, uint32_t *positions);
SIMDINET_API void simdinet_explain_ipv6_column(const char *bytes, const int32_t *offsets, size_t n,
                                               const uint8_t *validity, const uint8_t *parsed,
                                               uint8_t *reasons, uint32_t *positions);
SIMDINET_API void simdinet_explain_mixed_column(const char *bytes, const int32_t *offsets, size_t n,
                                                const uint8_t *validity, const uint8_t *parsed,
                                                uint8_t *reasons, uint32_t *positions);
SIMDINET_API void simdinet_explain_ipv4_column64(const char *bytes, const int64_t *offsets,
                                                 size_t n, const uint8_t *validity,
                                                 const uint8_t *parsed, uint8_t *reasons,
                                                 uint32_t *positions);
SIMDINET_API void simdinet_explain_ipv6_column64(const char *bytes, const int64_t *offsets,
                                                 size_t n, const uint8_t *validity,
                                                 const uint8_t *parsed, uint8_t *reasons,
                                                 uint32_t *positions);
SIMDINET_API void simdinet_explain_mixed_column64(const char *bytes, const int64_t *offsets,
                                                  size_t n, const uint8_t *validity,
                                                  const uint8_t *parsed, uint8_t *reasons,
                                                  uint32_t *positions);
/** @} */

/**
 * The same as simdinet_explain_ipv6 for text that contains a colon, and as simdinet_explain_ipv4
 * for all other text: why a mixed function rejects a value.
 */
SIMDINET_API simdinet_reason simdinet_explain_mixed(const char *text, size_t len, size_t *at);

/** @} */

/* ---- lines: text to bytes -------------------------------------------------------------------- */

/**
 * @defgroup lines_parse Lines: text to bytes
 * @{
 */

/** More text follows: leave a last line without LF unconsumed. */
#define SIMDINET_LINES_PARTIAL 0x01u

/** The most bytes of an unfinished line that SIMDINET_LINES_PARTIAL leaves unconsumed. */
#define SIMDINET_LINES_MAX_PENDING 64

/**
 * Parses text with one address per line, up to capacity lines. Line i writes address i to out and
 * bit i to out_validity (and to out_families), as the column functions do. A line ends in LF or CR
 * LF; the end of the last line is optional. An empty line, an overlong one or one with a blank in
 * it is a value that is not an address. An empty text has no lines.
 *
 * Stores the number of lines parsed to *n and the number of addresses among them to *n_valid, and
 * returns the number of bytes consumed: where the next call begins. Stops at capacity or at the end
 * of the text.
 *
 * With SIMDINET_LINES_PARTIAL in flags, text may be any chunk of a longer text: an unfinished last
 * line is left unconsumed, to be passed again at the start of the next chunk. If that line is
 * already too long for an address, all but its last SIMDINET_LINES_MAX_PENDING bytes are consumed,
 * and what is left is still too long. A buffer of more than SIMDINET_LINES_MAX_PENDING bytes is
 * therefore always large enough, and the results do not depend on where the text is cut. The other
 * bits of flags must be 0.
 *
 * out holds capacity addresses, out_validity (and out_families) (capacity + 7) / 8 bytes. Bytes of
 * out past the last address may be overwritten; bytes of the bitmaps past the last line's are not.
 * text may be NULL when len is 0, out and the bitmaps when capacity is 0, n_valid always; n may
 * not.
 * @{
 */
SIMDINET_API size_t simdinet_parse_ipv4_lines(const char *text, size_t len, unsigned flags,
                                              size_t capacity, uint8_t *out, uint8_t *out_validity,
                                              size_t *n, size_t *n_valid);
SIMDINET_API size_t simdinet_parse_ipv6_lines(const char *text, size_t len, unsigned flags,
                                              size_t capacity, uint8_t *out, uint8_t *out_validity,
                                              size_t *n, size_t *n_valid);
SIMDINET_API size_t simdinet_parse_mixed_lines(const char *text, size_t len, unsigned flags,
                                               size_t capacity, uint8_t *out, uint8_t *out_validity,
                                               uint8_t *out_families, size_t *n, size_t *n_valid);
/** @} */

/** @} */

/* ---- scan: every address in any text ---------------------------------------------------------- */

/**
 * @defgroup scan Scan: every address in any text
 * @{
 */

/**
 * What simdinet_scan looks for and reports. Combine with |, also with SIMDINET_SCAN_NO_*.
 * @{
 */
#define SIMDINET_SCAN_IPV4             0x01u /**< look for IPv4 */
#define SIMDINET_SCAN_IPV6             0x02u /**< look for IPv6 */
#define SIMDINET_SCAN_PARTIAL          0x04u /**< more text follows: leave an undecided end unconsumed */
#define SIMDINET_SCAN_REJECTED         0x08u /**< also store what looks like an address but is not */
#define SIMDINET_SCAN_RECALL           0x10u /**< report all that is only doubtful */
#define SIMDINET_SCAN_BARE_UNSPECIFIED 0x20u /**< report "::" next to any byte but a word byte */
#define SIMDINET_SCAN_EUI64            0x40u /**< report eight groups of exactly two digits as IPv6 */
#define SIMDINET_SCAN_DEFANGED         0x80u /**< "192[.]0[.]2[.]1" is one: see docs/scan.md */
/** @} */

/**
 * The heuristics of docs/scan.md, switched off one by one.
 * @{
 */
#define SIMDINET_SCAN_NO_VERSION_SLASH      0x0100u  /**< "Product/1.2.3.4" is an address */
#define SIMDINET_SCAN_NO_VERSION_KEY        0x0200u  /**< "version: 1.2.3.4" is an address */
#define SIMDINET_SCAN_NO_VERSION_USER_AGENT 0x0400u  /**< "(Mobile; Browser 1.2.3.4; U)" is one */
#define SIMDINET_SCAN_NO_VERSION_HEADER     0x0800u  /**< "CEF:0|Vendor|Product|1.2.3.4|" is one */
#define SIMDINET_SCAN_NO_VERSION_PACKAGE    0x1000u  /**< "/usr/lib/name-1.2.3.4" is an address */
#define SIMDINET_SCAN_NO_VERSIONS           0x1f00u  /**< the five above */
#define SIMDINET_SCAN_NO_ESCAPES            0x2000u  /**< letters of "\t", "%20", ESC[0m adjoin */
#define SIMDINET_SCAN_NO_DOT_PORT           0x4000u  /**< "192.0.2.1.443 > " is five numbers */
#define SIMDINET_SCAN_NO_COLON_PORT         0x8000u  /**< "2001:db8::1:58340" is not an address */
#define SIMDINET_SCAN_NO_COLON_AFTER        0x10000u /**< "2001:db8::1: " is not an address */
#define SIMDINET_SCAN_NO_KEY                0x20000u /**< "src:2001:db8::1" is not an address */
#define SIMDINET_SCAN_NO_BGP                0x40000u /**< "*>i192.0.2.0/24" is not an address */
/** @} */

/**
 * What is known of a match beyond its bytes. SIMDINET_MATCH_PORT and SIMDINET_MATCH_SERVICE are for ports that could be
 * read as a part of the address: "192.0.2.1.443 > ", "::1.443". The port of "192.0.2.1:443" and "[::1]:443" is not read.
 * @{
 */
#define SIMDINET_MATCH_MAPPED  0x0001u /**< IPv4-mapped IPv6 address, ::ffff:0:0/96 */
#define SIMDINET_MATCH_PORT    0x0002u /**< a port follows that is not part of it: see port */
#define SIMDINET_MATCH_SERVICE 0x0004u /**< the same with a service's name: "192.0.2.1.ssh >" */
#define SIMDINET_MATCH_SHORT   0x0008u /**< IPv6 without a group of three digits: "12::30" */
#define SIMDINET_MATCH_AMBIGUOUS_PORT                                                              \
    0x0010u /**< the last group may be a port: "2001:db8::1:443" */
#define SIMDINET_MATCH_BARE_UNSPECIFIED   0x0020u /**< "::" */
#define SIMDINET_MATCH_KEY                0x0040u /**< a key was cut off before it: "src:2001:db8::1" */
#define SIMDINET_MATCH_BGP                0x0080u /**< after a letter of a BGP table: "*>i192.0.2.0/24" */
#define SIMDINET_MATCH_VERSION_SLASH      0x0100u /**< version-like: "Product/1.2.3.4" */
#define SIMDINET_MATCH_VERSION_KEY        0x0200u /**< version-like: "version: 1.2.3.4" */
#define SIMDINET_MATCH_VERSION_USER_AGENT 0x0400u /**< version-like: in a user agent */
#define SIMDINET_MATCH_VERSION_HEADER     0x0800u /**< version-like: in the header of CEF or LEEF */
#define SIMDINET_MATCH_VERSION_PACKAGE    0x1000u /**< version-like: of an installed package */
#define SIMDINET_MATCH_VERSION            0x1f00u /**< version-like, by any of the five rules */
#define SIMDINET_MATCH_DOUBTFUL           0x2000u /**< only by SIMDINET_SCAN_RECALL: see rule */
#define SIMDINET_MATCH_REJECTED           0x4000u /**< not an address: see rule */
#define SIMDINET_MATCH_DEFANGED           0x8000u /**< with defanged separators: "2001[:]db8::1" */
/** @} */

/** Why a candidate is not an address. The values are stable; new ones are added at the end. */
typedef enum simdinet_scan_rule {
    SIMDINET_RULE_NONE = 0,         /**< it is one */
    SIMDINET_RULE_WORD_BEFORE,      /**< a letter, digit or _ before it: "v1.2.3.4" */
    SIMDINET_RULE_WORD_AFTER,       /**< ... or after it: "1.2.3.4rc1" */
    SIMDINET_RULE_DOTTED_RUN,       /**< more than four numbers: "1.3.6.1.4.1" */
    SIMDINET_RULE_INVALID_IPV4,     /**< four numbers that are not octets: "192.0.2.256" */
    SIMDINET_RULE_COLON_HEX,        /**< the end of an IPv6 address: "::ffff:192.0.2.1" */
    SIMDINET_RULE_INVALID_IPV6,     /**< not an address: "1::2::3" */
    SIMDINET_RULE_HARDWARE_ADDRESS, /**< "00:00:5e:00:53:01" */
    SIMDINET_RULE_BARE_UNSPECIFIED  /**< "::" next to other bytes: "--::--" */
} simdinet_scan_rule;

/** One address in a text. Later versions append members: see match_size of simdinet_scan. */
typedef struct simdinet_match {
    size_t offset;       /**< of its first byte, from the start of the text that was scanned */
    uint16_t length;     /**< of its text: 2 to 45 bytes, of a rejected one up to 64; with
                              SIMDINET_MATCH_DEFANGED up to 93, and up to 448 */
    uint8_t family;      /**< 4 or 6 */
    uint8_t rule;        /**< simdinet_scan_rule, with MATCH_REJECTED and MATCH_DOUBTFUL; else 0 */
    uint32_t flags;      /**< SIMDINET_MATCH_* */
    uint8_t address[16]; /**< network order; an IPv4 address takes the first 4, zeros follow;
                              all zeros with SIMDINET_MATCH_REJECTED */
    uint16_t port;       /**< with SIMDINET_MATCH_PORT; else 0 */
} simdinet_match;

/** The name of a rule, "word-before"; static storage duration, for any value of rule. */
SIMDINET_API const char *simdinet_scan_rule_name(simdinet_scan_rule rule);

/**
 * The most bytes before start that affect the result of a scan, and the most bytes at the end of
 * the text that SIMDINET_SCAN_PARTIAL leaves unconsumed.
 */
#define SIMDINET_SCAN_CONTEXT 128

/** The same for scans with SIMDINET_SCAN_DEFANGED, where seven bytes may stand for one. */
#define SIMDINET_SCAN_DEFANGED_CONTEXT 1024

/**
 * Finds the addresses in text[start, len), in order, by the rules of docs/scan.md. text[0, start)
 * has been scanned already and serves as left context; the last SIMDINET_SCAN_CONTEXT bytes of what
 * came before are enough. start is 0 at the beginning of the text. Any bytes are valid text.
 *
 * With SIMDINET_SCAN_DEFANGED the rules apply to the text with its defanged separators replaced;
 * offset and length of a match are those of the text as it is written. Then read
 * SIMDINET_SCAN_DEFANGED_CONTEXT for SIMDINET_SCAN_CONTEXT here.
 *
 * Stores up to capacity matches to matches and their number to *n, and returns the offset up to
 * which the text is consumed: every match before that offset is stored, and none after it. The
 * offset is len when everything was scanned. It is less when capacity was reached, or when
 * SIMDINET_SCAN_PARTIAL is set and the last bytes of the text (SIMDINET_SCAN_CONTEXT at most)
 * depend on what follows. Call again with start at the returned offset; the matches do not depend
 * on where the text is cut. A capacity of a few hundred gives full speed; a scan with a small one
 * looks at little more text than its matches are in.
 *
 * match_size is sizeof(simdinet_match) as the caller was compiled: the distance between two
 * matches. Only members that both the caller and the library have are written. A match_size smaller
 * than the first version's stores nothing and consumes nothing.
 *
 * text may be NULL when len is 0, matches when capacity is 0; n must not be NULL. Elements of
 * matches from *n on may have been overwritten. Uses less than 16 KB of stack, 20 KB
 * with SIMDINET_SCAN_DEFANGED: too much for the
 * alternate stack of a signal handler.
 */
SIMDINET_API size_t simdinet_scan(const char *text, size_t start, size_t len, unsigned flags,
                                  simdinet_match *matches, size_t match_size, size_t capacity,
                                  size_t *n);

/** @} */

/* ---- columns: bytes to text ------------------------------------------------------------------ */

/**
 * @defgroup columns_format Columns: bytes to text
 *
 * Each function formats n addresses, stored contiguously in network order: 4 bytes each (ipv4) or
 * 16 (ipv6, mixed). The text of an address is that of simdinet_format_ipv4 or simdinet_format_ipv6,
 * without the NUL.
 *
 * text holds size bytes, any number. A function stops before the first address that might not fit:
 * when fewer bytes are left than the longest text of the family takes (15 for ipv4, 39 for ipv6 and
 * mixed, plus 1 for a separator). It returns the number of addresses formatted; call it again for
 * the others. With a size from the macros below all n are formatted. Bytes of text past what was
 * formatted may be overwritten, but none past size and none past the macro's size for n.
 *
 * families and validity are bitmaps of (n + 7) / 8 bytes in Apache Arrow's layout: value i is bit i
 * % 8 of byte i / 8. families: 1 for IPv6; 0 for IPv4, of which the last 4 of the 16 bytes are
 * used, as the mixed parse functions store it. Buffers must not overlap. validity may be NULL;
 * other pointers only when n is 0, and len never. The functions cannot fail.
 *
 * @{
 */

/**
 * The most bytes that n addresses take with a separator after each.
 * @{
 */
#define SIMDINET_IPV4_LINES_SIZE(n)  ((size_t)(n)*16)
#define SIMDINET_IPV6_LINES_SIZE(n)  ((size_t)(n)*40)
#define SIMDINET_MIXED_LINES_SIZE(n) ((size_t)(n)*40)
/** @} */

/**
 * The most bytes that n addresses take without separators.
 * @{
 */
#define SIMDINET_IPV4_COLUMN_SIZE(n)  ((size_t)(n)*15)
#define SIMDINET_IPV6_COLUMN_SIZE(n)  ((size_t)(n)*39)
#define SIMDINET_MIXED_COLUMN_SIZE(n) ((size_t)(n)*39)
/** @} */

/**
 * Write each address followed by the byte separator; '\n' gives one address per line. No NUL is
 * appended. Return the number of addresses written, n unless size was too small, and store the
 * length of the text in bytes, separators included, to *len.
 * @{
 */
SIMDINET_API size_t simdinet_format_ipv4_lines(const uint8_t *addresses, size_t n, char separator,
                                               char *text, size_t size, size_t *len);
SIMDINET_API size_t simdinet_format_ipv6_lines(const uint8_t *addresses, size_t n, char separator,
                                               char *text, size_t size, size_t *len);
SIMDINET_API size_t simdinet_format_mixed_lines(const uint8_t *addresses, const uint8_t *families,
                                                size_t n, char separator, char *text, size_t size,
                                                size_t *len);
/** @} */

/**
 * Write an Apache Arrow string array: value i is text[offsets[i], offsets[i + 1]), and offsets[0]
 * is 0. offsets holds n + 1 elements. Return the number of values written, r; then offsets[0] to
 * offsets[r] are set, the others are unchanged, and offsets[r] is the length of the text in bytes.
 *
 * Value i is null if its bit in validity is 0: its address is not read, and it becomes an empty
 * string, which always fits. Offsets end at INT32_MAX, so no more than that of size is used: 143
 * million IPv4 or 55 million IPv6 addresses always fit, and the values that are left go into the
 * next array.
 * @{
 */
SIMDINET_API size_t simdinet_format_ipv4_column(const uint8_t *addresses, const uint8_t *validity,
                                                size_t n, char *text, size_t size,
                                                int32_t *offsets);
SIMDINET_API size_t simdinet_format_ipv6_column(const uint8_t *addresses, const uint8_t *validity,
                                                size_t n, char *text, size_t size,
                                                int32_t *offsets);
SIMDINET_API size_t simdinet_format_mixed_column(const uint8_t *addresses, const uint8_t *families,
                                                 const uint8_t *validity, size_t n, char *text,
                                                 size_t size, int32_t *offsets);
/** @} */

/** @} */

/* ---- byte order ------------------------------------------------------------------------------ */

/**
 * @defgroup swap Byte order of arrays
 * @{
 */

/**
 * Reverse the bytes of n numbers of 2, 4 or 8 bytes, on machines of either byte order. dst may be
 * src; otherwise the arrays must not overlap. Any alignment is allowed, 64 bytes is the fastest.
 * Both may be NULL when n is 0. Large arrays are written with non-temporal stores where that is
 * faster.
 * @{
 */
SIMDINET_API void simdinet_swap16(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_swap32(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_swap64(void *dst, const void *src, size_t n);
/** @} */

/**
 * POSIX htons, htonl, ntohs and ntohl for n numbers, and the same for 64 bits ("ll"): a swap as
 * above on little-endian machines, a copy on big-endian ones (nothing at all if dst is src).
 * @{
 */
SIMDINET_API void simdinet_htons_array(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_htonl_array(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_htonll_array(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_ntohs_array(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_ntohl_array(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_ntohll_array(void *dst, const void *src, size_t n);
/** @} */

/** @} */

/* ---- implementations ------------------------------------------------------------------------- */

/**
 * @defgroup implementations Implementations
 * @{
 */

/**
 * One implementation: every operation for one instruction set. The strings have static storage
 * duration. Later versions append members; see simdinet_describe_implementation.
 */
typedef struct simdinet_implementation_info {
    const char *name;         /**< "avx512", "avx2", "sse42", "neon" or "scalar" */
    const char *requirements; /**< the CPU features it needs, for people to read */
    bool available;           /**< it is part of this library */
    bool supported;           /**< it is available, and this CPU and operating system can run it */
    bool active;              /**< it serves calls now */
} simdinet_implementation_info;

/**
 * Describes the implementation with the given index; index 0 is the preferred one. Implementations
 * of other architectures are listed too, as not available.
 *
 * info_size is sizeof(simdinet_implementation_info) as the caller was compiled. At most info_size
 * bytes are written: a caller that is older than the library gets the members that it has, and in a
 * caller that is newer the members that the library does not have are set to 0.
 *
 * Returns true; or false, with info unchanged, when index is past the last implementation. info may
 * be NULL when info_size is 0.
 */
SIMDINET_API bool simdinet_describe_implementation(size_t index, simdinet_implementation_info *info,
                                                   size_t info_size);

/**
 * Selects the implementation with this NUL-terminated name for all later calls in the process. NULL
 * selects as the first call does: the implementation named by the environment variable
 * SIMDINET_IMPLEMENTATION if it is supported, otherwise the preferred one that is.
 *
 * Returns true; or false, and changes nothing, if there is no such implementation or it is not
 * supported. Calls in progress in other threads finish on the implementation they started with.
 * With NULL it reads the environment and is not async-signal-safe.
 */
SIMDINET_API bool simdinet_use_implementation(const char *name);

/** Returns the name of the implementation in use, a string with static storage duration. */
SIMDINET_API const char *simdinet_active_implementation(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
