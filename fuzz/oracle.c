/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/buffer_size.h"
#include "cli/network_parse.h"
#include "fuzz.h"
#include "simdinet.h"

/* ---- expected output ---------------------------------------------------------------------------- */

enum { CAPACITY = 64 * ORACLE_MAX_TEXT };

static char expected[CAPACITY];
static size_t used;

static void put(const void *from, size_t len) {
    if (len > CAPACITY - used)
        fail(NULL, 0, "oracle: no capacity for %zu bytes", len);
    if (len > 0)
        memcpy(expected + used, from, len);
    used += len;
}

static void __attribute__((format(printf, 1, 2))) print(const char *format, ...) {
    char line[160];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    put(line, (size_t)len);
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/* The supported options, as bits. */
enum {
    IPV4_ONLY = 1 << 0,
    IPV6_ONLY = 1 << 1,
    CANONICAL = 1 << 2,
    LINE_NUMBER = 1 << 3,
    BYTE_OFFSET = 1 << 4,
    NUL = 1 << 5,
    UNIQUE = 1 << 6,
    VERSIONS = 1 << 7,
    MAPPED = 1 << 8,
    INVERT = 1 << 9,
    COUNT = 1 << 10,
    ONLY_MATCHING = 1 << 11,
    QUIET = 1 << 12,
    HEX = 1 << 13,
    INTEGER = 1 << 14,
    BINARY = 1 << 15,
    STRICT = 1 << 16,
    THREADS = 1 << 17,
    AT_MOST_2 = 1 << 18,
    FILES_WITH = 1 << 19,
    FILES_WITHOUT = 1 << 20,
    FILE_NAME = 1 << 21,
};

static const struct {
    const char *text;
    unsigned option;
} words[] = {
    {"-4", IPV4_ONLY},
    {"-6", IPV6_ONLY},
    {"--canonical", CANONICAL},
    {"-n", LINE_NUMBER},
    {"-b", BYTE_OFFSET},
    {"-0", NUL},
    {"--unique", UNIQUE},
    {"--versions", VERSIONS},
    {"--mapped", MAPPED},
    {"-v", INVERT},
    {"-c", COUNT},
    {"-o", ONLY_MATCHING},
    {"-q", QUIET},
    {"--hex", HEX},
    {"--int", INTEGER},
    {"--binary", BINARY},
    {"--strict", STRICT},
    {"-m2", AT_MOST_2},
    {"-l", FILES_WITH},
    {"-L", FILES_WITHOUT},
    {"-H", FILE_NAME},
    {"-j1", THREADS},
    {"-j2", THREADS},
    {"-j9", THREADS},
};

/* Parses argv[1] and later as options of the known ones; false: another argument. */
static bool read_options(int argc, char *const *argv, unsigned known, unsigned *given) {
    *given = 0;
    for (int i = 1; i < argc; i++) {
        unsigned option = 0;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (strcmp(argv[i], words[k].text) == 0)
                option = words[k].option;
        if (!(option & known))
            return false;
        *given |= option;
    }
    return true;
}

/* ---- addresses ---------------------------------------------------------------------------------- */

static simdinet_match found[ORACLE_MAX_TEXT];
static size_t found_count;

/* Finds all addresses that the options select. */
static void scan(const char *text, size_t size, unsigned given) {
    unsigned families =
        (given & IPV4_ONLY ? SIMDINET_SCAN_IPV4 : 0) | (given & IPV6_ONLY ? SIMDINET_SCAN_IPV6 : 0);
    size_t count, kept = 0;
    if (simdinet_scan(text, 0, size, families, found, sizeof(simdinet_match), ORACLE_MAX_TEXT,
                      &count) != size)
        fail(text, size, "oracle: the scan stops early");
    for (size_t i = 0; i < count; i++)
        if (given & VERSIONS || !(found[i].flags & SIMDINET_MATCH_VERSION))
            found[kept++] = found[i];
    found_count = kept;
}

/* What is counted: of an IPv4-mapped address the IPv4 address, unless --mapped is given. */
static simdinet_match counted_address(const simdinet_match *match, unsigned given) {
    simdinet_match address = *match;
    if (address.flags & SIMDINET_MATCH_MAPPED && !(given & MAPPED)) {
        address.family = 4;
        memcpy(address.address, match->address + 12, 4);
        memset(address.address + 4, 0, 12);
    }
    return address;
}

/* Finds all addresses whose counted form the options select. */
static void scan_counted(const char *text, size_t size, unsigned given) {
    const unsigned families = given & (IPV4_ONLY | IPV6_ONLY);
    size_t kept = 0;
    scan(text, size, given & ~families);
    for (size_t i = 0; i < found_count; i++) {
        const bool ipv4 = counted_address(&found[i], given).family == 4;
        if (!families || families & (ipv4 ? IPV4_ONLY : IPV6_ONLY))
            found[kept++] = found[i];
    }
    found_count = kept;
}

static bool same_address(const simdinet_match *a, const simdinet_match *b) {
    return a->family == b->family && memcmp(a->address, b->address, 16) == 0;
}

static void put_canonical(bool ipv4, const uint8_t *address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    put(text, ipv4 ? simdinet_format_ipv4(address, text) : simdinet_format_ipv6(address, text));
}

static size_t line_of(const char *text, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

/* ---- extract ------------------------------------------------------------------------------------ */

static bool seen_before(size_t i, unsigned given) {
    const simdinet_match address = counted_address(&found[i], given);
    for (size_t k = 0; k < i; k++) {
        const simdinet_match other = counted_address(&found[k], given);
        if (same_address(&address, &other))
            return true;
    }
    return false;
}

static int expect_extract(const char *text, size_t size, unsigned given) {
    if (given & UNIQUE)
        scan_counted(text, size, given);
    else
        scan(text, size, given);
    for (size_t i = 0; i < found_count; i++) {
        const simdinet_match *match = &found[i];
        if (given & UNIQUE && seen_before(i, given))
            continue;
        if (given & LINE_NUMBER)
            print("%zu:", line_of(text, match->offset));
        if (given & BYTE_OFFSET)
            print("%zu:", match->offset);
        if (given & CANONICAL)
            put_canonical(match->family == 4, match->address);
        else
            put(text + match->offset, match->length);
        put(given & NUL ? "" : "\n", 1);
    }
    return found_count > 0 ? 0 : 1;
}

/* ---- count -------------------------------------------------------------------------------------- */

typedef struct counted {
    simdinet_match address;
    size_t count;
} counted;

static int by_count(const void *left, const void *right) {
    const counted *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->address.family != b->address.family)
        return a->address.family < b->address.family ? -1 : 1;
    return memcmp(a->address.address, b->address.address, 16);
}

static int expect_count(const char *text, size_t size, unsigned given) {
    static counted list[ORACLE_MAX_TEXT];
    size_t count = 0;
    scan_counted(text, size, given);
    for (size_t i = 0; i < found_count; i++) {
        const simdinet_match address = counted_address(&found[i], given);
        size_t k = 0;
        while (k < count && !same_address(&list[k].address, &address))
            k++;
        if (k == count)
            list[count++] = (counted){address, 0};
        list[k].count++;
    }
    qsort(list, count, sizeof *list, by_count);
    for (size_t i = 0; i < count; i++) {
        print("%7zu ", list[i].count);
        put_canonical(list[i].address.family == 4, list[i].address.address);
        put("\n", 1);
    }
    return count > 0 ? 0 : 1;
}

/* ---- grep --------------------------------------------------------------------------------------- */

static bool in_network(const network_range *network, const simdinet_match *match) {
    uint8_t address[16] = {0};
    bool mapped = match->flags & SIMDINET_MATCH_MAPPED;
    if (!network->ipv6 && match->family == 6 && !mapped)
        return false;
    if (network->ipv6 && match->family == 4)
        return false;
    memcpy(address, network->ipv6 || match->family == 4 ? match->address : match->address + 12,
           network->ipv6 ? 16 : 4);
    return memcmp(network->first, address, 16) <= 0 && memcmp(address, network->last, 16) <= 0;
}

static void put_grep_prefix(unsigned given, size_t number) {
    if (given & FILE_NAME)
        print("(standard input):");
    if (given & LINE_NUMBER)
        print("%zu:", number);
}

/* The line is [begin, end) with its newline. Returns the number of selected matches, or of lines. */
static size_t grep_line(const char *text, size_t begin, size_t end, size_t number, unsigned given,
                        const network_range *network) {
    const unsigned silent = COUNT | QUIET | FILES_WITH | FILES_WITHOUT;
    bool alone = (given & (ONLY_MATCHING | INVERT | silent)) == ONLY_MATCHING;
    size_t hits = 0;
    for (size_t i = 0; i < found_count; i++) {
        const simdinet_match *match = &found[i];
        if (match->offset < begin || match->offset >= end || !in_network(network, match))
            continue;
        hits++;
        if (alone) {
            put_grep_prefix(given, number);
            put(text + match->offset, match->length);
            put("\n", 1);
        }
    }
    bool selected = (hits > 0) == !(given & INVERT);
    if (alone || !selected || given & (silent | ONLY_MATCHING))
        return alone ? hits : selected;
    put_grep_prefix(given, number);
    put(text + begin, end - begin);
    if (text[end - 1] != '\n')
        put("\n", 1);
    return 1;
}

/* Lines longer than MAX_LINE are skipped where lines are printed, and then the status is 2. */
static int expect_grep(const char *text, size_t size, unsigned given,
                       const network_range *network) {
    const unsigned lists = FILES_WITH | FILES_WITHOUT;
    bool prints = !(given & (COUNT | QUIET | ONLY_MATCHING | lists)), skipped = false;
    size_t selected = 0, lines = 0, number = 0;
    scan_counted(text, size, given);
    for (size_t begin = 0; begin < size && !(given & AT_MOST_2 && lines == 2);) {
        const char *newline = memchr(text + begin, '\n', size - begin);
        size_t end = newline ? (size_t)(newline - text) + 1 : size;
        number++;
        if (prints && end - begin - (newline != NULL) > MAX_LINE) {
            skipped = true;
        } else {
            const size_t here = grep_line(text, begin, end, number, given, network);
            selected += here;
            lines += here > 0;
        }
        begin = end;
    }
    if (given & lists && !(given & QUIET)) {
        if ((selected > 0) == ((given & FILES_WITH) != 0))
            print("(standard input)\n");
    } else if ((given & (COUNT | QUIET)) == COUNT) {
        put_grep_prefix(given & FILE_NAME, 0);
        print("%zu\n", selected);
    }
    return skipped ? 2 : selected > 0 ? 0 : 1;
}

/* ---- parse -------------------------------------------------------------------------------------- */

/* The decimal number of size bytes, most significant first. */
static void put_integer(const uint8_t *bytes, size_t size) {
    uint8_t rest[16];
    char digits[40];
    size_t count = 0;
    memcpy(rest, bytes, size);
    do {
        unsigned carry = 0;
        for (size_t i = 0; i < size; i++) {
            carry = carry << 8 | rest[i];
            rest[i] = (uint8_t)(carry / 10);
            carry %= 10;
        }
        digits[sizeof digits - ++count] = (char)('0' + carry);
    } while (!all_are(rest, 0, size));
    put(digits + sizeof digits - count, count);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static bool parse_line(const char *line, size_t len, unsigned given) {
    for (bool trim = len + 2 <= SIMDINET_LINES_MAX_PENDING;
         trim && len > 0 && is_blank(line[len - 1]);)
        len--;
    for (bool trim = len + 2 <= SIMDINET_LINES_MAX_PENDING; trim && len > 0 && is_blank(*line);
         line++)
        len--;
    uint8_t address[16] = {[10] = 0xff, [11] = 0xff};
    bool both = !(given & IPV4_ONLY) == !(given & IPV6_ONLY);
    bool ipv4 = (both || given & IPV4_ONLY) && simdinet_parse_ipv4(line, len, address + 12);
    bool ipv6 = !ipv4 && (both || given & IPV6_ONLY) && simdinet_parse_ipv6(line, len, address);
    size_t skip = ipv4 ? 12 : 0;
    if (!ipv4 && !ipv6)
        return false;
    if (given & BINARY) {
        skip = both ? 0 : skip;
        put(address + skip, 16 - skip);
    } else if (given & INTEGER) {
        /* Of both families, an IPv6 number that may be IPv4 has eleven digits. */
        if (both && ipv6 && all_are(address, 0, 12)) {
            unsigned long long value = 0;
            for (size_t i = 12; i < 16; i++)
                value = value << 8 | address[i];
            print("%011llu", value);
        } else {
            put_integer(address + skip, 16 - skip);
        }
        put("\n", 1);
    } else {
        for (size_t i = skip; i < 16; i++)
            print("%02x", address[i]);
        put("\n", 1);
    }
    return true;
}

/* Calls line for each line without its end: LF or CR LF, and a final CR unless cr_needs_lf is set. */
static int expect_lines(const char *text, size_t size, unsigned given, bool cr_needs_lf, bool stops,
                        bool line(const char *line, size_t len, unsigned given)) {
    int status = 0;
    for (size_t begin = 0; begin < size;) {
        const char *newline = memchr(text + begin, '\n', size - begin);
        size_t end = newline ? (size_t)(newline - text) : size, len = end - begin;
        if (len > 0 && text[end - 1] == '\r' && (newline || !cr_needs_lf))
            len--;
        if (!line(text + begin, len, given)) {
            status = 2;
            if (stops)
                break;
        }
        begin = end + 1;
    }
    return status;
}

/* ---- format ------------------------------------------------------------------------------------- */

static bool format_line(const char *line, size_t len, unsigned given) {
    uint8_t address[16] = {0};
    size_t size = given & IPV6_ONLY ? 16 : 4;
    unsigned base = given & HEX ? 16 : 10;
    if (base == 16 && len > 2 && line[0] == '0' && (line[1] == 'x' || line[1] == 'X')) {
        line += 2;
        len -= 2;
    }
    for (size_t i = 0; i < len; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = memchr(digits, line[i], sizeof digits - 1);
        unsigned carry = digit ? (unsigned)(digit - digits) % 16 : base;
        if (carry >= base)
            return false;
        for (size_t k = size; k-- > 0; carry >>= 8) {
            carry += address[k] * base;
            address[k] = (uint8_t)carry;
        }
        if (carry > 0)
            return false;
    }
    if (len == 0)
        return false;
    put_canonical(size == 4, address);
    put("\n", 1);
    return true;
}

static bool format_short_line(const char *line, size_t len, unsigned given) {
    return len <= FORMAT_MAX_LINE && format_line(line, len, given);
}

static int expect_format(const char *text, size_t size, unsigned given) {
    size_t width = given & IPV6_ONLY ? 16 : 4;
    if (given & (HEX | INTEGER))
        return expect_lines(text, size, given, false, true, format_short_line);
    for (; size >= width; text += width, size -= width) {
        put_canonical(width == 4, (const uint8_t *)text);
        put("\n", 1);
    }
    return size == 0 ? 0 : 2;
}

/* ------------------------------------------------------------------------------------------------- */

/* Of exclusive options the last one applies; the oracle supports one of them. */
static bool one_at_most(unsigned options) {
    return (options & (options - 1)) == 0;
}

/* Whether binary addresses may start with a line of text, which `format` recognizes. */
static bool may_start_with_text(const char *text, size_t size) {
    return size > 0 && memchr("0123456789abcdefABCDEFxX.:/ \t\r", *text, 30) != NULL;
}

static bool expect_status(int argc, char *const *argv, const char *text, size_t size, int *status) {
    const char *name = argv[0];
    unsigned given;
    if (strcmp(name, "extract") == 0 &&
        read_options(argc, argv,
                     IPV4_ONLY | IPV6_ONLY | CANONICAL | LINE_NUMBER | BYTE_OFFSET | NUL | UNIQUE |
                         MAPPED | VERSIONS | THREADS,
                     &given)) {
        *status = expect_extract(text, size, given);
    } else if (strcmp(name, "count") == 0 &&
               read_options(argc, argv, IPV4_ONLY | IPV6_ONLY | MAPPED | VERSIONS | THREADS,
                            &given)) {
        *status = expect_count(text, size, given);
    } else if (strcmp(name, "parse") == 0 &&
               read_options(argc, argv, IPV4_ONLY | IPV6_ONLY | HEX | INTEGER | BINARY | STRICT,
                            &given) &&
               one_at_most(given & (HEX | INTEGER | BINARY))) {
        *status = expect_lines(text, size, given, true, given & STRICT, parse_line);
    } else if (strcmp(name, "format") == 0 &&
               read_options(argc, argv, IPV4_ONLY | IPV6_ONLY | HEX | INTEGER | BINARY, &given) &&
               one_at_most(given & (HEX | INTEGER | BINARY)) &&
               one_at_most(given & (IPV4_ONLY | IPV6_ONLY)) &&
               ((given & BINARY && !may_start_with_text(text, size)) ||
                (given & (HEX | INTEGER) && given & (IPV4_ONLY | IPV6_ONLY)))) {
        *status = expect_format(text, size, given);
    } else if (strcmp(name, "grep") == 0 && argc > 1) {
        network_item network;
        network_error error;
        const char *last = argv[argc - 1];
        if (!network_parse(last, strlen(last), &network, &error) || network.classes ||
            !read_options(argc - 1, argv,
                          LINE_NUMBER | VERSIONS | INVERT | COUNT | ONLY_MATCHING | QUIET |
                              THREADS | AT_MOST_2 | FILES_WITH | FILES_WITHOUT | FILE_NAME,
                          &given) ||
            !one_at_most(given & (FILES_WITH | FILES_WITHOUT)))
            return false;
        *status = expect_grep(text, size, given, &network.range);
    } else {
        return false;
    }
    return true;
}

bool expect(int argc, char *const *argv, const char *text, size_t size, expectation *out) {
    used = 0;
    if (argc == 0 || size > ORACLE_MAX_TEXT || !expect_status(argc, argv, text, size, &out->status))
        return false;
    out->text = expected;
    out->len = used;
    return true;
}
