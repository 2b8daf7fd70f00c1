/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan.h - the workspace of a scan, and the data of its rules: byte classes and word lists.
 *
 * A text is scanned in chunks. find_candidates classifies the bytes of a chunk into bit masks and
 * derives the positions at which an address may stand. verify_candidates decides most of them from
 * a few neighbouring bytes; the rest it leaves to the engine, which implements every rule of
 * docs/scan.md (engine/scan_verify.c).
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

/* Words of candidates: of 64 bytes each, or of 48; and space for kernels that store several. */
#define SIMDINET_SCAN_CANDIDATE_WORDS (SIMDINET_SCAN_CHUNK / 48 + 10)

/* How many candidates are verified at a time, at most; no word of a mask has more than 32. */
#define SIMDINET_SCAN_BATCH 176

/* Families, combined with |. */
#define SIMDINET_SCAN_FIND_IPV4 1u
#define SIMDINET_SCAN_FIND_IPV6 2u

/*
 * A chunk under the scan. The engine sets the first six members, and reads verified; the kernel owns the
 * rest. Masks have a bit a byte, and positions count bytes, both from 64 bytes before begin.
 */
typedef struct simdinet_scan_chunk {
    const char *text;
    size_t begin, end; /* of the chunk: at most SIMDINET_SCAN_CHUNK bytes */
    size_t len;        /* of the text */
    unsigned families;
    bool keep_rejected; /* candidates that no rule accepts are verified, too */
    uint64_t digits[SIMDINET_SCAN_MASK_WORDS];
    uint64_t dots[SIMDINET_SCAN_MASK_WORDS];
    uint64_t colons[SIMDINET_SCAN_MASK_WORDS];
    uint64_t runs[SIMDINET_SCAN_MASK_WORDS]; /* hexadecimal digits and colons */
    uint64_t candidates[SIMDINET_SCAN_CANDIDATE_WORDS];
    uint8_t full[SIMDINET_SCAN_CANDIDATE_WORDS]; /* the indices of the words that have candidates */
    size_t n_full, next_full; /* of these words: how many, and how many have been verified */
    size_t verified;          /* candidates before this offset in the text have been verified */
} simdinet_scan_chunk;

typedef enum simdinet_verify_result {
    SIMDINET_VERIFY_REJECTED,  /* no rule accepts it; the other members are unspecified */
    SIMDINET_VERIFY_ADDRESS,   /* an address, with all of its flags */
    SIMDINET_VERIFY_UNDECIDED, /* the engine decides */
} simdinet_verify_result;

/* Flags of a candidate beside those of simdinet.h: refused unless the caller asks for them, and no flags of a
 * match. No candidate has the flag of simdinet.h of this value, SIMDINET_MATCH_REJECTED. */
#define SIMDINET_CANDIDATE_EUI64 0x4000u /* eight groups of exactly two digits */

/*
 * One candidate after verification; of the layout of a simdinet_match as far as it goes, so that the
 * engine copies it whole. offset counts from the start of the text.
 */
typedef struct simdinet_candidate {
    size_t offset;   /* undecided: any byte of the candidate */
    uint16_t length; /* of an address */
    uint8_t family;  /* 4 or 6 */
    uint8_t result;  /* simdinet_verify_result */
    uint32_t flags;  /* of an address: SIMDINET_MATCH_*, SIMDINET_CANDIDATE_* and the port */
    uint8_t address[16];
} simdinet_candidate;

/* The members of a candidate from length to flags, as the number that they are in memory. */
static inline uint64_t simdinet_candidate_head(unsigned length, unsigned family, unsigned result,
                                               uint32_t flags) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (uint64_t)length << 48 | (uint64_t)family << 40 | (uint64_t)result << 32 | flags;
#else
    return length | (uint64_t)family << 16 | (uint64_t)result << 24 | (uint64_t)flags << 32;
#endif
}

/* The port of an address is in the upper bits of its flags, which are 0 without SIMDINET_CANDIDATE_PORT. */
#define SIMDINET_CANDIDATE_PORT_SHIFT 16

/* The flags of simdinet.h that kernels set; the engine asserts that they are the same. */
#define SIMDINET_CANDIDATE_MAPPED             0x0001u
#define SIMDINET_CANDIDATE_PORT               0x0002u
#define SIMDINET_CANDIDATE_SHORT              0x0008u
#define SIMDINET_CANDIDATE_AMBIGUOUS_PORT     0x0010u
#define SIMDINET_CANDIDATE_BARE_UNSPECIFIED   0x0020u
#define SIMDINET_CANDIDATE_KEY                0x0040u
#define SIMDINET_CANDIDATE_VERSION_SLASH      0x0100u
#define SIMDINET_CANDIDATE_VERSION_KEY        0x0200u
#define SIMDINET_CANDIDATE_VERSION_USER_AGENT 0x0400u

/* ---- the data of the rules ---------------------------------------------------------------------- */

/* Classes of a byte, combined with |. A byte that is not ASCII has none. */
enum {
    CLASS_DIGIT = 0x0001,
    CLASS_HEX = 0x0002, /* hexadecimal digit */
    CLASS_COLON = 0x0004,
    CLASS_LETTER = 0x0008, /* ASCII */
    CLASS_WORD = 0x0010,   /* letter, digit or _ */
    CLASS_DOT = 0x0020,
    CLASS_SLASH = 0x0040,
    CLASS_BLANK = 0x0080,    /* space, tab */
    CLASS_LINE_END = 0x0100, /* CR, LF */
    CLASS_QUOTE = 0x0200,
    CLASS_UNRESERVED = 0x0400, /* RFC 3986 section 2.3 */
    CLASS_CSI = 0x0800,        /* parameter of a control sequence (ECMA-48 section 5.4) */
    CLASS_LOWER = 0x1000,      /* small letter */
    CLASS_KEY_GAP = 0x2000,    /* between a version key and its number */
    CLASS_KEY_NEAR = 0x4000,   /* CLASS_KEY_GAP, or the last letter of a version key */
    /* Neighbours of an address that take more than one look. */
    CLASS_ODD_BEFORE_IPV4 = 0x8000,
    CLASS_ODD_AFTER_IPV4 = 0x10000,
    CLASS_ODD_BEFORE_IPV6 = 0x20000,
    CLASS_ODD_AFTER_IPV6 = 0x40000,
    CLASS_ODD_BEFORE_WORD = 0x80000, /* the same for the word before a slash */
};

/* The classes of each byte. */
extern const uint32_t simdinet_scan_classes[256];

/*
 * The same for the bytes on both sides of an address, as terms of a sum: a rule is to be looked at
 * when the sum has its bit. A rule of two bytes has half of its bit in each of them.
 */
typedef struct simdinet_scan_neighbor {
    uint8_t before_ipv4, second_ipv4; /* the byte before the address, and the one before that */
    uint8_t after_ipv4, next_ipv4;    /* the byte after it, and the one after that */
    uint8_t before_ipv6, second_ipv6;
    uint8_t after_ipv6;
    uint8_t digit; /* 1 for decimal digits */
} simdinet_scan_neighbor;

extern const simdinet_scan_neighbor simdinet_scan_neighbors[256];

/* The bits of the sum. */
enum {
    LOOK_BEFORE = 0x01,  /* CLASS_ODD_BEFORE_IPV4, CLASS_ODD_BEFORE_IPV6 */
    LOOK_AFTER = 0x02,   /* CLASS_ODD_AFTER_IPV4, CLASS_ODD_AFTER_IPV6 */
    LOOK_WORD = 0x04,    /* IPv6: a letter, digit or _ after */
    LOOK_DEVICE = 0x08,  /* IPv4: a colon and a letter after */
    LOOK_BRACKET = 0x10, /* IPv6: "[" before, and CLASS_ODD_BEFORE_IPV6 before that */
    LOOK_KEY_GAP = 0x20, /* IPv4: CLASS_KEY_GAP before, and CLASS_KEY_NEAR before that */
    LOOK_SLASH = 0x80,   /* IPv4: a slash before, and CLASS_UNRESERVED or a backslash before that */
    LOOK_IPV4 = LOOK_BEFORE | LOOK_AFTER | LOOK_DEVICE | LOOK_KEY_GAP | LOOK_SLASH,
    LOOK_IPV6 = LOOK_BEFORE | LOOK_AFTER | LOOK_WORD | LOOK_BRACKET,
};

/* The same for an IPv4 address with such a rule to be looked at: what stands on both sides of it. */
typedef struct simdinet_scan_odd_neighbor {
    uint16_t before, second, after, next;
} simdinet_scan_odd_neighbor;

extern const simdinet_scan_odd_neighbor simdinet_scan_odd_neighbors[256];

/* The bits of its sum. */
enum {
    ODD_WORD_BEFORE = 0x0001, /* CLASS_WORD before */
    ODD_PERCENT = 0x0002,     /* "%" before */
    ODD_COLON = 0x0004,       /* a colon before */
    ODD_MARK = 0x0008,        /* "~" or "|" before */
    ODD_OPEN = 0x0010,        /* "(" before */
    ODD_IN_RUN = 0x0040,      /* a digit and a dot before */
    ODD_WORD_AFTER = 0x0080,  /* CLASS_WORD after */
    ODD_CLOSING = 0x0100,     /* ";" or ")" after */
    ODD_DOT = 0x0400,         /* a dot and a letter or a digit after */
    ODD_NAME = 0x1000,        /* ":" or "-" and a letter after */
    ODD_DASH = 0x2000,        /* "-" before */
};

/* Word lists, each ended by NULL; docs/scan.md names the rule of each. Words that match in any case
 * are written in small letters. */
extern const char *const simdinet_scan_escape_spellings[];    /* of ESC */
extern const char *const simdinet_scan_file_suffixes[];       /* after an address, rule 4 */
extern const char *const simdinet_scan_proxy_words[];         /* ends of a word, rule 13 b */
extern const char *const simdinet_scan_address_words[];       /* in any case, rule 13 d */
extern const char *const simdinet_scan_host_suffixes[];       /* rule 13 e */
extern const char *const simdinet_scan_version_keys[];        /* in any case, rule 14 */
extern const char *const simdinet_scan_browser_words[];       /* rule 15 b */
extern const char *const simdinet_scan_package_directories[]; /* rule 17 */
extern const char *const simdinet_scan_release_suffixes[];    /* in any case, rule 17 */
extern const char *const simdinet_scan_package_marks[];       /* rule 17 */
extern const char *const simdinet_scan_device_buses[];        /* in any case, rule 17 */

#endif
