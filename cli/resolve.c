/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * resolve.c - simdinet resolve: names to addresses, and back.
 */
#include "cli.h"
#include "json.h"
#include "simdinet_socket.h"
#include "source.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: simdinet resolve [OPTION]... NAME|ADDRESS...\n"
    "       simdinet resolve [OPTION]... <FILE\n"
    "Print the addresses of each NAME, one a line; without one, of the names that\n"
    "stand one a line in standard input.\n"
    "\n"
    "  -4, --ipv4        IPv4 only\n"
    "  -6, --ipv6        IPv6 only\n"
    "  -r, --reverse     print the names of each ADDRESS instead: the canonical one,\n"
    "                    then aliases; not with -4, -6 or --timeout\n"
    "      --timeout=MS  give up on a NAME after so many milliseconds\n"
    "      --json        print an object for each NAME: query, and addresses, names\n"
    "                    or error\n"
    "  -h, --help        print this help\n"
    "\n"
    "Exit status: 0 when everything was found, 1 when something was not, 2 when there\n"
    "was trouble of another kind.\n";

typedef struct {
    int family;
    bool reverse;
    bool json;
    int64_t timeout_ms;
} resolve_options;

/* ---- output ----------------------------------------------------------------------------------- */

static void print_json_text(const char *text) {
    putchar('"');
    while (*text) {
        char character[JSON_CHARACTER_MOST + 1]; /* and the NUL of sprintf */
        fwrite(character, 1, (size_t)(put_json_character(character, &text) - character), stdout);
    }
    putchar('"');
}

/* Texts of one answer as they come: lines, or the elements of an array. */
typedef struct {
    bool json;
    size_t count;
} text_list;

static text_list begin_answer(const resolve_options *options, const char *query) {
    if (options->json) {
        fputs("{\"query\":", stdout);
        print_json_text(query);
        fputs(options->reverse ? ",\"names\":[" : ",\"addresses\":[", stdout);
    }
    return (text_list){.json = options->json};
}

static void add_text(text_list *answer, const char *text) {
    if (!answer->json) {
        puts(text);
        return;
    }
    if (answer->count++ > 0)
        putchar(',');
    print_json_text(text);
}

static void end_answer(const text_list *answer) {
    if (answer->json)
        puts("]}");
}

static void print_reason(const resolve_options *options, const char *query, const char *reason) {
    if (!options->json) {
        complain("%s: %s", query, reason);
        return;
    }
    fputs("{\"query\":", stdout);
    print_json_text(query);
    fputs(",\"error\":", stdout);
    print_json_text(reason);
    puts("}");
}

static void print_failure(const resolve_options *options, const char *query,
                          const simdinet_error *error) {
    char reason[128];
    simdinet_strerror(error, reason, sizeof reason);
    print_reason(options, query, reason);
}

/* ---- lookups ---------------------------------------------------------------------------------- */

/* No such name is an answer; that none could be had is trouble. */
static int status_of(const simdinet_error *error) {
    bool none = error->status == SIMDINET_E_NOTFOUND;
    if (error->status == SIMDINET_E_GAI)
        none = error->detail == EAI_NONAME || error->detail == EAI_NODATA ||
               error->detail == EAI_ADDRFAMILY;
    if (error->status == SIMDINET_E_HERR)
        none = error->detail == HOST_NOT_FOUND || error->detail == NO_DATA;
    return none ? EXIT_NONE : EXIT_TROUBLE;
}

static int resolve_name(const resolve_options *options, const char *name) {
    struct addrinfo hints = {.ai_family = options->family, .ai_socktype = SOCK_STREAM}, *list;
    int code = simdinet_getaddrinfo_deadline(name, NULL, &hints, options->timeout_ms, &list);
    if (code != 0) {
        simdinet_error error = {.status = SIMDINET_E_GAI, .detail = code, .sys_errno = errno};
        print_failure(options, name, &error);
        return status_of(&error);
    }
    text_list answer = begin_answer(options, name);
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

static int resolve_address(const resolve_options *options, const char *address) {
    simdinet_hostent *host;
    simdinet_error error;
    if (simdinet_gethostbyaddr(address, SIMDINET_ZSTR, &host, &error) != SIMDINET_OK) {
        print_failure(options, address, &error);
        return status_of(&error);
    }
    text_list answer = begin_answer(options, address);
    add_text(&answer, host->name);
    for (size_t i = 0; i < host->naliases; i++)
        add_text(&answer, host->aliases[i]);
    end_answer(&answer);
    simdinet_free(host);
    return EXIT_FOUND;
}

static int resolve(const resolve_options *options, const char *query) {
    return options->reverse ? resolve_address(options, query) : resolve_name(options, query);
}

/* Trouble wins over an address that does not exist, and that over one that does. */
static void worsen(int *status, int other) {
    if (other > *status)
        *status = other;
}

/* Standard input, and how far it has been taken. */
typedef struct {
    size_t at, len;
    char text[BUFFER_SIZED(4096, 32)];
} query_input;

/* No byte of UTF-8: it is shown as a character that is not known. */
enum { NO_TEXT = 0xff };

/* What stands where a byte was wanted. */
enum { INPUT_ENDED = -1, INPUT_FAILED = -2 };

static int next_byte(query_input *from) {
    if (from->at == from->len) {
        ssize_t got = read_patiently(STDIN_FILENO, from->text, sizeof from->text);
        if (got <= 0)
            return got < 0 ? INPUT_FAILED : INPUT_ENDED;
        from->at = 0;
        from->len = (size_t)got;
    }
    return (unsigned char)from->text[from->at++];
}

typedef enum { A_QUERY, NO_NAME, NO_QUERY, UNREADABLE } query_kind;

static bool is_blank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* Reads a line without its end and without the blanks around what stands on it; of one that is no name
 * what can be shown. A line that an error cuts is none: a name that lacks its end may well be the name
 * of another. */
static query_kind read_query(query_input *from, char *line, size_t size) {
    size_t len = 0;
    bool whole = true;
    int c;
    while ((c = next_byte(from)) >= 0 && c != '\n') {
        if (len == 0 && is_blank(c))
            continue;
        whole = whole && len + 1 < size && c != '\0';
        if (len + 1 < size)
            line[len++] = (char)(c ? c : NO_TEXT);
    }
    while (len > 0 && is_blank(line[len - 1]))
        len--;
    line[len] = '\0';
    if (c == INPUT_FAILED)
        return UNREADABLE;
    if (!whole)
        return NO_NAME;
    return c == INPUT_ENDED && len == 0 ? NO_QUERY : A_QUERY;
}

/* One query a line, answered before the next is read. */
static int resolve_input(const resolve_options *options) {
    static const char no_name[] = "not a name: too long, or with a NUL in it";
    query_input input = {0};
    char line[NI_MAXHOST];
    unsigned long long number = 0;
    int status = EXIT_FOUND;
    query_kind kind;
    struct stat about;
    const char *reason;
    if (input_open("-", &about, &reason) < 0) {
        complain("%s: %s", source_label("-"), reason);
        return EXIT_TROUBLE;
    }
    while ((kind = read_query(&input, line, sizeof line)) == A_QUERY || kind == NO_NAME) {
        number++;
        if (kind == NO_NAME) {
            if (options->json)
                print_reason(options, line, no_name);
            else
                complain("%s:%llu: %s", source_label("-"), number, no_name);
            worsen(&status, EXIT_TROUBLE);
        } else if (*line) {
            worsen(&status, resolve(options, line));
        }
        if (fflush(stdout) != 0)
            break;
    }
    if (kind == UNREADABLE) {
        complain_errno(source_label("-"));
        return EXIT_TROUBLE;
    }
    return status;
}

int command_resolve(int argc, char **argv) {
    enum { OPTION_JSON = 256, OPTION_TIMEOUT };
    static const struct option long_options[] = {
        {"ipv4", no_argument, NULL, '4'},
        {"ipv6", no_argument, NULL, '6'},
        {"reverse", no_argument, NULL, 'r'},
        {"json", no_argument, NULL, OPTION_JSON},
        {"timeout", required_argument, NULL, OPTION_TIMEOUT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {0},
    };
    resolve_options options = {.timeout_ms = -1};
    bool ipv4 = false, ipv6 = false;
    uint64_t milliseconds;
    for (int option; (option = next_option(argc, argv, "46rhV", long_options)) != -1;) {
        switch (option) {
        case '4':
            ipv4 = true;
            break;
        case '6':
            ipv6 = true;
            break;
        case 'r':
            options.reverse = true;
            break;
        case OPTION_JSON:
            options.json = true;
            break;
        case OPTION_TIMEOUT:
            if (!read_count("--timeout", optarg, &milliseconds))
                return usage_error(argv[0]);
            options.timeout_ms = milliseconds > INT64_MAX ? INT64_MAX : (int64_t)milliseconds;
            break;
        case 'h':
            return print_help(help);
        case 'V':
            return print_version();
        default:
            return usage_error(argv[0]);
        }
    }
    if (options.reverse && (ipv4 || ipv6 || options.timeout_ms >= 0)) {
        complain("-r does not go with -4, -6 or --timeout");
        return usage_error(argv[0]);
    }
    options.family = ipv4 == ipv6 ? AF_UNSPEC : ipv4 ? AF_INET : AF_INET6;
    int status = EXIT_FOUND;
    if (optind == argc)
        status = resolve_input(&options);
    for (int i = optind; i < argc; i++)
        worsen(&status, resolve(&options, argv[i]));
    return finish_output(status);
}
