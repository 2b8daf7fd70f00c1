/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * exhaustive - complete domains, on every implementation:
 *   - every IPv4 address: to text, equal to the scalar implementation's text, and back;
 *   - the same in batches, as lines and as a column, compared with text made without the library;
 *   - every string over an alphabet up to a length, as nine streams whose results hash to the
 *     values of
 *     glibc 2.36 on x86-64.
 *
 *     exhaustive [--quick | --full]
 *
 * Without --full one address in 257, and the streams that take one or two seconds; fewer with
 * --quick, for sanitizers and emulators, which are 10 to 50 times slower.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/lines.h"
#include "harness/support.h"
#include "simdinet.h"
#include "simdinet_socket.h"

/* ---- streams --------------------------------------------------------------------------------- */

typedef enum function { PTON4, PTON6, ATON } function;

typedef struct stream {
    function function;
    const char *alphabet;
    unsigned max_len;
    uint64_t strings, accepted, hash;
} stream;

/*
 * Depth first over all strings of length 0 to max_len, a string before its extensions. Each result
 * adds its bytes, if any, and then its return value plus 7 to a 64-bit FNV-1a hash.
 */
static const stream streams[] = {
    {PTON6, "1:", 18, 524287, 12203, 0xd0c5323dfd728097},
    {ATON, "0123456789abcdefx.X \t\n-+", 5, 8308825, 866156, 0x805deb4fb9777474},
    {PTON4, "0123456789. :/x", 6, 12204241, 0, 0xdcd8a03427115a7c},
    {PTON6, "0123456789abcdefABCDEF:.%/ gG", 5, 21243690, 45057, 0xcaf645732f1d71a8},
    {PTON6, "01f:.g9", 9, 47079208, 208810, 0x753ee593dec7c07f},
    {PTON4, "0125689.x", 8, 48427561, 60025, 0x534e432e32880295},
    {ATON, "01789xf. ", 8, 48427561, 7683527, 0x1b7447d6dd65dce3},
    {PTON4, "012569.", 10, 329554457, 1671408, 0x1345e01bbdf31d14},
    {PTON6, "0f:.", 14, 357913941, 610282, 0x3b96a0f0b22b2966},
};

enum { STREAMS = sizeof streams / sizeof streams[0] };

/* The size of a run: streams of up to max_strings strings, and one address in step. */
typedef struct effort {
    const char *option;
    uint64_t max_strings;
    uint64_t step; /* odd, so that the sample has every value of every octet */
} effort;

static const effort efforts[] = {
    {"", 25000000, 257}, {"--quick", 10000000, 4097}, {"--full", UINT64_MAX, 1}};

static const char *const function_names[] = {"inet_pton4", "inet_pton6", "inet_aton"};

typedef struct enumeration {
    const stream *stream;
    const simdinet_implementation *impl;
    uint64_t strings, accepted, hash;
    uint64_t disagreements; /* between the form with a length and the one with a NUL */
    char text[24];
} enumeration;

static void add(enumeration *w, unsigned byte) {
    w->hash = (w->hash ^ byte) * 1099511628211u;
}

static void check_text(enumeration *w, size_t len) {
    uint8_t out[16], out_z[16];
    family f = w->stream->function == PTON6 ? IPV6 : IPV4;
    size_t size = address_size(f);
    bool accepted;
    if (w->stream->function == ATON) {
        accepted = simdinet_inet_aton(w->text, (struct in_addr *)(void *)out);
    } else {
        accepted = parser_of(w->impl, f)(w->text, len, out);
        bool accepted_z = parser_z_of(w->impl, f)(w->text, out_z);
        w->disagreements += accepted != accepted_z || (accepted && memcmp(out, out_z, size) != 0);
    }
    w->strings++;
    w->accepted += accepted;
    for (size_t i = 0; accepted && i < size; i++)
        add(w, out[i]);
    add(w, accepted + 7u);
}

static void descend(enumeration *w, unsigned depth) {
    w->text[depth] = '\0';
    check_text(w, depth);
    if (depth == w->stream->max_len)
        return;
    for (const char *c = w->stream->alphabet; *c; c++) {
        w->text[depth] = *c;
        descend(w, depth + 1);
    }
}

/* ---- every IPv4 address, alone --------------------------------------------------------------- */

/* Counts the addresses from first up to limit that do not round-trip, or whose text differs from
 * scalar's. */
static uint64_t round_trips(const simdinet_implementation *impl, uint64_t first, uint64_t limit,
                            uint64_t step) {
    uint64_t wrong = 0;
    for (uint64_t i = first; i < limit; i += step) {
        uint8_t address[4] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8),
                              (uint8_t)i};
        uint8_t back[4], back_z[4];
        char text[SIMDINET_IPV4_TEXT_SIZE] = {0}, scalar[SIMDINET_IPV4_TEXT_SIZE] = {0};
        size_t len = impl->format_ipv4(address, text);
        simdinet_implementation_scalar.format_ipv4(address, scalar);
        bool ok = memcmp(text, scalar, sizeof text) == 0 && text[len] == '\0' &&
                  impl->parse_ipv4(text, len, back) && memcmp(back, address, 4) == 0 &&
                  impl->parse_ipv4_z(text, back_z) && memcmp(back_z, address, 4) == 0;
        if (!ok && wrong++ == 0)
            fprintf(stderr, "implementation %s: %u.%u.%u.%u: \"%s\", \"%s\" by scalar\n",
                    impl->name, address[0], address[1], address[2], address[3], text, scalar);
    }
    return wrong;
}

/* ---- every IPv4 address, in batches ---------------------------------------------------------- */

/* A batch fits into the caches. */
enum { BATCH = 4096 };

typedef struct batch {
    size_t count;
    uint8_t addresses[4 * BATCH], back[4 * BATCH], valid[BATCH / 8];
    /* The expected output, and the output. */
    size_t lines_size;
    char lines[16 * BATCH], column[15 * BATCH + 1], text[16 * BATCH];
    int32_t offsets[BATCH + 1], ends[BATCH + 1];
} batch;

/* The decimal texts of the octets, each with a dot after it. */
static struct {
    char text[4];
    uint8_t size;
} octets[256];

static void make_octets(void) {
    for (unsigned i = 0; i < 256; i++) {
        char text[8];
        octets[i].size = (uint8_t)sprintf(text, "%u.", i);
        memcpy(octets[i].text, text, sizeof octets[i].text);
    }
}

/* Fills in the addresses first, first + step, ... below limit, BATCH at most, and their texts. */
static void fill_batch(batch *b, uint64_t first, uint64_t limit, uint64_t step) {
    char *line = b->lines, *p = b->column;
    size_t n = 0;
    for (uint64_t i = first; i < limit && n < BATCH; i += step, n++) {
        const char *start = p;
        for (unsigned k = 0; k < 4; k++) {
            uint8_t octet = b->addresses[4 * n + k] = (uint8_t)(i >> (24 - 8 * k));
            memcpy(p, octets[octet].text, 4);
            p += octets[octet].size;
        }
        p--; /* the last dot */
        memcpy(line, start, 16);
        line += p - start;
        *line++ = '\n';
        b->offsets[n + 1] = (int32_t)(p - b->column);
    }
    b->count = n;
    b->lines_size = (size_t)(line - b->lines);
}

/* Whether the parsed addresses are those of the batch; clears them for the next parser. */
static bool check_and_clear(batch *b) {
    bool same = memcmp(b->back, b->addresses, 4 * b->count) == 0;
    memset(b->back, 0xa5, 4 * b->count);
    return same;
}

static bool formats_lines(const simdinet_implementation *impl, batch *b) {
    return impl->format_ipv4_lines(b->addresses, b->count, '\n', b->text) == b->lines_size &&
           memcmp(b->text, b->lines, b->lines_size) == 0;
}

static bool formats_column(const simdinet_implementation *impl, batch *b) {
    impl->format_ipv4_column(b->addresses, b->count, b->text, b->ends);
    return memcmp(b->ends, b->offsets, (b->count + 1) * sizeof *b->ends) == 0 &&
           memcmp(b->text, b->column, (size_t)b->offsets[b->count]) == 0;
}

/* The public function, with the active implementation. */
static bool parses_lines(const simdinet_implementation *impl, batch *b) {
    (void)impl;
    memset(b->valid, 0, sizeof b->valid);
    lines_result done = parse_ipv4_lines(b->lines, b->lines_size, 0, BATCH, b->back, b->valid);
    bool ok = done.n == b->count && done.n_valid == b->count && done.consumed == b->lines_size;
    for (size_t i = 0; i < b->count; i += 8)
        ok &= b->valid[i / 8] == (b->count - i < 8 ? 0xff >> (8 - (b->count - i)) : 0xff);
    return check_and_clear(b) && ok;
}

/* Up to a block of texts, from the index-th address on; their number if all are valid, or else
 * 0. */
static size_t parse_block_at(const simdinet_implementation *impl, batch *b, size_t index,
                             const char *base, const int32_t *begin, const int32_t *end,
                             size_t count) {
    uint64_t all = UINT64_MAX >> (SIMDINET_BLOCK - count);
    return impl->parse_ipv4_block(base, begin, end, count, b->back + 4 * index) == all ? count : 0;
}

static bool parses_column(const simdinet_implementation *impl, batch *b) {
    size_t i = 0, parsed = 1;
    for (; i < b->count && parsed; i += parsed) {
        const size_t left = b->count - i, size = left < SIMDINET_BLOCK ? left : SIMDINET_BLOCK;
        parsed = parse_block_at(impl, b, i, b->column, b->offsets + i, b->offsets + i + 1, size);
    }
    return check_and_clear(b) && parsed;
}

/* find_lines and parse_ipv4_block: the path for invalid lines in implementations that parse runs of
 * valid ones. */
static bool finds_lines(const simdinet_implementation *impl, batch *b) {
    int32_t begin[SIMDINET_FIND_LINES_SIZE], end[SIMDINET_FIND_LINES_SIZE];
    size_t i = 0, at = 0, parsed = 1;
    for (; i < b->count && parsed; i += parsed) {
        size_t consumed;
        const size_t left = b->count - i;
        parsed = impl->find_lines(b->lines + at, b->lines_size - at, SIMDINET_BLOCK, begin, end,
                                  &consumed);
        if (parsed > left || (parsed < left && parsed < SIMDINET_BLOCK))
            parsed = 0;
        if (parsed)
            parsed = parse_block_at(impl, b, i, b->lines + at, begin, end, parsed);
        at += consumed;
    }
    return check_and_clear(b) && parsed && at == b->lines_size;
}

static const struct {
    const char *what;
    bool (*matches)(const simdinet_implementation *impl, batch *b);
} batch_checks[] = {{"to lines", formats_lines},
                    {"to a column", formats_column},
                    {"from lines", parses_lines},
                    {"from a column", parses_column},
                    {"from lines that are found", finds_lines}};

/* Counts the batches from first up to limit that are wrong in size way. */
static uint64_t batches(const simdinet_implementation *impl, uint64_t first, uint64_t limit,
                        uint64_t step) {
    uint64_t wrong = 0;
    batch *b = calloc(1, sizeof *b);
    if (!b)
        abort();
    for (uint64_t i = first; i < limit; i += BATCH * step) {
        bool ok = true;
        fill_batch(b, i, limit, step);
        for (size_t k = 0; k < sizeof batch_checks / sizeof batch_checks[0]; k++) {
            if (batch_checks[k].matches(impl, b))
                continue;
            if (wrong == 0)
                fprintf(stderr, "implementation %s: %zu addresses from %.*s on: wrong %s\n",
                        impl->name, b->count, b->offsets[1], b->column, batch_checks[k].what);
            ok = false;
        }
        wrong += !ok;
    }
    free(b);
    return wrong;
}

/* ---- tasks of two threads -------------------------------------------------------------------- */

static const struct {
    const char *name, *unit;
    uint64_t (*count_wrong)(const simdinet_implementation *impl, uint64_t first, uint64_t limit,
                            uint64_t step);
} passes[] = {{"round trip", "", round_trips}, {"batches", " batches", batches}};

enum { PASSES = sizeof passes / sizeof passes[0] };

/* A task for each stream, and for each pass and slice of the addresses, of the current
 * implementation. */
enum { SLICES = 16, TASKS = STREAMS + PASSES * SLICES };

static const uint64_t slice_size = (UINT64_C(1) << 32) / SLICES;

static const simdinet_implementation *current;
static const effort *chosen = &efforts[0];
static atomic_uint next_task;
static enumeration enumerations[STREAMS];
static double stream_seconds[STREAMS], slice_seconds[PASSES][SLICES];
static uint64_t slice_wrong[PASSES][SLICES];

static bool is_chosen(const stream *s) {
    return s->strings <= chosen->max_strings;
}

static void *work(void *unused) {
    for (;;) {
        unsigned task = atomic_fetch_add(&next_task, 1);
        double start = seconds_now();
        if (task >= TASKS)
            return unused;
        if (task >= STREAMS) {
            unsigned pass = (task - STREAMS) / SLICES, index = (task - STREAMS) % SLICES;
            uint64_t first = index * slice_size;
            slice_wrong[pass][index] =
                passes[pass].count_wrong(current, first, first + slice_size, chosen->step);
            slice_seconds[pass][index] = seconds_now() - start;
            continue;
        }
        /* The max_len streams, last in the table, start first: a stream is the work of one
         * thread. */
        unsigned index = STREAMS - 1 - task;
        if (is_chosen(&streams[index])) {
            enumerations[index] = (enumeration){
                .stream = &streams[index], .impl = current, .hash = 1469598103934665603u};
            descend(&enumerations[index], 0);
            stream_seconds[index] = seconds_now() - start;
        }
    }
}

static void print_skipped(void) {
    if (chosen->step > 1)
        printf("skipped: all IPv4 addresses but one in %llu: exhaustive --full covers them\n",
               (unsigned long long)chosen->step);
    if (chosen->max_strings < UINT64_MAX)
        printf("skipped: streams of more than %llu strings: exhaustive --full covers them\n",
               (unsigned long long)chosen->max_strings);
}

static bool report_streams(void) {
    bool ok = true;
    for (unsigned i = 0; i < STREAMS; i++) {
        const stream *s = &streams[i];
        const enumeration *w = &enumerations[i];
        if (!is_chosen(s))
            continue;
        bool same = w->strings == s->strings && w->accepted == s->accepted && w->hash == s->hash &&
                    w->disagreements == 0;
        printf("%-7s %-10s %10llu strings, %8llu accepted, hash %016llx, %6.2f s: %s\n",
               current->name, function_names[s->function], (unsigned long long)w->strings,
               (unsigned long long)w->accepted, (unsigned long long)w->hash, stream_seconds[i],
               same ? "same" : "DIFFERENT");
        if (!same)
            printf(
                "        expected   %10llu strings, %8llu accepted, hash %016llx, and both forms "
                "equal (%llu differ)\n",
                (unsigned long long)s->strings, (unsigned long long)s->accepted,
                (unsigned long long)s->hash, (unsigned long long)w->disagreements);
        ok &= same;
    }
    return ok;
}

static bool report_pass(unsigned pass) {
    uint64_t wrong = 0, step = chosen->step;
    double seconds = 0;
    for (unsigned i = 0; i < SLICES; i++) {
        wrong += slice_wrong[pass][i];
        seconds += slice_seconds[pass][i];
    }
    printf("%-7s %-10s %10llu addresses, %llu wrong%s, %6.2f s: %s\n", current->name,
           passes[pass].name, (unsigned long long)(SLICES * ((slice_size + step - 1) / step)),
           (unsigned long long)wrong, passes[pass].unit, seconds, wrong ? "DIFFERENT" : "same");
    return wrong == 0;
}

static bool test_implementation(const simdinet_implementation *impl) {
    pthread_t helper;
    current = impl;
    atomic_store(&next_task, 0);
    simdinet_use_implementation(impl->name); /* used by inet_aton and the lines */
    bool has_helper =
        sysconf(_SC_NPROCESSORS_ONLN) > 1 && !pthread_create(&helper, NULL, work, NULL);
    work(NULL);
    if (has_helper)
        pthread_join(helper, NULL);
    bool ok = true;
    for (unsigned pass = 0; pass < PASSES; pass++)
        ok &= report_pass(pass);
    ok &= report_streams();
    fflush(stdout);
    return ok;
}

int main(int argc, char **argv) {
    for (size_t i = 1; argc == 2 && i < sizeof efforts / sizeof efforts[0]; i++)
        if (strcmp(argv[1], efforts[i].option) == 0)
            chosen = &efforts[i];
    if (argc > 2 || (argc == 2 && chosen == &efforts[0])) {
        fprintf(stderr, "usage: %s [--quick | --full]\n", argv[0]);
        return 2;
    }
    print_skipped_implementations(stdout);
    print_skipped();
    make_octets();
    bool ok = true;
    FOR_EACH_IMPLEMENTATION (impl)
        ok &= test_implementation(impl);
    return ok ? 0 : 1;
}
