# SPDX-License-Identifier: Apache-2.0 OR MIT
"""engines.py LOG [spark|arrow|job|workers|duckdb|inet|clickhouse] ... - simdinet inside the engines against what they have,
in one process each, with one thread, in turns.

The result is the minimum of several rounds of CPU time, of the process and its children: wall time on a machine with
neighbours says little. ns/B is per byte of the column. SIMDINET_ROUNDS is how many rounds count, after one that does not.
SIMDINET_SETTINGS has NAME=VALUE of Spark, with blanks between them. bindings/test.sh describes the environment.

    spark    functions over a cached column; the Python UDF over a part of its lines, which is what its ns/B is of
    arrow    extract over a column that ArrowCachedBatchSerializer keeps
    job      the steps of "count" from a file, beside the command
    workers  the job on a standalone cluster of one worker and of two
"""
import ipaddress
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROUNDS = int(os.environ.get("SIMDINET_ROUNDS", "5"))
IPV4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
BOTH = IPV4 + r"|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}"
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_tree(root=None):
    """CPU seconds of a process, its descendants, and those of them that have been waited for."""
    parents, times = {}, {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        times[int(folder.name)] = sum(map(int, fields[11:15])) / TICK
    wanted = {root or os.getpid()}
    grown = True
    while grown:
        grown = {pid for pid, parent in parents.items() if parent in wanted} - wanted
        wanted |= grown
    return sum(times.get(pid, 0) for pid in wanted)


def measure(candidates, size, rows=None):
    """Runs functions in turns and prints the minimum of each. A candidate is a function, or a function and a part of the
    size that it works on."""
    best = {}
    for turn in range(ROUNDS + 1):
        for name, function in candidates.items():
            function = function[0] if isinstance(function, tuple) else function
            cpu, wall = cpu_of_tree(), time.perf_counter()
            result = function()
            took = cpu_of_tree() - cpu, time.perf_counter() - wall, result
            if turn > 0:  # the first one warms up
                best[name] = tuple(map(min, took, best.get(name, took)))
    first = None
    for name, (cpu, wall, result) in best.items():
        part = candidates[name][1] if isinstance(candidates[name], tuple) else 1
        cost = cpu / (size * part)
        first = first or cost
        speed = f"{rows * part / cpu / 1e6:6.2f} M rows/s " if rows else ""
        print(f"  {name:44} {cpu:7.2f} s CPU {wall:7.2f} s {speed}{1 / cost / 1e6:8.1f} MB/s per core "
              f"{cost * 1e9:7.2f} ns/B {cost / first:7.2f}x  {result}", flush=True)


def session_of(settings=()):
    from pyspark.sql import SparkSession
    settings = {"spark.driver.memory": "3g", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1",
                "spark.driver.host": "127.0.0.1", "spark.ui.showConsoleProgress": "false", **dict(settings)}
    settings |= dict(word.split("=", 1) for word in os.environ.get("SIMDINET_SETTINGS", "").split())
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def spark(log, settings=(), with_functions=True):
    from pyspark.sql import functions
    import simdinet.spark as ip
    session = session_of(settings)
    # A Python UDF fails for bytes that are not UTF-8.
    lines = session.read.text(log, lineSep="\n").where("is_valid_utf8(value)").cache()
    rows, size = lines.agg(functions.count("value"), functions.sum(functions.octet_length("value"))).first()
    part = 0.03
    some = lines.sample(part, 1).cache()
    part = some.agg(functions.sum(functions.octet_length("value"))).first()[0] / size
    print(f"Spark {session.version}, local[1]: {rows} lines, {size / 1e6:.0f} MB, in memory {dict(settings)}", flush=True)

    def total(column, frame=lines):
        return lambda: frame.select(functions.sum(functions.size(column))).first()[0]

    @functions.udf("array<string>")
    def by_ipaddress(line):
        found = []
        for word in re.split(r"[^0-9A-Za-z:.]+", line):
            try:
                found.append(str(ipaddress.ip_address(word)))
            except ValueError:
                pass
        return found

    def regexp(pattern):
        return functions.regexp_extract_all("value", functions.lit(pattern), 0)

    def rows_of(*fields):
        def run():
            frame = ip.extract(lines, "value", fields=fields)
            return frame.select(functions.sum(functions.octet_length(fields[-1]))).first()[0]
        return run

    candidates = {"ip_addresses": total(ip.ip_addresses("value")),
                  "ip_extract": total(ip.ip_extract("value")),
                  "extract, address": rows_of("address"),
                  "extract, all fields": rows_of("offset", "length", "family", "address", "text"),
                  "regexp_extract_all, IPv4 only": total(regexp(IPV4)),
                  "regexp_extract_all, both families": total(regexp(BOTH)),
                  "Python UDF with ipaddress": (total(by_ipaddress("value"), some), part)}
    if not with_functions:
        candidates = {name: one for name, one in candidates.items() if not name.startswith(("ip_", "Python"))}
    measure(candidates, size, rows)
    session.stop()


def arrow(log):
    # Every arrow_udf fails over this serializer in Spark 4.3.0; mapInArrow does not.
    spark(log, {"spark.sql.cache.serializer": "org.apache.spark.sql.execution.columnar.ArrowCachedBatchSerializer"}, False)


def job(log):
    from pyspark.sql import functions
    import simdinet.spark as ip
    session = session_of()
    file_size = os.path.getsize(log)

    def nothing(batches):
        for batch in batches:
            yield batch.slice(0, 0)

    def command():
        return subprocess.run([os.environ["SIMDINET_COMMAND"], "count", "-j1", log], capture_output=True,
                              check=True).stdout.count(b"\n")

    lines = session.read.text(log, lineSep="\n")
    print(f"Where the time of the job goes, from a file of {file_size / 1e6:.0f} MB", flush=True)
    measure({"simdinet count -j1, the command": command,
             "Spark reads the lines": lambda: lines.agg(functions.sum(functions.octet_length("value"))).first()[0],
             "and hands them to Python (Arrow)": lambda: lines.mapInArrow(nothing, "value string").count(),
             "and counts their addresses": lambda: ip.count(lines, "value").count()}, file_size)
    session.stop()


def workers(log):
    """Wall time of the job with one worker and with two; and the CPU seconds of the workers, which say how far the work
    is divided where other processes take the cores."""
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests"))
    import cluster as clusters
    import simdinet.spark as ip
    from pyspark.sql import SparkSession
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        cluster = clusters.Cluster(pathlib.Path(folder))
        try:
            cluster.workers = [cluster.add_worker() for _ in range(2)]
            cluster.wait_for_workers(2)
            for n in (1, 2):
                settings = {"spark.cores.max": str(n), "spark.executor.cores": "1", "spark.executor.memory": "512m",
                            "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false", "spark.driver.memory": "1g",
                            "spark.sql.shuffle.partitions": "2", "spark.sql.files.maxPartitionBytes": "8m"}
                session = SparkSession.builder.master(cluster.url).config(map=settings).getOrCreate()
                session.sparkContext.setLogLevel("ERROR")
                lines = session.read.text(log, lineSep="\n")
                for turn in range(ROUNDS + 1):
                    before, wall = [cpu_of_tree(worker.pid) for worker in cluster.workers], time.perf_counter()
                    ip.count(lines, "value").count()
                    wall = time.perf_counter() - wall
                    took = [cpu_of_tree(worker.pid) - cpu for worker, cpu in zip(cluster.workers, before)]
                    if turn > 0:
                        best[n] = tuple(map(min, (wall, max(took), sum(took)), best.get(n, (9e9,) * 3)))
                session.stop()
        finally:
            cluster.stop()
    print(f"The job on {os.path.getsize(log) / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
    for n, (wall, busiest, together) in best.items():
        print(f"  {n} workers {wall:7.2f} s, CPU {together:7.2f} s, of the busiest worker {busiest:7.2f} s")
    print(f"  from one to two: {best[1][0] / best[2][0]:.2f} by wall time, {best[1][1] / best[2][1]:.2f} by CPU")


def duckdb(log):
    import duckdb as engine
    import pyarrow
    import simdinet.duckdb as functions
    connection = engine.connect(config={"allow_unsigned_extensions": True, "threads": 1})
    connection.execute(f"load '{os.environ['SIMDINET_DUCKDB_EXTENSION']}'")
    registered = engine.connect(config={"threads": 1})
    functions.register(registered)
    with open(log, encoding="utf-8", errors="replace") as source:
        lines = pyarrow.table({"line": source.read().splitlines()})
    for one in (connection, registered):
        one.register("lines", lines)
        one.execute("create table log as from lines")
        one.execute("create table a as select case when i % 2 = 0 then (i % 223 + 1) || '.' || (i * 7 % 256) || '.' || "
                    "(i * 13 % 256) || '.' || (i * 31 % 256) else '2001:db8:' || to_hex(i % 65536) || '::' || "
                    "to_hex(i * 7919 % 65536) end as t from range(1000000) r(i)")
    rows, size = connection.execute("select count(*), sum(strlen(line)) from log").fetchone()
    print(f"DuckDB {engine.__version__}, one thread: {rows} lines, {size / 1e6:.0f} MB, in memory", flush=True)

    def total(expression, one=connection, table="log"):
        return lambda: one.execute(f"select sum({expression}) from {table}").fetchone()[0]

    measure({"ip_extract of the extension": total("len(ip_extract(line))"),
             "ip_scan of the extension": total("len(ip_scan(line))"),
             "ip_extract registered from Python": total("len(ip_extract(line))", registered),
             "regexp_extract_all, IPv4 only": total(f"len(regexp_extract_all(line, '{IPV4}'))"),
             "regexp_extract_all, both families": total(f"len(regexp_extract_all(line, '{BOTH}'))")}, size)
    size = connection.execute("select sum(strlen(t)) from a").fetchone()[0]
    print("One million addresses", flush=True)
    measure({"ip_parse of the extension": total("octet_length(ip_parse(t))", table="a"),
             "ip_parse registered from Python": total("octet_length(ip_parse(t))", registered, "a")}, size)


INET = """
import sys, pathlib, resource
sys.path.insert(0, sys.argv[1])
import duckdb
connection = duckdb.connect(config={"allow_unsigned_extensions": True, "threads": 1})
connection.execute(f"load '{sys.argv[2]}'")
connection.execute(f"load '{next(pathlib.Path(sys.argv[1]).rglob('inet.duckdb_extension'))}'")
connection.execute("create table a as select (i % 223 + 1) || '.' || (i * 7 % 256) || '.' || (i * 13 % 256) || '.' || "
                   "(i * 31 % 256) as t from range(1000000) r(i)")
best = {}
for _ in range(6):
    for name, sql in (("ip_parse", "select count(ip_parse(t)) from a"), ("t::inet", "select count(t::inet) from a"),
                      ("ip_in", "select count_if(ip_in(t, '10.0.0.0/8')) from a"),
                      ("t::inet <<=", "select count_if(t::inet <<= '10.0.0.0/8'::inet) from a")):
        before = resource.getrusage(resource.RUSAGE_SELF)
        connection.execute(sql).fetchone()
        after = resource.getrusage(resource.RUSAGE_SELF)
        best[name] = min(best.get(name, 9e9), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
print(f"DuckDB {duckdb.__version__} with inet, one million IPv4 addresses, ns each:",
      *(f"{name} {took * 1000:.0f}" for name, took in best.items()))
"""


def inet():
    folder = pathlib.Path(os.environ["SIMDINET_ENGINES_CACHE"]) / "inet"
    subprocess.run([sys.executable, "-c", INET, folder, os.environ["SIMDINET_DUCKDB_EXTENSION"]],
                   env=os.environ | {"PYTHONPATH": ""}, check=True)


def clickhouse(log):
    import chdb
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(pathlib.Path(__file__).parent.parent / "clickhouse" / "simdinet_function.xml", folder)
        shutil.copy(os.environ["SIMDINET_CLICKHOUSE_FILTER"], pathlib.Path(folder) / "simdinet-clickhouse")

        def query(sql):
            return str(chdb.query(sql, "TSV", udf_path=folder)).strip()

        size = os.path.getsize(log)
        print(f"ClickHouse {query('select version()')} (chdb), one thread: {size / 1e6:.0f} MB", flush=True)

        def total(expression):
            return lambda: query(f"select sum({expression}) from file('{log}', LineAsString, 'line String') "
                                 "settings max_threads = 1")

        def escaped(pattern):
            return pattern.replace("\\", "\\\\")

        measure({"simdinetExtract": total("length(simdinetExtract(line))"),
                 "extractAll, IPv4 only": total(f"length(extractAll(line, '{escaped(IPV4)}'))"),
                 "extractAll, both families": total(f"length(extractAll(line, '{escaped(BOTH)}'))"),
                 "simdinetAnonymize": total("length(simdinetAnonymize(line))"),
                 "replaceRegexpAll, IPv4 only": total(f"length(replaceRegexpAll(line, '{escaped(IPV4)}', 'x'))"),
                 "only reads the lines": total("length(line)")}, size)


def main():
    log, *engines = sys.argv[1:]
    for engine in engines or ["spark", "arrow", "job", "workers", "duckdb", "inet", "clickhouse"]:
        {"spark": spark, "arrow": arrow, "job": job, "workers": workers, "duckdb": duckdb,
         "clickhouse": clickhouse, "inet": lambda log: inet()}[engine](log)


if __name__ == "__main__":
    main()
