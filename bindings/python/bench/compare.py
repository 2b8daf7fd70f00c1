# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Times simdinet against other packages: compare.py [--values N] [--rounds N] [--library libsimdinet.so] [GROUP...]

All jobs of a group run in turns in one process, each as often as --rounds says; the minimum counts. Slow jobs get a part
of the values. Results are compared before the timing. Prints nanoseconds a value and the ratio to simdinet. Groups:
scalar, ipv4, ipv6, format, lookup, scan, sql. Peers that are not installed are left out, by name."""
import argparse
import ctypes
import importlib
import ipaddress
import random
import socket
import time

import numpy
import pyarrow

import simdinet

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("groups", nargs="*")
parser.add_argument("--values", type=int, default=1_000_000)
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--library")
given = parser.parse_args()
n = given.values
r = random.Random(1)
packed4 = [r.getrandbits(32).to_bytes(4, "big") for _ in range(n)]
packed6 = [r.getrandbits(128).to_bytes(16, "big") for _ in range(n)]
texts4 = [socket.inet_ntop(socket.AF_INET, value) for value in packed4]
texts6 = [socket.inet_ntop(socket.AF_INET6, value) for value in packed6]


def peer(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"left out: {name} is not installed")
        return None


def compare(title, base, jobs):
    """jobs is {name: (function, number of values)}; base names the one that ratios are of."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(given.rounds):
        for name, (function, values) in jobs.items():
            begin = time.perf_counter()
            function()
            best[name] = min(best[name], (time.perf_counter() - begin) / values * 1e9)
    print(f"\n{title}")
    for name, time_of in best.items():
        print(f"  {name:44} {time_of:10.1f} ns  {time_of / best[base]:8.2f}")


def each(function, values, part=50):
    """A loop over a part of the values, and their number."""
    some = values[:max(len(values) // part, 1)]

    def loop():
        for value in some:
            function(value)
    return loop, len(some)


def comprehension(function, values, part=10):
    some = values[:max(len(values) // part, 1)]
    return (lambda: [function(value) for value in some]), len(some)


def library_job(name, column):
    """The C function on the same buffers, with memory that is reused."""
    library = ctypes.CDLL(given.library)
    function = getattr(library, name)
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_void_p] * 3]
    function.restype = ctypes.c_size_t
    out, valid = numpy.zeros(16 * len(column), "u1"), numpy.zeros(len(column) // 8 + 1, "u1")
    _, offsets, data = column.buffers()
    return lambda: function(data.address, offsets.address, len(column), None, out.ctypes.data, valid.ctypes.data)


def scalar():
    netaddr = peer("netaddr")
    for family, texts, packed in ((4, texts4, packed4), (6, texts6, packed6)):
        af = socket.AF_INET if family == 4 else socket.AF_INET6
        jobs = {"an empty loop": each(id, texts), "simdinet.parse": each(simdinet.parse, texts),
                "simdinet.parse_int": each(simdinet.parse_int, texts), "simdinet.canonical": each(simdinet.canonical, texts),
                "simdinet.format": each(simdinet.format, packed),
                "simdinet.socket.inet_pton": each(lambda text: simdinet.socket.inet_pton(af, text), texts),
                "socket.inet_pton": each(lambda text: socket.inet_pton(af, text), texts),
                "ipaddress.ip_address": each(ipaddress.ip_address, texts)}
        if netaddr:
            jobs["netaddr.IPAddress"] = each(netaddr.IPAddress, texts, 500)
        compare(f"one IPv{family} address", "simdinet.parse", jobs)


def parse_group(family, texts, packed):
    af = socket.AF_INET if family == 4 else socket.AF_INET6
    function = simdinet.parse_ipv4 if family == 4 else simdinet.parse_ipv6
    column = pyarrow.array(texts)
    unicode = numpy.array(texts)
    forms = {"Arrow string": column, "Arrow large_string": column.cast(pyarrow.large_string()),
             "Arrow string_view": column.cast(pyarrow.string_view()), "NumPy U": unicode, "NumPy S": unicode.astype("S"),
             "list of str": texts}
    polars = peer("polars")
    if polars:
        forms["Polars"] = polars.Series(texts)
    jobs = {}
    for name, form in forms.items():
        assert function(form).to_pylist() == packed
        jobs[name] = (lambda form=form: function(form), n)
    if given.library:
        jobs["C, memory reused"] = (library_job(f"simdinet_parse_ipv{family}_column", column), n)
    jobs["is_ip, Arrow string"] = (lambda: simdinet.is_ip(column), n)
    jobs["[socket.inet_pton(...)]"] = comprehension(lambda text: socket.inet_pton(af, text), texts)
    jobs["[ipaddress.ip_address(...)]"] = comprehension(ipaddress.ip_address, texts, 50)
    iptools = peer("polars_iptools")
    if polars and iptools and family == 4:
        frame = polars.DataFrame({"a": texts})
        jobs["polars_iptools ipv4_to_numeric"] = (
            lambda: frame.select(iptools.ipv4_to_numeric(polars.col("a"))), n)
        jobs["polars_iptools is_valid"] = (lambda: frame.select(iptools.is_valid(polars.col("a"))), n)
    compare(f"a column of IPv{family} addresses", "Arrow string", jobs)


def format_group():
    for family, packed, function in ((4, packed4, simdinet.parse_ipv4), (6, packed6, simdinet.parse_ipv6)):
        column = function(texts4 if family == 4 else texts6)
        jobs = {"simdinet.format": (lambda: simdinet.format(column), n),
                "[socket.inet_ntop(...)]": comprehension(
                    lambda value: socket.inet_ntop(2 if family == 4 else 10, value), packed),
                "[str(ipaddress.ip_address(...))]": comprehension(
                    lambda value: str(ipaddress.ip_address(value)), packed, 50)}
        compare(f"text of a column of IPv{family} addresses", "simdinet.format", jobs)


def lookup():
    nets = [ipaddress.ip_network((r.getrandbits(32), length), strict=False) for length in r.choices(range(8, 25), k=200)]
    nets = list(dict.fromkeys(nets))
    made = simdinet.networks(map(str, nets))
    column = simdinet.parse_ipv4(texts4)
    some = [ipaddress.ip_address(text) for text in texts4[:max(n // 500, 1)]]
    want = [any(address in net for net in nets) for address in some]
    assert made.contains(column).to_pylist()[:len(some)] == want
    jobs = {"Networks.contains, addresses": (lambda: made.contains(column), n),
            "Networks.lookup, addresses": (lambda: made.lookup(column), n),
            "Networks.contains, list of str": (lambda: made.contains(texts4), n),
            "any(address in net for net in ...)": (
                lambda: [any(address in net for net in nets) for address in some], len(some))}
    compare(f"addresses in {len(nets)} networks", "Networks.contains, addresses", jobs)


def scan():
    lines = [f'{text} - - [22/Nov/2026:09:14:51 +0000] "GET /{i} HTTP/1.1" 200 512 "-" "Chrome/120.0.0.0"'
             for i, text in enumerate(texts4[:n // 5])]
    column = pyarrow.array(lines)
    found = simdinet.scan_lines(column)
    assert [len(matches) for matches in found.to_pylist()] == [1] * len(lines)
    text = "\n".join(lines).encode()
    jobs = {"simdinet.scan_lines": (lambda: simdinet.scan_lines(column), len(lines)),
            "simdinet.scan of the whole text": (lambda: simdinet.scan(text), len(lines))}
    pandas = peer("pandas")
    if pandas:
        series = pandas.Series(lines[:len(lines) // 10])
        pattern = r"((?:\d{1,3}\.){3}\d{1,3})"
        jobs["pandas .str.extract"] = (lambda: series.str.extract(pattern), len(series))
    ipextract = peer("ipextract")
    extract = next((getattr(ipextract, name) for name in ("extract_ips", "extract", "find_ips", "extract_all")
                    if hasattr(ipextract, name)), None) if ipextract else None
    if extract:
        try:
            part = text[:len(text) // 10]
            extract(part)
        except TypeError:
            part = part.decode()
        jobs["ipextract"] = (lambda: extract(part), len(lines) // 10)
    compare("lines of a log with one address each", "simdinet.scan_lines", jobs)


def sql():
    duckdb = peer("duckdb")
    if not duckdb:
        return
    import simdinet.duckdb
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    sites = simdinet.networks({f"{i}.0.0.0/8": f"site {i}" for i in range(1, 200)})
    simdinet.duckdb.register(connection, {"sites": sites})
    connection.create_function("same", lambda texts: texts, ["VARCHAR"], "VARCHAR", type="arrow", null_handling="special")
    table, lines = pyarrow.table({"ip": texts4}), n // 5  # noqa: F841
    connection.execute("create table log as select ip from \"table\"")
    connection.execute("create table lines as select ip || ' - - [22/Nov/2026:09:14:51 +0000] \"GET /' || ip || ' HTTP/1.1\" "
                       f"200 512 \"-\" \"Chrome/120.0.0.0\"' as line from log limit {lines}")
    pattern = r"'(?:\d{1,3}\.){3}\d{1,3}'"
    jobs = {"a function that returns its argument": ("count(same(ip)) from log", n),
            "ip_is_valid": ("count(ip_is_valid(ip)) from log", n), "ip_parse": ("count(ip_parse(ip)) from log", n),
            "ip_truncate": ("count(ip_truncate(ip, 24, 48)) from log", n), "ip_class": ("count(ip_class(ip)) from log", n),
            "ip_in": ("count(ip_in(ip, '10.0.0.0/8')) from log", n), "ip_lookup": ("count(ip_lookup(ip, 'sites')) from log", n),
            "regexp_full_match": (f"count(regexp_full_match(ip, {pattern})) from log", n),
            "ip_extract of lines": ("sum(len(ip_extract(line))) from lines", lines),
            "regexp_extract_all of lines": (
                f"sum(len(regexp_extract_all(line, {pattern}))) from lines", lines),
            "the same function of lines": ("count(same(line)) from lines", lines)}
    try:
        connection.execute("install inet; load inet")
        jobs["extension inet, ip::inet"] = ("count(ip::inet) from log", n)
    except duckdb.Error:
        print("left out: DuckDB's extension inet cannot be downloaded")
    compare("DuckDB, one thread, a row", "ip_parse", {
        name: (lambda query=query: connection.execute("select " + query).fetchall(), values)
        for name, (query, values) in jobs.items()})


GROUPS = {"scalar": scalar, "ipv4": lambda: parse_group(4, texts4, packed4), "ipv6": lambda: parse_group(6, texts6, packed6),
          "format": format_group, "lookup": lookup, "scan": scan, "sql": sql}
for group in given.groups or GROUPS:
    if group not in GROUPS:
        parser.error(f"unknown group '{group}'; groups: {', '.join(GROUPS)}")
    GROUPS[group]()
