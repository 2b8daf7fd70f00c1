/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * packet_file.h - the packets of a pcap file of version 2.4, in place in a buffer.
 *
 * The format is a header of 24 bytes, and for each packet 16 bytes (time, captured length, length) and the
 * captured bytes, in the byte order of the system that wrote it. libpcap, which copies each packet through
 * stdio, takes about three times as long.
 */
#ifndef SIMDINET_PACKET_FILE_H
#define SIMDINET_PACKET_FILE_H

#include "input.h"

enum {
    PCAP_HEADER_SIZE = 24,
    PCAP_RECORD_SIZE = 16,
    PCAP_MAX_PACKET = 262144 /* MAXIMUM_SNAPLEN of libpcap */
};

typedef struct {
    input *in;
    uint8_t *buffer; /* buffer[at, len) is read and not yet consumed */
    size_t size, at, len;
    bool swapped; /* the numbers have the other byte order */
    bool ended;
} packet_file;

/* Whether the 24 bytes are the header of a file that this reader handles. */
bool packet_file_supports(const uint8_t header[PCAP_HEADER_SIZE]);

/* Reads what follows the header. False: out of memory. */
bool packet_file_open(packet_file *file, input *in, const uint8_t header[PCAP_HEADER_SIZE]);
void packet_file_close(packet_file *file);

typedef enum {
    PACKET_OK,
    PACKET_INCOMPLETE, /* packet_file_fill, then again */
    PACKET_END,
    PACKET_TRUNCATED, /* the input ends within a packet */
    PACKET_INVALID    /* the captured length is not valid */
} packet_result;

/* Stores the next packet, which is valid until packet_file_fill. */
packet_result packet_file_next(packet_file *file, const uint8_t **packet, size_t *len);

/* Reads more. False: input_error, or out of memory with errno ENOMEM. */
bool packet_file_fill(packet_file *file);

#endif
