/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "printer.h"

#include "json.h"
#include "json_output.h"
#include "printable.h"
#include "scan_names.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* The default colours of grep. */
#define NAME_COLOR      "\033[35m"
#define NUMBER_COLOR    "\033[32m"
#define MATCH_COLOR     "\033[1;31m"
#define RESET           "\033[m"
#define SEPARATOR_COLOR "\033[36m"
#define COLON           SEPARATOR_COLOR ":" RESET

void printer_open(printer *p, const print_config *config, const scan_config *scan) {
    *p = (printer){.config = config, .scan = scan};
    p->bare = !config->file_names && !config->color && !config->canonical && !config->defang &&
              !scan->line_number && !config->byte_offset && !config->json && !config->null &&
              !config->parts && !scan->line_buffered && !(scan->flags & SIMDINET_SCAN_DEFANGED);
}

void printer_close(printer *p) {
    free(p->buffer);
}

bool printer_begin(printer *p, const char *label) {
    if ((!p->config->file_names && !p->config->json) || (p->label && strcmp(p->label, label) == 0))
        return true;
    /* 64: the text around the name. The name itself follows. */
    const size_t len = strlen(label), size = JSON_MAX_ESCAPE * len + 64;
    char *buffer = realloc(p->buffer, size + len + 1), *end = buffer;
    if (!buffer)
        return false;
    if (p->config->json) {
        end = put_text(end, "\"file\":\"");
        for (const char *rest = label; *rest;)
            end = put_json_character(end, &rest);
        end = put_text(end, "\",");
    } else {
        end = put_text(end, p->config->color ? NAME_COLOR : "");
        end = put_text(end, label);
        end = put_text(end, p->config->color ? RESET COLON : ":");
    }
    p->prefix = p->buffer = buffer;
    p->prefix_len = (size_t)(end - buffer);
    p->label = strcpy(buffer + size, label);
    return true;
}

static char *put_number_field(char *to, bool color, uint64_t number) {
    to = put_text(to, color ? NUMBER_COLOR : "");
    to = put_number(to, number);
    return put_text(to, color ? RESET COLON : ":");
}

static char *put_address(char *to, unsigned family, const uint8_t *address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t len =
        family == 4 ? simdinet_format_ipv4(address, text) : simdinet_format_ipv6(address, text);
    return put_bytes(to, text, len);
}

static char *put_canonical(char *to, const simdinet_match *match) {
    return put_address(to, match->family, match->address);
}

static char *put_defanged(char *to, unsigned family, const uint8_t *address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    return put_defanged_text(to, text, (size_t)(put_address(text, family, address) - text));
}

/* The text of a match in JSON. Of what it may consist of, only a backslash is escaped. */
static char *put_json_match(char *to, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            *to++ = '\\';
        *to++ = text[i];
    }
    return to;
}

static char *put_flags(char *to, unsigned flags) {
    const char *separator = "\"";
    to = put_text(to, "\"flags\":[");
    for (size_t i = 0; i < n_match_flags; i++) {
        if (!(flags & match_flags[i].flags))
            continue;
        to = put_text(to, separator);
        to = put_text(to, match_flags[i].name);
        *to++ = '"';
        separator = ",\"";
    }
    *to++ = ']';
    return to;
}

/* The names of the classes of an address. */
static char *put_classes(char *to, const simdinet_match *match, const char *before,
                         const char *separator, const char *after) {
    uint32_t classes = simdinet_classify(match->address, match->family);
    for (uint32_t class = 1; simdinet_class_name(class); class <<= 1)
        if (classes & class) {
            to = put_text(put_text(to, before), simdinet_class_name(class));
            to = put_text(to, after);
            before = separator;
        }
    return to;
}

static address_parts find_parts(const printer *p, const buffer_view *view,
                                const simdinet_match *match) {
    return address_parts_find(view->text, view->len, match, p->config->parts);
}

/* What stands with the address, as members of an object. */
static char *put_json_parts(char *to, const printer *p, const address_parts *parts,
                            const simdinet_match *match) {
    if (parts->zone) {
        to = put_text(to, "\"zone\":\"");
        to = put_bytes(to, parts->zone, parts->zone_len);
        to = put_text(to, "\",");
    }
    if (parts->prefix_length >= 0) {
        to = put_text(to, "\"prefix\":");
        to = put_number(to, (unsigned)parts->prefix_length);
        *to++ = ',';
    }
    if (parts->last) {
        to = put_text(to, "\"last\":\"");
        to = put_bytes(to, parts->last, parts->last_len);
        to = put_text(to, "\",");
    }
    if (parts->port >= 0 && !(match->flags & SIMDINET_MATCH_PORT)) {
        to = put_text(to, "\"port\":");
        to = put_number(to, (unsigned)parts->port);
        *to++ = ',';
    }
    if (p->config->parts & PART_CLASS) {
        to = put_text(to, "\"class\":[");
        to = put_classes(to, match, "\"", ",\"", "\"");
        to = put_text(to, "],");
    }
    return to;
}

/* A match that is left out has no canonical form: it may not be an address. */
static char *put_json(char *to, const printer *p, range_scanner *scanner, const buffer_view *view,
                      const simdinet_match *match) {
    if (p->scan->line_number) {
        to = put_text(to, "\"line\":");
        to = put_number(to, line_number_at(&scanner->lines, view, match->offset));
        *to++ = ',';
    }
    to = put_text(to, "\"offset\":");
    to = put_number(to, view->base + match->offset);
    to = put_text(to, p->scan->rejected ? ",\"text\":\"" : ",\"address\":\"");
    to = put_json_match(to, view->text + match->offset, match->length);
    if (!p->scan->rejected) {
        to = put_text(to, "\",\"canonical\":\"");
        to = put_canonical(to, match);
    }
    if (p->config->defang) {
        to = put_text(to, "\",\"defanged\":\"");
        to = put_defanged(to, match->family, match->address);
    }
    to = put_text(to, match->family == 4 ? "\",\"family\":4," : "\",\"family\":6,");
    if (match->flags & SIMDINET_MATCH_PORT) {
        to = put_text(to, "\"port\":");
        to = put_number(to, match->port);
        *to++ = ',';
    }
    if (p->config->parts) {
        address_parts parts = find_parts(p, view, match);
        to = put_json_parts(to, p, &parts, match);
    }
    if (p->scan->rejected || match->rule != SIMDINET_RULE_NONE) {
        to = put_text(to, "\"rule\":\"");
        to = put_text(to, match_rule_name(match));
        to = put_text(to, "\",");
    }
    return put_flags(to, match->flags);
}

/* "%eth0", "/24", "-192.0.2.9", "]", ":443" */
static char *put_parts(char *to, const printer *p, const address_parts *parts,
                       const simdinet_match *match, bool bracket) {
    if (parts->zone) {
        *to++ = '%';
        to = put_bytes(to, parts->zone, parts->zone_len);
    }
    if (parts->prefix_length >= 0) {
        *to++ = '/';
        to = put_number(to, (unsigned)parts->prefix_length);
    }
    if (parts->last) {
        *to++ = '-';
        if (p->config->defang)
            to = put_defanged(to, match->family, parts->last_address);
        else if (p->config->canonical)
            to = put_address(to, match->family, parts->last_address);
        else
            to = put_bytes(to, parts->last, parts->last_len);
    }
    to = put_text(to, bracket ? "]" : "");
    if (parts->port >= 0) {
        *to++ = ':';
        to = put_number(to, (unsigned)parts->port);
    }
    return to;
}

/* Whether a match is the end of a range or a netmask that is printed already; notes where that of another one ends. */
static bool is_end_of_range(printer *p, const buffer_view *view, const simdinet_match *match) {
    if (view->base + match->offset < p->parts_end)
        return true;
    if (p->config->parts & (PART_RANGE | PART_PREFIX))
        p->parts_end = view->base + find_parts(p, view, match).end;
    return false;
}

static char *put_match(char *to, const printer *p, range_scanner *scanner, const buffer_view *view,
                       const simdinet_match *match) {
    const print_config *config = p->config;
    if (config->json)
        return put_json(to, p, scanner, view, match);
    if (p->scan->line_number)
        to = put_number_field(to, config->color,
                              line_number_at(&scanner->lines, view, match->offset));
    if (config->byte_offset)
        to = put_number_field(to, config->color, view->base + match->offset);
    address_parts parts = {.prefix_length = -1, .port = -1};
    if (config->parts)
        parts = find_parts(p, view, match);
    const bool bracket = parts.port >= 0 && match->family == 6;
    if (config->color)
        to = put_text(to, MATCH_COLOR);
    to = put_text(to, bracket ? "[" : "");
    if (config->defang)
        to = put_defanged(to, match->family, match->address);
    else if (config->canonical)
        to = put_canonical(to, match);
    else
        to = put_bytes(to, view->text + match->offset, match->length);
    to = put_parts(to, p, &parts, match, bracket);
    to = put_text(to, config->color ? RESET : "");
    if (config->parts & PART_CLASS)
        to = put_classes(to, match, "\t", ",", "");
    if (!p->scan->rejected)
        return to;
    *to++ = '\t';
    return put_text(to, match_rule_name(match));
}

/*
 * Copies of constant size are faster than exact ones: 48 bytes hold every address. The excess comes from
 * VIEW_READ_AHEAD and is overwritten by the next match.
 */
static bool print_bare_matches(output *out, const buffer_view *view, const simdinet_match *matches,
                               size_t count) {
    enum { GROUP = 64, MAX_RECORD = SIMDINET_IPV6_TEXT_SIZE + 2 };
    while (count > 0) {
        size_t n = count < GROUP ? count : GROUP;
        char *to = output_reserve(out, (size_t)GROUP * MAX_RECORD);
        if (!to)
            return false;
        for (size_t i = 0; i < n; i++) {
            const char *text = view->text + matches[i].offset;
            memcpy(to, text, 48);
            to += matches[i].length;
            *to++ = '\n';
        }
        output_commit(out, to);
        matches += n;
        count -= n;
    }
    return true;
}

bool print_label(const printer *p, output *out, const simdinet_match *match) {
    address_label label = {.label = ""};
    if (!p->config->labels)
        return true;
    if (match)
        label_source_find(p->config->labels, match->address, match->family == 6, &label);
    return output_write(out, label.network, label.network_len) && output_write(out, "\t", 1) &&
           print_printable(out, label.label, label.label_len) && output_write(out, "\t", 1);
}

static bool print_text(output *out, const char *text) {
    return output_write(out, text, strlen(text));
}

bool print_json_label(const printer *p, output *out, const simdinet_match *match) {
    address_label label;
    if (!p->config->labels)
        return true;
    label_source_find(p->config->labels, match->address, match->family == 6, &label);
    return print_text(out, ",\"network\":\"") &&
           output_write(out, label.network, label.network_len) &&
           print_text(out, "\",\"label\":\"") &&
           print_json_text(out, label.label, label.label_len) && print_text(out, "\"");
}

/* The label that follows a match. */
static bool print_last_label(const printer *p, output *out, const simdinet_match *match) {
    address_label label;
    if (p->config->json)
        return print_json_label(p, out, match);
    label_source_name(p->config->labels, match->address, match->family == 6, &label);
    return print_text(out, "\t") && print_printable(out, label.label, label.label_len);
}

/* grep --only-matching --label: what stands before a line, the label, the match. */
static bool print_labeled_match(const printer *p, range_scanner *scanner, const buffer_view *view,
                                const simdinet_match *match) {
    output *out = &scanner->out;
    const char *text = view->text + match->offset;
    return print_line_prefix(p, scanner, view, match->offset) && print_label(p, out, match) &&
           (p->config->color ? print_colored(out, text, match->length)
                             : output_write(out, text, match->length)) &&
           output_write(out, p->config->null ? "" : "\n", 1) && output_end_line(out);
}

bool print_matches(printer *p, range_scanner *scanner, const buffer_view *view,
                   const simdinet_match *matches, size_t count) {
    output *out = &scanner->out;
    const bool label_first = p->config->labels && !p->config->label_last && !p->config->json;
    for (size_t i = 0; label_first && i < count; i++)
        if (!print_labeled_match(p, scanner, view, &matches[i]))
            return false;
    if (label_first)
        return true;
    if (p->bare && !out->line_buffered)
        return print_bare_matches(out, view, matches, count);
    for (size_t i = 0; i < count; i++) {
        char *to;
        if (is_end_of_range(p, view, &matches[i]))
            continue;
        if (p->config->json && !output_write(out, "{", 1))
            return false;
        if (!print_prefix(p, out) || !(to = output_reserve(out, 1024)))
            return false;
        to = put_match(to, p, scanner, view, &matches[i]);
        if (p->config->labels) {
            output_commit(out, to);
            if (!print_last_label(p, out, &matches[i]) || !(to = output_reserve(out, 16)))
                return false;
        }
        to = put_text(to, p->config->json ? "}" : "");
        *to++ = p->config->null ? '\0' : '\n';
        output_commit(out, to);
        if (!output_end_line(out))
            return false;
    }
    return true;
}

bool print_prefix(const printer *p, output *out) {
    return !p->prefix || output_write(out, p->prefix, p->prefix_len);
}

bool print_line_prefix(const printer *p, range_scanner *scanner, const buffer_view *view,
                       size_t offset) {
    output *out = &scanner->out;
    if (!print_prefix(p, out))
        return false;
    if (!p->scan->line_number && !p->config->byte_offset)
        return true;
    char *to = output_reserve(out, 128);
    if (!to)
        return false;
    if (p->scan->line_number)
        to = put_number_field(to, p->config->color, line_number_at(&scanner->lines, view, offset));
    if (p->config->byte_offset)
        to = put_number_field(to, p->config->color, view->base + offset);
    output_commit(out, to);
    return true;
}

static bool write_text(output *out, const char *text) {
    return output_write(out, text, strlen(text));
}

bool print_field(const printer *p, output *out, bool name, const char *text, size_t len,
                 char separator) {
    if (!p->config->color)
        return output_write(out, text, len) && output_write(out, &separator, 1);
    return write_text(out, name ? NAME_COLOR : NUMBER_COLOR) && output_write(out, text, len) &&
           write_text(out, RESET SEPARATOR_COLOR) && output_write(out, &separator, 1) &&
           write_text(out, RESET);
}

bool print_group_separator(const printer *p, output *out) {
    return write_text(out, p->config->color ? SEPARATOR_COLOR "--" RESET "\n" : "--\n");
}

bool print_colored(output *out, const char *text, size_t len) {
    return output_write(out, MATCH_COLOR, strlen(MATCH_COLOR)) && output_write(out, text, len) &&
           output_write(out, RESET, strlen(RESET));
}
