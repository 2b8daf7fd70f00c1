/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_tables.c - see scan_tables.h.
 */
#include "scan_tables.h"

#define DIGIT  (NEXT_WORD | NEXT_DIGIT | NEXT_HEX)
#define HEX    (NEXT_WORD | NEXT_LETTER | NEXT_HEX)
#define LETTER (NEXT_WORD | NEXT_LETTER)

#define SIXTEEN(byte)                                                                              \
    (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte), (byte),        \
        (byte), (byte), (byte), (byte), (byte)
#define EVERYWHERE(byte)                                                                           \
    { SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte), SIXTEEN(byte) }

/* clang-format off */
const uint8_t simdinet_scan_neighbours[256] = {
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
    ['_'] = NEXT_WORD, ['.'] = NEXT_DOT, [':'] = NEXT_COLON, ['/'] = NEXT_SLASH,
    [' '] = NEXT_BLANK, ['\t'] = NEXT_BLANK, ['\r'] = NEXT_BLANK, ['\n'] = NEXT_BLANK,
    ['"'] = NEXT_BLANK, ['\''] = NEXT_BLANK, ['`'] = NEXT_BLANK,
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
    /* The high halves are 2 (-.), 3 (digits), 4 and 5 (capitals, _), 6 and 7 (small letters, ~). */
    .unreserved_low = {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50,
     0x50, 0x54, 0xd4, 0x70},
    .unreserved_high = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x00, 0x00, 0x00, 0x00,
     0x00, 0x00, 0x00, 0x00},
    .half = {SIXTEEN(15)},
    .terminator_clear = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
    .terminator_set = {[15] = '0'},
    .pack = {0, 4, 8, 12, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128},
};
/* clang-format on */
