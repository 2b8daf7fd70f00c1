/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cases_descriptor.c - recorded calls of close and of the default timeout.
 */
#include "cases.h"

#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- descriptors and the default timeout ----------------------------------------------------- */

/* A new descriptor of a kind; with the suffix "-closed" one that is closed already. */
static int descriptor_of(const char *kind) {
    int fd = -1, pair[2] = {-1, -1};
    if (strncmp(kind, "tcp", 3) == 0) {
        fd = socket(AF_INET, SOCK_STREAM, 0);
    } else if (strncmp(kind, "udp", 3) == 0) {
        fd = socket(AF_INET, SOCK_DGRAM, 0);
    } else if (strncmp(kind, "unix", 4) == 0) {
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
    } else if (strncmp(kind, "pipe", 4) == 0 && pipe(pair) == 0) {
        fd = pair[0];
        close(pair[1]);
    } else if (strncmp(kind, "event", 5) == 0) {
        fd = eventfd(0, 0);
    } else {
        fd = open("/dev/null", O_RDONLY);
    }
    if (strstr(kind, "-closed"))
        close(fd);
    return fd;
}

void case_call_close(const json_t *arguments, case_outcome *out) {
    const json_t *value = json_array_get(arguments, 0);
    const json_t *kind = json_object_get(value, "$fd");
    int64_t number = -1;
    int fd;
    if (kind) {
        fd = descriptor_of(json_string_value(kind));
    } else if (case_number(value, &number) && number == (int)number) {
        fd = (int)number;
    } else {
        case_refuse(out, SIMDINET_E_RANGE);
        return;
    }
    simdinet_close(fd, &out->error);
    out->value = json_null();
}

void case_call_getdefaulttimeout(const json_t *arguments, case_outcome *out) {
    (void)arguments;
    out->value = case_timeout();
}

/* Sockets for the default timeout. It is applied to those that simdinet_socket does not create. */
static int probe_descriptor(const char *probe, int others[2]) {
    simdinet_error error;
    int type = strcmp(probe, "new_udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
    others[0] = others[1] = -1;
    if (strcmp(probe, "sock_nonblock_type") == 0)
        return simdinet_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0, &error);
    if (strncmp(probe, "new_", 4) == 0)
        return simdinet_socket(AF_INET, type, 0, &error);
    int fd = -1, pair[2];
    if (strcmp(probe, "accepted") == 0) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        address.sin_addr.s_addr = simdinet_htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        struct sockaddr *any = (struct sockaddr *)&address;
        others[0] = socket(AF_INET, SOCK_STREAM, 0);
        others[1] = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(others[0], any, size) == 0 && listen(others[0], 1) == 0 &&
            getsockname(others[0], any, &size) == 0 && connect(others[1], any, size) == 0)
            fd = accept(others[0], NULL, NULL);
    } else if (strcmp(probe, "socketpair") == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        fd = pair[0];
        others[0] = pair[1];
    } else if (strcmp(probe, "fromfd") == 0) {
        others[0] = socket(AF_INET, SOCK_STREAM, 0);
        fd = dup(others[0]);
    }
    return simdinet_applydefaulttimeout(fd, &error) == SIMDINET_OK ? fd : -1;
}

/* [the socket's timeout, whether it is non-blocking] */
static json_t *probe_value(const char *probe) {
    int others[2];
    int fd = probe_descriptor(probe, others);
    struct timeval value = {0};
    socklen_t size = sizeof value;
    bool nonblocking = fcntl(fd, F_GETFL) & O_NONBLOCK;
    getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, &size);
    double seconds = (double)value.tv_sec + (double)value.tv_usec / 1e6;
    for (int i = 0; i < 2; i++)
        if (others[i] >= 0)
            close(others[i]);
    if (fd < 0)
        return case_text_value("no descriptor");
    close(fd);
    return json_pack("[o,b]", nonblocking ? json_real(seconds) : json_null(), nonblocking);
}

void case_call_setdefaulttimeout(const json_t *test, const json_t *arguments, case_outcome *out) {
    const json_t *value = json_array_get(arguments, 0);
    const char *probe = json_string_value(json_object_get(test, "probe"));
    if (json_is_null(value))
        out->error.status = simdinet_setdefaulttimeout_none();
    else
        simdinet_setdefaulttimeout(case_double(value), &out->error);
    out->value = probe ? probe_value(probe) : case_timeout();
}
