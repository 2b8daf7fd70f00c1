#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes format_tables.c to standard output."""
import sys

sys.dont_write_bytecode = True # no __pycache__ in the source tree
import emit


def longest_run(zero):
    """Start and length of the longest run of at least two zero groups; the first wins a tie."""
    start, length = 0, 0
    for first in range(8):
        last = first
        while last < 8 and zero >> last & 1:
            last += 1
        if last - first >= 2 and last - first > length:
            start, length = first, last - first
    return start, length


def group_roles(zero):
    """The form of each group: 'text', 'colon' (one separator only) or 'nothing'."""
    start, length = longest_run(zero)
    roles = ["text"] * 8
    if length:
        for group in range(start, start + length):
            roles[group] = "nothing"
        # The group before the "::" has its own colon; a "::" at the start has both of its own.
        # The separator of group 7 is the NUL, so it remains even if the "::" ends the text.
        roles[start] = "colon"
        if start == 0:
            roles[1] = "colon"
        if start + length == 8:
            roles[7] = "colon"
    return roles


def fragment(text):
    digits = text.rstrip(":.")
    codes = [ord(c) for c in text.ljust(4, "\0")]
    return [codes, len(text), 0, [ord(digits[-1]) if digits else 0, 0]]


def fragments():
    yield fragment("")
    yield fragment(":")
    for value in range(256):
        yield fragment("%x:" % value)
    for value in range(256):
        yield fragment("%02x:" % value)
    for value in range(256):
        yield fragment("%x" % value if value else "")
    for value in range(256):
        yield fragment("%d." % value)


def zero_codes():
    for index in range(512):
        roles = group_roles(index & 255)
        codes = [{"text": 0, "colon": 1, "nothing": 2}[role] for role in roles]
        if is_dotted(index):
            codes[6:] = [3, 3]
        yield codes


def is_dotted(index):
    """Bits 0 to 7 of the index: which groups are zero; bit 8: group 5 is ffff."""
    start, length = longest_run(index & 255)
    return start == 0 and (length == 6 or length == 5 and index >> 8 == 1)


def octet_texts():
    """Source bytes in each octet's lane: ones 0, tens 1, hundreds 2, dot 3; 0x80 gives the NUL."""
    for index in range(256):
        text = []
        for octet in range(4):
            tens, hundreds = index >> 2 * octet & 1, index >> (2 * octet + 1) & 1
            text += [4 * octet + 2] * hundreds + [4 * octet + 1] * tens
            text += [4 * octet, 4 * octet + 3]
        yield text[:-1] + [0x80]


def octet_shuffles():
    for text in octet_texts():
        yield text[:8] + text[-8:]


def octet_ends():
    for text in octet_texts():
        yield [0x80] * (16 - len(text)) + text


def octet_heads():
    for index, text in enumerate(octet_texts()):
        yield text[:-1] + [15] + [0x80] * (16 - len(text))


def pair_texts():
    """Source bytes for two groups, of digits in the order 0 2 4 6 1 3 5 7."""
    for index in range(256):
        text = []
        for group in range(2):
            positions = [2 * group, 4 + 2 * group, 2 * group + 1, 5 + 2 * group]
            bits = [index >> position & 1 for position in positions]
            if bits[3]:
                text += positions[bits.index(1):]
            if bits[3] or bits[0]:
                text.append(8 + group)
        yield text


def pair_shuffles():
    for text in pair_texts():
        yield text + [0x80] * (16 - len(text))


def pair_ends():
    for text in pair_texts():
        yield [0x80] * (16 - len(text)) + text


def windows():
    yield from [0x80] * 80 + [*range(15)] + [0x80] * 33


def narrow_runs():
    for run in wide_runs():
        groups, separators = 0, 0
        for group in range(8):
            positions = run >> 5 * group & 31
            first = 8 * (group // 2) + 2 * (group % 2)
            if positions & 8:
                groups |= 0x33 << first
            elif positions & 16:
                separators |= 1 << first
        if not run >> 40 & 0xFFFF and not groups >> 24 & 0x80:
            separators |= 1 << 26
        yield [[groups & 0xFFFF, groups >> 16], [separators & 0xFFFF, separators >> 16]]


def wide_runs():
    for index in range(512):
        roles = group_roles(index & 255)
        dotted = is_dotted(index)
        run = 0
        for group in range(6 if dotted else 8):
            if roles[group] == "text":
                run |= 0x1F << 5 * group
            elif roles[group] == "colon":
                run |= 0x10 << 5 * group
        run &= ~(1 << 39)
        if dotted:
            run |= 0x7FFF << 40
        yield run | 1 << 56


def wide():
    """Positions 0..39 are eight groups of four nibbles and a colon, 40..55 four octets and dots."""
    source, shift, value, constant, threshold, hole, digit = ([0] * 64 for _ in range(7))
    threshold[56:] = [255] * 8
    digit[:] = [3] * 64  # always 0: the byte above the hundreds
    for word in range(8):
        taken = []
        for position in range(8 * word, min(8 * word + 8, 56)):
            hole[position] = 0xFF
            if position < 40:
                group, column = divmod(position, 5)
                byte = 2 * group + (column > 1)
                bits = 4 if column in (0, 2) else 0
                value[position] = 0x0F
                threshold[position] = 1 if column < 3 else 0
            else:
                octet, column = divmod(position - 40, 4)
                byte, bits = 12 + octet, 0
                value[position] = 0xFF
                threshold[position] = [100, 10, 0, 0][column]
                if column < 3:
                    hole[position] = 0
                    digit[position] = 4 * octet + 2 - column
            if column == (4 if position < 40 else 3):
                value[position] = 0
                constant[position] = 16 if position < 40 else 17
                continue
            if byte not in taken:
                taken.append(byte)
            shift[position] = 8 * taken.index(byte) + bits
        for index, byte in enumerate(taken):
            source[8 * word + index] = byte
    characters = [ord(c) for c in "0123456789abcdef:."] + [0] * 46
    return [source, shift, value, constant, threshold, digit, hole, characters]


def main():
    emit.begin("format_tables")
    emit.table("const simdinet_format_fragment simdinet_format_fragments[SIMDINET_FORMAT_FRAGMENTS]", fragments())
    emit.table("const uint8_t simdinet_format_zero_codes[512][8]", zero_codes())
    emit.table("const uint8_t simdinet_format_octet_shuffles[256][16]", octet_shuffles())
    emit.table("const uint8_t simdinet_format_octet_heads[256][16]", octet_heads())
    emit.table("const uint8_t simdinet_format_pair_shuffles[256][16]", pair_shuffles())
    emit.table("const uint8_t simdinet_format_pair_lengths[256]", map(len, pair_texts()))
    emit.table("const uint8_t simdinet_format_ends[512][16]", [*pair_ends(), *octet_ends()])
    emit.table("const uint8_t simdinet_format_windows[128]", windows())
    emit.table("const simdinet_format_run simdinet_format_runs[512]", narrow_runs(), "0x%x")
    emit.table("const uint64_t simdinet_format_wide_runs[512]", wide_runs(), "0x%xu")
    emit.table("const simdinet_format_wide_frame simdinet_format_wide", wide())


main()
