/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "label_printer.h"

#include "json.h"
#include "label_counter.h"
#include "log.h"
#include "text.h"

/* The format of uniq -c: the count right-aligned in seven columns. */
static char *put_count(char *to, uint64_t count) {
    enum { COLUMNS = 7 };
    char digits[24];
    size_t len = (size_t)(put_number(digits, count) - digits);
    for (size_t i = len; i < COLUMNS; i++)
        *to++ = ' ';
    to = put_bytes(to, digits, len);
    *to++ = ' ';
    return to;
}

/* The label of an address; "-": none. */
static bool add_label(label_counter *labels, const label_source *source,
                      const address_count *entry) {
    address_label found;
    label_source_name(source, entry->address, entry->ipv6, &found);
    return found.label_len > 0
               ? label_counter_add(labels, found.label, found.label_len, entry->count)
               : label_counter_add(labels, "-", 1, entry->count);
}

static bool print_label_text(output *out, const label_count *entry) {
    return output_write(out, entry->label, entry->len) && output_write(out, "\n", 1);
}

static bool print_label_json(output *out, const label_count *entry) {
    for (const char *at = entry->label, *end = at + entry->len; at < end;) {
        char *to = output_reserve(out, JSON_MAX_ESCAPE);
        if (!to)
            return false;
        output_commit(out, put_json_character(to, &at));
    }
    char *to = output_reserve(out, 64);
    if (!to)
        return false;
    to = put_text(to, "\",\"count\":");
    to = put_number(to, entry->count);
    output_commit(out, put_text(to, "}\n"));
    return true;
}

static bool print_label_count(output *out, bool json, const label_count *entry) {
    char *to = output_reserve(out, 64);
    if (!to)
        return false;
    output_commit(out, json ? put_text(to, "{\"label\":\"") : put_count(to, entry->count));
    return json ? print_label_json(out, entry) : print_label_text(out, entry);
}

bool print_label_counts(output *out, const label_source *source, bool json,
                        const address_count *counts, size_t n, uint64_t max) {
    label_counter *labels = label_counter_new();
    bool ok = labels != NULL;
    for (size_t i = 0; i < n && ok; i++)
        ok = add_label(labels, source, &counts[i]);
    if (!ok)
        log_out_of_memory();
    const label_count *sorted = ok ? label_counter_sort(labels, &n) : NULL;
    for (size_t i = 0; i < n && i < max && ok; i++)
        ok = print_label_count(out, json, &sorted[i]);
    label_counter_free(labels);
    return ok;
}
