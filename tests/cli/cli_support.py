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


def equal(a, b):
    """a == b, without the diff of pytest, which takes minutes for megabytes."""
    return a == b
