/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * interfaces.c - simdinet interfaces: the index and the name of every interface.
 */
#include "cli.h"
#include "simdinet_socket.h"

#include <getopt.h>
#include <stdio.h>

static const char help[] = "Usage: simdinet interfaces\n"
                           "Print the index and the name of every network interface, one a line.\n";

int command_interfaces(int argc, char **argv) {
    int status;
    if (!read_no_options(argc, argv, help, &status))
        return status;
    if (optind < argc) {
        complain("interfaces takes no arguments");
        return usage_error(argv[0]);
    }
    struct if_nameindex *array = simdinet_if_nameindex();
    if (!array) {
        complain_errno("interfaces");
        return EXIT_TROUBLE;
    }
    status = array->if_name ? EXIT_FOUND : EXIT_NONE;
    for (const struct if_nameindex *entry = array; entry->if_name; entry++)
        printf("%u\t%s\n", entry->if_index, entry->if_name);
    simdinet_if_freenameindex(array);
    return finish_output(status);
}
