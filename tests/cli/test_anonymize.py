# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet anonymize."""
import contextlib
import gzip
import ipaddress
import json
import os
import random
import stat
import subprocess
import threading
import time

import pytest

import dotted_runs
from cli_support import equal
from escaped_addresses import BEFORE_LABEL, after_line_number, both_orders, find_escaped, put_escaped
from reverse_names import find_names, labels_of

PFX = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301"
PFX2 = "2b7e151628aed2a6abf7158809cf4f3ca9f5ba40db214c3798f2e1c23456789a"
# The key and addresses that come with the first implementation of Crypto-PAn.
CRYPTOPAN = bytes([21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
                   216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2]).hex()
VECTORS = [
    ("deterministic", "0123456789abcdeffedcba9876543210", "0.0.0.0", "bde9:6789:d353:824c:d7c6:f58a:6bd2:26eb"),
    ("deterministic", "2b7e151628aed2a6abf7158809cf4f3c", "192.0.2.1", "1dbd:c1b9:fff1:7586:7d0b:67b4:e76e:4777"),
    ("deterministic", "1032547698badcfeefcdab8967452301", "255.255.255.255",
     "aed2:92f6:ea23:58c3:48fd:8b8:74e8:45d8"),
    ("pfx", PFX, "0.0.0.0", "151.82.155.134"),
    ("pfx", PFX, "255.255.255.255", "94.185.169.89"),
    ("pfx", PFX, "192.0.2.1", "100.115.72.131"),
    ("pfx", PFX, "2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"),
    ("pfx", PFX2, "10.0.0.47", "19.214.210.244"),
    ("pfx", PFX2, "10.0.0.129", "19.214.210.80"),
    ("pfx", PFX2, "10.0.0.234", "19.214.210.30"),
    ("pfx", PFX2, "2001:db8::a5c9:4e2f:bb91:5a7d", "7cec:702c:1243:f70:1956:125:b9bd:1aba"),
    ("cryptopan", CRYPTOPAN, "128.11.68.132", "135.242.180.132"),
    ("cryptopan", CRYPTOPAN, "129.118.74.4", "134.136.186.123"),
    ("cryptopan", CRYPTOPAN, "130.132.252.244", "133.68.164.234"),
    ("cryptopan", CRYPTOPAN, "141.223.7.43", "141.167.8.160"),
    ("cryptopan", CRYPTOPAN, "::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"),
    ("cryptopan", CRYPTOPAN, "2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"),
]
KEYS = {"pfx": PFX, "deterministic": PFX[:32], "cryptopan": CRYPTOPAN}


@pytest.fixture
def keyed(run, tmp_path):
    """Options that encrypt in a mode, with the key in a file."""
    if "built without" in run("anonymize", "--keyed", "--key-file", "/nowhere")[2]:
        pytest.skip("the command was built without libcrypto")

    def options(mode, key=None):
        path = tmp_path / f"key-{mode}"
        path.write_text((key or KEYS[mode]) + "\n")
        path.chmod(0o600)
        return ["--keyed", "--mode", mode, "--key-file", str(path)]
    return options


# ---- which addresses, and what is beside them ------------------------------------------------------

@pytest.mark.parametrize("options, text, want", [
    ([], "", ""),
    ([], "no address\n", "no address\n"),
    ([], "192.0.2.77 - - [x]", "192.0.2.0 - - [x]"),
    ([], "a\0b 2001:db8:1:2:3::7\r\n\r\n\xff", "a\0b 2001:db8:1::\r\n\r\n\xff"),
    ([], "[2001:db8::1]:443 192.0.2.1:443 192.0.2.9/24", "[2001:db8::]:443 192.0.2.0:443 192.0.2.0/24"),
    ([], "fe80::1%eth0 ::ffff:192.0.2.9 2001:DB8::0:1", "fe80::%eth0 ::ffff:192.0.2.0 2001:db8::"),
    ([], 'ip=%2010.9.8.7 "\\t10.9.8.7\\n" \x1b[31m10.9.8.7\x1b[m', 'ip=%2010.9.8.0 "\\t10.9.8.0\\n" \x1b[31m10.9.8.0\x1b[m'),
    ([], "192.0.2.1.443 > 192.0.2.2.5353: x", "192.0.2.0.443 > 192.0.2.0.5353: x"),
    ([], "2001:db8::1:443 2001:db8::1:58340", "2001:db8:: 2001:db8:0:0:0:0:0:0:58340"),
    ([], "2001:db8:1:2:3:4:5:6:443 from 2001:db8::7: x src:2001:db8::7", "2001:db8:1:0:0:0:0:0:443 from 2001:db8:0:0:0:0:0:0: x "
     "src:2001:db8:0:0:0:0:0:0"),
    # In doubt it is replaced,
    ([], "Chrome/120.1.2.3 v1.2.3.4 host_192.0.2.55 1.2.3.4.5", "Chrome/120.1.2.0 v1.2.3.0 host_192.0.2.0 1.2.3.0.0"),
    ([], "00:11:22:33:44:55:66:77", "0:11:22::"),
    ([], 'source.ip:2001:db8::1 10.0.0.1:2001:db8::1 "x":2001:db8:9::1', 'source.ip:2001:db8:0:0:0:0:0:0 10.0.0.0:2001:db8:0:0:0:0:0:0 '
     '"x":2001:db8:9:0:0:0:0:0'),
    # Each four numbers of a longer run may be an address.
    ([], "1.3.6.1.2.1.4.20.1.1.192.0.2.1 tun0.192.0.2.1 300.192.0.2.1", "1.3.6.0.0.0.0.0.0.0.0.0.0.0 tun0.192.0.0.0 300.192.0.2.0"),
    ([], "1.300.192.0.2.1.4.256.1.2.3", "1.300.192.0.2.0.0.256.1.2.3"),
    ([], ".".join(["7"] * 4000) + " 9.9.9.9", "7.7.7" + ".0" * 3997 + " 9.9.9.0"),
    (["--truncate=12,48"], "1.50.60.70.80", "1.48.0.0.0"),
    (["--truncate=0,0"], "300.1.2.3.4.5", "300.0.0.0.0.0"),
    (["--keep=2.0.0.0/8"], "1.2.3.4.5 2.3.4.5.6 1.2.3.4.5.6", "1.2.3.0.5 2.3.4.5.0 1.2.3.0.5.0"),
    (["--defanged"], "1[.]2.3[.]4[dot]5 1.2.3.4.5", "1[.]2.3[.]0[dot]0 1.2.3.0.0"),
    ([], "192.000.002.001 #011203.0.113.77 \\042203.0.113.77 =2010.0.0.1 \\0203.0.113.77 %2522192.0.2.1",
     "192.000.002.0 #011203.0.113.0 \\042203.0.113.0 =2010.0.0.0 \\0203.0.113.0 %2522192.0.2.0"),
    ([], "2001:db8:0:0:0:0:0:1:2001:db8::2 1:2:3", "2001:db8:0:0:0:0:0:0:2001:db8:0:0:0:0:0:0 1:2:3"),
    ([], "00:00:5e:00:53:01:192.0.2.1 00:00:5e:00:53:01/192.0.2.1", "00:00:5e:00:53:01:192.0.2.0 00:00:5e:00:53:01/192.0.2.0"),
    ([], '{\\x22ip\\x22:\\x22192.0.2.1\\x22}', '{\\x22ip\\x22:\\x22192.0.2.0\\x22}'),
    # Of more than eight groups, those of the usual first one; also after other digits.
    ([], "12:2001:db8:dead:beef:1:2:3:7 13:37:fd01:db8:dead:beef:1:2:3:77", "12:2001:db8:dead:0:0:0:0:0 13:37:fd01:db8:dead:0:0:0:0:0"),
    ([], "ABCDEF2001:db8::1 \\b2001:db8::1", "ABCDEF2001:db8:: \\b2001:db8::"),
    ([], "0.0.0.0:8080->80/tcp, :::8080->80/tcp :::443 :::*", "0.0.0.0:8080->80/tcp, :::8080->80/tcp :::443 :::*"),
    ([], "2002:cb00:7109:1::1", "2002:cb00:7100::"),
    (["--truncate=8,128"], "64:ff9b::192.0.2.1 ::192.0.2.1 2001:0:1:2:3:4:5:6", "64:ff9b::c000:0 ::192.0.0.0 2001:0:1:2:3:4::"),
    # The first group may be a line number, a key may end in the digits of a group.
    ([], "12:2001:db8:dead:beef:1:2:3:77 12:1:2:3:4:5:6:7:77", "12:2001:db8:dead:0:0:0:0:0 12:1:2:0:0:0:0:0:77"),
    ([], "#0112001:db8:dead:beef::1 12345fe80:1:2:3:4::1", "#0112001:db8:dead:: 12345fe80:1:2::"),
    (["--keep=10.0.0.0/8"], "a_::ffff:10.1.2.3 a_::ffff:192.0.2.1 1:2:3:::ffff:10.1.2.3",
     "a_::ffff:10.1.2.3 a_::ffff:192.0.2.0 1:2:3:::ffff:10.1.2.3"),
    # More digits, or letters that are digits, follow the last group.
    ([], "2001:db8:aaaa:bbbb:cccc:dddd:eeee:7777failed 2001:db8:a:b::7777and 1:2:3:4:5:6:7:88889",
     "2001:db8:aaaa::failed 2001:db8:a::and 1:2:3::9"),
    ([], "std::facade 1:2::decade", "std::facade 1:2::decade"),
    # Percent-encoded colons.
    ([], "?ip=2001%3Adb8%3A1%3A2%3A%3A1&x=%5B2001%3adb8%3A%3A1%5D%3A443 %3D2001%3Adb8%3A1%3A2%3A3%3A4%3A5%3A6",
     "?ip=2001%3Adb8%3A1%3A%3A&x=%5B2001%3adb8%3a%3a%5D%3A443 %3D2001%3Adb8%3A1%3A%3A"),
    ([], "x%3A2001%3Adb8%3A1%3A2%3A3%3A4%3A5%3A6 1%3A2%3A3%3A4%3A5%3A6%3A7%3A8%3A443", "x%3A2001%3Adb8%3A1%3A0%3A0%3A0%3A0%3A0 1%3A2%3A3%3A0%3A0%3A0%3A0%3A0%3A443"),
    ([], "%3A%3Affff%3A198.51.100.77 64%3aff9b%3a%3a198.51.100.77. 2001%3Adb8%3A1%3A2%3A3%3A4%3A198.51.100.77/x",
     "%3A%3Affff%3A198.51.100.0 64%3aff9b%3a%3a. 2001%3Adb8%3A1%3A%3A/x"),
    ([], "2001%3Adb8%3A1%3A%3A1.198.51.100.77 1%3A2%3A3%3A4%3A5%3A198.51.100.77 2001%3Adb8%3A1%3A2%3A%3A7777fed",
     "2001%3Adb8%3A1%3A%3A1.198.51.0.0 1%3A2%3A3%3A4%3A5%3A198.51.100.0 2001%3Adb8%3A1%3A%3Afed"),
    (["--keep=2001:db8::/32"], "2001%3Adb8%3A%3A1 2001%3Adb9%3A%3A1", "2001%3Adb8%3A%3A1 2001%3Adb9%3A%3A"),
    ([], "a%3A%3Ab 12%3A30%3A45 00%3A11%3A22%3A33%3A44%3A55 %3A%3A1 2001%3Adb8%3A1", "a%3A%3Ab 12%3A30%3A45 00%3A11%3A22%3A33%3A44%3A55 %3A%3A1 2001%3Adb8%3A1"),
    (["--precise"], "2001%3Adb8%3A%3A1", "2001%3Adb8%3A%3A1"),
    # Before a label four numbers may be in either order, as in the names of blocklists.
    ([], "77.113.0.203.zen.example 192.0.2.1.example. 1.2.3.4.", "0.113.0.0.zen.example 0.0.2.0.example. 1.2.3.0."),
    (["--truncate=16,48"], "77.113.5.203.zen.example", "0.0.0.0.zen.example"),
    (["--only=203.0.113.0/24"], "77.113.0.203.zen.example 203.0.113.77.zen.example", "0.113.0.203.zen.example 203.0.113.0.zen.example"),
    # but not what names no host.
    ([], "std::string ::x xa::b 00:11:22:33:44:55 12:30:45", "std::string ::x xa::b 00:11:22:33:44:55 12:30:45"),
    (["--precise"], "Chrome/120.1.2.3 v1.2.3.4 1.2.3.4.5 10.0.0.9", "Chrome/120.1.2.3 v1.2.3.4 1.2.3.4.5 10.0.0.0"),
    (["--precise"], "00:11:22:33:44:55:66:77", "00:11:22:33:44:55:66:77"),
    (["--truncate=16,32"], "192.0.2.1 2001:db8:1::1", "192.0.0.0 2001:db8::"),
    (["--truncate=/0,/0"], "192.0.2.1 2001:db8:1::1 ::ffff:1.2.3.4", "0.0.0.0 :: ::ffff:0.0.0.0"),
    (["--truncate=32,128"], "192.0.2.1 2001:db8:1::1", "192.0.2.1 2001:db8:1::1"),
    (["--truncate=,64"], "192.0.2.1 2001:db8:1:2:3::1", "192.0.2.0 2001:db8:1:2::"),
    (["--truncate=31,127"], "192.0.2.255 2001:db8::ffff", "192.0.2.254 2001:db8::fffe"),
    (["--keep", "private"], "10.1.2.3 192.0.2.1 ::ffff:10.1.2.3", "10.1.2.3 192.0.2.0 ::ffff:10.1.2.3"),
    (["--keep=loopback,192.0.2.0/28", "--keep", "2001:db8::-2001:db8::5"],
     "127.0.0.1 192.0.2.15 192.0.2.16 2001:db8::5 2001:db8::6", "127.0.0.1 192.0.2.15 192.0.2.0 2001:db8::5 2001:db8::"),
    (["--only", "private"], "10.1.2.3 192.0.2.1", "10.1.2.0 192.0.2.1"),
    (["--only", "private", "--keep", "10.0.0.0/8"], "10.1.2.3 192.168.1.1", "10.1.2.3 192.168.1.0"),
    (["--defanged"], "192[.]0[.]2[.]1 2001[:]db8:1:2::1 10.0.0.1", "192[.]0[.]2[.]0 2001[:]db8[:]1[:][:] 10.0.0.0"),
    ([], "192[.]0[.]2[.]1", "192[.]0[.]2[.]1"),
])
def test_truncate(run, options, text, want):
    assert run("anonymize", *options, stdin=text.encode("latin1")) == (0, want.encode("latin1"), "")


def test_files(run, file, decoders):
    paths = [file("a", b"192.0.2.1"), file("b", gzip.compress(b" 192.0.2.2\n")), "-"]
    assert run("anonymize", *paths, stdin=b"::ffff:1.2.3.4") == (0, b"192.0.2.0 192.0.2.0\n::ffff:1.2.3.0", "")


# ---- names of reverse DNS --------------------------------------------------------------------------

NIBBLES = "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.0.0.0.a.0.0.0.8.b.d.0.1.0.0.2"  # 2001:db8:a:3::7
NIBBLES_48 = "0." * 20 + "a.0.0.0.8.b.d.0.1.0.0.2"


@pytest.mark.parametrize("options, text, want", [
    ([], "77.113.0.203.in-addr.arpa", "0.113.0.203.in-addr.arpa"),
    ([], "PTR? 77.113.0.203.In-Addr.ARPA. (44)", "PTR? 0.113.0.203.In-Addr.ARPA. (44)"),
    (["--truncate=16,48"], "77.113.0.203.in-addr.arpa 203.0.113.77", "0.0.0.203.in-addr.arpa 203.0.0.0"),
    (["--truncate=0,0"], f"77.113.0.203.in-addr.arpa,{NIBBLES}.ip6.arpa", f"0.0.0.0.in-addr.arpa,{'0.' * 32}ip6.arpa"),
    (["--precise"], "x=77.113.0.203.in-addr.arpa\n9.9.9.9.in-addr.arpa", "x=0.113.0.203.in-addr.arpa\n0.9.9.9.in-addr.arpa"),
    # Exactly four labels, and the zone as it is.
    (["--precise"], "113.0.203.in-addr.arpa 1.77.113.0.203.in-addr.arpa 256.113.0.203.in-addr.arpa 1.2.3.4.in-addr.arpab",
     "113.0.203.in-addr.arpa 1.77.113.0.203.in-addr.arpa 256.113.0.203.in-addr.arpa 1.2.3.4.in-addr.arpab"),
    ([], "1.77.113.0.203.in-addr.arpa 0.203.in-addr.arpa", "1.77.113.0.0.in-addr.arpa 0.203.in-addr.arpa"),
    ([], "lb._udp.77.113.0.203.in-addr.arpa %2077.113.0.203.in-addr.arpa %207.113.0.203.in-addr.arpa",
     "lb._udp.0.113.0.203.in-addr.arpa %200.113.0.203.in-addr.arpa %200.113.0.203.in-addr.arpa"),
    ([], f"{NIBBLES}.ip6.arpa {NIBBLES.upper()}.IP6.ARPA.", f"{NIBBLES_48}.ip6.arpa {NIBBLES_48}.IP6.ARPA."),
    (["--precise"], f"{NIBBLES[2:]}.ip6.arpa 1.{NIBBLES}.ip6.arpa b._udp.{NIBBLES}.ip6.arpa",
     f"{NIBBLES[2:]}.ip6.arpa 1.{NIBBLES}.ip6.arpa b._udp.{NIBBLES_48}.ip6.arpa"),
    (["--precise"], f"{NIBBLES}.zen.example {NIBBLES}.1. {NIBBLES}.", f"{NIBBLES_48}.zen.example {NIBBLES}.1. {NIBBLES}."),
    # The address counts, not the text.
    (["--keep=203.0.113.0/24"], "77.113.0.203.in-addr.arpa 203.0.113.77.in-addr.arpa", "77.113.0.203.in-addr.arpa 0.0.113.77.in-addr.arpa"),
    (["--only=203.0.113.0/24"], "77.113.0.203.in-addr.arpa 203.0.113.77.in-addr.arpa", "0.113.0.203.in-addr.arpa 203.0.113.77.in-addr.arpa"),
    (["--keep=2001:db8:a::/48"], f"{NIBBLES}.ip6.arpa", f"{NIBBLES}.ip6.arpa"),
])
def test_reverse_names(run, options, text, want):
    assert run("anonymize", *options, stdin=text.encode()) == (0, want.encode(), "")


@pytest.mark.parametrize("mode", ["pfx", "deterministic", "cryptopan"])
def test_reverse_names_are_encrypted(run, keyed, tmp_path, mode):
    """As the address is, and restored."""
    addresses = ["203.0.113.77", "2001:db8:a:3::7", "10.0.0.1"]
    new = run("anonymize", *keyed(mode), stdin=" ".join(addresses).encode())[1].decode().split()
    names = "\n".join(ipaddress.ip_address(address).reverse_pointer for address in addresses).encode()
    mapping = tmp_path / "mapping"
    for options in [["--precise"], ["--mapping", str(mapping)]]:
        encrypted = run("anonymize", *keyed(mode), *options, stdin=names)[1]
        assert encrypted.decode().split("\n") == [ipaddress.ip_address(address).reverse_pointer for address in new]
        assert run("anonymize", *keyed(mode), "--decrypt", stdin=encrypted) == (0, names, "")
    assert mapping.read_text().splitlines() == [f"{old},{address}" for old, address in zip(addresses, new)]


def test_reverse_names_in_pieces(simdinet, run, file):
    """The zone may not have arrived when the labels have; threads begin anywhere in a name."""
    line = f"77.113.0.203.in-addr.arpa x {NIBBLES}.ip6.arpa 192.0.2.1 1.2.3.4.5 "
    want = f"0.113.0.203.in-addr.arpa x {NIBBLES_48}.ip6.arpa 192.0.2.0 1.2.3.0.0 "
    for cut in range(len(line)):
        text, expected = (line * 2).encode(), (want * 2).encode()
        with subprocess.Popen([simdinet, "anonymize"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            for piece in (text[:cut], text[cut:cut + 13], text[cut + 13:]):
                process.stdin.write(piece)
                time.sleep(0.001)
            assert process.communicate()[0] == expected, cut
    for end in (" ", "\n"):
        text, expected = ((line + end) * 40000).encode(), ((want + end) * 40000).encode()
        for threads in ("1", "2", "5"):
            assert equal(run("anonymize", "-j", threads, file("names", text)), (0, expected, "")), threads
        assert equal(run("anonymize", stdin=text), (0, expected, ""))


# ---- keys ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("mode, key, address, want", VECTORS)
def test_vectors(run, keyed, mode, key, address, want):
    text = f"{address} {address}\n".encode()
    encrypted = run("anonymize", *keyed(mode, key), stdin=text)
    assert encrypted == (0, f"{want} {want}\n".encode(), "")
    assert run("anonymize", "--decrypt", *keyed(mode, key), stdin=encrypted[1]) == (0, text, "")


def test_mapped(run, keyed):
    """The same address in two notations; deterministic restores the shorter one."""
    text, short = b"::ffff:192.0.2.1 192.0.2.1", b"192.0.2.1 192.0.2.1"
    for mode, restored in (("pfx", text), ("cryptopan", text), ("deterministic", short)):
        encrypted = run("anonymize", *keyed(mode), stdin=text)[1]
        assert encrypted.split()[0].endswith(encrypted.split()[1])
        assert run("anonymize", "--decrypt", *keyed(mode), stdin=encrypted)[1] == restored


def shared_bits(a, b):
    a, b = ipaddress.ip_address(a), ipaddress.ip_address(b)
    assert a.version == b.version
    return a.max_prefixlen - (int(a) ^ int(b)).bit_length()


@pytest.mark.parametrize("mode", ["pfx", "cryptopan"])
def test_prefixes_are_preserved(run, keyed, mode):
    rng = random.Random(5)
    for bits, make in ((32, ipaddress.IPv4Address), (128, ipaddress.IPv6Address)):
        first = rng.getrandbits(bits) | 1 << bits - 1 | 1 << bits - 3
        pairs = [(first, first ^ 1 << i ^ rng.getrandbits(i)) for i in range(bits - 1)]
        text = "".join(f"{make(a)} {make(b)}\n" for a, b in pairs).encode()
        lines = run("anonymize", *keyed(mode), stdin=text)[1].decode().splitlines()
        for old, new in zip(text.decode().splitlines(), lines, strict=True):
            assert shared_bits(*new.split()) == shared_bits(*old.split())


def test_raw_key(run, keyed, tmp_path):
    options = keyed("cryptopan")
    raw = tmp_path / "raw"
    raw.write_bytes(bytes.fromhex(CRYPTOPAN))
    raw.chmod(0o600)
    assert run("anonymize", *options[:-1], str(raw), stdin=b"128.11.68.132") == (0, b"135.242.180.132", "")


@pytest.mark.parametrize("mode, content, message", [
    ("pfx", PFX[:-1], "not a key of this mode, which is 64 hexadecimal digits"),
    ("pfx", PFX + "0", "not a key of this mode, which is 64 hexadecimal digits"),
    ("pfx", PFX[:-1] + "g", "not a key of this mode, which is 64 hexadecimal digits"),
    ("pfx", PFX[:32] * 2, "the halves of the key are equal"),
    ("pfx", "", "not a key of this mode, which is 64 hexadecimal digits"),
    ("deterministic", PFX, "not a key of this mode, which is 32 hexadecimal digits"),
])
def test_invalid_keys(run, keyed, tmp_path, mode, content, message):
    options = keyed(mode)
    (tmp_path / f"key-{mode}").write_text(content)
    status, output, errors = run("anonymize", *options, stdin=b"192.0.2.1")
    assert (status, output, errors) == (2, b"", f"simdinet: {options[-1]}: {message}\n")


def test_half_a_key_is_not_its_bytes(run, keyed, tmp_path):
    """32 hexadecimal digits without a line end are a key of another mode."""
    keyed("pfx")
    key = tmp_path / "half"
    key.write_text(PFX[:32])
    key.chmod(0o600)
    message = f"simdinet: {key}: not a key of this mode, which is 64 hexadecimal digits\n"
    assert run("anonymize", "--key-file", str(key), stdin=b"192.0.2.1") == (2, b"", message)
    for options in (["--generate-key"], []):
        status, output, errors = run("anonymize", "--key-file", "-", *options, stdin=b"192.0.2.1")
        assert (status, output) == (2, b"") and errors.startswith("simdinet: --key-file needs the name of a file\n")


def test_a_failed_key_file_is_removed(simdinet, tmp_path):
    key = tmp_path / "key"
    limit = subprocess.run(["sh", "-c", 'trap "" XFSZ; ulimit -f 0; exec "$@"', "sh", simdinet, "anonymize", "--generate-key", "--key-file", key],
                           capture_output=True, check=False)
    assert limit.returncode == 2 and b"File too large" in limit.stderr and not key.exists()


def test_the_mapping_precedes_the_text(simdinet, tmp_path):
    """Whatever ends the process: what is written is in the mapping, which has whole lines."""
    mapping = tmp_path / "mapping"
    addresses = [f"10.0.{i >> 8}.{i & 255}" for i in range(20000)]
    with subprocess.Popen([simdinet, "anonymize", "--mapping", mapping], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        def write_input():
            with contextlib.suppress(BrokenPipeError):
                os.write(process.stdin.fileno(), "\n".join(addresses).encode())

        # From a thread: the command may fill its output before it has read all of its input.
        writer = threading.Thread(target=write_input)
        writer.start()
        got = b""
        while got.count(b"\n") < 5000:
            got += process.stdout.read1()
        process.kill()
        process.wait()
        writer.join()
    lines = mapping.read_text().splitlines(keepends=True)
    assert len(lines) >= got.count(b"\n")
    assert lines == [f"{address},{address.rsplit('.', 1)[0]}.0\n" for address in addresses[:len(lines)]]


@pytest.mark.parametrize("blocks", [1, 3, 9, 200])
def test_a_mapping_on_a_full_disk_has_whole_lines(simdinet, tmp_path, blocks):
    """At any limit of the size of the file; and each address that is written is in it."""
    mapping = tmp_path / "mapping"
    text = "".join(f"10.0.{i >> 8}.{i & 255}\n" for i in range(60000)).encode()
    limit = subprocess.run(["sh", "-c", f'trap "" XFSZ; ulimit -f {blocks}; exec "$@"', "sh", simdinet, "anonymize",
                            "--mapping", mapping], input=text, capture_output=True, check=False)
    lines = mapping.read_text().splitlines(keepends=True)
    addresses = text.decode().splitlines()
    assert limit.returncode == 2 and limit.stderr == f"simdinet: {mapping}: File too large\n".encode()
    assert lines == [f"{address},{address.rsplit('.', 1)[0]}.0\n" for address in addresses[:len(lines)]] != []
    assert limit.stdout.count(b"\n") <= len(lines) < 60000


def test_key_that_others_can_read(run, keyed, tmp_path):
    options = keyed("pfx")
    os.chmod(options[-1], 0o640)
    status, output, errors = run("anonymize", *options, stdin=b"192.0.2.1")
    assert (status, output) == (0, b"100.115.72.131")
    assert errors == f"simdinet: warning: {options[-1]}: others can read the key; 'chmod 600' prevents that\n"
    assert PFX not in errors
    assert run("anonymize", "--keyed", "--key-file", str(tmp_path / "none"))[0] == 2


@pytest.mark.parametrize("mode, digits", [("pfx", 64), ("deterministic", 32), ("cryptopan", 64)])
def test_generate_key(run, keyed, tmp_path, mode, digits):
    keyed(mode)
    path = tmp_path / "new"
    words = ["anonymize", "--generate-key", "--mode", mode, "--key-file", str(path)]
    assert run(*words, umask=0) == (0, b"", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_text()
    assert len(bytes.fromhex(key)) * 2 == len(key.strip()) == digits
    assert run(*words) == (2, b"", f"simdinet: {path}: File exists\n")
    assert path.read_text() == key
    assert run("anonymize", "--keyed", "--mode", mode, "--key-file", str(path), stdin=b"192.0.2.1")[0] == 0


def test_key_is_protected(simdinet, keyed):
    """Not dumpable: its memory belongs to root."""
    with subprocess.Popen([simdinet, "anonymize", *keyed("pfx"), "--line-buffered"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdin.write(b"192.0.2.1\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"100.115.72.131\n"
        if os.geteuid() != 0:
            with pytest.raises(PermissionError):
                os.listdir(f"/proc/{process.pid}/fd")
        with open(f"/proc/{process.pid}/cmdline", "rb") as arguments:
            assert PFX.encode() not in arguments.read()


# ---- whole logs ------------------------------------------------------------------------------------

def matches_of(run, path, *options):
    lines = run("extract", "-j1", "--json", "--doubtful", "--no-heuristic=eui64", *options, path)[1].splitlines()
    return [json.loads(line) for line in lines]


def is_replaced(match):
    if "doubtful" not in match["flags"] or match["family"] == 4:
        return True
    groups = match["address"].replace(".", ":").split(":")
    return any(len(group) >= 3 for group in groups)


def truncate(match):
    address = ipaddress.ip_address(match["canonical"])
    mapped = address.version == 6 and address.ipv4_mapped
    if mapped:
        return f"::ffff:{ipaddress.ip_network(f'{mapped}/24', strict=False).network_address}"
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False).network_address)


def rewrite(text, matches, new, keyed=False):
    """The text with new addresses, without "::" beside a colon; and the old ones."""
    parts, at, old = [], 0, set()
    names = [{"offset": start, "end": end, "canonical": str(address)} for start, end, address in find_names(text)]
    names += [{"offset": start, "end": end, "canonical": str(address), "colon": colon}
              for start, end, address, colon in find_escaped(text)]
    for match in sorted(names + matches, key=lambda match: (match["offset"], "end" not in match)):
        start, end = match["offset"], match.get("end") or match["offset"] + len(match["address"])
        if start < at:
            continue
        if "colon" in match:
            old.add(match["canonical"])
            parts += [text[at:start], put_escaped(text, start, end, match["colon"], ipaddress.ip_address(new(match)))]
            at = end
            continue
        if "end" in match:
            old.add(match["canonical"])
            address = ipaddress.ip_address(new(match))
            same = address.version == ipaddress.ip_address(match["canonical"]).version
            parts += [text[at:start], labels_of(address) if same else address.reverse_pointer.encode()]
            at = end if same else end + len(".in-addr.arpa")
            continue
        if match["family"] == 4 and match.get("rule") in dotted_runs.RULES:
            end, run, replaced = dotted_runs.rewrite_run(text, start, lambda address: new({"canonical": address}), keyed)
            parts += [text[at:start], run]
            at = end
            old |= set(replaced)
            continue
        if match["family"] == 6 and match.get("rule") != "invalid-ipv6" and not keyed:
            start, end = after_line_number(text, start, end)
            match = match if start == match["offset"] else {**match, "canonical": str(ipaddress.ip_address(text[start:end].decode()))}
        if match["family"] == 4 and "doubtful" in match["flags"] and BEFORE_LABEL.match(text, end) and not keyed:
            address, orders = both_orders(match["canonical"], lambda address: new({"canonical": address}))
            old |= set(orders)
        else:
            old.add(match["canonical"])
            address = new(match)
        if b":" in (text[start - 1:start], text[end:end + 1]) and "." not in address:
            address = ":".join(f"{int(group, 16):x}" for group in ipaddress.ip_address(address).exploded.split(":"))
        parts += [text[at:start], address.encode()]
        at = end
    return b"".join(parts) + text[at:], old


def test_nothing_else_changes(run, log):
    path, _ = log(seed=11, size="4M")
    with open(path, "rb") as file:
        text = file.read()
    matches = [match for match in matches_of(run, path) if is_replaced(match)]
    assert len(matches) > 10000
    want = rewrite(text, matches, truncate)[0]
    assert equal(run("anonymize", path), (0, want, ""))
    assert equal(run("anonymize", stdin=text), (0, want, ""))


@pytest.mark.parametrize("mode", ["pfx", "deterministic", "cryptopan"])
def test_no_address_is_left(run, keyed, log, tmp_path, mode):
    """No address of the input is in the output, but for those that the mapping made."""
    path, _ = log(seed=12, size="2M")
    mapping = tmp_path / "mapping"
    output = tmp_path / "output"
    status, text, errors = run("anonymize", *keyed(mode), "--mapping", str(mapping), path)
    assert (status, errors) == (0, "")
    output.write_bytes(text)
    pairs = [line.split(",") for line in mapping.read_text().splitlines()]
    old, new = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    assert len(old) == len(pairs) > 1000 and stat.S_IMODE(mapping.stat().st_mode) == 0o600
    table = dict(pairs)
    with open(path, "rb") as file:
        original = file.read()
    matches = [match for match in matches_of(run, path) if is_replaced(match)]
    want, originals = rewrite(original, matches, lambda match: table[match["canonical"]], keyed=True)
    assert old == originals
    assert equal(want, text)
    left = {match["canonical"] for match in matches_of(run, str(output))
            if is_replaced(match) and match.get("rule") not in dotted_runs.RULES}
    assert left & originals <= new
    assert run("anonymize", "--mapping", str(mapping)) == (2, b"", f"simdinet: {mapping}: File exists\n")


@pytest.mark.parametrize("mode", ["pfx", "cryptopan"])
def test_round_trip(run, keyed, log, tmp_path, mode):
    path, _ = log(seed=13, size="2M")
    encrypted, again = tmp_path / "encrypted", tmp_path / "again"
    encrypted.write_bytes(run("anonymize", *keyed(mode), path)[1])
    again.write_bytes(run("anonymize", "--decrypt", *keyed(mode), str(encrypted))[1])
    # Without those in longer runs, which may be divided otherwise after encryption.
    original = [m for m in matches_of(run, path) if m.get("rule") not in ("invalid-ipv6", "dotted-run")]
    restored = iter(match["canonical"] for match in matches_of(run, str(again)))
    assert [m["canonical"] for m in original if m["canonical"] not in restored] == []
    left = {match["canonical"] for match in matches_of(run, str(encrypted))}
    assert len(original) > 10000 and len(left & {match["canonical"] for match in original}) < 10


def test_threads_and_implementations(run, keyed, log, file):
    """The same bytes; also of a text with lines longer than a range, and one without a line end."""
    path, _ = log(seed=14, size="12M")
    with open(path, "rb") as text:
        content = text.read()
    for name in (path, file("long", content[:6 << 20].replace(b"\n", b" ") + content), file("one", content.replace(b"\n", b" "))):
        for options in ([], ["--precise"], keyed("pfx"), ["--defanged"]):
            one = run("anonymize", *options, "-j", "1", name)
            assert (one[0], one[2]) == (0, "") and len(one[1]) > 1 << 20
            for threads in ("2", "5"):
                assert equal(run("anonymize", *options, "-j", threads, name), one), (options, threads)
        for implementation in ("scalar", "sse42", "neon", "avx2"):
            other = run("anonymize", "-j", "1", name, env={"SIMDINET_IMPLEMENTATION": implementation})
            assert "does not support" in other[2] or equal(other[1], run("anonymize", name)[1]), implementation


def test_stream(simdinet, run):
    """Text that arrives in pieces; a complete line is written before the next one arrives."""
    text = b"a 192.0.2.1 b 2001:db8:1:2:3:4:5:6 c\n" * 40
    rng = random.Random(2)
    with subprocess.Popen([simdinet, "anonymize", "--line-buffered"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        at = 0
        while at < len(text):
            step = rng.randint(1, 60)
            process.stdin.write(text[at:at + step])
            process.stdin.flush()
            at += step
        for _ in range(40):
            assert process.stdout.readline() == b"a 192.0.2.0 b 2001:db8:1:: c\n"
        process.stdin.close()
        assert process.wait() == 0


# ---- errors ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("options, message", [
    (["--truncate=33,48"], "invalid argument '33,48' for '--truncate': expected prefix lengths such as /24,/48"),
    (["--keep=privat"], "invalid network 'privat'"),
    (["--only=192.0.2.0/33"], "invalid network '192.0.2.0/33'"),
    (["--keyed"], "--keyed, --mode and --decrypt need --key-file"),
    (["--generate-key"], "--generate-key needs --key-file"),
    (["--decrypt"], "--keyed, --mode and --decrypt need --key-file"),
    (["--key-file=/nowhere/x"], "/nowhere/x: No such file or directory"),
    (["--mode=pfx"], "--keyed, --mode and --decrypt need --key-file"),
    (["--mode=aes"], "invalid argument 'aes' for '--mode': expected pfx, deterministic or cryptopan"),
    (["--keyed", "--key-file=x", "--truncate=8,8"], "--truncate cannot be combined with --keyed, --key-file, --mode or --decrypt"),
    (["--mapping=/nowhere/x"], "/nowhere/x: No such file or directory"),
])
def test_invalid_options(run, options, message):
    status, output, errors = run("anonymize", *options, stdin=b"192.0.2.1")
    if "built without" in errors:
        pytest.skip("the command was built without libcrypto")
    assert (status, output) == (2, b"") and errors.startswith(f"simdinet: {message}")


def test_in_place_is_refused(simdinet, run, file):
    path = file("log", b"192.0.2.1\n")
    for words, stdin in (([path], None), ([], path)):
        with open(path, "r+b") as out, open(stdin or os.devnull, "rb") as source:
            done = subprocess.run([simdinet, "anonymize", *words], stdin=source, stdout=out, stderr=subprocess.PIPE)
        assert done.returncode == 2 and b"input file is also the output" in done.stderr
        with open(path, "rb") as same:
            assert same.read() == b"192.0.2.1\n"


def test_a_key_that_is_also_the_output(simdinet, keyed):
    """The text would be appended to it."""
    options = keyed("pfx")
    with open(options[-1], "r+b") as out:
        before = out.read()
        done = subprocess.run([simdinet, "anonymize", *options], input=b"192.0.2.1\n", stdout=out, stderr=subprocess.PIPE)
        out.seek(0)
        assert out.read() == before
    assert (done.returncode, done.stderr.decode()) == (2, f"simdinet: {options[-1]}: input file is also the output\n")


def test_data_that_is_compressed_twice_is_refused(run, file, decoders):
    """It would be copied, and every address with it."""
    once = gzip.compress(b"192.0.2.1\n")
    paths = [file("twice.gz", gzip.compress(once)), file("zip.gz", gzip.compress(b"PK\x03\x04" + bytes(40))), file("once.gz", once)]
    status, out, err = run("anonymize", *paths)
    assert (status, out) == (2, b"192.0.2.0\n")
    assert err == (f"simdinet: {paths[0]}: compressed data in compressed data are not supported\n"
                   f"simdinet: {paths[1]}: zip archives are not supported\n")


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("address", ["198.51.100.77", "2001:db8::7", "::1"])
def test_utf16_that_does_not_begin_the_file(run, file, order, address):
    """As `>>` of PowerShell appends it. It is copied, and reported once for each file."""
    message = "text in UTF-16 that does not begin the file was copied with its addresses"
    tail = f"client {address} ok\r\n".encode(order)
    short, late = file("short", f"\u00e9 {address}".encode(order)), file("late", b"192.0.2.1\n" * 300000 + tail + b"192.0.2.1\n")
    for path in (short, late):
        status, out, err = run("anonymize", path)
        assert (status, err) == (2, f"simdinet: {path}: {message}\n")
        assert address.encode(order) in out
    assert b"192.0.2.1" not in out
    assert run("anonymize", short, late)[2].count(message) == 2
    plain = "192.0.2.1 \0\0 a\0.\0b\0 1\0.0 v\0:\0w\0\n".encode()
    assert run("anonymize", stdin=plain)[0::2] == (0, "")


def test_packet_captures_are_refused(run, file):
    capture = b"\xd4\xc3\xb2\xa1\2\0\4\0" + bytes(8) + b"\0\0\4\0\1\0\0\0"
    status, output, errors = run("anonymize", file("capture", capture))
    assert (status, output) == (2, b"") and errors.startswith("simdinet: ")


def test_errors_leave_a_status(simdinet, run, file, log):
    path, _ = log(size="8M")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, "anonymize", path], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")
    good = file("good", b"192.0.2.1\n")
    status, output, errors = run("anonymize", "/nowhere", good)
    assert (status, output) == (2, b"192.0.2.0\n") and "/nowhere: No such file" in errors


def test_truncated_input_ends_at_a_word(run, file, decoders):
    """An address that may be cut off is not written."""
    text = b"192.0.2.1 " * 1000 + b"198.51.100.123\n"
    packed = gzip.compress(text, mtime=0)
    for cut in range(len(packed) - 12, len(packed) - 8):
        status, output, errors = run("anonymize", file("cut.gz", packed[:cut]))
        assert status == 2 and errors
        assert (b"192.0.2.0 " * 1000 + b"198.51.100.0\n").startswith(output), output[-40:]
