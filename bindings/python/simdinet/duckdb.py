# SPDX-License-Identifier: Apache-2.0 OR MIT
"""SQL functions for DuckDB; needs duckdb and pyarrow.

>>> import duckdb, simdinet.duckdb
>>> connection = duckdb.connect()
>>> simdinet.duckdb.register(connection)
>>> connection.execute("select ip_format(ip_parse('2001:DB8::1')), ip_truncate('192.0.2.77', 24, 48)").fetchone()
('2001:db8::1', '192.0.2.0')
"""
import duckdb
import pyarrow

from . import _simdinet, _text


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


def register(connection):
    """Adds the SQL functions to a connection. A NULL, and text that is not an address, gives NULL.

    - ip_parse(text): 4 or 16 bytes, BLOB
    - ip_format(BLOB): the text
    - ip_is_valid(text): BOOLEAN
    - ip_truncate(text, ipv4, ipv6): the text with the bits past a prefix length cleared
    - ip_class(text): the names of the classes, joined with commas
    - ip_extract(text): the addresses in a text, a list
    """
    functions = {
        "ip_parse": (_parse, ["VARCHAR"], "BLOB"),
        "ip_format": (lambda blobs: pyarrow.array(_simdinet.format(blobs)), ["BLOB"], "VARCHAR"),
        "ip_is_valid": (lambda texts: pyarrow.array(_simdinet.is_ip(texts)), ["VARCHAR"], "BOOLEAN"),
        "ip_truncate": (_truncate, ["VARCHAR", "INTEGER", "INTEGER"], "VARCHAR"),
        "ip_class": (lambda texts: pyarrow.array(_text.class_names(texts), pyarrow.string()), ["VARCHAR"], "VARCHAR"),
        "ip_extract": (_extract, ["VARCHAR"], "VARCHAR[]"),
    }
    for name, (function, parameters, result) in functions.items():
        connection.create_function(name, function, [duckdb.sqltype(kind) for kind in parameters],
                                   duckdb.sqltype(result), type="arrow", null_handling="special")
