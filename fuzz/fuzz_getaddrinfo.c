/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_getaddrinfo.c - getaddrinfo of numeric hosts, and getnameinfo of the results, compared with
 * the C library: the same code, the same errno with EAI_SYSTEM, the same list byte for byte, the
 * same texts.
 *
 * Input: eight bytes of hints and sizes, then the host, a newline, and the service. No call sends a
 * query: one that would without AI_NUMERICHOST is made with it.
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

/* The outcome of getaddrinfo. */
typedef struct outcome {
    int code;
    int error; /* errno with EAI_SYSTEM, else 0 */
    struct addrinfo *list;
} outcome;

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

/* ---- reports --------------------------------------------------------------------------------- */

static void print_text(const char *what, const char *text) {
    fprintf(stderr, " %s ", what);
    if (!text)
        fputs("(null)", stderr);
    for (; text && *text; text++)
        fprintf(stderr, *text >= ' ' && *text <= '~' && *text != '\\' ? "%c" : "\\x%02x",
                (unsigned char)*text);
}

static void print_answer(const char *side, const outcome *got) {
    fprintf(stderr, "  %-8s %d (errno %d)", side, got->code, got->error);
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

static _Noreturn void fail_call(const call *request, const char *what) {
    print_text(" host", request->host);
    print_text("service", request->service);
    if (request->hints)
        fprintf(stderr, " family %d type %d protocol %d flags 0x%x", request->hints->ai_family,
                request->hints->ai_socktype, request->hints->ai_protocol,
                (unsigned)request->hints->ai_flags);
    fail(NULL, 0, "getaddrinfo: %s", what);
}

/* ---- getaddrinfo ----------------------------------------------------------------------------- */

typedef int getaddrinfo_fn(const char *host, const char *service, const struct addrinfo *hints,
                           struct addrinfo **list);

/* *list is unchanged where there is no list, so that a stray write is detected. */
static outcome make_call(getaddrinfo_fn *function, const call *request,
                         struct addrinfo *untouched) {
    outcome got = {.list = untouched};
    errno = 0;
    got.code = function(request->host, request->service, request->hints, &got.list);
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

static bool same_answer(const outcome *result, const outcome *expected,
                        struct addrinfo *untouched) {
    if (result->code != expected->code || result->error != expected->error)
        return false;
    if (result->code != 0)
        return result->list == untouched;
    const struct addrinfo *a = result->list, *b = expected->list;
    for (; a && b && same_entry(a, b); a = a->ai_next, b = b->ai_next)
        ;
    return !a && !b;
}

/*
 * Whether the C library would send a query: with AI_NUMERICHOST it then returns EAI_NONAME, and a
 * query cannot change any other code.
 */
static bool would_query(const call *request) {
    struct addrinfo hints = {.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG}, *list;
    if (!request->host || (request->hints && request->hints->ai_flags & AI_NUMERICHOST))
        return false;
    if (request->hints)
        hints = *request->hints;
    hints.ai_flags |= AI_NUMERICHOST;
    int code = getaddrinfo(request->host, request->service, &hints, &list);
    if (code == 0)
        freeaddrinfo(list);
    return code == EAI_NONAME;
}

/* ---- getnameinfo ----------------------------------------------------------------------------- */

/* Mostly enough, otherwise any small number. */
static socklen_t size_from(uint8_t byte, size_t enough) {
    return (socklen_t)(byte & 0x80 ? byte & 0x3f : enough);
}

typedef struct names {
    int code;
    char host[NI_MAXHOST], service[2 * NI_MAXSERV];
} names;

static bool untouched_after(const char *text, socklen_t size, size_t capacity) {
    return size == capacity || all_are(text + size, AREA_FILL, capacity - size);
}

/* The address of an entry back to text, with the flags and sizes of the input. */
static void check_nameinfo(const call *request, const struct addrinfo *entry) {
    names result, expected;
    socklen_t host_size = size_from(request->host_size, sizeof result.host);
    socklen_t service_size = size_from(request->service_size, sizeof result.service);
    socklen_t len =
        entry->ai_addrlen - (request->host_size % 16 == 15 ? request->service_size % 16 : 0);
    /* All flags and an unknown one; the service is mostly numeric. */
    int flags = NI_NUMERICHOST | (request->info_flags & 0xfe) << 1;
    if (request->info_flags % 4 != 1)
        flags |= NI_NUMERICSERV;
    memset(&result, AREA_FILL, sizeof result);
    memset(&expected, AREA_FILL, sizeof expected);
    result.code = simdinet_getnameinfo(entry->ai_addr, len, result.host, host_size, result.service,
                                       service_size, flags);
    expected.code = getnameinfo(entry->ai_addr, len, expected.host, host_size, expected.service,
                                service_size, flags);
    bool same = result.code == expected.code;
    if (same && result.code == 0)
        same = (host_size == 0 || strcmp(result.host, expected.host) == 0) &&
               (service_size == 0 || strcmp(result.service, expected.service) == 0);
    if (!untouched_after(result.host, host_size, sizeof result.host) ||
        !untouched_after(result.service, service_size, sizeof result.service))
        fail_call(request, "getnameinfo wrote past its buffers");
    if (same)
        return;
    fprintf(stderr, "  length %u flags 0x%x sizes %u %u\n  simdinet %d, libc %d\n", (unsigned)len,
            (unsigned)flags, (unsigned)host_size, (unsigned)service_size, result.code,
            expected.code);
    if (result.code == 0 && expected.code == 0) {
        print_text("hosts", host_size ? result.host : NULL);
        print_text("", host_size ? expected.host : NULL);
        print_text("services", service_size ? result.service : NULL);
        print_text("", service_size ? expected.service : NULL);
    }
    fail_call(request, "getnameinfo differs from libc's");
}

/* ---- the input ------------------------------------------------------------------------------- */

/* A text at the end of its area: a read past its NUL faults. */
static const char *text_at_end(unsigned area, const uint8_t *from, size_t len) {
    char *text = area_at_end(area, len + 1);
    if (len > 0)
        memcpy(text, from, len);
    text[len] = '\0';
    return text;
}

static void read_call(input *in, call *request) {
    unsigned choices = take_byte(in);
    request->given.ai_family = PICK(families, take_byte(in));
    unsigned kind = take_byte(in);
    request->given.ai_socktype = PICK(types, kind % 16);
    request->given.ai_protocol = PICK(protocols, kind / 16);
    request->given.ai_flags = (int16_t)take_number(in, 2);
    if (!(choices & NAMES_ALLOWED))
        request->given.ai_flags |= AI_NUMERICHOST;
    request->hints = choices & NO_HINTS ? NULL : &request->given;
    request->info_flags = take_byte(in);
    request->host_size = take_byte(in);
    request->service_size = take_byte(in);
    const uint8_t *newline = in->size > 0 ? memchr(in->data, '\n', in->size) : NULL;
    size_t host_len = newline ? (size_t)(newline - in->data) : in->size;
    if (!(choices & NO_HOST))
        request->host = text_at_end(HOST, in->data, host_len);
    if (newline && !(choices & NO_SERVICE))
        request->service = text_at_end(SERVICE, newline + 1, in->size - host_len - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    call request = {0};
    if (size > AREA_SIZE)
        return 0;
    read_call(&in, &request);
    if (would_query(&request)) {
        request.given.ai_flags |= AI_NUMERICHOST;
        request.hints = &request.given;
    }
    struct addrinfo untouched;
    outcome result = make_call(simdinet_getaddrinfo, &request, &untouched);
    outcome expected = make_call(getaddrinfo, &request, &untouched);
    if (!same_answer(&result, &expected, &untouched)) {
        print_answer("simdinet", &result);
        print_answer("libc", &expected);
        fail_call(&request, "getaddrinfo differs from libc's");
    }
    for (const struct addrinfo *at = result.list; result.code == 0 && at; at = at->ai_next)
        check_nameinfo(&request, at);
    if (result.code == 0)
        simdinet_freeaddrinfo(result.list);
    if (expected.code == 0)
        freeaddrinfo(expected.list);
    return 0;
}
