/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format.c - simdinet format: binary addresses, or numbers, to text.
 */
#include "address_text.h"
#include "blank.h"
#include "buffer_size.h"
#include "exit_status.h"
#include "line_reader.h"
#include "log.h"
#include "mapped.h"
#include "option_table.h"
#include "output.h"
#include "raw_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUT_SIZE = BUFFER_SIZED(64 * 1024, 64),
    /* The shortest address takes two bytes of a line, or four of binary input. */
    BATCH = INPUT_SIZE / 4
};

typedef struct {
    notation notation;
    unsigned families;   /* SIMDINET_SCAN_*; 0: not given */
    bool mixed;          /* lines of both families, as families is neither of the two */
    bool binary;         /* the input has no lines */
    size_t address_size; /* 4 or 16; of mixed lines that of the batch */
    size_t count;        /* of addresses, from lines */
    uint8_t addresses[BATCH * 16];
    char input[INPUT_SIZE]; /* binary */
    char text[SIMDINET_IPV6_LINES_SIZE(BATCH)];
} format_job;

enum { BOTH = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6 };

typedef enum { FORMAT_DONE, FORMAT_FAILED, FORMAT_STOPPED } format_result;

static unsigned digit_value(char c) {
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

static bool is_address(const char *text, size_t len) {
    uint8_t address[16];
    return simdinet_parse_ipv4(text, len, address) || simdinet_parse_ipv6(text, len, address);
}

/* Text of both families, each address in 16 bytes. */
static bool write_mixed(const uint8_t *addresses, size_t n, char *text) {
    char *end = text;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *address = addresses + 16 * i;
        const bool ipv4 = is_mapped(address);
        end = put_canonical_address(end, address + (ipv4 ? 12 : 0), ipv4 ? 4 : 16);
        *end++ = '\n';
    }
    return write_stdout(text, (size_t)(end - text));
}

/* n <= BATCH */
static bool write_addresses(format_job *job, const uint8_t *addresses, size_t n) {
    size_t len;
    if (job->binary && job->families == BOTH)
        return write_mixed(addresses, n, job->text);
    if (job->address_size == 4)
        simdinet_format_ipv4_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    else
        simdinet_format_ipv6_lines(addresses, n, '\n', job->text, sizeof job->text, &len);
    return write_stdout(job->text, len);
}

/* ---- binary ----------------------------------------------------------------------------------- */

/* What the first line of the input is, if that is text. */
typedef enum { HEAD_BINARY, HEAD_OPEN, HEAD_HEX, HEAD_DECIMAL, HEAD_ADDRESS } head_kind;

/* The longest first line that is looked at, with its end. */
enum { HEAD_SIZE = 64 };

static head_kind recognize_head(const char *head, size_t len, bool ended) {
    static const char text[] = "0123456789abcdefABCDEFxX.:/ \t\r";
    size_t n = 0;
    while (n < len && n < HEAD_SIZE && head[n] && strchr(text, head[n]))
        n++;
    if (n == len && n < HEAD_SIZE && !ended)
        return HEAD_OPEN;
    if (n < len && head[n] != '\n')
        return HEAD_BINARY;
    const bool line = n < len;
    trim_blanks(&head, &n);
    if (is_address(head, n))
        return HEAD_ADDRESS;
    const bool prefix = n > 2 && head[0] == '0' && (head[1] == 'x' || head[1] == 'X');
    if (prefix) {
        head += 2;
        n -= 2;
    }
    for (size_t i = 0; i < n; i++)
        if (digit_value(head[i]) > 15)
            return HEAD_BINARY;
    if (line && (n == 8 || n == 32))
        return HEAD_HEX;
    for (size_t i = 0; i < n; i++)
        if (digit_value(head[i]) > 9)
            return HEAD_BINARY;
    return line && n > 0 && !prefix ? HEAD_DECIMAL : HEAD_BINARY;
}

/* Reads until the kind of the input is known. False: logged. */
static bool read_head(format_job *job, raw_reader *raw, const char *label, size_t *have,
                      head_kind *kind) {
    bool ended = false;
    *have = 0;
    while ((*kind = recognize_head(job->input, *have, ended)) == HEAD_OPEN) {
        ssize_t got = raw_read(raw, job->input + *have, INPUT_SIZE - *have);
        /* What was read is written first; the error comes again. */
        if (got < 0 && *have == 0) {
            log_error("%s: %s", label, raw_error(errno));
            return false;
        }
        ended = got <= 0;
        *have += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* input[0, have) is read. */
static format_result format_binary(format_job *job, raw_reader *raw, const char *label,
                                   size_t have) {
    uint64_t offset = 0;
    size_t used;
    for (ssize_t got = 1; got > 0; offset += used) {
        used = have / job->address_size * job->address_size;
        if (!write_addresses(job, (const uint8_t *)job->input, used / job->address_size))
            return FORMAT_STOPPED;
        have -= used;
        memmove(job->input, job->input + used, have);
        got = raw_read(raw, job->input + have, INPUT_SIZE - have);
        if (got < 0) {
            log_error("%s: %s", label, raw_error(errno));
            return FORMAT_FAILED;
        }
        have += (size_t)got;
    }
    if (have == 0)
        return FORMAT_DONE;
    log_error("%s: truncated address at byte %llu: %zu of %zu bytes", label,
              (unsigned long long)offset, have, job->address_size);
    return FORMAT_FAILED;
}

/* ---- lines ------------------------------------------------------------------------------------ */

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

static void log_address(const char *label, uint64_t line, const char *text, size_t len) {
    char shown[LOG_EXCERPT_SIZE];
    log_error(
        "%s:%llu: '%s' is the text of an address, not a number; see 'simdinet parse --canonical'",
        label, (unsigned long long)line, log_excerpt(shown, text, len));
}

static void log_decimal(const char *label, const char *text, size_t len) {
    char shown[LOG_EXCERPT_SIZE];
    log_error("%s:1: '%s' is a decimal number, which '--int' reads; '--binary' reads bytes", label,
              log_excerpt(shown, text, len));
}

static void log_invalid(const format_job *job, const line_reader *reader, const char *line,
                        size_t len) {
    char shown[LOG_EXCERPT_SIZE], bits[16] = "";
    const char *kind = job->notation == NOTATION_DECIMAL ? "decimal" : "hexadecimal";
    if (!job->mixed)
        snprintf(bits, sizeof bits, "%zu-bit ", 8 * job->address_size);
    if (is_address(line, len))
        log_address(reader->label, reader->number, line, len);
    else
        log_error("%s:%llu: invalid %s%s number '%s'", reader->label,
                  (unsigned long long)reader->number, bits, kind, log_excerpt(shown, line, len));
}

static bool flush_addresses(format_job *job) {
    size_t n = job->count;
    job->count = 0;
    return write_addresses(job, job->addresses, n);
}

/*
 * Of both families, the digits tell them apart: up to 8 hexadecimal digits are IPv4 and 32 are IPv6; a
 * decimal number is IPv6 if it has 11 digits or more, or is too large for IPv4.
 */
static bool parse_mixed(const char *line, size_t len, unsigned base, uint8_t *out, size_t *size) {
    enum { IPV6_DECIMAL_DIGITS = 11 };
    const bool prefix =
        base == 16 && len > 2 && line[0] == '0' && (line[1] == 'x' || line[1] == 'X');
    const size_t digits = len - (prefix ? 2 : 0);
    *size = 4;
    if (base == 16 ? digits <= 8 : digits < IPV6_DECIMAL_DIGITS)
        if (parse_number(line, len, base, out, 4))
            return true;
    *size = 16;
    return (base == 10 || digits == 32) && parse_number(line, len, base, out, 16);
}

/* Parses a line to the next place of the batch; writes the batch first if that has the other family. False:
 * invalid, or *stopped. */
static bool add_line(format_job *job, const char *line, size_t len, bool *stopped) {
    const unsigned base = job->notation == NOTATION_DECIMAL ? 10 : 16;
    uint8_t address[16];
    size_t size = job->address_size;
    if (job->mixed ? !parse_mixed(line, len, base, address, &size)
                   : !parse_number(line, len, base, address, size))
        return false;
    if (size != job->address_size) {
        *stopped = !flush_addresses(job);
        job->address_size = size;
    }
    memcpy(job->addresses + job->count++ * size, address, size);
    return !*stopped;
}

static format_result format_lines(format_job *job, line_reader *reader) {
    char *line;
    size_t len;
    bool terminated, stopped = false;
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
        if (result == LINE_TOO_LONG || !add_line(job, line, len, &stopped)) {
            if (stopped || !flush_addresses(job))
                return FORMAT_STOPPED;
            log_invalid(job, reader, line, len);
            return FORMAT_FAILED;
        }
    }
}

static format_result format_opened(format_job *job, line_reader *reader) {
    job->count = 0;
    if (job->mixed)
        job->address_size = 4;
    job->binary = false;
    format_result result = format_lines(job, reader);
    line_reader_close(reader);
    return result;
}

static format_result format_line_file(format_job *job, const char *name) {
    line_reader reader;
    return line_reader_open(&reader, name, INPUT_SIZE) ? format_opened(job, &reader)
                                                       : FORMAT_FAILED;
}

/* Bytes, or without --binary the lines that `simdinet parse` writes. */
static format_result format_binary_file(format_job *job, const char *name) {
    raw_reader raw;
    line_reader reader;
    struct stat status;
    const char *error, *label = input_label(name);
    size_t have = 0;
    head_kind kind = HEAD_BINARY;
    format_result result = FORMAT_FAILED;
    if (!raw_open(&raw, name, &status, &error)) {
        log_error("%s: %s", label, error);
        return FORMAT_FAILED;
    }
    job->binary = true;
    job->address_size = job->families & SIMDINET_SCAN_IPV6 ? 16 : 4;
    if (!read_head(job, &raw, label, &have, &kind)) {
        raw_close(&raw);
        return FORMAT_FAILED;
    }
    const bool is_default = job->notation == NOTATION_DEFAULT;
    if (kind == HEAD_ADDRESS || (kind == HEAD_DECIMAL && is_default)) {
        const char *end = memchr(job->input, '\n', have), *text = job->input;
        size_t len = end ? (size_t)(end - text) : have;
        trim_blanks(&text, &len);
        if (kind == HEAD_ADDRESS)
            log_address(label, 1, text, len);
        else
            log_decimal(label, text, len);
    } else if (kind == HEAD_HEX && is_default) {
        return line_reader_adopt(&reader, label, &raw, job->input, have, INPUT_SIZE)
                   ? format_opened(job, &reader)
                   : FORMAT_FAILED;
    } else {
        result = format_binary(job, &raw, label, have);
    }
    raw_close(&raw);
    return result;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int run(options *given) {
    format_job *job = malloc(sizeof *job);
    if (!job) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    job->notation = (notation)given->notation;
    job->families = given->scan.families;
    job->mixed = job->families == 0 || job->families == BOTH;
    job->address_size = job->families == SIMDINET_SCAN_IPV6 ? 16 : 4;
    int status = EXIT_FOUND;
    format_result result = FORMAT_DONE;
    for (int i = 0; i < given->n_operands && result != FORMAT_STOPPED; i++) {
        const bool lines = job->notation == NOTATION_HEX || job->notation == NOTATION_DECIMAL;
        result = lines ? format_line_file(job, given->operands[i])
                       : format_binary_file(job, given->operands[i]);
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
        "Of `--binary`, `--hex` and `--int`, the last one applies. A line "
        "ends\n"
        "in LF or CR LF and holds nothing but the number. With `--hex` and `--int`, compressed\n"
        "data are decompressed.\n"
        "\n"
        "Without `-4` and `-6`, or with both, numbers may be of both families: up to 8 "
        "hexadecimal\n"
        "digits are an IPv4 address and 32 are IPv6; decimal numbers of more than ten digits, or "
        "too\n"
        "large for IPv4, are IPv6. Binary addresses are then IPv4 without the options, and with "
        "both of\n"
        "them 16 bytes, an IPv4 address as the IPv4-mapped one.\n"
        "\n"
        "Without `--binary`, input whose first line has 8 or 32 hexadecimal digits is read as "
        "with\n"
        "`--hex`, so that `format` reads what `parse` writes. The text of an address is an error.\n"
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
