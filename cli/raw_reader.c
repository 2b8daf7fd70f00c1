/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "raw_reader.h"

#include "address_text.h"
#include "buffer_size.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAW_SIZE = BUFFER_SIZED(128 * 1024, 32) };

const char *input_label(const char *name) {
    return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

bool is_output(const struct stat *input) {
    struct stat output;
    return S_ISREG(input->st_mode) && fstat(STDOUT_FILENO, &output) == 0 &&
           S_ISREG(output.st_mode) && output.st_dev == input->st_dev &&
           output.st_ino == input->st_ino;
}

/* Why the descriptor cannot be an input; NULL: it can. */
static const char *check_descriptor(int fd, const char *name, struct stat *status) {
    if (fd < 0 && errno == ENOENT && is_address_text(name))
        return "No such file; to search for an address: simdinet grep ADDRESS FILE; to convert it: "
               "echo ADDRESS | simdinet parse";
    if (fd < 0 || fstat(fd, status) != 0)
        return strerror(errno);
    if (S_ISDIR(status->st_mode))
        return strerror(EISDIR);
    if (is_output(status))
        return "input file is also the output";
    return NULL;
}

char *raw_buffer_new(size_t size) {
    enum { ALIGNMENT = 64 }; /* glibc: a header of 16 bytes, at a page, precedes a large block */
    return aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

bool raw_open(raw_reader *raw, const char *name, struct stat *status, const char **error) {
    *raw = (raw_reader){0};
    raw->fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    *error = check_descriptor(raw->fd, name, status);
    if (!*error && !(raw->buffer = raw_buffer_new(RAW_SIZE)))
        *error = strerror(errno);
    if (*error) {
        raw_close(raw);
        return false;
    }
    raw->may_block = !S_ISREG(status->st_mode);
    raw->size = raw->may_block ? 0 : (uint64_t)status->st_size;
    return true;
}

void raw_close(raw_reader *raw) {
    free(raw->buffer);
    raw->buffer = NULL;
    if (raw->fd > STDERR_FILENO)
        close(raw->fd);
}

/* Whether the file, which ends at the offset, was longer. Files of /sys are shorter than they say, and stay so. */
static bool shrank(const raw_reader *raw, uint64_t offset) {
    struct stat now;
    if (offset >= raw->size || fstat(raw->fd, &now) != 0 || (uint64_t)now.st_size >= raw->size)
        return false;
    errno = READ_SHRANK;
    return true;
}

static bool shrank_here(const raw_reader *raw) {
    const off_t at = raw->size > 0 ? lseek(raw->fd, 0, SEEK_CUR) : -1;
    return at >= 0 && shrank(raw, (uint64_t)at);
}

const char *raw_error(int error) {
    return error == READ_SHRANK ? "the file became shorter while it was read" : strerror(error);
}

ssize_t raw_read(raw_reader *raw, char *to, size_t size) {
    for (;;) {
        ssize_t got = read(raw->fd, to, size);
        if (got == 0 && size > 0 && shrank_here(raw))
            return -1;
        if (got >= 0) {
            progress_add((size_t)got);
            return got;
        }
        if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = raw->fd, .events = POLLIN}, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
}

ssize_t raw_read_at(const raw_reader *raw, uint64_t offset, char *to, size_t size) {
    ssize_t got;
    do
        got = pread(raw->fd, to, size, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got == 0 && size > 0 && shrank(raw, offset) ? -1 : got;
}

bool raw_read_more(raw_reader *raw) {
    ssize_t got = raw_read(raw, raw->buffer + raw->len, RAW_SIZE - raw->len);
    raw->len += got > 0 ? (size_t)got : 0;
    raw->ended = got == 0;
    return got >= 0;
}

bool raw_fill(raw_reader *raw) {
    if (raw->at < raw->len || raw->ended)
        return true;
    raw->at = raw->len = 0;
    return raw_read_more(raw);
}

bool raw_ready(const raw_reader *raw) {
    struct pollfd wait = {.fd = raw->fd, .events = POLLIN};
    return !raw->may_block || raw->at < raw->len || poll(&wait, 1, 0) > 0;
}
