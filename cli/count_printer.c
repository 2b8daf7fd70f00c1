/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "count_printer.h"

#include "json_output.h"
#include "printable.h"
#include "simdinet.h"
#include "text.h"

#include <string.h>

/* A line without the file name and the bar. */
enum { LINE_SIZE = 256 };

static char *put_network(char *to, const count_print_config *config, const address_count *entry) {
    const unsigned length = entry->ipv6 ? config->ipv6_prefix : config->ipv4_prefix;
    to += entry->ipv6 ? simdinet_format_ipv6(entry->address, to)
                      : simdinet_format_ipv4(entry->address, to);
    if (length == (entry->ipv6 ? 128 : 32))
        return to;
    *to++ = '/';
    return put_number(to, length);
}

/* Right-aligned. */
static char *put_padded(char *to, const char *text, size_t len, size_t columns) {
    for (size_t i = len; i < columns; i++)
        *to++ = ' ';
    return put_bytes(to, text, len);
}

/* "12.3": the share in percent, rounded. */
static char *put_percent(char *to, uint64_t count, uint64_t sum) {
    const uint64_t tenths = sum == 0 ? 0 : (uint64_t)((double)count / (double)sum * 1000 + 0.5);
    to = put_number(to, tenths / 10);
    *to++ = '.';
    return put_number(to, tenths % 10);
}

/* ---- text ------------------------------------------------------------------------------------- */

/* The format of uniq -c: the count right-aligned in seven columns. */
static char *put_count(char *to, const count_print_config *config, uint64_t count, uint64_t sum) {
    char share[32];
    if (count < 10000000) {
        char *digit = to + 7;
        memcpy(to, "        ", 8);
        for (uint32_t rest = (uint32_t)count; rest > 0 || digit == to + 7; rest /= 10)
            *--digit = (char)('0' + rest % 10);
        to += 8;
    } else {
        to = put_number(to, count);
        *to++ = ' ';
    }
    if (!config->percent)
        return to;
    to = put_padded(to, share, (size_t)(put_percent(share, count, sum) - share), 5);
    return put_text(to, "% ");
}

/* ---- JSON, CSV, TSV --------------------------------------------------------------------------- */

/* The members of an object after an address or a label, and its end. */
static char *put_json_count(char *to, const count_print_config *config, uint64_t count,
                            uint64_t sum) {
    to = put_number(put_text(to, ",\"count\":"), count);
    if (config->percent)
        to = put_percent(put_text(to, ",\"percent\":"), count, sum);
    return put_text(to, "}");
}

static char *put_json_record(char *to, const count_print_config *config, const address_count *entry,
                             uint64_t sum) {
    bool whole = entry->ipv6 ? config->ipv6_prefix == 128 : config->ipv4_prefix == 32;
    to = put_text(to, whole ? "\"address\":\"" : "\"network\":\"");
    to = put_network(to, config, entry);
    to = put_text(to, entry->ipv6 ? "\",\"family\":6" : "\",\"family\":4");
    return put_json_count(to, config, entry->count, sum);
}

/* The columns before an address, a label or "total". */
static char *put_columns(char *to, const count_print_config *config, uint64_t count, uint64_t sum) {
    const char separator = config->format == COUNT_CSV ? ',' : '\t';
    to = put_number(to, count);
    *to++ = separator;
    if (!config->percent)
        return to;
    to = put_percent(to, count, sum);
    *to++ = separator;
    return to;
}

static bool write_text(output *out, const char *text) {
    return output_write(out, text, strlen(text));
}

static bool write_byte(output *out, char byte) {
    return output_write(out, &byte, 1);
}

/* RFC 4180: quoted if it has a comma, a quote or the end of a line. */
static bool write_csv_field(output *out, const char *text, size_t len) {
    bool quoted = false;
    for (size_t i = 0; i < len; i++)
        quoted |= text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n';
    if (!quoted)
        return output_write(out, text, len);
    bool ok = write_byte(out, '"');
    for (size_t i = 0; i < len && ok; i++)
        ok = (text[i] != '"' || write_byte(out, '"')) && write_byte(out, text[i]);
    return ok && write_byte(out, '"');
}

static bool write_tsv_field(output *out, const char *text, size_t len) {
    bool ok = true;
    for (size_t i = 0; i < len && ok; i++) {
        const char *escaped = text[i] == '\t'   ? "\\t"
                              : text[i] == '\n' ? "\\n"
                              : text[i] == '\r' ? "\\r"
                              : text[i] == '\\' ? "\\\\"
                                                : NULL;
        ok = escaped ? write_text(out, escaped) : write_byte(out, text[i]);
    }
    return ok;
}

/* What a line starts with. */
static bool write_label(output *out, const count_print_config *config, const char *label) {
    switch (config->format) {
    case COUNT_TEXT:
        return !label || (write_text(out, label) && write_byte(out, ':'));
    case COUNT_JSON:
        return write_byte(out, '{') &&
               (!label || (write_text(out, "\"file\":\"") &&
                           print_json_text(out, label, strlen(label)) && write_text(out, "\",")));
    case COUNT_CSV:
        return !label || (write_csv_field(out, label, strlen(label)) && write_byte(out, ','));
    case COUNT_TSV:
        return !label || (write_tsv_field(out, label, strlen(label)) && write_byte(out, '\t'));
    }
    return true;
}

bool print_count_header(output *out, const count_print_config *config, bool file_names) {
    const char *separator = config->format == COUNT_CSV ? "," : "\t";
    bool whole = config->ipv4_prefix == 32 && config->ipv6_prefix == 128;
    if (config->format != COUNT_CSV && config->format != COUNT_TSV)
        return true;
    return (!file_names || (write_text(out, "file") && write_text(out, separator))) &&
           write_text(out, "count") && write_text(out, separator) &&
           (!config->percent || (write_text(out, "percent") && write_text(out, separator))) &&
           write_text(out, config->labels ? "label\n"
                           : whole        ? "address\n"
                                          : "network\n");
}

/* ---- lines ------------------------------------------------------------------------------------ */

static size_t put_record(char line[LINE_SIZE], const count_print_config *config,
                         const address_count *entry, uint64_t sum) {
    char *end;
    if (config->format == COUNT_JSON)
        end = put_json_record(line, config, entry, sum);
    else if (config->format == COUNT_TEXT)
        end = put_network(put_count(line, config, entry->count, sum), config, entry);
    else
        end = put_network(put_columns(line, config, entry->count, sum), config, entry);
    return (size_t)(end - line);
}

static bool write_label_record(output *out, const count_print_config *config,
                               const label_count *entry, uint64_t sum) {
    char line[LINE_SIZE], *end = line;
    if (config->format == COUNT_JSON) {
        end = put_json_count(put_text(end, "\""), config, entry->count, sum);
        return write_text(out, "\"label\":\"") && print_json_text(out, entry->label, entry->len) &&
               output_write(out, line, (size_t)(end - line));
    }
    end = config->format == COUNT_TEXT ? put_count(end, config, entry->count, sum)
                                       : put_columns(end, config, entry->count, sum);
    return output_write(out, line, (size_t)(end - line)) &&
           (config->format == COUNT_TEXT  ? print_printable(out, entry->label, entry->len)
            : config->format == COUNT_CSV ? write_csv_field(out, entry->label, entry->len)
                                          : write_tsv_field(out, entry->label, entry->len));
}

static uint64_t count_at(const count_rows *rows, size_t i) {
    return rows->labels ? rows->labels[i].count : rows->addresses[i].count;
}

/* The lines of text that are printed, the longest and the highest count of which scale the bars. */
typedef struct {
    size_t longest;
    uint64_t highest;
} bar_scale;

/* The columns of a line of text on a terminal. */
static size_t width_of(const count_print_config *config, const count_rows *rows, size_t i) {
    char line[LINE_SIZE];
    if (!rows->labels)
        return put_record(line, config, &rows->addresses[i], rows->sum);
    const label_count *entry = &rows->labels[i];
    size_t width = (size_t)(put_count(line, config, entry->count, rows->sum) - line);
    for (size_t byte = 0; byte < entry->len; byte++)
        width += ((unsigned char)entry->label[byte] & 0xc0) != 0x80; /* of UTF-8 */
    return width;
}

static bar_scale measure(const count_print_config *config, const count_rows *rows) {
    bar_scale scale = {0};
    for (size_t i = 0; i < rows->n && config->bar_columns > 0; i++) {
        const uint64_t count = count_at(rows, i);
        if (count < config->min)
            continue;
        const size_t width = width_of(config, rows, i);
        scale.longest = width > scale.longest ? width : scale.longest;
        scale.highest = count > scale.highest ? count : scale.highest;
    }
    return scale;
}

/* A bar at the same column of all lines, up to the end of the terminal's. */
static bool print_bar(output *out, const count_print_config *config, const bar_scale *scale,
                      size_t prefix, size_t len, uint64_t count) {
    const size_t column = prefix + scale->longest + 1;
    if (config->bar_columns <= column + 1)
        return true;
    const size_t room = config->bar_columns - column - 1;
    const size_t width = (size_t)((double)count / (double)scale->highest * (double)room + 0.5);
    bool ok = true;
    for (size_t at = prefix + len; at < column && ok; at++)
        ok = write_byte(out, ' ');
    for (size_t i = 0; i < width && ok; i++)
        ok = write_byte(out, '#');
    return ok;
}

static bool print_total(output *out, const count_print_config *config, const char *label,
                        uint64_t sum, uint64_t distinct) {
    char line[LINE_SIZE], *end = line;
    if (config->format == COUNT_TEXT) {
        end = put_text(put_count(end, config, sum, sum), "total\n");
    } else if (config->format == COUNT_JSON) {
        end = put_number(put_text(end, "\"total\":"), sum);
        end = put_number(put_text(end, ",\"distinct\":"), distinct);
        end = put_text(end, "}\n");
    } else {
        end = put_text(put_columns(end, config, sum, sum), "total\n");
    }
    return write_label(out, config, label) && output_write(out, line, (size_t)(end - line));
}

static bool print_row(output *out, const count_print_config *config, const count_rows *rows,
                      size_t i) {
    char line[LINE_SIZE];
    return rows->labels
               ? write_label_record(out, config, &rows->labels[i], rows->sum)
               : output_write(out, line, put_record(line, config, &rows->addresses[i], rows->sum));
}

/* The lines of addresses in text, without a file name or a bar: most output is that. */
static bool print_plain(output *out, const count_print_config *config, const count_rows *rows) {
    for (size_t i = 0; i < rows->n; i++) {
        const address_count *entry = &rows->addresses[i];
        char *to;
        if (entry->count < config->min)
            continue;
        if (!(to = output_reserve(out, LINE_SIZE)))
            return false;
        to = put_network(put_count(to, config, entry->count, rows->sum), config, entry);
        *to++ = '\n';
        output_commit(out, to);
    }
    return true;
}

bool print_counts(output *out, const count_print_config *config, const char *label,
                  const count_rows *rows) {
    const bar_scale scale = measure(config, rows);
    const size_t prefix = label ? strlen(label) + 1 : 0;
    const bool plain =
        config->format == COUNT_TEXT && !label && !rows->labels && config->bar_columns == 0;
    bool ok = !plain || print_plain(out, config, rows);
    for (size_t i = 0; i < rows->n && ok && !plain; i++) {
        const uint64_t count = count_at(rows, i);
        if (count < config->min)
            continue;
        ok = write_label(out, config, label) && print_row(out, config, rows, i) &&
             (config->bar_columns == 0 ||
              print_bar(out, config, &scale, prefix, width_of(config, rows, i), count)) &&
             write_byte(out, '\n');
    }
    return ok && (!config->total || print_total(out, config, label, rows->sum, rows->distinct));
}
