/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A Cisco ASA: interface:address/port and interface/address(port) in syslog. */
#include "loggen.h"

static const char *const connections[] = {
    "%ASA-6-302013: Built inbound TCP connection $k for outside:$I/$o ($I/$o) to inside:$P/$p "
    "($S/$p)",
    "%ASA-6-302013: Built outbound TCP connection $k for outside:$X/443 ($X/443) to inside:$X/$o "
    "($X/$o)",
    "%ASA-6-302014: Teardown TCP connection $k for outside:$I/$o to inside:$P/$p duration $t bytes "
    "$z TCP FINs",
    "%ASA-6-302014: Teardown TCP connection $k for outside:$X/$o to dmz:$T/$p duration $t bytes $z "
    "TCP Reset-I",
    "%ASA-6-302015: Built outbound UDP connection $k for outside:$S/53 ($S/53) to inside:$P/$o "
    "($S/$o)",
    "%ASA-6-302020: Built inbound ICMP connection for faddr $I/$k gaddr $S/0 laddr $P/0",
    "%ASA-6-305011: Built dynamic TCP translation from inside:$P/$o to outside:$S/$o",
    "%ASA-7-609001: Built local-host outside:$C",
    "%ASA-4-106023: Deny tcp src outside:$I/$o dst inside:$S/$p by access-group \"outside_in\" "
    "[0x$x, 0x0]",
    "%ASA-4-106023: Deny udp src outside:$X/$o dst inside:$T/$p by access-group \"outside_in\" "
    "[0x0, 0x0]",
    "%ASA-2-106001: Inbound TCP connection denied from $R/$o to $S/$p flags SYN  on interface "
    "outside",
    "%ASA-6-106100: access-list outside_in denied tcp outside/$I($o) -> inside/$S($p) hit-cnt 1 "
    "first hit "
    "[0x$x, 0x0]",
    "%ASA-6-106100: access-list outside_in permitted tcp outside/$X($o) -> inside/$T(443) hit-cnt "
    "$n [0x$x, 0x0]",
    "%ASA-3-106010: Deny inbound icmp src outside:$I dst inside:$S (type 8, code 0)",
};

static const char *const others[] = {
    "%ASA-4-722051: Group <vpn> User <alice> IP <$I> IPv4 Address <$P> IPv6 address <${::}> "
    "assigned to session",
    "%ASA-4-113019: Group = vpn, Username = alice, IP = $I, Session disconnected. Duration: "
    "$dh:$nm:$ns",
    "%ASA-6-113004: AAA user authentication Successful : server =  $P : user = alice",
    "%ASA-5-111008: User 'admin' executed the 'ping inside $P' command.",
    "%ASA-5-111010: User 'admin', running 'CLI' from IP $P, executed 'write memory'",
    "%ASA-6-605005: Login permitted from $P/$o to inside:$P/ssh for user \"admin\"",
    "%ASA-6-722055: Group <vpn> User <alice> IP <$I> Client version 4.10.$n.$n",
    "%ASA-5-305013: Asymmetric NAT rules matched for forward and reverse flows; Connection for udp "
    "src "
    "outside:$I/$o dst inside:$S/$p denied",
    "%ASA-4-411001: Line protocol on Interface GigabitEthernet0/$d, changed state to up",
    "%ASA-7-710005: UDP request discarded from $P/$o to inside:${255.255.255.255}/67",
    "%ASA-3-313001: Denied ICMP type=8, code=0 from $I on interface outside",
    "%ASA-3-326028: Asynchronous error: oid 1.3.6.1.4.1.9.$n.$n",
};

static void write_noise(generator *g) {
    put(g, "$j fw1 %ASA-7-711001: ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_message(generator *g) {
    put(g, "$j fw1 ");
    put(g, one_in(g, 8) ? PICK(g, others) : PICK(g, connections));
}

static void write_asa_line(generator *g) {
    (one_in(g, 32) ? write_noise : write_message)(g);
}

const log_kind asa_log = {"asa", NULL, write_asa_line};
