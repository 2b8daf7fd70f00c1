/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet.h - the address engine: IP addresses from text to bytes and back.
 *
 * Every function is thread-safe and reentrant; after the first call of a process, which chooses the
 * kernel and reads the environment for it, async-signal-safe too, unless its comment says otherwise.
 * That first call must not meet a setenv in another thread: a program that has some makes it early.
 * Nothing here allocates, prints or aborts. Text is (pointer, length): it needs no NUL, and no byte
 * outside [text, text + len) decides anything. Addresses are bytes in network order. What a function
 * writes must not overlap what it reads, unless its comment says otherwise.
 */
#ifndef SIMDINET_H
#define SIMDINET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The mark of what the library exports. */
#if defined(__GNUC__)
#    define SIMDINET_API __attribute__((visibility("default")))
#else
#    define SIMDINET_API
#endif

/* ---- version ---------------------------------------------------------------------------------- */

/**
 * @defgroup version Version
 * @{
 */

/**
 * The version of this header, by the rules of Semantic Versioning 2.0.0.
 * @{
 */
#define SIMDINET_VERSION_MAJOR 0
#define SIMDINET_VERSION_MINOR 2
#define SIMDINET_VERSION_PATCH 0
/** @} */

/** The version of the library that runs, "major.minor.patch"; a string that lives for ever. */
SIMDINET_API const char *simdinet_version(void);

/** @} */

/* ---- one address ------------------------------------------------------------------------------ */

/**
 * @defgroup address One address
 * @{
 */

/**
 * Room for any IPv4 or IPv6 text and its NUL: INET_ADDRSTRLEN and INET6_ADDRSTRLEN.
 * @{
 */
#define SIMDINET_IPV4_TEXT_SIZE 16
#define SIMDINET_IPV6_TEXT_SIZE 46
/** @} */

/**
 * Reads one IPv4 address: exactly four decimal octets of one to three digits, 0 to 255, no leading
 * zero, separated by single dots, nothing before or after (POSIX inet_pton, AF_INET).
 *
 * Returns true and writes the four bytes to out; or returns false and leaves out as it was.
 * text may be NULL when len is 0.
 */
SIMDINET_API bool simdinet_parse_ipv4(const char *text, size_t len, uint8_t out[4]);

/**
 * Reads one IPv6 address: the three forms of RFC 4291 section 2.2 in either case, as glibc's
 * inet_pton(AF_INET6) takes them. "::" stands for one group at least; an IPv4 tail must be the last
 * 32 bits; zones, prefixes, ports and brackets are refused.
 *
 * Returns true and writes the sixteen bytes to out; or returns false and leaves out as it was.
 * text may be NULL when len is 0.
 */
SIMDINET_API bool simdinet_parse_ipv6(const char *text, size_t len, uint8_t out[16]);

/**
 * The same for a text that a NUL ends; text is not NULL. Return 1 or 0, as inet_pton does.
 * @{
 */
SIMDINET_API int simdinet_parse_ipv4_z(const char *text, uint8_t out[4]);
SIMDINET_API int simdinet_parse_ipv6_z(const char *text, uint8_t out[16]);
/** @} */

/**
 * Writes an IPv4 address as dotted decimal text and a NUL: 8 to 16 bytes, and not one byte more.
 * Returns the length of the text without its NUL, 7 to 15.
 */
SIMDINET_API size_t simdinet_format_ipv4(const uint8_t address[4],
                                         char out[SIMDINET_IPV4_TEXT_SIZE]);

/**
 * Writes an IPv6 address as the text of RFC 5952 section 4 and a NUL: 3 to 40 bytes, and not one
 * byte more. As glibc's inet_ntop has it, the dotted form is kept for the prefixes ::/96 and
 * ::ffff:0:0/96 (when the zero run ends there) and for no other.
 * Returns the length of the text without its NUL, 2 to 39.
 */
SIMDINET_API size_t simdinet_format_ipv6(const uint8_t address[16],
                                         char out[SIMDINET_IPV6_TEXT_SIZE]);

/** Why a text is no address. The values are stable; new ones are added at the end. */
typedef enum simdinet_reason {
    SIMDINET_REASON_NONE = 0,           /**< it is an address */
    SIMDINET_REASON_EMPTY,              /**< no text at all */
    SIMDINET_REASON_CHARACTER,          /**< a byte that cannot stand here */
    SIMDINET_REASON_END,                /**< the text ends where an octet or a group must follow */
    SIMDINET_REASON_OCTET_MISSING,      /**< a dot where an octet must stand */
    SIMDINET_REASON_OCTET_RANGE,        /**< an octet above 255 */
    SIMDINET_REASON_LEADING_ZERO,       /**< an octet of two or three digits that begins with 0 */
    SIMDINET_REASON_OCTET_COUNT_LOW,    /**< fewer than four octets */
    SIMDINET_REASON_OCTET_COUNT_HIGH,   /**< more than four octets */
    SIMDINET_REASON_GROUP_LENGTH,       /**< a group of more than four hexadecimal digits */
    SIMDINET_REASON_GROUP_COUNT_LOW,    /**< fewer than eight groups and no "::" */
    SIMDINET_REASON_GROUP_COUNT_HIGH,   /**< more than eight groups, or "::" that stands for none */
    SIMDINET_REASON_SINGLE_COLON,       /**< a single colon at the start or the end */
    SIMDINET_REASON_SECOND_COMPRESSION, /**< "::" for the second time, or ":::" */
    SIMDINET_REASON_EMBEDDED_IPV4,      /**< an IPv4 tail that is not the last 32 bits */
    SIMDINET_REASON_NULL                /**< no value: a null of a column */
} simdinet_reason;

/**
 * Says why simdinet_parse_ipv4 (simdinet_parse_ipv6) refuses a text, and stores to *at the offset,
 * counted from 0, of the byte that is to blame: the first byte of an octet or a group that is out
 * of range or one too many, the first colon of a "::" that stands for no group, len where something
 * is missing at the end. Returns SIMDINET_REASON_NONE, with *at = len, for a text that is accepted.
 * at may be NULL, and so may text when len is 0. Meant for the cold path: nobody who does not ask
 * pays.
 * @{
 */
SIMDINET_API simdinet_reason simdinet_explain_ipv4(const char *text, size_t len, size_t *at);
SIMDINET_API simdinet_reason simdinet_explain_ipv6(const char *text, size_t len, size_t *at);
/** @} */

/** A reason in words, "octet above 255"; a string that lives for ever, for any value of reason. */
SIMDINET_API const char *simdinet_reason_text(simdinet_reason reason);

/** @} */

/* ---- columns: text to bytes ------------------------------------------------------------------- */

/**
 * @defgroup columns_parse Columns: text to bytes
 *
 * A column is n values, read in one call. What holds for every function of this section:
 *
 * - out takes n addresses, 4 bytes each (IPv4) or 16 (IPv6 and mixed), in network order; zeros
 *   for a value that is no address. No alignment is needed.
 * - out_validity takes (n + 7) / 8 bytes, a bit for each value, 1 for an address: value i is bit i % 8
 *   of byte i / 8, least significant bit first, as Apache Arrow has it. The bits of the last byte
 *   that stand for no value are 0.
 * - validity is NULL, or a bitmap of that kind: where its bit is 0 the value is null, which is no
 *   address whatever its text. It may be the same memory as out_validity.
 * - mixed takes both families: an IPv4 address becomes ::ffff:a.b.c.d. out_families is a bitmap of that
 *   kind: 1 for an address that was written as IPv6, 0 for IPv4 and for none.
 *
 * They return how many of the values are addresses. What a value is read as never depends on the
 * other values. A value of any length, and any bytes, may stand in a column; what is no address
 * for simdinet_parse_ipv4 (simdinet_parse_ipv6) is none here. The buffers that are written must not
 * overlap those that are read, but for validity. Pointers may be NULL when n is 0.
 *
 * @{
 */

/**
 * Apache Arrow's strings: value i is bytes[offsets[i], offsets[i + 1]), so there are n + 1
 * offsets. A value that would end before it begins is no address. bytes may be NULL when all values
 * are empty.
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
 * The same for columns of more than 2 GB: Arrow's large strings.
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
 * Records of a fixed size: the text of value i is in the width bytes from bytes + i * stride on, all
 * of them or those before the first NUL, as strncpy leaves a field. Of the last record, only those
 * width bytes need to be there.
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
 * Values anywhere in memory: value i is the lengths[i] bytes at texts[i]; where lengths is NULL, a
 * text that a NUL ends. A value whose pointer is NULL is no address. Of a value that validity calls
 * null, neither is looked at: its pointer may lead anywhere.
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
 * Says of each value why it is no address: reasons takes n values of simdinet_reason, positions
 * the n offsets, from the start of the value, that simdinet_explain_ipv4 stores. A null has
 * SIMDINET_REASON_NULL, whether or not it has a text; a value that would end before it begins has
 * SIMDINET_REASON_EMPTY. validity is that of the column, and not what a parse function has stored
 * over it. parsed is what the parse function stored; values that it calls addresses get
 * SIMDINET_REASON_NONE and 0 and are not looked at, so the price is that of the others. positions
 * may be NULL.
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
 * The same for one text that may be of either family: it is judged as IPv6 where there is a colon
 * in it, and as IPv4 where there is none.
 */
SIMDINET_API simdinet_reason simdinet_explain_mixed(const char *text, size_t len, size_t *at);

/** @} */

/* ---- lines: text to bytes --------------------------------------------------------------------- */

/**
 * @defgroup lines_parse Lines: text to bytes
 * @{
 */

/** More text follows: a last line that no LF ends may go on, and stays unconsumed. */
#define SIMDINET_LINES_PARTIAL 0x01u

/** How many bytes of an unfinished line may stay unconsumed with SIMDINET_LINES_PARTIAL. */
#define SIMDINET_LINES_MAX_PENDING 64

/**
 * Parses text with one address per line, up to capacity lines. Line i writes address i to out and bit i
 * to out_validity (and to out_families), as the column functions do. A line ends in LF or CR LF; the end
 * of the last line is optional. An empty line, an overlong one or one with a blank in it is a value that
 * is not an address. An empty text has no lines.
 *
 * Stores the number of lines parsed to *n and the number of addresses among them to *n_valid, and returns
 * the number of bytes consumed: where the next call begins. Stops at capacity or at the end of the text.
 *
 * With SIMDINET_LINES_PARTIAL in flags, text may be any chunk of a longer text: an unfinished last line is
 * left unconsumed, to be passed again at the start of the next chunk. If that line is already too long for
 * an address, all but its last SIMDINET_LINES_MAX_PENDING bytes are consumed, and what is left is still too
 * long. A buffer of more than SIMDINET_LINES_MAX_PENDING bytes is therefore always large enough, and the
 * results do not depend on where the text is cut.
 *
 * out holds capacity addresses, out_validity (and out_families) (capacity + 7) / 8 bytes. Bytes of out past
 * the last address may be overwritten; bytes of the bitmaps past the last line's are not. text may be NULL
 * when len is 0, out and the bitmaps when capacity is 0, n_valid always; n may not.
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
 * What a scan looks for, and which of its heuristics are switched off. Combine with |.
 * @{
 */
#define SIMDINET_SCAN_IPV4             0x01u /**< look for IPv4 */
#define SIMDINET_SCAN_IPV6             0x02u /**< look for IPv6 */
#define SIMDINET_SCAN_VERSIONS         0x04u /**< take no IPv4 address for a version number */
#define SIMDINET_SCAN_BARE_UNSPECIFIED 0x08u /**< report a bare "::" wherever it stands */
#define SIMDINET_SCAN_EUI64            0x10u /**< report eight groups of exactly two digits as IPv6 */
#define SIMDINET_SCAN_PARTIAL          0x80u /**< more text follows: leave an unfinished end unconsumed */
/** @} */

/**
 * What is known of a match beyond its bytes.
 * @{
 */
#define SIMDINET_MATCH_VERSION 0x01u /**< version-like: "Product/1.2.3.4" or "rv:1.2.3.4" */
#define SIMDINET_MATCH_MAPPED  0x02u /**< an IPv4-mapped IPv6 address, ::ffff:0:0/96 */
/** @} */

/** One address in a text. Later versions append members: see match_size of simdinet_scan. */
typedef struct simdinet_match {
    size_t offset;       /**< of its first byte, from the start of the text that was scanned */
    uint16_t length;     /**< of its text, 2 to 45 bytes */
    uint8_t family;      /**< 4 or 6 */
    uint8_t reserved;    /**< not set */
    uint32_t flags;      /**< SIMDINET_MATCH_* */
    uint8_t address[16]; /**< network order; an IPv4 address takes the first 4, zeros follow */
} simdinet_match;

/**
 * How many bytes before the start of a scan can decide what is found in it, and how many bytes at
 * the end of a text may stay unconsumed with SIMDINET_SCAN_PARTIAL.
 */
#define SIMDINET_SCAN_CONTEXT 128

/**
 * Finds the addresses in text[start, len), in order, by the rules of docs/scan.md. text[0, start)
 * was scanned before and is looked at only as the left neighbourhood: of a longer text that came
 * before, the last SIMDINET_SCAN_CONTEXT bytes are enough. Where start is 0 the text begins.
 *
 * Stores up to capacity matches and their number in *n, and returns how far the text is consumed:
 * every match before that offset is stored, and none after it. That is len when everything was
 * scanned; less when capacity was reached, or when SIMDINET_SCAN_PARTIAL is set and the last bytes of
 * the text (SIMDINET_SCAN_CONTEXT at most) can only be decided with what follows. Call again with
 * start at the returned offset and the rest; the matches never depend on where a text is cut. A
 * capacity of some hundreds gives full speed; with a small one, parts of a text that is full of
 * addresses are scanned once for each call.
 *
 * match_size is sizeof(simdinet_match): the distance between two matches. So a program built against
 * a header with fewer or more members works: only members that both know are written. A match_size
 * smaller than the first version's stores nothing and consumes nothing.
 *
 * text may be NULL when len is 0, matches when capacity is 0; n must not be NULL. Elements of matches
 * from *n on may have been overwritten. Uses about 32 KB of stack: too much for the alternate stack of
 * a signal handler.
 *
 * Any bytes are text. flags without SIMDINET_SCAN_IPV4 and SIMDINET_SCAN_IPV6 look for both.
 */
SIMDINET_API size_t simdinet_scan(const char *text, size_t start, size_t len, unsigned flags,
                                  simdinet_match *matches, size_t match_size, size_t capacity,
                                  size_t *n);

/** @} */

/* ---- columns: bytes to text ------------------------------------------------------------------- */

/**
 * @defgroup columns_format Columns: bytes to text
 *
 * Many addresses in one call. n addresses stand one behind the other in network order: 4 bytes each
 * (ipv4) or 16 (ipv6, mixed). What is written for an address is what simdinet_format_ipv4 or
 * simdinet_format_ipv6 writes, without the NUL, and depends on nothing but that address.
 *
 * The buffer is text[0, size), of any size. A function stops before the first address that might not
 * fit, which is when fewer bytes are left than the longest text of its family takes (15 for IPv4, 39
 * for IPv6, and 1 more for a separator), and returns how many rows it has done: call again for the
 * others. With size as the macros below have it, every row is done. Of the text buffer no byte from
 * size on is touched, and none from the macro's size for n on; within these bounds the bytes behind
 * the text that was written may have been overwritten with anything. The arrays must not overlap.
 * Pointers need no alignment but that of their types. validity may be NULL; the others only when n is
 * 0, and len, where there is one, never.
 *
 * @{
 */

/**
 * The longest text of n addresses with a separator behind each, in bytes.
 * @{
 */
#define SIMDINET_IPV4_LINES_SIZE(n)  ((size_t)(n)*16)
#define SIMDINET_IPV6_LINES_SIZE(n)  ((size_t)(n)*40)
#define SIMDINET_MIXED_LINES_SIZE(n) ((size_t)(n)*40)
/** @} */

/**
 * The same without separators.
 * @{
 */
#define SIMDINET_IPV4_COLUMN_SIZE(n)  ((size_t)(n)*15)
#define SIMDINET_IPV6_COLUMN_SIZE(n)  ((size_t)(n)*39)
#define SIMDINET_MIXED_COLUMN_SIZE(n) ((size_t)(n)*39)
/** @} */

/**
 * Write each address and, behind it, the byte separator: '\n' makes lines. Return how many addresses
 * were written, n unless size was the limit, and store the length of the text, separators included,
 * to *len. There is no NUL at the end.
 *
 * Mixed: 16 bytes each. Bit i % 8 of families[i / 8] is 1 where address i is IPv6 and 0 where it is
 * IPv4, of which only the last 4 of the 16 bytes count (::ffff:a.b.c.d, as the readers of mixed
 * columns store it). (n + 7) / 8 bytes of families are read.
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
 * Write the addresses as a column of strings as Apache Arrow lays it out: row i is
 * text[offsets[i], offsets[i + 1]), offsets[0] is 0. Return the number of rows written, r; then
 * offsets[0] to offsets[r] are set, no other is touched, and offsets[r] is the length of the text.
 *
 * validity is NULL, or a bitmap of (n + 7) / 8 bytes, least significant bit first: a row whose bit
 * is 0 is null; its address is not looked at and it becomes an empty string, which always fits.
 * Offsets end at INT32_MAX, so more than that of size is not used: 143 million IPv4 or 55 million
 * IPv6 addresses always fit, and the rows that are left make the next chunk. families: see above.
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

/* ---- byte order ------------------------------------------------------------------------------- */

/**
 * @defgroup swap Byte order of arrays
 * @{
 */

/**
 * Reverse the bytes of each of n numbers of 2, 4 or 8 bytes, on every machine, from src to dst. dst
 * may be src; otherwise the two arrays must not overlap. Any alignment will do, and arrays that are
 * aligned to 64 bytes are the fastest. Nothing but dst[0, n) is written and nothing but src[0, n)
 * read; both may be NULL when n is 0. Large arrays are written past the caches where that is faster.
 * @{
 */
SIMDINET_API void simdinet_swap16(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_swap32(void *dst, const void *src, size_t n);
SIMDINET_API void simdinet_swap64(void *dst, const void *src, size_t n);
/** @} */

/**
 * htons, htonl, ntohs and ntohl for arrays, and the same for 64 bits ("ll"): a swap as above where
 * the machine is little-endian, and where it is big-endian a copy (nothing at all when dst is src).
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

/* ---- implementations ---------------------------------------------------------------------------- */

/**
 * @defgroup implementations Implementations
 * @{
 */

/**
 * One implementation: every operation for one instruction set. The strings have static storage duration.
 * Later versions append members; see simdinet_describe_implementation.
 */
typedef struct simdinet_implementation_info {
    const char *name;         /**< "avx512", "avx2", "sse42", "neon" or "scalar" */
    const char *requirements; /**< the CPU features it needs, for people to read */
    bool available;           /**< it is part of this library */
    bool supported;           /**< it is available, and this CPU and operating system can run it */
    bool active;              /**< it serves calls now */
} simdinet_implementation_info;

/**
 * Describes the implementation with the given index; index 0 is the preferred one. Implementations of
 * other architectures are listed too, as not available.
 *
 * info_size is sizeof(simdinet_implementation_info) as the caller was compiled. At most info_size bytes
 * are written: a caller that is older than the library gets the members that it has, and in a caller that
 * is newer the members that the library does not have are set to 0.
 *
 * Returns true; or false, with info unchanged, when index is past the last implementation. info may be
 * NULL when info_size is 0.
 */
SIMDINET_API bool simdinet_describe_implementation(size_t index, simdinet_implementation_info *info,
                                                   size_t info_size);

/**
 * Makes every later call of the process go to the named row; NULL chooses as the first call of a
 * process does: the row that the environment variable SIMDINET_IMPLEMENTATION names if it runs here, or else
 * the best one that does. Returns false and changes nothing when the row does not exist or does not
 * run here. Calls that are under way in other threads end on the row they began with. Not
 * async-signal-safe with NULL (it reads the environment).
 */
SIMDINET_API bool simdinet_use_implementation(const char *name);

/** The name of the row that calls go to, a constant. */
SIMDINET_API const char *simdinet_active_implementation(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
