/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The sets that the kernels look bytes up in, and the table of byte classes: the same data twice.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "kernels/scan.h"
#include "kernels/tables/scan_tables.h"

static bool has_class(int byte, unsigned classes) {
    return (simdinet_scan_classes[byte] & classes) != 0;
}

static bool is_unreserved(int byte) {
    return has_class(byte, CLASS_UNRESERVED);
}

static bool is_key_gap(int byte) {
    return has_class(byte, CLASS_KEY_GAP);
}

static bool is_service(int byte) {
    return has_class(byte, CLASS_LOWER | CLASS_DIGIT) || byte == '-';
}

static bool is_decimal_digit(int byte) {
    return has_class(byte, CLASS_DIGIT);
}

static bool is_word(int byte) {
    return has_class(byte, CLASS_WORD);
}

static bool is_parenthesis(int byte) {
    return byte == '(' || byte == ')' || has_class(byte, CLASS_LINE_END);
}

static bool is_semicolon(int byte) {
    return byte == ';';
}

static bool is_parameter(int byte) {
    return has_class(byte, CLASS_CSI);
}

static bool is_dotted(int byte) {
    return has_class(byte, CLASS_DIGIT | CLASS_DOT);
}

static bool may_precede_unspecified(int byte) {
    return has_class(byte, CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE) ||
           (byte && strchr("=([<tnr", byte));
}

static bool may_follow_unspecified(int byte) {
    return has_class(byte, CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE | CLASS_SLASH) ||
           (byte && strchr(",);>|]\\", byte));
}

Test(scan_tables, sets_are_classes) {
    static const struct {
        const char *name;
        const scan_set *set;
        bool (*contains)(int byte);
    } sets[] = {
        {"unreserved", &simdinet_scan_constants.unreserved, is_unreserved},
        {"key_gap", &simdinet_scan_constants.key_gap, is_key_gap},
        {"service", &simdinet_scan_constants.service, is_service},
        {"decimal", &simdinet_scan_constants.decimal, is_decimal_digit},
        {"word", &simdinet_scan_constants.word, is_word},
        {"parentheses", &simdinet_scan_constants.parentheses, is_parenthesis},
        {"semicolon", &simdinet_scan_constants.semicolon, is_semicolon},
        {"parameter", &simdinet_scan_constants.parameter, is_parameter},
        {"dotted", &simdinet_scan_constants.dotted, is_dotted},
        {"before_unspecified", &simdinet_scan_constants.before_unspecified,
         may_precede_unspecified},
        {"after_unspecified", &simdinet_scan_constants.after_unspecified, may_follow_unspecified},
    };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        for (int byte = 0; byte < 256; byte++) {
            const unsigned selected =
                byte < 128 ? simdinet_scan_constants.bit_of_high_nibble[byte >> 4] : 0;
            const bool found = (sets[i].set->by_low_nibble[byte & 15] & selected) != 0;
            cr_expect_eq(found, sets[i].contains(byte), "byte 0x%02x of %s", byte, sets[i].name);
        }
}

/* The classes of characters, as <ctype.h> has them in the C locale. */
Test(scan_tables, classes_of_characters) {
    for (int byte = 0; byte < 256; byte++) {
        const bool ascii = byte < 128, blank = byte == ' ' || byte == '\t';
        cr_expect_eq(has_class(byte, CLASS_DIGIT), ascii && isdigit(byte), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_HEX), ascii && isxdigit(byte), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_LETTER), ascii && isalpha(byte), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_LOWER), ascii && islower(byte), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_WORD), ascii && (isalnum(byte) || byte == '_'), "0x%02x",
                     byte);
        cr_expect_eq(has_class(byte, CLASS_UNRESERVED),
                     ascii && byte && (isalnum(byte) || strchr("-._~", byte)), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_CSI), ascii && byte && strchr("0123456789;:?", byte),
                     "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_BLANK), blank, "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_LINE_END), byte == '\r' || byte == '\n', "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_QUOTE), byte && strchr("\"'`", byte), "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_DOT), byte == '.', "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_COLON), byte == ':', "0x%02x", byte);
        cr_expect_eq(has_class(byte, CLASS_SLASH), byte == '/', "0x%02x", byte);
    }
}
