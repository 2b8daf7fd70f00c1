# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Columns of every kind against the functions of one address."""
import ctypes
import gc
import ipaddress
import socket
import threading
import tracemalloc

import duckdb
import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simdinet

TEXTS = ["192.0.2.1", "x", None, "::1", "", "10.0.0.255", "2001:db8::ffff:192.0.2.1", "1.2.3.4 ", "\u0661.2.3.4",
         "255.255.255.255", "1::2::3", "y" * 100, "0000:0000:0000:0000:0000:ffff:255.255.255.255", "::"]


def sliced(values):
    return pa.array(["skipped"] * 3 + values + ["skipped"])[3:-1]


def views(values):
    return pa.array(values, pa.string_view())


KINDS = {
    "list": list,
    "tuple": tuple,
    "iterable": lambda values: dict(enumerate(values)).values(),
    "bytes": lambda values: [None if value is None else value.encode() for value in values],
    "object array": lambda values: np.array(values, dtype=object),
    "string": pa.array,
    "string sliced": sliced,
    "string chunked": lambda values: pa.chunked_array([values[:3], [], values[3:]], pa.string()),
    "large_string": lambda values: pa.array(values, pa.large_string()),
    "large_string sliced": lambda values: sliced(values).cast(pa.large_string()),
    "binary": lambda values: pa.array([None if value is None else value.encode() for value in values], pa.binary()),
    "large_binary": lambda values: pa.array(values, pa.large_string()).cast(pa.large_binary()),
    "string_view": views,
    "string_view sliced": lambda values: views(["skipped"] * 5 + values)[5:],
    "dictionary": lambda values: pa.array(values + values).dictionary_encode()[len(values):],
    "dictionary with nulls in it": lambda values: pa.DictionaryArray.from_arrays(
        pa.array(range(len(values)), pa.int8()), pa.array(values)),
    "dictionary of large strings": lambda values: pa.DictionaryArray.from_arrays(
        pa.array(range(len(values)), pa.uint64()), pa.array(values, pa.large_string())),
    "record batch": lambda values: pa.record_batch({"ip": pa.array(values)}),
    "table": lambda values: pa.table({"ip": pa.chunked_array([values[:2], values[2:]], pa.string())}),
    "sliced table": lambda values: pa.table({"ip": pa.array(["skipped", *values])})[1:],
    "reader": lambda values: pa.table({"ip": pa.array(values)}).to_reader(max_chunksize=4),
    "nanoarrow": lambda values: nanoarrow.Array(values, nanoarrow.string()),
    "polars": pl.Series,
    "polars sliced": lambda values: pl.Series([None, *values])[1:],
    "polars chunked": lambda values: pl.concat([pl.Series(values[:5]), pl.Series(values[5:])], rechunk=False),
    "polars categorical": lambda values: pl.Series(values, dtype=pl.Categorical),
    "pandas": pd.Series,
    "pandas object": lambda values: pd.Series(values, dtype=object),
    "pandas arrow": lambda values: pd.Series(values, dtype=pd.ArrowDtype(pa.string())),
    "duckdb": lambda values: duckdb.sql("select unnest($1) as ip", params=[values]),
}


def expected(parse, values):
    result = []
    for value in values:
        try:
            result.append(None if value is None else parse(value))
        except (OSError, ValueError):
            result.append(None)
    return result


def pton(family):
    return lambda text: socket.inet_pton(family, text if isinstance(text, str) else text.decode("latin-1"))


def mixed(text):
    packed = simdinet.parse(text)
    return packed if len(packed) == 16 else bytes(10) + b"\xff\xff" + packed


def check(column, values):
    """Every function of a column of texts."""
    ipv4, ipv6 = expected(pton(socket.AF_INET), values), expected(pton(socket.AF_INET6), values)
    assert simdinet.parse_ipv4(column()).to_pylist() == ipv4
    assert simdinet.parse_ipv6(column()).to_pylist() == ipv6
    both = simdinet.parse_mixed(column())
    assert both.to_pylist() == expected(mixed, values)
    assert both.families.to_pylist() == [None if four is None and six is None else six is not None
                                         for four, six in zip(ipv4, ipv6, strict=True)]
    assert simdinet.format(both).to_pylist() == expected(simdinet.canonical, values)
    assert simdinet.is_ipv4(column()).to_pylist() == [
        None if value is None else address is not None for value, address in zip(values, ipv4, strict=True)]
    assert simdinet.is_ipv6(column()).to_pylist() == [
        None if value is None else address is not None for value, address in zip(values, ipv6, strict=True)]
    explained = [(simdinet.Reason.NULL, 0) if value is None else simdinet.explain(value) for value in values]
    explained = [(0, 0) if reason == 0 else (int(reason), at) for reason, at in explained]
    assert [tuple(row.values()) for row in simdinet.explain_column(column())] == explained
    found = simdinet.scan_lines(column()).to_pylist()
    assert found == [None if value is None else simdinet.scan(value).to_pylist() for value in values]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("repeat", [1, 150])
def test_kinds_of_columns(kind, repeat):
    values = TEXTS * repeat
    if kind == "dictionary with nulls in it":
        values = TEXTS
    check(lambda: KINDS[kind](values), values)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_columns(kind):
    if kind == "duckdb":
        column = duckdb.sql("select '' as ip where false")
    elif kind in ("pandas", "polars", "polars categorical"):
        column = KINDS[kind](["x"])[:0]
    elif kind == "string":
        column = pa.array([], pa.string())
    else:
        try:
            column = KINDS[kind]([])
        except (pa.ArrowInvalid, ValueError, pl.exceptions.PolarsError):
            pytest.skip("this producer has no empty column")
    if "sliced" in kind and getattr(column, "type", None) == pa.null():
        pytest.skip("null type")
    for function in (simdinet.parse_ipv4, simdinet.parse_mixed, simdinet.is_ipv6, simdinet.explain_column,
                     simdinet.scan_lines):
        result = function(column) if kind not in ("reader", "duckdb") else None
        if result is not None:
            assert (len(result), result.to_pylist(), result.null_count) == (0, [], 0)
            assert pa.array(result).to_pylist() == pa.chunked_array(result).to_pylist() == []


NUMPY = [value for value in TEXTS if value is not None]


@pytest.mark.parametrize("make", [
    lambda: np.array(NUMPY), lambda: np.array(NUMPY)[::2], lambda: np.array(NUMPY)[::-1], lambda: np.array(NUMPY * 200),
    lambda: np.array(NUMPY).astype(">U50"), lambda: np.char.encode(np.array(NUMPY), "utf-8"),
    lambda: np.char.encode(np.array(NUMPY), "utf-8")[::-3], lambda: np.array(["1.2.3.4\0x", "1.2.3.4\0"]),
    lambda: np.array([b"1.2.3.4\0x", b"1.2.3.4\0"]), lambda: np.broadcast_to(np.array(["1.2.3.4"]), 5),
    lambda: np.array(["1.2.3.4", "\U0001f600"]), lambda: np.array([], "U5"), lambda: np.zeros(3, "S0"),
    lambda: np.array(NUMPY, dtype=np.dtypes.StringDType())])
def test_numpy_text(make):
    array = make()
    values = array.tolist()
    texts = [value.decode() if isinstance(value, bytes) else value for value in values]
    for function, family in ((simdinet.parse_ipv4, socket.AF_INET), (simdinet.parse_ipv6, socket.AF_INET6)):
        assert function(array).to_pylist() == expected(pton(family), texts)
    assert simdinet.is_ipv4(array).to_pylist() == [value is not None for value in expected(pton(2), texts)]


@given(st.lists(st.one_of(st.none(), st.ip_addresses().map(str), st.text(max_size=60),
                          st.from_regex(r"[0-9]{0,4}(\.[0-9]{0,4}){0,5}", fullmatch=True))), st.integers(0, 20))
def test_random_columns(values, start):
    values = [value for value in values if value is None or value.isascii()]
    for kind in (list, lambda v: pa.array(v, pa.string()), lambda v: pa.array(v, pa.large_string()), views,
                 lambda v: pa.array(v, pa.string()).dictionary_encode(), lambda v: pl.Series(v, dtype=pl.String)):
        column = kind(values)
        if start <= len(values):
            column = column[start:]
            check(lambda column=column: column, values[start:])


@given(st.lists(st.one_of(st.none(), st.ip_addresses())))
def test_format(values):
    packed = [None if value is None else value.packed for value in values]
    texts = [None if value is None else simdinet.canonical(str(value)) for value in values]
    for column in (packed, pa.array(packed, pa.binary()), pa.array(packed, pa.large_binary()),
                   pa.array(packed, pa.binary_view()), pa.array(packed, pa.binary()).dictionary_encode(),
                   [None if value is None else value.packed if value.version == 6 else int(value) for value in values]):
        assert simdinet.format(column).to_pylist() == texts
    for size in (4, 16):
        rows = [value for value in packed if value is None or len(value) == size]
        same = [None if value is None else simdinet.format(value) for value in rows]
        column = pa.array(rows, pa.binary(size))
        assert simdinet.format(column).to_pylist() == same
        assert simdinet.format(column[len(rows) // 2:]).to_pylist() == same[len(rows) // 2:]
        array = np.frombuffer(b"".join(value or bytes(size) for value in rows), "u1").reshape(-1, size)
        zeros = [simdinet.format(value or bytes(size)) for value in rows]
        assert simdinet.format(array).to_pylist() == zeros
        assert simdinet.format(array[::-2]).to_pylist() == zeros[::-2]
    numbers = [int(value) for value in values if value is not None and value.version == 4]
    addresses = [str(ipaddress.IPv4Address(number)) for number in numbers]
    for order in "<>":
        assert simdinet.format(np.array(numbers, order + "u4")).to_pylist() == addresses
    assert simdinet.format(pa.array(numbers, pa.uint32())).to_pylist() == addresses


def test_results_share_memory():
    """Other libraries take the memory of an Array, and it stays when the Array is gone."""
    array = simdinet.parse_ipv4(["192.0.2.1"] * 1000)
    taken, view = pa.array(array), np.asarray(array)
    assert taken.type == pa.binary(4) and view.shape == (1000, 4) and view.dtype == np.uint8
    assert taken.buffers()[1].address == view.ctypes.data
    assert pa.chunked_array(array).chunk(0).buffers()[1].address == view.ctypes.data
    assert not view.flags.writeable
    del array
    gc.collect()
    assert bytes(view[999]) == taken[999].as_py() == b"\xc0\x00\x02\x01"
    frame = pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array(simdinet.format(view))))
    assert frame.tolist() == ["192.0.2.1"] * 1000
    mixed = simdinet.parse_mixed(["192.0.2.1", "::1"])
    frame = pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array(mixed)))
    assert frame.array._pa_array.chunk(0).buffers()[1].address == np.asarray(mixed).ctypes.data
    classes = simdinet.classify(["10.1.2.3", "::1"])
    assert pl.Series(classes).to_numpy(allow_copy=False).ctypes.data == np.asarray(classes).ctypes.data
    assert pl.Series(mixed).dtype == pl.Binary and pl.Series(mixed).to_list() == mixed.to_pylist()
    texts = simdinet.format(view)
    assert pl.Series(texts).to_list() == ["192.0.2.1"] * 1000
    assert pd.Series(texts).tolist() == ["192.0.2.1"] * 1000
    assert pd.Series.from_arrow(texts).tolist() == ["192.0.2.1"] * 1000
    with pytest.raises(BufferError):
        memoryview(texts)
    assert np.asarray(simdinet.is_ipv4(["1.2.3.4", "x"])).tolist() == [True, False]
    assert np.asarray(simdinet.classify([1])).dtype == np.uint32
    assert np.asarray(simdinet.scan("1.2.3.4").field("length")).tolist() == [7]


class Recorder:
    """Passes an Arrow array on and keeps what it was asked for."""

    def __init__(self, array):
        self.array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self.array.__arrow_c_array__(requested_schema)


def test_input_is_not_copied():
    """Memory of Python and of the process: parsing 30 MB of text allocates the output and no copy of the input."""
    texts = pa.array(["255.255.255.255"] * 2_000_000)
    simdinet.parse_ipv4(Recorder(texts))
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    result = simdinet.parse_ipv4(Recorder(texts))
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()
    assert pa.total_allocated_bytes() == before
    peak = peak_growth(lambda: simdinet.parse_ipv4(texts))
    assert peak < 12 << 20, "output: 8 MB and a bitmap"
    assert len(result) == 2_000_000 and result.null_count == 0


def peak_growth(function):
    """How far the resident memory rises above that before a call, at its highest."""
    def value(name):
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name)) * 1024

    gc.collect()
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pytest.skip("the peak of the memory cannot be reset")
    before = value("VmRSS")
    function()
    return value("VmHWM") - before


def test_a_chunk_of_each_chunk():
    column = pa.chunked_array([["1.2.3.4", "x"], [], ["::1"]], pa.string())
    for function in (simdinet.parse_ipv4, simdinet.parse_mixed, simdinet.is_ipv4, simdinet.explain_column,
                     simdinet.scan_lines):
        result = function(column)
        assert result.num_chunks == pa.chunked_array(result).num_chunks == 3
        assert pa.array(result).to_pylist() == pa.chunked_array(result).to_pylist() == result.to_pylist()
    texts = simdinet.format(simdinet.parse_mixed(column))
    assert texts.num_chunks == 3 and pa.array(texts).to_pylist() == ["1.2.3.4", None, "::1"]
    assert np.asarray(simdinet.parse_ipv4(column)).tolist() == [[1, 2, 3, 4], [0] * 4, [0] * 4]


def test_array_is_a_sequence():
    array = simdinet.parse_ipv4(["1.2.3.4", None, "5.6.7.8"])
    assert (len(array), array[0], array[1], array[-1]) == (3, b"\1\2\3\4", None, b"\5\6\7\x08")
    assert list(array) == array.to_pylist()
    assert (array.type, array.null_count, array.num_chunks, array.families) == ("fixed_size_binary[4]", 1, 1, None)
    assert repr(simdinet.is_ipv4(["x"] * 7)) == \
        "<simdinet.Array of 7 bool: [False, False, False, False, False], ...>"
    for index in (3, -4):
        with pytest.raises(IndexError):
            array[index]
    with pytest.raises(TypeError):
        simdinet.Array()
    with pytest.raises(TypeError):
        type("Sub", (simdinet.Array,), {})
    with pytest.raises(AttributeError):
        array.type = "x"
    with pytest.raises(KeyError):
        array.field("x")


@pytest.mark.parametrize("wrong", ["1.2.3.4", b"1.2.3.4", 5, None, [1], ["x", 1.5], pa.array([1]), pa.array([[1]]),
                                   np.array([1.5]), pa.table({"a": ["x"], "b": ["y"]}), np.zeros((2, 2, 2)), object(),
                                   pa.array([1], pa.uint32()), pl.Series([1.5])])
def test_wrong_columns(wrong):
    for function in (simdinet.parse_ipv4, simdinet.is_ipv6, simdinet.explain_column, simdinet.scan_lines):
        with pytest.raises(TypeError):
            function(wrong)


@pytest.mark.parametrize("wrong", [[b"123"], ["1.2.3.4"], [-1], [2**128], [1.5], pa.array([b"123"]),
                                   np.zeros((2, 5), "u1"), pa.array([b"12345"], pa.binary(5)), np.zeros((2, 4), "u2")])
def test_wrong_addresses(wrong):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        simdinet.format(wrong)


@pytest.mark.parametrize("text", [
    lambda: pa.array(["1::2"]), lambda: views(["1::2"]), lambda: pa.array(["1::2"]).dictionary_encode(),
    lambda: np.array(["1::2"]), lambda: np.array([b"1::2", b"192.0.2.1"]), lambda: np.array([b"2001:db8::123456"]),
    lambda: pl.Series(["1::2"]), lambda: pd.Series(["1::2"]), lambda: pl.Series(["1::2"], dtype=pl.Categorical)])
def test_text_is_not_addresses(text):
    with pytest.raises(TypeError, match="not of text"):
        simdinet.format(text())


def test_addresses_of_objects():
    values = [np.uint32(3221225985), None, float("nan"), 1, b"\n\0\0\1", True]
    assert simdinet.format(values).to_pylist() == ["192.0.2.1", None, None, "0.0.0.1", "10.0.0.1", "0.0.0.1"]
    with pytest.raises(TypeError, match="value 1 is float, not bytes, int or None"):
        simdinet.format([1, 1.5])
    with pytest.raises(TypeError, match="canonical takes text"):
        simdinet.format("192.0.2.1")


def test_strides_that_are_null():
    """ctypes exports no strides, although they are requested."""
    numbers = (ctypes.c_uint32 * 3)(1, 2, 0xFFFFFFFF)
    assert simdinet.format(numbers).to_pylist() == ["0.0.0.1", "0.0.0.2", "255.255.255.255"]
    rows = ((ctypes.c_uint8 * 4) * 3)((1, 2, 3, 4), (5, 6, 7, 8), (192, 0, 2, 1))
    assert simdinet.format(rows).to_pylist() == ["1.2.3.4", "5.6.7.8", "192.0.2.1"]
    rows = ((ctypes.c_uint8 * 16) * 2)(tuple(range(16)), tuple([0] * 15 + [1]))
    assert simdinet.format(rows).to_pylist() == ["1:203:405:607:809:a0b:c0d:e0f", "::1"]
    for other in ((ctypes.c_uint16 * 3)(), (ctypes.c_uint8 * 3)(), (((ctypes.c_uint8 * 4) * 2) * 2)(), ctypes.c_uint32(1)):
        with pytest.raises(TypeError):
            simdinet.format(other)


def test_strides_of_addresses():
    rows = np.arange(80, dtype="u1").reshape(10, 8)
    for array in (np.asfortranarray(rows[:, :4]), rows[:, ::2], rows[::-1, ::-2], rows[::2, 1:5], rows[:0, ::2]):
        assert simdinet.format(array).to_pylist() == [".".join(map(str, row)) for row in array.tolist()]
        assert simdinet.classify(array).to_pylist() == simdinet.classify(array.copy()).to_pylist()
    wide = np.arange(160, dtype="u1").reshape(5, 32)
    assert simdinet.format(memoryview(wide[::-1, ::2])).to_pylist() == simdinet.format(wide[::-1, ::2].copy()).to_pylist()
    with pytest.raises(ValueError, match="4 or 16 bytes, not 3"):
        simdinet.format(rows[:, 1:7:2])


def test_long_chunks_are_formatted_in_several():
    n = 2**25 + 9
    texts = simdinet.format(np.zeros(n, "uint32"))
    assert (len(texts), texts.num_chunks, texts[n - 1]) == (n, 2, "0.0.0.0")


def test_packed_addresses():
    texts = ["192.0.2.1", "::1", None, "x", "::ffff:10.0.0.1"]
    packed = simdinet.parse_packed(texts)
    want = [bytes([192, 0, 2, 1]), bytes(15) + b"\1", None, None, bytes(10) + b"\xff\xff\n\0\0\1"]
    assert packed.to_pylist() == pa.array(packed).to_pylist() == want
    assert pa.array(packed).type == pa.binary() and packed.null_count == 2
    for column in (packed, pa.array(packed), pl.Series(packed), pa.array(packed).dictionary_encode()):
        assert simdinet.format(column).to_pylist() == ["192.0.2.1", "::1", None, None, "::ffff:10.0.0.1"]
        assert simdinet.networks(["192.0.0.0/8", "::/16"]).lookup(column).to_pylist() == [0, 1, None, None, 1]


def test_slices_of_arrays():
    both = simdinet.parse_mixed(pa.chunked_array([["192.0.2.1", None, "::1"], [], ["10.0.0.1", "x"]]))
    for array in (both, both.families, simdinet.format(both), simdinet.scan_lines(["::1 ::2", None, "", "x", "1.2.3.4"]),
                  simdinet.explain_column(["::1", None, "", "x", "1.2.3.4"]), simdinet.parse_packed(["::1"] * 5)):
        values = array.to_pylist()
        for part in (slice(None), slice(1, 3), slice(None, None, -1), slice(-2, None), slice(4, 1, -2), slice(9, 20)):
            assert array[part].to_pylist() == pa.array(array[part]).to_pylist() == values[part]
        assert [array[i] for i in range(-5, 5)] == values + values
        for wrong in (5, -6, 2**70):
            with pytest.raises(IndexError):
                array[wrong]
        with pytest.raises(TypeError):
            array["x"]
    assert simdinet.format(both[2:4]).to_pylist() == ["::1", "10.0.0.1"]
    with pytest.raises(TypeError, match="must be str"):
        both.field(1)


def test_nulls_of_a_list():
    assert simdinet.parse_ipv4(["1.2.3.4", None, float("nan"), np.nan]).null_count == 3
    assert simdinet.is_ipv4(["1.2.3.4", None, float("nan")]).to_pylist() == [True, None, None]
    assert simdinet.parse_ipv4(["\udc80", "1.2.3.4"]).to_pylist() == [None, b"\1\2\3\4"]


def test_a_list_that_changes_while_it_is_read():
    values = ["192.0.2.1"] * 200_000
    stop = threading.Event()

    def change():
        while not stop.is_set():
            del values[-100:]
            values.extend("10.0.0.%d" % (i % 256) for i in range(100))

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20):
            try:
                assert simdinet.parse_ipv4(values).null_count == 0
            except IndexError:
                pass  # the list was shorter than at the start
    finally:
        stop.set()
        thread.join()


def test_columns_in_threads():
    column = pa.array([f"10.0.{i % 256}.{i % 251}" for i in range(20_000)])
    want = simdinet.parse_ipv4(column).to_pylist()
    wrong = []

    def work():
        for _ in range(20):
            if pa.array(simdinet.parse_ipv4(column)).to_pylist() != want:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_classes_as_ipaddress():
    values = ["10.0.0.1", "127.0.0.1", "224.0.0.1", "0.0.0.0", "8.8.8.8", "::1", "fe80::1", "ff02::1", "2606:4700::1"]
    for text, value in zip(values, simdinet.classify(simdinet.parse_mixed(values)), strict=True):
        address, classes = ipaddress.ip_address(text), simdinet.Class(value)
        assert bool(classes & simdinet.Class.LOOPBACK) == address.is_loopback
        assert bool(classes & simdinet.Class.MULTICAST) == address.is_multicast
        assert bool(classes & simdinet.Class.UNSPECIFIED) == address.is_unspecified
        assert bool(classes & simdinet.Class.LINK_LOCAL) == address.is_link_local
    header = {name: int(value, 16) for name, value in CONSTANTS}
    assert {f"CLASS_{'6TO4' if item.name == 'NAT_6TO4' else item.name}": item.value for item in simdinet.Class} == {
        name: value for name, value in header.items() if name.startswith("CLASS_")}
    for kind in (simdinet.Scan, simdinet.Match):
        prefix = kind.__name__.upper()
        names = {f"{prefix}_{name}": int(item) for name, item in kind.__members__.items()}
        assert names == {name: value for name, value in header.items()
                         if name.startswith(prefix + "_") and name != "SCAN_PARTIAL"}


def constants():
    import re

    from conftest import TREE
    text = "".join((TREE / "lib/include" / name).read_text().replace("\\\n", "") for name in ("simdinet.h", "simdinet_network.h"))
    return re.findall(r"#define SIMDINET_((?:CLASS|SCAN|MATCH)_\w+) +(0x\w+?)u", text)


CONSTANTS = constants()


@given(st.lists(st.one_of(st.none(), st.ip_addresses())), st.integers(0, 32), st.integers(0, 128))
def test_truncate(values, ipv4, ipv6):
    def network(value):
        if value is None:
            return None
        length = ipv4 if value.version == 4 else ipv6
        return simdinet.canonical(str(ipaddress.ip_network((value, length), strict=False).network_address))

    column = simdinet.parse_mixed([None if value is None else str(value) for value in values])
    truncated = simdinet.truncate(column, ipv4=ipv4, ipv6=ipv6)
    assert simdinet.format(truncated).to_pylist() == [network(value) for value in values]
    only = [value for value in values if value is None or value.version == 4]
    truncated = simdinet.truncate(simdinet.parse_ipv4([None if value is None else str(value) for value in only]), ipv4=ipv4)
    assert simdinet.format(truncated).to_pylist() == [network(value) for value in only]
    for wrong in ({"ipv4": 33}, {"ipv6": 129}):
        with pytest.raises(ValueError):
            simdinet.truncate(column, **wrong)


@given(st.binary(max_size=64))
def test_swaps(data):
    for size, h, n in ((2, "htons", "ntohs"), (4, "htonl", "ntohl"), (8, "htonll", "ntohll")):
        whole = data[:len(data) // size * size]
        want = np.frombuffer(whole, f">u{size}").astype(f"u{size}")
        for name in (h, n):
            function = getattr(simdinet, name + "_array")
            assert np.array_equal(np.asarray(function(whole)), want)
            if whole != data:
                with pytest.raises(ValueError):
                    function(data)


def test_memory_of_columns():
    """A thousand columns of every kind leave the resident memory as it is."""
    def resident():
        gc.collect()
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096

    values = TEXTS * 100
    columns = [list(values), pa.array(values), views(values), pa.array(values).dictionary_encode(), np.array(NUMPY * 100),
               pa.chunked_array([values, values])]

    def work():
        for column in columns:
            both = simdinet.parse_mixed(column)
            simdinet.format(both), simdinet.truncate(both), simdinet.classify(both)
            simdinet.scan_lines(column), simdinet.explain_column(column), simdinet.is_ipv4(column)
            memoryview(both).release(), pa.array(both), pa.chunked_array(both), repr(both), both[0]
            for wrong in ([1], pa.array([1]), "x"):
                with pytest.raises(TypeError):
                    simdinet.parse_ipv4(wrong)

    for _ in range(20):
        work()
    before = resident()
    for _ in range(150):
        work()
    assert resident() - before < 8 << 20
