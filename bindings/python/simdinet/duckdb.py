# SPDX-License-Identifier: Apache-2.0 OR MIT
"""SQL functions for DuckDB; needs duckdb and pyarrow.

>>> import duckdb, simdinet.duckdb
>>> connection = duckdb.connect()
>>> simdinet.duckdb.register(connection)
>>> connection.execute("select ip_format(ip_parse('2001:DB8::1')), ip_truncate('192.0.2.77', 24, 48)").fetchone()
('2001:db8::1', '192.0.2.0')
"""
import functools

import duckdb
import pyarrow

from . import _simdinet, _text
from ._networks import networks as _simdinet_networks


def _parse(texts):
    """4 or 16 bytes, as BLOB."""
    both = _simdinet.parse_mixed(texts)
    result = [None if value is None else value if ipv6 else value[12:] for value, ipv6 in zip(both, both.families)]
    return pyarrow.array(result, pyarrow.binary())


def _per_value(texts, others, function):
    """Calls a function for the rows of each distinct value of the other columns, which are constants as a rule."""
    keys = list(zip(*(column.to_pylist() for column in others)))
    rows = {}
    for i, key in enumerate(keys):
        rows.setdefault(key, []).append(i)
    if len(rows) == 1:
        return pyarrow.array(function(texts, *keys[0]))
    result = [None] * len(keys)
    for key, indices in rows.items():
        part = function(texts.take(pyarrow.array(indices)), *key)
        for i, value in zip(indices, part):
            result[i] = value
    return result


def _truncate(texts, ipv4, ipv6):
    def truncate(part, length4, length6):
        if length4 is None or length6 is None:
            return pyarrow.nulls(len(part), pyarrow.string())
        return _text.truncate(part, length4, length6)
    return pyarrow.array(_per_value(texts, (ipv4, ipv6), truncate), pyarrow.string())


def _extract(texts):
    result = []
    for found, text in zip(_simdinet.scan_lines(texts), texts.to_pylist()):
        if found is None:
            result.append(None)
            continue
        data = text.encode()
        result.append([data[match["offset"]:match["offset"] + match["length"]].decode() for match in found])
    return pyarrow.array(result, pyarrow.list_(pyarrow.string()))


@functools.lru_cache(maxsize=64)
def _networks_of(text):
    return _simdinet_networks([part.strip() for part in text.split(",")])


def _is_in(texts, lists):
    def is_in(part, networks):
        return pyarrow.nulls(len(part), pyarrow.bool_()) if networks is None else _networks_of(networks).contains(part)
    return pyarrow.array(_per_value(texts, (lists,), is_in), pyarrow.bool_())


def _lookup(tables, texts, names):
    def look_up(part, name):
        if name is None:
            return pyarrow.nulls(len(part), pyarrow.string())
        if name not in tables:
            raise ValueError(f"no networks are registered as '{name}'")
        networks = tables[name]
        values = networks.values or list(networks)
        return [None if i is None else str(values[i]) for i in networks.lookup(part).to_pylist()]
    return pyarrow.array(_per_value(texts, (names,), look_up), pyarrow.string())


def register(connection, networks=None):
    """Adds the SQL functions to a connection. A NULL, and text that is not an address, gives NULL. networks is a dict of
    names to simdinet.Networks, for ip_lookup.

    - ip_parse(text): 4 or 16 bytes, BLOB
    - ip_format(BLOB): the text
    - ip_is_valid(text): BOOLEAN
    - ip_truncate(text, ipv4, ipv6): the text with the bits past a prefix length cleared
    - ip_class(text): the names of the classes, joined with commas
    - ip_in(text, networks): BOOLEAN, whether one of the networks, joined with commas, contains the address
    - ip_lookup(text, name): the value, as text, of the longest network of networks[name] that contains the address; of
      networks without values, the network
    - ip_extract(text): the addresses in a text, a list
    """
    functions = {
        "ip_parse": (_parse, ["VARCHAR"], "BLOB"),
        "ip_format": (lambda blobs: pyarrow.array(_simdinet.format(blobs)), ["BLOB"], "VARCHAR"),
        "ip_is_valid": (lambda texts: pyarrow.array(_simdinet.is_ip(texts)), ["VARCHAR"], "BOOLEAN"),
        "ip_truncate": (_truncate, ["VARCHAR", "INTEGER", "INTEGER"], "VARCHAR"),
        "ip_class": (lambda texts: pyarrow.array(_text.class_names(texts), pyarrow.string()), ["VARCHAR"], "VARCHAR"),
        "ip_in": (_is_in, ["VARCHAR", "VARCHAR"], "BOOLEAN"),
        "ip_lookup": (functools.partial(_lookup, dict(networks or {})), ["VARCHAR", "VARCHAR"], "VARCHAR"),
        "ip_extract": (_extract, ["VARCHAR"], "VARCHAR[]"),
    }
    for name, (function, parameters, result) in functions.items():
        connection.create_function(name, function, [duckdb.sqltype(kind) for kind in parameters],
                                   duckdb.sqltype(result), type="arrow", null_handling="special")
