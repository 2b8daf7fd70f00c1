/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "packet_file.h"

#include "buffer_size.h"

#include <stdlib.h>
#include <string.h>

/* Small enough for a second-level cache; it grows for a packet that does not fit. */
enum { BUFFER = BUFFER_SIZED(64 * 1024, 48) };

static uint32_t load32(const uint8_t *p, bool swapped) {
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return swapped ? __builtin_bswap32(value) : value;
}

static uint16_t load16(const uint8_t *p, bool swapped) {
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return swapped ? __builtin_bswap16(value) : value;
}

/* With time in microseconds or nanoseconds. */
static bool is_magic(uint32_t value) {
    return value == 0xa1b2c3d4 || value == 0xa1b23c4d;
}

bool packet_file_supports(const uint8_t header[PCAP_HEADER_SIZE]) {
    const bool swapped = !is_magic(load32(header, false));
    return is_magic(load32(header, swapped)) && load16(header + 4, swapped) == 2 &&
           load16(header + 6, swapped) == 4;
}

bool packet_file_open(packet_file *file, input *in, const uint8_t header[PCAP_HEADER_SIZE]) {
    *file = (packet_file){.in = in,
                          .buffer = malloc(BUFFER),
                          .size = BUFFER,
                          .swapped = !is_magic(load32(header, false))};
    return file->buffer != NULL;
}

void packet_file_close(packet_file *file) {
    free(file->buffer);
}

packet_result packet_file_next(packet_file *file, const uint8_t **packet, size_t *len) {
    const uint8_t *record = file->buffer + file->at;
    const size_t left = file->len - file->at;
    if (left < PCAP_RECORD_SIZE)
        return !file->ended ? PACKET_INCOMPLETE : left == 0 ? PACKET_END : PACKET_TRUNCATED;
    const size_t stored = load32(record + 8, file->swapped);
    if (stored > PCAP_MAX_PACKET)
        return PACKET_INVALID;
    if (left - PCAP_RECORD_SIZE < stored)
        return file->ended ? PACKET_TRUNCATED : PACKET_INCOMPLETE;
    *packet = record + PCAP_RECORD_SIZE;
    *len = stored;
    file->at += PCAP_RECORD_SIZE + stored;
    return PACKET_OK;
}

bool packet_file_fill(packet_file *file) {
    file->len -= file->at;
    memmove(file->buffer, file->buffer + file->at, file->len);
    file->at = 0;
    if (file->len == file->size) {
        uint8_t *buffer = realloc(file->buffer, 2 * file->size);
        if (!buffer)
            return false;
        file->buffer = buffer;
        file->size *= 2;
    }
    ssize_t got = input_read(file->in, (char *)file->buffer + file->len, file->size - file->len);
    if (got < 0)
        return false;
    file->ended = got == 0;
    file->len += (size_t)got;
    return true;
}
