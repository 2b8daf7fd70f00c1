/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A program without simdinet, timed with and without the interposer: preload_loop [MILLISECONDS]
 *
 * Prints a line for each operation: its name, the nanoseconds of a call in the fastest of seven
 * repetitions, and a sum over all results, which must be the same in both.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Enough to defeat branch prediction, and few enough for the L2 cache. */
enum { ADDRESSES = 4096, REPETITIONS = 7 };

static struct {
    unsigned char bytes[2][16];
    char text[2][INET6_ADDRSTRLEN]; /* IPv4, IPv6 */
} addresses[ADDRESSES];

static const char *const services[] = {"http", "https", "domain", "ssh",
                                       "smtp", "pop3",  "imap2",  "ldap"};
static const uint16_t ports[] = {80, 443, 53, 22, 25, 110, 143, 389};

enum { SERVICES = sizeof services / sizeof services[0] };

/* Uniform bytes; every fourth IPv6 address with a run of zeros. */
static void make_addresses(void) {
    uint64_t state = 1;
    for (size_t i = 0; i < ADDRESSES; i++) {
        for (size_t j = 0; j < sizeof addresses[i].bytes; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            addresses[i].bytes[j / 16][j % 16] = (unsigned char)(state >> 56);
        }
        if (i % 4 == 0)
            memset(addresses[i].bytes[1] + 4, 0, 8);
        inet_ntop(AF_INET, addresses[i].bytes[0], addresses[i].text[0], INET6_ADDRSTRLEN);
        inet_ntop(AF_INET6, addresses[i].bytes[1], addresses[i].text[1], INET6_ADDRSTRLEN);
    }
}

static uint64_t sum_of(const void *bytes, size_t len) {
    uint64_t sum = len;
    for (size_t i = 0; i < len; i++)
        sum = sum * 31 + ((const unsigned char *)bytes)[i];
    return sum;
}

/* ---- one call of each operation ---------------------------------------------------------------- */

static uint64_t pton(int af, size_t i) {
    uint32_t out[4] = {0};
    int code = inet_pton(af, addresses[i].text[af == AF_INET6], out);
    return (uint64_t)code + out[0] + out[3];
}

static uint64_t ntop(int af, size_t i) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(af, addresses[i].bytes[af == AF_INET6], text, sizeof text);
    return (uint64_t)text[0] + (uint64_t)text[5];
}

static uint64_t pton_ipv4(size_t i) {
    return pton(AF_INET, i);
}

static uint64_t pton_ipv6(size_t i) {
    return pton(AF_INET6, i);
}

static uint64_t ntop_ipv4(size_t i) {
    return ntop(AF_INET, i);
}

static uint64_t ntop_ipv6(size_t i) {
    return ntop(AF_INET6, i);
}

static uint64_t list(const char *node, const char *service) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(node, service, &hints, &found) != 0)
        return 1;
    uint64_t sum = sum_of(found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return sum;
}

static uint64_t getaddrinfo_numeric(size_t i) {
    return list(addresses[i].text[i % 2], "443");
}

static uint64_t getaddrinfo_service(size_t i) {
    return list(addresses[i].text[i % 2], services[i % SERVICES]);
}

static uint64_t names(size_t i, int flags) {
    char host[NI_MAXHOST], serv[NI_MAXSERV];
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(ports[i % SERVICES])};
    memcpy(&in.sin_addr, addresses[i].bytes[0], 4);
    if (getnameinfo((struct sockaddr *)&in, sizeof in, host, sizeof host, serv, sizeof serv, flags))
        return 1;
    return (uint64_t)host[0] + (uint64_t)serv[1];
}

static uint64_t getnameinfo_numeric(size_t i) {
    return names(i, NI_NUMERICHOST | NI_NUMERICSERV);
}

static uint64_t getnameinfo_service(size_t i) {
    return names(i, NI_NUMERICHOST);
}

static uint64_t by_name(size_t i) {
    const struct servent *found = getservbyname(services[i % SERVICES], "tcp");
    return found ? (uint64_t)found->s_port : 1;
}

static uint64_t by_port(size_t i) {
    const struct servent *found = getservbyport(htons(ports[i % SERVICES]), "tcp");
    return found ? sum_of(found->s_name, strlen(found->s_name)) : 1;
}

static uint64_t protocol(size_t i) {
    const struct protoent *found = getprotobyname(i % 2 ? "tcp" : "udp");
    return found ? (uint64_t)found->p_proto : 1;
}

static const struct {
    const char *name;
    uint64_t (*call)(size_t i);
} operations[] = {
    {"inet_pton IPv4", pton_ipv4},
    {"inet_pton IPv6", pton_ipv6},
    {"inet_ntop IPv4", ntop_ipv4},
    {"inet_ntop IPv6", ntop_ipv6},
    {"getaddrinfo numeric", getaddrinfo_numeric},
    {"getaddrinfo with a service", getaddrinfo_service},
    {"getnameinfo numeric", getnameinfo_numeric},
    {"getnameinfo with a service", getnameinfo_service},
    {"getservbyname", by_name},
    {"getservbyport", by_port},
    {"getprotobyname", protocol},
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char **argv) {
    double least = (argc > 1 ? atof(argv[1]) : 20) * 1e6;
    make_addresses();
    for (size_t o = 0; o < sizeof operations / sizeof operations[0]; o++) {
        double fastest = 0;
        uint64_t sum = 0;
        for (int i = 0; i < REPETITIONS; i++) {
            double begin = now(), end = begin;
            uint64_t calls = 0;
            /* The clock is read once in 64 calls; the sum covers the first call of each address. */
            for (; calls < ADDRESSES || end - begin < least; end = now())
                for (int j = 0; j < 64; j++, calls++) {
                    uint64_t got = operations[o].call(calls % ADDRESSES);
                    sum += calls < ADDRESSES ? got : 0;
                }
            double each = (end - begin) / (double)calls;
            if (i == 0 || each < fastest)
                fastest = each;
        }
        printf("%s\t%.2f\t%016llx\n", operations[o].name, fastest, (unsigned long long)sum);
    }
    return 0;
}
