/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * bench_count - runs every operation of every implementation on a small corpus under an instruction counter:
 * valgrind's callgrind, or qemu with the plugin of qemu_count.c.
 *
 * It prints one line a measurement: its number, operation/corpus/implementation, and the number of
 * addresses. Two marks delimit each measurement: for callgrind, a client request with the number; for
 * the plugin, a write to an invalid descriptor whose length encodes the number.
 */
#include "corpus.h"
#include "kernels/kernel.h"
#include "simdinet.h"
#include "simdinet_network_set.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef BENCH_CALLGRIND
#    include <valgrind/callgrind.h>
#else
#    define CALLGRIND_START_INSTRUMENTATION
#    define CALLGRIND_STOP_INSTRUMENTATION
#    define CALLGRIND_ZERO_STATS
#    define CALLGRIND_DUMP_STATS_AT(name)
#endif

/* Enough for an average; branch prediction does not matter. */
#define DISTINCT 1000

/* The matches of one call of the scan. */
#define MATCHES 512

/* The input and the output of a measurement. */
static const corpus *texts;
static char *lines, *output;
static size_t lines_size;
static int32_t *offsets;
static uint8_t *addresses, *valid, *families;
static simdinet_match *matches;
static simdinet_network_set *networks;

typedef void work_fn(void);

static int af(void) {
    return texts->family == 4 ? AF_INET : AF_INET6;
}

static const char *text_at(size_t i) {
    return texts->pool + texts->offsets[i];
}

static size_t len_at(size_t i) {
    return texts->offsets[i + 1] - texts->offsets[i] - 1;
}

static void libc_parse(void) {
    for (size_t i = 0; i < texts->count; i++)
        inet_pton(af(), text_at(i), addresses + i * texts->size);
}

static void libc_format(void) {
    for (size_t i = 0; i < texts->count; i++)
        inet_ntop(af(), texts->addresses + i * texts->size, output, 46);
}

static void parse(void) {
    bool (*one)(const char *, size_t, uint8_t *) =
        texts->family == 4 ? simdinet_parse_ipv4 : simdinet_parse_ipv6;
    for (size_t i = 0; i < texts->count; i++)
        one(text_at(i), len_at(i), addresses + i * texts->size);
}

static void format(void) {
    size_t (*one)(const uint8_t *, char *) =
        texts->family == 4 ? simdinet_format_ipv4 : simdinet_format_ipv6;
    for (size_t i = 0; i < texts->count; i++)
        one(texts->addresses + i * texts->size, output);
}

static void parse_column(void) {
    (texts->family == 4 ? simdinet_parse_ipv4_column : simdinet_parse_ipv6_column)(
        lines, offsets, texts->count, NULL, addresses, valid);
}

static void parse_lines(void) {
    size_t n, n_valid;
    (texts->family == 4 ? simdinet_parse_ipv4_lines : simdinet_parse_ipv6_lines)(
        lines, lines_size, 0, texts->count, addresses, valid, &n, &n_valid);
}

static void format_lines(void) {
    (texts->family == 4 ? simdinet_format_ipv4_lines : simdinet_format_ipv6_lines)(
        texts->addresses, texts->count, '\n', output, texts->count * 40, &lines_size);
}

static void parse_mixed_column(void) {
    simdinet_parse_mixed_column(lines, offsets, texts->count, NULL, addresses, valid, families);
}

static void parse_mixed_lines(void) {
    size_t n, n_valid;
    simdinet_parse_mixed_lines(lines, lines_size, 0, texts->count, addresses, valid, families, &n,
                               &n_valid);
}

static void format_column(void) {
    (texts->family == 4 ? simdinet_format_ipv4_column : simdinet_format_ipv6_column)(
        texts->addresses, NULL, texts->count, output, texts->count * 40, offsets);
}

static void scan(void) {
    size_t n, at = 0;
    while (at < lines_size)
        at = simdinet_scan(lines, at, lines_size, 0, matches, sizeof *matches, MATCHES, &n);
}

static void lookup(void) {
    (texts->family == 4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column)(
        networks, texts->addresses, texts->count, NULL, NULL, NULL, valid);
}

/* Of as many numbers as there are addresses. */
static void swap16(void) {
    simdinet_swap16(output, lines, texts->count);
}

static void swap32(void) {
    simdinet_swap32(output, lines, texts->count);
}

static void swap64(void) {
    simdinet_swap64(output, lines, texts->count);
}

static const struct {
    const char *name;
    work_fn *libc, *ours; /* libc: NULL if it has no such function */
    bool in_lines;
} operations[] = {
    {"parse", libc_parse, parse, false},
    {"format", libc_format, format, false},
    {"column", libc_parse, parse_column, false},
    {"column_mixed", NULL, parse_mixed_column, false},
    {"lines", libc_parse, parse_lines, true},
    {"lines_mixed", NULL, parse_mixed_lines, true},
    {"format_lines", libc_format, format_lines, false},
    {"format_column", NULL, format_column, false},
    {"scan", NULL, scan, true},
    {"lookup", NULL, lookup, false},
};

static const struct {
    const char *name;
    work_fn *work;
} swaps[] = {{"swap16", swap16}, {"swap32", swap32}, {"swap64", swap64}};

/* ---- marks ------------------------------------------------------------------------------------- */

static void mark(size_t number) {
    ssize_t failed = write(-1, "", number);
    (void)failed;
}

/* data: what the operation has worked on. */
static void measure(const char *operation, const char *data, const char *impl, work_fn *work) {
    static size_t number;
    char name[24];
    work(); /* the first call selects an implementation and binds libc's symbols */
    snprintf(name, sizeof name, "%zu", ++number);
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    mark(2 * number);
    work();
    mark(2 * number + 1);
    CALLGRIND_DUMP_STATS_AT(name);
    CALLGRIND_STOP_INSTRUMENTATION;
    printf("%zu %s/%s/%s %zu\n", number, operation, data, impl, texts->count);
}

/* ---- data -------------------------------------------------------------------------------------- */

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (memory)
        return memory;
    fputs("bench_count: out of memory\n", stderr);
    exit(2);
}

static void make_lines(bool line_ends) {
    lines_size = 0;
    for (size_t i = 0; i < texts->count; i++) {
        offsets[i] = (int32_t)lines_size;
        memcpy(lines + lines_size, text_at(i), len_at(i));
        lines_size += len_at(i);
        if (line_ends)
            lines[lines_size++] = '\n';
    }
    offsets[texts->count] = (int32_t)lines_size;
}

/* A network for each fourth address, half of them of half the bits. */
static void make_networks(const corpus *c) {
    simdinet_network *list = allocate(c->count * sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < c->valid; i += 4, n++) {
        const size_t bytes = i % 8 ? c->size : c->size / 2;
        list[n].family = (uint8_t)c->family;
        list[n].prefix_length = (uint8_t)(8 * bytes);
        memcpy(list[n].address, c->addresses + i * c->size, bytes);
    }
    simdinet_free_network_set(networks);
    if (simdinet_build_network_set(list, NULL, n, 0, NULL, &networks, NULL) != SIMDINET_SET_OK) {
        fputs("bench_count: the set of networks could not be built\n", stderr);
        exit(2);
    }
    free(list);
}

static void measure_corpus(const corpus *c) {
    texts = c;
    make_networks(c);
    for (size_t k = 0; k < sizeof operations / sizeof *operations; k++) {
        char name[32];
        snprintf(name, sizeof name, "%s_ipv%d", operations[k].name, c->family);
        if (operations[k].libc)
            measure(name, c->name, "libc", operations[k].libc);
        for (size_t i = SIMDINET_IMPLEMENTATIONS; i-- > 0;) {
            const simdinet_implementation *impl = simdinet_implementation_at(i);
            if (!impl || !simdinet_use_implementation(impl->name))
                continue;
            make_lines(operations[k].in_lines);
            measure(name, c->name, impl->name, operations[k].ours);
        }
    }
}

/* Of the bytes of one corpus. */
static void measure_swaps(void) {
    for (size_t k = 0; k < sizeof swaps / sizeof *swaps; k++) {
        for (size_t i = SIMDINET_IMPLEMENTATIONS; i-- > 0;) {
            const simdinet_implementation *impl = simdinet_implementation_at(i);
            if (impl && simdinet_use_implementation(impl->name))
                measure(swaps[k].name, "bytes", impl->name, swaps[k].work);
        }
    }
}

int main(void) {
    const size_t max = 2 * DISTINCT;
    lines = allocate(max * 100);
    output = allocate(max * 40);
    offsets = allocate((max + 1) * sizeof *offsets);
    addresses = allocate(max * 16);
    valid = allocate(max / 8 + 1);
    families = allocate(max / 8 + 1);
    matches = allocate(MATCHES * sizeof *matches);
    for (size_t kind = 0, measured = 0; kind < corpus_kinds(); kind++) {
        corpus *c = corpus_create(kind, CORPUS_SEED, DISTINCT);
        if (!c) {
            fputs("bench_count: out of memory\n", stderr);
            return 2;
        }
        if (strcmp(c->name, "random") == 0 || strcmp(c->name, "realistic") == 0) {
            measure_corpus(c);
            if (measured++ == 0)
                measure_swaps();
        }
        corpus_destroy(c);
    }
    return ferror(stdout) || fflush(stdout) ? 2 : 0;
}
