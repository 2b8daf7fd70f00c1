# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The executable functions of ClickHouse: the program by itself, and in chdb, with the XML that users install."""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time

import pytest
from conftest import TREE, awkward_lines, names_reverse_zone, simdinet, texts_of_rules

import simdinet as library

FILTER = os.environ.get("SIMDINET_CLICKHOUSE_FILTER", "simdinet-clickhouse")
XML = TREE / "bindings/clickhouse/simdinet_function.xml"


def varint(value):
    result = b""
    while value >= 0x80:
        result += bytes([value & 0x7F | 0x80])
        value >>= 7
    return result + bytes([value])


def string(data):
    return varint(len(data)) + data


def header(n, kind=b"String"):
    """What precedes n rows of a type."""
    return b"%d\n" % n + varint(1) + string(b"text") + string(kind)


def chunk(rows):
    return header(len(rows)) + b"".join(map(string, rows))


class Output:
    """What the program wrote: a header with the type, and strings or arrays of strings."""

    def __init__(self, data, name=b"addresses", kind=b"Array(String)"):
        self.data, self.at = data, 0
        assert (self.number(), self.string(), self.string()) == (1, name, kind)

    def number(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def string(self):
        size = self.number()
        self.at += size
        return self.data[self.at - size:self.at]

    def array(self):
        return [self.string() for _ in range(self.number())]


def run(data, *arguments):
    return subprocess.run([FILTER, *arguments], input=data, capture_output=True, timeout=300)


def found_in(text):
    return [text[match["offset"]:match["offset"] + match["length"]] for match in library.scan(text).to_pylist()]


def rows_of(n, seed=7):
    source = random.Random(seed)
    rows = awkward_lines(n, seed) + [text.encode() for text in texts_of_rules()]
    rows += [b"x" * 70000 + b" 192.0.2.1 ", b"192.0.2.1 " * 40000, b"", b"::1" + b" " * 2045, b"y" * 2048, b"y" * 2049]
    source.shuffle(rows)
    return rows


def test_extract():
    rows = rows_of(3000)
    done = run(chunk(rows), "extract")
    assert (done.returncode, done.stderr) == (0, b"")
    output = Output(done.stdout)
    assert [output.array() for _ in rows] == [found_in(row) for row in rows]
    assert output.at == len(done.stdout)


def test_anonymize_is_the_command():
    rows = [row.replace(b"\n", b" ").replace(b"\r", b" ").decode(errors="replace").encode() for row in rows_of(3000)
            if not names_reverse_zone(row.decode(errors="replace"))]
    wanted = simdinet("anonymize", "--truncate=16,32", input=b"".join(row + b"\n" for row in rows))
    output = Output(run(chunk(rows), "anonymize", "16", "32").stdout, b"text", b"String")
    assert b"".join(output.string() + b"\n" for _ in rows) == wanted


ANSWER = varint(1) + string(b"addresses") + string(b"Array(String)")


@pytest.mark.parametrize("kind, rows", [
    (b"Nullable(String)", b"".join(b"\0" + string(row) for row in (b"192.0.2.1", b"", b"x ::1"))),
    (b"LowCardinality(Nullable(String))", b"".join(b"\0" + string(row) for row in (b"192.0.2.1", b"", b"x ::1"))),
    (b"LowCardinality(String)", b"".join(map(string, (b"192.0.2.1", b"", b"x ::1")))),
    (b"FixedString(10)", b"192.0.2.1\0" + bytes(10) + b"x ::1\0\0\0\0\0"),
    (b"Nullable(FixedString(10))", b"\x00192.0.2.1\0\0" + bytes(10) + b"\0x ::1\0\0\0\0\0"),
])
def test_types(kind, rows):
    """What older versions of ClickHouse send although the argument is declared as a String."""
    done = run(header(3, kind) + rows, "extract")
    assert (done.returncode, done.stderr) == (0, b"")
    output = Output(done.stdout)
    assert [output.array() for _ in range(3)] == [[b"192.0.2.1"], [], [b"::1"]] and output.at == len(done.stdout)


def test_input_that_arrives_in_bytes():
    """Number, names, lengths and texts, cut at every byte; a long text afterwards."""
    rows = [b"192.0.2.1 " * 20, b"x 2001:db8::1 x"]
    data = chunk(rows) + chunk([b"10.0.0.1 " * 300000]) + chunk(rows)
    with subprocess.Popen([FILTER, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        first = len(chunk(rows))
        for i in range(first):
            process.stdin.write(data[i:i + 1])
            time.sleep(0.0005)
        done = process.communicate(data[first:], 60)[0]
    once, large = ([b"192.0.2.1"] * 20, [b"2001:db8::1"]), [b"10.0.0.1"] * 300000
    output = Output(done)
    assert (output.array(), output.array()) == once
    output = Output(done[output.at:])
    assert output.array() == large
    output = Output(output.data[output.at:])
    assert (output.array(), output.array()) == once and output.at == len(output.data)
    assert process.returncode == 0


def test_memory_is_given_back():
    """A large text does not stay in the memory of a process of a pool."""
    def memory():
        return int(re.search(r"VmRSS:\s*(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text()).group(1))
    with subprocess.Popen([FILTER, "anonymize"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        sizes = []
        for row in (b"192.0.2.1", b"192.0.2.1 " * 6400000, b"192.0.2.1"):
            writer = threading.Thread(target=process.stdin.write, args=(chunk([row]),))
            writer.start()
            wanted = len(varint(1) + string(b"text") + string(b"String") + string(row))
            while wanted > 0:
                wanted -= len(process.stdout.read(wanted))
            writer.join()
            time.sleep(0.05)
            sizes.append(memory())
        process.stdin.close()
        assert process.wait(60) == 0
    assert sizes[2] - sizes[0] < 8000, sizes


def test_chunks_are_answered_at_once():
    """Each chunk has its results before the next one is written; the program stays."""
    with subprocess.Popen([FILTER, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for n in (1, 3, 0, 2):
            process.stdin.write(chunk([b"192.0.2.1"] * n))
            process.stdin.flush()
            assert process.stdout.read(len(ANSWER)) == ANSWER
            assert process.stdout.read(11 * n) == b"\x01\x09192.0.2.1" * n
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize("data, message", [
    (header(2) + b"\x011", b"unexpected end of the input"),
    (header(1) + b"\x05abc", b"unexpected end of the input"),
    (b"1", b"unexpected end of the input"),
    (b"1\n", b"unexpected end of the input"),
    (header(1)[:-1], b"unexpected end of the input"),
    (header(2, b"FixedString(5)") + b"abcdefg", b"unexpected end of the input"),
    (header(1, b"Nullable(String)"), b"unexpected end of the input"),
    (header(1, b"Nullable(String)") + b"\x01", b"a text is NULL"),
    (b"x\n", b"send_chunk_header is needed"),
    (b"\n", b"send_chunk_header is needed"),
    (b"1234567890123456789\n", b"send_chunk_header is needed"),
    (b"1\n" + string(b"192.0.2.1"), b"one column of RowBinaryWithNamesAndTypes"),
    (b"1\n" + varint(2) + string(b"a"), b"one column of RowBinaryWithNamesAndTypes"),
    (b"1\n" + varint(1) + varint(257) + b"x" * 257, b"not RowBinaryWithNamesAndTypes"),
    (header(1, b"UInt64") + bytes(8), b"the argument is UInt64, not String"),
    (header(1, b"FixedString()") + bytes(8), b"the argument is FixedString(), not String"),
    (header(1, b"FixedString(1x)") + bytes(8), b"the argument is FixedString(1x), not String"),
    (header(1, b"Array(String)") + bytes(8), b"the argument is Array(String), not String"),
    (header(1) + b"\xff" * 10, b"invalid length of a string"),
    (header(1) + varint((1 << 30) + 1), b"a string is longer than 1 GiB"),
])
def test_invalid_input(data, message):
    done = run(data, "extract")
    assert done.returncode == 2 and message in done.stderr and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("arguments", [[], ["x"], ["extract", "1"], ["anonymize", "33"], ["anonymize", "24", "x"]])
def test_invalid_arguments(arguments):
    done = run(b"", *arguments)
    assert done.returncode == 2 and done.stderr.startswith(b"usage: simdinet-clickhouse extract\n")


def test_output_that_closes():
    with subprocess.Popen([FILTER, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        process.stdout.close()
        try:
            process.stdin.write(chunk([b"192.0.2.1 " * 1000] * 100))
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait(60) != 0


# ---- in the engine: chdb, in a process of its own -------------------------------------------------------------------

PROGRAM = """
import json, sys
import chdb
for query in json.load(sys.stdin):
    try:
        print(json.dumps(str(chdb.query(query, "JSONCompactEachRow", udf_path=sys.argv[1]))))
    except Exception as error:
        print(json.dumps("ERROR " + str(error)))
"""


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory):
    pytest.importorskip("chdb", reason="chdb is not installed")
    folder = tmp_path_factory.mktemp("scripts")
    shutil.copy(XML, folder)
    shutil.copy(FILTER, folder / "simdinet-clickhouse")

    def query(*queries):
        done = subprocess.run([sys.executable, "-c", PROGRAM, folder], input=json.dumps(queries), capture_output=True,
                              text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        return [answer if answer.startswith("ERROR") else [json.loads(row) for row in answer.splitlines()]
                for answer in answers]
    return query


def test_functions(clickhouse, tmp_path):
    texts = [row.decode(errors="replace") for row in rows_of(2000)]
    (tmp_path / "rows.json").write_text("".join(json.dumps({"i": i, "t": text}) + "\n" for i, text in enumerate(texts)))
    source = f"file('{tmp_path}/rows.json', JSONEachRow, 'i UInt32, t String')"
    anonymized, extracted, version = clickhouse(
        f"select simdinetAnonymize(t) from {source} order by i",
        f"select simdinetExtract(t) from {source} order by i", "select version()")
    print("ClickHouse", version[0][0])
    assert [row[0] for row in extracted] == [[part.decode() for part in found_in(text.encode())] for text in texts]
    wanted = Output(run(chunk([text.encode() for text in texts]), "anonymize").stdout, b"text", b"String")
    assert [row[0] for row in anonymized] == [wanted.string().decode() for _ in texts]


def test_many_chunks_and_threads(clickhouse):
    rows, constant, nothing = clickhouse(
        "select sum(length(simdinetExtract(concat('from 10.0.', toString(number % 256), '.1 to ::', hex(number % 60000))))) "
        "from numbers_mt(300000) settings max_threads = 4, max_block_size = 10007",
        "select simdinetExtract('192.0.2.1 x'), simdinetAnonymize('') from numbers(2)",
        "select simdinetExtract(toString(number)) from numbers(0)")
    assert rows == [["600000"]] or rows == [[600000]]
    assert constant == [[["192.0.2.1"], ""]] * 2
    assert nothing == []


def test_types_of_the_argument(clickhouse):
    """Each type gives the same in every version, or an error; large blocks, too."""
    text = "concat('192.0.2.', toString(number % 256), ' x')"
    for kind in ("toString", "toNullable", "toLowCardinality", "toFixedString"):
        value = f"{kind}({text}, 20)" if kind == "toFixedString" else f"{kind}({text})"
        for n in (2, 150000):
            found, anonymized = clickhouse(f"select groupBitXor(cityHash64(simdinetExtract({value}))) = "
                                           f"groupBitXor(cityHash64(extractAll({text}, '[0-9.]+'))) from numbers({n})",
                                           f"select count() from numbers({n}) where "
                                           f"simdinetAnonymize({value}) like '192.0.2.0 x%'")
            assert found in ([[1]], [[True]]), (kind, n)
            assert [[int(row[0]) for row in anonymized]] == [[n]], (kind, n)
    (answer,) = clickhouse("select simdinetExtract(if(number = 1, null, '192.0.2.1')) from numbers(2)")
    assert isinstance(answer, str) and "Cannot convert NULL" in answer


def test_counts_are_those_of_the_command(clickhouse, logs):
    (rows,) = clickhouse("select count() as n, a from (select arrayJoin(simdinetExtract(line)) as a from "
                         f"file('{logs}/log1.log', LineAsString, 'line String')) group by a")
    counts = collections.Counter()
    for n, text in rows:
        counts[library.canonical(text)] += int(n)
    wanted = (line.split("\t") for line in
              simdinet("count", "--mapped", "--format=tsv", logs / "log1.log").decode().splitlines()[1:])
    assert counts == {text: int(n) for n, text in wanted}
