# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet.spark in one process: the column functions, SQL, and the job against the command."""
import collections
import ipaddress
import os
import pickle
import shutil

import pytest
from conftest import SETTINGS, awkward_lines, found_in, names_reverse_zone, simdinet, texts_of_rules

pytest.importorskip("pyspark", reason="pyspark is not installed")
if not shutil.which("java"):
    pytest.skip("java is not installed (Debian: default-jre-headless)", allow_module_level=True)
import pyarrow
from pyspark.sql import SparkSession, functions

import simdinet as library
import simdinet.spark as ip
from simdinet.spark import _columns, _count, _lists, _networks, _udf

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
    frame = frame.where("line is not null and not lower(line) like '%.arpa%'").select("i", functions.regexp_replace("line", "[\r\n]", " ").alias("line"))
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
    assert sql(f"ip_in(text, '{', '.join(SITES)}')") == [EXPECTED["ip_in"](text) for text in VALUES]
    assert sql("ip_anonymize(concat('from [', text, ']:80'), 24, 48)")[:3] == [
        "from [192.0.2.0]:80", "from [10.1.2.0]:80", "from [2001:db8::]:80"]
    assert sql("size(ip_extract(text))")[:2] == [1, 1]
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
    shared = _networks.share(SITES)
    assert shared.broadcast is not None
    assert len(pickle.dumps(shared.key)) < 100

    def look(batches):
        for batch in batches:
            yield pyarrow.RecordBatch.from_pydict({"process": [os.getpid()], "set": [id(shared.get())]})

    rows = spark.range(0, 80, 1, 8).mapInArrow(look, "process long, set long").collect()
    assert len(rows) == 8
    assert len({row.set for row in rows}) <= len({row.process for row in rows}) < 8


def test_networks_keep_their_options():
    networks = pickle.loads(pickle.dumps(library.networks({"10.0.0.1/8": "a"}, clear_host_bits=True, mapped=True)))
    assert networks.get("::ffff:10.9.9.9") == "a"


# ---- the job ---------------------------------------------------------------------------------------------------------

def job(spark, capsys, *arguments):
    """(status, output, errors) of a job."""
    capsys.readouterr()
    status = _count.run(spark, _count.parse_options(["count", *map(str, arguments)]))
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
        ("--mapped", "--versions", "-6"))),
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


def test_job_with_a_list(spark, capsys, logs, tmp_path):
    (tmp_path / "list").write_text("# networks\n10.0.0.0/8,lab\n172.16.0.0 255.240.0.0 ; comment\n\n"
                                   "192.168.0.0 - 192.168.7.255 my label\n2001:db8::/32, fe80::/10\n"
                                   "10.0.0.0/8\n::ffff:203.0.113.0/120 documentation\nloopback,x\n")
    files = sorted(logs.iterdir())
    wanted = simdinet("count", "-f", tmp_path / "list", *files)
    assert wanted.count(b"\n") > 5
    assert job(spark, capsys, "--networks", tmp_path / "list", *files) == (0, wanted, "")


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
        _count.main(["count", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_job_with_invalid_networks(capsys, tmp_path):
    (tmp_path / "list").write_text("10.0.0.0/8\n\n10.0.0.0/33 x\n")
    for arguments, message in ((["--only=10.0.0.256"], "invalid network '10.0.0.256'"),
                               ([f"--networks={tmp_path}/list"], f"{tmp_path}/list:3: invalid network"),
                               ([f"--networks={tmp_path}/no"], f"{tmp_path}/no: No such file"),
                               (["--format=csv"], "--format csv needs --column")):
        assert _count.main(["count", *arguments, "x"]) == 2
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
