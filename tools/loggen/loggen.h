/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * loggen - writes a realistic log and the list of the addresses in it.
 *
 * The second file, the truth, lists every address that `simdinet extract --byte-offset` must print,
 * and nothing else. An entry is written at the moment an address is emitted; the log is never read
 * back. The generator shares no code with the library, and each template is written so that, by the
 * rules of docs/scan.md, nothing in it is an address except what it emits.
 *
 * The same seed, size and kind give the same bytes on every machine: integers only, no clock, no
 * locale.
 *
 *   main.c      options, sections, files
 *   output.c    the two files; emit_address() is the only writer of the truth
 *   template.c  put(): templates with $ directives, and what each directive writes
 *   address.c   the pool of clients and servers, and the spellings of an address
 *   noise.c     noise lines: addresses in unusual contexts, and decoys
 *   web.c firewall.c json.c zeek.c tcpdump.c suricata.c asa.c squid.c windows.c terminal.c agents.c
 *               one kind of log each
 *
 * A new kind is one file that defines `const log_kind NAME_log`, and one entry of LOG_KINDS.
 */
#ifndef LOGGEN_H
#define LOGGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- the state of a run -------------------------------------------------------------------- */

/* A file and its buffer; total counts every byte since the start. */
typedef struct output {
    FILE *file;
    const char *name;
    char *bytes;
    size_t used;
    uint64_t total;
} output;

typedef struct address_pool address_pool;

typedef struct generator {
    uint64_t random;         /* splitmix64 */
    uint64_t now;            /* the clock of the log: microseconds since 1970, UTC */
    uint64_t next_long_line; /* offset from which on the next line is a very long one */
    const address_pool *pool;
    output log;
    output truth;
} generator;

/* One kind of log: begin() (may be NULL) opens a section; line() writes a line without its end. */
typedef struct log_kind {
    const char *name;
    void (*begin)(generator *);
    void (*line)(generator *);
} log_kind;

/* Every kind, in the order of the sections of --kind all. */
#define LOG_KINDS(KIND)                                                                            \
    KIND(web)                                                                                      \
    KIND(firewall)                                                                                 \
    KIND(json)                                                                                     \
    KIND(zeek)                                                                                     \
    KIND(tcpdump)                                                                                  \
    KIND(suricata)                                                                                 \
    KIND(asa)                                                                                      \
    KIND(squid)                                                                                    \
    KIND(windows)                                                                                  \
    KIND(terminal)                                                                                 \
    KIND(agents)

#define DECLARE_KIND(name) extern const log_kind name##_log;
LOG_KINDS(DECLARE_KIND)
#undef DECLARE_KIND

/* ---- chance -------------------------------------------------------------------------------- */

/*
 * splitmix64 (Steele, Lea, Flood 2014). Never draw twice in one expression: C does not define the
 * order of evaluation.
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
/* One element of a table; listing an element twice doubles its weight. */
#define PICK(g, table) ((table)[below((g), (uint32_t)COUNT(table))])

/* ---- output.c ------------------------------------------------------------------------------ */

/* Prints `loggen: name: reason of errno` and exits with 2. */
_Noreturn void fail(const char *name);

void output_open(output *out, const char *name);
void output_close(output *out);

void put_bytes(generator *g, const char *bytes, size_t len);
void put_decimal(generator *g, uint64_t value);
/* The lowest digits of a value, with leading zeros. */
void put_padded(generator *g, uint64_t value, unsigned digits);
void put_hex(generator *g, uint64_t value, unsigned digits);

/* Writes an address to the log, and its offset and text to the truth. */
void emit_address(generator *g, const char *text, size_t len);

/* ---- template.c ---------------------------------------------------------------------------- */

/*
 * Writes a template. $ and a lower-case letter is a filler (a number, a time, a word: the table at
 * the end of template.c), never an address. $ and an upper-case letter is an address and is added to
 * the truth, as is the literal text of ${text}. $$ is a dollar, $0 a NUL.
 */
void put(generator *g, const char *template);

/* ---- address.c ----------------------------------------------------------------------------- */

address_pool *address_pool_create(uint64_t seed);
void address_pool_destroy(address_pool *pool);

void emit_client(generator *g);        /* $C  either family, one in five IPv6 */
void emit_ipv4(generator *g);          /* $I  a client */
void emit_random_client(generator *g); /* $R  a uniformly random public IPv4 address */
void emit_private(generator *g);       /* $P  10.0.0.0/8 */
void emit_server(generator *g);        /* $S  a server, IPv4 */
void emit_ipv6(generator *g);          /* $X  a client as RFC 5952 writes it */
void emit_ipv6_server(generator *g);   /* $T  a server, IPv6 */
void emit_ipv6_upper(generator *g);    /* $U  a client in upper case */
void emit_ipv6_full(generator *g);     /* $F  a client in eight groups of four digits */
void emit_ipv6_groups(generator *g);   /* $G  a client in eight groups, without leading zeros */
void emit_mapped(generator *g);        /* $M  ::ffff: and a client */
void emit_nat64(generator *g);         /* $N  64:ff9b:: and a client (RFC 6052) */
void emit_link_local(generator *g);    /* $L  fe80:: */

/* ---- noise.c ----------------------------------------------------------------------------- */

/*
 * Each writes a short text that must be delimited by blanks, quotes or line ends: a decoy contains
 * no address; an edge case has an address in a context that is easily missed.
 */
void emit_decoy(generator *g);
void emit_edge_case(generator *g);

/* One to four of both, separated by blanks. Valid inside a JSON string. */
void emit_noise(generator *g);

/* An edge case or a decoy with NUL, invalid UTF-8 or control bytes. */
void emit_odd_bytes(generator *g);

/* A line of 4 KiB to 256 KiB, without its end. */
void emit_long_line(generator *g);

#endif
