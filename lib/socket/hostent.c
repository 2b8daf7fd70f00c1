/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * hostent.c - gethostbyname, gethostbyname_ex, gethostbyaddr and getfqdn, as Python defines them.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- one address for a name ------------------------------------------------------------------ */

typedef struct {
    int family;
    uint8_t bytes[16];
} host_address;

/* Addresses that need no lookup: "", "<broadcast>" and numeric ones. */
static bool literal_address(const char *name, int family, host_address *out) {
    if (*name == '\0' || strcmp(name, "<broadcast>") == 0) {
        out->family = AF_INET;
        memset(out->bytes, *name ? 0xff : 0, 4);
        return true;
    }
    if (simdinet_parse_ipv4_z(name, out->bytes)) {
        out->family = AF_INET;
        return true;
    }
    if (family == AF_UNSPEC && simdinet_parse_ipv6_z(name, out->bytes)) {
        out->family = AF_INET6;
        return true;
    }
    return false;
}

/* Resolves a name to its first address. family is AF_INET, or AF_UNSPEC for either. */
static int resolve_first(const char *name, int family, host_address *out, simdinet_error *error) {
    if (*name == '\0' && family == AF_UNSPEC)
        return simdinet_fail(error, SIMDINET_E_AMBIGUOUS);
    if (literal_address(name, family, out))
        return SIMDINET_OK;
    struct addrinfo hints = {.ai_family = family};
    struct addrinfo *list;
    int code = simdinet_getaddrinfo(name, NULL, &hints, &list);
    if (code != 0)
        return simdinet_fail_gai(error, code);
    out->family = list->ai_family;
    if (list->ai_family == AF_INET)
        memcpy(out->bytes, &((struct sockaddr_in *)(void *)list->ai_addr)->sin_addr, 4);
    else
        memcpy(out->bytes, &((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_addr, 16);
    simdinet_freeaddrinfo(list);
    return SIMDINET_OK;
}

static int init_host_name(simdinet_zstring *text, const char *s, size_t len,
                          simdinet_error *error) {
    return s ? simdinet_zstring_init(text, s, len, error) : simdinet_fail(error, SIMDINET_E_VALUE);
}

int simdinet_gethostbyname(const char *s, size_t len, char out[SIMDINET_IPV4_TEXT_SIZE],
                           simdinet_error *error) {
    simdinet_zstring name;
    host_address address;
    int status = init_host_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = resolve_first(name.z, AF_INET, &address, error);
    if (status == SIMDINET_OK)
        simdinet_format_ipv4(address.bytes, out);
    simdinet_zstring_free(&name);
    return status;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct {
    simdinet_hostent host; /* first: freeing it frees the block */
    const char *pointers[];
} host_block;

/* Copies a hostent to one block: struct, pointers to aliases and NULL, addresses, strings. */
static int hostent_pack(const struct hostent *from, simdinet_hostent **out, simdinet_error *error) {
    size_t naliases = 0, naddrs = 0, text = strlen(from->h_name) + 1;
    for (char **alias = from->h_aliases; *alias; alias++, naliases++)
        text += strlen(*alias) + 1;
    for (char **address = from->h_addr_list; *address; address++)
        naddrs++;
    host_block *block =
        malloc(sizeof *block + (naliases + 1) * sizeof block->pointers[0] + naddrs * 16 + text);
    if (!block)
        return simdinet_fail_memory(error);
    uint8_t(*addresses)[16] = (uint8_t(*)[16])(void *)(block->pointers + naliases + 1);
    char *cursor = (char *)(addresses + naddrs);
    block->host = (simdinet_hostent){
        .name = cursor,
        .naliases = naliases,
        .aliases = block->pointers,
        .family = from->h_addrtype,
        .naddrs = naddrs,
        .addrs = (const uint8_t(*)[16])addresses,
    };
    cursor = stpcpy(cursor, from->h_name) + 1;
    for (size_t i = 0; i < naliases; i++) {
        block->pointers[i] = cursor;
        cursor = stpcpy(cursor, from->h_aliases[i]) + 1;
    }
    block->pointers[naliases] = NULL;
    size_t length = from->h_addrtype == AF_INET ? 4 : 16;
    for (size_t i = 0; i < naddrs; i++) {
        memset(addresses[i], 0, 16);
        memcpy(addresses[i], from->h_addr_list[i], length);
    }
    *out = &block->host;
    return SIMDINET_OK;
}

/* ---- the C library --------------------------------------------------------------------------- */

/* Looks up the name if address is NULL, otherwise the address. */
static int hostent_lookup(const char *name, const host_address *address, simdinet_hostent **out,
                          simdinet_error *error) {
    char local[2048];
    char *buffer = local, *heap = NULL;
    size_t size = sizeof local;
    for (;;) {
        struct hostent host, *result = NULL;
        int herr = 0, code, saved_errno = simdinet_errno_save();
        if (address)
            code = gethostbyaddr_r(address->bytes, address->family == AF_INET ? 4 : 16,
                                   address->family, &host, buffer, size, &result, &herr);
        else
            code = gethostbyname2_r(name, AF_INET, &host, buffer, size, &result, &herr);
        int sys_errno = simdinet_errno_check(saved_errno);
        /* glibc then sets herr to NETDB_INTERNAL, which is negative; musl does not set it. */
        if (code == ERANGE && herr <= 0) {
            size *= 2;
            free(heap);
            buffer = heap = malloc(size);
            if (heap)
                continue;
            return simdinet_fail_memory(error);
        }
        int status;
        /* If memory runs out or a line of the hosts file cannot be read, glibc 2.36 can return 0
         * with an incomplete result; only herr is negative then. */
        bool incomplete = code == 0 && herr < 0;
        if (result && !incomplete)
            status = hostent_pack(result, out, error);
        else if (incomplete)
            status = simdinet_fail_memory(error);
        else if (sys_errno)
            status = simdinet_fail_errno(error, sys_errno);
        else if (herr < 0)
            status = simdinet_fail_errno(error, code);
        else
            status = simdinet_fail_herr(error, herr ? herr : HOST_NOT_FOUND);
        free(heap);
        return status;
    }
}

/* ---- hosts ----------------------------------------------------------------------------------- */

/* gethostbyname takes digits and dots as an address without a lookup, unless they end in a dot. */
static bool is_numeric_name(const char *name) {
    size_t len = strspn(name, "0123456789.");
    return *name >= '0' && *name <= '9' && name[len] == '\0' && name[len - 1] != '.';
}

static int hostent_from_numeric(const char *name, const host_address *address,
                                simdinet_hostent **out, simdinet_error *error) {
    char *aliases[] = {NULL};
    char *addresses[] = {(char *)(uintptr_t)address->bytes, NULL};
    struct hostent host = {
        .h_name = (char *)(uintptr_t)name,
        .h_aliases = aliases,
        .h_addrtype = AF_INET,
        .h_length = 4,
        .h_addr_list = addresses,
    };
    return hostent_pack(&host, out, error);
}

int simdinet_gethostbyname_ex(const char *s, size_t len, simdinet_hostent **out,
                              simdinet_error *error) {
    simdinet_zstring name;
    host_address address;
    int status = init_host_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = resolve_first(name.z, AF_INET, &address, error);
    if (status == SIMDINET_OK)
        status = is_numeric_name(name.z) ? hostent_from_numeric(name.z, &address, out, error)
                                         : hostent_lookup(name.z, NULL, out, error);
    simdinet_zstring_free(&name);
    return status;
}

static int hostent_by_text(const char *name, simdinet_hostent **out, simdinet_error *error) {
    host_address address;
    int status = resolve_first(name, AF_UNSPEC, &address, error);
    return status == SIMDINET_OK ? hostent_lookup(NULL, &address, out, error) : status;
}

int simdinet_gethostbyaddr(const char *s, size_t len, simdinet_hostent **out,
                           simdinet_error *error) {
    simdinet_zstring name;
    int status = init_host_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = hostent_by_text(name.z, out, error);
    simdinet_zstring_free(&name);
    return status;
}

/* ---- getfqdn --------------------------------------------------------------------------------- */

/* The ASCII characters that Python's str.strip removes. */
static bool is_python_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static const char *qualified_name(const simdinet_hostent *host) {
    if (strchr(host->name, '.'))
        return host->name;
    for (size_t i = 0; i < host->naliases; i++)
        if (strchr(host->aliases[i], '.'))
            return host->aliases[i];
    return host->name;
}

int simdinet_getfqdn(const char *s, size_t len, char *buf, size_t size, size_t *out_len,
                     simdinet_error *error) {
    char own[256];
    simdinet_zstring text;
    if (s && len == SIMDINET_ZSTR)
        len = strlen(s);
    if (!s)
        len = 0;
    for (; len > 0 && is_python_space(s[len - 1]); len--)
        ;
    for (; len > 0 && is_python_space(*s); len--)
        s++;
    int status = simdinet_zstring_init(&text, len > 0 ? s : "", len, error);
    if (status != SIMDINET_OK)
        return status;
    const char *name = text.z;
    if (*name == '\0' || strcmp(name, "0.0.0.0") == 0 || strcmp(name, "::") == 0) {
        name = own;
        if (simdinet_gethostname(own, sizeof own) != 0) {
            status = simdinet_fail_errno(error, errno);
            simdinet_zstring_free(&text);
            return status;
        }
    }
    simdinet_hostent *host = NULL;
    status = hostent_by_text(name, &host, NULL);
    if (status == SIMDINET_E_NOMEM) {
        status = simdinet_fail_memory(error);
    } else {
        const char *qualified = status == SIMDINET_OK ? qualified_name(host) : name;
        status = simdinet_store_text(qualified, strlen(qualified), buf, size, out_len, error);
    }
    simdinet_free(host);
    simdinet_zstring_free(&text);
    return status;
}
