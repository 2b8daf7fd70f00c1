/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "generate_man.h"

#include "option_table.h"
#include "scan_names.h"
#include "simdinet.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- the page simdinet.1 ---------------------------------------------------------------------- */

static const char manual[] =
    "Finds the IPv4 and IPv6 addresses in any text, and distinguishes them from version numbers,\n"
    "times of day, hardware addresses and parts of longer numbers.\n"
    "# COMMANDS\n"
    "# OPTIONS\n"
    ": `help` [COMMAND], `-h`, `--help`\n"
    "Print the list of commands, or the options of a command, as `--help` after a command does.\n"
    ": `-V`, `--version`\n"
    "Print the version and the active implementation; also after a command.\n"
    ": `--generate` WHAT\n"
    "Print a file for packagers: `man`, `man-extract` and so on, `complete-bash`, `complete-zsh` "
    "or\n"
    "`complete-fish`.\n"
    "# INPUT\n"
    "This section and those up to EXIT STATUS are about `extract`, `count` and `grep`; the pages "
    "of\n"
    "the other commands describe theirs. Files are read in order, or standard input if there is "
    "no\n"
    "file; `-` is standard input. Any bytes are text.\n"
    "\n"
    "Data are recognized by their first bytes. `gzip`(1), `zstd`(1), `xz`(1) (with .lzma and "
    ".lz),\n"
    "`bzip2`(1) and `lz4`(1) data are decompressed, including concatenated members. UTF-16 with a\n"
    "byte order mark is decoded, and what is not valid in it becomes U+FFFD; offsets count in the\n"
    "decoded text. Other compressed data, archives and encodings are named and not read.\n"
    "\n"
    "A packet capture (`pcap`, `pcapng`; compressed or not) reads as one line per packet with the\n"
    "addresses of its IP header, `192.0.2.1 > 192.0.2.2`, so that line numbers are packet "
    "numbers;\n"
    "the line of a packet without a complete IP header is empty. `--inner` adds the headers "
    "within\n"
    "IPIP, 6in4 and GRE after a colon; `--src` and `--dst` leave one address of each header. The\n"
    "link types are Ethernet (with VLAN tags, MPLS, PPPoE, SNAP), raw IP, loopback, Linux cooked\n"
    "v1 and v2, PPP, PPPoE and Cisco HDLC; others are named and not read. Interfaces of a pcapng\n"
    "file may have different ones.\n"
    "\n"
    "If a file is corrupt, truncated or cannot be read to its end, everything before the error is\n"
    "used, except an address at the very end, which may be incomplete. The message has the name "
    "of\n"
    "the file.\n"
    "\n"
    "Large regular files are scanned with as many threads as there are processors (see `-j`), and\n"
    "the output has the order of the input. Pipes, compressed data and line-buffered output use "
    "one\n"
    "thread.\n"
    "# OUTPUT\n"
    "Standard output is written in large blocks; line by line if it is a terminal or with\n"
    "`--line-buffered`; and before every read from a pipe that would block.\n"
    "# PROGRESS\n"
    "After one second, standard error shows how much was read of all files, the rate, and the\n"
    "percentage of the current file: if standard error is a terminal, and while a regular file is\n"
    "read. Not if standard output is a terminal or a pipe, whose reader may print to the same\n"
    "terminal, except for `count`, and `grep -c` of one file, which print nothing before the end.\n"
    "The line is erased when the work ends, also by a signal.\n"
    "# MEMORY\n"
    "At most 64 MiB, for any size of input and number of threads. `count` and `extract --unique`\n"
    "take up to 64 bytes more per distinct address. `grep` keeps a line that it may print until "
    "it\n"
    "is complete. A line longer than 1 GiB, or than memory allows, is named and skipped, and the "
    "exit\n"
    "status is 2; `-c`, `-q`, `-o` and their combinations with `-v` keep no line and have no "
    "limit.\n"
    "zstd and xz data take as much as their headers require, up to 128 MiB.\n"
    "# WHAT COUNTS AS AN ADDRESS\n"
    "The syntax of `inet_pton`(3), unless the surrounding text shows that it is something else. "
    "An\n"
    "IPv4 address is not part of a longer word or of a number with more dots, and one that looks "
    "like\n"
    "a version number (`Chrome/30.0.0.0`, `rv:1.9.0.1`) is left out without `--versions`. An "
    "IPv6\n"
    "address includes all adjacent hexadecimal digits and colons, except a port and a final "
    "colon.\n"
    "Prefixes, zones, brackets, quotes, escapes and colours are delimiters. docs/scan.md in the\n"
    "sources has the rules.\n"
    "# HEURISTICS\n"
    "Some rules are right for nearly all text, but not for all. `--no-heuristic` of `extract`, "
    "`count`\n"
    "and `grep` switches them off by name:\n"
    "@heuristics\n"
    "# ENVIRONMENT\n"
    ": `SIMDINET_IMPLEMENTATION`\n"
    "The name of the implementation to use if this machine supports it; see `simdinet-info`(1).\n"
    ": `NO_COLOR`, `TERM`\n"
    "If the first is set and not empty, or the second is `dumb` or not set, `--color=auto` means\n"
    "`never`.\n"
    "# EXIT STATUS\n"
    ": `0`\n"
    "Something was found.\n"
    ": `1`\n"
    "Nothing was found.\n"
    ": `2`\n"
    "An error: a file cannot be read, an argument is invalid, or the output cannot be written. "
    "The\n"
    "other files are read all the same.\n"
    "# EXAMPLES\n"
    "The ten most frequent clients of a web server:\n"
    "\n"
    "    simdinet count -n 10 access.log\n"
    "\n"
    "Lines about a list of networks, as they arrive:\n"
    "\n"
    "    tail -f firewall.log | simdinet grep -f blocklist.txt\n"
    "# SEE ALSO\n";

/* The section CAVEATS of the commands that scan. */
static const char caveats[] =
    "An IPv4 address that reads as a version number is left out unless `--versions` is given: "
    "after a\n"
    "word and a slash (`gateway/192.0.2.1`), after a key such as `version` or `firmware`\n"
    "(`firmware: 192.0.2.1`), in the parentheses of a user agent. It is found where the text "
    "shows\n"
    "that it is an address: `gateway/192.0.2.1:443`, `inside/192.0.2.1`, `host/192.168.0.1`.\n"
    "\n"
    "An address that adjoins a letter, digit or underscore is left out (`host_192.0.2.1`), and so "
    "are\n"
    "five numbers (`192.0.2.1.443`), except where a direction shows that the fifth is a port, as "
    "in\n"
    "`192.0.2.1.443 > 192.0.2.2.58000`. `--doubtful` includes all of these.\n"
    "\n"
    "Four numbers of something else, such as a release or an object identifier, are an address if "
    "no\n"
    "rule applies. So is `12::30`, the time or address, and `2001:db8::1:443`, whose last group "
    "may\n"
    "be a port; both have a flag in the output of `extract --json`.\n";

/* ---- text ------------------------------------------------------------------------------------- */

/* Prints code: ASCII hyphens and quotes. */
static void put_literal(const char *text, size_t len) {
    if (len > 0 && *text == '.')
        fputs("\\&", stdout);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '-')
            fputs("\\-", stdout);
        else if (text[i] == '\'')
            fputs("\\(aq", stdout);
        else if (text[i] == '\\')
            fputs("\\e", stdout);
        else
            putchar(text[i]);
    }
}

static void put_bold(const char *text, size_t len) {
    fputs("\\fB", stdout);
    put_literal(text, len);
    fputs("\\fR", stdout);
}

/* Prints text with its `bold` words. */
static void put_inline(const char *text, size_t len) {
    bool bold = false;
    for (size_t at = 0; at < len;) {
        const char *quote = memchr(text + at, '`', len - at);
        size_t end = quote ? (size_t)(quote - text) : len;
        if (bold)
            put_bold(text + at, end - at);
        else
            printf("%.*s", (int)(end - at), text + at);
        at = end + 1;
        bold = !bold;
    }
}

/* Prints a usage: options in bold, names of arguments in italics. */
static void put_usage(const char *text) {
    while (*text) {
        size_t name = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), len = name ? name : 1;
        if (*text == '-')
            put_bold(text, len = 2);
        else if (name)
            printf("\\fI%.*s\\fR", (int)len, text);
        else
            putchar(*text);
        text += len;
    }
}

static void put_title(const char *name) {
    fputs(".\\\" SPDX-License-Identifier: Apache-2.0 OR MIT\n"
          ".\\\" Generated by simdinet --generate.\n.TH SIMDINET",
          stdout);
    if (name)
        fputs("\\-", stdout);
    for (; name && *name; name++)
        putchar(toupper((unsigned char)*name));
    printf(" 1 \"\" \"simdinet %s\" \"User Commands\"\n.SH NAME\n", simdinet_version());
}

/* ---- options and commands --------------------------------------------------------------------- */

static void put_option(const option_row *row) {
    const char *argument = row->argument;
    fputs(".TP\n", stdout);
    if (row->letter)
        printf("\\fB\\-%c\\fR, ", row->letter);
    fputs("\\fB\\-\\-", stdout);
    put_literal(row->name, strlen(row->name));
    fputs("\\fR", stdout);
    if (argument && *argument == '[')
        printf("[=\\fI%.*s\\fR]", (int)strlen(argument) - 2, argument + 1);
    else if (argument)
        printf("=\\fI%s\\fR", argument);
    printf("\n%c", toupper((unsigned char)*row->help));
    put_inline(row->help + 1, strlen(row->help + 1));
    fputs(".\n", stdout);
    if (row->details) {
        put_inline(row->details, strlen(row->details));
        putchar('\n');
    }
}

static void put_options(const subcommand *of) {
    for (size_t i = 0; i < n_options; i++)
        if (option_applies(&option_table[i], of) && option_table[i].help)
            put_option(&option_table[i]);
}

static void put_commands(const subcommand *const *commands) {
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf(".TP\n\\fB%s\\fR\n%c%s; see \\fBsimdinet\\-%s\\fR(1).\n", commands[i]->name,
               toupper((unsigned char)*commands[i]->summary), commands[i]->summary + 1,
               commands[i]->name);
}

static void put_item(const char *name, const char *text) {
    fputs(".TP\n", stdout);
    put_bold(name, strlen(name));
    putchar('\n');
    put_inline(text, strlen(text));
    putchar('\n');
}

static void put_heuristics(void) {
    for (size_t i = 0; i < n_heuristics; i++)
        put_item(heuristics[i].name, heuristics[i].effect);
}

static void put_flags(void) {
    for (size_t i = 0; i < n_match_flags; i++)
        put_item(match_flags[i].name, match_flags[i].meaning);
}

/* ---- markup ----------------------------------------------------------------------------------- */

typedef enum { AT_HEADING, IN_PARAGRAPH, IN_TERM, IN_EXAMPLE, AFTER_BLANK } markup_state;

static markup_state put_example_line(markup_state state, const char *line, size_t len) {
    if (state != IN_EXAMPLE)
        fputs(state == AT_HEADING ? ".nf\n" : ".PP\n.RS\n.nf\n", stdout);
    put_literal(line, len);
    putchar('\n');
    return IN_EXAMPLE;
}

/* of: NULL for simdinet.1, which has commands. */
static void put_markup(const char *text, const subcommand *of, const subcommand *const *commands) {
    markup_state state = AT_HEADING;
    bool indented = false;
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool example = strncmp(text, "    ", 4) == 0;
        if (state == IN_EXAMPLE && !example) {
            fputs(indented ? ".fi\n.RE\n" : ".fi\n", stdout);
            state = AFTER_BLANK;
        }
        if (len == 0) {
            state = AFTER_BLANK;
        } else if (*text == '#') {
            printf(".SH \"%.*s\"\n", (int)len - 2, text + 2);
            state = AT_HEADING;
            if (strncmp(text, "# OPTIONS\n", 10) == 0 && of) {
                put_options(of);
                state = AFTER_BLANK;
            } else if (strncmp(text, "# COMMANDS\n", 11) == 0 && commands) {
                put_commands(commands);
            } else if (strncmp(text, "# CAVEATS\n", 10) == 0 && of &&
                       of->id != COMMAND_anonymize) { /* which replaces doubtful addresses, too */
                put_markup(caveats, of, commands);
            }
        } else if (strncmp(text, "@heuristics\n", 12) == 0) {
            put_heuristics();
            state = AFTER_BLANK;
        } else if (strncmp(text, "@flags\n", 7) == 0) {
            put_flags();
            state = AFTER_BLANK;
        } else if (*text == ':') {
            fputs(".TP\n", stdout);
            put_inline(text + 2, len - 2);
            putchar('\n');
            state = IN_TERM;
        } else if (example) {
            if (state != IN_EXAMPLE)
                indented = state != AT_HEADING;
            state = put_example_line(state, text + 4, len - 4);
        } else {
            if (state == AFTER_BLANK)
                fputs(".PP\n", stdout);
            put_inline(text, len);
            putchar('\n');
            state = state == IN_TERM ? IN_TERM : IN_PARAGRAPH;
        }
        text += len + 1;
    }
    if (state == IN_EXAMPLE)
        fputs(indented ? ".fi\n.RE\n" : ".fi\n", stdout);
}

void generate_man(const subcommand *const *commands) {
    put_title(NULL);
    fputs("simdinet \\- find IP addresses in text\n.SH SYNOPSIS\n"
          "\\fBsimdinet\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n.br\n"
          "\\fBsimdinet help\\fR [\\fICOMMAND\\fR]\n.br\n\\fBsimdinet \\-\\-version\\fR\n"
          ".SH DESCRIPTION\n",
          stdout);
    put_markup(manual, NULL, commands);
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("\\fBsimdinet\\-%s\\fR(1),\n", commands[i]->name);
    fputs("\\fBsimdinet\\-preload\\fR(1)\n", stdout);
}

void generate_command_man(const subcommand *of) {
    put_title(of->name);
    printf("simdinet\\-%s \\- %s\n.SH SYNOPSIS\n", of->name, of->summary);
    for (size_t i = 0; i < 2 && of->usage[i]; i++) {
        printf("%s\\fBsimdinet %s\\fR%s", i > 0 ? ".br\n" : "", of->name, *of->usage[i] ? " " : "");
        put_usage(of->usage[i]);
        putchar('\n');
    }
    fputs(".SH DESCRIPTION\n", stdout);
    put_markup(of->manual, of, NULL);
}
