/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "output.h"

#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool output_open(output *out, size_t size, bool line_buffered) {
    *out = (output){.buffer = malloc(size), .size = size, .line_buffered = line_buffered};
    return out->buffer != NULL;
}

void output_close(output *out) {
    free(out->buffer);
    out->buffer = NULL;
}

bool output_await_turn(output *out) {
    return !out->await_turn || out->await_turn(out->context);
}

bool write_stdout(const char *text, size_t len) {
    static atomic_flag logged = ATOMIC_FLAG_INIT;
    while (len > 0) {
        ssize_t written = write(STDOUT_FILENO, text, len);
        if (written >= 0) {
            text += written;
            len -= (size_t)written;
        } else if (errno == EAGAIN) {
            /* Another process made the shared file description non-blocking. */
            poll(&(struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            if (!atomic_flag_test_and_set(&logged))
                log_errno("standard output");
            return false;
        }
    }
    return true;
}

static bool write_in_turn(output *out, const char *text, size_t len) {
    if (!out->failed && len > 0)
        out->failed = !output_await_turn(out) || !write_stdout(text, len);
    return !out->failed;
}

bool output_flush(output *out) {
    bool ok = write_in_turn(out, out->buffer, out->used);
    out->used = 0;
    return ok;
}

bool output_write(output *out, const char *text, size_t len) {
    if (len > out->size - out->used) {
        if (!output_flush(out))
            return false;
        if (len > out->size)
            return write_in_turn(out, text, len);
    }
    memcpy(out->buffer + out->used, text, len);
    out->used += len;
    return true;
}
