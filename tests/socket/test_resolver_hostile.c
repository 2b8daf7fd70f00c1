/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A name server that refuses, fails, or sends wrong and malformed answers: the result equals the C
 * library's, no descriptor leaks, and the next call succeeds.
 */
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* ---- the server ------------------------------------------------------------------------------ */

enum { HEADER = 12, PACKET = 1024 };

enum { TRUNCATED = 0x02 }; /* in the third byte of a header */

typedef struct {
    const char *what;
    int code;            /* of getaddrinfo; ANY where it is not specified */
    uint8_t flags;       /* added to those of every reply */
    uint8_t rcode;       /* 0: no error */
    uint8_t count;       /* of answers, in the header */
    const char *answers; /* after the question; NULL: none */
    size_t size;
    const char *before; /* a datagram sent first; {0}: one with a wrong query ID */
    size_t before_size;
} reply;

enum { ANY = 1 };

#define BYTES(text)    (text), sizeof(text) - 1
#define NO_BYTES       NULL, 0
#define OWNER          "\xc0\x0c" /* the name of the question */
#define A              "\0\1\0\1\0\0\0\1"
#define CNAME          "\0\5\0\1\0\0\0\1"
#define ADDRESS        "\0\4\xc0\0\2\x4d" /* 192.0.2.77 */
#define GOOD           1, BYTES(OWNER A ADDRESS)
#define WRONG_NUMBER   "\1", 0
#define EMPTY_DATAGRAM "", 0

static const reply replies[] = {
    {"refused", EAI_AGAIN, 0, 5, 0, NO_BYTES, NO_BYTES},
    {"server failure", EAI_AGAIN, 0, 2, 0, NO_BYTES, NO_BYTES},
    {"format error", ANY, 0, 1, 0, NO_BYTES, NO_BYTES},
    {"not implemented", ANY, 0, 4, 0, NO_BYTES, NO_BYTES},
    {"no such name", EAI_NONAME, 0, 3, 0, NO_BYTES, NO_BYTES},
    {"an address of no name", ANY, 0, 3, GOOD, NO_BYTES},
    {"nothing", EAI_NODATA, 0, 0, 0, NO_BYTES, NO_BYTES},
    {"an address", 0, 0, 0, GOOD, NO_BYTES},
    {"fewer answers than counted", ANY, 0, 0, 200, BYTES(OWNER A ADDRESS), NO_BYTES},
    {"no answer, counted", ANY, 0, 0, 255, NO_BYTES, NO_BYTES},
    {"an address of three bytes", ANY, 0, 0, 1, BYTES(OWNER A "\0\3\xc0\0\2"), NO_BYTES},
    {"an address of 16 bytes", ANY, 0, 0, 1,
     BYTES(OWNER A "\0\x10"
                   "0123456789abcdef"),
     NO_BYTES},
    {"data beyond the end", ANY, 0, 0, 1, BYTES(OWNER A "\xff\xff\xc0\0\2\x4d"), NO_BYTES},
    {"a name that points to itself", ANY, 0, 0, 1, BYTES("\xc0\x23" A ADDRESS), NO_BYTES},
    {"a name that points ahead", ANY, 0, 0, 1, BYTES("\xc0\xff" A ADDRESS), NO_BYTES},
    {"half an answer", ANY, 0, 0, 1, BYTES(OWNER "\0\1\0"), NO_BYTES},
    {"an alias of itself", ANY, 0, 0, 1, BYTES(OWNER CNAME "\0\2" OWNER), NO_BYTES},
    {"an alias that is not a valid host name", ANY, 0, 0, 2,
     BYTES(OWNER CNAME "\0\x0a"
                       "\4a\x1b[b\3tst\0" OWNER A ADDRESS),
     NO_BYTES},
    {"another class", ANY, 0, 0, 1, BYTES(OWNER "\0\1\0\3\0\0\0\1" ADDRESS), NO_BYTES},
    {"another type", ANY, 0, 0, 1, BYTES(OWNER "\0\x10\0\1\0\0\0\1\0\4\3abc"), NO_BYTES},
    {"truncated, and no TCP server", ANY, TRUNCATED, 0, 0, NO_BYTES, NO_BYTES},
    {"an answer with a wrong ID first", 0, 0, 0, GOOD, WRONG_NUMBER},
    {"an empty datagram first", ANY, 0, 0, GOOD, EMPTY_DATAGRAM},
    {"five bytes first", ANY, 0, 0, GOOD, BYTES("hello")},
};

static _Atomic(const reply *) now;
static atomic_ulong queries;

/* The reply: the question, and the answers after it. */
static size_t make_reply(const reply *how, const uint8_t *query, size_t len, uint8_t *out) {
    size_t end = HEADER;
    while (end < len && query[end] != 0)
        end += query[end] + 1u;
    end += 5; /* the root, the type and the class */
    if (end > len || end + how->size > PACKET)
        return 0;
    memcpy(out, query, end);
    out[2] = (uint8_t)(0x80 | (query[2] & 1) | how->flags);
    out[3] = (uint8_t)(0x80 | how->rcode);
    memset(out + 4, 0, 8);
    out[5] = 1;
    out[7] = how->count;
    if (how->size > 0)
        memcpy(out + end, how->answers, how->size);
    return end + how->size;
}

static void *serve(void *argument) {
    int fd = *(const int *)argument;
    uint8_t query[PACKET], out[PACKET];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    for (ssize_t len;
         (len = recvfrom(fd, query, sizeof query, 0, (struct sockaddr *)&from, &size)) > 0;) {
        const reply *how = atomic_load(&now);
        size_t reply_len = make_reply(how, query, (size_t)len, out);
        atomic_fetch_add(&queries, 1);
        if (how->before && *how->before == '\1') {
            out[0] ^= 0xff;
            sendto(fd, out, reply_len, 0, (struct sockaddr *)&from, size);
            out[0] ^= 0xff;
        } else if (how->before) {
            sendto(fd, how->before, how->before_size, 0, (struct sockaddr *)&from, size);
        }
        sendto(fd, out, reply_len, 0, (struct sockaddr *)&from, size);
        size = sizeof from;
    }
    return NULL;
}

static void start_server(const char *test) {
    static int fd;
    pthread_t thread;
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
    namespaces_write("nsswitch.conf", "hosts: dns\n");
    namespaces_write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    fd = namespaces_listen("127.0.0.1");
    atomic_store(&now, &replies[0]);
    cr_assert_eq(pthread_create(&thread, NULL, serve, &fd), 0);
}

/* ---- queries --------------------------------------------------------------------------------- */

static void expect_same_list(const reply *how) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *expected = NULL, untouched, *result = &untouched;
    int code = getaddrinfo("a.example.test", NULL, &hints, &expected);
    int our_code = simdinet_getaddrinfo("a.example.test", NULL, &hints, &result);
    cr_expect_eq(our_code, code, "%s: %d, not %d", how->what, our_code, code);
    cr_expect(how->code == ANY || code == how->code, "%s: %d", how->what, code);
    if (our_code != 0) {
        cr_expect_eq(result, &untouched, "%s", how->what);
    } else if (code == 0) {
        cr_expect_eq(result->ai_addrlen, expected->ai_addrlen, "%s", how->what);
        cr_expect_arr_eq(result->ai_addr, expected->ai_addr, result->ai_addrlen, "%s", how->what);
        cr_expect_eq(!result->ai_next, !expected->ai_next, "%s", how->what);
    }
    if (code == 0)
        freeaddrinfo(expected);
    if (our_code == 0)
        simdinet_freeaddrinfo(result);
}

Test(hostile, answers_equal_libc, .timeout = 120) {
    start_server("hostile_servers");
    unsigned before = namespaces_descriptors();
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        atomic_store(&now, &replies[i]);
        expect_same_list(&replies[i]);
    }
    cr_expect_geq(atomic_load(&queries), 2 * sizeof replies / sizeof replies[0]);
    cr_expect_eq(namespaces_descriptors(), before);
}

#define PTR "\0\x0c\0\1\0\0\0\1"

/* Untrusted names of an address. */
static const reply names[] = {
    {"a name", 0, 0, 0, 1,
     BYTES(OWNER PTR "\0\x07"
                     "\1h\3tst\0"),
     NO_BYTES},
    {"an escape sequence", ANY, 0, 0, 1,
     BYTES(OWNER PTR "\0\x0b"
                     "\5\x1b[31m\3tst\0"),
     NO_BYTES},
    {"a blank and a newline", ANY, 0, 0, 1,
     BYTES(OWNER PTR "\0\x09"
                     "\3h \n\3tst\0"),
     NO_BYTES},
    {"a NUL and a dot in a label", ANY, 0, 0, 1,
     BYTES(OWNER PTR "\0\x09"
                     "\3h\0.\3tst\0"),
     NO_BYTES},
    {"the root", ANY, 0, 0, 1, BYTES(OWNER PTR "\0\1\0"), NO_BYTES},
    {"a name without a terminator", ANY, 0, 0, 1, BYTES(OWNER PTR "\0\5\x3fhost"), NO_BYTES},
    {"an A record instead", ANY, 0, 0, 1, BYTES(OWNER A ADDRESS), NO_BYTES},
    {"no such name", ANY, 0, 3, 0, NO_BYTES, NO_BYTES},
    {"refused", ANY, 0, 5, 0, NO_BYTES, NO_BYTES},
};

static void expect_same_name(const reply *how) {
    struct hostent expected, *found = NULL;
    char buffer[4096], full[NI_MAXHOST];
    uint8_t address[4] = {192, 0, 2, 77};
    int herr = 0;
    simdinet_hostent *host = NULL;
    simdinet_error error = {0};
    gethostbyaddr_r(address, 4, AF_INET, &expected, buffer, sizeof buffer, &found, &herr);
    int status = simdinet_gethostbyaddr("192.0.2.77", SIMDINET_ZSTR, &host, &error);
    cr_expect_eq(status == SIMDINET_OK, found != NULL, "%s: %d", how->what, status);
    cr_expect(how->code == ANY || status == SIMDINET_OK, "%s: %d", how->what, status);
    if (status == SIMDINET_OK && found)
        cr_expect_str_eq(host->name, found->h_name, "%s", how->what);
    if (status != SIMDINET_OK)
        cr_expect(error.status == SIMDINET_E_HERR && error.detail == herr, "%s: %d, not %d",
                  how->what, error.detail, herr);
    cr_expect_eq(simdinet_getfqdn("192.0.2.77", SIMDINET_ZSTR, full, sizeof full, NULL, NULL),
                 SIMDINET_OK);
    cr_expect_str_eq(full, found ? found->h_name : "192.0.2.77", "%s", how->what);
    simdinet_free(host);
}

Test(hostile, names_equal_libc, .timeout = 120) {
    start_server("hostile_names");
    unsigned before = namespaces_descriptors();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        atomic_store(&now, &names[i]);
        expect_same_name(&names[i]);
    }
    cr_expect_eq(namespaces_descriptors(), before);
}
