/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * simdinet_network_set.h - lists of networks, and their algebra.
 *
 * Every function is thread-safe and reentrant. None allocates memory, prints or aborts, and none
 * sets errno. No bytes outside of the given objects are accessed, whatever their values.
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
 * A list is n networks in the caller's memory, of both families in any mixture. It stands for the
 * addresses that its networks contain. Bits past a prefix length are ignored in every input, and 0
 * in every output; of an IPv4 network the last 12 bytes of address are treated alike.
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
 * capacity. out may be NULL when capacity is 0. It must not overlap the input.
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
 * A union or an intersection has at most n_a + n_b networks. A subtraction has at most n_a more
 * than 32 (IPv4) or 128 (IPv6) for each network of b.
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

#ifdef __cplusplus
}
#endif

#endif
