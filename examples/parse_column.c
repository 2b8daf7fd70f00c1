/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_column - a column of texts to a column of addresses, in one call.
 *
 * usage: parse_column < table.csv
 *
 * Takes the first field of every line of a comma-separated table, in place: the column is offsets
 * into the bytes that were read, as Apache Arrow has it. Says for each value that is no address which
 * byte is wrong, and why.
 */
#include <simdinet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 24 };

static char text[MAX_BYTES];

int main(void) {
    size_t size = fread(text, 1, sizeof text, stdin);
    if (ferror(stdin) || size == sizeof text) {
        fputs("parse_column: cannot read that table\n", stderr);
        return 2;
    }

    /* The fields, moved together: value i is text[offsets[i], offsets[i + 1]). */
    size_t count = 0, used = 0;
    int32_t *offsets = malloc((size + 1) * sizeof *offsets);
    if (!offsets)
        return 2;
    offsets[0] = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t line = end ? (size_t)(end - text) - at : size - at;
        const char *comma = memchr(text + at, ',', line);
        size_t field = comma ? (size_t)(comma - text) - at : line;
        memmove(text + used, text + at, field);
        used += field;
        offsets[++count] = (int32_t)used;
        at += line + 1;
    }

    uint8_t(*addresses)[16] = malloc(count * 16 + 1);
    uint8_t *valid = malloc(count / 8 + 1);
    uint8_t *families = malloc(count / 8 + 1);
    uint8_t *reasons = malloc(count + 1);
    uint32_t *places = malloc((count + 1) * sizeof *places);
    if (!addresses || !valid || !families || !reasons || !places)
        return 2;

    size_t good =
        simdinet_parse_mixed_column(text, offsets, count, NULL, addresses[0], valid, families);
    simdinet_explain_mixed_column(text, offsets, count, NULL, valid, reasons, places);

    size_t ipv6 = 0;
    for (size_t i = 0; i < count; i++) {
        ipv6 += families[i / 8] >> i % 8 & 1;
        if (reasons[i] != SIMDINET_REASON_NONE)
            printf("row %zu, byte %u: %s: %.*s\n", i + 1, (unsigned)places[i] + 1,
                   simdinet_reason_text((simdinet_reason)reasons[i]),
                   (int)(offsets[i + 1] - offsets[i]), text + offsets[i]);
    }
    printf("%zu of %zu rows are addresses, %zu of them IPv6\n", good, count, ipv6);

    free(places);
    free(reasons);
    free(families);
    free(valid);
    free(addresses);
    free(offsets);
    if (fflush(stdout) != 0 || ferror(stdout))
        return 2;
    return good == count ? 0 : 1;
}
