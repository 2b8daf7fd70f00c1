/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * option_table.h - the options of all subcommands, and where their values go.
 */
#ifndef SIMDINET_OPTION_TABLE_H
#define SIMDINET_OPTION_TABLE_H

#include "command.h"
#include "count_printer.h"
#include "label_source.h"
#include "network_set.h"
#include "printer.h"
#include "scan_range.h"

typedef enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } when;
typedef enum {
    NOTATION_DEFAULT,
    NOTATION_HEX,
    NOTATION_DECIMAL,
    NOTATION_BINARY,
    NOTATION_CANONICAL,
    NOTATION_EXPANDED,
    NOTATION_ARPA
} notation;

/* grep: print the names of the files with a selected line, or without. */
typedef enum { LIST_NONE, LIST_SELECTED, LIST_UNSELECTED } list_kind;
/* Networks of -e, -f, --only, --not, --intersect and --exclude. */
typedef enum {
    SOURCE_NETWORKS,
    SOURCE_FILE,
    SOURCE_ONLY,
    SOURCE_EXCLUDED,
    SOURCE_INTERSECT, /* networks: networks or the name of a file */
    SOURCE_SUBTRACT
} network_source_type;

typedef struct {
    network_source_type type;
    const char *text; /* networks, or the name of a file */
} network_source;

typedef struct options {
    const subcommand *command;
    scan_config scan;
    print_config print;    /* file_names and color follow from the two below */
    int file_names, color; /* when */
    bool quiet;

    /* extract, count, grep */
    bool versions;
    network_source *sources;
    size_t n_sources, sources_capacity;
    bool stdin_list; /* -f -: standard input is a list */
    bool skip_invalid;
    bool mapped; /* ::ffff:a.b.c.d is not a.b.c.d */
    bool label;  /* grep --label, count --by-label, extract --with=label */
    const char *database, *database_field; /* of the labels; NULL: not given */
    address_filter filter;                 /* from the sources */
    label_source labels;                   /* for label */

    /* extract */
    bool unique;

    /* count, networks */
    unsigned ipv4_prefix,
        ipv6_prefix; /* lengths to count by or to split into; 32 and 128: whole addresses */

    /* count */
    uint64_t top;
    bool percent, total, bars, sort_by_address;
    uint64_t min_count;
    int count_format; /* of count_printer.h */

    /* grep */
    bool invert;
    bool count_lines;
    bool only_matching, words;
    int list;                        /* list_kind */
    bool with_address;               /* no lines without any address */
    uint64_t max_count;              /* selected lines of a file */
    bool groups;                     /* any option about context was given */
    uint64_t before, after, context; /* UINT64_MAX: not given; later before and after are set */

    /* anonymize */
    bool truncates;
    unsigned truncate_ipv4, truncate_ipv6; /* lengths of the prefixes that stay */
    bool keyed, decrypt, generate_key, precise, has_mode;
    int mode; /* cipher_mode */
    const char *key_file, *mapping;

    /* networks; also count_lines */
    bool sort, ranges, split;

    /* parse, format */
    int notation;
    bool strict, header;
    bool upper;
    uint64_t field; /* 0: not given */
    char delimiter; /* 0: not given */

    /* resolve */
    bool reverse;
    int64_t timeout_ms; /* -1: none */

    int n_operands; /* files: at least one */
    char **operands;
} options;

typedef enum {
    SET_FLAG,
    SET_CHOICE,
    ADD_BITS,
    SET_TEXT,   /* the argument */
    ADD_SOURCE, /* the argument, a network_source */
    CALL_PARSER,
    PRINT_HELP,
    PRINT_VERSION
} option_action;

typedef struct option_row option_row;

/* Stores the argument of an option. False: logged. */
typedef bool option_parser(options *given, const option_row *row, const char *argument);

struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* without "--" */
    const char *argument; /* its name in the help; "[WHEN]": optional; NULL: none */
    unsigned commands;    /* bits 1 << command_id */
    option_action action;
    size_t field; /* offset in options: a bool, int, unsigned or const char * */
    int value;    /* of SET_CHOICE, ADD_BITS and ADD_SOURCE */
    option_parser *parse;
    const char *help;    /* NULL: undocumented */
    const char *details; /* sentences that the manual adds; may be NULL */
    const char *values;  /* completions of the argument, separated by blanks, or COMPLETE_FILES */
    const char *alias;   /* an undocumented second name */
    bool repeats;        /* given more than once, it adds up */
    bool rare;           /* --help has only its name */
    unsigned rare_in;    /* the same in these commands: bits 1 << command_id */
};

#define COMPLETE_FILES "FILES"

/* Adds networks that are read when all options are known. False: logged. */
bool add_network_source(options *given, network_source_type type, const char *text);

enum { MAX_OPTIONS = 128 };
extern const option_row option_table[];
extern const size_t n_options;

/* Whether a subcommand accepts the option. */
bool option_applies(const option_row *row, const subcommand *of);

#endif
