/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cases_call.c - makes recorded calls through the C API.
 *
 * Where the C type of a parameter cannot represent an argument (a binary address of three bytes, a
 * NUL in a NUL-terminated text, a port that is not a number), the caller has to refuse it, as a
 * binding does. Such outcomes are marked and counted separately.
 */
#include "cases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- text and numbers ------------------------------------------------------------------------ */

static void call_order(const json_t *arguments, case_outcome *out,
                       int short_form(int64_t x, int legacy, uint16_t *result),
                       int long_form(int64_t x, int legacy, uint32_t *result)) {
    int64_t x;
    uint16_t small = 0;
    uint32_t large = 0;
    if (!case_number(json_array_get(arguments, 0), &x)) {
        case_refuse(out, SIMDINET_E_RANGE);
        return;
    }
    out->error.status = short_form ? short_form(x, 0, &small) : long_form(x, 0, &large);
    out->value = json_integer(short_form ? small : large);
}

static void call_htons(const json_t *arguments, case_outcome *out) {
    call_order(arguments, out, simdinet_htons_checked, NULL);
}

static void call_ntohs(const json_t *arguments, case_outcome *out) {
    call_order(arguments, out, simdinet_ntohs_checked, NULL);
}

static void call_htonl(const json_t *arguments, case_outcome *out) {
    call_order(arguments, out, NULL, simdinet_htonl_checked);
}

static void call_ntohl(const json_t *arguments, case_outcome *out) {
    call_order(arguments, out, NULL, simdinet_ntohl_checked);
}

static void call_cmsg(const json_t *arguments, case_outcome *out,
                      int function(int64_t n, size_t *result)) {
    int64_t n;
    size_t size = 0;
    if (!case_number(json_array_get(arguments, 0), &n)) {
        case_refuse(out, SIMDINET_E_RANGE);
        return;
    }
    out->error.status = function(n, &size);
    out->value = json_integer((json_int_t)size);
}

static void call_cmsg_len(const json_t *arguments, case_outcome *out) {
    call_cmsg(arguments, out, simdinet_cmsg_len);
}

static void call_cmsg_space(const json_t *arguments, case_outcome *out) {
    call_cmsg(arguments, out, simdinet_cmsg_space);
}

static void call_inet_aton(const json_t *arguments, case_outcome *out) {
    case_argument text = case_text(json_array_get(arguments, 0));
    struct in_addr address;
    if (case_has_nul(&text))
        case_refuse(out, SIMDINET_E_NUL);
    else if (simdinet_inet_aton(text.bytes, &address))
        out->value = case_hex(&address, sizeof address);
    else
        out->error.status = CASE_E_PARSE;
    free(text.bytes);
}

static void call_inet_ntoa(const json_t *arguments, case_outcome *out) {
    case_argument bytes = case_text(json_array_get(arguments, 0));
    struct in_addr address;
    char text[SIMDINET_IPV4_TEXT_SIZE];
    if (bytes.len == sizeof address) {
        memcpy(&address, bytes.bytes, sizeof address);
        out->error.status = simdinet_inet_ntoa(address, text);
        out->value = case_text_value(text);
    } else {
        case_refuse(out, CASE_E_LENGTH);
    }
    free(bytes.bytes);
}

static void call_inet_pton(const json_t *arguments, case_outcome *out) {
    case_argument text = case_text(json_array_get(arguments, 1));
    int family = case_int(arguments, 0);
    uint8_t address[16];
    if (case_has_nul(&text)) {
        case_refuse(out, SIMDINET_E_NUL);
    } else {
        int result = simdinet_inet_pton(family, text.bytes, address);
        if (result == 1)
            out->value = case_hex(address, family == AF_INET ? 4 : 16);
        else if (result == 0)
            out->error.status = CASE_E_PARSE;
        else
            out->error = (simdinet_error){.status = CASE_E_FAMILY, .sys_errno = errno};
    }
    free(text.bytes);
}

static void call_inet_ntop(const json_t *arguments, case_outcome *out) {
    case_argument bytes = case_text(json_array_get(arguments, 1));
    int family = case_int(arguments, 0);
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t size = family == AF_INET ? 4 : family == AF_INET6 ? 16 : bytes.len;
    if (bytes.len != size)
        case_refuse(out, CASE_E_LENGTH);
    else if (simdinet_inet_ntop(family, bytes.bytes, text, sizeof text))
        out->value = case_text_value(text);
    else
        out->error.status = errno == EAFNOSUPPORT ? CASE_E_FAMILY : SIMDINET_E_ERRNO;
    free(bytes.bytes);
}

/* ---- names ----------------------------------------------------------------------------------- */

static void call_getaddrinfo(const json_t *arguments, case_outcome *out) {
    case_argument host = case_text(json_array_get(arguments, 0));
    const json_t *port = json_array_get(arguments, 1);
    case_argument service = case_text(port);
    char number[24];
    int64_t value;
    struct addrinfo hints = {
        .ai_family = case_int(arguments, 2),
        .ai_socktype = case_int(arguments, 3),
        .ai_protocol = case_int(arguments, 4),
        .ai_flags = case_int(arguments, 5),
    };
    struct addrinfo *list;
    if (case_has_nul(&host) || case_has_nul(&service)) {
        case_refuse(out, SIMDINET_E_NUL);
    } else if (host.other || json_is_boolean(port) || json_is_real(port)) {
        case_refuse(out, SIMDINET_E_VALUE);
    } else if (service.other && !case_number(port, &value)) {
        case_refuse(out, SIMDINET_E_RANGE);
    } else {
        if (service.other)
            snprintf(number, sizeof number, "%lld", (long long)value);
        int code =
            simdinet_getaddrinfo(host.bytes, service.other ? number : service.bytes, &hints, &list);
        if (code == 0) {
            out->value = case_list(list);
            simdinet_freeaddrinfo(list);
        } else {
            out->error = (simdinet_error){.status = SIMDINET_E_GAI, .detail = code};
        }
    }
    free(host.bytes);
    free(service.bytes);
}

static void call_getnameinfo(const json_t *arguments, case_outcome *out) {
    const json_t *tuple = json_object_get(json_array_get(arguments, 0), "$tuple");
    case_argument text = case_text(json_array_get(tuple, 0));
    int64_t port, flowinfo = 0, scope = 0;
    char host[NI_MAXHOST], service[NI_MAXSERV];
    case_number(json_array_get(tuple, 1), &port);
    if (json_array_size(tuple) > 2)
        case_number(json_array_get(tuple, 2), &flowinfo);
    if (json_array_size(tuple) > 3)
        case_number(json_array_get(tuple, 3), &scope);
    simdinet_getnameinfo_text(text.bytes, text.len, port, (int)json_array_size(tuple),
                              (uint32_t)flowinfo, (uint32_t)scope, case_int(arguments, 1), host,
                              sizeof host, service, sizeof service, &out->error);
    if (out->error.status == SIMDINET_OK)
        out->value = json_pack("[s,s]", host, service);
    free(text.bytes);
}

static void call_gethostbyname(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    char text[SIMDINET_IPV4_TEXT_SIZE];
    if (simdinet_gethostbyname(name.bytes, name.len, text, &out->error) == SIMDINET_OK)
        out->value = case_text_value(text);
    free(name.bytes);
}

static void call_host(const json_t *arguments, case_outcome *out,
                      int function(const char *s, size_t len, simdinet_hostent **result,
                                   simdinet_error *error)) {
    case_argument name = case_text(json_array_get(arguments, 0));
    simdinet_hostent *host;
    if (function(name.bytes, name.len, &host, &out->error) == SIMDINET_OK) {
        out->value = case_host(host);
        simdinet_free(host);
    }
    free(name.bytes);
}

static void call_gethostbyname_ex(const json_t *arguments, case_outcome *out) {
    call_host(arguments, out, simdinet_gethostbyname_ex);
}

static void call_gethostbyaddr(const json_t *arguments, case_outcome *out) {
    call_host(arguments, out, simdinet_gethostbyaddr);
}

static void call_getfqdn(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    char text[NI_MAXHOST];
    if (simdinet_getfqdn(name.bytes, name.len, text, sizeof text, NULL, &out->error) == SIMDINET_OK)
        out->value = case_text_value(text);
    free(name.bytes);
}

static void call_getservbyname(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    case_argument proto = case_text(json_array_get(arguments, 1));
    uint16_t port;
    if (simdinet_getservbyname(name.bytes, name.len, proto.bytes, proto.len, &port, &out->error) ==
        SIMDINET_OK)
        out->value = json_integer(port);
    free(name.bytes);
    free(proto.bytes);
}

static void call_getservbyport(const json_t *arguments, case_outcome *out) {
    case_argument proto = case_text(json_array_get(arguments, 1));
    int64_t port;
    char name[256];
    if (!case_number(json_array_get(arguments, 0), &port))
        case_refuse(out, SIMDINET_E_RANGE);
    else if (simdinet_getservbyport(port, proto.bytes, proto.len, name, sizeof name, NULL,
                                    &out->error) == SIMDINET_OK)
        out->value = case_text_value(name);
    free(proto.bytes);
}

static void call_getprotobyname(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    int number;
    if (simdinet_getprotobyname(name.bytes, name.len, &number, &out->error) == SIMDINET_OK)
        out->value = json_integer(number);
    free(name.bytes);
}

/* ---- interfaces and this host ---------------------------------------------------------------- */

static void call_if_nametoindex(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    unsigned index = 0;
    if (case_has_nul(&name))
        case_refuse(out, SIMDINET_E_NUL);
    else if ((index = simdinet_if_nametoindex(name.bytes)) != 0)
        out->value = json_integer(index);
    else
        out->error.status = SIMDINET_E_NOTFOUND;
    free(name.bytes);
}

static void call_if_indextoname(const json_t *arguments, case_outcome *out) {
    int64_t index;
    char name[IF_NAMESIZE];
    if (!case_number(json_array_get(arguments, 0), &index) || index < 0 || index > UINT32_MAX)
        case_refuse(out, SIMDINET_E_RANGE);
    else if (simdinet_if_indextoname((unsigned)index, name))
        out->value = case_text_value(name);
    else
        case_fail_errno(out);
}

static void call_if_nameindex(const json_t *arguments, case_outcome *out) {
    (void)arguments;
    struct if_nameindex *array = simdinet_if_nameindex();
    if (!array) {
        case_fail_errno(out);
        return;
    }
    out->value = json_array();
    for (struct if_nameindex *entry = array; entry->if_name; entry++)
        json_array_append_new(out->value, json_pack("[i,s]", entry->if_index, entry->if_name));
    simdinet_if_freenameindex(array);
}

static void call_gethostname(const json_t *arguments, case_outcome *out) {
    (void)arguments;
    char name[65];
    if (simdinet_gethostname(name, sizeof name) == 0)
        out->value = case_text_value(name);
    else
        case_fail_errno(out);
}

static void call_sethostname(const json_t *arguments, case_outcome *out) {
    case_argument name = case_text(json_array_get(arguments, 0));
    if (!name.is_bytes && case_has_nul(&name))
        case_refuse(out, SIMDINET_E_NUL); /* valid in bytes, but not in text */
    else if (simdinet_sethostname(name.bytes, name.len) == 0)
        call_gethostname(arguments, out);
    else
        case_fail_errno(out);
    free(name.bytes);
}

/* ---- functions ------------------------------------------------------------------------------- */

bool case_call(const json_t *test, case_outcome *out) {
    static const struct {
        const char *name;
        void (*call)(const json_t *arguments, case_outcome *out);
    } calls[] = {
        {"close", case_call_close},
        {"getaddrinfo", call_getaddrinfo},
        {"getfqdn", call_getfqdn},
        {"gethostbyname", call_gethostbyname},
        {"gethostbyname_ex", call_gethostbyname_ex},
        {"gethostname", call_gethostname},
        {"gethostbyaddr", call_gethostbyaddr},
        {"getnameinfo", call_getnameinfo},
        {"getprotobyname", call_getprotobyname},
        {"getservbyname", call_getservbyname},
        {"getservbyport", call_getservbyport},
        {"ntohl", call_ntohl},
        {"ntohs", call_ntohs},
        {"htonl", call_htonl},
        {"htons", call_htons},
        {"inet_aton", call_inet_aton},
        {"inet_ntoa", call_inet_ntoa},
        {"inet_pton", call_inet_pton},
        {"inet_ntop", call_inet_ntop},
        {"CMSG_LEN", call_cmsg_len},
        {"CMSG_SPACE", call_cmsg_space},
        {"getdefaulttimeout", case_call_getdefaulttimeout},
        {"sethostname", call_sethostname},
        {"if_nameindex", call_if_nameindex},
        {"if_nametoindex", call_if_nametoindex},
        {"if_indextoname", call_if_indextoname},
    };
    const char *name = json_string_value(json_object_get(test, "fn"));
    const json_t *arguments = json_object_get(test, "args");
    *out = (case_outcome){0};
    if (strcmp(name, "setdefaulttimeout") == 0) {
        case_call_setdefaulttimeout(test, arguments, out);
        return true;
    }
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strcmp(name, calls[i].name) == 0) {
            calls[i].call(arguments, out);
            return true;
        }
    return false;
}
