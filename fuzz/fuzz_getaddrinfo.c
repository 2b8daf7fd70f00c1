/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * getaddrinfo of numeric hosts, and getnameinfo of what came out, against the running C library:
 * the same code, the same errno behind EAI_SYSTEM, the same list byte for byte, the same texts.
 *
 * Input: eight bytes of hints and sizes, then the host, a newline, and the service. Nothing here
 * leads to a query: what would be one without AI_NUMERICHOST is asked with it.
 */
#include "fuzz.h"
#include "simdinet_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HOST, SERVICE }; /* areas */

/* Bits of the first byte. */
enum { NO_HOST = 1, NO_SERVICE = 2, NO_HINTS = 4, NAMES_ALLOWED = 8 };

typedef struct call {
    const char *host, *service;
    const struct addrinfo *hints; /* NULL, or given */
    struct addrinfo given;
    uint8_t info_flags, host_size, service_size; /* for getnameinfo */
} call;

/* What getaddrinfo left behind. */
typedef struct answer {
    int code;
    int error; /* errno with EAI_SYSTEM, else 0 */
    struct addrinfo *list;
} answer;

static const int families[] = {AF_UNSPEC, AF_INET,  AF_INET6, AF_UNSPEC,
                               AF_INET,   AF_INET6, AF_UNIX,  -1};
static const int types[] = {0,         SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, 0, SOCK_SEQPACKET,
                            SOCK_DCCP, 4,           10,         -1};
static const int protocols[] = {0,
                                IPPROTO_TCP,
                                IPPROTO_UDP,
                                0,
                                IPPROTO_ICMP,
                                IPPROTO_DCCP,
                                IPPROTO_ICMPV6,
                                IPPROTO_SCTP,
                                IPPROTO_UDPLITE,
                                IPPROTO_RAW,
                                256,
                                -1};

#define PICK(array, byte) ((array)[(byte) % (sizeof(array) / sizeof((array)[0]))])

/* ---- reports ---------------------------------------------------------------------------------- */

static void print_text(const char *what, const char *text) {
    fprintf(stderr, " %s ", what);
    if (!text)
        fputs("(null)", stderr);
    for (; text && *text; text++)
        fprintf(stderr, *text >= ' ' && *text <= '~' && *text != '\\' ? "%c" : "\\x%02x",
                (unsigned char)*text);
}

static void print_answer(const char *who, const answer *got) {
    fprintf(stderr, "  %-8s %d (errno %d)", who, got->code, got->error);
    for (const struct addrinfo *at = got->list; got->code == 0 && at; at = at->ai_next) {
        fprintf(stderr, " [%d,%d,%d,0x%x,", at->ai_family, at->ai_socktype, at->ai_protocol,
                (unsigned)at->ai_flags);
        for (socklen_t i = 0; i < at->ai_addrlen; i++)
            fprintf(stderr, "%02x", ((const uint8_t *)at->ai_addr)[i]);
        print_text("", at->ai_canonname);
        fputs("]", stderr);
    }
    fputs("\n", stderr);
}

static _Noreturn void fail_call(const call *asked, const char *what) {
    print_text(" host", asked->host);
    print_text("service", asked->service);
    if (asked->hints)
        fprintf(stderr, " family %d type %d protocol %d flags 0x%x", asked->hints->ai_family,
                asked->hints->ai_socktype, asked->hints->ai_protocol,
                (unsigned)asked->hints->ai_flags);
    fail(NULL, 0, "getaddrinfo: %s", what);
}

/* ---- getaddrinfo ------------------------------------------------------------------------------ */

typedef int ask_fn(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **list);

/* Keeps *list as it was where there is no list, so that a stray write shows. */
static answer ask(ask_fn *function, const call *asked, struct addrinfo *untouched) {
    answer got = {.list = untouched};
    errno = 0;
    got.code = function(asked->host, asked->service, asked->hints, &got.list);
    got.error = got.code == EAI_SYSTEM ? errno : 0;
    return got;
}

static bool same_entry(const struct addrinfo *a, const struct addrinfo *b) {
    if (a->ai_flags != b->ai_flags || a->ai_family != b->ai_family ||
        a->ai_socktype != b->ai_socktype || a->ai_protocol != b->ai_protocol ||
        a->ai_addrlen != b->ai_addrlen || memcmp(a->ai_addr, b->ai_addr, a->ai_addrlen) != 0)
        return false;
    return !a->ai_canonname == !b->ai_canonname &&
           (!a->ai_canonname || strcmp(a->ai_canonname, b->ai_canonname) == 0);
}

static bool same_answer(const answer *ours, const answer *theirs, struct addrinfo *untouched) {
    if (ours->code != theirs->code || ours->error != theirs->error)
        return false;
    if (ours->code != 0)
        return ours->list == untouched;
    const struct addrinfo *a = ours->list, *b = theirs->list;
    for (; a && b && same_entry(a, b); a = a->ai_next, b = b->ai_next)
        ;
    return !a && !b;
}

/*
 * Whether the C library would look for a name: with AI_NUMERICHOST it then answers EAI_NONAME, and
 * no other code could be changed by a query.
 */
static bool would_query(const call *asked) {
    struct addrinfo hints = {.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG}, *list;
    if (!asked->host || (asked->hints && asked->hints->ai_flags & AI_NUMERICHOST))
        return false;
    if (asked->hints)
        hints = *asked->hints;
    hints.ai_flags |= AI_NUMERICHOST;
    int code = getaddrinfo(asked->host, asked->service, &hints, &list);
    if (code == 0)
        freeaddrinfo(list);
    return code == EAI_NONAME;
}

/* ---- getnameinfo ------------------------------------------------------------------------------ */

/* Mostly enough, else any small number. */
static socklen_t size_from(uint8_t byte, size_t enough) {
    return (socklen_t)(byte & 0x80 ? byte & 0x3f : enough);
}

typedef struct names {
    int code;
    char host[NI_MAXHOST], service[2 * NI_MAXSERV];
} names;

static bool untouched_behind(const char *text, socklen_t size, size_t room) {
    return size == room || all_are(text + size, AREA_FILL, room - size);
}

/* The address of an entry back to text, with the flags and sizes that the input asks for. */
static void check_nameinfo(const call *asked, const struct addrinfo *entry) {
    names ours, theirs;
    socklen_t host_size = size_from(asked->host_size, sizeof ours.host);
    socklen_t service_size = size_from(asked->service_size, sizeof ours.service);
    socklen_t len =
        entry->ai_addrlen - (asked->host_size % 16 == 15 ? asked->service_size % 16 : 0);
    /* All that there are and one more; the service is a number more often than not. */
    int flags = NI_NUMERICHOST | (asked->info_flags & 0xfe) << 1;
    if (asked->info_flags % 4 != 1)
        flags |= NI_NUMERICSERV;
    memset(&ours, AREA_FILL, sizeof ours);
    memset(&theirs, AREA_FILL, sizeof theirs);
    ours.code = simdinet_getnameinfo(entry->ai_addr, len, ours.host, host_size, ours.service,
                                     service_size, flags);
    theirs.code = getnameinfo(entry->ai_addr, len, theirs.host, host_size, theirs.service,
                              service_size, flags);
    bool same = ours.code == theirs.code;
    if (same && ours.code == 0)
        same = (host_size == 0 || strcmp(ours.host, theirs.host) == 0) &&
               (service_size == 0 || strcmp(ours.service, theirs.service) == 0);
    if (!untouched_behind(ours.host, host_size, sizeof ours.host) ||
        !untouched_behind(ours.service, service_size, sizeof ours.service))
        fail_call(asked, "getnameinfo has written behind its buffers");
    if (same)
        return;
    fprintf(stderr, "  length %u flags 0x%x sizes %u %u\n  simdinet %d, libc %d\n", (unsigned)len,
            (unsigned)flags, (unsigned)host_size, (unsigned)service_size, ours.code, theirs.code);
    if (ours.code == 0 && theirs.code == 0) {
        print_text("hosts", host_size ? ours.host : NULL);
        print_text("", host_size ? theirs.host : NULL);
        print_text("services", service_size ? ours.service : NULL);
        print_text("", service_size ? theirs.service : NULL);
    }
    fail_call(asked, "getnameinfo differs from libc's");
}

/* ---- the input -------------------------------------------------------------------------------- */

/* A text that ends at the end of its area, so that a byte read behind its NUL is a fault. */
static const char *text_at_end(unsigned area, const uint8_t *from, size_t len) {
    char *text = area_at_end(area, len + 1);
    if (len > 0)
        memcpy(text, from, len);
    text[len] = '\0';
    return text;
}

static void read_call(input *in, call *asked) {
    unsigned choices = take_byte(in);
    asked->given.ai_family = PICK(families, take_byte(in));
    unsigned kind = take_byte(in);
    asked->given.ai_socktype = PICK(types, kind % 16);
    asked->given.ai_protocol = PICK(protocols, kind / 16);
    asked->given.ai_flags = (int16_t)take_number(in, 2);
    if (!(choices & NAMES_ALLOWED))
        asked->given.ai_flags |= AI_NUMERICHOST;
    asked->hints = choices & NO_HINTS ? NULL : &asked->given;
    asked->info_flags = take_byte(in);
    asked->host_size = take_byte(in);
    asked->service_size = take_byte(in);
    const uint8_t *newline = in->size > 0 ? memchr(in->data, '\n', in->size) : NULL;
    size_t host_len = newline ? (size_t)(newline - in->data) : in->size;
    if (!(choices & NO_HOST))
        asked->host = text_at_end(HOST, in->data, host_len);
    if (newline && !(choices & NO_SERVICE))
        asked->service = text_at_end(SERVICE, newline + 1, in->size - host_len - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    call asked = {0};
    if (size > AREA_SIZE)
        return 0;
    read_call(&in, &asked);
    if (would_query(&asked)) {
        asked.given.ai_flags |= AI_NUMERICHOST;
        asked.hints = &asked.given;
    }
    struct addrinfo untouched;
    answer ours = ask(simdinet_getaddrinfo, &asked, &untouched);
    answer theirs = ask(getaddrinfo, &asked, &untouched);
    if (!same_answer(&ours, &theirs, &untouched)) {
        print_answer("simdinet", &ours);
        print_answer("libc", &theirs);
        fail_call(&asked, "getaddrinfo differs from libc's");
    }
    for (const struct addrinfo *at = ours.list; ours.code == 0 && at; at = at->ai_next)
        check_nameinfo(&asked, at);
    if (ours.code == 0)
        simdinet_freeaddrinfo(ours.list);
    if (theirs.code == 0)
        freeaddrinfo(theirs.list);
    return 0;
}
