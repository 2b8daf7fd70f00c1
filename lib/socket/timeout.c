/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * timeout.c - the default timeout, the sockets that follow it, and their end.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

enum { NONE = -1 };

/* Nanoseconds, or NONE. No other data hangs on it, so no order beyond its own is needed. */
static _Atomic int64_t default_timeout = NONE;

int simdinet_setdefaulttimeout(double seconds, simdinet_error *error) {
    double scaled = seconds * 1e9;
    if (scaled != scaled)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    /* 2^63, the first double that does not fit. */
    if (scaled >= 0x1p63 || scaled < -0x1p63)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    if (seconds < 0)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    int64_t whole = (int64_t)scaled;
    if ((double)whole < scaled)
        whole++;
    atomic_store_explicit(&default_timeout, whole, memory_order_relaxed);
    return SIMDINET_OK;
}

int simdinet_setdefaulttimeout_none(void) {
    atomic_store_explicit(&default_timeout, NONE, memory_order_relaxed);
    return SIMDINET_OK;
}

int simdinet_getdefaulttimeout(double *seconds) {
    int64_t timeout = atomic_load_explicit(&default_timeout, memory_order_relaxed);
    if (timeout == NONE)
        return 0;
    /* Whole seconds stay exact where the nanoseconds of them would not. */
    *seconds = timeout % SIMDINET_SECOND == 0 ? (double)(timeout / SIMDINET_SECOND)
                                              : (double)timeout / 1e9;
    return 1;
}

static int set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_NONBLOCK))
        return flags < 0 ? -1 : 0;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* For a timeout above 0 on a socket whose blocking state is settled already. */
static int set_timeouts(int fd, int64_t timeout) {
    int64_t microseconds = timeout / 1000 + (timeout % 1000 != 0);
    int64_t seconds = microseconds / 1000000;
    /* 68 years, where time_t has 32 bits. */
    if (sizeof(time_t) < sizeof seconds && seconds > INT32_MAX)
        seconds = INT32_MAX;
    struct timeval value = {
        .tv_sec = (time_t)seconds,
        .tv_usec = (suseconds_t)(microseconds % 1000000),
    };
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value) != 0)
        return -1;
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

int simdinet_applydefaulttimeout(int fd, simdinet_error *error) {
    int64_t timeout = atomic_load_explicit(&default_timeout, memory_order_relaxed);
    if (timeout == NONE)
        return SIMDINET_OK;
    if (set_nonblocking(fd) != 0 || (timeout > 0 && set_timeouts(fd, timeout) != 0))
        return simdinet_fail_errno(error, errno);
    return SIMDINET_OK;
}

int simdinet_socket(int domain, int type, int protocol, simdinet_error *error) {
    int64_t timeout = atomic_load_explicit(&default_timeout, memory_order_relaxed);
    bool follow = timeout != NONE && !(type & SOCK_NONBLOCK);
    int fd = socket(domain, type | SOCK_CLOEXEC | (follow ? SOCK_NONBLOCK : 0), protocol);
    if (fd >= 0 && (!follow || timeout == 0 || set_timeouts(fd, timeout) == 0))
        return fd;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    simdinet_fail_errno(error, reason);
    return -1;
}

int simdinet_close(int fd, simdinet_error *error) {
    if (close(fd) == 0 || errno == ECONNRESET)
        return SIMDINET_OK;
    return simdinet_fail_errno(error, errno);
}
