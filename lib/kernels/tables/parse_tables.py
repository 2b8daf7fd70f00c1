#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes parse_tables.c to standard output; parse_tables.h describes the tables."""

import sys
from itertools import product

sys.dont_write_bytecode = True # no __pycache__ in the source tree
import emit

# Found by trying random odd and even numbers; perfect() proves each of them on every run.
WHOLE_MULTIPLIER = 0xD6AF10D1
SPLIT_MULTIPLIER = 0x5B57F813
COLUMN_MULTIPLIER = 0xA42398DF
TOKEN_MULTIPLIER = 0xD2CA3542
SCAN_MULTIPLIER = 0x3FF5A765

IPV4_NO_SLOT = 63

NONE = 0x80  # a shuffle index that yields a zero byte
REFUSED = 0xFF  # a number of colons that no text has


def perfect(rows, multiplier, bits):
    """Orders (key, row) by the hash of the key; no two keys may share a slot."""
    slots = {(key * multiplier & 0xFFFFFFFF) >> (32 - bits): (key, row) for key, row in rows}
    assert len(slots) == len(rows)
    return sorted(slots.items())


def biased(number):
    """The signed number with the order of the unsigned one."""
    return number - 2**31


def ipv4_layout(widths, source, terminated):
    """Shuffle, low and range of one layout; source maps an offset in the text to one in the load."""
    # The digits of the least and the greatest octet of a width, ones first, '.' XOR '0' on top.
    least = {1: 0x000000, 2: 0x000100, 3: 0x010000}
    greatest = {1: 0x000009, 2: 0x000909, 3: 0x020505}
    shuffle, low, limits = [], [], []
    at = 0
    for octet, width in enumerate(widths):
        end = at + width
        shuffle += [source(end - 1 - k) if k < width else NONE for k in range(3)]
        if octet < 3:
            shuffle.append(source(end))
            delimiter = ord('.') ^ ord('0')
        else:
            shuffle.append(source(end) if terminated else NONE)
            delimiter = ord('0') if terminated else 0
        low.append(biased((delimiter << 24) + least[width]))
        limits.append(biased(greatest[width] - least[width]))
        at = end + 1
    return shuffle, low, limits


def ipv4_fields(widths, source):
    """Shuffle, low and range of the bytes of one layout, whose text ends after its last octet."""
    shuffle, low, limits = [], [], []
    at = 0
    for octet, width in enumerate(widths):
        end = at + width
        for k in range(3):
            shuffle.append(source(end - 1 - k) if k < width else NONE)
            leading = k == width - 1 and width > 1
            low.append(1 if leading else 0)
            limits.append(0 if k >= width else 1 if k == 2 else 8 if leading else 9)
        shuffle.append(source(end) if octet < 3 else NONE)
        low.append(ord('.') ^ ord('0') if octet < 3 else 0)
        limits.append(0)
        at = end + 1
    return shuffle, low, limits


def ipv4_whole():
    rows = []
    for widths in product((1, 2, 3), repeat=4):
        ends = [sum(widths[:i + 1]) + i for i in range(4)]
        rows.append((sum(1 << end for end in ends),
                     (*ipv4_layout(widths, lambda at: at, True), ends[3])))
    return perfect(rows, WHOLE_MULTIPLIER, 8)


def ipv4_scan():
    # The first dot is byte 3. Of the bytes before the first octet none matters, so a text has as many
    # keys as those bytes have values.
    rows = []
    first = 3
    for widths in product((1, 2, 3), repeat=4):
        start = first - widths[0]
        ends = [start + sum(widths[:i + 1]) + i for i in range(4)]
        shuffle, low, _ = ipv4_layout(widths, lambda at, start=start: start + at, False)
        head = sum(widths) + 3 | 4 << 16 | 1 << 24
        for before in range(2 if widths[0] == 1 else 1):
            key = sum(1 << end for end in ends)
            key |= {3: 0, 2: 1, 1: 2 + before}[widths[0]]
            rows.append((key, (shuffle, low, head)))
    assert SCAN_MULTIPLIER % 4 == 1  # the lowest two bits of a key stay what they are
    slots = perfect(rows, SCAN_MULTIPLIER, 8)
    return [(slot, (key * SCAN_MULTIPLIER & 0xFFFFFFFF, row)) for slot, (key, row) in slots]


def split_layouts():
    """Widths, length, key, and source of every layout that is loaded as eight bytes twice."""
    for widths in product((1, 2, 3), repeat=4):
        length = sum(widths) + 3
        if length < 8:
            continue

        def source(at, length=length):
            return at if at < 8 else at - (length - 8) + 8

        dots = [sum(widths[:i + 1]) + i for i in range(3)]
        mask = sum(1 << dot for dot in dots)
        yield widths, length, (mask & 0xFF) | (mask >> (length - 8)) << 8, source


def ipv4_split():
    return perfect([(key, (*ipv4_layout(widths, source, False), length))
                    for widths, length, key, source in split_layouts()], SPLIT_MULTIPLIER, 8)


def ipv4_column():
    """64 entries for each length from 8 to 15."""
    slots = ['NO_LAYOUT'] * 512
    for wanted in range(8, 16):
        rows = [(key, ipv4_fields(widths, source))
                for widths, length, key, source in split_layouts() if length == wanted]
        for slot, (_, row) in perfect(rows, COLUMN_MULTIPLIER, 6):
            slots[64 * (wanted - 8) + slot] = emit.braces(row)
    assert slots[IPV4_NO_SLOT] == 'NO_LAYOUT'
    return slots


def ipv6_tokens():
    rows = []
    for widths in product(range(5), repeat=3):
        shuffle, key, at = [], 0, 0
        for width in widths:
            end = at + width
            shuffle += [end - 4 + k if k >= 4 - width else NONE for k in range(4)]
            key |= 2 << end
            at = end + 1
        rows.append((key, shuffle))
    rows = perfect(rows, TOKEN_MULTIPLIER, 9)
    if rows[0][0] != 0:
        # A key of 0 is a text without a delimiter, and must not equal the 0 of an unused slot.
        rows.insert(0, (0, (REFUSED, [NONE] * 12)))
    return rows


# The index of token 0, 1, ... 7 in the two vectors of eight tokens.
POSITIONS = [0, 1, 2, 4, 5, 6, 3, 7]


def ipv6_order(head, count):
    """Shuffle and number of colons of a text of count groups, head of them before the "::"."""
    if head > count != 8 or head <= count == 8:
        return [NONE] * 16, REFUSED
    if count == 8:
        tokens, colons = list(range(8)), 7
    else:
        # A "::" at the start has an empty token before it; of nine tokens that one is skipped.
        after = head + 1 if head or count == 7 else 2
        tokens = list(range(head)) + [None] * (8 - count)
        tokens += [after + k for k in range(count - head)]
        colons = count + (head == 0) + (head == count)
    row = []
    for token in tokens:
        row += [NONE] * 2 if token is None else [2 * POSITIONS[token], 2 * POSITIONS[token] + 1]
    return row, colons


def groups(head, colons):
    """The token of each of the eight groups, None inside the "::"; or None if no text has these
    colons. Tokens, the texts between colons, are counted from 0."""
    if head == colons:
        return list(range(8)) if colons == 7 else None
    if colons < 2 or colons > 8 or head > colons - 2:
        return None
    if colons == 8:
        if head == 0:
            return [None] + list(range(2, 9))
        if head == 6:
            return list(range(7)) + [None]
        return None
    before, after = head + 1, colons - 1 - head
    return (list(range(before)) + [None] * (8 - before - after) +
            list(range(colons + 1 - after, colons + 1)))


def ipv6_spread(head, colons):
    """end, begin, range: four bytes a group each."""
    tokens = groups(head, colons)
    outside = 31  # beyond the colons of any address: the position there is -1
    if tokens is None:
        # Digit 3 is one byte before the colon, which is 255.
        return [[outside] * 32, [outside] * 32, [0] * 32]
    end, begin, most = [], [], []
    for group, token in enumerate(tokens):
        ends, begins, limits = outside, outside, [255] * 4
        if token is not None:
            ends, begins = token, token - 1 if token else outside
            # A group next to the "::" may be empty: then the text begins or ends with "::".
            beside = head != colons and colons < 8 and token in (head, head + 2)
            limits = [255, 255, 255, 4] if beside else [255, 255, 3, 255]
        elif colons == 8:
            # In "::2:3:4:5:6:7:8" and "1:2:3:4:5:6:7::" the "::" has a token that must be empty.
            edge = {(0, 0): 0, (6, 7): 8}[(head, group)]
            ends, begins, limits = edge, edge - 1 if edge else outside, [255, 255, 255, 0]
        end += [ends] * 4
        begin += [begins] * 4
        most += limits
    return [end, begin, most]


def hex_values():
    values = [int(chr(c), 16) if chr(c) in '0123456789abcdefABCDEF' else 0x80 for c in range(128)]
    values[ord(':')] = 0
    return values


def in_slots(rows):
    """Rows of (slot, (key, row)) with their designators, the key after the vectors of the row."""
    for slot, (key, (*vectors, last)) in rows:
        yield f'[{slot}]=' + emit.braces([*vectors, key, last])


def main():
    emit.begin('parse_tables')
    print()
    for name in ('WHOLE', 'SPLIT', 'COLUMN', 'TOKEN', 'SCAN'):
        value = globals()[f'{name}_MULTIPLIER']
        print(f'_Static_assert({name}_MULTIPLIER == 0x{value:08x}u, "the table is made for it");')
    print(f'_Static_assert(IPV4_NO_SLOT == {IPV4_NO_SLOT}u, "the table is made for it");')
    emit.table('const ipv4_constants simdinet_ipv4_constants', [
        [ord('0')] * 16, [0x7F - 9] * 16, [1, 10, 100, 0] * 4, [1] * 8, [0, 4, 8, 12] * 4])
    emit.table('const ipv4_layout simdinet_ipv4_whole[256]', in_slots(ipv4_whole()))
    emit.table('const ipv4_layout simdinet_ipv4_split[256]', in_slots(ipv4_split()))
    print(f'\n/* No byte is in its range. */\n#define NO_LAYOUT {emit.braces([[NONE] * 16, [1] * 16, [0] * 16])}')
    emit.table('const ipv4_fields simdinet_ipv4_column[512]', ipv4_column())
    emit.table('const block_lengths simdinet_block_lengths', [
        *([[least] * 8, [greatest - least] * 8, [4096 - size] * 8]
          for least, greatest, size in ((8, 15, 1), (7, 15, 16), (2, 45, 48), (2, 45, 64))),
        [IPV4_NO_SLOT] * 8, [4095] * 8, [1 << k for k in range(8)]])
    emit.table('const scan_layout simdinet_scan_layouts[256]', in_slots(ipv4_scan()))
    emit.table('const ipv6_tokens simdinet_ipv6_tokens[512]',
               (f'[{slot}]=' + emit.braces([shuffle, key]) for slot, (key, shuffle) in ipv6_tokens()))
    emit.table('const ipv6_order simdinet_ipv6_order[10][9]',
               [[ipv6_order(head, count) for count in range(9)] for head in range(10)])
    emit.table('const ipv6_spread simdinet_ipv6_spread[9][9]',
               [[ipv6_spread(head, colons) for colons in range(9)] for head in range(9)])
    emit.table('const ipv6_hex simdinet_ipv6_hex', [
        *([byte] * 32 for byte in (ord(':'), 0xDF, 256 - (ord('A') ^ ord('0') ^ 0x20), 9, 5, 10)),
        [16, 1] * 16])
    emit.table('const ipv6_constants simdinet_ipv6_constants', [
        hex_values(), range(64), [ord(':')] * 64, [ord('0')] * 64, [4, 3, 2, 1] * 8, [16, 1] * 16,
        [2 * k % 32 for k in range(32)]])


main()
