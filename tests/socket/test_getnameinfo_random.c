/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random calls of simdinet_getnameinfo compared with the C library's getnameinfo: the same code,
 * and on success the same texts, for every size of buffer. Hosts are numeric only.
 *
 * usage: test_getnameinfo_random [CALLS [SEED]], or SIMDINET_RANDOM_CALLS and SIMDINET_RANDOM_SEED
 * in the environment, which override them. The default is 500,000 calls.
 */
#include "harness/random_calls.h"
#include "simdinet_socket.h"

#include <string.h>

enum { DIFFERENCES_PRINTED = 20, HOST_SIZE = 80, SERVICE_SIZE = 40 };

typedef union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
} address;

static socklen_t draw_address(prng *source, address *out) {
    static const uint8_t starts[][2] = {{0xfe, 0x80}, {0xff, 0x02}, {0xff, 0x11}, {0x20, 0x01}};
    uint16_t port = simdinet_htons((uint16_t)prng_next(source));
    socklen_t size = sizeof out->in;
    memset(out, 0, sizeof *out);
    if (random_below(source, 2)) {
        out->in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
        out->in.sin_addr.s_addr = (uint32_t)prng_next(source);
    } else {
        size = sizeof out->in6;
        out->in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = port};
        uint8_t *bytes = out->in6.sin6_addr.s6_addr;
        for (size_t i = 0; i < 16; i++)
            bytes[i] = (uint8_t)prng_next(source);
        size_t from = random_below(source, 16);
        memset(bytes + from, 0, random_below(source, 17 - from));
        if (random_below(source, 2))
            memcpy(bytes, starts[random_below(source, 4)], 2);
        if (random_below(source, 2))
            out->in6.sin6_scope_id = (uint32_t)(random_below(source, 2) ? 1 : prng_next(source));
    }
    if (random_below(source, 32) == 0)
        out->any.sa_family = (sa_family_t)(random_below(source, 2) ? AF_UNSPEC : 99);
    if (random_below(source, 32) == 0)
        size = (socklen_t)random_below(source, size + 4);
    return size;
}

/* Nearly always enough, otherwise any size. */
static socklen_t draw_size(prng *source, size_t enough) {
    return (socklen_t)(random_below(source, 4) ? enough : random_below(source, 24));
}

int main(int argc, char **argv) {
    uint64_t calls = random_option(argc, argv, 1, "SIMDINET_RANDOM_CALLS", 500000);
    uint64_t seed = random_option(argc, argv, 2, "SIMDINET_RANDOM_SEED", 1);
    uint64_t different = 0, good = 0;
    prng source = {seed};
    for (uint64_t i = 0; i < calls && different < DIFFERENCES_PRINTED; i++) {
        address drawn;
        char hosts[2][HOST_SIZE], services[2][SERVICE_SIZE];
        int codes[2];
        socklen_t size = draw_address(&source, &drawn);
        socklen_t host_size = draw_size(&source, HOST_SIZE);
        socklen_t service_size = draw_size(&source, SERVICE_SIZE);
        int flags = NI_NUMERICHOST | (random_below(&source, 32) ? NI_NUMERICSERV : 0);
        if (random_below(&source, 8) == 0)
            flags |= 1 << random_below(&source, 12);
        bool no_host = random_below(&source, 16) == 0, no_service = random_below(&source, 16) == 0;
        memset(hosts, 'x', sizeof hosts);
        memset(services, 'x', sizeof services);
        for (int side = 0; side < 2; side++)
            codes[side] = (side == 0 ? getnameinfo : simdinet_getnameinfo)(
                &drawn.any, size, no_host ? NULL : hosts[side], host_size,
                no_service ? NULL : services[side], service_size, flags);
        bool same = codes[0] == codes[1];
        if (same && codes[0] == 0)
            same = (no_host || host_size == 0 || strcmp(hosts[0], hosts[1]) == 0) &&
                   (no_service || service_size == 0 || strcmp(services[0], services[1]) == 0);
        good += codes[0] == 0;
        different += !same;
        if (!same)
            printf("DIFFERENT family %d size %u flags 0x%x sizes %u %u: libc %d %.80s %.40s, "
                   "simdinet %d %.80s %.40s\n",
                   drawn.any.sa_family, size, (unsigned)flags, host_size, service_size, codes[0],
                   hosts[0], services[0], codes[1], hosts[1], services[1]);
    }
    printf("%llu calls, seed %llu: %llu different; %llu with texts\n", (unsigned long long)calls,
           (unsigned long long)seed, (unsigned long long)different, (unsigned long long)good);
    return different > 0 || calls == 0;
}
