/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * hostent.c - gethostbyname, gethostbyname_ex, gethostbyaddr and getfqdn, as Python defines them.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- one address for a name ------------------------------------------------------------------- */

typedef struct {
    int family;
    uint8_t bytes[16];
} host_address;

/* The addresses that are known without asking: of no name, of all hosts, and those written out. */
static bool known_address(const char *name, int family, host_address *out) {
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

/* The first address of a name. family is AF_INET, or AF_UNSPEC for either. */
static int first_address(const char *name, int family, host_address *out, simdinet_error *error) {
    if (*name == '\0' && family == AF_UNSPEC)
        return simdinet_fail(error, SIMDINET_E_AMBIGUOUS);
    if (known_address(name, family, out))
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

static int open_name(simdinet_text *text, const char *s, size_t len, simdinet_error *error) {
    return s ? simdinet_text_open(text, s, len, error) : simdinet_fail(error, SIMDINET_E_VALUE);
}

int simdinet_gethostbyname(const char *s, size_t len, char out[SIMDINET_IPV4_TEXT_SIZE],
                           simdinet_error *error) {
    simdinet_text name;
    host_address address;
    int status = open_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = first_address(name.z, AF_INET, &address, error);
    if (status == SIMDINET_OK)
        simdinet_format_ipv4(address.bytes, out);
    simdinet_text_close(&name);
    return status;
}

/* ---- blocks ----------------------------------------------------------------------------------- */

typedef struct {
    simdinet_hostent host; /* first, so that the block is freed by it */
    const char *pointers[];
} host_block;

/* The struct, the aliases and their NULL, the addresses, and the texts, one behind the other. */
static int pack(const struct hostent *from, simdinet_hostent **out, simdinet_error *error) {
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

/* ---- the C library ---------------------------------------------------------------------------- */

/* Looks a name up when address is NULL, else the address; packs the answer. */
static int look_up(const char *name, const host_address *address, simdinet_hostent **out,
                   simdinet_error *error) {
    char room[2048];
    char *buffer = room, *heap = NULL;
    size_t size = sizeof room;
    for (;;) {
        struct hostent host, *result = NULL;
        int reason = 0, code, kept = simdinet_errno_save();
        if (address)
            code = gethostbyaddr_r(address->bytes, address->family == AF_INET ? 4 : 16,
                                   address->family, &host, buffer, size, &result, &reason);
        else
            code = gethostbyname2_r(name, AF_INET, &host, buffer, size, &result, &reason);
        int trouble = simdinet_errno_check(kept);
        /* The reason is then NETDB_INTERNAL, which is negative; musl gives none. */
        if (code == ERANGE && reason <= 0) {
            size *= 2;
            free(heap);
            buffer = heap = malloc(size);
            if (heap)
                continue;
            return simdinet_fail_memory(error);
        }
        int status;
        /* When memory is short, or else a line of the hosts file cannot be read, glibc 2.36 can return
         * 0 and an unfinished result; only the reason tells. */
        bool unfinished = code == 0 && reason < 0;
        if (result && !unfinished)
            status = pack(result, out, error);
        else if (unfinished)
            status = simdinet_fail_memory(error);
        else if (trouble)
            status = simdinet_fail_errno(error, trouble);
        else if (reason < 0)
            status = simdinet_fail_errno(error, code);
        else
            status = simdinet_fail_herr(error, reason ? reason : HOST_NOT_FOUND);
        free(heap);
        return status;
    }
}

/* ---- hosts ------------------------------------------------------------------------------------ */

/* Digits and dots are an address to gethostbyname too, whatever the name service says; but a dot at
 * the end makes a name of them. */
static bool is_dotted(const char *name) {
    size_t len = strspn(name, "0123456789.");
    return *name >= '0' && *name <= '9' && name[len] == '\0' && name[len - 1] != '.';
}

static int pack_dotted(const char *name, const host_address *address, simdinet_hostent **out,
                       simdinet_error *error) {
    char *aliases[] = {NULL};
    char *addresses[] = {(char *)(uintptr_t)address->bytes, NULL};
    struct hostent host = {
        .h_name = (char *)(uintptr_t)name,
        .h_aliases = aliases,
        .h_addrtype = AF_INET,
        .h_length = 4,
        .h_addr_list = addresses,
    };
    return pack(&host, out, error);
}

int simdinet_gethostbyname_ex(const char *s, size_t len, simdinet_hostent **out,
                              simdinet_error *error) {
    simdinet_text name;
    host_address address;
    int status = open_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = first_address(name.z, AF_INET, &address, error);
    if (status == SIMDINET_OK)
        status = is_dotted(name.z) ? pack_dotted(name.z, &address, out, error)
                                   : look_up(name.z, NULL, out, error);
    simdinet_text_close(&name);
    return status;
}

static int host_by_text(const char *name, simdinet_hostent **out, simdinet_error *error) {
    host_address address;
    int status = first_address(name, AF_UNSPEC, &address, error);
    return status == SIMDINET_OK ? look_up(NULL, &address, out, error) : status;
}

int simdinet_gethostbyaddr(const char *s, size_t len, simdinet_hostent **out,
                           simdinet_error *error) {
    simdinet_text name;
    int status = open_name(&name, s, len, error);
    if (status != SIMDINET_OK)
        return status;
    status = host_by_text(name.z, out, error);
    simdinet_text_close(&name);
    return status;
}

/* ---- getfqdn ---------------------------------------------------------------------------------- */

/* What Python's str.strip takes off within ASCII. */
static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static const char *full_name(const simdinet_hostent *host) {
    if (strchr(host->name, '.'))
        return host->name;
    for (size_t i = 0; i < host->naliases; i++)
        if (strchr(host->aliases[i], '.'))
            return host->aliases[i];
    return host->name;
}

int simdinet_getfqdn(const char *s, size_t len, char *buf, size_t cap, size_t *outlen,
                     simdinet_error *error) {
    char own[256];
    simdinet_text text;
    if (s && len == SIMDINET_ZSTR)
        len = strlen(s);
    if (!s)
        len = 0;
    for (; len > 0 && is_blank(s[len - 1]); len--)
        ;
    for (; len > 0 && is_blank(*s); len--)
        s++;
    int status = simdinet_text_open(&text, len > 0 ? s : "", len, error);
    if (status != SIMDINET_OK)
        return status;
    const char *name = text.z;
    if (*name == '\0' || strcmp(name, "0.0.0.0") == 0 || strcmp(name, "::") == 0) {
        name = own;
        if (simdinet_gethostname(own, sizeof own) != 0) {
            status = simdinet_fail_errno(error, errno);
            simdinet_text_close(&text);
            return status;
        }
    }
    simdinet_hostent *host = NULL;
    status = host_by_text(name, &host, NULL);
    if (status == SIMDINET_E_NOMEM) {
        status = simdinet_fail_memory(error);
    } else {
        const char *full = status == SIMDINET_OK ? full_name(host) : name;
        status = simdinet_text_store(full, strlen(full), buf, cap, outlen, error);
    }
    simdinet_free(host);
    simdinet_text_close(&text);
    return status;
}
