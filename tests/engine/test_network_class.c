/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Classes of addresses: one address of every class, names, and columns in several threads.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "harness/prng.h"
#include "simdinet_network_set.h"

static const struct {
    const char *address;
    uint32_t classes;
} addresses[] = {
    {"0.0.0.0", SIMDINET_CLASS_UNSPECIFIED | SIMDINET_CLASS_THIS_NETWORK},
    {"0.1.2.3", SIMDINET_CLASS_THIS_NETWORK},
    {"8.8.8.8", SIMDINET_CLASS_GLOBAL},
    {"10.1.2.3", SIMDINET_CLASS_PRIVATE},
    {"100.127.255.255", SIMDINET_CLASS_SHARED},
    {"127.0.0.1", SIMDINET_CLASS_LOOPBACK},
    {"169.254.169.254", SIMDINET_CLASS_LINK_LOCAL},
    {"172.31.0.1", SIMDINET_CLASS_PRIVATE},
    {"172.32.0.1", SIMDINET_CLASS_GLOBAL},
    {"192.0.0.1", SIMDINET_CLASS_PROTOCOL},
    {"192.0.0.9", SIMDINET_CLASS_PROTOCOL | SIMDINET_CLASS_GLOBAL},
    {"192.0.2.1", SIMDINET_CLASS_DOCUMENTATION},
    {"192.88.99.1", SIMDINET_CLASS_6TO4},
    {"198.19.255.255", SIMDINET_CLASS_BENCHMARKING},
    {"224.0.0.1", SIMDINET_CLASS_MULTICAST},
    {"240.0.0.1", SIMDINET_CLASS_RESERVED},
    {"255.255.255.255", SIMDINET_CLASS_BROADCAST | SIMDINET_CLASS_RESERVED},
    {"::", SIMDINET_CLASS_UNSPECIFIED},
    {"::1", SIMDINET_CLASS_LOOPBACK},
    {"::2", SIMDINET_CLASS_RESERVED},
    {"::ffff:8.8.8.8", SIMDINET_CLASS_MAPPED | SIMDINET_CLASS_GLOBAL},
    {"::ffff:10.0.0.1", SIMDINET_CLASS_MAPPED | SIMDINET_CLASS_PRIVATE},
    {"64:ff9b::1", SIMDINET_CLASS_NAT64 | SIMDINET_CLASS_GLOBAL},
    {"64:ff9b:1::1", SIMDINET_CLASS_NAT64},
    {"100::1", SIMDINET_CLASS_DISCARD},
    {"2001::1", SIMDINET_CLASS_TEREDO},
    {"2001:2::1", SIMDINET_CLASS_BENCHMARKING},
    {"2001:db8::1", SIMDINET_CLASS_DOCUMENTATION},
    {"2002::1", SIMDINET_CLASS_6TO4},
    {"2606:4700::1111", SIMDINET_CLASS_GLOBAL},
    {"3fff::1", SIMDINET_CLASS_DOCUMENTATION},
    {"4000::1", SIMDINET_CLASS_RESERVED},
    {"fd00::1", SIMDINET_CLASS_UNIQUE_LOCAL},
    {"fe80::1", SIMDINET_CLASS_LINK_LOCAL},
    {"fec0::1", SIMDINET_CLASS_RESERVED},
    {"ff02::1", SIMDINET_CLASS_MULTICAST},
};

Test(network_class, addresses) {
    uint32_t seen = 0;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        simdinet_network network;
        const char *text = addresses[i].address;
        cr_assert(simdinet_parse_network(text, strlen(text), 0, &network), "%s", text);
        cr_expect_eq(simdinet_classify(network.address, network.family), addresses[i].classes, "%s",
                     text);
        seen |= addresses[i].classes;
    }
    cr_expect_eq(seen, 0x7ffff, "a class has no address");
    cr_expect_eq(simdinet_classify((uint8_t[16]){0}, 5), 0);
}

Test(network_class, names) {
    for (unsigned bit = 0; bit < 32; bit++) {
        uint32_t class = UINT32_C(1) << bit;
        const char *name = simdinet_class_name(class);
        cr_assert_eq(name != NULL, class <= SIMDINET_CLASS_GLOBAL);
        if (name)
            cr_expect_eq(simdinet_class_by_name(name, strlen(name)), class, "%s", name);
    }
    cr_expect_null(simdinet_class_name(0));
    cr_expect_null(simdinet_class_name(SIMDINET_CLASS_PRIVATE | SIMDINET_CLASS_SHARED));
    cr_expect_eq(simdinet_class_by_name("privat", 6), 0);
    cr_expect_eq(simdinet_class_by_name("privatex", 7), SIMDINET_CLASS_PRIVATE);
    cr_expect_eq(simdinet_class_by_name("Private", 7), 0);
    cr_expect_eq(simdinet_class_by_name(NULL, 0), 0);
}

Test(network_class, blocks_end) {
    simdinet_class_block block = {.name = "unchanged"};
    size_t n = 0;
    while (simdinet_describe_class_block(n, &block))
        n++;
    cr_expect_eq(n, 56);
    cr_expect_str_eq(block.name, "Multicast");
    cr_expect_not(simdinet_describe_class_block(SIZE_MAX, &block));
}

/* ---- threads --------------------------------------------------------------------------------- */

enum { COLUMN = 1000, THREADS = 4, ROUNDS = 50 };

typedef struct classifier {
    const uint8_t *addresses; /* 16 bytes each */
    atomic_uint *waiting;
    size_t mismatches;
} classifier;

/* Starts when the other threads are ready. */
static void *classify_columns(void *argument) {
    classifier *c = argument;
    uint32_t ipv4[4 * COLUMN], ipv6[COLUMN];
    atomic_fetch_sub(c->waiting, 1);
    while (atomic_load(c->waiting) > 0)
        sched_yield();
    for (int round = 0; round < ROUNDS; round++) {
        simdinet_classify_ipv4_column(c->addresses, 4 * COLUMN, NULL, ipv4);
        simdinet_classify_ipv6_column(c->addresses, COLUMN, NULL, ipv6);
        for (size_t i = 0; i < 4 * COLUMN; i++)
            c->mismatches += ipv4[i] != simdinet_classify(c->addresses + i * 4, 4);
        for (size_t i = 0; i < COLUMN; i++)
            c->mismatches += ipv6[i] != simdinet_classify(c->addresses + i * 16, 6);
    }
    return NULL;
}

/* The first call for a column prepares a table, which the other threads use when it is ready. */
Test(network_class, first_columns_in_threads) {
    static uint8_t column[16 * COLUMN];
    prng random = {26};
    for (size_t i = 0; i < sizeof column; i++)
        column[i] = (uint8_t)prng_next(&random);
    atomic_uint waiting = THREADS;
    pthread_t threads[THREADS];
    classifier classifiers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        classifiers[i] = (classifier){column, &waiting, 0};
        cr_assert_eq(pthread_create(&threads[i], NULL, classify_columns, &classifiers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(classifiers[i].mismatches, 0);
    }
}
