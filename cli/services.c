/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - simdinet services: the port of a name, the name of a port.
 */
#include "cli.h"
#include "simdinet_socket.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Usage: simdinet services NAME|PORT...\n"
    "Print the port of each service NAME, and the service at each PORT, for each of\n"
    "tcp, udp, sctp and dccp that has one: NAME PORT/PROTOCOL, one a line.\n"
    "\n"
    "Exit status: 0 when everything was found, 1 when something was not, 2 when there\n"
    "was trouble of another kind.\n";

static const char *const protocols[] = {"tcp", "udp", "sctp", "dccp"};

/* A whole number is a port; anything else is a name. */
static bool read_port(const char *text, int64_t *port) {
    char *end;
    long long number = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0')
        return false;
    *port = number;
    return true;
}

/* Prints the service of one protocol, if there is one. port < 0: the query is a name. */
static int look_up(const char *query, int64_t port, const char *protocol, simdinet_error *error) {
    char name[NI_MAXHOST];
    uint16_t found;
    int status;
    if (port >= 0) {
        status =
            simdinet_getservbyport(port, protocol, SIMDINET_ZSTR, name, sizeof name, NULL, error);
        if (status == SIMDINET_OK)
            printf("%s %lld/%s\n", name, (long long)port, protocol);
    } else {
        status =
            simdinet_getservbyname(query, SIMDINET_ZSTR, protocol, SIMDINET_ZSTR, &found, error);
        if (status == SIMDINET_OK)
            printf("%s %u/%s\n", query, found, protocol);
    }
    return status;
}

static void complain_status(const char *query, const simdinet_error *error) {
    char reason[128];
    simdinet_strerror(error, reason, sizeof reason);
    complain("%s: %s", query, reason);
}

static int show(const char *query) {
    simdinet_error error = {0};
    int64_t port = -1;
    bool found = false;
    if (read_port(query, &port) && port > UINT16_MAX) {
        complain("%s: no port is above %u", query, UINT16_MAX);
        return EXIT_TROUBLE;
    }
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        int status = look_up(query, port, protocols[i], &error);
        found |= status == SIMDINET_OK;
        if (status != SIMDINET_OK && status != SIMDINET_E_NOTFOUND) {
            complain_status(query, &error);
            return EXIT_TROUBLE;
        }
    }
    if (!found)
        complain_status(query, &error);
    return found ? EXIT_FOUND : EXIT_NONE;
}

int command_services(int argc, char **argv) {
    int status = EXIT_FOUND;
    if (!read_no_options(argc, argv, help, &status))
        return status;
    if (optind == argc) {
        complain("services takes a name or a port");
        return usage_error(argv[0]);
    }
    for (int i = optind; i < argc; i++) {
        int one = show(argv[i]);
        status = one > status ? one : status;
    }
    return finish_output(status);
}
