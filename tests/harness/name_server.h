/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * name_server.h - a name server on the loopback interface, for a test process that has its own.
 */
#ifndef NAME_SERVER_H
#define NAME_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Moves this process to namespaces of its own, starts NSD there with the zones of tests/data/dns, and lets
 * the resolver ask it. The server ends with the process. Returns NULL; or why not, and prints that the
 * named test is skipped. A server that starts and does not answer ends the process.
 */
const char *name_server_start(const char *test);

#endif
