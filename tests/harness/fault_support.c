/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_support.c - counted checks, and the files that the calls read.
 */
#include "fault_calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "namespaces.h"

atomic_bool fault_is_set, fault_is_paused;
bool fault_keeps_names;
size_t fault_addresses;

static unsigned long checks, failures;

void fault_check(bool good, const char *format, ...) {
    checks++;
    if (good)
        return;
    failures++;
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
}

bool fault_same_error(const simdinet_error *a, const simdinet_error *b) {
    return a->status == b->status && a->detail == b->detail && a->sys_errno == b->sys_errno &&
           a->needed == b->needed;
}

unsigned long fault_failures(void) {
    return failures;
}

int fault_finish(const char *test, unsigned long faults) {
    printf("%s: %lu faults, %lu checks, %lu failed\n", test, faults, checks, failures);
    return failures > 0 || faults == 0;
}

/* ---- files ----------------------------------------------------------------------------------- */

static const char *hosts_file(void) {
    static char text[16384];
    char *cursor = text + sprintf(text, "127.0.0.1 localhost\n192.0.2.200 short short.test\n");
    for (size_t i = 1; i <= fault_addresses; i++)
        cursor += sprintf(cursor, "192.0.2.%zu many.test alias-%zu.many.test\n", i, i);
    return text;
}

/* Adds an address that is not a loopback address: without one AI_ADDRCONFIG excludes all. */
static bool add_address(const char *text) {
    struct ifreq request = {.ifr_name = "lo:1"};
    struct sockaddr_in address = {.sin_family = AF_INET};
    inet_pton(AF_INET, text, &address.sin_addr);
    memcpy(&request.ifr_addr, &address, sizeof address);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && ioctl(fd, SIOCSIFADDR, &request) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

bool fault_enter(const char *test, size_t many) {
    fault_addresses = many;
    if (namespaces_enter(test))
        return false;
    namespaces_write("hosts", hosts_file());
    namespaces_write("host.conf", "multi on\n");
    namespaces_write("services", "named 77/tcp alias\n");
    namespaces_write("protocols", "proto 7 PROTO\n");
    simdinet_sethostname("short", 5);
    fault_check(add_address("198.51.100.1"), "no second address: %s", strerror(errno));
    /* A file modified within the last second is read at every call, so the number of reads would
     * vary. */
    pause_milliseconds(100);
    return true;
}

void fault_bypass_tables(void) {
    /* With an action in nsswitch.conf the tables are not used. */
    namespaces_write("nsswitch.conf", "hosts: files\nservices: files [NOTFOUND=return]\n"
                                      "protocols: files [NOTFOUND=return]\n");
    fault_wait_for_tables();
}

void fault_wait_for_tables(void) {
    pause_milliseconds(1200);
}

bool fault_reads_tables(const fault_call *call) {
    return strncmp(call->name, "getserv", 7) == 0 || strncmp(call->name, "getproto", 8) == 0;
}
