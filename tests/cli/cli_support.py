# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tests of the command share besides fixtures."""
import pathlib
import struct

COMMANDS = sorted(path.stem for path in pathlib.Path(__file__).resolve().parents[2].glob("cli/commands/*.c"))

# Each subcommand with input that it prints something for.
PRINTING = [(["extract"], b"10.0.0.1\n"), (["extract", "--json"], b"10.0.0.1\n"), (["count"], b"10.0.0.1\n"),
            (["grep", "10.0.0.1"], b"10.0.0.1\n"), (["grep", "-c", "10.0.0.1"], b"10.0.0.1\n"),
            (["parse"], b"10.0.0.1\n"), (["parse", "--binary"], b"10.0.0.1\n"), (["format"], b"\n\0\0\1"),
            (["format", "--hex"], b"0a000001\n"), (["resolve"], b"10.0.0.1\n"), (["resolve", "10.0.0.1"], b""),
            (["interfaces"], b""), (["info"], b""), (["--version"], b""), (["--help"], b""),
            *[([name, "--help"], b"") for name in COMMANDS]]


def zstd_frame(text, last_block_type=0, checksum=b""):
    """A zstd frame of raw blocks; type 3 is invalid."""
    size = 1 << 16
    frame = struct.pack("<IBI", 0xfd2fb528, 0xa4 if checksum else 0xa0, len(text))
    blocks = [text[i:i + size] for i in range(0, len(text), size)] or [b""]
    for i, block in enumerate(blocks):
        last = i + 1 == len(blocks)
        kind = last_block_type if last else 0
        frame += (len(block) << 3 | kind << 1 | last).to_bytes(3, "little") + block
    return frame + checksum


def xxh32(data):
    """XXH32 with seed 0 of less than 16 bytes."""
    prime1, prime2, prime3, prime4, prime5 = 2654435761, 2246822519, 3266489917, 668265263, 374761393
    assert len(data) < 16
    mask, h, whole = 0xffffffff, prime5 + len(data), len(data) // 4 * 4
    rotate = lambda x, n: (x << n | x >> (32 - n)) & mask
    for i in range(0, whole, 4):
        h = rotate((h + int.from_bytes(data[i:i + 4], "little") * prime3) & mask, 17) * prime4 & mask
    for byte in data[whole:]:
        h = rotate((h + byte * prime5) & mask, 11) * prime1 & mask
    h = (h ^ h >> 15) * prime2 & mask
    h = (h ^ h >> 13) * prime3 & mask
    return h ^ h >> 16


def lz4_frame(text, last_block=None, checksum=b""):
    """An lz4 frame of stored blocks; last_block replaces the end mark."""
    size = 1 << 16
    descriptor = bytes([0x64 if checksum else 0x60, 0x40])
    frame = struct.pack("<I", 0x184d2204) + descriptor + bytes([xxh32(descriptor) >> 8 & 0xff])
    for i in range(0, len(text), size):
        block = text[i:i + size]
        frame += struct.pack("<I", 1 << 31 | len(block)) + block
    return frame + (bytes(4) if last_block is None else last_block) + checksum


def equal(a, b):
    """a == b, without the diff of pytest, which takes minutes for megabytes."""
    return a == b
