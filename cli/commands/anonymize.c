/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * anonymize.c - simdinet anonymize: copies text and writes other addresses in place of those in it.
 */
#include "exit_status.h"
#include "key_file.h"
#include "line_copier.h"
#include "log.h"
#include "option_table.h"
#include "raw_reader.h"
#include "search.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool reject(const options *given, const char *message) {
    log_error("%s", message);
    log_try_help(given->command->name);
    return false;
}

static bool check_options(const options *given) {
    if (given->truncates && given->keyed)
        return reject(
            given, "--truncate cannot be combined with --keyed, --key-file, --mode or --decrypt");
    if ((given->keyed || given->generate_key) && !given->key_file)
        return reject(given, given->keyed ? "--keyed, --mode and --decrypt need --key-file"
                                          : "--generate-key needs --key-file");
    if (given->generate_key && given->n_operands > 0 && strcmp(given->operands[0], "-") != 0)
        return reject(given, "--generate-key takes no FILE");
    if (given->key_file && strcmp(given->key_file, "-") == 0)
        return reject(given, "--key-file needs the name of a file");
    const char *problem = given->keyed ? cipher_load() : NULL;
    if (problem) {
        log_error("--keyed: %s", problem);
        return false;
    }
    return true;
}

/* Whether a file is the one that standard output is written to. Logged. */
static bool is_also_output(const char *name) {
    struct stat in;
    const bool is_stdin = strcmp(name, "-") == 0;
    if ((is_stdin ? fstat(STDIN_FILENO, &in) : stat(name, &in)) != 0 || !is_output(&in))
        return false;
    log_error("%s: input file is also the output", is_stdin ? "standard input" : name);
    return true;
}

/* The file of --mapping. False: logged. */
static bool open_mapping(copy_config *state, const char *name) {
    if (!name)
        return true;
    if (strcmp(name, "-") == 0) {
        log_error("--mapping needs the name of a file");
        return false;
    }
    state->mapping = address_mapping_create(name);
    return state->mapping != NULL;
}

static bool copy_files(const options *given, copy_config *state) {
    if (!open_mapping(state, given->mapping))
        return false;
    state->is_plain_truncation =
        !given->keyed && !state->mapping && !address_filter_is_set(&given->filter);
    const search_result result = search_files(&given->scan, given->n_operands, given->operands,
                                              false, false, &line_copier_sink, state);
    if (given->scan.stats)
        print_stats(&result, NULL);
    return address_mapping_close(state->mapping) && !result.failed;
}

static int run(options *given) {
    /* What only encryption has implies it. */
    given->keyed = given->keyed || given->decrypt ||
                   (!given->generate_key && (given->key_file || given->has_mode));
    copy_config state = {.filter = &given->filter,
                         .rewrite = {.ipv4_prefix = given->truncate_ipv4,
                                     .ipv6_prefix = given->truncate_ipv6,
                                     .keyed = given->keyed,
                                     .decrypt = given->decrypt,
                                     .mode = (cipher_mode)given->mode}};
    if (!check_options(given))
        return EXIT_TROUBLE;
    if (given->generate_key)
        return key_file_create(given->key_file, state.rewrite.mode) ? EXIT_FOUND : EXIT_TROUBLE;
    for (int i = 0; i < given->n_operands; i++)
        if (is_also_output(given->operands[i]))
            return EXIT_TROUBLE;
    if (given->keyed && is_also_output(given->key_file))
        return EXIT_TROUBLE;
    if (given->keyed)
        protect_memory();
    const bool ok =
        (!given->keyed || key_file_read(given->key_file, state.rewrite.mode, state.rewrite.key)) &&
        copy_files(given, &state);
    explicit_bzero(&state.rewrite, sizeof state.rewrite);
    return ok ? EXIT_FOUND : EXIT_TROUBLE;
}

const subcommand command_anonymize = {
    .id = COMMAND_anonymize,
    .name = "anonymize",
    .summary = "copy text with other addresses in place of those in it",
    .usage = {"[OPTION]... [FILE]...", "--generate-key --key-file FILE [--mode MODE]"},
    .about = "Copy the FILEs or standard input to standard output, with every IPv4 and IPv6 "
             "address shortened or encrypted. Everything else is copied as it is; UTF-16 "
             "becomes UTF-8.",
    .notes = "FILE - is standard input; compressed data are decompressed. Exit status: 0, or 2 "
             "after an error.",
    .manual =
        "Copies the files, or standard input, to standard output, and writes another address in "
        "place\n"
        "of each IPv4 and IPv6 address. What stands beside an address stays: ports, prefix "
        "lengths,\n"
        "zones, brackets, quotes. Every other byte is copied as it is, but text in UTF-16 is "
        "written\n"
        "as UTF-8, and compressed data are decompressed.\n"
        "\n"
        "By default the end of each address is set to zero: 192.0.2.0 for 192.0.2.1, and the\n"
        "first 48 bits of an IPv6 address. With `--keyed` each address is encrypted: the same "
        "address\n"
        "becomes the same text wherever it occurs, and `--decrypt` restores it for those who have\n"
        "the key. New addresses are in canonical form (RFC 5952), but without `::` where a colon "
        "adjoins.\n"
        "\n"
        "`simdinet`(1) describes what counts as an address and how input is read. This command "
        "replaces\n"
        "doubtful addresses as well, as `--doubtful` of `simdinet-extract`(1) prints them: what "
        "looks like\n"
        "a version number, like a hardware address of eight groups, or adjoins a letter; but for "
        "IPv6 without\n"
        "a group of three digits, such as `d::` in `std::string`.\n"
        "\n"
        "In a dotted run of more than four numbers, such as an object identifier, any four may be\n"
        "an address. Truncated, a number loses what it loses in any four consecutive octets: with\n"
        "/24 the first three stay, and each later one becomes 0. Encrypted, the run is divided "
        "into\n"
        "addresses from its end; one to three numbers may be left before the first, which stay.\n"
        "\n"
        "A name of reverse DNS, `77.113.0.203.in-addr.arpa` or 32 nibbles below `ip6.arpa`, is "
        "replaced\n"
        "by that of the new address: `0.113.0.203.in-addr.arpa`. Partial zones stay. Before "
        "another\n"
        "label, as in the names of blocklists, four numbers lose what they lose in either order,\n"
        "and 32 nibbles are replaced as below `ip6.arpa`. So are IPv6 addresses with "
        "percent-encoded\n"
        "colons, `2001%3Adb8%3A%3A1`.\n"
        "\n"
        "Several files are copied as one text: an address that ends in the next one is not found.\n"
        "# OPTIONS\n"
        "# MODES\n"
        ": `pfx`\n"
        "ipcrypt-pfx of draft-denis-ipcrypt. Two addresses that share a prefix are replaced by "
        "two\n"
        "that share a prefix of the same length, and an IPv4 address by an IPv4 address. The key "
        "has\n"
        "64 hexadecimal digits; its halves differ.\n"
        ": `deterministic`\n"
        "ipcrypt-deterministic of the same draft. Every address is replaced by an IPv6 address, "
        "which\n"
        "shows nothing but whether two addresses are equal. The key has 32 hexadecimal digits.\n"
        ": `cryptopan`\n"
        "Crypto-PAn (Xu, Fan, Ammar and Moon, 2002), which preserves prefixes as `pfx` does, for "
        "traces\n"
        "that were made with it. The key has 64 hexadecimal digits.\n"
        "# KEYS\n"
        "`--generate-key` creates a file with a key. A file may also have the bytes of a key "
        "instead of\n"
        "digits. A key is cleared from memory after use, and is not in core files, messages or\n"
        "arguments.\n"
        "# EXIT STATUS\n"
        ": 0\n"
        "All was copied.\n"
        ": 2\n"
        "An error occurred. After a read error the output ends before the word that may be cut "
        "off.\n"
        "# CAVEATS\n"
        "Encrypted addresses are pseudonyms: whoever has the key can restore them, and whoever "
        "knows\n"
        "some of them learns the prefixes of others from `pfx` and `cryptopan`. Truncated "
        "addresses are not\n"
        "restored, but a network may have one user. Text beside addresses may name people as "
        "well.\n"
        "\n"
        "Not found: addresses in host names (`192-0-2-1.example.com`), in base64 or other "
        "encodings, as numbers\n"
        "(`3221225985`), and defanged ones without `--defanged`. With `--precise` also those that\n"
        "`simdinet-extract`(1) leaves out. A tar archive is copied as text, and damaged where the "
        "length\n"
        "of an address changes. Text in UTF-16 that does not begin a file is copied as it is; if "
        "it "
        "has\n"
        "addresses, the exit status is 2.\n"
        "\n"
        "`--decrypt` restores what it finds. In mode `deterministic` an IPv6 address stands where "
        "an IPv4\n"
        "address was: what adjoins it, such as the port in `192.0.2.1:8`, may become part of it. "
        "With\n"
        "`--keep`, an encrypted address that is one of those to be kept is not decrypted. Where "
        "each\n"
        "address must be restored, write a `--mapping`.\n"
        "# EXAMPLES\n"
        "    simdinet anonymize access.log > public.log\n"
        "    simdinet anonymize --generate-key --key-file key\n"
        "    simdinet anonymize --keyed --key-file key --keep private access.log > shared.log\n"
        "    simdinet anonymize --keyed --key-file key --decrypt --keep private shared.log\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
