# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The extension of DuckDB: its functions over every kind of vector, against the Python package and the command."""
import os
import pathlib
import random
import subprocess
import sys
import threading

import pytest
from conftest import awkward_lines, found_in, names_reverse_zone, simdinet, texts_of_rules

import simdinet as library

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
import pyarrow
import simdinet.duckdb as library_functions

EXTENSION = os.environ.get("SIMDINET_DUCKDB_EXTENSION")
if not EXTENSION:
    pytest.skip("duckdb_extension.h is not in the cache folder", allow_module_level=True)


def connect():
    connection = duckdb.connect(config={"allow_unsigned_extensions": True})
    connection.execute(f"load '{EXTENSION}'")
    return connection


@pytest.fixture(scope="module")
def sql():
    connection = connect()

    def run(query, *parameters):
        return connection.execute(query, parameters).fetchall()
    run.connection = connection
    return run


VALUES = ["192.0.2.1", "10.1.2.3", "2001:DB8::1", "::ffff:192.0.2.1", "192.0.2.256", "", "x", None, "127.0.0.1", "::",
          "255.255.255.255", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", "123456789012", "1234567890123"]


def texts_of(n, seed=4):
    """Texts around the length that DuckDB keeps in the string itself (12 bytes), long ones, nulls."""
    source = random.Random(seed)
    rules = texts_of_rules()
    result = [line.decode(errors="replace") for line in awkward_lines(n // 2, seed)]
    while len(result) < n:
        text = source.choice(rules)
        result.append(source.choice([None, "", text, text[:source.randint(0, 13)], "192.0.2.1 " * source.randint(1, 900),
                                     "1.2.3.4", "::1", "x" * 5000 + " 192.0.2.7"]))
    source.shuffle(result)
    return result


@pytest.fixture(scope="module")
def table(sql):
    texts = texts_of(6000)
    arrow = pyarrow.table({"i": list(range(len(texts))), "t": pyarrow.array(texts, pyarrow.string())})
    sql.connection.register("arrow_texts", arrow)
    sql("create table texts as from arrow_texts")
    return texts


def structs_of(text):
    """The matches of a text as the structs of ip_scan."""
    return None if text is None else [match._asdict() for match in found_in(text)]


def test_extract(sql, table):
    assert [row[0] for row in sql("select ip_scan(t) from texts order by i")] == [structs_of(text) for text in table]
    wanted = [None if text is None else [match.text for match in found_in(text)] for text in table]
    assert [row[0] for row in sql("select ip_extract(t) from texts order by i")] == wanted
    assert sum(len(found or []) for found in wanted) > 100000


def test_extract_is_what_the_registered_function_gives(sql, table):
    other = duckdb.connect()
    library_functions.register(other)
    for expression in ("ip_extract(t)", "ip_parse(t)", "ip_format(ip_parse(t))", "ip_in(t, '10.0.0.0/8, 2001:db8::/32')"):
        values = [text for text in table[:800]] + VALUES
        got = [[row[0] for row in connection.execute(
            f"select {expression} from (select unnest($1::varchar[]) as t)", [values]).fetchall()]
               for connection in (sql.connection, other)]
        assert got[0] == got[1], expression


def test_vectors(sql, table):
    """Constant vectors, dictionary vectors, selections, a filter."""
    assert sql("select ip_extract('192.0.2.1 x'), ip_extract(null), ip_parse('::1')") == [
        (["192.0.2.1"], None, bytes(15) + b"\1")]
    assert sql("select distinct ip_extract('192.0.2.1 and 2001:db8:1234::') from range(5000)") == [
        (["192.0.2.1", "2001:db8:1234::"],)]
    sql("create or replace table repeated as select ['192.0.2.1 abc', null, 'none', '2001:db8:1:2::7 ::1'][1 + i % 4] as t, "
        "i from range(20000) r(i)")
    assert sql("select sum(len(ip_extract(t))), count(ip_extract(t)) from repeated") == [(15000, 15000)]
    # A join gives dictionary vectors.
    assert sql("select sum(len(ip_extract(a.t))) from repeated a join (from range(0, 20000, 3) s(j)) on i = j") == [
        (sql("select sum(len(ip_extract(t))) from repeated where i % 3 = 0"))[0]]
    # A product gives a constant vector of the side with one row; the optimizer cannot fold a value of a table.
    sql("create or replace table one as select '192.0.2.1 and 2001:db8:1234:5678::9' as t, '10.0.0.0/8, 192.0.2.0/24' as n, "
        "'192.0.2.77' as a")
    assert sql("select sum(len(ip_extract(t))), count(distinct ip_scan(t)), count_if(ip_in(a, n)), count(distinct "
               "ip_parse(a)), count_if(ip_anonymize(t) = '192.0.2.0 and 2001:db8:1234::') from one, range(5000)") == [
                   (10000, 1, 5000, 1, 5000)]
    assert sql("select count_if(ip_in('10.0.' || (i % 256) || '.1', n)), count_if(ip_in(a, '192.0.' || (i % 4) || '.0/24')) "
               "from one, range(5000) r(i)") == [(5000, 1250)]
    some = [i for i, text in enumerate(table) if text and i % 7 == 3]
    rows = sql("select i, ip_scan(t) from texts where i % 7 = 3 and t <> '' order by i")
    assert rows == [(i, structs_of(table[i])) for i in some]
    assert sql("select ip_extract(t) from texts where false") == []


def test_parse_and_format(sql):
    rows = [row[0] for row in sql("select ip_parse(t) from (select unnest($1::varchar[]) as t)", VALUES)]

    def packed(text):
        try:
            return library.parse(text)
        except (library.AddressError, TypeError):
            return None
    assert rows == [packed(text) for text in VALUES]
    formatted = [row[0] for row in sql("select ip_format(ip_parse(t)) from (select unnest($1::varchar[]) as t)", VALUES)]
    assert formatted == [None if value is None else library.format([value])[0] for value in rows]
    with pytest.raises(duckdb.InvalidInputException, match="ip_format: an address has 4 or 16 bytes, not 3"):
        sql("select ip_format('abc'::blob)")


def test_in(sql):
    networks = ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]
    built = library.networks(networks)
    rows = [row[0] for row in sql("select ip_in(t, '10.0.0.0/8,192.0.2.1 , 2001:db8::/32') "
                                  "from (select unnest($1::varchar[]) as t)", VALUES)]
    assert rows == built.contains(VALUES).to_pylist()
    # A long list, constant and in a column; the same list at different places.
    many = [f"{a}.{b}.0.0/17" for a in range(11, 91) for b in range(0, 256, 2)]
    built = library.networks(many)
    texts = [f"{i % 120}.{i % 256}.{i % 251}.9" for i in range(5000)]
    sql("create or replace table t as select unnest($1::varchar[]) as t", texts)
    wanted = sum(built.contains(texts).to_pylist())
    assert 500 < wanted < 2000
    assert sql("select count_if(ip_in(t, $1)) from t", ",".join(many)) == [(wanted,)]
    assert sql("select count_if(ip_in(t, $1 || case when t like '%1.9' then ',192.0.2.0/24' else '' end)) from t",
               ",".join(many)) == [(wanted,)]
    # More lists than the cache has places for, in one column, and nulls.
    rows = sql("select i, ip_in('10.1.' || (i % 40) || '.1', case when i % 5 = 0 then null else '10.1.' || (i % 20) || "
               "'.0/24' end) from range(3000) r(i) order by i")
    assert rows == [(i, None if i % 5 == 0 else i % 40 == i % 20) for i in range(3000)]
    for networks, message in (("10.0.0.0/33", "invalid network '10.0.0.0/33': .* at byte 9"),
                              ("10.0.0.0/8,x", "invalid network 'x'"), ("", "invalid network ''")):
        with pytest.raises(duckdb.InvalidInputException, match=message):
            sql("select ip_in('10.0.0.1', $1)", networks)


def test_anonymize_is_the_command(sql, table):
    plain = [text.replace("\n", " ").replace("\r", " ") for text in table if text is not None]
    plain = [text for text in plain if not names_reverse_zone(text)]
    rows = sql("select ip_anonymize(t) from (select unnest($1::varchar[]) as t)", plain)
    wanted = simdinet("anonymize", input="".join(f"{text}\n" for text in plain).encode())
    assert "".join(f"{row[0]}\n" for row in rows).encode() == wanted
    assert sql("select ip_anonymize(null)") == [(None,)]


def test_table_function(sql, table):
    text = "\n".join(text for text in table if text)
    assert sql("from ip_extract($1)", text.encode()) == found_in(text)
    text = text.replace("\0", " ")
    assert sql("from ip_extract($1)", text) == found_in(text)
    assert sql("from ip_extract('192.0.2.1 \\xff ::1'::blob)") == [(0, 9, 4, b"\xc0\0\2\1", "192.0.2.1"),
                                                                  (12, 3, 6, bytes(15) + b"\1", "::1")]
    with pytest.raises(duckdb.BinderException, match="must be VARCHAR or BLOB"):
        sql("from ip_extract(1)")
    assert sql("select count(*) from ip_extract(null)") == [(0,)]
    assert sql("select text, family from ip_extract('192.0.2.1 ::1') where family = 6") == [("::1", 6)]
    versions = "Chrome/1.2.3.4 " * 1000
    assert sql("from ip_extract($1)", versions) == []


def test_files(sql, logs, tmp_path):
    """read_csv, read_text and the count of the command."""
    path = tmp_path / "x.log"
    path.write_bytes((logs / "log1.log").read_bytes() + rb'192.0.2.1 - - "\x16\x03\x01\x02" 400' + b"\n\x01 192.0.2.2\n")
    wanted = [(int(n), text) for n, text in
              (line.split("\t") for line in simdinet("count", "--format=tsv", "--mapped", path).decode()
               .splitlines()[1:])]
    rows = sql("select count(*) as n, ip_format(m.address) as a from (select unnest(ip_scan(content)) as m from "
               f"read_text('{path}')) group by a")
    assert sorted(rows) == sorted(wanted)
    rows = sql("select count(*), ip_format(m.address) as a from (select unnest(ip_scan(line)) as m from "
               f"read_csv('{path}', columns = {{'line': 'VARCHAR'}}, header = false, delim = E'\\x01\\x02\\x03\\x04', quote = '', "
               "escape = '', strict_mode = false, auto_detect = false)) group by a")
    assert sorted(rows) == sorted(wanted)
    sql("create or replace macro addresses_in(t) as table select unnest(ip_scan(t), recursive := true)")
    rows = sql(f"select count(*), ip_format(address) as a from read_text('{path}') f, addresses_in(f.content) group by a")
    assert sorted(rows) == sorted(wanted)


def test_threads(table):
    """One database, several connections; sets of networks come and go."""
    connection = connect()
    connection.execute("set threads = 4; create table t as select '10.' || (i % 256) || '.0.1' as a, i from range(100000) r(i)")
    errors = []

    def work(seed):
        try:
            cursor = connection.cursor()
            for i in range(20):
                n = (seed * 31 + i * 7) % 256
                assert cursor.execute(f"select count(*) from t where ip_in(a, '10.{n}.0.0/16')").fetchone()[0] in (390, 391)
        except Exception as error:
            errors.append(error)
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_metadata():
    data = pathlib.Path(EXTENSION).read_bytes()
    fields = [data[-512 + i:-480 + i].rstrip(b"\0") for i in range(0, 256, 32)]
    assert fields[3:] == [b"C_STRUCT", f"v{library.__version__}".encode(), b"v1.2.0", fields[6], b"4"]


# ---- the inet extension, with an older engine: the API is the same ------------------------------------------------

PROGRAM = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import duckdb
connection = duckdb.connect(config={"allow_unsigned_extensions": True})
print(duckdb.__version__)
connection.execute(f"load '{sys.argv[2]}'")
inet = next(pathlib.Path(sys.argv[1]).rglob("inet.duckdb_extension*"))
connection.execute(f"load '{inet}'")
print(*connection.execute(sys.argv[3]).fetchall(), sep="\\n")
"""


INET = pathlib.Path(os.environ.get("SIMDINET_ENGINES_CACHE", "/nonexistent")) / "inet"


@pytest.mark.skipif(not INET.exists(), reason="duckdb-extension-inet is not in the cache folder")
def test_with_the_inet_extension():
    query = ("select t, ip_format(ip_parse(t)) is not null, try_cast(t as inet) is not null, ip_in(t, '10.0.0.0/8'), "
             "try_cast(t as inet) <<= '10.0.0.0/8'::inet from (values ('10.1.2.3'), ('192.0.2.1'), ('2001:db8::1'), "
             "('x')) v(t)")
    done = subprocess.run([sys.executable, "-c", PROGRAM, INET, EXTENSION, query], capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": ""})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "1.5.5", "('10.1.2.3', True, True, True, True)", "('192.0.2.1', True, True, False, False)",
        "('2001:db8::1', True, True, False, False)", "('x', False, False, None, None)"]
