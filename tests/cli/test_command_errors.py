#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command in trouble: no room for its output, input that cannot be read to its end, little memory,
signals. Whatever happens, the status tells, and what is printed is right as far as it goes.

usage: test_command_trouble.py COMMAND LOGGEN
"""
import ctypes
import gzip
import mmap
import os
import resource
import signal
import subprocess
import threading
import time
import unittest

from command import COMMAND, SANITIZED, InAFolder, main, run

NO_ROOM = "simdinet: standard output: No space left on device\n"
CLOSED = "simdinet: standard output: Bad file descriptor\n"

# Each subcommand with something to print.
PRINTING = [
    (["extract"], b"10.0.0.1\n"), (["extract", "--json"], b"10.0.0.1\n"), (["count"], b"10.0.0.1\n"),
    (["grep", "10.0.0.1"], b"10.0.0.1\n"), (["grep", "-c", "10.0.0.1"], b"10.0.0.1\n"),
    (["parse"], b"10.0.0.1\n"), (["parse", "--binary"], b"10.0.0.1\n"), (["format"], b"\n\0\0\1"),
    (["format", "--hex"], b"0a000001\n"), (["resolve"], b"10.0.0.1\n"), (["resolve", "10.0.0.1"], b""),
    (["interfaces"], b""), (["info"], b""), (["--version"], b""), (["--help"], b""),
    *[([name, "--help"], b"") for name in ("extract", "count", "grep", "parse", "format", "resolve",
                                           "services", "interfaces", "info")]]


class Output(unittest.TestCase):
    def test_a_full_disk(self):
        for words, text in PRINTING:
            with open("/dev/full", "wb") as full:
                done = subprocess.run([COMMAND, *words], input=text, stdout=full,
                                      stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stderr.decode()), (2, NO_ROOM), words)

    def test_a_closed_output(self):
        for words, text in PRINTING:
            done = subprocess.run([COMMAND, *words], input=text, stderr=subprocess.PIPE,
                                  preexec_fn=lambda: os.close(1))
            self.assertEqual((done.returncode, done.stderr.decode()), (2, CLOSED), words)

    def test_a_reader_that_goes(self):
        for words, text in ((["extract"], b"10.0.0.1\n"), (["parse"], b"10.0.0.1\n"),
                            (["format"], b"\n\0\0\1"), (["grep", "10.0.0.1"], b"10.0.0.1\n"),
                            (["resolve"], b"10.0.0.1\n")):
            for how in signal.SIG_UNBLOCK, signal.SIG_BLOCK:
                process = subprocess.Popen(
                    [COMMAND, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    preexec_fn=lambda: signal.pthread_sigmask(how, [signal.SIGPIPE]))
                process.stdout.close()
                process.stdout = None
                _, err = process.communicate(text * 100000)
                self.assertEqual((process.returncode, err), (-signal.SIGPIPE, b""), words)


libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


class ReadErrors(InAFolder):
    """A text at the end of what is mapped of this process's memory: /proc/self/mem gives an error (EIO)
    behind it, as a file on a bad disk does."""

    def ends_badly(self, words, text):
        page = mmap.PAGESIZE
        size = -(-len(text) // page) * page
        start = libc.mmap(None, size + page, mmap.PROT_READ | mmap.PROT_WRITE,
                          mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
        libc.munmap(start + size, page)
        begin = start + size - len(text)
        ctypes.memmove(begin, text, len(text))
        memory = os.open("/proc/self/mem", os.O_RDONLY)
        os.lseek(memory, begin, os.SEEK_SET)
        done = subprocess.run([COMMAND, *words], stdin=memory, capture_output=True)
        os.close(memory)
        libc.munmap(start, size)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(),
                         r"\Asimdinet: \(standard input\): (Input/output|I/O) error\n\Z")
        return done.stdout

    # What stands at the very end may be part of something longer.
    WHOLE = b"10.0.0.1 and ::1\n" * 3

    def test_nothing_is_lost_and_nothing_made_up(self):
        found = b"10.0.0.1\n::1\n" * 3
        for cut in (b"10.0.0.23", b"from 10.0.0.2", b"2001:db8::1", b"2001:db8:", b"::ffff:10.0.0.1",
                    b"10."):
            self.assertEqual(self.ends_badly(["extract"], self.WHOLE + cut), found, cut)
            self.assertEqual(self.ends_badly(["count"], self.WHOLE + cut),
                             b"      3 10.0.0.1\n      3 ::1\n", cut)
            self.assertEqual(self.ends_badly(["grep", "-o", "::/0"], self.WHOLE + cut),
                             b"::1\n" * 3, cut)
            self.assertEqual(self.ends_badly(["grep", "-c", "10.0.0.0/8"], self.WHOLE + cut),
                             b"3\n", cut)
        for end in (b"10.0.0.2\n", b"10.0.0.2 and no more", b"x 10.0.0.2,", b"[10.0.0.2] "):
            self.assertEqual(self.ends_badly(["extract"], self.WHOLE + end),
                             found + b"10.0.0.2\n", end)

    def test_a_line_that_is_cut_is_not_taken_for_one_without_addresses(self):
        self.assertEqual(self.ends_badly(["grep", "-v", "10.0.0.0/8"], b"one\n10.0.0.1\ntwo\nthr"),
                         b"one\ntwo\n")

    def test_far_into_the_input(self):
        text = b"".join(b"10.%d.%d.%d\n" % (i >> 16, i >> 8 & 255, i & 255) for i in range(60000))
        self.assertEqual(self.ends_badly(["extract"], text + b"10.9.9.9"), text)
        self.assertEqual(self.ends_badly(["grep", "10.0.0.0/8"], text + b"10.9.9.9"), text)

    def test_lines(self):
        self.assertEqual(self.ends_badly(["parse"], b"10.0.0.1\n10.0.0.2"), b"0a000001\n")
        self.assertEqual(self.ends_badly(["format", "--hex"], b"0a000001\n0a0000"), b"10.0.0.1\n")
        self.assertEqual(self.ends_badly(["format"], b"\n\0\0\1\n\0"), b"10.0.0.1\n")
        self.assertEqual(self.ends_badly(["resolve"], b"10.0.0.1\n10.0.0.2"), b"10.0.0.1\n")

    def test_a_list_of_networks(self):
        """Networks that could not be read might have selected more: no line is."""
        status, out, err = run("grep", "-f", "/proc/self/mem", stdin=b"10.0.0.1\n")
        self.assertEqual((status, out), (2, b""))
        self.assertEqual(err.replace("I/O", "Input/output"),
                         "simdinet: /proc/self/mem: Input/output error\n")


class Several(InAFolder):
    def test_what_cannot_be_read_among_what_can(self):
        missing, folder = self.path("missing"), self.folder.name
        text = {"extract": b"10.0.0.1\n", "count": b"10.0.0.1\n", "grep": b"10.0.0.1\n",
                "parse": b"10.0.0.1\n", "format": b"\n\0\0\1"}
        right = {"extract": b"10.0.0.1\n" * 2, "count": b"      2 10.0.0.1\n",
                 "parse": b"0a000001\n" * 2, "format": b"10.0.0.1\n" * 2}
        for name, content in text.items():
            one, two = self.file("one", content), self.file("two", content)
            words = [name, "10.0.0.1"] if name == "grep" else [name]
            want = right.get(name, f"{one}:10.0.0.1\n{two}:10.0.0.1\n".encode())
            status, out, err = run(*words, missing, one, folder, "/proc/self/mem", two)
            self.assertEqual((status, out), (2, want), name)
            self.assertEqual(err.replace("I/O", "Input/output"), # musl's word for it
                             f"simdinet: {missing}: No such file or directory\n"
                             f"simdinet: {folder}: Is a directory\n"
                             "simdinet: /proc/self/mem: Input/output error\n", name)


@unittest.skipIf(SANITIZED, "skipped: a sanitizer wants the address space")
class Memory(InAFolder):
    def test_ever_less_of_it(self):
        """From more than enough down to what a program cannot even be loaded in."""
        numbers = [(i >> 8, i & 255, i) for i in range(40000)]
        text = b"".join(b"x 10.%d.%d.7 2001:db8::%x\n" % triple for triple in numbers)
        log, packed = self.file("log", text), self.file("log.gz", gzip.compress(text))
        networks = self.file("list", b"".join(b"10.%d.%d.0/24\n" % (a, b) for a, b, _ in numbers))
        lines = self.file("lines", b"10.0.0.1\n" * 10000)
        for words in (["extract", log], ["extract", "-n", "-j4", log], ["extract", "--unique", log],
                      ["extract", packed], ["count", log], ["count", "-j4", log],
                      ["grep", "10.0.0.0/9", log], ["grep", "-f", networks, log], ["parse", lines],
                      ["format", lines]):
            right = run(*words)
            if words[1] == packed and "this is gzip data, and this simdinet was" in right[2]:
                continue # built without zlib
            self.assertEqual((right[0], right[2]), (0, ""))

            def run_in(kilobytes):
                limit = kilobytes << 10
                return run(*words, preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_AS, (limit, limit)))

            # How much that is depends on the compiler and on the libraries.
            enough, too_little = 64000, 1000
            while enough - too_little > 64:
                middle = (enough + too_little) // 2
                if run_in(middle) == right:
                    enough = middle
                else:
                    too_little = middle
            short = 0
            for kilobytes in range(too_little, 1000, -192):
                done = run_in(kilobytes)
                if done[0] == 127 or done[0] < 0 and not done[1]:
                    break  # the loader gave up
                if done != right:
                    short += 1
                    self.assertEqual(done[0], 2, (words, kilobytes, done[2]))
                    self.assertRegex(done[2], r"\Asimdinet: (.*: )?([Oo]ut of|Cannot allocate) memory\n\Z",
                                     (words, kilobytes))
                    if words[0] == "count":
                        self.assertEqual(done[1], b"", "counts that nobody can trust")
                    self.assertTrue(right[1].startswith(done[1]), (words, kilobytes))
            self.assertGreater(short, 0, words)


class Signals(InAFolder):
    def test_being_stopped_changes_nothing(self):
        """While the command waits for input, for room in its output, and in between."""
        binary = b"".join(bytes([10, 0, i >> 8, i & 255]) for i in range(65536))
        lines = b"".join(b"10.0.%d.%d\n" % (i >> 8, i & 255) for i in range(65536))
        log = self.file("log", lines * 8)
        for words, text, right in ((["extract"], lines, lines), (["grep", "10.0.0.0/8"], lines, lines),
                                   (["format"], binary, lines),
                                   (["extract", "-j4", log], b"", lines * 8)):
            process = subprocess.Popen([COMMAND, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            out = []

            def read():
                while piece := process.stdout.read1(20000):
                    out.append(piece)
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
            self.assertEqual(process.wait(), 0)
            self.assertTrue(b"".join(out) == right, words)

    def test_descriptors_that_do_not_wait(self):
        """As a shell or another program may leave them behind."""
        for words, text in PRINTING:
            if not text:
                continue
            right = run(*words, stdin=text * 3)
            (text_end, feed_end), (read_end, out_end) = os.pipe(), os.pipe()
            for end in (text_end, out_end):
                os.set_blocking(end, False)
            process = subprocess.Popen([COMMAND, *words], stdin=text_end, stdout=out_end)
            for end in (text_end, out_end):
                os.close(end)
            for _ in range(3):
                time.sleep(0.01)
                os.write(feed_end, text)
            os.close(feed_end)
            with open(read_end, "rb") as out:
                self.assertEqual((process.wait(), out.read()), right[:2], words)


if __name__ == "__main__":
    main()
