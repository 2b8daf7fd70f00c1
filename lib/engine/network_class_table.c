/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_class_table.c - classes by block.
 *
 * Sources: IANA IPv4 Special-Purpose Address Registry and IANA IPv6 Special-Purpose Address
 * Registry, as of 2025-10-09; IANA Internet Protocol Version 6 Address Space, for what is reserved
 * and what is delegated; RFC 5771 and RFC 4291 for multicast. A block is GLOBAL if its column
 * "Globally Reachable" is True.
 */
#include "network_class_table.h"

/* The mask in a shift count is for the branch that is not taken. */
#define HIGH_MASK(length) ((length) >= 64 ? UINT64_MAX : ~(UINT64_MAX >> ((length)&63)))
#define LOW_MASK(length)                                                                           \
    ((length) <= 64 ? 0 : (length) >= 128 ? UINT64_MAX : ~(UINT64_MAX >> ((length)&63)))
#define IPV4_BLOCK(a, b, c, d, length, classes, name, source)                                      \
    {                                                                                              \
        (uint64_t)(a) << 56 | (uint64_t)(b) << 48 | (uint64_t)(c) << 40 | (uint64_t)(d) << 32, 0,  \
            HIGH_MASK(length), 0, classes, 4, length, name, source                                 \
    }
#define IPV6_BLOCK(high, low, length, classes, name, source)                                       \
    {                                                                                              \
        UINT64_C(high), UINT64_C(low), HIGH_MASK(length), LOW_MASK(length), classes, 6, length,    \
            name, source                                                                           \
    }

#define UNSPECIFIED   SIMDINET_CLASS_UNSPECIFIED
#define THIS_NETWORK  SIMDINET_CLASS_THIS_NETWORK
#define DOCUMENTATION SIMDINET_CLASS_DOCUMENTATION
#define RESERVED      SIMDINET_CLASS_RESERVED
#define PROTOCOL      SIMDINET_CLASS_PROTOCOL
#define GLOBAL        SIMDINET_CLASS_GLOBAL

/* clang-format off */
const class_block simdinet_class_blocks[CLASS_BLOCKS] = {
    IPV4_BLOCK(0, 0, 0, 0, 0, GLOBAL, "Unicast", "RFC 791"),
    IPV4_BLOCK(0, 0, 0, 0, 8, THIS_NETWORK, "This network", "RFC 791"),
    IPV4_BLOCK(0, 0, 0, 0, 32, UNSPECIFIED | THIS_NETWORK, "This host on this network", "RFC 1122"),
    IPV4_BLOCK(10, 0, 0, 0, 8, SIMDINET_CLASS_PRIVATE, "Private-Use", "RFC 1918"),
    IPV4_BLOCK(100, 64, 0, 0, 10, SIMDINET_CLASS_SHARED, "Shared Address Space", "RFC 6598"),
    IPV4_BLOCK(127, 0, 0, 0, 8, SIMDINET_CLASS_LOOPBACK, "Loopback", "RFC 1122"),
    IPV4_BLOCK(169, 254, 0, 0, 16, SIMDINET_CLASS_LINK_LOCAL, "Link Local", "RFC 3927"),
    IPV4_BLOCK(172, 16, 0, 0, 12, SIMDINET_CLASS_PRIVATE, "Private-Use", "RFC 1918"),
    IPV4_BLOCK(192, 0, 0, 0, 24, PROTOCOL, "IETF Protocol Assignments", "RFC 6890"),
    IPV4_BLOCK(192, 0, 0, 0, 29, PROTOCOL, "IPv4 Service Continuity Prefix", "RFC 7335"),
    IPV4_BLOCK(192, 0, 0, 8, 32, PROTOCOL, "IPv4 dummy address", "RFC 7600"),
    IPV4_BLOCK(192, 0, 0, 9, 32, PROTOCOL | GLOBAL, "Port Control Protocol Anycast", "RFC 7723"),
    IPV4_BLOCK(192, 0, 0, 10, 32, PROTOCOL | GLOBAL, "Traversal Using Relays around NAT Anycast", "RFC 8155"),
    IPV4_BLOCK(192, 0, 0, 170, 32, PROTOCOL, "NAT64/DNS64 Discovery", "RFC 8880"),
    IPV4_BLOCK(192, 0, 0, 171, 32, PROTOCOL, "NAT64/DNS64 Discovery", "RFC 8880"),
    IPV4_BLOCK(192, 0, 2, 0, 24, DOCUMENTATION, "Documentation (TEST-NET-1)", "RFC 5737"),
    IPV4_BLOCK(192, 31, 196, 0, 24, PROTOCOL | GLOBAL, "AS112-v4", "RFC 7535"),
    IPV4_BLOCK(192, 52, 193, 0, 24, PROTOCOL | GLOBAL, "AMT", "RFC 7450"),
    IPV4_BLOCK(192, 88, 99, 0, 24, SIMDINET_CLASS_6TO4, "Deprecated (6to4 Relay Anycast)", "RFC 7526"),
    IPV4_BLOCK(192, 88, 99, 2, 32, SIMDINET_CLASS_6TO4, "6a44-relay anycast address", "RFC 6751"),
    IPV4_BLOCK(192, 168, 0, 0, 16, SIMDINET_CLASS_PRIVATE, "Private-Use", "RFC 1918"),
    IPV4_BLOCK(192, 175, 48, 0, 24, PROTOCOL | GLOBAL, "Direct Delegation AS112 Service", "RFC 7534"),
    IPV4_BLOCK(198, 18, 0, 0, 15, SIMDINET_CLASS_BENCHMARKING, "Benchmarking", "RFC 2544"),
    IPV4_BLOCK(198, 51, 100, 0, 24, DOCUMENTATION, "Documentation (TEST-NET-2)", "RFC 5737"),
    IPV4_BLOCK(203, 0, 113, 0, 24, DOCUMENTATION, "Documentation (TEST-NET-3)", "RFC 5737"),
    IPV4_BLOCK(224, 0, 0, 0, 4, SIMDINET_CLASS_MULTICAST, "Multicast", "RFC 5771"),
    IPV4_BLOCK(240, 0, 0, 0, 4, RESERVED, "Reserved", "RFC 1112"),
    IPV4_BLOCK(255, 255, 255, 255, 32, SIMDINET_CLASS_BROADCAST | RESERVED, "Limited Broadcast", "RFC 919"),

    IPV6_BLOCK(0, 0, 0, RESERVED, "Reserved by IETF", "RFC 4291"),
    IPV6_BLOCK(0, 0, 128, UNSPECIFIED, "Unspecified Address", "RFC 4291"),
    IPV6_BLOCK(0, 1, 128, SIMDINET_CLASS_LOOPBACK, "Loopback Address", "RFC 4291"),
    IPV6_BLOCK(0, 0x0000ffff00000000, 96, SIMDINET_CLASS_MAPPED, "IPv4-mapped Address", "RFC 4291"),
    IPV6_BLOCK(0x0064ff9b00000000, 0, 96, SIMDINET_CLASS_NAT64 | GLOBAL, "IPv4-IPv6 Translat.", "RFC 6052"),
    IPV6_BLOCK(0x0064ff9b00010000, 0, 48, SIMDINET_CLASS_NAT64, "IPv4-IPv6 Translat.", "RFC 8215"),
    IPV6_BLOCK(0x0100000000000000, 0, 64, SIMDINET_CLASS_DISCARD, "Discard-Only Address Block", "RFC 6666"),
    IPV6_BLOCK(0x0100000000000001, 0, 64, PROTOCOL, "Dummy IPv6 Prefix", "RFC 9780"),
    IPV6_BLOCK(0x2000000000000000, 0, 3, GLOBAL, "Global Unicast", "RFC 4291"),
    IPV6_BLOCK(0x2001000000000000, 0, 23, PROTOCOL, "IETF Protocol Assignments", "RFC 2928"),
    IPV6_BLOCK(0x2001000000000000, 0, 32, SIMDINET_CLASS_TEREDO, "TEREDO", "RFC 4380"),
    IPV6_BLOCK(0x2001000100000000, 1, 128, PROTOCOL | GLOBAL, "Port Control Protocol Anycast", "RFC 7723"),
    IPV6_BLOCK(0x2001000100000000, 2, 128, PROTOCOL | GLOBAL, "Traversal Using Relays around NAT Anycast",
               "RFC 8155"),
    IPV6_BLOCK(0x2001000100000000, 3, 128, PROTOCOL | GLOBAL, "DNS-SD Service Registration Protocol Anycast",
               "RFC 9665"),
    IPV6_BLOCK(0x2001000200000000, 0, 48, SIMDINET_CLASS_BENCHMARKING, "Benchmarking", "RFC 5180"),
    IPV6_BLOCK(0x2001000300000000, 0, 32, PROTOCOL | GLOBAL, "AMT", "RFC 7450"),
    IPV6_BLOCK(0x2001000401120000, 0, 48, PROTOCOL | GLOBAL, "AS112-v6", "RFC 7535"),
    IPV6_BLOCK(0x2001001000000000, 0, 28, PROTOCOL, "Deprecated (previously ORCHID)", "RFC 4843"),
    IPV6_BLOCK(0x2001002000000000, 0, 28, PROTOCOL | GLOBAL, "ORCHIDv2", "RFC 7343"),
    IPV6_BLOCK(0x2001003000000000, 0, 28, PROTOCOL | GLOBAL, "Drone Remote ID Protocol Entity Tags (DETs) Prefix",
               "RFC 9374"),
    IPV6_BLOCK(0x20010db800000000, 0, 32, DOCUMENTATION, "Documentation", "RFC 3849"),
    IPV6_BLOCK(0x2002000000000000, 0, 16, SIMDINET_CLASS_6TO4, "6to4", "RFC 3056"),
    IPV6_BLOCK(0x2620004f80000000, 0, 48, PROTOCOL | GLOBAL, "Direct Delegation AS112 Service", "RFC 7534"),
    IPV6_BLOCK(0x3fff000000000000, 0, 20, DOCUMENTATION, "Documentation", "RFC 9637"),
    IPV6_BLOCK(0x5f00000000000000, 0, 16, PROTOCOL, "Segment Routing (SRv6) SIDs", "RFC 9602"),
    IPV6_BLOCK(0xfc00000000000000, 0, 7, SIMDINET_CLASS_UNIQUE_LOCAL, "Unique-Local", "RFC 4193"),
    IPV6_BLOCK(0xfe80000000000000, 0, 10, SIMDINET_CLASS_LINK_LOCAL, "Link-Local Unicast", "RFC 4291"),
    IPV6_BLOCK(0xff00000000000000, 0, 8, SIMDINET_CLASS_MULTICAST, "Multicast", "RFC 4291"),
};
/* clang-format on */
