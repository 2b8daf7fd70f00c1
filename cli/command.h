/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * command.h - the subcommands. Each is a file commands/NAME.c that defines command_NAME.
 */
#ifndef SIMDINET_COMMAND_H
#define SIMDINET_COMMAND_H

/* The command table, in the order of simdinet --help. */
#define COMMANDS(X)                                                                                \
    X(extract)                                                                                     \
    X(count)                                                                                       \
    X(parse)                                                                                       \
    X(format)                                                                                      \
    X(grep)                                                                                        \
    X(networks)                                                                                    \
    X(anonymize)                                                                                   \
    X(resolve)                                                                                     \
    X(services)                                                                                    \
    X(interfaces)                                                                                  \
    X(info)

#define COMMAND_ID(name) COMMAND_##name,
typedef enum { COMMANDS(COMMAND_ID) N_COMMANDS } command_id;
#undef COMMAND_ID

struct options;

typedef enum {
    OPERANDS_NONE,
    OPERANDS_FILES,   /* "-" if there is none */
    OPERANDS_NETWORK, /* a network, unless an option names one, and files */
    OPERANDS_HOSTS,
    OPERANDS_SERVICES,
} operand_type;

typedef struct subcommand {
    command_id id;
    const char *name;
    const char *summary;  /* for lists of commands */
    const char *usage[2]; /* what follows "simdinet NAME", in one or two forms */
    const char *about;    /* --help: before the options */
    const char *notes;    /* --help: after the options; may be NULL */
    const char *manual;   /* the manual page from DESCRIPTION on, in the markup of generate_man.h */
    operand_type operands;
    int (*run)(struct options *given); /* returns an exit status */
} subcommand;

#define COMMAND_DECLARATION(name) extern const subcommand command_##name;
COMMANDS(COMMAND_DECLARATION)
#undef COMMAND_DECLARATION

#endif
