/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_tables.c - the byte classes and word lists of scan.h, the constants of scan_tables.h.
 */
#include "scan_tables.h"

#include "kernels/scan.h"

#include <stddef.h>

#define BEFORE  CLASS_ODD_BEFORE_IPV4
#define AFTER   CLASS_ODD_AFTER_IPV4
#define BEFORE6 CLASS_ODD_BEFORE_IPV6
#define AFTER6  CLASS_ODD_AFTER_IPV6
#define WORD    (CLASS_WORD | BEFORE | AFTER | BEFORE6)
#define ALNUM   (WORD | CLASS_UNRESERVED)
#define DIGIT   (ALNUM | CLASS_DIGIT | CLASS_HEX | CLASS_CSI)
#define UPPER   (ALNUM | CLASS_LETTER)
#define LOWER   (UPPER | CLASS_LOWER)
#define HEX     CLASS_HEX
#define EDGE    CLASS_ODD_BEFORE_WORD
#define END     CLASS_KEY_NEAR
#define GAP     (CLASS_KEY_GAP | CLASS_KEY_NEAR)
#define QUOTE   (CLASS_QUOTE | GAP)

/* clang-format off */
/* Every byte that has a class, and its classes. */
#define CLASSES(OF) \
    OF('0', DIGIT) OF('1', DIGIT) OF('2', DIGIT) OF('3', DIGIT) OF('4', DIGIT) OF('5', DIGIT) \
    OF('6', DIGIT) OF('7', DIGIT) OF('8', DIGIT) OF('9', DIGIT) \
    OF('a', LOWER | HEX) OF('b', LOWER | HEX) OF('c', LOWER | HEX) OF('d', LOWER | HEX) \
    OF('e', LOWER | HEX | END) OF('f', LOWER | HEX) OF('A', UPPER | HEX) OF('B', UPPER | HEX) \
    OF('C', UPPER | HEX) OF('D', UPPER | HEX) OF('E', UPPER | HEX | END) OF('F', UPPER | HEX) \
    OF('g', LOWER) OF('h', LOWER) OF('i', LOWER) OF('j', LOWER) OF('k', LOWER) OF('l', LOWER) \
    OF('m', LOWER) OF('n', LOWER | END) OF('o', LOWER) OF('p', LOWER) OF('q', LOWER) \
    OF('r', LOWER) OF('s', LOWER) OF('t', LOWER) OF('u', LOWER) OF('v', LOWER) \
    OF('w', LOWER | END) OF('x', LOWER) OF('y', LOWER) OF('z', LOWER) OF('G', UPPER) \
    OF('H', UPPER) OF('I', UPPER) OF('J', UPPER) OF('K', UPPER) OF('L', UPPER) OF('M', UPPER) \
    OF('N', UPPER | END) OF('O', UPPER) OF('P', UPPER) OF('Q', UPPER) OF('R', UPPER) \
    OF('S', UPPER) OF('T', UPPER) OF('U', UPPER) OF('V', UPPER) OF('W', UPPER | END) \
    OF('X', UPPER) OF('Y', UPPER) OF('Z', UPPER) \
    OF('_', WORD | CLASS_UNRESERVED) \
    OF('.', CLASS_DOT | CLASS_UNRESERVED | BEFORE | AFTER | BEFORE6 | AFTER6) \
    OF('-', CLASS_UNRESERVED | GAP | BEFORE | AFTER) \
    OF('~', CLASS_UNRESERVED | BEFORE | AFTER6) \
    OF(':', CLASS_COLON | GAP | CLASS_CSI | BEFORE | EDGE) \
    OF('/', CLASS_SLASH | EDGE) OF('\x1b', BEFORE6) \
    OF(' ', CLASS_BLANK | GAP) OF('\t', CLASS_BLANK) \
    OF('\r', CLASS_LINE_END) OF('\n', CLASS_LINE_END) \
    OF('"', QUOTE) OF('\'', QUOTE) OF('`', QUOTE) \
    OF('\\', GAP | AFTER6 | EDGE) OF('=', GAP) OF('>', GAP) \
    OF('(', GAP) OF('[', GAP | EDGE) OF('{', GAP) \
    OF(';', CLASS_CSI | AFTER | BEFORE6 | EDGE) OF('?', CLASS_CSI | BEFORE6 | EDGE) \
    OF(')', AFTER) OF('%', BEFORE | BEFORE6 | EDGE) OF('|', BEFORE)

#define CLASS_OF(byte, classes) [byte] = (classes),
const uint32_t simdinet_scan_classes[256] = {CLASSES(CLASS_OF)};

/* No digit follows an IPv4 address; but one is the first byte of what is not one. */
#define IF(classes, some, bits) (((classes) & (some)) != 0 ? (bits) : 0)
#define NEIGHBOR_OF(byte, classes) \
    [byte] = { \
        .before_ipv4 = IF(classes, BEFORE, LOOK_BEFORE) | IF(classes, CLASS_SLASH, LOOK_SLASH / 2) | \
                       IF(classes, CLASS_KEY_GAP, LOOK_KEY_GAP / 2), \
        .second_ipv4 = IF(classes, CLASS_KEY_NEAR, LOOK_KEY_GAP / 2) | \
                       ((classes) & CLASS_UNRESERVED || (byte) == '\\' ? LOOK_SLASH / 2 : 0), \
        .after_ipv4 = IF((classes) & CLASS_DIGIT ? 0 : (classes), AFTER, LOOK_AFTER) | \
                      IF(classes, CLASS_COLON, LOOK_DEVICE / 2), \
        .next_ipv4 = IF(classes, CLASS_LETTER, LOOK_DEVICE / 2), \
        .before_ipv6 = IF(classes, BEFORE6, LOOK_BEFORE) | \
                       ((byte) == '[' ? LOOK_BRACKET / 2 : 0), \
        .second_ipv6 = IF(classes, BEFORE6, LOOK_BRACKET / 2), \
        .after_ipv6 = IF(classes, AFTER6, LOOK_AFTER) | IF(classes, CLASS_WORD, LOOK_WORD), \
        .digit = IF(classes, CLASS_DIGIT, 1), \
    },
const simdinet_scan_neighbor simdinet_scan_neighbors[256] = {CLASSES(NEIGHBOR_OF)};

#define IS(byte, a, b, c, bits) ((byte) == (a) || (byte) == (b) || (byte) == (c) ? (bits) : 0)
#define ODD_NEIGHBOR_OF(byte, classes) \
    [byte] = { \
        .before = IF(classes, CLASS_WORD, ODD_WORD_BEFORE) | IS(byte, '%', '%', '%', ODD_PERCENT) | \
                  IF(classes, CLASS_COLON, ODD_COLON) | IS(byte, '~', '|', '|', ODD_MARK) | \
                  IS(byte, '(', '(', '(', ODD_OPEN) | IS(byte, '-', '-', '-', ODD_DASH) | \
                  IF(classes, CLASS_DOT, ODD_IN_RUN / 2), \
        .second = IF(classes, CLASS_DIGIT, ODD_IN_RUN / 2), \
        .after = IF(classes, CLASS_WORD, ODD_WORD_AFTER) | IS(byte, ';', ')', ')', ODD_CLOSING) | \
                 IF(classes, CLASS_DOT, ODD_DOT / 2) | IS(byte, ':', '-', '-', ODD_NAME / 2), \
        .next = IF(classes, CLASS_LETTER | CLASS_DIGIT, ODD_DOT / 2) | \
                IF(classes, CLASS_LETTER, ODD_NAME / 2), \
    },
const simdinet_scan_odd_neighbor simdinet_scan_odd_neighbors[256] = {CLASSES(ODD_NEIGHBOR_OF)};
/* clang-format on */

#define SIXTEEN(byte)                                                                              \
    (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte),        \
        (byte), (byte), (byte), (byte), (byte)
#define EVERYWHERE(byte)                                                                           \
    { SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte) }

/* clang-format off */
const scan_constants simdinet_scan_constants = {
    .dot = EVERYWHERE('.'),
    .colon = EVERYWHERE(':'),
    .zero = EVERYWHERE('0'),
    .ten = EVERYWHERE(10),
    .lower = EVERYWHERE(0x20),
    .a = EVERYWHERE('a'),
    .six = EVERYWHERE(6),
    .signed_zero = EVERYWHERE('0' + 128),
    .signed_ten = EVERYWHERE(10 + 128),
    .signed_a = EVERYWHERE('a' + 128),
    .signed_six = EVERYWHERE(6 + 128),
    .unreserved = {{0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x54, 0xd4, 0x70}},
    .key_gap = {{0x44, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x04, 0x04, 0x00, 0x08, 0xa0, 0x20, 0x0c, 0x08, 0x00}},
    .service = {{0x88, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc8, 0xc0, 0x40, 0x40, 0x44, 0x40, 0x40}},
    .decimal = {{0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}},
    .word = {{0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x50, 0x50, 0x70}},
    .parentheses = {{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x04, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00}},
    .semicolon = {{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00}},
    .parameter = {{0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x00, 0x00, 0x00, 0x08}},
    .dotted = {{0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00}},
    .before_unspecified = {{0x44, 0x00, 0x84, 0x00, 0x80, 0x00, 0x00, 0x04, 0x04, 0x01, 0x01, 0x20, 0x08, 0x09, 0x40, 0x00}},
    .after_unspecified = {{0x44, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x05, 0x01, 0x08, 0xa4, 0x21, 0x08, 0x04}},
    .bit_of_high_nibble = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80},
    .low_nibble = {SIXTEEN(15)},
    .terminator_clear = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
    .terminator_set = {[15] = '0'},
    .lanes = {0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9, 10, 11, 12, 13},
    .list = {0x0, 0x0, 0x1, 0x100, 0x2, 0x200, 0x201, 0x20100, 0x3, 0x300, 0x301, 0x30100, 0x302, 0x30200, 0x30201, 0x3020100},
    .octet_range = {0x10505 - INT32_MAX - 1, 0x10505 - INT32_MAX - 1, 0x10505 - INT32_MAX - 1, 0x10505 - INT32_MAX - 1},
    .pack = {0, 4, 8, 12, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128},
};
/* clang-format on */

const char *const simdinet_scan_escape_spellings[] = {
    "\x1b", "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\e", "#033", NULL,
};
const char *const simdinet_scan_file_suffixes[] = {".cap", ".pcap", ".log", ".txt", NULL};
const char *const simdinet_scan_proxy_words[] = {
    "DIRECT", "PARENT", "SIBLING", "DST", "HIT", "CARP", "ROUNDROBIN", NULL,
};
const char *const simdinet_scan_address_words[] = {
    "ip", "localhost", "inside", "outside", "dmz", NULL,
};
const char *const simdinet_scan_host_suffixes[] = {
    ".internal", ".local", ".localdomain", ".lan", ".com", ".net", ".org", NULL,
};
const char *const simdinet_scan_version_keys[] = {"version", "revision", "firmware", NULL};
const char *const simdinet_scan_browser_words[] = {
    "Mozilla", "Opera", "Safari", "Android", "Profile", NULL,
};
const char *const simdinet_scan_package_directories[] = {"/usr/", "/opt/", "/lib/", NULL};
const char *const simdinet_scan_release_suffixes[] = {
    "-rc", "-alpha", "-beta", "-snapshot", "-microsoft", NULL,
};
const char *const simdinet_scan_package_marks[] = {
    ".el", ".fc", ".amzn", ".x86_64", ".noarch", NULL,
};
const char *const simdinet_scan_device_buses[] = {
    ":pci\\", ":usb\\", ":hid\\", ":acpi\\", ":root\\", ":swd\\", NULL,
};
