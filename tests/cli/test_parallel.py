# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Several threads: the same output as one."""
import signal
import subprocess

import pytest
from cli_support import equal


def test_truth(run, log):
    path, truth = log(seed=7, size="20M")
    assert equal(run("extract", "-b", "-j", "4", path)[1], truth)


@pytest.mark.parametrize("words", [
    ["extract"], ["extract", "-n"], ["extract", "-nbH", "--canonical"], ["extract", "--json", "-n"],
    ["extract", "--unique"], ["extract", "-6", "-0"], ["extract", "--versions"], ["extract", "--rejected", "-b"],
    ["extract", "--doubtful", "--json"], ["count"],
    ["count", "--by", "/24,/48"], ["grep", "-on", "10.0.0.0/8"], ["grep", "--color=always", "10.0.0.0/8"]])
def test_same_output(run, log, words):
    path, _ = log(seed=7, size="20M")
    one = run(*words, "-j", "1", path)
    assert (one[0], one[2]) == (0, "")
    for threads in ("2", "4"):
        assert equal(run(*words, "-j", threads, path), one), threads
    assert equal(run(*words, "-j", "99", path)[1], one[1]) # and a note on standard error


@pytest.mark.parametrize("words", [
    ["--doubtful"], ["--doubtful", "-4"], ["--doubtful", "-6"], ["--doubtful", "--defanged"],
    ["--rejected"], ["--rejected", "-4"], ["--rejected", "-6"]])
def test_address_across_two_ranges(run, file, words):
    """An address that begins in one range: what it contains is not reported in the next."""
    texts = [b"::ffff:192.0.2.1", b"1:2:3:4:5:6:192.0.2.1", b"x::ffff:10.0.0.1", b"v1.2.3.4", b"1.2.3.4.5", b"std::fs"]
    path = file("across", b" ".join(texts[i % 6] + b"," * (i % 7) for i in range(400000)))
    one = run("extract", "-b", "-j", "1", *words, path)
    assert (one[0], one[2]) == (0, "")
    for threads in ("2", "3"):
        assert equal(run("extract", "-b", "-j", threads, *words, path), one), threads


def test_more_output_than_input(run, file):
    """Threads fill their slots and wait for their turn."""
    path = file("dense", b"::1\n::2\n" * 1000000)
    one = run("extract", "--json", "-n", "-j", "1", path)[1]
    assert equal(run("extract", "--json", "-n", "-j", "4", path)[1], one)


def test_stats(run, log):
    path, truth = log(size="8M")
    stats = {run("count", "--stats", "-j", threads, path)[2].split(";")[0] for threads in "134"}
    stats |= {run("grep", "::/0", "--stats", "-j", threads, path)[2].split(";")[0] for threads in "13"}
    assert len({text.split(" addresses")[0] for text in stats}) == 1
    assert f" {len(truth.splitlines())} addresses" in stats.pop()


def test_full_disk_and_closed_pipe(simdinet, log):
    path, _ = log(size="20M")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, "extract", "-j", "4", path], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")
    process = subprocess.Popen([simdinet, "extract", "-j", "4", path], stdout=subprocess.PIPE)
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait() == -signal.SIGPIPE
