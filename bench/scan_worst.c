/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_worst - searches for the text that simdinet_scan reads slowest: a unit of at most 24 bytes,
 * repeated. First all units of two and three bytes of an alphabet; then units that are made of pieces that the
 * rules of the scan name, and the slowest ones found, changed: a piece inserted or a byte removed. Then the same for
 * text that does not repeat: a few short units in random order, with random digits.
 *
 * usage: scan_worst [UNITS [IMPLEMENTATION ...]]
 * Prints the ten slowest units and mixtures of each implementation, in GB/s, "\xHH" for bytes that are not printable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "simdinet.h"

enum {
    MAX_UNIT = 24,
    TEXT = 16384,
    MATCHES = 4096,
    KEPT = 40,
    SHOWN = 10,
    UNITS = 5000,
    MIXED = 3
};

typedef struct unit {
    char bytes[MAX_UNIT];
    size_t len;
    double speed; /* GB/s */
} unit;

static const char *const pieces[] = {
    "1.1.1.1",     "1.2.3.4",   "::",       "::1",   "1::", "a::b",    "1:2:3:4:5:6:7:8",
    "2001:db8::1", "::1.2.3.4", "00:11:22", "12:34", "1",   "12",      "f",
    "0",           "e",         "a",        "x",     "t",   "S",       "M",
    "_",           ".",         ":",        " ",     "  ",  "\n",      "\t",
    "/",           "//",        "\\/",      "-",     "(",   ")",       ";",
    "|",           "%",         "%2",       "\\",    "\\t", "\\u00",   "\x1b[",
    "[",           "]",         "\"",       "'",     "=",   ",",       ">",
    " > ",         " - ",       "?",        "~",     "~~",  "*>i",     "rv:",
    "version ",    "FW:",       "sion",     "ware",  "a/b", "Mozilla", "DIRECT/",
    "ip6:",        ".5",        ".99999",   ":80",   "v",
};

static char text[TEXT];
static simdinet_match matches[MATCHES];
static unsigned long long random_state = 88172645463325252u;

/* xorshift64: 0 to bound - 1 */
static unsigned random_below(size_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 11) % bound);
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The scan of the text, the best of some repetitions, in GB/s. */
static double measure_text(int repetitions) {
    double best = 1;
    for (int r = 0; r < repetitions; r++) {
        const double start = seconds();
        size_t at = 0, n;
        while (at < TEXT)
            at = simdinet_scan(text, at, TEXT, 0, matches, sizeof matches[0], MATCHES, &n);
        const double time = seconds() - start;
        best = time < best ? time : best;
    }
    return TEXT / best / 1e9;
}

static double measure(const unit *u, int repetitions) {
    for (size_t i = 0; i < TEXT; i++)
        text[i] = u->bytes[i % u->len];
    return measure_text(repetitions);
}

/* Inserts a piece where there is space for it. */
static void insert(unit *u, const char *piece) {
    const size_t len = strlen(piece), at = random_below(u->len + 1);
    if (u->len + len > MAX_UNIT)
        return;
    memmove(u->bytes + at + len, u->bytes + at, u->len - at);
    memcpy(u->bytes + at, piece, len);
    u->len += len;
}

static void change(unit *u) {
    if (u->len > 1 && random_below(3) == 0) {
        const size_t at = random_below(u->len);
        memmove(u->bytes + at, u->bytes + at + 1, u->len - at - 1);
        u->len--;
    } else {
        insert(u, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
    }
}

static void make(unit *u) {
    u->len = 0;
    for (unsigned n = 1 + random_below(6); n > 0; n--)
        insert(u, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
}

/* Keeps the slowest units, the slowest first. */
static size_t keep(unit *kept, size_t n, const unit *u) {
    for (size_t i = 0; i < n; i++)
        if (kept[i].len == u->len && memcmp(kept[i].bytes, u->bytes, u->len) == 0)
            return n;
    if (n == KEPT && u->speed >= kept[n - 1].speed)
        return n;
    size_t at = n < KEPT ? n++ : KEPT - 1;
    for (; at > 0 && kept[at - 1].speed > u->speed; at--)
        kept[at] = kept[at - 1];
    kept[at] = *u;
    return n;
}

static void show_bytes(const unit *u) {
    for (size_t i = 0; i < u->len; i++) {
        const unsigned char byte = (unsigned char)u->bytes[i];
        if (byte < 32 || byte > 126)
            printf("\\x%02x", byte);
        else
            putchar(byte);
    }
}

static void show(const unit *u) {
    printf("  %.3f  ", measure(u, 9));
    show_bytes(u);
    putchar('\n');
}

/* ---- text that does not repeat ------------------------------------------------------------------ */

typedef struct mixture {
    unit units[MIXED];
    double speed;
} mixture;

static double measure_mixture(const mixture *m, int repetitions) {
    random_state = 88172645463325252u;
    for (size_t at = 0; at < TEXT;) {
        const unit *u = &m->units[random_below(MIXED)];
        for (size_t i = 0; i < u->len && at < TEXT; i++, at++) {
            const char byte = u->bytes[i];
            text[at] = byte >= '1' && byte <= '9' ? (char)('1' + random_below(9)) : byte;
        }
    }
    return measure_text(repetitions);
}

/* "::" with one to three bytes before or after it. */
static void make_dense(unit *u) {
    static const char bytes[] = ":.1ax []%\\/~?-=\"_>|t,;\x1b\n";
    u->len = 0;
    insert(u, "::");
    for (unsigned n = 1 + random_below(3); n > 0; n--)
        insert(u, (char[]){bytes[random_below(sizeof bytes - 1)], 0});
}

static void search_mixtures(unsigned long n) {
    static mixture slowest[SHOWN + 1];
    unsigned long long state = random_state;
    size_t kept = 0;
    for (unsigned long i = 0; i < n; i++) {
        mixture m;
        random_state = state;
        for (size_t k = 0; k < MIXED; k++)
            make_dense(&m.units[k]);
        state = random_state;
        m.speed = measure_mixture(&m, 2);
        size_t at = kept < SHOWN ? kept++ : SHOWN;
        for (; at > 0 && slowest[at - 1].speed > m.speed; at--)
            slowest[at] = slowest[at - 1];
        slowest[at] = m;
    }
    for (size_t i = 0; i < kept; i++) {
        printf("  %.3f ", measure_mixture(&slowest[i], 9));
        for (size_t k = 0; k < MIXED; k++) {
            fputs(k > 0 ? "  or  " : " ", stdout);
            show_bytes(&slowest[i].units[k]);
        }
        putchar('\n');
    }
    random_state = state;
}

/* All units of two and three bytes; one byte is two of the same. */
static size_t try_short_units(unit *kept, size_t n) {
    static const char alphabet[] = ":.1ax [];%\\/~?-=\"_>|t,\x1b\n";
    enum { SYMBOLS = sizeof alphabet - 1, TRIPLES = SYMBOLS * SYMBOLS * SYMBOLS };
    for (size_t i = 0; i < TRIPLES + SYMBOLS * SYMBOLS; i++) {
        unit u = {.len = i < TRIPLES ? 3 : 2};
        size_t rest = i % TRIPLES;
        for (size_t k = 0; k < u.len; k++, rest /= SYMBOLS)
            u.bytes[k] = alphabet[rest % SYMBOLS];
        u.speed = measure(&u, 2);
        n = keep(kept, n, &u);
    }
    return n;
}

static void search(const char *implementation, unsigned long units) {
    static unit kept[KEPT];
    size_t n = try_short_units(kept, 0);
    for (unsigned long i = 0; i < units; i++) {
        unit u;
        if (n > SHOWN && random_below(2) == 0) {
            u = kept[random_below(n)];
            change(&u);
        } else {
            make(&u);
        }
        if (u.len == 0)
            continue;
        u.speed = measure(&u, 2);
        n = keep(kept, n, &u);
    }
    printf("%s, slowest of all short units and %lu others, GB/s:\n", implementation, units);
    for (size_t i = 0; i < n && i < SHOWN; i++)
        show(&kept[i]);
    printf("%s, slowest of %lu mixtures, GB/s:\n", implementation, units);
    search_mixtures(units);
}

int main(int argc, char **argv) {
    const unsigned long units = argc > 1 ? strtoul(argv[1], NULL, 10) : UNITS;
    simdinet_implementation_info info;
    for (int i = 2; i < argc; i++) {
        if (!simdinet_use_implementation(argv[i])) {
            fprintf(stderr, "scan_worst: %s: no such implementation on this machine\n", argv[i]);
            return 2;
        }
        search(argv[i], units);
    }
    for (size_t i = 0; argc <= 2 && simdinet_describe_implementation(i, &info, sizeof info); i++)
        if (simdinet_use_implementation(info.name))
            search(info.name, units);
    return 0;
}
