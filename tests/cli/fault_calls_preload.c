/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A library for LD_PRELOAD that lets one call fail, or all from one on: SIMDINET_FAULT is "CALL N ERRNO" or
 * "CALL N+ ERRNO", with N from 0; CALL is "memory" for all allocations. When the call fails, the file that
 * SIMDINET_FAULT_MARK names is created. "shrink" lets no call fail: a file becomes empty once it is mapped.
 *
 * Calls within the C library, such as those of stdio, are not affected.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define VISIBLE    __attribute__((visibility("default")))
#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

/* dlsym allocates, and so cannot help here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static const char *wanted; /* the call; NULL: none fails */
static size_t wanted_size;
static long first;
static bool forever;
static int reason;
static atomic_long seen;

/* Calls after main do not count: a coverage build writes its data there. */
static void end_of_program(void) {
    wanted = NULL;
}

/* The program's own calls count: from the moment when all is loaded. */
__attribute__((constructor)) static void read_fault(void) {
    const char *fault = getenv("SIMDINET_FAULT");
    if (!fault)
        return;
    wanted_size = strcspn(fault, " ");
    char *end;
    first = strtol(fault + wanted_size, &end, 10);
    forever = *end == '+';
    reason = (int)strtol(end + forever, NULL, 10);
    wanted = fault;
}

static void leave_mark(void) {
    const char *mark = getenv("SIMDINET_FAULT_MARK");
    if (mark)
        close(REAL(open)(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static bool fails(const char *call) {
    if (!wanted || strlen(call) != wanted_size || memcmp(call, wanted, wanted_size) != 0)
        return false;
    long turn = atomic_fetch_add(&seen, 1);
    if (turn == 0)
        atexit(end_of_program); /* registered in main: otherwise it would run last */
    if (turn < first || (turn > first && !forever))
        return false;
    if (turn == first)
        leave_mark();
    errno = reason;
    return true;
}

VISIBLE void *malloc(size_t size) {
    return fails("memory") ? NULL : __libc_malloc(size);
}

VISIBLE void *aligned_alloc(size_t alignment, size_t size) {
    return fails("memory") ? NULL : __libc_memalign(alignment, size);
}

VISIBLE void *calloc(size_t count, size_t size) {
    return fails("memory") ? NULL : __libc_calloc(count, size);
}

VISIBLE void *realloc(void *block, size_t size) {
    return fails("memory") ? NULL : __libc_realloc(block, size);
}

VISIBLE ssize_t read(int fd, void *buf, size_t size) {
    return fails("read") ? -1 : REAL(read)(fd, buf, size);
}

VISIBLE ssize_t pread(int fd, void *buf, size_t size, off_t offset) {
    return fails("pread") ? -1 : REAL(pread)(fd, buf, size, offset);
}

VISIBLE ssize_t write(int fd, const void *text, size_t len) {
    return fails("write") ? -1 : REAL(write)(fd, text, len);
}

static bool creates(int flags) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

/* Stores the argument after the flags, if there is one. */
#define TAKE_MODE(mode, flags)                                                                     \
    do {                                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        if (creates(flags))                                                                        \
            mode = va_arg(arguments, mode_t);                                                      \
        va_end(arguments);                                                                         \
    } while (0)

VISIBLE int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    TAKE_MODE(mode, flags);
    return fails("open") ? -1 : REAL(open)(path, flags, mode);
}

VISIBLE int open64(const char *path, int flags, ...) {
    mode_t mode = 0;
    TAKE_MODE(mode, flags);
    return fails("open") ? -1 : REAL(open64)(path, flags, mode);
}

VISIBLE int openat(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    TAKE_MODE(mode, flags);
    return fails("open") ? -1 : REAL(openat)(folder, path, flags, mode);
}

VISIBLE int openat64(int folder, const char *path, int flags, ...) {
    mode_t mode = 0;
    TAKE_MODE(mode, flags);
    return fails("open") ? -1 : REAL(openat64)(folder, path, flags, mode);
}

static void *shrink(void *map, int fd) {
    char path[64];
    if (map != MAP_FAILED && fd >= 0 && fails("shrink")) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        close(REAL(open)(path, O_WRONLY | O_TRUNC | O_CLOEXEC));
    }
    return map;
}

VISIBLE void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    return fails("mmap") ? MAP_FAILED
                         : shrink(REAL(mmap)(at, size, protection, flags, fd, offset), fd);
}

VISIBLE void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset) {
    return fails("mmap") ? MAP_FAILED
                         : shrink(REAL(mmap64)(at, size, protection, flags, fd, offset), fd);
}

VISIBLE int fstat(int fd, struct stat *status) {
    return fails("fstat") ? -1 : REAL(fstat)(fd, status);
}

VISIBLE off_t lseek(int fd, off_t offset, int from) {
    return fails("lseek") ? -1 : REAL(lseek)(fd, offset, from);
}

VISIBLE int poll(struct pollfd *set, nfds_t count, int timeout) {
    return fails("poll") ? -1 : REAL(poll)(set, count, timeout);
}

VISIBLE int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                           void *(*run)(void *), void *argument) {
    return fails("thread") ? reason : REAL(pthread_create)(thread, attributes, run, argument);
}
