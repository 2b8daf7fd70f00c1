# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Arrow arrays that no library makes: the structs of the C interface, built with ctypes."""
import ctypes
import errno

import pytest

import simdinet


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
Schema._fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p),
                   ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
                   ("children", ctypes.POINTER(ctypes.POINTER(Schema))), ("dictionary", ctypes.POINTER(Schema)),
                   ("release", RELEASE_SCHEMA), ("private_data", ctypes.c_void_p)]
Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
                  ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
                  ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.POINTER(ctypes.POINTER(Array))),
                  ("dictionary", ctypes.POINTER(Array)), ("release", RELEASE_ARRAY), ("private_data", ctypes.c_void_p)]

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Producer:
    """An object with the PyCapsule interface; counts its releases."""

    def __init__(self, format, length, buffers, offset=0, null_count=-1, n_buffers=None, dictionary=None, children=()):
        self.released = []
        self.keep = [buffers, dictionary, children]
        self.release_schema = RELEASE_SCHEMA(self.on_release)
        self.release_array = RELEASE_ARRAY(self.on_release)
        pointers = (ctypes.c_void_p * max(len(buffers), 1))(*[
            None if buffer is None else buffer if isinstance(buffer, int) else ctypes.addressof(buffer)
            for buffer in buffers])
        schemas = (ctypes.POINTER(Schema) * max(len(children), 1))(*[ctypes.pointer(c.schema) for c in children])
        arrays = (ctypes.POINTER(Array) * max(len(children), 1))(*[ctypes.pointer(c.array) for c in children])
        self.schema = Schema(format, b"", None, 2, len(children), schemas, None, self.release_schema, None)
        self.array = Array(length, null_count, offset, len(buffers) if n_buffers is None else n_buffers, len(children),
                           pointers, arrays, None, self.release_array, None)
        if dictionary is not None:
            self.schema.dictionary = ctypes.pointer(dictionary.schema)
            self.array.dictionary = ctypes.pointer(dictionary.array)

    def on_release(self, struct):
        self.released.append(type(struct.contents).__name__)
        struct.contents.release = type(struct.contents.release)()

    def __arrow_c_array__(self, requested_schema=None):
        return (new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None),
                new_capsule(ctypes.addressof(self.array), b"arrow_array", None))


def text(value):
    return ctypes.create_string_buffer(value, len(value))


def int32(*values):
    return (ctypes.c_int32 * len(values))(*values)


def int64(*values):
    return (ctypes.c_int64 * len(values))(*values)


def changed(producer, struct, name, value):
    setattr(getattr(producer, struct), name, value)
    return producer


def without_child(producer, struct):
    getattr(producer, struct).children[0] = None
    return producer


def parse(producer):
    result = simdinet.parse_ipv4(producer).to_pylist()
    assert sorted(producer.released) == ["Array", "Schema"]
    return result


@pytest.mark.parametrize("format, buffers", [
    (b"u", [None, None, None]), (b"U", [None, None, None]), (b"vu", [None, None, None]), (b"w:7", [None, None]),
    (b"u", [None, int32(0), None]), (b"vu", [None, None, None, None])])
def test_empty_arrays_without_buffers(format, buffers):
    assert parse(Producer(format, 0, buffers)) == []
    assert parse(Producer(b"n", 0, [])) == []


def test_arrays_of_nulls():
    assert parse(Producer(b"n", 3, [])) == [None] * 3
    assert simdinet.is_ipv4(Producer(b"n", 300, [])).null_count == 300
    assert simdinet.scan_lines(Producer(b"n", 3, [])).to_pylist() == [None] * 3


def test_offsets_that_do_not_begin_at_0():
    data = text(b"....1.2.3.4" b"x" b"5.6.7.8")
    assert parse(Producer(b"u", 3, [None, int32(4, 11, 12, 19), data])) == [b"\1\2\3\4", None, b"\5\6\7\x08"]
    assert parse(Producer(b"U", 3, [None, int64(4, 11, 12, 19), data])) == [b"\1\2\3\4", None, b"\5\6\7\x08"]
    assert parse(Producer(b"u", 1, [None, int32(4, 11, 12, 19), data], offset=2)) == [b"\5\6\7\x08"]
    assert parse(Producer(b"u", 3, [None, int32(0, 0, 0, 0), None])) == [None] * 3


@pytest.mark.parametrize("shift", range(1, 8))
def test_misaligned_buffers(shift):
    data = text(b"1.2.3.4" b"x" b"5.6.7.8")
    for format, kind, size in ((b"u", int32, 4), (b"U", int64, 8)):
        raw = ctypes.create_string_buffer(bytes(shift) + bytes(kind(0, 7, 8, 15)), shift + 4 * size)
        address = ctypes.addressof(raw) + shift
        producer = Producer(format, 3, [None, address, data])
        producer.keep.append(raw)
        assert parse(producer) == [b"\1\2\3\4", None, b"\5\6\7\x08"]
    views = b"".join(len(value).to_bytes(4, "little") + value.ljust(12, b"\0") for value in (b"1.2.3.4", b"x"))
    raw = ctypes.create_string_buffer(bytes(shift) + views, shift + 32)
    producer = Producer(b"vu", 2, [None, ctypes.addressof(raw) + shift, None])
    producer.keep.append(raw)
    assert parse(producer) == [b"\1\2\3\4", None]


def test_a_bitmap_from_any_bit_on():
    data = text(b"1.2.3.4" * 40)
    offsets = int32(*range(0, 7 * 41, 7))
    bitmap = (ctypes.c_uint8 * 5)(0b10110111, 0b01011101, 0xAA, 0x0F, 0xF0)
    bits = [bool(bitmap[i // 8] >> i % 8 & 1) for i in range(40)]
    for offset in range(20):
        for length in (0, 1, 7, 8, 9, 20):
            got = parse(Producer(b"u", length, [bitmap, offsets, data], offset=offset))
            assert [value is not None for value in got] == bits[offset:offset + length]
            got = simdinet.is_ipv4(Producer(b"u", length, [bitmap, offsets, data], offset=offset)).to_pylist()
            assert got == [True if bit else None for bit in bits[offset:offset + length]]


@pytest.mark.parametrize("producer", [
    lambda: Producer(b"u", -1, [None, int32(0, 1), text(b"x")]),
    lambda: Producer(b"u", 1, [None, int32(0, 1), text(b"x")], offset=-1),
    lambda: Producer(b"u", 2**62, [None, int32(0, 1), text(b"x")], offset=2**62),
    lambda: Producer(b"u", 1, [None, None, text(b"x")]),
    lambda: Producer(b"u", 1, [None, int32(0, 1), None]),
    lambda: Producer(b"u", 1, [None, int32(5, 1), text(b"x")]),
    lambda: Producer(b"u", 1, [None, int32(-1, 1), text(b"x")]),
    lambda: Producer(b"u", 3, [None, int32(0, 40000, 40007, 7), text(b"1.2.3.4")]),
    lambda: Producer(b"U", 3, [None, int64(0, 40000, 40007, 7), text(b"1.2.3.4")]),
    lambda: Producer(b"u", 2, [None, int32(0, -40000, 7), text(b"1.2.3.4")]),
    lambda: changed(Producer(b"+s", 1, [None], children=[Producer(b"n", 1, [])]), "schema", "children", None),
    lambda: changed(Producer(b"+s", 1, [None], children=[Producer(b"n", 1, [])]), "array", "children", None),
    lambda: without_child(Producer(b"+s", 1, [None], children=[Producer(b"n", 1, [])]), "schema"),
    lambda: without_child(Producer(b"+s", 1, [None], children=[Producer(b"n", 1, [])]), "array"),
    lambda: changed(Producer(b"i", 1, [None, int32(0)], dictionary=Producer(b"n", 1, [])), "array", "dictionary", None),
    lambda: Producer(b"u", 1, [None, int32(0, 1)]),
    lambda: Producer(b"U", 1, [None, None, None]),
    lambda: Producer(b"w:4", 1, [None, None]),
    lambda: Producer(b"w:", 1, [None, text(b"x")]),
    lambda: Producer(b"w:-4", 1, [None, text(b"x")]),
    lambda: Producer(b"w:4x", 1, [None, text(b"xxxx")]),
    lambda: Producer(b"vu", 1, [None, None, None]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, 0, 0), None]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, 1, 0), text(b"x" * 13), int64(13)]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, -1, 0), text(b"x" * 13), int64(13)]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, 0, 1), text(b"x" * 13), int64(13)]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, 0, -1), text(b"x" * 13), int64(13)]),
    lambda: Producer(b"vu", 1, [None, int32(-1, 0, 0, 0), text(b"x" * 13), int64(13)]),
    lambda: Producer(b"vu", 1, [None, int32(13, 0, 0, 0), text(b"x" * 13), None]),
    lambda: Producer(b"i", 1, [None, int32(1)], dictionary=Producer(b"u", 1, [None, int32(0, 1), text(b"x")])),
    lambda: Producer(b"i", 1, [None, int32(-1)], dictionary=Producer(b"u", 1, [None, int32(0, 1), text(b"x")])),
    lambda: Producer(b"i", 1, [None, None], dictionary=Producer(b"u", 1, [None, int32(0, 1), text(b"x")])),
    lambda: Producer(b"+s", 2, [None], children=[Producer(b"u", 1, [None, int32(0, 1), text(b"x")])]),
    lambda: Producer(b"+s", 1, [None], offset=1, children=[Producer(b"u", 1, [None, int32(0, 1), text(b"x")])]),
])
def test_invalid_arrays(producer):
    for function in (simdinet.parse_ipv4, simdinet.is_ipv6, simdinet.scan_lines, simdinet.explain_column):
        bad = producer()
        with pytest.raises(ValueError, match="invalid Arrow array"):
            function(bad)
        assert sorted(bad.released) == ["Array", "Schema"]


def test_unsupported_formats():
    for format in (b"l", b"g", b"+l", b"", b"tdD"):
        bad = Producer(format, 1, [None, int64(1), None])
        with pytest.raises(TypeError):
            simdinet.parse_ipv4(bad)
        assert sorted(bad.released) == ["Array", "Schema"]


def test_views_of_several_buffers():
    long = b"2001:db8::ffff:192.0.2.1"
    views = b"".join([(7).to_bytes(4, "little") + b"1.2.3.4".ljust(12, b"\0"),
                      bytes(int32(24, 0, 1, 3)), bytes(int32(24, 0, 7, 3))])
    producer = Producer(b"vu", 3, [(ctypes.c_uint8 * 1)(0b011), ctypes.create_string_buffer(views, 48), text(b"x"),
                                   text(b"..." + long), int64(1, 27)])
    assert simdinet.format(simdinet.parse_mixed(producer)).to_pylist() == ["1.2.3.4", simdinet.canonical(long), None]


def test_wrong_capsules():
    class Wrong:
        def __init__(self, value):
            self.value = value

        def __arrow_c_array__(self, requested_schema=None):
            if isinstance(self.value, Exception):
                raise self.value
            return self.value

    capsules = Producer(b"n", 1, []).__arrow_c_array__()
    for value in (None, (), (1, 2), capsules[0], capsules[::-1]):
        with pytest.raises((TypeError, ValueError)):
            simdinet.parse_ipv4(Wrong(value))
    with pytest.raises(ZeroDivisionError):
        simdinet.parse_ipv4(Wrong(ZeroDivisionError()))
    producer = Producer(b"n", 1, [])
    assert simdinet.parse_ipv4(producer).to_pylist() == [None]
    with pytest.raises(ValueError, match="released"):
        simdinet.parse_ipv4(producer)


class Stream(ctypes.Structure):
    pass


GET_SCHEMA = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Schema))
GET_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Array))
GET_LAST_ERROR = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(Stream))
RELEASE_STREAM = ctypes.CFUNCTYPE(None, ctypes.POINTER(Stream))
Stream._fields_ = [("get_schema", GET_SCHEMA), ("get_next", GET_NEXT), ("get_last_error", GET_LAST_ERROR),
                   ("release", RELEASE_STREAM), ("private_data", ctypes.c_void_p)]


class FailingStream:
    """A stream that fails with a number at the schema, or at the array."""

    def __init__(self, number, message, at_schema):
        self.message = None if message is None else ctypes.create_string_buffer(message)
        self.release_schema = RELEASE_SCHEMA(self.on_release)
        self.stream = Stream(GET_SCHEMA(self.get_schema), GET_NEXT(lambda stream, out: number), GET_LAST_ERROR(self.get_last_error),
                             RELEASE_STREAM(lambda stream: None), None)
        self.number = number if at_schema else 0

    def get_schema(self, stream, out):
        if self.number == 0:
            out[0] = Schema(b"u", b"", None, 2, 0, None, None, self.release_schema, None)
        return self.number

    def on_release(self, struct):
        struct.contents.release = RELEASE_SCHEMA()

    def get_last_error(self, stream):
        return None if self.message is None else ctypes.addressof(self.message)

    def __arrow_c_stream__(self, requested_schema=None):
        return new_capsule(ctypes.addressof(self.stream), b"arrow_array_stream", None)


@pytest.mark.parametrize("at_schema", [True, False])
@pytest.mark.parametrize("number, kind", [
    (errno.EIO, OSError), (errno.ENOMEM, MemoryError), (errno.EINVAL, ValueError), (errno.ENOSYS, NotImplementedError),
    (errno.ECANCELED, OSError), (errno.EPERM, PermissionError), (errno.ENOENT, FileNotFoundError)])
def test_errors_of_streams(number, kind, at_schema):
    for message in (b"the reason", "Grüße".encode(), b"\xff", b"", None):
        with pytest.raises(kind) as caught:
            simdinet.parse_ipv4(FailingStream(number, message, at_schema))
        assert type(caught.value) is kind and "the Arrow stream failed: " in str(caught.value)
        if message:
            assert message.decode(errors="replace") in str(caught.value)
        if isinstance(caught.value, OSError):
            assert caught.value.errno == number


get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
get_pointer.restype = ctypes.c_void_p
get_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


@pytest.mark.parametrize("error, number, message", [
    (OSError(errno.EPERM, "no"), errno.EPERM, "PermissionError: [Errno 1] no"), (OSError("no"), errno.EIO, "OSError: no"),
    (MemoryError(), errno.ENOMEM, "MemoryError: "), (ValueError("x"), errno.EINVAL, "ValueError: x"),
    (NotImplementedError("x"), errno.ENOSYS, "NotImplementedError: x"), (KeyError("x"), errno.EIO, "KeyError: 'x'"),
    (EOFError("early"), errno.EIO, "EOFError: early"), (OSError("a", "b"), errno.EIO, "OSError: [Errno a] b"),
    (ValueError("\udc80"), errno.EINVAL, "an exception"),
    (ValueError("x" + "ü" * 300), errno.EINVAL, "ValueError: x" + "ü" * 249)])
def test_errors_of_a_file_in_a_stream(error, number, message):
    class Broken:
        def read(self, n):
            raise error

    capsule = simdinet.open(Broken()).__arrow_c_stream__()
    stream = Stream.from_address(get_pointer(capsule, b"arrow_array_stream"))
    array = Array()
    assert stream.get_next(ctypes.pointer(stream), ctypes.pointer(array)) == number
    assert ctypes.string_at(stream.get_last_error(ctypes.pointer(stream))).decode() == message
