# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Times Python's socket and ipaddress modules on the corpora: python_peers.py BENCH_CORPUS --out=FILE
[--quick] FAMILY ... with FAMILY parse or format. Writes results in Google Benchmark's format."""
import argparse
import ipaddress
import json
import pathlib
import platform
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'tools/bench'))
from report import entry  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument('corpus_program')
parser.add_argument('--out')
parser.add_argument('--quick', action='store_true')
parser.add_argument('families', nargs='+')
given = parser.parse_args()

# (name, right, function, values); socket's functions call libc's, which the others are compared with.
jobs = []
for family, af, address in ((4, socket.AF_INET, ipaddress.IPv4Address),
                            (6, socket.AF_INET6, ipaddress.IPv6Address)):
    for corpus in ('random', 'realistic'):
        texts = subprocess.run([given.corpus_program, str(family), corpus, '4096'], check=True, text=True,
                               capture_output=True).stdout.split()
        data = [socket.inet_pton(af, text) for text in texts]
        back = [socket.inet_ntop(af, value) for value in data]
        for operation, candidate, function, values, expected in (
                ('parse', 'Python socket', lambda text, af=af: socket.inet_pton(af, text), texts, data),
                ('parse', 'Python ipaddress', lambda text, a=address: a(text).packed, texts, data),
                ('format', 'Python socket', lambda value, af=af: socket.inet_ntop(af, value), data, back),
                ('format', 'Python ipaddress', lambda value, a=address: str(a(value)), data, back)):
            if operation in given.families:
                jobs.append((f'{operation}_ipv{family}/{corpus}/{candidate}',
                             [function(value) for value in values] == expected, function, values))
entries = []
for _ in range(3 if given.quick else 30):
    for name, right, function, values in jobs:
        begin = time.perf_counter_ns()
        for value in values:
            function(value)
        entries.append(entry(name, (time.perf_counter_ns() - begin) / len(values), right=right))
with open(given.out, 'w', encoding='utf-8') as file:
    json.dump({'context': {'baseline Python': platform.python_version()}, 'benchmarks': entries}, file)
