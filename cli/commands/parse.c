/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse.c - simdinet parse: addresses in text, one per line, to bytes or numbers.
 */
#include "buffer_size.h"
#include "exit_status.h"
#include "line_reader.h"
#include "log.h"
#include "option_table.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>

/* TEXT_SIZE amortizes system calls; the results of LINES lines fit into a first-level cache. */
enum {
    TEXT_SIZE = BUFFER_SIZED(256 * 1024, 2 * SIMDINET_LINES_MAX_PENDING),
    LINES = BUFFER_SIZED(1024, 8),
    BITS = LINES / 8,
    MAX_RECORD = 40
};

typedef struct {
    unsigned families; /* SIMDINET_SCAN_IPV4 or SIMDINET_SCAN_IPV6; 0: both */
    notation notation;
    bool strict;

    line_reader reader;
    uint64_t line; /* lines of the file parsed so far */
    bool invalid;  /* a line of any file was invalid */
    /* Why the line whose start has left the buffer is invalid. */
    simdinet_reason long_reason;
    size_t long_at;

    uint8_t out[16 * LINES], valid[BITS], is_ipv6[BITS];
    char records[MAX_RECORD * LINES];
} parse_job;

typedef enum { PARSE_DONE, PARSE_FAILED, PARSE_STOPPED } parse_result;

static bool bit(const uint8_t *bitmap, size_t i) {
    return bitmap[i / 8] >> (i % 8) & 1;
}

/* ---- output ----------------------------------------------------------------------------------- */

/* The decimal number of size bytes, most significant first. */
static char *put_decimal(char *to, const uint8_t *bytes, size_t size) {
    uint32_t words[4] = {0};
    char digits[MAX_RECORD];
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        words[i / 4] = words[i / 4] << 8 | bytes[i];
    bool more;
    do {
        uint64_t rest = 0;
        more = false;
        for (size_t i = 0; i < size / 4; i++) {
            rest = rest << 32 | words[i];
            words[i] = (uint32_t)(rest / 10);
            rest %= 10;
            more |= words[i] != 0;
        }
        digits[count++] = (char)('0' + rest);
    } while (more);
    while (count > 0)
        *to++ = digits[--count];
    return to;
}

static char *put_hex(char *to, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        *to++ = "0123456789abcdef"[bytes[i] >> 4];
        *to++ = "0123456789abcdef"[bytes[i] & 15];
    }
    return to;
}

/* Writes the addresses of the valid lines among the first lines. */
static bool write_addresses(parse_job *job, size_t lines, size_t valid) {
    size_t size = job->families == SIMDINET_SCAN_IPV4 ? 4 : 16;
    if (job->notation == NOTATION_BINARY && valid == lines)
        return write_stdout((const char *)job->out, size * lines);
    char *p = job->records;
    for (size_t i = 0; i < lines; i++) {
        const uint8_t *address = job->out + i * size;
        if (!bit(job->valid, i))
            continue;
        if (job->notation == NOTATION_BINARY) {
            memcpy(p, address, size);
            p += size;
            continue;
        }
        size_t skip = !job->families && !bit(job->is_ipv6, i) ? 12 : 0;
        p = job->notation == NOTATION_HEX ? put_hex(p, address + skip, size - skip)
                                          : put_decimal(p, address + skip, size - skip);
        *p++ = '\n';
    }
    return write_stdout(job->records, (size_t)(p - job->records));
}

/* ---- invalid lines ---------------------------------------------------------------------------- */

/* Explains at most as much of a line as can be pending, so that the buffering does not matter. */
static simdinet_reason explain(const parse_job *job, const char *text, size_t len, size_t *at) {
    if (len > SIMDINET_LINES_MAX_PENDING)
        len = SIMDINET_LINES_MAX_PENDING;
    if (job->families == SIMDINET_SCAN_IPV4)
        return simdinet_explain_ipv4(text, len, at);
    if (job->families == SIMDINET_SCAN_IPV6)
        return simdinet_explain_ipv6(text, len, at);
    return simdinet_explain_mixed(text, len, at);
}

/* Logs the invalid lines of text[0, len). Returns lines; with --strict the lines before the first one. */
static size_t log_invalid(parse_job *job, const char *text, size_t len, size_t lines) {
    const char *end = text + len;
    for (size_t i = 0; i < lines; i++) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *stop = lf ? lf : end;
        if (!bit(job->valid, i)) {
            size_t at = job->long_at, size = (size_t)(stop - text);
            simdinet_reason reason = job->long_reason;
            if (lf && size > 0 && stop[-1] == '\r')
                size--;
            if (reason == SIMDINET_REASON_NONE)
                reason = explain(job, text, size, &at);
            log_error("%s:%llu: %s at byte %zu", job->reader.label,
                      (unsigned long long)(job->line + i + 1), simdinet_reason_text(reason), at);
            job->invalid = true;
            if (job->strict)
                return i;
        }
        job->long_reason = SIMDINET_REASON_NONE;
        text = stop + 1;
    }
    return lines;
}

/* ---- input ------------------------------------------------------------------------------------ */

/* Returns the bytes consumed. */
static size_t parse_batch(parse_job *job, const char *text, size_t len, unsigned flags, size_t *n,
                          size_t *n_valid) {
    if (job->families == SIMDINET_SCAN_IPV4)
        return simdinet_parse_ipv4_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    if (job->families == SIMDINET_SCAN_IPV6)
        return simdinet_parse_ipv6_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    return simdinet_parse_mixed_lines(text, len, flags, LINES, job->out, job->valid, job->is_ipv6,
                                      n, n_valid);
}

/* Remembers why a line is invalid whose start was consumed before its end was read. */
static void explain_long_line(parse_job *job, const char *text, size_t len, size_t consumed) {
    size_t last = consumed;
    while (last > 0 && text[last - 1] != '\n')
        last--;
    if (last < consumed && job->long_reason == SIMDINET_REASON_NONE)
        job->long_reason = explain(job, text + last, len - last, &job->long_at);
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
        if (n_valid < n)
            lines = log_invalid(job, text, consumed, n);
        else if (n > 0)
            job->long_reason = SIMDINET_REASON_NONE;
        bool stop = lines < n;
        if (!write_addresses(job, lines, stop ? lines : n_valid) || stop)
            return PARSE_STOPPED;
        job->line += lines;
        if (n < LINES && !reader->ended)
            explain_long_line(job, text, len, consumed);
        reader->at += consumed;
    } while (n == LINES);
    return PARSE_DONE;
}

static parse_result parse_file(parse_job *job, const char *name) {
    line_reader *reader = &job->reader;
    parse_result result = PARSE_DONE;
    job->line = 0;
    job->long_reason = SIMDINET_REASON_NONE;
    if (!line_reader_open(reader, name, TEXT_SIZE))
        return PARSE_FAILED;
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
    job->families = given->scan.families == both ? 0 : given->scan.families;
    job->notation = given->notation ? (notation)given->notation : NOTATION_HEX;
    job->strict = given->strict;
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
    .summary = "convert addresses, one per line, to bytes or numbers",
    .usage = {"[OPTION]... [FILE]..."},
    .about = "Convert the addresses in the FILEs or standard input, one per line, to bytes "
             "or numbers.",
    .notes = "A line ends in LF or CR LF. An invalid line gives no output; standard error "
             "has its number, the reason and the byte offset in the line. FILE - is standard "
             "input; compressed data are decompressed. Exit status: 0 if all lines are "
             "valid, 2 otherwise.",
    .manual =
        "Reads addresses from the files, or from standard input, one per line, and writes each as\n"
        "hexadecimal digits, as a number, or as bytes. File `-` is standard input. Compressed\n"
        "data are decompressed, and UTF-16 is decoded, as in `simdinet`(1).\n"
        "\n"
        "A line ends in LF or CR LF, the last one also at the end of the file, and holds nothing "
        "but\n"
        "the address. An invalid line gives no output: standard error has its file, its number "
        "(from\n"
        "1), the reason, and the offset in the line (from 0) of the byte that is wrong.\n"
        "# OPTIONS\n"
        "Of `--hex`, `--int` and `--binary` the last one applies.\n"
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
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-format`(1), `inet_pton`(3)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
