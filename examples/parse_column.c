/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_column - parses a column of strings to a column of addresses with one call.
 *
 * usage: parse_column < table.csv
 *
 * The column is the first field of each line, as an Apache Arrow string array: offsets into the
 * text. For each value that is not an address it prints the offending byte and the reason.
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
        fputs("parse_column: cannot read the table\n", stderr);
        return 2;
    }

    /* Make the fields contiguous: value i is text[offsets[i], offsets[i + 1]). */
    size_t n = 0, used = 0;
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
        offsets[++n] = (int32_t)used;
        at += line + 1;
    }

    uint8_t(*addresses)[16] = malloc(n * 16 + 1);
    uint8_t *validity = malloc(n / 8 + 1);
    uint8_t *families = malloc(n / 8 + 1);
    uint8_t *reasons = malloc(n + 1);
    uint32_t *positions = malloc((n + 1) * sizeof *positions);
    if (!addresses || !validity || !families || !reasons || !positions)
        return 2;

    size_t n_valid =
        simdinet_parse_mixed_column(text, offsets, n, NULL, addresses[0], validity, families);
    simdinet_explain_mixed_column(text, offsets, n, NULL, validity, reasons, positions);

    size_t ipv6 = 0;
    for (size_t i = 0; i < n; i++) {
        ipv6 += families[i / 8] >> i % 8 & 1;
        if (reasons[i] != SIMDINET_REASON_NONE)
            printf("row %zu, byte %u: %s: %.*s\n", i + 1, (unsigned)positions[i] + 1,
                   simdinet_reason_text((simdinet_reason)reasons[i]),
                   (int)(offsets[i + 1] - offsets[i]), text + offsets[i]);
    }
    printf("%zu of %zu rows are addresses, %zu of them IPv6\n", n_valid, n, ipv6);

    free(positions);
    free(reasons);
    free(families);
    free(validity);
    free(addresses);
    free(offsets);
    if (fflush(stdout) != 0 || ferror(stdout))
        return 2;
    return n_valid == n ? 0 : 1;
}
