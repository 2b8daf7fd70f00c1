# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The examples of docs/engines.md, as they stand there."""
import collections
import doctest
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from conftest import SETTINGS, TREE, simdinet

PAGE = (TREE / "docs/engines.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.fixture
def folder(logs, tmp_path, monkeypatch):
    """A working directory with logs/web.log."""
    (tmp_path / "logs").mkdir()
    text = (logs / "log1.log").read_bytes().decode(errors="replace").replace("\0", " ")
    # What servers write for TLS on a plain port, and a byte 1.
    (tmp_path / "logs/web.log").write_text(text + r'192.0.2.1 - - "\x16\x03\x01\x02" 400' + "\n\x01 192.0.2.2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(*arguments):
    lines = simdinet("count", "--mapped", "--format=tsv", *arguments, "logs/web.log").decode().splitlines()[1:]
    return [(text, int(n)) for n, text in (line.split("\t") for line in lines)]


def top_three(rows):
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:3]


def test_spark():
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if not shutil.which("java"):
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    from pyspark.sql import SparkSession
    session = SparkSession.builder.master("local[1]").config(map=SETTINGS).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    test = doctest.DocTestParser().get_doctest("\n".join(blocks("python")), {"spark": session}, "engines.md", None, 0)
    assert len(test.examples) > 5
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test)
    session.stop()
    assert runner.failures == 0


@pytest.mark.full
def test_job(folder):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    command, = (block for block in blocks("sh") if "simdinet.spark count" in block)
    words = shlex.split(command)
    done = subprocess.run([sys.executable, *words[1:]], capture_output=True)
    assert done.stdout == simdinet("count", "-n", "3", "--by=/24,/48", folder / "logs/web.log"), done.stderr


def test_duckdb(folder):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    extension = os.environ.get("SIMDINET_DUCKDB_EXTENSION") or pytest.skip("duckdb_extension.h is not in the cache folder")
    script = next(block for block in blocks("sql") if "addresses_in" in block)
    script = script.replace("build/duckdb/simdinet.duckdb_extension", extension)
    connection = duckdb.connect(config={"allow_unsigned_extensions": True})
    assert connection.execute(script).fetchall() == top_three(rows_of("--not=10.0.0.0/8,fc00::/7"))


def test_clickhouse(folder):
    pytest.importorskip("chdb", reason="chdb is not installed")
    shutil.copy(TREE / "bindings/clickhouse/simdinet_function.xml", folder)
    shutil.copy(os.environ["SIMDINET_CLICKHOUSE_FILTER"], folder / "simdinet-clickhouse")
    script = next(block for block in blocks("sql") if "simdinetExtract" in block)
    count, anonymize = script.split(";")[:2]
    program = ("import chdb, sys\nfor query in sys.argv[2:]:\n"
               "    print(str(chdb.query(query, 'JSONCompactEachRow', udf_path=sys.argv[1])), end='')\n")
    done = subprocess.run([sys.executable, "-c", program, folder, count.replace("logs/", f"{folder}/logs/"), anonymize],
                          capture_output=True, text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows[-1] == ["192.0.2.0 GET /"], done.stderr
    counts = collections.Counter()
    for match in simdinet("extract", "--mapped", "logs/web.log").decode().split():
        counts[match] += 1
    assert [(row[0], int(row[1])) for row in rows[:3]] == top_three(counts.items())


@pytest.mark.full
def test_builds():
    """The commands that build and install the extension and the executable functions."""
    folder = pathlib.Path("docs").resolve()  # of build/engines, where the tests run
    include = pathlib.Path(os.environ["SIMDINET_ENGINES_CACHE"]) / "include"
    scripts = [block for block in blocks("sh") if "cmake" in block]
    assert len(scripts) == 2
    for script in scripts:
        if "duckdb" in script:
            if not include.exists():
                continue
            script = script.replace("DIRECTORY", str(include))
        script = script.replace("build/", f"{folder}/").replace(" /var", f" {folder}/system/var").replace(
            " /etc", f" {folder}/system/etc")
        done = subprocess.run(["sh", "-e", "-c", script], cwd=TREE, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert not include.exists() or (folder / "duckdb/simdinet.duckdb_extension").exists()
    assert os.access(folder / "system/var/lib/clickhouse/user_scripts/simdinet-clickhouse", os.X_OK)
    assert (folder / "system/etc/clickhouse-server/simdinet_function.xml").exists()


def test_links():
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (TREE / "docs" / target).exists(), target
