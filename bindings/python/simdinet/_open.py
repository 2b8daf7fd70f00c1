# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Matches of logs of any size."""
import builtins
import io
import os

from . import _simdinet
from ._flags import Scan

_PARTIAL = 0x04
_CONTEXT = {False: 128, True: 1024}  # of scans, by Scan.DEFANGED
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}


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
            data = self.file.read(len(buffer)) or b""
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
    return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)


def _decompressed(file):
    """The file, or what it holds if it is compressed."""
    head = b""
    while len(head) < 6 and (more := file.read(6 - len(head))):
        if not isinstance(more, bytes):
            raise TypeError(f"a binary file is expected, but read returns {type(more).__name__}")
        head += more
    rest = io.BufferedReader(_Rest(head, file), 1 << 20)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if kind == "gzip":
        import gzip
        return gzip.GzipFile(fileobj=rest)
    if kind == "zstd":
        return _open_zstd(rest)
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
        context = _CONTEXT[bool(flags & Scan.DEFANGED)]
        data = _decompressed(self._file)
        pending, start, base = b"", 0, 0
        while True:
            more = data.read(size)
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

    file is a path, or an object whose method read(n) returns bytes. Data of gzip, zstd (with Python 3.14 or the package
    zstandard), bzip2 and xz is decompressed. flags and versions are those of scan. size is how many bytes are read at a time. What is found does not depend
    on it. Raises OSError, and EOFError if compressed data ends too early, after the matches before that.

    >>> with open("access.log.gz") as matches:
    ...     for batch in matches:
    ...         print(batch.field("family").to_pylist())
    [4, 6]
    """
    if size < 1:
        raise ValueError("size must be positive")
    owned = isinstance(file, (str, bytes, os.PathLike))
    if not owned and not hasattr(file, "read"):
        raise TypeError(f"file must be a path or have a method read, not {type(file).__name__}")
    return Matches(builtins.open(file, "rb") if owned else file, int(flags), versions, size, owned)
