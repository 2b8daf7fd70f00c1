/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * packet_file.h - the packets of pcap files of version 2.4 and of pcapng files, in place in a buffer.
 *
 * pcap: a header of 24 bytes, and for each packet 16 bytes (time, captured length, length) and the captured
 * bytes. pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body, and the length again; a
 * section header starts a section, with the byte order and the interfaces of its own, each with a link type.
 * Numbers have the byte order of the system that wrote them.
 *
 * libpcap copies each packet through stdio, which takes about three times as long, and reads pcapng files
 * with one link type only.
 */
#ifndef SIMDINET_PACKET_FILE_H
#define SIMDINET_PACKET_FILE_H

#include "input.h"
#include "packet.h"

enum {
    PCAP_HEADER_SIZE = 24,
    PCAP_RECORD_SIZE = 16,
    PCAP_MAX_PACKET = 262144,  /* MAXIMUM_SNAPLEN of libpcap */
    PCAPNG_MAX_BLOCK = 1 << 24 /* of libpcap as well */
};

typedef struct {
    link_type link;
    uint32_t snaplen; /* 0: no limit */
} packet_interface;

typedef struct {
    input *in;
    uint8_t *buffer; /* buffer[at, len) is read and not yet consumed */
    size_t size, at, len;
    bool swapped; /* the numbers have the other byte order */
    bool ended;
    bool blocks;                  /* pcapng */
    packet_interface *interfaces; /* of the section; of pcap, the first has the link type */
    size_t n_interfaces, capacity;
    bool unsupported; /* an interface had the link type unsupported_link */
    unsigned unsupported_link;
    const char *error; /* PACKET_FAILED: why */
} packet_file;

/* Whether the bytes start a file that this reader handles. */
bool packet_file_supports(const uint8_t *header, size_t len);

/* Reads what follows the header; link is that of a pcap file. False: out of memory. */
bool packet_file_open(packet_file *file, input *in, const uint8_t *header, size_t len,
                      link_type link);
void packet_file_close(packet_file *file);

/* In a packet_file's buffer: valid until packet_file_fill. */
typedef struct {
    const uint8_t *bytes;
    size_t len;
    link_type link; /* LINK_UNKNOWN: that of its interface is not supported */
} captured_packet;

typedef enum {
    PACKET_OK,
    PACKET_INCOMPLETE, /* packet_file_fill, then again */
    PACKET_END,
    PACKET_FAILED /* file->error */
} packet_result;

packet_result packet_file_next(packet_file *file, captured_packet *packet);

/* Reads more. False: input_error, or out of memory with errno ENOMEM. */
bool packet_file_fill(packet_file *file);

#endif
