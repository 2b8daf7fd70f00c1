# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The accessor of pandas, the namespace of Polars, the SQL functions of DuckDB."""
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import simdinet
import simdinet.duckdb
import simdinet.pandas
import simdinet.polars

TEXTS = ["192.0.2.77", "2001:DB8::1", "x", None, "10.0.0.1", "::ffff:127.0.0.1", "see 1.2.3.4"]
FUNCTIONS = {
    "parse_ipv4": simdinet.parse_ipv4, "parse_ipv6": simdinet.parse_ipv6, "parse": simdinet.parse_packed,
    "canonical": lambda texts: simdinet.format(simdinet.parse_mixed(texts)), "is_valid": simdinet.is_ip,
    "is_ipv4": simdinet.is_ipv4, "is_ipv6": simdinet.is_ipv6, "explain": simdinet.explain_column,
    "classify": simdinet.classify, "extract": simdinet.scan_lines,
    "truncate": lambda texts: simdinet.format(simdinet.truncate(texts)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_pandas(name):
    for texts in (TEXTS, TEXTS[:0]):
        index = list(range(10, 10 + len(texts)))
        for dtype in ("str", object, pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.large_string())):
            series = pd.Series(texts, index=index, name="client", dtype=dtype)
            result = getattr(series.ip, name)()
            assert result.index.tolist() == index and result.name == "client"
            assert [None if value is pd.NA else value for value in result.tolist()] == FUNCTIONS[name](texts).to_pylist()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_polars(name):
    for texts in (TEXTS, TEXTS[:0]):
        frame = pl.DataFrame({"client": texts}, schema={"client": pl.String})
        want = FUNCTIONS[name](texts).to_pylist()
        expression = getattr(pl.col("client").ip, name)()
        assert frame.select(expression).to_series().to_list() == want
        lazy = frame.lazy().select(expression)
        assert lazy.collect_schema() == lazy.collect().schema
        assert lazy.collect(engine="streaming").to_series().to_list() == want


def test_arguments():
    want = ["192.0.0.0", "2001::", None, None, "10.0.0.0", "::", None]
    assert pl.Series(TEXTS).to_frame("a").select(pl.col("a").ip.truncate(ipv4=16, ipv6=16)).to_series().to_list() == want
    assert pa.array(pd.Series(TEXTS).ip.truncate(ipv4=16, ipv6=16)).to_pylist() == want
    for series in (pd.Series(TEXTS).ip.parse_ipv6(), ):
        assert [value for value in series.ip.format().tolist() if value is not pd.NA] == ["2001:db8::1", "::ffff:127.0.0.1"]
    frame = pl.DataFrame({"a": TEXTS}).select(pl.col("a").ip.parse_ipv4().ip.format())
    assert frame.to_series().to_list() == ["192.0.2.77", None, None, None, "10.0.0.1", None, None]
    assert pd.Series(TEXTS).ip.extract(flags=simdinet.Scan.IPV6).tolist()[0] == []


def test_chains():
    """What parse keeps is what the other methods take: families are not lost."""
    nets = ["10.0.0.0/8", "2001:db8::/32"]
    canonical = FUNCTIONS["canonical"](TEXTS).to_pylist()
    packed = pd.Series(TEXTS).ip.parse()
    frame = pl.DataFrame({"a": TEXTS}).select(pl.col("a").ip.parse())
    for name, want, arguments in (("format", canonical, ()), ("is_in", simdinet.networks(nets).contains(TEXTS).to_pylist(), (nets,)),
                                  ("lookup", simdinet.networks(nets).lookup(TEXTS).to_pylist(), (nets,)),
                                  ("truncate", FUNCTIONS["truncate"](TEXTS).to_pylist(), ()),
                                  ("classify", simdinet.classify(TEXTS).to_pylist(), ())):
        assert pa.array(getattr(packed.ip, name)(*arguments)).to_pylist() == want
        assert frame.select(getattr(pl.col("a").ip, name)(*arguments)).to_series().to_list() == want
    for series in (pd.Series(TEXTS[:0]), pd.Series(["x"])):
        assert series.ip.lookup({"10.0.0.0/8": "lab"}).dtype == pd.ArrowDtype(pa.string())
    with pytest.raises(TypeError, match="not int"):
        pd.Series(TEXTS).ip.is_in(1)


NETWORKS = simdinet.networks({"10.0.0.0/8": "lab", "2001:db8::/32": "docs"})


def test_lookups():
    want = [None, "docs", None, None, "lab", None, None]
    frame = pl.DataFrame({"a": TEXTS})
    assert frame.select(pl.col("a").ip.lookup(NETWORKS)).to_series().to_list() == want
    assert pa.array(pd.Series(TEXTS).ip.lookup(NETWORKS)).to_pylist() == want
    plain = simdinet.networks(NETWORKS)
    want = [None, 1, None, None, 0, None, None]
    assert frame.select(pl.col("a").ip.lookup(plain)).to_series().to_list() == want
    assert pa.array(pd.Series(TEXTS).ip.lookup(plain)).to_pylist() == want
    want = [False, True, None, None, True, False, None]
    assert frame.select(pl.col("a").ip.is_in(NETWORKS)).to_series().to_list() == want
    assert pa.array(pd.Series(TEXTS).ip.is_in(NETWORKS)).to_pylist() == want


@pytest.fixture
def connection():
    connection = duckdb.connect()
    simdinet.duckdb.register(connection, {"sites": NETWORKS, "plain": simdinet.networks(NETWORKS)})
    connection.execute("create table log (i integer, client varchar)")
    connection.executemany("insert into log values (?, ?)", list(enumerate(TEXTS)))
    yield connection
    connection.close()


def query(connection, expression):
    return [row[0] for row in connection.execute(f"select {expression} from log order by i").fetchall()]


def packed(text):
    try:
        return None if text is None else simdinet.parse(text)
    except simdinet.AddressError:
        return None


def test_sql(connection):
    assert query(connection, "ip_parse(client)") == [packed(text) for text in TEXTS]
    canonical = FUNCTIONS["canonical"](TEXTS).to_pylist()
    assert query(connection, "ip_format(ip_parse(client))") == canonical
    assert query(connection, "ip_is_valid(client)") == simdinet.is_ip(TEXTS).to_pylist()
    assert query(connection, "ip_truncate(client, 24, 48)") == FUNCTIONS["truncate"](TEXTS).to_pylist()
    assert query(connection, "ip_truncate(client, 8 * (i % 4), NULL)") == [None] * len(TEXTS)
    assert query(connection, "ip_truncate(client, 8 * (i % 5), 0)")[4] == "10.0.0.1"
    assert query(connection, "ip_class(client)") == [
        "documentation", "documentation", None, None, "private", "loopback,mapped", None]
    assert query(connection, "ip_in(client, '10.0.0.0/8, 192.0.2.0/24')") == [True, False, None, None, True, False, None]
    assert query(connection, "ip_in(client, NULL)") == [None] * 7
    assert query(connection, "ip_lookup(client, 'sites')") == [None, "docs", None, None, "lab", None, None]
    assert query(connection, "ip_lookup(client, 'plain')")[4] == "10.0.0.0/8"
    assert query(connection, "ip_lookup(client, NULL)") == [None] * 7
    assert query(connection, "ip_extract(client)") == [
        ["192.0.2.77"], ["2001:DB8::1"], [], None, ["10.0.0.1"], ["::ffff:127.0.0.1"], ["1.2.3.4"]]


def test_sql_of_different_arguments(connection):
    """Lists, names and prefix lengths that are columns."""
    connection.execute("create table args (i integer, ip varchar, nets varchar, name varchar, ipv4 integer)")
    nets, names = ["10.0.0.0/8", "192.0.2.0/24, ::/0", None, "10.0.0.0/8, 10.1.0.0/16"], ["sites", "plain", None]
    rows = [(i, TEXTS[i % 7], nets[i % 4], names[i % 3], i % 33 or None) for i in range(5000)]
    frame = pl.DataFrame(rows, schema=["i", "ip", "nets", "name", "ipv4"], orient="row")  # noqa: F841
    connection.execute("insert into args select * from frame")
    got = connection.execute("select ip_in(ip, nets), ip_lookup(ip, name), ip_truncate(ip, ipv4, 48), ip_truncate(ip, 8, ipv4) "
                             "from args order by i").fetchall()
    tables = {"sites": NETWORKS, "plain": simdinet.networks(NETWORKS)}
    memo = {}
    for (_, ip, net, name, length), row in zip(rows, got, strict=True):
        key = ip, net, name, length
        if key not in memo:
            one = [ip]
            memo[key] = (
                None if net is None else simdinet.networks(net.split(", ")).contains(one)[0],
                None if name is None or (index := tables[name].lookup_index(one)[0]) is None
                else (tables[name].values or list(tables[name]))[index],
                None if length is None else simdinet.format(simdinet.truncate(one, ipv4=length, ipv6=48))[0],
                None if length is None else simdinet.format(simdinet.truncate(one, ipv4=8, ipv6=length))[0])
        assert row == memo[key], key


def test_sql_of_many_rows(connection):
    connection.execute("create table big as select '10.' || (i % 256) || '.' || (i % 7) || '.1' as ip, i from range(300000) t(i)")
    assert connection.execute("select count(*) from big where ip_is_valid(ip)").fetchone() == (300000,)
    assert connection.execute("select count(distinct ip_truncate(ip, 16, 48)) from big").fetchone() == (256,)
    assert connection.execute("select count(*) from big where ip_format(ip_parse(ip)) <> ip").fetchone() == (0,)
    assert connection.execute("select count(*) from big where ip_extract(ip || ' and ::1') <> [ip, '::1']").fetchone() == (0,)
    assert connection.execute("select ip_class(ip), count(*) from big group by all").fetchall() == [("private", 300000)]
    names = "ip_class('::ffff:10.0.0.1'), ip_class('8.8.8.8'), ip_class('x'), ip_class(NULL), ip_class('ff02::1')"
    assert connection.execute(f"select {names}").fetchone() == ("private,mapped", "global", None, None, "multicast")


def test_register_again(connection):
    simdinet.duckdb.register(connection, {"sites": {"10.0.0.0/8": "office"}})
    assert query(connection, "ip_lookup(client, 'sites')")[4] == "office"
    assert query(connection, "ip_in(client, '10.0.0.0/8,10.0.0.0/8, ')")[4] is True
    assert query(connection, "ip_in(client, '')")[4] is False


def test_register_for_another_connection(connection):
    cursor = connection.cursor()
    assert cursor.execute("select ip_is_valid('::1')").fetchall() == [(True,)]
    with pytest.raises(duckdb.CatalogException, match="another connection"):
        simdinet.duckdb.register(cursor)
    assert cursor.execute("select ip_lookup('10.1.2.3', 'sites')").fetchall() == [("lab",)]


def test_sql_errors(connection):
    with pytest.raises(duckdb.Error, match="prefix lengths"):
        query(connection, "ip_truncate(client, 33, 48)")
    with pytest.raises(duckdb.Error, match="registered"):
        query(connection, "ip_lookup(client, 'x')")
    with pytest.raises(duckdb.Error, match="ip_in: .*not valid"):
        query(connection, "ip_in(client, 'x')")
    with pytest.raises(duckdb.Error, match="4 or 16 bytes"):
        query(connection, "ip_format('abc'::blob)")
