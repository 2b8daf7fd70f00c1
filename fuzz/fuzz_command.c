/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_command.c - the command from its arguments and its input to its output. Checks that the output does
 * not depend on how the input is delivered, nor on the implementation; that it is that of the oracle; and
 * that `format` inverts `parse`.
 *
 * Input: a byte for the delivery, a byte for the compression, a byte for the size of reads; the arguments,
 * one per line; an empty line; the text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compress.h"
#include "fake_os.h"
#include "fuzz.h"
#include "oracle.h"

enum {
    LARGEST = 32 * 1024,
    TIMES = 8,            /* repetitions of the text, for longer lines and more ranges */
    MAX_COMPRESSED = 512, /* of a compressed text in the input: it may expand 32,000 times */
    ARGUMENTS = 16
};

typedef struct command_line {
    int argc;
    char *argv[ARGUMENTS + 2]; /* the name of the command first, NULL last */
    char *text;                /* that they point into */
} command_line;

/* The text, and the data that the command reads. */
typedef struct test_input {
    char *plain, *given;
    size_t plain_size, given_size;
    size_t times; /* repetitions of the text in plain */
    bool known;   /* plain is the text of given */
    bool cut;     /* given is truncated */
} test_input;

typedef struct run {
    int status;
    captured out, errors;
} run;

static char *allocate(size_t size) {
    char *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/* Consumes the lines up to an empty one. A NUL ends an argument. */
static void take_arguments(input *in, command_line *line) {
    static char name[] = "simdinet";
    line->argc = 1;
    line->argv[0] = name;
    line->text = allocate(in->size + 1);
    if (in->size > 0)
        memcpy(line->text, in->data, in->size);
    char *next = line->text, *end = line->text + in->size;
    while (next < end) {
        char *newline = memchr(next, '\n', (size_t)(end - next));
        char *stop = newline ? newline : end;
        bool empty = stop == next;
        *stop = '\0';
        if (!empty && line->argc <= ARGUMENTS)
            line->argv[line->argc++] = next;
        next = newline ? newline + 1 : end;
        if (empty)
            break;
    }
    line->argv[line->argc] = NULL;
    in->data += next - line->text;
    in->size -= (size_t)(next - line->text);
}

/* Each argument in a block of its own; getopt permutes argv. */
static command_line copy_arguments(const command_line *from) {
    command_line copy = {.argc = from->argc};
    for (int i = 0; i < from->argc; i++)
        if (!(copy.argv[i] = strdup(from->argv[i])))
            abort();
    return copy;
}

static void print_arguments(const command_line *line) {
    fputs("\ncommand:", stderr);
    for (int i = 1; i < line->argc; i++)
        fprintf(stderr, " '%s'", show(line->argv[i], strlen(line->argv[i])));
    fputs("\n", stderr);
}

/* Whether an argument is an option group with that letter. */
static bool has_letter(const command_line *line, char letter) {
    bool has = false;
    for (int i = 1; i < line->argc; i++)
        has |= line->argv[i][0] == '-' && strchr(line->argv[i], letter);
    return has;
}

/* Whether messages about files are suppressed: -s, alone or in a group, or --no-messages. */
static bool has_no_messages(const command_line *line) {
    bool has = false;
    for (int i = 1; i < line->argc; i++) {
        const char *argument = line->argv[i];
        has |= argument[0] == '-' && argument[1] != '-' && strchr(argument, 's');
        has |= strncmp(argument, "--no-m", 6) == 0;
    }
    return has;
}

/* Whether the output depends on the text only; other commands print the implementation, as --version does. */
static bool takes_text(const command_line *line) {
    static const char *const names[] = {"extract", "count", "grep", "parse", "format", "anonymize"};
    for (size_t i = 0; line->argc > 1 && i < sizeof names / sizeof *names; i++)
        if (strcmp(line->argv[1], names[i]) == 0)
            return true;
    return false;
}

/* After an error in standard input, a second "-" reads the rest, whose size depends on the delivery. */
static bool reads_once(const command_line *line) {
    int times = 0;
    for (int i = 1; i < line->argc; i++)
        times += strcmp(line->argv[i], "-") == 0;
    return times < 2;
}

/* ---- runs --------------------------------------------------------------------------------------- */

static bool holds(const captured *what, const char *words) {
    return memmem(what->text, what->len, words, strlen(words)) != NULL;
}

/* Copies the output, which is valid until the next run only. */
static captured copy_captured(captured what) {
    char *text = allocate(what.len);
    memcpy(text, what.text, what.len);
    what.text = text;
    return what;
}

static run run_command(const command_line *line, const void *text, size_t size,
                       const input_delivery *how) {
    command_line mine = copy_arguments(line);
    char *arguments[ARGUMENTS + 2];
    memcpy(arguments, mine.argv, sizeof arguments);
    run ran;
    fake_begin(text, size, how);
    ran.status = simdinet_main(mine.argc, mine.argv);
    fake_end(&ran.out, &ran.errors);
    for (int i = 0; i < mine.argc; i++)
        free(arguments[i]);
    /* resolve --json prints its errors as objects; -s prints none about files. */
    bool reported = ran.errors.size > 0 || holds(&ran.out, "\"error\":") || has_no_messages(line);
    if (ran.status < 0 || ran.status > 2 || (ran.status == 2 && !reported)) {
        print_arguments(line);
        fail(text, size, "command: exit status %d, messages: %s", ran.status,
             reported ? "some" : "none");
    }
    ran.out = copy_captured(ran.out);
    ran.errors = copy_captured(ran.errors);
    return ran;
}

static void free_run(run *ran) {
    free(ran->out.text);
    free(ran->errors.text);
}

static void print_run(const char *what, const run *ran) {
    fprintf(stderr, "%s, %d: %s\n", what, ran->status, show(ran->out.text, ran->out.len));
    fprintf(stderr, "  %s\n", show(ran->errors.text, ran->errors.len));
}

static bool same_captured(const captured *a, const captured *b) {
    return a->size == b->size && a->sum == b->sum && memcmp(a->text, b->text, a->len) == 0;
}

/* ---- checks ------------------------------------------------------------------------------------- */

/* The same text, with another delivery and the scalar implementation, has the same output; except --stats, and
 * the part of the output before a read error. */
static void check_delivery(const command_line *line, const void *text, size_t size,
                           const input_delivery *how, const run *first) {
    input_delivery other = {
        .pipe = !how->pipe, .terminal = how->terminal, .processors = 1, .broken = how->broken};
    const simdinet_implementation *impl = simdinet_implementation_active();
    if (takes_text(line) && !holds(&first->out, " (implementation: "))
        use_implementation(&simdinet_implementation_scalar);
    run second = run_command(line, text, size, &other);
    use_implementation(impl);
    const char *differs = NULL;
    if (second.status != first->status)
        differs = "the exit status";
    else if (how->broken == 0 && !same_captured(&first->out, &second.out))
        differs = "the output";
    else if (!same_captured(&first->errors, &second.errors) && !holds(&first->errors, "; 0.") &&
             !has_letter(line, 'q'))
        differs = "the messages";
    if (differs) {
        print_arguments(line);
        print_run("first", first);
        print_run("then", &second);
        fail(text, size, "command: delivery or implementation changes %s", differs);
    }
    free_run(&second);
}

/* A truncated or unreadable input is an error, and its output is a prefix of that of the whole text; except
 * that of count and grep, and with -q the status of an early match. */
static void check_truncated(const command_line *line, const test_input *text, const run *ran,
                            const expectation *right) {
    bool grows = strcmp(line->argv[1], "count") != 0 && strcmp(line->argv[1], "grep") != 0;
    if (ran->status != 2 && !has_letter(line, 'q'))
        fail(text->given, text->given_size, "command: no error for a truncated text");
    if (grows &&
        (ran->out.size > right->len || memcmp(ran->out.text, right->text, ran->out.size) != 0)) {
        print_arguments(line);
        print_run("prints", ran);
        fprintf(stderr, "expected at most: %s\n", show(right->text, right->len));
        fail(text->plain, text->plain_size, "command: wrong output for a truncated text");
    }
}

static void check_expectation(const command_line *line, const test_input *text, const run *ran,
                              bool broken) {
    expectation right;
    if (!text->known ||
        !expect(line->argc - 1, line->argv + 1, text->plain, text->plain_size, &right))
        return;
    if (text->cut || broken) {
        check_truncated(line, text, ran, &right);
        return;
    }
    if (ran->status == right.status && ran->out.size == right.len &&
        memcmp(ran->out.text, right.text, right.len) == 0)
        return;
    print_arguments(line);
    print_run("prints", ran);
    fprintf(stderr, "expected, %d: %s\n", right.status, show(right.text, right.len));
    fail(text->plain, text->plain_size, "command: wrong output");
}

/* `parse` of the output of `format` gives the same numbers; for one family, as a number has none. */
static void check_round_trip(const command_line *line, const run *parsed) {
    static const input_delivery plain = {.processors = 1};
    static char format[] = "format", hex[] = "--hex";
    char *const *argv = line->argv;
    if (line->argc != 3 || strcmp(argv[1], "parse") != 0 ||
        (strcmp(argv[2], "-4") != 0 && strcmp(argv[2], "-6") != 0))
        return;
    command_line there = {.argc = 4, .argv = {argv[0], format, argv[2], hex}};
    run formatted = run_command(&there, parsed->out.text, parsed->out.len, &plain);
    run again = run_command(line, formatted.out.text, formatted.out.len, &plain);
    if (formatted.status != 0 || again.status != 0 || !same_captured(&parsed->out, &again.out))
        fail(formatted.out.text, formatted.out.len,
             "command: `parse` does not accept what `format` captured");
    free_run(&formatted);
    free_run(&again);
}

/* `anonymize` with a filter that accepts every address changes nothing; without one, truncation takes shorter ways. */
static void check_truncation(const command_line *line, const void *text, size_t size,
                             const input_delivery *how, const run *first) {
    static char only[] = "--only=0.0.0.0/0,::/0";
    static const char *const others[] = {"--o", "--k", "--ma", "--mo", "--dec", "--g"};
    command_line filtered = *line;
    if (line->argc < 2 || line->argc > ARGUMENTS || first->status != 0 ||
        strcmp(line->argv[1], "anonymize") != 0)
        return;
    for (int i = 2; i < line->argc; i++)
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            if (strncmp(line->argv[i], others[k], strlen(others[k])) == 0)
                return;
    memmove(filtered.argv + 3, filtered.argv + 2, (size_t)(line->argc - 1) * sizeof *filtered.argv);
    filtered.argv[2] = only;
    filtered.argc++;
    run second = run_command(&filtered, text, size, how);
    if (second.status != 0 || !same_captured(&first->out, &second.out)) {
        print_arguments(line);
        print_run("first", first);
        print_run("with a filter", &second);
        fail(text, size, "command: a filter of all addresses changes the output");
    }
    free_run(&second);
}

/* ------------------------------------------------------------------------------------------------- */

/* Whether the command decompresses its input: binary `format` reads it as it is. */
static bool decompresses(const command_line *line) {
    bool binary = true;
    for (int i = 2; i < line->argc; i++)
        if (strcmp(line->argv[i], "--hex") == 0 || strcmp(line->argv[i], "--int") == 0)
            binary = false;
        else if (strcmp(line->argv[i], "--binary") == 0)
            binary = true;
    return takes_text(line) && (strcmp(line->argv[1], "format") != 0 || !binary);
}

static test_input prepare(const input *in, unsigned choices, const command_line *line) {
    static const size_t cuts[] = {0, 0, 0, 0, 1, 4, 9, 40};
    compression how = choices % 4 == 3 ? UNCOMPRESSED : (compression)(choices % 4);
    bool two = choices & 4, inflates = line->argc > 1 && decompresses(line);
    size_t times = choices & 8 ? TIMES : 1;
    test_input made = {.plain_size = in->size * times, .times = times, .known = true};
    made.plain = allocate(made.plain_size);
    for (size_t i = 0; i < times && in->size > 0; i++)
        memcpy(made.plain + i * in->size, in->data, in->size);
    made.given = allocate(COMPRESSED_CAPACITY(made.plain_size));
    if (how != UNCOMPRESSED && inflates)
        made.given_size = compress_text(how, two, made.plain, made.plain_size, made.given,
                                        COMPRESSED_CAPACITY(made.plain_size));
    if (made.given_size > 0) {
        size_t cut = two ? 0 : cuts[choices >> 5];
        made.cut = cut > 0 && cut + 4 <= made.given_size;
        made.given_size -= made.cut ? cut : 0;
    } else {
        memcpy(made.given, made.plain, made.plain_size);
        made.given_size = made.plain_size;
        made.known = !inflates || !looks_compressed(made.plain, made.plain_size);
    }
    return made;
}

static void run_on(const command_line *line, const test_input *text, const input_delivery *how) {
    run ran = run_command(line, text->given, text->given_size, how);
    /* A terminal has colours. */
    if (!how->terminal)
        check_expectation(line, text, &ran, how->broken > 0 && how->broken <= text->given_size);
    check_round_trip(line, &ran);
    if (how->broken == 0 && reads_once(line))
        check_truncation(line, text->given, text->given_size, how, &ran);
    if (reads_once(line))
        check_delivery(line, text->given, text->given_size, how, &ran);
    free_run(&ran);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned ways = take_byte(&in), choices = take_byte(&in);
    input_delivery how = {.pipe = ways & 1,
                          .terminal = ways & 2,
                          .processors = ways & 4 ? 3 : 1,
                          .broken = (size_t)(ways >> 3) * 16,
                          .step = take_byte(&in) % 64};
    command_line line;
    if (size > LARGEST / TIMES)
        return 0;
    take_arguments(&in, &line);
    test_input text = prepare(&in, choices, &line);
    /* The number of reads is that of one repetition. */
    how.step *= text.times;
    if (text.known || text.given_size <= MAX_COMPRESSED)
        run_on(&line, &text, &how);
    free(text.plain);
    free(text.given);
    free(line.text);
    return 0;
}
