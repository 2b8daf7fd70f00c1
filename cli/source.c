/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * source.c - opening an input, telling what it is, reading it.
 */
#include "source.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAW_SIZE = BUFFER_SIZED(128 * 1024, 32), MAGIC_SIZE = 4 };

const char *source_label(const char *name) {
    return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

static bool is_stdout(const struct stat *input) {
    struct stat output;
    return fstat(STDOUT_FILENO, &output) == 0 && S_ISREG(output.st_mode) &&
           output.st_dev == input->st_dev && output.st_ino == input->st_ino;
}

/* Whether what was opened can be read as a stream of bytes that ends. */
static bool can_be_read(int fd, struct stat *status, const char **reason) {
    if (fstat(fd, status) != 0)
        *reason = strerror(errno);
    else if (S_ISDIR(status->st_mode))
        *reason = strerror(EISDIR);
    else if (S_ISREG(status->st_mode) && is_stdout(status))
        *reason = "input file is also the output";
    else
        return true;
    return false;
}

int input_open(const char *name, struct stat *status, const char **reason) {
    int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        *reason = strerror(errno);
    if (fd < 0 || can_be_read(fd, status, reason))
        return fd;
    input_close(fd);
    return -1;
}

void input_close(int fd) {
    if (fd > STDERR_FILENO)
        close(fd);
}

ssize_t read_patiently(int fd, char *to, size_t room) {
    for (;;) {
        ssize_t got = read(fd, to, room);
        if (got >= 0) {
            progress_add((size_t)got);
            return got;
        }
        if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
}

ssize_t source_read_at(const source *from, uint64_t place, char *to, size_t room) {
    ssize_t got;
    do
        got = pread(from->fd, to, room, (off_t)place);
    while (got < 0 && errno == EINTR);
    return got;
}

bool source_fill_raw(source *from) {
    if (from->raw_at < from->raw_len || from->raw_ended)
        return true;
    ssize_t got = read_patiently(from->fd, from->raw, RAW_SIZE);
    from->raw_at = 0;
    from->raw_len = got > 0 ? (size_t)got : 0;
    from->raw_ended = got == 0;
    return got >= 0;
}

/* Does a text begin like one of the formats, as far as it goes? */
static bool begins_like(const char *text, size_t len, const char *magic, size_t magic_len) {
    return memcmp(text, magic, len < magic_len ? len : magic_len) == 0;
}

source_format tell_format(const char *text, size_t len) {
    static const char gzip[] = "\x1f\x8b", zstd[] = "\x28\xb5\x2f\xfd",
                      skippable[] = "\x2a\x4d\x18";
    if (len >= 2 && begins_like(text, len, gzip, 2))
        return FORMAT_GZIP;
    if (len >= 4 && begins_like(text, len, zstd, 4))
        return FORMAT_ZSTD;
    if (len >= 4 && (text[0] & 0xf0) == 0x50 && begins_like(text + 1, len - 1, skippable, 3))
        return FORMAT_ZSTD;
    return FORMAT_PLAIN;
}

bool can_become_magic(const char *text, size_t len) {
    return len < MAGIC_SIZE &&
           (len == 0 || (len < 2 && text[0] == '\x1f') ||
            begins_like(text, len, "\x28\xb5\x2f\xfd", 4) ||
            ((text[0] & 0xf0) == 0x50 && begins_like(text + 1, len - 1, "\x2a\x4d\x18", 3)));
}

static bool look_at_stream(source *from) {
    while (!from->raw_ended && can_become_magic(from->raw, from->raw_len)) {
        ssize_t got = read_patiently(from->fd, from->raw + from->raw_len, RAW_SIZE - from->raw_len);
        if (got < 0)
            return false;
        from->raw_len += (size_t)got;
        from->raw_ended = got == 0;
    }
    from->format = tell_format(from->raw, from->raw_len);
    return true;
}

/* Sizes of 0 are not believed: files under /proc have that and hold text all the same. */
static bool look_at_file(source *from, uint64_t size) {
    off_t here = lseek(from->fd, 0, SEEK_CUR);
    char magic[MAGIC_SIZE];
    size_t have = 0;
    if (here < 0)
        return look_at_stream(from);
    from->begin = (uint64_t)here;
    from->end = size;
    /* A file system may give fewer bytes than there are. */
    for (ssize_t got = 1; got > 0 && have < sizeof magic; have += (size_t)got) {
        got = source_read_at(from, from->begin + have, magic + have, sizeof magic - have);
        if (got < 0)
            return false;
    }
    from->format = tell_format(magic, have);
    from->regular = from->format == FORMAT_PLAIN && size > 0;
    posix_fadvise(from->fd, here, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

static bool look(source *from, const struct stat *status) {
    if (!S_ISREG(status->st_mode)) {
        from->may_wait = true;
        progress_next(0);
        return look_at_stream(from);
    }
    if (!look_at_file(from, (uint64_t)status->st_size))
        return false;
    progress_next(from->end > from->begin ? from->end - from->begin : 0);
    return true;
}

bool source_open(source *from, const char *name) {
    struct stat status;
    *from = (source){.between = true};
    from->fd = input_open(name, &status, &from->reason);
    if (from->fd < 0)
        return false;
    from->raw = malloc(RAW_SIZE);
    if (from->raw && look(from, &status))
        return true;
    from->reason = strerror(errno);
    source_close(from);
    return false;
}

ssize_t source_read(source *from, char *to, size_t room) {
    if (from->format == FORMAT_GZIP)
        return gzip_read(from, to, room);
    if (from->format == FORMAT_ZSTD)
        return zstd_read(from, to, room);
    if (from->raw_len == 0)
        return read_patiently(from->fd, to, room);
    /* First what was read to tell the format. */
    size_t len = from->raw_len - from->raw_at;
    if (len > room)
        len = room;
    memcpy(to, from->raw + from->raw_at, len);
    from->raw_at += len;
    if (from->raw_at == from->raw_len)
        from->raw_at = from->raw_len = 0;
    return (ssize_t)len;
}

bool source_ready(const source *from) {
    struct pollfd wait = {.fd = from->fd, .events = POLLIN};
    return !from->may_wait || from->raw_at < from->raw_len || poll(&wait, 1, 0) > 0;
}

void source_close(source *from) {
    if (from->format == FORMAT_GZIP)
        gzip_close(from);
    if (from->format == FORMAT_ZSTD)
        zstd_close(from);
    free(from->raw);
    from->raw = NULL;
    input_close(from->fd);
}
