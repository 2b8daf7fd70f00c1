/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_list.c - networks from arguments, and from lists: one a line, "#" and ";" begin comments.
 */
#include "cli.h"
#include "networks.h"
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = BUFFER_SIZED(64 * 1024, 256), SHOWN_MOST = 60 };

typedef struct {
    networks *set;
    const char *name;
    uint64_t line; /* from 1; 0: what is read is an argument */
} list;

/* Names a text that is no network. What stands in it goes to a terminal: only plain bytes do. */
static void complain_network(const list *from, const char *text, size_t len,
                             const network_fault *fault) {
    char shown[SHOWN_MOST + 1], line[24] = "";
    size_t n = len < SHOWN_MOST ? len : SHOWN_MOST;
    for (size_t i = 0; i < n; i++)
        shown[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
    shown[n] = '\0';
    if (from->line > 0)
        snprintf(line, sizeof line, ":%llu", (unsigned long long)from->line);
    complain("%s%s: '%s%s': %s, at byte %zu", from->name, line, shown, len > n ? "..." : "",
             fault->reason, fault->at);
}

static bool add_text(const list *from, const char *text, size_t len) {
    network_range range;
    network_fault fault;
    if (!network_read(text, len, &range, &fault)) {
        complain_network(from, text, len, &fault);
        return false;
    }
    if (!networks_add(from->set, &range)) {
        complain_errno("networks");
        return false;
    }
    return true;
}

bool networks_add_argument(networks *set, const char *text) {
    const list from = {.set = set, .name = "network"};
    return add_text(&from, text, strlen(text));
}

static bool add_line(list *from, const char *text, size_t len) {
    from->line++;
    for (size_t i = 0; i < len; i++)
        if (text[i] == '#' || text[i] == ';')
            len = i;
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        len--;
    while (len > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    return len == 0 || add_text(from, text, len);
}

/* Adds the complete lines of text[0, *len), and with last also what no newline ends. */
static bool add_lines(list *from, char *text, size_t *len, bool last) {
    size_t at = 0;
    for (const char *end; (end = memchr(text + at, '\n', *len - at));) {
        if (!add_line(from, text + at, (size_t)(end - text) - at))
            return false;
        at = (size_t)(end - text) + 1;
    }
    if (last && at < *len && !add_line(from, text + at, *len - at))
        return false;
    memmove(text, text + at, *len - at);
    *len -= at;
    return true;
}

static bool add_source(list *from, source *input, char *text) {
    size_t have = 0;
    for (;;) {
        ssize_t got = source_read(input, text + have, LINE_MOST - have);
        if (got < 0) {
            complain("%s: %s", from->name, input->reason ? input->reason : strerror(errno));
            return false;
        }
        have += (size_t)got;
        if (!add_lines(from, text, &have, got == 0))
            return false;
        if (got == 0)
            return true;
        if (have == LINE_MOST) {
            complain("%s:%llu: line too long", from->name, (unsigned long long)from->line + 1);
            return false;
        }
    }
}

bool networks_add_file(networks *set, const char *name) {
    source input;
    list from = {.set = set, .name = source_label(name)};
    if (!source_open(&input, name)) {
        complain("%s: %s", from.name, input.reason);
        return false;
    }
    char *text = malloc(LINE_MOST);
    bool good = text && add_source(&from, &input, text);
    if (!text)
        complain_errno(from.name);
    free(text);
    source_close(&input);
    return good;
}
