# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Terminals: colours, the progress line, and output as it comes."""
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
PROGRESS = rb"\A\rsimdinet: 0\.00 GB, 0\.00 GB/s, 100 % of this file\x1b\[K\r\x1b\[K\Z"
# Writes to standard input, each with a pause after it: the work takes longer than a second.
SLOW = [(b"10.0.0.1\n", 0.3), (b"10.0.0.1\n", 1.0), (b"x\n", 0.1)]


@pytest.fixture
def on_terminal(simdinet):
    """Runs the command with a terminal as stdout (True, or another file), stderr or both; returns what was written to
    the terminal. signal is sent after the first output."""
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
        for text, pause in feed:
            process.stdin.write(text)
            process.stdin.flush()
            time.sleep(pause)
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
    assert on_terminal(["extract", "-", log_file], stderr=True, feed=SLOW[:1]) == b""


@pytest.mark.parametrize("words", [["grep", "-q", "9.9.9.9", "-", "FILE"], ["extract", "FILE", "-"], ["extract"],
                                   ["count"]])
def test_no_progress_of_quiet_commands_and_pipes(on_terminal, log_file, words):
    words = [log_file if word == "FILE" else word for word in words]
    assert on_terminal(words, stderr=True, feed=SLOW) == b""


def test_progress_of_several_threads(on_terminal, sparse_file):
    shown = on_terminal(["count", "-j", "2", "-", sparse_file(1 << 28)], stderr=True, feed=SLOW)
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
    shown = on_terminal(["count", "-j", "2", sparse_file(1 << 36)], stderr=True, signal=number)
    assert re.search(rb"\A(\rsimdinet: [^\r]*% of this file\x1b\[K)+\r\x1b\[K\Z", shown)


@pytest.mark.parametrize("stdout", [subprocess.PIPE, True])
def test_progress_of_grep_count(on_terminal, sparse_file, stdout):
    shown = on_terminal(["grep", "-c", "::1", sparse_file(1 << 36)], stdout=stdout, stderr=True, signal=signal.SIGINT)
    assert b"% of this file" in shown


@pytest.mark.parametrize("words", [["extract"], ["grep", "10.0.0.0/8"], ["extract", "--line-buffered"]])
def test_pipe_that_stays_open(simdinet, words):
    with subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for i in range(3):
            process.stdin.write(b"10.0.0.%d\n" % i)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 10)
            assert ready
            assert process.stdout.readline() == b"10.0.0.%d\n" % i
