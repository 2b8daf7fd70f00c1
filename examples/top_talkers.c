/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * top_talkers - the addresses that sent the most packets in a capture.
 *
 * usage: top_talkers CAPTURE [N]         the top N addresses, by default 10
 *        top_talkers --time CAPTURE      the time to format every sender, simdinet and inet_ntop
 *
 * Reads captures of Ethernet (with VLAN tags) and of bare IP through libpcap.
 */
#include <simdinet.h>

#include <arpa/inet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* IPv4 senders are ::ffff:a.b.c.d, as in a mixed column. */
typedef struct {
    uint8_t bytes[16];
} sender;

typedef struct {
    sender *all;
    size_t count, capacity;
} senders;

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_ipv4(const sender *who) {
    return memcmp(who->bytes, mapped, sizeof mapped) == 0;
}

/* The IP header of a packet, or NULL. */
static const uint8_t *ip_header(int link, const uint8_t *packet, const uint8_t *end) {
    if (link == DLT_RAW)
        return packet;
    for (const uint8_t *type = packet + 12; end - type >= 2; type += 4) {
        unsigned ether = (unsigned)type[0] << 8 | type[1];
        if (ether == 0x0800 || ether == 0x86dd)
            return type + 2;
        if (ether != 0x8100 && ether != 0x88a8) /* not a VLAN tag, which has 4 bytes */
            return NULL;
    }
    return NULL;
}

/* Adds the sender of a packet that has one. False: out of memory. */
static bool add_sender(senders *list, const uint8_t *ip, const uint8_t *end) {
    if (!ip || ip >= end)
        return true;
    sender who;
    if (ip[0] >> 4 == 4 && end - ip >= 20) {
        memcpy(who.bytes, mapped, sizeof mapped);
        memcpy(who.bytes + 12, ip + 12, 4);
    } else if (ip[0] >> 4 == 6 && end - ip >= 40) {
        memcpy(who.bytes, ip + 8, 16);
    } else {
        return true;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 65536;
        sender *grown = realloc(list->all, capacity * sizeof *grown);
        if (!grown)
            return false;
        list->all = grown;
        list->capacity = capacity;
    }
    list->all[list->count++] = who;
    return true;
}

static bool read_capture(const char *path, senders *list) {
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(path, reason);
    if (!capture) {
        fprintf(stderr, "top_talkers: %s\n", reason);
        return false;
    }
    int link = pcap_datalink(capture);
    bool good = link == DLT_EN10MB || link == DLT_RAW;
    if (!good)
        fprintf(stderr, "top_talkers: %s: neither Ethernet nor IP\n", path);
    struct pcap_pkthdr *head;
    const u_char *packet;
    for (int got = 1; good && got > 0;) {
        got = pcap_next_ex(capture, &head, &packet);
        if (got == PCAP_ERROR) {
            fprintf(stderr, "top_talkers: %s: %s\n", path, pcap_geterr(capture));
            good = false;
        } else if (got > 0) {
            const uint8_t *end = packet + head->caplen;
            good = add_sender(list, ip_header(link, packet, end), end);
        }
    }
    pcap_close(capture);
    return good;
}

static int compare_senders(const void *a, const void *b) {
    return memcmp(a, b, sizeof(sender));
}

typedef struct {
    size_t packets;
    const sender *who;
} talker;

static int compare_talkers(const void *a, const void *b) {
    const talker *x = a, *y = b;
    if (x->packets != y->packets)
        return x->packets < y->packets ? 1 : -1;
    return compare_senders(x->who, y->who);
}

static size_t format(const sender *who, char *text) {
    return is_ipv4(who) ? simdinet_format_ipv4(who->bytes + 12, text)
                        : simdinet_format_ipv6(who->bytes, text);
}

static int print_top(senders *list, size_t top) {
    qsort(list->all, list->count, sizeof *list->all, compare_senders);
    talker *talkers = calloc(list->count + 1, sizeof *talkers);
    if (!talkers)
        return 2;
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (i == 0 || compare_senders(&list->all[i], &list->all[i - 1]) != 0)
            talkers[count++].who = &list->all[i];
        talkers[count - 1].packets++;
    }
    qsort(talkers, count, sizeof *talkers, compare_talkers);
    for (size_t i = 0; i < count && i < top; i++) {
        char text[SIMDINET_IPV6_TEXT_SIZE];
        format(talkers[i].who, text);
        printf("%7zu %s\n", talkers[i].packets, text);
    }
    free(talkers);
    return 0;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The fastest of ten runs of the same loop with each function, alternately. The texts must be equal. */
static int print_times(const senders *list) {
    double best[2] = {1e9, 1e9};
    unsigned long sums[2] = {0, 0};
    for (int round = 0; round < 20; round++) {
        int libc = round & 1;
        unsigned long sum = 0;
        double begin = seconds();
        for (size_t i = 0; i < list->count; i++) {
            const sender *who = &list->all[i];
            char text[SIMDINET_IPV6_TEXT_SIZE];
            if (!libc)
                format(who, text);
            else if (is_ipv4(who))
                inet_ntop(AF_INET, who->bytes + 12, text, sizeof text);
            else
                inet_ntop(AF_INET6, who->bytes, text, sizeof text);
            sum = sum * 31 + (unsigned char)text[0] + (unsigned char)text[2];
        }
        double took = seconds() - begin;
        if (took < best[libc])
            best[libc] = took;
        sums[libc] = sum;
    }
    if (sums[0] != sums[1]) {
        fputs("top_talkers: the texts differ\n", stderr);
        return 2;
    }
    double n = list->count ? (double)list->count : 1;
    printf("%zu senders: simdinet %.1f ns each, inet_ntop %.1f ns: %.1f times\n", list->count,
           best[0] / n * 1e9, best[1] / n * 1e9, best[1] / best[0]);
    return 0;
}

int main(int argc, char **argv) {
    bool timed = argc == 3 && strcmp(argv[1], "--time") == 0;
    if (argc < 2 || argc > 3) {
        fputs("usage: top_talkers CAPTURE [N]\n       top_talkers --time CAPTURE\n", stderr);
        return 2;
    }
    senders list = {0};
    int status = 2;
    if (read_capture(argv[timed ? 2 : 1], &list))
        status = timed ? print_times(&list)
                       : print_top(&list, argc == 3 ? strtoul(argv[2], NULL, 10) : 10);
    free(list.all);
    return fflush(stdout) != 0 || ferror(stdout) ? 2 : status;
}
