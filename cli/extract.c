/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * extract.c - simdinet extract: the addresses of a text, one a line.
 */
#include "cli.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: simdinet extract [OPTION]... [FILE]...\n"
    "Print every IPv4 and IPv6 address in the FILEs, or in standard input, one a line.\n"
    "\n"
    "  -4                   IPv4 only\n"
    "  -6                   IPv6 only\n"
    "  -b, --byte-offset    print where in the file each address stands: OFFSET:ADDRESS\n"
    "      --versions       print version-like numbers too, as in Product/1.2.3.4\n"
    "      --line-buffered  flush after every address\n"
    "      --stats          print lines, bytes, addresses and the rate to standard error\n"
    "      --help           print this help\n"
    "\n"
    "A FILE of - is standard input. Exit status: 0 when an address was found, 1 when\n"
    "none was, 2 when there was trouble with any file.\n";

typedef struct {
    bool byte_offset;
    bool flush_each;
} extract_options;

static bool print_matches(void *context, const char *text, uint64_t base,
                          const simdinet_match *matches, size_t count) {
    const extract_options *options = context;
    for (size_t i = 0; i < count; i++) {
        if (options->byte_offset)
            printf("%llu:", (unsigned long long)(base + matches[i].offset));
        fwrite(text + matches[i].offset, 1, matches[i].length, stdout);
        putchar('\n');
        if (options->flush_each)
            fflush(stdout);
    }
    return !ferror(stdout);
}

int command_extract(int argc, char **argv) {
    enum { OPTION_VERSIONS = 256, OPTION_LINE_BUFFERED, OPTION_STATS, OPTION_HELP };
    static const struct option long_options[] = {
        {"byte-offset", no_argument, NULL, 'b'},
        {"versions", no_argument, NULL, OPTION_VERSIONS},
        {"line-buffered", no_argument, NULL, OPTION_LINE_BUFFERED},
        {"stats", no_argument, NULL, OPTION_STATS},
        {"help", no_argument, NULL, OPTION_HELP},
        {0},
    };
    extract_options options = {.flush_each = isatty(STDOUT_FILENO)};
    unsigned flags = 0;
    bool stats = false;
    for (int option; (option = getopt_long(argc, argv, "46b", long_options, NULL)) != -1;) {
        switch (option) {
        case '4':
            flags |= SIMDINET_SCAN_IPV4;
            break;
        case '6':
            flags |= SIMDINET_SCAN_IPV6;
            break;
        case 'b':
            options.byte_offset = true;
            break;
        case OPTION_VERSIONS:
            flags |= SIMDINET_SCAN_VERSIONS;
            break;
        case OPTION_LINE_BUFFERED:
            options.flush_each = true;
            break;
        case OPTION_STATS:
            stats = true;
            break;
        case OPTION_HELP:
            fputs(help, stdout);
            return finish_output(EXIT_FOUND);
        default:
            return usage_error(argv[0]);
        }
    }
    scan_stats figures;
    bool good = scan_files(argc - optind, argv + optind, flags, print_matches, &options, &figures);
    int status = finish_output(figures.addresses ? EXIT_FOUND : EXIT_NONE);
    if (stats)
        print_stats(&figures, NULL);
    return good ? status : EXIT_TROUBLE;
}
