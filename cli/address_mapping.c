/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_mapping.h"

#include "address_counter.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct address_mapping {
    const char *name; /* for messages */
    int file;
    bool failed;           /* logged; nothing more is written */
    off_t written;         /* bytes in the file */
    address_counter *seen; /* the addresses that have a line */
    size_t used;
    char buffer[64 * 1024];
};

address_mapping *address_mapping_create(const char *name) {
    address_mapping *mapping = calloc(1, sizeof *mapping);
    if (!mapping || !(mapping->seen = address_counter_new())) {
        log_out_of_memory();
        free(mapping);
        return NULL;
    }
    mapping->name = name;
    mapping->file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (mapping->file >= 0)
        return mapping;
    log_errno(name);
    address_counter_free(mapping->seen);
    free(mapping);
    return NULL;
}

static bool fail(address_mapping *mapping) {
    log_errno(mapping->name);
    mapping->failed = true;
    return false;
}

/* Takes back the part of a line that was written. */
static void end_with_a_line(address_mapping *mapping, size_t done) {
    const char *last = memrchr(mapping->buffer, '\n', done);
    const size_t whole = last ? (size_t)(last - mapping->buffer) + 1 : 0;
    const int error = errno;
    if (whole < done && ftruncate(mapping->file, mapping->written + (off_t)whole) != 0)
        log_errno(mapping->name);
    errno = error;
}

bool address_mapping_flush(address_mapping *mapping) {
    size_t done = 0;
    while (done < mapping->used && !mapping->failed) {
        const ssize_t n = write(mapping->file, mapping->buffer + done, mapping->used - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            end_with_a_line(mapping, done);
            fail(mapping);
        }
    }
    mapping->written += (off_t)done;
    mapping->used = 0;
    return !mapping->failed;
}

bool address_mapping_add(address_mapping *mapping, const simdinet_match *match,
                         const uint8_t *address, const address_rewriter *rewriter) {
    enum { ENTRY_SIZE = 2 * MAX_REWRITTEN + 2 };
    simdinet_match plain = *match;
    plain.flags = 0;
    const int added = address_counter_add(mapping->seen, match->address, match->family == 6);
    if (added < 0)
        log_out_of_memory();
    if (added <= 0)
        return added == 0;
    if (sizeof mapping->buffer - mapping->used < ENTRY_SIZE && !address_mapping_flush(mapping))
        return false;
    char *const line = mapping->buffer + mapping->used;
    char *to = line + (match->family == 4 ? simdinet_format_ipv4(match->address, line)
                                          : simdinet_format_ipv6(match->address, line));
    *to++ = ',';
    to = put_rewritten(to, rewriter, &plain, address, false);
    *to++ = '\n';
    mapping->used += (size_t)(to - line);
    return true;
}

bool address_mapping_close(address_mapping *mapping) {
    if (!mapping)
        return true;
    address_mapping_flush(mapping);
    if (close(mapping->file) != 0 && !mapping->failed)
        fail(mapping);
    const bool ok = !mapping->failed;
    address_counter_free(mapping->seen);
    free(mapping);
    return ok;
}
