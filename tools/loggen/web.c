/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A web server: the access log in combined format, mixed with error log lines. */
#include "loggen.h"

static const char *const methods[] = {"GET", "GET", "GET", "GET", "GET", "GET", "POST", "HEAD"};

static const char *const users[] = {"-", "-", "-", "-", "-", "-", "-", "alice", "build-bot"};

static const char *const paths[] = {
    "/",
    "/$w/",
    "/$w/$w",
    "/$w/$w/$w.html",
    "/$w/$w?page=$d&sort=$w",
    "/$w/$w/$w-$k.png",
    "/$w/$w/$x.js",
    "/$w/$w.css?v=$d.$n.$d",
    "/$w/$u",
    "/$w/$y/$w-$w-$w",
    "/api/v2/$w/$k",
    "/$w/$w/$w/$w-$w.svg",
    "/favicon.ico",
    "/robots.txt",
};

static const char *const odd_paths[] = {
    "/proxy/$I",
    "/proxy/$I:8080/$w",
    "/whois?ip=$C",
    "/lookup/$X",
    "/lookup/[$X]/$w",
    "/$w?url=http://$P:8080/$w",
    "/$w?from=$I&to=$I",
    "/$w?client=$I%3A$p",
    "/download/app-$n.$n.$n.$n.tar.gz",
    "/download/v$n.$n.$n.$n/setup.exe",
    "/$w?agent=Chrome/11$d.0.$n.$n",
    "/$w?t=$t&m=$c",
    "/$w?ip=$b.$n.$n.$n",
    "/$w/$n.$n.$n",
};

static const char *const statuses[] = {"200 $z", "200 $z", "200 $z", "200 $z", "200 $z", "200 $z",
                                       "304 0",  "301 $n", "302 0",  "404 $n", "403 $n", "500 $n"};

static const char *const referrers[] = {
    "-",
    "-",
    "https://www.example.net/",
    "https://www.example.net/$w/$w",
    "https://www.example.net/$w/$w?page=$d",
    "https://www.example.net/$w/$w/$w-$w.html",
    "https://search.example/?q=$w+$w+$w",
    "https://social.example/$w/$x",
};

static const char *const odd_referrers[] = {
    "http://$P:8080/$w", "http://$P/",       "http://$S/$w/$w",           "http://[$X]/",
    "http://[$T]:$p/$w", "https://$I:$p/$w", "http://$n.$n.$n.$n.nip.io", "http://$P:3000/",
};

static const char *const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/119.0.$n.$n Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.8.1.4) Gecko/20070515 Firefox/2.0.0.4",
    "Mozilla/5.0 (X11; U; Linux i686; de; rv:1.9.0.$d) Gecko/2009 Iceweasel/3.0.$d.$d",
    "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.$n.$n",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727; "
    ".NET4.0C)",
    "Mozilla/5.0 (compatible; search-bot/2.1; +http://www.example.com/bot.html)",
    "Opera/9.80 (X11; Linux x86_64) Presto/2.12.388 Version/12.16",
    "Java/1.6.0_04",
    "curl/8.5.0",
    "Go-http-client/1.1",
};

static const char *const errors[] = {
    "$y $t [error] $k#$n: *$k ",
    "[$y $t.$k] [core:error] [pid $k:tid $k] [client $I:$o] ",
    "[$y $t.$k] [proxy:warn] [pid $k] [client [$X]:$o] ",
};

static void write_access(generator *g) {
    put(g, "$C - ");
    put(g, PICK(g, users));
    put(g, " [$a] \"");
    put(g, PICK(g, methods));
    put(g, " ");
    put(g, one_in(g, 24) ? PICK(g, odd_paths) : PICK(g, paths));
    put(g, " HTTP/1.1\" ");
    put(g, PICK(g, statuses));
    put(g, " \"");
    put(g, one_in(g, 16) ? PICK(g, odd_referrers) : PICK(g, referrers));
    put(g, "\" \"");
    put(g, PICK(g, agents));
    put(g, "\"");
    /* X-Forwarded-For: the client and the proxy */
    if (one_in(g, 10))
        put(g, " \"$C, $P\"");
}

static void write_error(generator *g) {
    put(g, PICK(g, errors));
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_web_line(generator *g) {
    (one_in(g, 32) ? write_error : write_access)(g);
}

const log_kind web_log = {"web", NULL, write_web_line};
