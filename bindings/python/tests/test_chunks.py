# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Arrays of several chunks."""
import polars as pl
import pyarrow as pa
import pytest

import simdinet
import simdinet.polars

CHUNKS = pa.chunked_array([["1.1.1.1", "x"], [], ["::1", None, "3.3.3.3"], ["::ffff:4.4.4.4"]])


@pytest.mark.parametrize("function", [simdinet.parse_mixed, simdinet.parse_packed, simdinet.is_ip, simdinet.explain_column,
                                      simdinet.scan_lines, lambda column: simdinet.format(simdinet.parse_mixed(column))])
def test_slices(function):
    array = function(CHUNKS)
    values = array.to_pylist()
    assert array.num_chunks == 4 and len(values) == 6
    for start in (None, 0, 1, 2, 4, 5, 6, -1, -3):
        for stop in (None, 0, 1, 3, 5, 6, -2):
            for step in (None, 1, 2, 5, -1, -2, -4):
                part = array[start:stop:step]
                assert part.to_pylist() == values[start:stop:step]
                assert pa.array(part).to_pylist() == values[start:stop:step]
    families = array.families
    if families is not None:
        assert array[::-1].families.to_pylist() == families.to_pylist()[::-1]
        assert simdinet.format(array[::-2]).to_pylist() == simdinet.format(array).to_pylist()[::-2]


def test_polars_takes_chunks():
    frame = pl.concat([pl.DataFrame({"a": pl.Series(chunk, dtype=pl.String)}) for chunk in CHUNKS.chunks], rechunk=False)
    assert frame["a"].n_chunks() > 1
    formatted = frame.select(pl.col("a").ip.canonical())["a"]
    assert formatted.to_list() == ["1.1.1.1", None, "::1", None, "3.3.3.3", "::ffff:4.4.4.4"]
    empty = frame.head(0).select(pl.col("a").ip.canonical().alias("c"), pl.col("a").ip.extract().alias("e"))
    assert empty.height == 0 and empty["c"].dtype == pl.String
