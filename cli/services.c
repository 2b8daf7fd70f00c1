/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - simdinet services: the port of a name, the name of a port.
 */
#include "cli.h"
#include "simdinet_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: simdinet services NAME|PORT...\n"
    "Print the port of each service NAME, and the service at each PORT, for every protocol that\n"
    "has one: NAME PORT/PROTOCOL, one a line.\n"
    "\n"
    "Exit status: 0 when everything was found, 1 when something was not, 2 when there was\n"
    "trouble of another kind.\n";

static const char *const protocols[] = {"tcp", "udp", "sctp", "dccp"};

/* A whole number is a port; anything else is a name. */
static bool read_port(const char *text, int64_t *port) {
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *port = strtoll(text, &end, 10);
    return *end == '\0';
}

static int look_up(const char *query, const char *protocol, simdinet_error *error) {
    char name[NI_MAXHOST];
    int64_t number;
    uint16_t port;
    int status;
    if (read_port(query, &number)) {
        status =
            simdinet_getservbyport(number, protocol, SIMDINET_ZSTR, name, sizeof name, NULL, error);
        if (status == SIMDINET_OK)
            printf("%s %lld/%s\n", name, (long long)number, protocol);
    } else {
        status =
            simdinet_getservbyname(query, SIMDINET_ZSTR, protocol, SIMDINET_ZSTR, &port, error);
        if (status == SIMDINET_OK)
            printf("%s %u/%s\n", query, port, protocol);
    }
    return status;
}

static bool show(const char *query) {
    simdinet_error error = {0};
    bool found = false;
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        found |= look_up(query, protocols[i], &error) == SIMDINET_OK;
    if (!found) {
        char reason[128];
        simdinet_strerror(&error, reason, sizeof reason);
        complain("%s: %s", query, reason);
    }
    return found;
}

int command_services(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return finish_output(EXIT_FOUND);
    }
    if (argc < 2) {
        complain("services takes a name or a port");
        return usage_error(argv[0]);
    }
    int status = EXIT_FOUND;
    for (int i = 1; i < argc; i++)
        if (!show(argv[i]))
            status = EXIT_NONE;
    return finish_output(status);
}
