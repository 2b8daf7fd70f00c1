# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Python's own functions on the texts of the same corpora, timed from Python: fewer of them, in a
process of their own."""

import ipaddress
import platform
import socket
import subprocess
import time

from .programs import Failure, say
from .results import Measurement

COUNT = 4096


def candidates(family):
    """(operation, candidate, function, from texts or from bytes) of a family."""
    af = socket.AF_INET if family == 4 else socket.AF_INET6
    address = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    # socket's functions are libc's behind a call from Python, so they judge the others.
    yield f'parse_ipv{family}', 'Python socket', lambda text: socket.inet_pton(af, text), True
    yield f'parse_ipv{family}', 'Python ipaddress', lambda text: address(text).packed, True
    yield f'format_ipv{family}', 'Python socket', lambda data: socket.inet_ntop(af, data), False
    yield f'format_ipv{family}', 'Python ipaddress', lambda data: str(address(data)), False


def time_one(function, values):
    begin = time.perf_counter_ns()
    for value in values:
        function(value)
    return (time.perf_counter_ns() - begin) / len(values)


def run(results, programs, families, quick):
    begin = time.monotonic()
    wanted = [prefix for prefix in ('parse', 'format') if prefix in families]
    jobs = []
    for family in (4, 6):
        for corpus in ('random', 'realistic'):
            done = subprocess.run([programs / 'bench_corpus', str(family), corpus, str(COUNT)],
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Failure(f'bench_corpus: {done.stderr.strip()}')
            texts = done.stdout.split()
            af = socket.AF_INET if family == 4 else socket.AF_INET6
            data = [socket.inet_pton(af, text) for text in texts]
            back = [socket.inet_ntop(af, value) for value in data]
            for operation, name, function, parses in candidates(family):
                if operation.split('_')[0] in wanted:
                    values, expected = (texts, data) if parses else (data, back)
                    right = [function(value) for value in values] == expected
                    jobs.append((Measurement(operation, corpus, name, 1, [], right=right),
                                 function, values))
    for _ in range(3 if quick else 30):
        for measurement, function, values in jobs:
            measurement.rounds.append(round(time_one(function, values), 2))
    for measurement, _, _ in jobs:
        results.add(measurement)
    results.context['baseline Python'] = platform.python_version()
    say(f'Python: {len(jobs)} candidates', begin)
