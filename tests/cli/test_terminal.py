# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Terminals: colours, the progress line, and output as it comes.

No test depends on the speed of the machine: each waits for what the command does, and for a time only after that.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

RED = b"\x1b[1;31m10.0.0.1\x1b[m\n"
# Each read more than 0.2 s after the last update shows it again.
PROGRESS = rb"\A(\rsimdinet: 0\.00 GB, 0\.00 GB/s, 100 % of this file\x1b\[K)+\r\x1b\[K\Z"
# Writes to standard input; the progress line comes a second after the command has read the first one.
FIRST, SLOW = [b"10.0.0.1\n"], [b"10.0.0.1\n", b"10.0.0.1\n", b"x\n"]
# No machine reads as much within a test; the largest size that all file systems allow.
ENDLESS = 1 << 43


def await_read(pipe):
    """Waits until the reader of the pipe has read everything, or has ended."""
    unread = b"\1\0\0\0"
    poll = select.poll()
    poll.register(pipe, select.POLLERR)
    while any(unread) and not poll.poll(1):
        unread = fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0")


@pytest.fixture
def on_terminal(simdinet):
    """Runs the command with a terminal as stdout (True, or another file), stderr or both; returns what was written to
    the terminal. Each text of feed is written when the one before is read, and more than a second after the first
    one is read. signal is sent after the first output."""
    def run_command(words, stdout=False, stderr=False, env=None, feed=(), signal=None):
        shown, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        raw = termios.tcgetattr(terminal)
        raw[1] &= ~termios.OPOST
        termios.tcsetattr(terminal, termios.TCSANOW, raw)
        process = subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE,
                                   stdout=terminal if stdout is True else stdout or subprocess.DEVNULL,
                                   stderr=terminal if stderr else subprocess.DEVNULL,
                                   env={"TERM": "xterm", **(env or {})})
        os.close(terminal)
        for i, text in enumerate(feed):
            process.stdin.write(text)
            process.stdin.flush()
            await_read(process.stdin)
            if i == 0 and len(feed) > 1:
                time.sleep(1.1)
        process.stdin.close()
        out = b""
        while True:
            try:
                got = os.read(shown, 65536)
            except OSError:
                break
            if not got:
                break
            out += got
            if signal:
                process.send_signal(signal)
        os.close(shown)
        if process.stdout:
            process.stdout.close()
        assert process.wait() in ((-signal,) if signal else (0, 1))
        return out
    return run_command


@pytest.fixture
def log_file(file):
    return file("log", b"10.0.0.1\n")


@pytest.fixture
def sparse_file(tmp_path):
    def make(size):
        with open(tmp_path / "hole", "wb") as hole:
            hole.truncate(size)
        return tmp_path / "hole"
    return make


@pytest.mark.parametrize("options, env, want", [
    ([], {}, RED), ([], {"NO_COLOR": "1"}, b"10.0.0.1\n"), ([], {"NO_COLOR": ""}, RED),
    ([], {"TERM": "dumb"}, b"10.0.0.1\n"), (["--color=always"], {"NO_COLOR": "1"}, RED),
    (["--color=never"], {}, b"10.0.0.1\n")])
def test_color(on_terminal, log_file, options, env, want):
    assert on_terminal(["extract", *options, log_file], stdout=True, env=env) == want


def test_progress_after_a_second(on_terminal, log_file):
    assert re.search(PROGRESS, on_terminal(["extract", "-", log_file], stderr=True, feed=SLOW))


def test_no_progress_before_a_second(on_terminal, log_file):
    for _ in range(20):
        begin = time.monotonic()
        shown = on_terminal(["extract", "-", log_file], stderr=True, feed=FIRST)
        if time.monotonic() - begin < 1:
            assert shown == b""
            return
    pytest.skip("no run of the command takes less than a second here")


@pytest.mark.parametrize("words", [["grep", "-q", "9.9.9.9", "-", "FILE"], ["extract", "FILE", "-"], ["extract"],
                                   ["count"]])
def test_no_progress_of_quiet_commands_and_pipes(on_terminal, log_file, words):
    words = [log_file if word == "FILE" else word for word in words]
    assert on_terminal(words, stderr=True, feed=SLOW) == b""


def test_progress_of_several_threads(on_terminal, sparse_file):
    shown = on_terminal(["count", "-j", "2", "-", sparse_file(1 << 26)], stderr=True, feed=SLOW)
    assert re.search(rb"\A\rsimdinet: \d\.\d\d GB, \d\.\d\d GB/s, \d+ % of this file\x1b\[K", shown)
    assert shown.endswith(b"\r\x1b[K")


def test_no_progress_between_output(on_terminal, log_file):
    assert on_terminal(["extract", "-", log_file], stdout=True, stderr=True, feed=SLOW,
                       env={"NO_COLOR": "1"}) == b"10.0.0.1\n" * 3


@pytest.mark.parametrize("words, shown", [
    (["extract"], False), (["extract", "--unique"], False), (["grep", "10.0.0.1"], False),
    (["grep", "-c", "10.0.0.1"], False), (["count"], True), (["count", "--json"], True)])
def test_progress_when_stdout_is_a_pipe(on_terminal, log_file, words, shown):
    """The reader of the pipe may print to the same terminal, unless all output comes at the end."""
    out = on_terminal([*words, "-", log_file], stdout=subprocess.PIPE, stderr=True, feed=SLOW)
    if shown:
        assert re.search(PROGRESS, out)
    else:
        assert out == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_erase_progress(on_terminal, sparse_file, number):
    shown = on_terminal(["count", "-j", "2", sparse_file(ENDLESS)], stderr=True, signal=number)
    assert re.search(rb"\A(\rsimdinet: [^\r]*% of this file\x1b\[K)+\r\x1b\[K\Z", shown)


@pytest.mark.parametrize("stdout", [subprocess.PIPE, True])
def test_progress_of_grep_count(on_terminal, sparse_file, stdout):
    shown = on_terminal(["grep", "-c", "::1", sparse_file(ENDLESS)], stdout=stdout, stderr=True, signal=signal.SIGINT)
    assert b"% of this file" in shown


@pytest.mark.parametrize("words", [["extract"], ["grep", "10.0.0.0/8"], ["extract", "--line-buffered"]])
def test_pipe_that_stays_open(simdinet, words):
    with subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for i in range(3):
            process.stdin.write(b"10.0.0.%d\n" % i)
            process.stdin.flush()
            assert process.stdout.readline() == b"10.0.0.%d\n" % i
