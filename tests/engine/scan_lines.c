/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan_lines.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    unsigned flag;
    const char *name;
} names[] = {
    {SIMDINET_MATCH_VERSION_SLASH, "version-slash"},
    {SIMDINET_MATCH_VERSION_KEY, "version-key"},
    {SIMDINET_MATCH_VERSION_USER_AGENT, "version-user-agent"},
    {SIMDINET_MATCH_VERSION_HEADER, "version-header"},
    {SIMDINET_MATCH_VERSION_PACKAGE, "version-package"},
    {SIMDINET_MATCH_PORT, "port"},
    {SIMDINET_MATCH_SERVICE, "service"},
    {SIMDINET_MATCH_MAPPED, "mapped"},
    {SIMDINET_MATCH_SHORT, "short"},
    {SIMDINET_MATCH_AMBIGUOUS_PORT, "ambiguous-port"},
    {SIMDINET_MATCH_BARE_UNSPECIFIED, "bare-unspecified"},
    {SIMDINET_MATCH_KEY, "key"},
    {SIMDINET_MATCH_BGP, "bgp"},
    {SIMDINET_MATCH_DEFANGED, "defanged"},
};

static int hex_value(char digit) {
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, digit);
    if (!digit || !at)
        abort();
    return (int)(at - digits);
}

/* Replaces the escapes \\ \t \n \e \xHH. Returns the length. */
static size_t unescape(const char *from, char *to) {
    char *const start = to;
    for (; *from; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from == 'x') {
            *to++ = (char)(hex_value(from[1]) * 16 + hex_value(from[2]));
            from += 2;
        } else if (*from == 'e') {
            *to++ = '\033';
        } else if (*from == 't' || *from == 'n') {
            *to++ = *from == 't' ? '\t' : '\n';
        } else if (*from == '\\') {
            *to++ = '\\';
        } else {
            abort();
        }
    }
    return (size_t)(to - start);
}

static void copy_field(char *to, size_t size, const char *from) {
    if (strlen(from) >= size)
        abort();
    memcpy(to, from, strlen(from) + 1);
}

bool scan_line_read(FILE *file, scan_line *line) {
    char record[3 * SCAN_LINE_SIZE];
    static size_t number;
    do {
        if (!fgets(record, sizeof record, file)) {
            number = 0;
            return false;
        }
        number++;
    } while (record[0] == '#');
    char *end = strchr(record, '\n'), *expected = strchr(record, '\t');
    char *text = expected ? strchr(expected + 1, '\t') : NULL;
    if (!end || !text)
        abort();
    *end = *expected = *text = '\0';
    line->number = number;
    copy_field(line->rule, sizeof line->rule, record);
    copy_field(line->expected, sizeof line->expected, expected + 1);
    if (strlen(text + 1) >= SCAN_LINE_SIZE)
        abort();
    line->len = unescape(text + 1, line->text);
    return true;
}

void scan_line_write(const char *text, const simdinet_match *matches, size_t n,
                     char out[SCAN_LINE_SIZE]) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *m = &matches[i];
        const bool version = (m->flags & SIMDINET_MATCH_VERSION) != 0;
        used += (size_t)snprintf(out + used, SCAN_LINE_SIZE - used, "%s%s%.*s", i ? ", " : "",
                                 version ? "(" : "", (int)m->length, text + m->offset);
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            if (m->flags & names[k].flag) {
                used += (size_t)snprintf(out + used, SCAN_LINE_SIZE - used, " %s", names[k].name);
                if (names[k].flag == SIMDINET_MATCH_PORT)
                    used += (size_t)snprintf(out + used, SCAN_LINE_SIZE - used, "=%u", m->port);
            }
        used += (size_t)snprintf(out + used, SCAN_LINE_SIZE - used, "%s", version ? ")" : "");
        if (used >= SCAN_LINE_SIZE)
            abort();
    }
}
