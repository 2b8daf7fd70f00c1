# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The executable functions of ClickHouse: the program by itself, and in chdb, with the XML that users install."""
import collections
import json
import os
import random
import shutil
import subprocess
import sys

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


def chunk(rows):
    return b"%d\n" % len(rows) + b"".join(varint(len(row)) + row for row in rows)


class Output:
    """What the program wrote: strings and arrays of strings."""

    def __init__(self, data):
        self.data, self.at = data, 0

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
    output = Output(run(chunk(rows), "anonymize", "16", "32").stdout)
    assert b"".join(output.string() + b"\n" for _ in rows) == wanted


def test_chunks_are_answered_at_once():
    """Each chunk has its results before the next one is written; the program stays."""
    with subprocess.Popen([FILTER, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for n in (1, 3, 0, 2):
            process.stdin.write(chunk([b"192.0.2.1"] * n))
            process.stdin.flush()
            answer = b"".join(process.stdout.read(11) for _ in range(n))
            assert answer == b"\x01\x09192.0.2.1" * n
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize("data, message", [
    (b"2\n\x011", b"unexpected end of the input"),
    (b"1\n\x05abc", b"unexpected end of the input"),
    (b"1", b"unexpected end of the input"),
    (b"x\n", b"send_chunk_header is needed"),
    (b"\n", b"send_chunk_header is needed"),
    (b"1234567890123456789\n", b"send_chunk_header is needed"),
    (b"1\n" + b"\xff" * 10, b"invalid length of a string"),
    (b"1\n" + varint((1 << 30) + 1), b"a string is longer than 1 GiB"),
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
    wanted = Output(run(chunk([text.encode() for text in texts]), "anonymize").stdout)
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


def test_counts_are_those_of_the_command(clickhouse, logs):
    (rows,) = clickhouse("select count() as n, a from (select arrayJoin(simdinetExtract(line)) as a from "
                         f"file('{logs}/log1.log', LineAsString, 'line String')) group by a")
    counts = collections.Counter()
    for n, text in rows:
        counts[library.canonical(text)] += int(n)
    wanted = (line.split("\t") for line in
              simdinet("count", "--mapped", "--format=tsv", logs / "log1.log").decode().splitlines()[1:])
    assert counts == {text: int(n) for n, text in wanted}
