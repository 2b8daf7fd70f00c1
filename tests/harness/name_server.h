/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * name_server.h - a name server on the loopback interface of a test process.
 */
#ifndef NAME_SERVER_H
#define NAME_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Moves this process to namespaces of its own, starts NSD there with the zones of tests/data/dns,
 * and configures the resolver to use it. The server ends with the process. Returns NULL; or the
 * reason, and prints that the named test is skipped. Aborts when the server starts and does not
 * answer.
 */
const char *name_server_start(const char *test);

#endif
