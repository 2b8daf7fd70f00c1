# SPDX-License-Identifier: Apache-2.0 OR MIT
"""SQL functions for DuckDB; needs duckdb and pyarrow.

>>> import duckdb, simdinet.duckdb
>>> connection = duckdb.connect()
>>> simdinet.duckdb.register(connection)
>>> connection.execute("select ip_format(ip_parse('2001:DB8::1')), ip_truncate('192.0.2.77', 24, 48)").fetchone()
('2001:db8::1', '192.0.2.0')
"""
import contextlib
import functools

import duckdb
import pyarrow
import pyarrow.compute

from . import _simdinet, _text
from ._networks import as_networks, networks as _simdinet_networks


def _per_value(texts, others, function, kind):
    """function(part of texts, *values) for the rows of each distinct combination of the other columns, which are
    constants as a rule; values are None for NULL."""
    last = len(texts) - 1
    if last < 0:
        return pyarrow.nulls(0, kind)
    if all(column.slice(1).equals(column.slice(0, last)) for column in others):
        return pyarrow.array(function(texts, *(column[0].as_py() for column in others)), kind)
    distinct = [column.unique() for column in others]
    keys, values = None, [()]
    for column, some in zip(others, distinct):
        indices = pyarrow.compute.index_in(column, some).cast(pyarrow.int64())
        keys = indices if keys is None else pyarrow.compute.add(pyarrow.compute.multiply(keys, len(some)), indices)
        values = [(*prefix, value) for prefix in values for value in some.to_pylist()]
    order = pyarrow.compute.sort_indices(keys)
    runs = pyarrow.compute.run_end_encode(keys.take(order).combine_chunks())
    texts, begin, parts = texts.take(order), 0, []
    for key, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist()):
        parts.append(pyarrow.array(function(texts.slice(begin, end - begin), *values[key]), kind))
        begin = end
    return pyarrow.concat_arrays(parts).take(pyarrow.compute.sort_indices(order))


def _truncate(texts, ipv4, ipv6):
    def truncate(part, length4, length6):
        if length4 is None or length6 is None:
            return pyarrow.nulls(len(part), pyarrow.string())
        return _text.truncate(part, length4, length6)
    return _per_value(texts, (ipv4, ipv6), truncate, pyarrow.string())


@functools.lru_cache(maxsize=64)
def _networks_of(text):
    parts = dict.fromkeys(part.strip() for part in text.split(","))
    try:
        return _simdinet_networks([part for part in parts if part])
    except ValueError as error:
        raise ValueError(f"ip_in: {error}") from error


def _is_in(texts, lists):
    def is_in(part, networks):
        return pyarrow.nulls(len(part), pyarrow.bool_()) if networks is None else _networks_of(networks).contains(part)
    return _per_value(texts, (lists,), is_in, pyarrow.bool_())


def _values_of(networks):
    """What ip_lookup gives for each network."""
    values = list(networks) if networks.values is None else networks.values
    return pyarrow.array([None if value is None else str(value) for value in values], pyarrow.string())


def _lookup(tables, texts, names):
    def look_up(part, name):
        if name is None:
            return pyarrow.nulls(len(part), pyarrow.string())
        if name not in tables:
            raise ValueError(f"ip_lookup: no networks are registered as '{name}'")
        networks, values = tables[name]
        return values.take(pyarrow.array(networks.lookup_index(part)))
    return _per_value(texts, (names,), look_up, pyarrow.string())


def _function(function, kind):
    return lambda column: pyarrow.array(function(column), kind)


def register(connection, networks=None):
    """Adds the SQL functions to a connection, in place of those of an earlier call. A NULL, and text that is not an
    address, gives NULL. networks is a dict of names to simdinet.Networks, or to what simdinet.networks takes, for
    ip_lookup. All connections and cursors of a database have the functions; later calls are for the same connection, and
    raise duckdb.CatalogException for another one.

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
    tables = {name: (made, _values_of(made))
              for name, made in ((name, as_networks(made)) for name, made in dict(networks or {}).items())}
    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    functions = {
        "ip_parse": (_function(_simdinet.parse_packed, pyarrow.binary()), ["VARCHAR"], "BLOB"),
        "ip_format": (_function(_simdinet.format, text), ["BLOB"], "VARCHAR"),
        "ip_is_valid": (_function(_simdinet.is_ip, pyarrow.bool_()), ["VARCHAR"], "BOOLEAN"),
        "ip_truncate": (_truncate, ["VARCHAR", "INTEGER", "INTEGER"], "VARCHAR"),
        "ip_class": (_function(_simdinet.class_names, text), ["VARCHAR"], "VARCHAR"),
        "ip_in": (_is_in, ["VARCHAR", "VARCHAR"], "BOOLEAN"),
        "ip_lookup": (functools.partial(_lookup, tables), ["VARCHAR", "VARCHAR"], "VARCHAR"),
        "ip_extract": (_function(_simdinet.scan_texts, texts), ["VARCHAR"], "VARCHAR[]"),
    }
    for name, (function, parameters, result) in functions.items():
        with contextlib.suppress(duckdb.InvalidInputException):
            connection.remove_function(name)  # of an earlier call
        try:
            connection.create_function(name, function, [duckdb.sqltype(kind) for kind in parameters],
                                       duckdb.sqltype(result), type="arrow", null_handling="special")
        except duckdb.CatalogException as error:
            raise duckdb.CatalogException(
                f"{name} exists: register was called for another connection or cursor of this database") from error
