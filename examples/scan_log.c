/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_log - every address of a stream of any length, with 64 KB of memory.
 *
 * usage: some program | scan_log
 *
 * Prints the place of each address in the stream, and the address in its one canonical spelling. The
 * answers do not depend on how the stream comes in pieces: a match that a piece cuts is found when
 * the next one is there.
 */
#include <simdinet.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 65536, BATCH = 256 };

int main(void) {
    static char buffer[ROOM];
    simdinet_match matches[BATCH];
    unsigned long long before = 0; /* bytes of the stream that have left the buffer */
    size_t start = 0, end = 0;     /* buffer[0, start) was scanned, buffer[start, end) was not */

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

        size_t count;
        do {
            start = simdinet_scan(buffer, start, end, more ? SIMDINET_SCAN_PARTIAL : 0, matches,
                                  sizeof(simdinet_match), BATCH, &count);
            for (size_t i = 0; i < count; i++) {
                char text[SIMDINET_IPV6_TEXT_SIZE];
                if (matches[i].family == 4)
                    simdinet_format_ipv4(matches[i].address, text);
                else
                    simdinet_format_ipv6(matches[i].address, text);
                printf("%llu %s\n", before + matches[i].offset, text);
            }
        } while (count == BATCH);

        /* What was scanned goes, but for the neighbourhood that the next match is judged by. */
        size_t gone = start > SIMDINET_SCAN_CONTEXT ? start - SIMDINET_SCAN_CONTEXT : 0;
        memmove(buffer, buffer + gone, end - gone);
        before += gone;
        start -= gone;
        end -= gone;
    }
    return fflush(stdout) != 0 || ferror(stdout) ? 2 : 0;
}
