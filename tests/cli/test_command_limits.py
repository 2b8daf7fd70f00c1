#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command at the edges of what its pages say: odd lists, names, colours and numbers, word by word.

usage: test_command_edges.py COMMAND LOGGEN
"""
import gzip
import os
import subprocess

from command import COMMAND, InAFolder, main, run

MARK, PLAIN, COLON = b"\33[1;31m", b"\33[m", b"\33[36m:\33[m"


class Grep(InAFolder):
    def test_colours(self):
        def marked(*addresses):
            return b" ".join(MARK + address + PLAIN for address in addresses)

        many = [b"10.0.%d.1" % i for i in range(33)]
        text = b" ".join(many) + b"\n192.0.2.1 and 10.0.0.2 too\n10.0.0.3"
        expected = marked(*many) + b"\n192.0.2.1 and " + marked(b"10.0.0.2") + b" too\n" + \
            marked(b"10.0.0.3") + b"\n"
        self.assertEqual(run("grep", "--color=always", "10.0.0.0/8", stdin=text), (0, expected, ""))
        self.assertEqual(run("grep", "--color", "-v", "10.0.0.0/8", stdin=b"a\n10.0.0.1\nb\n"),
                         (0, b"a\nb\n", ""))
        self.assertEqual(run("grep", "--color=always", "-H", "-n", "10.0.0.0/8", stdin=b"10.0.0.1\n"),
                         (0, b"\33[35m(standard input)\33[m" + COLON + b"\33[32m1\33[m" + COLON +
                          marked(b"10.0.0.1") + b"\n", ""))
        code, out, err = run("grep", "--color=often", "10.0.0.0/8")
        self.assertEqual((code, out), (2, b""))
        self.assertIn("invalid argument 'often' for '--color': expected auto, always or never\n", err)

    def refused(self, network, message):
        self.assertEqual(run("grep", network), (2, b"", f"simdinet: invalid network {message}\n"), network)

    def test_networks_that_are_none(self):
        self.refused("10.0.0.1-10.0.0.x", "'10.0.0.1-10.0.0.x': unexpected character at byte 16")
        self.refused("10.0.0.x-10.0.0.1", "'10.0.0.x-10.0.0.1': unexpected character at byte 7")
        self.refused("::1-::g", "'::1-::g': unexpected character at byte 6")
        self.refused("10.0.0.0/x", "'10.0.0.0/x': invalid prefix length 'x' at byte 9")
        self.refused("10.0.0.0/:", "'10.0.0.0/:': invalid prefix length ':' at byte 9")
        self.refused("10.0.0.0/", "'10.0.0.0/': missing prefix length at byte 9")
        self.refused("10.0.0.0/33", "'10.0.0.0/33': invalid prefix length '33' at byte 9")
        self.refused("2001:db8::/129", "'2001:db8::/129': invalid prefix length '129' at byte 11")
        self.refused("1.2.3.4-::1", "'1.2.3.4-::1': range of mixed address families at byte 8")
        self.refused("10.0.0.9-10.0.0.1",
                     "'10.0.0.9-10.0.0.1': range ends before it starts at byte 9")
        self.refused("\x01\x7f", "'??': unexpected character at byte 0")
        self.refused("1" * 70, f"'{'1' * 60}...': octet out of range (0-255) at byte 0")

    def lines_in(self, networks, *addresses):
        path = self.file("list", networks)
        code, out, err = run("grep", "-f", path, stdin="".join(f"{a}\n" for a in addresses).encode())
        self.assertEqual(err, "")
        self.assertEqual(code, 0 if out else 1)
        return out.decode().split()

    def test_lists(self):
        self.assertEqual(self.lines_in(b" \t10.0.0.0 / 31 \t\r\n\n# 1.2.3.4\n;\n1.1.1.1;2.2.2.2",
                                       "10.0.0.0", "10.0.0.1", "10.0.0.2", "1.2.3.4", "1.1.1.1",
                                       "2.2.2.2"),
                         ["10.0.0.0", "10.0.0.1", "1.1.1.1"])
        # One within the other, one that goes on where the other ends, and one beside it.
        self.assertEqual(self.lines_in(b"2001:db8::-2001:db8::f\n2001:db8::8-2001:db8::1f\n"
                                       b"2001:db8::4\n2001:db8::20/124\n2001:db8::31\n",
                                       "2001:db8::", "2001:db8::1f", "2001:db8::20", "2001:db8::2f",
                                       "2001:db8::30", "2001:db8::31", "2001:db8::32"),
                         ["2001:db8::", "2001:db8::1f", "2001:db8::20", "2001:db8::2f",
                          "2001:db8::31"])
        # Mapped as a whole, it is of IPv4; from there to what is not mapped, it is of IPv6.
        self.assertEqual(self.lines_in(b"::ffff:10.0.0.0/127\n", "10.0.0.1", "10.0.0.2"), ["10.0.0.1"])
        self.assertEqual(self.lines_in(b"::ffff:255.0.0.0-::1:0:0:5\n", "255.0.0.1", "::1:0:0:5",
                                       "::1:0:0:6"), ["::1:0:0:5"])

    def test_lists_that_are_none(self):
        for text, message in ((b"10.0.0.1\n\nten\n", ":3: invalid network 'ten': unexpected character at byte 0"),
                              (b"10.0.0.1\nten", ":2: invalid network 'ten': unexpected character at byte 0"),
                              (b"10.0.0.1\n" + b" " * 70000, ":2: line too long")):
            path = self.file("list", text)
            self.assertEqual(run("grep", "-f", path), (2, b"", f"simdinet: {path}{message}\n"))
        self.assertEqual(run("grep", "-f", self.folder.name)[:2], (2, b""))

    def test_a_list_that_is_cut(self):
        self.reads(("zlib", gzip.compress(b"x")))
        path = self.file("list", b"\x1f\x8b\x08\x00junk")
        self.assertEqual(run("grep", "-f", path), (2, b"", f"simdinet: {path}: unexpected end of gzip data\n"))


class Names(InAFolder):
    def test_json_of_names_that_are_no_text(self):
        for name, shown in ((b"a\xff", b"a\\ufffd"), (b"\xc3", b"\\ufffd"), (b"\xc3(", b"\\ufffd("),
                            (b"\x80", b"\\ufffd"), (b"\xc1\x81", b"\\ufffd\\ufffd"),
                            (b"\xe0\x80\x80", b"\\ufffd" * 3), (b"\xed\xa0\x80", b"\\ufffd" * 3),
                            (b"\xed\x9f\xbf", b"\xed\x9f\xbf"), (b"\xee\x80\x80", b"\xee\x80\x80"),
                            (b"\xf0\x80\x80\x80", b"\\ufffd" * 4), (b"\xf4\x90\x80\x80", b"\\ufffd" * 4),
                            (b"\xf5\x80\x80\x80", b"\\ufffd" * 4), (b"\xf4\x8f\xbf\xbf", b"\xf4\x8f\xbf\xbf"),
                            (b"\xf0\x9f\x98\x80", b"\xf0\x9f\x98\x80"), (b"\xc3\xa9", b"\xc3\xa9"),
                            (b'"\\\n\x1f', b'\\"\\\\\\u000a\\u001f')):
            path = os.path.join(os.fsencode(self.folder.name), name)
            with open(path, "wb") as file:
                file.write(b"1.2.3.4")
            code, out, err = run("extract", "--json", "-H", path)
            self.assertEqual((code, err), (0, ""))
            self.assertIn(b"/" + shown + b'","offset":0,', out, name)


class Numbers(InAFolder):
    def test_many_lines_of_numbers(self):
        count = 70000
        text = b"".join(b"%d\n" % i for i in range(count))
        code, out, err = run("format", "--int", stdin=text)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, b"".join(b"0.%d.%d.%d\n" % (i >> 16, i >> 8 & 255, i & 255)
                                       for i in range(count)))

    def test_spellings_of_hexadecimal_numbers(self):
        self.assertEqual(run("format", "--hex", stdin=b"0x10\n0X1f\n00000000000a\n"),
                         (0, b"0.0.0.16\n0.0.0.31\n0.0.0.10\n", ""))
        for line in b"0y10", b"0x", b"1\x01\x7f\xe9", b"x10":
            shown = "".join(chr(c) if 32 <= c < 127 else "?" for c in line)
            self.assertEqual(run("format", "--hex", stdin=line),
                             (2, b"", "simdinet: (standard input):1: invalid 32-bit hexadecimal "
                                      f"number '{shown}'\n"))

    def test_lines_that_are_refused(self):
        code, out, err = run("parse", "-6", stdin=b"1:2\r\n::1\r\n1.2.3.4\n")
        self.assertEqual((code, out), (2, b"00000000000000000000000000000001\n"))
        self.assertEqual(err, "simdinet: (standard input):1: fewer than eight groups at byte 3\n"
                              "simdinet: (standard input):3: fewer than eight groups at byte 7\n")

    def test_numbers_of_threads(self):
        for number in "0", ":", "-1", "4x", "", "99999999999999999999":
            code, out, err = run("extract", "-j", number)
            self.assertEqual((code, out), (2, b""))
            self.assertTrue(err.startswith(f"simdinet: invalid argument '{number}' for '--threads': "
                                           "expected a positive integer\n"))
        self.assertEqual(run("extract", "-j", "4294967296", stdin=b"1.2.3.4"), (0, b"1.2.3.4\n", ""))


class Words(InAFolder):
    def test_helps(self):
        self.assertEqual(run("-h"), run("--help"))
        self.assertEqual(run("-V"), run("--version"))
        for command in "extract", "count", "grep", "parse", "format", "resolve", "services":
            code, out, err = run(command, "--help")
            self.assertEqual((code, err), (0, ""))
            self.assertTrue(out.startswith(b"Usage: simdinet " + command.encode()), command)
            # Help that nobody can read was no help.
            with open("/dev/full", "wb") as full:
                done = subprocess.run([COMMAND, command, "--help"], stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 2, command)
            self.assertIn(b"standard output: No space left on device", done.stderr, command)

    def test_stats_of_extract(self):
        code, out, err = run("extract", "--stats", stdin=b"10.0.0.1 a\n\n::1")
        self.assertEqual((code, out), (0, b"10.0.0.1\n::1\n"))
        self.assertRegex(err, r"^3 lines, 15 bytes, 2 addresses; \d+\.\d{3} s, \d+\.\d\d GB/s\n$")

    def test_services_has_no_options(self):
        status, out, err = run("services", "-x")
        self.assertEqual((status, out), (2, b""))
        # What is wrong is said in the words of the C library.
        self.assertRegex(err, r"\Asimdinet: .*\bx.*\nTry 'simdinet services --help'\.\n\Z")

    def test_resolve_reads_lines_of_any_end(self):
        self.assertEqual(run("resolve", stdin=b"192.0.2.1\r\n::1\n192.0.2.2"),
                         (0, b"192.0.2.1\n::1\n192.0.2.2\n", ""))


if __name__ == "__main__":
    main()
