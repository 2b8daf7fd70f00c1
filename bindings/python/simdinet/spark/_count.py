# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts of the addresses in a column of text, and the job "python -m simdinet.spark count"."""
import argparse
import json
import re
import sys

import pyarrow
import pyarrow.compute
from pyspark.sql import functions

from .. import Scan, __version__, _simdinet
from ._columns import check_lengths
from ._lists import parse_argument, read_list

_SCHEMA = pyarrow.schema([("address", pyarrow.binary()), ("count", pyarrow.int64())])
_MAPPED = bytes(10) + b"\xff\xff"
_MAX_DISTINCT = 1 << 20  # addresses that a task keeps before it hands them to Spark


def _add_up(table):
    """A table with each address once."""
    return table.group_by("address").aggregate([("count", "sum")]).rename_columns(["address", "count"]).cast(_SCHEMA)


def _unmap(addresses):
    """IPv4-mapped addresses as IPv4."""
    mapped = pyarrow.compute.and_(pyarrow.compute.equal(pyarrow.compute.binary_length(addresses), 16),
                                  pyarrow.compute.starts_with(addresses, _MAPPED))
    return pyarrow.compute.if_else(mapped, pyarrow.compute.binary_slice(addresses, 12, 16), addresses)


class _Counter:
    """The function of mapInArrow: batches with a column of text, to batches of addresses and counts."""

    def __init__(self, flags, versions, lengths, mapped, only, excluded, size=None):
        self.flags, self.versions = flags, versions
        self.lengths, self.mapped = lengths, mapped
        self.only, self.excluded = only, excluded
        self.size = size  # the bytes of what is counted, 4 or 16; None for both

    def __call__(self, batches):
        parts, rows = [], 0
        for batch in batches:
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


def _count(frame, column, flags, versions, lengths, mapped, only, excluded):
    families = flags & int(Scan.IPV4 | Scan.IPV6)
    size = None
    if not mapped and families in (Scan.IPV4, Scan.IPV6):
        # The family is that of what is counted: an IPv4-mapped address is IPv4.
        size = 4 if families == Scan.IPV4 else 16
        flags |= int(Scan.IPV4 | Scan.IPV6)
    counter = _Counter(flags, versions, lengths, mapped, only, excluded, size)
    lines = frame.select(functions.col(column).cast("binary") if isinstance(column, str) else column.cast("binary"))
    parts = lines.mapInArrow(lambda batches: counter(batches), "address binary, count bigint")
    return parts.groupBy("address").agg(functions.sum("count").alias("count"))


def count(frame, column, *, by=(32, 128), flags=3, versions=False, mapped=False, only=None, excluded=None):
    """How often each address occurs in a column of text or binary: a DataFrame of address (4 or 16 bytes) and count.

    by has the prefix lengths to count networks with. An IPv4-mapped address counts as IPv4 unless mapped is true. only
    and excluded are networks as simdinet-grep(1) describes them: "private,10.0.0.0/8". flags are of simdinet.Scan;
    versions includes what looks like a version number. Raises ValueError.
    """
    check_lengths(*by)
    return _count(frame, column, int(flags), bool(versions), tuple(by), bool(mapped),
                  [parse_argument(only)] if only else [], [parse_argument(excluded)] if excluded else [])


# ---- the job ---------------------------------------------------------------------------------------------------------

def _prefix_lengths(text):
    """The lengths of --by: /24,/48; one that is left out is that of an address."""
    lengths = [32, 128]
    parts = text.split(",")
    if len(parts) > 2 or not any(parts):
        raise argparse.ArgumentTypeError(f"invalid prefix lengths '{text}'")
    for i, part in enumerate(parts):
        digits = part.removeprefix("/")
        if part and not (digits.isascii() and digits.isdigit() and int(digits) <= lengths[i]):
            raise argparse.ArgumentTypeError(f"invalid prefix lengths '{text}'")
        if part:
            lengths[i] = int(digits)
    return tuple(lengths)


def _positive(text):
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"invalid number '{text}'")
    return int(text)


def _setting(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE")
    return name, value


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m simdinet.spark", description="Jobs on files of any size, with Spark.")
    parser.add_argument("--version", action="version", version=f"simdinet {__version__}")
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    job = jobs.add_parser("count", help="print each address with its count, the most frequent first",
                          description="Prints what simdinet count prints for the same lines: each address with its "
                          "count, the most frequent first. The status is 0, 1 if there is no address, or 2 after an "
                          "error.")
    job.add_argument("paths", metavar="PATH", nargs="+", help="a file, a directory, a glob or a URL that Spark reads")
    job.add_argument("-n", "--top", type=_positive, metavar="K", help="print only the K most frequent")
    job.add_argument("--min", type=_positive, default=1, metavar="N", help="print only counts of N and more")
    job.add_argument("--by", type=_prefix_lengths, default=(32, 128), metavar="L4,L6",
                     help="count networks with these prefix lengths, such as /24,/48")
    job.add_argument("--only", metavar="NETWORKS", help="only addresses in these, such as private,10.0.0.0/8")
    job.add_argument("--not", dest="excluded", metavar="NETWORKS", help="no addresses in these")
    job.add_argument("--networks", metavar="LIST", help="only addresses in the networks of a file of the driver")
    job.add_argument("-4", "--ipv4", action="store_true", help="IPv4 only")
    job.add_argument("-6", "--ipv6", action="store_true", help="IPv6 only")
    job.add_argument("--mapped", action="store_true", help="count ::ffff:a.b.c.d as an IPv6 address")
    job.add_argument("--versions", action="store_true", help="include what looks like a version number")
    job.add_argument("--json", action="store_true", help="print one JSON object per line")
    job.add_argument("--format", default=None, metavar="NAME",
                     help="text (the default), or what Spark reads with --column: parquet, orc, csv, json ...")
    job.add_argument("--column", metavar="NAME", help="the column with the text; parquet unless --format is given")
    job.add_argument("--master", metavar="URL", help="the master, unless spark-submit sets it")
    job.add_argument("--conf", action="append", type=_setting, default=[], metavar="NAME=VALUE",
                     help="a setting of Spark")
    return parser


def _read(spark, options):
    """The DataFrame of the paths, and the name of its column."""
    reader = spark.read.option("ignoreMissingFiles", "false").option("ignoreCorruptFiles", "false")
    kind = options.format or ("parquet" if options.column else "text")
    if kind == "text":
        # Only a line feed ends a line, as in the command. Spark passes bytes that are not UTF-8 on.
        return reader.text(options.paths, lineSep="\n"), "value"
    frame = reader.format(kind).load(options.paths)
    if options.column not in frame.columns:
        raise ValueError(f"no column '{options.column}'; there are: {', '.join(frame.columns)}")
    return frame, f"`{options.column}`"


def _line(options, text, count):
    """A line of the output, as the command prints it."""
    ipv6 = ":" in text
    length = options.by[ipv6]
    whole = length == (128 if ipv6 else 32)
    name = text if whole else f"{text}/{length}"
    if not options.json:
        return f"{count:7d} {name}"
    return json.dumps({"address" if whole else "network": name, "family": 6 if ipv6 else 4, "count": count},
                      separators=(",", ":"))


def _blocks(rows, size=4096):
    block = []
    for row in rows:
        block.append(row)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def _run(spark, options):
    frame, column = _read(spark, options)
    flags = (Scan.IPV4 * options.ipv4 | Scan.IPV6 * options.ipv6) or Scan.IPV4 | Scan.IPV6
    counts = _count(frame, column, int(flags), options.versions, options.by, options.mapped, options.only,
                    options.excluded)
    ordered = counts.orderBy(functions.desc("count"), functions.length("address"), "address")
    rows = ordered.limit(options.top).collect() if options.top else ordered.toLocalIterator()
    found = False
    for block in _blocks(rows):
        found = True
        texts = _simdinet.format([bytes(row.address) for row in block])
        sys.stdout.write("".join(_line(options, text, row["count"]) + "\n"
                                 for text, row in zip(texts, block) if row["count"] >= options.min))
    sys.stdout.flush()
    return 0 if found else 1


def _message(error):
    """One line of an exception of Spark: the last cause of a failed task, or the first line."""
    from pyspark.errors import PySparkException
    if isinstance(error, PySparkException):
        text = error.getMessage() or str(error)
    else:
        text = str(getattr(error, "java_exception", error))
    causes = [line.split("Caused by: ", 1)[1] for line in text.splitlines() if line.startswith("Caused by: ")]
    return re.sub(r"^[\w.$]+(Exception|Error): ", "", causes[-1] if causes else text.splitlines()[0])


def _fail(message):
    print(f"simdinet.spark: {message}", file=sys.stderr)
    return 2


def parse_options(arguments):
    """The options of a job. Raises ValueError and OSError; exits for what argparse finds."""
    options = _parser().parse_args(arguments)
    if (options.format or "text") != "text" and not options.column:
        raise ValueError(f"--format {options.format} needs --column")
    if options.format == "text" and options.column:
        raise ValueError("--column cannot be combined with --format text")
    options.only = [parse_argument(options.only)] if options.only else []
    options.only += [read_list(options.networks)] if options.networks else []
    options.excluded = [parse_argument(options.excluded)] if options.excluded else []
    return options


def run(spark, options):
    """Runs a job in a session; returns the exit status."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    try:
        return _run(spark, options)
    except ValueError as error:
        return _fail(error)
    except (PySparkException, Py4JError) as error:
        return _fail(_message(error))


def main(arguments=None):
    """Runs a job with the arguments of the command line in a session of its own; returns the exit status."""
    from pyspark import SparkConf
    from pyspark.sql import SparkSession
    try:
        options = parse_options(arguments)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    except ValueError as error:
        return _fail(error)
    conf = SparkConf().setAppName("simdinet count").setIfMissing("spark.ui.showConsoleProgress", "false")
    conf.setAll(options.conf)
    if options.master:
        conf.setMaster(options.master)
    spark = SparkSession.builder.config(conf=conf).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        return run(spark, options)
    finally:
        spark.stop()
