/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * preload_calls.c - a program that is not linked with simdinet: it calls the functions that the
 * interposer replaces and prints their results, so that runs can be compared.
 *
 * usage: preload_calls few            one or two calls of each function, none of which needs the C
 * library
 *        preload_calls name           one host name, which needs the C library
 *        preload_calls shortage       a name and an address without a free descriptor
 *        preload_calls databases      all services and protocols
 *        preload_calls fork           a few calls in this process, and fewer in a child
 *        preload_calls threads        results are not changed by calls of other threads
 *        preload_calls all [TABLE]    everything; TABLE has a text in the second column of each
 *        line
 */
#include "harness/random_calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void die(const char *what) {
    fprintf(stderr, "preload_calls: %s\n", what);
    exit(3);
}

static void print_hex(const void *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void call_pton(const char *text) {
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
    for (size_t i = 0; i < 3; i++) {
        unsigned char out[16];
        memset(out, 0xa5, sizeof out);
        errno = 77;
        int code = inet_pton(families[i], text, out);
        printf(" %d/%d:", code, errno);
        print_hex(out, sizeof out);
    }
}

static void call_aton(const char *text) {
    struct in_addr in = {0xa5a5a5a5};
    errno = 77;
    int code = inet_aton(text, &in);
    printf(" %d/%d:%08x %d %08x", code, errno, in.s_addr, inet_aton(text, NULL), inet_addr(text));
}

/* Every size of buffer, and the bytes after the text. */
static void call_ntop(int af, const void *address) {
    for (socklen_t size = 0; size <= INET6_ADDRSTRLEN + 1; size++) {
        char text[64];
        memset(text, '#', sizeof text);
        errno = 77;
        const char *found = inet_ntop(af, address, text, size);
        if (found && found != text)
            die("inet_ntop did not return its buffer");
        if (!found || size > INET6_ADDRSTRLEN)
            printf(" %u:%.63s/%d", (unsigned)size, found ? found : "", errno);
        if (text[63] != '#' || (!found && text[0] != '#'))
            die("inet_ntop wrote past its buffer");
    }
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void call_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints) {
    struct addrinfo untouched, *list = &untouched;
    int code = getaddrinfo(node, service, hints, &list);
    printf(" %d%s", code, code != 0 && list != &untouched ? "?" : "");
    if (code == EAI_SYSTEM)
        printf("/%d", errno);
    if (code != 0)
        return;
    for (const struct addrinfo *info = list; info; info = info->ai_next) {
        printf(" [%x %d %d %d ", (unsigned)info->ai_flags, info->ai_family, info->ai_socktype,
               info->ai_protocol);
        print_hex(info->ai_addr, info->ai_addrlen);
        printf(" %s]", info->ai_canonname ? info->ai_canonname : "-");
    }
    /* The rest of a list can be freed separately from its head. */
    struct addrinfo *rest = list->ai_next;
    list->ai_next = NULL;
    freeaddrinfo(rest);
    freeaddrinfo(list);
}

static void call_numeric(const char *host) {
    static const struct addrinfo hints[] = {
        {.ai_flags = AI_NUMERICHOST},
        {.ai_flags = AI_NUMERICHOST | AI_CANONNAME, .ai_socktype = SOCK_DGRAM},
        {.ai_flags = AI_NUMERICHOST | AI_V4MAPPED, .ai_family = AF_INET6},
        {.ai_flags = AI_NUMERICHOST, .ai_family = AF_INET, .ai_protocol = IPPROTO_TCP},
        {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_RAW},
    };
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        call_getaddrinfo(host, i % 2 ? NULL : "443", &hints[i]);
}

/* ---- names of addresses ---------------------------------------------------------------------- */

static void call_getnameinfo(const void *sa, socklen_t salen, socklen_t hostlen, socklen_t servlen,
                             int flags) {
    char host[NI_MAXHOST], serv[NI_MAXSERV];
    int code = getnameinfo(sa, salen, hostlen ? host : NULL, hostlen, servlen ? serv : NULL,
                           servlen, flags);
    printf(" %d", code);
    if (code == 0)
        printf(" %s %s", hostlen ? host : "-", servlen ? serv : "-");
}

static void call_names(uint16_t port, const unsigned char address[16]) {
    static const int flags[] = {NI_NUMERICHOST, NI_NUMERICHOST | NI_NUMERICSERV,
                                NI_NUMERICHOST | NI_DGRAM, NI_NUMERICHOST | NI_NAMEREQD, 1 << 20};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    memcpy(&in.sin_addr, address, 4);
    memcpy(&in6.sin6_addr, address, 16);
    in6.sin6_scope_id = address[15] % 3;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        call_getnameinfo(&in, sizeof in, NI_MAXHOST, NI_MAXSERV, flags[i]);
        call_getnameinfo(&in6, sizeof in6, NI_MAXHOST, NI_MAXSERV, flags[i]);
        call_getnameinfo(&in, sizeof in - 1, NI_MAXHOST, NI_MAXSERV, flags[i]);
        call_getnameinfo(&in, sizeof in, 9, 0, flags[i]);
        call_getnameinfo(&in6, sizeof in6, 0, 4, flags[i]);
    }
}

/* ---- entries --------------------------------------------------------------------------------- */

static void print_names(const char *name, char *const *aliases, int number, const char *proto) {
    printf(" %s %d %s", name, number, proto);
    for (; *aliases; aliases++)
        printf(" %s", *aliases);
}

static void print_service(int code, const struct servent *found) {
    printf(" %d/%d", code, errno);
    if (found)
        print_names(found->s_name, found->s_aliases, found->s_port, found->s_proto);
}

static void print_protocol(int code, const struct protoent *found) {
    printf(" %d/%d", code, errno);
    if (found)
        print_names(found->p_name, found->p_aliases, found->p_proto, "");
}

static const size_t sizes[] = {4096, 1024, 100, 33, 0};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void call_service(const char *name, int port, const char *proto) {
    errno = 77;
    struct servent *found = name ? getservbyname(name, proto) : getservbyport(port, proto);
    print_service(0, found);
    for (size_t i = 0; i < SIZES; i++) {
        char buf[4096];
        struct servent entry;
        errno = 77;
        int code = name ? getservbyname_r(name, proto, &entry, buf, sizes[i], &found)
                        : getservbyport_r(port, proto, &entry, buf, sizes[i], &found);
        print_service(code, found);
    }
}

static void call_protocol(const char *name) {
    errno = 77;
    struct protoent *found = getprotobyname(name);
    print_protocol(0, found);
    for (size_t i = 0; i < SIZES; i++) {
        char buf[4096];
        struct protoent entry;
        errno = 77;
        int code = getprotobyname_r(name, &entry, buf, sizes[i], &found);
        print_protocol(code, found);
    }
}

static void call_entries(const char *name, int port) {
    static const char *const protos[] = {NULL, "tcp", "udp", "", "TCP"};
    for (size_t i = 0; i < sizeof protos / sizeof protos[0]; i++) {
        call_service(name, port, protos[i]);
        call_service(NULL, port, protos[i]);
    }
    call_protocol(name);
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    call_getaddrinfo("192.0.2.1", name, &hints);
    printf("\n");
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void call_text(const char *text) {
    call_pton(text);
    call_aton(text);
    call_numeric(text);
    printf("\n");
}

static const char *const texts[] = {
    "192.0.2.1",
    "0.0.0.0",
    "255.255.255.255",
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "0x7f.1",
    "017700000001",
    "1.2.3.4 x",
    "1.2.3.4\t",
    " 1.2.3.4",
    "1..2",
    "1.2.3.",
    "0x",
    "08",
    "4294967296",
    "",
    ".",
    ":",
    "::",
    "::1",
    "1::",
    ":::",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "2001:DB8::A",
    "12345::",
    "::ffff:192.0.2.1",
    "1:2:3:4:5:6:192.0.2.1",
    "::192.0.2.256",
    "1:192.0.2.1::",
    "fe80::1%lo",
    "fe80::1%1",
    "fe80::1%none",
    "::1%7",
    "::1%",
    "[::1]",
    "*",
    "name",
    "1.2.3.4/24",
    "\xff",
    "::g",
};

enum { TEXTS = sizeof texts / sizeof texts[0] };

static void call_random(void) {
    static const char alphabet[] = "0123456789abcfxX.:%lo +-";
    prng source = {1};
    for (int i = 0; i < 20000; i++) {
        char text[64];
        strcpy(text, texts[random_below(&source, TEXTS)]);
        for (size_t edits = random_below(&source, 4); edits > 0 && *text; edits--)
            text[random_below(&source, strlen(text))] =
                alphabet[random_below(&source, sizeof alphabet - 1)];
        call_text(text);
    }
    for (int i = 0; i < 3000; i++) {
        unsigned char address[16];
        for (size_t j = 0; j < sizeof address; j++)
            address[j] = (unsigned char)prng_next(&source);
        size_t from = random_below(&source, 16);
        memset(address + from, 0, random_below(&source, 17 - from));
        if (random_below(&source, 4) == 0)
            memcpy(address, "\xfe\x80", 2);
        struct in_addr in;
        memcpy(&in, address, sizeof in);
        call_ntop(AF_INET, address);
        call_ntop(AF_INET6, address);
        call_ntop(AF_UNIX, address);
        printf(" %s", inet_ntoa(in));
        call_names((uint16_t)prng_next(&source), address);
        printf("\n");
    }
}

/* The second column of a table, with its escapes. */
static void call_table(const char *path) {
    char *line = NULL;
    size_t size = 0, rows = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        die(path);
    while (getline(&line, &size, file) > 0) {
        char *rest = line;
        strsep(&rest, "\t");
        char *text = strsep(&rest, "\t");
        if (!text)
            continue;
        char *out = text;
        for (const char *in = text; *in;) {
            unsigned byte;
            int used = 1;
            if (*in == '\\' && sscanf(in, "\\%3o%n", &byte, &used) == 1) {
                *out++ = (char)byte;
            } else if (*in == '\\' && in[1]) {
                *out++ = in[1] == 't' ? '\t' : in[1] == 'n' ? '\n' : in[1] == 'r' ? '\r' : in[1];
                used = 2;
            } else {
                *out++ = *in;
            }
            in += used;
        }
        *out = '\0';
        call_text(text);
        rows++;
    }
    if (rows < 200)
        die("the table is too short");
    free(line);
    fclose(file);
}

/* Every entry of the C library's databases, by each of its names. */
static void call_databases(void) {
    setservent(1);
    for (struct servent *entry; (entry = getservent());) {
        call_entries(entry->s_name, entry->s_port);
        for (char **alias = entry->s_aliases; *alias; alias++)
            call_entries(*alias, entry->s_port);
    }
    endservent();
    setprotoent(1);
    for (struct protoent *entry; (entry = getprotoent());) {
        call_protocol(entry->p_name);
        for (char **alias = entry->p_aliases; *alias; alias++)
            call_protocol(*alias);
        printf("\n");
    }
    endprotoent();
    /* Names that can exist without being listed, and names that do not exist. */
    static const char *const names[] = {"http", "odd", "c", "last", "end", "alias299", "-", ""};
    static const int ports[] = {-1, 0, 1, 65536, 1 << 24, 0x50, 0x5000, 0xffff};
    for (size_t i = 0; i < 8; i++)
        call_entries(names[i], ports[i]);
}

/* Calls that need the C library, but no name server. */
static void call_handed_on(void) {
    static const struct addrinfo hints[] = {
        {.ai_flags = AI_ADDRCONFIG},
        {.ai_flags = AI_CANONNAME, .ai_family = AF_INET, .ai_socktype = SOCK_STREAM},
        {.ai_flags = AI_PASSIVE},
        {.ai_flags = 1 << 20},
    };
    static const char *const nodes[] = {NULL, "localhost", "127.0.0.1", "::1"};
    for (size_t i = 0; i < 4; i++) {
        call_getaddrinfo(nodes[i], "80", NULL);
        call_getaddrinfo(nodes[i], NULL, NULL);
        for (size_t j = 0; j < sizeof hints / sizeof hints[0]; j++)
            call_getaddrinfo(nodes[i], "http", &hints[j]);
        printf("\n");
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr local = {.sa_family = AF_UNIX, .sa_data = "/a/socket"};
    call_getnameinfo(&in, sizeof in, NI_MAXHOST, NI_MAXSERV, 0);
    call_getnameinfo(&in, sizeof in, 2, NI_MAXSERV, NI_NAMEREQD);
    call_getnameinfo(&local, sizeof local, NI_MAXHOST, NI_MAXSERV, 0);
    printf("\n");
}

/* No memory is retained: neither entries nor canonical names. */
static void call_many_times(void) {
    struct addrinfo hints = {.ai_flags = AI_CANONNAME | AI_NUMERICHOST}, *list;
    size_t before = 0;
    for (int i = 0; i < 20000; i++) {
        if (i == 100)
            before = mallinfo2().uordblks;
        if (getaddrinfo("2001:db8::1", "80", &hints, &list) != 0)
            die("getaddrinfo failed");
        freeaddrinfo(list);
    }
    if (mallinfo2().uordblks > before + 1000)
        die("memory leaks");
}

static void call_few(void) {
    unsigned char address[16] = {192, 0, 2, 1};
    struct in_addr in;
    char text[INET6_ADDRSTRLEN];
    inet_pton(AF_INET, "192.0.2.1", address);
    inet_pton(99, "192.0.2.1", address);
    inet_ntop(AF_INET, address, text, sizeof text);
    inet_ntop(AF_INET, address, text, 3);
    inet_aton("192.0.2.1", &in);
    inet_addr("192.0.2.1");
    inet_ntoa(in);
    char buf[4096];
    struct servent service, *found;
    struct protoent protocol, *found_protocol;
    getservbyname("http", "tcp");
    getservbyname_r("http", "tcp", &service, buf, sizeof buf, &found);
    getservbyport(htons(80), "tcp");
    getservbyport_r(htons(80), "tcp", &service, buf, sizeof buf, &found);
    getprotobyname("tcp");
    getprotobyname_r("tcp", &protocol, buf, sizeof buf, &found_protocol);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(80)};
    call_getnameinfo(&sa, sizeof sa, NI_MAXHOST, NI_MAXSERV, NI_NUMERICHOST);
    struct addrinfo hints = {.ai_flags = AI_CANONNAME | AI_NUMERICHOST};
    call_getaddrinfo("192.0.2.1", "80", &hints);
    call_getaddrinfo("no address", "80", &hints);
    printf("\n");
}

/* ---- processes and threads ------------------------------------------------------------------- */

static void call_in_a_child(void) {
    inet_addr("192.0.2.1");
    inet_addr("192.0.2.2");
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        inet_addr("192.0.2.3");
        exit(0);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        die("the child failed");
}

static pthread_barrier_t barrier;

static const char *const own_names[] = {"http", "domain", "ssh", "smtp", "https", "ntp"};

enum { THREADS = sizeof own_names / sizeof own_names[0] };

static void *keep_results(void *argument) {
    size_t own = (size_t)((const char *const *)argument - own_names);
    struct in_addr in = {htonl((uint32_t)(0xc0000200 + own))};
    char expected[INET_ADDRSTRLEN];
    for (int round = 0; round < 200; round++) {
        const char *text = inet_ntoa(in);
        struct servent *by_name = getservbyname(own_names[own], NULL);
        int port = by_name ? by_name->s_port : 0;
        struct servent *by_port = getservbyport(port, NULL);
        struct protoent *protocol = getprotobyname(own % 2 ? "tcp" : "udp");
        pthread_barrier_wait(&barrier);
        inet_ntop(AF_INET, &in, expected, sizeof expected);
        if (strcmp(text, expected) != 0 || !by_name ||
            strcmp(by_name->s_name, own_names[own]) != 0 || !by_port ||
            strcmp(by_port->s_name, own_names[own]) != 0 || by_port->s_port != port || !protocol ||
            strcmp(protocol->p_name, own % 2 ? "tcp" : "udp") != 0)
            die("a call of another thread changed a result");
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

static void call_in_threads(void) {
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, keep_results, (void *)(uintptr_t)&own_names[i]) != 0)
            die("no thread");
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* ---- the command line ------------------------------------------------------------------------ */

static const char *table;

static void call_name(void) {
    struct addrinfo hints = {.ai_family = AF_INET};
    call_getaddrinfo("localhost", "80", &hints);
}

/* The limit of descriptors holds for the calls only: the report is written afterwards. */
static void call_in_shortage(void) {
    struct rlimit before, none;
    int lowest = dup(0);
    if (lowest < 0 || close(lowest) != 0 || getrlimit(RLIMIT_NOFILE, &before) != 0)
        die("no descriptor");
    none = before;
    none.rlim_cur = (rlim_t)lowest;
    if (setrlimit(RLIMIT_NOFILE, &none) != 0 || dup(0) >= 0)
        die("the limit of descriptors cannot be lowered");
    struct addrinfo either = {.ai_socktype = SOCK_STREAM}, ipv4 = {.ai_family = AF_INET};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    call_getaddrinfo("localhost", "80", &either);
    call_getaddrinfo("localhost", "80", &ipv4);
    call_getaddrinfo("nowhere.invalid", NULL, &either);
    call_getnameinfo(&in, sizeof in, NI_MAXHOST, 0, NI_NAMEREQD);
    call_getnameinfo(&in, sizeof in, NI_MAXHOST, 0, 0);
    if (setrlimit(RLIMIT_NOFILE, &before) != 0)
        die("the limit of descriptors cannot be raised");
    printf("\n");
}

static void call_all(void) {
    for (size_t i = 0; i < TEXTS; i++)
        call_text(texts[i]);
    if (table)
        call_table(table);
    call_random();
    call_databases();
    call_handed_on();
    call_many_times();
}

static const struct {
    const char *name;
    void (*run)(void);
} commands[] = {
    {"few", call_few},         {"name", call_name},          {"shortage", call_in_shortage},
    {"fork", call_in_a_child}, {"threads", call_in_threads}, {"databases", call_databases},
    {"all", call_all},
};

int main(int argc, char **argv) {
    table = argc > 2 ? argv[2] : NULL;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (argc > 1 && strcmp(argv[1], commands[i].name) == 0) {
            commands[i].run();
            return 0;
        }
    die("usage: preload_calls few|name|shortage|databases|fork|threads|all [TABLE]");
}
