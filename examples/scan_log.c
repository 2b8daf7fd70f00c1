/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_log - finds the addresses in a stream of any length with a buffer of 64 KiB.
 *
 * usage: PROGRAM | scan_log
 *
 * Prints the offset of each address in the stream and its canonical form. The results do not depend
 * on how the stream is split into reads: an address across two reads is found in the second.
 */
#include <simdinet.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 65536, BATCH = 256 };

int main(void) {
    static char buffer[BUFFER_SIZE];
    simdinet_match matches[BATCH];
    unsigned long long before = 0; /* bytes of the stream before the buffer */
    size_t start = 0, end = 0;     /* buffer[0, start) is scanned, buffer[start, end) is not */

    for (bool more = true; more || start < end;) {
        if (more) {
            ssize_t got = read(STDIN_FILENO, buffer + end, sizeof buffer - end);
            if (got < 0) {
                perror("scan_log");
                return 2;
            }
            more = got > 0;
            end += (size_t)got;
        }

        size_t n;
        do {
            start = simdinet_scan(buffer, start, end, more ? SIMDINET_SCAN_PARTIAL : 0, matches,
                                  sizeof(simdinet_match), BATCH, &n);
            for (size_t i = 0; i < n; i++) {
                char text[SIMDINET_IPV6_TEXT_SIZE];
                if (matches[i].family == 4)
                    simdinet_format_ipv4(matches[i].address, text);
                else
                    simdinet_format_ipv6(matches[i].address, text);
                printf("%llu %s\n", before + matches[i].offset, text);
            }
        } while (n == BATCH);

        /* Discard what is scanned, except the left context of the next match. */
        size_t discard = start > SIMDINET_SCAN_CONTEXT ? start - SIMDINET_SCAN_CONTEXT : 0;
        memmove(buffer, buffer + discard, end - discard);
        before += discard;
        start -= discard;
        end -= discard;
    }
    return fflush(stdout) != 0 || ferror(stdout) ? 2 : 0;
}
