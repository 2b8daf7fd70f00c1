# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Files that Spark reads as lines of text although they are not: Hadoop decompresses a file by its name, not by its
first bytes."""
import pyarrow
import pyarrow.compute

from .._open import _KINDS, _UNSUPPORTED

# The first two bytes of compressed data, UTF-16 and packet captures. pcapng begins with a line feed.
_SUSPECT = pyarrow.array([b"\x1f\x8b", b"\x28\xb5", b"\x04\x22", b"BZ", b"\xfd7", b"\x5d\0", b"\x02\x21", b"\x1f\x9d",
                          b"\x89L", b"LZ", b"\xff\x06", b"PK", b"7z", b"Ra", b"\xff\xfe", b"\xfe\xff", b"\0\0", b"\xa1\xb2",
                          b"\xd4\xc3", b"\x4d\x3c", b"\r\r"], pyarrow.binary())
_NAMES = (".gz", ".bz2", ".deflate", ".zst", ".snappy")  # that Hadoop has a codec for
_HEAD = 16


class _Watch:
    """Adds 1 to an accumulator if a line begins as such a file does."""

    def __init__(self, accumulator):
        self.accumulator = accumulator

    def __call__(self, column):
        heads = pyarrow.compute.binary_slice(column.cast(pyarrow.binary()), 0, 2)
        if pyarrow.compute.any(pyarrow.compute.is_in(heads, value_set=_SUSPECT)).as_py():
            self.accumulator.add(1)


class FileWatch:
    """Whether the files of a frame are text. Tasks look at lines, and only if one is suspect are the files opened."""

    def __init__(self, spark, frame):
        self.spark, self.frame = spark, frame
        self.accumulator = spark.sparkContext.accumulator(0)

    def of_tasks(self):
        return _Watch(self.accumulator)

    def _head(self, name):
        jvm = self.spark.sparkContext._jvm
        path = jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(name))
        stream = path.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration()).open(path)
        try:
            return bytes(stream.readNBytes(_HEAD))
        finally:
            stream.close()

    def check(self):
        """Raises ValueError with the name of a file that is not text."""
        if not self.accumulator.value:
            return
        for name in self.frame.inputFiles():
            if name.endswith(_NAMES):
                continue
            head = self._head(name)
            for magic, what in _KINDS:
                if magic.match(head):
                    raise ValueError(f"{name}: {what} data, which Spark reads as text: Hadoop decompresses a file by its name")
            for magic, what in _UNSUPPORTED:
                if magic.match(head):
                    raise ValueError(f"{name}: {what} cannot be read")
