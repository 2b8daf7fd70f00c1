/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sanitized.h - limits of the sanitizers and of the emulator.
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
 * Why a process with several threads cannot fork here: a lock of the sanitizer or the emulator
 * stays held in the child. NULL: it can. CMake defines EMULATED.
 */
static inline const char *no_fork_among_threads(void) {
#if SANITIZED_ADDRESS || SANITIZED_THREAD
    return "the sanitizer's allocator does not support fork among threads";
#elif defined(EMULATED)
    return "qemu-user does not support fork among threads";
#else
    return NULL;
#endif
}

/* Set for the sanitizers that replace the allocator and intercept the C library. */
#if SANITIZED_ADDRESS || SANITIZED_THREAD || SANITIZED_FEATURE(memory_sanitizer)
#    define SANITIZED 1
#else
#    define SANITIZED 0
#endif

#endif
