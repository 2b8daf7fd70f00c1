/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format.c - simdinet format: binary addresses, or numbers, to text.
 */
#include "buffer_size.h"
#include "exit_status.h"
#include "line_reader.h"
#include "log.h"
#include "option_table.h"
#include "output.h"
#include "raw_reader.h"

#include <stdlib.h>
#include <string.h>

enum {
    INPUT_SIZE = BUFFER_SIZED(64 * 1024, 64),
    /* The shortest address takes two bytes of a line, or four of binary input. */
    BATCH = INPUT_SIZE / 4
};

typedef struct {
    notation notation;
    size_t address_size; /* 4 or 16 */
    size_t count;        /* of addresses, from lines */
    uint8_t addresses[BATCH * 16];
    char input[INPUT_SIZE]; /* binary */
    char text[SIMDINET_IPV6_LINES_SIZE(BATCH)];
} format_job;

typedef enum { FORMAT_DONE, FORMAT_FAILED, FORMAT_STOPPED } format_result;

/* n <= BATCH */
static bool write_addresses(format_job *job, const uint8_t *addresses, size_t n) {
    size_t len;
    if (job->address_size == 4)
        simdinet_format_ipv4_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    else
        simdinet_format_ipv6_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    return write_stdout(job->text, len);
}

/* ---- binary ----------------------------------------------------------------------------------- */

static format_result format_binary(format_job *job, raw_reader *raw, const char *label) {
    uint64_t offset = 0;
    size_t have = 0, used;
    for (ssize_t got = 1; got > 0; have -= used, offset += used) {
        got = raw_read(raw, job->input + have, INPUT_SIZE - have);
        if (got < 0) {
            log_errno(label);
            return FORMAT_FAILED;
        }
        have += (size_t)got;
        used = have / job->address_size * job->address_size;
        if (!write_addresses(job, (const uint8_t *)job->input, used / job->address_size))
            return FORMAT_STOPPED;
        memmove(job->input, job->input + used, have - used);
    }
    if (have == 0)
        return FORMAT_DONE;
    log_error("%s: truncated address at byte %llu: %zu of %zu bytes", label,
              (unsigned long long)offset, have, job->address_size);
    return FORMAT_FAILED;
}

static format_result format_binary_file(format_job *job, const char *name) {
    raw_reader raw;
    struct stat status;
    const char *error, *label = input_label(name);
    if (!raw_open(&raw, name, &status, &error)) {
        log_error("%s: %s", label, error);
        return FORMAT_FAILED;
    }
    format_result result = format_binary(job, &raw, label);
    raw_close(&raw);
    return result;
}

/* ---- lines ------------------------------------------------------------------------------------ */

static unsigned digit_value(char c) {
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

/* Parses a number to size bytes in network order. False: invalid, or larger. */
static bool parse_number(const char *line, size_t len, unsigned base, uint8_t *out, size_t size) {
    uint32_t words[4] = {0}; /* least significant first */
    if (base == 16 && len > 2 && line[0] == '0' && (line[1] == 'x' || line[1] == 'X')) {
        line += 2;
        len -= 2;
    }
    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint64_t carry = digit_value(line[i]);
        if (carry >= base)
            return false;
        for (size_t w = 0; w < size / 4; w++) {
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

static void log_invalid(const format_job *job, const line_reader *reader, const char *line,
                        size_t len) {
    char shown[LOG_EXCERPT_SIZE];
    log_error("%s:%llu: invalid %zu-bit %s number '%s'", reader->label,
              (unsigned long long)reader->number, 8 * job->address_size,
              job->notation == NOTATION_HEX ? "hexadecimal" : "decimal",
              log_excerpt(shown, line, len));
}

static bool flush_addresses(format_job *job) {
    size_t n = job->count;
    job->count = 0;
    return write_addresses(job, job->addresses, n);
}

static format_result format_lines(format_job *job, line_reader *reader) {
    size_t size = job->address_size, len;
    unsigned base = job->notation == NOTATION_HEX ? 16 : 10;
    char *line;
    bool terminated;
    for (;;) {
        /* Written before a read that may block, and before a message. */
        bool flush = job->count == BATCH || !line_reader_buffered(reader);
        if (flush && !flush_addresses(job))
            return FORMAT_STOPPED;
        line_result result = line_reader_next(reader, &line, &len, &terminated);
        if (result == LINE_END)
            return FORMAT_DONE;
        if (result == LINE_ERROR) {
            line_reader_log_error(reader);
            return FORMAT_FAILED;
        }
        if (terminated && len > 0 && line[len - 1] == '\r')
            len--;
        /* A line that does not fit is invalid, even if all but its last digits are zeros. */
        if (result == LINE_TOO_LONG ||
            !parse_number(line, len, base, job->addresses + job->count * size, size)) {
            if (!flush_addresses(job))
                return FORMAT_STOPPED;
            log_invalid(job, reader, line, len);
            return FORMAT_FAILED;
        }
        job->count++;
    }
}

static format_result format_line_file(format_job *job, const char *name) {
    line_reader reader;
    job->count = 0;
    if (!line_reader_open(&reader, name, INPUT_SIZE))
        return FORMAT_FAILED;
    format_result result = format_lines(job, &reader);
    line_reader_close(&reader);
    return result;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int run(options *given) {
    format_job *job = malloc(sizeof *job);
    if (!job) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    job->notation = given->notation ? (notation)given->notation : NOTATION_BINARY;
    job->address_size = (size_t)given->address_size;
    int status = EXIT_FOUND;
    format_result result = FORMAT_DONE;
    for (int i = 0; i < given->n_operands && result != FORMAT_STOPPED; i++) {
        result = job->notation == NOTATION_BINARY ? format_binary_file(job, given->operands[i])
                                                  : format_line_file(job, given->operands[i]);
        if (result != FORMAT_DONE)
            status = EXIT_TROUBLE;
    }
    free(job);
    return status;
}

const subcommand command_format = {
    .id = COMMAND_format,
    .name = "format",
    .summary = "print binary addresses, or numbers, as text, one per line",
    .usage = {"[OPTION]... [FILE]..."},
    .about = "Print the addresses in the FILEs or standard input as text, one per line.",
    .notes = "FILE - is standard input; numbers may be compressed. After a truncated "
             "address or an invalid line, the next FILE follows. Exit status: 0, or 2 after "
             "an error.",
    .manual =
        "Prints the addresses in the files, or in standard input, as text, one per line. IPv6\n"
        "addresses are printed in canonical form (RFC 5952). File `-` is standard input.\n"
        "\n"
        "A file that ends within an address, or has an invalid line, is printed up to there.\n"
        "Standard error has the offset of the incomplete address in the file, from 0, or the "
        "number\n"
        "of the line, from 1, and the next file follows.\n"
        "# OPTIONS\n"
        "Of `-4` and `-6`, and of `--binary`, `--hex` and `--int`, the last one applies. A line "
        "ends\n"
        "in LF or CR LF and holds nothing but the number. With `--hex` and `--int`, compressed\n"
        "data are decompressed.\n"
        "# EXIT STATUS\n"
        ": `0`\n"
        "Everything was printed.\n"
        ": `2`\n"
        "There was an error in any file, or in writing the output.\n"
        "# EXAMPLES\n"
        "This prints 192.0.2.1:\n"
        "\n"
        "    echo c0000201 | simdinet format --hex\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-parse`(1), `inet_ntop`(3)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
