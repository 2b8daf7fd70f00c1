/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Suricata's fast.log: IPv6 addresses in eight groups of four digits, with the port after a colon. */
#include "loggen.h"

static const char *const signatures[] = {
    "[1:2001219:20] ET SCAN Potential SSH Scan [**] [Classification: Attempted Information Leak] "
    "[Priority: 2]",
    "[1:2210$n:2] SURICATA STREAM Packet with invalid ack [**] [Classification: Generic Protocol "
    "Command "
    "Decode] [Priority: 3]",
    "[1:2013504:6] ET POLICY GNU/Linux APT User-Agent Outbound [**] [Classification: Not "
    "Suspicious Traffic] "
    "[Priority: 3]",
    "[1:20$k:$d] ET MALWARE $w agent v$d.$n.$n.$n [**] [Classification: A Network Trojan was "
    "detected] "
    "[Priority: 1]",
    "[1:20$k:$d] ET INFO $w/3.$n.$n.$n User-Agent [**] [Classification: Misc activity] [Priority: "
    "3]",
    "[1:2100498:7] GPL ATTACK_RESPONSE id check returned root [**] [Classification: (null)] "
    "[Priority: 3]",
};

static const char *const flows[] = {
    "{TCP} $I:$o -> $S:$p",           "{TCP} $R:$o -> $S:$p", "{TCP} $S:443 -> $I:$o",
    "{UDP} $P:$o -> ${10.0.0.53}:53", "{TCP} $F:$o -> $F:$p", "{TCP} $F:443 -> $F:$o",
    "{UDP} $F:$o -> $F:53",           "{ICMP} $I:8 -> $S:0",
};

static const char *const messages[] = {
    "- <Notice> - This is Suricata version $d.0.$d RELEASE running in SYSTEM mode",
    ("- <Info> - Running in live mode, home networks "
     "[${192.168.0.0}/16,${10.0.0.0}/8,${2001:db8::}/32]"),
    "- <Warning> - [ERRCODE: SC_ERR_UNKNOWN($n)] - host $I: $w",
    "- <Info> - stats: $w::$w $k at $t",
};

static void write_noise(generator *g) {
    put(g, "$m-$t.$r  [**] ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_message(generator *g) {
    put(g, "$m-$t ");
    put(g, PICK(g, messages));
}

static void write_alert(generator *g) {
    put(g, one_in(g, 8) ? "$m-$t.$r  [Drop] [**] " : "$m-$t.$r  [**] ");
    put(g, PICK(g, signatures));
    put(g, " ");
    put(g, PICK(g, flows));
}

static void write_suricata_line(generator *g) {
    uint32_t chance = below(g, 32);
    (chance == 0 ? write_noise : chance == 1 ? write_message : write_alert)(g);
}

const log_kind suricata_log = {"suricata", NULL, write_suricata_line};
