# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A program without simdinet, timed with and without the interposer: preload_loop.py REPETITIONS

Prints a line for each operation: its name, the nanoseconds of a call in the fastest repetition, and a
checksum of all results, which must be the same in both.
"""
import random
import socket
import sys
import time
import zlib

r = random.Random(1)
v4 = [socket.inet_ntop(socket.AF_INET, r.randbytes(4)) for _ in range(4096)]
v6 = [socket.inet_ntop(socket.AF_INET6, r.randbytes(16)) for _ in range(4096)]
b4, b6 = [socket.inet_aton(a) for a in v4], [socket.inet_pton(socket.AF_INET6, a) for a in v6]
names = ["http", "https", "domain", "ssh", "smtp", "pop3", "imap2", "ldap"] * 512
ports = [80, 443, 53, 22, 25, 110, 143, 389] * 512
mixed = [pair for pairs in zip(v4, v6) for pair in pairs][:4096]
operations = [
    ("socket.inet_pton IPv4", socket.inet_pton, [(socket.AF_INET, a) for a in v4]),
    ("socket.inet_pton IPv6", socket.inet_pton, [(socket.AF_INET6, a) for a in v6]),
    ("socket.inet_ntop IPv4", socket.inet_ntop, [(socket.AF_INET, b) for b in b4]),
    ("socket.inet_ntop IPv6", socket.inet_ntop, [(socket.AF_INET6, b) for b in b6]),
    ("socket.getaddrinfo numeric", socket.getaddrinfo,
     [(a, 443, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST) for a in mixed]),
    ("socket.getaddrinfo with a service", socket.getaddrinfo,
     [(a, s, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST) for a, s in zip(mixed, names)]),
    ("socket.getnameinfo with a service", socket.getnameinfo,
     [((a, p), socket.NI_NUMERICHOST) for a, p in zip(v4, ports)]),
    ("socket.getservbyname", socket.getservbyname, [(n, "tcp") for n in names]),
    ("socket.getservbyport", socket.getservbyport, [(p, "tcp") for p in ports]),
]
for name, function, arguments in operations:
    fastest = None
    for _ in range(int(sys.argv[1])):
        begin = time.perf_counter_ns()
        for argument in arguments:
            function(*argument)
        each = (time.perf_counter_ns() - begin) / len(arguments)
        fastest = min(fastest or each, each)
    results = "".join(repr(function(*argument)) for argument in arguments)
    print(name, f"{fastest:.2f}", zlib.crc32(results.encode()), sep="\t")
