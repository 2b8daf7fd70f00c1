/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capture_scan.h"

#ifdef SIMDINET_WITH_PCAP

#    include "buffer_size.h"
#    include "packet.h"
#    include "packet_file.h"
#    include "shared_library.h"
#    include "text.h"

#    include <errno.h>
#    include <pcap/pcap.h>
#    include <stdio.h>
#    include <stdio_ext.h>
#    include <stdlib.h>
#    include <string.h>

#    define PCAP_FUNCTIONS(F)                                                                      \
        F(pcap_fopen_offline)                                                                      \
        F(pcap_datalink)                                                                           \
        F(pcap_datalink_val_to_name) F(pcap_loop) F(pcap_breakloop) F(pcap_geterr) F(pcap_close)
DEFINE_LIBRARY(pcap, PCAP, PCAP_FUNCTIONS);

/*
 * FILE_BUFFER: the reads of libpcap. VIEW_MATCHES: the matches passed to the sink at a time, of whole
 * packets. VIEW_TEXT: room for their lines; a line ends with one byte, and between two addresses are three
 * at most.
 */
enum {
    FILE_BUFFER = BUFFER_SIZED(64 * 1024, 64),
    VIEW_MATCHES = BUFFER_SIZED(256, 2 * MAX_IP_HEADERS),
    MAX_PACKET_MATCHES = 2 * MAX_IP_HEADERS,
    VIEW_PACKETS = BUFFER_SIZED(4096, 8),
    VIEW_TEXT = (VIEW_MATCHES + MAX_PACKET_MATCHES) * (SIMDINET_IPV6_TEXT_SIZE + 3) + VIEW_PACKETS
};

typedef struct {
    range_scanner *scanner;
    input *in;
    pcap_t *pcap;
    link_type link;
    bool read_failed;                 /* input_error is the reason */
    uint8_t header[PCAP_HEADER_SIZE]; /* header[header_at, header_len) is not yet consumed */
    size_t header_at, header_len;
    sink_result result;

    uint64_t base; /* of the view */
    char *text;    /* text[0, len), or NULL */
    size_t len;
    size_t packets; /* lines in the view */
    size_t count;
    simdinet_match matches[VIEW_MATCHES + MAX_PACKET_MATCHES];
} capture_scan;

/* ---- views ------------------------------------------------------------------------------------ */

static void flush_view(capture_scan *scan, bool last, bool damaged) {
    range_scanner *scanner = scan->scanner;
    buffer_view view = {.text = scan->text,
                        .len = scan->len,
                        .scanned = scan->len,
                        .base = scan->base,
                        .matches = scan->matches,
                        .count = scan->count,
                        .last = last,
                        .damaged = damaged};
    size_t keep = scan->len; /* the view ends with a line: nothing is kept */
    scanner->counts.matches += scan->count;
    scanner->counts.newlines += scan->packets;
    scan->result = scanner->job->sink->on_view(scanner, &view, &keep);
    scan->base += scan->len;
    scan->len = scan->count = scan->packets = 0;
}

static bool is_stopped(const capture_scan *scan) {
    return scan->result != SINK_CONTINUE || atomic_load(&scan->scanner->job->stop);
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* Called before a read: prints what is found so far if that read may block. False: stopped. */
static bool before_read(capture_scan *scan) {
    if (input_ready(scan->in))
        return true;
    if (scan->packets > 0)
        flush_view(scan, false, false);
    if (!output_flush(&scan->scanner->out))
        scan->result = SINK_FAILED;
    return !is_stopped(scan);
}

/* For libpcap: the header, which is read already, then the input. */
static ssize_t read_capture(void *cookie, char *to, size_t size) {
    capture_scan *scan = cookie;
    size_t len = scan->header_len - scan->header_at;
    if (len > 0) {
        len = len < size ? len : size;
        memcpy(to, scan->header + scan->header_at, len);
        scan->header_at += len;
        return (ssize_t)len;
    }
    if (!before_read(scan))
        return 0;
    ssize_t got = input_read(scan->in, to, size);
    scan->read_failed |= got < 0;
    return got;
}

/* A read that fails fails again for libpcap. */
static void read_header(capture_scan *scan) {
    ssize_t got = 1;
    for (scan->header_len = scan->header_at = 0;
         got > 0 && scan->header_len<PCAP_HEADER_SIZE; scan->header_len += got> 0 ? (size_t)got : 0)
        got = input_read(scan->in, (char *)scan->header + scan->header_len,
                         PCAP_HEADER_SIZE - scan->header_len);
}

static bool is_pcapng(const capture_scan *scan) {
    return scan->header_len > 0 && scan->header[0] == 0x0a;
}

/* Stores the message. */
static void name_unsupported_link(capture_scan *scan, int number) {
    const char *name = pcap.pcap_datalink_val_to_name(number);
    snprintf(scan->in->capture_error, sizeof scan->in->capture_error,
             "link type %d (%s) is not supported", number, name ? name : "unknown");
}

/* False: *reason. */
static bool open_capture(capture_scan *scan, FILE *file, const char **reason) {
    char *message = scan->in->capture_error;
    char from_pcap[PCAP_ERRBUF_SIZE] = "";
    scan->pcap = pcap.pcap_fopen_offline(file, from_pcap);
    if (!scan->pcap) {
        snprintf(message, sizeof scan->in->capture_error, "%s",
                 scan->read_failed ? input_error(scan->in) : from_pcap);
        *reason = message;
        return false;
    }
    const int datalink = pcap.pcap_datalink(scan->pcap);
    scan->link = link_type_of((unsigned)datalink);
    if (scan->link != LINK_UNKNOWN)
        return true;
    name_unsupported_link(scan, datalink);
    *reason = message;
    return false;
}

/* ---- matches ---------------------------------------------------------------------------------- */

static void put_text_of(capture_scan *scan, const char *text) {
    if (scan->text)
        scan->len = (size_t)(put_text(scan->text + scan->len, text) - scan->text);
}

static bool is_mapped(const uint8_t *address) {
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address, prefix, sizeof prefix) == 0;
}

static void add_match(capture_scan *scan, unsigned family, const uint8_t *address) {
    simdinet_match *match = &scan->matches[scan->count++];
    char *text = scan->text ? scan->text + scan->len : NULL;
    *match = (simdinet_match){.offset = scan->len, .family = (uint8_t)family};
    if (family == 4) {
        memcpy(match->address, address, 4);
    } else {
        memcpy(match->address, address, 16);
        if (is_mapped(address))
            match->flags = SIMDINET_MATCH_MAPPED;
    }
    if (!text)
        return;
    match->length = (uint16_t)(family == 4 ? simdinet_format_ipv4(address, text)
                                           : simdinet_format_ipv6(address, text));
    scan->len += match->length;
}

static bool is_wanted(const scan_config *config, unsigned family) {
    return config->families == 0 ||
           config->families & (family == 4 ? SIMDINET_SCAN_IPV4 : SIMDINET_SCAN_IPV6);
}

static void add_header(capture_scan *scan, const ip_header *header) {
    const packet_config *config = &scan->scanner->job->config->packets;
    if (!config->destination_only)
        add_match(scan, header->family, header->source);
    if (!config->destination_only && !config->source_only)
        put_text_of(scan, " > ");
    if (!config->source_only)
        add_match(scan, header->family, header->destination);
}

static void add_packet(capture_scan *scan, link_type link, const uint8_t *packet, size_t len) {
    const scan_config *config = scan->scanner->job->config;
    ip_header found[MAX_IP_HEADERS];
    const size_t n = config->rejected
                         ? 0 /* of text only */
                         : find_ip_headers(link, packet, len, config->packets.inner, found);
    const size_t before = scan->count;
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(config, found[i].family))
            continue;
        if (scan->count > before)
            put_text_of(scan, ": ");
        add_header(scan, &found[i]);
    }
    put_text_of(scan, "\n");
    scan->scanner->counts.bytes += len;
    scan->packets++;
    if (scan->count >= VIEW_MATCHES || scan->packets >= VIEW_PACKETS)
        flush_view(scan, false, false);
}

/* ---- the scan --------------------------------------------------------------------------------- */

/* pcap_handler */
static void on_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *packet) {
    capture_scan *scan = (capture_scan *)(void *)context;
    add_packet(scan, scan->link, packet, header->caplen);
    if (is_stopped(scan))
        pcap.pcap_breakloop(scan->pcap);
}

/* All packets of a file that packet_file_supports. NULL, or why not. */
static const char *read_in_place(capture_scan *scan) {
    packet_file file;
    const char *error =
        packet_file_open(&file, scan->in, scan->header, scan->header_len, scan->link)
            ? NULL
            : "out of memory";
    packet_result result = PACKET_OK;
    while (!error && !is_stopped(scan) && result != PACKET_END) {
        captured_packet packet;
        result = packet_file_next(&file, &packet);
        if (result == PACKET_OK)
            add_packet(scan, packet.link, packet.bytes, packet.len);
        else if (result == PACKET_INCOMPLETE && before_read(scan) && !packet_file_fill(&file))
            error = input_error(scan->in);
        else if (result == PACKET_FAILED)
            error = file.error;
    }
    if (!error && file.unsupported) {
        /* The packets of other interfaces are read. */
        name_unsupported_link(scan, (int)file.unsupported_link);
        error = scan->in->capture_error;
    }
    packet_file_close(&file);
    return error;
}

static const char *read_by_libpcap(capture_scan *scan) {
    if (pcap.pcap_loop(scan->pcap, -1, on_packet, (u_char *)scan) != PCAP_ERROR)
        return NULL;
    return scan->read_failed ? input_error(scan->in) : pcap.pcap_geterr(scan->pcap);
}

static bool read_packets(capture_scan *scan, const char **reason) {
    const char *error = scan->pcap && !packet_file_supports(scan->header, scan->header_len)
                            ? read_by_libpcap(scan)
                            : read_in_place(scan);
    if (is_stopped(scan))
        return scan->result == SINK_DONE;
    flush_view(scan, !error, error);
    if (!error)
        return scan->result != SINK_FAILED;
    if (error != scan->in->capture_error)
        snprintf(scan->in->capture_error, sizeof scan->in->capture_error, "%s", error);
    scan->scanner->reason = *reason = scan->in->capture_error;
    return false;
}

/* gcc's -fanalyzer does not see that pcap_close closes the file. */
#    if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#        pragma GCC diagnostic push
#        pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#    endif
static bool open_and_read(capture_scan *scan, const char **reason) {
    FILE *file = fopencookie(scan, "r", (cookie_io_functions_t){read_capture, NULL, NULL, NULL});
    char *buffer = malloc(FILE_BUFFER);
    bool ok = false;
    if (file && buffer) {
        /* One thread uses the file. */
        setvbuf(file, buffer, _IOFBF, FILE_BUFFER);
        __fsetlocking(file, FSETLOCKING_BYCALLER);
        read_header(scan);
        ok = (is_pcapng(scan) || open_capture(scan, file, reason)) && read_packets(scan, reason);
    } else {
        *reason = "out of memory";
    }
    if (scan->pcap)
        pcap.pcap_close(scan->pcap); /* closes the file */
    else if (file)
        fclose(file);
    free(buffer);
    return ok;
}
#    if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#        pragma GCC diagnostic pop
#    endif

bool scan_capture(range_scanner *scanner, input *in, scan_counts *counts, const char **reason) {
    const match_sink *sink = scanner->job->sink;
    capture_scan *scan = malloc(sizeof *scan);
    bool ok = false;
    scanner_begin(scanner, 0, UINT64_MAX, true);
    if (scan) {
        /* The matches are not cleared. */
        scan->scanner = scanner;
        scan->in = in;
        scan->pcap = NULL;
        scan->read_failed = false;
        scan->result = SINK_CONTINUE;
        scan->base = 0;
        scan->len = scan->packets = scan->count = 0;
        scan->text = sink->addresses_only ? NULL : malloc(VIEW_TEXT + VIEW_READ_AHEAD);
    }
    if (!scan || (!scan->text && !sink->addresses_only)) {
        *reason = "out of memory";
    } else if (!shared_library_load(&pcap_library)) {
        *reason = pcap_library.error;
    } else {
        if (sink->begin)
            sink->begin(scanner);
        ok = open_and_read(scan, reason);
    }
    if (scan)
        free(scan->text);
    free(scan);
    add_counts(counts, &scanner->counts);
    return ok;
}

const char *capture_load(void) {
    return shared_library_load(&pcap_library) ? NULL : pcap_library.error;
}

#else

bool scan_capture(range_scanner *scanner, input *in, scan_counts *counts, const char **reason) {
    (void)scanner, (void)in, (void)counts;
    *reason = "packet capture, and simdinet was built without libpcap";
    return false;
}

const char *capture_load(void) {
    return "this command was built without libpcap";
}

#endif
