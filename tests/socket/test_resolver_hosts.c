/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Hosts by name and by address over DNS: canonical names, aliases and addresses equal the C
 * library's, in order, and so does every error.
 */
#include "harness/name_server.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

static void start_server(void) {
    const char *reason = name_server_start("test_resolver_hosts");
    if (reason)
        cr_skip_test("%s", reason);
}

/* Compares a host or an error with the C library's, and frees it. */
static void expect_same_host(const char *what, int status, simdinet_hostent *host,
                             const simdinet_error *error, const struct hostent *expected,
                             int herr) {
    cr_expect_eq(status == SIMDINET_OK, expected != NULL, "%s: %d", what, status);
    if (status != SIMDINET_OK) {
        cr_expect_eq(status, SIMDINET_E_HERR, "%s: %d", what, status);
        cr_expect_eq(error->detail, herr, "%s: %d, not %d", what, error->detail, herr);
        return;
    }
    if (!expected)
        return;
    size_t aliases = 0, addresses = 0, size = expected->h_addrtype == AF_INET ? 4 : 16;
    cr_expect_str_eq(host->name, expected->h_name, "%s", what);
    cr_expect_eq(host->family, expected->h_addrtype, "%s", what);
    for (; expected->h_aliases[aliases] && aliases < host->naliases; aliases++)
        cr_expect_str_eq(host->aliases[aliases], expected->h_aliases[aliases], "%s", what);
    cr_expect_null(expected->h_aliases[aliases], "%s", what);
    cr_expect_eq(host->naliases, aliases, "%s", what);
    for (; expected->h_addr_list[addresses] && addresses < host->naddrs; addresses++)
        cr_expect_arr_eq(host->addrs[addresses], expected->h_addr_list[addresses], size, "%s",
                         what);
    cr_expect_null(expected->h_addr_list[addresses], "%s", what);
    cr_expect_eq(host->naddrs, addresses, "%s", what);
    simdinet_free(host);
}

static void expect_same_name(const char *name) {
    static char buffer[65536];
    struct hostent expected, *found = NULL;
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    int herr = 0;
    simdinet_hostent *host = NULL;
    simdinet_error error = {0};
    int status = simdinet_gethostbyname_ex(name, SIMDINET_ZSTR, &host, &error);
    int code = getaddrinfo(name, NULL, &hints, &list);
    if (code != 0) {
        /* The first of its two look-ups uses getaddrinfo. */
        cr_expect_eq(status, SIMDINET_E_GAI, "%s: %d", name, status);
        cr_expect_eq(error.detail, code, "%s: %d", name, error.detail);
        return;
    }
    freeaddrinfo(list);
    gethostbyname2_r(name, AF_INET, &expected, buffer, sizeof buffer, &found, &herr);
    expect_same_host(name, status, host, &error, found, herr);
}

Test(resolver, hosts_by_name_equal_libc, .timeout = 60) {
    static const char *const names[] = {
        "four.example.test",
        "FOUR.example.test.",
        "six.example.test",
        "both.example.test",
        "alias.example.test",
        "chain.example.test",
        "many.example.test",
        "nowhere.example.test",
        "dangling.example.test",
        "text.example.test",
        "loop1.example.test",
        "any.broken.test",
        "none.elsewhere.test",
        "four", /* found through the search list */
        "alias",
        "nowhere",
        "four.",
        "localhost",
        "an-underscore_.example",
        "..",
        ".",
        "a..b",
        "192.0.2.300",
    };
    char longest[300];
    start_server();
    unsigned before = namespaces_descriptors();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect_same_name(names[i]);
    /* A label of 63 bytes and one of 64, a name of 253 and one of 260. */
    for (size_t label = 63; label < 65; label++) {
        memset(longest, 'a', sizeof longest);
        strcpy(longest + label, ".example.test");
        expect_same_name(longest);
    }
    for (size_t len = 253; len < 261; len += 7) {
        memset(longest, 'a', sizeof longest);
        for (size_t i = 49; i < len; i += 50)
            longest[i] = '.';
        longest[len] = '\0';
        expect_same_name(longest);
    }
    cr_expect_eq(namespaces_descriptors(), before);
}

static void expect_same_address(const char *text) {
    static char buffer[65536];
    struct hostent expected, *found = NULL;
    uint8_t address[16];
    int herr = 0, family = strchr(text, ':') ? AF_INET6 : AF_INET;
    simdinet_hostent *host = NULL;
    simdinet_error error = {0};
    cr_assert_eq(inet_pton(family, text, address), 1);
    gethostbyaddr_r(address, family == AF_INET ? 4 : 16, family, &expected, buffer, sizeof buffer,
                    &found, &herr);
    int status = simdinet_gethostbyaddr(text, SIMDINET_ZSTR, &host, &error);
    expect_same_host(text, status, host, &error, found, herr);

    /* As in Python: the first name with a dot, or else the address. */
    char name[NI_MAXHOST];
    cr_expect_eq(simdinet_getfqdn(text, SIMDINET_ZSTR, name, sizeof name, NULL, &error),
                 SIMDINET_OK);
    cr_expect_str_eq(name, found ? found->h_name : text);
}

static void expect_same_nameinfo(const char *text, int flags) {
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr_in in = {.sin_family = AF_INET};
    bool ipv4 = !strchr(text, ':');
    inet_pton(AF_INET, text, &in.sin_addr);
    inet_pton(AF_INET6, text, &in6.sin6_addr);
    const struct sockaddr *sa = ipv4 ? (const struct sockaddr *)&in : (const struct sockaddr *)&in6;
    socklen_t size = ipv4 ? sizeof in : sizeof in6;
    char result[NI_MAXHOST] = "", expected[NI_MAXHOST] = "";
    int code = getnameinfo(sa, size, expected, sizeof expected, NULL, 0, flags);
    cr_expect_eq(simdinet_getnameinfo(sa, size, result, sizeof result, NULL, 0, flags), code,
                 "%s, %d", text, flags);
    if (code == 0)
        cr_expect_str_eq(result, expected, "%s, %d", text, flags);
}

Test(resolver, hosts_by_address_equal_libc, .timeout = 60) {
    static const char *const addresses[] = {
        "192.0.2.4", "192.0.2.5",   "192.0.2.6",   "192.0.2.7",   "192.0.2.8",        "127.0.0.1",
        "::1",       "203.0.113.1", "198.18.0.1",  "2001:db8::6", "2001:db8::7",      "::",
        "0.0.0.0",   "fe80::1",     "255.255.0.1", "2001:db9::6", "::ffff:192.0.2.4",
    };
    static const int flags[] = {0, NI_NAMEREQD, NI_NOFQDN, NI_NAMEREQD | NI_NOFQDN, NI_NUMERICHOST};
    start_server();
    unsigned before = namespaces_descriptors();
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        if (strcmp(addresses[i], "::") != 0 && strcmp(addresses[i], "0.0.0.0") != 0)
            expect_same_address(addresses[i]); /* getfqdn treats these two as this host */
        for (size_t j = 0; j < sizeof flags / sizeof flags[0]; j++)
            expect_same_nameinfo(addresses[i], flags[j]);
    }
    cr_expect_eq(namespaces_descriptors(), before);
}

/* Digits and dots are an address, except with a trailing dot, which makes a name. */
Test(resolver, number_with_a_trailing_dot_is_a_name) {
    static const char *const names[] = {"10.", "1.2.", "10", "1.2", "127.1", "127.0.0.1", "canon"};
    const char *refused = namespaces_enter("number_with_a_trailing_dot_is_a_name");
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
    namespaces_write("hosts", "127.0.0.1 localhost\n192.0.2.6 canon 10. 1.2. other\n");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect_same_name(names[i]);
    simdinet_hostent *host;
    cr_assert_eq(simdinet_gethostbyname_ex("10.", 3, &host, NULL), SIMDINET_OK);
    cr_expect_str_eq(host->name, "canon");
    cr_expect_eq(host->naliases, 3);
    simdinet_free(host);
}
