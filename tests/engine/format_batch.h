/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_batch.h - batches of addresses with the texts of libc, and the calls that must give those
 * texts, for the tests of columns and lines.
 */
#ifndef FORMAT_BATCH_H
#define FORMAT_BATCH_H

#include "harness/columns.h"
#include "harness/support.h"

/* Rows, and libc's text of each. */
typedef struct {
    kind kind;
    size_t n;
    size_t address_size;
    uint8_t *addresses;
    uint8_t *families;
    uint8_t *validity;
    uint8_t *lengths; /* of the texts */
    char (*texts)[SIMDINET_IPV6_TEXT_SIZE];
} batch;

/* Zeroed memory for free(). Fails the test where there is none. */
void *allocate(size_t size);

/* All addresses are ::, without their texts. */
batch batch_new(kind k, size_t n);
void batch_free(batch *b);

/* Sets the text of row i from its address. */
void batch_expect(batch *b, size_t i);

/* Random rows, of which nulls in 100 are null. */
batch batch_random(prng *random, kind k, size_t n, unsigned nulls);

/* The capacity that is always enough. */
size_t lines_size(kind k, size_t n);
size_t column_size(kind k, size_t n);

/* Whether exactly the rows that fit into size were written, each with its text. */
bool lines_match(const batch *b, char separator, const char *text, size_t size, size_t done,
                 size_t len);
bool column_matches(const batch *b, bool nulls, const char *text, size_t size, size_t done,
                    const int32_t *offsets);

#endif
