/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fake_libc.c - a library preloaded after the interposer, which takes it for the C library. It
 * returns the results of the C library with one detail changed, named by FAKE_LIBC_CHANGE in the
 * environment: the check mode of the interposer must report each.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE    __attribute__((visibility("default")))
#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

static bool changed(const char *detail) {
    const char *chosen = getenv("FAKE_LIBC_CHANGE");
    return chosen && strcmp(chosen, detail) == 0;
}

/* Before the interposer is initialized: one call that it handles, and one that it forwards. */
__attribute__((constructor)) static void begin(void) {
    struct in_addr in;
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    if (changed("early") && inet_pton(AF_INET, "192.0.2.1", &in) == 1 &&
        getaddrinfo("localhost", "80", &hints, &list) == 0)
        freeaddrinfo(list);
}

/* ---- inet_* ---------------------------------------------------------------------------------- */

VISIBLE int inet_pton(int af, const char *src, void *dst) {
    int code = REAL(inet_pton)(af, src, dst);
    if (changed("inet_pton code"))
        code = 1 - code;
    if (code == 1 && changed("inet_pton bytes"))
        ((unsigned char *)dst)[af == AF_INET ? 3 : 15] ^= 1;
    if (code < 0 && changed("inet_pton errno"))
        errno = EINVAL;
    return code;
}

VISIBLE const char *inet_ntop(int af, const void *src, char *dst, socklen_t size) {
    const char *text = REAL(inet_ntop)(af, src, dst, size);
    if (text && changed("inet_ntop text"))
        dst[strlen(dst) - 1] ^= 1;
    if (!text && changed("inet_ntop errno"))
        errno = EINVAL;
    return changed("inet_ntop refusal") ? NULL : text;
}

VISIBLE int inet_aton(const char *cp, struct in_addr *inp) {
    int code = REAL(inet_aton)(cp, inp);
    if (changed("inet_aton address"))
        inp->s_addr ^= 1;
    return changed("inet_aton code") ? !code : code;
}

VISIBLE in_addr_t inet_addr(const char *cp) {
    return REAL(inet_addr)(cp) ^ changed("inet_addr address");
}

VISIBLE char *inet_ntoa(struct in_addr in) {
    char *text = REAL(inet_ntoa)(in);
    if (changed("inet_ntoa text"))
        strcat(text, "0");
    return text;
}

/* ---- entries --------------------------------------------------------------------------------- */

static char other[] = "other";
static char *others[] = {other, NULL};

static int tell_of_service(int code, struct servent *entry, struct servent **result) {
    if (changed("getserv name"))
        entry->s_name = other;
    if (changed("getserv alias"))
        entry->s_aliases[0] = other;
    if (changed("getserv aliases"))
        entry->s_aliases++;
    if (changed("getserv port"))
        entry->s_port ^= 0x10000;
    if (changed("getserv proto"))
        entry->s_proto = other;
    if (changed("getserv none"))
        *result = NULL;
    if (changed("getserv errno"))
        errno = EINVAL;
    return code;
}

VISIBLE int getservbyname_r(const char *name, const char *proto, struct servent *entry, char *buf,
                            size_t buflen, struct servent **result) {
    int code = REAL(getservbyname_r)(name, proto, entry, buf, buflen, result);
    return code == 0 && *result ? tell_of_service(code, entry, result) : code;
}

VISIBLE int getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                            size_t buflen, struct servent **result) {
    int code = REAL(getservbyport_r)(port, proto, entry, buf, buflen, result);
    return code == 0 && *result ? tell_of_service(code, entry, result) : code;
}

VISIBLE int getprotobyname_r(const char *name, struct protoent *entry, char *buf, size_t buflen,
                             struct protoent **result) {
    int code = REAL(getprotobyname_r)(name, entry, buf, buflen, result);
    if (code != 0 || !*result)
        return code;
    if (changed("getproto name"))
        entry->p_name = other;
    if (changed("getproto aliases"))
        entry->p_aliases = others;
    if (changed("getproto number"))
        entry->p_proto++;
    if (changed("getproto none"))
        *result = NULL;
    return code;
}

/* ---- getnameinfo and getaddrinfo ------------------------------------------------------------- */

VISIBLE int getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                        char *serv, socklen_t servlen, int flags) {
    int code = REAL(getnameinfo)(sa, salen, host, hostlen, serv, servlen, flags);
    if (code == 0 && host && changed("getnameinfo host"))
        host[0] ^= 1;
    if (code == 0 && serv && changed("getnameinfo serv"))
        serv[0] ^= 1;
    return changed("getnameinfo code") ? EAI_FAIL : code;
}

VISIBLE int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                        struct addrinfo **res) {
    static int calls;
    int code = REAL(getaddrinfo)(node, service, hints, res);
    if (code != 0) {
        if (changed("getaddrinfo stored"))
            *res = NULL;
        return changed("getaddrinfo code") ? EAI_FAIL : code;
    }
    struct addrinfo *list = *res;
    if (changed("getaddrinfo flags"))
        list->ai_flags ^= 1;
    if (changed("getaddrinfo family"))
        list->ai_family++;
    if (changed("getaddrinfo socktype"))
        list->ai_socktype++;
    if (changed("getaddrinfo protocol"))
        list->ai_protocol++;
    if (changed("getaddrinfo addrlen"))
        list->ai_addrlen--;
    if (changed("getaddrinfo address"))
        list->ai_addr->sa_data[13] ^= 1;
    if (changed("getaddrinfo canonname"))
        list->ai_canonname[0] ^= 1;
    if (changed("getaddrinfo no canonname")) {
        free(list->ai_canonname);
        list->ai_canonname = NULL;
    }
    if (changed("getaddrinfo entries")) {
        freeaddrinfo(list->ai_next);
        list->ai_next = NULL;
    }
    /* Not an error: a name server that rotates its addresses. */
    if (++calls % 2 == 0 && changed("rotation"))
        list->ai_addr->sa_data[5] ^= 1;
    return code;
}
