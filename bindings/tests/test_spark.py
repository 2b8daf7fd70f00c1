# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet.spark in one process: the column functions, SQL, and the job against the command."""
import bz2
import collections
import gzip
import ipaddress
import lzma
import os
import pickle
import random
import shutil
import subprocess

import pytest
from conftest import COMMAND, OTHER_NAMES, SETTINGS, awkward_lines, found_in, names_reverse_zone, simdinet, texts_of_rules

pytest.importorskip("pyspark", reason="pyspark is not installed")
if not shutil.which("java"):
    pytest.skip("java is not installed (Debian: default-jre-headless)", allow_module_level=True)
import pyarrow
from pyspark.sql import SparkSession, functions

import simdinet as library
import simdinet.spark as ip
from simdinet.spark import _columns, _count, _job, _lists, _networks, _udf

VALUES = ["192.0.2.1", "10.1.2.3", "2001:DB8::1", "::ffff:192.0.2.1", "192.0.2.256", "", "x", None, "127.0.0.1",
          "::", "255.255.255.255", "fe80::1%eth0"]
SITES = {"10.0.0.0/8": "lab", "10.1.0.0/16": "lab-1", "2001:db8::/32": "docs", "127.0.0.1": "self"}


@pytest.fixture(scope="module")
def spark():
    builder = SparkSession.builder.master("local[2]").appName("tests")
    session = builder.config(map=SETTINGS).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def frame(spark):
    """VALUES with their indices, in three partitions."""
    return spark.createDataFrame(list(enumerate(VALUES)), "i int, text string").repartition(3).cache()


@pytest.fixture(scope="module")
def lines(spark):
    texts = [line.decode(errors="replace") for line in awkward_lines(500)] + texts_of_rules() + [None]
    return texts, spark.createDataFrame(list(enumerate(texts)), "i int, line string").repartition(3).cache()


def column(frame, expression):
    """The values of an expression, in order."""
    return [row[0] for row in frame.orderBy("i").select(expression).collect()]


def either(function, *arguments):
    """The result, or None for what is not an address."""
    try:
        return function(*arguments)
    except (library.AddressError, TypeError):
        return None


def truncated(text, ipv4=24, ipv6=48):
    return either(lambda: library.format(library.truncate([text], ipv4=ipv4, ipv6=ipv6))[0])


def class_name(text):
    value = either(lambda: library.class_of(text))
    return None if value is None else ",".join(name for name, bit in _lists._CLASSES.items() if value & bit)


def longest(text):
    networks = library.networks(SITES)
    return either(lambda: networks.get(text))


EXPECTED = {
    "ip_parse": lambda text: either(library.parse, text),
    "ip_is_valid": lambda text: library.is_ip([text])[0],
    "ip_class": class_name,
    "ip_truncate": truncated,
    "ip_in": lambda text: None if either(library.parse, text) is None else longest(text) is not None,
    "ip_lookup": longest,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_function(frame, name):
    function = getattr(ip, name)
    result = function("text", SITES) if name in ("ip_in", "ip_lookup") else function(functions.col("text"))
    assert column(frame, result) == [EXPECTED[name](text) for text in VALUES]


def test_format(frame):
    packed = ip.ip_parse("text")
    assert column(frame, ip.ip_format(packed)) == [either(library.canonical, text) for text in VALUES]


def test_extract(lines):
    texts, frame = lines
    found = [None if row is None else [(*row_of[:3], bytes(row_of[3]), row_of[4]) for row_of in row]
             for row in column(frame, ip.ip_extract("line"))]
    assert found == [found_in(text) for text in texts]
    assert sum(len(row or []) for row in found) > 500
    exploded = frame.select(functions.explode(ip.ip_extract("line")).alias("m")).select("m.offset", "m.text")
    assert exploded.count() == sum(len(row or []) for row in found)


def test_addresses(lines):
    texts, frame = lines
    assert column(frame, ip.ip_addresses("line")) == [
        None if text is None else [match.text for match in found_in(text)] for text in texts]


@pytest.mark.parametrize("fields, keep", [
    (("offset", "length", "family", "address", "text"), ("i",)), (("text",), ("i", "line")),
    (("family", "offset"), ("i",)), (("text",), ()), (("address", "text"), ())])
def test_rows_of_matches(lines, fields, keep):
    texts, frame = lines
    rows = ip.extract(frame, "line", fields=fields, keep=keep)
    assert rows.columns == [*keep, *fields]
    wanted = [tuple({"i": i, "line": text, **match._asdict()}[name] for name in rows.columns)
              for i, text in enumerate(texts) for match in found_in(text) or ()]
    found = [tuple(bytes(value) if isinstance(value, bytearray) else value for value in row) for row in rows.collect()]
    assert collections.Counter(found) == collections.Counter(wanted) and len(found) > 500
    assert ip.extract(frame.where("line is null"), "line", fields=fields, keep=keep).count() == 0


def test_rows_of_matches_with_other_flags(spark):
    frame = spark.createDataFrame([(bytearray(b"Chrome/120.1.2.3 \xff ::1 192.0.2.1"),)], "line binary")
    def texts(**options):
        return [row.text for row in ip.extract(frame, functions.col("line"), fields=["text"], **options).collect()]
    assert texts() == ["::1", "192.0.2.1"]
    assert texts(versions=True) == ["120.1.2.3", "::1", "192.0.2.1"]
    assert texts(flags=library.Scan.IPV6) == ["::1"]
    for options, message in (({"fields": ["x"]}, "no field 'x'"), ({"fields": []}, "distinct"),
                             ({"fields": ["text", "text"]}, "distinct")):
        with pytest.raises(ValueError, match=message):
            ip.extract(frame, "line", **options)


def test_extract_of_other_flags(frame, spark):
    one = spark.createDataFrame([(0, "Chrome/120.1.2.3 ::1 192.0.2.1")], "i int, line string")
    def texts(**options):
        return [match.text for match in column(one, ip.ip_extract("line", **options))[0]]
    assert texts() == ["::1", "192.0.2.1"]
    assert texts(versions=True) == ["120.1.2.3", "::1", "192.0.2.1"]
    assert texts(flags=library.Scan.IPV6) == ["::1"]


def test_anonymize_is_the_command(lines):
    texts, frame = lines
    plain = [text.replace("\n", " ").replace("\r", " ") for text in texts if text is not None]
    plain = [text for text in plain if not names_reverse_zone(text)]
    wanted = simdinet("anonymize", "--truncate=16,32", input="".join(f"{text}\n" for text in plain).encode())
    frame = frame.where("line is not null").where(~functions.col("line").rlike(OTHER_NAMES)).select("i", functions.regexp_replace("line", "[\r\n]", " ").alias("line"))
    assert "".join(f"{text}\n" for text in column(frame, ip.ip_anonymize("line", 16, 32))).encode() == wanted


@pytest.mark.full
@pytest.mark.parametrize("name, function, result", [
    ("parse", _columns.parse, "binary"),
    ("extract", _columns.Extract(3, False), ip._EXTRACTED),
    ("valid", _columns.is_valid, "boolean"),
])
def test_pandas_udf(lines, name, function, result):
    """What Spark before 4.1 uses gives the same."""
    frame = lines[1]
    by_pandas, by_arrow = (column(frame, _udf.make_udf(function, result, arrow=arrow)("line")) for arrow in (False, True))
    assert by_pandas == by_arrow


@pytest.mark.full
def test_pandas_udf_of_several_columns(frame, spark):
    shared = {"sites": _networks.share(SITES, spark)}
    for function, names, result in (
            (_columns.truncate_by, ("text", "if(i % 3 = 0, null, if(i % 3 = 1, 8, 16))", "32"), "string"),
            (_columns.anonymize_by, ("concat('x ', text, ' y')", "24", "if(i % 2 = 0, null, 48)"), "string"),
            (_columns.IsInByName(shared), ("text", "if(i = 1, null, 'sites')"), "boolean"),
            (_columns.LookupByName(shared), ("text", "'sites'"), "string")):
        by_pandas, by_arrow = (column(frame, _udf.make_udf(function, result, len(names), arrow=arrow)(
            *map(functions.expr, names))) for arrow in (False, True))
        assert by_pandas == by_arrow and len(set(by_pandas)) > 2


def test_sql(frame, spark):
    ip.register(spark, {"sites": SITES})
    frame.createOrReplaceTempView("log")

    def sql(expression):
        return [row[0] for row in spark.sql(f"select {expression} from log order by i").collect()]

    for name in ("ip_parse", "ip_is_valid", "ip_class"):
        assert sql(f"{name}(text)") == [EXPECTED[name](text) for text in VALUES]
    assert sql("ip_format(ip_parse(text))") == [either(library.canonical, text) for text in VALUES]
    assert sql("ip_truncate(text, 24, 48)") == [truncated(text) for text in VALUES]
    assert sql("ip_truncate(text, if(i % 2 = 0, 8, 16), 32)") == [
        truncated(text, 16 if i % 2 else 8, 32) for i, text in enumerate(VALUES)]
    assert sql("ip_truncate(text, cast(null as int), 32)") == [None] * len(VALUES)
    assert sql("ip_lookup(text, 'sites')") == [longest(text) for text in VALUES]
    for networks in (", ".join(SITES), "sites"):
        assert sql(f"ip_in(text, '{networks}')") == [EXPECTED["ip_in"](text) for text in VALUES]
    with pytest.raises(Exception, match="none"):
        sql("ip_in(text, 'none')")
    assert sql("ip_anonymize(concat('from [', text, ']:80'), 24, 48)")[:3] == [
        "from [192.0.2.0]:80", "from [10.1.2.0]:80", "from [2001:db8::]:80"]
    assert sql("size(ip_extract(text))")[:2] == [1, 1]
    assert sql("ip_addresses(text)")[:2] == [["192.0.2.1"], ["10.1.2.3"]]
    with pytest.raises(Exception, match="no networks are registered as 'none'"):
        sql("ip_lookup(text, 'none')")


def test_invalid_arguments(frame):
    with pytest.raises(ValueError, match="invalid prefix lengths 33 and 48"):
        ip.ip_truncate("text", 33)
    with pytest.raises(ValueError, match="10.0.0.256"):
        ip.ip_in("text", ["10.0.0.256"])
    with pytest.raises(Exception, match="does not have 4 or 16 bytes"):
        column(frame, ip.ip_format(functions.lit(b"abc")))


def test_networks_are_built_once_in_a_process(spark):
    shared = [_networks.share({network: "x"}) for network in ("10.0.0.0/8", "192.0.2.0/24")]
    assert shared[0].broadcast is not None
    assert len(pickle.dumps(shared[0].key)) < 100

    def look(batches):
        builds = []
        built = _networks.BuiltSet.__init__

        def count(self, networks):
            builds.append(networks)
            built(self, networks)
        _networks.BuiltSet.__init__ = count
        try:
            for batch in batches:
                sets = [one.get() for one in shared for _ in range(3)]
                yield pyarrow.RecordBatch.from_pydict({
                    "process": [os.getpid()], "builds": [len(builds)], "kept": [len({id(one) for one in sets})]})
        finally:
            _networks.BuiltSet.__init__ = built

    rows = spark.range(0, 80, 1, 8).mapInArrow(look, "process long, builds long, kept long").collect()
    assert len(rows) == 8 and {row.kept for row in rows} == {2}
    processes = {row.process for row in rows}
    assert len(processes) < 8
    assert sum(row.builds for row in rows) == 2 * len(processes)


def test_cache_of_networks_is_bounded(monkeypatch):
    monkeypatch.setattr(_networks, "_sets", {})
    shared = [_networks.SharedNetworks(bytes([i]), None, pickle.dumps(library.networks([f"10.{i}.0.0/16"])))
              for i in range(_networks._MAX_SETS + 1)]
    first = shared[0].get()
    for one in shared[1:-1]:
        one.get()
    assert shared[0].get() is first
    shared[-1].get()
    # The one that was used least recently has gone.
    assert len(_networks._sets) == _networks._MAX_SETS and shared[0].get() is first
    assert shared[1].key not in _networks._sets


def test_networks_keep_their_options():
    networks = pickle.loads(pickle.dumps(library.networks({"10.0.0.1/8": "a"}, clear_host_bits=True, mapped=True)))
    assert networks.get("::ffff:10.9.9.9") == "a"


# ---- the job ---------------------------------------------------------------------------------------------------------

def job(spark, capsys, *arguments):
    """(status, output, errors) of a job."""
    capsys.readouterr()
    status = _job.run(spark, _job.parse_options(["count", *map(str, arguments)]))
    captured = capsys.readouterr()
    return status, captured.out.encode(), captured.err


JOBS = [
    (),
    ("--by=/24,/48", "--json", "--only=private,192.0.2.0/25,2001:db8::-2001:db8::ff"),
    *(pytest.param(options, marks=pytest.mark.full) for options in (
        ("-n", "7", "--json"),
        ("--by=,32", "--min=3"),
        ("--only=private,192.0.2.0/25,2001:db8::-2001:db8::ff", "-n", "9"),
        ("--only=global,mapped", "--not=8.0.0.0/6", "-4"),
        ("-6", "--by=24,32"),
        ("--mapped", "--versions", "-6"),
        ("--mapped", "--by=8,100", "--only=private,::ffff:0:0/97"),
        ("--mapped", "--only=mapped,loopback", "--not=::ffff:192.0.2.0/120"))),
]


@pytest.mark.parametrize("options", JOBS, ids=" ".join)
def test_job_is_the_command(spark, capsys, logs, options):
    files = sorted(logs.iterdir())
    wanted = simdinet("count", *options, *files)
    assert wanted.count(b"\n") > 5
    assert job(spark, capsys, *options, *files) == (0, wanted, "")


def test_job_of_a_glob_is_that_of_the_concatenation(spark, capsys, logs):
    whole = b"".join((logs / name).read_bytes() for name in ("awkward.log", "log1.log", "one.log"))
    assert job(spark, capsys, logs / "[alo]*.log") == (0, simdinet("count", input=whole), "")


LIST = ("# networks\n10.0.0.0/8,lab\n172.16.0.0 255.240.0.0 ; comment\n\n192.168.0.0 - 192.168.7.255 my label\n"
        "2001:db8::/32, fe80::/10\n10.0.0.0/8\n::ffff:203.0.113.0/120 documentation\nloopback,x\n")


def test_job_with_a_list(spark, capsys, logs, tmp_path):
    (tmp_path / "list").write_text(LIST)
    files = sorted(logs.iterdir())
    for options in ((), ("--mapped", "--not=mapped"), ("--mapped", "--only=private,documentation,2001:db8::/32,mapped")):
        wanted = simdinet("count", *options, "-f", tmp_path / "list", *files)
        assert wanted.count(b"\n") > 5
        assert job(spark, capsys, *options, "--networks", tmp_path / "list", *files) == (0, wanted, "")


LIST_LINES = [
    "10.0.0.0 255.0.0.0 office", "10.0.0.0\t255.0.0.0,x", "10.0.0.0  255.0.0.0\t, x y", "192.0.2.0 192.0.2.9 US",
    "192.0.2.0 192.0.2.9", "192.0.2.9 192.0.2.0", "2001:db8:: 2001:db8::f x", "10.0.0.0 ::1", "::1 255.0.0.0",
    "::ffff:10.0.0.0 ::ffff:10.0.0.9", "10.0.0.0 0.0.0.0", "10.0.0.0 255.0.255.0", "10.0.0.0/24 10.0.0.9",
    "10.0.0.0 localhost", "10.0.0.0/8\rx", "10.0.0.0/8 \r", "10.0.0.0/255.0.0.0", "10.0.0.0 / 8", "10.0.0.0/ 8 x",
    "10.0.0.0 -10.0.0.9", "10.0.0.0/008", "::ffff:10.0.0.0/104", "::ffff:0:0/95", "::/0", "0.0.0.0/0", "private,x",
    "private, loopback", "mapped", "6to4 x", "10.0.0.0/8,192.0.2.0/24 both", "10.0.0.0/8,192.0.2", "10.0.0.0/33",
    "10.0.0.1/8", "192.0.2.1,", ",192.0.2.1", "192.0.2.1:80", "fe80::1%eth0", "privat", "2001:db8::/255.0.0.0", "#", " ;x",
    "10.0.0.0/8#x", "10.0.0.0/8;x", "\t10.0.0.1 ", "10.0.0.1 #", "10.0.0.0/0.255.255.255", "10.0.0.0-", "-10.0.0.0", "/8",
    "10.0.0.0/8 192.0.2.0/24", "10.0.0.0,10.0.0.9", "10.0.0.0 , 10.0.0.9 x", "\xff10.0.0.1", "10.0.0.1 \xff",
]


def list_lines(n):
    """Lines of lists, those above and random ones of their parts."""
    source = random.Random(3)
    parts = ["10.0.0.0", "10.0.0.9", "255.0.0.0", "::ffff:10.0.0.0", "2001:db8::", "/", "8", "-", ",", " ", "\t", " ", "x", "24",
             "private", "mapped", "192.0.2.0/24", "10.0.0.0/8", "1.2.3.4-1.2.3.9", "::/3", "0.0.0.0", "\r", ";", "10.0.0.255",
             "\n", "10.0.0.0,10.0.0.255,x", "10.0.0.0 255.255.225.0"]
    return LIST_LINES + ["".join(source.choices(parts, k=source.randint(1, 6))) for _ in range(n)]


def error_place(message, path):
    """The number of the line that a message names."""
    assert message.startswith(f"{path}:"), message
    return int(message[len(f"{path}:"):].split(":", 1)[0])


def check_list_lines(tmp_path, lines, mapped):
    probes = ["0.0.0.0", "1.2.3.4", "1.2.3.10", "8.8.8.8", "10.0.0.0", "10.0.0.1", "10.0.0.8", "10.0.0.9", "10.0.0.10", "10.0.1.0",
              "10.255.255.255", "11.0.0.0", "127.0.0.1", "172.16.0.1", "192.0.2.0", "192.0.2.1", "192.0.2.9", "192.0.2.10",
              "192.0.2.255", "255.0.0.0", "255.255.255.255", "::", "::1", "::ffff:0:0", "::ffff:10.0.0.0", "::ffff:10.0.0.9",
              "::ffff:10.9.9.9", "::ffff:192.0.2.1", "::ffff:8.8.8.8", "2001:db8::", "2001:db8::f", "2001:db8::10", "2002::1",
              "2606::1", "fe80::1", "ffff::"]
    packed = pyarrow.array([library.parse(text) for text in probes], pyarrow.binary())
    path = tmp_path / "list"
    invalid = 0
    for line in lines:
        path.write_bytes(line.encode("latin-1") + b"\n")
        done = subprocess.run([COMMAND, "extract", *["--mapped"] * mapped, "-f", path], input=" ".join(probes).encode(),
                              capture_output=True)
        try:
            accepted = _lists.read_list(str(path), mapped).accepts(packed).to_pylist()
            found = [text for text, yes in zip(probes, accepted) if yes]
        except ValueError as error:
            place = error_place(str(error), path)
            assert done.stderr.startswith(f"simdinet: {path}:{place}: ".encode()), line
            found = None
        assert found == (None if done.returncode == 2 else done.stdout.decode().split()), (line, done.stderr)
        invalid += found is None
    assert 0 < invalid < len(lines) * 3 / 4


@pytest.mark.parametrize("mapped", [False, True])
def test_lines_of_lists_are_those_of_the_command(tmp_path, mapped):
    check_list_lines(tmp_path, list_lines(60), mapped)


@pytest.mark.full
@pytest.mark.parametrize("mapped", [False, True])
def test_many_lines_of_lists_are_those_of_the_command(tmp_path, mapped):
    check_list_lines(tmp_path, list_lines(1500), mapped)


def test_compressed_lists(tmp_path):
    data = b"\xef\xbb\xbf" + LIST.encode()
    packed = pyarrow.array([library.parse(text) for text in ("10.0.0.1", "11.0.0.1", "192.168.7.255", "::1")], pyarrow.binary())
    for module in (gzip, bz2, lzma):
        (tmp_path / "list").write_bytes(module.compress(data))
        assert _lists.read_list(str(tmp_path / "list")).accepts(packed).to_pylist() == [True, False, True, True]
    (tmp_path / "list").write_bytes(gzip.compress(data)[:-12])
    with pytest.raises(OSError, match="damaged compressed data"):
        _lists.read_list(str(tmp_path / "list"))


@pytest.mark.full
def test_job_of_a_directory(spark, capsys, logs, tmp_path):
    """Files at every level, beside folders that look like partitions."""
    for name in ("2026/11/a.log", "day=1/a.log", "b.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(logs / "one.log", tmp_path / name)
    wanted = simdinet("count", *[logs / "one.log"] * 3)
    assert job(spark, capsys, tmp_path) == (0, wanted, "")


@pytest.mark.parametrize("name, data, what", [
    ("a.log", gzip.compress(b"192.0.2.1\n"), "gzip data"), ("a.xz", lzma.compress(b"192.0.2.1\n"), "xz data"),
    ("a.lz4.log", b"\x04\x22\x4d\x18\x64\x40\xa7", "lz4 data"), ("a.log", bz2.compress(b"192.0.2.1\n"), "bzip2 data"),
    ("a.zst.1", b"\x28\xb5\x2f\xfd\x04\x00", "zstd data"), ("a.log", "192.0.2.1\n".encode("utf-16"), "UTF-16 text"),
    ("a.pcap", b"\xd4\xc3\xb2\xa1\2\0\4\0", "packet captures"), ("a.pcapng", b"\n\r\r\n\x1c\0\0\0", "packet captures"),
])
def test_job_with_what_is_not_text(spark, capsys, tmp_path, name, data, what):
    (tmp_path / "0.log").write_bytes(b"192.0.2.1\n" * 9 + data)
    (tmp_path / name).write_bytes(data)
    status, output, errors = job(spark, capsys, tmp_path)
    assert (status, output) == (2, b"") and f"{tmp_path}/{name}: {what}" in errors and errors.count("\n") == 1


def test_job_with_lines_that_begin_like_compressed_data(spark, capsys, tmp_path):
    lines = [b"192.0.2.1", b"\x1f\x8b\x08\x00 192.0.2.2", b"\xff\xfe1\0", b"BZh91AY&SY ::1"]
    (tmp_path / "a.log").write_bytes(b"\n".join(lines))
    assert job(spark, capsys, tmp_path / "a.log") == (0, simdinet("count", tmp_path / "a.log"), "")


@pytest.mark.full
def test_job_of_minimal_counts(spark, capsys, logs, tmp_path):
    assert job(spark, capsys, "--min=2", logs / "one.log") == (0, b"", "")
    assert job(spark, capsys, "--min=2", "--only=10.0.0.0/8", logs / "one.log")[:2] == (1, b"")


@pytest.mark.full
def test_job_of_a_column(spark, capsys, logs, tmp_path):
    frame = spark.read.text(str(logs / "awkward.log"), lineSep="\n").withColumnRenamed("value", "the line")
    frame.write.parquet(str(tmp_path / "table"), compression="uncompressed")
    frame.select(functions.col("the line").cast("binary")).write.orc(str(tmp_path / "bytes"), compression="none")
    wanted = (0, simdinet("count", logs / "awkward.log"), "")
    assert job(spark, capsys, "--column", "the line", tmp_path / "table") == wanted
    assert job(spark, capsys, "--format=orc", "--column", "the line", tmp_path / "bytes") == wanted
    status, _, errors = job(spark, capsys, "--column", "x", tmp_path / "table")
    assert (status, errors) == (2, "simdinet.spark: no column 'x'; there are: the line\n")


def test_job_without_addresses(spark, capsys, logs):
    assert job(spark, capsys, logs / "empty.log") == (1, b"", "")


def test_job_with_a_missing_file(spark, capsys, logs, tmp_path):
    status, output, errors = job(spark, capsys, logs / "log1.log", tmp_path / "none.log")
    assert (status, output) == (2, b"")
    assert errors.startswith("simdinet.spark: ") and f"{tmp_path}/none.log" in errors and errors.count("\n") == 1


@pytest.mark.full
def test_job_with_damaged_gzip(spark, capsys, logs, tmp_path):
    data = (logs / "log2.log.gz").read_bytes()
    (tmp_path / "cut.log.gz").write_bytes(data[:len(data) // 2])
    status, output, errors = job(spark, capsys, tmp_path / "cut.log.gz")
    assert (status, output) == (2, b"") and errors.count("\n") == 1 and f"{tmp_path}/cut.log.gz" in errors


@pytest.mark.parametrize("arguments, message", [
    (["--by=33", "x"], "invalid prefix lengths"),
    (["-n0", "x"], "invalid number"),
    ([], "PATH"),
])
def test_job_with_invalid_arguments(capsys, arguments, message):
    with pytest.raises(SystemExit) as caught:
        _job.main(["count", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_job_with_invalid_networks(capsys, tmp_path):
    (tmp_path / "list").write_text("10.0.0.0/8\n\n10.0.0.0/33 x\n")
    for arguments, message in ((["--only=10.0.0.256"], "invalid network '10.0.0.256'"),
                               (["--only="], "invalid network ''"), (["--not="], "invalid network ''"),
                               (["--networks="], "No such file"),
                               ([f"--networks={tmp_path}/list"], f"{tmp_path}/list:3: invalid network"),
                               ([f"--networks={tmp_path}/no"], f"{tmp_path}/no: No such file"),
                               (["--format=csv"], "--format csv needs --column")):
        assert _job.main(["count", *arguments, "x"]) == 2
        assert message in capsys.readouterr().err


@pytest.mark.full
def test_count_of_a_frame(spark, logs):
    frame = spark.read.text(str(logs / "awkward.log"), lineSep="\n")
    counts = {bytes(row.address): row["count"] for row in ip.count(frame, "value", by=(16, 32)).collect()}
    wanted = collections.Counter()
    for line in simdinet("count", "--by=16,32", "--format=tsv", logs / "awkward.log").decode().splitlines()[1:]:
        n, network = line.split("\t")
        wanted[ipaddress.ip_network(network).network_address.packed] = int(n)
    assert counts == wanted
    with pytest.raises(ValueError, match="invalid network 'x'"):
        ip.count(frame, "value", only="x")
    for name in ("only", "excluded"):
        with pytest.raises(ValueError, match="invalid network ''"):
            ip.count(frame, "value", **{name: ""})
    assert ip.count(frame.select(functions.lit(5).alias("n")), "n").count() == 0


def test_many_distinct_addresses(monkeypatch):
    """A task that holds too many addresses hands them on in parts."""
    monkeypatch.setattr(_count, "_MAX_DISTINCT", 10)
    batches = [pyarrow.record_batch({"x": pyarrow.array([f"10.0.{i}.{j % 7}" for j in range(20)], pyarrow.binary())})
               for i in range(9)]
    counter = _count._Counter(3, False, (32, 128), False, [], [])
    parts = list(counter(iter(batches)))
    total = collections.Counter()
    for part in parts:
        for row in part.to_pylist():
            total[row["address"]] += row["count"]
    assert len(parts) > 1 and sum(total.values()) == 180 and len(total) == 63


CLASSES = list(_lists._CLASSES)


def test_classes_are_those_of_the_command():
    bounds = sorted({str(address) for text in ("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 "
                                               "172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 "
                                               "224.0.0.0/4 240.0.0.0/4 ::1/128 64:ff9b::/96 100::/64 2001::/32 "
                                               "2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8").split()
                     for network in [ipaddress.ip_network(text)]
                     for end in (network.network_address, network.broadcast_address)
                     for address in (end, end + 1 if int(end) + 1 < 1 << end.max_prefixlen else end,
                                     end - 1 if int(end) else end)} | {"::ffff:10.0.0.1", "::ffff:8.8.8.8"})
    packed = pyarrow.array([library.parse(text) for text in bounds], pyarrow.binary())
    for name in CLASSES:
        accepted = _lists.parse_argument(name).accepts(packed).to_pylist()
        wanted = simdinet("extract", f"--only={name}", "--doubtful", input="".join(f"{t}\n" for t in bounds).encode())
        assert [text for text, yes in zip(bounds, accepted) if yes] == wanted.decode().split(), name
