/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Output for a terminal, in colour, and lines whose control bytes or delimiters are escaped. */
#include "loggen.h"

#define ESC "\033["

static const char *const coloured[] = {
    ESC "2m$i" ESC "0m " ESC "32m INFO" ESC "0m request from " ESC "36m$I" ESC "0m:$o",
    ESC "2m$i" ESC "0m " ESC "33m WARN" ESC "0m peer " ESC "1m$X" ESC "0m timed out after $s",
    ESC "36mweb_1    |" ESC "0m $I - - [$a] \"GET /$w HTTP/1.1\" 200 $z",
    ESC "35mcache_1  |" ESC "0m " ESC "32m$C" ESC "0m connected",
    ESC "35m$w.log" ESC "m" ESC "36m:" ESC "m" ESC "32m$n" ESC "m" ESC "36m:" ESC "mfrom " ESC
        "01;31m" ESC "K$I" ESC "m" ESC "K port $o",
    ESC "35m$w.log" ESC "m" ESC "36m:" ESC "m" ESC "1;31m$C" ESC "m",
    ESC "38;5;$nm$X" ESC "39m -> " ESC "38;2;$n;$n;$nm$I" ESC "0m",
    ESC "7m" ESC "1m$S" ESC "22m" ESC "27m up $k s",
    ESC "32m[ok]" ESC "0m $w " ESC "90mv$d.$n.$n.$n" ESC "0m",
    ESC "1mversion" ESC "0m $d.$n.$n at $t, " ESC "90mChrome/120.0.$n.$n" ESC "0m",
    ESC "32m$w" ESC "0m::" ESC "33m$w" ESC "0m at src/$w.rs:$n:$n",
    "\r" ESC "2K" ESC "33mwaiting for $I" ESC "0m",
};

static const char *const escaped[] = {
    "{\"log\":\"\\u001b[32m$I\\u001b[0m GET /$w\\n\",\"stream\":\"stdout\",\"time\":\"$i\"}",
    "{\"log\":\"\\u001b[2m$i\\u001b[0m peer \\u001b[1m$X\\u001b[0m\\n\",\"stream\":\"stderr\"}",
    "{\"log\":\"peers:\\n\\t$I\\n\\t$X\\n\\t$C\\n\",\"stream\":\"stdout\"}",
    "{\"msg\":\"\\u003c$C\\u003e \\u0026 $w\"}",
    "#033[31m$I#033[0m refused",
    "\\x1b[1m$C\\x1b[0m",
    "\\033[33m$I\\033[0m",
    "GET /go?u=http%3A%2F%2F$I%2F$w HTTP/1.1",
    "GET /go?u=http%3A%2F%2F%5B$X%5D%2F$w HTTP/1.1",
    "GET /search?q=%22$I%22%20or%20$I&t=$t HTTP/1.1",
    "GET /log?agent=Opera%2F9.80%20$w%2F3.$n.$n.$n HTTP/1.1",
    "path C:\\\\v$d.$n.$n.$n\\\\$w.exe",
    "path C:\\v$d.$n.$n.$n\\$w.exe",
    "GET /$w?v=%76$n.$n.$n.$b HTTP/1.1",
};

static void write_noise(generator *g) {
    put(g, ESC "2m$i" ESC "0m ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
    put(g, " " ESC "0m");
}

static void write_terminal_line(generator *g) {
    uint32_t chance = below(g, 32);
    if (chance == 0)
        write_noise(g);
    else
        put(g, chance < 14 ? PICK(g, escaped) : PICK(g, coloured));
}

const log_kind terminal_log = {"terminal", NULL, write_terminal_line};
