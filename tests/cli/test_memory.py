# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The memory limits of simdinet(1), and too little memory."""
import gzip
import os
import pathlib
import re
import resource
import subprocess

import pytest

LIMIT = 64 << 20


@pytest.fixture
def large_log(log, tmp_path):
    def repeat(times):
        text = pathlib.Path(log(size="4M")[0]).read_bytes()
        with open(tmp_path / "large", "wb") as large:
            for _ in range(times):
                large.write(text)
        return tmp_path / "large"
    return repeat


def limit_address_space(size):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def test_large_files(peak_memory, large_log):
    path = large_log(64)
    for words in (["extract"], ["extract", "-b", "-j", "32"], ["extract", "--json", "-n", "-j", "32"],
                  ["count", "-j", "32"], ["grep", "10.0.0.0/8", "-j", "32"], ["grep", "-v", "::1"]):
        status, memory = peak_memory(*words, path)
        assert status == 0
        assert memory < LIMIT, words


def test_threads_in_a_limited_address_space(simdinet, large_log, unsanitized):
    done = subprocess.run([simdinet, "count", "-j", "8", large_log(4)], capture_output=True,
                          preexec_fn=limit_address_space(LIMIT))
    assert (done.returncode, done.stderr) == (0, b"")


def test_line_of_200_megabytes(peak_memory, tmp_path):
    path = tmp_path / "line"
    with open(path, "wb") as line:
        for _ in range(200):
            line.write(b"x" * (1 << 20))
        line.write(b" 10.0.0.1 ")
    for words in (["extract"], ["count", "-j", "4"], ["extract", "-n"],
                  *(["grep", options, "10.0.0.1"] for options in ("-c", "-q", "-o", "-on", "-cj4"))):
        status, memory = peak_memory(*words, path)
        assert status == 0
        assert memory < LIMIT, words
    for words in (["grep", "-vc", "10.0.0.1"], ["grep", "-vc", "-j4", "10.0.0.1"]):
        status, memory = peak_memory(*words, path)
        assert status == 1
        assert memory < LIMIT, words
    for threads in ("1", "4"):
        status, memory = peak_memory("grep", "-j", threads, "10.0.0.1", path)
        assert status == 0
        assert memory < LIMIT + (201 << 20)


def test_many_distinct_addresses(peak_memory, tmp_path):
    n = 400000
    with open(tmp_path / "many", "w") as many:
        for i in range(n):
            many.write("11.%d.%d.%d 2001:db8::%x\n" % (i >> 16, i >> 8 & 255, i & 255, i))
    for words in (["count"], ["count", "-j", "8"], ["extract", "--unique"]):
        status, memory = peak_memory(*words, tmp_path / "many")
        assert status == 0
        assert memory < LIMIT + 64 * 2 * n


@pytest.fixture(scope="module")
def long_line(tmp_path_factory):
    """A hole of more than 1 GiB and an address on the second line of four."""
    path = tmp_path_factory.mktemp("memory") / "hole"
    with open(path, "wb") as hole:
        hole.write(b"a 10.0.0.1\n")
        hole.truncate((1 << 30) + (1 << 20))
        hole.seek(0, os.SEEK_END)
        hole.write(b" 10.0.0.2\nb 10.0.0.3\nnothing\n")
    return str(path)


@pytest.mark.parametrize("options, lines", [
    ("-nj1", b"1:a 10.0.0.1\n3:b 10.0.0.3\n"), ("-vnj2", b"4:nothing\n")])
def test_line_longer_than_the_limit(run, long_line, unsanitized, options, lines):
    message = f"simdinet: {long_line}: line at byte 11 skipped: longer than 1 GiB\n"
    assert run("grep", options, "10.0.0.0/8", long_line) == (2, lines, message)


@pytest.mark.parametrize("options, lines", [
    ("-c", b"3\n"), ("-vcj1", b"1\n"), ("-on", b"1:10.0.0.1\n2:10.0.0.2\n3:10.0.0.3\n")])
def test_no_limit_for_lines_that_are_not_printed(run, long_line, options, lines):
    assert run("grep", options, "10.0.0.0/8", long_line) == (0, lines, "")


def test_line_too_long_for_memory(run, file, unsanitized):
    """Skipped like a line that is longer than the limit, in any delivery."""
    path = file("line", b"10.0.0.1\n10.0.0.2 " + b"x" * (100 << 20) + b"\n10.0.0.3\n")
    message = f"simdinet: {path}: line at byte 9 skipped: out of memory\n"
    for threads in ("-j1", "-j2"):
        assert run("grep", threads, "10.0.0.0/8", path, preexec_fn=limit_address_space(LIMIT)) == (
            2, b"10.0.0.1\n10.0.0.3\n", message), threads


NUMBERS = [(i >> 8, i & 255, i) for i in range(40000)]
FILES = {"log": b"".join(b"x 10.%d.%d.7 2001:db8::%x\n" % numbers for numbers in NUMBERS),
         "list": b"".join(b"10.%d.%d.0/24\n" % (a, b) for a, b, _ in NUMBERS),
         "lines": b"10.0.0.1\n" * 10000, "values": bytes(range(256)) * 400}


@pytest.mark.parametrize("words", [
    ["extract", "log"], ["extract", "-n", "-j4", "log"], ["extract", "--unique", "log"], ["extract", "log.gz"],
    ["count", "log"], ["count", "-j4", "log"], ["grep", "10.0.0.0/9", "log"], ["grep", "-f", "list", "log"],
    ["parse", "lines"], ["format", "values"]])
def test_too_little_memory(run, file, tmp_path, unsanitized, words):
    """Less and less address space, down to where the program cannot be loaded."""
    for name, text in FILES.items():
        file(name, text)
    file("log.gz", gzip.compress(FILES["log"]))
    right = run(*words, cwd=tmp_path)
    if "built without" in right[2]:
        pytest.skip("the command was built without zlib")
    assert (right[0], right[2]) == (0, "")

    def run_in(kilobytes):
        return run(*words, cwd=tmp_path, preexec_fn=limit_address_space(kilobytes << 10))

    # The requirement depends on the compiler and on the libraries.
    enough, too_little = 64000, 1000
    while enough - too_little > 64:
        middle = (enough + too_little) // 2
        if run_in(middle) == right:
            enough = middle
        else:
            too_little = middle
    failed = 0
    for kilobytes in range(too_little, 1000, -192):
        done = run_in(kilobytes)
        if done[0] == 127 or done[0] < 0 and not done[1]:
            break # the loader failed
        if done != right:
            failed += 1
            assert done[0] == 2, (kilobytes, done[2])
            assert re.search(r"\Asimdinet: (.*: )?([Oo]ut of|Cannot allocate) memory\n\Z", done[2]), kilobytes
            if words[0] == "count":
                assert done[1] == b"", "incomplete counts"
            assert right[1].startswith(done[1]), kilobytes
    assert failed > 0
