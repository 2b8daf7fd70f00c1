/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Squid: access.log in its own format, where the server follows a word and a slash, and cache.log. */
#include "loggen.h"

static const char *const clients[] = {"$P", "$P", "$P", "$I", "$X"};

static const char *const requests[] = {
    "TCP_MISS/200 $z GET http://www.example.org/$w/$w - ",
    "TCP_MISS/304 $n GET http://cdn.example.net/$w/$w.css?v=$d.$n.$d - ",
    "TCP_MISS/200 $z GET http://$S/$w - ",
    "TCP_MISS/200 $z GET http://[$T]:8080/$w alice ",
    "TCP_MISS/200 $z GET http://download.example.com/$w-3.$n.$n.$n.tar.gz - ",
    "TCP_TUNNEL/200 $z CONNECT $w.example.org:443 alice ",
    "TCP_TUNNEL/200 $z CONNECT $I:443 - ",
    "TCP_REFRESH_MODIFIED/200 $z GET http://www.example.com/$w?agent=Chrome/120.0.$n.$n - ",
    "TCP_DENIED/403 $n CONNECT $I:$p - ",
};

static const char *const servers[] = {
    "HIER_DIRECT/$I text/html",       "HIER_DIRECT/$I -",
    "HIER_DIRECT/$X image/png",       "HIER_NONE/- text/html",
    "FIRSTUP_PARENT/$P text/css",     "ROUNDROBIN_PARENT/$P application/json",
    "SIBLING_HIT/$P image/jpeg",      "ORIGINAL_DST/$I -",
    "CARP/$P application/javascript", "DEFAULT_PARENT/$T text/html",
};

static const char *const messages[] = {
    "kid1| Starting Squid Cache version $d.$n for x86_64-pc-linux-gnu...",
    ("kid1| Accepting HTTP Socket connections at conn$d local=[${::}]:3128 remote=[${::}] FD $n "
     "flags=9"),
    "kid1| local=$P:3128 remote=$I:$o FD $n flags=1: read/write failure: (32) Broken pipe",
    "kid1| Adding nameserver ${10.0.0.53} from /etc/resolv.conf",
    "kid1| Detected DEAD Parent: $w.example.net",
    "kid1| ICAP options of $w/3.$n.$n.$n: $k",
    "kid1| WARNING: (A) '${10.0.0.0}/8' is a subnetwork of (B) '${0.0.0.0}/0'",
};

static void write_noise(generator *g) {
    put(g, "$y $t kid1| ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_message(generator *g) {
    put(g, "$y $t ");
    put(g, PICK(g, messages));
}

static void write_access(generator *g) {
    put(g, "$e    $n ");
    put(g, PICK(g, clients));
    put(g, " ");
    put(g, PICK(g, requests));
    put(g, PICK(g, servers));
}

static void write_squid_line(generator *g) {
    uint32_t chance = below(g, 32);
    (chance == 0 ? write_noise : chance == 1 ? write_message : write_access)(g);
}

const log_kind squid_log = {"squid", NULL, write_squid_line};
