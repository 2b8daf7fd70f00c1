/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_tables.c - the byte classes of scan.h, and the constants of scan_tables.h.
 */
#include "scan_tables.h"

#include "kernels/scan.h"

#define ALNUM  (CLASS_WORD | CLASS_UNRESERVED)
#define DIGIT  (ALNUM | CLASS_DIGIT | CLASS_HEX)
#define HEX    (ALNUM | CLASS_LETTER | CLASS_HEX)
#define LETTER (ALNUM | CLASS_LETTER)

#define SIXTEEN(byte)                                                                              \
    (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte),        \
        (byte), (byte), (byte), (byte), (byte)
#define EVERYWHERE(byte)                                                                           \
    { SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte) }

/* clang-format off */
const uint16_t simdinet_scan_classes[256] = {
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT,
    ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
    ['a'] = HEX, ['b'] = HEX, ['c'] = HEX, ['d'] = HEX, ['e'] = HEX, ['f'] = HEX,
    ['A'] = HEX, ['B'] = HEX, ['C'] = HEX, ['D'] = HEX, ['E'] = HEX, ['F'] = HEX,
    ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER,
    ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER,
    ['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER,
    ['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER,
    ['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER, ['K'] = LETTER,
    ['L'] = LETTER, ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER, ['P'] = LETTER,
    ['Q'] = LETTER, ['R'] = LETTER, ['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER,
    ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER, ['Y'] = LETTER, ['Z'] = LETTER,
    ['_'] = CLASS_WORD | CLASS_UNRESERVED, ['-'] = CLASS_UNRESERVED, ['~'] = CLASS_UNRESERVED,
    ['.'] = CLASS_DOT | CLASS_UNRESERVED, [':'] = CLASS_COLON, ['/'] = CLASS_SLASH,
    [' '] = CLASS_BLANK, ['\t'] = CLASS_BLANK, ['\r'] = CLASS_BLANK, ['\n'] = CLASS_BLANK,
    ['"'] = CLASS_BLANK, ['\''] = CLASS_BLANK, ['`'] = CLASS_BLANK,
};

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
    .unreserved = {{0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x54,
                    0xd4, 0x70}},
    .bit_of_high_nibble = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80},
    .low_nibble = {SIXTEEN(15)},
    .terminator_clear = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
    .terminator_set = {[15] = '0'},
    .pack = {0, 4, 8, 12, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128},
};
/* clang-format on */
