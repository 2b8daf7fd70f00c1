# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Matches of logs of any size."""
import builtins
import io
import os
import re

from . import _simdinet
from ._flags import Scan

_PARTIAL = 0x04
_CONTEXT = {False: 128, True: 1024}  # of scans, by Scan.DEFANGED
_EARLY = "Compressed file ended before the end-of-stream marker was reached"
_HEAD = 12  # bytes that tell what a file is
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)  # a frame without data, of zstd or lz4
_KINDS = [(re.compile(magic, re.DOTALL), kind) for magic, kind in (
    (rb"\x1f\x8b", "gzip"), (rb"\x28\xb5\x2f\xfd", "zstd"), (rb"\x04\x22\x4d\x18", "lz4"),
    (rb"BZh[1-9](1AY&SY|\x17rE8P\x90|.{0,5}\Z)", "bzip2"), (rb"\xfd7zXZ\0|\x5d\0\0", "xz"))]
_UNSUPPORTED = [(re.compile(magic, re.DOTALL), what) for magic, what in (
    (rb"\x02\x21\x4c\x18", "legacy lz4 data"), (rb"\x1f\x9d", "compress (.Z) data"), (rb"\x89LZO", "lzop data"),
    (rb"LZIP\x01", "lzip data"), (rb"\xff\x06\0\0sNaPpY", "snappy data"), (rb"PK\x03\x04", "zip archives"),
    (rb"7z\xbc\xaf", "7z archives"), (rb"Rar!\x1a\x07", "rar archives"),
    (rb"\xff\xfe\0\0|\0\0\xfe\xff", "UTF-32 text"), (rb"\xff\xfe|\xfe\xff", "UTF-16 text"),
    (rb"\xa1\xb2[\xc3\x3c][\xd4\x4d]|[\xd4\x4d][\xc3\x3c]\xb2\xa1|\x0a\x0d\x0d\x0a", "packet captures"))]


def _read(file, n):
    """Up to n bytes; none at the end."""
    data = file.read(n)
    if data is None:
        raise BlockingIOError("the file has no data yet, and does not block")
    try:
        return b"" + data
    except TypeError:
        raise TypeError(f"a binary file is expected, but read returns {type(data).__name__}") from None


class _Rest(io.RawIOBase):
    """A file from its beginning, of which some bytes have been read."""

    def __init__(self, head, file):
        self.head = head
        self.file = file

    def readable(self):
        return True

    def readinto(self, buffer):
        data, self.head = self.head[:len(buffer)], self.head[len(buffer):]
        if not data:
            data = _read(self.file, len(buffer))
        buffer[:len(data)] = data
        return len(data)


_INPUT = 1 << 12  # bytes that are decompressed at a time, without a limit of what becomes of them


class _Frames(io.RawIOBase):
    """The data of a file of compressed frames, one after the other. decompressor() makes one of the interface that bz2,
    lzma, zstandard and lz4.frame have in common, without a limit of output; errors are the exceptions of damaged data."""

    def __init__(self, file, decompressor, errors):
        self.file = file
        self.make = decompressor
        self.errors = errors
        self.frame = None
        self.data = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self.data:
            if self.frame is None or self.frame.eof:
                more = getattr(self.frame, "unused_data", b"") or self.file.read(_INPUT)
                if not more:
                    return 0
                self.frame = self.make()
            elif not (more := self.file.read(_INPUT)):
                raise EOFError(_EARLY)
            try:
                self.data = self.frame.decompress(more)
            except self.errors as error:
                raise OSError(f"damaged compressed data: {error}") from error
        data, self.data = self.data[:len(buffer)], self.data[len(buffer):]
        buffer[:len(data)] = data
        return len(data)


def _open_zstd(file):
    try:
        from compression import zstd
        return zstd.ZstdFile(file), zstd.ZstdError
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise OSError("zstd data needs Python 3.14 or the package zstandard") from None
    return _Frames(file, lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError), ()


def _open_lz4(file):
    try:
        import lz4.frame
    except ImportError:
        raise OSError("lz4 data needs the package lz4") from None
    return _Frames(file, lz4.frame.LZ4FrameDecompressor, RuntimeError), ()


def _fill(file, head):
    """head and what follows it in the file, _HEAD bytes or more; fewer at the end."""
    while len(head) < _HEAD and (more := _read(file, _HEAD - len(head))):
        head += more
    return head


def _skip(file, head, n):
    """The head of what is left of a file after n bytes."""
    while n > len(head):
        n -= len(head)
        head = _read(file, min(n, 1 << 16))
        if not head:
            raise EOFError(_EARLY)
    return _fill(file, head[n:])


def _decompressed(file):
    """A file of what a file holds, decompressed if it is compressed; and the exceptions of damaged data."""
    head = _fill(file, b"")
    skipped = False
    while _SKIPPABLE.match(head):
        skipped = True
        head = _skip(file, head, 8 + int.from_bytes(head[4:8], "little"))
    kind = next((kind for magic, kind in _KINDS if magic.match(head)), None)
    if skipped and head and kind not in ("zstd", "lz4"):
        raise OSError("damaged compressed data: neither zstd nor lz4 after a skippable frame")
    if what := next((what for magic, what in _UNSUPPORTED if magic.match(head)), None):
        raise OSError(f"{what} cannot be read")
    rest = io.BufferedReader(_Rest(head, file), 1 << 20)
    if kind == "gzip":
        import gzip
        import zlib
        return gzip.GzipFile(fileobj=rest), zlib.error
    if kind == "zstd":
        return _open_zstd(rest)
    if kind == "lz4":
        return _open_lz4(rest)
    if kind == "bzip2":
        import bz2
        return bz2.BZ2File(rest), ()
    if kind == "xz":
        import lzma
        return lzma.LZMAFile(rest), lzma.LZMAError
    return rest, ()


class Matches:
    """The matches of a file: an iterator of Arrays of structs, as scan returns them, with offsets in the
    decompressed file. Consumers of Arrow streams (pyarrow.RecordBatchReader.from_stream, polars.DataFrame) read it,
    once, without holding more than a batch. A context manager that closes the file, if open opened it.
    """

    def __init__(self, file, flags, versions, size, owned):
        self._file = file
        self._owned = owned
        self._closed = False
        self._batches = self._scan(flags, versions, size)

    def _scan(self, flags, versions, size):
        try:
            yield from self._scan_file(flags, versions, size)
        finally:
            if self._owned:
                self._file.close()

    def _scan_file(self, flags, versions, size):
        context = _CONTEXT[bool(flags & Scan.DEFANGED)]
        data, errors = _decompressed(self._file)
        pending, start, base = b"", 0, 0
        while True:
            try:
                more = data.read(size)
            except errors as error:
                raise OSError(f"damaged compressed data: {error}") from error
            text = pending + more
            partial = _PARTIAL if more else 0
            matches, consumed = _simdinet.scan_part(text, start, base, flags | partial, versions)
            if len(matches):
                yield matches
            if not more:
                return
            keep = max(consumed - context, 0)
            pending, start, base = text[keep:], consumed - keep, base + keep

    def __iter__(self):
        return self

    def __next__(self):
        self._check_open()
        return next(self._batches)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Ends the iteration, and closes the file that open opened. Reading matches then raises ValueError."""
        self._closed = True
        self._batches.close()
        if self._owned:
            self._file.close()

    def __arrow_c_schema__(self):
        return _simdinet.scan(b"").__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema=None):
        self._check_open()
        return _simdinet.stream_of_iterator(self._batches)

    def _check_open(self):
        if self._closed:
            raise ValueError("the matches are closed")


def open(file, /, *, flags=Scan.IPV4 | Scan.IPV6, versions=False, size=1 << 20):
    """The matches of a log of any size, batch by batch: Matches.

    file is a path, or an object whose method read(n) returns bytes. Data of gzip, bzip2, xz, zstd (with Python 3.14 or the
    package zstandard) and lz4 (with the package lz4) is decompressed. flags and versions are those of scan. size is how many
    bytes are read at a time; what is found does not depend on it. Raises OSError, also for damaged data and for what is
    known and not read (zip, 7z, rar, .Z, UTF-16, packet captures), and EOFError if compressed data ends too early, after
    the matches before that.

    >>> with open("access.log.gz") as matches:
    ...     for batch in matches:
    ...         print(batch.field("family").to_pylist())
    [4, 6]
    """
    if not isinstance(size, int):
        raise TypeError(f"size must be int, not {type(size).__name__}")
    if size < 1:
        raise ValueError("size must be positive")
    owned = isinstance(file, (str, bytes, os.PathLike))
    if not owned and not hasattr(file, "read"):
        raise TypeError(f"file must be a path or have a method read, not {type(file).__name__}")
    return Matches(builtins.open(file, "rb") if owned else file, int(flags) & ~_PARTIAL, versions, size, owned)
