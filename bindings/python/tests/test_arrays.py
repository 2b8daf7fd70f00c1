# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Arrays: pickles, copies, NumPy arrays of objects. What is taken as text and as numbers."""
import array
import copy
import io
import math
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import simdinet
import simdinet.pandas

TEXTS = ["192.0.2.0", "::1", None, "x", "::ffff:192.0.2.0"]
ARRAYS = [simdinet.parse_ipv4(TEXTS), simdinet.parse_ipv6(TEXTS), simdinet.parse_mixed(TEXTS), simdinet.parse_packed(TEXTS),
          simdinet.is_ip(TEXTS), simdinet.explain_column(TEXTS), simdinet.classify(TEXTS), simdinet.scan_lines(TEXTS),
          simdinet.scan("192.0.2.1 ::1"), simdinet.scan("").field("address"), simdinet.format(simdinet.parse_mixed(TEXTS)),
          simdinet.parse_packed(pa.chunked_array([TEXTS, [], TEXTS])), simdinet.parse_mixed(pa.chunked_array([TEXTS, TEXTS])),
          simdinet.parse_ipv4([]), simdinet.scan("").field("port"), simdinet._simdinet.scan_texts(TEXTS),
          simdinet._simdinet.extract_lines(TEXTS), simdinet.networks({"::/0": 2**64 - 1}).lookup(TEXTS)]


@pytest.mark.parametrize("value", ARRAYS, ids=lambda value: value.type)
def test_pickle(value):
    for other in [*(pickle.loads(pickle.dumps(value, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
                  copy.copy(value), copy.deepcopy([value])[0]]:
        assert (other.type, other.to_pylist(), other.null_count) == (value.type, value.to_pylist(), value.null_count)
        assert other.num_chunks == value.num_chunks
        assert pa.chunked_array(other).equals(pa.chunked_array(value))
        if value.families is not None:
            assert other.families.to_pylist() == value.families.to_pylist()
            assert simdinet.format(other).to_pylist() == simdinet.format(value).to_pylist()


def test_damaged_pickles():
    function, (name, (chunk,), families) = simdinet.parse_packed(["192.0.2.1", "::1"]).__reduce__()
    length, validity, offsets, text, fields = chunk
    for damaged in [(3, validity, offsets, text, fields), (length, validity, offsets, text[1:], fields),
                    (length, b"", offsets, text, fields), (length, validity, offsets[::-1], text, fields),
                    (length, validity, None, text, fields), (-1, validity, offsets, text, fields),
                    (length, validity, offsets, text, (chunk,)), (length,), None]:
        with pytest.raises((ValueError, TypeError)):
            function(name, (damaged,), families)
    for wrong in [("int128", (chunk,), None), ("uint8", (chunk,), None), (name, (chunk,), 1)]:
        with pytest.raises(ValueError, match="damaged pickle"):
            function(*wrong)


def test_pickled_networks():
    for networks in [simdinet.networks(["10.0.0.0/8"]), simdinet.networks({"10.0.0.0/8": "lab", "::/0": "v6"}),
                     simdinet.networks(["10.0.0.0/8"], [object])]:
        for other in (pickle.loads(pickle.dumps(networks)), copy.copy(networks), copy.deepcopy(networks)):
            assert list(other) == list(networks) and other.values == networks.values
            assert list(other.lookup(["10.1.2.3", "x"])) == list(networks.lookup(["10.1.2.3", "x"]))


def test_numpy_objects():
    packed = simdinet.parse_packed(TEXTS)
    for objects in (np.array(packed), np.asarray(packed), np.asarray(packed, dtype=object)):
        assert objects.dtype == object and objects.tolist() == packed.to_pylist()
    assert np.array(simdinet.parse_packed(["10.0.0.0"]))[0] == b"\n\0\0\0"
    lists = np.array(simdinet.scan_lines(["::1", "::1 ::2"]))
    assert lists.shape == (2,) and len(lists[1]) == 2
    numbers = simdinet.parse_ipv4(["192.0.2.1"])
    assert np.asarray(numbers).tolist() == [[192, 0, 2, 1]] and not hasattr(numbers, "__array__")
    assert pd.Series(packed).tolist() == packed.to_pylist()
    assert pd.Series(numbers).tolist() == [b"\xc0\0\2\1"]


@pytest.mark.parametrize("column", [pa.array([b"\xc0\0\2\x4d", bytes(15) + b"\1", None]), TEXTS[:3],
                                    pl.Series(simdinet.parse_packed(["192.0.2.77", "::1", None])),
                                    [b"\xc0\0\2\x4d", bytes(15) + b"\1", None],
                                    pa.array(["192.0.2.77", "::1", None]).dictionary_encode()])
def test_truncate_packs(column):
    truncated = simdinet.truncate(column)
    assert truncated.type == "binary" and truncated.families is None and truncated.null_count == 1
    for same in (truncated, pl.Series(truncated), pa.array(truncated)):
        assert simdinet.format(same).to_pylist() == ["192.0.2.0", "::", None]


def test_truncate_keeps_fixed_types():
    assert simdinet.truncate(simdinet.parse_ipv4(TEXTS)).type == "fixed_size_binary[4]"
    mixed = simdinet.truncate(simdinet.parse_mixed(TEXTS))
    assert mixed.type == "fixed_size_binary[16]" and mixed.families is not None
    assert simdinet.truncate(np.array([3221225985], "uint32")).to_pylist() == [b"\xc0\0\2\0"]


@pytest.mark.parametrize("text", [np.array(["1.1.1.1"]), np.array(["\u00e9 1.1.1.1"]), np.array([b"1.1.1.1", b"2.2.2.2"]),
                                  np.array("1.1.1.1"), array.array("i", [1]), np.zeros(4, "uint32"), np.zeros(4)])
def test_buffers_that_are_not_bytes(text):
    for function in (simdinet.scan, simdinet.parse, simdinet.canonical, simdinet.parse_endpoint, simdinet.explain):
        with pytest.raises(TypeError, match="text must be str or bytes-like, not a buffer with format"):
            function(text)


@pytest.mark.parametrize("kind", [bytearray, memoryview, lambda text: np.frombuffer(text, "uint8"),
                                  lambda text: memoryview(text).cast("c"), lambda text: array.array("b", text)])
def test_buffers_of_bytes(kind):
    assert simdinet.parse(kind(b"1.1.1.1")) == b"\1\1\1\1"
    assert len(simdinet.scan(kind(b"x 1.1.1.1"))) == 1


@pytest.mark.parametrize("kind", [lambda v: pa.array(v, "float64"), lambda v: pa.array(v, "float32"), pd.Series, pl.Series,
                                  lambda v: pa.array([1.5, *v, 1.5], "float64")[1:-1]])
def test_columns_of_nan(kind):
    column = kind([math.nan, math.nan])
    assert simdinet.parse_packed(column).to_pylist() == [None, None]
    assert simdinet.is_ip(column).to_pylist() == [None, None]
    with pytest.raises(TypeError, match="^a column of (double|float32) is not text or addresses$"):
        simdinet.parse_packed(kind([math.nan, 1.0]))
    assert simdinet.parse_packed(pa.array([None, None], "float64")).to_pylist() == [None, None]
    assert pd.Series([math.nan]).ip.parse().isna().all()


def test_columns_of_64_bits():
    values, texts = [3221225985, 0, 2**32 - 1], ["192.0.2.1", "0.0.0.0", "255.255.255.255"]
    for column in (pd.Series(values), pl.Series(values), pa.array(values), pa.array(values, "uint64"),
                   pa.array([-1, *values])[1:], pa.chunked_array([values[:1], values[1:]])):
        assert simdinet.format(column).to_pylist() == texts
    assert simdinet.format(pa.array([None, 1])).to_pylist() == [None, "0.0.0.1"]
    for wrong in (-1, 2**32):
        with pytest.raises(OverflowError, match="value 1 is out of range"):
            simdinet.format(pa.array([1, wrong]))
    with pytest.raises(TypeError, match="a column of text is expected"):
        simdinet.parse_ipv4(pa.array([1]))
    with pytest.raises(TypeError, match="^a column of int16 is not text or addresses$"):
        simdinet.format(pa.array([1], "int16"))


def test_missing_values():
    masked = np.ma.array(["1.1.1.1", "x"], mask=[0, 1], dtype=object)
    for values in (["1.1.1.1", pd.NA], pd.array(["1.1.1.1", None]), masked, ["1.1.1.1", np.ma.masked], ["1.1.1.1", np.nan]):
        assert simdinet.is_ip(values).to_pylist() == [True, None]
        assert simdinet.parse_packed(values).to_pylist() == [b"\1\1\1\1", None]
    assert simdinet.format([1, pd.NA, np.ma.masked, np.int64(2)]).to_pylist() == ["0.0.0.1", None, None, "0.0.0.2"]


def test_repr_is_short():
    assert len(repr(simdinet.scan_lines(["1.1.1.1 " * 2000] * 5))) < 3000
    assert repr(simdinet.parse_ipv4(["1.1.1.1"] * 6)).endswith("], ...>")
    assert repr(simdinet.is_ip(["x"])) == "<simdinet.Array of 1 bool: [False]>"


def test_closed_matches():
    matches = simdinet.open(io.BytesIO(b"1.1.1.1"))
    matches.close()
    matches.close()
    for read in (list, next, pl.DataFrame):
        with pytest.raises(ValueError, match="the matches are closed"):
            read(matches)
