# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What anonymize makes of dotted runs that are not one address: every four consecutive octets may be one."""
import re

RULES = ("dotted-run", "invalid-ipv4")
MAX_OCTETS = 31


def sequences(text, start):
    """The end of the run at start, and its sequences of octets: each a list of (start, end, octet)."""
    found, octets, end = [], [], start
    while number := re.compile(rb"[0-9]+" if end == start else rb"\.[0-9]+").match(text, end):
        first, end = end + number[0].startswith(b"."), number.end()
        if end - first <= 3 and int(text[first:end]) < 256:
            octets.append((first, end, int(text[first:end])))
        else:
            found, octets = found + [octets], []
    return end, found + [octets]


def windows(sequence):
    return [sequence[i:i + 4] for i in range(len(sequence) - 3)]


def address_of(quad):
    return ".".join(str(octet) for _, _, octet in quad)


def rewrite_run(text, start, new, keyed):
    """The end of the run at start, its new text, and the addresses that were replaced; new() is that of an address."""
    run_end, found = sequences(text, start)
    changes, replaced = [], []
    for sequence in found:
        if keyed:
            first = max(0, (len(sequence) - MAX_OCTETS + 3) // 4 * 4)  # where fewer numbers are left
            last = first + (len(sequence) - first) % 4
            if first:
                changes += [(start, end, b"0") for start, end, _ in sequence[first:last]]
            for i in [*range(0, first, 4), *range(last, len(sequence), 4)]:
                quad = sequence[i:i + 4]
                replaced.append(address_of(quad))
                changes.append((quad[0][0], quad[3][1], new(address_of(quad)).encode()))
            continue
        kept = {}  # of each number, the bits that are left in every window
        for window in windows(sequence):
            replaced.append(address_of(window))
            for (first, end, octet), left in zip(window, new(address_of(window)).split(".")):
                kept[first, end] = kept.get((first, end), octet) & int(left)
        changes += [(first, end, str(octet).encode()) for (first, end), octet in kept.items() if octet != int(text[first:end])]
    parts, at = [], start
    for first, end, number in sorted(changes):
        parts += [text[at:first], number]
        at = end
    return run_end, b"".join(parts) + text[at:run_end], replaced
