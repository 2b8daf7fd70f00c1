# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The names of reverse DNS in a text, and 32 nibbles below another zone, as anonymize finds them, by regular expressions."""
import ipaddress
import re

OCTET = rb"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
NAMES = re.compile(rb"(?:(?<![0-9%])(?<![0-9]\.)((?:" + OCTET + rb"\.){4})in-addr\.arpa(?![a-z0-9_-])"
                   rb"|(?<![^a-z0-9_-][0-9a-f]\.)(?<!^[0-9a-f]\.)((?:[0-9a-f]\.){32})(?=[a-z0-9_-]{2}))", re.IGNORECASE)


def find_names(text):
    """(start, end, address) of each, without the zone and its dot."""
    for name in NAMES.finditer(text):
        labels = (name[1] or name[2])[:-1].decode().split(".")[::-1]
        address = (ipaddress.IPv4Address(bytes(map(int, labels))) if name[1]
                   else ipaddress.IPv6Address(bytes.fromhex("".join(labels))))
        yield name.start(), name.start() + len(name[1] or name[2]) - 1, address


def labels_of(address):
    """What stands before the zone."""
    return ipaddress.ip_address(str(address)).reverse_pointer.rsplit(".", 2)[0].encode()
