/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_column.c - section "columns: bytes to text".
 *
 * A kernel formats values of one family, none of them null, into a buffer of the maximum size for
 * them. This file cuts mixed columns and columns with nulls into such runs, and each run into
 * chunks whose maximum size fits: the space that short addresses leave is used again until less
 * than the longest text is left.
 */
#include <limits.h>
#include <string.h>

#include "block.h"
#include "kernels/kernel.h"
#include "simdinet.h"

enum { IPV4_SIZE = 4, IPV6_SIZE = 16 };

static size_t min_size(size_t a, size_t b) {
    return a < b ? a : b;
}

/*
 * The longest run, and the longest run of IPv4 addresses of a mixed column, which are gathered
 * first. The bound keeps many calls with small buffers linear: without it each would search the
 * bitmaps up to the end of the column.
 */
enum { MAX_RUN = 4096, MAX_GATHERED = 64 };

/* The end of the run of equal bits that starts at i: at most n, and at most max_len bits on. */
static size_t run_end(const uint8_t *bits, size_t i, size_t n, size_t max_len) {
    n = i + min_size(n - i, max_len);
    unsigned same = bitmap_test(bits, i) ? 0xff : 0;
    for (; i < n; i = (i | 7) + 1)
        for (unsigned other = (bits[i / 8] ^ same) >> i % 8; other; other >>= 1, i++)
            if (other & 1)
                return i < n ? i : n;
    return n;
}

/* How many of n values of at most max_size bytes fit in space. Usually all, without a division. */
static size_t values_that_fit(size_t n, size_t space, size_t max_size) {
    return n <= SIZE_MAX / 64 && n * max_size <= space ? n : min_size(n, space / max_size);
}

/* Copies the last 4 of the 16 bytes of n addresses. */
static void gather_ipv4(uint8_t *to, const uint8_t *addresses, size_t n) {
    for (size_t i = 0; i < n; i++)
        memcpy(to + IPV4_SIZE * i, addresses + IPV6_SIZE * i + 12, IPV4_SIZE);
}

/* ---- lines ----------------------------------------------------------------------------------- */

typedef struct {
    const simdinet_implementation *impl; /* the same for the whole call */
    char *text;
    size_t size;
    size_t used;
    char separator;
} lines_output;

/* Writes as many of n addresses of one family as fit, and returns how many. */
static size_t put_lines(lines_output *to, simdinet_format_lines_fn *format,
                        const uint8_t *addresses, size_t n, size_t address_bytes, size_t max_size) {
    size_t done = 0, fit;
    while ((fit = values_that_fit(n - done, to->size - to->used, max_size)) > 0) {
        to->used +=
            format(addresses + address_bytes * done, fit, to->separator, to->text + to->used);
        done += fit;
    }
    return done;
}

static size_t put_ipv4_lines(lines_output *to, const uint8_t *addresses, size_t n) {
    return put_lines(to, to->impl->format_ipv4_lines, addresses, n, IPV4_SIZE,
                     SIMDINET_IPV4_LINES_SIZE(1));
}

static size_t put_ipv6_lines(lines_output *to, const uint8_t *addresses, size_t n) {
    return put_lines(to, to->impl->format_ipv6_lines, addresses, n, IPV6_SIZE,
                     SIMDINET_IPV6_LINES_SIZE(1));
}

size_t simdinet_format_ipv4_lines(const uint8_t *addresses, size_t n, char separator, char *text,
                                  size_t size, size_t *len) {
    lines_output to = {simdinet_implementation_active(), text, size, 0, separator};
    size_t done = put_ipv4_lines(&to, addresses, n);
    *len = to.used;
    return done;
}

size_t simdinet_format_ipv6_lines(const uint8_t *addresses, size_t n, char separator, char *text,
                                  size_t size, size_t *len) {
    lines_output to = {simdinet_implementation_active(), text, size, 0, separator};
    size_t done = put_ipv6_lines(&to, addresses, n);
    *len = to.used;
    return done;
}

size_t simdinet_format_mixed_lines(const uint8_t *addresses, const uint8_t *families, size_t n,
                                   char separator, char *text, size_t size, size_t *len) {
    lines_output to = {simdinet_implementation_active(), text, size, 0, separator};
    uint8_t gathered[MAX_GATHERED * IPV4_SIZE];
    size_t done = 0, run_stop = 0;
    while (done == run_stop && done < n) {
        const uint8_t *from = addresses + IPV6_SIZE * done;
        bool ipv6 = bitmap_test(families, done);
        size_t run = run_end(families, done, n, ipv6 ? MAX_RUN : MAX_GATHERED) - done;
        run_stop = done + run;
        if (ipv6) {
            done += put_ipv6_lines(&to, from, run);
        } else {
            gather_ipv4(gathered, from, run);
            done += put_ipv4_lines(&to, gathered, run);
        }
    }
    *len = to.used;
    return done;
}

/* ---- columns --------------------------------------------------------------------------------- */

typedef struct {
    const simdinet_implementation *impl; /* the same for the whole call */
    char *text;
    size_t size;
    int32_t *offsets; /* of the next value: offsets[0] is its start, offsets[1] is not set yet */
} column_output;

/* Writes as many of n addresses of one family as fit, and returns how many. */
static size_t put_column(column_output *to, simdinet_format_column_fn *format,
                         const uint8_t *addresses, size_t n, size_t address_bytes,
                         size_t max_size) {
    size_t done = 0, fit;
    while ((fit = values_that_fit(n - done, to->size - (size_t)*to->offsets, max_size)) > 0) {
        format(addresses + address_bytes * done, fit, to->text, to->offsets);
        to->offsets += fit;
        done += fit;
    }
    return done;
}

static size_t put_ipv4_column(column_output *to, const uint8_t *addresses, size_t n) {
    return put_column(to, to->impl->format_ipv4_column, addresses, n, IPV4_SIZE,
                      SIMDINET_IPV4_COLUMN_SIZE(1));
}

static size_t put_ipv6_column(column_output *to, const uint8_t *addresses, size_t n) {
    return put_column(to, to->impl->format_ipv6_column, addresses, n, IPV6_SIZE,
                      SIMDINET_IPV6_COLUMN_SIZE(1));
}

static size_t put_mixed_column(column_output *to, const uint8_t *addresses, const uint8_t *families,
                               size_t begin, size_t n) {
    uint8_t gathered[MAX_GATHERED * IPV4_SIZE];
    size_t done = begin, run_stop = begin;
    while (done == run_stop && done < n) {
        const uint8_t *from = addresses + IPV6_SIZE * done;
        bool ipv6 = bitmap_test(families, done);
        size_t run = run_end(families, done, n, ipv6 ? MAX_RUN : MAX_GATHERED) - done;
        run_stop = done + run;
        if (ipv6) {
            done += put_ipv6_column(to, from, run);
        } else {
            gather_ipv4(gathered, from, run);
            done += put_ipv4_column(to, gathered, run);
        }
    }
    return done - begin;
}

/* One of the three above for values [begin, end), none of them null. */
static size_t put_values(column_output *to, const uint8_t *addresses, size_t address_bytes,
                         const uint8_t *families, size_t begin, size_t end) {
    if (families)
        return put_mixed_column(to, addresses, families, begin, end);
    addresses += address_bytes * begin;
    return address_bytes == IPV4_SIZE ? put_ipv4_column(to, addresses, end - begin)
                                      : put_ipv6_column(to, addresses, end - begin);
}

static size_t format_column(const uint8_t *addresses, size_t address_bytes, const uint8_t *families,
                            const uint8_t *validity, size_t n, char *text, size_t size,
                            int32_t *offsets) {
    column_output to = {simdinet_implementation_active(), text, min_size(size, INT32_MAX), offsets};
    if (n == 0 && !offsets)
        return 0;
    *offsets = 0;
    size_t done = 0, run_stop = 0;
    while (done == run_stop && done < n) {
        run_stop = validity ? run_end(validity, done, n, MAX_RUN) : n;
        if (!validity || bitmap_test(validity, done)) {
            done += put_values(&to, addresses, address_bytes, families, done, run_stop);
        } else {
            for (; done < run_stop; done++, to.offsets++)
                to.offsets[1] = to.offsets[0];
        }
    }
    return done;
}

size_t simdinet_format_ipv4_column(const uint8_t *addresses, const uint8_t *validity, size_t n,
                                   char *text, size_t size, int32_t *offsets) {
    return format_column(addresses, IPV4_SIZE, NULL, validity, n, text, size, offsets);
}

size_t simdinet_format_ipv6_column(const uint8_t *addresses, const uint8_t *validity, size_t n,
                                   char *text, size_t size, int32_t *offsets) {
    return format_column(addresses, IPV6_SIZE, NULL, validity, n, text, size, offsets);
}

size_t simdinet_format_mixed_column(const uint8_t *addresses, const uint8_t *families,
                                    const uint8_t *validity, size_t n, char *text, size_t size,
                                    int32_t *offsets) {
    return format_column(addresses, IPV6_SIZE, families, validity, n, text, size, offsets);
}
