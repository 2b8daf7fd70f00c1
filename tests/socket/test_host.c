/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The host name, descriptors, the default timeout, and error messages.
 */
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* ---- this host ------------------------------------------------------------------------------- */

Test(host, name_can_be_set) {
    char name[65], longest[66];
    enter("name_can_be_set");
    memset(longest, 'n', 65);
    longest[65] = '\0';
    cr_expect_eq(simdinet_sethostname("new.example", 11), 0);
    cr_expect_eq(simdinet_gethostname(name, sizeof name), 0);
    cr_expect_str_eq(name, "new.example");
    cr_expect_eq(simdinet_sethostname("cut\0here", 8), 0);
    cr_expect_eq(simdinet_gethostname(name, sizeof name), 0);
    cr_expect_str_eq(name, "cut");
    cr_expect_eq(simdinet_sethostname("", 0), 0);
    cr_expect_eq(simdinet_gethostname(name, sizeof name), 0);
    cr_expect_str_eq(name, "");
    cr_expect_eq(simdinet_sethostname(longest, 64), 0);
    cr_expect_eq(simdinet_gethostname(name, sizeof name), 0);
    cr_expect_eq(strlen(name), 64);
    errno = 0;
    cr_expect_eq(simdinet_gethostname(name, 64), -1);
    cr_expect_eq(errno, ENAMETOOLONG);
    errno = 0;
    cr_expect_eq(simdinet_sethostname(longest, 65), -1);
    cr_expect_eq(errno, EINVAL);
}

Test(host, full_name_or_required_size) {
    enter("full_name_or_required_size");
    char name[64] = "before";
    size_t len = 99;
    simdinet_error error;
    namespaces_write("hosts", "192.0.2.1 short short.example.test\n");
    cr_assert_eq(simdinet_sethostname("short", 5), 0);
    cr_expect_eq(simdinet_getfqdn(" \t", 2, name, 18, &len, &error), SIMDINET_E_NOSPACE);
    cr_expect_eq(error.needed, 19);
    cr_expect_str_eq(name, "before");
    cr_expect_eq(len, 99);
    cr_expect_eq(simdinet_getfqdn(NULL, 0, name, 19, &len, &error), SIMDINET_OK);
    cr_expect_str_eq(name, "short.example.test");
    cr_expect_eq(len, 18);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

Test(descriptor, closed_once) {
    simdinet_error error = {.status = 99};
    int fd = open("/dev/null", O_RDONLY);
    cr_expect_eq(simdinet_close(fd, &error), SIMDINET_OK);
    cr_expect_eq(error.status, 99, "untouched");
    cr_expect_eq(simdinet_close(fd, &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.status, SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, EBADF);
    cr_expect_eq(simdinet_close(fd, NULL), SIMDINET_E_ERRNO);
}

static bool nonblocking(int fd) {
    return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

Test(descriptor, socket_follows_the_default_timeout) {
    simdinet_error error;
    struct timeval value;
    socklen_t size = sizeof value;
    int plain = simdinet_socket(AF_INET, SOCK_STREAM, 0, &error);
    cr_assert_geq(plain, 0);
    cr_expect_not(nonblocking(plain));
    cr_expect(fcntl(plain, F_GETFD) & FD_CLOEXEC);
    cr_expect_eq(simdinet_applydefaulttimeout(plain, &error), SIMDINET_OK);
    cr_expect_not(nonblocking(plain));
    cr_assert_eq(simdinet_setdefaulttimeout(2.0, NULL), SIMDINET_OK);
    int timed = simdinet_socket(AF_INET, SOCK_DGRAM, 0, &error);
    cr_expect(nonblocking(timed));
    cr_expect_eq(getsockopt(timed, SOL_SOCKET, SO_SNDTIMEO, &value, &size), 0);
    cr_expect_eq(value.tv_sec, 2);
    cr_expect_eq(simdinet_applydefaulttimeout(plain, &error), SIMDINET_OK);
    cr_expect(nonblocking(plain));
    int own = simdinet_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, &error);
    cr_expect_eq(getsockopt(own, SOL_SOCKET, SO_RCVTIMEO, &value, &size), 0);
    cr_expect_eq(value.tv_sec, 0);
    errno = 0;
    cr_expect_eq(simdinet_socket(AF_INET, 77, 0, &error), -1);
    cr_expect_eq(error.sys_errno, EINVAL);
    cr_expect_eq(errno, EINVAL);
    cr_expect_eq(simdinet_applydefaulttimeout(-1, &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, EBADF);
    cr_expect_eq(
        simdinet_close(plain, NULL) + simdinet_close(timed, NULL) + simdinet_close(own, NULL), 0);
}

/* The largest default timeout exceeds a 32-bit time_t: it must not wrap to a past time. */
Test(descriptor, long_default_timeout_does_not_wrap) {
    struct timeval value = {0};
    socklen_t size = sizeof value;
    cr_assert_eq(simdinet_setdefaulttimeout(3e9, NULL), SIMDINET_OK);
    int fd = simdinet_socket(AF_INET, SOCK_DGRAM, 0, NULL);
    cr_assert_geq(fd, 0);
    cr_expect_eq(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, &size), 0);
    cr_expect_geq(value.tv_sec, INT32_MAX, "%lld s", (long long)value.tv_sec);
    close(fd);
}

/* A blocking receive ends with the timeout. */
Test(descriptor, blocking_receive_ends_with_the_default_timeout) {
    cr_assert_eq(simdinet_setdefaulttimeout(0.02, NULL), SIMDINET_OK);
    int fd = simdinet_socket(AF_INET, SOCK_DGRAM, 0, NULL);
    char byte;
    cr_assert_eq(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK), 0);
    cr_expect_eq(recv(fd, &byte, 1, 0), -1);
    cr_expect_eq(errno, EAGAIN);
    close(fd);
}

/* ---- the default timeout --------------------------------------------------------------------- */

Test(timeout, none_by_default_and_unchanged_by_errors) {
    double seconds = 99;
    simdinet_error error;
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 0);
    cr_expect_eq(seconds, 99);
    cr_expect_eq(simdinet_setdefaulttimeout(1.0 / 3, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 1);
    cr_expect_eq(seconds, 0.333333334);
    cr_expect_eq(simdinet_setdefaulttimeout((double)NAN, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_setdefaulttimeout(-0.5, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_setdefaulttimeout(-5e-324, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_setdefaulttimeout((double)-INFINITY, &error), SIMDINET_E_RANGE);
    cr_expect_eq(simdinet_setdefaulttimeout(9223372037.0, &error), SIMDINET_E_RANGE);
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 1);
    cr_expect_eq(seconds, 0.333333334);
    cr_expect_eq(simdinet_setdefaulttimeout(-0.0, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 1);
    cr_expect_not(signbit(seconds));
    cr_expect_eq(simdinet_setdefaulttimeout_none(), SIMDINET_OK);
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 0);
}

static void *set_one_of_two(void *argument) {
    for (int i = 0; i < 20000; i++)
        simdinet_setdefaulttimeout(i % 2 ? 1e9 : 1e-9, NULL);
    return argument;
}

Test(timeout, threads_read_whole_values) {
    pthread_t writer;
    double seconds = 1e9;
    cr_assert_eq(pthread_create(&writer, NULL, set_one_of_two, NULL), 0);
    for (int i = 0; i < 20000; i++) {
        simdinet_getdefaulttimeout(&seconds);
        cr_assert(seconds == 1e9 || seconds == 1e-9);
    }
    pthread_join(writer, NULL);
}

/* ---- error messages -------------------------------------------------------------------------- */

Test(error, messages_are_those_of_the_system) {
    static const struct {
        simdinet_error error;
        const char *text;
    } cases[] = {
        {{.status = SIMDINET_OK}, "Success"},
        {{.status = SIMDINET_E_GAI, .detail = EAI_NONAME}, "Name or service not known"},
        {{.status = SIMDINET_E_GAI, .detail = EAI_SYSTEM, .sys_errno = ENOENT},
         "No such file or directory"},
        {{.status = SIMDINET_E_HERR, .detail = HOST_NOT_FOUND}, "Unknown host"},
        {{.status = SIMDINET_E_ERRNO, .sys_errno = EPERM}, "Operation not permitted"},
        {{.status = SIMDINET_E_NOTFOUND}, "Not found"},
        {{.status = 1000}, "Unknown status"},
        {{.status = -1}, "Unknown status"},
    };
    char text[64];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = simdinet_strerror(&cases[i].error, text, sizeof text);
        cr_expect_str_eq(text, cases[i].text);
        cr_expect_eq(len, strlen(cases[i].text));
        cr_expect_eq(simdinet_strerror(&cases[i].error, text, 4), len);
        cr_expect(strncmp(text, cases[i].text, 3) == 0 && text[3] == '\0');
        cr_expect_eq(simdinet_strerror(&cases[i].error, NULL, 0), len);
    }
}
