/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_network.h - networks, ranges, endpoints and classes of IP addresses.
 *
 * Every function is thread-safe and reentrant unless its comment says otherwise. No function
 * allocates memory unless its comment says so; none prints or aborts, and none sets errno.
 *
 * As in simdinet.h, text is a pointer and a length: input need not be NUL-terminated, and text may
 * be NULL when len is 0. Addresses are bytes in network order. A family is 4 or 6; an address
 * argument next to a family points to 4 bytes or to 16. Members and results of 16 bytes have an
 * IPv4 address in the first 4, zeros follow. Output may be the same object as input.
 */
#ifndef SIMDINET_NETWORK_H
#define SIMDINET_NETWORK_H

#include "simdinet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- networks -------------------------------------------------------------------------------- */

/**
 * @defgroup network Networks
 *
 * A network is an address and a prefix length (RFC 4632, RFC 4291 section 2.3). The functions
 * expect a valid one, as simdinet_parse_network and simdinet_make_network store it: the family is 4
 * or 6, the prefix length at most 32 or 128, and all bits past it are 0. For other values of the
 * members the results are meaningless, but no byte outside of the objects is accessed.
 *
 * @{
 */

/** One network. */
typedef struct simdinet_network {
    uint8_t address[16];   /**< network order; IPv4 takes the first 4, zeros follow */
    uint8_t family;        /**< 4 or 6 */
    uint8_t prefix_length; /**< 0 to 32 or 0 to 128 */
} simdinet_network;

/** Clear the bits past the prefix length, instead of rejecting the text. */
#define SIMDINET_NETWORK_CLEAR_HOST_BITS 0x01u

/** Buffer size for the text of a network and its NUL. */
#define SIMDINET_NETWORK_TEXT_SIZE 50

/**
 * Parses "192.0.2.0/24", "2001:db8::/32", "10.0.0.0/255.0.0.0" or one address, which is the network
 * of that address only. The address is one that simdinet_parse_ipv4 or simdinet_parse_ipv6 accepts;
 * it is IPv6 if the text has a colon before any dot. The prefix length is decimal, without leading
 * zeros. A netmask has all its 1 bits before all its 0 bits, and is for IPv4 only. Blanks, zones,
 * ports and brackets are rejected.
 *
 * flags is 0 or SIMDINET_NETWORK_CLEAR_HOST_BITS; other bits must be 0. Without that flag, an
 * address with a bit set past the prefix length is rejected.
 *
 * Returns true and stores the network to out; or returns false and leaves out unchanged.
 */
SIMDINET_API bool simdinet_parse_network(const char *text, size_t len, unsigned flags,
                                         simdinet_network *out);

/**
 * Returns why simdinet_parse_network rejects a text, and stores the offset of the offending byte to
 * *at as simdinet_explain_ipv4 does. SIMDINET_REASON_HOST_BITS has the offset of the address. For
 * text that is accepted it returns SIMDINET_REASON_NONE and stores len. at may be NULL. Not
 * optimized for speed.
 */
SIMDINET_API simdinet_reason simdinet_explain_network(const char *text, size_t len, unsigned flags,
                                                      size_t *at);

/**
 * Formats a network as address, "/" and prefix length, also for a network of one address, and
 * appends a NUL. The address is formatted as simdinet_format_ipv4 and simdinet_format_ipv6 (RFC
 * 5952) do. Returns the length without the NUL, 4 to 43.
 */
SIMDINET_API size_t simdinet_format_network(const simdinet_network *network,
                                            char out[SIMDINET_NETWORK_TEXT_SIZE]);

/**
 * Stores the network of the given prefix length that contains an address: bits past the prefix
 * length are cleared. With the address of a network it makes the network that contains it, or the
 * first one in it.
 *
 * Returns true; or false, with out unchanged, if family is not 4 or 6 or the prefix length is above
 * 32 or 128.
 */
SIMDINET_API bool simdinet_make_network(const uint8_t *address, unsigned family,
                                        unsigned prefix_length, simdinet_network *out);

/**
 * Store the first or the last address of a network, 16 bytes.
 * @{
 */
SIMDINET_API void simdinet_network_first(const simdinet_network *network, uint8_t out[16]);
SIMDINET_API void simdinet_network_last(const simdinet_network *network, uint8_t out[16]);
/** @} */

/**
 * Returns whether a network contains an address. A network of one family contains no address of the
 * other: 10.0.0.0/8 does not contain ::ffff:10.0.0.1.
 */
SIMDINET_API bool simdinet_network_contains_address(const simdinet_network *network,
                                                    const uint8_t *address, unsigned family);

/** Returns whether a network contains every address of another one. A network contains itself. */
SIMDINET_API bool simdinet_network_contains(const simdinet_network *network,
                                            const simdinet_network *other);

/** Returns whether two networks have an address in common: whether one contains the other. */
SIMDINET_API bool simdinet_network_overlaps(const simdinet_network *a, const simdinet_network *b);

/**
 * Compares two networks by family, then first address, then prefix length: a total order in which a
 * network comes before those that it contains. Returns a negative number, 0 or a positive one.
 */
SIMDINET_API int simdinet_network_compare(const simdinet_network *a, const simdinet_network *b);

/**
 * Store the network of the same prefix length that follows or precedes a network. Return true; or
 * false, with out unchanged, if there is none.
 * @{
 */
SIMDINET_API bool simdinet_network_next(const simdinet_network *network, simdinet_network *out);
SIMDINET_API bool simdinet_network_previous(const simdinet_network *network, simdinet_network *out);
/** @} */

/**
 * Store the netmask of a prefix length (255.255.255.0 for 24) or its complement (0.0.0.255), 16
 * bytes. Return true; or false, with out unchanged, if family is not 4 or 6 or the prefix length is
 * above 32 or 128.
 * @{
 */
SIMDINET_API bool simdinet_make_netmask(unsigned family, unsigned prefix_length, uint8_t out[16]);
SIMDINET_API bool simdinet_make_hostmask(unsigned family, unsigned prefix_length, uint8_t out[16]);
/** @} */

/**
 * Return the prefix length that a netmask or hostmask of a family stands for, or -1 if it stands
 * for none. 0.0.0.0 is a netmask of length 0, and a hostmask of length 32.
 * @{
 */
SIMDINET_API int simdinet_netmask_length(const uint8_t *mask, unsigned family);
SIMDINET_API int simdinet_hostmask_length(const uint8_t *mask, unsigned family);
/** @} */

/** @} */

/* ---- ranges ---------------------------------------------------------------------------------- */

/**
 * @defgroup range Ranges
 * @{
 */

/** The addresses of one family from first to last, both included. first is not after last. */
typedef struct simdinet_range {
    uint8_t first[16]; /**< network order; IPv4 takes the first 4, zeros follow */
    uint8_t last[16];  /**< the same */
    uint8_t family;    /**< 4 or 6 */
} simdinet_range;

/** Buffer size for the text of a range and its NUL. */
#define SIMDINET_RANGE_TEXT_SIZE 92

/**
 * The most networks that one range of a family consists of.
 * @{
 */
#define SIMDINET_IPV4_RANGE_MAX_NETWORKS 62
#define SIMDINET_IPV6_RANGE_MAX_NETWORKS 254
/** @} */

/**
 * Parses "192.0.2.1-192.0.2.9", with any number of spaces and tabs before and after the "-"; or a
 * network or an address, as simdinet_parse_network does with the same flags, which is the range of
 * its addresses.
 *
 * Returns true and stores the range to out; or returns false and leaves out unchanged.
 */
SIMDINET_API bool simdinet_parse_range(const char *text, size_t len, unsigned flags,
                                       simdinet_range *out);

/**
 * Returns why simdinet_parse_range rejects a text, and stores the offset of the offending byte to
 * *at: that of the second address for SIMDINET_REASON_RANGE_FAMILY and SIMDINET_REASON_RANGE_ORDER.
 * For text that is accepted it returns SIMDINET_REASON_NONE and stores len. at may be NULL. Not
 * optimized for speed.
 */
SIMDINET_API simdinet_reason simdinet_explain_range(const char *text, size_t len, unsigned flags,
                                                    size_t *at);

/**
 * Formats a range as first address, "-" and last address, also if they are the same, and appends a
 * NUL. Returns the length without the NUL, 5 to 79.
 */
SIMDINET_API size_t simdinet_format_range(const simdinet_range *range,
                                          char out[SIMDINET_RANGE_TEXT_SIZE]);

/** Stores the range of the addresses of a network. */
SIMDINET_API void simdinet_network_to_range(const simdinet_network *network, simdinet_range *out);

/**
 * Stores the first of the fewest networks that together are a range, in order, up to capacity of
 * them, and returns their number, which may be more than capacity: at most
 * SIMDINET_IPV4_RANGE_MAX_NETWORKS or SIMDINET_IPV6_RANGE_MAX_NETWORKS. Returns 0 if last is before
 * first or family is not 4 or 6. networks may be NULL when capacity is 0.
 */
SIMDINET_API size_t simdinet_range_to_networks(const simdinet_range *range,
                                               simdinet_network *networks, size_t capacity);

/** @} */

/* ---- endpoints ------------------------------------------------------------------------------- */

/**
 * @defgroup endpoint Endpoints
 * @{
 */

/** A part of a text: length bytes from offset on; length is 0 if the text has no such part. */
typedef struct simdinet_part {
    size_t offset; /**< of its first byte */
    size_t length; /**< in bytes, without brackets and separators */
} simdinet_part;

/** An address with a port, a zone or a prefix length. */
typedef struct simdinet_endpoint {
    uint8_t address[16];        /**< network order; IPv4 takes the first 4, zeros follow */
    uint8_t family;             /**< 4 or 6 */
    uint8_t prefix_length;      /**< 32 or 128 if the text has none */
    uint16_t port;              /**< 0 if the text has none */
    simdinet_part address_text; /**< "fe80::1" */
    simdinet_part zone_text;    /**< "eth0" */
    simdinet_part port_text;    /**< "443" */
    simdinet_part prefix_text;  /**< the prefix length, "64" */
} simdinet_endpoint;

/**
 * Parses an address with what may stand next to it, and nothing else:
 *
 * - "192.0.2.1" or "2001:db8::1"
 * - "192.0.2.1:443"
 * - "[2001:db8::1]" or "[2001:db8::1]:443" (RFC 3986 section 3.2.2, RFC 5952 section 6); a port
 *   without brackets is not recognized in IPv6
 * - "fe80::1%eth0" (RFC 4007 section 11), also in brackets; a zone is one or more of the letters,
 *   digits and "-._~" of RFC 6874, and is not interpreted; "%25", the "%" of a URI, is not decoded:
 *   the zone of "fe80::1%25eth0" is "25eth0"
 * - "192.0.2.1/24", "2001:db8::1/32" or "fe80::1%eth0/64" (RFC 4007 section 11.7), without brackets
 *   and port; bits past the prefix length may be set
 *
 * A port is decimal, 0 to 65535, a prefix length 0 to 32 or 128, both without leading zeros.
 *
 * Returns true and stores the endpoint to out; or returns false and leaves out unchanged.
 */
SIMDINET_API bool simdinet_parse_endpoint(const char *text, size_t len, simdinet_endpoint *out);

/**
 * Returns why simdinet_parse_endpoint rejects a text, and stores the offset of the offending byte
 * to *at: that of the "[" for SIMDINET_REASON_BRACKET. For text that is accepted it returns
 * SIMDINET_REASON_NONE and stores len. at may be NULL. Not optimized for speed.
 */
SIMDINET_API simdinet_reason simdinet_explain_endpoint(const char *text, size_t len, size_t *at);

/** @} */

/* ---- classes --------------------------------------------------------------------------------- */

/**
 * @defgroup class Classes of addresses
 *
 * The classes follow IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its
 * updates), its IPv6 address space registry and the multicast ranges. Every address has at least
 * one class.
 *
 * @{
 */

/**
 * Classes, to be combined with |.
 * @{
 */
#define SIMDINET_CLASS_UNSPECIFIED   0x00001u /**< 0.0.0.0, :: */
#define SIMDINET_CLASS_THIS_NETWORK  0x00002u /**< 0.0.0.0/8 */
#define SIMDINET_CLASS_LOOPBACK      0x00004u /**< 127.0.0.0/8, ::1 */
#define SIMDINET_CLASS_PRIVATE       0x00008u /**< 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 */
#define SIMDINET_CLASS_SHARED        0x00010u /**< 100.64.0.0/10 */
#define SIMDINET_CLASS_LINK_LOCAL    0x00020u /**< 169.254.0.0/16, fe80::/10 */
#define SIMDINET_CLASS_UNIQUE_LOCAL  0x00040u /**< fc00::/7 */
#define SIMDINET_CLASS_MULTICAST     0x00080u /**< 224.0.0.0/4, ff00::/8 */
#define SIMDINET_CLASS_BROADCAST     0x00100u /**< 255.255.255.255 */
#define SIMDINET_CLASS_DOCUMENTATION 0x00200u /**< TEST-NET-1 to 3, 2001:db8::/32, 3fff::/20 */
#define SIMDINET_CLASS_BENCHMARKING  0x00400u /**< 198.18.0.0/15, 2001:2::/48 */
#define SIMDINET_CLASS_RESERVED      0x00800u /**< 240.0.0.0/4, IPv6 outside of allocated blocks */
#define SIMDINET_CLASS_PROTOCOL      0x01000u /**< other special-purpose blocks: 192.0.0.0/24 */
#define SIMDINET_CLASS_MAPPED        0x02000u /**< IPv4-mapped, ::ffff:0:0/96 */
#define SIMDINET_CLASS_6TO4          0x04000u /**< 2002::/16, 192.88.99.0/24 */
#define SIMDINET_CLASS_TEREDO        0x08000u /**< 2001::/32 */
#define SIMDINET_CLASS_NAT64         0x10000u /**< 64:ff9b::/96, 64:ff9b:1::/48 */
#define SIMDINET_CLASS_DISCARD       0x20000u /**< 100::/64 */
#define SIMDINET_CLASS_GLOBAL        0x40000u /**< unicast that is globally reachable */
/** @} */

/**
 * Returns the classes of an address, SIMDINET_CLASS_*. An IPv4-mapped address has
 * SIMDINET_CLASS_MAPPED and the classes of the IPv4 address in it. SIMDINET_CLASS_GLOBAL is set for
 * unicast addresses outside of the registries, and for entries of the registries that are "globally
 * reachable"; it is not set where the registry has "N/A" (6to4, Teredo), and not for multicast.
 * Returns 0 if family is not 4 or 6.
 */
SIMDINET_API uint32_t simdinet_classify(const uint8_t *address, unsigned family);

/**
 * Returns the name of one class, such as "link-local"; NULL if classes is not exactly one of
 * SIMDINET_CLASS_*. Static storage duration.
 */
SIMDINET_API const char *simdinet_class_name(uint32_t classes);

/** Returns the class with a name, in lower case letters; 0 if there is none. */
SIMDINET_API uint32_t simdinet_class_by_name(const char *name, size_t len);

/** A block of addresses in the table of classes. The strings have static storage duration. */
typedef struct simdinet_class_block {
    simdinet_network network; /**< the block */
    uint32_t classes;         /**< of its addresses outside of smaller blocks */
    const char *name;         /**< as the registry has it, "Private-Use" */
    const char *source;       /**< the document, "RFC 1918" */
} simdinet_class_block;

/**
 * Stores the block with an index, in the order of simdinet_network_compare; the first is 0.0.0.0/0.
 * The classes of an address are those of the smallest block that contains it. Returns true; or
 * false, with out unchanged, when index is past the last block.
 */
SIMDINET_API bool simdinet_describe_class_block(size_t index, simdinet_class_block *out);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
