/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Noise lines: addresses in unusual contexts, and decoys. */
#include "loggen.h"

/*
 * None of these contains an address by the rules of docs/scan.md, provided that a blank, a quote or
 * a line end delimits it on either side. So no upper-case directive, and no ${}.
 */
static const char *const decoys[] = {
    /* versions, and what else has dots and numbers */
    "version v$n.$n.$n.$n",
    "build $n.$n.$n.$n.$n",
    "release $n.$n.$n",
    "python $d.$n",
    "schema $n.$n.$n.$n.$n-rc$d",
    "oid 1.3.6.1.4.1.$k.$n.$n",
    "section $d.$d.$d.$d.$d.$d.$d.$d",
    "Chrome/120.0.0.0",
    "Chrome/11$d.0.$n.$n",
    "$w/3.$n.$n.$n",
    "$w-2/3.$n.$n.$n",
    "_rv:$n.$n.$n.$n",
    "$w version 3.$n.$n.$n",
    "(Mobile; $w 3.$n.$n.$n; U)",
    "/usr/share/$w-3.$n.$n.$n",
    "agent=$w/3.$n.$n.$n",
    "$w-$w.$w~x/3.$n.$n.$n",
    "tcp://admin@$w/3.$n.$n.$n",
    "rv:$n.$n.$n.$n",
    "(X11; U; en-US; rv:$d.$d.$d.$d)",
    /* the longest product name that makes a version: 64 bytes */
    "An-enterprise-edition.of-some_product~with.a-name-of-64-bytes.ok/3.$n.$n.$n",
    "$w$n.$n.$n.$n",
    "$n.$n.$n.$n_x",
    "_$n.$n.$n.$n",
    "$n.$n.$n.$nms",
    "0x$n.$n.$n.$n",
    "$w-$n.$n.$n.$n.tar.gz",
    "$n.$n.$n.$n.in-addr.arpa",
    "host-$n-$n-$n-$n.dyn.example.net",
    "1,$k.$d.$n",
    "$n. $n. $n. $n",
    "$n .$n.$n.$n",
    /* octets out of range, octets missing, leading zeros */
    "$b.$n.$n.$n",
    "$n.$b.$n.$n",
    "$n.$n.$n.$b",
    "256.256.256.256",
    "999.$n.$n.1",
    "010.$n.$n.$n",
    "0$n.$n.$n.$n",
    "$n.0$n.$n.$n",
    "$n.$n.$n.0$n",
    "$n..$n.$n.$n",
    "$n.$n.$n.",
    ".$n.$n.$n",
    /* clocks, dates, hardware addresses, identifiers, dumps */
    "at $t",
    "at $y $t.$k",
    "on $i",
    "since 17.05.2024 $t",
    "lladdr $c",
    "mac=$c:$c:$h:$h",
    "eui $h:$h:$h:$h:$h:$h:$h:$h",
    "fingerprint $h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h:$h",
    "uuid $u",
    "sha1 $x$x$x$x$x",
    "0000: $h $h $h $h $h $h $h $h",
    "0x$q:  $q $q $q $q $q $q $q $q",
    "at 0x$x$x",
    /* colons and hexadecimal digits that are not IPv6 */
    "$q:$q:$q:$q:$q:$q:$q",
    "$q:$q:$q:$q:$q:$q:$q:$q:a",
    "$q:$q:$q:$q:$q:$q:$q:$q::",
    "2001:db8:1:2:3:4:5::$q",
    "2001:$q::$q::$q",
    "2001:$q:::$q",
    ":2001:$q::$q",
    "2001:$q::$q:x",
    "2001:$q::f$q",
    "2001:$l::$q",
    "g2001:$q::$q",
    "2001:$q::$qg",
    "2001:$q::$q_1",
    "$d.2001:$q::$q",
    "2001:$q::$n.$n.$n",
    "::ffff:$n.$n.$n.$b",
    "::ffff:0$n.$n.$n.$n",
    "::ffff:$n.$n.$n.$n.$w",
    "::ffff:$n.$n.$n.$n$w",
    "x::$n.$n.$n.$n",
    "$w::$n.$n.$n.$n",
    ":::$n.$n.$n.$n",
    "std::fs::File",
    "io::Error::new",
    "Net::IP",
    "boost::asio",
    "$w::$w",
    /* a bare "::" where it is not reported */
    "::%eth0",
    "a|::|b",
    ".::.",
    "std ::File",
};

/* The addresses in these are what the upper-case directives and ${} emit. Delimited as above. */
static const char *const edge_cases[] = {
    "from $C.",
    "from $I. Closed.",
    "peer $I... gone",
    "($I)",
    "<$I>",
    "{$I}",
    "[$I]:$p",
    "'$I'",
    "`$I`",
    "$I's",
    "$I:$p",
    "$I:$p->$I:$p",
    "$I:$I",
    "$I/$d",
    "10/8 and ${10.0.0.0}/8",
    "${10.1.2.0}/${255.255.255.0}",
    "$I-$I",
    "$I..$I",
    "$I,$I;$I",
    "$I|$I",
    "root@$I",
    "client:$I",
    "access.log:12:$I",
    "method:12:$I",
    "12345:12:$I",
    "7:$I",
    "beef:$I",
    "srv:$I",
    "$t:$I",
    "$h:$h:$I",
    "2001:$q:$I:$q::",
    "pf: $I.$p > $I.$p: Flags [S]",
    "q=%3A$I%2F$I",
    "line\\n$I\\t$X\\r",
    "inside/$I($p) -> outside/$I($p)",
    "HIER_DIRECT/$I",
    "$w/$I:$p",
    "host=$I,",
    "#$I",
    "+$I*",
    "^$I$$",
    "~$I~",
    "$I%20",
    "=-$I-=",
    "$w.$I",
    "...$I",
    "\\\\\\\\$S\\\\share",
    "?ip=$I&x=1",
    "http://$I/",
    "http://$I:8080/$w",
    "http://www.example.org/$I",
    "GET /$w/$I",
    "$w/$w/$I",
    "($w)/$I",
    "/ip4/$I/tcp/$p",
    "./$I",
    /* one byte too long for a product name: 65 */
    "An-enterprise-edition.of-some_product~with.a-name-of-65-bytes.now/$I",
    "${0.0.0.0}",
    "${255.255.255.255}:67",
    "${127.0.0.1}",
    "from $X.",
    "($X)",
    "$X,$X",
    "[$X]",
    "[$X]:$p",
    "http://[$X]:8080/$w",
    "'$X'",
    "$X/64",
    "${2001:db8::}/32",
    "$L%eth0",
    "[$L%en0]:$p",
    "$X-$X",
    "$X..$X",
    "$X|",
    "$X;",
    "src=$X,",
    "$w.$X",
    "$w:${2001:db8::17}",
    "[IPv6:${2001:db8::25}]",
    "64 bytes from ${2001:db8::17}: icmp_seq=$d",
    "IP6 ${2001:db8::17}.$p > ${2001:db8::25}.443: Flags [S]",
    "[client ${2001:db8:1:2:3:4:5:6}:40443]",
    "from ${2001:db8::17}:40443",
    "${::ffff:192.0.2.1}.$n",
    "$X.lan",
    "/$w/$X/$w",
    "$U",
    "[$U]",
    "$F",
    "$G",
    "$M",
    "$M:$p",
    "[$M]:$p",
    "$M.",
    "$M/120",
    "$N",
    "${::1}",
    "[${::1}]:$p",
    "${::FFFF:192.0.2.1}",
    "${1:2:3:4:5:6:7::}",
    "${::2:3:4:5:6:7:8}",
    "${1:2:3:4:5:6:192.0.2.33}",
    "${fe80::}",
    "[${::}]:$p",
    "listening on ${::} port $p",
    "'${::}'",
    "`${::}`",
    "bound to ${::}",
    "(${::})",
    "dst=${::}",
    "${::}/0",
    "[${::}/0]",
    "<${::}>",
    "${::};",
};

/* Edge cases and decoys with bytes that are not valid in JSON: NUL, invalid UTF-8, a quote, control
 * bytes. */
static const char *const odd_bytes[] = {
    "$0$I$0",
    "$0$0$X$0",
    "$n.$n.$n$0.$n",
    "v$n.$n.$n.$n$0",
    "\xc3\xa9$I\xc3\xa9",
    "\xff$I\xfe",
    "\xc0$X\xaf",
    "\xe2\x86\x92$I\xe2\x86\x90",
    "\xe2\x80\x9c$X\xe2\x80\x9d",
    "\xef\xbb\xbf$C",
    "$n\xef\xbc\x8e$n\xef\xbc\x8e$n\xef\xbc\x8e$n",
    "$n.$n.$n.\xd9\xa3",
    "caf\xc3\xa9/$I",
    "caf\xc3\xa9-app/3.$n.$n.$n",
    "\x7f$I\x80",
    "\"$I\"",
    "\"${::}\"",
    "\t${::}\t$I\t",
    "retry\r${::}\r",
    "\v::\f",
};

void emit_decoy(generator *g) {
    put(g, PICK(g, decoys));
}

void emit_edge_case(generator *g) {
    put(g, PICK(g, edge_cases));
}

void emit_noise(generator *g) {
    for (uint32_t left = 1 + below(g, 4); left > 0; left--) {
        (one_in(g, 2) ? emit_decoy : emit_edge_case)(g);
        if (left > 1)
            put(g, " ");
    }
}

void emit_odd_bytes(generator *g) {
    put(g, PICK(g, odd_bytes));
}

/* ---- very long lines ----------------------------------------------------------------------- */

typedef struct long_line {
    const char *begin, *repeat, *end;
} long_line;

static const long_line long_lines[] = {
    {"blocked: ", "$I,", "$I"},
    {"allowed: ", "$X, ", "$X"},
    {"route ", "[$C] > ", "$C"},
    {"oid 1.3.6.1.4.1", ".$n", " $C"},
    {"key ", "$h:", "$h $C"},
    {"groups ", "f$q:", "f $C"},
    {"colons ", ":", " $C"},
    {"dots ", ".", "$I"},
    {"blanks", " ", "${::} "},
    {"digits ", "$k", " $C"},
    {"dump ", "$x ", "$C"},
    {"blob ", "$x/$w+", "=="},
    /* a path; then a name too long for a product, so that no version follows it */
    {"path ", "/$w", "/$I"},
    {"name very-long.file_name.that-is-longer~than-the.64-bytes.of-a_product-", "$w", "/$I"},
    {"versions ", "$w/3.$n.$n.$n ", "$C"},
};

void emit_long_line(generator *g) {
    const long_line *line = &PICK(g, long_lines);
    uint64_t end = g->log.total + ((uint64_t)1 << (12 + below(g, 7)));
    put(g, line->begin);
    while (g->log.total < end)
        put(g, line->repeat);
    put(g, line->end);
}
