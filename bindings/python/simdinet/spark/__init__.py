# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Column functions and SQL functions for Spark, and the job "python -m simdinet.spark count"; needs pyspark and pyarrow,
in the driver and in the executors.

    import simdinet.spark as ip
    frame.select(ip.ip_extract("line"), ip.ip_in("client", ["10.0.0.0/8"]))
    ip.register(spark)
    spark.sql("select ip_truncate(client, 24, 48) from log")

Columns cross to Python as Arrow batches: by arrow_udf where Spark has it (4.1 and later), otherwise by pandas_udf.
A null, and text that is not an address, gives null. Texts may hold any bytes, with pandas_udf only UTF-8; offsets and
lengths are in bytes.
"""
from pyspark.sql import functions as _functions

from . import _columns
from ._count import count
from ._extract import extract
from ._networks import share as _share
from ._udf import make_udf as _make_udf

__all__ = ["count", "extract", "ip_addresses", "ip_anonymize", "ip_class", "ip_extract", "ip_format", "ip_in", "ip_is_valid", "ip_lookup",
           "ip_parse", "ip_truncate", "register"]

_EXTRACTED = "array<struct<offset:bigint,length:int,family:tinyint,address:binary,text:string>>"


def _column(value):
    return _functions.col(value) if isinstance(value, str) else value


def ip_extract(col, *, flags=3, versions=False):
    """The addresses in each text: array<struct<offset, length, family, address, text>>.

    address has 4 or 16 bytes, text is the address as it is written. flags are of simdinet.Scan; with versions, what
    looks like a version number is included.
    """
    return _make_udf(_columns.Extract(int(flags), bool(versions)), _EXTRACTED)(_column(col))


def ip_addresses(col, *, flags=3, versions=False):
    """The texts of the addresses in each text: array<string>. It takes less time than ip_extract, whose array of structs is
    larger than the text as a rule. flags and versions are as for ip_extract."""
    return _make_udf(_columns.Addresses(int(flags), bool(versions)), "array<string>")(_column(col))


def ip_parse(col):
    """4 or 16 bytes for each address, binary."""
    return _make_udf(_columns.parse, "binary")(_column(col))


def ip_format(col):
    """The canonical text of each address of 4 or 16 bytes."""
    return _make_udf(_columns.format, "string")(_column(col))


def ip_is_valid(col):
    """Whether each text is an address."""
    return _make_udf(_columns.is_valid, "boolean")(_column(col))


def ip_truncate(col, ipv4=24, ipv6=48):
    """The text of each address with the bits past a prefix length cleared."""
    _columns.check_lengths(ipv4, ipv6)
    return _make_udf(_columns.Truncate(ipv4, ipv6), "string")(_column(col))


def ip_class(col):
    """The names of the classes of each address, joined with commas."""
    return _make_udf(_columns.class_names, "string")(_column(col))


def ip_in(col, networks):
    """Whether one of the networks contains each address. networks is simdinet.Networks, an iterable or a mapping of
    texts, or a text with commas. It is broadcast, and a process builds its set once."""
    return _make_udf(_columns.IsIn(_share(networks)), "boolean")(_column(col))


def ip_lookup(col, networks):
    """The value, as text, of the longest network that contains each address; of networks without values, the network.
    networks is as for ip_in."""
    return _make_udf(_columns.Lookup(_share(networks)), "string")(_column(col))


def ip_anonymize(col, ipv4=24, ipv6=48):
    """Each text with every address in it truncated, as "simdinet anonymize" does."""
    _columns.check_lengths(ipv4, ipv6)
    return _make_udf(_columns.Anonymize(ipv4, ipv6), "string")(_column(col))


def register(spark, networks=None):
    """Adds the SQL functions to a session. networks is a mapping of names to networks as for ip_in.

    - ip_extract(text): an array of structs, see ip_extract
    - ip_addresses(text): an array of texts
    - ip_parse(text): 4 or 16 bytes, BINARY
    - ip_format(BINARY): the text
    - ip_is_valid(text): BOOLEAN
    - ip_truncate(text, ipv4, ipv6): the text with the bits past a prefix length cleared
    - ip_class(text): the names of the classes, joined with commas
    - ip_in(text, networks): BOOLEAN, whether one of the networks contains the address: those of a name, or a text with
      commas, which crosses to Python with each row
    - ip_lookup(text, name): the value, as text, of the longest network of networks[name] that contains the address
    - ip_anonymize(text, ipv4, ipv6): the text with every address in it truncated
    """
    shared = {name: _share(value, spark) for name, value in (networks or {}).items()}
    functions = {
        "ip_extract": (_columns.Extract(3, False), 1, _EXTRACTED),
        "ip_addresses": (_columns.Addresses(3, False), 1, "array<string>"),
        "ip_parse": (_columns.parse, 1, "binary"),
        "ip_format": (_columns.format, 1, "string"),
        "ip_is_valid": (_columns.is_valid, 1, "boolean"),
        "ip_truncate": (_columns.truncate_by, 3, "string"),
        "ip_class": (_columns.class_names, 1, "string"),
        "ip_in": (_columns.IsInByName(shared), 2, "boolean"),
        "ip_lookup": (_columns.LookupByName(shared), 2, "string"),
        "ip_anonymize": (_columns.anonymize_by, 3, "string"),
    }
    for name, (function, n_columns, result) in functions.items():
        spark.udf.register(name, _make_udf(function, result, n_columns, name))
