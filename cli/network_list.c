/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_list.h"

#include "blank.h"
#include "buffer_size.h"
#include "ipv4_ranges.h"
#include "line_reader.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

/* JOINED_SIZE: room for two addresses and a byte between them. */
enum { JOINED_SIZE = 2 * SIMDINET_IPV6_TEXT_SIZE, LINE_SIZE = BUFFER_SIZED(64 * 1024, 256) };

/* Two addresses with a comma between them are two networks, or in a CSV file of ranges the ends of one. The first
 * line with networks decides. */
typedef enum { LIST_EMPTY, LIST_OF_NETWORKS, LIST_OF_RANGES } list_kind;

/* Where the items of a text go. reader: of the list that holds the text, or NULL. ipv4_end: of the last line, if that
 * was a range of two IPv4 addresses; else UINT32_MAX. */
typedef struct {
    list_kind kind;
    const line_reader *reader;
    network_sink *sink;
    void *context;
    uint32_t ipv4_end;
} list_state;

/* The items of a text are texts[from, to); blanks surround them. */
typedef struct {
    const char *text;
    size_t len;
    size_t items_end;   /* of all items */
    size_t label_begin; /* len: there is none */
} list_line;

static void log_invalid(const line_reader *reader, const char *text, size_t len,
                        const network_error *error) {
    char shown[LOG_EXCERPT_SIZE], part[LOG_EXCERPT_SIZE], quoted[LOG_EXCERPT_SIZE + 4] = "";
    char message[400];
    if (error->quoted > 0)
        snprintf(quoted, sizeof quoted, " '%s'",
                 log_excerpt(part, text + error->at, error->quoted));
    snprintf(message, sizeof message, "invalid network '%s': %s%s at byte %zu%s%s%s",
             log_excerpt(shown, text, len), error->reason, quoted, error->at,
             error->hint[0] ? " (" : "", error->hint, error->hint[0] ? ")" : "");
    if (reader)
        log_error("%s:%llu: %s", reader->label, (unsigned long long)reader->number, message);
    else
        log_error("%s", message);
}

/* ---- the parts of a line ---------------------------------------------------------------------- */

static size_t skip_blanks(const char *text, size_t at, size_t len) {
    while (at < len && is_blank(text[at]))
        at++;
    return at;
}

static size_t skip_word(const char *text, size_t at, size_t len) {
    while (at < len && !is_blank(text[at]) && text[at] != ',')
        at++;
    return at;
}

static bool joins(char c) {
    return c == '-' || c == '/';
}

/* The end of the item at an offset: of a word, and of the next one if "-" or "/" stands between them. */
static size_t find_item_end(const char *text, size_t at, size_t len) {
    for (;;) {
        size_t end = skip_word(text, at, len), next = skip_blanks(text, end, len);
        if (next == len || next == end || text[next] == ',')
            return end;
        if (joins(text[next]))
            at = skip_blanks(text, next + 1, len);
        else if (end > 0 && joins(text[end - 1]))
            at = next;
        else
            return end;
        if (at == len)
            return len;
    }
}

/* Whether what follows a comma is meant as a network, and not as a label. */
static bool looks_like_item(const char *text, size_t at, size_t len) {
    size_t end = skip_word(text, at, len);
    bool separator = false;
    if (simdinet_class_by_name(text + at, end - at))
        return true;
    for (size_t i = at; i < end; i++) {
        separator |= text[i] == '.' || text[i] == ':';
        if (text[i] == '\0' || !strchr("0123456789abcdefABCDEF.:/-", text[i]))
            return false;
    }
    return separator;
}

/* Whether the text at an offset is a netmask in the style of "10.0.0.0 255.0.0.0". */
static bool is_netmask(const char *text, size_t at, size_t len) {
    uint8_t mask[4];
    return simdinet_parse_ipv4(text + at, len - at, mask) && simdinet_netmask_length(mask, 4) > 0;
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* Finds the end of the items of a line. In an argument all of it is items. */
static list_line split_line(const char *text, size_t len, bool argument) {
    list_line line = {.text = text, .len = len, .items_end = len, .label_begin = len};
    for (size_t at = 0; !argument;) {
        size_t end = find_item_end(text, at, len), next = skip_blanks(text, end, len);
        line.items_end = end;
        if (next == len)
            break;
        bool comma = text[next] == ',';
        at = skip_blanks(text, next + comma, len);
        if (comma && looks_like_item(text, at, len))
            continue;
        line.label_begin = at;
        break;
    }
    return line;
}

static bool take_item(const list_state *state, const list_line *line, const network_item *item) {
    return state->sink(state->context, item, line->text + line->label_begin,
                       line->len - line->label_begin);
}

/* Whether a text is an address. */
static bool is_address(const char *text, size_t len) {
    uint8_t address[16];
    return simdinet_parse_ipv4(text, len, address) || simdinet_parse_ipv6(text, len, address);
}

/*
 * Whether "224.0.0.0 255.255.255.255" ends a list of ranges: it begins after the end of the line before. "0.0.0.0"
 * begins one.
 */
static bool ends_ipv4(const char *first, size_t first_len, uint32_t end) {
    uint8_t address[4];
    return simdinet_parse_ipv4(first, first_len, address) && ipv4_number(address) == end + 1;
}

/*
 * "10.0.0.0 255.0.0.0 LABEL" and "10.0.0.0 10.0.0.255 LABEL": an address and, after blanks, a netmask or the end
 * of a range, which were taken for a label. True: *joined has the item with "/" or "-", and the label begins
 * after it.
 */
static bool join_second_address(list_line *line, char joined[JOINED_SIZE], uint32_t ipv4_end) {
    const char *text = line->text, *second = text + line->label_begin;
    const size_t end = skip_word(text, line->label_begin, line->len), len = end - line->label_begin;
    if (memchr(text + line->items_end, ',', line->label_begin - line->items_end) ||
        line->items_end + len + 2 > JOINED_SIZE || !is_address(text, line->items_end) ||
        !is_address(second, len))
        return false;
    /* Not a valid netmask, but meant as one: few ranges end in 255.0.0.0/8. */
    const bool masks = is_netmask(text, line->label_begin, end) ||
                       (len > 4 && memcmp(second, "255.", 4) == 0 && line->items_end > 4 &&
                        memcmp(text, "255.", 4) != 0);
    const bool netmask = !memchr(text, ':', line->items_end) && masks &&
                         !(len == 15 && memcmp(second, "255.255.255.255", 15) == 0 &&
                           ends_ipv4(text, line->items_end, ipv4_end));
    snprintf(joined, JOINED_SIZE, "%.*s%c%.*s", (int)line->items_end, text, netmask ? '/' : '-',
             (int)len, second);
    line->label_begin = skip_blanks(text, end, line->len);
    if (line->label_begin < line->len && text[line->label_begin] == ',')
        line->label_begin = skip_blanks(text, line->label_begin + 1, line->len);
    return true;
}

/* Two addresses of one family, with a comma between them. */
typedef struct {
    uint8_t first[16], last[16];
    size_t size, first_end, last_begin, last_end; /* size: 4 or 16 */
} address_pair;

static bool find_pair(const char *text, size_t len, address_pair *pair) {
    const char *comma = memchr(text, ',', len);
    if (!comma)
        return false;
    pair->first_end = skip_word(text, 0, len);
    pair->last_begin = skip_blanks(text, (size_t)(comma - text) + 1, len);
    pair->last_end = skip_word(text, pair->last_begin, len);
    const size_t next = skip_blanks(text, pair->last_end, len);
    const char *const last = text + pair->last_begin;
    const size_t last_len = pair->last_end - pair->last_begin;
    if (skip_blanks(text, pair->first_end, len) != (size_t)(comma - text) ||
        (next < len && text[next] != ',') || last_len >= SIMDINET_IPV6_TEXT_SIZE)
        return false;
    pair->size = memchr(text, ':', pair->first_end) ? 16 : 4;
    return pair->size == 4 ? simdinet_parse_ipv4(text, pair->first_end, pair->first) &&
                                 simdinet_parse_ipv4(last, last_len, pair->last)
                           : simdinet_parse_ipv6(text, pair->first_end, pair->first) &&
                                 simdinet_parse_ipv6(last, last_len, pair->last);
}

/*
 * Whether two addresses before a label are the ends of a range, since a network begins and ends there:
 * "1.0.0.0,1.0.0.255,AU". Not all addresses, the first and last of which are hosts of a kind.
 */
static bool is_csv_range(const char *text, size_t len, const address_pair *pair) {
    const size_t comma = skip_blanks(text, pair->last_end, len);
    const size_t label = comma < len ? skip_blanks(text, comma + 1, len) : len;
    bool ends = label < len && !looks_like_item(text, label, len);
    for (size_t i = pair->size == 4 ? 3 : 8; i < pair->size; i++)
        ends = ends && pair->first[i] == 0 && pair->last[i] == 0xff;
    const int order = memcmp(pair->first, pair->last, pair->size);
    for (size_t i = 0; i < pair->size; i++)
        if (pair->first[i] != 0 || pair->last[i] != 0xff)
            return ends && order < 0;
    return false;
}

/* Whether a network and then, after blanks, other text would be a line of a list with a label. */
static bool has_label(const char *text, size_t len) {
    network_item item;
    network_error error;
    const size_t begin = skip_blanks(text, 0, len), end = find_item_end(text, begin, len);
    return end < len && network_parse(text + begin, end - begin, &item, &error);
}

typedef enum { TEXT_TAKEN, TEXT_INVALID, TEXT_REFUSED } text_result;

/* Passes two addresses to the sink that are one item, with a byte between them in place of text[gap, ...). */
static text_result read_joined(list_state *state, const list_line *line, size_t gap,
                               const char *joined) {
    network_item item;
    network_error error = {.reason = ""};
    const char *const text = line->text;
    if (!network_parse(joined, strlen(joined), &item, &error)) {
        if (error.at > gap) {
            const size_t comma = skip_blanks(text, gap, line->len);
            error.at += skip_blanks(text, comma + (text[comma] == ','), line->len) - gap - 1;
        }
        log_invalid(state->reader, text, line->len, &error);
        return TEXT_INVALID;
    }
    state->ipv4_end =
        strchr(joined, '-') && !item.range.ipv6 ? ipv4_number(item.range.last) : UINT32_MAX;
    return take_item(state, line, &item) ? TEXT_TAKEN : TEXT_REFUSED;
}

/* Passes the items of a line to the sink, or none of them if one is invalid. */
static text_result read_items(list_state *state, const list_line *line) {
    const char *const text = line->text;
    network_item item;
    state->ipv4_end = UINT32_MAX;
    /* Several items are validated before the first is passed. */
    for (int pass = memchr(text, ',', line->items_end) ? 0 : 1; pass < 2; pass++)
        for (size_t at = 0; at <= line->items_end;) {
            const char *comma = memchr(text + at, ',', line->items_end - at);
            size_t end = comma ? (size_t)(comma - text) : line->items_end;
            network_error error = {.reason = ""};
            bool valid = network_parse(text + at, end - at, &item, &error);
            if (!valid) {
                error.at += at;
                if (line->len > 1 && (memcmp(text, "//", 2) == 0 || memcmp(text, "--", 2) == 0))
                    strcpy(error.hint, "comments start with # or ;");
                else if (!state->reader && !error.hint[0] && has_label(text + at, end - at))
                    strcpy(error.hint, "only a line of a list, -f, has a label");
                log_invalid(state->reader, text, line->len, &error);
                return TEXT_INVALID;
            }
            if (pass == 1 && !take_item(state, line, &item))
                return TEXT_REFUSED;
            at = end + 1;
        }
    return TEXT_TAKEN;
}

/* Reads a line that begins with two addresses as a range, or refuses it among networks. */
static text_result read_pair(list_state *state, const char *text, size_t len,
                             const address_pair *pair) {
    char joined[JOINED_SIZE];
    if (state->kind == LIST_OF_NETWORKS) {
        network_error error = {.reason = "two addresses, as of a range", .at = pair->first_end};
        strcpy(error.hint, "write FIRST-LAST,LABEL");
        log_invalid(state->reader, text, len, &error);
        return TEXT_INVALID;
    }
    list_line line = {.text = text, .len = len, .items_end = pair->last_end};
    const size_t comma = skip_blanks(text, pair->last_end, len);
    line.label_begin = skip_blanks(text, comma + (comma < len), len);
    snprintf(joined, JOINED_SIZE, "%.*s-%.*s", (int)pair->first_end, text,
             (int)(pair->last_end - pair->last_begin), text + pair->last_begin);
    const text_result result = read_joined(state, &line, pair->first_end, joined);
    if (result == TEXT_TAKEN)
        state->kind = LIST_OF_RANGES;
    return result;
}

/* Passes the items of a text to the sink, or none of them if one is invalid. */
static text_result read_text(list_state *state, const char *text, size_t len) {
    list_line line = split_line(text, len, state->reader == NULL);
    char joined[JOINED_SIZE];
    address_pair pair;
    if (state->reader && find_pair(text, len, &pair) &&
        (state->kind == LIST_OF_RANGES || is_csv_range(text, len, &pair)))
        return read_pair(state, text, len, &pair);
    const text_result result =
        line.label_begin < len && join_second_address(&line, joined, state->ipv4_end)
            ? read_joined(state, &line, line.items_end, joined)
            : read_items(state, &line);
    if (result == TEXT_TAKEN && state->kind == LIST_EMPTY)
        state->kind = LIST_OF_NETWORKS;
    return result;
}

bool network_is_argument(const char *text) {
    for (;;) {
        network_item item;
        network_error error;
        size_t len = strcspn(text, ",");
        if (!network_parse(text, len, &item, &error))
            return false;
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}

bool network_read_argument(const char *text, network_sink *sink, void *context) {
    list_state state = {.sink = sink, .context = context, .ipv4_end = UINT32_MAX};
    return read_text(&state, text, strlen(text)) == TEXT_TAKEN;
}

/* Whether a network adjoins the semicolon at an offset on both sides: "10.0.0.0/8;192.0.2.1". */
static bool separates_networks(const char *text, size_t at, size_t len) {
    if (at == 0 || at == len || text[at] != ';' || is_blank(text[at - 1]))
        return false;
    const char *next = memchr(text + at + 1, ';', len - at - 1);
    return looks_like_item(text, at + 1, next ? (size_t)(next - text) : len);
}

static text_result read_line(list_state *state, const char *text, size_t len) {
    network_item plain;
    if (network_parse_plain(text, len, &plain)) {
        state->ipv4_end = UINT32_MAX;
        if (state->kind == LIST_EMPTY)
            state->kind = LIST_OF_NETWORKS;
        return state->sink(state->context, &plain, text + len, 0) ? TEXT_TAKEN : TEXT_REFUSED;
    }
    const size_t whole = len;
    for (size_t i = 0; i < len; i++)
        if (text[i] == '#' || text[i] == ';')
            len = i;
    if (separates_networks(text, len, whole)) {
        network_error error = {.reason = "a semicolon starts a comment", .at = len};
        strcpy(error.hint, "commas separate networks");
        log_invalid(state->reader, text, whole, &error);
        return TEXT_INVALID;
    }
    trim_blanks(&text, &len);
    const char *cr = memchr(text, '\r', len);
    if (cr) {
        log_invalid(state->reader, text, len,
                    &(network_error){.reason = "carriage return within a line",
                                     .hint = "lines end with LF or CR LF",
                                     .at = (size_t)(cr - text)});
        return TEXT_INVALID;
    }
    return len == 0 ? TEXT_TAKEN : read_text(state, text, len);
}

bool network_read_file(const char *name, bool skip_invalid, network_sink *sink, void *context) {
    line_reader reader;
    list_state state = {
        .reader = &reader, .sink = sink, .context = context, .ipv4_end = UINT32_MAX};
    char *line;
    size_t len;
    bool terminated, ok = true;
    line_result result = LINE_OK;
    if (!line_reader_open(&reader, name, LINE_SIZE))
        return false;
    log_hold();
    while (ok) {
        if (!line_reader_buffered(&reader)) { /* a read may block */
            log_release();
            log_hold();
        }
        result = line_reader_next(&reader, &line, &len, &terminated);
        if (result == LINE_OK) {
            text_result taken = read_line(&state, line, len);
            ok = taken == TEXT_TAKEN || (taken == TEXT_INVALID && skip_invalid);
            continue;
        }
        if (result == LINE_TOO_LONG)
            log_error("%s:%llu: line too long", reader.label, (unsigned long long)reader.number);
        else if (result == LINE_ERROR)
            line_reader_log_error(&reader);
        ok = result == LINE_TOO_LONG && skip_invalid;
    }
    log_release();
    line_reader_close(&reader);
    return result == LINE_END;
}
