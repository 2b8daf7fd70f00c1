/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * impl.h - IMPL(name), an implementation's own copy of a function.
 *
 * The file of an implementation defines IMPL before its includes: IMPL(parse_ipv6), the kernel
 * parse_ipv6 of kernel.h, is parse_ipv6_avx2 in x86/avx2.c. A header that uses IMPL is a template,
 * which is compiled once for each implementation that includes it; if several do, it defines no
 * other name. All other headers define their names once, for all implementations.
 */
#ifndef SIMDINET_IMPL_H
#define SIMDINET_IMPL_H

/* REQUIRES declares a function that the implementation defines by another header. */
#if defined(IMPL)
#    define REQUIRES static
#else /* a template that is compiled by itself */
#    define IMPL(name) name
#    define REQUIRES   extern
#endif

#endif
