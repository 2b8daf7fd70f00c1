/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A firewall: what the Linux kernel, connection tracking and pf write to syslog. */
#include "loggen.h"

static const char *const prefixes[] = {"[UFW BLOCK] ", "[UFW BLOCK] ", "[UFW ALLOW] ",
                                       "DROP-IN: ", "nft-input: "};

static const char *const ipv4_packets[] = {
    "SRC=$I DST=$S LEN=$n TOS=0x00 PREC=0x00 TTL=$n ID=$p ",
    "SRC=$I DST=$S LEN=$n TOS=0x00 PREC=0x20 TTL=$n ID=$p DF ",
    "SRC=$R DST=$S LEN=40 TOS=0x00 PREC=0x00 TTL=$n ID=$p ",
    "SRC=$P DST=$I LEN=$n TOS=0x00 PREC=0x00 TTL=64 ID=$p DF ",
};

/* Broadcasts of a few hosts, many times. */
static const char *const ipv4_broadcasts[] = {
    "SRC=$P DST=${10.0.3.255} LEN=$n TOS=0x00 PREC=0x00 TTL=64 ID=$p ",
    "SRC=${0.0.0.0} DST=${255.255.255.255} LEN=328 TOS=0x10 PREC=0x00 TTL=128 ID=0 ",
};

/* The kernel writes IPv6 in full; a relay may have shortened it. */
static const char *const ipv6_packets[] = {
    "SRC=$F DST=${2001:0db8:0080:0000:0000:0000:0000:0010} LEN=$n TC=0 HOPLIMIT=$n FLOWLBL=$k ",
    "SRC=$F DST=$F LEN=$n TC=0 HOPLIMIT=$n FLOWLBL=0 ",
    "SRC=$X DST=$T LEN=$n TC=0 HOPLIMIT=$n FLOWLBL=$k ",
};

static const char *const ipv6_multicasts[] = {
    "SRC=$L DST=${ff02::1} LEN=$n TC=0 HOPLIMIT=255 FLOWLBL=0 ",
    "SRC=${::} DST=${ff02::1:ff00:12} LEN=72 TC=0 HOPLIMIT=255 FLOWLBL=0 ",
};

static const char *const transports[] = {
    "PROTO=TCP SPT=$o DPT=$p WINDOW=64240 RES=0x00 SYN URGP=0",
    "PROTO=TCP SPT=$o DPT=$p WINDOW=$k RES=0x00 ACK FIN URGP=0",
    "PROTO=UDP SPT=$o DPT=$p LEN=$n",
};

static const char *const ipv4_transports[] = {
    "PROTO=ICMP TYPE=8 CODE=0 ID=$p SEQ=$n",
    "PROTO=ICMP TYPE=3 CODE=1 [SRC=$S DST=$I LEN=$n TOS=0x00 PREC=0x00 TTL=$n ID=$p DF "
    "PROTO=TCP SPT=$o DPT=$p WINDOW=$k RES=0x00 SYN URGP=0 ]",
};

static const char *const others[] = {
    ("conntrack: [NEW] tcp 6 120 SYN_SENT src=$I dst=$S sport=$o dport=$p [UNREPLIED] src=$S "
     "dst=$I sport=$o dport=$p"),
    "conntrack: [DESTROY] udp 17 src=$X dst=$T sport=$o dport=53 packets=$d bytes=$k",
    "pf: rule $d/0(match): block in on em0: $I.$p > $I.$p: Flags [S], seq $k",
    "sshd[$k]: Failed password for root from $I port $o ssh2",
    "sshd[$k]: Failed password for invalid user admin from $X port $o ssh2",
    "sshd[$k]: Server listening on ${0.0.0.0} port 22.",
    "sshd[$k]: Server listening on ${::} port 22.",
    "sshd[$k]: Received disconnect from $I port $o:11: Bye Bye [preauth]",
    "dhcpd[$k]: DHCPACK on $P to $c (printer-$d) via eth1",
    "fail2ban[$k]: NOTICE [sshd] Ban $C",
    "radvd[$k]: prefix ${2001:db8:80::}/64 on eth1, next hop $L",
    "ntpd[$k]: Listen normally on 5 eth0 [$L%2]:123",
    "charon[$k]: 07[NET] received packet: from $I[500] to $S[500] ($k bytes)",
    "named[$k]: client @0x$x $C#$p ($w.example.org): query: $w.example.org IN AAAA +E ($S)",
};

static void write_packet(generator *g) {
    put(g, "$j gw1 kernel: [$f] ");
    put(g, PICK(g, prefixes));
    put(g, "IN=eth0 OUT= MAC=00:16:3e:5e:6c:00:$c:");
    if (one_in(g, 5)) {
        put(g, "86:dd ");
        put(g, one_in(g, 16) ? PICK(g, ipv6_multicasts) : PICK(g, ipv6_packets));
        put(g, PICK(g, transports));
    } else {
        put(g, "08:00 ");
        put(g, one_in(g, 32) ? PICK(g, ipv4_broadcasts) : PICK(g, ipv4_packets));
        put(g, one_in(g, 10) ? PICK(g, ipv4_transports) : PICK(g, transports));
    }
}

static void write_noise(generator *g) {
    put(g, "$j gw1 monitor[$k]: ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_other(generator *g) {
    put(g, "$j gw1 ");
    put(g, PICK(g, others));
}

static void write_firewall_line(generator *g) {
    uint32_t chance = below(g, 32);
    (chance == 0 ? write_noise : chance < 6 ? write_other : write_packet)(g);
}

const log_kind firewall_log = {"firewall", NULL, write_firewall_line};
