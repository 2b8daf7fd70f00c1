# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet count."""
import json
import re

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
    (["--by=8", "-4"], NETWORKS, b"      3 10.0.0.0/8\n"),
    (["--by", ",/48", "-6"], NETWORKS, lines((2, b"2001:db8::/48"), (1, b"10.0.0.3"))),
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
    status, out, _ = run("count", "-n", "1", stdin=text.encode(), timeout=60)
    assert (status, len(out.splitlines())) == (0, 1)


def test_stats(run):
    _, _, err = run("count", "--stats", stdin=b"10.0.0.1\n10.0.0.1 ::1")
    assert re.search(r"^2 lines, 21 bytes, 3 addresses, 2 distinct; ", err)
