# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts of the addresses in a column of text."""
import pyarrow
import pyarrow.compute
from pyspark.sql import functions, types

from .. import Scan, _simdinet
from ._columns import check_lengths
from ._lists import is_mapped, parse_argument

_SCHEMA = pyarrow.schema([("address", pyarrow.binary()), ("count", pyarrow.int64())])
_MAX_DISTINCT = 1 << 20  # addresses that a task keeps before it hands them to Spark


def _add_up(table):
    """A table with each address once."""
    grouped = table.group_by("address", use_threads=False)  # a task has one core
    return grouped.aggregate([("count", "sum")]).rename_columns(["address", "count"]).cast(_SCHEMA)


def _unmap(addresses):
    """IPv4-mapped addresses as IPv4."""
    return pyarrow.compute.if_else(is_mapped(addresses), pyarrow.compute.binary_slice(addresses, 12, 16), addresses)


def text_column(frame, column, before=()):
    """A frame with a column of text or bytes after others. Spark hands text over as the bytes that it is, UTF-8 or not."""
    kept = frame.select(*before)
    column = functions.col(column) if isinstance(column, str) else column
    if not isinstance(frame.select(column).schema[0].dataType,
                      (types.StringType, types.BinaryType, types.CharType, types.VarcharType)):
        column = column.cast("string")
    name = "text"
    while name in kept.columns:  # Arrow has no two columns of one name
        name += "_"
    return frame.select(*before, column.alias(name))


class _Counter:
    """The function of mapInArrow: batches with a column of text, to batches of addresses and counts."""

    def __init__(self, flags, versions, lengths, mapped, only, excluded, size=None, watch=None):
        self.flags, self.versions = flags, versions
        self.lengths, self.mapped = lengths, mapped
        self.only, self.excluded = only, excluded
        self.size = size  # the bytes of what is counted, 4 or 16; None for both
        self.watch = watch  # is called with each column of text

    def __call__(self, batches):
        parts, rows = [], 0
        for batch in batches:
            if self.watch is not None:
                self.watch(batch.column(0))
            found = pyarrow.array(_simdinet.extract_lines(batch.column(0), flags=self.flags, versions=self.versions))
            counts = pyarrow.compute.value_counts(found.values.field("address"))
            parts.append(pyarrow.Table.from_arrays([counts.field(0), counts.field(1)], schema=_SCHEMA))
            rows += len(counts)
            if rows > 2 * _MAX_DISTINCT:
                parts = [_add_up(pyarrow.concat_tables(parts))]
                rows = len(parts[0])
                if rows > _MAX_DISTINCT:
                    yield from self._finish(parts)
                    parts, rows = [], 0
        if rows:
            yield from self._finish(parts)

    def _finish(self, parts):
        table = _add_up(pyarrow.concat_tables(parts)).combine_chunks()
        addresses = table.column(0).combine_chunks()
        plain = addresses if self.mapped else _unmap(addresses)
        keep = None
        for accepted in [f.accepts(addresses) for f in self.only] + [pyarrow.compute.invert(f.accepts(addresses))
                                                                     for f in self.excluded]:
            keep = accepted if keep is None else pyarrow.compute.and_(keep, accepted)
        if self.size:
            of_family = pyarrow.compute.equal(pyarrow.compute.binary_length(plain), self.size)
            keep = of_family if keep is None else pyarrow.compute.and_(keep, of_family)
        if self.lengths != (32, 128):
            plain = pyarrow.array(_simdinet.truncate(plain, ipv4=self.lengths[0], ipv6=self.lengths[1]))
        table = pyarrow.Table.from_arrays([plain, table.column(1)], schema=_SCHEMA)
        if keep is not None:
            table = table.filter(keep)
        return _add_up(table).to_batches()


def counted_parts(frame, column, flags, versions, lengths, mapped, only, excluded, watch=None):
    """A DataFrame of addresses and counts, each address once a task."""
    families = flags & int(Scan.IPV4 | Scan.IPV6)
    size = None
    if not mapped and families in (Scan.IPV4, Scan.IPV6):
        # The family is that of what is counted: an IPv4-mapped address is IPv4.
        size = 4 if families == Scan.IPV4 else 16
        flags |= int(Scan.IPV4 | Scan.IPV6)
    only, excluded = ([one.share(frame.sparkSession) for one in filters] for filters in (only, excluded))
    counter = _Counter(flags, versions, lengths, mapped, only, excluded, size, watch)
    return text_column(frame, column).mapInArrow(lambda batches: counter(batches), "address binary, count bigint")


def added_up(parts):
    return parts.groupBy("address").agg(functions.sum("count").alias("count"))


def count(frame, column, *, by=(32, 128), flags=3, versions=False, mapped=False, only=None, excluded=None):
    """How often each address occurs in a column of text or binary: a DataFrame of address (4 or 16 bytes) and count.

    by has the prefix lengths to count networks with. An IPv4-mapped address counts as IPv4 unless mapped is true. only
    and excluded are networks as simdinet-grep(1) describes them: "private,10.0.0.0/8". flags are of simdinet.Scan;
    versions includes what looks like a version number. Raises ValueError.
    """
    check_lengths(*by)
    only, excluded = ([] if text is None else [parse_argument(text, bool(mapped))] for text in (only, excluded))
    return added_up(counted_parts(frame, column, int(flags), bool(versions), tuple(by), bool(mapped), only, excluded))
