/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * name_server.c - runs NSD in a temporary directory.
 */
#include "name_server.h"

#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "namespaces.h"

static pid_t server;
static char directory[] = "/tmp/simdinet-dns-XXXXXX";

static void stop_server(void) {
    char command[64];
    if (server > 0) {
        kill(server, SIGTERM);
        waitpid(server, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -r %s", directory);
    namespaces_run(command);
}

static bool resolves(const char *name) {
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    if (getaddrinfo(name, NULL, &hints, &list) != 0)
        return false;
    freeaddrinfo(list);
    return true;
}

static void require(bool done, const char *what) {
    if (!done) {
        fprintf(stderr, "the name server: %s\n", what);
        abort();
    }
}

const char *name_server_start(const char *test) {
    char command[512];
    if (!namespaces_run("PATH=$PATH:/usr/sbin command -v nsd >/dev/null")) {
        printf("skipped: %s: nsd is not installed\n", test);
        return "nsd is not installed";
    }
    const char *refused = namespaces_enter(test);
    if (refused)
        return refused;
    require(mkdtemp(directory) != NULL, directory);
    snprintf(command, sizeof command, "cp %s/* %s", TEST_DNS, directory);
    require(namespaces_run(command), command);
    namespaces_write("nsswitch.conf", "hosts: files dns\n");
    namespaces_write("resolv.conf", "nameserver 127.0.0.1\nsearch example.test\n"
                                    "options timeout:1 attempts:2\n");
    server = fork();
    if (server == 0) {
        snprintf(command, sizeof command,
                 "cd %s && PATH=$PATH:/usr/sbin exec nsd -d -c nsd.conf >nsd.log 2>&1", directory);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    atexit(stop_server);
    for (int i = 0; i < 600 && !resolves("ns.example.test"); i++)
        pause_milliseconds(100);
    require(resolves("ns.example.test"), "does not answer");
    return NULL;
}
