# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Errors and signals: the exit status reports every error, and the output is a correct part of the whole."""
import ctypes
import mmap
import os
import re
import signal
import subprocess
import threading
import time

import pytest
from cli_support import PRINTING, equal

PRINTS = pytest.mark.parametrize("words, text", PRINTING)
ADDRESSES = b"10.0.0.1\n"


# ---- output ----------------------------------------------------------------------------------------

@PRINTS
def test_full_disk(simdinet, words, text):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, *words], input=text, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")


@PRINTS
def test_closed_output(simdinet, words, text):
    done = subprocess.run([simdinet, *words], input=text, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: Bad file descriptor\n")


@pytest.mark.parametrize("how", [signal.SIG_UNBLOCK, signal.SIG_BLOCK])
@pytest.mark.parametrize("words, text", [(["extract"], ADDRESSES), (["parse"], ADDRESSES), (["format"], b"\n\0\0\1"),
                                         (["grep", "10.0.0.1"], ADDRESSES), (["resolve"], ADDRESSES)])
def test_closed_pipe(simdinet, words, text, how):
    process = subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.pthread_sigmask(how, [signal.SIGPIPE]))
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(text * 100000)
    assert (process.returncode, err) == (-signal.SIGPIPE, b"")


@pytest.mark.parametrize("action", [signal.SIG_DFL, signal.SIG_IGN])
def test_pipe_closed_after_the_first_line(simdinet, file, action):
    many = file("many", ADDRESSES * 1000000)
    process = subprocess.Popen([simdinet, "extract", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.signal(signal.SIGPIPE, action))
    assert process.stdout.read(9) == ADDRESSES
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == -signal.SIGPIPE


def test_output_precedes_later_messages(simdinet, file, tmp_path):
    """In one file for both."""
    good, missing = file("good", ADDRESSES), tmp_path / "missing"
    done = subprocess.run([simdinet, "extract", good, missing, good], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.stdout.decode() == f"10.0.0.1\nsimdinet: {missing}: No such file or directory\n10.0.0.1\n"


# ---- input -----------------------------------------------------------------------------------------

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


@pytest.fixture
def before_read_error(simdinet):
    """Runs the command with a text that ends in a read error (EIO); returns what it prints before. The input is
    /proc/self/mem of this process, up to the end of a mapping."""
    def run_command(words, text):
        page = mmap.PAGESIZE
        size = -(-len(text) // page) * page
        start = libc.mmap(None, size + page, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                          -1, 0)
        libc.munmap(start + size, page)
        begin = start + size - len(text)
        ctypes.memmove(begin, text, len(text))
        memory = os.open("/proc/self/mem", os.O_RDONLY)
        os.lseek(memory, begin, os.SEEK_SET)
        done = subprocess.run([simdinet, *words], stdin=memory, capture_output=True)
        os.close(memory)
        libc.munmap(start, size)
        assert done.returncode == 2
        assert re.search(rb"\Asimdinet: \(standard input\): (Input/output|I/O) error\n\Z", done.stderr) # glibc, musl
        return done.stdout
    return run_command


# The text before the error may end within an address.
WHOLE = b"10.0.0.1 and ::1\n" * 3


@pytest.mark.parametrize("cut", [b"10.0.0.23", b"from 10.0.0.2", b"2001:db8::1", b"2001:db8:", b"::ffff:10.0.0.1",
                                 b"10."])
def test_read_error_after_an_incomplete_address(before_read_error, cut):
    assert before_read_error(["extract"], WHOLE + cut) == b"10.0.0.1\n::1\n" * 3
    assert before_read_error(["count"], WHOLE + cut) == b"      3 10.0.0.1\n      3 ::1\n"
    assert before_read_error(["grep", "-o", "::/0"], WHOLE + cut) == b"::1\n" * 3
    assert before_read_error(["grep", "-c", "10.0.0.0/8"], WHOLE + cut) == b"3\n"


@pytest.mark.parametrize("end", [b"10.0.0.2\n", b"10.0.0.2 and no more", b"x 10.0.0.2,", b"[10.0.0.2] "])
def test_read_error_after_a_complete_address(before_read_error, end):
    assert before_read_error(["extract"], WHOLE + end) == b"10.0.0.1\n::1\n" * 3 + b"10.0.0.2\n"


def test_incomplete_line_is_not_one_without_a_match(before_read_error):
    assert before_read_error(["grep", "-v", "10.0.0.0/8"], b"one\n10.0.0.1\ntwo\nthr") == b"one\ntwo\n"


def test_late_read_error(before_read_error):
    text = b"".join(b"10.%d.%d.%d\n" % (i >> 16, i >> 8 & 255, i & 255) for i in range(60000))
    assert equal(before_read_error(["extract"], text + b"10.9.9.9"), text)
    assert equal(before_read_error(["grep", "10.0.0.0/8"], text + b"10.9.9.9"), text)


@pytest.mark.parametrize("words, text, want", [
    (["parse"], b"10.0.0.1\n10.0.0.2", b"0a000001\n"), (["format", "--hex"], b"0a000001\n0a0000", ADDRESSES),
    (["format"], b"\n\0\0\1\n\0", ADDRESSES), (["resolve"], b"10.0.0.1\n10.0.0.2", ADDRESSES)])
def test_read_error_within_a_line(before_read_error, words, text, want):
    assert before_read_error(words, text) == want


def test_read_error_in_a_list_of_networks(run):
    """The networks that could not be read might select more lines: nothing is searched."""
    status, out, err = run("grep", "-f", "/proc/self/mem", stdin=ADDRESSES)
    assert (status, out) == (2, b"")
    assert err.replace("I/O", "Input/output") == "simdinet: /proc/self/mem: Input/output error\n"


@pytest.mark.parametrize("words, text, want", [
    (["extract"], ADDRESSES, "10.0.0.1\n10.0.0.1\n"), (["count"], ADDRESSES, "      2 10.0.0.1\n"),
    (["grep", "10.0.0.1"], ADDRESSES, "{one}:10.0.0.1\n{two}:10.0.0.1\n"), (["parse"], ADDRESSES, "0a000001\n" * 2),
    (["format"], b"\n\0\0\1", "10.0.0.1\n10.0.0.1\n")])
def test_other_files_are_read(run, file, tmp_path, words, text, want):
    missing, one, two = tmp_path / "missing", file("one", text), file("two", text)
    status, out, err = run(*words, missing, one, tmp_path, "/proc/self/mem", two)
    assert (status, out.decode()) == (2, want.format(one=one, two=two))
    assert err.replace("I/O", "Input/output") == (f"simdinet: {missing}: No such file or directory\n"
                                                  f"simdinet: {tmp_path}: Is a directory\n"
                                                  "simdinet: /proc/self/mem: Input/output error\n")


# ---- signals and non-blocking descriptors ----------------------------------------------------------

BINARY = b"".join(bytes([10, 0, i >> 8, i & 255]) for i in range(65536))
LINES = b"".join(b"10.0.%d.%d\n" % (i >> 8, i & 255) for i in range(65536))


@pytest.mark.parametrize("words, text, want", [
    (["extract"], LINES, LINES), (["grep", "10.0.0.0/8"], LINES, LINES), (["format"], BINARY, LINES),
    (["extract", "-j4", "FILE"], b"", LINES * 8)])
def test_stop_and_continue(simdinet, file, words, text, want):
    """While the command reads, while it writes, and in between."""
    words = [file("log", LINES * 8) if word == "FILE" else word for word in words]
    process = subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out = []

    def read():
        while chunk := process.stdout.read1(20000):
            out.append(chunk)
            time.sleep(0.001)

    def feed():
        for at in range(0, len(text), 60000):
            process.stdin.write(text[at:at + 60000])
            process.stdin.flush()
            time.sleep(0.005)
        process.stdin.close()

    threads = [threading.Thread(target=read), threading.Thread(target=feed)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.002)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.002)
    for thread in threads:
        thread.join()
    process.stdout.close()
    assert process.wait() == 0
    assert equal(b"".join(out), want)


@pytest.mark.parametrize("words, text", [(words, text) for words, text in PRINTING if text])
def test_nonblocking_descriptors(run, simdinet, words, text):
    right = run(*words, stdin=text * 3)
    (text_end, feed_end), (read_end, out_end) = os.pipe(), os.pipe()
    for end in (text_end, out_end):
        os.set_blocking(end, False)
    process = subprocess.Popen([simdinet, *words], stdin=text_end, stdout=out_end)
    for end in (text_end, out_end):
        os.close(end)
    for _ in range(3):
        time.sleep(0.01)
        os.write(feed_end, text)
    os.close(feed_end)
    with open(read_end, "rb") as out:
        assert (process.wait(), out.read()) == right[:2]
