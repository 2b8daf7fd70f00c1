# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures of the tests of the engines. bindings/test.sh runs them; it sets the variables that are read here."""
import os
import pathlib
import random
import re
import subprocess
import typing

import pytest
import simdinet as library

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND, LOGGEN = (os.environ.get(name, name[9:].lower()) for name in ("SIMDINET_COMMAND", "SIMDINET_LOGGEN"))

# Spark on loopback, with little memory and few tasks of its own.
SETTINGS = {"spark.driver.memory": "1g", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "3",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.files.maxPartitionBytes": "65537", "spark.ui.showConsoleProgress": "false"}


def simdinet(*arguments, input=None):
    """The output of the command."""
    done = subprocess.run([COMMAND, *map(str, arguments)], input=input, capture_output=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def texts_of_rules():
    """Every text of the tables of the scan's tests."""
    table = (TREE / "tests/data/scan_lines.tsv").read_text().splitlines()
    return [part for line in table for part in line.split("\t") if part]


class Match(typing.NamedTuple):
    """A match as the engines give it."""
    offset: int
    length: int
    family: int
    address: bytes
    text: str


def found_in(text):
    """The matches of a text; None for None."""
    if text is None:
        return None
    data = text.encode()
    result = []
    for match in library.scan(data).to_pylist():
        end = match["offset"] + match["length"]
        result.append(Match(match["offset"], match["length"], match["family"], match["address"],
                            data[match["offset"]:end].decode()))
    return result


# What the engines do not truncate as the command does: names of reverse DNS and of blocklists, percent-encoded colons,
# nine groups.
OTHER_NAMES = r"(?i)[.]arpa|[0-9a-f][.][a-z]|%3a|([0-9a-f]+:){8}"


def names_reverse_zone(text):
    """Whether a text may hold one of OTHER_NAMES."""
    return re.search(OTHER_NAMES, text) is not None


def awkward_lines(n, seed=1):
    """Lines of bytes: parts of texts of the rules, bytes that are not UTF-8, NUL, CR, nothing."""
    source = random.Random(seed)
    texts = [text.encode() for text in texts_of_rules()]
    odd = [b"\xff\xfe 192.0.2.9 \x80", b"\0 2001:db8::9\0", b"192.0.2.10\r", b"", b" " * 5000 + b"192.0.2.11",
           b"\xc3(198.51.100.7)", bytes(range(1, 10)) + b" 192.0.2.12", "ф192.0.2.13ф".encode()]
    lines = []
    for _ in range(n):
        text = source.choice(texts)
        cut = source.randint(0, len(text))
        lines.append(source.choice([text, text[:cut] + source.choice(texts), source.choice(odd)]))
    return lines


@pytest.fixture(scope="session")
def logs(tmp_path_factory):
    """A folder of files: generated logs, awkward lines, a compressed one, an empty one, one without a line end."""
    folder = tmp_path_factory.mktemp("logs")
    for seed in (1, 2):
        subprocess.run([LOGGEN, "--seed", str(seed), "--size", "600K", folder / f"log{seed}.log", folder / "truth"],
                       check=True)
    (folder / "truth").unlink()
    (folder / "awkward.log").write_bytes(b"\n".join(awkward_lines(4000)) + b"\n")
    (folder / "one.log").write_bytes(b"192.0.2.1 2001:db8::1")
    (folder / "empty.log").touch()
    subprocess.run(["gzip", folder / "log2.log"], check=True)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Names every skipped test in the form that tools/count_tests.py reads."""
    for report in terminalreporter.stats.get("skipped", []):
        test = report.nodeid.partition("::")[2].replace("::", ".") or report.nodeid
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"skipped: engines/{test}: {reason.removeprefix('Skipped: ')}")
