# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet.open: files in pieces of any size, compressed or not."""
import bz2
import gzip
import io
import lzma
import random

import lz4.frame
import polars as pl
import pyarrow as pa
import pytest
import zstandard

import simdinet


def log(n, seed=1):
    r = random.Random(seed)
    lines = []
    for i in range(n):
        address = simdinet.format(r.getrandbits(32)) if i % 3 else f"[2001:db8::{r.getrandbits(16):x}]:443"
        lines.append(f"{address} - - [{i}] \"GET /v1.2.3.{i} HTTP/1.1\" {'x' * r.randrange(200)} 1.2.3.4.5 ::{i:x}\n")
    return "".join(lines).encode()


def rows(matches):
    return [row for batch in matches for row in batch.to_pylist()]


TEXT = log(2000)
COMPRESS = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip of two members": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
    "zstd": zstandard.compress,
    "lz4": lz4.frame.compress,
    "lz4 of two frames": lambda data: lz4.frame.compress(data[:1000]) + lz4.frame.compress(data[1000:]),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "zstd of two frames": lambda data: zstandard.compress(data[:1000]) + zstandard.compress(data[1000:]),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("compress", COMPRESS.values(), ids=COMPRESS)
@pytest.mark.parametrize("size", [100_000, 4096, 1 << 24])
def test_all_kinds_of_files(tmp_path, compress, size):
    path = tmp_path / "log"
    path.write_bytes(compress(TEXT))
    want = simdinet.scan(TEXT).to_pylist()
    assert len(want) > 3000
    for file in (path, str(path), open(path, "rb"), io.BytesIO(compress(TEXT))):
        with simdinet.open(file, size=size) as matches:
            assert rows(matches) == want


@pytest.mark.parametrize("flags", [simdinet.Scan.IPV4 | simdinet.Scan.IPV6, simdinet.Scan.IPV6,
                                   simdinet.Scan.IPV4 | simdinet.Scan.IPV6 | simdinet.Scan.DEFANGED])
@pytest.mark.parametrize("size", range(1, 60, 7))
def test_where_the_text_is_cut_does_not_matter(size, flags):
    text = log(30) + b"192[.]0[.]2[.]1 hxxp 2001[:]db8::1 " + log(5, seed=2)
    assert rows(simdinet.open(io.BytesIO(text), flags=flags, size=size)) == simdinet.scan(text, flags=flags).to_pylist()


def test_versions():
    text = b"Chrome/120.0.0.0 192.0.2.1"
    assert [row["offset"] for row in rows(simdinet.open(io.BytesIO(text)))] == [17]
    assert [row["offset"] for row in rows(simdinet.open(io.BytesIO(text), versions=True, size=5))] == [7, 17]


def test_files_that_return_few_bytes():
    class Slow:
        def __init__(self, data):
            self.file = io.BytesIO(data)

        def read(self, n):
            return self.file.read(min(n, 3))

    want = simdinet.scan(TEXT[:3000]).to_pylist()
    assert rows(simdinet.open(Slow(TEXT[:3000]))) == want
    assert rows(simdinet.open(Slow(gzip.compress(TEXT[:3000])))) == want


def test_arrow_streams():
    want = simdinet.scan(TEXT).to_pylist()
    assert pa.RecordBatchReader.from_stream(simdinet.open(io.BytesIO(TEXT))).read_all().to_pylist() == want
    assert pl.DataFrame(simdinet.open(io.BytesIO(TEXT), size=5000)).to_dicts() == want
    assert pa.schema(simdinet.open(io.BytesIO(TEXT))).names == list(want[0])

    class Broken:
        def read(self, n):
            raise OSError(5, "the disk is on fire")

    with pytest.raises(OSError, match="the disk is on fire"):
        pa.RecordBatchReader.from_stream(simdinet.open(Broken())).read_all()


def test_empty_and_short_files():
    for data in (b"", b"x", b"1.2.3.4", b"\x1f", b"\n"):
        assert rows(simdinet.open(io.BytesIO(data))) == simdinet.scan(data).to_pylist()


def test_errors(tmp_path):
    with pytest.raises(FileNotFoundError):
        simdinet.open(tmp_path / "missing")
    with pytest.raises(TypeError):
        simdinet.open(5)
    with pytest.raises(ValueError):
        simdinet.open(io.BytesIO(), size=0)
    with pytest.raises(TypeError, match="binary file"):
        next(simdinet.open(io.StringIO("x")))
    found = []
    with pytest.raises(EOFError):
        for batch in simdinet.open(io.BytesIO(gzip.compress(TEXT)[:-20]), size=1000):
            found += batch.to_pylist()
    assert found == simdinet.scan(TEXT).to_pylist()[:len(found)] and len(found) > 1000


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress,
                                      lambda data: lz4.frame.compress(data, content_checksum=True)])
def test_damaged_data(compress):
    """No end of the data is lost without an error."""
    data = compress(TEXT)
    for cut in (1, 5, len(data) // 2, len(data) - 7):
        with pytest.raises(EOFError):
            rows(simdinet.open(io.BytesIO(data[:-cut])))
    damaged = bytearray(data)
    damaged[len(data) // 2:len(data) // 2 + 8] = bytes(8)
    with pytest.raises((OSError, EOFError)):
        rows(simdinet.open(io.BytesIO(damaged)))


def test_frames_of_zstd():
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    large = b"\x5f\x2a\x4d\x18" + (100_000).to_bytes(4, "little") + bytes(100_000)
    for compress in (zstandard.compress, lz4.frame.compress):
        data = skippable + large + compress(TEXT[:7000]) + large + compress(TEXT[7000:]) + skippable
        assert rows(simdinet.open(io.BytesIO(data))) == simdinet.scan(TEXT).to_pylist()
    assert rows(simdinet.open(io.BytesIO(skippable))) == []
    for cut in (1, 4, 7):
        with pytest.raises(EOFError):
            rows(simdinet.open(io.BytesIO(skippable[:-cut])))
    with pytest.raises(OSError, match="skippable"):
        rows(simdinet.open(io.BytesIO(skippable + b"192.0.2.1")))


@pytest.mark.parametrize("head", [
    b"\x02\x21\x4c\x18", b"\x1f\x9d\x90", b"\x89LZO\0", b"LZIP\x01", b"\xff\x06\0\0sNaPpY", b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07\0", "\ufeffx".encode("utf-16-le"), "\ufeffx".encode("utf-16-be"), "\ufeffx".encode("utf-32-le"),
    "\ufeffx".encode("utf-32-be"), b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a"])
def test_what_is_not_read(head):
    """The addresses in such files are not text: they would be missed."""
    with pytest.raises(OSError, match="cannot be read"):
        rows(simdinet.open(io.BytesIO(head + b" 192.0.2.1 ")))


def test_errors_of_the_file_pass():
    """What read raises is not taken for damaged data."""
    for compress in (gzip.compress, lzma.compress, zstandard.compress, bz2.compress):
        class Broken(io.BytesIO):
            def read(self, n=-1):
                if self.tell() > 20:
                    raise error("of the file")
                return super().read(min(n, 20))

        for error in (MemoryError, ValueError, KeyError, ZeroDivisionError):
            with pytest.raises(error):
                rows(simdinet.open(Broken(compress(TEXT))))


def test_what_is_not_compressed():
    for text in (b"BZh 192.0.2.1", b"BZh9 192.0.2.1", b"PK 192.0.2.1", b"P*M 192.0.2.1", b"\n\r\n 192.0.2.1"):
        assert len(rows(simdinet.open(io.BytesIO(text)))) == 1
    assert len(rows(simdinet.open(io.BytesIO(b"192.0.2.1 ::1"), flags=7))) == 2
    assert len(rows(simdinet.open(io.BytesIO(b"")))) == 0

    class Reader:
        def __init__(self, *parts):
            self.parts = list(parts)

        def read(self, n):
            return self.parts.pop(0) if self.parts else b""

    assert len(rows(simdinet.open(Reader(bytearray(b"192.0."), memoryview(b"2.1 ::1"))))) == 2
    with pytest.raises(BlockingIOError):
        rows(simdinet.open(Reader(b"192.0.2.1 ", None)))
    with pytest.raises(TypeError, match="size"):
        simdinet.open(io.BytesIO(), size=None)


def test_files_are_closed(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(TEXT)
    matches = simdinet.open(path)
    assert rows(matches) and matches._file.closed


def test_closing(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(TEXT)
    matches = simdinet.open(path, size=1000)
    next(matches)
    matches.close()
    with pytest.raises(ValueError, match="the matches are closed"):
        list(matches)
    with open(path, "rb") as file:
        simdinet.open(file).close()
        assert not file.closed
