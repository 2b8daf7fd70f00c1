/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "simdinet.h"

/* ---- implementations ------------------------------------------------------------------------- */

static bool is_selected(const char *name) {
    const char *list = getenv("SIMDINET_IMPLEMENTATIONS_TESTED");
    size_t len = strlen(name);
    for (; list && *list; list += strcspn(list, ","), list += *list == ',')
        if (strcspn(list, ",") == len && memcmp(list, name, len) == 0)
            return true;
    return !list;
}

/* Cached: simdinet_implementation_at executes CPUID, which takes microseconds under a
 * hypervisor. */
const simdinet_implementation *const *supported_implementations(void) {
    static const simdinet_implementation *supported[SIMDINET_IMPLEMENTATIONS + 1];
    if (!supported[0]) {
        size_t count = 0;
        for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++)
            if (is_selected(simdinet_implementation_name(i)) &&
                (supported[count] = simdinet_implementation_at(i)))
                count++;
    }
    return supported;
}

void print_skipped_implementations(FILE *to) {
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++)
        if (!simdinet_implementation_at(i) || !is_selected(simdinet_implementation_name(i)))
            fprintf(to, "skipped: implementation %s: %s\n", simdinet_implementation_name(i),
                    !simdinet_implementation_available(i) ? "not compiled in"
                    : !simdinet_implementation_at(i)
                        ? "does not run on this machine"
                        : "left out by SIMDINET_IMPLEMENTATIONS_TESTED");
    fflush(to);
}

/* ---- the two families ------------------------------------------------------------------------ */

size_t address_size(family f) {
    return f == IPV4 ? 4 : 16;
}

size_t text_size(family f) {
    return f == IPV4 ? SIMDINET_IPV4_TEXT_SIZE : SIMDINET_IPV6_TEXT_SIZE;
}

simdinet_parse_fn *parser_of(const simdinet_implementation *impl, family f) {
    return f == IPV4 ? impl->parse_ipv4 : impl->parse_ipv6;
}

simdinet_parse_z_fn *parser_z_of(const simdinet_implementation *impl, family f) {
    return f == IPV4 ? impl->parse_ipv4_z : impl->parse_ipv6_z;
}

simdinet_format_fn *formatter_of(const simdinet_implementation *impl, family f) {
    return f == IPV4 ? impl->format_ipv4 : impl->format_ipv6;
}

bool libc_parse(family f, const char *text, size_t len, uint8_t *out) {
    char copy[TEXT_CAPACITY];
    if (len >= sizeof copy || (len && memchr(text, '\0', len)))
        return false;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return inet_pton(f == IPV4 ? AF_INET : AF_INET6, copy, out) == 1;
}

size_t libc_format(family f, const uint8_t *address, char *out) {
    if (!inet_ntop(f == IPV4 ? AF_INET : AF_INET6, address, out, (socklen_t)text_size(f)))
        abort();
    return strlen(out);
}

/* ---- memory ---------------------------------------------------------------------------------- */

guarded guarded_new(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + page, 2 * page, PROT_READ | PROT_WRITE) != 0)
        abort();
    return (guarded){.start = map + page, .middle = map + 2 * page, .end = map + 3 * page};
}

void guarded_free(guarded *memory) {
    size_t page = (size_t)(memory->end - memory->middle);
    munmap(memory->start - page, 4 * page);
}

/* ---- random texts ---------------------------------------------------------------------------- */

/* SplitMix64: any seed is valid, and each gives a different sequence. */
/* An octet of width decimal digits, one to three. */
static size_t put_octet(prng *random, unsigned width, char *p, uint8_t *byte) {
    static const unsigned least[] = {0, 10, 100, 256};
    unsigned span = least[width] - least[width - 1];
    *byte = (uint8_t)(least[width - 1] + prng_below(random, span));
    return (size_t)sprintf(p, "%u", *byte);
}

static size_t put_octets(prng *random, char *text, uint8_t *bytes) {
    /* One text in six has only wide octets, one in six only narrow ones: the longest and the
     * shortest texts. */
    unsigned style = prng_below(random, 6);
    size_t len = 0;
    for (unsigned i = 0; i < 4; i++) {
        if (i)
            text[len++] = '.';
        unsigned width = style == 0 ? 3 : style == 1 ? 1 : 1 + prng_below(random, 3);
        len += put_octet(random, width, text + len, bytes + i);
    }
    return len;
}

/* A group of width hexadecimal digits, one to four, with leading zeros and in both cases. */
static size_t put_group(prng *random, unsigned width, char *p, uint8_t bytes[2]) {
    unsigned value = prng_below(random, 1u << 4 * width);
    if (prng_below(random, 4) == 0)
        value >>= 4 * prng_below(random, width);
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
    for (unsigned shift = 4 * width; shift > 0;) {
        shift -= 4;
        bool upper = prng_below(random, 2);
        *p++ = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value >> shift & 15];
    }
    return width;
}

static size_t put_groups(prng *random, char *text, uint8_t bytes[16]) {
    bool dotted = prng_below(random, 4) == 0;
    unsigned units =
        dotted ? 7 : 8; /* the embedded IPv4 address counts as one, and "::" never replaces it */
    unsigned groups = dotted ? 6 : 8;
    unsigned zeros_at = 9, zeros = 0;
    if (prng_below(random, 3)) {
        zeros = 1 + prng_below(random, groups);
        zeros_at = prng_below(random, groups - zeros + 1);
    }
    unsigned style = prng_below(random, 5);
    size_t len = 0;
    memset(bytes, 0, 16);
    for (unsigned i = 0; i < units; i++) {
        if (i == zeros_at) {
            len += (size_t)sprintf(text + len, "::");
            i += zeros;
            if (i >= units)
                break;
        } else if (i) {
            text[len++] = ':';
        }
        if (i == groups) {
            len += put_octets(random, text + len, bytes + 12);
        } else {
            unsigned width = style == 0 ? 4 : style == 1 ? 1 : 1 + prng_below(random, 4);
            len += put_group(random, width, text + len, bytes + 2 * i);
        }
    }
    return len;
}

size_t make_address(prng *random, family f, char text[TEXT_CAPACITY], uint8_t *bytes) {
    size_t len = f == IPV4 ? put_octets(random, text, bytes) : put_groups(random, text, bytes);
    text[len] = '\0';
    return len;
}

size_t make_aton(prng *random, char text[TEXT_CAPACITY]) {
    static const char *const formats[] = {"%s%u", "%s0%o", "%s0x%x", "%s0X%X", "%s000%o"};
    static const char *const trailing[] = {" ", "\t", "\n x", "\v\r", "\f.1", " garbage"};
    unsigned parts = 1 + prng_below(random, 4);
    size_t len = 0;
    for (unsigned i = 0; i < parts; i++) {
        uint32_t value = (uint32_t)prng_next(random);
        /* A value that fits, and one time in eight one bit too wide. */
        unsigned bits = i + 1 < parts ? 8 : 8 * (5 - parts);
        if (prng_below(random, 8) == 0 && bits < 32)
            bits++;
        value >>= 32 - bits;
        value >>= prng_below(random, 3) ? 0 : prng_below(random, bits);
        const char *format = formats[prng_below(random, 2) ? 0 : prng_below(random, 5)];
        len += (size_t)sprintf(text + len, format, i ? "." : "", value);
    }
    if (prng_below(random, 4) == 0)
        len += (size_t)sprintf(text + len, "%s", trailing[prng_below(random, 6)]);
    return len;
}

/* Mostly characters of addresses; otherwise their neighbours in ASCII, and bytes that differ in one
 * bit. */
static char random_character(prng *random) {
    static const char common[] = "0123456789abcdefABCDEF::::....";
    static const char rare[] = " \t\n%/[]-+xXgG@`;,\"\0\x7f\x80\xb0\xb9\xae\xba\xff\x10\x1a\x0e";
    if (prng_below(random, 3))
        return common[prng_below(random, sizeof common - 1)];
    return rare[prng_below(random, sizeof rare - 1)];
}

static size_t insert(char *text, size_t len, size_t at, const char *inserted, size_t size) {
    if (len + size >= TEXT_CAPACITY)
        return len;
    char copy[TEXT_CAPACITY];
    memcpy(copy, inserted, size); /* it may overlap the text */
    memmove(text + at + size, text + at, len - at);
    memcpy(text + at, copy, size);
    return len + size;
}

static size_t edit(prng *random, char *text, size_t len) {
    char c = random_character(random);
    size_t at = prng_below(random, (unsigned)len + 1);
    if (at == len) {
        return insert(text, len, at, &c, 1);
    }
    switch (prng_below(random, 9)) {
    case 0:
        text[at] = (char)(text[at] ^ 1 << prng_below(random, 8));
        return len;
    case 1:
        return insert(text, len, at, &c, 1);
    case 2:
        memmove(text + at, text + at + 1, len - at - 1);
        return len - 1;
    case 3:
        return insert(text, len, at, text + at, 1);
    case 4:
        return insert(text, len, at, text + at, 1 + prng_below(random, (unsigned)(len - at)));
    case 5:
        return prng_below(random, 4) ? len : at; /* frequent cuts would make most texts short */
    case 6:
        if (at + 1 < len) {
            c = text[at];
            text[at] = text[at + 1];
            text[at + 1] = c;
        }
        return len;
    default:
        text[at] = c;
        return len;
    }
}

size_t mutate(prng *random, char text[TEXT_CAPACITY], size_t len) {
    for (unsigned edits = 1 + prng_below(random, 3); edits > 0; edits--)
        len = edit(random, text, len);
    text[len] = '\0';
    return len;
}

static bool is_set(const char *variable) {
    const char *value = getenv(variable);
    return value && strcmp(value, "1") == 0;
}

bool brief(void) {
    return is_set("SIMDINET_BRIEF");
}

size_t repetitions(size_t n) {
    return brief() ? n / 50 + 1 : is_set("SIMDINET_FULL") ? 20 * n : n;
}

const char *show(const char *text, size_t len) {
    static char shown[8][4 * TEXT_CAPACITY + 4];
    static unsigned calls;
    char *out = shown[calls++ % 8], *p = out;
    for (size_t i = 0; i < len && i < TEXT_CAPACITY; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= ' ' && c < 0x7f && c != '\\')
            *p++ = (char)c;
        else
            p += sprintf(p, "\\%03o", c);
    }
    strcpy(p, len > TEXT_CAPACITY ? "..." : "");
    return out;
}

/* ---- tables ---------------------------------------------------------------------------------- */

bool tsv_open(tsv *table, const char *path) {
    *table = (tsv){.file = fopen(path, "r")};
    if (!table->file) {
        const char *name = strrchr(path, '/');
        fprintf(stderr, "skipped: %s: not found\n", name ? name + 1 : path);
        return false;
    }
    return tsv_next(table); /* the heading */
}

bool tsv_next(tsv *table) {
    ssize_t length;
    do {
        length = getline(&table->line, &table->capacity, table->file);
        table->number++;
    } while (length > 0 && table->line[0] == '#');
    if (length <= 0) {
        free(table->line);
        fclose(table->file);
        return false;
    }
    if (table->line[length - 1] == '\n')
        table->line[length - 1] = '\0';
    table->count = 0;
    for (char *rest = table->line; rest && table->count < TSV_COLUMNS;)
        table->columns[table->count++] = strsep(&rest, "\t");
    return true;
}

static bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

size_t unescape(char *text) {
    char *out = text;
    for (const char *p = text; *p;) {
        if (*p != '\\') {
            *out++ = *p++;
        } else if (is_octal(p[1]) && is_octal(p[2]) && is_octal(p[3])) {
            *out++ = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
            p += 4;
        } else {
            *out++ = p[1] == 't' ? '\t' : p[1] == 'n' ? '\n' : p[1] == 'r' ? '\r' : p[1];
            p += p[1] ? 2 : 1;
        }
    }
    *out = '\0';
    return (size_t)(out - text);
}

bool unhex(const char *text, uint8_t *bytes, size_t size) {
    static const char digits[] = "0123456789abcdef";
    if (strlen(text) != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const char *high = strchr(digits, text[2 * i]);
        const char *low = strchr(digits, text[2 * i + 1]);
        if (!high || !low)
            return false;
        bytes[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return true;
}
