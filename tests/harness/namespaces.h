/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * namespaces.h - gives a test process a network, a host name and an /etc of its own.
 */
#ifndef SIMDINET_NAMESPACES_H
#define SIMDINET_NAMESPACES_H

#include <stdbool.h>

/*
 * Moves this process into new mount, network and UTS namespaces (and, without root, a user
 * namespace in which it is root: only while it has one thread, so tests with Criterion run under
 * "unshare -r"), with the loopback interface up and an empty file system over /etc except for users
 * and a hosts file with localhost. Names come from files only. Returns NULL; or, where the kernel
 * refuses, what it refuses, and prints that the named test is skipped.
 */
const char *namespaces_enter(const char *test);

/*
 * Writes a file of /etc in place, or as a new file that is renamed over the old one. Aborts on an
 * error.
 */
void namespaces_write(const char *name, const char *contents);
void namespaces_replace(const char *name, const char *contents);

/* Runs a shell command. True when it exits with 0. */
bool namespaces_run(const char *command);

/* The number of open descriptors of this process. */
unsigned namespaces_descriptors(void);

/* The number of threads of this process; and that while no call is running. The latter waits: the
 * thread sanitizer starts a thread of its own with the first, and a joined thread stays visible for
 * a moment. */
unsigned namespaces_threads(void);
unsigned namespaces_threads_at_rest(void);

/* Waits until this process has at most so many threads. False after 20 seconds. */
bool namespaces_await_threads(unsigned most);

/* A socket that receives the DNS queries sent to an IPv4 address. Aborts on an error. */
int namespaces_listen(const char *address);

#endif
