#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet format as a process: test_format_command.py COMMAND"""

import ipaddress
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import unittest

COMMAND = None


def run(*arguments, stdin=b"", **options):
    done = subprocess.run([COMMAND, "format", *arguments], input=stdin, capture_output=True,
                          check=False, **options)
    return done.returncode, done.stdout, done.stderr.decode()


def ipv6_text(value):
    """As inet_ntop has it: octets at the end of ::/96 and of ::ffff:0:0/96."""
    address = ipaddress.IPv6Address(value)
    if value >> 32 == 0xffff:
        return "::ffff:" + str(ipaddress.IPv4Address(value & 0xffffffff))
    if value >> 32 == 0 and value >> 16:
        return "::" + str(ipaddress.IPv4Address(value))
    return str(address)


class Binary(unittest.TestCase):
    def test_ipv4_is_the_default(self):
        self.assertEqual(run(stdin=b"\xc0\x00\x02\x01\0\0\0\0\xff\xff\xff\xff"),
                         (0, b"192.0.2.1\n0.0.0.0\n255.255.255.255\n", ""))
        self.assertEqual(run("-6", "-4", "--hex", "--binary", "-", stdin=b"\x7f\0\0\1"),
                         (0, b"127.0.0.1\n", ""))

    def test_ipv6(self):
        addresses = bytes(15) + b"\1" + bytes(10) + b"\xff\xff\x0a\0\0\1" + bytes(16)
        for words in ["-6"], ["--ipv4", "--ipv6"]:
            self.assertEqual(run(*words, stdin=addresses), (0, b"::1\n::ffff:10.0.0.1\n::\n", ""))
        self.assertEqual(run("--ipv6", "--ipv4", stdin=b"\x7f\0\0\1"), (0, b"127.0.0.1\n", ""))

    def test_nothing(self):
        for words in ([], ["-6"], ["--hex"], ["--int"]):
            self.assertEqual(run(*words), (0, b"", ""))

    def test_a_last_address_that_is_cut_off(self):
        for left in range(1, 4):
            self.assertEqual(run(stdin=b"\1\2\3\4\5\6\7\x08" + b"\xff" * left),
                             (2, b"1.2.3.4\n5.6.7.8\n", "simdinet: (standard input): truncated "
                              f"address at byte 8: {left} of 4 bytes\n"))
        status, out, err = run("-6", stdin=bytes(31))
        self.assertEqual((status, out), (2, b"::\n"))
        self.assertIn("truncated address at byte 16: 15 of 16 bytes", err)

    def test_more_than_any_buffer(self):
        chance = random.Random(5)
        values = [chance.getrandbits(32) for _ in range(100000)]
        text = "".join(f"{ipaddress.IPv4Address(value)}\n" for value in values).encode()
        self.assertEqual(run(stdin=b"".join(value.to_bytes(4, "big") for value in values)),
                         (0, text, ""))
        self.assertEqual(run("--int", stdin="".join(f"{value}\n" for value in values).encode()),
                         (0, text, ""))
        values = [chance.getrandbits(128) & chance.getrandbits(128) >> 16 * chance.randrange(8)
                  for _ in range(30000)]
        text = "".join(ipv6_text(value) + "\n" for value in values).encode()
        self.assertEqual(run("-6", stdin=b"".join(value.to_bytes(16, "big") for value in values)),
                         (0, text, ""))
        self.assertEqual(run("-6", "--hex", stdin="".join(f"{value:x}\n" for value in values)
                             .encode()), (0, text, ""))

    def test_a_pipe_that_delivers_odd_pieces(self):
        read_end, write_end = os.pipe()
        data = bytes(range(256)) * 5

        def feed():
            for at in range(0, len(data), 7):
                os.write(write_end, data[at:at + 7])
            os.close(write_end)

        feeder = threading.Thread(target=feed)
        feeder.start()
        done = subprocess.run([COMMAND, "format"], stdin=read_end, capture_output=True, check=False)
        feeder.join()
        os.close(read_end)
        wanted = "".join("%d.%d.%d.%d\n" % tuple(data[i:i + 4]) for i in range(0, len(data), 4))
        self.assertEqual((done.returncode, done.stdout.decode()), (0, wanted))


class Numbers(unittest.TestCase):
    def test_hexadecimal(self):
        self.assertEqual(run("--hex", stdin=b"c0000201\n0xC0000202\r\n0\n00000001\nffffFFFF"),
                         (0, b"192.0.2.1\n192.0.2.2\n0.0.0.0\n0.0.0.1\n255.255.255.255\n", ""))
        self.assertEqual(run("-6", "--hex", stdin=b"20010db8" + b"0" * 23 + b"1\nffff0a000001\n1\n"),
                         (0, b"2001:db8::1\n::ffff:10.0.0.1\n::1\n", ""))

    def test_decimal(self):
        self.assertEqual(run("--int", stdin=b"3221225985\n0\n4294967295\n"),
                         (0, b"192.0.2.1\n0.0.0.0\n255.255.255.255\n", ""))
        self.assertEqual(run("-6", "--int", stdin=f"{2**128 - 1}\n1\n{1 << 112}\n".encode()),
                         (0, b"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n::1\n1::\n", ""))

    def test_malformed_lines(self):
        for words, line in ((["--hex"], b"100000000"), (["--hex"], b"0x"), (["--hex"], b""),
                            (["--hex"], b"1 "), (["--hex"], b"g"), (["--int"], b"4294967296"),
                            (["--int"], b"-1"), (["--int"], b"+1"), (["--int"], b"c0"),
                            (["-6", "--int"], str(2**128).encode()),
                            (["-6", "--hex"], b"1" + b"0" * 32), (["--int"], b"1\r\r")):
            with self.subTest(words=words, line=line):
                status, out, err = run(*words, stdin=b"1\n2\n" + line + b"\n3\n")
                self.assertEqual((status, out.count(b"\n")), (2, 2))
                self.assertRegex(err, r"^simdinet: \(standard input\):3: invalid (32|128)-bit "
                                      r"(hexadecimal|decimal) number '.*'\n$")

    def test_a_cr_that_no_lf_follows(self):
        status, out, err = run("--hex", stdin=b"1\r\n2\r")
        self.assertEqual((status, out), (2, b"0.0.0.1\n"))
        self.assertIn(":2: invalid 32-bit hexadecimal number '2?'", err)

    def test_a_line_longer_than_any_buffer(self):
        status, out, err = run("--int", stdin=b"7\n" + b"1" * 1000000)
        self.assertEqual((status, out), (2, b"0.0.0.7\n"))
        self.assertIn(":2: invalid 32-bit decimal number '" + "1" * 40 + "...'", err)

    def test_zeros_longer_than_any_buffer(self):
        for zeros in 65536, 65537, 200000:
            status, out, err = run("--hex", stdin=b"7\n" + b"0" * zeros + b"c0000201\n8\n")
            self.assertEqual((status, out), (2, b"0.0.0.7\n"))
            self.assertIn(":2: invalid 32-bit hexadecimal number '" + "0" * 40 + "...'", err)
        self.assertEqual(run("--hex", stdin=b"0" * 65500 + b"c0000201\n"), (0, b"192.0.2.1\n", ""))

    def test_odd_bytes_do_not_reach_the_terminal(self):
        self.assertIn(":1: invalid 32-bit hexadecimal number '?[1m?'", run("--hex", stdin=b"\x1b[1m\0\n")[2])


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def test_several_in_order(self):
        a, b = self.file("a", b"\0\0\0\1"), self.file("b", b"\0\0\0\2\0\0\0\3")
        self.assertEqual(run(b, "-", a, stdin=b"\0\0\0\x09"),
                         (0, b"0.0.0.2\n0.0.0.3\n0.0.0.9\n0.0.0.1\n", ""))

    def test_trouble_names_the_file_and_goes_on(self):
        cut, good = self.file("cut", b"\0\0\0\1\0"), self.file("good", b"\0\0\0\2")
        missing = str(self.folder / "missing")
        self.assertEqual(run(cut, missing, good),
                         (2, b"0.0.0.1\n0.0.0.2\n",
                          f"simdinet: {cut}: truncated address at byte 4: 1 of 4 bytes\n"
                          f"simdinet: {missing}: No such file or directory\n"))
        self.assertEqual(run(str(self.folder))[0], 2)

    def test_a_line_is_counted_from_each_file(self):
        a, b = self.file("a", b"1\n2\n"), self.file("b", b"3\nx\n")
        self.assertIn(f"{b}:2: invalid 32-bit decimal number 'x'", run("--int", a, b)[2])

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([COMMAND, "format"], input=bytes(400), stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (2, b"simdinet: standard output: No space left on device\n"))


class Usage(unittest.TestCase):
    def test_help(self):
        status, out, err = run("--help")
        self.assertEqual((status, err), (0, ""))
        lines = out.decode().splitlines()
        self.assertTrue(lines[0].startswith("Usage: simdinet format"))
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_errors(self):
        for words in (["--frobnicate"], ["-5"], ["--hex=1"]):
            status, out, err = run(*words)
            self.assertEqual((status, out), (2, b""))
            self.assertIn("Try 'simdinet format --help'.", err)


if __name__ == "__main__":
    COMMAND = sys.argv.pop(1)
    unittest.main()
