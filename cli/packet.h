/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * packet.h - finds the IP headers of a captured packet.
 */
#ifndef SIMDINET_PACKET_H
#define SIMDINET_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    LINK_UNKNOWN,
    LINK_ETHERNET,
    LINK_RAW,      /* an IP header */
    LINK_LOOPBACK, /* four bytes of address family */
    LINK_COOKED,   /* Linux, LINUX_SLL */
    LINK_COOKED2,  /* LINUX_SLL2 */
    LINK_PPP,      /* with or without address and control bytes */
    LINK_PPPOE,    /* the PPPoE header and after */
    LINK_HDLC      /* Cisco */
} link_type;

/* By the number of the registry of link-layer header types (LINKTYPE_*), or of libpcap (DLT_*). */
link_type link_type_of(unsigned number);

/* The addresses of an IP header: 4 or 16 bytes in network order, at the given places of the packet. */
typedef struct {
    unsigned family; /* 4 or 6 */
    const uint8_t *source, *destination;
} ip_header;

/* An outer header and those within it. */
enum { MAX_IP_HEADERS = 8 };

/*
 * Stores the IP headers of packet[0, len) and returns how many there are. VLAN tags, MPLS labels and PPPoE
 * are skipped. inner: also the headers within IPIP, 6in4 and GRE; otherwise at most one. A header that is
 * cut off or inconsistent is not stored and ends the search.
 */
size_t find_ip_headers(link_type link, const uint8_t *packet, size_t len, bool inner,
                       ip_header out[MAX_IP_HEADERS]);

#endif
