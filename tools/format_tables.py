#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes lib/kernels/format_tables.c to standard output."""


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
    """What each group turns into: 'text', 'colon' (one separator only) or 'nothing'."""
    start, length = longest_run(zero)
    roles = ["text"] * 8
    if length:
        for group in range(start, start + length):
            roles[group] = "nothing"
        # The group before the gap brings its own colon; a gap at the start needs both from within.
        # The separator of group 7 is the NUL, so it stays even where the gap reaches the end.
        roles[start] = "colon"
        if start == 0:
            roles[1] = "colon"
        if start + length == 8:
            roles[7] = "colon"
        if start == 0 and length == 2:
            roles[1] = "colon"
    return roles


def piece(text, length=None):
    length = len(text) if length is None else length
    digits = text.rstrip(":.")
    codes = [ord(c) for c in text.ljust(4, "\0")]
    return codes + [length, 0, ord(digits[-1]) if digits else 0, 0]


def pieces():
    yield piece("")
    yield piece(":")
    for value in range(256):
        yield piece("%x:" % value)
    for value in range(256):
        yield piece("%02x:" % value)
    for value in range(256):
        yield piece("%x" % value if value else "")
    for value in range(256):
        yield piece("%d." % value)


def gap_codes():
    for zero in range(256):
        yield [{"text": 0, "colon": 1, "nothing": 2}[role] for role in group_roles(zero)]
    # ::ffff:a.b.c.d, whatever groups 6 and 7 hold
    yield [1, 1, 2, 2, 2, 0, 0, 0]


def emit(declaration, rows, form="%d"):
    print("\n" + declaration + " = {")
    for row in rows:
        print("    " + row_text(row, form) + ",")
    print("};")


def row_text(row, form):
    if isinstance(row, int):
        return form % row
    return "{" + ", ".join(row_text(part, form) for part in row) + "}"


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 OR MIT */")
    print("/* Written by tools/format_tables.py; the meaning of each table stands in the header. */")
    print("/* clang-format off */")
    print('#include "format_tables.h"')
    rows = [[row[:4]] + row[4:6] + [row[6:]] for row in pieces()]
    emit("const simdinet_format_piece simdinet_format_pieces[SIMDINET_FORMAT_PIECES]", rows)
    emit("const uint8_t simdinet_format_gap_codes[257][8]", gap_codes())


main()
