/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * replay.c - runs a fuzz target on every file of a directory, without a fuzzer, so that the corpus
 * is tested with every compiler and on every machine. With REPLAY_EVERY_IMPLEMENTATION once for
 * each implementation, for targets that do not loop over the implementations themselves.
 */
/* A 32-bit program needs this to list a folder with inode numbers above 32 bits. Only there,
 * because the memory sanitizer does not intercept the 64-bit functions. */
#if !defined(__LP64__)
#    define _FILE_OFFSET_BITS 64
#endif

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The current input, for the message of a crash. */
static char path[4096];

static void name_the_input(int signal_number) {
    static const char words[] = "replay: crashed on the input ";
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    written += write(STDERR_FILENO, path, strlen(path));
    written += write(STDERR_FILENO, "\n", 1);
    (void)written;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void replay(size_t size) {
    FILE *file = fopen(path, "rb");
    /* A block of exact size, so that memory checkers detect an access past it; never 0, for which
     * malloc can return NULL. */
    uint8_t *data = malloc(size ? size : 1);
    if (!file || !data || fread(data, 1, size, file) != size) {
        fprintf(stderr, "replay: cannot read %s: %s\n", path, strerror(errno));
        exit(2);
    }
    fclose(file);
#ifdef REPLAY_EVERY_IMPLEMENTATION
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        LLVMFuzzerTestOneInput(data, size);
    }
#else
    LLVMFuzzerTestOneInput(data, size);
#endif
    free(data);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], name_the_input);
    print_skipped_implementations(stdout);
    DIR *directory = opendir(argv[1]);
    if (!directory) {
        fprintf(stderr, "replay: cannot open %s: %s\n", argv[1], strerror(errno));
        return 2;
    }
    size_t inputs = 0, bytes = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat about;
        int len = snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (len < 0 || (size_t)len >= sizeof path || stat(path, &about) != 0) {
            fprintf(stderr, "replay: cannot stat %s\n", path);
            return 2;
        }
        if (!S_ISREG(about.st_mode))
            continue;
        replay((size_t)about.st_size);
        inputs++;
        bytes += (size_t)about.st_size;
    }
    closedir(directory);
    printf("replay: %zu inputs, %zu bytes\n", inputs, bytes);
    if (inputs == 0) {
        fprintf(stderr, "replay: no input in %s\n", argv[1]);
        return 1;
    }
    return 0;
}
