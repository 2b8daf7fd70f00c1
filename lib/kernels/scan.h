/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan.h - the workspace of a scan, and its byte classes.
 *
 * A text is scanned in chunks. find_candidates classifies the bytes of a chunk into bit masks and
 * derives the positions at which an address may stand. verify_candidates decides most of them from
 * their neighbouring bytes; the rest it leaves to the engine, which implements every rule of
 * docs/scan.md.
 */
#ifndef SIMDINET_SCAN_H
#define SIMDINET_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the workspace ------------------------------------------------------------------------------ */

#define SIMDINET_SCAN_CHUNK 8192 /* bytes */

/* 64-bit words of a mask: one before the chunk, the chunk's own, one after it, one that is zero, and
 * space for kernels that store eight words at a time. */
#define SIMDINET_SCAN_MASK_WORDS (SIMDINET_SCAN_CHUNK / 64 + 12)

/* A position in every second byte, and 32 that are written in advance. */
#define SIMDINET_SCAN_MAX_CANDIDATES (SIMDINET_SCAN_CHUNK / 2 + 32)

/* Families, combined with |. */
#define SIMDINET_SCAN_FIND_IPV4 1u
#define SIMDINET_SCAN_FIND_IPV6 2u

/*
 * A chunk under the scan. The engine sets the first five members; the kernel owns the rest. Masks
 * have a bit a byte, and positions count bytes, both from 64 bytes before begin.
 */
typedef struct simdinet_scan_chunk {
    const char *text;
    size_t begin, end; /* of the chunk: at most SIMDINET_SCAN_CHUNK bytes */
    size_t len;        /* of the text */
    unsigned families;
    uint64_t digits[SIMDINET_SCAN_MASK_WORDS];
    uint64_t dots[SIMDINET_SCAN_MASK_WORDS];
    uint64_t colons[SIMDINET_SCAN_MASK_WORDS];
    uint64_t runs[SIMDINET_SCAN_MASK_WORDS]; /* hexadecimal digits and colons */
    uint16_t positions[SIMDINET_SCAN_MAX_CANDIDATES];
} simdinet_scan_chunk;

typedef enum simdinet_verify_result {
    SIMDINET_VERIFY_REJECTED,  /* not an address; the other members are unspecified */
    SIMDINET_VERIFY_ADDRESS,   /* an address, unless a flag rejects it */
    SIMDINET_VERIFY_UNDECIDED, /* the engine decides */
} simdinet_verify_result;

#define SIMDINET_CANDIDATE_VERSION          1u /* a version-like IPv4 address */
#define SIMDINET_CANDIDATE_MAPPED           2u /* an IPv4-mapped IPv6 address */
#define SIMDINET_CANDIDATE_BARE_UNSPECIFIED 4u /* "::" between bytes other than rule 5 lists */
#define SIMDINET_CANDIDATE_EUI64            8u /* eight groups of exactly two digits */

/*
 * One candidate after verification. offset counts from the start of the text; of an undecided IPv4
 * candidate it is that of a byte of the first octet, or of the dot after it.
 */
typedef struct simdinet_candidate {
    size_t offset;
    uint8_t length; /* undecided: of the run of hexadecimal digits and colons */
    uint8_t family; /* 4 or 6 */
    uint8_t result; /* simdinet_verify_result */
    uint8_t flags;  /* SIMDINET_CANDIDATE_* */
    uint8_t address[16];
} simdinet_candidate;

/* How many candidates the engine has verified at a time. */
#define SIMDINET_SCAN_BATCH 256

/* ---- byte classes ------------------------------------------------------------------------------- */

/* Classes of a byte, combined with |. A byte that is not ASCII has none. */
enum {
    CLASS_WORD = 0x01, /* letter, digit or _ */
    CLASS_LETTER = 0x02,
    CLASS_DIGIT = 0x04,
    CLASS_HEX = 0x08, /* hexadecimal digit */
    CLASS_DOT = 0x10,
    CLASS_COLON = 0x20,
    CLASS_SLASH = 0x40,
    CLASS_BLANK = 0x80,       /* blank, quote or line end */
    CLASS_UNRESERVED = 0x100, /* RFC 3986 section 2.3 */
};

/* The one table of classes, by byte. */
extern const uint16_t simdinet_scan_classes[256];

#endif
