/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * loggen - writes a realistic log, and the truth of it.
 *
 * The truth lists every address that `simdinet extract --byte-offset` must print, and nothing else.
 * It is written down at the moment an address is emitted on purpose; the log is never read back.
 * For that reason the generator shares no code with the library, and each template is written so
 * that, by the rules of docs/scan.md, nothing in it counts as an address except what it emits.
 *
 * Same seed, size and kind: same bytes, on every machine. Integers only, no time, no locale.
 *
 *   main.c      options, sections, files
 *   output.c    the two files; emit_address() is the only writer of the truth
 *   template.c  say(): templates with $ directives, and what each directive writes
 *   address.c   who is on this network, and how an address can be spelled
 *   remarks.c   the hard cases: addresses in odd places, and traps that are none
 *   web.c firewall.c json.c zeek.c    one kind of log each
 */
#ifndef LOGGEN_H
#define LOGGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- the state of a run -----------------------------------------------------------------------
 */

/* A file with a buffer of its own; total counts every byte since the start. */
typedef struct output {
    FILE *file;
    const char *name;
    char *bytes;
    size_t used;
    uint64_t total;
} output;

typedef struct population population;

typedef struct generator {
    uint64_t random;         /* splitmix64 */
    uint64_t now;            /* the clock of the log: microseconds since 1970, UTC */
    uint64_t next_long_line; /* offset from which on the next line is a very long one */
    unsigned zeek_rows;      /* until Zeek changes between conn and dns, with a header of its own */
    bool zeek_dns;
    const population *people;
    output log;
    output truth;
} generator;

/* One kind of log: begin() (may be NULL) opens a section; line() writes a line without its end. */
typedef struct log_kind {
    const char *name;
    void (*begin)(generator *);
    void (*line)(generator *);
} log_kind;

extern const log_kind web_log, firewall_log, json_log, zeek_log;

/* ---- chance -----------------------------------------------------------------------------------
 */

/*
 * splitmix64 (Steele, Lea, Flood 2014). Never draw twice in one expression: C leaves the order
 * open, and with it the bytes of the log.
 */
static inline uint64_t draw(generator *g) {
    uint64_t z = g->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A number in [0, limit). */
static inline uint32_t below(generator *g, uint32_t limit) {
    return (uint32_t)(((draw(g) >> 32) * limit) >> 32);
}

static inline bool one_in(generator *g, uint32_t n) {
    return below(g, n) == 0;
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* One element of a table; an element that stands in it twice comes twice as often. */
#define PICK(g, table) ((table)[below((g), (uint32_t)COUNT(table))])

/* ---- output.c ---------------------------------------------------------------------------------
 */

/* Prints `loggen: name: reason of errno` and exits with 2. */
_Noreturn void fail(const char *name);

void output_open(output *out, const char *name);
void output_close(output *out);

void put_bytes(generator *g, const char *bytes, size_t len);
void put_decimal(generator *g, uint64_t value);
/* The lowest digits of a value, with zeros in front. */
void put_padded(generator *g, uint64_t value, unsigned digits);
void put_hex(generator *g, uint64_t value, unsigned digits);

/* Writes an address to the log, and where it stands and what it says to the truth. */
void emit_address(generator *g, const char *text, size_t len);

/* ---- template.c -------------------------------------------------------------------------------
 */

/*
 * Writes a template. $ and a lower-case letter is a filler (a number, a time, a word: the table at
 * the end of template.c) and never an address; $ and an upper-case letter is an address and goes
 * into the truth, and so does ${text}, as it stands. $$ is a dollar, $0 a NUL.
 */
void say(generator *g, const char *template);

/* ---- address.c --------------------------------------------------------------------------------
 */

population *population_create(uint64_t seed);
void population_destroy(population *people);

void emit_client(generator *g);      /* $C  either family, one in five IPv6 */
void emit_ipv4(generator *g);        /* $I  a client */
void emit_stranger(generator *g);    /* $R  any public IPv4 address, hardly ever seen twice */
void emit_private(generator *g);     /* $P  10.0.0.0/8 */
void emit_server(generator *g);      /* $S  one of our own, IPv4 */
void emit_ipv6(generator *g);        /* $X  a client as RFC 5952 writes it */
void emit_ipv6_server(generator *g); /* $T  one of our own, IPv6 */
void emit_ipv6_upper(generator *g);  /* $U  a client in upper case */
void emit_ipv6_full(generator *g);   /* $F  a client in eight groups of four digits */
void emit_ipv6_groups(generator *g); /* $G  a client in eight groups, without leading zeros */
void emit_mapped(generator *g);      /* $M  ::ffff: and a client */
void emit_dotted_tail(generator *g); /* $N  64:ff9b:: and a client (RFC 6052) */
void emit_link_local(generator *g);  /* $L  fe80:: */

/* ---- remarks.c --------------------------------------------------------------------------------
 */

/*
 * Each writes a piece of prose that must stand between blanks, quotes or line ends: a trap, in
 * which nothing is an address; or a case, in which an address stands where it is easily missed.
 */
void emit_trap(generator *g);
void emit_case(generator *g);

/* A few of both, with blanks between them. Fit for a JSON string. */
void emit_remark(generator *g);

/* A case or a trap with NUL, bad UTF-8 or other bytes that no log should hold. */
void emit_odd_bytes(generator *g);

/* A line of 4 KiB to 256 KiB, without its end. */
void emit_long_line(generator *g);

#endif
