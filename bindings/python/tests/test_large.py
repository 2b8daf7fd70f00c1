# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Results with more than 2 GiB of text."""
import os

import polars as pl
import pyarrow as pa
import pytest

import simdinet
import simdinet.polars

N = 2300
VALUE = 1_000_000


@pytest.fixture(scope="module")
def networks():
    """Networks whose value has a megabyte."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if available < 8 << 30:
        pytest.skip("less than 8 GiB of memory are free")
    return simdinet.networks({"0.0.0.0/0": "x" * VALUE})


def test_text_of_more_than_2_gib(networks):
    found = networks.lookup(["192.0.2.1"] * (N - 1) + ["::1"])
    assert (len(found), found.num_chunks, found.null_count) == (N, 2, 1)
    assert pa.chunked_array(found).type == pa.string()
    assert found[N - 2] == "x" * VALUE and found[N - 1] is None
    ends = found[::N - 2]
    assert (len(ends), ends.num_chunks) == (2, 2)
    assert found[N - 1:N - 3:-1].to_pylist() == [None, "x" * VALUE]
    joined = pa.array(found)
    assert joined.type == pa.large_string() and joined.null_count == 1
    joined.validate(full=True)
    assert len(joined[N - 2].as_py()) == VALUE and joined[N - 1].as_py() is None


def test_polars_takes_chunks(networks):
    series = pl.Series(["192.0.2.1"] * N)
    frame = pl.DataFrame({"a": series}).select(pl.col("a").ip.lookup(networks))
    assert frame["a"].str.len_bytes().sum() == N * VALUE


def test_dictionary_of_more_than_2_gib(networks):
    """The distinct values fit, their repetitions do not."""
    line = pa.array(["192.0.2.1 " + "x" * VALUE])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * N, "int32"), line)
    lines = simdinet._simdinet.truncate_lines(column)
    assert (len(lines), lines.num_chunks) == (N, 2)
    assert lines[0] == lines[N - 1] == line[0].as_py().replace("2.1", "2.0")
