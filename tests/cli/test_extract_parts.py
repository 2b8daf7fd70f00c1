# SPDX-License-Identifier: Apache-2.0 OR MIT
"""extract --with: what stands with an address."""
import json
import os
import random
import subprocess
import time

import pytest

ALL = "port,prefix,range,zone,class"


def extract(run, text, *options):
    status, out, err = run("extract", *options, stdin=text.encode())
    assert err == ""
    return out.decode().splitlines()


@pytest.mark.parametrize("text, want", [
    ("192.0.2.0/24", ["192.0.2.0/24"]), ("2001:db8::/32, x", ["2001:db8::/32"]), ("10.0.0.0/8.", ["10.0.0.0/8"]),
    ("192.0.2.1/24:80", ["192.0.2.1/24:80"]), ("192.0.2.1/24:80:1", ["192.0.2.1"]), ("192.0.2.1/24:0x", ["192.0.2.1"]),
    ("192.0.2.1/24:65536", ["192.0.2.1"]), ("[2001:db8::1/64]:80", ["[2001:db8::1/64]:80"]),
    ("192.0.2.1/33", ["192.0.2.1"]), ("192.0.2.1/08", ["192.0.2.1"]), ("192.0.2.1/24x", ["192.0.2.1"]),
    ("192.0.2.1/24/7", ["192.0.2.1"]), ("10.0.0.0/8,10.1.0.0/16", ["10.0.0.0/8", "10.1.0.0/16"]),
    ("http://10.0.0.1:8080/x", ["10.0.0.1:8080"]), ("http://[2001:db8::1]:80/8", ["[2001:db8::1]:80"]),
    ("10.0.0.1:80,10.0.0.2:81", ["10.0.0.1:80", "10.0.0.2:81"]), ("[2001:db8::1%eth0]:53", ["[2001:db8::1%eth0]:53"]),
    ("203.0.113.5 - 203.0.113.9 - [30/Nov", ["203.0.113.5", "203.0.113.9"]), ("192.0.2.1/0", ["192.0.2.1/0"]), ("192.0.2.1/", ["192.0.2.1"]),
    ("203.0.113.1-203.0.113.9", ["203.0.113.1-203.0.113.9"]),
    ("203.0.113.1 - 203.0.113.9 10.0.0.1", ["203.0.113.1-203.0.113.9", "10.0.0.1"]),
    ("203.0.113.9-203.0.113.1", ["203.0.113.9", "203.0.113.1"]), ("10.0.0.1 -10.0.0.2x", ["10.0.0.1"]),
    ("::1-::9", ["::1-::9"]), ("10.0.0.1-10.0.0.2-10.0.0.3", ["10.0.0.1", "10.0.0.2-10.0.0.3"]),
    ("192.0.2.1:443", ["192.0.2.1:443"]), ("192.0.2.1:65536", ["192.0.2.1"]), ("192.0.2.1:12:30", ["192.0.2.1"]),
    ("192.0.2.1:80:", ["192.0.2.1:80"]), ("[192.0.2.1]:25 x", ["192.0.2.1:25"]),
    ("[2001:db8::1]:443", ["[2001:db8::1]:443"]), ("[2001:db8::1]", ["2001:db8::1"]),
    ("[fe80::1%eth0]:53", ["[fe80::1%eth0]:53"]), ("fe80::1%eth0.", ["fe80::1%eth0"]), ("fe80::1%", ["fe80::1"]),
    ("fe80::1%eth0/64", ["fe80::1%eth0/64"]), ("2001:db8::1%2Fpath", ["2001:db8::1"]),
    ("192.0.2.1.443 > x", ["192.0.2.1:443"]),
    ("192.0.2.0/255.255.255.0", ["192.0.2.0/24"]), ("10.0.0.0/255.0.0.0, x", ["10.0.0.0/8"]),
    ("10.0.0.0/255.0.255.0", ["10.0.0.0", "255.0.255.0"]), ("10.0.0.0/0.0.0.0", ["10.0.0.0/0"]),
    ("10.0.0.0/255.255.0.0/16", ["10.0.0.0", "255.255.0.0/16"]), ("10.0.0.0/255.255.255.255.", ["10.0.0.0/32"]),
])
def test_parts(run, text, want):
    assert extract(run, text, "--with=port,prefix,range,zone") == want
    assert extract(run, "\n" + text + "\n", "--with=port,prefix", "--with", "range,zone") == want


def test_only_the_wanted_parts(run):
    text = "192.0.2.0/24 192.0.2.1:443 fe80::1%eth0 10.0.0.1-10.0.0.2"
    assert extract(run, text, "--with=prefix") == ["192.0.2.0/24", "192.0.2.1", "fe80::1", "10.0.0.1", "10.0.0.2"]
    assert extract(run, "192.0.2.1/24:80", "--with=prefix") == ["192.0.2.1/24"]
    assert extract(run, text, "--with=port", "--only=192.0.2.1") == ["192.0.2.1:443"]
    assert extract(run, "10.0.0.1 ::FFFF:8.8.8.8", "--with=class") == ["10.0.0.1\tprivate", "::FFFF:8.8.8.8\tmapped,global"]
    assert extract(run, "::0A-::0B", "--with=range", "--canonical") == ["::a-::b"]
    assert extract(run, "[fe80::1%eth0]:53 [2001:db8::1%eth0]:53", "--with=port") == ["[fe80::1]:53", "[2001:db8::1]:53"]
    assert extract(run, "192[.]0[.]2[.]1[:]443", "--with=port", "--defanged") == ["192[.]0[.]2[.]1:443"]
    assert extract(run, "10.0.0.0/255.0.0.0", "--with=port") == ["10.0.0.0", "255.0.0.0"]


def test_defang(run):
    text = "192.0.2.0/24 192.0.2.1-192.0.2.9 [2001:DB8::1]:443 192.0.2.7:80 fe80::1%eth0 10.0.0.0/255.0.0.0"
    assert extract(run, text, "--with=port,prefix,range,zone", "--defang") == [
        "192[.]0[.]2[.]0/24", "192[.]0[.]2[.]1-192[.]0[.]2[.]9", "[2001[:]db8[:][:]1]:443", "192[.]0[.]2[.]7:80",
        "fe80[:][:]1%eth0", "10[.]0[.]0[.]0/8"]


def test_label(run, file):
    networks = file("list", b"10.0.0.0/8,ten\n192.0.2.0/24\n")
    text = "10.0.0.1:80 192.0.2.1 8.8.8.8"
    assert extract(run, text, "--with=label,port", "-f", networks) == ["10.0.0.1:80\tten", "192.0.2.1\t192.0.2.0/24"]
    rows = map(json.loads, extract(run, text, "--with=label", "--json", "-f", networks))
    assert [(row["network"], row["label"]) for row in rows] == [("10.0.0.0/8", "ten"), ("192.0.2.0/24", "")]


def test_json(run):
    text = "[fe80::1%eth0]:53 10.0.0.0/8 10.0.0.1-10.0.0.2 8.8.8.8"
    keep = ("address", "zone", "prefix", "last", "port", "class")
    found = [{name: row[name] for name in keep if name in row}
             for row in map(json.loads, extract(run, text, "--json", "--with", ALL))]
    assert found == [{"address": "fe80::1", "zone": "eth0", "port": 53, "class": ["link-local"]},
                     {"address": "10.0.0.0", "prefix": 8, "class": ["private"]},
                     {"address": "10.0.0.1", "last": "10.0.0.2", "class": ["private"]},
                     {"address": "8.8.8.8", "class": ["global"]}]


@pytest.mark.parametrize("options, message", [
    (["--with=ports"], "invalid argument 'ports' for '--with': expected port, prefix, range, zone, class and label"),
    (["--with="], "invalid argument '' for '--with': expected port, prefix, range, zone, class and label"),
    (["--with=port", "--rejected"], "--with cannot be combined with --rejected"),
])
def test_invalid_options(run, options, message):
    assert run("extract", *options, stdin=b"") == (
        2, b"", f"simdinet: {message}\nTry 'simdinet extract --help'.\n")


@pytest.mark.parametrize("threads", ["1", "4"])
@pytest.mark.parametrize("parts", ["port,prefix,zone", "port,prefix,zone,range"])
def test_parts_across_buffers(run, file, threads, parts):
    """Parts are found wherever reads and ranges cut the text."""
    rng = random.Random(9)
    items = ["192.0.2.0/24", "192.0.2.1:443", "[2001:db8::1]:8080", "fe80::1%eth0", "2001:db8::/32", "10.9.8.7"]
    items += ["203.0.113.1-203.0.113.99"] * ("range" in parts)
    chosen = [rng.choice(items) for _ in range(300000)]
    text = "".join(item + rng.choice([" ", "\n", ", ", "\t" + "x" * rng.randrange(40) + " "]) for item in chosen)
    text = text.replace("192.0.2.0/24", "192.0.2.0/255.255.255.0")
    path = file("log", text.encode())
    out = run("extract", "-j", threads, f"--with={parts}", path)[1].decode().splitlines()
    assert out == chosen


@pytest.mark.parametrize("options", [[], ["--only=192.0.2.0/24"], ["--not=192.0.2.1"], ["-nb", "--json"]])
def test_netmask_after_the_end_of_a_range(run, file, options):
    """The text before a netmask is in another thread's range; it is cut at each of its bytes."""
    item = b"192.0.2.1/255.255.255.0"
    text = bytearray(b"\n" * ((len(item) + 4) << 20))
    for i in range(1, len(item) + 3):
        start = (i << 20) - i + 1
        text[start:start + len(item)] = item
    path = file("masks", bytes(text))
    with_prefix = ["extract", "--with=prefix", *options, path]
    one, four = run(*with_prefix, "-j1"), run(*with_prefix, "-j4")
    assert one == four
    if not options:
        assert one == (0, b"192.0.2.1/24\n" * (len(item) + 2), "")
    assert one[1].count(b"255.255.255.0") == (len(item) + 2 if "--not=192.0.2.1" in options else 0)


def test_prefixes_use_threads(simdinet, file):
    """While nobody reads the output, threads wait to write."""
    path = file("log", b"192.0.2.0/24\n" * 1000000)
    with subprocess.Popen([simdinet, "extract", "--with=prefix", "-j2", path], stdout=subprocess.PIPE) as process:
        tasks, deadline = f"/proc/{process.pid}/task", time.monotonic() + 900
        while len(os.listdir(tasks)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(os.listdir(tasks)) == 2
        assert process.stdout.read() == b"192.0.2.0/24\n" * 1000000


def test_a_line_is_printed_before_the_next_is_read(simdinet):
    process = subprocess.Popen([simdinet, "extract", "--with=prefix", "--line-buffered"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    process.stdin.write(b"a 192.0.2.0/24\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"192.0.2.0/24\n"
    process.stdin.close()
    assert process.wait() == 0
