/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sanitized.h - which sanitizer this build has, for what a sanitizer does not stand.
 */
#ifndef SANITIZED_H
#define SANITIZED_H

#if defined(__has_feature)
#    define SANITIZED_FEATURE(name) __has_feature(name)
#else
#    define SANITIZED_FEATURE(name) 0
#endif

/* Its allocator may keep a lock for ever in the child of a fork. */
#if defined(__SANITIZE_ADDRESS__) || SANITIZED_FEATURE(address_sanitizer)
#    define SANITIZED_ADDRESS 1
#else
#    define SANITIZED_ADDRESS 0
#endif

/* Any that replaces the allocator, and calls the C library in ways of its own. */
#if SANITIZED_ADDRESS || defined(__SANITIZE_THREAD__) || SANITIZED_FEATURE(thread_sanitizer) ||    \
    SANITIZED_FEATURE(memory_sanitizer)
#    define SANITIZED 1
#else
#    define SANITIZED 0
#endif

#endif
