/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * buffer_size.h - buffer sizes, and the small ones that the fuzz targets are built with.
 */
#ifndef SIMDINET_BUFFER_SIZE_H
#define SIMDINET_BUFFER_SIZE_H

/* With SIMDINET_SMALL_BUFFERS a few hundred bytes of input cross every buffer, range and batch boundary. */
#ifdef SIMDINET_SMALL_BUFFERS
#    define BUFFER_SIZED(usual, small) (small)
#else
#    define BUFFER_SIZED(usual, small) (usual)
#endif

/* The longest line, without its newline, that grep keeps to print it. */
enum { MAX_LINE = BUFFER_SIZED(1 << 30, 2048) };

#endif
