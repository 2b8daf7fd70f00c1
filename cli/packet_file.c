/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "packet_file.h"

#include "buffer_size.h"
#include "growth.h"

#include <stdlib.h>
#include <string.h>

/* Small enough for a second-level cache; it grows for a packet that does not fit. */
enum { BUFFER = BUFFER_SIZED(64 * 1024, 48) };

/* Types of blocks, and the least length of each, with 12 bytes of type and lengths. */
enum {
    SECTION_HEADER = 0x0a0d0d0a,
    SECTION_MIN = 28,
    INTERFACE = 1,
    INTERFACE_MIN = 20,
    OLD_PACKET = 2,
    SIMPLE_PACKET = 3,
    SIMPLE_MIN = 16,
    ENHANCED_PACKET = 6,
    PACKET_MIN = 32,
    BLOCK_MIN = 12
};

static const uint32_t byte_order_magic = 0x1a2b3c4d;

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

static bool is_pcapng(const uint8_t *header) {
    return load32(header, false) == SECTION_HEADER;
}

bool packet_file_supports(const uint8_t *header, size_t len) {
    if (len >= 4 && is_pcapng(header))
        return true;
    if (len < PCAP_HEADER_SIZE)
        return false;
    const bool swapped = !is_magic(load32(header, false));
    return is_magic(load32(header, swapped)) && load16(header + 4, swapped) == 2 &&
           load16(header + 6, swapped) == 4;
}

bool packet_file_open(packet_file *file, input *in, const uint8_t *header, size_t len,
                      link_type link) {
    *file = (packet_file){.in = in, .buffer = malloc(BUFFER), .size = BUFFER};
    if (!file->buffer)
        return false;
    file->blocks = is_pcapng(header);
    if (file->blocks) {
        memcpy(file->buffer, header, len);
        file->len = len;
        return true;
    }
    file->swapped = !is_magic(load32(header, false));
    if (!grow((void **)&file->interfaces, 0, 1, &file->capacity, sizeof *file->interfaces))
        return false;
    file->interfaces[0] = (packet_interface){.link = link};
    file->n_interfaces = 1;
    return true;
}

void packet_file_close(packet_file *file) {
    free(file->buffer);
    free(file->interfaces);
}

static packet_result fail(packet_file *file, const char *error) {
    file->error = error;
    return PACKET_FAILED;
}

/* For a record that needs more than is buffered. */
static packet_result need_more(packet_file *file, const char *error) {
    return file->ended ? fail(file, error) : PACKET_INCOMPLETE;
}

/* ---- pcap ------------------------------------------------------------------------------------- */

static packet_result next_record(packet_file *file, captured_packet *packet) {
    static const char *const truncated = "unexpected end of pcap data";
    const uint8_t *record = file->buffer + file->at;
    const size_t left = file->len - file->at;
    if (left == 0 && file->ended)
        return PACKET_END;
    if (left < PCAP_RECORD_SIZE)
        return need_more(file, truncated);
    const size_t stored = load32(record + 8, file->swapped);
    if (stored > PCAP_MAX_PACKET)
        return fail(file, "corrupt pcap data: invalid length of a packet");
    if (left - PCAP_RECORD_SIZE < stored)
        return need_more(file, truncated);
    *packet = (captured_packet){record + PCAP_RECORD_SIZE, stored, file->interfaces[0].link};
    file->at += PCAP_RECORD_SIZE + stored;
    return PACKET_OK;
}

/* ---- pcapng ----------------------------------------------------------------------------------- */

/* The length of the block at p, of which left bytes are buffered; 0: need_more or fail, in *result. */
static size_t block_length(packet_file *file, const uint8_t *p, size_t left,
                           packet_result *result) {
    static const char *const truncated = "unexpected end of pcapng data";
    if (left < BLOCK_MIN) {
        *result = need_more(file, truncated);
        return 0;
    }
    if (load32(p, file->swapped) == SECTION_HEADER) {
        file->swapped = load32(p + 8, false) != byte_order_magic;
        if (load32(p + 8, file->swapped) != byte_order_magic) {
            *result = fail(file, "corrupt pcapng data: invalid byte order of a section");
            return 0;
        }
    }
    const size_t len = load32(p + 4, file->swapped);
    if (len < BLOCK_MIN || len % 4 != 0 || len > PCAPNG_MAX_BLOCK)
        *result = fail(file, "corrupt pcapng data: invalid length of a block");
    else if (left < len)
        *result = need_more(file, truncated);
    else if (load32(p + len - 4, file->swapped) != len)
        *result = fail(file, "corrupt pcapng data: two lengths of a block");
    else
        return len;
    return 0;
}

static packet_result begin_section(packet_file *file, const uint8_t *block, size_t len) {
    file->n_interfaces = 0;
    if (len < SECTION_MIN)
        return fail(file, "corrupt pcapng data: invalid length of a section header");
    if (load16(block + 12, file->swapped) != 1)
        return fail(file, "unsupported version of pcapng");
    return PACKET_OK;
}

static packet_result add_interface(packet_file *file, const uint8_t *block, size_t len) {
    if (len < INTERFACE_MIN)
        return fail(file, "corrupt pcapng data: invalid length of an interface");
    if (!grow((void **)&file->interfaces, file->n_interfaces, 1, &file->capacity,
              sizeof *file->interfaces))
        return fail(file, "out of memory");
    const unsigned number = load16(block + 8, file->swapped);
    const packet_interface interface = {.link = link_type_of(number),
                                        .snaplen = load32(block + 12, file->swapped)};
    if (interface.link == LINK_UNKNOWN && !file->unsupported) {
        file->unsupported = true;
        file->unsupported_link = number;
    }
    file->interfaces[file->n_interfaces++] = interface;
    return PACKET_OK;
}

/* Stores a packet of an interface: stored of its bytes, from start on in a block of len bytes. */
static packet_result take_packet(packet_file *file, const uint8_t *block, size_t len,
                                 size_t interface, size_t stored, size_t start,
                                 captured_packet *packet) {
    if (interface >= file->n_interfaces)
        return fail(file, "corrupt pcapng data: packet of an unknown interface");
    if (stored > len - start - 4)
        return fail(file, "corrupt pcapng data: invalid length of a packet");
    *packet = (captured_packet){block + start, stored, file->interfaces[interface].link};
    return PACKET_OK;
}

static packet_result take_simple(packet_file *file, const uint8_t *block, size_t len,
                                 captured_packet *packet) {
    size_t stored = load32(block + 8, file->swapped);
    const size_t snaplen = file->n_interfaces > 0 ? file->interfaces[0].snaplen : 0;
    if (snaplen > 0 && stored > snaplen)
        stored = snaplen;
    return take_packet(file, block, len, 0, stored, SIMPLE_MIN - 4, packet);
}

static packet_result next_in_blocks(packet_file *file, captured_packet *packet) {
    for (;;) {
        const uint8_t *block = file->buffer + file->at;
        const size_t left = file->len - file->at;
        packet_result result;
        if (left == 0 && file->ended)
            return PACKET_END;
        const size_t len = block_length(file, block, left, &result);
        if (len == 0)
            return result;
        const uint32_t type = load32(block, file->swapped);
        file->at += len;
        if (type == ENHANCED_PACKET && len >= PACKET_MIN)
            return take_packet(file, block, len, load32(block + 8, file->swapped),
                               load32(block + 20, file->swapped), PACKET_MIN - 4, packet);
        if (type == OLD_PACKET && len >= PACKET_MIN)
            return take_packet(file, block, len, load16(block + 8, file->swapped),
                               load32(block + 20, file->swapped), PACKET_MIN - 4, packet);
        if (type == SIMPLE_PACKET && len >= SIMPLE_MIN)
            return take_simple(file, block, len, packet);
        if (type == ENHANCED_PACKET || type == OLD_PACKET || type == SIMPLE_PACKET)
            return fail(file, "corrupt pcapng data: invalid length of a packet");
        if (type == SECTION_HEADER)
            result = begin_section(file, block, len);
        else
            result = type == INTERFACE ? add_interface(file, block, len) : PACKET_OK;
        if (result != PACKET_OK)
            return result;
    }
}

/* ----------------------------------------------------------------------------------------------- */

packet_result packet_file_next(packet_file *file, captured_packet *packet) {
    return file->blocks ? next_in_blocks(file, packet) : next_record(file, packet);
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
