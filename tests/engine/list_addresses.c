/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * list_addresses - what simdinet anonymize is to replace in standard input, by the slow reference of the
 * scan: a line "OFFSET LENGTH FAMILY DOUBTFUL RULE ADDRESS" each.
 */
#include "scan_expected.h"
#include "simdinet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

static char *read_all(size_t *len) {
    size_t size = 1 << 16, got;
    char *text = malloc(size);
    *len = 0;
    while (text && (got = fread(text + *len, 1, size - *len, stdin)) > 0) {
        *len += got;
        if (*len == size)
            text = realloc(text, size *= 2);
    }
    return text;
}

int main(void) {
    const unsigned flags = SIMDINET_SCAN_RECALL | SIMDINET_SCAN_EUI64;
    size_t len;
    char *text = read_all(&len);
    if (!text)
        return 1;
    const size_t n = scan_expected(text, len, flags, NULL, 0);
    simdinet_match *matches = malloc((n + 1) * sizeof *matches);
    if (!matches)
        return 1;
    scan_expected(text, len, flags, matches, n);
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *m = &matches[i];
        char address[INET6_ADDRSTRLEN];
        if (!inet_ntop(m->family == 4 ? AF_INET : AF_INET6, m->address, address, sizeof address))
            return 1;
        printf("%zu %u %u %d %s %s\n", m->offset, m->length, m->family,
               (m->flags & SIMDINET_MATCH_DOUBTFUL) != 0,
               simdinet_scan_rule_name((simdinet_scan_rule)m->rule), address);
    }
    free(matches);
    free(text);
    return 0;
}
