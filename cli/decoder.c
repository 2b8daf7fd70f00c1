/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "decoder.h"

static ssize_t fail(decoder *d, const char *error) {
    d->error = error;
    return -1;
}

/* Tape and block devices pad with zeros. */
static bool skip_zeros(raw_reader *raw) {
    do {
        while (raw->at < raw->len && raw->buffer[raw->at] == 0)
            raw->at++;
        if (raw->at < raw->len || raw->ended)
            return true;
    } while (raw_fill(raw));
    return false;
}

static bool fill(decoder *d) {
    bool padding = d->type->zero_padding && d->at_boundary && d->member_done;
    return padding ? skip_zeros(d->raw) : raw_fill(d->raw);
}

static step_result take_step(decoder *d, decoder_io *io) {
    raw_reader *raw = d->raw;
    size_t left = raw->len - raw->at, len = d->max_in && d->max_in < left ? d->max_in : left;
    io->in = raw->buffer + raw->at;
    io->in_len = len;
    io->ended = left == 0;
    d->at_boundary = false;
    step_result result = d->type->step(d, io);
    raw->at += len - io->in_len;
    if (result == STEP_BOUNDARY)
        d->at_boundary = d->member_done = true;
    return result;
}

ssize_t decoder_read(decoder *d, char *to, size_t size) {
    const raw_reader *raw = d->raw;
    decoder_io io = {.out = to, .out_len = size};
    if (d->type->unsupported)
        return fail(d, d->type->unsupported);
    if (!d->state && d->type->library && !shared_library_load(d->type->library))
        return fail(d, d->type->library->error);
    if (!d->state && !d->error && !d->type->open(d))
        return fail(d, "out of memory");
    if (d->error)
        return -1;
    while (io.out_len == size || (io.out_len > 0 && raw->at < raw->len)) {
        if (!fill(d))
            return -1;
        if (raw->at == raw->len && d->at_boundary)
            break;
        step_result result = take_step(d, &io);
        /* Text first; the next call returns the error. */
        if (result == STEP_FAILED && io.out_len == size)
            return -1;
        if (result == STEP_FAILED)
            break;
        if (io.ended && io.out_len == size && result != STEP_BOUNDARY)
            return fail(d, d->type->truncated);
    }
    return (ssize_t)(size - io.out_len);
}

void decoder_close(decoder *d) {
    if (d->state)
        d->type->close(d);
    d->state = NULL;
}
