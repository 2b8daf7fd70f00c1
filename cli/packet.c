/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "packet.h"

/* EtherTypes, also as the protocol of GRE and of Linux cooked headers. */
enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_QINQ_OLD = 0x9100,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_MULTICAST = 0x8848,
    TYPE_PPPOE = 0x8864,
    TYPE_PPP = 0x880b,
    TYPE_ETHERNET = 0x6558,
    MAX_802_3_LENGTH = 1500
};

/* Protocols of PPP (RFC 1332, 5072, 3032). */
enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, PPP_MPLS = 0x0281, PPP_MPLS_MULTICAST = 0x0283 };

/* IP protocol numbers. */
enum {
    HOP_BY_HOP = 0,
    IPV4_IN_IP = 4,
    IPV6_IN_IP = 41,
    ROUTING = 43,
    FRAGMENT = 44,
    GRE = 47,
    AUTHENTICATION = 51,
    DESTINATION_OPTIONS = 60
};

/* A header nested deeper than this is not searched. */
enum { MAX_DEPTH = 32 };

typedef struct {
    const uint8_t *at, *end;
    bool inner;
    unsigned depth;
    ip_header *out;
    size_t count;
} packet_walk;

static unsigned big16(const uint8_t *p) {
    return (unsigned)(p[0] << 8 | p[1]);
}

static size_t left(const packet_walk *w) {
    return (size_t)(w->end - w->at);
}

static bool skip(packet_walk *w, size_t len) {
    if (left(w) < len)
        return false;
    w->at += len;
    return true;
}

static void walk_type(packet_walk *w, unsigned type);
static void walk_protocol(packet_walk *w, unsigned protocol);

static void store(packet_walk *w, unsigned family, const uint8_t *source) {
    w->out[w->count++] = (ip_header){family, source, source + (family == 4 ? 4 : 16)};
}

static bool may_continue(const packet_walk *w) {
    return w->inner && w->count < MAX_IP_HEADERS && w->depth < MAX_DEPTH;
}

/* A total length of 0 is that of segmentation offload. The end of the packet may be padding. */
static void walk_ipv4(packet_walk *w) {
    const uint8_t *p = w->at;
    if (left(w) < 20 || p[0] >> 4 != 4)
        return;
    const size_t header = (size_t)(p[0] & 15) * 4, total = big16(p + 2);
    if (header < 20 || (total != 0 && total < header))
        return;
    store(w, 4, p + 12);
    if (total != 0 && total < left(w))
        w->end = p + total;
    /* Only the first fragment holds what follows the header. */
    if (may_continue(w) && (big16(p + 6) & 0x1fff) == 0 && skip(w, header))
        walk_protocol(w, p[9]);
}

/* Skips extension headers. False: what follows is not a complete header. */
static bool skip_extensions(packet_walk *w, unsigned *next) {
    for (;; w->depth++) {
        const uint8_t *p = w->at;
        size_t len;
        if (*next != HOP_BY_HOP && *next != ROUTING && *next != FRAGMENT &&
            *next != AUTHENTICATION && *next != DESTINATION_OPTIONS)
            return true;
        if (left(w) < 8 || w->depth >= MAX_DEPTH)
            return false;
        if (*next == FRAGMENT && big16(p + 2) >> 3 != 0)
            return false;
        len = *next == FRAGMENT         ? 8
              : *next == AUTHENTICATION ? (p[1] + (size_t)2) * 4
                                        : (p[1] + (size_t)1) * 8;
        *next = p[0];
        if (!skip(w, len))
            return false;
    }
}

static void walk_ipv6(packet_walk *w) {
    const uint8_t *p = w->at;
    if (left(w) < 40 || p[0] >> 4 != 6)
        return;
    const size_t payload = big16(p + 4);
    unsigned next = p[6];
    store(w, 6, p + 8);
    if (payload != 0 && payload + 40 < left(w))
        w->end = p + 40 + payload;
    if (may_continue(w) && skip(w, 40) && skip_extensions(w, &next))
        walk_protocol(w, next);
}

/* By the version of the header. */
static void walk_ip(packet_walk *w) {
    if (left(w) > 0 && *w->at >> 4 == 4)
        walk_ipv4(w);
    else
        walk_ipv6(w);
}

/* RFC 2784 and 2890: flags, protocol, then what the flags announce. */
static void walk_gre(packet_walk *w) {
    const uint8_t *p = w->at;
    if (!skip(w, 4))
        return;
    const unsigned flags = big16(p), version = flags & 7;
    const bool checksum = flags & 0x8000, routing = flags & 0x4000, key = flags & 0x2000,
               sequence = flags & 0x1000, acknowledgment = version == 1 && flags & 0x80;
    if (version > 1 || routing)
        return;
    if (skip(w, 4 * (size_t)(checksum + key + sequence + acknowledgment)))
        walk_type(w, big16(p + 2));
}

static void walk_protocol(packet_walk *w, unsigned protocol) {
    w->depth++;
    if (protocol == IPV4_IN_IP)
        walk_ipv4(w);
    else if (protocol == IPV6_IN_IP)
        walk_ipv6(w);
    else if (protocol == GRE)
        walk_gre(w);
}

/* RFC 3032: labels of four bytes up to the bottom of the stack, then an IP header. */
static void walk_mpls(packet_walk *w) {
    bool bottom = false;
    while (!bottom) {
        if (left(w) < 4)
            return;
        bottom = w->at[2] & 1;
        w->at += 4;
    }
    walk_ip(w);
}

/* The protocol field has one byte if that is odd (RFC 1661); address and control bytes may precede it. */
static void walk_ppp(packet_walk *w) {
    if (left(w) >= 2 && w->at[0] == 0xff && w->at[1] == 0x03)
        w->at += 2;
    if (left(w) < 2)
        return;
    const bool compressed = w->at[0] & 1;
    const unsigned protocol = compressed ? w->at[0] : big16(w->at);
    w->at += compressed ? 1 : 2;
    if (protocol == PPP_IPV4)
        walk_ipv4(w);
    else if (protocol == PPP_IPV6)
        walk_ipv6(w);
    else if (protocol == PPP_MPLS || protocol == PPP_MPLS_MULTICAST)
        walk_mpls(w);
}

/* RFC 2516: version and type 1, code 0 in a session, session, length. */
static void walk_pppoe(packet_walk *w) {
    const uint8_t *p = w->at;
    if (skip(w, 6) && p[0] == 0x11 && p[1] == 0)
        walk_ppp(w);
}

/* LLC and SNAP (IEEE 802.2) hold an EtherType. */
static void walk_llc(packet_walk *w) {
    const uint8_t *p = w->at;
    if (skip(w, 8) && p[0] == 0xaa && p[1] == 0xaa && p[2] == 3 && (p[3] | p[4] | p[5]) == 0)
        walk_type(w, big16(p + 6));
}

static void walk_ethernet(packet_walk *w) {
    const uint8_t *p = w->at;
    if (!skip(w, 14))
        return;
    const unsigned type = big16(p + 12);
    if (type <= MAX_802_3_LENGTH)
        walk_llc(w);
    else
        walk_type(w, type);
}

static void walk_type(packet_walk *w, unsigned type) {
    while ((type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD) && left(w) >= 4) {
        type = big16(w->at + 2);
        w->at += 4;
    }
    if (w->depth++ >= MAX_DEPTH)
        return;
    switch (type) {
    case TYPE_IPV4:
        walk_ipv4(w);
        break;
    case TYPE_IPV6:
        walk_ipv6(w);
        break;
    case TYPE_MPLS:
    case TYPE_MPLS_MULTICAST:
        walk_mpls(w);
        break;
    case TYPE_PPPOE:
        walk_pppoe(w);
        break;
    case TYPE_PPP:
        walk_ppp(w);
        break;
    case TYPE_ETHERNET:
        walk_ethernet(w);
        break;
    default:
        break;
    }
}

link_type link_type_of(unsigned number) {
    switch (number) {
    case 1:
        return LINK_ETHERNET;
    case 12: /* DLT_RAW of libpcap on most systems */
    case 14: /* on OpenBSD */
    case 101:
    case 228: /* IPv4 */
    case 229: /* IPv6 */
        return LINK_RAW;
    case 0:
    case 108:
        return LINK_LOOPBACK;
    case 113:
        return LINK_COOKED;
    case 276:
        return LINK_COOKED2;
    case 9:
    case 50: /* in HDLC framing */
        return LINK_PPP;
    case 51:
        return LINK_PPPOE;
    case 104:
        return LINK_HDLC;
    default:
        return LINK_UNKNOWN;
    }
}

size_t find_ip_headers(link_type link, const uint8_t *packet, size_t len, bool inner,
                       ip_header out[MAX_IP_HEADERS]) {
    packet_walk w = {.at = packet, .end = packet + len, .inner = inner, .out = out};
    switch (link) {
    case LINK_UNKNOWN:
        break;
    case LINK_ETHERNET:
        walk_ethernet(&w);
        break;
    case LINK_RAW:
        walk_ip(&w);
        break;
    case LINK_LOOPBACK:
        /* The family has the numbers and the byte order of the system that wrote it. */
        if (skip(&w, 4))
            walk_ip(&w);
        break;
    case LINK_COOKED:
        if (skip(&w, 16))
            walk_type(&w, big16(packet + 14));
        break;
    case LINK_COOKED2:
        if (skip(&w, 20))
            walk_type(&w, big16(packet));
        break;
    case LINK_PPP:
        walk_ppp(&w);
        break;
    case LINK_PPPOE:
        walk_pppoe(&w);
        break;
    case LINK_HDLC:
        if (skip(&w, 4))
            walk_type(&w, big16(packet + 2));
        break;
    }
    return w.count;
}
