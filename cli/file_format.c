/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "file_format.h"

#include <string.h>

static const decoder_type unix_compress = {.unsupported = "compress (.Z) data are not supported"},
                          lz4_legacy = {.unsupported = "legacy lz4 data are not supported"},
                          lzop = {.unsupported = "lzop data are not supported"},
                          snappy = {.unsupported = "snappy data are not supported"},
                          zip = {.unsupported = "zip archives are not supported"},
                          seven_zip = {.unsupported = "7z archives are not supported"},
                          snoop = {.unsupported = "snoop captures are not supported"},
                          rar = {.unsupported = "rar archives are not supported"},
                          utf32 = {.unsupported = "UTF-32 text is not supported"},
                          utf16 = {.unsupported =
                                       "UTF-16 text without a byte order mark is not supported"};

/* Hexadecimal digits, and '.' for any. Data shorter than the pattern match it if min bytes do. */
typedef struct {
    const char *pattern;
    size_t min;
    file_format format;
    const decoder_type *type;
} magic_number;

/* UTF-32 precedes UTF-16, whose mark it starts with. */
static const magic_number magic_numbers[] = {
    {"1f8b", 2, FORMAT_COMPRESSED, &gzip_decoder},
    {"28b52ffd", 4, FORMAT_COMPRESSED, &zstd_decoder},
    {"5.2a4d18", 4, FORMAT_COMPRESSED, &zstd_decoder}, /* a skippable frame */
    {"fd377a585a00", 4, FORMAT_COMPRESSED, &xz_decoder},
    {"5d0000", 3, FORMAT_COMPRESSED, &xz_decoder},     /* .lzma */
    {"4c5a495001", 5, FORMAT_COMPRESSED, &xz_decoder}, /* .lz */
    {"425a683.314159265359", 4, FORMAT_COMPRESSED, &bzip2_decoder},
    {"425a683.177245385090", 4, FORMAT_COMPRESSED, &bzip2_decoder}, /* without a block */
    {"04224d18", 4, FORMAT_COMPRESSED, &lz4_decoder},
    {"02214c18", 4, FORMAT_UNSUPPORTED, &lz4_legacy},
    {"1f9d", 2, FORMAT_UNSUPPORTED, &unix_compress},
    {"894c5a4f000d0a1a0a", 4, FORMAT_UNSUPPORTED, &lzop},
    {"ff060000734e61507059", 4, FORMAT_UNSUPPORTED, &snappy},
    {"504b0304", 4, FORMAT_UNSUPPORTED, &zip},
    {"377abcaf271c", 4, FORMAT_UNSUPPORTED, &seven_zip},
    {"526172211a07", 6, FORMAT_UNSUPPORTED, &rar},
    {"736e6f6f70000000", 8, FORMAT_UNSUPPORTED, &snoop},
    {"fffe0000", 4, FORMAT_UNSUPPORTED, &utf32},
    {"0000feff", 4, FORMAT_UNSUPPORTED, &utf32},
    {"fffe", 2, FORMAT_UTF16_LE, NULL},
    {"feff", 2, FORMAT_UTF16_BE, NULL},
    {"a1b2c3d4", 4, FORMAT_CAPTURE, NULL},
    {"d4c3b2a1", 4, FORMAT_CAPTURE, NULL},
    {"a1b23c4d", 4, FORMAT_CAPTURE, NULL}, /* nanoseconds */
    {"4d3cb2a1", 4, FORMAT_CAPTURE, NULL},
    {"a1b2cd34", 4, FORMAT_CAPTURE, NULL}, /* with longer records */
    {"34cdb2a1", 4, FORMAT_CAPTURE, NULL},
    {"0a0d0d0a........1a2b3c4d", 12, FORMAT_CAPTURE, NULL}, /* pcapng */
    {"0a0d0d0a........4d3c2b1a", 12, FORMAT_CAPTURE, NULL},
};

static unsigned digit_value(char digit) {
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a' + 10);
}

static bool nibble_matches(char digit, unsigned nibble) {
    return digit == '.' || digit_value(digit) == nibble;
}

/* Whether the common length of the two is equal. */
static bool may_match(const magic_number *magic, const char *head, size_t len) {
    const char *pattern = magic->pattern;
    for (size_t i = 0; i < len && pattern[2 * i]; i++) {
        uint8_t byte = (uint8_t)head[i];
        if (!nibble_matches(pattern[2 * i], byte >> 4) ||
            !nibble_matches(pattern[2 * i + 1], byte & 15))
            return false;
    }
    return true;
}

/* Whether the bytes are printable ASCII characters of UTF-16, as far as they go. */
static bool may_be_utf16(const char *head, size_t len) {
    const size_t zeros = len > 0 && head[0] == 0 ? 0 : 1;
    for (size_t i = 0; i < len; i++) {
        bool control = (uint8_t)head[i] < ' ' && !strchr("\t\n\r", head[i]);
        if (i % 2 == zeros ? head[i] != 0 : control || head[i] == 0 || (uint8_t)head[i] > '~')
            return false;
    }
    return true;
}

file_format recognize_format(const char *head, size_t len, const decoder_type **type) {
    *type = NULL;
    for (size_t i = 0; i < sizeof magic_numbers / sizeof *magic_numbers; i++) {
        const magic_number *magic = &magic_numbers[i];
        if (len < magic->min || !may_match(magic, head, len))
            continue;
        *type = magic->type;
        return magic->format;
    }
    if (len < FORMAT_HEAD_SIZE || !may_be_utf16(head, FORMAT_HEAD_SIZE))
        return FORMAT_TEXT;
    *type = &utf16;
    return FORMAT_UNSUPPORTED;
}

bool format_is_open(const char *head, size_t len) {
    for (size_t i = 0; i < sizeof magic_numbers / sizeof *magic_numbers; i++)
        if (len < strlen(magic_numbers[i].pattern) / 2 && may_match(&magic_numbers[i], head, len))
            return true;
    return len < FORMAT_HEAD_SIZE && may_be_utf16(head, len);
}
