#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet grep: networks in all their forms, and the lines around what is in them.

usage: test_command_grep.py COMMAND LOGGEN
"""
import bisect
import ipaddress
import pathlib
import random

from command import InAFolder, main, run

TEXT = (b"one 10.0.0.1\n"
        b"two 10.0.1.1 and 192.0.2.7\n"
        b"three ::ffff:10.0.0.2\n"
        b"none\n"
        b"four 2001:db8::1 Chrome/10.0.0.9\n"
        b"five 2001:db8:1::5")


def lines(*numbers, text=TEXT):
    split = text.splitlines()
    return b"".join(split[n - 1] + b"\n" for n in numbers)


class Networks(InAFolder):
    def test_forms(self):
        for network, want in (
                ("10.0.0.1", (1,)), ("10.0.0.0/24", (1, 3)), ("10.0.0.77/24", (1, 3)),
                ("10.0.0.0/8", (1, 2, 3)), ("0.0.0.0/0", (1, 2, 3)), ("10.0.0.2/32", (3,)),
                ("10.0.0.2-10.0.1.255", (2, 3)), (" 10.0.0.2 -\t10.0.0.9 ", (3,)),
                ("192.0.2.7-192.0.2.7", (2,)), ("::ffff:10.0.0.0/120", (1, 3)),
                ("::ffff:192.0.2.7", (2,)), ("2001:db8::/32", (5, 6)), ("2001:DB8::/48", (5,)),
                ("2001:db8::2-2001:db8:2::", (6,)), ("2001:db8:1:0:0::5", (6,)),
                ("::/0", (3, 5, 6)), ("::-ffff:ffff::", (3, 5, 6)), ("11.0.0.0/8", ())):
            self.assertEqual(run("grep", network, stdin=TEXT), (0 if want else 1, lines(*want), ""),
                             network)

    def test_several(self):
        self.assertEqual(run("grep", "-e", "10.0.0.1", "--network=2001:db8::/48", stdin=TEXT)[1],
                         lines(1, 5))

    def test_versions(self):
        self.assertEqual(run("grep", "10.0.0.9", stdin=TEXT)[0], 1)
        self.assertEqual(run("grep", "--versions", "10.0.0.9", stdin=TEXT)[1], lines(5))

    def test_lists(self):
        some = self.file("some", b"# a comment\n\n  10.0.0.1 ; mine\r\n;\n\t2001:db8::/48#x")
        none = self.file("none", b"# nothing\n")
        self.assertEqual(run("grep", "-f", some, stdin=TEXT)[1], lines(1, 5))
        self.assertEqual(run("grep", "-f", some, "-f", none, "-e", "192.0.2.0/28", stdin=TEXT)[1],
                         lines(1, 2, 5))
        self.assertEqual(run("grep", "-f", none, stdin=TEXT), (1, b"", ""))
        self.assertEqual(run("grep", "-v", "-f", none, stdin=TEXT)[1], TEXT + b"\n")
        log = self.file("log", TEXT)
        self.assertEqual(run("grep", "-f", "-", log, stdin=b"10.0.0.1\n")[1], lines(1))

    def test_what_is_no_network(self):
        for network, why in (
                ("10.0.0.0/33", "invalid prefix length '33' at byte 9"),
                ("::/129", "invalid prefix length '129' at byte 3"),
                ("10.0.0.0/", "missing prefix length at byte 9"),
                ("10.0.0.0/x", "invalid prefix length 'x' at byte 9"),
                ("10.0.0.256/8", "octet out of range (0-255) at byte 7"),
                ("10.0.0.9-10.0.0.1", "range ends before it starts at byte 9"),
                ("10.0.0.9-::1", "range of mixed address families at byte 9"),
                ("10.0.0", "fewer than four octets at byte 6"),
                ("", "no text at all at byte 0")):
            status, out, err = run("grep", network, stdin=TEXT)
            self.assertEqual((status, out), (2, b""), network)
            self.assertTrue(err.startswith(f"simdinet: invalid network '{network}': "), err)
            if network.count(".") != 2 and network:
                self.assertIn(why, err)
        bad = self.file("bad", b"# first\n10.0.0.0/8\n\n 10.0.0.0/99 # no\n")
        self.assertEqual(run("grep", "-f", bad, stdin=TEXT),
                         (2, b"", f"simdinet: {bad}:4: invalid network '10.0.0.0/99': invalid "
                                  "prefix length '99' at byte 9\n"))
        self.assertEqual(run("grep", "-f", self.path("none"), stdin=TEXT),
                         (2, b"", f"simdinet: {self.path('none')}: No such file or directory\n"))
        status, _, err = run("grep", "\x1b[2J", stdin=TEXT)
        self.assertNotIn("\x1b", err)

    def test_many_are_found_as_few_are(self):
        random.seed(4)
        for bits, kind in ((32, ipaddress.IPv4Address), (128, ipaddress.IPv6Address)):
            ends = sorted(random.sample(range(1 << bits), 40000) if bits == 32 else
                          {0x2a00 << 112 | random.getrandbits(108) for _ in range(40000)})
            ranges = [(ends[i], ends[i + 1]) for i in range(0, len(ends) - 1, 2)]
            random.shuffle(ranges)
            path = self.file("list", "".join(f"{kind(a)}-{kind(b)}\n" for a, b in ranges).encode())
            asked = [end + step for end in random.sample(ends[1:-1], 3000) for step in (-1, 0, 1)]
            want = []
            for number in asked:
                at = bisect.bisect_right(ends, number)
                if at % 2 == 1 or number in (ends[at - 1],):
                    want.append(str(kind(number)))
            out = run("grep", "-f", path, stdin="\n".join(str(kind(n)) for n in asked).encode())[1]
            self.assertEqual(out.decode().split(), want)

    def test_networks_that_overlap(self):
        nested = self.file("list", b"10.0.0.0/8\n10.1.0.0/16\n10.0.0.1\n9.0.0.0-10.0.0.0\n11.0.0.1\n")
        text = b"8.255.255.255 9.0.0.0 10.0.0.0 10.255.255.255 11.0.0.0 11.0.0.1 11.0.0.2"
        self.assertEqual(run("grep", "-o", "-f", nested, stdin=text)[1],
                         b"9.0.0.0\n10.0.0.0\n10.255.255.255\n11.0.0.1\n")


class Lines(InAFolder):
    def test_options(self):
        net = "10.0.0.0/24"
        for words, want in (
                (["-v"], lines(2, 4, 5, 6)), (["-c"], b"2\n"), (["-cv"], b"4\n"), (["-q"], b""),
                (["-o"], b"10.0.0.1\n::ffff:10.0.0.2\n"), (["-on"], b"1:10.0.0.1\n3:::ffff:10.0.0.2\n"),
                (["-n"], b"1:one 10.0.0.1\n3:three ::ffff:10.0.0.2\n"), (["-ov"], b""),
                (["-H"], b"(standard input):one 10.0.0.1\n(standard input):three ::ffff:10.0.0.2\n"),
                (["-cH"], b"(standard input):2\n"), (["-oc"], b"2\n"), (["-vn"],
                 b"2:two 10.0.1.1 and 192.0.2.7\n4:none\n5:four 2001:db8::1 Chrome/10.0.0.9\n"
                 b"6:five 2001:db8:1::5\n"),
                (["--color=always", "-n"],
                 b"\x1b[32m1\x1b[m\x1b[36m:\x1b[mone \x1b[1;31m10.0.0.1\x1b[m\n"
                 b"\x1b[32m3\x1b[m\x1b[36m:\x1b[mthree \x1b[1;31m::ffff:10.0.0.2\x1b[m\n")):
            for more in ([], ["--line-buffered"]):
                self.assertEqual(run("grep", *words, *more, net, stdin=TEXT), (0, want, ""), words)
        for words in (["-q"], ["-c"], ["-o"], []):
            self.assertEqual(run("grep", *words, "9.9.9.9", stdin=TEXT)[0], 1)
        self.assertEqual(run("grep", "-v", "::/0", stdin=b"::1\n")[0], 1)
        self.assertEqual(run("grep", "-v", "::/0", stdin=b""), (1, b"", ""))

    def test_several_files(self):
        a, b, missing = self.file("a", b"10.0.0.1\n"), self.file("b", b"x\n"), self.path("missing")
        said = f"simdinet: {missing}: No such file or directory\n"
        self.assertEqual(run("grep", "10.0.0.1", a, missing, a),
                         (2, f"{a}:10.0.0.1\n{a}:10.0.0.1\n".encode(), said))
        self.assertEqual(run("grep", "-c", "10.0.0.1", a, b)[1], f"{a}:1\n{b}:0\n".encode())
        self.assertEqual(run("grep", "-h", "10.0.0.1", a, a)[1], b"10.0.0.1\n10.0.0.1\n")
        self.assertEqual(run("grep", "-q", "10.0.0.1", missing, a), (0, b"", said))

    def test_ends_of_lines(self):
        for text in (b"10.0.0.1", b"\n10.0.0.1", b"10.0.0.1\n\n", b"10.0.0.1\r\n", b"\0 10.0.0.1 \xff"):
            want = b"".join(line + b"\n" for line in text.split(b"\n") if b"10.0.0.1" in line)
            self.assertEqual(run("grep", "10.0.0.1", stdin=text)[1], want)
        self.assertEqual(run("grep", "-v", "10.0.0.1", stdin=b"\n\n10.0.0.1\n\na")[1], b"\n\n\na\n")
        self.assertEqual(run("grep", "-c", "10.0.0.1", stdin=b"10.0.0.1 10.0.0.1\n10.0.0.1")[1], b"2\n")

    def test_against_an_obvious_reading(self):
        """Lines by the generator's truth, with one thread and several, in every mode."""
        net = ipaddress.ip_network("10.0.0.0/9")
        log, truth = self.log(seed=5)
        text = pathlib.Path(log).read_bytes()
        starts = [0] + [i + 1 for i, byte in enumerate(text) if byte == 10]
        hits = set()
        for row in truth.decode().splitlines():
            offset, address = row.split(":", 1)
            address = ipaddress.ip_address(address)
            if (getattr(address, "ipv4_mapped", None) or address) in net:
                hits.add(bisect.bisect_right(starts, int(offset)) - 1)
        every = text.split(b"\n")[:-1]
        self.assertTrue(text.endswith(b"\n") and len(hits) > 1000)
        missed = [i for i in range(len(every)) if i not in hits]
        hits = sorted(hits)
        for threads in ("1", "2", "5"):
            for words, want in (
                    ([], b"".join(every[i] + b"\n" for i in hits)),
                    (["-v"], b"".join(every[i] + b"\n" for i in missed)),
                    (["-n"], b"".join(b"%d:%s\n" % (i + 1, every[i]) for i in hits)),
                    (["-vn"], b"".join(b"%d:%s\n" % (i + 1, every[i]) for i in missed)),
                    (["-c"], b"%d\n" % len(hits)), (["-vc"], b"%d\n" % len(missed))):
                status, out, err = run("grep", "-j", threads, *words, str(net), log)
                self.assertEqual((status, err), (0, ""))
                self.assertTrue(out == want, f"-j {threads} {words}")
            self.assertEqual(run("grep", "-j", threads, "-q", str(net), log), (0, b"", ""))

    def test_lines_longer_than_pieces(self):
        long = b"x" * 3000000
        text = (b"a 10.0.0.1\n" + long + b" 10.0.0.1 " + long + b"\n" + long + b"\n10.0.0.1\n" +
                b"9.9.9.9 " + long + b"\n" + b"10.0.0.1 " + long * 2)
        every = text.split(b"\n")
        log = self.file("log", text)
        for threads in ("1", "2", "8"):
            for words, want in (([], (0, 1, 3, 5)), (["-v"], (2, 4))):
                out = run("grep", "-j", threads, *words, "10.0.0.0/8", log)[1]
                self.assertTrue(out == b"".join(every[i] + b"\n" for i in want), (threads, words))
            self.assertEqual(run("grep", "-j", threads, "-c", "10.0.0.0/8", log)[1], b"4\n")
        self.assertTrue(run("grep", "10.0.0.0/8", stdin=text)[1] ==
                        b"".join(every[i] + b"\n" for i in (0, 1, 3, 5)))

    def test_borders_of_pieces(self):
        """A newline, and an address, at every place around the first three borders of pieces."""
        piece = 1 << 20
        for shift in range(-12, 3):
            text = bytearray(b"." * (5 * piece))
            for border in (piece, 2 * piece, 3 * piece):
                at = border + shift
                text[at:at + 10] = b"\n10.0.0.1\n"
            log = self.file("log", bytes(text))
            want = b"".join(b"%d:10.0.0.1\n" % n for n in (2, 4, 6))
            self.assertEqual(run("grep", "-n", "-j", "3", "10.0.0.1", log)[1], want, shift)
            out = run("grep", "-v", "-n", "-j", "3", "10.0.0.1", log)[1]
            self.assertEqual([line[:2] for line in out.splitlines()], [b"1:", b"3:", b"5:", b"7:"])
            offsets = run("extract", "-nb", "-j", "3", log)[1].split()
            self.assertEqual(offsets, [b"%d:%d:10.0.0.1" % (2 * i, i * piece + shift + 1)
                                       for i in (1, 2, 3)])


if __name__ == "__main__":
    main()
