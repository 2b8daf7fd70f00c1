/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - simdinet services: the ports of services, and the services at ports.
 */
#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "printable.h"
#include "simdinet_socket.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const protocols[] = {"tcp", "udp", "sctp", "dccp"};

/* A decimal number is a port; anything else is a name. */
static bool parse_port(const char *text, int64_t *port) {
    char *end;
    long long number = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0')
        return false;
    *port = number;
    return true;
}

static void print_service(const char *name, unsigned port, const char *protocol) {
    put_printable(name);
    printf(" %u/%s\n", port, protocol);
}

/* Prints the service of one protocol, if it exists. port < 0: query is a name. */
static int look_up(const char *query, int64_t port, const char *protocol, simdinet_error *error) {
    char name[NI_MAXHOST];
    uint16_t found;
    int status;
    if (port >= 0) {
        status =
            simdinet_getservbyport(port, protocol, SIMDINET_ZSTR, name, sizeof name, NULL, error);
        if (status == SIMDINET_OK)
            print_service(name, (unsigned)port, protocol);
    } else {
        status =
            simdinet_getservbyname(query, SIMDINET_ZSTR, protocol, SIMDINET_ZSTR, &found, error);
        if (status == SIMDINET_OK)
            print_service(query, found, protocol);
    }
    return status;
}

static void log_status(const char *query, const simdinet_error *error) {
    char reason[128];
    simdinet_strerror(error, reason, sizeof reason);
    log_error("%s: %s", query, reason);
}

static int print_services(const char *query) {
    simdinet_error error = {0};
    int64_t port = -1;
    bool found = false;
    if (parse_port(query, &port) && port > UINT16_MAX) {
        log_error("invalid port '%s': greater than %u", query, UINT16_MAX);
        return EXIT_TROUBLE;
    }
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        int status = look_up(query, port, protocols[i], &error);
        found |= status == SIMDINET_OK;
        if (status != SIMDINET_OK && status != SIMDINET_E_NOTFOUND) {
            log_status(query, &error);
            return EXIT_TROUBLE;
        }
    }
    if (!found)
        log_status(query, &error);
    return found ? EXIT_FOUND : EXIT_NONE;
}

static int run(options *given) {
    int status = EXIT_FOUND;
    if (given->n_operands == 0) {
        log_error("missing service name or port");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    for (int i = 0; i < given->n_operands; i++) {
        int one = print_services(given->operands[i]);
        status = one > status ? one : status;
    }
    return finish_output(status);
}

const subcommand command_services = {
    .id = COMMAND_services,
    .name = "services",
    .summary = "print the ports of services, or the services at ports",
    .usage = {"NAME|PORT..."},
    .about = "Print the port of each service NAME, and the service at each PORT, for each of "
             "tcp, udp, sctp and dccp that has one: NAME PORT/PROTOCOL, one per line.",
    .notes = "Exit status: 0 if everything was found, 1 if something was not, 2 after an "
             "error.",
    .manual =
        "Prints the port of each named service, and the service at each port, one per line: the\n"
        "name, a blank, the port, a slash and the protocol. An operand that is a decimal number is "
        "a\n"
        "port, any other a name. Each is looked up for tcp, udp, sctp and dccp, in this order; a\n"
        "protocol without such a service is skipped. An operand found for none of them is "
        "reported\n"
        "on standard error.\n"
        "# OPTIONS\n"
        "# EXIT STATUS\n"
        ": `0`\n"
        "Everything was found.\n"
        ": `1`\n"
        "Something was not.\n"
        ": `2`\n"
        "An error: an operand is missing, a number is not a port, the lookup failed, or the "
        "output\n"
        "cannot be written.\n"
        "# EXAMPLES\n"
        "If `services`(5) lists ssh for tcp, this prints ssh 22/tcp:\n"
        "\n"
        "    simdinet services 22\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-resolve`(1), `services`(5)\n",
    .operands = OPERANDS_SERVICES,
    .run = run,
};
