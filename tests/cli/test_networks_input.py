# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Networks as people write them: comma lists, netmasks, classes, labels; the filters --only and --not; labels in the
output of grep and count."""
import ipaddress
import json
import random

import pytest

ADDRESSES = ["10.1.2.3", "8.8.8.8", "192.0.2.5", "2001:db8::1", "fe80::1", "::ffff:10.0.0.9", "224.0.0.5", "127.0.0.1",
             "2606:4700::1111", "::1"]
TEXT = "\n".join(ADDRESSES).encode()


def only(run, *options, text=TEXT):
    status, out, err = run("extract", *options, stdin=text)
    assert err == ""
    assert status == (0 if out else 1)
    return out.decode().split()


# ---- what a network may be -------------------------------------------------------------------------

@pytest.mark.parametrize("networks, want", [
    ("10.0.0.0/8,8.8.8.8", ["10.1.2.3", "8.8.8.8", "::ffff:10.0.0.9"]),
    ("10.0.0.0/8 , fe80::/10", ["10.1.2.3", "fe80::1", "::ffff:10.0.0.9"]),
    ("10.0.0.0/255.0.0.0", ["10.1.2.3", "::ffff:10.0.0.9"]),
    ("10.1.2.3/255.255.255.255", ["10.1.2.3"]),
    ("0.0.0.0/0.0.0.0", [a for a in ADDRESSES if ":" not in a] + ["::ffff:10.0.0.9"]),
    ("10.0.0.0-10.0.0.255,224.0.0.0-224.0.0.9", ["::ffff:10.0.0.9", "224.0.0.5"]),
    ("private", ["10.1.2.3", "::ffff:10.0.0.9"]), ("global", ["8.8.8.8", "2606:4700::1111"]),
    ("loopback", ["127.0.0.1", "::1"]), ("documentation", ["192.0.2.5", "2001:db8::1"]),
    ("link-local,multicast", ["fe80::1", "224.0.0.5"]), ("mapped", ["::ffff:10.0.0.9"]),
    ("private,8.0.0.0/8", ["10.1.2.3", "8.8.8.8", "::ffff:10.0.0.9"]), ("6to4", []),
])
def test_arguments(run, networks, want):
    want = [address for address in ADDRESSES if address in want]
    assert only(run, "-e", networks) == want
    assert only(run, "--only", networks) == want
    assert only(run, "--not", networks) == [address for address in ADDRESSES if address not in want]
    assert run("grep", networks, stdin=TEXT)[1].decode().split() == want
    counted = run("count", "--only", networks, stdin=TEXT)[1].decode().split()[1::2]
    assert sorted(counted) == sorted(address.removeprefix("::ffff:") for address in want)
    # With --mapped, ::ffff:10.0.0.9 is in no network of IPv4.
    want = [address for address in want if networks == "mapped" or not address.startswith("::ffff:")]
    assert only(run, "--mapped", "--only", networks) == want
    assert run("grep", "--mapped", networks, stdin=TEXT)[1].decode().split() == want
    assert sorted(run("count", "--mapped", "--only", networks, stdin=TEXT)[1].decode().split()[1::2]) == sorted(want)


@pytest.mark.parametrize("network, message", [
    ("10.0.0.0/255.0.255.0", "netmask with a 1 bit after a 0 bit at byte 9"),
    ("10.0.0.0/0.255.255.255", "netmask with a 1 bit after a 0 bit at byte 9"),
    ("10.0.0.0/255.0.0", "fewer than four octets at byte 16"),
    ("2001:db8::/255.0.0.0", "invalid prefix length '255.0.0.0' at byte 11"),
    ("192.0.2.1:80", "unexpected character at byte 9 (a port is not part of a network)"),
    ("fe80::1%eth0", "unexpected character at byte 7 (a zone is not part of a network)"),
    ("10.0.0.1,", "empty text at byte 9"),
    ("10.0.0.1,192.0.2.1:80", "unexpected character at byte 18 (a port is not part of a network)"),
    ("privat", "not a network or a class of addresses at byte 0 (did you mean 'private'?)"),
    ("10.0.0.1,multcast", "not a network or a class of addresses at byte 9 (did you mean 'multicast'?)"),
    ("10.0.0.0/8,US", "unexpected character at byte 11"),
    ("10.0.0.0/8 office", "invalid prefix length '8 office' at byte 9 (only a line of a list, -f, has a label)"),
    ("::1,192.0.2.1 a b", "unexpected character at byte 13 (only a line of a list, -f, has a label)"),
])
@pytest.mark.parametrize("words", [["grep"], ["extract", "-e"], ["count", "--only"], ["grep", "--not"]])
def test_invalid_arguments(run, words, network, message):
    assert run(*words, network, stdin=TEXT) == (2, b"", f"simdinet: invalid network '{network}': {message}\n")


def test_filters_together(run):
    assert only(run, "-e", "10.0.0.0/8,8.8.8.8,192.0.2.0/24", "--only=private,documentation", "--not=192.0.2.5") == [
        "10.1.2.3", "::ffff:10.0.0.9"]
    assert run("grep", "--only=global", "-c", stdin=TEXT)[1] == b"2\n"
    assert run("grep", "-v", "--not=global", "-c", stdin=TEXT)[1] == b"2\n"
    assert run("grep", "-o", "--not=global", "--only", "::/0", stdin=TEXT)[1].decode().split() == [
        "2001:db8::1", "fe80::1", "::ffff:10.0.0.9", "::1"]
    assert only(run, "--unique", "--only=private", text=TEXT * 2 + b"\n10.9.9.9") == [
        "10.1.2.3", "::ffff:10.0.0.9", "10.9.9.9"]
    assert only(run, "-4", "--only=private") == ["10.1.2.3"]


# ---- lists -----------------------------------------------------------------------------------------

LIST = (b"\xef\xbb\xbf# networks, and who has them\n"
        b"10.0.0.0/8,office\n"
        b"10.1.0.0/16\tlab one ; a comment\n"
        b"192.0.2.0 255.255.255.0\r\n"
        b"203.0.113.1 - 203.0.113.9,DOC,more\n"
        b"2001:db8::/32,fe80::/10, v6 nets\n"
        b"8.8.8.8,9.9.9.9\n"
        b"127.0.0.1 localhost localhost.localdomain\n")


def labels(run, path, address):
    out = run("grep", "-o", "--label", "-f", path, stdin=address.encode())[1].decode()
    return out.rstrip("\n").split("\t")[:2] if out else None


@pytest.mark.parametrize("address, want", [
    ("10.2.0.1", ["10.0.0.0/8", "office"]), ("10.1.2.3", ["10.1.0.0/16", "lab one"]),
    ("::ffff:10.1.2.3", ["10.1.0.0/16", "lab one"]), ("192.0.2.77", ["192.0.2.0/24", ""]),
    ("203.0.113.9", ["203.0.113.1-203.0.113.9", "DOC,more"]), ("203.0.113.10", None),
    ("2001:db8::1", ["2001:db8::/32", "v6 nets"]), ("fe80::1", ["fe80::/10", "v6 nets"]),
    ("9.9.9.9", ["9.9.9.9", ""]), ("127.0.0.1", ["127.0.0.1", "localhost localhost.localdomain"]),
])
def test_labels_of_lists(run, file, address, want):
    assert labels(run, file("list", LIST), address) == want


def test_a_list_of_ranges_that_ends_with_the_last_address(run, file):
    rows = b"1.0.0.0\t1.0.0.255\t13335\n9.9.9.9\t255.255.255.255\thost\n" \
        b"223.0.0.0\t223.255.255.255\t0\n224.0.0.0\t255.255.255.255\t0\n"
    path = file("ranges.tsv", rows)
    assert run("networks", path)[1] == b"1.0.0.0/24\n9.9.9.9/32\n223.0.0.0/8\n224.0.0.0/3\n"
    assert labels(run, path, "240.1.2.3") == ["224.0.0.0/3", "0"]
    path = file("other", b"192.0.2.0 192.0.2.9\n10.1.2.0 255.255.255.255\n")
    assert run("networks", path)[1] == b"10.1.2.0/32\n192.0.2.0/29\n192.0.2.8/31\n"
    assert run("networks", file("all", b"0.0.0.0 255.255.255.255\n"))[1] == b"0.0.0.0/0\n"
    path = file("masks", b"10.0.0.0 255.0.0.0\n224.0.0.0 255.255.255.255\n")
    assert run("networks", path)[1] == b"10.0.0.0/8\n224.0.0.0/32\n"


CSV_RANGES = (b"# country\n1.0.0.0,1.0.0.255,AU\n1.0.1.0 , 1.0.1.127 , CN, East\n2.2.2.2,2.2.2.2,\"X\"\n"
              b"3.0.0.0,3.0.0.3\n10.0.0.0/8,net\n::,1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,ZZ\n"
              b"2001:db8::7,2001:db8::8,DOC\n")


@pytest.mark.parametrize("address, want", [
    ("1.0.0.7", ["1.0.0.0/24", "AU"]), ("1.0.1.127", ["1.0.1.0/25", "CN, East"]), ("1.0.1.128", None),
    ("2.2.2.2", ["2.2.2.2", '"X"']), ("3.0.0.2", ["3.0.0.0/30", ""]), ("10.1.1.1", ["10.0.0.0/8", "net"]),
    ("1234::1", ["::/3", "ZZ"]), ("2001:db8::8", ["2001:db8::7-2001:db8::8", "DOC"])])
def test_a_csv_file_of_ranges(run, file, address, want):
    """The first line with networks has the ends of one before a label."""
    assert labels(run, file("ranges.csv", CSV_RANGES), address) == want


@pytest.mark.parametrize("content, want", [
    (b"10.0.0.1,10.0.0.9,web\n", b"10.0.0.1/32\n10.0.0.9/32\n"),            # two hosts
    (b"10.0.0.0,10.0.0.9,web\n", b"10.0.0.0/32\n10.0.0.9/32\n"),
    (b"10.0.0.0,10.0.0.255\n", b"10.0.0.0/32\n10.0.0.255/32\n"),            # no label
    (b"10.0.0.0,10.0.0.255,10.0.1.0\n", b"10.0.0.0/32\n10.0.0.255/32\n10.0.1.0/32\n"),
    (b"10.0.1.0,10.0.0.255,x\n", b"10.0.0.255/32\n10.0.1.0/32\n"),          # not in order
    (b"0.0.0.0,255.255.255.255,x\n", b"0.0.0.0/32\n255.255.255.255/32\n"),  # all addresses
    (b"::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,x\n", b"::/128\nffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128\n"),
    (b"2001:db8::,2001:db8::ffff,x\n", b"2001:db8::/128\n2001:db8::ffff/128\n"),
    (b"10.0.0.0,2001:db8::ffff:ffff:ffff:ffff,x\n", b"10.0.0.0/32\n2001:db8::ffff:ffff:ffff:ffff/128\n"),
    (b"224.0.0.0,239.255.255.255,x\n240.0.0.1,240.0.0.2\n", b"224.0.0.0/4\n240.0.0.1/32\n240.0.0.2/32\n"),
    (b"1.0.0.0,223.255.255.255,x\n224.0.0.0 255.255.255.255\n",
     b"1.0.0.0/8\n2.0.0.0/7\n4.0.0.0/6\n8.0.0.0/5\n16.0.0.0/4\n32.0.0.0/3\n64.0.0.0/2\n128.0.0.0/1\n"),
])
def test_two_addresses_with_a_comma(run, file, content, want):
    assert run("networks", file("list.csv", content)) == (0, want, "")


@pytest.mark.parametrize("content, number, message", [
    (b"8.8.8.8,9.9.9.9\n1.0.0.0,1.0.0.255,AU\n", 2,
     "'1.0.0.0,1.0.0.255,AU': two addresses, as of a range at byte 7 (write FIRST-LAST,LABEL)"),
    (b"1.0.0.0,1.0.0.255,AU\n1.0.1.9 , 1.0.1.7,CN\n", 2,
     "'1.0.1.9 , 1.0.1.7,CN': range ends before it starts at byte 10"),
    (b"192.168.1.0 255.255.225.0 office\n", 1,
     "'192.168.1.0 255.255.225.0 office': netmask with a 1 bit after a 0 bit at byte 12"),
    (b"10.0.0.0/8;10.1.0.0/16\n", 1,
     "'10.0.0.0/8;10.1.0.0/16': a semicolon starts a comment at byte 10 (commas separate networks)"),
    (b"1.0.0.0;1.0.0.255;AU\n", 1,
     "'1.0.0.0;1.0.0.255;AU': a semicolon starts a comment at byte 7 (commas separate networks)"),
])
def test_ambiguous_lines_are_refused(run, file, content, number, message):
    path = file("list.csv", content)
    assert run("networks", path) == (2, b"", f"simdinet: {path}:{number}: invalid network {message}\n")
    status, _, err = run("networks", "--skip-invalid", path)
    assert (status, err.count("\n")) == (1 if number == 1 else 0, 1)


@pytest.mark.parametrize("line", [b"10.0.0.0/8;US", b"10.0.0.0/8 ; 192.0.2.1", b"10.0.0.0/8 ;192.0.2.1", b"10.0.0.0/8; 192.0.2.1"])
def test_a_semicolon_starts_a_comment(run, file, line):
    assert run("networks", file("list", line)) == (0, b"10.0.0.0/8\n", "")


def test_a_hosts_file_is_a_list(run, file):
    path = file("hosts", b"127.0.0.1\tlocalhost\n::1 ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\n# end\n")
    assert only(run, "-f", path) == ["127.0.0.1", "::1"]
    assert labels(run, path, "::1") == ["::1", "ip6-localhost ip6-loopback"]


@pytest.mark.parametrize("line, network, label", [
    ("10.0.0.0 255.0.0.0 the office", "10.0.0.0/8", "the office"), ("10.0.0.0\t255.0.0.0,x", "10.0.0.0/8", "x"),
    ("10.0.0.0\t10.0.0.255\t13335\tUS\tX", "10.0.0.0/24", "13335\tUS\tX"), ("10.0.0.0 10.0.0.2", "10.0.0.0-10.0.0.2", ""),
    ("10.0.0.0  10.0.0.255  24  DShield", "10.0.0.0/24", "24  DShield"), ("2001:db8:: 2001:db8::f x", "2001:db8::/124", "x"),
    ("10.0.0.0 localhost", "10.0.0.0", "localhost"), ("10.0.0.0/24 10.0.0.9", "10.0.0.0/24", "10.0.0.9"),
])
def test_second_address(run, file, line, network, label):
    out = run("extract", "--json", "--with=label", "-f", file("list", line.encode()), stdin=b"10.0.0.0 2001:db8::")[1]
    row = json.loads(out)
    assert (row["network"], row["label"]) == (network, label)


def test_networks_beside_filters(run, file, tmp_path):
    """The first operand is networks, or a file of that name."""
    path = file("log", TEXT)
    want = run("grep", "-e", "private", "--not=10.0.0.0/8", stdin=TEXT)
    assert run("grep", "private", "--not=10.0.0.0/8", stdin=TEXT) == want
    assert run("grep", "private", "--not=10.0.0.0/8", path) == want
    (tmp_path / "private").write_bytes(b"8.8.8.8\n")
    assert run("grep", "--not=10.0.0.0/8", "private", cwd=tmp_path) == (0, b"8.8.8.8\n", "")


@pytest.mark.parametrize("line, at", [
    (b"10.0.0.9 10.0.0.1", "range ends before it starts at byte 9"),
    (b"10.0.0.9 \t ::1 x", "range of mixed address families at byte 11"),
    (b"// 10.0.0.1", "empty text at byte 0 (comments start with # or ;)"),
    (b"-- 10.0.0.1", "empty text at byte 0 (comments start with # or ;)"),
    (b"10.0.0.0/8\r10.1.0.0/16", "carriage return within a line at byte 10 (lines end with LF or CR LF)"),
    (b"10.0.0.0/8,192.168.0.0/33", "invalid prefix length '33' at byte 23"),
    (b"192.0.2.1:80", "unexpected character at byte 9 (a port is not part of a network)"),
    (b"network,country", "unexpected character at byte 0"),
])
def test_skip_invalid(run, file, line, at):
    path = file("list", b"8.8.8.8\n" + line + b"\n127.0.0.1\n")
    shown = line.decode().replace("\t", "?").replace("\r", "?")
    message = f"simdinet: {path}:2: invalid network '{shown}': {at}\n"
    for command in ("grep", "extract", "count"):
        assert run(command, "-f", path, stdin=TEXT) == (2, b"", message)
    assert run("extract", "-f", path, "--skip-invalid", stdin=TEXT) == (0, b"8.8.8.8\n127.0.0.1\n", message)
    assert run("grep", "--skip-invalid", "-f", path, stdin=TEXT) == (0, b"8.8.8.8\n127.0.0.1\n", message)


def test_a_line_with_an_invalid_network_adds_nothing(run, file):
    path = file("list", b"8.8.8.8,1.2.3.4.5\n127.0.0.1\n")
    assert run("extract", "--skip-invalid", "-f", path, stdin=TEXT)[1] == b"127.0.0.1\n"


def test_overlong_lines_are_skipped(run, file):
    path = file("list", b"8.8.8.8\n" + b" " * 70000 + b"\n127.0.0.1\n")
    assert run("extract", "--skip-invalid", "-f", path, stdin=TEXT) == (
        0, b"8.8.8.8\n127.0.0.1\n", f"simdinet: {path}:2: line too long\n")


# ---- labels in the output --------------------------------------------------------------------------

def test_grep_labels(run, file):
    path = file("list", LIST)
    text = b"a 1.1.1.1 b 10.1.1.1 c 10.2.2.2\nnone\nd 10.2.2.2\n"
    assert run("grep", "--label", "-f", path, stdin=text)[1] == (
        b"10.1.0.0/16\tlab one\ta 1.1.1.1 b 10.1.1.1 c 10.2.2.2\n10.0.0.0/8\toffice\td 10.2.2.2\n")
    assert run("grep", "-Hn", "--label", "-f", path, stdin=text)[1].startswith(
        b"(standard input):1:10.1.0.0/16\tlab one\ta 1.1.1.1")
    assert run("grep", "-on", "--label", "-f", path, stdin=text)[1] == (
        b"1:10.1.0.0/16\tlab one\t10.1.1.1\n1:10.0.0.0/8\toffice\t10.2.2.2\n3:10.0.0.0/8\toffice\t10.2.2.2\n")
    assert run("grep", "-c", "--label", "-f", path, stdin=text)[1] == b"2\n"
    assert run("grep", "--label", "private", stdin=text)[1] == (
        b"10.0.0.0/8\tprivate\ta 1.1.1.1 b 10.1.1.1 c 10.2.2.2\n10.0.0.0/8\tprivate\td 10.2.2.2\n")


def test_count_by_label(run, file):
    path = file("list", b"10.0.0.0/8,office\n10.1.0.0/16,lab\n10.2.0.0/16,office\n192.0.2.0/24\n2001:db8::/32,a \"b\"\n")
    text = b"10.9.0.1 10.1.0.1 10.2.0.1 10.2.0.1 192.0.2.1 192.0.2.2 2001:db8::1 8.8.8.8 ::ffff:10.1.1.1\n"
    assert run("count", "--by-label", "-f", path, stdin=text)[1] == (
        b"      3 office\n      2 192.0.2.0/24\n      2 lab\n      1 a \"b\"\n")
    out = run("count", "--by-label", "--json", "-n", "2", "--only=private", "-f", path, stdin=text)[1].decode()
    assert [json.loads(line) for line in out.splitlines()] == [
        {"label": "office", "count": 3}, {"label": "lab", "count": 2}]
    out = run("count", "--by-label", "--json", "-f", path, stdin=text)[1].decode().splitlines()
    assert json.loads(out[-1]) == {"label": 'a "b"', "count": 1}
    rows = run("grep", "-o", "--json", "--label", "-f", path, stdin=b"10.1.0.1 8.8.8.8")[1].splitlines()
    assert [(row["address"], row["network"], row["label"]) for row in map(json.loads, rows)] == [
        ("10.1.0.1", "10.1.0.0/16", "lab")]
    assert run("count", "--by-label", "-e", "private,documentation,global", stdin=text)[1] == (
        b"      5 private\n      3 documentation\n      1 global\n")


@pytest.mark.parametrize("options, want", [
    (["--percent", "--total"], "      4  66.7% a \"q\",x\n      2  33.3% other\n      6 100.0% total\n"),
    (["--sort=label", "--min=2"], "      4 a \"q\",x\n      2 other\n"),
    (["--sort=label", "-n1"], "      4 a \"q\",x\n"),
    (["--format=csv", "--percent", "--total"], "count,percent,label\n4,66.7,\"a \"\"q\"\",x\"\n2,33.3,other\n6,100.0,total\n"),
    (["--format=tsv"], "count\tlabel\n4\ta \"q\",x\n2\tother\n"),
    (["--json", "--total", "--percent"],
     '{"label":"a \\"q\\",x","count":4,"percent":66.7}\n{"label":"other","count":2,"percent":33.3}\n'
     '{"total":6,"distinct":2}\n'),
    (["--by-file"], "{a}:      2 a \"q\",x\n{a}:      1 other\n{b}:      2 a \"q\",x\n{b}:      1 other\n"),
])
def test_count_by_label_with_other_options(run, file, options, want):
    path = file("list", b'10.0.0.0/8,a "q",x\n0.0.0.0/0 other\n::/0 other\n')
    a, b = file("a", b"10.0.0.1 10.0.0.2 8.8.8.8"), file("b", b"10.0.0.1 10.0.0.9 ::1")
    out = run("count", "--by-label", "-f", path, "--not=192.0.2.1", *options, a, b)[1].decode()
    assert out == want.replace("{a}", str(a)).replace("{b}", str(b))


@pytest.mark.parametrize("words, message", [
    (["count", "--by-label"], "labels need networks with labels, -e, -f or --only, or a database, --mmdb"),
    (["count", "--by-label", "--by=/24", "-e", "private"], "--by-label cannot be combined with --by"),
    (["grep", "-v", "--label", "10.0.0.1"], "--label cannot be combined with --invert-match"),
    (["grep", "--label", "--not", "10.0.0.1"], "labels need networks with labels, -e, -f or --only, or a database, --mmdb"),
])
def test_invalid_combinations(run, words, message):
    assert run(*words, stdin=TEXT) == (2, b"", f"simdinet: {message}\nTry 'simdinet {words[0]} --help'.\n")


@pytest.mark.parametrize("bits, kind", [(32, ipaddress.IPv4Network), (128, ipaddress.IPv6Network)])
def test_nested_networks_with_labels(run, file, bits, kind):
    """The longest prefix wins; of equal prefixes, the last."""
    rng = random.Random(7)
    top = (10 << 24) if bits == 32 else (0x20010db8 << 96)
    networks = []
    for i in range(3000):
        length = rng.randrange(8 if bits == 32 else 32, bits + 1)
        number = top | rng.getrandbits(12) << (bits - 24 if bits == 32 else bits - 48) | rng.getrandbits(4)
        networks.append((kind((number >> (bits - length) << (bits - length), length)), f"n{i}"))
    path = file("list", "".join(f"{network} {label}\n" for network, label in networks).encode())
    edges = {int(network[0]) for network, _ in networks} | {int(network[-1]) for network, _ in networks}
    queries = sorted({edge + step for edge in rng.sample(sorted(edges), 400) for step in (-1, 0, 1)})
    best = {}
    for network, label in networks:
        best[(network.prefixlen, int(network.network_address))] = label
    want = []
    for query in queries:
        for length in range(bits, -1, -1):
            key = (length, query >> (bits - length) << (bits - length))
            if key in best:
                address = kind((query, bits)).network_address
                network = kind((key[1], length))
                shown = str(network.network_address) if length == bits else str(network)
                want.append(f"{shown}\t{best[key]}\t{address}")
                break
    text = "\n".join(str(kind((query, bits)).network_address) for query in queries).encode()
    assert run("grep", "-o", "--label", "-f", path, stdin=text)[1].decode().splitlines() == want
