/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * namespaces.h - a test process with a network, a host name and an /etc of its own.
 */
#ifndef SIMDINET_NAMESPACES_H
#define SIMDINET_NAMESPACES_H

#include <stdbool.h>

/*
 * Moves this process into new mount, network and UTS namespaces (and, without root, a user
 * namespace in which it is root: only while it has one thread, so tests with Criterion run under
 * "unshare -r"), with the loopback interface up and an empty file system over /etc but for a few
 * files: users, and a hosts file that knows localhost. Names come from files only. Returns NULL;
 * or, where the kernel refuses, what it refuses, and prints that the named test is skipped.
 */
const char *namespaces_enter(const char *test);

/*
 * Writes a file of /etc in place, or as a new file that is renamed over the old one. What cannot be
 * written ends the process.
 */
void namespaces_write(const char *name, const char *contents);
void namespaces_replace(const char *name, const char *contents);

/* Runs a command of the shell. True when it exits with 0. */
bool namespaces_run(const char *command);

/* How many descriptors of this process are open. */
unsigned namespaces_descriptors(void);

/* How many threads this process has; and how many when no call is under way, for the thread sanitizer
 * starts one of its own with a program's first, and one that was joined is still seen for a moment. */
unsigned namespaces_threads(void);
unsigned namespaces_threads_at_rest(void);

/* Waits for threads that end to be gone, until there are no more than so many. False: after 20 seconds
 * there still are. */
bool namespaces_await_threads(unsigned wanted);

/* A socket to which queries of names come that are sent to an IPv4 address. What fails ends the
 * process. */
int namespaces_listen(const char *address);

#endif
