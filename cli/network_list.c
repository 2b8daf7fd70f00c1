/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_list.h"

#include "blank.h"
#include "buffer_size.h"
#include "line_reader.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = BUFFER_SIZED(64 * 1024, 256) };

/* reader: of the list that holds the text, or NULL. */
static void log_invalid(const line_reader *reader, const char *text, size_t len,
                        const network_error *error) {
    char shown[LOG_EXCERPT_SIZE], part[LOG_EXCERPT_SIZE], quoted[LOG_EXCERPT_SIZE + 4] = "";
    char message[320];
    if (error->quoted > 0)
        snprintf(quoted, sizeof quoted, " '%s'",
                 log_excerpt(part, text + error->at, error->quoted));
    snprintf(message, sizeof message, "invalid network '%s': %s%s at byte %zu",
             log_excerpt(shown, text, len), error->reason, quoted, error->at);
    if (reader)
        log_error("%s:%llu: %s", reader->label, (unsigned long long)reader->number, message);
    else
        log_error("%s", message);
}

static bool add_text(network_set *set, const line_reader *reader, const char *text, size_t len) {
    network_range range;
    network_error error;
    if (!network_parse(text, len, &range, &error)) {
        log_invalid(reader, text, len, &error);
        return false;
    }
    if (!network_set_add(set, &range)) {
        log_out_of_memory();
        return false;
    }
    return true;
}

bool network_set_add_argument(network_set *set, const char *text) {
    return add_text(set, NULL, text, strlen(text));
}

static bool add_line(network_set *set, const line_reader *reader, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (text[i] == '#' || text[i] == ';')
            len = i;
    trim_blanks(&text, &len);
    return len == 0 || add_text(set, reader, text, len);
}

bool network_set_add_file(network_set *set, const char *name) {
    line_reader reader;
    char *line;
    size_t len;
    bool terminated, ok = true;
    line_result result = LINE_OK;
    if (!line_reader_open(&reader, name, LINE_SIZE))
        return false;
    while (ok && (result = line_reader_next(&reader, &line, &len, &terminated)) == LINE_OK)
        ok = add_line(set, &reader, line, len);
    if (result == LINE_TOO_LONG)
        log_error("%s:%llu: line too long", reader.label, (unsigned long long)reader.number);
    else if (result == LINE_ERROR)
        line_reader_log_error(&reader);
    line_reader_close(&reader);
    return ok && result == LINE_END;
}
