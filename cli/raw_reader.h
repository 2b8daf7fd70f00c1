/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * raw_reader.h - the bytes of a file or of standard input, as they are stored.
 */
#ifndef SIMDINET_RAW_READER_H
#define SIMDINET_RAW_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct {
    int fd;
    bool may_block; /* not a regular file */
    uint64_t size;  /* of a regular file when it was opened */
    char *buffer;   /* buffer[at, len) was read and not yet consumed */
    size_t at, len;
    bool ended;
} raw_reader;

/* Whether a file is the one that standard output is written to. */
bool is_output(const struct stat *input);

/* The name of an input in messages and output: "(standard input)" for "-". */
const char *input_label(const char *name);

/*
 * A buffer to read into; free it. NULL: out of memory. A large block of malloc begins 16 bytes past a page, and files
 * are cached in pages. On a Zen 3 the kernel's copy to an address that is 1 to 32 bytes past that of its source, modulo
 * 4096, takes 440 ns per KiB in place of 110. This buffer begins 64 bytes past a page.
 */
char *raw_buffer_new(size_t size);

/*
 * Opens the file, or standard input for "-". Refuses directories, and a regular file that is also
 * stdout. False: *error is the reason.
 */
bool raw_open(raw_reader *raw, const char *name, struct stat *status, const char **error);

void raw_close(raw_reader *raw);

/*
 * read(2), repeated after EINTR and, on non-blocking descriptors, after a wait for EAGAIN. Bypasses the
 * buffer. At the end of a regular file that became shorter while it was read, an error: READ_SHRANK.
 */
ssize_t raw_read(raw_reader *raw, char *to, size_t size);

/* pread(2), repeated after EINTR, with the same error. Thread-safe. */
ssize_t raw_read_at(const raw_reader *raw, uint64_t offset, char *to, size_t size);

/* strerror(3), also for READ_SHRANK, which is not an error number of any system. */
enum { READ_SHRANK = 1 << 16 };
const char *raw_error(int error);

/* Appends to the buffer. False: errno. At the end of the input it sets ended. */
bool raw_read_more(raw_reader *raw);

/* Refills the buffer if all of it is consumed. False: errno. */
bool raw_fill(raw_reader *raw);

/* Whether a read returns without waiting for a writer. */
bool raw_ready(const raw_reader *raw);

#endif
