/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* put(): templates and their fillers. */
#include "loggen.h"

#include <string.h>

static void put_text(generator *g, const char *text) {
    put_bytes(g, text, strlen(text));
}

/* ---- numbers ------------------------------------------------------------------------------- */

static void put_octet(generator *g) {
    put_decimal(g, below(g, 256));
}

static void put_big_octet(generator *g) {
    put_decimal(g, 256 + below(g, 744));
}

static void put_digit(generator *g) {
    put_decimal(g, below(g, 10));
}

static void put_count(generator *g) {
    put_decimal(g, below(g, 100000));
}

static void put_port(generator *g) {
    static const uint16_t known[] = {22, 53, 80, 123, 443, 443, 445, 993, 3389, 8080};
    put_decimal(g, one_in(g, 2) ? PICK(g, known) : 1024 + below(g, 64512));
}

/* An ephemeral port. */
static void put_client_port(generator *g) {
    put_decimal(g, 1024 + below(g, 64512));
}

/* Sizes of files, uniform in the number of bits. */
static void put_size(generator *g) {
    uint32_t bits = 5 + below(g, 17);
    put_decimal(g, ((uint32_t)1 << bits) + below(g, (uint32_t)1 << bits));
}

static void put_hex1(generator *g) {
    put_hex(g, draw(g), 1);
}

static void put_hex2(generator *g) {
    put_hex(g, draw(g), 2);
}

static void put_hex4(generator *g) {
    put_hex(g, draw(g), 4);
}

static void put_hex5(generator *g) {
    put_hex(g, draw(g), 5);
}

static void put_hex8(generator *g) {
    put_hex(g, draw(g), 8);
}

/* ---- identifiers --------------------------------------------------------------------------- */

static void put_mac(generator *g) {
    put(g, "$h:$h:$h:$h:$h:$h");
}

static void put_uuid(generator *g) {
    uint64_t low = draw(g);
    put(g, "$x-$q-4");
    put_hex(g, low, 3);
    put(g, "-a");
    put_hex(g, low >> 12, 3);
    put(g, "-$x$q");
}

/* A connection identifier as Zeek writes it: a C and 96 random bits in base 62. */
static void put_zeek_uid(generator *g) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char uid[18] = "C";
    uint64_t bits = 0;
    for (size_t i = 1; i < sizeof(uid); i++, bits /= 62) {
        if (i % 9 == 1)
            bits = draw(g);
        uid[i] = digits[bits % 62];
    }
    put_bytes(g, uid, sizeof(uid));
}

/*
 * Letters only, and none of them all hexadecimal digits (no "feed", no "cafe"): a word before a
 * colon or a slash is never a hex group, and always ends in a letter.
 */
static void put_word(generator *g) {
    static const char *const words[] = {
        "account",  "album",   "archive", "assets",   "backup",  "basket",  "billing", "blog",
        "calendar", "catalog", "charts",  "comments", "contact", "docs",    "events",  "export",
        "fonts",    "forum",   "gallery", "guides",   "help",    "history", "images",  "inbox",
        "index",    "invoice", "items",   "labels",   "login",   "market",  "media",   "metrics",
        "mirror",   "news",    "notes",   "orders",   "photos",  "plans",   "plugins", "posts",
        "profile",  "queue",   "recipes", "reports",  "reviews", "search",  "session", "settings",
        "shipping", "static",  "status",  "stories",  "styles",  "support", "tags",    "teams",
        "themes",   "tickets", "topics",  "uploads",  "users",   "videos",  "weather", "wiki",
    };
    put_text(g, PICK(g, words));
}

/* ---- times --------------------------------------------------------------------------------- */

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

typedef struct date {
    unsigned year, month, day; /* month 0 to 11 */
} date;

/* Years that begin in March put the leap day last; 719468 days lie before 1970 (Hinnant, 2013). */
static date today(const generator *g) {
    uint32_t days = (uint32_t)(g->now / 1000000 / 86400) + 719468;
    uint32_t of_era = days % 146097;
    uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * of_year + 2) / 153; /* 0 is March */
    return (date){.year = days / 146097 * 400 + year + (month >= 10),
                  .month = (month + 2) % 12,
                  .day = of_year - (153 * month + 2) / 5 + 1};
}

static void put_clock(generator *g) {
    uint64_t seconds = g->now / 1000000 % 86400;
    put_padded(g, seconds / 3600, 2);
    put_text(g, ":");
    put_padded(g, seconds / 60 % 60, 2);
    put_text(g, ":");
    put_padded(g, seconds % 60, 2);
}

static void put_date(generator *g) {
    date d = today(g);
    put_padded(g, d.year, 4);
    put_text(g, "-");
    put_padded(g, d.month + 1, 2);
    put_text(g, "-");
    put_padded(g, d.day, 2);
}

static void put_iso_time(generator *g) {
    put(g, "$yT$t.");
    put_padded(g, g->now / 1000 % 1000, 3);
    put_text(g, "Z");
}

static void put_web_time(generator *g) {
    date d = today(g);
    put_padded(g, d.day, 2);
    put_text(g, "/");
    put_text(g, months[d.month]);
    put_text(g, "/");
    put_padded(g, d.year, 4);
    put(g, ":$t +0000");
}

static void put_slash_date(generator *g) {
    date d = today(g);
    put_padded(g, d.month + 1, 2);
    put_text(g, "/");
    put_padded(g, d.day, 2);
    put_text(g, "/");
    put_padded(g, d.year, 4);
}

static void put_microseconds(generator *g) {
    put_padded(g, g->now % 1000000, 6);
}

static void put_syslog_time(generator *g) {
    date d = today(g);
    put_text(g, months[d.month]);
    put_text(g, d.day < 10 ? "  " : " ");
    put_decimal(g, d.day);
    put(g, " $t");
}

static void put_epoch(generator *g) {
    put_decimal(g, g->now / 1000000);
    put_text(g, ".");
    put_padded(g, g->now % 1000000, 6);
}

/* Seconds since boot, as the kernel prints them. */
static void put_uptime(generator *g) {
    put_decimal(g, g->now / 1000000 % 10000000);
    put_text(g, ".");
    put_padded(g, g->now % 1000000, 6);
}

static void put_seconds(generator *g) {
    put_decimal(g, below(g, 30));
    put_text(g, ".");
    put_padded(g, draw(g), 6);
}

static void put_dollar(generator *g) {
    put_text(g, "$");
}

static void put_nul(generator *g) {
    put_bytes(g, "", 1);
}

/* ---- templates ----------------------------------------------------------------------------- */

typedef void directive(generator *);

static directive *const directives[128] = {
    ['a'] = put_web_time,     /* 17/May/2024:10:05:03 +0000 */
    ['b'] = put_big_octet,    /* 256 to 999 */
    ['c'] = put_mac,          /* six pairs of hexadecimal digits, with colons */
    ['d'] = put_digit,        /* 0 to 9 */
    ['e'] = put_epoch,        /* 1715940303.123456 */
    ['f'] = put_uptime,       /* 12345.678901 */
    ['g'] = put_hex1,         /* 1 hexadecimal digit */
    ['h'] = put_hex2,         /* 2 hexadecimal digits */
    ['i'] = put_iso_time,     /* 2024-05-17T10:05:03.123Z */
    ['j'] = put_syslog_time,  /* May 17 10:05:03 */
    ['k'] = put_count,        /* 0 to 99999 */
    ['l'] = put_hex5,         /* 5 hexadecimal digits */
    ['m'] = put_slash_date,   /* 05/17/2024 */
    ['n'] = put_octet,        /* 0 to 255 */
    ['o'] = put_client_port,  /* 1024 to 65535 */
    ['p'] = put_port,         /* 1 to 65535 */
    ['q'] = put_hex4,         /* 4 hexadecimal digits */
    ['r'] = put_microseconds, /* 012345 */
    ['s'] = put_seconds,      /* 0.001234 */
    ['t'] = put_clock,        /* 10:05:03 */
    ['u'] = put_uuid,         /* version 4 */
    ['w'] = put_word,         /* letters */
    ['x'] = put_hex8,         /* 8 hexadecimal digits */
    ['y'] = put_date,         /* 2024-05-17 */
    ['z'] = put_size,         /* 32 to 4194303, mostly small */
    ['v'] = put_zeek_uid,     /* C and 17 letters or digits */
    ['$'] = put_dollar,       ['0'] = put_nul,

    ['C'] = emit_client,      ['F'] = emit_ipv6_full,   ['G'] = emit_ipv6_groups,
    ['I'] = emit_ipv4,        ['L'] = emit_link_local,  ['M'] = emit_mapped,
    ['N'] = emit_nat64,       ['P'] = emit_private,     ['R'] = emit_random_client,
    ['S'] = emit_server,      ['T'] = emit_ipv6_server, ['U'] = emit_ipv6_upper,
    ['X'] = emit_ipv6,
};

/* Writes the address of ${address} and returns what follows the brace. */
static const char *put_literal(generator *g, const char *open) {
    const char *text = open + 1;
    size_t len = strcspn(text, "}");
    emit_address(g, text, len);
    return text + len + 1;
}

void put(generator *g, const char *template) {
    const char *mark;
    while ((mark = strchr(template, '$'))) {
        put_bytes(g, template, (size_t)(mark - template));
        if (mark[1] == '{') {
            template = put_literal(g, mark + 1);
        } else {
            directives[mark[1] & 127](g);
            template = mark + 2;
        }
    }
    put_text(g, template);
}
