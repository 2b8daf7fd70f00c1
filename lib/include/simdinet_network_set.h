/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_network_set.h - lists of networks and their algebra; compiled sets of networks; columns of
 * addresses and networks.
 *
 * Every function is thread-safe and reentrant. Only simdinet_build_network_set allocates memory;
 * none prints or aborts, and none sets errno. No bytes outside of the given objects are accessed,
 * whatever their values.
 */
#ifndef SIMDINET_NETWORK_SET_H
#define SIMDINET_NETWORK_SET_H

#include "simdinet_network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- lists of networks ----------------------------------------------------------------------- */

/**
 * @defgroup network_list Lists of networks
 *
 * A list is n networks in the caller's memory, of either family, mixed. It stands for the
 * addresses that its networks contain. Bits past a prefix length are ignored in every input, and 0
 * in every output; so are the last 12 bytes of the address of an IPv4 network.
 *
 * A list is sorted if its networks are in the order of simdinet_network_compare: family, first
 * address, prefix length. It is disjoint if no address is in two of them. A sorted and disjoint list
 * is minimal if no shorter one stands for the same addresses; there is exactly one.
 *
 * simdinet_sort_networks and simdinet_aggregate_networks take any list. The other functions take
 * sorted and disjoint ones. All but simdinet_sort_networks and simdinet_networks_to_ranges return
 * minimal lists.
 *
 * The functions with an out parameter store the first elements of the result, up to capacity of
 * them, and return the number of all, which may be more than capacity; call again with that
 * capacity, unless it is SIMDINET_INVALID_NETWORKS, which is greater than any capacity. out may be
 * NULL when capacity is 0. It must not overlap the input.
 *
 * Lists may be NULL when their length is 0.
 *
 * @{
 */

/** Returned for a list that a function does not take; simdinet_check_networks finds the element. */
#define SIMDINET_INVALID_NETWORKS ((size_t)-1)

/**
 * Checks a list. Returns n if it is sorted and disjoint. Otherwise returns the index of the first
 * element that is not a network (its family is not 4 or 6, or its prefix length is above 32 or 128)
 * or that does not come after the one before it, or overlaps it.
 */
SIMDINET_API size_t simdinet_check_networks(const simdinet_network *networks, size_t n);

/**
 * Sorts a list in place and clears the bits past the prefix lengths. Duplicates stay. Time is
 * proportional to n; the stack use is about 40 KB. Returns n; or SIMDINET_INVALID_NETWORKS, with the
 * list unchanged, if an element is not a network.
 */
SIMDINET_API size_t simdinet_sort_networks(simdinet_network *networks, size_t n);

/**
 * Makes a list minimal in place: sorts it, drops networks that others contain, and joins adjacent
 * ones. Returns the new length, at most n; or SIMDINET_INVALID_NETWORKS, with the list unchanged, if
 * an element is not a network. Elements past the new length are unspecified.
 */
SIMDINET_API size_t simdinet_aggregate_networks(simdinet_network *networks, size_t n);

/**
 * Store the list of the addresses that are in a or in b (union), in a and in b (intersect), in a
 * and not in b (subtract). Return its length; or SIMDINET_INVALID_NETWORKS, with unspecified
 * contents of out, if a or b is not sorted and disjoint.
 *
 * A union or an intersection has at most n_a + n_b networks, a subtraction at most n_a + 32 n_b (IPv4)
 * or n_a + 128 n_b (IPv6).
 * @{
 */
SIMDINET_API size_t simdinet_union_networks(const simdinet_network *a, size_t n_a,
                                            const simdinet_network *b, size_t n_b,
                                            simdinet_network *out, size_t capacity);
SIMDINET_API size_t simdinet_intersect_networks(const simdinet_network *a, size_t n_a,
                                                const simdinet_network *b, size_t n_b,
                                                simdinet_network *out, size_t capacity);
SIMDINET_API size_t simdinet_subtract_networks(const simdinet_network *a, size_t n_a,
                                               const simdinet_network *b, size_t n_b,
                                               simdinet_network *out, size_t capacity);
/** @} */

/**
 * Stores the list of the addresses of one network that are not in a list: simdinet_subtract_networks
 * with a list of one. Networks of the other family and outside of within have no effect.
 */
SIMDINET_API size_t simdinet_complement_networks(const simdinet_network *within,
                                                 const simdinet_network *networks, size_t n,
                                                 simdinet_network *out, size_t capacity);

/**
 * Stores the fewest ranges that stand for the same addresses as a list, in order; networks without
 * an address between them are joined. At most n. Returns their number; or
 * SIMDINET_INVALID_NETWORKS, with unspecified contents of out, if the list is not sorted and
 * disjoint.
 */
SIMDINET_API size_t simdinet_networks_to_ranges(const simdinet_network *networks, size_t n,
                                                simdinet_range *out, size_t capacity);

/** @} */

/* ---- sets of networks ------------------------------------------------------------------------ */

/**
 * @defgroup network_set Sets of networks
 *
 * A set is compiled from networks of both families, each with a value of 32 bits, for longest-prefix
 * lookup: the match of an address is the longest of the networks that contain it. A set never
 * changes; any number of threads may use one at the same time, without a lock. Lookups do not
 * allocate.
 *
 * The families are separate: an IPv4 address matches IPv4 networks, and any IPv6 address, also
 * ::ffff:192.0.2.1, IPv6 networks. With SIMDINET_SET_MAPPED, IPv4-mapped IPv6 addresses also match
 * IPv4 networks.
 *
 * @{
 */

/** A compiled set. */
typedef struct simdinet_network_set simdinet_network_set;

/** Memory for simdinet_build_network_set. */
typedef struct simdinet_allocator {
    /** Returns size bytes, aligned for any type, or NULL. size is not 0. */
    void *(*allocate)(void *context, size_t size);
    /** Takes back memory that allocate returned, with the same size. */
    void (*release)(void *context, void *memory, size_t size);
    /** Passed to both. */
    void *context;
} simdinet_allocator;

/**
 * Flags of simdinet_build_network_set.
 * @{
 */
#define SIMDINET_SET_UNIQUE 0x01u /**< a network that occurs twice is an error */
#define SIMDINET_SET_MAPPED                                                                        \
    0x02u /**< each IPv4 network also matches as IPv6 network of ::ffff:0:0/96, 96 bits longer */
/** @} */

/** Results of simdinet_build_network_set. The values are stable; later versions append new ones. */
typedef enum simdinet_set_status {
    SIMDINET_SET_OK = 0,        /**< built */
    SIMDINET_SET_INVALID,       /**< an element is not a network */
    SIMDINET_SET_DUPLICATE,     /**< a network occurs twice, and SIMDINET_SET_UNIQUE is set */
    SIMDINET_SET_OUT_OF_MEMORY, /**< an allocation failed */
    SIMDINET_SET_TOO_LARGE      /**< more than 4 GB for a family, or 2^32 networks or more */
} simdinet_set_status;

/**
 * Compiles n networks, in any order, and stores the set to *set. Bits past a prefix length are
 * ignored. values has a value for each network; NULL gives all the value 0. Of networks that occur
 * more than once the last one counts, unless flags has SIMDINET_SET_UNIQUE.
 *
 * allocator is NULL for malloc and free. It is copied; its context must live as long as the set. The
 * set is one allocation; while it is built, up to 150 bytes for each network are used in addition,
 * and released before the function returns.
 *
 * Returns SIMDINET_SET_OK. Otherwise nothing stays allocated and *set is NULL; for
 * SIMDINET_SET_INVALID and SIMDINET_SET_DUPLICATE, *at is the index of the first element that is not
 * a network, or of the first one that occurred before. at may be NULL. networks and values are read
 * only during the call, and may be NULL when n is 0.
 */
SIMDINET_API simdinet_set_status simdinet_build_network_set(const simdinet_network *networks,
                                                            const uint32_t *values, size_t n,
                                                            unsigned flags,
                                                            const simdinet_allocator *allocator,
                                                            simdinet_network_set **set, size_t *at);

/** Releases a set, which no other thread may be using. NULL is allowed. */
SIMDINET_API void simdinet_free_network_set(simdinet_network_set *set);

/** Returns the size of a set in bytes. */
SIMDINET_API size_t simdinet_network_set_size(const simdinet_network_set *set);

/**
 * Looks up one address of a family, 4 or 6: 4 or 16 bytes. Returns true and stores the value of the
 * longest network that contains it and its prefix length; or returns false and stores 0 in both, if
 * there is none or family is neither. value and prefix_length may be NULL. Many addresses are looked
 * up faster by the functions for columns.
 */
SIMDINET_API bool simdinet_network_set_lookup(const simdinet_network_set *set,
                                              const uint8_t *address, unsigned family,
                                              uint32_t *value, uint8_t *prefix_length);

/**
 * Iterates over the networks of a set, in the order of simdinet_network_compare. Stores the first one
 * after *network to *network, and its value to *value, and returns true; or returns false and leaves
 * both unchanged, if there is none. A network of family 0 comes before all others: begin with it. Any
 * other network may be passed, whether the set has it or not; its bits past the prefix length are
 * ignored. After one that is not valid there is none. value may be NULL.
 *
 *     simdinet_network network = {.family = 0};
 *     uint32_t value;
 *     while (simdinet_network_set_next(set, &network, &value))
 *         use(&network, value);
 *
 * Each network comes once, with the bits past its prefix length cleared and the value that counts. With
 * SIMDINET_SET_MAPPED the IPv4 networks come a second time, as IPv6 networks of ::ffff:0:0/96. The
 * function does not allocate; a step takes as long as a lookup and a binary search.
 */
SIMDINET_API bool simdinet_network_set_next(const simdinet_network_set *set,
                                            simdinet_network *network, uint32_t *value);

/** @} */

/* ---- columns and networks -------------------------------------------------------------------- */

/**
 * @defgroup network_column Columns and networks
 *
 * Operations on n addresses that are stored contiguously in network order, 4 bytes each (ipv4) or 16
 * (ipv6, mixed), as the parse functions for columns of simdinet.h store them: families is the bitmap
 * that the mixed functions write, 1 for IPv6 and 0 for IPv4, whose address is ::ffff:a.b.c.d.
 *
 * A bitmap is (n + 7) / 8 bytes in Apache Arrow's layout: value i is bit i % 8 of byte i / 8. In
 * bitmaps that are written, the unused bits of the last byte are 0. validity is NULL or a bitmap:
 * value i is null if its bit is 0; a null has 0 in every result. A bitmap that is written may be the
 * same memory as validity or families.
 *
 * Other buffers must not overlap, unless the comment allows it. Pointers may be NULL when n is 0.
 * The functions cannot fail.
 *
 * @{
 */

/**
 * Clear the bits of each address past a prefix length: 0 to 32 for IPv4, 0 to 128 for IPv6; a longer
 * one clears nothing. out may be addresses.
 * @{
 */
SIMDINET_API void simdinet_truncate_ipv4_column(const uint8_t *addresses, size_t n,
                                                unsigned prefix_length, uint8_t *out);
SIMDINET_API void simdinet_truncate_ipv6_column(const uint8_t *addresses, size_t n,
                                                unsigned prefix_length, uint8_t *out);
SIMDINET_API void simdinet_truncate_mixed_column(const uint8_t *addresses, const uint8_t *families,
                                                 size_t n, unsigned ipv4_length,
                                                 unsigned ipv6_length, uint8_t *out);
/** @} */

/**
 * Set bit i of found if a network contains address i. Return the number of bits that are set. No
 * address is in a network of the other family, or in one that is not valid. For text, a set of one
 * network and the functions below do the same.
 * @{
 */
SIMDINET_API size_t simdinet_network_contains_ipv4_column(const simdinet_network *network,
                                                          const uint8_t *addresses, size_t n,
                                                          const uint8_t *validity, uint8_t *found);
SIMDINET_API size_t simdinet_network_contains_ipv6_column(const simdinet_network *network,
                                                          const uint8_t *addresses, size_t n,
                                                          const uint8_t *validity, uint8_t *found);
SIMDINET_API size_t simdinet_network_contains_mixed_column(const simdinet_network *network,
                                                           const uint8_t *addresses,
                                                           const uint8_t *families, size_t n,
                                                           const uint8_t *validity, uint8_t *found);
/** @} */

/**
 * Look up each address in a set. found is a bitmap that is written: 1 for an address that has a
 * match. values and prefix_lengths have n elements, those of the match, 0 without one; each may be
 * NULL. Return the number of addresses with a match.
 * @{
 */
SIMDINET_API size_t simdinet_lookup_ipv4_column(const simdinet_network_set *set,
                                                const uint8_t *addresses, size_t n,
                                                const uint8_t *validity, uint32_t *values,
                                                uint8_t *prefix_lengths, uint8_t *found);
SIMDINET_API size_t simdinet_lookup_ipv6_column(const simdinet_network_set *set,
                                                const uint8_t *addresses, size_t n,
                                                const uint8_t *validity, uint32_t *values,
                                                uint8_t *prefix_lengths, uint8_t *found);
SIMDINET_API size_t simdinet_lookup_mixed_column(const simdinet_network_set *set,
                                                 const uint8_t *addresses, const uint8_t *families,
                                                 size_t n, const uint8_t *validity,
                                                 uint32_t *values, uint8_t *prefix_lengths,
                                                 uint8_t *found);
/** @} */

/**
 * The same for a column of text, an Apache Arrow string array (offsets of 32 bits) or large string
 * array (64 bits) as the parse functions for columns read it; without a column of addresses in
 * between. A value that is not an address has no match. out_validity is NULL or a bitmap that is
 * written: 1 for an address.
 * @{
 */
SIMDINET_API size_t simdinet_lookup_ipv4_text_column(const simdinet_network_set *set,
                                                     const char *bytes, const int32_t *offsets,
                                                     size_t n, const uint8_t *validity,
                                                     uint32_t *values, uint8_t *prefix_lengths,
                                                     uint8_t *found, uint8_t *out_validity);
SIMDINET_API size_t simdinet_lookup_ipv6_text_column(const simdinet_network_set *set,
                                                     const char *bytes, const int32_t *offsets,
                                                     size_t n, const uint8_t *validity,
                                                     uint32_t *values, uint8_t *prefix_lengths,
                                                     uint8_t *found, uint8_t *out_validity);
SIMDINET_API size_t simdinet_lookup_mixed_text_column(const simdinet_network_set *set,
                                                      const char *bytes, const int32_t *offsets,
                                                      size_t n, const uint8_t *validity,
                                                      uint32_t *values, uint8_t *prefix_lengths,
                                                      uint8_t *found, uint8_t *out_validity);
SIMDINET_API size_t simdinet_lookup_ipv4_text_column64(const simdinet_network_set *set,
                                                       const char *bytes, const int64_t *offsets,
                                                       size_t n, const uint8_t *validity,
                                                       uint32_t *values, uint8_t *prefix_lengths,
                                                       uint8_t *found, uint8_t *out_validity);
SIMDINET_API size_t simdinet_lookup_ipv6_text_column64(const simdinet_network_set *set,
                                                       const char *bytes, const int64_t *offsets,
                                                       size_t n, const uint8_t *validity,
                                                       uint32_t *values, uint8_t *prefix_lengths,
                                                       uint8_t *found, uint8_t *out_validity);
SIMDINET_API size_t simdinet_lookup_mixed_text_column64(const simdinet_network_set *set,
                                                        const char *bytes, const int64_t *offsets,
                                                        size_t n, const uint8_t *validity,
                                                        uint32_t *values, uint8_t *prefix_lengths,
                                                        uint8_t *found, uint8_t *out_validity);
/** @} */

/**
 * Store the classes of each address, SIMDINET_CLASS_* as simdinet_classify returns them; 0 for a null
 * value. The first call prepares a table.
 * @{
 */
SIMDINET_API void simdinet_classify_ipv4_column(const uint8_t *addresses, size_t n,
                                                const uint8_t *validity, uint32_t *classes);
SIMDINET_API void simdinet_classify_ipv6_column(const uint8_t *addresses, size_t n,
                                                const uint8_t *validity, uint32_t *classes);
SIMDINET_API void simdinet_classify_mixed_column(const uint8_t *addresses, const uint8_t *families,
                                                 size_t n, const uint8_t *validity,
                                                 uint32_t *classes);
/** @} */

/** Stores each IPv4 address as the IPv4-mapped IPv6 address ::ffff:a.b.c.d, 16 bytes. */
SIMDINET_API void simdinet_ipv4_to_mapped_column(const uint8_t *addresses, size_t n, uint8_t *out);

/**
 * Stores the IPv4 address of each IPv4-mapped IPv6 address, 4 bytes; 0.0.0.0 for other addresses.
 * out_validity is a bitmap that is written: 1 for an address that is IPv4-mapped. Returns the number
 * of those.
 */
SIMDINET_API size_t simdinet_mapped_to_ipv4_column(const uint8_t *addresses, size_t n,
                                                   const uint8_t *validity, uint8_t *out,
                                                   uint8_t *out_validity);

/**
 * Store numbers in the byte order of the machine that compare as the addresses do: one for an IPv4
 * address; two for an IPv6 address, the upper half and then the lower one.
 * @{
 */
SIMDINET_API void simdinet_ipv4_sort_keys(const uint8_t *addresses, size_t n, uint32_t *keys);
SIMDINET_API void simdinet_ipv6_sort_keys(const uint8_t *addresses, size_t n, uint64_t *keys);
/** @} */

/**
 * Compare address i of a with address i of b: -1, 0 or 1 is stored to out[i].
 * @{
 */
SIMDINET_API void simdinet_compare_ipv4_column(const uint8_t *a, const uint8_t *b, size_t n,
                                               int8_t *out);
SIMDINET_API void simdinet_compare_ipv6_column(const uint8_t *a, const uint8_t *b, size_t n,
                                               int8_t *out);
/** @} */

/** @} */

#ifdef __cplusplus
}
#endif

#endif
