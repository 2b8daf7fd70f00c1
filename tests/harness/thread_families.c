/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * thread_families.c - checks for every section of the public headers.
 */
#include "thread_families.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "harness/lines.h"
#include "simdinet.h"
#include "simdinet_socket.h"

enum { COUNT = 300, BITS = (COUNT + 7) / 8 };

/* Alternating addresses of both families, and all of them as one text, with and without line
 * ends. */
static struct {
    char texts[COUNT][SIMDINET_IPV6_TEXT_SIZE];
    const char *pointers[COUNT];
    size_t lengths[COUNT];
    uint8_t addresses[COUNT][16]; /* IPv4 as ::ffff:a.b.c.d */
    uint8_t families[BITS];
    char column[COUNT * SIMDINET_IPV6_TEXT_SIZE], lines[COUNT * SIMDINET_IPV6_TEXT_SIZE];
    int32_t offsets[COUNT + 1];
    size_t lines_len;
    bool has_services, has_protocols;
} corpus;

static bool is_ipv6(size_t i) {
    return i % 2 == 1;
}

static bool file_exists(const char *path) {
    FILE *file = fopen(path, "r");
    if (file)
        fclose(file);
    return file != NULL;
}

void thread_families_prepare(void) {
    char *line = corpus.lines;
    for (size_t i = 0; i < COUNT; i++) {
        uint8_t *address = corpus.addresses[i];
        unsigned high = (unsigned)i / 256, low = (unsigned)i % 256;
        if (is_ipv6(i)) {
            sprintf(corpus.texts[i], "2001:db8::%x", (unsigned)i);
            memcpy(address, "\x20\x01\x0d\xb8", 4);
            address[14] = (uint8_t)high;
            address[15] = (uint8_t)low;
            corpus.families[i / 8] |= (uint8_t)(1u << i % 8);
        } else {
            sprintf(corpus.texts[i], "10.%u.%u.7", high, low);
            memcpy(address + 10, "\xff\xff\x0a", 3);
            address[13] = (uint8_t)high;
            address[14] = (uint8_t)low;
            address[15] = 7;
        }
        size_t len = strlen(corpus.texts[i]);
        corpus.pointers[i] = corpus.texts[i];
        corpus.lengths[i] = len;
        corpus.offsets[i + 1] = corpus.offsets[i] + (int32_t)len;
        memcpy(corpus.column + corpus.offsets[i], corpus.texts[i], len);
        line += sprintf(line, "%s\n", corpus.texts[i]);
    }
    corpus.lines_len = (size_t)(line - corpus.lines);
    corpus.has_services = file_exists("/etc/services");
    corpus.has_protocols = file_exists("/etc/protocols");
}

/* ---- the address engine ---------------------------------------------------------------------- */

static bool one_address(void) {
    for (size_t i = 0; i < COUNT; i++) {
        const char *text = corpus.texts[i];
        const uint8_t *expected = corpus.addresses[i] + (is_ipv6(i) ? 0 : 12);
        size_t len = corpus.lengths[i], size = is_ipv6(i) ? 16 : 4, at;
        char out[SIMDINET_IPV6_TEXT_SIZE];
        uint8_t address[16], again[16];
        bool good = is_ipv6(i) ? simdinet_parse_ipv6(text, len, address) &&
                                     simdinet_parse_ipv6_z(text, again) &&
                                     !simdinet_parse_ipv4(text, len, again) &&
                                     simdinet_format_ipv6(address, out) == len &&
                                     simdinet_explain_ipv6(text, len, &at) == SIMDINET_REASON_NONE
                               : simdinet_parse_ipv4(text, len, address) &&
                                     simdinet_parse_ipv4_z(text, again) &&
                                     !simdinet_parse_ipv6(text, len, again) &&
                                     simdinet_format_ipv4(address, out) == len &&
                                     simdinet_explain_ipv4(text, len, &at) == SIMDINET_REASON_NONE;
        if (!good || at != len || strcmp(out, text) != 0 || memcmp(address, expected, size) != 0 ||
            memcmp(again, expected, size) != 0)
            return false;
    }
    return true;
}

static bool column_matches(size_t valid, const uint8_t out[][16], const uint8_t *bits,
                           const uint8_t *families) {
    for (size_t i = 0; i < COUNT; i++)
        if (!(bits[i / 8] >> i % 8 & 1))
            return false;
    return valid == COUNT && memcmp(out, corpus.addresses, sizeof corpus.addresses) == 0 &&
           memcmp(families, corpus.families, BITS) == 0;
}

static bool columns_read(void) {
    uint8_t out[COUNT][16], valid[BITS], families[BITS], reasons[COUNT];
    uint32_t positions[COUNT];
    size_t count = simdinet_parse_mixed_column(corpus.column, corpus.offsets, COUNT, NULL, out[0],
                                               valid, families);
    if (!column_matches(count, (const uint8_t(*)[16])out, valid, families))
        return false;
    simdinet_explain_mixed_column(corpus.column, corpus.offsets, COUNT, NULL, valid, reasons,
                                  positions);
    for (size_t i = 0; i < COUNT; i++)
        if (reasons[i] != SIMDINET_REASON_NONE)
            return false;
    count = simdinet_parse_mixed_pointers(corpus.pointers, corpus.lengths, COUNT, NULL, out[0],
                                          valid, families);
    return column_matches(count, (const uint8_t(*)[16])out, valid, families);
}

static bool lines_read(void) {
    uint8_t out[COUNT][16], valid[BITS], families[BITS];
    lines_result done =
        parse_mixed_lines(corpus.lines, corpus.lines_len, 0, COUNT, out[0], valid, families);
    return done.n == COUNT && done.consumed == corpus.lines_len &&
           column_matches(done.n_valid, (const uint8_t(*)[16])out, valid, families);
}

static bool scanned(void) {
    simdinet_match matches[COUNT];
    size_t count;
    size_t end = simdinet_scan(corpus.lines, 0, corpus.lines_len, 0, matches,
                               sizeof(simdinet_match), COUNT, &count);
    if (end != corpus.lines_len || count != COUNT)
        return false;
    for (size_t i = 0; i < COUNT; i++)
        if (matches[i].family != (is_ipv6(i) ? 6 : 4) || matches[i].length != corpus.lengths[i] ||
            memcmp(matches[i].address, corpus.addresses[i] + (is_ipv6(i) ? 0 : 12),
                   is_ipv6(i) ? 16 : 4) != 0)
            return false;
    return true;
}

static bool columns_written(void) {
    char text[SIMDINET_MIXED_LINES_SIZE(COUNT)];
    int32_t offsets[COUNT + 1];
    size_t len;
    size_t done = simdinet_format_mixed_lines(corpus.addresses[0], corpus.families, COUNT, '\n',
                                              text, sizeof text, &len);
    if (done != COUNT || len != corpus.lines_len || memcmp(text, corpus.lines, len) != 0)
        return false;
    done = simdinet_format_mixed_column(corpus.addresses[0], corpus.families, NULL, COUNT, text,
                                        sizeof text, offsets);
    return done == COUNT && memcmp(offsets, corpus.offsets, sizeof offsets) == 0 &&
           memcmp(text, corpus.column, (size_t)offsets[COUNT]) == 0;
}

static bool arrays_swapped(void) {
    uint16_t half[COUNT];
    uint32_t word[COUNT];
    uint64_t pair[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        half[i] = (uint16_t)i;
        word[i] = (uint32_t)i;
        pair[i] = i;
    }
    simdinet_swap16(half, half, COUNT);
    simdinet_htonl_array(word, word, COUNT);
    simdinet_swap64(pair, pair, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        if (half[i] != __builtin_bswap16((uint16_t)i) || word[i] != htonl((uint32_t)i) ||
            pair[i] != __builtin_bswap64(i))
            return false;
    return true;
}

static bool kernels_described(void) {
    simdinet_implementation_info impl;
    size_t n = 0;
    for (; simdinet_describe_implementation(n, &impl, sizeof impl); n++)
        if (impl.active && !impl.supported)
            return false;
    return n > 0 && *simdinet_active_implementation() && *simdinet_version();
}

/* ---- the socket functions -------------------------------------------------------------------- */

static bool addresses_converted(void) {
    struct in_addr ipv4;
    uint8_t ipv6[16];
    char text[INET6_ADDRSTRLEN];
    uint16_t port;
    size_t size;
    return simdinet_inet_aton("0x7f.1", &ipv4) == 1 && ipv4.s_addr == htonl(0x7f000001) &&
           simdinet_inet_ntoa(ipv4, text) == SIMDINET_OK && strcmp(text, "127.0.0.1") == 0 &&
           simdinet_inet_pton(AF_INET6, "2001:DB8::1", ipv6) == 1 &&
           simdinet_inet_ntop(AF_INET6, ipv6, text, sizeof text) == text &&
           strcmp(text, "2001:db8::1") == 0 &&
           simdinet_htons_checked(80, 0, &port) == SIMDINET_OK && port == htons(80) &&
           simdinet_htonl(1) == htonl(1) && simdinet_cmsg_len(4, &size) == SIMDINET_OK &&
           size == CMSG_LEN(4);
}

static bool numbers_resolved(void) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    char text[SIMDINET_IPV4_TEXT_SIZE], host[64], service[64];
    if (simdinet_getaddrinfo("192.0.2.1", "80", &hints, &list) != 0)
        return false;
    bool good = list->ai_family == AF_INET && !list->ai_next;
    simdinet_freeaddrinfo(list);
    return good && simdinet_gethostbyname("127.1", 5, text, NULL) == SIMDINET_OK &&
           strcmp(text, "127.0.0.1") == 0 &&
           simdinet_getnameinfo_text("2001:db8::1", 11, 80, 2, 0, 0,
                                     NI_NUMERICHOST | NI_NUMERICSERV, host, sizeof host, service,
                                     sizeof service, NULL) == SIMDINET_OK &&
           strcmp(host, "2001:db8::1") == 0 && strcmp(service, "80") == 0;
}

static bool services_found(void) {
    uint16_t port = 0;
    int number = 0;
    char name[64];
    int by_name = simdinet_getservbyname("https", 5, "tcp", 3, &port, NULL);
    int by_port = simdinet_getservbyport(443, "tcp", 3, name, sizeof name, NULL, NULL);
    int protocol = simdinet_getprotobyname("udp", 3, &number, NULL);
    bool services = corpus.has_services
                        ? by_name == SIMDINET_OK && port == 443 && by_port == SIMDINET_OK &&
                              strcmp(name, "https") == 0
                        : by_name == SIMDINET_E_NOTFOUND && by_port == SIMDINET_E_NOTFOUND;
    return services && (corpus.has_protocols ? protocol == SIMDINET_OK && number == 17
                                             : protocol == SIMDINET_E_NOTFOUND);
}

/* Threads set different values; each reads one of them, and never a mixture. */
static bool timeouts_kept(void) {
    double seconds = -1;
    if (simdinet_setdefaulttimeout(1.5, NULL) != SIMDINET_OK ||
        simdinet_setdefaulttimeout(1e9, NULL) != SIMDINET_OK)
        return false;
    int set = simdinet_getdefaulttimeout(&seconds);
    simdinet_setdefaulttimeout_none();
    return set ? seconds == 1.5 || seconds == 1e9 : seconds == -1;
}

static bool interfaces_listed(void) {
    char name[IF_NAMESIZE];
    struct if_nameindex *array = simdinet_if_nameindex();
    if (!array)
        return false;
    bool good = array[0].if_index == 1;
    simdinet_if_freenameindex(array);
    return good && simdinet_if_indextoname(1, name) && simdinet_if_nametoindex(name) == 1;
}

/* Null hints need the C library, in a thread of its own. */
static bool waited_for(void) {
    struct addrinfo *list;
    if (simdinet_getaddrinfo_deadline("127.0.0.1", NULL, NULL, 60000, &list) != 0)
        return false;
    bool good = list->ai_family == AF_INET;
    simdinet_freeaddrinfo(list);
    return good;
}

const thread_family thread_families[] = {
    {"one address", one_address, true},
    {"columns, text to bytes", columns_read, true},
    {"lines", lines_read, true},
    {"scan", scanned, true},
    {"columns, bytes to text", columns_written, true},
    {"byte order of arrays", arrays_swapped, true},
    {"kernels", kernels_described, true},
    {"text and addresses", addresses_converted, true},
    {"numeric hosts", numbers_resolved, true},
    {"services and protocols", services_found, true},
    {"default timeout", timeouts_kept, true},
    {"interfaces", interfaces_listed, true},
    {"deadline", waited_for, false},
    {0},
};
