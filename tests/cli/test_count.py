# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet count."""
import fcntl
import ipaddress
import json
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

TEXT = b"10.0.0.9 ::2 10.0.0.10 ::1 10.0.0.9 ::FFFF:10.0.0.9 9.9.9.9 ::2"
NETWORKS = b"10.0.0.1 10.0.0.2 10.0.1.1 2001:db8::1 2001:db8:0:1::1 ::ffff:10.0.0.3"


def lines(*counts):
    return b"".join(b"%7d %s\n" % count for count in counts)


@pytest.mark.parametrize("options, text, want", [
    ([], TEXT, lines((3, b"10.0.0.9"), (2, b"::2"), (1, b"9.9.9.9"), (1, b"10.0.0.10"), (1, b"::1"))),
    (["-n", "1"], TEXT, b"      3 10.0.0.9\n"),
    (["--mapped"], TEXT, lines((2, b"10.0.0.9"), (2, b"::2"), (1, b"9.9.9.9"), (1, b"10.0.0.10"), (1, b"::1"),
                               (1, b"::ffff:10.0.0.9"))),
    ([], b"2001:DB8:0::1 2001:db8::1 2001:0db8::0001", b"      3 2001:db8::1\n"),
    (["--by", "/24,/48"], NETWORKS, lines((3, b"10.0.0.0/24"), (2, b"2001:db8::/48"), (1, b"10.0.1.0/24"))),
    (["--by=8", "-4"], NETWORKS, b"      4 10.0.0.0/8\n"),
    (["--by", ",/48", "-6"], NETWORKS, b"      2 2001:db8::/48\n"),
    (["--by", "/0,0"], NETWORKS + b" 1.1.1.1 2.2.2.2 ::", lines((6, b"0.0.0.0/0"), (3, b"::/0"))),
    ([], b"nothing", b""),
])
def test_output(run, options, text, want):
    assert run("count", *options, stdin=text) == (0 if want else 1, want, "")


@pytest.mark.parametrize("lengths", ["", "/33", "/", "-1", "/24,/129", "x", "/24,/48,/1", "24 "])
def test_invalid_prefix_lengths(run, lengths):
    assert run("count", "--by", lengths, stdin=NETWORKS)[0] == 2


def test_many_addresses(run):
    rows = [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255} 2001:db8::{i >> 16:x}:{i & 65535:x}" for i in range(100000)]
    status, out, _ = run("count", stdin="\n".join(rows + rows[:5]).encode())
    counts = out.decode().splitlines()
    assert (status, len(counts)) == (0, 200000)
    assert counts[0] == "      2 10.0.0.0"
    assert counts[9] == "      2 2001:db8::4"
    assert counts[10] == "      1 10.0.0.5"


def test_json(run):
    text = b"10.0.0.1 10.0.0.2 2001:db8::1"
    rows = [json.loads(row) for row in run("count", "--json", stdin=text)[1].splitlines()]
    assert rows[2] == {"address": "2001:db8::1", "family": 6, "count": 1}
    rows = run("count", "--json", "--by", "/8", stdin=text)[1].splitlines()
    assert [json.loads(row) for row in rows] == [{"network": "10.0.0.0/8", "family": 4, "count": 2},
                                                 {"address": "2001:db8::1", "family": 6, "count": 1}]


def test_chosen_addresses_do_not_collide(run):
    """Two 16-bit fields whose differences a weak hash would let cancel."""
    text = "\n".join(f"2001:db8:0:{x << 6:x}:1:2:3:{y << 6:x}" for x in range(512) for y in range(512))
    status, out, _ = run("count", "-n", "1", stdin=text.encode(), timeout=900)
    assert (status, len(out.splitlines())) == (0, 1)


def test_stats(run):
    _, _, err = run("count", "--stats", stdin=b"10.0.0.1\n10.0.0.1 ::1")
    assert re.search(r"^2 lines, 21 bytes, 3 addresses, 2 distinct; ", err)


# ---- formats ---------------------------------------------------------------------------------------

SAMPLE = b"10.0.0.2 10.0.0.2 2001:db8::1 10.0.0.1"


@pytest.mark.parametrize("options, want", [
    (["--percent"], "      2  50.0% 10.0.0.2\n      1  25.0% 10.0.0.1\n      1  25.0% 2001:db8::1\n"),
    (["--percent", "-n1"], "      2  50.0% 10.0.0.2\n"),
    (["--total", "-n1"], "      2 10.0.0.2\n      4 total\n"),
    (["--percent", "--total", "--min=2"], "      2  50.0% 10.0.0.2\n      4 100.0% total\n"),
    (["--min=3"], ""),
    (["--sort=address"], "      1 10.0.0.1\n      2 10.0.0.2\n      1 2001:db8::1\n"),
    (["--sort=address", "-n2"], "      1 10.0.0.1\n      2 10.0.0.2\n"),
    (["--sort=count", "--sort=address", "--min=2"], "      2 10.0.0.2\n"),
    (["--format=csv"], "count,address\n2,10.0.0.2\n1,10.0.0.1\n1,2001:db8::1\n"),
    (["--format=csv", "--percent", "--total", "-n1"], "count,percent,address\n2,50.0,10.0.0.2\n4,100.0,total\n"),
    (["--format=tsv", "--by=/8", "-n1"], "count\tnetwork\n3\t10.0.0.0/8\n"),
    (["--format=text", "--bars", "-n1"], "      2 10.0.0.2\n")])
def test_formats(run, options, want):
    assert run("count", *options, stdin=SAMPLE) == (0, want.encode(), "")


def test_csv_without_addresses(run):
    assert run("count", "--format=csv", stdin=b"none") == (1, b"count,address\n", "")


def test_last_format(run):
    rows = {form: run("count", f"--format={form}", stdin=SAMPLE)[1] for form in ("text", "json", "csv", "tsv")}
    assert len(set(rows.values())) == 4
    for form, rows_of_form in rows.items():
        assert run("count", "--json", f"--format={form}", stdin=SAMPLE)[1] == rows_of_form
        assert run("count", f"--format={form}", "--json", stdin=SAMPLE)[1] == rows["json"]


@pytest.mark.parametrize("word, expected", [("--format=xml", "text, json, csv or tsv"), ("--sort=name", "count, address or label"),
                                            ("--min=0", "a positive integer")])
def test_invalid_choices(run, word, expected):
    name, value = word[2:].split("=")
    assert run("count", word) == (2, b"", f"simdinet: invalid argument '{value}' for '--{name}': expected {expected}\n"
                                          "Try 'simdinet count --help'.\n")


def test_json_formats(run):
    rows = [json.loads(row) for row in run("count", "--format=json", "--percent", "--total", stdin=SAMPLE)[1].splitlines()]
    assert rows[0] == {"address": "10.0.0.2", "family": 4, "count": 2, "percent": 50.0}
    assert rows[-1] == {"total": 4, "distinct": 3}


def test_by_file(run, file, log):
    path, truth = log(size="8M") # for several threads
    one, two = file('o,n"e', SAMPLE), file("t\two", b"none")
    status, out, err = run("count", "--by-file", "-n2", one, two, path)
    assert (status, err) == (0, "")
    plain = run("count", "-n2", path)[1].decode().splitlines()
    assert out.decode().splitlines() == [f"{one}:      2 10.0.0.2", f"{one}:      1 10.0.0.1",
                                         *(f"{path}:{line}" for line in plain)]
    totals = run("count", "--by-file", "--total", "--format=json", one, two, path)[1].decode().splitlines()
    totals = {row["file"]: row["total"] for row in map(json.loads, totals) if "total" in row}
    assert totals == {one: 4, two: 0, path: truth.count(b"\n")}
    quoted = one.replace('"', '""')
    assert run("count", "--by-file", "--format=csv", "-n1", one)[1].decode() == f'file,count,address\n"{quoted}",2,10.0.0.2\n'
    escaped = two.replace("\t", "\\t")
    assert run("count", "--by-file", "--format=tsv", "--total", two)[1].decode() == f"file\tcount\taddress\n{escaped}\t0\ttotal\n"
    assert run("count", "--by-file", two) == (1, b"", "")
    status, out, err = run("count", "--by-file", "/nonexistent", one)
    assert status == 2 and out.count(b"\n") == 3


def test_sorted_by_address_is_sorted(run, log):
    path, _ = log()
    rows = [line.split() for line in run("count", "--sort=address", path)[1].decode().splitlines()]
    assert sorted(rows, key=lambda row: (":" in row[1], ipaddress.ip_address(row[1]))) == rows
    assert sorted(rows) == sorted(line.split() for line in run("count", path)[1].decode().splitlines())


# Addresses that differ in the first byte, the last ones, every one; counts of one and of several bytes.
@pytest.mark.parametrize("address_of", [
    lambda i: ipaddress.IPv4Address(i << 24 | 9),
    lambda i: ipaddress.IPv4Address(0x0a000000 + 977 * i),
    lambda i: ipaddress.IPv6Address(0x2001 << 112 | i << 96),
    lambda i: ipaddress.IPv6Address((0x20010db8 << 96) + 257 * i),
    lambda i: ipaddress.IPv6Address(i * 0x01010101010101010101010101010101)])
@pytest.mark.parametrize("count_of", [lambda i: 1, lambda i: i % 7 + 1, lambda i: 70000 if i == 5 else (1, 255, 256)[i % 3]])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_order(run, address_of, count_of, threads):
    counts = {address_of(i): count_of(i) for i in range(1, 200)} | {ipaddress.IPv4Address("192.0.2.1"): 256}
    text = b"".join(b"%s\n" % str(address).encode() * count for address, count in counts.items())
    by_address = sorted(counts, key=lambda address: (address.version, address))
    by_count = sorted(by_address, key=lambda address: -counts[address])
    for options, order in (([], by_count), (["--sort=address"], by_address)):
        want = lines(*((counts[address], str(address).encode()) for address in order))
        assert run("count", "-j", threads, *options, stdin=text)[1] == want


def test_mapped_addresses_are_equal_everywhere(run):
    text = b"10.0.0.1 ::ffff:10.0.0.1 ::ffff:a00:1"
    assert run("count", stdin=text)[1] == b"      3 10.0.0.1\n"
    assert run("extract", "--unique", stdin=text)[1] == b"10.0.0.1\n"
    assert run("grep", "-o", "10.0.0.0/8", stdin=text)[1].count(b"\n") == 3
    assert run("extract", "--unique", "--mapped", stdin=text)[1] == b"10.0.0.1\n::ffff:10.0.0.1\n"
    assert run("count", "--mapped", stdin=text)[1] == b"      2 ::ffff:10.0.0.1\n      1 10.0.0.1\n"


@pytest.mark.parametrize("options, want", [
    ([], "ABCD"), (["-4"], "ABC"), (["-6"], "D"), (["-46"], "ABCD"), (["--mapped"], "ABCD"), (["-4", "--mapped"], "A"),
    (["-6", "--mapped"], "BCD"), (["-e", "10.0.0.0/8"], "ABC"), (["-e", "10.0.0.0/8", "--mapped"], "A"),
    (["-e", "::ffff:10.0.0.0/104"], "ABC"), (["-e", "::ffff:10.0.0.0/104", "--mapped"], "BC"),
    (["-e", "::ffff:10.0.0.1-::ffff:10.0.0.9", "--mapped"], "BC"), (["-e", "::/0"], "BCD"),
    (["-e", "::/0", "--mapped"], "BCD"), (["-e", "private"], "ABC"), (["-e", "private", "--mapped"], "A"),
    (["-e", "mapped", "--mapped"], "BC"), (["-e", "mapped"], "BC"), (["-e", "::/0", "-4"], "BC"),
    (["--not", "10.0.0.0/8"], "D"), (["--not", "10.0.0.0/8", "--mapped"], "BCD"),
    (["-f", "LIST"], "ABC"), (["-f", "LIST", "--mapped"], "ABC")], ids=lambda value: "".join(value))
def test_one_rule_for_mapped_addresses(run, file, options, want):
    """count, extract --unique and grep select the same addresses of a text."""
    names = dict(A=b"10.0.0.1", B=b"::ffff:10.0.0.1", C=b"::ffff:a00:2", D=b"2001:db8::1")
    path = file("list", b"::ffff:10.0.0.2 two\n10.0.0.1 one\n::ffff:10.0.0.0/120 net\n")
    options = [path if option == "LIST" else option for option in options]
    text = b"\n".join(names.values()) + b"\n"
    lines = [names[name] for name in want]
    grep = options if "-e" in options or "-f" in options else ["-e", "0.0.0.0/0,::/0", *options]
    assert run("grep", *grep, stdin=text)[1].split() == lines
    assert run("grep", "-o", *grep, stdin=text)[1].split() == lines
    assert run("grep", "-n", "-m9", "-A0", *grep, stdin=text)[1].count(b":") >= len(lines)
    distinct = lines if "--mapped" in options else [
        line for line in lines if line != names["B"] or names["A"] not in lines]
    assert run("extract", "--unique", *options, stdin=text)[1].split() == distinct
    rows = run("count", *options, stdin=text)[1].split()
    assert sum(map(int, rows[::2])) == len(lines) and len(rows[::2]) == len(distinct)


def test_labels_of_mapped_addresses(run, file):
    path = file("list", b"10.0.0.0/8 four\n::ffff:10.0.0.0/104 six\n::/0 all\n")
    text = b"10.0.0.1 ::ffff:10.0.0.1 ::ffff:11.0.0.1\n"
    label = ["extract", "--with=label", "-f", path]
    assert run(*label, stdin=text)[1].split()[1::2] == [b"six", b"six", b"all"]
    assert run(*label, "--mapped", stdin=text)[1].split()[1::2] == [b"four", b"six", b"all"]


@pytest.mark.parametrize("columns, bars", [(40, [22, 11, 11]), (20, [2, 1, 1]), (10, [0, 0, 0])])
def test_bars_on_a_terminal(simdinet, columns, bars):
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = subprocess.run([simdinet, "count", "--bars"], input=SAMPLE.replace(b"2001:db8::1", b"::9"), stdout=child)
    os.close(child)
    lines = os.read(parent, 10000).decode().split("\r\n")[:-1]
    os.close(parent)
    assert done.returncode == 0
    assert [line.count("#") for line in lines] == bars
    assert max(map(len, lines)) < max(columns, 18)
    assert len({line.index("#") for line in lines if "#" in line}) < 2


def test_bars_of_labels(simdinet, file):
    """Labels are as wide as their characters."""
    path = file("list", "10.0.0.0/8 Zürich\n192.0.2.0/24 Bern12\n".encode())
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    subprocess.run([simdinet, "count", "--bars", "--by-label", "-f", path], input=b"10.0.0.1 10.0.0.2 192.0.2.1",
                   stdout=child, check=True)
    os.close(child)
    lines = os.read(parent, 10000).decode().split("\r\n")[:-1]
    os.close(parent)
    assert [line.rstrip("#") for line in lines] == ["      2 Zürich ", "      1 Bern12 "]
    assert [line.count("#") for line in lines] == [24, 12]


def test_family_of_mapped_addresses(run):
    """-4 and -6 select by what is counted."""
    text = b"::ffff:10.0.0.1 10.0.0.1 2001:db8::1\n"
    assert run("count", "-4", stdin=text)[1] == b"      2 10.0.0.1\n"
    assert run("count", "-6", stdin=text)[1] == b"      1 2001:db8::1\n"
    assert run("count", "-46", stdin=text)[1].count(b"\n") == 2
    assert run("count", "-4", "--mapped", stdin=text)[1] == b"      1 10.0.0.1\n"
    assert run("count", "-6", "--mapped", stdin=text)[1].split() == [b"1", b"::ffff:10.0.0.1", b"1", b"2001:db8::1"]
