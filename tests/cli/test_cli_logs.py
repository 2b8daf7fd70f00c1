# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Real logs and real lists of networks, which are not part of the repository."""
import collections
import gzip
import ipaddress

import pytest


@pytest.fixture
def data(shared):
    def find(name):
        path = shared / "data" / name
        if not path.exists():
            pytest.skip(f"{path} is missing")
        return path
    return find


def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


def test_apache_access_log(run, data):
    """The client of each line, one address in a referrer, and none of the browser versions."""
    path = data("apache_access.log")
    rows = path.read_bytes().splitlines()
    want = []
    for number, row in enumerate(rows, 1):
        want.append(b"%d:%s" % (number, row.split()[0]))
        if number == 7915: # http://www.baidu.com/s?ie=utf-8&bs=60.191.124.236&f=3
            want.append(b"7915:60.191.124.236")
    assert len(rows) == 10000
    assert run("extract", "-n", path)[1].split() == want
    assert len(run("extract", "--versions", path)[1].split()) > len(want) + 100


def test_zeek_dns_log(run, data, decoders):
    """The addr columns, the answers, and those queries that are or contain an address."""
    path = data("zeek_dns.log.gz")
    want, names = collections.Counter(), None
    for row in gzip.open(path, "rt", encoding="latin-1"):
        cells = row.rstrip("\n").split("\t")
        if cells[0] == "#fields":
            names = cells[1:]
        if row.startswith("#"):
            continue
        cells = dict(zip(names, cells))
        found = [cells["id.orig_h"], cells["id.resp_h"], *cells["answers"].split(","),
                 cells["query"].removeprefix("http://")]
        want.update(text for text in found if is_address(text))
    assert sum(want.values()) > 145531
    assert collections.Counter(run("extract", path)[1].decode().split()) == want


def test_network_lists(run, data, log):
    """Two real lists against the addresses of a log, by a linear search."""
    lists = [data("networks_ipv4.txt"), data("networks_ipv6.txt")]
    path, truth = log(size="2M")
    prefixes = {4: collections.defaultdict(set), 6: collections.defaultdict(set)}
    for row in "".join(list.read_text() for list in lists).split():
        net = ipaddress.ip_network(row)
        prefixes[net.version][net.prefixlen].add(int(net.network_address))
    want = []
    for row in truth.decode().splitlines():
        text = row.split(":", 1)[1]
        address = ipaddress.ip_address(text)
        address = getattr(address, "ipv4_mapped", None) or address
        bits = address.max_prefixlen
        if any(int(address) >> (bits - length) << (bits - length) in starts
               for length, starts in prefixes[address.version].items()):
            want.append(text)
    assert len(want) > 100
    for threads in ("1", "3"):
        out = run("grep", "-o", "-j", threads, "-f", lists[0], "-f", lists[1], path)[1]
        assert out.decode().split() == want


def test_ipsum(run, data):
    path = data("ipsum.txt")
    rows = [row.split()[0] for row in path.read_text().splitlines() if not row.startswith("#")]
    assert run("extract", path)[1].decode().split() == rows
    assert len(run("count", path)[1].splitlines()) == len(set(rows))
