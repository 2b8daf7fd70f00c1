# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Operations on columns of text that pandas, Polars and DuckDB have as methods or functions."""
from . import _simdinet

_CLASSES = [1 << i for i in range(19)]


def canonical(column):
    """The canonical text of each address; null where a text is not one."""
    return _simdinet.format(_simdinet.parse_mixed(column))


def truncate(column, ipv4=24, ipv6=48):
    """The text of each address with the bits past a prefix length cleared."""
    return _simdinet.format(_simdinet.truncate(column, ipv4=ipv4, ipv6=ipv6))


def class_names(column):
    """The names of the classes of each address, joined with commas: "private", "mapped,loopback"."""
    names = {None: None}
    result = []
    for classes in _simdinet.classify(column).to_pylist():
        if classes not in names:
            names[classes] = ",".join(_simdinet.class_name(bit) for bit in _CLASSES if classes & bit)
        result.append(names[classes])
    return result


def lookup(networks, column):
    """The value of the longest network that contains each address; its index if the networks have no values."""
    indices = networks.lookup(column)
    values = networks.values
    return indices if values is None else [None if i is None else values[i] for i in indices.to_pylist()]
