/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * source.h - the bytes of one input, inflated when their beginning says that they are compressed.
 */
#ifndef SIMDINET_SOURCE_H
#define SIMDINET_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * Opens the file with that name; "-" is stdin. *status gets what the system knows of it. Folders, and
 * files that are the output as well, are refused. -1: *reason says why.
 */
int input_open(const char *name, struct stat *status, const char **reason);

void input_close(int fd);

/* read(2) that is not ended by a signal, nor by a descriptor that somebody made non-blocking. */
ssize_t read_patiently(int fd, char *to, size_t room);

/* What to do with the bytes of a descriptor. */
typedef enum { FORMAT_PLAIN, FORMAT_GZIP, FORMAT_ZSTD } source_format;

/* What the first bytes of an input say that it is. */
source_format tell_format(const char *text, size_t len);

/* Whether more bytes might say something else. A writer may hand out the magic number byte by byte. */
bool can_become_magic(const char *text, size_t len);

typedef struct {
    int fd;
    source_format format;
    bool regular;        /* a regular file that is not compressed: pieces of it can be read alone */
    bool may_wait;       /* reading can wait for somebody who writes */
    uint64_t begin, end; /* of a regular file: where reading begins, and its size */
    const char *reason;  /* why source_open failed, or source_read; of that NULL: errno says it */
    char *raw;           /* what was read ahead of the decoder, or to tell the format */
    size_t raw_at, raw_len;
    bool raw_ended;
    bool between;     /* the decoder stands between two members, where the input may end */
    uint64_t members; /* how many were read to their end */
    size_t step;      /* how much the decoder is to be given at once, where that matters */
    void *decoder;
} source;

/* Opens an input as input_open does and looks at its first bytes. False: from->reason says why. */
bool source_open(source *from, const char *name);

/*
 * Reads up to room bytes of text. Returns how many, 0 at the end, or -1: see reason. Text before
 * a damaged place is returned before the damage is.
 */
ssize_t source_read(source *from, char *to, size_t room);

/* Reads up to room bytes of a regular, uncompressed source at a place of its own. -1: errno. */
ssize_t source_read_at(const source *from, uint64_t place, char *to, size_t room);

/* Whether source_read would return without waiting for somebody. */
bool source_ready(const source *from);

void source_close(source *from);

/* How messages and records call an input. */
const char *source_label(const char *name);

/* ---- gzip.c, zstd.c: what source_read calls for compressed input ------------------------------- */

/* Reads more of the compressed bytes when all of raw is used up. False: the read failed. */
bool source_fill_raw(source *from);

ssize_t gzip_read(source *from, char *to, size_t room);
void gzip_close(source *from);
ssize_t zstd_read(source *from, char *to, size_t room);
void zstd_close(source *from);

#endif
