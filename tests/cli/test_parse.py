# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet parse."""
import csv
import gzip
import io
import ipaddress
import random
import re
import socket
import subprocess
import threading
import time

import pytest
from cli_support import zstd_frame

IPV4 = b"1.2.3.4\n255.255.255.255\r\n0.0.0.0"


@pytest.mark.parametrize("options, text, want", [
    (["-4"], IPV4, b"01020304\nffffffff\n00000000\n"),
    (["--int"], IPV4, b"16909060\n4294967295\n0\n"),
    (["-4", "--binary"], IPV4, b"\1\2\3\4\xff\xff\xff\xff\0\0\0\0"),
    (["--binary"], b"1.2.3.4\n::1\n", bytes(10) + b"\xff\xff\1\2\3\4" + bytes(15) + b"\1"),
    (["--hex"], b"1.2.3.4\n::ffff:1.2.3.4\n", b"01020304\n" + b"0" * 20 + b"ffff01020304\n"),
    (["-6", "--int"], b"ffff:" * 7 + b"ffff\n::\n1::\n", b"%d\n0\n%d\n" % (2**128 - 1, 2**112)),
    ([], b"", b""),
])
def test_output(run, options, text, want):
    assert run("parse", *options, stdin=text) == (0, want, "")


def test_invalid_lines(run, file):
    a = file("a", b"1.2.3.4\n1.2.3\n\n::1\n5.6.7.8\n")
    assert run("parse", "-4", a) == (2, b"01020304\n05060708\n",
                                     f"simdinet: {a}:2: fewer than four octets at byte 5: '1.2.3'\n"
                                     f"simdinet: {a}:3: empty text at byte 0\n"
                                     f"simdinet: {a}:4: unexpected character at byte 0: '::1'\n")
    assert run("parse", "-4", "--strict", a, a)[:2] == (2, b"01020304\n")
    assert run("parse", "-6", stdin=b"1:2\r\n::1\r\n1.2.3.4\n") == (
        2, b"00000000000000000000000000000001\n", "simdinet: (standard input):1: fewer than eight groups at byte 3: '1:2'\n"
                                                  "simdinet: (standard input):3: fewer than eight groups at byte 7: '1.2.3.4'\n")


def test_missing_file_and_option(run):
    assert run("parse", "-", "missing", stdin=b"::\n")[0::2] == (2, "simdinet: missing: No such file or directory\n")
    assert run("parse", "--hexx")[0] == 2


@pytest.mark.parametrize("compress, magic_size", [(gzip.compress, 2), (zstd_frame, 4)])
def test_compressed_data(run, file, simdinet, decoders, compress, magic_size):
    good, hex = file("good", b"10.0.0.1\n"), b"01020304\n" * 1000
    packed = compress(b"1.2.3.4\n" * 1000)
    assert run("parse", file("packed", packed), good) == (0, hex + b"0a000001\n", "")
    with subprocess.Popen([simdinet, "parse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        for byte in packed[:magic_size]:
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
            time.sleep(0.01)
        assert process.communicate(packed[magic_size:]) == (hex, b"")
    assert process.returncode == 0
    cut = file("cut", packed[:-5])
    status, out, err = run("parse", "--strict", cut, good)
    assert status == 2
    assert re.search(f"^simdinet: {cut}: unexpected end of (gzip|zstd) data\n$", err)
    assert hex.startswith(out.removesuffix(b"0a000001\n"))


@pytest.mark.parametrize("head", [b"\x1f", b"\x28\xb5\x2f", b"\x50"])
def test_text_that_starts_like_compressed_data(run, head):
    shown = "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in head)
    assert run("parse", stdin=head + b"\n::1")[1:] == (
        b"0" * 31 + b"1\n", f"simdinet: (standard input):1: unexpected character at byte 0: '{shown}'\n")
    assert run("parse", stdin=head)[0] == 2


def test_lines_of_any_length(run):
    text = b"1.1.1.1\n" + b"2.2.x" + b"7" * 600000 + b"\n3.3.3.3\n" + b"4" * 300000
    assert run("parse", stdin=text) == (2, b"01010101\n03030303\n",
                                        "simdinet: (standard input):2: unexpected character at byte 4: '2.2.x" + "7" * 55 + "...'\n"
                                        "simdinet: (standard input):4: octet out of range (0-255) at byte 0: '" + "4" * 60 + "...'\n")


@pytest.mark.parametrize("end", [b":1", b".1.2.3", b"x", b""])
def test_message_does_not_depend_on_buffers(run, end):
    errors = {run("parse", stdin=b"4" * digits + end + b"\n")[2] for digits in (70, 1000, 300000)}
    assert errors == {"simdinet: (standard input):1: octet out of range (0-255) at byte 0: '" + "4" * 60 + "...'\n"}


@pytest.mark.parametrize("blanks", [50, 62, 63, 64, 65, 200, 5000, 200000])
@pytest.mark.parametrize("options", [[], ["-4"], ["-d,"]])
def test_any_number_of_blanks(run, blanks, options):
    """Lines that are padded to a width, in any buffer."""
    lines = [b" " * before + b"192.0.2.25" + b" \t"[:1] * after for before, after in ((blanks, 0), (0, blanks), (blanks, 7))]
    text = b"\n".join(lines * 5) + b"\r\n" + b"\n".join(lines)
    assert run("parse", *options, stdin=text) == (0, b"c0000219\n" * 18, "")
    assert run("parse", *options, stdin=b" " * blanks + b"1.2.x\n")[1:] == (
        b"", f"simdinet: (standard input):1: unexpected character at byte {blanks + 4}: '1.2.x'\n")


def packets(command, text=b""):
    """What a command writes to stderr, one element a write."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        theirs.close()
        writer = threading.Thread(target=lambda: (process.stdin.write(text), process.stdin.close()))
        writer.start()
        got = []
        while piece := ours.recv(1 << 20):
            got.append(piece)
        writer.join()
        process.wait()
    return got


@pytest.mark.parametrize("words", [[], ["-d,", "-f1"]], ids=["lines", "field"])
def test_many_invalid_lines(run, simdinet, words):
    """All are reported, many at once."""
    text = b"".join(b"10.0.0.1\n" if i % 3 else b"x%d\n" % i for i in range(30000))
    want = "".join(f"simdinet: (standard input):{i + 1}: unexpected character at byte 0: 'x{i}'\n" for i in range(0, 30000, 3))
    assert run("parse", *words, stdin=text) == (2, b"0a000001\n" * 20000, want)
    got = packets([simdinet, "parse", *words], text)
    assert b"".join(got).decode() == want
    assert len(got) < 500


def test_many_invalid_lines_of_a_list(simdinet, file):
    path = file("list", b"".join(b"x%d\n" % i for i in range(10000)))
    got = packets([simdinet, "networks", "--skip-invalid", path])
    assert b"".join(got).count(b"\n") == 10000
    assert len(got) < 500


@pytest.mark.parametrize("words", [["parse"], ["parse", "-d,", "-f1"], ["networks", "--skip-invalid", "-"]])
def test_messages_precede_a_read_that_may_block(simdinet, words):
    with subprocess.Popen([simdinet, *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        for i in range(3):
            process.stdin.write(b"x\n")
            process.stdin.flush()
            assert process.stderr.readline().startswith(f"simdinet: (standard input):{i + 1}: ".encode())


def test_invalid_text_is_shown_without_control_characters(run):
    assert run("parse", stdin=b"\x1b[2J\xc2\x9b\r\n")[2] == (
        "simdinet: (standard input):1: unexpected character at byte 0: '?[2J??'\n")


def test_many_lines(run):
    numbers = [(i * 2654435761) % 2**32 for i in range(100000)]
    text = "".join("%d.%d.%d.%d\n" % tuple(n.to_bytes(4, "big")) for n in numbers)
    want = b"".join(n.to_bytes(4, "big") for n in numbers)
    assert run("parse", "-4", "--binary", stdin=text.encode()) == (0, want, "")
    status, out, err = run("parse", "-4", "--binary", stdin=text.replace("\n", "\nx\n").encode())
    assert (status, out, err.count("\n")) == (2, want, 100000)
    assert err.endswith(":200000: unexpected character at byte 0: 'x'\n")


# ---- text, fields, blanks --------------------------------------------------------------------------

MIXED = b"192.0.2.1\n2001:DB8:0:0::00AB\n::ffff:10.0.0.1\n"


@pytest.mark.parametrize("options, want", [
    (["--canonical"], "192.0.2.1\n2001:db8::ab\n::ffff:10.0.0.1\n"),
    (["--canonical", "--upper"], "192.0.2.1\n2001:DB8::AB\n::FFFF:10.0.0.1\n"),
    (["--expand"], "192.0.2.1\n2001:0db8:0000:0000:0000:0000:0000:00ab\n0000:0000:0000:0000:0000:ffff:0a00:0001\n"),
    (["--upper"], "C0000201\n20010DB80000000000000000000000AB\n00000000000000000000FFFF0A000001\n"),
    (["--int"], f"3221225985\n{0x20010db80000000000000000000000ab}\n{0xffff0a000001}\n")])
def test_text_forms(run, options, want):
    assert run("parse", *options, stdin=MIXED) == (0, want.encode(), "")


def test_reverse_names(run):
    names = run("parse", "--arpa", stdin=MIXED)[1].decode().split()
    assert names == [ipaddress.ip_address(line.decode()).reverse_pointer for line in MIXED.split()]
    upper = run("parse", "--arpa", "--upper", "-6", stdin=b"2001:db8::ab\n")[1].decode()
    assert upper == names[1].upper().replace("IP6.ARPA", "ip6.arpa") + "\n"


def test_expanded_is_that_of_python(run):
    choose = random.Random(9)
    values = [ipaddress.IPv6Address(choose.getrandbits(128) >> choose.randrange(128)) for _ in range(2000)]
    text = "".join(f"{value}\n" for value in values).encode()
    assert run("parse", "--expand", stdin=text)[1].decode().split() == [value.exploded for value in values]


def test_invalid_lines_are_named_in_canonical_form(run):
    assert run("parse", "--canonical", stdin=b"1.2.3.4\n1.2.3\n1:0::\n") == (
        2, b"1.2.3.4\n1::\n", "simdinet: (standard input):2: fewer than four octets at byte 5: '1.2.3'\n")


@pytest.mark.parametrize("families", [[], ["-4"], ["-6"]])
def test_blanks_around_an_address(run, families):
    address, hex = (b"::1", b"0" * 31 + b"1") if families == ["-6"] else (b"10.0.0.1", b"0a000001")
    lines = [b" %s", b"%s ", b"\t%s\t\r", b"%s", b"   %s   "]
    text = b"".join(line % address + b"\n" for line in lines) * 1000
    assert run("parse", *families, stdin=text) == (0, (hex + b"\n") * 5000, "")
    assert run("parse", *families, stdin=b" \n  x\n  " + address) == (
        2, hex + b"\n", "simdinet: (standard input):1: empty text at byte 0\n"
                        "simdinet: (standard input):2: unexpected character at byte 2: 'x'\n")
    binary = run("parse", *families, "--binary", stdin=b" " + address + b"\n" + address + b"\n")[1]
    assert binary[:len(binary) // 2] == binary[len(binary) // 2:]


@pytest.mark.parametrize("options, text, want", [
    (["-d,", "-f2"], b"a,10.0.0.1,b\nc, ::1 \nd,10.0.0.2\r\n", b"10.0.0.1\n::1\n10.0.0.2\n"),
    (["-f3"], b"a\t\t10.0.0.1\n", b"10.0.0.1\n"), (["-d,"], b"10.0.0.1,x\n10.0.0.2\n", b"10.0.0.1\n10.0.0.2\n"),
    (["-d", "\\t", "-f1"], b"10.0.0.1\tx\n", b"10.0.0.1\n"), (["--delimiter=;", "--field=2"], b";::\n", b"::\n"),
    (["-d,", "-f2"], b'"a,""b"",","10.0.0.1","c"\n"d"x, "::1" \n', b"10.0.0.1\n::1\n"),
    (["-d ", "-f2"], b"x 10.0.0.1 y\n", b"10.0.0.1\n")])
def test_fields(run, options, text, want):
    assert run("parse", "--canonical", *options, stdin=text) == (0, want, "")


def test_fields_as_csv_of_python_reads_them(run):
    choose = random.Random(10)
    words = ["", "x", "a,b", 'say "no"', "10.9.9.9", " y "]
    rows = [[choose.choice(words), f"10.0.{i >> 8}.{i & 255}", choose.choice(words)] for i in range(5000)]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC if choose.random() < 0.5 else csv.QUOTE_MINIMAL).writerows(rows)
    assert run("parse", "-d,", "-f2", "--canonical", stdin=text.getvalue().encode()) == (
        0, "".join(row[1] + "\n" for row in rows).encode(), "")


@pytest.mark.parametrize("line", [b'"10.0.0.1"x,y', b'"10.0.0.1', b'",10.0.0.1', b'"10.0.0.1" "'])
def test_fields_with_malformed_quotes(run, line):
    shown = line.decode().replace(",y", "")
    assert run("parse", "-d,", "--canonical", stdin=line + b"\n10.0.0.2\n") == (
        2, b"10.0.0.2\n", f"simdinet: (standard input):1: unexpected character at byte 0: '{shown}'\n")


def test_invalid_fields(run):
    text = b"ip,name\n10.0.0.1,a\nb\nc,1.2.3,d\n"
    assert run("parse", "-d,", "-f2", "--canonical", stdin=text) == (
        2, b"", "simdinet: (standard input):1: unexpected character at byte 3: 'name'\n"
                "simdinet: (standard input):2: unexpected character at byte 9: 'a'\n"
                "simdinet: (standard input):3: no field 2 at byte 1: 'b'\n"
                "simdinet: (standard input):4: fewer than four octets at byte 7: '1.2.3'\n")
    assert run("parse", "-d,", "-f1", "--strict", stdin=b"1.1.1.1,\nx,\n2.2.2.2,\n")[:2] == (2, b"01010101\n")
    long = b"x" * 600000 + b",10.0.0.1\n10.0.0.2,y\n"
    assert run("parse", "-d,", stdin=long)[:2] == (2, b"0a000002\n")
    for words in ["-d"], ["-d", ""], ["-d", "ab"], ["-f0"], ["-fx"]:
        assert run("parse", *words)[:2] == (2, b"")


@pytest.mark.parametrize("words", [[], ["-d,", "-f1"]], ids=["lines", "field"])
def test_header(run, file, words):
    """--header leaves out the first line of each file; line numbers count it."""
    one, two = file("one", b"address\n10.0.0.1\nx\n10.0.0.2"), file("two", b"192.0.2.1\n10.0.0.3\n")
    status, out, err = run("parse", "--canonical", "--header", *words, one, two)
    assert (status, out) == (2, b"10.0.0.1\n10.0.0.2\n10.0.0.3\n")
    assert err.startswith(f"simdinet: {one}:3: ")
    for text in b"", b"address", b"address\n":
        assert run("parse", "--header", *words, stdin=text) == (0, b"", "")
    many = b"".join(b"10.%d.%d.%d\n" % (i >> 16, i >> 8 & 255, i & 255) for i in range(100000))
    assert run("parse", "--header", "--canonical", *words, stdin=b"h" * 500 + b"\n" + many)[1] == many
