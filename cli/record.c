/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * record.c - what is printed of an address.
 */
#include "record.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The colours that grep has: names magenta, numbers green, delimiters cyan, matches bold red. */
#define NAME_COLOR   "\033[35m"
#define NUMBER_COLOR "\033[32m"
#define MATCH_COLOR  "\033[1;31m"
#define NO_COLOR     "\033[m"
#define COLON        "\033[36m:\033[m"

void record_open(record_style *style, const options *given) {
    *style = (record_style){
        .given = given, .names = options_names(given), .color = options_color(given)};
    style->bare = !style->names && !style->color && !given->canonical && !given->line_number &&
                  !given->byte_offset && !given->json && !given->null && !given->line_buffered;
}

void record_close(record_style *style) {
    free(style->buffer);
}

bool record_begin(record_style *style, const char *label) {
    if ((!style->names && !style->given->json) || style->label == label)
        return true;
    /* The rest is what surrounds the name. */
    char *buffer = realloc(style->buffer, JSON_CHARACTER_MOST * strlen(label) + 64), *end = buffer;
    if (!buffer)
        return false;
    if (style->given->json) {
        end = put_text(end, "\"file\":\"");
        for (const char *rest = label; *rest;)
            end = put_json_character(end, &rest);
        end = put_text(end, "\",");
    } else {
        end = put_text(end, style->color ? NAME_COLOR : "");
        end = put_text(end, label);
        end = put_text(end, style->color ? NO_COLOR COLON : ":");
    }
    style->name = style->buffer = buffer;
    style->name_len = (size_t)(end - buffer);
    style->label = label;
    return true;
}

const char *record_mark(const record_style *style) {
    return style->color ? MATCH_COLOR : "";
}

const char *record_plain(const record_style *style) {
    return style->color ? NO_COLOR : "";
}

static char *put_field(char *to, const record_style *style, uint64_t number) {
    if (!style->color) {
        to = put_number(to, number);
        *to = ':';
        return to + 1;
    }
    to = put_text(to, NUMBER_COLOR);
    to = put_number(to, number);
    return put_text(to, NO_COLOR COLON);
}

static char *put_canonical(char *to, const simdinet_match *match) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t len = match->family == 4 ? simdinet_format_ipv4(match->address, text)
                                    : simdinet_format_ipv6(match->address, text);
    return (char *)memcpy(to, text, len) + len;
}

static char *put_json(char *to, const record_style *style, worker *self, const window *view,
                      const simdinet_match *match) {
    if (style->given->line_number) {
        to = put_text(to, "\"line\":");
        to = put_number(to, line_at(&self->lines, view, match->offset));
        *to++ = ',';
    }
    to = put_text(to, "\"offset\":");
    to = put_number(to, view->base + match->offset);
    to = put_text(to, ",\"address\":\"");
    to = (char *)memcpy(to, view->text + match->offset, match->length) + match->length;
    to = put_text(to, "\",\"canonical\":\"");
    to = put_canonical(to, match);
    to = put_text(to, match->family == 4 ? "\",\"family\":4,\"flags\":["
                                         : "\",\"family\":6,\"flags\":[");
    if (match->flags & SIMDINET_MATCH_VERSION)
        to = put_text(to, "\"version\"");
    if (match->flags & SIMDINET_MATCH_MAPPED)
        to = put_text(to, "\"mapped\"");
    return put_text(to, "]}");
}

static char *put_address(char *to, const record_style *style, worker *self, const window *view,
                         const simdinet_match *match) {
    const options *given = style->given;
    if (given->json)
        return put_json(to, style, self, view, match);
    if (given->line_number)
        to = put_field(to, style, line_at(&self->lines, view, match->offset));
    if (given->byte_offset)
        to = put_field(to, style, view->base + match->offset);
    to = put_text(to, record_mark(style));
    if (given->canonical)
        to = put_canonical(to, match);
    else
        to = (char *)memcpy(to, view->text + match->offset, match->length) + match->length;
    return put_text(to, record_plain(style));
}

/*
 * The common case: addresses as they are written. Copies of a fixed size cost less than exact ones:
 * 16 bytes hold every IPv4 address, 48 every IPv6 address. What lies behind the text may be read
 * (READ_AHEAD) and is overwritten at once.
 */
static bool bare_addresses(output *out, const window *view, const simdinet_match *matches,
                           size_t count) {
    enum { AT_ONCE = 64, MOST = SIMDINET_IPV6_TEXT_SIZE + 2 };
    while (count > 0) {
        size_t n = count < AT_ONCE ? count : AT_ONCE;
        char *to = output_room(out, AT_ONCE * MOST);
        if (!to)
            return false;
        for (size_t i = 0; i < n; i++) {
            const char *text = view->text + matches[i].offset;
            memcpy(to, text, 16);
            if (matches[i].length > 16)
                memcpy(to + 16, text + 16, 32);
            to += matches[i].length;
            *to++ = '\n';
        }
        output_filled(out, to);
        matches += n;
        count -= n;
    }
    return true;
}

bool record_addresses(record_style *style, worker *self, const window *view,
                      const simdinet_match *matches, size_t count) {
    output *out = &self->out;
    if (style->bare && !out->each_line)
        return bare_addresses(out, view, matches, count);
    for (size_t i = 0; i < count; i++) {
        char *to;
        if (style->given->json && !output_write(out, "{", 1))
            return false;
        if (style->name && !output_write(out, style->name, style->name_len))
            return false;
        if (!(to = output_room(out, 512)))
            return false;
        to = put_address(to, style, self, view, &matches[i]);
        *to++ = style->given->null ? '\0' : '\n';
        output_filled(out, to);
        if (!output_line_done(out))
            return false;
    }
    return true;
}

bool record_line_head(record_style *style, worker *self, const window *view, size_t offset) {
    output *out = &self->out;
    if (style->name && !output_write(out, style->name, style->name_len))
        return false;
    if (!style->given->line_number)
        return true;
    char *to = output_room(out, 64);
    if (!to)
        return false;
    output_filled(out, put_field(to, style, line_at(&self->lines, view, offset)));
    return true;
}
