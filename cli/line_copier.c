/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "line_copier.h"

#include "address_context.h"
#include "address_text.h"
#include "dotted_run.h"
#include "escaped_address.h"
#include "log.h"
#include "reverse_name.h"
#include "utf16.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((unsigned)LINE_COPIER_LOOK_AHEAD >= (unsigned)REVERSE_NAME_MAX &&
                   (unsigned)LINE_COPIER_LOOK_AHEAD >= (unsigned)ESCAPED_ADDRESS_MAX,
               "what follows the start of a name");

/* Offsets count from the start of the input. */
typedef struct {
    address_rewriter *rewriter;
    uint64_t copied; /* what precedes it is written */
    bool in_line;    /* copied is in a line that starts in the range */
    dotted_run run;  /* copied is in it, if it is active */
} line_copier;

/* output.await_turn: what is in the output is in the mapping, whatever ends the process. One thread has both. */
static bool flush_mapping(void *context) {
    return address_mapping_flush(context);
}

static bool open_copier(range_scanner *scanner) {
    copy_config *config = scanner->job->state;
    line_copier *copier = calloc(1, sizeof *copier);
    scanner->own = copier;
    if (config->mapping) {
        scanner->out.await_turn = flush_mapping;
        scanner->out.context = config->mapping;
    }
    return copier && (copier->rewriter = rewriter_new(&config->rewrite));
}

static void close_copier(range_scanner *scanner) {
    line_copier *copier = scanner->own;
    if (copier)
        rewriter_free(copier->rewriter);
    free(copier);
}

static void begin_range(range_scanner *scanner) {
    line_copier *copier = scanner->own;
    copier->in_line = scanner->first;
    copier->run.active = false;
    copier->copied = scanner->first ? scanner->begin : scanner->begin - 1;
}

/* ---- addresses ---------------------------------------------------------------------------------- */

/* Whether a match is a canonical address, and what stands in place of it has no other notation. */
static bool is_plain(const buffer_view *view, const simdinet_match *match) {
    simdinet_match address;
    return !(match->flags & (SIMDINET_MATCH_DOUBTFUL | SIMDINET_MATCH_DEFANGED)) &&
           !(match->flags & SIMDINET_MATCH_PORT &&
             has_line_number(view->text, view->len, match, &address));
}

/* Doubtful and short, "d::" of std::string is not taken for an address. Other addresses of a dotted run than
 * this one may be replaced. */
static bool is_replaced(const copy_config *config, const buffer_view *view,
                        const simdinet_match *match) {
    if (match->family == 6 && match->flags & SIMDINET_MATCH_DOUBTFUL &&
        !has_long_group(view->text + match->offset, match->length))
        return false;
    if (is_in_dotted_run(match) || address_filter_accepts(config->filter, match))
        return true;
    const simdinet_match other = reversed_match(match);
    return !config->rewrite.keyed && is_before_label(view->text, view->len, match) &&
           address_filter_accepts(config->filter, &other);
}

/* ---- text --------------------------------------------------------------------------------------- */

static size_t view_offset(const buffer_view *view, uint64_t offset) {
    return (size_t)(offset - view->base);
}

/* Writes the text up to an offset as it is. */
static bool copy_text(range_scanner *scanner, const buffer_view *view, uint64_t offset) {
    line_copier *copier = scanner->own;
    const char *from = view->text + view_offset(view, copier->copied);
    const size_t len = (size_t)(offset - copier->copied);
    copier->copied = offset;
    return output_write(&scanner->out, from, len);
}

/* Writes what an active run has before an offset, and the number or address that begins before it. */
static bool copy_run(range_scanner *scanner, const buffer_view *view, uint64_t end) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    while (copier->run.active && copier->copied < end) {
        dotted_step step;
        if (config->is_plain_truncation) {
            size_t at = view_offset(view, copier->copied);
            char *to = output_reserve(&scanner->out, DOTTED_RUN_ROOM);
            if (!to)
                return false;
            output_commit(&scanner->out,
                          dotted_run_truncate(&copier->run, rewriter_ipv4_mask(copier->rewriter),
                                              view->text, view->len, &at, view_offset(view, end),
                                              to));
            copier->copied = view->base + at;
            if (copier->copied >= end)
                break;
        }
        if (!dotted_run_next(&copier->run, copier->rewriter, &config->rewrite, config->filter,
                             view->text, view->len, view_offset(view, copier->copied), &step)) {
            log_error("libcrypto failed");
            return false;
        }
        if (!copy_text(scanner, view, copier->copied + step.kept) ||
            !output_write(&scanner->out, step.text, step.len))
            return false;
        copier->copied += step.replaced;
        if (step.has_match && config->mapping &&
            !address_mapping_add(config->mapping, &step.match, step.address, copier->rewriter))
            return false;
    }
    return true;
}

/* Sets what is left of four numbers before a label that may be an address in either order: of each number what
 * truncation leaves in both. */
static bool truncate_both_orders(copy_config *config, address_rewriter *rewriter,
                                 const simdinet_match *match, uint8_t left[16]) {
    const simdinet_match orders[2] = {*match, reversed_match(match)};
    uint8_t address[16];
    memcpy(left + 12, match->address, 4);
    for (size_t order = 0; order < 2; order++) {
        if (!address_filter_accepts(config->filter, &orders[order]))
            continue;
        if (!rewriter_apply(rewriter, &orders[order], 1, &address) ||
            (config->mapping &&
             !address_mapping_add(config->mapping, &orders[order], address, rewriter)))
            return false;
        for (size_t i = 0; i < 4; i++)
            left[12 + i] &= address[12 + (order ? 3 - i : i)];
    }
    return true;
}

/* Writes the text up to the end of each of n matches, with the new addresses in their place. */
static bool copy_matches(range_scanner *scanner, const buffer_view *view,
                         const simdinet_match *matches, size_t n, uint64_t end) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    uint8_t addresses[MAX_REWRITES][16];
    if (!rewriter_apply(copier->rewriter, matches, n, addresses)) {
        log_error("libcrypto failed");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *match = &matches[i];
        const bool both = !config->rewrite.keyed && is_before_label(view->text, view->len, match);
        char *to;
        if (view->base + match->offset < copier->copied) /* in a run */
            continue;
        if (is_in_dotted_run(match)) {
            copier->run = dotted_run_begin(match);
            if (!copy_text(scanner, view, view->base + match->offset) ||
                !copy_run(scanner, view, end))
                return false;
            continue;
        }
        if ((both && !truncate_both_orders(config, copier->rewriter, match, addresses[i])) ||
            !copy_text(scanner, view, view->base + match->offset) ||
            !(to = output_reserve(&scanner->out, MAX_REWRITTEN)))
            return false;
        output_commit(&scanner->out, put_rewritten(to, copier->rewriter, match, addresses[i],
                                                   is_beside_colon(view->text, view->len, match)));
        copier->copied += match->length;
        if (config->mapping && !both &&
            !address_mapping_add(config->mapping, match, addresses[i], copier->rewriter))
            return false;
    }
    return true;
}

/* Reserves room for text and more bytes after it, with a copy of the text there. Returns its end. */
static inline char *reserve_after(output *out, const char *text, size_t len, size_t more) {
    enum { STEP = 32 }; /* the excess comes from VIEW_READ_AHEAD */
    if (len > OUTPUT_MAX_RESERVE / 2) {
        if (!output_write(out, text, len))
            return NULL;
        len = 0;
    }
    char *to = output_reserve(out, len + STEP + more);
    for (size_t at = 0; to && at < len; at += STEP)
        memcpy(to + at, text + at, STEP);
    return to ? to + len : NULL;
}

/*
 * Truncates the matches from *next on that are plain and begin before an offset, and writes the text before
 * each. There is no filter and no mapping.
 */
static bool truncate_plain(range_scanner *scanner, const buffer_view *view, size_t *next,
                           uint64_t end) {
    line_copier *copier = scanner->own;
    const octet_cut *cut = rewriter_octet_cut(copier->rewriter);
    const size_t stop = view_offset(view, end);
    size_t copied = view_offset(view, copier->copied), i = *next;
    for (; i < view->count && view->matches[i].offset < stop; i++) {
        const simdinet_match *match = &view->matches[i];
        if (!is_plain(view, match))
            break;
        if (match->offset < copied)
            continue;
        const bool is_cut = cut && match->family == 4;
        const size_t kept = is_cut ? octet_cut_kept(cut, match) : 0;
        char *to = reserve_after(&scanner->out, view->text + copied, match->offset + kept - copied,
                                 MAX_REWRITTEN);
        if (!to)
            return false;
        if (is_cut) {
            memcpy(to, cut->zeros, sizeof cut->zeros);
            to += cut->length;
        } else {
            to = put_truncated(to, copier->rewriter, match,
                               is_beside_colon(view->text, view->len, match));
        }
        output_commit(&scanner->out, to);
        copied = match->offset + match->length;
    }
    copier->copied = view->base + copied;
    *next = i;
    return true;
}

/* Copies the text up to an offset, of which no part is in a reverse name. The matches before *next are done. */
static bool copy_between_names(range_scanner *scanner, const buffer_view *view, size_t *next,
                               uint64_t end) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    simdinet_match replaced[MAX_REWRITES];
    if (!copy_run(scanner, view, end))
        return false;
    for (bool more = true; more;) {
        size_t n = 0;
        if (config->is_plain_truncation && !truncate_plain(scanner, view, next, end))
            return false;
        for (; *next < view->count && n < MAX_REWRITES; (*next)++) {
            const simdinet_match *match = &view->matches[*next];
            const uint64_t offset = view->base + match->offset;
            if (offset >= end || (config->is_plain_truncation && is_plain(view, match)))
                break;
            simdinet_match address = *match;
            if (!config->rewrite.keyed)
                has_line_number(view->text, view->len, match, &address);
            if (offset >= copier->copied && is_replaced(config, view, &address))
                replaced[n++] = address;
        }
        more = *next < view->count && view->base + view->matches[*next].offset < end;
        if (n > 0 && !copy_matches(scanner, view, replaced, n, end))
            return false;
    }
    return copier->copied >= end || copy_text(scanner, view, end);
}

/* Writes a name, which begins at copied: that of its new address, with its zone as it is unless the family
 * changes. */
static bool copy_name(range_scanner *scanner, const buffer_view *view, const reverse_name *name) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    uint8_t address[16];
    char text[ADDRESS_TEXT_MAX];
    if (!address_filter_accepts(config->filter, &name->address))
        return copy_text(scanner, view, view->base + name->end);
    if (!rewriter_apply(copier->rewriter, &name->address, 1, &address)) {
        log_error("libcrypto failed");
        return false;
    }
    const unsigned family = rewritten_family(copier->rewriter, &name->address, address);
    const bool keeps_zone = family == name->address.family || name->zone == name->end;
    size_t len = (size_t)((family == 4 ? put_arpa_name(text, address + 12, 4)
                                       : put_arpa_name(text, address, 16)) -
                          text);
    if (keeps_zone)
        len -= strlen(family == 4 ? "in-addr.arpa" : "ip6.arpa");
    if (!output_write(&scanner->out, text, len))
        return false;
    copier->copied = view->base + (keeps_zone ? name->zone : name->end);
    copier->run.active = false;
    if (config->mapping &&
        !address_mapping_add(config->mapping, &name->address, address, copier->rewriter))
        return false;
    return copy_text(scanner, view, view->base + name->end);
}

/* Writes an address, which begins at copied, with the escapes that it had. */
static bool copy_escaped(range_scanner *scanner, const buffer_view *view,
                         const escaped_address *old) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    uint8_t address[16];
    char text[MAX_REWRITTEN], *to;
    if (!address_filter_accepts(config->filter, &old->address))
        return copy_text(scanner, view, view->base + old->end);
    if (!rewriter_apply(copier->rewriter, &old->address, 1, &address)) {
        log_error("libcrypto failed");
        return false;
    }
    const char *end =
        put_rewritten(text, copier->rewriter, &old->address, address, old->beside_colon);
    if (!(to = output_reserve(&scanner->out, MAX_REWRITTEN)))
        return false;
    output_commit(&scanner->out, put_escaped_text(to, old, text, (size_t)(end - text)));
    copier->copied = view->base + old->end;
    copier->run.active = false;
    return !config->mapping ||
           address_mapping_add(config->mapping, &old->address, address, copier->rewriter);
}

/* Copies the text up to an offset, and past it to the end of a name or an escaped address that begins before. */
static bool copy_until(range_scanner *scanner, const buffer_view *view, uint64_t end) {
    line_copier *copier = scanner->own;
    const bool doubtful = view->flags & SIMDINET_SCAN_RECALL;
    const size_t from = view_offset(view, copier->copied), stop = view_offset(view, end);
    reverse_name_search names =
        reverse_names(view->text, view->len, from, stop, view->matches, view->count, doubtful);
    escaped_search addresses =
        escaped_addresses(view->text, view->len, doubtful ? from : stop, stop);
    size_t next = 0;
    while (copier->copied < end) {
        const size_t copied = view_offset(view, copier->copied);
        reverse_name name;
        escaped_address address;
        const bool has_name = next_reverse_name(&names, copied, &name);
        const bool has_address = next_escaped_address(&addresses, copied, &address);
        if (!has_name && !has_address)
            break;
        const bool is_name = has_name && (!has_address || name.start < address.start);
        const uint64_t start = view->base + (is_name ? name.start : address.start);
        if (!copy_between_names(scanner, view, &next, start) ||
            (copier->copied == start &&
             !(is_name ? copy_name(scanner, view, &name) : copy_escaped(scanner, view, &address))))
            return false;
    }
    return copy_between_names(scanner, view, &next, end) && output_end_line(&scanner->out);
}

/* Finds the end of the line in text[from, to). */
static bool find_line_end(const buffer_view *view, uint64_t from, uint64_t to, uint64_t *end) {
    const char *text = view->text + view_offset(view, from);
    const char *newline = from < to ? memchr(text, '\n', (size_t)(to - from)) : NULL;
    if (newline)
        *end = from + (uint64_t)(newline - text) + 1;
    return newline != NULL;
}

static sink_result on_view(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    copy_config *config = scanner->job->state;
    line_copier *copier = scanner->own;
    const uint64_t scanned = view->base + view->scanned;
    *keep = view->scanned;
    if (!copier->in_line) {
        copier->in_line = find_line_end(view, copier->copied, scanned, &copier->copied);
        if (!copier->in_line)
            copier->copied = scanned;
        if (copier->copied >= scanner->end)
            return SINK_DONE;
        if (!copier->in_line)
            return SINK_CONTINUE;
    }
    /* The last line ends at or past the end of the range. */
    uint64_t end = scanned;
    const uint64_t last = copier->copied > scanner->end - 1 ? copier->copied : scanner->end - 1;
    const bool done = last < scanned && find_line_end(view, last, scanned, &end);
    const size_t from = view_offset(view, copier->copied);
    if (!copy_until(scanner, view, end))
        return SINK_FAILED;
    if (has_utf16_address(view->text + from, view_offset(view, end) - from))
        atomic_store(&config->has_utf16, true);
    return done ? SINK_DONE : SINK_CONTINUE;
}

static bool input_done(output *out, const char *label, void *state, uint64_t selected) {
    (void)out, (void)selected;
    if (!atomic_exchange(&((copy_config *)state)->has_utf16, false))
        return true;
    log_error("%s: text in UTF-16 that does not begin the file was copied with its addresses",
              label);
    return false;
}

const match_sink line_copier_sink = {.whole_lines = true,
                                     .text_only = true,
                                     .open = open_copier,
                                     .close = close_copier,
                                     .begin = begin_range,
                                     .on_view = on_view,
                                     .input_done = input_done};
