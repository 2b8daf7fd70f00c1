/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A library to be preloaded after the drop-in, as the "C library" that this one asks: it answers as
 * the C library does but for the one detail that LIE in the environment names. A comparison that
 * does not notice is none.
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

static bool lie(const char *detail) {
    const char *wanted = getenv("LIE");
    return wanted && strcmp(wanted, detail) == 0;
}

/* Before the drop-in has been set up: one call that it answers, and one that it hands on. */
__attribute__((constructor)) static void begin(void) {
    struct in_addr in;
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    if (lie("early") && inet_pton(AF_INET, "192.0.2.1", &in) == 1 &&
        getaddrinfo("localhost", "80", &hints, &list) == 0)
        freeaddrinfo(list);
}

/* ---- inet_* ----------------------------------------------------------------------------------- */

VISIBLE int inet_pton(int af, const char *src, void *dst) {
    int code = REAL(inet_pton)(af, src, dst);
    if (lie("inet_pton code"))
        code = 1 - code;
    if (code == 1 && lie("inet_pton bytes"))
        ((unsigned char *)dst)[af == AF_INET ? 3 : 15] ^= 1;
    if (code < 0 && lie("inet_pton errno"))
        errno = EINVAL;
    return code;
}

VISIBLE const char *inet_ntop(int af, const void *src, char *dst, socklen_t size) {
    const char *text = REAL(inet_ntop)(af, src, dst, size);
    if (text && lie("inet_ntop text"))
        dst[strlen(dst) - 1] ^= 1;
    if (!text && lie("inet_ntop errno"))
        errno = EINVAL;
    return lie("inet_ntop refusal") ? NULL : text;
}

VISIBLE int inet_aton(const char *cp, struct in_addr *inp) {
    int code = REAL(inet_aton)(cp, inp);
    if (lie("inet_aton address"))
        inp->s_addr ^= 1;
    return lie("inet_aton code") ? !code : code;
}

VISIBLE in_addr_t inet_addr(const char *cp) {
    return REAL(inet_addr)(cp) ^ lie("inet_addr address");
}

VISIBLE char *inet_ntoa(struct in_addr in) {
    char *text = REAL(inet_ntoa)(in);
    if (lie("inet_ntoa text"))
        strcat(text, "0");
    return text;
}

/* ---- entries ---------------------------------------------------------------------------------- */

static char other[] = "other";
static char *others[] = {other, NULL};

static int tell_of_service(int code, struct servent *entry, struct servent **result) {
    if (lie("getserv name"))
        entry->s_name = other;
    if (lie("getserv alias"))
        entry->s_aliases[0] = other;
    if (lie("getserv aliases"))
        entry->s_aliases++;
    if (lie("getserv port"))
        entry->s_port ^= 0x10000;
    if (lie("getserv proto"))
        entry->s_proto = other;
    if (lie("getserv none"))
        *result = NULL;
    if (lie("getserv errno"))
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
    if (lie("getproto name"))
        entry->p_name = other;
    if (lie("getproto aliases"))
        entry->p_aliases = others;
    if (lie("getproto number"))
        entry->p_proto++;
    if (lie("getproto none"))
        *result = NULL;
    return code;
}

/* ---- getnameinfo and getaddrinfo -------------------------------------------------------------- */

VISIBLE int getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                        char *serv, socklen_t servlen, int flags) {
    int code = REAL(getnameinfo)(sa, salen, host, hostlen, serv, servlen, flags);
    if (code == 0 && host && lie("getnameinfo host"))
        host[0] ^= 1;
    if (code == 0 && serv && lie("getnameinfo serv"))
        serv[0] ^= 1;
    return lie("getnameinfo code") ? EAI_FAIL : code;
}

VISIBLE int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                        struct addrinfo **res) {
    static int calls;
    int code = REAL(getaddrinfo)(node, service, hints, res);
    if (code != 0) {
        if (lie("getaddrinfo stored"))
            *res = NULL;
        return lie("getaddrinfo code") ? EAI_FAIL : code;
    }
    struct addrinfo *list = *res;
    if (lie("getaddrinfo flags"))
        list->ai_flags ^= 1;
    if (lie("getaddrinfo family"))
        list->ai_family++;
    if (lie("getaddrinfo socktype"))
        list->ai_socktype++;
    if (lie("getaddrinfo protocol"))
        list->ai_protocol++;
    if (lie("getaddrinfo addrlen"))
        list->ai_addrlen--;
    if (lie("getaddrinfo address"))
        list->ai_addr->sa_data[13] ^= 1;
    if (lie("getaddrinfo canonname"))
        list->ai_canonname[0] ^= 1;
    if (lie("getaddrinfo no canonname")) {
        free(list->ai_canonname);
        list->ai_canonname = NULL;
    }
    if (lie("getaddrinfo entries")) {
        freeaddrinfo(list->ai_next);
        list->ai_next = NULL;
    }
    /* The only one that is no lie about simdinet: a name server that rotates its addresses. */
    if (++calls % 2 == 0 && lie("rotation"))
        list->ai_addr->sa_data[5] ^= 1;
    return code;
}
