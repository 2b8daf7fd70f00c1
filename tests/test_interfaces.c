/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Interfaces: none but the loopback, one, a thousand; names of any length; renames meanwhile.
 */
#include "namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* The kind of interface that costs nothing and that this kernel knows, dummy first. */
static const char *interface_kind(void) {
    static const char *const kinds[] = {"dummy", "ifb", "bridge"};
    char command[128];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        snprintf(command, sizeof command,
                 "ip link add probe type %s 2>/dev/null && ip link del probe", kinds[i]);
        if (namespaces_run(command))
            return kinds[i];
    }
    cr_skip_test("this kernel makes no dummy interface, nor one like it");
    return NULL;
}

static void add_interfaces(const char *kind, unsigned from, unsigned to) {
    FILE *batch = popen("ip -batch -", "w");
    cr_assert_not_null(batch);
    for (unsigned i = from; i < to; i++)
        fprintf(batch, "link add if%u type %s\n", i, kind);
    cr_assert_eq(pclose(batch), 0);
}

/* Each entry is the index of its name and the name of its index. Returns their number. */
static unsigned expect_consistent(void) {
    struct if_nameindex *array = simdinet_if_nameindex();
    cr_assert_not_null(array);
    unsigned count = 0;
    for (struct if_nameindex *entry = array; entry->if_name; entry++, count++) {
        char name[IF_NAMESIZE];
        cr_expect_eq(simdinet_if_nametoindex(entry->if_name), entry->if_index);
        cr_assert_not_null(simdinet_if_indextoname(entry->if_index, name));
        cr_expect_str_eq(name, entry->if_name);
    }
    simdinet_if_freenameindex(array);
    return count;
}

Test(interfaces, lists_none_one_and_a_thousand, .timeout = 120) {
    enter("lists_none_one_and_a_thousand");
    unsigned before = namespaces_descriptors();
    cr_expect_eq(expect_consistent(), 1, "the loopback alone");
    const char *kind = interface_kind();
    add_interfaces(kind, 0, 1);
    cr_expect_eq(expect_consistent(), 2);
    add_interfaces(kind, 1, 1000);
    cr_expect_eq(expect_consistent(), 1001);
    cr_expect_eq(namespaces_descriptors(), before);
}

Test(interfaces, knows_names_up_to_fifteen_bytes) {
    enter("knows_names_up_to_fifteen_bytes");
    const char *kind = interface_kind();
    char command[128], name[IF_NAMESIZE];
    snprintf(command, sizeof command, "ip link add fifteen-bytes-x type %s", kind);
    cr_assert(namespaces_run(command));
    unsigned index = simdinet_if_nametoindex("fifteen-bytes-x");
    cr_expect_gt(index, 1);
    cr_expect_str_eq(simdinet_if_indextoname(index, name), "fifteen-bytes-x");
    errno = 0;
    cr_expect_eq(simdinet_if_nametoindex("fifteen-bytes-xy"), 0);
    cr_expect_eq(errno, ENODEV);
    cr_expect_eq(simdinet_if_nametoindex(""), 0);
    errno = 0;
    cr_expect_null(simdinet_if_indextoname(0, name));
    cr_expect_eq(errno, ENXIO);
    cr_expect_null(simdinet_if_indextoname(0x80000000u, name));
}

static void *rename_all_the_time(void *argument) {
    atomic_bool *stop = argument;
    while (!atomic_load(stop))
        namespaces_run("ip link set here name there && ip link set there name here");
    return NULL;
}

Test(interfaces, never_has_two_names_for_one_during_renames) {
    enter("never_has_two_names_for_one_during_renames");
    char command[128], name[IF_NAMESIZE];
    snprintf(command, sizeof command, "ip link add here type %s", interface_kind());
    cr_assert(namespaces_run(command));
    unsigned index = simdinet_if_nametoindex("here");
    atomic_bool stop = false;
    pthread_t renamer;
    cr_assert_eq(pthread_create(&renamer, NULL, rename_all_the_time, &stop), 0);
    for (int i = 0; i < 500; i++) {
        cr_assert_not_null(simdinet_if_indextoname(index, name));
        cr_expect(strcmp(name, "here") == 0 || strcmp(name, "there") == 0);
        unsigned found = simdinet_if_nametoindex("there");
        cr_expect(found == 0 || found == index);
        struct if_nameindex *array = simdinet_if_nameindex();
        cr_assert_not_null(array);
        unsigned count = 0;
        for (struct if_nameindex *entry = array; entry->if_name; entry++)
            count += entry->if_index == index;
        cr_expect_eq(count, 1);
        simdinet_if_freenameindex(array);
    }
    atomic_store(&stop, true);
    pthread_join(renamer, NULL);
}
