# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Random Arrow columns with random damage. Every buffer ends at a page that cannot be read, so that a read past its end
ends the process. Columns without damage have the results of their values; damaged ones have these, or raise."""
import contextlib
import ctypes
import mmap

from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_hostile_arrow import Producer

import simdinet

PAGE = mmap.PAGESIZE
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

VALUES = [b"", b"192.0.2.1", b"10.1.2.3", b"256.1.1.1", b"::", b"2001:db8::1", b"2001:db8:ffff::192.0.2.77", b"x" * 12,
          b"x" * 13, b"at 192.0.2.1, [2001:db8::1]:443 \n::ffff:1.2.3.4", b"1234", b"16 bytes or text", b"9" * 300, None]
NUMBERS = [0, 1, 2**31, 2**32 - 1, 3221225985]
INDEX_FORMATS = {b"c": 1, b"C": 1, b"s": 2, b"S": 2, b"i": 4, b"I": 4, b"l": 8, b"L": 8}
BAD_FORMATS = [None, b"", b"l", b"+l", b"+s", b"w:", b"w:-1", b"w:4x", b"w:2147483648", b"w:99999999999999999999", b"uu",
               b"vux", b"tdD", b"\xff"]
HUGE = [-1, -2**63, 2**60, 2**62, 2**63 - 1]
NETWORKS = simdinet.networks(["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"])
TEXT_FUNCTIONS = [simdinet.parse_ipv4, simdinet.parse_mixed, simdinet._simdinet.parse_packed, simdinet.is_ip,
                  simdinet.explain_column, simdinet.scan_lines, simdinet._simdinet.scan_texts]
ADDRESS_FUNCTIONS = [simdinet.format, simdinet.classify, simdinet.truncate, NETWORKS.lookup, NETWORKS.contains]


class Guarded:
    """Bytes whose end is the end of the memory."""

    def __init__(self, data):
        self.size = (len(data) + PAGE - 1) // PAGE * PAGE + PAGE
        self.start = libc.mmap(None, self.size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
        assert libc.mprotect(self.start + self.size - PAGE, PAGE, 0) == 0
        self.address = self.start + self.size - PAGE - len(data)
        ctypes.memmove(self.address, bytes(data), len(data))

    def __del__(self):
        libc.munmap(self.start, self.size)


def packed(numbers, width):
    return b"".join((number & (1 << 8 * width) - 1).to_bytes(width, "little") for number in numbers)


def bitmap(bits):
    return packed([sum(bit << i % 8 for i, bit in enumerate(bits[at:at + 8])) for at in range(0, len(bits), 8)], 1)


class Column:
    """What a Producer is made of. values are those from offset on."""

    def __init__(self, format, physical, offset, buffers, dictionary=None, child=None):
        self.format = format
        self.values = physical[offset:]
        self.offset = offset
        self.buffers = buffers
        self.dictionary = dictionary
        self.child = child
        self.changes = []  # of a Producer

    def producer(self):
        guarded = [None if data is None else Guarded(data) for data in self.buffers]
        made = Producer(self.format, len(self.values), [None if data is None else data.address for data in guarded],
                        self.offset, dictionary=self.dictionary and self.dictionary.producer(),
                        children=[self.child.producer()] if self.child else ())
        made.keep.append(guarded)
        for struct, name, value in self.changes:
            setattr(getattr(made, struct), name, value)
        return made


@st.composite
def plain_columns(draw, min_size=0):
    format = draw(st.sampled_from([b"u", b"z", b"U", b"Z", b"vu", b"vz", b"w", b"I", b"n"]))
    values = draw(st.lists(st.sampled_from(VALUES), min_size=min_size, max_size=20))
    offset = draw(st.integers(0, len(values)))
    valid = [value is not None for value in values]
    validity = bitmap(valid) if draw(st.booleans()) or not all(valid) else None
    texts = [value or b"" for value in values]
    if format == b"n":
        return Column(format, [None] * len(values), offset, [])
    if format == b"I":
        numbers = [draw(st.sampled_from(NUMBERS)) for _ in values]
        return Column(format, [number if good else None for number, good in zip(numbers, valid)], offset,
                      [validity, packed(numbers, 4)])
    if format == b"w":
        width = draw(st.sampled_from([0, 3, 4, 9, 16]))
        texts = [text.ljust(width, b".")[:width] for text in texts]
        return Column(b"w:%d" % width, [text if good else None for text, good in zip(texts, valid)], offset,
                      [validity, b"".join(texts)])
    if format in (b"vu", b"vz"):
        buffers = [b"", b""]
        views = b""
        for text in texts:
            if len(text) <= 12:
                views += packed([len(text)], 4) + text.ljust(12, b"\0")
                continue
            buffer = draw(st.integers(0, 1))
            views += packed([len(text)], 4) + text[:4] + packed([buffer, len(buffers[buffer])], 4)
            buffers[buffer] += text
        return Column(format, values, offset, [validity, views, *buffers, packed([len(data) for data in buffers], 8)])
    ends = [draw(st.integers(0, 9))]
    for text in texts:
        ends.append(ends[-1] + len(text))
    width = 4 if format in (b"u", b"z") else 8
    return Column(format, values, offset, [validity, packed(ends, width), b"#" * ends[0] + b"".join(texts)])


@st.composite
def columns(draw):
    """A column; one of a dictionary, or of a table."""
    column = draw(plain_columns())
    kind = draw(st.sampled_from(["plain", "plain", "dictionary", "table"]))
    if kind == "dictionary" and column.values:
        format = draw(st.sampled_from(sorted(INDEX_FORMATS)))
        indices = draw(st.lists(st.integers(0, len(column.values) - 1), max_size=20))
        offset = draw(st.integers(0, len(indices)))
        column = Column(format, [column.values[index] for index in indices], offset,
                        [None, packed(indices, INDEX_FORMATS[format])], column)
    elif kind == "table":
        offset = draw(st.integers(0, len(column.values)))
        column = Column(b"+s", column.values, offset, [None], child=column)
    return column


def spoil_numbers(draw, data, width, last_is_limit):
    """Changes a number of a buffer. That the last offset is past the end of the text cannot be found."""
    if not data:
        return data
    n = len(data) // width
    at = draw(st.integers(0, n - 1))
    old = int.from_bytes(data[at * width:][:width], "little", signed=True)
    number = draw(st.one_of(st.integers(-2, 400), st.sampled_from([2**31 - 1, -2**31, 2**63 - 1, -2**63, 40000])))
    if last_is_limit and at == n - 1:
        number = min(number, old)
    return data[:at * width] + packed([number], width) + data[(at + 1) * width:]


def spoil(draw, column):
    """Damages a column in a way that can be found without the sizes of its buffers."""
    part = draw(st.sampled_from([part for part in (column, column.dictionary, column.child) if part]))
    wide = part.format in (b"vu", b"vz")
    kind = draw(st.sampled_from(["numbers"] * 6 + ["buffer", "n_buffers", "length", "offset", "format", "pointer", "null_count"]))
    if kind == "buffer" and part.buffers:
        part.buffers[draw(st.integers(0, len(part.buffers) - 1))] = None
    elif kind == "n_buffers":
        part.changes.append(("array", "n_buffers", draw(st.sampled_from([-1, 0, 1]))))
    elif kind == "length":
        part.changes.append(("array", "length", draw(st.sampled_from([*HUGE, 0, len(part.values) // 2]))))
    elif kind == "offset":
        part.changes.append(("array", "offset", draw(st.sampled_from(HUGE))))
    elif kind == "format":
        part.changes.append(("schema", "format", draw(st.sampled_from(BAD_FORMATS))))
    elif kind == "pointer":
        part.changes.append(draw(st.sampled_from([
            ("array", "buffers", None), ("array", "children", None), ("schema", "children", None),
            ("array", "dictionary", None), ("schema", "n_children", 0), ("array", "n_children", 0)])))
    elif kind == "null_count":
        part.changes.append(("array", "null_count", draw(st.integers(-3, 30))))
    elif kind == "numbers" and len(part.buffers) > 1 and part.buffers[1] and not part.format.startswith((b"w", b"I")):
        if wide and draw(st.booleans()) and part.buffers[-1]:
            sizes = part.buffers[-1]  # smaller ones only
            part.buffers[-1] = packed([draw(st.integers(-1, int.from_bytes(sizes[i:i + 8], "little")))
                                       for i in range(0, len(sizes), 8)], 8)
        else:
            width = 4 if wide else INDEX_FORMATS[part.format] if part.dictionary else 8 if part.format in b"UZ" else 4
            part.buffers[1] = spoil_numbers(draw, part.buffers[1], width, not wide and not part.dictionary)


@st.composite
def damaged_columns(draw):
    column = draw(columns())
    for _ in range(draw(st.integers(1, 3))):
        spoil(draw, column)
    return column


def expected(function, values):
    """The results of a list, whose values are read in another way."""
    return function(values).to_pylist()


def is_text(column):
    while column.dictionary or column.child:
        column = column.dictionary or column.child
    return column.format[-1:] in b"uUzZn" or column.format.startswith(b"w")


@settings(max_examples=150)
@given(columns())
def test_columns_have_the_results_of_their_values(column):
    if not is_text(column):
        assert simdinet.format(column.producer()).to_pylist() == expected(simdinet.format, column.values)
        return
    for function in TEXT_FUNCTIONS:
        made = column.producer()
        assert function(made).to_pylist() == expected(function, column.values), function
        assert sorted(made.released) == ["Array", "Schema"]


def offsets_out_of_order(format, width):
    """The first and the last offset are right."""
    return Column(format, [b"", b"1.2.3.4", b""], 0, [None, packed([0, 40000, 40007, 7], width), b"1.2.3.4"])


@settings(max_examples=400)
@given(damaged_columns())
@example(offsets_out_of_order(b"u", 4))
@example(offsets_out_of_order(b"Z", 8))
def test_damage_is_found_or_harmless(column):
    for function in TEXT_FUNCTIONS + ADDRESS_FUNCTIONS:
        made = column.producer()
        with contextlib.suppress(ValueError, TypeError, MemoryError):
            result = function(made)
            assert len(result) == made.array.length == len(result.to_pylist())
        assert sorted(made.released) == ["Array", "Schema"]
