/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * timeout.c - the default timeout, and the functions of Python's socket that apply it; close.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <unistd.h>

enum { NO_TIMEOUT = -1 };

/* Nanoseconds, or NO_TIMEOUT. No other data depends on it, so relaxed order suffices. */
static _Atomic int64_t default_timeout = NO_TIMEOUT;

int simdinet_setdefaulttimeout(double seconds, simdinet_error *error) {
    double scaled = seconds * 1e9;
    if (scaled != scaled)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    /* 2^63, the first double that does not fit. */
    /* cppcheck-suppress incorrectLogicOperator ; it reads the hexadecimal constants as 0 */
    if (scaled >= 0x1p63 || scaled < -0x1p63)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    if (seconds < 0)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    int64_t ns = (int64_t)scaled;
    if ((double)ns < scaled)
        ns++;
    atomic_store_explicit(&default_timeout, ns, memory_order_relaxed);
    return SIMDINET_OK;
}

int simdinet_setdefaulttimeout_none(void) {
    atomic_store_explicit(&default_timeout, NO_TIMEOUT, memory_order_relaxed);
    return SIMDINET_OK;
}

int simdinet_getdefaulttimeout(double *seconds) {
    int64_t timeout = atomic_load_explicit(&default_timeout, memory_order_relaxed);
    if (timeout == NO_TIMEOUT)
        return 0;
    /* Exact for whole seconds, where the nanoseconds would not fit in a double. */
    /* NOLINTNEXTLINE(bugprone-integer-division): the remainder is 0 */
    *seconds = timeout % SIMDINET_SECOND_NS == 0 ? (double)(timeout / SIMDINET_SECOND_NS)
                                                 : (double)timeout / 1e9;
    return 1;
}

static int set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_NONBLOCK))
        return flags < 0 ? -1 : 0;
    return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Sets SO_RCVTIMEO and SO_SNDTIMEO for a timeout above 0. */
static int set_socket_timeouts(int fd, int64_t timeout) {
    int64_t microseconds = timeout / 1000 + (timeout % 1000 != 0);
    int64_t seconds = microseconds / 1000000;
    /* At most 68 years if time_t has 32 bits. */
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
    if (timeout == NO_TIMEOUT)
        return SIMDINET_OK;
    if (set_nonblocking(fd) != 0 || (timeout > 0 && set_socket_timeouts(fd, timeout) != 0))
        return simdinet_fail_errno(error, errno);
    return SIMDINET_OK;
}

int simdinet_socket(int domain, int type, int protocol, simdinet_error *error) {
    int64_t timeout = atomic_load_explicit(&default_timeout, memory_order_relaxed);
    bool apply = timeout != NO_TIMEOUT && !(type & SOCK_NONBLOCK);
    int fd = socket(domain, type | SOCK_CLOEXEC | (apply ? SOCK_NONBLOCK : 0), protocol);
    if (fd >= 0 && (!apply || timeout == 0 || set_socket_timeouts(fd, timeout) == 0))
        return fd;
    int saved_errno = errno;
    if (fd >= 0)
        close(fd);
    errno = saved_errno;
    simdinet_fail_errno(error, saved_errno);
    return -1;
}

int simdinet_close(int fd, simdinet_error *error) {
    if (close(fd) == 0 || errno == ECONNRESET)
        return SIMDINET_OK;
    return simdinet_fail_errno(error, errno);
}
