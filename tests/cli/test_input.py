# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Input: compressed data, UTF-16, and descriptors that are closed, shared, or the output."""
import bz2
import gzip
import lzma
import os
import pathlib
import re
import struct
import subprocess
import time
import types
import zlib

import pytest
from cli_support import equal, lz4_frame, zstd_frame


def lzma_alone(text):
    return lzma.compress(text, format=lzma.FORMAT_ALONE)


CONCATENATED = [gzip.compress, zstd_frame, lzma.compress, bz2.compress, lz4_frame]
NAMES = ["gzip", "zstd", "xz", "bzip2", "lz4", "lzma"]
COMPRESS = pytest.mark.parametrize("compress", [*CONCATENATED, lzma_alone], ids=NAMES)
COMPRESS_MEMBERS = pytest.mark.parametrize("compress", CONCATENATED, ids=NAMES[:-1])


# ---- compressed data -------------------------------------------------------------------------------

@pytest.fixture
def plain(log, decoders):
    """A text, and what extract -b prints for it."""
    path, truth = log(size="1M")
    return types.SimpleNamespace(text=pathlib.Path(path).read_bytes(), truth=truth)


@pytest.fixture
def check_whole(run, file, plain):
    """Data that decompress to the text, from a file and from a pipe."""
    def check(packed):
        for words, stdin in (([file("packed", packed)], b""), ([], packed)):
            status, out, err = run("extract", "-b", *words, stdin=stdin)
            assert (status, err) == (0, "")
            assert equal(out, plain.truth)
    return check


@pytest.fixture
def check_broken(run, file, plain):
    """Data that give a part of the truth, the reason, and then the next file."""
    def check(packed, reason, min_size):
        path, good = file("packed", packed), file("good", b"10.0.0.1")
        status, out, err = run("extract", "-b", path, good)
        assert (status, err) == (2, f"simdinet: {path}: {reason}\n")
        assert equal(out[-11:], b"0:10.0.0.1\n")
        assert plain.truth.startswith(out[:-11])
        assert len(out) - 11 >= min_size
        assert run("count", path)[0] == 2
    return check


@COMPRESS
def test_one_member(plain, check_whole, compress):
    check_whole(compress(plain.text))


@COMPRESS_MEMBERS
def test_concatenated_members(plain, check_whole, compress):
    half = len(plain.text) // 2
    check_whole(compress(plain.text[:half]) + compress(b"") + compress(plain.text[half:]))
    check_whole(compress(b"") + compress(plain.text))


def test_gzip_padding(plain, check_whole):
    check_whole(gzip.compress(plain.text) + bytes(100000))


def test_skippable_zstd_frames(plain, check_whole):
    half, skippable = len(plain.text) // 2, struct.pack("<II", 0x184d2a53, 5) + b"10.0."
    check_whole(skippable + zstd_frame(plain.text[:half]) + skippable + zstd_frame(plain.text[half:]))


@COMPRESS
def test_empty_member(run, decoders, compress):
    assert run("extract", stdin=compress(b"")) == (1, b"", "")


def test_truncated_gzip(plain, check_broken):
    packed = gzip.compress(plain.text)
    for left in (3, 5000, len(packed) // 2, len(packed) - 1):
        check_broken(packed[:left], "unexpected end of gzip data", left // 4)


def test_truncated_zstd(plain, check_broken):
    packed = zstd_frame(plain.text)
    for left in (5, 5000, len(packed) // 2, len(packed) - 1):
        check_broken(packed[:left], "unexpected end of zstd data", left // 100 if left > 70000 else 0)


@pytest.mark.parametrize("compress, name, block", [(lzma.compress, "xz", 300000), (bz2.compress, "bzip2", 900000),
                                                   (lz4_frame, "lz4", 70000)], ids=["xz", "bzip2", "lz4"])
def test_truncated_blocks(plain, check_broken, compress, name, block):
    """Of a truncated file, the whole blocks before its end are kept. For xz, block is what one read holds back."""
    packed = compress(plain.text)
    for left in (7, 5000, len(packed) // 2, len(packed) - 1):
        whole = max(len(plain.text) * left // len(packed) - block, 0)
        check_broken(packed[:left], f"unexpected end of {name} data", whole // 100)


def test_corrupt_xz(plain, check_broken):
    packed = bytearray(lzma.compress(plain.text))
    packed[-4] ^= 1 # the flags of the footer
    check_broken(packed, "corrupt xz data", len(plain.truth) - 100)
    check_broken(lzma.compress(plain.text) + b"more text, not a stream", "corrupt xz data", len(plain.truth) - 100)


def test_corrupt_bzip2(plain, check_broken):
    packed = bytearray(bz2.compress(plain.text))
    packed[10] ^= 1 # the checksum of the first block
    check_broken(packed, "corrupt bzip2 data", 0)
    check_broken(bz2.compress(plain.text) + b"more", "corrupt bzip2 data", len(plain.truth) - 100)


def test_corrupt_lz4(plain, check_broken):
    check_broken(lz4_frame(plain.text, checksum=b"oops"), "corrupt lz4 data", len(plain.truth) - 100)
    check_broken(lz4_frame(plain.text, last_block=b"\xff\xff\xff\xff"), "corrupt lz4 data", len(plain.truth) - 100)
    check_broken(lz4_frame(plain.text) + b"more text, not a frame", "corrupt lz4 data", len(plain.truth) - 100)


def test_xz_memory_limit(run, decoders):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(b"10.0.0.1\n", filters=filters))
    at = packed.index(b"\x21\x01", 12) + 2
    packed[at] = 35 # 768 MiB
    header_size = (packed[12] + 1) * 4
    struct.pack_into("<I", packed, 12 + header_size - 4, zlib.crc32(packed[12:12 + header_size - 4]))
    assert run("extract", stdin=packed) == (
        2, b"", "simdinet: (standard input): xz data requires more than 128 MiB of memory\n")


# What is recognized and cannot be read is named.
UNSUPPORTED = [(b"\x1f\x9d\x90abc", "compress (.Z) data are"), (b"\x02\x21\x4c\x18abcd", "legacy lz4 data are"),
               (b"\x89LZO\0\r\n\x1a\n\x10", "lzop data are"), (b"\xff\x06\0\0sNaPpY", "snappy data are"),
               (b"PK\3\4\x14\0", "zip archives are"), (b"7z\xbc\xaf\x27\x1c\0\4", "7z archives are"),
               (b"snoop\0\0\0\0\0\0\2\0\0\0\4", "snoop captures are"), (b"Rar!\x1a\x07\1\0", "rar archives are"), ("10.0.0.1".encode("utf-32"), "UTF-32 text is"),
               (b"\0\0\xfe\xff" + "10.0.0.1".encode("utf-32-be"), "UTF-32 text is"),
               ("10.0.0.1\r\n".encode("utf-16-le"), "UTF-16 text without a byte order mark is"),
               ("10.0.0.1\r\n".encode("utf-16-be"), "UTF-16 text without a byte order mark is")]


@pytest.mark.parametrize("head, what", UNSUPPORTED, ids=[what.split()[0] + str(i) for i, (_, what) in enumerate(UNSUPPORTED)])
@pytest.mark.parametrize("words", [["extract"], ["count"], ["grep", "10.0.0.1"], ["parse"], ["format", "--hex"]],
                         ids=lambda words: words[0])
def test_formats_that_are_not_read(run, file, words, head, what):
    assert run(*words, stdin=head) == (2, b"", f"simdinet: (standard input): {what} not supported\n")
    path = file("input", head)
    assert run(*words, path) == (2, b"", f"simdinet: {path}: {what} not supported\n")


# ---- UTF-16 ----------------------------------------------------------------------------------------

UTF16 = pytest.mark.parametrize("mark, codec", [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
                                ids=["little", "big"])


@UTF16
def test_utf16(run, file, log, mark, codec):
    path, truth = log(size="1M")
    text = mark + pathlib.Path(path).read_bytes().decode("latin-1").encode(codec)
    plain = run("extract", "-n", stdin=pathlib.Path(path).read_bytes().decode("latin-1").encode())
    assert plain[1].count(b"\n") == truth.count(b"\n")
    for words, stdin in (([file("utf16", text)], b""), ([], text)):
        status, out, err = run("extract", "-n", *words, stdin=stdin)
        assert (status, err) == (0, "")
        assert equal(out, plain[1])


@UTF16
def test_utf16_characters(run, mark, codec):
    """As Python decodes them; what is no character becomes U+FFFD."""
    text = "é€😀 10.0.0.1 \U0010ffff\n"
    assert run("grep", "10.0.0.1", stdin=mark + text.encode(codec))[1] == text.encode()
    high, low = "\ud83d".encode(codec, "surrogatepass"), "\ude00".encode(codec, "surrogatepass")
    line = " 10.0.0.1 ".encode(codec)
    for units in high, low, high + high, low + high, high + low + low:
        expected = (units + line + units).decode(codec, "replace").encode()
        for end in b"", b"\0":
            out = run("grep", "10.0.0.1", stdin=mark + units + line + units + end)[1]
            assert out.replace(b"\xef\xbf\xbd", b"?").replace(b"?\n", b"\n").rstrip(b"?\n") == \
                expected.replace(b"\xef\xbf\xbd", b"?").rstrip(b"?\n")


def test_utf16_is_decoded_in_compressed_data_and_lists(run, file, decoders):
    text = "10.0.0.1\r\n".encode("utf-16")
    assert run("extract", stdin=gzip.compress(text)) == (0, b"10.0.0.1\n", "")
    assert run("parse", stdin=text) == (0, b"0a000001\n", "")
    assert run("grep", "-f", file("list", text), stdin=b"10.0.0.1\n") == (0, b"10.0.0.1\n", "")


def test_utf16_byte_by_byte(simdinet):
    with subprocess.Popen([simdinet, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for byte in "10.0.0.1 é".encode("utf-16"):
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
            time.sleep(0.002)
        process.stdin.close()
        assert process.stdout.read() == b"10.0.0.1\n"


def test_utf8_byte_order_mark(run, file):
    text = b"\xef\xbb\xbf10.0.0.1\n"
    assert run("extract", stdin=text) == (0, b"10.0.0.1\n", "")
    assert run("parse", stdin=text) == (0, b"0a000001\n", "")
    assert run("parse", stdin=text + b"\xef\xbb\xbf10.0.0.2\n")[0] == 2
    assert run("format", "--hex", stdin=b"\xef\xbb\xbf0a000001\n") == (0, b"10.0.0.1\n", "")
    assert run("grep", "-f", file("list", text), stdin=b"10.0.0.1\n") == (0, b"10.0.0.1\n", "")
    for short in b"\xef", b"\xef\xbb", b"\xef\xbb\xbf":
        assert run("parse", stdin=short)[0] == (0 if len(short) == 3 else 2)


def test_corrupt_gzip(plain, check_broken):
    packed = bytearray(gzip.compress(plain.text))
    for offset in -6, -1: # the checksum, the length
        corrupt = packed.copy()
        corrupt[offset] ^= 1
        check_broken(corrupt, "corrupt gzip data", len(plain.truth) - 100)
    check_broken(packed + b"more", "corrupt gzip data", len(plain.truth) - 100)


def test_corrupt_zstd(plain, check_broken):
    check_broken(zstd_frame(plain.text, last_block_type=3), "corrupt zstd data", len(plain.truth) // 2)
    check_broken(zstd_frame(plain.text, checksum=b"oops"), "corrupt zstd data", len(plain.truth) - 100)
    check_broken(zstd_frame(plain.text) + b"more", "corrupt zstd data", len(plain.truth) - 100)


def test_text_before_the_end_of_truncated_data(run, decoders):
    """The decoder may hold text when its input ends, if the buffer for the text was full."""
    packed = gzip.compress(b"10.0.0.1\n" * 60000)
    tried = 0
    for left in range(len(packed)):
        text = zlib.decompressobj(wbits=31).decompress(packed[:left])
        if 0 < len(text) % 262144 < 1000 and len(text) > 262144:
            # The last address may be incomplete.
            lines = run("extract", stdin=packed[:left])[1].count(b"\n")
            assert text.count(b"\n") - lines in (0, 1), f"cut after {left} bytes"
            tried += 1
    assert tried > 0


def test_incomplete_address_is_not_printed(run, decoders):
    member = zlib.compressobj(wbits=31)
    packed = member.compress(b"10.0.0.1 10.0.0.234") + member.flush(zlib.Z_SYNC_FLUSH)
    assert run("extract", stdin=packed)[:2] == (2, b"10.0.0.1\n")
    assert run("grep", "10.0.0.0/8", stdin=packed)[:2] == (2, b"10.0.0.1 10.0.0.234\n")


def test_short_text_before_corrupt_data(run, decoders):
    text = b"10.0.0.1\n" * 10
    whole = gzip.compress(text)
    for packed in (whole[:-5] + b"oops" + whole[-1:], zstd_frame(text, checksum=b"oops"),
                   zstd_frame(text) + zstd_frame(text, last_block_type=3)):
        assert run("extract", stdin=packed)[:2] == (2, text)


@pytest.mark.parametrize("header, reason", [
    (bytes([0, (31 - 10) << 3]), "requires more than 128 MiB of memory"), # a window of 2^31 bytes
    (bytes([0x21, 7, 8]), "requires a dictionary")]) # number 7
def test_valid_zstd_data_that_cannot_be_decoded(run, decoders, header, reason):
    frame = zstd_frame(b"10.0.0.1")
    assert run("extract", stdin=frame[:4] + header + frame[9:]) == (
        2, b"", f"simdinet: (standard input): zstd data {reason}\n")


@COMPRESS
def test_magic_number_byte_by_byte(simdinet, decoders, compress):
    with subprocess.Popen([simdinet, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for byte in compress(b"10.0.0.1"):
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
            time.sleep(0.002)
        process.stdin.close()
        assert process.stdout.read() == b"10.0.0.1\n"


@pytest.mark.parametrize("head", [b"\x1f", b"\x28", b"\x28\xb5", b"\x50", b"\x28\xb5\x2f", b"\x50\x2a\x4d", b"P*M"])
def test_text_that_starts_like_compressed_data(run, head):
    assert run("extract", "-b", stdin=head + b" 10.0.0.1")[1] == b"%d:10.0.0.1\n" % (len(head) + 1)
    assert run("extract", stdin=head) == (1, b"", "")


# ---- descriptors -----------------------------------------------------------------------------------

@pytest.fixture
def run_with_closed(simdinet):
    def run_command(fds, *words):
        def close():
            for fd in fds:
                os.close(fd)
        done = subprocess.run([simdinet, *words], preexec_fn=close, stderr=subprocess.PIPE)
        return done.returncode, done.stderr.decode()
    return run_command


@pytest.mark.parametrize("name", ["extract", "count"])
def test_closed_output(run_with_closed, file, name):
    some, none = file("some", b"10.0.0.1"), file("none", b"nothing")
    error = "simdinet: standard output: Bad file descriptor\n"
    assert run_with_closed([1], name, some) == (2, error)
    assert run_with_closed([0, 1], name, some) == (2, error)
    assert run_with_closed([1], name, none) == (1, "")
    assert run_with_closed([1], "--version") == (2, error)
    assert pathlib.Path(some).read_bytes() == b"10.0.0.1"


def test_closed_input(run_with_closed):
    assert run_with_closed([0], "extract") == (2, "simdinet: (standard input): Bad file descriptor\n")


def test_read_error(run, file):
    status, out, err = run("extract", "/proc/self/mem", file("good", b"10.0.0.1"))
    assert (status, out) == (2, b"10.0.0.1\n")
    assert re.search(r"^simdinet: /proc/self/mem: (Input/output|I/O) error\n$", err) # glibc, musl


@pytest.mark.parametrize("words, text, by_name", [
    (["extract"], b"10.0.0.1\n", True), (["count"], b"10.0.0.1\n", True), (["grep", "10.0.0.1"], b"10.0.0.1\n", True),
    (["parse"], b"10.0.0.1\n", True), (["format"], b"\n\0\0\1", True), (["format", "--hex"], b"0a000001\n", True),
    *[([*words], text, False) for words, text in (
        (["extract"], b"10.0.0.1\n"), (["count"], b"10.0.0.1\n"), (["grep", "10.0.0.1"], b"10.0.0.1\n"),
        (["parse"], b"10.0.0.1\n"), (["format"], b"\n\0\0\1"), (["format", "--hex"], b"0a000001\n"),
        (["resolve"], b"10.0.0.1\n"))]])
def test_output_is_not_read_as_input(simdinet, file, words, text, by_name):
    log = file("log", text)
    with open(log, "ab") as out, open(log, "rb") as stdin:
        done = subprocess.run([simdinet, *words, *([log] if by_name else [])], stdin=stdin, stdout=out,
                              stderr=subprocess.PIPE, timeout=900)
    label = log if by_name else "(standard input)"
    assert (done.returncode, done.stderr.decode()) == (2, f"simdinet: {label}: input file is also the output\n")
    assert pathlib.Path(log).read_bytes() == text


@pytest.mark.parametrize("size", [100, 9000000])
def test_partly_read_input(simdinet, file, size):
    log = file("log", b"10.0.0.1 ::1\n" + b"x" * size + b" 10.0.0.2\n")
    with open(log, "rb", buffering=0) as shared:
        shared.read(9)
        done = subprocess.run([simdinet, "extract", "-b"], stdin=shared, capture_output=True)
        assert done.stdout == b"9:::1\n%d:10.0.0.2\n" % (14 + size)
        assert shared.read() == b""


@pytest.mark.parametrize("words", ["extract --threads 1", "extract --threads 2", "grep -e ::/0 -e 0.0.0.0/0", "anonymize",
                                   "parse"])
@pytest.mark.parametrize("left", [0, 1000])
def test_file_that_becomes_shorter(simdinet, tmp_path, words, left):
    """The command waits at a full pipe when the file is truncated."""
    path = tmp_path / "shrinking"
    path.write_bytes(b"192.0.2.1\n" * 4000000)
    command, *options = words.split()
    with subprocess.Popen([simdinet, command, *options, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        begin = os.read(process.stdout.fileno(), 1)
        os.truncate(path, left)
        out, err = process.communicate(timeout=900)
        out = begin + out
    assert process.returncode == 2
    assert err.decode() == f"simdinet: {path}: the file became shorter while it was read\n"
    assert 0 < len(out) < 40000000
    assert set(out.splitlines()) <= {b"192.0.2.1", b"192.0.2.0", b"c0000201"}


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress, zstd_frame, lz4_frame])
@pytest.mark.parametrize("words", [["extract"], ["count"], ["grep", "private"], ["parse"], ["networks"], ["resolve"],
                                   ["anonymize"]])
def test_what_is_refused_is_refused_in_compressed_data(run, file, decoders, compress, words):
    """It was searched as it is, and nothing found."""
    for content, reason in ((gzip.compress(b"10.0.0.1\n"), "compressed data in compressed data are not supported"),
                            (b"PK\x03\x04" + bytes(40), "zip archives are not supported"),
                            ("10.0.0.1 and more\n".encode("utf-16-le"), "UTF-16 text without a byte order mark is not supported"),
                            ("10.0.0.1\n".encode("utf-32"), "UTF-32 text is not supported")):
        packed = compress(content)
        path = file("packed", packed)
        name = "(standard input)" if words == ["resolve"] else path
        files = [] if words == ["resolve"] else [path]
        assert run(*words, *files, stdin=packed) == (2, b"", f"simdinet: {name}: {reason}\n"), reason
