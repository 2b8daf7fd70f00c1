#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The examples do what they say at their heads.

usage: test_examples.py FOLDER-OF-THE-BUILT-EXAMPLES
"""
import ipaddress
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))
import capture

FOLDER = pathlib.Path(sys.argv[1])


def run(name, *arguments, text=""):
    return subprocess.run([FOLDER / name, *arguments], input=text, capture_output=True, text=True,
                          timeout=120)


def needs(name):
    return unittest.skipUnless((FOLDER / name).exists(),
                               f"skipped: example {name}: a library that it needs is missing")


class Examples(unittest.TestCase):
    def test_parse_column(self):
        table = "10.0.0.1,alice\n2001:db8::1,bob\n10.0.0.256,carol\n,dave\n::1"
        ran = run("parse_column", text=table)
        self.assertEqual((ran.returncode, ran.stderr), (1, ""))
        self.assertEqual(ran.stdout, "row 3, byte 8: octet above 255: 10.0.0.256\n"
                                     "row 4, byte 1: empty text: \n"
                                     "3 of 5 rows are addresses, 2 of them IPv6\n")
        self.assertEqual(run("parse_column", text="10.0.0.1\n").returncode, 0)

    def test_scan_log(self):
        # Longer than the buffer, with an address every 20 bytes or so.
        addresses = [str(ipaddress.ip_address((0x0a000000 if i % 3 else 0x20010db8 << 96) + i * 7))
                     for i in range(20000)]
        log, want, at = "", [], 0
        for i, address in enumerate(addresses):
            line = f"{i} <{address}> Chrome/1.2.3\n"
            want.append(f"{at + line.index('<') + 1} {address}")
            at += len(line)
            log += line
        ran = run("scan_log", text=log)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertEqual(ran.stdout.splitlines(), want)
        self.assertEqual(run("scan_log").stdout, "")

    @needs("top_talkers")
    def test_top_talkers(self):
        with tempfile.NamedTemporaryFile() as file:
            sent = capture.write_capture(file, 20000)
            file.flush()
            ran = run("top_talkers", file.name, "7")
            timed = run("top_talkers", "--time", file.name)
            file.truncate(5000)
            cut = run("top_talkers", file.name)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        lines = [line.split() for line in ran.stdout.splitlines()]
        best = sorted(sent.values(), reverse=True)[:7]
        self.assertEqual([int(count) for count, _ in lines], best)
        for count, address in lines:
            self.assertEqual(sent[ipaddress.ip_address(address).packed], int(count))
        self.assertEqual(timed.returncode, 0, timed.stderr)
        self.assertRegex(timed.stdout, rf"^{sum(sent.values())} senders: simdinet [\d.]+ ns each, ")
        self.assertEqual(cut.returncode, 2)
        self.assertIn("truncated", cut.stderr)
        self.assertEqual(run("top_talkers", "/nonexistent").returncode, 2)

    def test_resolve_deadline(self):
        ran = run("resolve_deadline", "2001:db8::5", "443", "0")
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "[2001:db8::5]:443\n", ""))
        self.assertEqual(run("resolve_deadline", "10.1", "80", "0").stdout, "10.0.0.1:80\n")
        # A name takes the system, and no time at all is too short for that.
        late = run("resolve_deadline", "name.invalid", "80", "0")
        self.assertEqual((late.returncode, late.stdout), (1, ""))
        self.assertRegex(late.stderr, r"^resolve_deadline: name\.invalid: .*[Tt]imed out")

    @needs("sort_addresses")
    def test_sort_addresses(self):
        ran = run("sort_addresses", text="10.0.0.10\n::1\n9.9.9.9\n10.0.0.9\n1:2\n2001:DB8:0::1\n")
        self.assertEqual(ran.stdout, "9.9.9.9\n10.0.0.9\n10.0.0.10\n::1\n2001:db8::1\n")
        self.assertRegex(ran.stderr, r"^line 5, byte 4: [a-z ]+\n$")
        self.assertEqual(ran.returncode, 1)


    def test_an_output_that_is_lost(self):
        with tempfile.NamedTemporaryFile() as file, open("/dev/full", "wb") as full:
            capture.write_capture(file, 100)
            for name, arguments in (("parse_column", []), ("scan_log", []), ("sort_addresses", []),
                                    ("resolve_deadline", ["10.1", "80", "0"]),
                                    ("top_talkers", [file.name])):
                if (FOLDER / name).exists():
                    done = subprocess.run([FOLDER / name, *arguments], input=b"10.0.0.1\n",
                                          stdout=full, timeout=120)
                    self.assertNotEqual(done.returncode, 0, name)


class Capture(unittest.TestCase):
    def test_the_same_seed_writes_the_same_capture(self):
        with tempfile.TemporaryFile() as a, tempfile.TemporaryFile() as b:
            capture.write_capture(a, 500)
            capture.write_capture(b, 500)
            a.seek(0)
            b.seek(0)
            self.assertTrue(re.match(rb"\xd4\xc3\xb2\xa1", a.read(4)))
            a.seek(0)
            self.assertEqual(a.read(), b.read())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
