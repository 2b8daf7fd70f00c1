/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random numeric calls of simdinet_getaddrinfo compared with the C library's getaddrinfo: the same
 * code and the same list, byte for byte.
 *
 * usage: test_getaddrinfo_random [CALLS [SEED]], or SIMDINET_RANDOM_CALLS and SIMDINET_RANDOM_SEED
 * in the environment, which override them. The default is 500,000 calls; ten million take some
 * minutes, most of them in the C library's search for services by name.
 */
#include "harness/addrinfo.h"
#include "harness/random_calls.h"
#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <string.h>

enum { TEXT_SIZE = 160, DIFFERENCES_PRINTED = 20, CODES = 16 };

/* A call. Its texts can be NULL. */
typedef struct {
    bool has_host;
    bool has_service;
    char host[TEXT_SIZE];
    char service[TEXT_SIZE];
    struct addrinfo hints;
} call;

static const char *const hosts[] = {
    "192.0.2.1",
    "10.1",
    "0x7f.1",
    "017.1",
    "1.2.3",
    "4294967295",
    "4294967296",
    "00000000000000000000000017.0x0000000000001",
    "192.0.2.1 ",
    "192.0.2.1\tx",
    "1.2.3.256",
    "1.2.3.",
    "1..2",
    "08",
    "0",
    "::",
    "::1",
    "2001:DB8::1",
    "2001:db8:1:2:3:4:5:6",
    "1:2:3:4:5:6:192.0.2.1",
    "1::2::3",
    "::ffff:192.0.2.1",
    "::ffff:192.0.2.1%3",
    "::ffff:254.128.0.1%lo",
    "::ffff:255.2.0.1%lo",
    "::ffff:255.1.0.1%lo",
    "::ffff:254.192.0.1%lo",
    "::192.0.2.1",
    "::1%7",
    "::1%",
    "::1%lo",
    "::1%4294967295",
    "::1%4294967296",
    "::1%01",
    "fe80::1",
    "fe80::1%lo",
    "fe80::1%lo:0",
    "fe80::1%1",
    "fe80::1%none",
    "fe80::1%0123456789abcdef",
    "febf::1%lo",
    "fec0::1%lo",
    "ff01::1%lo",
    "ff02::1%lo",
    "ff32::1%lo",
    "ff05::1%lo",
    "ff12::1%1x",
    "*",
    "",
    "name",
    "[::1]",
};

static const char *const services[] = {
    "80",
    "0",
    "65535",
    "65536",
    "65616",
    "-1",
    "-0",
    " 80",
    "\t\n80",
    "+80",
    "80 ",
    "80\n",
    "",
    "*",
    "0x50",
    "080",
    "- 1",
    "+",
    "4294967376",
    "2147483647",
    "2147483648",
    "18446744073709551615",
    "18446744073709551616",
    "-18446744073709551536",
    "99999999999999999999999999",
};

static const char *const service_names[] = {"http", "domain",  "HTTP", "syslog", "nosuchservice",
                                            "www",  "discard", "-",    "ntp"};

/* Common values, and after them invalid or rare ones, which are drawn less often. */
static const int families[] = {AF_UNSPEC, AF_UNSPEC, AF_INET, AF_INET6};
static const int rare_families[] = {AF_UNIX, -1, 99};
static const int types[] = {0, 0, SOCK_STREAM, SOCK_DGRAM};
static const int rare_types[] = {SOCK_RAW, 4, SOCK_SEQPACKET, SOCK_DCCP, 10, -1};
static const int protocols[] = {0, 0, 0, 0, 0, IPPROTO_TCP, IPPROTO_UDP};
static const int rare_protocols[] = {IPPROTO_ICMP, 33, 58, 132, 136, 255, -1};
static const int flags[] = {
    0,
    0,
    0,
    AI_CANONNAME,
    AI_V4MAPPED,
    AI_V4MAPPED | AI_ALL,
    AI_PASSIVE,
    AI_NUMERICSERV,
    AI_NUMERICSERV | AI_CANONNAME | AI_PASSIVE,
    AI_CANONNAME | AI_V4MAPPED,
};
static const int rare_flags[] = {AI_ALL, 0x300, 0x800, -1};

#define PICK(source, array) ((array)[random_below(source, sizeof(array) / sizeof((array)[0]))])

/* Inserts, deletes or changes one to three bytes. */
static void mutate(prng *source, char text[TEXT_SIZE]) {
    static const char alphabet[] = "0123456789abcfxX.:%lo +-*";
    for (size_t edits = 1 + random_below(source, 3); edits > 0; edits--) {
        size_t len = strlen(text), at = random_below(source, len + 1);
        char byte = alphabet[random_below(source, sizeof alphabet - 1)];
        switch (random_below(source, 3)) {
        case 0:
            if (len + 1 < TEXT_SIZE) {
                memmove(text + at + 1, text + at, len + 1 - at);
                text[at] = byte;
            }
            break;
        case 1:
            if (at < len)
                memmove(text + at, text + at + 1, len - at);
            break;
        default:
            if (at < len)
                text[at] = byte;
        }
    }
}

static void write_part(prng *source, uint32_t part, char *out, size_t size) {
    static const char *const formats[] = {"%u", "%u", "%u", "0x%x", "0%o"};
    snprintf(out, size, PICK(source, formats), part);
}

/* An inet_aton address of one to four parts in any base. */
static void random_ipv4(prng *source, char *out) {
    size_t parts = 1 + random_below(source, 4);
    uint32_t address = (uint32_t)prng_next(source);
    char *cursor = out;
    for (size_t i = 0; i + 1 < parts; i++, address <<= 8) {
        write_part(source, address >> 24, cursor, 16);
        cursor += strlen(cursor);
        *cursor++ = '.';
    }
    write_part(source, address >> 8 * (parts - 1), cursor, 16);
}

/* Sixteen random bytes with a run of zeros; sometimes link-local, sometimes with a zone. */
static void random_ipv6(prng *source, char *out) {
    static const char *const zones[] = {"", "", "", "%lo", "%1", "%12", "%x"};
    static const uint8_t starts[][2] = {{0xfe, 0x80}, {0xff, 0x02}, {0xff, 0x01}, {0x20, 0x01}};
    uint8_t address[16];
    for (size_t i = 0; i < 16; i++)
        address[i] = (uint8_t)prng_next(source);
    size_t from = random_below(source, 16);
    memset(address + from, 0, random_below(source, 17 - from));
    if (random_below(source, 2))
        memcpy(address, PICK(source, starts), 2);
    else if (random_below(source, 4) == 0)
        memcpy(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    inet_ntop(AF_INET6, address, out, INET6_ADDRSTRLEN);
    strcat(out, PICK(source, zones));
}

static bool rare(prng *source) {
    return random_below(source, 16) == 0;
}

static void draw(prng *source, call *drawn) {
    drawn->has_host = random_below(source, 8) != 0;
    drawn->has_service = random_below(source, 8) != 0;
    switch (random_below(source, 4)) {
    case 0:
        random_ipv4(source, drawn->host);
        break;
    case 1:
        random_ipv6(source, drawn->host);
        break;
    default:
        strcpy(drawn->host, PICK(source, hosts));
    }
    if (random_below(source, 4) == 0)
        mutate(source, drawn->host);
    /* Names are rare, because the C library reads a file several times for each. */
    if (random_below(source, 64) == 0)
        strcpy(drawn->service, PICK(source, service_names));
    else if (random_below(source, 3))
        snprintf(drawn->service, TEXT_SIZE, "%u", (unsigned)random_below(source, 70000));
    else
        strcpy(drawn->service, PICK(source, services));
    if (random_below(source, 32) == 0)
        mutate(source, drawn->service);
    /* With its padding: the memory sanitizer checks all bytes passed to the kernel. */
    memset(&drawn->hints, 0, sizeof drawn->hints);
    drawn->hints.ai_family = rare(source) ? PICK(source, rare_families) : PICK(source, families);
    drawn->hints.ai_socktype = rare(source) ? PICK(source, rare_types) : PICK(source, types);
    drawn->hints.ai_protocol =
        rare(source) ? PICK(source, rare_protocols) : PICK(source, protocols);
    drawn->hints.ai_flags = rare(source) ? PICK(source, rare_flags) : PICK(source, flags);
    if (random_below(source, 2))
        drawn->hints.ai_flags |= AI_NUMERICHOST;
}

static void print_text(const char *text) {
    for (; *text; text++)
        printf(*text >= ' ' && *text <= '~' && *text != '\\' ? "%c" : "\\x%02x",
               (unsigned char)*text);
}

static void print_list(const char *side, int code, const struct addrinfo *list) {
    printf("  %-8s %d", side, code);
    for (; code == 0 && list; list = list->ai_next) {
        printf(" [%d,%d,%d,0x%x,%s,", list->ai_family, list->ai_socktype, list->ai_protocol,
               (unsigned)list->ai_flags, list->ai_canonname ? list->ai_canonname : "-");
        for (socklen_t i = 0; i < list->ai_addrlen; i++)
            printf("%02x", ((const uint8_t *)list->ai_addr)[i]);
        printf("]");
    }
    printf("\n");
}

/*
 * Without AI_NUMERICHOST the C library sends queries for a host that is not numeric. The code with
 * AI_NUMERICHOST identifies these calls: EAI_NONAME is the only code that a query can change.
 */
static bool would_ask(const call *drawn, const char *host, const char *service) {
    struct addrinfo hints = drawn->hints, *list;
    if (!host || (hints.ai_flags & AI_NUMERICHOST))
        return false;
    hints.ai_flags |= AI_NUMERICHOST;
    int code = getaddrinfo(host, service, &hints, &list);
    if (code == 0)
        freeaddrinfo(list);
    return code == EAI_NONAME;
}

/* False: different. */
static bool compare(const call *drawn, int *code) {
    const char *host = drawn->has_host ? drawn->host : NULL;
    const char *service = drawn->has_service ? drawn->service : NULL;
    struct addrinfo *expected = NULL, untouched, *result = &untouched;
    if (would_ask(drawn, host, service)) {
        *code = -CODES;
        return true;
    }
    *code = getaddrinfo(host, service, &drawn->hints, &expected);
    int our_code = simdinet_getaddrinfo(host, service, &drawn->hints, &result);
    bool same = *code == our_code &&
                (*code == 0 ? same_addrinfo_lists(result, expected) : result == &untouched);
    if (!same) {
        printf("DIFFERENT host ");
        print_text(host ? host : "(null)");
        printf(" service ");
        print_text(service ? service : "(null)");
        printf(" family %d type %d protocol %d flags 0x%x\n", drawn->hints.ai_family,
               drawn->hints.ai_socktype, drawn->hints.ai_protocol, (unsigned)drawn->hints.ai_flags);
        print_list("libc", *code, expected);
        print_list("simdinet", our_code, result);
    }
    if (*code == 0)
        freeaddrinfo(expected);
    if (our_code == 0)
        simdinet_freeaddrinfo(result);
    return same;
}

int main(int argc, char **argv) {
    uint64_t calls = random_option(argc, argv, 1, "SIMDINET_RANDOM_CALLS", 500000);
    uint64_t seed = random_option(argc, argv, 2, "SIMDINET_RANDOM_SEED", 1);
    uint64_t different = 0, by_code[CODES + 1] = {0};
    prng source = {seed};
    for (uint64_t i = 0; i < calls && different < DIFFERENCES_PRINTED;) {
        call drawn;
        int code;
        draw(&source, &drawn);
        different += !compare(&drawn, &code);
        i += code != -CODES;
        by_code[code <= 0 && code >= -CODES ? -code : CODES - 1]++;
    }
    printf("%llu calls, seed %llu: %llu different, %llu more skipped (names)\n",
           (unsigned long long)calls, (unsigned long long)seed, (unsigned long long)different,
           (unsigned long long)by_code[CODES]);
    for (int code = 0; code < CODES; code++)
        if (by_code[code])
            printf("%10llu %s\n", (unsigned long long)by_code[code],
                   code ? gai_strerror(-code) : "lists");
    return different > 0 || calls == 0;
}
