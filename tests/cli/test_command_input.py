#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What comes in and how it comes out: compression, threads, memory, terminals.

usage: test_command_input.py COMMAND LOGGEN
"""
import fcntl
import gzip
import os
import pathlib
import pty
import resource
import select
import signal
import struct
import subprocess
import termios
import time
import unittest
import zlib

from command import COMMAND, SANITIZED, InAFolder, main, measure, run, zstd_frame

GZIP, ZSTD = ("zlib", gzip.compress(b"x")), ("libzstd", zstd_frame(b"x"))


class Compressed(InAFolder):
    def setUp(self):
        super().setUp()
        self.reads(GZIP, ZSTD)
        log, self.truth = self.log(size="1M")
        self.text = pathlib.Path(log).read_bytes()

    def whole(self, packed):
        """From a file and from a pipe: exactly what the text gives."""
        for words, stdin in (([self.file("packed", packed)], b""), ([], packed)):
            status, out, err = run("extract", "-b", *words, stdin=stdin)
            self.assertEqual((status, err), (0, ""))
            self.assertTrue(out == self.truth)

    def broken(self, packed, reason, fewest):
        """Some of what the text gives, nothing else, and then the reason; the next file is read."""
        path, good = self.file("packed", packed), self.file("good", b"10.0.0.1")
        status, out, err = run("extract", "-b", path, good)
        self.assertEqual((status, err), (2, f"simdinet: {path}: {reason}\n"))
        self.assertTrue(out.endswith(b"0:10.0.0.1\n"))
        out = out[:-11]
        self.assertTrue(self.truth.startswith(out))
        self.assertGreaterEqual(len(out), fewest)
        self.assertEqual(run("count", path)[0], 2)

    def test_one(self):
        self.whole(gzip.compress(self.text))
        self.whole(zstd_frame(self.text))

    def test_several_behind_each_other(self):
        half = len(self.text) // 2
        for pack in (gzip.compress, zstd_frame):
            self.whole(pack(self.text[:half]) + pack(b"") + pack(self.text[half:]))
            self.whole(pack(b"") + pack(self.text))
        self.whole(gzip.compress(self.text) + bytes(100000))
        skipped = struct.pack("<II", 0x184d2a53, 5) + b"10.0."
        self.whole(skipped + zstd_frame(self.text[:half]) + skipped + zstd_frame(self.text[half:]))

    def test_empty(self):
        for pack in (gzip.compress, zstd_frame):
            self.assertEqual(run("extract", stdin=pack(b"")), (1, b"", ""))

    def test_truncated(self):
        packed = gzip.compress(self.text)
        for left in (3, 5000, len(packed) // 2, len(packed) - 1):
            self.broken(packed[:left], "unexpected end of gzip data", left // 4)
        packed = zstd_frame(self.text)
        for left in (5, 5000, len(packed) // 2, len(packed) - 1):
            self.broken(packed[:left], "unexpected end of zstd data", left // 100 if left > 70000 else 0)

    def test_nothing_before_the_end_is_lost(self):
        """The decoder may hold text when its input ends, where the buffer for it was full."""
        packed = gzip.compress(b"10.0.0.1\n" * 60000)
        tried = 0
        for left in range(len(packed)):
            text = zlib.decompressobj(wbits=31).decompress(packed[:left])
            if 0 < len(text) % 262144 < 1000 and len(text) > 262144:
                # Whether the last address is whole cannot be told.
                lines = run("extract", stdin=packed[:left])[1].count(b"\n")
                self.assertIn(text.count(b"\n") - lines, (0, 1), f"cut after {left} bytes")
                tried += 1
        self.assertGreater(tried, 0)

    def test_an_address_that_the_damage_cuts_is_not_made_up(self):
        whole = zlib.compressobj(wbits=31)
        packed = whole.compress(b"10.0.0.1 10.0.0.234") + whole.flush(zlib.Z_SYNC_FLUSH)
        self.assertEqual(run("extract", stdin=packed)[:2], (2, b"10.0.0.1\n"))
        self.assertEqual(run("grep", "10.0.0.0/8", stdin=packed)[:2], (2, b"10.0.0.1 10.0.0.234\n"))

    def test_damaged(self):
        packed = bytearray(gzip.compress(self.text))
        for place in -6, -1:  # the checksum, the length
            spoilt = packed.copy()
            spoilt[place] ^= 1
            self.broken(spoilt, "corrupt gzip data", len(self.truth) - 100)
        self.broken(gzip.compress(self.text) + b"more", "corrupt gzip data", len(self.truth) - 100)
        self.broken(zstd_frame(self.text, block_kind=3), "corrupt zstd data",
                    len(self.truth) // 2)
        self.broken(zstd_frame(self.text, checksum=b"oops"), "corrupt zstd data",
                    len(self.truth) - 100)
        self.broken(zstd_frame(self.text) + b"more", "corrupt zstd data", len(self.truth) - 100)

    def test_zstd_data_that_is_sound_and_cannot_be_read(self):
        whole = zstd_frame(b"10.0.0.1")
        window = whole[:4] + bytes([0, (31 - 10) << 3]) + whole[9:]  # of 2^31 bytes
        dictionary = whole[:4] + bytes([0x21, 7, 8]) + whole[9:]  # number 7
        for packed, reason in ((window, "requires more than 128 MiB of memory"),
                               (dictionary, "requires a dictionary")):
            self.assertEqual(run("extract", stdin=packed),
                             (2, b"", f"simdinet: (standard input): zstd data {reason}\n"))

    def test_what_comes_before_the_damage_of_a_short_text(self):
        text = b"10.0.0.1\n" * 10
        whole = gzip.compress(text)
        for packed in (whole[:-5] + b"oops" + whole[-1:], zstd_frame(text, checksum=b"oops"),
                       zstd_frame(text) + zstd_frame(text, block_kind=3)):
            self.assertEqual(run("extract", stdin=packed)[:2], (2, text))

    def test_magic_that_comes_byte_by_byte(self):
        for pack in (gzip.compress, zstd_frame):
            with subprocess.Popen([COMMAND, "extract"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as process:
                for byte in pack(b"10.0.0.1"):
                    process.stdin.write(bytes([byte]))
                    process.stdin.flush()
                    time.sleep(0.002)
                process.stdin.close()
                self.assertEqual(process.stdout.read(), b"10.0.0.1\n")

    def test_lists_of_networks(self):
        path = self.file("list", gzip.compress(b"# my networks\n10.0.0.0/8\n"))
        self.assertEqual(run("grep", "-f", path, stdin=b"10.0.0.1")[1], b"10.0.0.1\n")


class Begins(unittest.TestCase):
    def test_text_that_begins_like_something_else(self):
        for head in (b"\x1f", b"\x28", b"\x28\xb5", b"\x50", b"\x28\xb5\x2f", b"\x50\x2a\x4d", b"P*M"):
            self.assertEqual(run("extract", "-b", stdin=head + b" 10.0.0.1")[1],
                             b"%d:10.0.0.1\n" % (len(head) + 1))
            self.assertEqual(run("extract", stdin=head), (1, b"", ""))


class Threads(InAFolder):
    def test_the_output_is_the_same(self):
        log, truth = self.log(seed=7, size="20M")
        self.assertTrue(run("extract", "-b", "-j", "4", log)[1] == truth)
        for words in (["extract"], ["extract", "-n"], ["extract", "-nbH", "--canonical"],
                      ["extract", "--json", "-n"], ["extract", "--unique"], ["extract", "-6", "-0"],
                      ["extract", "--versions"], ["count"], ["count", "--by", "/24,/48"],
                      ["grep", "-on", "10.0.0.0/8"], ["grep", "--color=always", "10.0.0.0/8"]):
            one = run(*words, "-j", "1", log)
            self.assertEqual((one[0], one[2]), (0, ""))
            for threads in ("2", "4", "99"):
                self.assertTrue(run(*words, "-j", threads, log) == one, (words, threads))

    def test_dense_output(self):
        """More comes out than goes in: threads fill their buffers and wait for their turn."""
        log = self.file("dense", b"::1\n::2\n" * 1000000)
        one = run("extract", "--json", "-n", "-j", "1", log)[1]
        self.assertTrue(run("extract", "--json", "-n", "-j", "4", log)[1] == one)

    def test_statistics(self):
        log, truth = self.log(size="8M")
        said = {run("count", "--stats", "-j", threads, log)[2].split(";")[0] for threads in "134"}
        said |= {run("grep", "::/0", "--stats", "-j", threads, log)[2].split(";")[0] for threads in "13"}
        self.assertEqual(len({text.split(" addresses")[0] for text in said}), 1)
        self.assertIn(f" {len(truth.splitlines())} addresses", said.pop())

    def test_output_that_cannot_be_written(self):
        log = self.log(size="20M")[0]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "extract", "-j", "4", log], stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr),
                         (2, b"simdinet: standard output: No space left on device\n"))
        process = subprocess.Popen([COMMAND, "extract", "-j", "4", log], stdout=subprocess.PIPE)
        process.stdout.read(1)
        process.stdout.close()
        self.assertEqual(process.wait(), -13)


@unittest.skipIf(SANITIZED, "skipped: a sanitizer takes memory of its own")
class Memory(InAFolder):
    LIMIT = 64 << 20

    def repeat(self, path, times):
        text = pathlib.Path(path).read_bytes()
        with open(self.path("large"), "wb") as large:
            for _ in range(times):
                large.write(text)
        return self.path("large")

    def test_large_files(self):
        large = self.repeat(self.log(size="4M")[0], 64)
        for words in (["extract"], ["extract", "-b", "-j", "32"], ["extract", "--json", "-n", "-j", "32"],
                      ["count", "-j", "32"], ["grep", "10.0.0.0/8", "-j", "32"], ["grep", "-v", "::1"]):
            status, memory = measure(*words, large)
            self.assertEqual(status, 0)
            self.assertLess(memory, self.LIMIT, words)

    def test_threads_in_a_limited_address_space(self):
        large = self.repeat(self.log(size="4M")[0], 4)
        process = subprocess.run(
            [COMMAND, "count", "-j", "8", large], capture_output=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (self.LIMIT, self.LIMIT)))
        self.assertEqual((process.returncode, process.stderr), (0, b""))

    def test_a_line_of_200_megabytes(self):
        with open(self.path("line"), "wb") as line:
            for _ in range(200):
                line.write(b"x" * (1 << 20))
            line.write(b" 10.0.0.1 ")
        for words in (["extract"], ["count", "-j", "4"], ["extract", "-n"]):
            status, memory = measure(*words, self.path("line"))
            self.assertEqual(status, 0)
            self.assertLess(memory, self.LIMIT, words)
        for threads in ("1", "4"):
            status, memory = measure("grep", "-j", threads, "10.0.0.1", self.path("line"))
            self.assertEqual(status, 0)
            self.assertLess(memory, self.LIMIT + (201 << 20))

    def test_many_distinct_addresses(self):
        n = 400000
        with open(self.path("many"), "w") as many:
            for i in range(n):
                many.write("11.%d.%d.%d 2001:db8::%x\n" % (i >> 16, i >> 8 & 255, i & 255, i))
        for words in (["count"], ["count", "-j", "8"], ["extract", "--unique"]):
            status, memory = measure(*words, self.path("many"))
            self.assertEqual(status, 0)
            self.assertLess(memory, self.LIMIT + 64 * 2 * n)

    def test_a_line_above_the_limit_is_refused(self):
        path = self.path("hole")
        with open(path, "wb") as hole:
            hole.truncate((1 << 30) + (1 << 20))
        done = subprocess.run([COMMAND, "grep", "-j", "1", "10.0.0.1", path], capture_output=True)
        self.assertEqual((done.returncode, done.stderr.decode()),
                         (2, f"simdinet: {path}: line longer than 1 GiB\n"))


class Terminal(InAFolder):
    def on_terminal(self, words, stdout=False, stderr=False, env=None, feed=(), end_by=None):
        """Runs the command with a terminal; returns what the terminal showed. stdout is whether that is
        the terminal, or else what it is. With end_by the signal comes once there is something to see."""
        shown, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        raw = termios.tcgetattr(terminal)
        raw[1] &= ~termios.OPOST
        termios.tcsetattr(terminal, termios.TCSANOW, raw)
        process = subprocess.Popen(
            [COMMAND, *words], stdin=subprocess.PIPE,
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
            if end_by:
                process.send_signal(end_by)
        os.close(shown)
        if process.stdout:
            process.stdout.close()
        self.assertIn(process.wait(), (-end_by,) if end_by else (0, 1))
        return out

    def test_color(self):
        red = b"\x1b[1;31m10.0.0.1\x1b[m\n"
        path = self.file("log", b"10.0.0.1\n")
        for words, env, want in (([], {}, red), ([], {"NO_COLOR": "1"}, b"10.0.0.1\n"),
                                 ([], {"NO_COLOR": ""}, red), ([], {"TERM": "dumb"}, b"10.0.0.1\n"),
                                 (["--color=always"], {"NO_COLOR": "1"}, red),
                                 (["--color=never"], {}, b"10.0.0.1\n")):
            self.assertEqual(self.on_terminal(["extract", *words, path], stdout=True, env=env), want)

    SHOWN = rb"\A\rsimdinet: 0\.00 GB, 0\.00 GB/s, 100 % of this file\x1b\[K\r\x1b\[K\Z"
    # Standard input keeps the work waiting for longer than a second.
    SLOW = [(b"10.0.0.1\n", 0.3), (b"10.0.0.1\n", 1.0), (b"x\n", 0.1)]

    def test_progress_comes_after_a_second_and_goes(self):
        path = self.file("log", b"10.0.0.1\n")
        self.assertRegex(self.on_terminal(["extract", "-", path], stderr=True, feed=self.SLOW), self.SHOWN)
        for words in ["grep", "-q", "9.9.9.9", "-", path], ["extract", path, "-"]:
            self.assertEqual(self.on_terminal(words, stderr=True, feed=self.SLOW), b"", words)
        self.assertEqual(self.on_terminal(["extract", "-", path], stderr=True, feed=self.SLOW[:1]), b"")

    def test_progress_of_several_threads(self):
        hole = self.path("hole")
        with open(hole, "wb") as file:
            file.truncate(1 << 28)
        shown = self.on_terminal(["count", "-j", "2", "-", hole], stderr=True, feed=self.SLOW)
        self.assertRegex(shown, rb"\A\rsimdinet: \d\.\d\d GB, \d\.\d\d GB/s, \d+ % of this file\x1b\[K")
        self.assertTrue(shown.endswith(b"\r\x1b[K"))

    def test_there_is_no_progress_of_a_pipe(self):
        self.assertEqual(self.on_terminal(["extract"], stderr=True, feed=self.SLOW), b"")
        self.assertEqual(self.on_terminal(["count"], stderr=True, feed=self.SLOW), b"")

    def test_there_is_no_progress_beside_other_output(self):
        """On one terminal the two would write into each other's lines; so would what stands behind a
        pipe, but for output that comes when all is through."""
        path = self.file("log", b"10.0.0.1\n")
        self.assertEqual(self.on_terminal(["extract", "-", path], stdout=True, stderr=True, feed=self.SLOW,
                                          env={"NO_COLOR": "1"}), b"10.0.0.1\n" * 3)
        for words, is_shown in ((["extract"], False), (["extract", "--unique"], False),
                                (["grep", "10.0.0.1"], False), (["grep", "-c", "10.0.0.1"], False),
                                (["count"], True), (["count", "--json"], True)):
            shown = self.on_terminal([*words, "-", path], stdout=subprocess.PIPE, stderr=True,
                                     feed=self.SLOW)
            if is_shown:
                self.assertRegex(shown, self.SHOWN, words)
            else:
                self.assertEqual(shown, b"", words)

    def test_a_signal_takes_progress_off_the_terminal(self):
        hole = self.path("hole")
        with open(hole, "wb") as file:
            file.truncate(1 << 36)
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            shown = self.on_terminal(["count", "-j", "2", hole], stderr=True, end_by=number)
            self.assertRegex(shown, rb"\A(\rsimdinet: [^\r]*% of this file\x1b\[K)+\r\x1b\[K\Z")
        for stdout in subprocess.PIPE, True: # what is printed at the end goes well with progress
            shown = self.on_terminal(["grep", "-c", "::1", hole], stdout=stdout, stderr=True,
                                     end_by=signal.SIGINT)
            self.assertIn(b"% of this file", shown)

    def test_a_pipe_that_stays_open(self):
        for words in (["extract"], ["grep", "10.0.0.0/8"], ["extract", "--line-buffered"]):
            with subprocess.Popen([COMMAND, *words], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as process:
                for i in range(3):
                    process.stdin.write(b"10.0.0.%d\n" % i)
                    process.stdin.flush()
                    ready, _, _ = select.select([process.stdout], [], [], 10)
                    self.assertTrue(ready)
                    self.assertEqual(process.stdout.readline(), b"10.0.0.%d\n" % i)


if __name__ == "__main__":
    main()
