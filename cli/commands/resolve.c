/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * resolve.c - simdinet resolve: names to addresses, and back.
 */
#include "blank.h"
#include "buffer_size.h"
#include "exit_status.h"
#include "json.h"
#include "line_reader.h"
#include "log.h"
#include "option_table.h"
#include "printable.h"
#include "simdinet_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The longest line of standard input. */
enum { LINE_SIZE = BUFFER_SIZED(64 * 1024, 2048) };

/* ---- output ----------------------------------------------------------------------------------- */

static void print_json_string(const char *text) {
    putchar('"');
    while (*text) {
        char character[JSON_MAX_ESCAPE + 1]; /* and the NUL of sprintf */
        /* cppcheck-suppress uninitvar ; put_json_character writes it */
        fwrite(character, 1, (size_t)(put_json_character(character, &text) - character), stdout);
    }
    putchar('"');
}

/* The texts of one answer: lines, or the elements of an array. */
typedef struct {
    bool json;
    size_t count;
} text_list;

static text_list begin_answer(const options *given, const char *query) {
    if (given->print.json) {
        fputs("{\"query\":", stdout);
        print_json_string(query);
        fputs(given->reverse ? ",\"names\":[" : ",\"addresses\":[", stdout);
    }
    return (text_list){.json = given->print.json};
}

static void add_text(text_list *answer, const char *text) {
    if (!answer->json) {
        put_printable(text);
        putchar('\n');
        return;
    }
    if (answer->count++ > 0)
        putchar(',');
    print_json_string(text);
}

static void end_answer(const text_list *answer) {
    if (answer->json)
        puts("]}");
}

static void print_reason(const options *given, const char *query, const char *reason) {
    if (!given->print.json) {
        log_error("%s: %s", query, reason);
        return;
    }
    fputs("{\"query\":", stdout);
    print_json_string(query);
    fputs(",\"error\":", stdout);
    print_json_string(reason);
    puts("}");
}

static void print_failure(const options *given, const char *query, const simdinet_error *error) {
    char reason[128];
    simdinet_strerror(error, reason, sizeof reason);
    print_reason(given, query, reason);
}

/* ---- lookups ---------------------------------------------------------------------------------- */

/* A name that does not exist is an answer; a failed lookup is an error. */
static int status_of(const simdinet_error *error) {
    bool none = error->status == SIMDINET_E_NOTFOUND;
    if (error->status == SIMDINET_E_GAI)
        none = error->detail == EAI_NONAME || error->detail == EAI_NODATA ||
               error->detail == EAI_ADDRFAMILY;
    if (error->status == SIMDINET_E_HERR)
        none = error->detail == HOST_NOT_FOUND || error->detail == NO_DATA;
    return none ? EXIT_NONE : EXIT_TROUBLE;
}

static int resolve_name(const options *given, const char *name) {
    unsigned families = given->scan.families;
    struct addrinfo hints = {.ai_family = families == SIMDINET_SCAN_IPV4   ? AF_INET
                                          : families == SIMDINET_SCAN_IPV6 ? AF_INET6
                                                                           : AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM},
                    *list;
    int code = simdinet_getaddrinfo_deadline(name, NULL, &hints, given->timeout_ms, &list);
    if (code != 0) {
        simdinet_error error = {.status = SIMDINET_E_GAI, .detail = code, .sys_errno = errno};
        print_failure(given, name, &error);
        return status_of(&error);
    }
    text_list answer = begin_answer(given, name);
    for (const struct addrinfo *entry = list; entry; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (simdinet_getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, NULL, 0,
                                 NI_NUMERICHOST) == 0)
            add_text(&answer, text);
    }
    end_answer(&answer);
    simdinet_freeaddrinfo(list);
    return EXIT_FOUND;
}

static int resolve_address(const options *given, const char *address) {
    simdinet_hostent *host;
    simdinet_error error;
    if (simdinet_gethostbyaddr(address, SIMDINET_ZSTR, &host, &error) != SIMDINET_OK) {
        print_failure(given, address, &error);
        return status_of(&error);
    }
    text_list answer = begin_answer(given, address);
    add_text(&answer, host->name);
    for (size_t i = 0; i < host->naliases; i++)
        add_text(&answer, host->aliases[i]);
    end_answer(&answer);
    simdinet_free(host);
    return EXIT_FOUND;
}

static int resolve(const options *given, const char *query) {
    return given->reverse ? resolve_address(given, query) : resolve_name(given, query);
}

/* An error takes precedence over a name that does not exist. */
static void worsen(int *status, int other) {
    if (other > *status)
        *status = other;
}

/* ---- standard input --------------------------------------------------------------------------- */

static void log_invalid_name(const options *given, const line_reader *reader, const char *name) {
    static const char reason[] = "invalid name: too long, or contains NUL";
    if (given->print.json)
        print_reason(given, name, reason);
    else
        log_error("%s:%llu: %s", reader->label, (unsigned long long)reader->number, reason);
}

/* Resolves the name in a line, without the blanks around it. */
static int resolve_line(const options *given, const line_reader *reader, const char *line,
                        size_t len, bool too_long) {
    char name[NI_MAXHOST];
    trim_blanks(&line, &len);
    if (len == 0)
        return EXIT_FOUND;
    if (!too_long && len < sizeof name && !memchr(line, '\0', len)) {
        memcpy(name, line, len);
        name[len] = '\0';
        return resolve(given, name);
    }
    len = len < sizeof name ? len : sizeof name - 1;
    for (size_t i = 0; i < len; i++)
        name[i] = (char)(line[i] ? line[i] : 0xff); /* not UTF-8: shown as U+FFFD */
    name[len] = '\0';
    log_invalid_name(given, reader, name);
    return EXIT_TROUBLE;
}

/* One name per line; each is answered before the next read. */
static int resolve_input(const options *given) {
    line_reader reader;
    char *line;
    size_t len;
    bool terminated;
    int status = EXIT_FOUND;
    line_result result = LINE_OK;
    if (!line_reader_open(&reader, "-", LINE_SIZE))
        return EXIT_TROUBLE;
    while ((result = line_reader_next(&reader, &line, &len, &terminated)) == LINE_OK ||
           result == LINE_TOO_LONG) {
        worsen(&status, resolve_line(given, &reader, line, len, result == LINE_TOO_LONG));
        if (fflush(stdout) != 0)
            break;
    }
    if (result == LINE_ERROR) {
        line_reader_log_error(&reader);
        status = EXIT_TROUBLE;
    }
    line_reader_close(&reader);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int run(options *given) {
    if (given->reverse && (given->scan.families || given->timeout_ms >= 0)) {
        log_error("-r cannot be combined with -4, -6 or --timeout");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    int status = EXIT_FOUND;
    if (given->n_operands == 0)
        status = resolve_input(given);
    for (int i = 0; i < given->n_operands; i++)
        worsen(&status, resolve(given, given->operands[i]));
    return finish_output(status);
}

const subcommand command_resolve = {
    .id = COMMAND_resolve,
    .name = "resolve",
    .summary = "print the addresses of names, or the names of addresses",
    .usage = {"[OPTION]... NAME|ADDRESS...", "[OPTION]... <FILE"},
    .about = "Print the addresses of each NAME, one per line; without a NAME, of the names "
             "in standard input, one per line.",
    .notes = "Exit status: 0 if everything was found, 1 if something was not, 2 after an "
             "error.",
    .manual =
        "Prints the addresses of each name, one per line, from the system resolver. An address is "
        "a\n"
        "name with one address, itself.\n"
        "\n"
        "Without a name on the command line, the names are read from standard input, one per "
        "line,\n"
        "and each is answered before the next is read. Blanks around a name and empty lines are\n"
        "ignored. Compressed data are decompressed. A last line\n"
        "that a read error may have truncated is not looked up.\n"
        "# OPTIONS\n"
        "# JSON\n"
        "Each object has two members: query, and one of the others.\n"
        ": `query`\n"
        "The name or address.\n"
        ": `addresses`\n"
        "A list of the addresses of a name.\n"
        ": `names`\n"
        "A list of the names of an address, with `-r`.\n"
        ": `error`\n"
        "Why there is no answer. Without `--json` it is written to standard error.\n"
        "# EXIT STATUS\n"
        ": `0`\n"
        "Everything was found.\n"
        ": `1`\n"
        "Something does not exist.\n"
        ": `2`\n"
        "An error, such as a timeout.\n"
        "# EXAMPLES\n"
        "The IPv4 addresses of localhost:\n"
        "\n"
        "    simdinet resolve -4 localhost\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-services`(1), `getaddrinfo`(3)\n",
    .operands = OPERANDS_HOSTS,
    .run = run,
};
