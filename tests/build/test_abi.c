/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The layouts and constants that programs compiled against the headers contain. With the same
 * SONAME lines are only added; tests/build/abi/symbols.txt lists the exported names.
 */
#include <criterion/criterion.h>
#include <stddef.h>
#include <stdint.h>

#include "simdinet.h"
#include "simdinet_network_set.h"
#include "simdinet_socket.h"

/* 64-bit machines and 32-bit ones. */
enum { COLUMN = sizeof(void *) == 8 ? 0 : 1 };

#define SIZE(type, in64, in32)                                                                     \
    {                                                                                              \
#        type, sizeof(type), {                                                                     \
            in64, in32                                                                             \
        }                                                                                          \
    }
#define OFFSET(type, member, in64, in32)                                                           \
    {                                                                                              \
#        type "." #        member, offsetof(type, member), {                                       \
            in64, in32                                                                             \
        }                                                                                          \
    }
#define VALUE(name, value)                                                                         \
    {                                                                                              \
#        name, (size_t)(name), {                                                                   \
            value, value                                                                           \
        }                                                                                          \
    }

static const struct {
    const char *name;
    size_t is;
    size_t was[2];
} facts[] = {
    SIZE(simdinet_match, 40, 32),
    OFFSET(simdinet_match, offset, 0, 0),
    OFFSET(simdinet_match, length, 8, 4),
    OFFSET(simdinet_match, family, 10, 6),
    OFFSET(simdinet_match, rule, 11, 7),
    OFFSET(simdinet_match, flags, 12, 8),
    OFFSET(simdinet_match, address, 16, 12),
    OFFSET(simdinet_match, port, 32, 28),

    SIZE(simdinet_scan_rule, 4, 4),
    VALUE(SIMDINET_RULE_NONE, 0),
    VALUE(SIMDINET_RULE_WORD_BEFORE, 1),
    VALUE(SIMDINET_RULE_WORD_AFTER, 2),
    VALUE(SIMDINET_RULE_DOTTED_RUN, 3),
    VALUE(SIMDINET_RULE_INVALID_IPV4, 4),
    VALUE(SIMDINET_RULE_COLON_HEX, 5),
    VALUE(SIMDINET_RULE_INVALID_IPV6, 6),
    VALUE(SIMDINET_RULE_HARDWARE_ADDRESS, 7),
    VALUE(SIMDINET_RULE_BARE_UNSPECIFIED, 8),

    SIZE(simdinet_implementation_info, 24, 12),
    OFFSET(simdinet_implementation_info, name, 0, 0),
    OFFSET(simdinet_implementation_info, requirements, 8, 4),
    OFFSET(simdinet_implementation_info, available, 16, 8),
    OFFSET(simdinet_implementation_info, supported, 17, 9),
    OFFSET(simdinet_implementation_info, active, 18, 10),

    SIZE(simdinet_error, 56, 32),
    OFFSET(simdinet_error, status, 0, 0),
    OFFSET(simdinet_error, detail, 4, 4),
    OFFSET(simdinet_error, sys_errno, 8, 8),
    OFFSET(simdinet_error, needed, 16, 12),
    OFFSET(simdinet_error, reserved, 24, 16),

    SIZE(simdinet_hostent, 48, 24),
    OFFSET(simdinet_hostent, name, 0, 0),
    OFFSET(simdinet_hostent, naliases, 8, 4),
    OFFSET(simdinet_hostent, aliases, 16, 8),
    OFFSET(simdinet_hostent, family, 24, 12),
    OFFSET(simdinet_hostent, naddrs, 32, 16),
    OFFSET(simdinet_hostent, addrs, 40, 20),

    SIZE(simdinet_reason, 4, 4),
    VALUE(SIMDINET_REASON_NONE, 0),
    VALUE(SIMDINET_REASON_EMPTY, 1),
    VALUE(SIMDINET_REASON_CHARACTER, 2),
    VALUE(SIMDINET_REASON_END, 3),
    VALUE(SIMDINET_REASON_OCTET_MISSING, 4),
    VALUE(SIMDINET_REASON_OCTET_RANGE, 5),
    VALUE(SIMDINET_REASON_LEADING_ZERO, 6),
    VALUE(SIMDINET_REASON_OCTET_COUNT_LOW, 7),
    VALUE(SIMDINET_REASON_OCTET_COUNT_HIGH, 8),
    VALUE(SIMDINET_REASON_GROUP_LENGTH, 9),
    VALUE(SIMDINET_REASON_GROUP_COUNT_LOW, 10),
    VALUE(SIMDINET_REASON_GROUP_COUNT_HIGH, 11),
    VALUE(SIMDINET_REASON_SINGLE_COLON, 12),
    VALUE(SIMDINET_REASON_SECOND_COMPRESSION, 13),
    VALUE(SIMDINET_REASON_EMBEDDED_IPV4, 14),
    VALUE(SIMDINET_REASON_NULL, 15),
    VALUE(SIMDINET_REASON_PREFIX_MISSING, 16),
    VALUE(SIMDINET_REASON_PREFIX_RANGE, 17),
    VALUE(SIMDINET_REASON_NETMASK, 18),
    VALUE(SIMDINET_REASON_HOST_BITS, 19),
    VALUE(SIMDINET_REASON_NUMBER_ZERO, 20),
    VALUE(SIMDINET_REASON_RANGE_FAMILY, 21),
    VALUE(SIMDINET_REASON_RANGE_ORDER, 22),
    VALUE(SIMDINET_REASON_BRACKET, 23),
    VALUE(SIMDINET_REASON_ZONE_MISSING, 24),
    VALUE(SIMDINET_REASON_PORT_MISSING, 25),
    VALUE(SIMDINET_REASON_PORT_RANGE, 26),

    SIZE(simdinet_status, 4, 4),
    VALUE(SIMDINET_OK, 0),
    VALUE(SIMDINET_E_RANGE, 1),
    VALUE(SIMDINET_E_VALUE, 2),
    VALUE(SIMDINET_E_NUL, 3),
    VALUE(SIMDINET_E_ERRNO, 4),
    VALUE(SIMDINET_E_GAI, 5),
    VALUE(SIMDINET_E_HERR, 6),
    VALUE(SIMDINET_E_NOTFOUND, 7),
    VALUE(SIMDINET_E_AMBIGUOUS, 8),
    VALUE(SIMDINET_E_SHAPE, 9),
    VALUE(SIMDINET_E_NOSPACE, 10),
    VALUE(SIMDINET_E_NOMEM, 11),

    VALUE(SIMDINET_IPV4_TEXT_SIZE, 16),
    VALUE(SIMDINET_IPV6_TEXT_SIZE, 46),
    VALUE(SIMDINET_LINES_PARTIAL, 0x01),
    VALUE(SIMDINET_LINES_MAX_PENDING, 64),
    VALUE(SIMDINET_SCAN_IPV4, 0x01),
    VALUE(SIMDINET_SCAN_IPV6, 0x02),
    VALUE(SIMDINET_SCAN_PARTIAL, 0x04),
    VALUE(SIMDINET_SCAN_REJECTED, 0x08),
    VALUE(SIMDINET_SCAN_RECALL, 0x10),
    VALUE(SIMDINET_SCAN_BARE_UNSPECIFIED, 0x20),
    VALUE(SIMDINET_SCAN_EUI64, 0x40),
    VALUE(SIMDINET_SCAN_DEFANGED, 0x80),
    VALUE(SIMDINET_SCAN_NO_VERSION_SLASH, 0x0100),
    VALUE(SIMDINET_SCAN_NO_VERSION_KEY, 0x0200),
    VALUE(SIMDINET_SCAN_NO_VERSION_USER_AGENT, 0x0400),
    VALUE(SIMDINET_SCAN_NO_VERSION_HEADER, 0x0800),
    VALUE(SIMDINET_SCAN_NO_VERSION_PACKAGE, 0x1000),
    VALUE(SIMDINET_SCAN_NO_VERSIONS, 0x1f00),
    VALUE(SIMDINET_SCAN_NO_ESCAPES, 0x2000),
    VALUE(SIMDINET_SCAN_NO_DOT_PORT, 0x4000),
    VALUE(SIMDINET_SCAN_NO_COLON_PORT, 0x8000),
    VALUE(SIMDINET_SCAN_NO_COLON_AFTER, 0x10000),
    VALUE(SIMDINET_SCAN_NO_KEY, 0x20000),
    VALUE(SIMDINET_SCAN_NO_BGP, 0x40000),
    VALUE(SIMDINET_SCAN_CONTEXT, 128),
    VALUE(SIMDINET_SCAN_DEFANGED_CONTEXT, 1024),
    VALUE(SIMDINET_MATCH_MAPPED, 0x0001),
    VALUE(SIMDINET_MATCH_PORT, 0x0002),
    VALUE(SIMDINET_MATCH_SERVICE, 0x0004),
    VALUE(SIMDINET_MATCH_SHORT, 0x0008),
    VALUE(SIMDINET_MATCH_AMBIGUOUS_PORT, 0x0010),
    VALUE(SIMDINET_MATCH_BARE_UNSPECIFIED, 0x0020),
    VALUE(SIMDINET_MATCH_KEY, 0x0040),
    VALUE(SIMDINET_MATCH_BGP, 0x0080),
    VALUE(SIMDINET_MATCH_VERSION_SLASH, 0x0100),
    VALUE(SIMDINET_MATCH_VERSION_KEY, 0x0200),
    VALUE(SIMDINET_MATCH_VERSION_USER_AGENT, 0x0400),
    VALUE(SIMDINET_MATCH_VERSION_HEADER, 0x0800),
    VALUE(SIMDINET_MATCH_VERSION_PACKAGE, 0x1000),
    VALUE(SIMDINET_MATCH_VERSION, 0x1f00),
    VALUE(SIMDINET_MATCH_DOUBTFUL, 0x2000),
    VALUE(SIMDINET_MATCH_REJECTED, 0x4000),
    VALUE(SIMDINET_MATCH_DEFANGED, 0x8000),
    VALUE(SIMDINET_IPV4_LINES_SIZE(3), 48),
    VALUE(SIMDINET_IPV6_LINES_SIZE(3), 120),
    VALUE(SIMDINET_MIXED_LINES_SIZE(3), 120),
    VALUE(SIMDINET_IPV4_COLUMN_SIZE(3), 45),
    VALUE(SIMDINET_IPV6_COLUMN_SIZE(3), 117),
    VALUE(SIMDINET_MIXED_COLUMN_SIZE(3), 117),
    VALUE(SIMDINET_ZSTR, SIZE_MAX),
    VALUE(SIMDINET_NETWORK_CLEAR_HOST_BITS, 0x01),
    VALUE(SIMDINET_NETWORK_TEXT_SIZE, 50),
    VALUE(SIMDINET_RANGE_TEXT_SIZE, 92),
    VALUE(SIMDINET_IPV4_RANGE_MAX_NETWORKS, 62),
    VALUE(SIMDINET_IPV6_RANGE_MAX_NETWORKS, 254),
    VALUE(SIMDINET_CLASS_UNSPECIFIED, 0x00001),
    VALUE(SIMDINET_CLASS_THIS_NETWORK, 0x00002),
    VALUE(SIMDINET_CLASS_LOOPBACK, 0x00004),
    VALUE(SIMDINET_CLASS_PRIVATE, 0x00008),
    VALUE(SIMDINET_CLASS_SHARED, 0x00010),
    VALUE(SIMDINET_CLASS_LINK_LOCAL, 0x00020),
    VALUE(SIMDINET_CLASS_UNIQUE_LOCAL, 0x00040),
    VALUE(SIMDINET_CLASS_MULTICAST, 0x00080),
    VALUE(SIMDINET_CLASS_BROADCAST, 0x00100),
    VALUE(SIMDINET_CLASS_DOCUMENTATION, 0x00200),
    VALUE(SIMDINET_CLASS_BENCHMARKING, 0x00400),
    VALUE(SIMDINET_CLASS_RESERVED, 0x00800),
    VALUE(SIMDINET_CLASS_PROTOCOL, 0x01000),
    VALUE(SIMDINET_CLASS_MAPPED, 0x02000),
    VALUE(SIMDINET_CLASS_6TO4, 0x04000),
    VALUE(SIMDINET_CLASS_TEREDO, 0x08000),
    VALUE(SIMDINET_CLASS_NAT64, 0x10000),
    VALUE(SIMDINET_CLASS_DISCARD, 0x20000),
    VALUE(SIMDINET_CLASS_GLOBAL, 0x40000),

    SIZE(simdinet_network, 18, 18),
    OFFSET(simdinet_network, address, 0, 0),
    OFFSET(simdinet_network, family, 16, 16),
    OFFSET(simdinet_network, prefix_length, 17, 17),
    SIZE(simdinet_range, 33, 33),
    OFFSET(simdinet_range, first, 0, 0),
    OFFSET(simdinet_range, last, 16, 16),
    OFFSET(simdinet_range, family, 32, 32),
    SIZE(simdinet_part, 16, 8),
    OFFSET(simdinet_part, offset, 0, 0),
    OFFSET(simdinet_part, length, 8, 4),
    SIZE(simdinet_endpoint, 88, 52),
    OFFSET(simdinet_endpoint, address, 0, 0),
    OFFSET(simdinet_endpoint, family, 16, 16),
    OFFSET(simdinet_endpoint, prefix_length, 17, 17),
    OFFSET(simdinet_endpoint, port, 18, 18),
    OFFSET(simdinet_endpoint, address_text, 24, 20),
    OFFSET(simdinet_endpoint, zone_text, 40, 28),
    OFFSET(simdinet_endpoint, port_text, 56, 36),
    OFFSET(simdinet_endpoint, prefix_text, 72, 44),
    SIZE(simdinet_class_block, 40, 32),
    OFFSET(simdinet_class_block, network, 0, 0),
    OFFSET(simdinet_class_block, classes, 20, 20),
    OFFSET(simdinet_class_block, name, 24, 24),
    OFFSET(simdinet_class_block, source, 32, 28),
    VALUE(SIMDINET_INVALID_NETWORKS, SIZE_MAX),
    SIZE(simdinet_allocator, 24, 12),
    OFFSET(simdinet_allocator, allocate, 0, 0),
    OFFSET(simdinet_allocator, release, 8, 4),
    OFFSET(simdinet_allocator, context, 16, 8),
    VALUE(SIMDINET_SET_UNIQUE, 1),
    VALUE(SIMDINET_SET_MAPPED, 2),
    SIZE(simdinet_set_status, 4, 4),
    VALUE(SIMDINET_SET_OK, 0),
    VALUE(SIMDINET_SET_INVALID, 1),
    VALUE(SIMDINET_SET_DUPLICATE, 2),
    VALUE(SIMDINET_SET_OUT_OF_MEMORY, 3),
    VALUE(SIMDINET_SET_TOO_LARGE, 4),
};

Test(abi, layouts_and_constants_are_unchanged) {
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        cr_expect_eq(facts[i].is, facts[i].was[COLUMN], "%s is %zu, and was %zu", facts[i].name,
                     facts[i].is, facts[i].was[COLUMN]);
}
