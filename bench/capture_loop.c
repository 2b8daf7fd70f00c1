/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * capture_loop.c - writes packet captures, and reads one with libpcap alone; for tools/bench/captures.py.
 *
 * capture_loop generate pcap|pcapng PACKETS FILE
 * capture_loop read FILE
 *
 * The packets are UDP over Ethernet, one in five IPv6. Three in four have 60 to 119 bytes, the others up to 1,500.
 * The addresses are of a pool of 100,000, half of the packets of its first hundredth.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL = 100000, ETHERNET = 14, MAX_PACKET = 1500, MAX_RECORD = MAX_PACKET + 64 };

static uint64_t random_state = 88172645463325252u;

/* xorshift64 */
static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static size_t random_address(void) {
    return (size_t)(next_random() % (next_random() % 2 == 0 ? POOL : POOL / 100));
}

static void put_big_endian(uint8_t *to, unsigned value) {
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

/* Returns the length. */
static size_t make_packet(uint8_t packet[MAX_PACKET], const uint8_t (*pool)[16]) {
    const uint64_t kind = next_random();
    const size_t len = kind % 4 > 0 ? 60 + next_random() % 60 : 120 + next_random() % 1381;
    const unsigned rest = (unsigned)len - ETHERNET;
    const int ipv6 = next_random() % 5 == 0;
    const uint8_t *source = pool[random_address()], *destination = pool[random_address()];
    uint8_t *ip = packet + ETHERNET, *udp = ip + (ipv6 ? 40 : 20);
    memset(packet, 0, len);
    put_big_endian(packet + 12, ipv6 ? 0x86dd : 0x0800);
    if (ipv6) {
        ip[0] = 0x60;
        put_big_endian(ip + 4, rest - 40);
        ip[6] = 17;
        ip[7] = 64;
        memcpy(ip + 8, source, 16);
        memcpy(ip + 24, destination, 16);
    } else {
        ip[0] = 0x45;
        put_big_endian(ip + 2, rest);
        ip[8] = 64;
        ip[9] = 17;
        memcpy(ip + 12, source + 12, 4);
        memcpy(ip + 16, destination + 12, 4);
    }
    put_big_endian(udp, 40000);
    put_big_endian(udp + 2, 40001);
    put_big_endian(udp + 4, rest - (ipv6 ? 40 : 20));
    return len;
}

/* A global IPv6 address of the pool; its last four bytes are the IPv4 address, 1.0.0.0 to 126.255.255.255. */
static void make_address(uint8_t address[16]) {
    const uint64_t high = next_random(), low = next_random();
    memcpy(address, &high, 8);
    memcpy(address + 8, &low, 8);
    address[0] = 0x20;
    address[1] = 0x01;
    address[12] = (uint8_t)(1 + address[12] % 126);
}

static size_t put_words(uint8_t *to, const uint32_t *words, size_t n) {
    memcpy(to, words, n * sizeof *words);
    return n * sizeof *words;
}

static int generate(int pcapng, long packets, const char *name) {
    static uint8_t pool[POOL][16], packet[MAX_PACKET], record[MAX_RECORD];
    const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1};
    const uint32_t blocks[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff,
                               28,         1,  20,         1, 262144,     20};
    FILE *file = fopen(name, "wb");
    if (!file) {
        perror(name);
        return 1;
    }
    for (size_t i = 0; i < POOL; i++)
        make_address(pool[i]);
    size_t n = pcapng ? put_words(record, blocks, 12) : put_words(record, header, 6);
    fwrite(record, 1, n, file);
    for (long i = 0; i < packets; i++) {
        const uint32_t len = (uint32_t)make_packet(packet, (const uint8_t(*)[16])pool);
        const uint32_t padded = pcapng ? (len + 3) & ~3u : len, total = 32 + padded;
        const uint32_t plain[] = {(uint32_t)(1700000000 + i / 1000), (uint32_t)(i % 1000), len,
                                  len};
        const uint32_t block[] = {6, total, 0, 0x00060a24, (uint32_t)i, len, len};
        n = pcapng ? put_words(record, block, 7) : put_words(record, plain, 4);
        memset(record + n, 0, padded);
        memcpy(record + n, packet, len);
        n += padded;
        if (pcapng)
            n += put_words(record + n, &total, 1);
        fwrite(record, 1, n, file);
    }
    int failed = ferror(file);
    failed |= fclose(file);
    if (failed)
        perror(name);
    return failed ? 1 : 0;
}

typedef struct {
    uint64_t packets, sum;
} totals;

/* Reads the place of the addresses, as each reader of them does. */
static void add_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *packet) {
    totals *to = (totals *)(void *)context;
    uint64_t bytes = 0;
    if (header->caplen >= ETHERNET + 20)
        memcpy(&bytes, packet + ETHERNET + 12, sizeof bytes);
    to->packets++;
    to->sum += bytes;
}

static int read_capture(const char *name) {
    char error[PCAP_ERRBUF_SIZE];
    totals found = {0, 0};
    pcap_t *capture = pcap_open_offline(name, error);
    if (!capture) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    const int result = pcap_loop(capture, -1, add_packet, (u_char *)&found);
    if (result != 0)
        fprintf(stderr, "%s: %s\n", name, pcap_geterr(capture));
    pcap_close(capture);
    printf("%" PRIu64 " %" PRIx64 "\n", found.packets, found.sum);
    return result != 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "generate") == 0)
        return generate(strcmp(argv[2], "pcapng") == 0, atol(argv[3]), argv[4]);
    if (argc == 3 && strcmp(argv[1], "read") == 0)
        return read_capture(argv[2]);
    fprintf(stderr, "usage: capture_loop generate pcap|pcapng PACKETS FILE | read FILE\n");
    return 2;
}
