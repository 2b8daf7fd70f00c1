/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse.c - simdinet parse: addresses in text, one a line, to bytes or numbers.
 */
#include "cli.h"
#include "output.h"
#include "source.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: simdinet parse [OPTION]... [FILE]...\n"
    "Read addresses from the FILEs, or from standard input, one a line, and write\n"
    "what they are.\n"
    "\n"
    "  -4, --ipv4    IPv4 only\n"
    "  -6, --ipv6    IPv6 only\n"
    "      --hex     a line each: 8 hexadecimal digits (IPv4) or 32 (IPv6), the\n"
    "                default\n"
    "      --int     a line each: the address as a decimal number\n"
    "      --binary  bytes in network order: 4 with -4, and 16 otherwise, where an\n"
    "                IPv4 address becomes ::ffff:a.b.c.d\n"
    "      --strict  stop at the first line that is no address\n"
    "  -h, --help    print this help\n"
    "\n"
    "A line ends in LF or CR LF. One that is no address gives no output; standard\n"
    "error names it with the reason and the byte to blame, counted from 0. A FILE of\n"
    "- is standard input. Exit status: 0 when all lines are addresses, 2 otherwise.\n";

typedef enum { IPV4, IPV6, BOTH } families;
typedef enum { HEX, INTEGER, BINARY } form;

/* Text enough that system calls do not count; and for one round of results, first-level cache. */
enum {
    TEXT_SIZE = BUFFER_SIZED(256 * 1024, 2 * SIMDINET_LINES_MAX_PENDING),
    LINES = BUFFER_SIZED(1024, 8),
    BITS = LINES / 8,
    LONGEST_OUTPUT = 40
};

typedef struct {
    families families;
    form form;
    bool strict;

    const char *name; /* of the file */
    uint64_t line;    /* lines of it that were read */
    bool refused;     /* a line of any file */
    /* Of a line whose head has left the buffer: why it is no address. */
    simdinet_reason long_reason;
    size_t long_at;

    char text[TEXT_SIZE];
    uint8_t out[16 * LINES], valid[BITS], is_ipv6[BITS];
    char written[LONGEST_OUTPUT * LINES];
} parse_job;

static bool bit(const uint8_t *bitmap, size_t i) {
    return bitmap[i / 8] >> (i % 8) & 1;
}

/* ---- output ----------------------------------------------------------------------------------- */

/* A number of so many bytes, most significant first, in decimal; returns what follows it. */
static char *put_integer(char *to, const uint8_t *bytes, size_t size) {
    uint32_t words[4] = {0};
    char digits[LONGEST_OUTPUT];
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

static size_t address_size(const parse_job *job) {
    return job->families == IPV4 ? 4 : 16;
}

/* Writes the addresses among so many lines. */
static bool write_addresses(parse_job *job, size_t lines, size_t valid) {
    size_t size = address_size(job);
    if (job->form == BINARY && valid == lines)
        return write_stdout((const char *)job->out, size * lines);
    char *p = job->written;
    for (size_t i = 0; i < lines; i++) {
        const uint8_t *address = job->out + i * size;
        if (!bit(job->valid, i))
            continue;
        if (job->form == BINARY) {
            memcpy(p, address, size);
            p += size;
            continue;
        }
        size_t skip = job->families == BOTH && !bit(job->is_ipv6, i) ? 12 : 0;
        p = job->form == HEX ? put_hex(p, address + skip, size - skip)
                             : put_integer(p, address + skip, size - skip);
        *p++ = '\n';
    }
    return write_stdout(job->written, (size_t)(p - job->written));
}

/* ---- refused lines ---------------------------------------------------------------------------- */

/* A line that is longer than any address is judged by what can be kept of it: the same whether it
 * comes whole or in pieces. */
static simdinet_reason explain(const parse_job *job, const char *text, size_t len, size_t *at) {
    if (len > SIMDINET_LINES_MAX_PENDING)
        len = SIMDINET_LINES_MAX_PENDING;
    if (job->families == IPV4)
        return simdinet_explain_ipv4(text, len, at);
    if (job->families == IPV6)
        return simdinet_explain_ipv6(text, len, at);
    return simdinet_explain_mixed(text, len, at);
}

/* Names the lines of text[0, len) that were refused; with --strict the first of them, and returns
 * how many lines come before it, all of them otherwise. */
static size_t name_refused(parse_job *job, const char *text, size_t len, size_t lines) {
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
            complain("%s:%llu: %s at byte %llu", job->name, (unsigned long long)(job->line + i + 1),
                     simdinet_reason_text(reason), (unsigned long long)at);
            job->refused = true;
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
static size_t parse_lines(parse_job *job, const char *text, size_t len, unsigned flags, size_t *n,
                          size_t *n_valid) {
    if (job->families == IPV4)
        return simdinet_parse_ipv4_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    if (job->families == IPV6)
        return simdinet_parse_ipv6_lines(text, len, flags, LINES, job->out, job->valid, n, n_valid);
    return simdinet_parse_mixed_lines(text, len, flags, LINES, job->out, job->valid, job->is_ipv6,
                                      n, n_valid);
}

enum outcome { DONE, UNREADABLE, REFUSED, UNWRITABLE, STOPPED };

/* Takes the lines of text[0, len), and moves *consumed behind them. */
static enum outcome take_lines(parse_job *job, size_t len, unsigned flags, size_t *consumed) {
    for (;;) {
        const char *text = job->text + *consumed;
        size_t n, n_valid;
        size_t used = parse_lines(job, text, len - *consumed, flags, &n, &n_valid);
        size_t lines = n;
        if (n_valid < lines)
            lines = name_refused(job, text, used, lines);
        else if (lines > 0)
            job->long_reason = SIMDINET_REASON_NONE;
        bool stop = lines < n;
        if (!write_addresses(job, lines, stop ? lines : n_valid))
            return UNWRITABLE;
        job->line += lines;
        if (stop)
            return STOPPED;
        if (n < LINES) {
            /* What was consumed of a line that has no end yet was its head. */
            size_t last = used;
            while (last > 0 && text[last - 1] != '\n')
                last--;
            if (flags & SIMDINET_LINES_PARTIAL && last < used &&
                job->long_reason == SIMDINET_REASON_NONE)
                job->long_reason = explain(job, text + last, len - *consumed - last, &job->long_at);
            *consumed += used;
            return DONE;
        }
        *consumed += used;
    }
}

/* Compressed data are no lines: one word about them is better than one about each piece. */
static enum outcome refuse_compressed(const parse_job *job, source_format format) {
    complain("%s: %s data: parse does not inflate them, extract does", job->name,
             format == FORMAT_GZIP ? "gzip" : "zstd");
    return job->strict ? STOPPED : REFUSED;
}

static enum outcome parse_descriptor(parse_job *job, int fd) {
    size_t have = 0;
    bool begun = false;
    for (;;) {
        ssize_t got = read_patiently(fd, job->text + have, TEXT_SIZE - have);
        if (got < 0)
            return UNREADABLE;
        have += (size_t)got;
        if (!begun && got > 0 && can_become_magic(job->text, have))
            continue;
        source_format format = begun ? FORMAT_PLAIN : tell_format(job->text, have);
        if (format != FORMAT_PLAIN)
            return refuse_compressed(job, format);
        begun = true;
        size_t consumed = 0;
        enum outcome outcome =
            take_lines(job, have, got > 0 ? SIMDINET_LINES_PARTIAL : 0, &consumed);
        if (outcome != DONE || got == 0)
            return outcome;
        have -= consumed;
        memmove(job->text, job->text + consumed, have);
    }
}

static enum outcome parse_file(parse_job *job, const char *name) {
    struct stat status;
    const char *reason;
    int fd = input_open(name, &status, &reason);
    job->name = source_label(name);
    job->line = 0;
    job->long_reason = SIMDINET_REASON_NONE;
    if (fd < 0) {
        complain("%s: %s", job->name, reason);
        return UNREADABLE;
    }
    enum outcome outcome = parse_descriptor(job, fd);
    if (outcome == UNREADABLE)
        complain_errno(job->name);
    input_close(fd);
    return outcome;
}

/* False: not every file was read to its end. */
static bool parse_files(parse_job *job, int files, char *const *names) {
    static char *const only_stdin[] = {"-"};
    bool good = true;
    if (files == 0) {
        files = 1;
        names = only_stdin;
    }
    for (int i = 0; i < files; i++) {
        enum outcome outcome = parse_file(job, names[i]);
        good = good && outcome == DONE;
        if (outcome == UNWRITABLE || outcome == STOPPED)
            break;
    }
    return good;
}

/* ---- the command ------------------------------------------------------------------------------ */

int command_parse(int argc, char **argv) {
    enum { OPTION_HEX = 256, OPTION_INT, OPTION_BINARY, OPTION_STRICT };
    static const struct option long_options[] = {
        {"ipv4", no_argument, NULL, '4'},
        {"ipv6", no_argument, NULL, '6'},
        {"hex", no_argument, NULL, OPTION_HEX},
        {"int", no_argument, NULL, OPTION_INT},
        {"binary", no_argument, NULL, OPTION_BINARY},
        {"strict", no_argument, NULL, OPTION_STRICT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {0},
    };
    bool ipv4 = false, ipv6 = false, strict = false;
    form notation = HEX;
    for (int option; (option = next_option(argc, argv, "46hV", long_options)) != -1;) {
        switch (option) {
        case '4':
            ipv4 = true;
            break;
        case '6':
            ipv6 = true;
            break;
        case OPTION_HEX:
            notation = HEX;
            break;
        case OPTION_INT:
            notation = INTEGER;
            break;
        case OPTION_BINARY:
            notation = BINARY;
            break;
        case OPTION_STRICT:
            strict = true;
            break;
        case 'h':
            return print_help(help);
        case 'V':
            return print_version();
        default:
            return usage_error(argv[0]);
        }
    }
    parse_job *job = malloc(sizeof *job);
    if (!job) {
        complain_errno("buffers");
        return EXIT_TROUBLE;
    }
    job->families = ipv4 == ipv6 ? BOTH : ipv4 ? IPV4 : IPV6;
    job->form = notation;
    job->strict = strict;
    job->refused = false;
    bool good = parse_files(job, argc - optind, argv + optind) && !job->refused;
    free(job);
    return good ? EXIT_FOUND : EXIT_TROUBLE;
}
