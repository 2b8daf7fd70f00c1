# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet grep: networks in all their forms, and the lines with addresses in them."""
import bisect
import gzip
import ipaddress
import pathlib
import random

import pytest
from cli_support import equal

TEXT = (b"one 10.0.0.1\n"
        b"two 10.0.1.1 and 192.0.2.7\n"
        b"three ::ffff:10.0.0.2\n"
        b"none\n"
        b"four 2001:db8::1 Chrome/10.0.0.9\n"
        b"five 2001:db8:1::5")
MARK, PLAIN, COLON = b"\33[1;31m", b"\33[m", b"\33[36m:\33[m"


def lines(*numbers):
    return b"".join(TEXT.splitlines()[n - 1] + b"\n" for n in numbers)


def marked(*addresses):
    return b" ".join(MARK + address + PLAIN for address in addresses)


# ---- networks --------------------------------------------------------------------------------------

@pytest.mark.parametrize("network, want", [
    ("10.0.0.1", (1,)), ("10.0.0.0/24", (1, 3)), ("10.0.0.77/24", (1, 3)), ("10.0.0.0/8", (1, 2, 3)),
    ("0.0.0.0/0", (1, 2, 3)), ("10.0.0.2/32", (3,)), ("10.0.0.2-10.0.1.255", (2, 3)),
    (" 10.0.0.2 -\t10.0.0.9 ", (3,)), ("192.0.2.7-192.0.2.7", (2,)), ("::ffff:10.0.0.0/120", (1, 3)),
    ("::ffff:192.0.2.7", (2,)), ("2001:db8::/32", (5, 6)), ("2001:DB8::/48", (5,)),
    ("2001:db8::2-2001:db8:2::", (6,)), ("2001:db8:1:0:0::5", (6,)), ("::/0", (3, 5, 6)),
    ("::-ffff:ffff::", (3, 5, 6)), ("11.0.0.0/8", ()), ("10.0.0.9", ())])
def test_networks(run, network, want):
    assert run("grep", network, stdin=TEXT) == (0 if want else 1, lines(*want), "")


def test_several_networks(run):
    assert run("grep", "-e", "10.0.0.1", "--network=2001:db8::/48", stdin=TEXT)[1] == lines(1, 5)


def test_versions(run):
    assert run("grep", "--versions", "10.0.0.9", stdin=TEXT)[1] == lines(5)


@pytest.mark.parametrize("network, message", [
    ("10.0.0.0/33", "invalid prefix length '33' at byte 9"),
    ("::/129", "invalid prefix length '129' at byte 3"),
    ("2001:db8::/129", "invalid prefix length '129' at byte 11"),
    ("10.0.0.0/", "missing prefix length at byte 9"),
    ("10.0.0.0/x", "invalid prefix length 'x' at byte 9"),
    ("10.0.0.0/:", "invalid prefix length ':' at byte 9"),
    ("10.0.0.256/8", "octet out of range (0-255) at byte 7"),
    ("10.0.0.9-10.0.0.1", "range ends before it starts at byte 9"),
    ("10.0.0.9-::1", "range of mixed address families at byte 9"),
    ("1.2.3.4-::1", "range of mixed address families at byte 8"),
    ("10.0.0", "fewer than four octets at byte 6"),
    ("", "empty text at byte 0"),
    ("10.0.0.1-10.0.0.x", "unexpected character at byte 16"),
    ("10.0.0.x-10.0.0.1", "unexpected character at byte 7"),
    ("::1-::g", "unexpected character at byte 6"),
    ("\x01\x7f", "unexpected character at byte 0"),
    ("\x1b[2J", "unexpected character at byte 0"),
    ("1" * 70, "octet out of range (0-255) at byte 0"),
])
def test_invalid_networks(run, network, message):
    shown = "".join(c if " " <= c <= "~" else "?" for c in network[:60]) + "..." * (len(network) > 60)
    assert run("grep", network, stdin=TEXT) == (2, b"", f"simdinet: invalid network '{shown}': {message}\n")


def test_overlapping_networks(run, file):
    nested = file("list", b"10.0.0.0/8\n10.1.0.0/16\n10.0.0.1\n9.0.0.0-10.0.0.0\n11.0.0.1\n")
    text = b"8.255.255.255 9.0.0.0 10.0.0.0 10.255.255.255 11.0.0.0 11.0.0.1 11.0.0.2"
    assert run("grep", "-o", "-f", nested, stdin=text)[1] == b"9.0.0.0\n10.0.0.0\n10.255.255.255\n11.0.0.1\n"


MIXED = (b"a 192.0.2.1\nb 2001:db8::1\nc ::ffff:192.0.2.1\nd 10.0.0.1 and fe80::1\ne nothing\n"
         b"f ::ffff:10.0.0.1 2001:db8::2\ng ::192.0.2.1\n")


@pytest.mark.parametrize("arguments, want", [
    (["2001:db8::/32"], "bf"),
    (["::/0"], "bcdfg"),
    (["::ffff:0:0/96"], "acdf"),
    (["-v", "2001:db8::/32"], "acdeg"),
    (["-6", "::/0"], "bdfg"),
    (["-6", "10.0.0.0/8"], ""),
    (["-4", "0.0.0.0/0"], "acdf"),
    (["--mapped", "10.0.0.0/8"], "d"),
    (["--mapped", "10.0.0.0/8,2001:db8::/32"], "bdf"),
    (["--mapped", "::ffff:0:0/96"], "cf"),
    (["--only=fe80::/10,private", "-e", "fe80::/10"], "d"),
    (["--only=2001:db8::/32", "-e", "10.0.0.0/8"], ""),
    (["--not=2001:db8::1", "-e", "2001:db8::/32"], "f"),
    (["--only=unique-local,link-local", "-e", "::/0"], "d")])
def test_families(run, arguments, want):
    """Networks of one family restrict the scan, but no result."""
    code, out, _ = run("grep", *arguments, stdin=MIXED)
    assert (code, "".join(chr(line[0]) for line in out.splitlines())) == (0 if want else 1, want)
    code, out, errors = run("grep", "--stats", *arguments, stdin=MIXED)
    assert "".join(chr(line[0]) for line in out.splitlines()) == want and ", 8 addresses" in errors


def test_forms_of_lines(run, file):
    """A line that is only a network takes another path than one with a label or blanks."""
    networks = ["192.0.2.0/24", "192.0.2.77/24", "192.0.2.1", "0.0.0.0/0", "192.0.2.1/32", "192.0.2.1/032", "10.0.0.0/8",
                "2001:db8::/32", "2001:db8::1", "2001:db8::1/128", "::/0", "::ffff:192.0.2.0/120", "::ffff:192.0.2.1"]
    for network in networks:
        want = run("grep", network, stdin=MIXED)
        for line in ("{}", "{}\n", "{}\r\n", " {} \n", "{} # comment\n", "{} label\n", "{},label\n",
                     "\ufeff{}\n"):
            assert run("grep", "-f", file("list", line.format(network).encode()), stdin=MIXED) == want, (network, line)
    for text in ("192.0.2.0/33", "192.0.2.0/", "192.0.2.0/0x1", "192.0.2/24", "2001:db8::/129", "/24", "192.0.2.0/+8",
                 "192.0.2.0/8/8", "192.0.2.0/1000", "2001:db8::/"):
        code, out, errors = run("grep", "-f", file("list", text.encode() + b"\n"), stdin=MIXED)
        assert (code, out) == (2, b"") and ":1: invalid network" in errors, text


@pytest.mark.parametrize("bits, kind", [(32, ipaddress.IPv4Address), (128, ipaddress.IPv6Address)])
def test_many_networks(run, file, bits, kind):
    random.seed(4)
    ends = sorted(random.sample(range(1 << bits), 40000) if bits == 32 else
                  {0x2a00 << 112 | random.getrandbits(108) for _ in range(40000)})
    ranges = [(ends[i], ends[i + 1]) for i in range(0, len(ends) - 1, 2)]
    random.shuffle(ranges)
    path = file("list", "".join(f"{kind(a)}-{kind(b)}\n" for a, b in ranges).encode())
    queries = [end + step for end in random.sample(ends[1:-1], 3000) for step in (-1, 0, 1)]
    want = []
    for number in queries:
        at = bisect.bisect_right(ends, number)
        if at % 2 == 1 or number == ends[at - 1]:
            want.append(str(kind(number)))
    out = run("grep", "-f", path, stdin="\n".join(str(kind(n)) for n in queries).encode())[1]
    assert equal(out.decode().split(), want)


# ---- lists -----------------------------------------------------------------------------------------

def test_lists(run, file):
    some = file("some", b"# a comment\n\n  10.0.0.1 ; mine\r\n;\n\t2001:db8::/48#x")
    none = file("none", b"# nothing\n")
    assert run("grep", "-f", some, stdin=TEXT)[1] == lines(1, 5)
    assert run("grep", "-f", some, "-f", none, "-e", "192.0.2.0/28", stdin=TEXT)[1] == lines(1, 2, 5)
    assert run("grep", "-f", none, stdin=TEXT) == (1, b"", "")
    assert run("grep", "-v", "-f", none, stdin=TEXT)[1] == TEXT + b"\n"
    assert run("grep", "-f", "-", file("log", TEXT), stdin=b"10.0.0.1\n")[1] == lines(1)


@pytest.mark.parametrize("files", [[], ["-"], ["log", "-"]])
def test_standard_input_is_either_list_or_input(run, files):
    assert run("grep", "-f", "-", *files, stdin=b"10.0.0.1\n") == (
        2, b"", "simdinet: standard input cannot be both the list of networks and a file to search\n"
                "Try 'simdinet grep --help'.\n")


@pytest.mark.parametrize("networks, addresses, want", [
    (b" \t10.0.0.0 / 31 \t\r\n\n# 1.2.3.4\n;\n1.1.1.1 ;2.2.2.2",
     "10.0.0.0 10.0.0.1 10.0.0.2 1.2.3.4 1.1.1.1 2.2.2.2", "10.0.0.0 10.0.0.1 1.1.1.1"),
    # Nested, overlapping, adjacent and separate ranges.
    (b"2001:db8::-2001:db8::f\n2001:db8::8-2001:db8::1f\n2001:db8::4\n2001:db8::20/124\n2001:db8::31\n",
     "2001:db8:: 2001:db8::1f 2001:db8::20 2001:db8::2f 2001:db8::30 2001:db8::31 2001:db8::32",
     "2001:db8:: 2001:db8::1f 2001:db8::20 2001:db8::2f 2001:db8::31"),
    # A range within ::ffff:0:0/96 is one of IPv4; one that ends past it is one of IPv6.
    (b"::ffff:10.0.0.0/127\n", "10.0.0.1 10.0.0.2", "10.0.0.1"),
    (b"::ffff:255.0.0.0-::1:0:0:5\n", "255.0.0.1 ::1:0:0:5 ::1:0:0:6", "::1:0:0:5"),
])
def test_what_lists_contain(run, file, networks, addresses, want):
    text = addresses.replace(" ", "\n").encode()
    assert run("grep", "-f", file("list", networks), stdin=text) == (0, want.replace(" ", "\n").encode() + b"\n", "")


@pytest.mark.parametrize("text, message", [
    (b"# first\n10.0.0.0/8\n\n 10.0.0.0/99 # no\n",
     ":4: invalid network '10.0.0.0/99': invalid prefix length '99' at byte 9"),
    (b"10.0.0.1\n\nten\n", ":3: invalid network 'ten': unexpected character at byte 0"),
    (b"10.0.0.1\nten", ":2: invalid network 'ten': unexpected character at byte 0"),
    (b"10.0.0.1\n" + b" " * 70000, ":2: line too long")])
def test_invalid_lists(run, file, text, message):
    path = file("list", text)
    assert run("grep", "-f", path, stdin=TEXT) == (2, b"", f"simdinet: {path}{message}\n")


def test_unreadable_lists(run, tmp_path):
    missing = tmp_path / "missing"
    assert run("grep", "-f", missing, stdin=TEXT) == (2, b"", f"simdinet: {missing}: No such file or directory\n")
    assert run("grep", "-f", tmp_path)[:2] == (2, b"")


def test_compressed_lists(run, file, decoders):
    path = file("list", gzip.compress(b"# my networks\n10.0.0.0/8\n"))
    assert run("grep", "-f", path, stdin=b"10.0.0.1")[1] == b"10.0.0.1\n"
    path = file("list", b"\x1f\x8b\x08\x00junk")
    assert run("grep", "-f", path) == (2, b"", f"simdinet: {path}: unexpected end of gzip data\n")


# ---- lines -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("more", [[], ["--line-buffered"]])
@pytest.mark.parametrize("options, want", [
    (["-v"], lines(2, 4, 5, 6)), (["-c"], b"2\n"), (["-cv"], b"4\n"), (["-q"], b""),
    (["-o"], b"10.0.0.1\n::ffff:10.0.0.2\n"), (["-on"], b"1:10.0.0.1\n3:::ffff:10.0.0.2\n"),
    (["-n"], b"1:one 10.0.0.1\n3:three ::ffff:10.0.0.2\n"),
    (["-H"], b"(standard input):one 10.0.0.1\n(standard input):three ::ffff:10.0.0.2\n"),
    (["-cH"], b"(standard input):2\n"), (["-oc"], b"2\n"),
    (["-vn"], b"2:two 10.0.1.1 and 192.0.2.7\n4:none\n5:four 2001:db8::1 Chrome/10.0.0.9\n6:five 2001:db8:1::5\n"),
    (["--color=always", "-n"], b"\x1b[32m1\x1b[m\x1b[36m:\x1b[mone \x1b[1;31m10.0.0.1\x1b[m\n"
                               b"\x1b[32m3\x1b[m\x1b[36m:\x1b[mthree \x1b[1;31m::ffff:10.0.0.2\x1b[m\n")])
def test_options(run, options, more, want):
    assert run("grep", *options, *more, "10.0.0.0/24", stdin=TEXT) == (0, want, "")


@pytest.mark.parametrize("words, text", [
    *[([*options, "9.9.9.9"], TEXT) for options in (["-q"], ["-c"], ["-o"], [])],
    (["-v", "::/0"], b"::1\n"), (["-v", "::/0"], b"")])
def test_no_line(run, words, text):
    assert run("grep", *words, stdin=text) == (1, b"0\n" if "-c" in words else b"", "")


MANY = [b"10.0.%d.1" % i for i in range(33)]


@pytest.mark.parametrize("options, text, want", [
    (["--color=always"], b" ".join(MANY) + b"\n192.0.2.1 and 10.0.0.2 too\n10.0.0.3",
     marked(*MANY) + b"\n192.0.2.1 and " + marked(b"10.0.0.2") + b" too\n" + marked(b"10.0.0.3") + b"\n"),
    (["--color", "-v"], b"a\n10.0.0.1\nb\n", b"a\nb\n"),
    (["--color=always", "-H", "-n"], b"10.0.0.1\n", b"\33[35m(standard input)\33[m" + COLON + b"\33[32m1\33[m" +
     COLON + marked(b"10.0.0.1") + b"\n")])
def test_color(run, options, text, want):
    assert run("grep", *options, "10.0.0.0/8", stdin=text) == (0, want, "")


def test_several_files(run, file, tmp_path):
    a, b, missing = file("a", b"10.0.0.1\n"), file("b", b"x\n"), tmp_path / "missing"
    error = f"simdinet: {missing}: No such file or directory\n"
    assert run("grep", "10.0.0.1", a, missing, a) == (2, f"{a}:10.0.0.1\n{a}:10.0.0.1\n".encode(), error)
    assert run("grep", "-c", "10.0.0.1", a, b)[1] == f"{a}:1\n{b}:0\n".encode()
    assert run("grep", "-h", "10.0.0.1", a, a)[1] == b"10.0.0.1\n10.0.0.1\n"
    assert run("grep", "-q", "10.0.0.1", missing, a) == (0, b"", error)


@pytest.mark.parametrize("text", [b"10.0.0.1", b"\n10.0.0.1", b"10.0.0.1\n\n", b"10.0.0.1\r\n", b"\0 10.0.0.1 \xff"])
def test_ends_of_lines(run, text):
    want = b"".join(line + b"\n" for line in text.split(b"\n") if b"10.0.0.1" in line)
    assert run("grep", "10.0.0.1", stdin=text)[1] == want


def test_empty_lines_and_counts(run):
    assert run("grep", "-v", "10.0.0.1", stdin=b"\n\n10.0.0.1\n\na")[1] == b"\n\n\na\n"
    assert run("grep", "-c", "10.0.0.1", stdin=b"10.0.0.1 10.0.0.1\n10.0.0.1")[1] == b"2\n"


@pytest.mark.parametrize("threads", ["1", "2", "5"])
def test_against_the_truth(run, log, threads):
    """Lines by the truth of the generator, in every mode."""
    net = ipaddress.ip_network("10.0.0.0/9")
    path, truth = log(seed=5)
    text = pathlib.Path(path).read_bytes()
    starts = [0] + [i + 1 for i, byte in enumerate(text) if byte == 10]
    hits = set()
    for row in truth.decode().splitlines():
        offset, address = row.split(":", 1)
        address = ipaddress.ip_address(address)
        if (getattr(address, "ipv4_mapped", None) or address) in net:
            hits.add(bisect.bisect_right(starts, int(offset)) - 1)
    every = text.removesuffix(b"\n").split(b"\n")
    assert len(hits) > 1000
    missed = [i for i in range(len(every)) if i not in hits]
    hits = sorted(hits)
    for options, want in (
            ([], b"".join(every[i] + b"\n" for i in hits)),
            (["-v"], b"".join(every[i] + b"\n" for i in missed)),
            (["-n"], b"".join(b"%d:%s\n" % (i + 1, every[i]) for i in hits)),
            (["-vn"], b"".join(b"%d:%s\n" % (i + 1, every[i]) for i in missed)),
            (["-c"], b"%d\n" % len(hits)), (["-vc"], b"%d\n" % len(missed)), (["-q"], b"")):
        status, out, err = run("grep", "-j", threads, *options, str(net), path)
        assert (status, err) == (0, "")
        assert equal(out, want), options


def test_lines_longer_than_ranges(run, file):
    long = b"x" * 3000000
    text = (b"a 10.0.0.1\n" + long + b" 10.0.0.1 " + long + b"\n" + long + b"\n10.0.0.1\n" +
            b"9.9.9.9 " + long + b"\n" + b"10.0.0.1 " + long * 2)
    every = text.split(b"\n")
    path = file("log", text)
    for threads in ("1", "2", "8"):
        for options, want in (([], (0, 1, 3, 5)), (["-v"], (2, 4))):
            out = run("grep", "-j", threads, *options, "10.0.0.0/8", path)[1]
            assert equal(out, b"".join(every[i] + b"\n" for i in want)), (threads, options)
        assert run("grep", "-j", threads, "-c", "10.0.0.0/8", path)[1] == b"4\n"
    assert equal(run("grep", "10.0.0.0/8", stdin=text)[1], b"".join(every[i] + b"\n" for i in (0, 1, 3, 5)))


@pytest.mark.parametrize("shift", range(-12, 3))
def test_boundaries_of_ranges(run, file, shift):
    """A newline, and an address, at every offset around the boundaries of the first four ranges."""
    size = 1 << 20
    text = bytearray(b"." * (5 * size))
    for boundary in (size, 2 * size, 3 * size):
        text[boundary + shift:boundary + shift + 10] = b"\n10.0.0.1\n"
    path = file("log", bytes(text))
    want = b"".join(b"%d:10.0.0.1\n" % n for n in (2, 4, 6))
    assert run("grep", "-n", "-j", "3", "10.0.0.1", path)[1] == want
    out = run("grep", "-v", "-n", "-j", "3", "10.0.0.1", path)[1]
    assert [line[:2] for line in out.splitlines()] == [b"1:", b"3:", b"5:", b"7:"]
    offsets = run("extract", "-nb", "-j", "3", path)[1].split()
    assert offsets == [b"%d:%d:10.0.0.1" % (2 * i, i * size + shift + 1) for i in (1, 2, 3)]
