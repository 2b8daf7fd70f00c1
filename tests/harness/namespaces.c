/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * namespaces.c - unshare, mounts and /etc.
 */
#include "namespaces.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

static bool write_file(const char *path, const char *contents) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    size_t len = strlen(contents);
    bool good = fd >= 0 && write(fd, contents, len) == (ssize_t)len;
    if (fd >= 0)
        close(fd);
    return good;
}

/* Maps root of the new user namespace to the user of this process. */
static bool map_root(unsigned user, unsigned group) {
    char users[32], groups[32];
    snprintf(users, sizeof users, "0 %u 1", user);
    snprintf(groups, sizeof groups, "0 %u 1", group);
    return write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", users) &&
           write_file("/proc/self/gid_map", groups);
}

static bool loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_LOOPBACK};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static const char *enter(void) {
    unsigned user = geteuid(), group = getegid();
    int kinds = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS;
    if (user == 0) {
        if (unshare(kinds) != 0)
            return "unshare";
    } else if (unshare(kinds | CLONE_NEWUSER) != 0 || !map_root(user, group)) {
        return "unshare with a user namespace";
    }
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("etc", "/etc", "tmpfs", 0, NULL) != 0)
        return "mount";
    if (!loopback_up())
        return "the loopback interface";
    return NULL;
}

const char *namespaces_enter(const char *test) {
    const char *refused = enter();
    if (refused) {
        printf("skipped: %s: the kernel refuses %s (%s)\n", test, refused, strerror(errno));
        return refused;
    }
    namespaces_write("passwd", "root:x:0:0:root:/:/bin/sh\n");
    namespaces_write("group", "root:x:0:\n");
    namespaces_write("hosts", "127.0.0.1 localhost\n::1 localhost\n");
    namespaces_write("nsswitch.conf", "hosts: files\nservices: files\nprotocols: files\n");
    return NULL;
}

static void require(bool done, const char *path) {
    if (!done) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        abort();
    }
}

static void path_of(char *path, size_t size, const char *name, const char *suffix) {
    snprintf(path, size, "/etc/%s%s", name, suffix);
}

void namespaces_write(const char *name, const char *contents) {
    char path[64];
    path_of(path, sizeof path, name, "");
    require(write_file(path, contents), path);
}

void namespaces_replace(const char *name, const char *contents) {
    char path[64], fresh[64];
    path_of(path, sizeof path, name, "");
    path_of(fresh, sizeof fresh, name, ".new");
    require(write_file(fresh, contents) && rename(fresh, path) == 0, path);
}

bool namespaces_run(const char *command) {
    return system(command) == 0;
}

static unsigned count_entries(const char *path) {
    unsigned count = 0;
    DIR *folder = opendir(path);
    require(folder != NULL, path);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2; /* "." and ".." */
}

unsigned namespaces_descriptors(void) {
    return count_entries("/proc/self/fd") - 1; /* the folder itself */
}

unsigned namespaces_threads(void) {
    return count_entries("/proc/self/task");
}

static void *return_at_once(void *unused) {
    return unused;
}

unsigned namespaces_threads_at_rest(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, return_at_once, NULL) == 0)
        pthread_join(thread, NULL);
    unsigned least = namespaces_threads();
    for (int i = 0; i < 10; i++) {
        pause_milliseconds(2);
        unsigned count = namespaces_threads();
        least = count < least ? count : least;
    }
    return least;
}

bool namespaces_await_threads(unsigned most) {
    double end = seconds_now() + 20;
    while (namespaces_threads() > most) {
        if (seconds_now() > end)
            return false;
        pause_milliseconds(1);
    }
    return true;
}

int namespaces_listen(const char *address) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(53)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(inet_pton(AF_INET, address, &at.sin_addr) == 1 && fd >= 0 &&
                bind(fd, (struct sockaddr *)&at, sizeof at) == 0,
            address);
    return fd;
}
