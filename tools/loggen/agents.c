/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The access log of a site for mobile phones: user agents with versions of four numbers. */
#include "loggen.h"

static const char *const agents[] = {
    "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; $w 3.$n.$n.$n)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; $w 3.$n.$n.$n; .NET CLR 2.0.50727)",
    "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.8.$n.$n) Gecko/20070515 Firefox/2.0.0.$n",
    "Mozilla/5.0 (Linux; U; Android 2.3.5; de-de; $w 1.$n.$n.$n) AppleWebKit/533.1 (KHTML, like "
    "Gecko) "
    "Version/4.0 Mobile Safari/533.1",
    "Mozilla/5.0 (BlackBerry; U; BlackBerry 9800; en) AppleWebKit/534.1+ (KHTML, like Gecko) "
    "Version/6.0.0.$n Mobile Safari/534.1+",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/4.1.$n.$n; U; en) Presto/2.5.$n Version/10.54",
    "Mozilla/5.0 (SymbianOS/9.2) Nokia/$w-2/2.1.$n.$n Profile/MIDP-2.0 Configuration/CLDC-1.1",
    "Dalvik/1.6.0 (Linux; U; Android 4.4.2; $w Build/3.$n.$n.$n)",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "YaBrowser/25.6.2.$n.$n Safari/537.36",
    "Mozilla/5.0 (compatible; $w-bot/2.$n; +http://www.example.com/bot.html)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) "
    "Version/17.1 Mobile/15E148 Safari/604.1 [FBAN/FBIOS;FBAV/3.$n.$n.$n;FBBV/$k]",
    "$w/3.$n.$n.$n CFNetwork/1410.0.3 Darwin/22.6.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/119.0.$n.$n "
    "Safari/537.36 Edg/119.0.$n.$n",
    "okhttp/4.9.3",
    "$w-probe (from $I)",
    "$w-check/2.0 (+http://$S:8080/$w)",
};

static const char *const paths[] = {
    "/", "/$w", "/m/$w/$k", "/m/$w?v=$d.$n.$n", "/m/$w?client=$w/3.$n.$n.$n", "/m/$w?ip=$I",
};

static const char *const ends[] = {
    "", "", "", "", "", " \"$C\"", " \"$C, $P\"", " \"unknown, $I\""};

static void write_access(generator *g) {
    put(g, "$C - - [$a] \"GET ");
    put(g, PICK(g, paths));
    put(g, " HTTP/1.1\" 200 $z \"-\" \"");
    put(g, PICK(g, agents));
    put(g, "\"");
    put(g, PICK(g, ends));
}

static void write_noise(generator *g) {
    put(g, "$C - - [$a] \"GET / HTTP/1.1\" 400 $n \"-\" \"");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
    put(g, "\"");
}

static void write_agents_line(generator *g) {
    (one_in(g, 32) ? write_noise : write_access)(g);
}

const log_kind agents_log = {"agents", NULL, write_agents_line};
