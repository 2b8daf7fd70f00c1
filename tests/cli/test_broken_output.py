# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A full disk and a pipe without a reader, for each kind of input."""
import bz2
import gzip
import lzma
import signal
import subprocess

import pytest
from captures import ETHERNET, ethernet, ipv4, pcap, pcapng, udp
from cli_support import lz4_frame, zstd_frame

LINES = 30000 # whose output is larger than a pipe and the buffers before it
TEXT = b"".join(b"from 10.0.%d.%d to\n" % divmod(i, 256) for i in range(LINES))
PACKETS = [ethernet(ipv4(f"10.0.{i >> 8}.{i & 255}", "10.0.0.1", udp())) for i in range(LINES)]
KINDS = {"text": lambda: TEXT, "gzip": lambda: gzip.compress(TEXT, 1), "zstd": lambda: zstd_frame(TEXT),
         "xz": lambda: lzma.compress(TEXT, preset=0), "bzip2": lambda: bz2.compress(TEXT, 1), "lz4": lambda: lz4_frame(TEXT),
         "utf16le": lambda: b"\xff\xfe" + TEXT.decode().encode("utf-16-le"),
         "utf16be": lambda: b"\xfe\xff" + TEXT.decode().encode("utf-16-be"),
         "utf16 in gzip": lambda: gzip.compress(b"\xff\xfe" + TEXT.decode().encode("utf-16-le"), 1),
         "pcap": lambda: pcap(ETHERNET, PACKETS), "pcapng": lambda: pcapng(ETHERNET, PACKETS),
         "pcap in gzip": lambda: gzip.compress(pcap(ETHERNET, PACKETS), 1)}
COMMANDS = [["extract"], ["extract", "--unique"], ["extract", "--json"], ["grep", "10.0.0.0/8"], ["grep", "-o", "10.0.0.0/8"],
            ["grep", "-nC1", "10.0.0.0/8"], ["grep", "--json", "10.0.0.0/8"], ["count"], ["count", "--json"]]


@pytest.fixture(scope="module", params=KINDS)
def path(request, run, decoders, tmp_path_factory):
    path = tmp_path_factory.mktemp("kind") / "input"
    path.write_bytes(KINDS[request.param]())
    if "built without" in run("count", path)[2]:
        pytest.skip("the command was built without libpcap")
    return path


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_full_disk(simdinet, path, words):
    """One message, status 2."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, *words, path, path], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("piped", [False, True], ids=["file", "pipe"])
def test_pipe_without_reader(simdinet, run, path, words, piped):
    """What was read is the start of the output; the command ends by the signal, without a message."""
    whole = run(*words, *([] if piped else [path]), stdin=path.read_bytes() if piped else b"")[1]
    process = subprocess.Popen([simdinet, *words, *([] if piped else [path])], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, stdin=path.open("rb") if piped else subprocess.DEVNULL,
                               preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    start = process.stdout.read(20)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert len(whole) > 1 << 17 and whole.startswith(start) and len(start) == 20
    assert (process.wait(), err) == (-signal.SIGPIPE, b"")


@pytest.mark.parametrize("words", [["grep", "-c", "10.0.0.0/8"], ["grep", "-l", "10.0.0.0/8"]], ids=" ".join)
def test_full_disk_for_one_line(simdinet, path, words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, *words, path], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")
