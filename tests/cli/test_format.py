# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet format."""
import gzip
import ipaddress
import os
import random
import re
import subprocess
import threading

import pytest


def ipv6_text(value):
    """The form of inet_ntop: an embedded IPv4 address in ::/96 and ::ffff:0:0/96."""
    address = ipaddress.IPv6Address(value)
    if value >> 32 == 0xffff:
        return "::ffff:" + str(ipaddress.IPv4Address(value & 0xffffffff))
    if value >> 32 == 0 and value >> 16:
        return "::" + str(ipaddress.IPv4Address(value))
    return str(address)


IPV6 = bytes(15) + b"\1" + bytes(10) + b"\xff\xff\x0a\0\0\1" + bytes(16)


@pytest.mark.parametrize("options, text, want", [
    ([], b"\xc0\x00\x02\x01\0\0\0\0\xff\xff\xff\xff", b"192.0.2.1\n0.0.0.0\n255.255.255.255\n"),
    (["-4", "--hex", "--binary", "-"], b"\x7f\0\0\1", b"127.0.0.1\n"),
    (["-6"], IPV6, b"::1\n::ffff:10.0.0.1\n::\n"),
    (["--ipv4", "--ipv6"], IPV6, b"::1\n10.0.0.1\n::\n"),
    (["--ipv6", "--ipv4", "--binary"], IPV6, b"::1\n10.0.0.1\n::\n"),
    *[(options, b"", b"") for options in ([], ["-6"], ["--hex"], ["--int"])],
    (["--hex"], b"c0000201\n0xC0000202\r\n0\n00000001\nffffFFFF",
     b"192.0.2.1\n192.0.2.2\n0.0.0.0\n0.0.0.1\n255.255.255.255\n"),
    (["-6", "--hex"], b"20010db8" + b"0" * 23 + b"1\nffff0a000001\n1\n", b"2001:db8::1\n::ffff:10.0.0.1\n::1\n"),
    (["-4", "--hex"], b"0x10\n0X1f\n00000000000a\n", b"0.0.0.16\n0.0.0.31\n0.0.0.10\n"),
    (["-4", "--hex"], b"0" * 65500 + b"c0000201\n", b"192.0.2.1\n"),
    (["--int"], b"3221225985\n0\n4294967295\n", b"192.0.2.1\n0.0.0.0\n255.255.255.255\n"),
    (["-6", "--int"], b"%d\n1\n%d\n" % (2**128 - 1, 1 << 112),
     b"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n::1\n1::\n"),
])
def test_output(run, options, text, want):
    assert run("format", *options, stdin=text) == (0, want, "")


@pytest.mark.parametrize("left", [1, 2, 3])
def test_truncated_ipv4_address(run, left):
    assert run("format", stdin=b"\1\2\3\4\5\6\7\x08" + b"\xff" * left) == (
        2, b"1.2.3.4\n5.6.7.8\n",
        f"simdinet: (standard input): truncated address at byte 8: {left} of 4 bytes\n")


def test_truncated_ipv6_address(run):
    status, out, err = run("format", "-6", stdin=bytes(31))
    assert (status, out) == (2, b"::\n")
    assert "truncated address at byte 16: 15 of 16 bytes" in err


def test_ipv4_input_larger_than_any_buffer(run):
    chance = random.Random(5)
    values = [chance.getrandbits(32) for _ in range(100000)]
    text = "".join(f"{ipaddress.IPv4Address(value)}\n" for value in values).encode()
    assert run("format", stdin=b"".join(value.to_bytes(4, "big") for value in values)) == (0, text, "")
    assert run("format", "--int", stdin="".join(f"{value}\n" for value in values).encode()) == (0, text, "")


def test_ipv6_input_larger_than_any_buffer(run):
    chance = random.Random(5)
    values = [chance.getrandbits(128) & chance.getrandbits(128) >> 16 * chance.randrange(8) for _ in range(30000)]
    text = "".join(ipv6_text(value) + "\n" for value in values).encode()
    assert run("format", "-6", stdin=b"".join(value.to_bytes(16, "big") for value in values)) == (0, text, "")
    assert run("format", "-6", "--hex", stdin="".join(f"{value:x}\n" for value in values).encode()) == (0, text, "")


def test_many_short_lines(run):
    values = range(70000)
    assert run("format", "--int", stdin=b"".join(b"%d\n" % i for i in values)) == (
        0, b"".join(b"0.%d.%d.%d\n" % (i >> 16, i >> 8 & 255, i & 255) for i in values), "")


def test_reads_that_end_within_addresses(simdinet):
    read_end, write_end = os.pipe()
    data = bytes(range(256)) * 5

    def feed():
        for at in range(0, len(data), 7):
            os.write(write_end, data[at:at + 7])
        os.close(write_end)

    feeder = threading.Thread(target=feed)
    feeder.start()
    done = subprocess.run([simdinet, "format"], stdin=read_end, capture_output=True)
    feeder.join()
    os.close(read_end)
    want = "".join("%d.%d.%d.%d\n" % tuple(data[i:i + 4]) for i in range(0, len(data), 4))
    assert (done.returncode, done.stdout.decode()) == (0, want)


@pytest.mark.parametrize("options, line", [
    (["--hex"], b"100000000"), (["--hex"], b"0x"), (["--hex"], b""), (["--hex"], b"1 "), (["--hex"], b"g"),
    (["-4", "--int"], b"4294967296"), (["--int"], b"-1"), (["--int"], b"+1"), (["--int"], b"c0"),
    (["-6", "--int"], str(2**128).encode()), (["-6", "--hex"], b"1" + b"0" * 32), (["--int"], b"1\r\r")])
def test_invalid_lines(run, options, line):
    status, out, err = run("format", *options, stdin=b"1\n2\n" + line + b"\n3\n")
    assert (status, out.count(b"\n")) == (2, 2)
    assert re.search(r"^simdinet: \(standard input\):3: invalid ((32|128)-bit )?(hexadecimal|decimal) number '.*'\n$", err)


@pytest.mark.parametrize("line", [b"0y10", b"0x", b"1\x01\x7f\xe9", b"x10", b"\x1b[1m\0"])
def test_invalid_line_is_shown_in_ascii(run, line):
    shown = "".join(chr(c) if 32 <= c < 127 else "?" for c in line)
    assert run("format", "--hex", stdin=line) == (
        2, b"", f"simdinet: (standard input):1: invalid hexadecimal number '{shown}'\n")


def test_cr_without_lf(run):
    status, out, err = run("format", "--hex", stdin=b"1\r\n2\r")
    assert (status, out) == (2, b"0.0.0.1\n")
    assert ":2: invalid hexadecimal number '2?'" in err


@pytest.mark.parametrize("option, digits, end", [
    ("--int", b"1" * 1000000, b""), *[("--hex", b"0" * n, b"c0000201\n8\n") for n in (65536, 65537, 200000)]])
def test_line_longer_than_any_buffer(run, option, digits, end):
    status, out, err = run("format", "-4", option, stdin=b"7\n" + digits + end)
    assert (status, out) == (2, b"0.0.0.7\n")
    kind = "decimal" if option == "--int" else "hexadecimal"
    assert f":2: invalid 32-bit {kind} number '" + digits[:60].decode() + "...'" in err


def test_files_in_order(run, file):
    a, b = file("a", b"\0\0\0\1"), file("b", b"\0\0\0\2\0\0\0\3")
    assert run("format", b, "-", a, stdin=b"\0\0\0\x09") == (0, b"0.0.0.2\n0.0.0.3\n0.0.0.9\n0.0.0.1\n", "")


def test_continues_after_an_error(run, file, tmp_path):
    cut, good, missing = file("cut", b"\0\0\0\1\0"), file("good", b"\0\0\0\2"), tmp_path / "missing"
    assert run("format", cut, missing, good) == (2, b"0.0.0.1\n0.0.0.2\n",
                                                 f"simdinet: {cut}: truncated address at byte 4: 1 of 4 bytes\n"
                                                 f"simdinet: {missing}: No such file or directory\n")
    assert run("format", tmp_path)[0] == 2


def test_line_numbers_start_in_each_file(run, file):
    a, b = file("a", b"1\n2\n"), file("b", b"3\nx\n")
    assert f"{b}:2: invalid decimal number 'x'" in run("format", "--int", a, b)[2]


def test_compressed_numbers(run, decoders):
    assert run("format", "--hex", stdin=gzip.compress(b"c0000201\n")) == (0, b"192.0.2.1\n", "")
    # Binary input is not sniffed: these are the first bytes of gzip data.
    assert run("format", stdin=b"\x1f\x8b\x08\0") == (0, b"31.139.8.0\n", "")


def test_full_disk(simdinet):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, "format"], input=bytes(400), stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")


# ---- round trips -----------------------------------------------------------------------------------

def addresses(seed, families):
    choose = random.Random(seed)
    ipv4 = [str(ipaddress.IPv4Address(choose.getrandbits(32))) for _ in range(3000)] + ["0.0.0.0", "255.255.255.255"]
    ipv6 = [ipv6_text(choose.getrandbits(128) >> choose.choice((0, 0, 64, 95, 96, 97, 100, 127))) for _ in range(3000)]
    ipv6 += ["::", "::1", "::255.255.255.255", "::1:0:0", "2001:db8::1"]
    both = ipv4 * (families != "-6") + ipv6 * (families != "-4")
    choose.shuffle(both)
    return "".join(address + "\n" for address in both if not address.startswith("::ffff:")).encode()


@pytest.mark.parametrize("families", ["-4", "-6", "-46", ""])
@pytest.mark.parametrize("form", ["--hex", "--int", "--binary", ""])
def test_format_reads_what_parse_writes(run, families, form):
    text = addresses(6, families)
    words = [word for word in (families, form) if word]
    packed = run("parse", *words, stdin=text)
    assert packed[0::2] == (0, "")
    if form == "--binary" and not families: # 16 bytes each
        words = ["-46", form]
    assert run("format", *words, stdin=packed[1]) == (0, text, "")


def test_parsed_lines_are_recognized(run, simdinet):
    assert run("format", stdin=b"c0000201\r\n20010db8000000000000000000000001\n") == (0, b"192.0.2.1\n2001:db8::1\n", "")
    # Bytes that are not a line of 8 or 32 digits, or that --binary declares to be bytes.
    assert run("format", stdin=b"c000020\n") == (0, b"99.48.48.48\n48.50.48.10\n", "")
    assert run("format", stdin=b"c0000201") == (0, b"99.48.48.48\n48.50.48.49\n", "")
    assert run("format", "--binary", stdin=b"c0000201\n123")[1].startswith(b"99.48.48.48\n")
    with subprocess.Popen([simdinet, "format"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for byte in b"c0000201\nc0000202\n":
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
        process.stdin.close()
        assert process.stdout.read() == b"192.0.2.1\n192.0.2.2\n"


@pytest.mark.parametrize("options", [[], ["--binary"], ["--hex"], ["--int"], ["-6"], ["-4", "--hex"]])
@pytest.mark.parametrize("text", [b"192.0.2.1\n", b"2001:db8::1\r\n10.0.0.1\n", b"192.0.2.1"])
def test_text_of_addresses(run, options, text):
    shown = text.split()[0].decode()
    assert run("format", *options, stdin=text) == (
        2, b"", f"simdinet: (standard input):1: '{shown}' is the text of an address, not a number; "
                "see 'simdinet parse --canonical'\n")


def test_decimal_numbers_in_place_of_bytes(run):
    """The first line is a decimal number: an error that names --int, instead of its bytes as addresses."""
    assert run("format", stdin=b"3221225985\n1\n") == (2, b"", (
        "simdinet: (standard input):1: '3221225985' is a decimal number, which '--int' reads; '--binary' reads bytes\n"))
    assert run("format", "--int", stdin=b"3221225985\n") == (0, b"192.0.2.1\n", "")
    assert run("format", "--binary", stdin=b"123\n") == (0, b"49.50.51.10\n", "")
    assert run("format", stdin=b"c0000201\n")[1] == b"192.0.2.1\n"
