/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_command.c - the command from its arguments and its input to what it prints: that the way in
 * which the input arrives changes nothing, nor does the implementation; that what is printed is what is expected;
 * and that what `parse` makes of addresses `format` turns back into them.
 *
 * Input: a byte for the way in which the text arrives, a byte for how it is packed, a byte for the size
 * of reads; the arguments, one a line; an empty line; the text.
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
    TIMES = 8,         /* where the text is repeated, for longer lines and more pieces */
    PACKED_MOST = 512, /* of a text that is packed already: it may grow 32,000 times */
    ARGUMENTS = 16
};

typedef struct command_line {
    int argc;
    char *argv[ARGUMENTS + 2]; /* the name of the command first, NULL last */
    char *text;                /* what they point to */
} command_line;

/* The text as the choices want it, and as it is given to the command. */
typedef struct material {
    char *plain, *given;
    size_t plain_size, given_size;
    size_t times; /* so often the text of the input stands in plain */
    bool known;   /* plain is what is in given */
    bool cut;     /* given ends early */
} material;

typedef struct run {
    int status;
    printed out, errors;
} run;

static char *allocate(size_t size) {
    char *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/* Takes the lines of the input up to an empty one. A NUL ends an argument as it does everywhere. */
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

/* A text of its own for each argument, as the system has them; getopt changes their order. */
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

/* Whether an argument is an option, or some, with that letter among them. */
static bool has_letter(const command_line *line, char letter) {
    bool has = false;
    for (int i = 1; i < line->argc; i++)
        has |= line->argv[i][0] == '-' && strchr(line->argv[i], letter);
    return has;
}

/* Whether what is printed depends on the text alone; the others name the implementation, as --version does. */
static bool takes_text(const command_line *line) {
    static const char *const names[] = {"extract", "count", "grep", "parse", "format"};
    for (size_t i = 0; line->argc > 1 && i < sizeof names / sizeof *names; i++)
        if (strcmp(line->argv[1], names[i]) == 0)
            return true;
    return false;
}

/* Whoever gives up on standard input leaves to the next who reads it what was not read yet, and how
 * much that is depends on how it arrives. */
static bool reads_once(const command_line *line) {
    int times = 0;
    for (int i = 1; i < line->argc; i++)
        times += strcmp(line->argv[i], "-") == 0;
    return times < 2;
}

/* ---- runs --------------------------------------------------------------------------------------- */

static bool holds(const printed *what, const char *words) {
    return memmem(what->text, what->kept, words, strlen(words)) != NULL;
}

/* What the world keeps lives until the next run only. */
static printed keep_printed(printed what) {
    char *text = allocate(what.kept);
    memcpy(text, what.text, what.kept);
    what.text = text;
    return what;
}

static run run_command(const command_line *line, const void *text, size_t size,
                       const arrival *how) {
    command_line mine = copy_arguments(line);
    char *arguments[ARGUMENTS + 2];
    memcpy(arguments, mine.argv, sizeof arguments);
    run ran;
    fake_begin(text, size, how);
    ran.status = simdinet_main(mine.argc, mine.argv);
    fake_end(&ran.out, &ran.errors);
    for (int i = 0; i < mine.argc; i++)
        free(arguments[i]);
    if (ran.status < 0 || ran.status > 2 || (ran.status == 2 && ran.errors.size == 0)) {
        print_arguments(line);
        fail(text, size, "command: exits with %d, and complains of %s", ran.status,
             ran.errors.size ? "something" : "nothing");
    }
    ran.out = keep_printed(ran.out);
    ran.errors = keep_printed(ran.errors);
    return ran;
}

static void free_run(run *ran) {
    free(ran->out.text);
    free(ran->errors.text);
}

static void print_run(const char *what, const run *ran) {
    fprintf(stderr, "%s, %d: %s\n", what, ran->status, show(ran->out.text, ran->out.kept));
    fprintf(stderr, "  %s\n", show(ran->errors.text, ran->errors.kept));
}

static bool same_printed(const printed *a, const printed *b) {
    return a->size == b->size && a->sum == b->sum && memcmp(a->text, b->text, a->kept) == 0;
}

/* ---- checks ------------------------------------------------------------------------------------- */

/* The same text, arriving in another way and read by the scalar implementation: the same is printed. What it took
 * may be told otherwise; and of a piece that cannot be read to its end, more or less. */
static void check_arrival(const command_line *line, const void *text, size_t size,
                          const arrival *how, const run *first) {
    arrival other = {
        .pipe = !how->pipe, .terminal = how->terminal, .processors = 1, .broken = how->broken};
    const simdinet_implementation *impl = simdinet_implementation_active();
    if (takes_text(line) && !holds(&first->out, " (kernel: "))
        use_implementation(&simdinet_implementation_scalar);
    run second = run_command(line, text, size, &other);
    use_implementation(impl);
    const char *differs = NULL;
    if (second.status != first->status)
        differs = "the exit status";
    else if (how->broken == 0 && !same_printed(&first->out, &second.out))
        differs = "what is printed";
    else if (!same_printed(&first->errors, &second.errors) && !holds(&first->errors, " GB/s") &&
             !has_letter(line, 'q'))
        differs = "what is complained about";
    if (differs) {
        print_arguments(line);
        print_run("first", first);
        print_run("then", &second);
        fail(text, size, "command: %s depends on how the text arrives, or on the implementation",
             differs);
    }
    free_run(&second);
}

/* Of an input that ends early, or cannot be read to its end: no more is said than of the whole, and
 * not that it was well. count and grep say other things of half a text, and -q may have seen enough. */
static void check_half(const command_line *line, const material *text, const run *ran,
                       const expectation *right) {
    bool grows = strcmp(line->argv[1], "count") != 0 && strcmp(line->argv[1], "grep") != 0;
    if (ran->status != 2 && !has_letter(line, 'q'))
        fail(text->given, text->given_size, "command: takes half a text for a whole one");
    if (grows &&
        (ran->out.size > right->len || memcmp(ran->out.text, right->text, ran->out.size) != 0)) {
        print_arguments(line);
        print_run("prints", ran);
        fprintf(stderr, "expected at most: %s\n", show(right->text, right->len));
        fail(text->plain, text->plain_size, "command: prints of half a text what is not in it");
    }
}

static void check_expectation(const command_line *line, const material *text, const run *ran,
                              bool broken) {
    expectation right;
    if (!text->known ||
        !expect(line->argc - 1, line->argv + 1, text->plain, text->plain_size, &right))
        return;
    if (text->cut || broken) {
        check_half(line, text, ran, &right);
        return;
    }
    if (ran->status == right.status && ran->out.size == right.len &&
        memcmp(ran->out.text, right.text, right.len) == 0)
        return;
    print_arguments(line);
    print_run("prints", ran);
    fprintf(stderr, "expected, %d: %s\n", right.status, show(right.text, right.len));
    fail(text->plain, text->plain_size, "command: prints what is not expected");
}

/* From `parse` to `format` and back: once more the same numbers. Of both families at once a line does
 * not tell which it is. */
static void check_way_back(const command_line *line, const run *parsed) {
    static const arrival plain = {.processors = 1};
    static char format[] = "format", hex[] = "--hex";
    char *const *argv = line->argv;
    if (line->argc != 3 || strcmp(argv[1], "parse") != 0 ||
        (strcmp(argv[2], "-4") != 0 && strcmp(argv[2], "-6") != 0))
        return;
    command_line there = {.argc = 4, .argv = {argv[0], format, argv[2], hex}};
    run formatted = run_command(&there, parsed->out.text, parsed->out.kept, &plain);
    run again = run_command(line, formatted.out.text, formatted.out.kept, &plain);
    if (formatted.status != 0 || again.status != 0 || !same_printed(&parsed->out, &again.out))
        fail(formatted.out.text, formatted.out.kept,
             "command: `parse` does not take back what `format` made of its numbers");
    free_run(&formatted);
    free_run(&again);
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

static material prepare(const input *in, unsigned choices, const command_line *line) {
    static const size_t cuts[] = {0, 0, 0, 0, 1, 4, 9, 40};
    packing how = choices % 4 == 3 ? AS_IT_IS : (packing)(choices % 4);
    bool twice = choices & 4, inflates = line->argc > 1 && decompresses(line);
    size_t times = choices & 8 ? TIMES : 1;
    material made = {.plain_size = in->size * times, .times = times, .known = true};
    made.plain = allocate(made.plain_size);
    for (size_t i = 0; i < times && in->size > 0; i++)
        memcpy(made.plain + i * in->size, in->data, in->size);
    made.given = allocate(PACK_ROOM(made.plain_size));
    if (how != AS_IT_IS && inflates)
        made.given_size =
            pack(how, twice, made.plain, made.plain_size, made.given, PACK_ROOM(made.plain_size));
    if (made.given_size > 0) {
        size_t cut = twice ? 0 : cuts[choices >> 5];
        made.cut = cut > 0 && cut + 4 <= made.given_size;
        made.given_size -= made.cut ? cut : 0;
    } else {
        memcpy(made.given, made.plain, made.plain_size);
        made.given_size = made.plain_size;
        made.known = !inflates || !looks_packed(made.plain, made.plain_size);
    }
    return made;
}

static void run_on(const command_line *line, const material *text, const arrival *how) {
    run ran = run_command(line, text->given, text->given_size, how);
    /* A terminal gets colours. */
    if (!how->terminal)
        check_expectation(line, text, &ran, how->broken > 0 && how->broken <= text->given_size);
    check_way_back(line, &ran);
    if (reads_once(line))
        check_arrival(line, text->given, text->given_size, how, &ran);
    free_run(&ran);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned ways = take_byte(&in), packed = take_byte(&in);
    arrival how = {.pipe = ways & 1,
                   .terminal = ways & 2,
                   .processors = ways & 4 ? 3 : 1,
                   .broken = (size_t)(ways >> 3) * 16,
                   .step = take_byte(&in) % 64};
    command_line line;
    if (size > LARGEST / TIMES)
        return 0;
    take_arguments(&in, &line);
    material text = prepare(&in, packed, &line);
    /* As many reads for a text that is repeated. */
    how.step *= text.times;
    if (text.known || text.given_size <= PACKED_MOST)
        run_on(&line, &text, &how);
    free(text.plain);
    free(text.given);
    free(line.text);
    return 0;
}
