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
#define EDGE CLASS_ODD_BEFORE_WORD
#define END  CLASS_KEY_NEAR
#define GAP   (CLASS_KEY_GAP | CLASS_KEY_NEAR)
#define QUOTE (CLASS_QUOTE | GAP)

/* clang-format off */
const uint32_t simdinet_scan_classes[256] = {
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT,
    ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['a'] = LOWER | HEX,
    ['b'] = LOWER | HEX, ['c'] = LOWER | HEX, ['d'] = LOWER | HEX, ['e'] = LOWER | HEX | END,
    ['f'] = LOWER | HEX, ['A'] = UPPER | HEX, ['B'] = UPPER | HEX, ['C'] = UPPER | HEX,
    ['D'] = UPPER | HEX, ['E'] = UPPER | HEX | END, ['F'] = UPPER | HEX, ['g'] = LOWER, ['h'] = LOWER,
    ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER, ['m'] = LOWER, ['n'] = LOWER | END,
    ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER, ['s'] = LOWER, ['t'] = LOWER,
    ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER | END, ['x'] = LOWER, ['y'] = LOWER, ['z'] = LOWER,
    ['G'] = UPPER, ['H'] = UPPER, ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER,
    ['M'] = UPPER, ['N'] = UPPER | END, ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER,
    ['S'] = UPPER, ['T'] = UPPER, ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER | END, ['X'] = UPPER,
    ['Y'] = UPPER, ['Z'] = UPPER,
    ['_'] = WORD | CLASS_UNRESERVED,
    ['.'] = CLASS_DOT | CLASS_UNRESERVED | BEFORE | AFTER | BEFORE6 | AFTER6,
    ['-'] = CLASS_UNRESERVED | GAP | BEFORE | AFTER,
    ['~'] = CLASS_UNRESERVED | BEFORE | AFTER6,
    [':'] = CLASS_COLON | GAP | CLASS_CSI | BEFORE | EDGE,
    ['/'] = CLASS_SLASH | EDGE, ['\x1b'] = BEFORE6,
    [' '] = CLASS_BLANK | GAP, ['\t'] = CLASS_BLANK,
    ['\r'] = CLASS_LINE_END, ['\n'] = CLASS_LINE_END,
    ['"'] = QUOTE, ['\''] = QUOTE, ['`'] = QUOTE,
    ['\\'] = GAP | AFTER6 | EDGE, ['='] = GAP, ['>'] = GAP,
    ['('] = GAP, ['['] = GAP | EDGE, ['{'] = GAP,
    [';'] = CLASS_CSI | AFTER | BEFORE6 | EDGE, ['?'] = CLASS_CSI | BEFORE6 | EDGE, [')'] = AFTER,
    ['%'] = BEFORE | BEFORE6 | EDGE, ['|'] = BEFORE,
};

#define SIXTEEN(byte)                                                                              \
    (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte),        \
        (byte), (byte), (byte), (byte), (byte)
#define EVERYWHERE(byte)                                                                           \
    { SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte) }

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
    .parentheses = {{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x04, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00}},
    .semicolon = {{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00}},
    .bit_of_high_nibble = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80},
    .low_nibble = {SIXTEEN(15)},
    .terminator_clear = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
    .terminator_set = {[15] = '0'},
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
    "Mozilla", "Safari", "Android", "Profile", NULL,
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
