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
_KINDS = [(re.compile(magic, re.DOTALL), kind) for magic, kind in (
    (rb"\x1f\x8b", "gzip"), (rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", "zstd"), (rb"BZh[1-9]", "bzip2"),
    (rb"\xfd7zXZ\0", "xz"), (rb"\x04\x22\x4d\x18", "lz4"))]


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
            data = self.file.read(len(buffer))
            if data is None:
                raise BlockingIOError("the file has no data yet, and does not block")
        buffer[:len(data)] = data
        return len(data)


_INPUT = 1 << 12  # bytes that are decompressed at a time, without a limit of what becomes of them


class _Frames(io.RawIOBase):
    """The data of a file of compressed frames, one after the other. decompressor() makes one of the interface that bz2,
    lzma, zstandard and lz4.frame have in common, without a limit of output."""

    def __init__(self, file, decompressor):
        self.file = file
        self.make = decompressor
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
                raise EOFError("Compressed file ended before the end-of-stream marker was reached")
            try:
                self.data = self.frame.decompress(more)
            except Exception as error:
                raise OSError(f"damaged compressed data: {error}") from error
        data, self.data = self.data[:len(buffer)], self.data[len(buffer):]
        buffer[:len(data)] = data
        return len(data)


def _open_zstd(file):
    try:
        from compression import zstd
        return zstd.ZstdFile(file)
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise OSError("zstd data needs Python 3.14 or the package zstandard") from None
    return _Frames(file, lambda: zstandard.ZstdDecompressor().decompressobj())


def _open_lz4(file):
    try:
        import lz4.frame
    except ImportError:
        raise OSError("lz4 data needs the package lz4") from None
    return _Frames(file, lz4.frame.LZ4FrameDecompressor)


def _decompressed(file):
    """The file, or what it holds if it is compressed."""
    head = b""
    while len(head) < 6 and (more := file.read(6 - len(head))):
        try:
            head += more
        except TypeError:
            raise TypeError(f"a binary file is expected, but read returns {type(more).__name__}") from None
    rest = io.BufferedReader(_Rest(head, file), 1 << 20)
    kind = next((kind for magic, kind in _KINDS if magic.match(head)), None)
    if kind == "gzip":
        import gzip
        return gzip.GzipFile(fileobj=rest)
    if kind == "zstd":
        return _open_zstd(rest)
    if kind == "lz4":
        return _open_lz4(rest)
    if kind == "bzip2":
        import bz2
        return bz2.BZ2File(rest)
    if kind == "xz":
        import lzma
        return lzma.LZMAFile(rest)
    return rest


class Matches:
    """The matches of a file: an iterator of Arrays of structs, as scan returns them, with offsets in the
    decompressed file. Consumers of Arrow streams (pyarrow.RecordBatchReader.from_stream, polars.DataFrame) read it,
    once, without holding more than a batch. A context manager that closes the file, if open opened it.
    """

    def __init__(self, file, flags, versions, size, owned):
        self._file = file
        self._owned = owned
        self._batches = self._scan(flags, versions, size)

    def _scan(self, flags, versions, size):
        try:
            yield from self._scan_file(flags, versions, size)
        finally:
            if self._owned:
                self._file.close()

    def _scan_file(self, flags, versions, size):
        context = _CONTEXT[bool(flags & Scan.DEFANGED)]
        data = _decompressed(self._file)
        pending, start, base = b"", 0, 0
        while True:
            try:
                more = data.read(size)
            except Exception as error:
                if type(error).__name__ not in ("LZMAError", "ZstdError", "error"):
                    raise
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
        return next(self._batches)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Ends the iteration, and closes the file that open opened."""
        self._batches.close()
        if self._owned:
            self._file.close()

    def __arrow_c_schema__(self):
        return _simdinet.scan(b"").__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema=None):
        return _simdinet.stream_of_iterator(self._batches)


def open(file, /, *, flags=Scan.IPV4 | Scan.IPV6, versions=False, size=1 << 20):
    """The matches of a log of any size, batch by batch: Matches.

    file is a path, or an object whose method read(n) returns bytes. Data of gzip, bzip2, xz, zstd (with Python 3.14 or the
    package zstandard) and lz4 (with the package lz4) is decompressed. flags and versions are those of scan. size is how many
    bytes are read at a time; what is found does not depend on it. Raises OSError, also for damaged data, and EOFError if
    compressed data ends too early, after the matches before that.

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
