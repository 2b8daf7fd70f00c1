# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The job "python -m simdinet.spark count"."""
import argparse
import json
import os
import re
import sys

from pyspark.sql import functions

from .. import Scan, __version__, _simdinet
from ._count import added_up, counted_parts
from ._files import FileWatch
from ._lists import parse_argument, read_list


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
        return reader.text(options.paths, lineSep="\n", recursiveFileLookup=True), "value"
    frame = reader.format(kind).load(options.paths)
    if options.column not in frame.columns:
        raise ValueError(f"no column '{options.column}'; there are: {', '.join(frame.columns)}")
    return frame, "`" + options.column.replace("`", "``") + "`"


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
    watch = FileWatch(spark, frame) if column == "value" else None
    parts = counted_parts(frame, column, int(flags), options.versions, options.by, options.mapped, options.only,
                          options.excluded, watch and watch.of_tasks())
    counts = added_up(parts).where(functions.col("count") >= options.min)
    ordered = counts.orderBy(functions.desc("count"), functions.length("address"), "address")
    rows = ordered.limit(options.top).collect() if options.top else ordered.toLocalIterator()
    found = False
    for block in _blocks(rows):
        if watch and not found:
            watch.check()
        found = True
        texts = _simdinet.format([bytes(row.address) for row in block])
        sys.stdout.write("".join(_line(options, text, row["count"]) + "\n" for text, row in zip(texts, block)))
    sys.stdout.flush()
    if not found and watch:
        watch.check()
    # The status is 0 if there is any address.
    return 0 if found or (options.min > 1 and parts.limit(1).count()) else 1


def _message(error):
    """One line of an exception of Spark: the exception of a Python worker, the last cause of a failed task, or the first
    line."""
    from pyspark.errors import PySparkException
    if isinstance(error, PySparkException):
        text = error.getMessage() or str(error)
    else:
        text = str(getattr(error, "java_exception", error))
    traceback = text.rpartition("Traceback (most recent call last):\n")[2] if "Traceback" in text else ""
    raised = [line for line in traceback.splitlines() if line and not line[0].isspace()]
    causes = [line.split("Caused by: ", 1)[1] for line in text.splitlines() if line.startswith("Caused by: ")]
    message = raised[0] if raised else causes[-1] if causes else text.strip().splitlines()[0]
    return re.sub(r"^[\w.$]+(Exception|Error): ", "", message)


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
    only, excluded, mapped = options.only, options.excluded, options.mapped
    options.only = [] if only is None else [parse_argument(only, mapped)]
    options.only += [] if options.networks is None else [read_list(options.networks, mapped)]
    options.excluded = [] if excluded is None else [parse_argument(excluded, mapped)]
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
    except BrokenPipeError:
        # What is left in the buffer goes nowhere. The status is that of a program that SIGPIPE ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _session(options):
    from pyspark import SparkConf
    from pyspark.sql import SparkSession
    conf = SparkConf().setAppName("simdinet count").setIfMissing("spark.ui.showConsoleProgress", "false")
    conf.setAll(options.conf)
    if options.master:
        conf.setMaster(options.master)
    return SparkSession.builder.config(conf=conf).getOrCreate()


def main(arguments=None):
    """Runs a job with the arguments of the command line in a session of its own; returns the exit status."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    try:
        options = parse_options(arguments)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    except ValueError as error:
        return _fail(error)
    try:
        spark = _session(options)
    except (PySparkException, Py4JError) as error:
        return _fail(f"Spark cannot be started: {_message(error)}")
    spark.sparkContext.setLogLevel("ERROR")
    try:
        return run(spark, options)
    finally:
        spark.stop()
