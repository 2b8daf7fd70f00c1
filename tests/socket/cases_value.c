/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cases_value.c - converts recorded arguments and results between JSON and C.
 */
#include "cases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ------------------------------------------------------------------------------- */

static unsigned hex_value(char c) {
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

case_argument case_text(const json_t *value) {
    case_argument text = {0};
    if (!value || json_is_null(value))
        return text;
    const json_t *hex = json_object_get(value, "$hex");
    if (!hex)
        hex = json_object_get(value, "$bytearray");
    if (hex) {
        const char *digits = json_string_value(hex);
        text.len = json_string_length(hex) / 2;
        text.bytes = malloc(text.len + 1);
        text.is_bytes = true;
        for (size_t i = 0; i < text.len; i++)
            text.bytes[i] = (char)(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
    } else if (json_is_string(value)) {
        text.len = json_string_length(value);
        text.bytes = malloc(text.len + 1);
        memcpy(text.bytes, json_string_value(value), text.len);
    } else {
        text.other = true;
        return text;
    }
    text.bytes[text.len] = '\0';
    return text;
}

bool case_has_nul(const case_argument *text) {
    return text->bytes && memchr(text->bytes, '\0', text->len);
}

/* False: outside int64_t, or not a number. */
bool case_number(const json_t *value, int64_t *out) {
    const json_t *digits = json_object_get(value, "$int");
    if (digits) {
        errno = 0;
        *out = strtoll(json_string_value(digits), NULL, 10);
        return errno == 0;
    }
    *out = json_is_boolean(value) ? json_is_true(value) : json_integer_value(value);
    return json_is_integer(value) || json_is_boolean(value);
}

int case_int(const json_t *arguments, size_t index) {
    return (int)json_integer_value(json_array_get(arguments, index));
}

double case_double(const json_t *value) {
    const json_t *word = json_object_get(value, "$float");
    if (!word)
        word = json_object_get(value, "$int");
    return word ? strtod(json_string_value(word), NULL) : json_number_value(value);
}

/* ---- results --------------------------------------------------------------------------------- */

void case_refuse(case_outcome *out, int status) {
    out->error.status = status;
    out->by_type = true;
}

json_t *case_text_value(const char *text) {
    return json_stringn_nocheck(text, strlen(text));
}

json_t *case_hex(const void *bytes, size_t len) {
    char digits[33];
    for (size_t i = 0; i < len; i++)
        snprintf(digits + 2 * i, 3, "%02x", ((const uint8_t *)bytes)[i]);
    return json_pack("{s:s}", "$hex", digits);
}

json_t *case_address(int family, const void *address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    return case_text_value(simdinet_inet_ntop(family, address, text, sizeof text));
}

json_t *case_list(const struct addrinfo *list) {
    json_t *entries = json_array();
    for (; list; list = list->ai_next) {
        json_t *address = json_array();
        if (list->ai_family == AF_INET) {
            const struct sockaddr_in *in = (const void *)list->ai_addr;
            json_array_append_new(address, case_address(AF_INET, &in->sin_addr));
            json_array_append_new(address, json_integer(simdinet_ntohs(in->sin_port)));
        } else {
            const struct sockaddr_in6 *in6 = (const void *)list->ai_addr;
            json_array_append_new(address, case_address(AF_INET6, &in6->sin6_addr));
            json_array_append_new(address, json_integer(simdinet_ntohs(in6->sin6_port)));
            json_array_append_new(address, json_integer(simdinet_ntohl(in6->sin6_flowinfo)));
            json_array_append_new(address, json_integer(in6->sin6_scope_id));
        }
        json_array_append_new(
            entries, json_pack("[i,i,i,s,o]", list->ai_family, list->ai_socktype, list->ai_protocol,
                               list->ai_canonname ? list->ai_canonname : "", address));
    }
    return entries;
}

json_t *case_host(const simdinet_hostent *host) {
    json_t *aliases = json_array(), *addresses = json_array();
    for (size_t i = 0; i < host->naliases; i++)
        json_array_append_new(aliases, case_text_value(host->aliases[i]));
    for (size_t i = 0; i < host->naddrs; i++)
        json_array_append_new(addresses, case_address(host->family, host->addrs[i]));
    return json_pack("[s,o,o]", host->name, aliases, addresses);
}

json_t *case_timeout(void) {
    double seconds;
    return simdinet_getdefaulttimeout(&seconds) ? json_real(seconds) : json_null();
}

void case_fail_errno(case_outcome *out) {
    out->error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = errno};
}
