/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The naming functions with results that are the same on every machine and with every C library.
 * Uses this host and its files only.
 */
#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The list as text: "family/type/protocol/address/port" for each entry. */
static void describe(int code, const struct addrinfo *list, char *out, size_t size) {
    if (code != 0) {
        snprintf(out, size, "%s",
                 code == EAI_NONAME     ? "NONAME"
                 : code == EAI_FAMILY   ? "FAMILY"
                 : code == EAI_BADFLAGS ? "BADFLAGS"
                 : code == EAI_SERVICE  ? "SERVICE"
                 : code == EAI_SOCKTYPE ? "SOCKTYPE"
                                        : "another error");
        return;
    }
    size_t used = 0;
    *out = '\0';
    for (; list && used < size; list = list->ai_next) {
        char host[NI_MAXHOST], service[NI_MAXSERV];
        int again = simdinet_getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof host,
                                         service, sizeof service, NI_NUMERICHOST | NI_NUMERICSERV);
        cr_assert_eq(again, 0);
        used += (size_t)snprintf(out + used, size - used, "%s%s/%d/%s/%s", used ? " " : "",
                                 list->ai_socktype == SOCK_STREAM  ? "stream"
                                 : list->ai_socktype == SOCK_DGRAM ? "dgram"
                                                                   : "raw",
                                 list->ai_protocol, host, service);
    }
}

Test(naming, numeric_hosts) {
    static const struct {
        const char *node, *service;
        struct addrinfo hints;
        const char *answer;
    } cases[] = {
        {"192.0.2.1", "80", {.ai_socktype = SOCK_STREAM}, "stream/6/192.0.2.1/80"},
        {"192.0.2.1", "80", {0}, "stream/6/192.0.2.1/80 dgram/17/192.0.2.1/80 raw/0/192.0.2.1/80"},
        {"127.1", NULL, {.ai_socktype = SOCK_DGRAM}, "dgram/17/127.0.0.1/0"},
        {"2001:DB8::1", "65535", {.ai_socktype = SOCK_STREAM}, "stream/6/2001:db8::1/65535"},
        {"::1%1", NULL, {.ai_socktype = SOCK_STREAM}, "stream/6/::1%1/0"},
        {"192.0.2.1",
         NULL,
         {.ai_family = AF_INET6, .ai_socktype = SOCK_RAW, .ai_flags = AI_V4MAPPED},
         "raw/0/::ffff:192.0.2.1/0"},
        {NULL, "53", {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, "dgram/17/127.0.0.1/53"},
        {NULL,
         "53",
         {.ai_family = AF_INET6, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE},
         "dgram/17/::/53"},
        {"192.0.2.256", NULL, {.ai_flags = AI_NUMERICHOST}, "NONAME"},
        {"192.0.2.1", "http", {.ai_flags = AI_NUMERICSERV}, "NONAME"},
        {NULL, NULL, {0}, "NONAME"},
        {"192.0.2.1", NULL, {.ai_family = AF_UNIX}, "FAMILY"},
        {"192.0.2.1", NULL, {.ai_flags = 0x1000}, "BADFLAGS"},
        {"192.0.2.1", "80", {.ai_socktype = SOCK_RAW}, "SERVICE"},
        {"192.0.2.1", "80", {.ai_socktype = 99}, "SOCKTYPE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct addrinfo *list = NULL;
        char answer[256];
        int code = simdinet_getaddrinfo(cases[i].node, cases[i].service, &cases[i].hints, &list);
        describe(code, list, answer, sizeof answer);
        cr_expect_str_eq(answer, cases[i].answer);
        simdinet_freeaddrinfo(list);
    }
}

Test(naming, host_by_its_own_name) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    for (int64_t timeout = -1; timeout < 20000; timeout += 20000) {
        int code = simdinet_getaddrinfo_deadline("localhost", "7", &hints, timeout, &list);
        cr_assert_eq(code, 0);
        for (struct addrinfo *info = list; info; info = info->ai_next) {
            char host[NI_MAXHOST];
            cr_expect_eq(simdinet_getnameinfo(info->ai_addr, info->ai_addrlen, host, sizeof host,
                                              NULL, 0, NI_NUMERICHOST),
                         0);
            cr_expect(strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0, "%s", host);
        }
        simdinet_freeaddrinfo(list);
    }
    char text[SIMDINET_IPV4_TEXT_SIZE];
    cr_expect_eq(simdinet_gethostbyname("localhost", SIMDINET_ZSTR, text, NULL), SIMDINET_OK);
    cr_expect_eq(strncmp(text, "127.", 4), 0);
    simdinet_hostent *host;
    cr_assert_eq(simdinet_gethostbyname_ex("localhost", SIMDINET_ZSTR, &host, NULL), SIMDINET_OK);
    cr_expect_eq(host->family, AF_INET);
    cr_expect(host->naddrs >= 1 && host->addrs[0][0] == 127);
    simdinet_free(host);
    cr_assert_eq(simdinet_gethostbyaddr("127.0.0.1", SIMDINET_ZSTR, &host, NULL), SIMDINET_OK);
    cr_expect(strlen(host->name) > 0);
    simdinet_free(host);
    char name[256], full[256];
    cr_assert_eq(simdinet_gethostname(name, sizeof name), 0);
    cr_expect_eq(simdinet_getfqdn("", 0, full, sizeof full, NULL, NULL), SIMDINET_OK);
    cr_expect(strlen(full) > 0);
}

Test(naming, addresses_as_hosts) {
    simdinet_hostent *host;
    cr_assert_eq(simdinet_gethostbyname_ex("192.0.2.7", SIMDINET_ZSTR, &host, NULL), SIMDINET_OK);
    cr_expect_str_eq(host->name, "192.0.2.7");
    cr_expect(host->naliases == 0 && host->aliases[0] == NULL && host->naddrs == 1);
    cr_expect_eq(memcmp(host->addrs[0], "\300\0\2\7", 4), 0);
    simdinet_free(host);
    simdinet_error error;
    cr_expect_eq(simdinet_gethostbyname_ex("<broadcast>", SIMDINET_ZSTR, &host, &error),
                 SIMDINET_E_HERR);
    cr_expect_eq(error.detail, HOST_NOT_FOUND);
}

Test(naming, services_and_protocols) {
    uint16_t port = 0;
    int number = 0;
    char name[64];
    simdinet_error error;
    cr_expect_eq(simdinet_getservbyname("domain", SIMDINET_ZSTR, "udp", 3, &port, NULL),
                 SIMDINET_OK);
    cr_expect_eq(port, 53);
    cr_expect_eq(simdinet_getservbyport(22, "tcp", 3, name, sizeof name, NULL, NULL), SIMDINET_OK);
    cr_expect_str_eq(name, "ssh");
    cr_expect_eq(simdinet_getservbyport(22, "tcp", 3, name, 3, NULL, &error), SIMDINET_E_NOSPACE);
    cr_expect_eq(error.needed, 4u);
    cr_expect_eq(simdinet_getprotobyname("UDP", SIMDINET_ZSTR, &number, NULL), SIMDINET_OK);
    cr_expect_eq(number, 17);
    struct protoent entry, *found = NULL;
    cr_expect_eq(simdinet_getprotobyname_r("udp", &entry, name, 0, &found) == 0, found != NULL);
    char buffer[8192];
    cr_expect_eq(simdinet_getprotobyname_r("udp", &entry, buffer, sizeof buffer, &found), 0);
    cr_expect(found == &entry && entry.p_proto == 17);
    cr_expect_eq(simdinet_getservbyname("no such service", SIMDINET_ZSTR, NULL, 0, &port, NULL),
                 SIMDINET_E_NOTFOUND);
    cr_expect_eq(simdinet_getprotobyname("no such protocol", SIMDINET_ZSTR, &number, NULL),
                 SIMDINET_E_NOTFOUND);
}

Test(naming, error_messages) {
    char text[128];
    simdinet_error error = {.status = SIMDINET_E_ERRNO, .sys_errno = ENOENT};
    size_t len = simdinet_strerror(&error, text, sizeof text);
    cr_expect_str_eq(text, strerror(ENOENT));
    cr_expect_eq(len, strlen(text));
    error = (simdinet_error){.status = SIMDINET_E_GAI, .detail = EAI_NONAME};
    simdinet_strerror(&error, text, sizeof text);
    cr_expect_str_eq(text, gai_strerror(EAI_NONAME));
    error = (simdinet_error){.status = SIMDINET_E_HERR, .detail = HOST_NOT_FOUND};
    simdinet_strerror(&error, text, sizeof text);
    cr_expect_str_eq(text, hstrerror(HOST_NOT_FOUND));
    error = (simdinet_error){.status = SIMDINET_E_RANGE};
    cr_expect_eq(simdinet_strerror(&error, text, 7), strlen("Number out of range"));
    cr_expect_str_eq(text, "Number");
    /* An unknown error number has a message. */
    error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = 99999};
    cr_expect(simdinet_strerror(&error, text, sizeof text) > 0);
}

Test(naming, interfaces) {
    char name[IF_NAMESIZE];
    struct if_nameindex *all = simdinet_if_nameindex();
    cr_assert(all != NULL);
    for (struct if_nameindex *one = all; one->if_index; one++) {
        cr_expect_eq(simdinet_if_nametoindex(one->if_name), one->if_index);
        cr_expect(simdinet_if_indextoname(one->if_index, name) == name);
        cr_expect_str_eq(name, one->if_name);
    }
    simdinet_if_freenameindex(all);
    cr_expect_eq(simdinet_if_nametoindex("no such if"), 0u);
}

Test(naming, sockets_follow_the_default_timeout) {
    double seconds = 0;
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 0);
    cr_assert_eq(simdinet_setdefaulttimeout(2.5, NULL), SIMDINET_OK);
    cr_expect_eq(simdinet_getdefaulttimeout(&seconds), 1);
    cr_expect(seconds == 2.5);
    int fd = simdinet_socket(AF_INET, SOCK_DGRAM, 0, NULL);
    cr_expect(fd >= 0);
    cr_expect_eq(simdinet_close(fd, NULL), SIMDINET_OK);
    cr_expect_eq(simdinet_setdefaulttimeout_none(), SIMDINET_OK);
    simdinet_error error;
    cr_expect_eq(simdinet_close(-1, &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, EBADF);
}
