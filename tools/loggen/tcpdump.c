/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* tcpdump: packets as text, with the port after a dot. */
#include "loggen.h"

static const char *const packets[] = {
    ("IP $I.$o > $S.$p: Flags [S], seq $k, win 64240, options [mss 1460,sackOK,TS val $k ecr 0], "
     "length 0"),
    "IP $I.$o > $S.$p: Flags [P.], seq $k:$k, ack $k, win 501, length $n",
    "IP $S.443 > $I.$o: Flags [.], ack $k, win $k, length 0",
    "IP $P.$o > $S.https: Flags [F.], seq $k, ack $k, win 229, length 0",
    "IP $R.$o > $S.$p: Flags [R], seq $k, win 0, length 0",
    "IP $P.$o > ${10.0.0.53}.domain: $k+ A? $w.example.org. ($n)",
    "IP ${10.0.0.53}.domain > $P.$o: $k 2/0/1 A $I, A $I ($n)",
    "IP ${10.0.0.53}.53 > $P.$o: $k 1/0/0 PTR host-$n-$n-$n-$n.example.net. ($n)",
    "IP $P.123 > $S.123: NTPv4, Client, length 48",
    "IP $P.syslog > ${10.0.0.9}.syslog: SYSLOG local7.info, length: $n",
    "IP $I > $S: ICMP echo request, id $k, seq $n, length 64",
    "IP $S > $I: ICMP $P udp port $p unreachable, length $n",
    "IP $P > ${224.0.0.251}: igmp v2 report ${224.0.0.251}",
    "IP6 $X.$o > $T.$p: Flags [S], seq $k, win 64800, length 0",
    "IP6 $T.443 > $X.$o: Flags [P.], seq $k:$k, ack $k, win 501, length $n",
    "IP6 $X.$o > ${2001:db8:80::53}.domain: $k+ AAAA? $w.example.org. ($n)",
    "IP6 ${2001:db8:80::53}.domain > $X.$o: $k 1/0/0 AAAA $X ($n)",
    "IP6 $L > ${ff02::1}: ICMP6, router advertisement, length 56",
    "IP6 ${::} > ${ff02::1:ff00:12}: ICMP6, neighbor solicitation, who has $L, length 32",
    "IP6 $L.546 > ${ff02::1:2}.547: dhcp6 solicit",
    "ARP, Request who-has $P tell $P, length 46",
    "ARP, Reply $P is-at $c, length 46",
};

/* What -v, -e and -x add. */
static const char *const verbose[] = {
    "IP (tos 0x0, ttl $n, id $k, offset 0, flags [DF], proto TCP (6), length $n)",
    "    $I.$o > $S.$p: Flags [S], cksum 0x$q (correct), seq $k, win 65535, length 0",
    "    $X.$o > $T.443: Flags [.], cksum 0x$q (correct), ack $k, win $k, length 0",
    "$c > $c, ethertype IPv4 (0x0800), length $n: $I.$o > $S.$p: tcp 0",
    "$c > $c, ethertype IPv6 (0x86dd), length $n: $X.$o > $T.$p: tcp $n",
    "\t0x0000:  4500 003c $q 4000 4006 $q $q $q",
    "\t0x0010:  $q $q $q $q $q $q $q $q  E..<..@.@.......",
    "IP $P.$o > $P.161:  GetRequest($n)  .1.3.6.1.2.1.$n.$n.0",
    "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes",
};

static void write_noise(generator *g) {
    put(g, "$t.$r ");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_verbose(generator *g) {
    put(g, "$t.$r ");
    put(g, PICK(g, verbose));
}

static void write_packet(generator *g) {
    put(g, "$t.$r ");
    put(g, PICK(g, packets));
}

static void write_tcpdump_line(generator *g) {
    uint32_t chance = below(g, 32);
    (chance == 0 ? write_noise : chance < 6 ? write_verbose : write_packet)(g);
}

const log_kind tcpdump_log = {"tcpdump", NULL, write_tcpdump_line};
