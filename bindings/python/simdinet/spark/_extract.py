# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A DataFrame with a row for each address in a column of text."""
import pyarrow
import pyarrow.compute
from pyspark.sql import types

from .. import _simdinet
from ._count import text_column

MATCH = types.StructType([
    types.StructField("offset", types.LongType()), types.StructField("length", types.IntegerType()),
    types.StructField("family", types.ByteType()), types.StructField("address", types.BinaryType()),
    types.StructField("text", types.StringType())])


class _Rows:
    """The function of mapInArrow: batches whose last column is text, to batches of the columns before it and fields."""

    def __init__(self, names, fields, flags, versions):
        self.names, self.fields = names, fields
        self.flags, self.versions = flags, versions

    def __call__(self, batches):
        for batch in batches:
            text = batch.column(batch.num_columns - 1)
            if self.fields == ["text"]:
                found = pyarrow.array(_simdinet.scan_texts(text, flags=self.flags, versions=self.versions))
                columns = [found.values]
            else:
                found = pyarrow.array(_simdinet.extract_lines(text, flags=self.flags, versions=self.versions))
                columns = [found.values.field(name) for name in self.fields]
            if batch.num_columns > 1:
                rows = pyarrow.compute.list_parent_indices(found)
                columns = [column.take(rows) for column in batch.columns[:-1]] + columns
            yield pyarrow.RecordBatch.from_arrays(columns, self.names)


def extract(frame, column, *, fields=("offset", "length", "family", "address", "text"), keep=(), flags=3, versions=False):
    """A DataFrame with a row for each address in a column of text or binary.

    Its columns are those of the frame that keep names, and then the fields: offset and length in bytes, family, address
    (4 or 16 bytes), text as it is written. flags are of simdinet.Scan; with versions, what looks like a version number is
    included. It takes less time than explode(ip_extract(column)): no array is made, and each column is built once. Raises
    ValueError.
    """
    for name in fields:
        if name not in MATCH.names:
            raise ValueError(f"no field '{name}'; there are: {', '.join(MATCH.names)}")
    kept = frame.select(*keep)
    names = [*kept.columns, *fields]
    if not fields or len(set(names)) < len(names):
        raise ValueError(f"the columns of the result must be distinct: {', '.join(names)}")
    rows = _Rows(names, list(fields), int(flags), bool(versions))
    schema = types.StructType([*kept.schema.fields, *(MATCH[name] for name in fields)])
    return text_column(frame, column, keep).mapInArrow(lambda batches: rows(batches), schema)
