# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Addresses in text: scan and scan_lines."""
import io

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simdinet
import simdinet.polars


def test_scan():
    text = "from 192.0.2.1:443 to [2001:db8::1] v1.2.3.4 10.0.0.1"
    found = simdinet.scan(text)
    assert [text[match["offset"]:match["offset"] + match["length"]] for match in found] == [
        "192.0.2.1", "2001:db8::1", "10.0.0.1"]
    assert found.to_pylist() == simdinet.scan(text.encode()).to_pylist() == pa.array(found).to_pylist()
    port, = simdinet.scan("2001:db8::1:58340")
    assert port["port"] == 58340 and simdinet.Match(port["flags"]) == simdinet.Match.PORT
    assert simdinet.format(found.field("address")).to_pylist() == ["192.0.2.1", "2001:db8::1", "10.0.0.1"]
    assert len(simdinet.scan(text, flags=simdinet.Scan.IPV6)) == 1
    for agent in ("Chrome/120.0.0.0 192.0.2.1", b"Chrome/120.0.0.0 192.0.2.1"):
        assert [match["offset"] for match in simdinet.scan(agent)] == [17]
        every = simdinet.scan(agent, versions=True)
        assert [match["offset"] for match in every] == [7, 17]
        assert simdinet.Match(every[0]["flags"]) & simdinet.Match.VERSION
        assert simdinet.scan_lines([agent], versions=True)[0] == every.to_pylist()
        assert len(simdinet.scan_lines([agent])[0]) == 1
    assert simdinet.scan("") .to_pylist() == []
    many = simdinet.scan("192.0.2.1 " * 5000)
    assert np.asarray(many.field("offset")).tolist() == list(range(0, 50_000, 10))


def test_addresses_keep_their_family():
    """The field address is that of the text in every function and in other libraries, also for ::ffff:a.b.c.d."""
    text = "192.0.2.77 ::ffff:192.0.2.77 2001:db8::1"
    texts = text.split()
    networks = simdinet.networks({"192.0.2.0/24": "docs"})
    line = simdinet.scan_lines(pa.array([text]))
    batches = list(simdinet.open(io.BytesIO(text.encode()), size=7))
    columns = [simdinet.scan(text).field("address"), pa.array(simdinet.scan(text)).field("address"),
               pa.array(line).flatten().field("address"), pa.array([m["address"] for m in line[0]]),
               pa.chunked_array([pa.array(batch).field("address") for batch in batches]),
               pl.DataFrame(simdinet.open(io.BytesIO(text.encode())))["address"],
               pl.DataFrame({"line": [text]}).select(pl.col("line").ip.extract().explode().struct.field("address")).to_series()]
    for column in columns:
        assert simdinet.format(column).to_pylist() == texts
        assert networks.contains(column).to_pylist() == [True, False, False]
        assert networks.lookup(column).to_pylist() == ["docs", None, None]
        assert simdinet.classify(column).to_pylist() == simdinet.classify(texts).to_pylist()
        assert simdinet.format(simdinet.truncate(column)).to_pylist() == ["192.0.2.0", "::", "2001:db8::"]
    assert [len(address) for address in columns[0]] == [4, 16, 16]
    many = simdinet.scan("192.0.2.1 ::1 " * 3000)
    assert simdinet.format(many.field("address")).to_pylist() == ["192.0.2.1", "::1"] * 3000


# Pieces that rules look at on both sides of an address. Rows end within any of them.
PIECES = ["192.0.2.1", "120.0.0.0", "::", "2001:db8::1", "1:2:3:4:5:6:7:8", ":443", ".443", " > ", " - ", "  ", "/", "\\/",
          "%2F", "\\t", "\\u0020", "\x1b[31m", "version", "FW", "rv", "_", ":", "=", "-", "(", ")", ";", "Mozilla/", '"',
          "CEF:0|a|b|", "/usr/lib/name-", "-rc", "*>i", "[", "]", "[.]", "[:]", "(dot)", ".]", "[.", "00:11:22:33:44:55",
          "::ffff:", "1", "255", "a", "ff", "x", ".", ".log", "\n", "\r", "\0", "\u00e9", "src:", "std::", "1." * 30, "a:" * 30]
FLAGS = st.sampled_from([3, 1, 2, 3 | simdinet.Scan.REJECTED, 3 | simdinet.Scan.RECALL, 3 | simdinet.Scan.DEFANGED,
                         3 | simdinet.Scan.EUI64, 0x80 | 0x08 | 0x10 | 3, 3 | simdinet.Scan.NO_ESCAPES])


@settings(max_examples=400)
@given(st.lists(st.none() | st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=30), FLAGS,
                  st.booleans())
def test_rows_do_not_see_each_other(rows, flags, versions):
    want = [None if row is None else simdinet.scan(row, flags=flags, versions=versions).to_pylist() for row in rows]
    assert simdinet.scan_lines(rows, flags=flags, versions=versions).to_pylist() == want


@pytest.mark.parametrize("end", [b"caf\xe9", b"\xff\xfe", b"\xc3"])
def test_lines_that_are_not_utf8(end):
    line = b"\xe9 192.0.2.7 " + end
    text = line.decode("utf-8", "surrogateescape")
    want = simdinet.scan(line).to_pylist()
    assert simdinet.scan(text).to_pylist() == simdinet.scan_lines([text])[0] == simdinet.scan_lines([line])[0] == want
    assert simdinet.scan("192.0.2.7 \ud800").to_pylist() == simdinet.scan_lines(["192.0.2.7 \ud800"])[0] != []


def test_rows_of_any_size():
    rows = []
    for size in (0, 1, 700, 8191, 8192, 8193, 65535, 65536, 70_000):
        rows += ["x " * (size // 2) + "192.0.2.1", "", None, "::1 " * (size // 4)]
    rows = rows * 3 + ["192.0.2.7"] * 3000
    found = simdinet.scan_lines(rows).to_pylist()
    assert found == [None if row is None else simdinet.scan(row).to_pylist() for row in rows]
    assert simdinet.scan_lines(pa.chunked_array([rows[:20], rows[20:]])).to_pylist() == found
    texts = simdinet._simdinet.scan_texts(pa.array(rows, pa.large_string()))
    assert texts.to_pylist() == pa.array(texts).to_pylist() == [
        None if matches is None else [row[match["offset"]:][:match["length"]] for match in matches]
        for row, matches in zip(rows, found, strict=True)]
