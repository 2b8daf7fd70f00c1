/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * column_format.c - section "columns: bytes to text".
 *
 * The kernels write rows of one family, none of them null, into a buffer that is surely large enough.
 * What is mixed, null or short of room is cut here into such runs: as many rows as are sure to fit,
 * and again with the room that they have left, as long as one more is sure to fit.
 */
#include <limits.h>
#include <string.h>

#include "block.h"
#include "kernels/kernel.h"
#include "simdinet.h"

enum { IPV4_SIZE = 4, IPV6_SIZE = 16 };

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/*
 * As many rows of a run as are taken at once, and as many IPv4 addresses of a mixed one as are
 * gathered. No run is searched further: else a call with little room, one of many for a column, would
 * look through all that is left of it.
 */
enum { TAKEN = 4096, GATHERED = 64 };

/* Where the equal bits that begin at i end, n at most, and no more than so many of them. */
static size_t run_end(const uint8_t *bits, size_t i, size_t n, size_t most) {
    n = i + smaller(n - i, most);
    unsigned same = bit_at(bits, i) ? 0xff : 0;
    for (; i < n; i = (i | 7) + 1)
        for (unsigned other = (bits[i / 8] ^ same) >> i % 8; other; other >>= 1, i++)
            if (other & 1)
                return i < n ? i : n;
    return n;
}

/* How many rows of at most worst bytes fit for sure. Most often that is all, with no division. */
static size_t rows_that_fit(size_t n, size_t room, size_t worst) {
    return n <= SIZE_MAX / 64 && n * worst <= room ? n : smaller(n, room / worst);
}

/* The last four bytes of n addresses of sixteen, side by side. */
static void gather_ipv4(uint8_t *to, const uint8_t *addresses, size_t n) {
    for (size_t i = 0; i < n; i++)
        memcpy(to + IPV4_SIZE * i, addresses + IPV6_SIZE * i + 12, IPV4_SIZE);
}

/* ---- lines -------------------------------------------------------------------------------------- */

typedef struct {
    const simdinet_implementation *impl; /* of the whole call */
    char *text;
    size_t size;
    size_t used;
    char separator;
} lines;

/* Writes what fits of n addresses of one family; returns how many. */
static size_t put_lines(lines *to, simdinet_format_lines_fn *format, const uint8_t *addresses,
                        size_t n, size_t address_size, size_t worst) {
    size_t done = 0, fit;
    while ((fit = rows_that_fit(n - done, to->size - to->used, worst)) > 0) {
        to->used +=
            format(addresses + address_size * done, fit, to->separator, to->text + to->used);
        done += fit;
    }
    return done;
}

static size_t put_ipv4_lines(lines *to, const uint8_t *addresses, size_t n) {
    return put_lines(to, to->impl->format_ipv4_lines, addresses, n, IPV4_SIZE,
                     SIMDINET_IPV4_LINES_SIZE(1));
}

static size_t put_ipv6_lines(lines *to, const uint8_t *addresses, size_t n) {
    return put_lines(to, to->impl->format_ipv6_lines, addresses, n, IPV6_SIZE,
                     SIMDINET_IPV6_LINES_SIZE(1));
}

size_t simdinet_format_ipv4_lines(const uint8_t *addresses, size_t n, char separator, char *text,
                                  size_t size, size_t *len) {
    lines to = {simdinet_implementation_active(), text, size, 0, separator};
    size_t done = put_ipv4_lines(&to, addresses, n);
    *len = to.used;
    return done;
}

size_t simdinet_format_ipv6_lines(const uint8_t *addresses, size_t n, char separator, char *text,
                                  size_t size, size_t *len) {
    lines to = {simdinet_implementation_active(), text, size, 0, separator};
    size_t done = put_ipv6_lines(&to, addresses, n);
    *len = to.used;
    return done;
}

size_t simdinet_format_mixed_lines(const uint8_t *addresses, const uint8_t *families, size_t n,
                                   char separator, char *text, size_t size, size_t *len) {
    lines to = {simdinet_implementation_active(), text, size, 0, separator};
    uint8_t gathered[GATHERED * IPV4_SIZE];
    size_t done = 0, wanted = 0;
    while (done == wanted && done < n) {
        const uint8_t *from = addresses + IPV6_SIZE * done;
        bool ipv6 = bit_at(families, done);
        size_t run = run_end(families, done, n, ipv6 ? TAKEN : GATHERED) - done;
        wanted = done + run;
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

/* ---- columns ------------------------------------------------------------------------------------ */

typedef struct {
    const simdinet_implementation *impl; /* of the whole call */
    char *text;
    size_t size;
    int32_t *offsets; /* of the next row; the first of them is set */
} column;

/* Writes what fits of n addresses of one family; returns how many. */
static size_t put_column(column *to, simdinet_format_column_fn *format, const uint8_t *addresses,
                         size_t n, size_t address_size, size_t worst) {
    size_t done = 0, fit;
    while ((fit = rows_that_fit(n - done, to->size - (size_t)*to->offsets, worst)) > 0) {
        format(addresses + address_size * done, fit, to->text, to->offsets);
        to->offsets += fit;
        done += fit;
    }
    return done;
}

static size_t put_ipv4_column(column *to, const uint8_t *addresses, size_t n) {
    return put_column(to, to->impl->format_ipv4_column, addresses, n, IPV4_SIZE,
                      SIMDINET_IPV4_COLUMN_SIZE(1));
}

static size_t put_ipv6_column(column *to, const uint8_t *addresses, size_t n) {
    return put_column(to, to->impl->format_ipv6_column, addresses, n, IPV6_SIZE,
                      SIMDINET_IPV6_COLUMN_SIZE(1));
}

static size_t put_mixed_column(column *to, const uint8_t *addresses, const uint8_t *families,
                               size_t begin, size_t n) {
    uint8_t gathered[GATHERED * IPV4_SIZE];
    size_t done = begin, wanted = begin;
    while (done == wanted && done < n) {
        const uint8_t *from = addresses + IPV6_SIZE * done;
        bool ipv6 = bit_at(families, done);
        size_t run = run_end(families, done, n, ipv6 ? TAKEN : GATHERED) - done;
        wanted = done + run;
        if (ipv6) {
            done += put_ipv6_column(to, from, run);
        } else {
            gather_ipv4(gathered, from, run);
            done += put_ipv4_column(to, gathered, run);
        }
    }
    return done - begin;
}

/* One of the three above, for rows [begin, end), of which none is null. */
static size_t put_rows(column *to, const uint8_t *addresses, size_t address_size,
                       const uint8_t *families, size_t begin, size_t end) {
    if (families)
        return put_mixed_column(to, addresses, families, begin, end);
    addresses += address_size * begin;
    return address_size == IPV4_SIZE ? put_ipv4_column(to, addresses, end - begin)
                                     : put_ipv6_column(to, addresses, end - begin);
}

static size_t format_column(const uint8_t *addresses, size_t address_size, const uint8_t *families,
                            const uint8_t *validity, size_t n, char *text, size_t size,
                            int32_t *offsets) {
    column to = {simdinet_implementation_active(), text, smaller(size, INT32_MAX), offsets};
    if (n == 0 && !offsets)
        return 0;
    *offsets = 0;
    size_t done = 0, wanted = 0;
    while (done == wanted && done < n) {
        wanted = validity ? run_end(validity, done, n, TAKEN) : n;
        if (!validity || bit_at(validity, done)) {
            done += put_rows(&to, addresses, address_size, families, done, wanted);
        } else {
            for (; done < wanted; done++, to.offsets++)
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
