/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_calls.c - one call of each public function that allocates or uses the system.
 */
#include "fault_calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- lists of addresses ---------------------------------------------------------------------- */

static int posix_error(int code, simdinet_error *error) {
    if (code != 0)
        *error = (simdinet_error){
            .status = SIMDINET_E_GAI, .detail = code, .sys_errno = code == EAI_SYSTEM ? errno : 0};
    return code ? SIMDINET_E_GAI : SIMDINET_OK;
}

static struct addrinfo untouched, *const before = &untouched;

/* Checks a list, or that there is none; frees it. first NULL: any first address. */
static int finish_list(const char *caller, int code, struct addrinfo *list, size_t count,
                       const char *first, simdinet_error *error) {
    int status = posix_error(code, error);
    if (code != 0) {
        fault_check(list == before, "%s: the result is written", caller);
        return status;
    }
    char text[64] = "";
    size_t found = 0;
    for (const struct addrinfo *entry = list; entry; entry = entry->ai_next)
        found++;
    if (list->ai_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)list->ai_addr)->sin_addr, text, 64);
    else
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_addr, text, 64);
    fault_check(found == count || (fault_is_set && count > 2 && found == 1),
                "%s: %zu entries, not %zu", caller, found, count);
    fault_check(!first || strcmp(text, first) == 0, "%s: %s, not %s", caller, text, first);
    simdinet_freeaddrinfo(list);
    return status;
}

static int list_call(const char *caller, const char *node, const char *service, int flags,
                     int family, size_t count, const char *first, simdinet_error *error) {
    struct addrinfo hints = {.ai_flags = flags, .ai_family = family, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = before;
    int code = simdinet_getaddrinfo(node, service, &hints, &list);
    return finish_list(caller, code, list, count, first, error);
}

static int list_numeric(simdinet_error *error) {
    return list_call(__func__, "192.0.2.1", "80", AI_CANONNAME, AF_UNSPEC, 1, "192.0.2.1", error);
}

static int list_service(simdinet_error *error) {
    return list_call(__func__, "192.0.2.1", "named", 0, AF_UNSPEC, 1, "192.0.2.1", error);
}

static int list_name(simdinet_error *error) {
    return list_call(__func__, "many.test", "80", 0, AF_INET, fault_addresses, "192.0.2.1", error);
}

static int list_zone(simdinet_error *error) {
    return list_call(__func__, "fe80::1%lo", "80", 0, AF_UNSPEC, 1, "fe80::1", error);
}

static int list_configured(simdinet_error *error) {
    return list_call(__func__, "many.test", "80", AI_ADDRCONFIG, AF_INET, fault_addresses,
                     "192.0.2.1", error);
}

/* Both loopback addresses, which the C library sorts with sockets. */
static int list_no_host(simdinet_error *error) {
    return list_call(__func__, NULL, "80", 0, AF_UNSPEC, 2, NULL, error);
}

static int list_deadline(simdinet_error *error) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list = before;
    int code = simdinet_getaddrinfo_deadline("many.test", "80", &hints, 60000, &list);
    return finish_list(__func__, code, list, fault_addresses, "192.0.2.1", error);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static int host_address(simdinet_error *error) {
    char text[SIMDINET_IPV4_TEXT_SIZE] = "before";
    int status = simdinet_gethostbyname("many.test", 9, text, error);
    fault_check(strcmp(text, status == SIMDINET_OK ? "192.0.2.1" : "before") == 0, "%s: %s",
                __func__, text);
    return status;
}

/* Checks a host, or that there is none; frees it. */
static void finish_host(const char *caller, int status, simdinet_hostent *host, size_t naliases,
                        size_t naddrs) {
    static simdinet_hostent none;
    if (status != SIMDINET_OK) {
        fault_check(host->name == none.name, "%s: the result is written", caller);
        return;
    }
    fault_check(strcmp(host->name, "many.test") == 0, "%s: %s", caller, host->name);
    fault_check(host->naliases == naliases && !host->aliases[naliases], "%s: %zu aliases", caller,
                host->naliases);
    fault_check(host->naddrs == naddrs && host->addrs[0][3] == 1, "%s: %zu addresses", caller,
                host->naddrs);
    simdinet_free(host);
}

static int host_by_name(simdinet_error *error) {
    simdinet_hostent none = {0}, *host = &none;
    int status = simdinet_gethostbyname_ex("many.test", 9, &host, error);
    finish_host(__func__, status, host, fault_addresses, fault_addresses);
    return status;
}

static int host_by_address(simdinet_error *error) {
    simdinet_hostent none = {0}, *host = &none;
    int status = simdinet_gethostbyaddr("192.0.2.1", SIMDINET_ZSTR, &host, error);
    finish_host(__func__, status, host, 1, 1);
    return status;
}

/* given: the name that is unchanged after a failed look-up. */
static int full_name_call(const char *caller, const char *s, size_t len, const char *given,
                          simdinet_error *error) {
    char text[64] = "before";
    size_t stored = 99;
    int status = simdinet_getfqdn(s, len, text, sizeof text, &stored, error);
    if (status != SIMDINET_OK) {
        fault_check(strcmp(text, "before") == 0 && stored == 99, "%s: %s", caller, text);
        return status;
    }
    fault_check(strcmp(text, "short.test") == 0 || (fault_keeps_names && strcmp(text, given) == 0),
                "%s: %s", caller, text);
    fault_check(stored == strlen(text), "%s: length %zu", caller, stored);
    return status;
}

static int full_name(simdinet_error *error) {
    return full_name_call(__func__, "192.0.2.200", SIMDINET_ZSTR, "192.0.2.200", error);
}

static int full_name_of_this_host(simdinet_error *error) {
    return full_name_call(__func__, NULL, 0, "short", error);
}

static int full_name_of_a_long_one(simdinet_error *error) {
    char name[400], text[512] = "before";
    memset(name, 'n', sizeof name);
    int status = simdinet_getfqdn(name, sizeof name, text, sizeof text, NULL, error);
    fault_check(strncmp(text, status == SIMDINET_OK ? name : "before", 6) == 0, "%s: %s", __func__,
                text);
    return status;
}

/* ---- services, protocols and names of addresses ---------------------------------------------- */

static int service_by_name_call(const char *caller, const char *name, size_t len, uint16_t expected,
                                simdinet_error *error) {
    uint16_t port = 1234;
    int status = simdinet_getservbyname(name, len, "tcp", 3, &port, error);
    fault_check(port == (status == SIMDINET_OK ? expected : 1234), "%s: %u", caller, port);
    return status;
}

static int service_by_name(simdinet_error *error) {
    return service_by_name_call(__func__, "alias", 5, 77, error);
}

/* A name that needs a heap copy for the C library, and that does not exist. */
static int service_by_long_name(simdinet_error *error) {
    static char name[4096];
    memset(name, 'n', sizeof name);
    int status = service_by_name_call(__func__, name, sizeof name, 0, error);
    return status == SIMDINET_E_NOTFOUND ? SIMDINET_OK : status;
}

static int service_by_port(simdinet_error *error) {
    char name[64] = "before";
    size_t len = 99;
    int status = simdinet_getservbyport(77, "tcp", 3, name, sizeof name, &len, error);
    bool good = status == SIMDINET_OK;
    fault_check(strcmp(name, good ? "named" : "before") == 0, "%s: %s", __func__, name);
    fault_check(len == (good ? 5 : 99), "%s: length %zu", __func__, len);
    return status;
}

static int protocol_by_name(simdinet_error *error) {
    int number = 1234;
    int status = simdinet_getprotobyname("PROTO", 5, &number, error);
    fault_check(number == (status == SIMDINET_OK ? 7 : 1234), "%s: %d", __func__, number);
    return status;
}

/* 0 without an entry would mean that the service does not exist. */
static int entry_error(const char *caller, int code, bool found, simdinet_error *error) {
    fault_check(found == (code == 0), "%s: returns %d", caller, code);
    if (code != 0)
        *error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = code};
    return code ? SIMDINET_E_ERRNO : SIMDINET_OK;
}

static int finish_service(const char *caller, int code, const struct servent *found,
                          simdinet_error *error) {
    if (found)
        fault_check(strcmp(found->s_name, "named") == 0 && found->s_port == htons(77) &&
                        strcmp(found->s_aliases[0], "alias") == 0 && !found->s_aliases[1],
                    "%s: %s", caller, found->s_name);
    return entry_error(caller, code, found != NULL, error);
}

static int service_entry_by_name(simdinet_error *error) {
    char buffer[1024];
    struct servent entry, *found = &entry;
    int code = simdinet_getservbyname_r("alias", "tcp", &entry, buffer, sizeof buffer, &found);
    return finish_service(__func__, code, found, error);
}

static int service_entry_by_port(simdinet_error *error) {
    char buffer[1024];
    struct servent entry, *found = &entry;
    int code = simdinet_getservbyport_r(htons(77), "tcp", &entry, buffer, sizeof buffer, &found);
    return finish_service(__func__, code, found, error);
}

static int protocol_entry(simdinet_error *error) {
    char buffer[1024];
    struct protoent entry, *found = &entry;
    int code = simdinet_getprotobyname_r("PROTO", &entry, buffer, sizeof buffer, &found);
    if (found)
        fault_check(strcmp(found->p_name, "proto") == 0 && found->p_proto == 7, "%s: %s", __func__,
                    found->p_name);
    return entry_error(__func__, code, found != NULL, error);
}

static int name_of_address(simdinet_error *error) {
    char host[64] = "before", service[64] = "before";
    int status = simdinet_getnameinfo_text("192.0.2.1", SIMDINET_ZSTR, 77, 2, 0, 0, NI_NUMERICHOST,
                                           host, sizeof host, service, sizeof service, error);
    bool good = status == SIMDINET_OK;
    fault_check(strcmp(host, good ? "192.0.2.1" : "before") == 0, "%s: %s", __func__, host);
    /* After a failed look-up a service is its number, as in glibc. */
    fault_check(strcmp(service, good ? "named" : "before") == 0 ||
                    (good && strcmp(service, "77") == 0),
                "%s: %s", __func__, service);
    return status;
}

static int name_required(simdinet_error *error) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64];
    simdinet_inet_pton(AF_INET, "192.0.2.200", &address.sin_addr);
    int code = simdinet_getnameinfo((const struct sockaddr *)&address, sizeof address, host,
                                    sizeof host, NULL, 0, NI_NAMEREQD);
    fault_check(code != 0 || strcmp(host, "short") == 0, "%s: %s", __func__, host);
    return posix_error(code, error);
}

/* ---- interfaces, this host, descriptors ------------------------------------------------------ */

static int errno_error(bool good, simdinet_error *error) {
    if (!good)
        *error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = errno};
    return good ? SIMDINET_OK : SIMDINET_E_ERRNO;
}

static int name_interfaces(simdinet_error *error) {
    struct if_nameindex *array = simdinet_if_nameindex();
    int status = errno_error(array != NULL, error);
    if (array) {
        fault_check(array[0].if_index == 1 && strcmp(array[0].if_name, "lo") == 0, "%s", __func__);
        fault_check(!array[1].if_name, "%s", __func__);
        simdinet_if_freenameindex(array);
    }
    return status;
}

static int index_interface(simdinet_error *error) {
    unsigned index = simdinet_if_nametoindex("lo");
    int status = errno_error(index != 0, error);
    fault_check(index <= 1, "%s: %u", __func__, index);
    return status;
}

static int name_interface(simdinet_error *error) {
    char name[IF_NAMESIZE];
    char *found = simdinet_if_indextoname(1, name);
    int status = errno_error(found != NULL, error);
    fault_check(!found || strcmp(name, "lo") == 0, "%s", __func__);
    return status;
}

static int name_host(simdinet_error *error) {
    char name[65];
    int status = errno_error(simdinet_gethostname(name, sizeof name) == 0, error);
    fault_check(status != SIMDINET_OK || strcmp(name, "short") == 0, "%s", __func__);
    return status;
}

static int rename_host(simdinet_error *error) {
    return errno_error(simdinet_sethostname("short", 5) == 0, error);
}

static bool is_timed(int fd) {
    struct timeval value = {0};
    socklen_t size = sizeof value;
    int flags = fcntl(fd, F_GETFL);
    return flags != -1 && flags & O_NONBLOCK &&
           getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, &size) == 0 && value.tv_sec == 2;
}

static int make_socket(simdinet_error *error) {
    simdinet_setdefaulttimeout(2.0, error);
    int fd = simdinet_socket(AF_INET, SOCK_DGRAM, 0, error);
    simdinet_setdefaulttimeout_none();
    if (fd < 0)
        return error->status;
    fault_is_paused = true;
    fault_check(is_timed(fd), "%s: not every timeout is set", __func__);
    close(fd);
    fault_is_paused = false;
    return SIMDINET_OK;
}

static int plain_socket(void) {
    fault_is_paused = true;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fault_is_paused = false;
    return fd;
}

static int time_socket(simdinet_error *error) {
    int fd = plain_socket();
    simdinet_setdefaulttimeout(2.0, error);
    int status = simdinet_applydefaulttimeout(fd, error);
    simdinet_setdefaulttimeout_none();
    fault_is_paused = true;
    fault_check(status != SIMDINET_OK || is_timed(fd), "%s: not every timeout is set", __func__);
    close(fd);
    fault_is_paused = false;
    return status;
}

/* The descriptor is closed even when close fails. */
static int close_socket(simdinet_error *error) {
    return simdinet_close(plain_socket(), error);
}

#define NO_MEMORY                                                                                  \
    { .status = SIMDINET_E_NOMEM, .sys_errno = ENOMEM }
#define NO_LIST                                                                                    \
    { .status = SIMDINET_E_GAI, .detail = EAI_MEMORY }
#define NO_INTERFACES                                                                              \
    { .status = SIMDINET_E_ERRNO, .sys_errno = ENOBUFS }
#define NO_ENTRY                                                                                   \
    { .status = SIMDINET_E_ERRNO, .sys_errno = ENOMEM }
#define TAKES_NONE                                                                                 \
    { .status = SIMDINET_OK }

const fault_call fault_calls[] = {
    {"getaddrinfo, numeric", list_numeric, NO_LIST},
    {"getaddrinfo, service", list_service, NO_LIST},
    {"getaddrinfo, name", list_name, NO_LIST},
    {"getaddrinfo, zone", list_zone, NO_LIST},
    {"getaddrinfo, AI_ADDRCONFIG", list_configured, NO_LIST},
    {"getaddrinfo, no host", list_no_host, NO_LIST},
    {"getaddrinfo_deadline", list_deadline, NO_LIST},
    {"gethostbyname", host_address, NO_MEMORY},
    {"gethostbyname_ex", host_by_name, NO_MEMORY},
    {"gethostbyaddr", host_by_address, NO_MEMORY},
    {"getfqdn", full_name, NO_MEMORY},
    {"getfqdn, this host", full_name_of_this_host, NO_MEMORY},
    {"getfqdn, long", full_name_of_a_long_one, NO_MEMORY},
    {"getservbyname", service_by_name, NO_MEMORY},
    {"getservbyname, long", service_by_long_name, NO_MEMORY},
    {"getservbyport", service_by_port, NO_MEMORY},
    {"getprotobyname", protocol_by_name, NO_MEMORY},
    {"getservbyname_r", service_entry_by_name, NO_ENTRY},
    {"getservbyport_r", service_entry_by_port, NO_ENTRY},
    {"getprotobyname_r", protocol_entry, NO_ENTRY},
    {"getnameinfo_text", name_of_address, NO_MEMORY},
    {"getnameinfo", name_required, NO_LIST},
    {"if_nameindex", name_interfaces, NO_INTERFACES},
    {"if_nametoindex", index_interface, TAKES_NONE},
    {"if_indextoname", name_interface, TAKES_NONE},
    {"gethostname", name_host, TAKES_NONE},
    {"sethostname", rename_host, TAKES_NONE},
    {"socket", make_socket, NO_MEMORY},
    {"applydefaulttimeout", time_socket, NO_MEMORY},
    {"close", close_socket, TAKES_NONE},
    {0},
};
