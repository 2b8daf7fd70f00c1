/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Zeek: connections and DNS answers as tab-separated values, in sections with a header each. */
#include "loggen.h"

#define SECTION_ROWS 4000u

static const char conn_header[] =
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#open\t$y-00-00-00\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\t"
    "orig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\t"
    "tunnel_parents\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\t"
    "bool\tbool\tcount\tstring\tset[string]\n";

static const char dns_header[] =
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    "#open\t$y-00-00-00\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\t"
    "qclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\t"
    "rejected\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\t"
    "count\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\t"
    "vector[interval]\tbool\n";

static const char *const endpoints[] = {
    "$P\t$o\t$I\t443\t", "$P\t$o\t$I\t443\t", "$P\t$o\t$I\t80\t",  "$I\t$o\t$S\t443\t",
    "$I\t$o\t$S\t22\t",  "$R\t$o\t$S\t$p\t",  "$X\t$o\t$T\t443\t", "$X\t$o\t$X\t443\t",
};

static const char *const connections[] = {
    "tcp\tssl\t$s\t$k\t$z\tSF\tT\tF\t0\tShADadFf\t(empty)",
    "tcp\thttp\t$s\t$k\t$z\tSF\tT\tF\t0\tShADadfF\t(empty)",
    "tcp\t-\t-\t-\t-\tS0\tF\tT\t0\tS\t(empty)",
    "tcp\tssh\t$s\t$k\t$k\tRSTO\tF\tT\t0\tShADaR\t-",
    "udp\t-\t$s\t$k\t$k\tSF\tT\tF\t0\tDd\t$v,$v",
};

static const char *const resolvers[] = {
    "$P\t$o\t${10.0.0.53}\t53\tudp\t$p\t$s\t", "$P\t$o\t$P\t53\tudp\t$p\t$s\t",
    "$P\t$o\t$S\t53\tudp\t$p\t$s\t",           "$I\t$o\t$S\t53\tudp\t$p\t$s\t",
    "$X\t$o\t$T\t53\tudp\t$p\t$s\t",
};

static const char *const local_resolvers[] = {
    "$L\t$o\t${2001:db8:80::53}\t53\tudp\t$p\t$s\t",
    "${::1}\t$o\t${::1}\t53\tudp\t$p\t$s\t",
    "$P\t5353\t${224.0.0.251}\t5353\tudp\t0\t-\t",
};

/* Reverse names of IPv6: 32 digits with dots, some of which look like IPv4. */
#define NIBBLES "$g.$g.0.0.$g.0.0.0."

static const char *const queries[] = {
    "$w.example.org\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t$I\t300.000000\tF",
    "$w.example.com\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t$w.cdn.example,$I,$I\t"
    "60.000000,20.000000,20.000000\tF",
    "$w.$w.example.net\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t$I,$I,$I,$I\t"
    "30.000000,30.000000,30.000000,30.000000\tF",
    "$w.example.org\t1\tC_INTERNET\t28\tAAAA\t0\tNOERROR\tF\tF\tT\tT\t0\t$X,$X\t"
    "300.000000,300.000000\tF",
    "$w.example.com\t1\tC_INTERNET\t28\tAAAA\t0\tNOERROR\tF\tF\tT\tT\t0\t$w.cdn.example,$X\t"
    "60.000000,20.000000\tF",
    "$w.example.net\t1\tC_INTERNET\t1\tA\t3\tNXDOMAIN\tF\tF\tT\tF\t0\t-\t-\tF",
    "$n.$n.$n.$n.in-addr.arpa\t1\tC_INTERNET\t12\tPTR\t0\tNOERROR\tF\tF\tT\tT\t0\t"
    "host-$n-$n-$n-$n.$w.example.net\t3600.000000\tF",
    NIBBLES NIBBLES NIBBLES "$g.$g.$g.$g.8.b.d.0.1.0.0.2.ip6.arpa\t1\tC_INTERNET\t12\tPTR\t0\t"
                            "NOERROR\tF\tF\tT\tT\t0\t$w.example.org\t3600.000000\tF",
    "$w.example.org\t1\tC_INTERNET\t16\tTXT\t0\tNOERROR\tF\tF\tT\tT\t0\t"
    "TXT 60 v=spf1 ip4:$I/24 ip4:$I ip6:${2001:db8::}/32 -all\t3600.000000\tF",
};

/* Sections of conn and dns records alternate. */
static unsigned rows_left;
static bool in_dns;

static void begin_section(generator *g) {
    put(g, in_dns ? dns_header : conn_header);
    rows_left = SECTION_ROWS;
}

static void write_noise(generator *g) {
    put(g, "#note\t$e\t$v\t");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
}

static void write_row(generator *g) {
    put(g, "$e\t$v\t");
    if (in_dns) {
        put(g, one_in(g, 16) ? PICK(g, local_resolvers) : PICK(g, resolvers));
        put(g, PICK(g, queries));
    } else {
        put(g, PICK(g, endpoints));
        put(g, PICK(g, connections));
    }
}

static void write_zeek_line(generator *g) {
    if (rows_left == 0) {
        in_dns = !in_dns;
        begin_section(g);
    }
    rows_left--;
    (one_in(g, 40) ? write_noise : write_row)(g);
}

const log_kind zeek_log = {"zeek", begin_section, write_zeek_line};
