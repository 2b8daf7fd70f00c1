/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * dotted_run.h - what is written in place of the numbers of a dotted run that is not one address.
 *
 * Any four consecutive octets of the run may be an address. Truncated, each number loses what it loses in
 * any of these. Encrypted, a sequence of octets is divided into addresses, the last of which ends with its
 * last number; one to three numbers may be left before the first, which stay.
 */
#ifndef SIMDINET_DOTTED_RUN_H
#define SIMDINET_DOTTED_RUN_H

#include "address_rewriter.h"
#include "network_set.h"

/* The numbers of a sequence that are counted ahead. A longer one is divided from its first number on until
 * fewer are left; then up to three numbers become 0. */
enum { MAX_OCTETS_AHEAD = 32 };

/* A run that is being rewritten. */
typedef struct {
    bool active;
    bool defanged;   /* separators may be defanged */
    bool in_number;  /* of which the end was not in the text */
    size_t before;   /* how many octets precede in the sequence, 3 at most */
    uint8_t last[3]; /* the last octets */
} dotted_run;

/* What becomes of the next bytes of a run. */
typedef struct {
    size_t kept;     /* bytes that are copied as they are */
    size_t replaced; /* bytes after them that text is written in place of */
    char text[MAX_REWRITTEN];
    size_t len;
    bool has_match;       /* an address begins here: */
    simdinet_match match; /* its old bytes */
    uint8_t address[16];  /* and its new ones */
} dotted_step;

/* Whether a match is in a run that dotted_run_next rewrites. */
static inline bool is_in_dotted_run(const simdinet_match *match) {
    return match->family == 4 && match->flags & SIMDINET_MATCH_DOUBTFUL &&
           (match->rule == SIMDINET_RULE_DOTTED_RUN || match->rule == SIMDINET_RULE_INVALID_IPV4);
}

/* The run that begins with the first number of a match. */
dotted_run dotted_run_begin(const simdinet_match *match);

/*
 * The next step of an active run, of which text[at, len) is what follows; SIMDINET_SCAN_CONTEXT bytes of it,
 * SIMDINET_SCAN_DEFANGED_CONTEXT of a defanged one, or all up to a line feed. Clears active at the end of
 * the run. False: libcrypto failed.
 */
bool dotted_run_next(dotted_run *run, address_rewriter *rewriter, const rewrite_config *config,
                     const address_filter *filter, const char *text, size_t len, size_t at,
                     dotted_step *step);

/* How many bytes dotted_run_truncate takes at once, and the most that it writes. */
enum { DOTTED_RUN_TRUNCATED = 256, DOTTED_RUN_ROOM = DOTTED_RUN_TRUNCATED + 8 };

/*
 * The same for the octets that follow at text[*at, end), as far as it is quick: where an address loses what the
 * mask lacks, there is no filter, and the text does not end soon. Moves *at; dotted_run_next goes on from there.
 */
char *dotted_run_truncate(dotted_run *run, const uint8_t mask[4], const char *text, size_t len,
                          size_t *at, size_t end, char *to);

#endif
