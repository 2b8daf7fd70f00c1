/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format.c - simdinet format: binary addresses, or numbers, as text, one address a line.
 */
#include "cli.h"
#include "output.h"
#include "source.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: simdinet format [OPTION]... [FILE]...\n"
    "Print the addresses in the FILEs, or in standard input, as text, one a line.\n"
    "\n"
    "  -4, --ipv4    IPv4 addresses, 4 bytes each (the default)\n"
    "  -6, --ipv6    IPv6 addresses, 16 bytes each\n"
    "      --binary  they are bytes in network order, with nothing between them (the\n"
    "                default)\n"
    "      --hex     they are hexadecimal numbers, one a line: c0000201 is 192.0.2.1\n"
    "      --int     they are decimal numbers, one a line: 3221225985 is 192.0.2.1\n"
    "  -h, --help    print this help\n"
    "\n"
    "A FILE of - is standard input. Where a FILE ends within an address, or a line is\n"
    "no such number, what comes before is printed, an error names the place, and the\n"
    "next FILE follows. Exit status: 0, or 2 when there was trouble with any file.\n";

enum {
    INPUT_SIZE = BUFFER_SIZED(64 * 1024, 64),
    /* The shortest line is a digit and its end; the smallest record four bytes. */
    BATCH = INPUT_SIZE / 4,
    SHOWN = 40 /* bytes of a malformed line */
};

typedef enum { BINARY, HEX, INT } notation;

typedef struct {
    notation from;
    size_t address_size; /* 4 or 16 */
    const char *file;    /* its name for messages */
    uint64_t place;      /* bytes of it that are printed, or lines */
    size_t count;        /* of addresses that were read from lines */
    uint8_t addresses[BATCH * 16];
    char input[INPUT_SIZE];
    char text[SIMDINET_IPV6_LINES_SIZE(BATCH)];
} format_job;

enum outcome { DONE, REFUSED, STOPPED };

/* At most BATCH addresses. */
static bool print_addresses(format_job *job, const uint8_t *addresses, size_t n) {
    size_t len;
    if (job->address_size == 4)
        simdinet_format_ipv4_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    else
        simdinet_format_ipv6_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    return write_stdout(job->text, len);
}

/* ---- binary ------------------------------------------------------------------------------------- */

/* Prints the addresses that are complete in input[0, have); *used gets how many bytes they take. */
static enum outcome take_binary(format_job *job, size_t have, bool end, size_t *used) {
    size_t n = have / job->address_size;
    *used = n * job->address_size;
    if (!print_addresses(job, (const uint8_t *)job->input, n))
        return STOPPED;
    job->place += *used;
    if (!end || *used == have)
        return DONE;
    complain("%s: the last address, at byte %llu, has %zu of its %zu bytes", job->file,
             (unsigned long long)job->place, have - *used, job->address_size);
    return REFUSED;
}

/* ---- lines -------------------------------------------------------------------------------------- */

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Reads a number that fills the line and fits into size bytes of network order. */
static bool read_number(const char *line, size_t len, unsigned base, uint8_t *out, size_t size) {
    uint32_t words[4] = {0}; /* the lowest first */
    size_t count = size / 4;
    if (base == 16 && len > 2 && line[0] == '0' && (line[1] == 'x' || line[1] == 'X')) {
        line += 2;
        len -= 2;
    }
    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)digit_value(line[i]);
        if (digit >= base)
            return false;
        uint64_t carry = digit;
        for (size_t w = 0; w < count; w++) {
            carry += (uint64_t)words[w] * base;
            words[w] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            return false;
    }
    for (size_t i = 0; i < size; i++)
        out[size - 1 - i] = (uint8_t)(words[i / 4] >> 8 * (i % 4));
    return true;
}

static void refuse_line(const format_job *job, const char *line, size_t len) {
    char shown[SHOWN + 4];
    size_t n = len < SHOWN ? len : SHOWN;
    for (size_t i = 0; i < n; i++)
        shown[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
    strcpy(shown + n, len > n ? "..." : "");
    complain("%s:%llu: '%s' is no %s number below 2^%zu", job->file,
             (unsigned long long)job->place + 1, shown,
             job->from == HEX ? "hexadecimal" : "decimal", 8 * job->address_size);
}

static bool take_line(format_job *job, const char *line, size_t len, bool lf) {
    size_t size = job->address_size;
    /* Zeros may stand before a number, but not so many that it cannot be seen whole. */
    bool too_long = len == INPUT_SIZE;
    if (lf && len > 0 && line[len - 1] == '\r')
        len--;
    if (too_long || !read_number(line, len, job->from == HEX ? 16 : 10,
                                 job->addresses + job->count * size, size)) {
        refuse_line(job, line, len);
        return false;
    }
    job->place++;
    job->count++;
    return true;
}

static enum outcome take_lines(format_job *job, size_t have, bool end, size_t *used) {
    enum outcome outcome = DONE;
    size_t at = 0;
    while (at < have && outcome == DONE) {
        const char *line = job->input + at, *newline = memchr(line, '\n', have - at);
        size_t len = newline ? (size_t)(newline - line) : have - at;
        /* A line that fills the buffer is no number, whatever follows. */
        if (!newline && !end && len < INPUT_SIZE)
            break;
        if (job->count == BATCH) {
            if (!print_addresses(job, job->addresses, BATCH))
                return STOPPED;
            job->count = 0;
        }
        if (!take_line(job, line, len, newline != NULL))
            outcome = REFUSED;
        at += len + (newline != NULL);
    }
    if (!print_addresses(job, job->addresses, job->count))
        return STOPPED;
    job->count = 0;
    *used = at;
    return outcome;
}

/* ---- files -------------------------------------------------------------------------------------- */

static enum outcome format_descriptor(format_job *job, int fd) {
    size_t have = 0;
    for (;;) {
        ssize_t got = read_patiently(fd, job->input + have, INPUT_SIZE - have);
        if (got < 0) {
            complain_errno(job->file);
            return REFUSED;
        }
        have += (size_t)got;
        size_t used;
        enum outcome outcome = job->from == BINARY ? take_binary(job, have, got == 0, &used)
                                                   : take_lines(job, have, got == 0, &used);
        if (outcome != DONE || got == 0)
            return outcome;
        have -= used;
        memmove(job->input, job->input + used, have);
    }
}

static enum outcome format_file(format_job *job, const char *name) {
    struct stat status;
    const char *reason;
    int fd = input_open(name, &status, &reason);
    job->file = source_label(name);
    job->place = 0;
    if (fd < 0) {
        complain("%s: %s", job->file, reason);
        return REFUSED;
    }
    enum outcome outcome = format_descriptor(job, fd);
    input_close(fd);
    return outcome;
}

static int format_files(format_job *job, int files, char *const *names) {
    static char *const only_stdin[] = {"-"};
    if (files == 0) {
        files = 1;
        names = only_stdin;
    }
    int status = EXIT_FOUND;
    for (int i = 0; i < files; i++) {
        enum outcome outcome = format_file(job, names[i]);
        if (outcome != DONE)
            status = EXIT_TROUBLE;
        if (outcome == STOPPED)
            break;
    }
    return status;
}

int command_format(int argc, char **argv) {
    enum { OPTION_BINARY = 256, OPTION_HEX, OPTION_INT };
    static const struct option long_options[] = {
        {"ipv4", no_argument, NULL, '4'},
        {"ipv6", no_argument, NULL, '6'},
        {"binary", no_argument, NULL, OPTION_BINARY},
        {"hex", no_argument, NULL, OPTION_HEX},
        {"int", no_argument, NULL, OPTION_INT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {0},
    };
    notation from = BINARY;
    size_t address_size = 4;
    for (int option; (option = next_option(argc, argv, "46hV", long_options)) != -1;) {
        switch (option) {
        case '4':
            address_size = 4;
            break;
        case '6':
            address_size = 16;
            break;
        case OPTION_BINARY:
            from = BINARY;
            break;
        case OPTION_HEX:
            from = HEX;
            break;
        case OPTION_INT:
            from = INT;
            break;
        case 'h':
            return print_help(help);
        case 'V':
            return print_version();
        default:
            return usage_error(argv[0]);
        }
    }
    format_job *job = malloc(sizeof *job);
    if (!job) {
        complain_errno("buffers");
        return EXIT_TROUBLE;
    }
    job->from = from;
    job->address_size = address_size;
    job->count = 0;
    int status = format_files(job, argc - optind, argv + optind);
    free(job);
    return status;
}
