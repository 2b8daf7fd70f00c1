/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loggen.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define NAME_KIND(name) " " #name ","

static const char usage[] =
    "usage: loggen [--seed N] [--size BYTES] [--kind KIND] LOG TRUTH\n"
    "\n"
    "Writes a realistic log to LOG, and to TRUTH the expected output of\n"
    "`simdinet extract --byte-offset LOG`: a line OFFSET:ADDRESS for every address, in order.\n"
    "\n"
    "  -s, --seed N      a number; the same seed gives the same bytes everywhere (1)\n"
    "  -b, --size BYTES  the log ends with the line that reaches this size; K, M and G\n"
    "                    stand for 1024, 1024^2 and 1024^3 bytes; 16G at most (50M)\n"
    "  -k, --kind KIND  " LOG_KINDS(
        NAME_KIND) "\n"
                   "                    or all: equal sections of each (all)\n"
                   "  -h, --help        print this text\n";

#define KIND_ADDRESS(name) &name##_log,

static const log_kind *const kinds[] = {LOG_KINDS(KIND_ADDRESS)};

/* 2024-05-17 00:00:00 UTC, in microseconds: the first timestamp of every log. */
#define FIRST_MOMENT (UINT64_C(1715904000) * 1000000)
/* The first very long line comes early, so that logs of a few hundred KB have one. */
#define FIRST_LONG_LINE  (UINT64_C(128) << 10)
#define LONG_LINE_PERIOD (UINT64_C(4) << 20)

/* Four times the range of a 32-bit offset; a typing error must not fill a disk. */
#define LARGEST_SIZE (UINT64_C(16) << 30)

typedef struct options {
    uint64_t seed;
    uint64_t size;
    const char *kind;
    const char *log;
    const char *truth;
} options;

static _Noreturn void fail_usage(const char *what, const char *value) {
    fprintf(stderr, "loggen: %s%s\nTry 'loggen --help'.\n", what, value);
    exit(2);
}

/* Reads a decimal number that ends at *end; strtoull accepts signs and blanks. */
static bool read_number(const char *text, uint64_t *value, const char **end) {
    const char *p = text;
    for (*value = 0; *p >= '0' && *p <= '9'; p++) {
        if (*value > (UINT64_MAX - 9) / 10)
            return false;
        *value = *value * 10 + (uint64_t)(*p - '0');
    }
    *end = p;
    return p != text;
}

static uint64_t read_seed(const char *text) {
    uint64_t seed;
    const char *end;
    if (!read_number(text, &seed, &end) || *end)
        fail_usage("invalid --seed: ", text);
    return seed;
}

static uint64_t read_size(const char *text) {
    static const char units[] = "KMG";
    uint64_t size;
    const char *end;
    unsigned shift = 0;
    bool good = read_number(text, &size, &end);
    if (good && *end) {
        const char *unit = strchr(units, *end++);
        good = unit && !*end;
        shift = good ? 10 * (unsigned)(unit - units + 1) : 0;
    }
    if (!good || size == 0 || size > LARGEST_SIZE >> shift)
        fail_usage("invalid --size (a number of bytes such as 4096 or 50M, at most 16G): ", text);
    return size << shift;
}

static const char *read_kind(const char *text) {
    bool known = strcmp(text, "all") == 0;
    for (size_t i = 0; i < COUNT(kinds); i++)
        known |= strcmp(text, kinds[i]->name) == 0;
    if (!known)
        fail_usage("unknown --kind: ", text);
    return text;
}

static options read_options(int argc, char **argv) {
    static const struct option names[] = {{"seed", required_argument, NULL, 's'},
                                          {"size", required_argument, NULL, 'b'},
                                          {"kind", required_argument, NULL, 'k'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    options given = {.seed = 1, .size = (uint64_t)50 << 20, .kind = "all"};
    for (int c; (c = getopt_long(argc, argv, "s:b:k:h", names, NULL)) != -1;) {
        switch (c) {
        case 's':
            given.seed = read_seed(optarg);
            break;
        case 'b':
            given.size = read_size(optarg);
            break;
        case 'k':
            given.kind = read_kind(optarg);
            break;
        case 'h':
            fputs(usage, stdout);
            if (fclose(stdout) != 0)
                fail("standard output");
            exit(0);
        default:
            fputs("Try 'loggen --help'.\n", stderr);
            exit(2);
        }
    }
    if (argc - optind != 2)
        fail_usage("two file names are required: LOG and TRUTH", "");
    given.log = argv[optind];
    given.truth = argv[optind + 1];
    if (strcmp(given.log, given.truth) == 0)
        fail_usage("LOG and TRUTH are the same file: ", given.log);
    return given;
}

static void write_line(generator *g, const log_kind *kind) {
    g->now += below(g, 2000000);
    if (g->log.total >= g->next_long_line) {
        emit_long_line(g);
        g->next_long_line = g->log.total + LONG_LINE_PERIOD;
    } else {
        kind->line(g);
    }
    put(g, one_in(g, 64) ? "\r\n" : "\n");
}

static void write_section(generator *g, const log_kind *kind, uint64_t end) {
    if (kind->begin && g->log.total < end)
        kind->begin(g);
    while (g->log.total < end)
        write_line(g, kind);
}

static void write_log(generator *g, const options *given) {
    bool all = strcmp(given->kind, "all") == 0;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (all)
            write_section(g, kinds[i],
                          given->size - given->size / COUNT(kinds) * (COUNT(kinds) - 1 - i));
        else if (strcmp(given->kind, kinds[i]->name) == 0)
            write_section(g, kinds[i], given->size);
    }
    /* One log in three ends within a line, and its last bytes are an address. */
    if (one_in(g, 3))
        put(g, "$j last client was $C");
}

int main(int argc, char **argv) {
    const options given = read_options(argc, argv);
    address_pool *pool = address_pool_create(given.seed);
    if (!pool)
        fail("memory");

    generator g = {
        .random = given.seed, .now = FIRST_MOMENT, .next_long_line = FIRST_LONG_LINE, .pool = pool};
    output_open(&g.log, given.log);
    output_open(&g.truth, given.truth);
    write_log(&g, &given);
    output_close(&g.log);
    output_close(&g.truth);
    address_pool_destroy(pool);
    return 0;
}
