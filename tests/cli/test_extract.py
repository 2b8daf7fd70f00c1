# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet extract."""
import json
import os
import re
import resource
import subprocess

import pytest
from cli_support import equal

TEXT = b"a 10.0.0.1 b\n\nChrome/1.2.3.4 [2001:DB8::0:1]:80\n::ffff:10.0.0.2"
RED = b"\x1b[1;31m10.0.0.1\x1b[m\n"


@pytest.mark.parametrize("options, text, want", [
    ([], b"from 10.0.0.1 to [::1]:80\n", b"10.0.0.1\n::1\n"),
    (["-"], b"10.0.0.1", b"10.0.0.1\n"),
    ([], b"1.2.3.4.5 12:30:45 std::fs\n", b""),
    ([], b"", b""),
    (["-4"], b"10.0.0.1 ::1 ::ffff:10.0.0.2\n", b"10.0.0.1\n"),
    (["-6"], b"10.0.0.1 ::1 ::ffff:10.0.0.2\n", b"::1\n::ffff:10.0.0.2\n"),
    (["-46"], b"10.0.0.1 ::1 ::ffff:10.0.0.2\n", b"10.0.0.1\n::1\n::ffff:10.0.0.2\n"),
    ([], b"10.0.0.1 ::1 ::ffff:10.0.0.2\n", b"10.0.0.1\n::1\n::ffff:10.0.0.2\n"),
    (["-b"], b"\0\xff 10.0.0.1\n::1\n", b"3:10.0.0.1\n12:::1\n"),
    ([], b"Chrome/30.0.0.0", b""),
    (["--versions"], b"Chrome/30.0.0.0", b"30.0.0.0\n"),
    (["--canonical"], TEXT, b"10.0.0.1\n2001:db8::1\n::ffff:10.0.0.2\n"),
    (["-n"], TEXT, b"1:10.0.0.1\n3:2001:DB8::0:1\n4:::ffff:10.0.0.2\n"),
    (["-H4"], TEXT, b"(standard input):10.0.0.1\n"),
    (["-0"], TEXT, b"10.0.0.1\0" b"2001:DB8::0:1\0::ffff:10.0.0.2\0"),
    (["--unique"], b"::1 10.0.0.1 0::1 10.0.0.1 ::FFFF:10.0.0.1 10.0.0.2 ::1",
     b"::1\n10.0.0.1\n10.0.0.2\n"),
    (["--line-buffered"], TEXT, b"10.0.0.1\n2001:DB8::0:1\n::ffff:10.0.0.2\n"),
    (["--color=always"], b"10.0.0.1", RED),
    (["--color"], b"10.0.0.1", RED),
    (["--color=never"], b"10.0.0.1", b"10.0.0.1\n"),
    (["--color=auto"], b"10.0.0.1", b"10.0.0.1\n"),
    (["-j", "32"], b"1.2.3.4", b"1.2.3.4\n"),
])
def test_output(run, options, text, want):
    assert run("extract", *options, stdin=text) == (0 if want else 1, want, "")


def test_files_in_order(run, file):
    a, b = file("a", b"10.0.0.1"), file("b", b".5 ::2\n")
    assert run("extract", b, "-", a, stdin=b"10.0.0.9\n") == (0, b"::2\n10.0.0.9\n10.0.0.1\n", "")


def test_file_names(run, file):
    path = file("log", TEXT)
    assert run("extract", "-nbH", path)[1].splitlines()[1].decode() == f"{path}:3:30:2001:DB8::0:1"
    assert run("extract", "-Hh", path, path)[1] == run("extract", path)[1] * 2


@pytest.mark.parametrize("name", [b'a "log" \\ with \t\n\x01.txt', "früh €😀".encode(),
                                  b"bad \xff\xed\xa0\x80 utf-8"])
def test_json(run, tmp_path, name):
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as log:
        log.write(TEXT)
    status, out, err = run("extract", "--json", "-n", "--versions", path)
    assert (status, err) == (0, "")
    file = path.replace(b"\xff\xed\xa0\x80", "\ufffd".encode() * 4).decode()
    keys = ("file", "line", "offset", "address", "canonical", "family", "flags")
    assert [json.loads(line) for line in out.decode().splitlines()] == [dict(zip(keys, values)) for values in [
        (file, 1, 2, "10.0.0.1", "10.0.0.1", 4, []),
        (file, 3, 21, "1.2.3.4", "1.2.3.4", 4, ["version", "version-slash"]),
        (file, 3, 30, "2001:DB8::0:1", "2001:db8::1", 6, []),
        (file, 4, 48, "::ffff:10.0.0.2", "::ffff:10.0.0.2", 6, ["mapped"])]]


def test_json_without_line_number(run):
    assert "line" not in json.loads(run("extract", "--json", stdin=b"::1")[1])


@pytest.mark.parametrize("name, shown", [
    (b"a\xff", b"a\\ufffd"), (b"\xc3", b"\\ufffd"), (b"\xc3(", b"\\ufffd("), (b"\x80", b"\\ufffd"),
    (b"\xc1\x81", b"\\ufffd\\ufffd"), (b"\xe0\x80\x80", b"\\ufffd" * 3), (b"\xed\xa0\x80", b"\\ufffd" * 3),
    (b"\xed\x9f\xbf", b"\xed\x9f\xbf"), (b"\xee\x80\x80", b"\xee\x80\x80"),
    (b"\xf0\x80\x80\x80", b"\\ufffd" * 4), (b"\xf4\x90\x80\x80", b"\\ufffd" * 4),
    (b"\xf5\x80\x80\x80", b"\\ufffd" * 4), (b"\xf4\x8f\xbf\xbf", b"\xf4\x8f\xbf\xbf"),
    (b"\xf0\x9f\x98\x80", b"\xf0\x9f\x98\x80"), (b"\xc3\xa9", b"\xc3\xa9"),
    (b'"\\\n\x1f', b'\\"\\\\\\u000a\\u001f'), (b"\x7f\xc2\x9b\xc2\xa0", b"\\u007f\\u009b\xc2\xa0")])
def test_json_of_invalid_utf8(run, tmp_path, name, shown):
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as log:
        log.write(b"1.2.3.4")
    status, out, err = run("extract", "--json", "-H", path)
    assert (status, err) == (0, "")
    assert b"/" + shown + b'","offset":0,' in out


def test_lines_are_printed_as_they_arrive(simdinet):
    with subprocess.Popen([simdinet, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for address in (b"10.0.0.1\n", b"2001:db8::1\n"):
            process.stdin.write(b"from " + address)
            process.stdin.flush()
            assert process.stdout.readline() == address


def test_long_line_in_constant_memory(simdinet, unsanitized):
    limit = 64 << 20
    process = subprocess.Popen(
        [simdinet, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    for _ in range(200):
        process.stdin.write(b"x" * (1 << 20))
    out, _ = process.communicate(b" 10.0.0.1 ")
    assert (process.returncode, out) == (0, b"10.0.0.1\n")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_finds_exactly_the_truth(run, log, seed):
    path, truth = log(seed=seed, size="4M")
    status, out, err = run("extract", "--byte-offset", path)
    assert (status, err) == (0, "")
    assert len(out) > 100000
    assert equal(out, truth)


def test_stats(run):
    status, out, err = run("extract", "--stats", stdin=b"10.0.0.1 a\n\n::1")
    assert (status, out) == (0, b"10.0.0.1\n::1\n")
    assert re.fullmatch(r"3 lines, 15 bytes, 2 addresses; \d+\.\d{3} s\n", err)
    err = run("extract", "--stats", "-j1", stdin=b"10.0.0.1 a\n" * 2000000)[2]
    assert re.fullmatch(r"2000000 lines, 22000000 bytes, 2000000 addresses; \d+\.\d{3} s, "
                        r"(\d\.\d\d GB/s|\d\d?\.\d MB/s)\n", err)
