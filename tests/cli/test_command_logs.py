#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command on real logs and real lists of networks, which are no part of the project.

usage: test_command_logs.py COMMAND LOGGEN FOLDER
"""
import collections
import gzip
import ipaddress
import pathlib
import sys

from command import InAFolder, main, run

DATA = pathlib.Path(sys.argv[3], "data")


def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


class RealLogs(InAFolder):
    def data(self, name):
        path = DATA / name
        if not path.exists():
            self.skipTest(f"{path} is not here")
        return path

    def test_apache_access_log(self):
        """The client of each line, one address in a referrer, and none of the browser versions."""
        path = self.data("apache_access.log")
        rows = path.read_bytes().splitlines()
        want = []
        for number, row in enumerate(rows, 1):
            want.append(b"%d:%s" % (number, row.split()[0]))
            if number == 7915:  # http://www.baidu.com/s?ie=utf-8&bs=60.191.124.236&f=3
                want.append(b"7915:60.191.124.236")
        self.assertEqual(len(rows), 10000)
        self.assertEqual(run("extract", "-n", path)[1].split(), want)
        self.assertGreater(len(run("extract", "--versions", path)[1].split()), len(want) + 100)

    def test_zeek_dns_log(self):
        """The addr columns, the answers, and those queries that are or hold an address."""
        path = self.data("zeek_dns.log.gz")
        self.reads(("zlib", gzip.compress(b"")))
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
        got = collections.Counter(run("extract", path)[1].decode().split())
        self.assertGreater(sum(want.values()), 145531)
        self.assertEqual(got, want)

    def test_lists_of_networks(self):
        """Two real lists against the addresses of a log, by a slow and obvious search."""
        lists = [self.data("networks_ipv4.txt"), self.data("networks_ipv6.txt")]
        log, truth = self.log(size="2M")
        prefixes = {4: collections.defaultdict(set), 6: collections.defaultdict(set)}
        for path in lists:
            for row in path.read_text().split():
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
        self.assertGreater(len(want), 100)
        for threads in ("1", "3"):
            out = run("grep", "-o", "-j", threads, "-f", lists[0], "-f", lists[1], log)[1]
            self.assertEqual(out.decode().split(), want)

    def test_ipsum(self):
        path = self.data("ipsum.txt")
        rows = [row.split()[0] for row in path.read_text().splitlines() if not row.startswith("#")]
        self.assertEqual(run("extract", path)[1].decode().split(), rows)
        self.assertEqual(len(run("count", path)[1].splitlines()), len(set(rows)))


if __name__ == "__main__":
    main()
