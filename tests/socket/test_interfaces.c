/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Interfaces: loopback only, one, a thousand; names of any length; renames, additions and removals
 * during calls.
 */
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* The first type of virtual interface that the kernel supports. */
static const char *interface_kind(void) {
    static const char *const kinds[] = {"dummy", "ifb", "bridge"};
    char command[128];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        snprintf(command, sizeof command,
                 "ip link add probe type %s 2>/dev/null && ip link del probe", kinds[i]);
        if (namespaces_run(command))
            return kinds[i];
    }
    cr_skip_test("this kernel has no virtual interfaces");
    return NULL;
}

static void add_interfaces(const char *kind, unsigned from, unsigned to) {
    FILE *batch = popen("ip -batch -", "w");
    cr_assert_not_null(batch);
    for (unsigned i = from; i < to; i++)
        fprintf(batch, "link add if%u type %s\n", i, kind);
    cr_assert_eq(pclose(batch), 0);
}

/* Checks that each entry has the index of its name, the name of its index, and equals the C
 * library's entry. Returns their number. */
static unsigned expect_consistent(void) {
    struct if_nameindex *array = simdinet_if_nameindex(), *expected = if_nameindex();
    cr_assert_not_null(array);
    cr_assert_not_null(expected);
    unsigned count = 0;
    for (struct if_nameindex *entry = array; entry->if_name; entry++, count++) {
        char name[IF_NAMESIZE];
        cr_expect_eq(simdinet_if_nametoindex(entry->if_name), entry->if_index);
        cr_assert_not_null(simdinet_if_indextoname(entry->if_index, name));
        cr_expect_str_eq(name, entry->if_name);
        cr_assert_not_null(expected[count].if_name);
        cr_expect_str_eq(expected[count].if_name, entry->if_name);
        cr_expect_eq(expected[count].if_index, entry->if_index);
    }
    cr_expect_null(expected[count].if_name);
    if_freenameindex(expected);
    simdinet_if_freenameindex(array);
    return count;
}

Test(interfaces, lists_of_many_sizes, .timeout = 120) {
    /* Lists that the kernel returns in one message, in several, and in many. */
    static const unsigned counts[] = {1, 2, 3, 7, 20, 50, 100, 300, 1000};
    enter("lists_of_many_sizes");
    unsigned before = namespaces_descriptors(), there = 0;
    cr_expect_eq(expect_consistent(), 1, "the loopback alone");
    const char *kind = interface_kind();
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        add_interfaces(kind, there, counts[i]);
        there = counts[i];
        cr_expect_eq(expect_consistent(), there + 1, "%u interfaces", there);
    }
    cr_assert(namespaces_run("ip link del if500"));
    cr_expect_eq(expect_consistent(), there, "without a contiguous index");
    cr_expect_eq(namespaces_descriptors(), before);
}

Test(interfaces, names_up_to_fifteen_bytes) {
    enter("names_up_to_fifteen_bytes");
    const char *kind = interface_kind();
    char command[128], name[IF_NAMESIZE + 1];
    snprintf(command, sizeof command, "ip link add fifteen-bytes-x type %s", kind);
    cr_assert(namespaces_run(command));
    unsigned index = simdinet_if_nametoindex("fifteen-bytes-x");
    cr_expect_gt(index, 1);
    memset(name, '#', sizeof name);
    cr_expect_str_eq(simdinet_if_indextoname(index, name), "fifteen-bytes-x");
    cr_expect_eq(name[IF_NAMESIZE], '#', "byte past the buffer");
    errno = 0;
    cr_expect_eq(simdinet_if_nametoindex("fifteen-bytes-xy"), 0,
                 "sixteen bytes, of which fifteen match");
    cr_expect_eq(errno, ENODEV);
    snprintf(command, sizeof command, "ip link add sixteen-bytes-xy type %s 2>/dev/null", kind);
    cr_expect(!namespaces_run(command), "a name of sixteen bytes");
    cr_expect_eq(expect_consistent(), 2);
    cr_expect_eq(simdinet_if_nametoindex(""), 0);
    cr_expect_eq(simdinet_if_nametoindex("fifteen-bytes-x:1"), 0, "too long before its ':'");
    cr_expect_eq(simdinet_if_nametoindex("lo:anything"), 1);
    errno = 0;
    memset(name, '#', sizeof name);
    cr_expect_null(simdinet_if_indextoname(0, name));
    cr_expect_eq(errno, ENXIO);
    cr_expect_null(simdinet_if_indextoname(0x80000000u, name));
}

/* As the zone of an address. */
Test(interfaces, names_of_fifteen_bytes_are_zones) {
    enter("names_of_fifteen_bytes_are_zones");
    char command[128], host[NI_MAXHOST];
    snprintf(command, sizeof command, "ip link add fifteen-bytes-x type %s", interface_kind());
    cr_assert(namespaces_run(command));
    unsigned index = simdinet_if_nametoindex("fifteen-bytes-x");
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    cr_assert_eq(simdinet_getaddrinfo("fe80::1%fifteen-bytes-x", NULL, &hints, &list), 0);
    cr_expect_eq(((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_scope_id, index);
    cr_expect_eq(simdinet_getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof host, NULL, 0,
                                      NI_NUMERICHOST),
                 0);
    cr_expect_str_eq(host, "fe80::1%fifteen-bytes-x");
    simdinet_freeaddrinfo(list);
    cr_expect_eq(simdinet_getaddrinfo("fe80::1%fifteen-bytes-xy", NULL, &hints, &list), EAI_NONAME);
}

/* ---- changes during calls -------------------------------------------------------------------- */

typedef struct {
    atomic_bool stop;
    atomic_ulong changes;
    const char *kind;
} changes;

/* By ioctl: ip(8) would be too slow to rename during a call. */
static bool rename_interface(int fd, const char *from, const char *to) {
    struct ifreq request = {0};
    strcpy(request.ifr_name, from);
    strcpy(request.ifr_newname, to);
    return ioctl(fd, SIOCSIFNAME, &request) == 0;
}

static void *rename_all_the_time(void *argument) {
    changes *shared = argument;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    while (!atomic_load(&shared->stop) && rename_interface(fd, "here", "fifteen-bytes-x") &&
           rename_interface(fd, "fifteen-bytes-x", "here"))
        atomic_fetch_add(&shared->changes, 2);
    close(fd);
    return NULL;
}

static bool is_name(const char *name) {
    return strcmp(name, "here") == 0 || strcmp(name, "fifteen-bytes-x") == 0;
}

Test(interfaces, one_name_each_during_renames) {
    enter("one_name_each_during_renames");
    char command[128], name[IF_NAMESIZE], host[NI_MAXHOST];
    snprintf(command, sizeof command, "ip link add here type %s", interface_kind());
    cr_assert(namespaces_run(command));
    unsigned index = simdinet_if_nametoindex("here"), before = namespaces_descriptors();
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_scope_id = index};
    simdinet_inet_pton(AF_INET6, "fe80::1", &address.sin6_addr);
    changes shared = {0};
    pthread_t renamer;
    cr_assert_eq(pthread_create(&renamer, NULL, rename_all_the_time, &shared), 0);
    for (int i = 0; i < 3000 || (i < 100000 && atomic_load(&shared.changes) < 300); i++) {
        cr_assert_not_null(simdinet_if_indextoname(index, name));
        cr_expect(is_name(name), "%s", name);
        unsigned found = simdinet_if_nametoindex("fifteen-bytes-x");
        cr_expect(found == 0 || found == index);
        cr_expect_eq(simdinet_getnameinfo((const struct sockaddr *)&address, sizeof address, host,
                                          sizeof host, NULL, 0, NI_NUMERICHOST),
                     0);
        cr_expect(strncmp(host, "fe80::1%", 8) == 0 && is_name(host + 8), "%s", host);
        struct if_nameindex *array = simdinet_if_nameindex();
        cr_assert_not_null(array);
        unsigned count = 0;
        for (struct if_nameindex *entry = array; entry->if_name; entry++)
            count += entry->if_index == index && is_name(entry->if_name);
        cr_expect_eq(count, 1);
        simdinet_if_freenameindex(array);
    }
    atomic_store(&shared.stop, true);
    pthread_join(renamer, NULL);
    cr_expect_geq(atomic_load(&shared.changes), 100, "%lu renames", atomic_load(&shared.changes));
    cr_expect_eq(namespaces_descriptors(), before);
}

static void *add_and_remove(void *argument) {
    changes *shared = argument;
    char command[256];
    snprintf(command, sizeof command,
             "for i in 1 2 3 4; do ip link add temp$i type %s; done;"
             "for i in 1 2 3 4; do ip link del temp$i; done",
             shared->kind);
    while (!atomic_load(&shared->stop) && namespaces_run(command))
        atomic_fetch_add(&shared->changes, 8);
    return NULL;
}

/* Interfaces that exist throughout are listed once, whatever others are added and removed. (An
 * older kernel, which resumes a dump by position, can miss one when an earlier one is removed.) */
Test(interfaces, permanent_ones_are_always_listed, .timeout = 120) {
    enter("permanent_ones_are_always_listed");
    enum { STAYING = 200 };
    changes shared = {.kind = interface_kind()};
    add_interfaces(shared.kind, 0, STAYING);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, add_and_remove, &shared), 0);
    int lists = 0, short_ones = 0;
    for (; lists < 200 || (lists < 20000 && atomic_load(&shared.changes) < 16); lists++) {
        struct if_nameindex *array = simdinet_if_nameindex();
        cr_assert_not_null(array);
        unsigned staying = 0;
        for (struct if_nameindex *entry = array; entry->if_name; entry++) {
            cr_expect(entry->if_index > 0 && strlen(entry->if_name) < IF_NAMESIZE);
            staying += strncmp(entry->if_name, "if", 2) == 0 || entry->if_index == 1;
        }
        cr_expect_leq(staying, STAYING + 1);
        cr_expect_geq(staying, STAYING - 1);
        short_ones += staying < STAYING + 1;
        simdinet_if_freenameindex(array);
    }
    cr_expect_leq(short_ones, lists / 50, "%d of %d lists", short_ones, lists);
    atomic_store(&shared.stop, true);
    pthread_join(thread, NULL);
    cr_expect_geq(atomic_load(&shared.changes), 16);
}
