/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "help.h"

#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "simdinet.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80 };

/* "  -x, --name=ARGUMENT" */
static size_t option_label(const option_row *row, char *to, size_t size) {
    const char *argument = row->argument ? row->argument : "";
    char letter[] = {'-', row->letter, ',', '\0'};
    int len = *argument == '[' ? snprintf(to, size, "  %3s --%s[=%.*s]", row->letter ? letter : "",
                                          row->name, (int)strlen(argument) - 2, argument + 1)
                               : snprintf(to, size, "  %3s --%s%s%s", row->letter ? letter : "",
                                          row->name, *argument ? "=" : "", argument);
    return (size_t)len;
}

/* Breaks the text at blanks; each line after the first starts at the column. */
static void print_wrapped(const char *text, size_t column) {
    size_t at = column;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (at > column && at + 1 + word > WIDTH) {
            printf("\n%*s", (int)column, "");
            at = column;
        } else if (at > column) {
            putchar(' ');
            at++;
        }
        printf("%.*s", (int)word, text);
        at += word;
        text += word + (text[word] == ' ');
    }
    putchar('\n');
}

static bool is_rare(const option_row *row, const subcommand *of) {
    return row->rare || row->rare_in >> of->id & 1;
}

/* The options that --help does not describe, each by its shortest form. */
static void print_rare_options(const subcommand *of) {
    char text[512];
    size_t len = 0;
    for (size_t i = 0; i < n_options; i++) {
        const option_row *row = &option_table[i];
        const char *separator = len > 0 ? "," : "Also";
        if (!option_applies(row, of) || !row->help || !is_rare(row, of))
            continue;
        if (row->letter)
            len +=
                (size_t)snprintf(text + len, sizeof text - len, "%s -%c", separator, row->letter);
        else
            len += (size_t)snprintf(text + len, sizeof text - len, "%s --%s", separator, row->name);
    }
    if (len == 0)
        return;
    snprintf(text + len, sizeof text - len, "; see simdinet-%s(1).", of->name);
    print_wrapped(text, 0);
}

/* Whether --help describes the option. */
static bool is_described(const option_row *row, const subcommand *of) {
    return option_applies(row, of) && row->help && !is_rare(row, of);
}

int print_help(const subcommand *of) {
    char label[WIDTH];
    size_t column = 0;
    printf("Usage: simdinet %s%s%s\n", of->name, *of->usage[0] ? " " : "", of->usage[0]);
    if (of->usage[1])
        printf("   or: simdinet %s %s\n", of->name, of->usage[1]);
    print_wrapped(of->about, 0);
    putchar('\n');
    for (size_t i = 0; i < n_options; i++) {
        const option_row *row = &option_table[i];
        size_t len = is_described(row, of) ? option_label(row, label, sizeof label) : 0;
        column = len > column ? len : column;
    }
    for (size_t i = 0; i < n_options; i++) {
        const option_row *row = &option_table[i];
        if (!is_described(row, of))
            continue;
        option_label(row, label, sizeof label);
        printf("%-*s  ", (int)column, label);
        print_wrapped(row->help, column + 2);
    }
    print_rare_options(of);
    if (of->notes) {
        putchar('\n');
        print_wrapped(of->notes, 0);
    }
    return finish_output(EXIT_FOUND);
}

int print_version(void) {
    printf("simdinet %s (implementation: %s)\n", simdinet_version(),
           simdinet_active_implementation());
    return finish_output(EXIT_FOUND);
}
