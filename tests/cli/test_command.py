#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command as a process: what it prints, where, and with which exit status.

usage: test_command.py COMMAND LOGGEN
"""
import gzip
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import time
import unittest

from command import COMMAND, LOGGEN, SANITIZED, InAFolder, main, run, zstd_frame

COMMANDS = re.findall(r"^  ([a-z]+)  ", run("--help")[1].decode(), re.M)


class Extract(InAFolder):
    def test_reads_standard_input(self):
        self.assertEqual(run("extract", stdin=b"from 10.0.0.1 to [::1]:80\n"),
                         (0, b"10.0.0.1\n::1\n", ""))
        self.assertEqual(run("extract", "-", stdin=b"10.0.0.1"), (0, b"10.0.0.1\n", ""))

    def test_finds_nothing(self):
        self.assertEqual(run("extract", stdin=b"1.2.3.4.5 12:30:45 std::fs\n"), (1, b"", ""))
        self.assertEqual(run("extract", stdin=b""), (1, b"", ""))

    def test_takes_several_files_in_order(self):
        a, b = self.file("a", b"10.0.0.1"), self.file("b", b".5 ::2\n")
        self.assertEqual(run("extract", b, "-", a, stdin=b"10.0.0.9\n"),
                         (0, b"::2\n10.0.0.9\n10.0.0.1\n", ""))

    def test_families(self):
        text = b"10.0.0.1 ::1 ::ffff:10.0.0.2\n"
        self.assertEqual(run("extract", "-4", stdin=text)[1], b"10.0.0.1\n")
        self.assertEqual(run("extract", "-6", stdin=text)[1], b"::1\n::ffff:10.0.0.2\n")
        self.assertEqual(run("extract", "-46", stdin=text)[1], run("extract", stdin=text)[1])

    def test_byte_offsets(self):
        self.assertEqual(run("extract", "-b", stdin=b"\0\xff 10.0.0.1\n::1\n")[1],
                         b"3:10.0.0.1\n12:::1\n")

    def test_versions(self):
        self.assertEqual(run("extract", stdin=b"Chrome/30.0.0.0"), (1, b"", ""))
        self.assertEqual(run("extract", "--versions", stdin=b"Chrome/30.0.0.0")[1], b"30.0.0.0\n")

    def test_names_what_it_cannot_read_and_goes_on(self):
        good, missing = self.file("good", b"10.0.0.1\n"), self.folder.name + "/missing"
        status, out, err = run("extract", missing, self.folder.name, good)
        self.assertEqual((status, out), (2, b"10.0.0.1\n"))
        self.assertEqual(err, f"simdinet: {missing}: No such file or directory\n"
                              f"simdinet: {self.folder.name}: Is a directory\n")

    def test_what_was_found_before_a_complaint_stands_before_it(self):
        """Also where both go to one file."""
        good, missing = self.file("good", b"10.0.0.1\n"), self.path("missing")
        done = subprocess.run([COMMAND, "extract", good, missing, good], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.stdout.decode(), "10.0.0.1\n"
                         f"simdinet: {missing}: No such file or directory\n10.0.0.1\n")

    def test_ends_quietly_when_nobody_reads(self):
        many = self.file("many", b"10.0.0.1\n" * 1000000)
        for ignore in (False, True):
            def start():
                signal.signal(signal.SIGPIPE, signal.SIG_IGN if ignore else signal.SIG_DFL)
            process = subprocess.Popen([COMMAND, "extract", many], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, preexec_fn=start)
            self.assertEqual(process.stdout.read(9), b"10.0.0.1\n")
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            process.stderr.close()
            self.assertEqual(process.wait(), -signal.SIGPIPE)

    def test_says_when_it_cannot_write(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "extract"], input=b"10.0.0.1\n", stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, b"simdinet: standard output: No space left on device\n")

    def test_shows_each_line_as_it_comes(self):
        with subprocess.Popen([COMMAND, "extract"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            for address in (b"10.0.0.1\n", b"2001:db8::1\n"):
                process.stdin.write(b"from " + address)
                process.stdin.flush()
                self.assertEqual(process.stdout.readline(), address)

    @unittest.skipIf(SANITIZED, "skipped: a sanitizer wants the address space")
    def test_a_long_line_needs_no_more_memory(self):
        limit = 64 << 20
        process = subprocess.Popen(
            [COMMAND, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        for _ in range(200):
            process.stdin.write(b"x" * (1 << 20))
        out, _ = process.communicate(b" 10.0.0.1 ")
        self.assertEqual((process.returncode, out), (0, b"10.0.0.1\n"))

    def test_finds_exactly_the_truth(self):
        for seed in (1, 2, 3):
            log, truth = self.folder.name + "/log", self.folder.name + "/truth"
            subprocess.run([LOGGEN, "--seed", str(seed), "--size", "4M", log, truth], check=True)
            status, out, err = run("extract", "--byte-offset", log)
            self.assertEqual((status, err), (0, ""))
            self.assertGreater(len(out), 100000)
            self.assertTrue(out == pathlib.Path(truth).read_bytes(), f"seed {seed}")


class ExtractOptions(InAFolder):
    TEXT = b"a 10.0.0.1 b\n\nChrome/1.2.3.4 [2001:DB8::0:1]:80\n::ffff:10.0.0.2"

    def test_canonical(self):
        self.assertEqual(run("extract", "--canonical", stdin=self.TEXT)[1],
                         b"10.0.0.1\n2001:db8::1\n::ffff:10.0.0.2\n")

    def test_line_numbers_names_and_offsets(self):
        path = self.file("log", self.TEXT)
        self.assertEqual(run("extract", "-n", path)[1],
                         b"1:10.0.0.1\n3:2001:DB8::0:1\n4:::ffff:10.0.0.2\n")
        self.assertEqual(run("extract", "-nbH", path)[1].splitlines()[1].decode(),
                         f"{path}:3:30:2001:DB8::0:1")
        self.assertEqual(run("extract", "-Hh", path, path)[1], run("extract", path)[1] * 2)
        self.assertEqual(run("extract", "-H4", stdin=self.TEXT)[1], b"(standard input):10.0.0.1\n")

    def test_null(self):
        self.assertEqual(run("extract", "-0", stdin=self.TEXT)[1],
                         b"10.0.0.1\0" b"2001:DB8::0:1\0::ffff:10.0.0.2\0")

    def test_unique(self):
        text = b"::1 10.0.0.1 0::1 10.0.0.1 ::FFFF:10.0.0.1 10.0.0.2 ::1"
        self.assertEqual(run("extract", "--unique", stdin=text)[1],
                         b"::1\n10.0.0.1\n::FFFF:10.0.0.1\n10.0.0.2\n")

    def test_json(self):
        names = [b'a "log" \\ with \t\n\x01.txt', "früh €😀".encode(), b"bad \xff\xed\xa0\x80 utf-8"]
        folder = os.fsencode(self.folder.name)
        for name in names:
            path = folder + b"/" + name
            with open(path, "wb") as log:
                log.write(self.TEXT)
            status, out, err = run("extract", "--json", "-n", "--versions", path)
            self.assertEqual((status, err), (0, ""))
            rows = [json.loads(row) for row in out.decode().splitlines()]
            said = path.replace(b"\xff\xed\xa0\x80", "\ufffd".encode() * 4).decode()
            self.assertEqual(rows, [
                {"file": said, "line": 1, "offset": 2, "address": "10.0.0.1",
                 "canonical": "10.0.0.1", "family": 4, "flags": []},
                {"file": said, "line": 3, "offset": 21, "address": "1.2.3.4",
                 "canonical": "1.2.3.4", "family": 4, "flags": ["version"]},
                {"file": said, "line": 3, "offset": 30, "address": "2001:DB8::0:1",
                 "canonical": "2001:db8::1", "family": 6, "flags": []},
                {"file": said, "line": 4, "offset": 48, "address": "::ffff:10.0.0.2",
                 "canonical": "::ffff:10.0.0.2", "family": 6, "flags": ["mapped"]}])
        self.assertNotIn("line", json.loads(run("extract", "--json", stdin=b"::1")[1]))

    def test_color(self):
        red = b"\x1b[1;31m10.0.0.1\x1b[m\n"
        for words, want in ((["--color=always"], red), (["--color"], red),
                            (["--color=never"], b"10.0.0.1\n"), (["--color=auto"], b"10.0.0.1\n")):
            self.assertEqual(run("extract", *words, stdin=b"10.0.0.1")[1], want)

    def test_line_buffered(self):
        self.assertEqual(run("extract", "--line-buffered", stdin=self.TEXT)[1],
                         run("extract", stdin=self.TEXT)[1])


class Descriptors(InAFolder):
    """What comes closed, cannot be read, or is the output itself."""

    def closed(self, *fds, words=(), **options):
        def close():
            for fd in fds:
                os.close(fd)
        done = subprocess.run([COMMAND, *words], preexec_fn=close, stderr=subprocess.PIPE, **options)
        return done.returncode, done.stderr.decode()

    def test_closed_output(self):
        some, none = self.file("some", b"10.0.0.1"), self.file("none", b"nothing")
        reason = "simdinet: standard output: Bad file descriptor\n"
        for command in ("extract", "count"):
            self.assertEqual(self.closed(1, words=(command, some)), (2, reason))
            self.assertEqual(self.closed(0, 1, words=(command, some)), (2, reason))
            self.assertEqual(self.closed(1, words=(command, none)), (1, ""))
        self.assertEqual(self.closed(1, words=("--version",)), (2, reason))
        self.assertEqual(pathlib.Path(some).read_bytes(), b"10.0.0.1")

    def test_closed_input(self):
        self.assertEqual(self.closed(0, words=("extract",)),
                         (2, "simdinet: (standard input): Bad file descriptor\n"))

    def test_a_read_error_is_named(self):
        good = self.file("good", b"10.0.0.1")
        status, out, errors = run("extract", "/proc/self/mem", good)
        self.assertEqual((status, out), (2, b"10.0.0.1\n"))
        # In the words of glibc, or of musl.
        self.assertRegex(errors, r"^simdinet: /proc/self/mem: (Input/output|I/O) error\n$")

    def test_output_is_not_read_as_input(self):
        for words, text in ((["extract"], b"10.0.0.1\n"), (["count"], b"10.0.0.1\n"),
                            (["grep", "10.0.0.1"], b"10.0.0.1\n"), (["parse"], b"10.0.0.1\n"),
                            (["format"], b"\n\0\0\1"), (["format", "--hex"], b"0a000001\n"),
                            (["resolve"], b"10.0.0.1\n")):
            log = self.file("log", text)
            for name in (log, "-"):
                if words == ["resolve"] and name != "-":
                    continue # its operands are no files
                with open(log, "ab") as out, open(log, "rb") as stdin:
                    done = subprocess.run([COMMAND, *words, *([name] if name == log else [])],
                                          stdin=stdin, stdout=out, stderr=subprocess.PIPE, timeout=60)
                label = log if name == log else "(standard input)"
                self.assertEqual((done.returncode, done.stderr.decode()),
                                 (2, f"simdinet: {label}: input file is also the output\n"), words)
                self.assertEqual(pathlib.Path(log).read_bytes(), text)

    def test_input_that_somebody_began_to_read(self):
        for size in (100, 9000000):
            log = self.file("log", b"10.0.0.1 ::1\n" + b"x" * size + b" 10.0.0.2\n")
            with open(log, "rb", buffering=0) as shared:
                shared.read(9)
                done = subprocess.run([COMMAND, "extract", "-b"], stdin=shared, capture_output=True)
                self.assertEqual(done.stdout, b"9:::1\n%d:10.0.0.2\n" % (14 + size))
                self.assertEqual(shared.read(), b"")


class Count(InAFolder):
    def test_counts_the_most_frequent_first_and_ties_in_address_order(self):
        text = b"10.0.0.9 ::2 10.0.0.10 ::1 10.0.0.9 ::FFFF:10.0.0.9 9.9.9.9 ::2"
        self.assertEqual(run("count", stdin=text)[1],
                         b"      3 10.0.0.9\n      2 ::2\n      1 9.9.9.9\n      1 10.0.0.10\n"
                         b"      1 ::1\n")
        self.assertEqual(run("count", "-n", "1", stdin=text)[1], b"      3 10.0.0.9\n")
        self.assertIn(b"      1 ::ffff:10.0.0.9\n", run("count", "--mapped", stdin=text)[1])

    def test_counts_equal_addresses_once(self):
        self.assertEqual(run("count", stdin=b"2001:DB8:0::1 2001:db8::1 2001:0db8::0001")[1],
                         b"      3 2001:db8::1\n")

    def test_counts_many(self):
        lines = [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255} 2001:db8::{i >> 16:x}:{i & 65535:x}"
                 for i in range(100000)]
        status, out, _ = run("count", stdin="\n".join(lines + lines[:5]).encode())
        rows = out.decode().splitlines()
        self.assertEqual((status, len(rows)), (0, 200000))
        self.assertEqual(rows[0], "      2 10.0.0.0")
        self.assertEqual(rows[9], "      2 2001:db8::4")
        self.assertEqual(rows[10], "      1 10.0.0.5")

    def test_prefixes(self):
        text = b"10.0.0.1 10.0.0.2 10.0.1.1 2001:db8::1 2001:db8:0:1::1 ::ffff:10.0.0.3"
        self.assertEqual(run("count", "--by", "/24,/48", stdin=text)[1],
                         b"      3 10.0.0.0/24\n      2 2001:db8::/48\n      1 10.0.1.0/24\n")
        self.assertEqual(run("count", "--by=8", "-4", stdin=text)[1], b"      3 10.0.0.0/8\n")
        self.assertEqual(run("count", "--by", ",/48", "-6", stdin=text)[1],
                         b"      2 2001:db8::/48\n      1 10.0.0.3\n")
        self.assertEqual(run("count", "--by", "/0,0", stdin=text + b" 1.1.1.1 2.2.2.2 ::")[1],
                         b"      6 0.0.0.0/0\n      3 ::/0\n")
        for bad in ("", "/33", "/", "-1", "/24,/129", "x", "/24,/48,/1", "24 "):
            self.assertEqual(run("count", "--by", bad, stdin=text)[0], 2, bad)

    def test_json(self):
        text = b"10.0.0.1 10.0.0.2 2001:db8::1"
        rows = [json.loads(row) for row in run("count", "--json", stdin=text)[1].splitlines()]
        self.assertEqual(rows[2], {"address": "2001:db8::1", "family": 6, "count": 1})
        rows = run("count", "--json", "--by", "/8", stdin=text)[1].splitlines()
        self.assertEqual([json.loads(row) for row in rows],
                         [{"network": "10.0.0.0/8", "family": 4, "count": 2},
                          {"address": "2001:db8::1", "family": 6, "count": 1}])

    def test_chosen_addresses_do_not_collide(self):
        """Two places that differ where a weak hash would let the differences cancel."""
        lines = "\n".join(f"2001:db8:0:{x << 6:x}:1:2:3:{y << 6:x}" for x in range(512)
                          for y in range(512))
        status, out, _ = run("count", "-n", "1", stdin=lines.encode(), timeout=60)
        self.assertEqual((status, len(out.splitlines())), (0, 1))

    def test_statistics(self):
        _, _, err = run("count", "--stats", stdin=b"10.0.0.1\n10.0.0.1 ::1")
        self.assertRegex(err, r"^2 lines, 21 bytes, 3 addresses, 2 distinct; ")

    def test_none(self):
        self.assertEqual(run("count", stdin=b"nothing"), (1, b"", ""))


class Parse(InAFolder):
    def test_forms(self):
        text = b"1.2.3.4\n255.255.255.255\r\n0.0.0.0"
        self.assertEqual(run("parse", "-4", stdin=text), (0, b"01020304\nffffffff\n00000000\n", ""))
        self.assertEqual(run("parse", "--int", stdin=text), (0, b"16909060\n4294967295\n0\n", ""))
        self.assertEqual(run("parse", "-4", "--binary", stdin=text),
                         (0, b"\1\2\3\4\xff\xff\xff\xff\0\0\0\0", ""))
        self.assertEqual(run("parse", "--binary", stdin=b"1.2.3.4\n::1\n"),
                         (0, bytes(10) + b"\xff\xff\1\2\3\4" + bytes(15) + b"\1", ""))
        self.assertEqual(run("parse", "--hex", stdin=b"1.2.3.4\n::ffff:1.2.3.4\n"),
                         (0, b"01020304\n" + b"0" * 20 + b"ffff01020304\n", ""))
        self.assertEqual(run("parse", "-6", "--int", stdin=b"ffff:" * 7 + b"ffff\n::\n1::\n")[1],
                         b"%d\n0\n%d\n" % (2**128 - 1, 2**112))
        self.assertEqual(run("parse", stdin=b""), (0, b"", ""))

    def test_names_what_it_refuses(self):
        a = self.file("a", b"1.2.3.4\n1.2.3\n\n::1\n5.6.7.8\n")
        self.assertEqual(run("parse", "-4", a),
                         (2, b"01020304\n05060708\n",
                          f"simdinet: {a}:2: fewer than four octets at byte 5\n"
                          f"simdinet: {a}:3: empty text at byte 0\n"
                          f"simdinet: {a}:4: unexpected character at byte 0\n"))
        self.assertEqual(run("parse", "-4", "--strict", a, a)[:2], (2, b"01020304\n"))
        self.assertEqual(run("parse", "-", "missing", stdin=b"::\n")[0::2],
                         (2, "simdinet: missing: No such file or directory\n"))
        self.assertEqual(run("parse", "--hexx")[0], 2)

    def test_compressed_data(self):
        self.reads(("zlib", gzip.compress(b"x")), ("libzstd", zstd_frame(b"x")))
        text, good = b"1.2.3.4\n" * 1000, self.file("good", b"10.0.0.1\n")
        for packed, magic in ((gzip.compress(text), 2), (zstd_frame(text), 4)):
            path = self.file("packed", packed)
            self.assertEqual(run("parse", path, good), (0, b"01020304\n" * 1000 + b"0a000001\n", ""))
            with subprocess.Popen([COMMAND, "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as process:
                for byte in packed[:magic]:
                    process.stdin.write(bytes([byte]))
                    process.stdin.flush()
                    time.sleep(0.01)
                out, err = process.communicate(packed[magic:])
            self.assertEqual((process.returncode, out, err), (0, b"01020304\n" * 1000, b""))
            cut = self.file("cut", packed[:-5])
            status, out, err = run("parse", "--strict", cut, good)
            self.assertEqual(status, 2)
            self.assertRegex(err, f"^simdinet: {cut}: unexpected end of (gzip|zstd) data\n$")
            self.assertTrue((b"01020304\n" * 1000).startswith(out.removesuffix(b"0a000001\n")))
        for head in b"\x1f", b"\x28\xb5\x2f", b"\x50":
            self.assertEqual(run("parse", stdin=head + b"\n::1")[1:],
                             (b"0" * 31 + b"1\n", "simdinet: (standard input):1: unexpected character "
                              "at byte 0\n"))
            self.assertEqual(run("parse", stdin=head)[0], 2)

    def test_lines_of_any_length(self):
        text = b"1.1.1.1\n" + b"2.2.x" + b"7" * 600000 + b"\n3.3.3.3\n" + b"4" * 300000
        code, out, err = run("parse", stdin=text)
        self.assertEqual((code, out), (2, b"01010101\n03030303\n"))
        self.assertEqual(err, "simdinet: (standard input):2: unexpected character at byte 4\n"
                              "simdinet: (standard input):4: octet out of range (0-255) at byte 0\n")

    def test_a_long_line_is_judged_alike_whole_and_in_pieces(self):
        for end in b":1", b".1.2.3", b"x", b"":
            errors = {run("parse", stdin=b"4" * digits + end + b"\n")[2]
                      for digits in (70, 1000, 300000)}
            self.assertEqual(errors, {"simdinet: (standard input):1: octet out of range (0-255) at byte 0\n"})

    def test_many_lines(self):
        numbers = [(i * 2654435761) % 2**32 for i in range(100000)]
        text = "".join("%d.%d.%d.%d\n" % tuple(n.to_bytes(4, "big")) for n in numbers)
        expected = b"".join(n.to_bytes(4, "big") for n in numbers)
        self.assertEqual(run("parse", "-4", "--binary", stdin=text.encode()), (0, expected, ""))
        spoilt = text.replace("\n", "\nx\n")
        code, out, err = run("parse", "-4", "--binary", stdin=spoilt.encode())
        self.assertEqual((code, out, err.count("\n")), (2, expected, 100000))
        self.assertTrue(err.endswith(":200000: unexpected character at byte 0\n"))


class Usage(unittest.TestCase):
    def test_help(self):
        for words in [[]] + [[command] for command in COMMANDS]:
            status, out, err = run(*words, "--help")
            self.assertEqual((status, err), (0, ""))
            lines = out.decode().splitlines()
            self.assertTrue(lines[0].startswith("Usage: simdinet"))
            self.assertLessEqual(len(lines), 24)
            self.assertLessEqual(max(map(len, lines)), 80, words)

    def test_each_command_tells_its_version(self):
        version = run("--version")
        self.assertRegex(version[1], rb"^simdinet \d+\.\d+\.\d+ \(kernel: \w+\)\n$")
        for command in COMMANDS:
            for option in "--version", "-V":
                self.assertEqual(run(command, option), version, command)
        self.assertEqual(run("extract", "--versions", "--version"), version)
        self.assertEqual(run("extract", "--versions", stdin=b"Chrome/30.0.0.0")[1], b"30.0.0.0\n")

    def test_each_command_helps_in_three_ways(self):
        self.assertEqual(run("help"), run("--help"))
        for command in COMMANDS:
            self.assertEqual(run("help", command), run(command, "--help"), command)
            if command not in ("extract", "grep"): # where -h has to do with names of files
                self.assertEqual(run(command, "-h"), run(command, "--help"), command)
        for words in (["help", "frobnicate"], ["help", "extract", "count"]):
            status, out, err = run(*words)
            self.assertEqual((status, out), (2, b""))
            self.assertIn("Try 'simdinet --help'.", err)

    def test_errors(self):
        for words in ([], ["frobnicate"], ["extract", "--frobnicate"], ["count", "-n"],
                      ["count", "-n", "0"], ["count", "-n", "x"], ["info", "x"],
                      ["count", "-j", "0"], ["extract", "--color=blue"], ["grep"]):
            status, out, err = run(*words)
            self.assertEqual((status, out), (2, b""), words)
            self.assertIn("simdinet", err)

    def test_info_names_every_row_and_one_is_active(self):
        status, out, _ = run("info")
        rows = [line.split() for line in out.decode().splitlines()[4:]]
        self.assertEqual(status, 0)
        self.assertEqual([row[0] for row in rows], ["avx512", "avx2", "sse42", "neon", "scalar"])
        self.assertEqual([row[3] for row in rows].count("yes"), 1)

    def test_a_row_is_chosen_by_name(self):
        for name, said in (("scalar", "kernel: scalar (named by"), ("cray", "does not support")):
            _, out, _ = run("info", env={**os.environ, "SIMDINET_IMPLEMENTATION": name})
            self.assertIn(said, out.decode())
        _, out, _ = run("--version", env={**os.environ, "SIMDINET_IMPLEMENTATION": "scalar"})
        self.assertRegex(out, rb"^simdinet \d+\.\d+\.\d+ \(kernel: scalar\)\n$")


if __name__ == "__main__":
    main()
