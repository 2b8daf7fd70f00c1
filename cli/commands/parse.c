/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse.c - simdinet parse: addresses in text, one per line, to bytes or numbers.
 */
#include "address_notation.h"
#include "blank.h"
#include "buffer_size.h"
#include "exit_status.h"
#include "field.h"
#include "line_reader.h"
#include "log.h"
#include "mapped.h"
#include "option_table.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>

/* TEXT_SIZE amortizes system calls; the results of LINES lines fit into a first-level cache. */
enum {
    TEXT_SIZE = BUFFER_SIZED(256 * 1024, 2 * SIMDINET_LINES_MAX_PENDING),
    LINES = BUFFER_SIZED(1024, 8),
    BITS = LINES / 8,
    MAX_RECORD = ADDRESS_LINE_MAX
};

typedef struct {
    address_notation form;
    bool header, strict;
    size_t field; /* the number of a field, from 1; 0: whole lines */
    char delimiter;

    line_reader reader;
    uint64_t line; /* lines of the file parsed so far */
    bool invalid;  /* a line of any file was invalid */
    /* Why the line whose start has left the buffer is invalid. */
    simdinet_reason long_reason;
    size_t long_at;
    char long_excerpt[LOG_EXCERPT_SIZE];

    uint8_t out[16 * LINES], valid[BITS], is_ipv6[BITS];
    char records[MAX_RECORD * LINES];
} parse_job;

typedef enum { PARSE_DONE, PARSE_FAILED, PARSE_STOPPED } parse_result;

static bool bit(const uint8_t *bitmap, size_t i) {
    return bitmap[i / 8] >> (i % 8) & 1;
}

/* ---- output ----------------------------------------------------------------------------------- */

/* Writes the addresses of the valid lines among the first lines. */
static bool write_addresses(parse_job *job, size_t lines, size_t valid) {
    size_t size = job->form.families == SIMDINET_SCAN_IPV4 ? 4 : 16;
    if (job->form.notation == NOTATION_BINARY && valid == lines)
        return write_stdout((const char *)job->out, size * lines);
    char *p = job->records;
    for (size_t i = 0; i < lines; i++) {
        const uint8_t *address = job->out + i * size;
        if (!bit(job->valid, i))
            continue;
        if (job->form.notation == NOTATION_BINARY) {
            memcpy(p, address, size);
            p += size;
            continue;
        }
        size_t skip = !job->form.families && !bit(job->is_ipv6, i) ? 12 : 0;
        p = put_address_line(p, &job->form, address + skip, size - skip);
    }
    return write_stdout(job->records, (size_t)(p - job->records));
}

/* ---- invalid lines ---------------------------------------------------------------------------- */

/* Explains at most as much of a line as can be pending, so that the buffering does not matter. */
static simdinet_reason explain(const parse_job *job, const char *text, size_t len, size_t *at) {
    if (len > SIMDINET_LINES_MAX_PENDING)
        len = SIMDINET_LINES_MAX_PENDING;
    if (job->form.families == SIMDINET_SCAN_IPV4)
        return simdinet_explain_ipv4(text, len, at);
    if (job->form.families == SIMDINET_SCAN_IPV6)
        return simdinet_explain_ipv6(text, len, at);
    return simdinet_explain_mixed(text, len, at);
}

/* Parses one address to the place of line i. False: invalid. */
static bool parse_one(parse_job *job, const char *text, size_t len, size_t i) {
    const size_t size = job->form.families == SIMDINET_SCAN_IPV4 ? 4 : 16;
    const uint8_t mask = (uint8_t)(1u << i % 8);
    uint8_t *out = job->out + i * size;
    bool ipv6 = job->form.families == SIMDINET_SCAN_IPV6;
    bool ok = !ipv6 && simdinet_parse_ipv4(text, len, job->form.families ? out : out + 12);
    if (ok && !job->form.families) {
        memcpy(out, mapped_prefix, sizeof mapped_prefix);
    } else if (!ok && job->form.families != SIMDINET_SCAN_IPV4) {
        ok = ipv6 = simdinet_parse_ipv6(text, len, out);
    }
    job->valid[i / 8] = (uint8_t)(ok ? job->valid[i / 8] | mask : job->valid[i / 8] & ~mask);
    job->is_ipv6[i / 8] =
        (uint8_t)(ipv6 ? job->is_ipv6[i / 8] | mask : job->is_ipv6[i / 8] & ~mask);
    return ok;
}

/* excerpt: of the text of line i. */
static void log_invalid(parse_job *job, size_t i, simdinet_reason reason, size_t at,
                        const char *excerpt) {
    log_error(*excerpt ? "%s:%llu: %s at byte %zu: '%s'" : "%s:%llu: %s at byte %zu",
              job->reader.label, (unsigned long long)job->line + i + 1,
              simdinet_reason_text(reason), at, excerpt);
    job->invalid = true;
}

/* text[0, len) is line i, of which shift bytes are left out. Logs why it is invalid, unless it is valid
 * without the blanks around it. */
static bool check_line(parse_job *job, const char *text, size_t len, size_t shift, size_t i) {
    const char *trimmed = text;
    char excerpt[LOG_EXCERPT_SIZE];
    size_t at = 0;
    trim_blanks(&trimmed, &len);
    if (parse_one(job, trimmed, len, i))
        return true;
    simdinet_reason reason = explain(job, trimmed, len, &at);
    log_invalid(job, i, reason, shift + (size_t)(trimmed - text) + at,
                log_excerpt(excerpt, trimmed, len));
    return false;
}

/*
 * Checks the lines of text[0, len) that are not valid as they are, and logs those that are invalid.
 * *n_valid becomes the number of valid lines. Returns lines; with --strict the lines before an invalid one.
 */
static size_t check_lines(parse_job *job, const char *text, size_t len, size_t lines,
                          size_t *n_valid) {
    const char *end = text + len;
    for (size_t i = 0; i < lines; i++) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *stop = lf ? lf : end;
        bool ok = bit(job->valid, i);
        if (!ok && job->long_reason != SIMDINET_REASON_NONE) {
            log_invalid(job, i, job->long_reason, job->long_at, job->long_excerpt);
        } else if (!ok) {
            size_t size = (size_t)(stop - text);
            if (lf && size > 0 && stop[-1] == '\r')
                size--;
            ok = check_line(job, text, size, 0, i);
            *n_valid += ok;
        }
        if (!ok && job->strict)
            return i;
        job->long_reason = SIMDINET_REASON_NONE;
        text = stop + 1;
    }
    return lines;
}

/* ---- input ------------------------------------------------------------------------------------ */

/* Returns the bytes consumed. */
static size_t parse_batch(parse_job *job, const char *text, size_t len, unsigned flags, size_t *n,
                          size_t *n_valid) {
    if (job->form.families == SIMDINET_SCAN_IPV4)
        return simdinet_parse_ipv4_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    if (job->form.families == SIMDINET_SCAN_IPV6)
        return simdinet_parse_ipv6_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    return simdinet_parse_mixed_lines(text, len, flags, LINES, job->out, job->valid, job->is_ipv6,
                                      n, n_valid);
}

/* Of a line whose end is not read: keeps its start, which may be blanks, or if it fills the buffer remembers why it is
 * invalid. Returns the bytes to consume. */
static size_t end_of_lines(parse_job *job, const char *text, size_t len, size_t consumed) {
    size_t last = consumed;
    while (last > 0 && text[last - 1] != '\n')
        last--;
    if (last == consumed || job->long_reason != SIMDINET_REASON_NONE)
        return consumed;
    if (len - last < job->reader.size)
        return last;
    job->long_reason = explain(job, text + last, len - last, &job->long_at);
    log_excerpt(job->long_excerpt, text + last, len - last);
    return consumed;
}

/* Parses the buffered lines and consumes them. */
static parse_result parse_buffer(parse_job *job) {
    line_reader *reader = &job->reader;
    unsigned flags = reader->ended ? 0 : SIMDINET_LINES_PARTIAL;
    size_t n, n_valid;
    do {
        const char *text = reader->text + reader->at;
        size_t len = reader->len - reader->at;
        size_t consumed = parse_batch(job, text, len, flags, &n, &n_valid), lines = n;
        if (n_valid < n) {
            log_hold();
            lines = check_lines(job, text, consumed, n, &n_valid);
            log_release();
        } else if (n > 0)
            job->long_reason = SIMDINET_REASON_NONE;
        bool stop = lines < n;
        if (!write_addresses(job, lines, stop ? lines : n_valid) || stop)
            return PARSE_STOPPED;
        job->line += lines;
        if (n < LINES && !reader->ended)
            consumed = end_of_lines(job, text, len, consumed);
        reader->at += consumed;
    } while (n == LINES);
    return PARSE_DONE;
}

/* ---- fields ----------------------------------------------------------------------------------- */

/* Parses a field of line i of the batch. False: invalid, logged. */
static bool parse_field(parse_job *job, const char *line, size_t len, size_t i) {
    size_t at, field_len;
    if (find_field(line, len, job->delimiter, job->field, &at, &field_len))
        return check_line(job, line + at, field_len, at, i);
    char excerpt[LOG_EXCERPT_SIZE];
    log_error("%s:%llu: no field %zu at byte %zu: '%s'", job->reader.label,
              (unsigned long long)job->line + i + 1, job->field, len,
              log_excerpt(excerpt, line, len));
    job->valid[i / 8] = (uint8_t)(job->valid[i / 8] & ~(1u << i % 8));
    job->invalid = true;
    return false;
}

static bool flush_fields(parse_job *job, size_t lines, size_t valid) {
    job->line += lines;
    log_release();
    const bool ok = write_addresses(job, lines, valid);
    log_hold();
    return ok;
}

/* One line at a time. */
static parse_result parse_held_fields(parse_job *job) {
    size_t n = 0, n_valid = 0;
    for (;;) {
        char *line;
        size_t len;
        bool terminated;
        /* Written before a read that may block. */
        if (n == LINES || !line_reader_buffered(&job->reader)) {
            if (!flush_fields(job, n, n_valid))
                return PARSE_STOPPED;
            n = n_valid = 0;
        }
        line_result result = line_reader_next(&job->reader, &line, &len, &terminated);
        if (result == LINE_END)
            return PARSE_DONE;
        if (result == LINE_ERROR) {
            line_reader_log_error(&job->reader);
            return PARSE_FAILED;
        }
        bool ok = parse_field(job, line, len, n);
        if (!ok && job->strict) {
            flush_fields(job, n, n_valid);
            return PARSE_STOPPED;
        }
        n++;
        n_valid += ok;
    }
}

static parse_result parse_fields(parse_job *job) {
    log_hold();
    const parse_result result = parse_held_fields(job);
    log_release();
    return result;
}

/* --header: leaves out the first line. */
static parse_result skip_header(parse_job *job) {
    char *line;
    size_t len;
    bool terminated;
    if (line_reader_next(&job->reader, &line, &len, &terminated) != LINE_ERROR)
        return PARSE_DONE;
    line_reader_log_error(&job->reader);
    return PARSE_FAILED;
}

static parse_result parse_file(parse_job *job, const char *name) {
    line_reader *reader = &job->reader;
    parse_result result = PARSE_DONE;
    job->line = 0;
    job->long_reason = SIMDINET_REASON_NONE;
    if (!line_reader_open(reader, name, TEXT_SIZE))
        return PARSE_FAILED;
    if (job->header && (result = skip_header(job)) == PARSE_DONE)
        job->line++;
    if (job->field > 0 && result == PARSE_DONE)
        result = parse_fields(job);
    else if (job->header && result == PARSE_DONE)
        result = parse_buffer(job); /* what was read after it */
    while (result == PARSE_DONE && !reader->ended) {
        if (line_reader_fill(reader) < 0) {
            line_reader_log_error(reader);
            result = PARSE_FAILED;
        } else {
            result = parse_buffer(job);
        }
    }
    line_reader_close(reader);
    return result;
}

static int run(options *given) {
    parse_job *job = malloc(sizeof *job);
    if (!job) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    unsigned both = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    job->form.families = given->scan.families == both ? 0 : given->scan.families;
    job->form.notation = given->notation ? (notation)given->notation : NOTATION_HEX;
    job->strict = given->strict;
    job->header = given->header;
    job->form.upper = given->upper;
    job->field = (size_t)(given->field > 0 ? given->field : given->delimiter ? 1 : 0);
    job->delimiter = (char)(given->delimiter ? given->delimiter : '\t');
    job->invalid = false;
    parse_result result = PARSE_DONE;
    bool failed = false;
    for (int i = 0; i < given->n_operands && result != PARSE_STOPPED; i++) {
        result = parse_file(job, given->operands[i]);
        failed |= result != PARSE_DONE;
    }
    failed |= job->invalid;
    free(job);
    return failed ? EXIT_TROUBLE : EXIT_FOUND;
}

const subcommand command_parse = {
    .id = COMMAND_parse,
    .name = "parse",
    .summary = "convert addresses, one per line, to numbers, bytes or text",
    .usage = {"[OPTION]... [FILE]..."},
    .about =
        "Convert the addresses in the FILEs or standard input, one per line, to numbers, bytes "
        "or other text.",
    .notes = "A line ends in LF or CR LF. An invalid line gives no output; standard error "
             "has its number, the reason and the byte offset in the line. FILE - is standard "
             "input; compressed data are decompressed. Exit status: 0 if all lines are "
             "valid, 2 otherwise.",
    .manual =
        "Reads addresses from the files, or from standard input, one per line, and writes each as\n"
        "hexadecimal digits, as a number, or as bytes. File `-` is standard input. Compressed\n"
        "data are decompressed, and UTF-16 is decoded, as in `simdinet`(1).\n"
        "\n"
        "A line ends in LF or CR LF, the last one also at the end of the file, and holds "
        "nothing\n"
        "but the address and blanks around it. An invalid line gives no output: standard error has "
        "its file, its number "
        "(from\n"
        "1), the reason, and the offset in the line (from 0) of the byte that is wrong. Every such "
        "line is\n"
        "reported; `--strict` stops at the first.\n"
        "# OPTIONS\n"
        "Of the options for a form, such as `--hex` and `--canonical`, the last one applies.\n"
        "\n"
        "With the same options, `simdinet-format`(1) reads what `--hex` and `--int` write, and "
        "what\n"
        "`--binary` writes: with `-4`, `-6`, or `-46` for both families. For that, `--int` of "
        "both\n"
        "families writes IPv6 numbers below 4294967296 with leading zeros, as eleven digits.\n"
        "\n"
        "With `-d` or `-f`, an address is one field of its line, without blanks and quotes around "
        "it. A\n"
        "field in double quotes may hold the delimiter, as in CSV files.\n"
        "# EXIT STATUS\n"
        ": `0`\n"
        "All lines are valid addresses.\n"
        ": `2`\n"
        "A line is invalid, or there was another error. After a file that cannot be read, the "
        "next\n"
        "one follows.\n"
        "# EXAMPLES\n"
        "This prints 3221225985:\n"
        "\n"
        "    echo 192.0.2.1 | simdinet parse --int\n"
        "\n"
        "The third column of a CSV file in canonical form:\n"
        "\n"
        "    simdinet parse -d, -f3 --canonical hosts.csv\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-format`(1), `inet_pton`(3)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
