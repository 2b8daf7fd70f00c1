# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What anonymize finds beside what the scan does: IPv6 addresses with percent-encoded colons, four numbers before a label,
and nine groups of which the first one may be a line number."""
import ipaddress
import re

COLON = re.compile(rb"%3a", re.IGNORECASE)
BEFORE = re.compile(rb"(?:%[0-9a-f]{2})?([0-9a-f]{0,4})$", re.IGNORECASE)
GROUPS = re.compile(rb"(?:[0-9a-f]{0,4}%3a)+([0-9a-f.]*)", re.IGNORECASE)
NUMBERS = re.compile(rb"[0-9]{1,3}(?![0-9])(?:\.[0-9]{1,3}(?![0-9])){3,4}")
LINE_NUMBER = re.compile(rb"[0-9]{1,4}:([23f][0-9a-f]{3}(?::[0-9a-f]{1,4}){7})(?![0-9a-f])", re.IGNORECASE)
BEFORE_LABEL = re.compile(rb"\.[a-z]", re.IGNORECASE)


def find_escaped(text):
    """(start, end, address, the first colon) of each."""
    at = 0
    for colon in COLON.finditer(text):
        if colon.start() < at:
            continue
        start = colon.start() - len(BEFORE.search(text[max(0, colon.start() - 7):colon.start()])[1])
        if start < at:
            continue
        for end in range(start + 60, start, -1):
            plain = COLON.sub(b":", text[start:end]).decode("latin1")
            if is_end_of_group(text, start, end) and stands_out(plain):
                try:
                    address = ipaddress.IPv6Address(plain)
                except ValueError:
                    continue
                yield start, end, address, colon[0]
                at = end
                break


def is_end_of_group(text, start, end):
    """Whether groups end there: after as many digits as there are, up to four; after four numbers, but not before a dot of
    four or more."""
    groups = GROUPS.fullmatch(text, start, end)
    if not groups:
        return False
    last = groups[1]
    numbers = NUMBERS.match(text, end - len(last))
    if numbers:
        return not last or (numbers.end() == end and last.count(b".") == 3)
    return b"." not in last and len(last) == min(4, len(re.match(rb"[0-9a-f]*", text[end - len(last):end + 5], re.IGNORECASE)[0]))


def stands_out(plain):
    return re.search("[0-9a-fA-F]{3}", plain) or (plain.count(":") == 7 and "::" not in plain)


def put_escaped(text, start, end, colon, address):
    """What is written in place of text[start:end]."""
    plain = str(address)
    if COLON.match(text, end) or COLON.fullmatch(text[max(0, start - 3):start]):
        plain = ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":")) if "." not in plain else plain
    return plain.encode().replace(b":", colon)


def both_orders(address, new):
    """What is left of four numbers that may be an address in either order, and the addresses; new() is that of one."""
    orders = [str(address), ".".join(reversed(str(address).split(".")))]
    left = [int(ipaddress.IPv4Address(str(new(order)))) for order in orders]
    backwards = int.from_bytes(left[1].to_bytes(4, "big")[::-1], "big")
    return str(ipaddress.IPv4Address(left[0] & backwards)), orders


def after_line_number(text, start, end):
    """Where the address is of a match text[start:end] that may begin with a line number, and end before a port."""
    groups = LINE_NUMBER.match(text, start)
    return groups.span(1) if groups and text[end:end + 1] == b":" and text[start:end].count(b":") == 7 else (start, end)
