/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * anonymize.c - simdinet anonymize: copies text and writes other addresses in place of those in it.
 *
 * A thread copies the lines that start in its range. No match contains a line feed, and no rule of the
 * scan reads past one, so the result does not depend on the ranges.
 */
#include "address_counter.h"
#include "address_rewriter.h"
#include "address_text.h"
#include "dotted_run.h"
#include "exit_status.h"
#include "key_file.h"
#include "log.h"
#include "option_table.h"
#include "reverse_name.h"
#include "search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    const options *given;
    rewrite_config config;
    bool is_plain_truncation; /* of all addresses, without a mapping */
    FILE *mapping;            /* --mapping, or NULL */
    address_counter *seen;    /* the addresses in it */
} anonymize_state;

/* Offsets count from the start of the input. */
typedef struct {
    address_rewriter *rewriter;
    uint64_t copied; /* what precedes it is written */
    bool in_line;    /* copied is in a line that starts in the range */
    dotted_run run;  /* copied is in it, if it is active */
} line_copier;

static bool open_copier(range_scanner *scanner) {
    const anonymize_state *state = scanner->job->state;
    line_copier *copier = calloc(1, sizeof *copier);
    scanner->own = copier;
    return copier && (copier->rewriter = rewriter_new(&state->config));
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

static bool is_hex(char byte) {
    const char lower = (char)(byte | 0x20);
    return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'f');
}

/* Whether there is a group of three digits. */
static bool has_long_group(const char *text, size_t len) {
    size_t digits = 0;
    for (size_t i = 0; i < len && digits < 3; i++)
        digits = is_hex(text[i]) ? digits + 1 : 0;
    return digits >= 3;
}

/* Doubtful and short, "d::" of std::string is not taken for an address. Other addresses of a dotted run than
 * this one may be replaced. */
static bool is_replaced(const options *given, const buffer_view *view,
                        const simdinet_match *match) {
    if (match->family == 6 && match->flags & SIMDINET_MATCH_DOUBTFUL &&
        !has_long_group(view->text + match->offset, match->length))
        return false;
    return is_in_dotted_run(match) || address_filter_accepts(&given->filter, match);
}

/* Appends "old,new" to the mapping, once for each address. */
static bool add_mapping(const anonymize_state *state, const simdinet_match *match,
                        const uint8_t *address, const address_rewriter *rewriter) {
    char line[2 * MAX_REWRITTEN + 2], *to = line;
    simdinet_match plain = *match;
    plain.flags = 0;
    const int added = address_counter_add(state->seen, match->address, match->family == 6);
    if (added < 0)
        log_out_of_memory();
    if (added <= 0)
        return added == 0;
    to += match->family == 4 ? simdinet_format_ipv4(match->address, to)
                             : simdinet_format_ipv6(match->address, to);
    *to++ = ',';
    to = put_rewritten(to, rewriter, &plain, address, false);
    *to++ = '\n';
    if (fwrite(line, 1, (size_t)(to - line), state->mapping) == (size_t)(to - line))
        return true;
    log_errno(state->given->mapping);
    return false;
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

static bool is_beside_colon(const buffer_view *view, const simdinet_match *match) {
    const size_t end = match->offset + match->length;
    return (match->offset > 0 && view->text[match->offset - 1] == ':') ||
           (end < view->len && view->text[end] == ':');
}

/* Writes what an active run has before an offset, and the number or address that begins before it. */
static bool copy_run(range_scanner *scanner, const buffer_view *view, uint64_t end) {
    const anonymize_state *state = scanner->job->state;
    line_copier *copier = scanner->own;
    while (copier->run.active && copier->copied < end) {
        dotted_step step;
        if (state->is_plain_truncation) {
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
        if (!dotted_run_next(&copier->run, copier->rewriter, &state->config, &state->given->filter,
                             view->text, view->len, view_offset(view, copier->copied), &step)) {
            log_error("libcrypto failed");
            return false;
        }
        if (!copy_text(scanner, view, copier->copied + step.kept) ||
            !output_write(&scanner->out, step.text, step.len))
            return false;
        copier->copied += step.replaced;
        scanner->counts.selected += step.has_match;
        if (step.has_match && state->mapping &&
            !add_mapping(state, &step.match, step.address, copier->rewriter))
            return false;
    }
    return true;
}

/* Writes the text up to the end of each of n matches, with the new addresses in their place. */
static bool copy_matches(range_scanner *scanner, const buffer_view *view,
                         const simdinet_match *matches, size_t n, uint64_t end) {
    const anonymize_state *state = scanner->job->state;
    line_copier *copier = scanner->own;
    uint8_t addresses[MAX_REWRITES][16];
    if (!rewriter_apply(copier->rewriter, matches, n, addresses)) {
        log_error("libcrypto failed");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *match = &matches[i];
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
        if (!copy_text(scanner, view, view->base + match->offset) ||
            !(to = output_reserve(&scanner->out, MAX_REWRITTEN)))
            return false;
        output_commit(&scanner->out, put_rewritten(to, copier->rewriter, match, addresses[i],
                                                   is_beside_colon(view, match)));
        copier->copied += match->length;
        scanner->counts.selected++;
        if (state->mapping && !add_mapping(state, match, addresses[i], copier->rewriter))
            return false;
    }
    return true;
}

/* Whether a match is a canonical address, and what stands in place of it has no other notation. */
static bool is_plain(const simdinet_match *match) {
    return !(match->flags & (SIMDINET_MATCH_DOUBTFUL | SIMDINET_MATCH_DEFANGED));
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
    size_t copied = view_offset(view, copier->copied), i = *next, n = 0;
    for (; i < view->count && view->matches[i].offset < stop; i++) {
        const simdinet_match *match = &view->matches[i];
        if (!is_plain(match))
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
            to = put_truncated(to, copier->rewriter, match, is_beside_colon(view, match));
        }
        output_commit(&scanner->out, to);
        copied = match->offset + match->length;
        n++;
    }
    scanner->counts.selected += n;
    copier->copied = view->base + copied;
    *next = i;
    return true;
}

/* Copies the text up to an offset, of which no part is in a reverse name. The matches before *next are done. */
static bool copy_between_names(range_scanner *scanner, const buffer_view *view, size_t *next,
                               uint64_t end) {
    const anonymize_state *state = scanner->job->state;
    line_copier *copier = scanner->own;
    simdinet_match replaced[MAX_REWRITES];
    if (!copy_run(scanner, view, end))
        return false;
    for (bool more = true; more;) {
        size_t n = 0;
        if (state->is_plain_truncation && !truncate_plain(scanner, view, next, end))
            return false;
        for (; *next < view->count && n < MAX_REWRITES; (*next)++) {
            const simdinet_match *match = &view->matches[*next];
            const uint64_t offset = view->base + match->offset;
            if (offset >= end || (state->is_plain_truncation && is_plain(match)))
                break;
            if (offset >= copier->copied && is_replaced(state->given, view, match))
                replaced[n++] = *match;
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
    const anonymize_state *state = scanner->job->state;
    line_copier *copier = scanner->own;
    uint8_t address[16];
    char text[ADDRESS_TEXT_MAX];
    if (!address_filter_accepts(&state->given->filter, &name->address))
        return copy_text(scanner, view, view->base + name->end);
    if (!rewriter_apply(copier->rewriter, &name->address, 1, &address)) {
        log_error("libcrypto failed");
        return false;
    }
    const unsigned family = rewritten_family(copier->rewriter, &name->address, address);
    const size_t zone = name->end - name->zone;
    size_t len = (size_t)((family == 4 ? put_arpa_name(text, address + 12, 4)
                                       : put_arpa_name(text, address, 16)) -
                          text);
    if (family == name->address.family)
        len -= zone;
    if (!output_write(&scanner->out, text, len))
        return false;
    copier->copied = view->base + (family == name->address.family ? name->zone : name->end);
    copier->run.active = false;
    scanner->counts.selected++;
    if (state->mapping && !add_mapping(state, &name->address, address, copier->rewriter))
        return false;
    return copy_text(scanner, view, view->base + name->end);
}

/* Copies the text up to an offset, and past it to the end of a name that begins before. */
static bool copy_until(range_scanner *scanner, const buffer_view *view, uint64_t end) {
    line_copier *copier = scanner->own;
    const bool by_matches = view->flags & SIMDINET_SCAN_RECALL;
    reverse_name_search names =
        reverse_names(view->text, view->len, view_offset(view, copier->copied),
                      view_offset(view, end), view->matches, view->count, by_matches);
    reverse_name name;
    size_t next = 0;
    while (copier->copied < end &&
           next_reverse_name(&names, view_offset(view, copier->copied), &name)) {
        const uint64_t start = view->base + name.start;
        if (!copy_between_names(scanner, view, &next, start) ||
            (copier->copied == start && !copy_name(scanner, view, &name)))
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
    if (!copy_until(scanner, view, end))
        return SINK_FAILED;
    return done ? SINK_DONE : SINK_CONTINUE;
}

/* ---- the command -------------------------------------------------------------------------------- */

static bool reject(const options *given, const char *message) {
    log_error("%s", message);
    log_try_help(given->command->name);
    return false;
}

static bool check_options(const options *given) {
    if (given->truncates && given->keyed)
        return reject(
            given, "--truncate cannot be combined with --keyed, --key-file, --mode or --decrypt");
    if ((given->keyed || given->generate_key) && !given->key_file)
        return reject(given, given->keyed ? "--keyed, --mode and --decrypt need --key-file"
                                          : "--generate-key needs --key-file");
    if (given->generate_key && given->n_operands > 0 && strcmp(given->operands[0], "-") != 0)
        return reject(given, "--generate-key takes no FILE");
    const char *problem = given->keyed ? cipher_load() : NULL;
    if (problem) {
        log_error("--keyed: %s", problem);
        return false;
    }
    return true;
}

/* Whether a file is the one that standard output is written to. Logged. */
static bool is_output(const char *name) {
    struct stat in, out;
    const bool is_stdin = strcmp(name, "-") == 0;
    if (fstat(STDOUT_FILENO, &out) != 0 || !S_ISREG(out.st_mode) ||
        (is_stdin ? fstat(STDIN_FILENO, &in) : stat(name, &in)) != 0 || in.st_dev != out.st_dev ||
        in.st_ino != out.st_ino)
        return false;
    log_error("%s: input file is also the output", is_stdin ? "standard input" : name);
    return true;
}

/* Creates the file of --mapping. False: logged. */
static bool open_mapping(anonymize_state *state) {
    const char *name = state->given->mapping;
    if (!name)
        return true;
    if (strcmp(name, "-") == 0) {
        log_error("--mapping needs the name of a file");
        return false;
    }
    const int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || !(state->mapping = fdopen(file, "w"))) {
        log_errno(name);
        if (file >= 0)
            close(file);
        return false;
    }
    state->seen = address_counter_new();
    if (!state->seen)
        log_out_of_memory();
    return state->seen != NULL;
}

static bool close_mapping(anonymize_state *state) {
    address_counter_free(state->seen);
    if (!state->mapping || fclose(state->mapping) == 0)
        return true;
    log_errno(state->given->mapping);
    return false;
}

static bool copy_files(anonymize_state *state) {
    static const match_sink sink = {.whole_lines = true,
                                    .text_only = true,
                                    .open = open_copier,
                                    .close = close_copier,
                                    .begin = begin_range,
                                    .on_view = on_view};
    const options *given = state->given;
    const bool opened = open_mapping(state);
    state->is_plain_truncation =
        !given->keyed && !state->mapping && !address_filter_is_set(&given->filter);
    search_result result = {.failed = true};
    if (opened)
        result = search_files(&given->scan, given->n_operands, given->operands, false, false, &sink,
                              state);
    if (opened && given->scan.stats)
        print_stats(&result, NULL);
    return close_mapping(state) && !result.failed;
}

static int run(options *given) {
    /* What only encryption has implies it. */
    given->keyed = given->keyed || given->decrypt ||
                   (!given->generate_key && (given->key_file || given->has_mode));
    anonymize_state state = {.given = given,
                             .config = {.ipv4_prefix = given->truncate_ipv4,
                                        .ipv6_prefix = given->truncate_ipv6,
                                        .keyed = given->keyed,
                                        .decrypt = given->decrypt,
                                        .mode = (cipher_mode)given->mode}};
    if (!check_options(given))
        return EXIT_TROUBLE;
    if (given->generate_key)
        return key_file_create(given->key_file, state.config.mode) ? EXIT_FOUND : EXIT_TROUBLE;
    for (int i = 0; i < given->n_operands; i++)
        if (is_output(given->operands[i]))
            return EXIT_TROUBLE;
    if (given->keyed)
        protect_memory();
    const bool ok =
        (!given->keyed || key_file_read(given->key_file, state.config.mode, state.config.key)) &&
        copy_files(&state);
    explicit_bzero(&state.config, sizeof state.config);
    return ok ? EXIT_FOUND : EXIT_TROUBLE;
}

const subcommand command_anonymize = {
    .id = COMMAND_anonymize,
    .name = "anonymize",
    .summary = "copy text with other addresses in place of those in it",
    .usage = {"[OPTION]... [FILE]...", "--generate-key --key-file FILE [--mode MODE]"},
    .about = "Copy the FILEs or standard input to standard output, with every IPv4 and IPv6 "
             "address shortened or encrypted. Everything else is copied as it is; UTF-16 "
             "becomes UTF-8.",
    .notes = "FILE - is standard input; compressed data are decompressed. Exit status: 0, or 2 "
             "after an error.",
    .manual =
        "Copies the files, or standard input, to standard output, and writes another address in "
        "place\n"
        "of each IPv4 and IPv6 address. What stands beside an address stays: ports, prefix "
        "lengths,\n"
        "zones, brackets, quotes. Every other byte is copied as it is, but text in UTF-16 is "
        "written\n"
        "as UTF-8, and compressed data are decompressed.\n"
        "\n"
        "By default the end of each address is set to zero: 192.0.2.0 for 192.0.2.1, and the\n"
        "first 48 bits of an IPv6 address. With `--keyed` each address is encrypted: the same "
        "address\n"
        "becomes the same text wherever it occurs, and `--decrypt` restores it for those who have\n"
        "the key. New addresses are in canonical form (RFC 5952), but without `::` where a colon "
        "adjoins.\n"
        "\n"
        "`simdinet`(1) describes what counts as an address and how input is read. This command "
        "replaces\n"
        "doubtful addresses as well, as `--doubtful` of `simdinet-extract`(1) prints them: what "
        "looks like\n"
        "a version number, like a hardware address of eight groups, or adjoins a letter; but for "
        "IPv6 without\n"
        "a group of three digits, such as `d::` in `std::string`.\n"
        "\n"
        "In a dotted run of more than four numbers, such as an object identifier, any four may be\n"
        "an address. Truncated, a number loses what it loses in any four consecutive octets: with\n"
        "/24 the first three stay, and each later one becomes 0. Encrypted, the run is divided "
        "into\n"
        "addresses from its end; one to three numbers may be left before the first, which stay.\n"
        "\n"
        "A name of reverse DNS, `77.113.0.203.in-addr.arpa` or 32 nibbles below `ip6.arpa`, is "
        "replaced\n"
        "by that of the new address: `0.113.0.203.in-addr.arpa`. Partial zones stay.\n"
        "# OPTIONS\n"
        "# MODES\n"
        ": `pfx`\n"
        "ipcrypt-pfx of draft-denis-ipcrypt. Two addresses that share a prefix are replaced by "
        "two\n"
        "that share a prefix of the same length, and an IPv4 address by an IPv4 address. The key "
        "has\n"
        "64 hexadecimal digits; its halves differ.\n"
        ": `deterministic`\n"
        "ipcrypt-deterministic of the same draft. Every address is replaced by an IPv6 address, "
        "which\n"
        "shows nothing but whether two addresses are equal. The key has 32 hexadecimal digits.\n"
        ": `cryptopan`\n"
        "Crypto-PAn (Xu, Fan, Ammar and Moon, 2002), which preserves prefixes as `pfx` does, for "
        "traces\n"
        "that were made with it. The key has 64 hexadecimal digits.\n"
        "# KEYS\n"
        "`--generate-key` creates a file with a key. A file may also have the bytes of a key "
        "instead of\n"
        "digits. A key is cleared from memory after use, and is not in core files, messages or\n"
        "arguments.\n"
        "# EXIT STATUS\n"
        ": 0\n"
        "All was copied.\n"
        ": 2\n"
        "An error occurred. After a read error the output ends before the word that may be cut "
        "off.\n"
        "# CAVEATS\n"
        "Encrypted addresses are pseudonyms: whoever has the key can restore them, and whoever "
        "knows\n"
        "some of them learns the prefixes of others from `pfx` and `cryptopan`. Truncated "
        "addresses are not\n"
        "restored, but a network may have one user. Text beside addresses may name people as "
        "well.\n"
        "\n"
        "Not found: addresses in host names (`192-0-2-1.example.com`), in base64 or other "
        "encodings, with\n"
        "percent-encoded colons (`2001%3Adb8%3A%3A1`), as numbers\n"
        "(`3221225985`), and defanged ones without `--defanged`. With `--precise` also those that\n"
        "`simdinet-extract`(1) leaves out. A tar archive is copied as text, and damaged where the "
        "length\n"
        "of an address changes.\n"
        "\n"
        "`--decrypt` restores what it finds. In mode `deterministic` an IPv6 address stands where "
        "an IPv4\n"
        "address was: what adjoins it, such as the port in `192.0.2.1:8`, may become part of it. "
        "With\n"
        "`--keep`, an encrypted address that is one of those to be kept is not decrypted. Where "
        "each\n"
        "address must be restored, write a `--mapping`.\n"
        "# EXAMPLES\n"
        "    simdinet anonymize access.log > public.log\n"
        "    simdinet anonymize --generate-key --key-file key\n"
        "    simdinet anonymize --keyed --key-file key --keep private access.log > shared.log\n"
        "    simdinet anonymize --keyed --key-file key --decrypt --keep private shared.log\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
