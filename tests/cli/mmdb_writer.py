# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes MaxMind databases: https://maxmind.github.io/MaxMind-DB/, version 2.0."""
import ipaddress
import struct

UTF8, DOUBLE, BYTES, UINT16, UINT32, MAP, INT32, UINT64, UINT128, ARRAY, BOOLEAN, FLOAT = 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15
UNSIGNED = {UINT16: 2, UINT32: 4, UINT64: 8, UINT128: 16}
MARKER = b"\xab\xcd\xefMaxMind.com"


class Value:
    """A value whose type does not follow from Python's."""
    def __init__(self, kind, value):
        self.kind, self.value = kind, value


class Pairs:
    """A map whose keys are of any type, which the format forbids."""
    def __init__(self, *pairs):
        self.pairs = pairs


class Pointer:
    """Stands for the value at an offset of the data."""
    def __init__(self, offset):
        self.offset = offset


def _control(kind, size):
    """The bytes before a value: its type, and the size of what follows."""
    extra = b""
    if size >= 65821:
        size, extra = 31, struct.pack(">I", size - 65821)[1:]
    elif size >= 285:
        size, extra = 30, struct.pack(">H", size - 285)
    elif size >= 29:
        size, extra = 29, bytes([size - 29])
    return (bytes([kind << 5 | size]) if kind <= 7 else bytes([size, kind - 7])) + extra


def encode(value):
    if isinstance(value, Pointer):
        return b"\x38" + struct.pack(">I", value.offset)
    if isinstance(value, dict):
        return _control(MAP, len(value)) + b"".join(encode(key) + encode(item) for key, item in value.items())
    if isinstance(value, Pairs):
        return _control(MAP, len(value.pairs)) + b"".join(encode(key) + encode(item) for key, item in value.pairs)
    if isinstance(value, list):
        return _control(ARRAY, len(value)) + b"".join(map(encode, value))
    if isinstance(value, bool):
        return _control(BOOLEAN, int(value))
    if isinstance(value, str):
        return _control(UTF8, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return _control(BYTES, len(value)) + value
    if isinstance(value, float):
        return _control(DOUBLE, 8) + struct.pack(">d", value)
    if isinstance(value, int):
        value = Value(UINT32, value)
    if value.kind == FLOAT:
        return _control(FLOAT, 4) + struct.pack(">f", value.value)
    if value.kind == INT32:
        return _control(INT32, 4) + struct.pack(">i", value.value)
    return _control(value.kind, UNSIGNED[value.kind]) + value.value.to_bytes(UNSIGNED[value.kind], "big")


def _insert(tree, network, width, record):
    """Puts a record under the bits of a network; longer networks must come later."""
    address = int(network.network_address)
    length = network.prefixlen + (width - network.max_prefixlen)
    node = 0
    for bit in range(length):
        side = address >> (width - 1 - bit) & 1
        if bit == length - 1:
            tree[node][side] = ("data", record)
        elif not isinstance(tree[node][side], int):
            tree.append([tree[node][side]] * 2) # inherits the record of the shorter network
            tree[node][side] = len(tree) - 1
            node = len(tree) - 1
        else:
            node = tree[node][side]


def database(networks, ip_version=6, record_size=28, kind="Test"):
    """networks: pairs of text and value. IPv4 networks of a database of IPv6 are in ::/96."""
    width = 32 if ip_version == 4 else 128
    tree, data, offsets = [[None, None]], b"", {}
    parsed = [(ipaddress.ip_network(text), encode(value)) for text, value in networks]
    for network, value in sorted(parsed, key=lambda pair: pair[0].prefixlen + (width - pair[0].max_prefixlen)):
        if value not in offsets:
            offsets[value] = len(data)
            data += value
        _insert(tree, network, width, offsets[value])

    def number(record):
        if record is None:
            return len(tree)
        return record if isinstance(record, int) else len(tree) + 16 + record[1]

    nodes = b""
    for left, right in tree:
        left, right = number(left), number(right)
        if record_size == 28:
            nodes += struct.pack(">I", left)[1:] + bytes([left >> 24 << 4 | right >> 24]) + struct.pack(">I", right)[1:]
        else:
            nodes += b"".join(record.to_bytes(record_size // 8, "big") for record in (left, right))
    metadata = {"binary_format_major_version": Value(UINT16, 2), "binary_format_minor_version": Value(UINT16, 0),
                "build_epoch": Value(UINT64, 1700000000), "database_type": kind, "description": {"en": kind},
                "ip_version": Value(UINT16, ip_version), "languages": ["en"], "node_count": len(tree),
                "record_size": Value(UINT16, record_size)}
    return nodes + bytes(16) + data + MARKER + encode(metadata)
