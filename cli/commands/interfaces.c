/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * interfaces.c - simdinet interfaces: prints the network interfaces.
 */
#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "printable.h"
#include "simdinet_socket.h"

#include <stdio.h>

static int run(options *given) {
    (void)given;
    struct if_nameindex *array = simdinet_if_nameindex();
    if (!array) {
        log_errno("interfaces");
        return EXIT_TROUBLE;
    }
    int status = array->if_name ? EXIT_FOUND : EXIT_NONE;
    for (const struct if_nameindex *entry = array; entry->if_name; entry++) {
        printf("%u\t", entry->if_index);
        put_printable(entry->if_name);
        putchar('\n');
    }
    simdinet_if_freenameindex(array);
    return finish_output(status);
}

const subcommand command_interfaces = {
    .id = COMMAND_interfaces,
    .name = "interfaces",
    .summary = "print the network interfaces of this machine",
    .usage = {""},
    .about = "Print the index and the name of every network interface, one per line.",
    .manual = "Prints the index and the name of every network interface, separated by a tab, one\n"
              "interface per line.\n"
              "# OPTIONS\n"
              "# EXIT STATUS\n"
              ": `0`\n"
              "There are interfaces.\n"
              ": `1`\n"
              "There are none.\n"
              ": `2`\n"
              "An error: the system call failed, an operand was given, or the output cannot be\n"
              "written.\n"
              "# EXAMPLES\n"
              "The names only:\n"
              "\n"
              "    simdinet interfaces | cut -f 2\n"
              "# SEE ALSO\n"
              "`simdinet`(1), `if_nameindex`(3)\n",
    .operands = OPERANDS_NONE,
    .run = run,
};
