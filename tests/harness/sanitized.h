/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sanitized.h - what a sanitizer or an emulator around the tests does not stand.
 */
#ifndef SANITIZED_H
#define SANITIZED_H

#include <stddef.h>

#if defined(__has_feature)
#    define SANITIZED_FEATURE(name) __has_feature(name)
#else
#    define SANITIZED_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || SANITIZED_FEATURE(address_sanitizer)
#    define SANITIZED_ADDRESS 1
#else
#    define SANITIZED_ADDRESS 0
#endif

#if defined(__SANITIZE_THREAD__) || SANITIZED_FEATURE(thread_sanitizer)
#    define SANITIZED_THREAD 1
#else
#    define SANITIZED_THREAD 0
#endif

/*
 * Why no process may be forked while it has other threads: what runs underneath keeps a lock of its
 * own for ever in the child. NULL: it may. EMULATED comes from CMakeLists.txt.
 */
static inline const char *no_fork_among_threads(void) {
#if SANITIZED_ADDRESS || SANITIZED_THREAD
    return "the sanitizer's allocator does not survive them";
#elif defined(EMULATED)
    return "qemu-user does not survive them";
#else
    return NULL;
#endif
}

/* Any that replaces the allocator, and calls the C library in ways of its own. */
#if SANITIZED_ADDRESS || SANITIZED_THREAD || SANITIZED_FEATURE(memory_sanitizer)
#    define SANITIZED 1
#else
#    define SANITIZED 0
#endif

#endif
