/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * input.c - files and stdin through the scanner, in a buffer of fixed size.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Large enough that system calls do not count, small enough for the second-level cache. */
enum { BUFFER_SIZE = 256 * 1024, BATCH = 1024 };

typedef struct {
    char *buffer;
    simdinet_match *matches;
    unsigned flags;
    match_sink *sink;
    void *context;
    scan_stats *stats;
} scan_job;

enum outcome { DONE, UNREADABLE, STOPPED };

static uint64_t count_newlines(const char *text, size_t len) {
    uint64_t lines = 0;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines;
}

static size_t without_versions(simdinet_match *matches, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!(matches[i].flags & SIMDINET_MATCH_VERSION))
            matches[kept++] = matches[i];
    return kept;
}

/* Scans buffer[*start, have) as far as it can be judged; moves *start. False: the sink stopped. */
static bool scan_part(scan_job *job, uint64_t base, size_t *start, size_t have, bool more) {
    for (;;) {
        size_t count;
        unsigned flags = job->flags | (more ? SIMDINET_SCAN_MORE : 0);
        *start = simdinet_scan(job->buffer, *start, have, flags, job->matches, BATCH, &count);
        size_t kept = without_versions(job->matches, count);
        job->stats->addresses += kept;
        if (kept > 0 && !job->sink(job->context, job->buffer, base, job->matches, kept))
            return false;
        if (count < BATCH)
            return true;
    }
}

static enum outcome scan_descriptor(scan_job *job, int fd) {
    struct stat status;
    bool follow = fstat(fd, &status) == 0 && !S_ISREG(status.st_mode);
    uint64_t base = 0;          /* the place of buffer[0] in the file */
    size_t start = 0, have = 0; /* buffer[start, have) is still to be judged */
    char last = '\n';
    for (;;) {
        ssize_t got = read(fd, job->buffer + have, BUFFER_SIZE - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return UNREADABLE;
        if (got > 0) {
            job->stats->bytes += (uint64_t)got;
            job->stats->lines += count_newlines(job->buffer + have, (size_t)got);
            have += (size_t)got;
            last = job->buffer[have - 1];
        }
        if (!scan_part(job, base, &start, have, got > 0))
            return STOPPED;
        if (got == 0) {
            job->stats->lines += last != '\n';
            return DONE;
        }
        /* Who feeds a pipe line by line wants to see the addresses line by line. */
        if (follow && fflush(stdout) != 0)
            return STOPPED;
        size_t keep = start < SIMDINET_SCAN_CONTEXT ? start : SIMDINET_SCAN_CONTEXT;
        size_t drop = start - keep;
        memmove(job->buffer, job->buffer + drop, have - drop);
        base += drop;
        start = keep;
        have -= drop;
    }
}

static enum outcome scan_file(scan_job *job, const char *name) {
    bool standard_input = strcmp(name, "-") == 0;
    int fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    enum outcome outcome = fd < 0 ? UNREADABLE : scan_descriptor(job, fd);
    if (outcome == UNREADABLE)
        complain_errno(standard_input ? "standard input" : name);
    if (fd >= 0 && !standard_input)
        close(fd);
    return outcome;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

bool scan_files(int files, char *const *names, unsigned flags, match_sink *sink, void *context,
                scan_stats *stats) {
    static char *const only_stdin[] = {"-"};
    scan_job job = {
        .buffer = malloc(BUFFER_SIZE),
        .matches = malloc(BATCH * sizeof(simdinet_match)),
        .flags = flags,
        .sink = sink,
        .context = context,
        .stats = stats,
    };
    if (files == 0) {
        files = 1;
        names = only_stdin;
    }
    *stats = (scan_stats){0};
    bool good = job.buffer && job.matches;
    if (!good)
        complain_errno("input buffer");
    double begin = now();
    bool stopped = !good;
    for (int i = 0; i < files && !stopped; i++) {
        enum outcome outcome = scan_file(&job, names[i]);
        good = good && outcome == DONE;
        stopped = outcome == STOPPED;
    }
    stats->seconds = now() - begin;
    free(job.buffer);
    free(job.matches);
    return good;
}

void print_stats(const scan_stats *stats, const uint64_t *distinct) {
    double seconds = stats->seconds > 0 ? stats->seconds : 1e-9;
    fprintf(stderr, "%llu lines, %llu bytes, %llu addresses", (unsigned long long)stats->lines,
            (unsigned long long)stats->bytes, (unsigned long long)stats->addresses);
    if (distinct)
        fprintf(stderr, ", %llu distinct", (unsigned long long)*distinct);
    fprintf(stderr, "; %.3f s, %.2f GB/s\n", seconds, (double)stats->bytes / seconds / 1e9);
}
