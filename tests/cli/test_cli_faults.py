# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Each call of the C library in turn fails: the command succeeds, or reports the error and exits with status 2.

The output before an error is a prefix of the right output, if the output has the order of the input. No fault causes a
crash, silence, or a status of success for a wrong result.
"""
import bz2
import errno
import gzip
import lzma
import os
import re
import subprocess
import types

import pytest
from captures import ETHERNET, ethernet, pcap, pcapng, random_headers
from cli_support import equal, lz4_frame, zstd_frame
from mmdb_writer import database

# More calls than any command makes.
MAX_CALLS = 3000


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    text = b"".join(b"%d from 10.0.%d.%d to 2001:db8::%x, or ::ffff:192.0.2.%d\n" % (i, i % 7, i % 251, i % 97, i % 9)
                    for i in range(2000))
    packets = [ethernet(packet) for _, packet in random_headers(1, 500)]
    records = [("10.0.0.0/8", {"asn": 64501, "name": {"en": "a"}}), ("2001:db8::/32", {"asn": 64500})]
    contents = {
        "small": text, "packed": gzip.compress(text), "framed": zstd_frame(text), "xz": lzma.compress(text),
        "bzip2": bz2.compress(text), "lz4": lz4_frame(text), "lzma": lzma.compress(text, format=lzma.FORMAT_ALONE),
        "utf16": text.decode().encode("utf-16"), "pcap": pcap(ETHERNET, packets), "pcapng": pcapng(ETHERNET, packets),
        "mmdb": database(records), "shrinking": database(records), "key": b"0123456789abcdef" * 3 + b"fedcba9876543210\n",
        "deterministic": b"0123456789abcdef" * 2, "labels": b"10.0.0.0/8,ten\n2001:db8::/32,documentation\n" * 20,
        "large": text * (1 + (4 << 20) // len(text)), # enough ranges for several threads
        "long": b"x" * 700000 + b" 10.0.0.1 " + b"y" * 300000,
        "list": b"".join(b"10.%d.%d.0/24\n2001:db8:%x::/48\n" % (i % 9, i, i) for i in range(250)),
        "addresses": b"".join(b"10.0.%d.%d\n" % (i // 256, i % 256) for i in range(3000)),
        "values": b"".join(bytes([10, 0, i // 256, i % 256]) for i in range(3000))}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    for name in ("key", "deterministic"):
        (folder / name).chmod(0o600)
    return types.SimpleNamespace(folder=folder)


@pytest.fixture
def run_with(simdinet, inputs, tmp_path):
    """Runs the command with a fault, "CALL N ERRNO" or None; returns the process and whether the call was made."""
    library = os.environ.get("SIMDINET_TEST_FAULTS") or pytest.skip("SIMDINET_TEST_FAULTS is not set")
    mark = tmp_path / "mark"

    def run_command(fault, words):
        mark.unlink(missing_ok=True)
        environment = {**os.environ, "LD_PRELOAD": library, "SIMDINET_FAULT_MARK": str(mark)}
        if fault:
            environment["SIMDINET_FAULT"] = fault
        done = subprocess.run([simdinet, *words], cwd=inputs.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              env=environment, timeout=900)
        return done, mark.exists()
    return run_command


def check(right, done, about, ordered, harmless):
    assert done.returncode in (right.returncode, 2), f"{about}: {done.stderr}"
    if done.returncode == right.returncode:
        assert equal(done.stdout, right.stdout), about
        return
    assert not harmless, f"{about}: {done.stderr}"
    assert re.search(rb"^simdinet: .+\n", done.stderr), about
    if ordered:
        assert right.stdout.startswith(done.stdout), about


@pytest.fixture
def fail_each(run_with):
    """Lets the nth call fail for each n, once alone and once with all later calls. Returns the number of calls."""
    def run_all(call, errors, words, ordered=True, harmless=(), min_calls=1, step=1):
        right, _ = run_with(None, words)
        assert right.returncode < 2, right.stderr
        for error in errors:
            for later in ("", "+"):
                if later and error in (errno.EINTR, errno.EAGAIN):
                    continue # these are transient
                calls = 0
                for n in range(0, step * MAX_CALLS, step):
                    fault = f"{call} {n}{later} {error}"
                    done, reached = run_with(fault, words)
                    if not reached:
                        break
                    calls += 1
                    check(right, done, fault, ordered, error in harmless)
                assert calls >= min_calls, f"{call}: only {calls} calls"
                assert calls < MAX_CALLS
        return calls
    return run_all


@pytest.mark.parametrize("command_line, ordered, min_calls", [
    ("extract --json -n small", True, 5), ("extract --unique small", True, 5), ("extract packed", True, 4),
    ("extract framed", True, 4),
    ("extract --threads 2 -n large", True, 8), ("count --threads 1 small", False, 20),
    ("count --threads 2 --stats large", False, 20), ("grep -e 10.0.0.0/16 -f list small", True, 10),
    ("grep -c -H -e 10.0.0.0/16 -e 2001:db8::/126 small", False, 8), ("grep -o -e ::/0 small", True, 8),
    ("grep -q -v -e ::/0 long", True, 8), ("parse -4 addresses", True, 1), ("format -4 values", True, 1),
    # Not services: glibc 2.36 crashes in getservbyname_r when it is out of memory.
    ("resolve 192.0.2.1", True, 1), ("interfaces", False, 1),
    ("extract xz", True, 4), ("extract bzip2", True, 4), ("extract lz4", True, 4), ("extract lzma", True, 4),
    ("extract utf16", True, 4), ("extract --inner pcap", True, 4), ("count --threads 1 pcapng", False, 8),
    ("count --by-label --mmdb mmdb --field name.en small", False, 20), ("grep --label --mmdb mmdb 10.0.1.0/24 small", True, 8),
    ("extract --with=label,class --mmdb mmdb small", True, 8), ("grep --label -f labels small", True, 20),
    ("networks list labels", True, 10), ("networks --exclude list labels", True, 10),
    ("anonymize small", True, 2)])
def test_memory(fail_each, command_line, ordered, min_calls):
    fail_each("memory", [errno.ENOMEM], command_line.split(), ordered=ordered, min_calls=min_calls)


@pytest.mark.parametrize("options", ["--key-file key", "--key-file deterministic --mode deterministic"])
def test_memory_of_ciphers(fail_each, options):
    """A sample: one allocation in 151 fails, of the 6,700 that OpenSSL makes."""
    fail_each("memory", [errno.ENOMEM], f"anonymize --keyed {options} small".split(), min_calls=20, step=151)


TRANSIENT = (errno.EINTR, errno.EAGAIN)


@pytest.mark.parametrize("command_line, errors", [
    *[(line, [errno.EINTR, errno.EAGAIN, errno.EIO])
      for line in ("extract packed", "extract framed", "grep -e 10.0.0.0/24 -f list small", "extract xz", "extract bzip2",
                   "extract lz4", "extract utf16", "extract pcap", "extract pcapng", "networks list",
                   "grep --label -f labels small")],
    ("anonymize --keyed --key-file key packed", [errno.EINTR, errno.EIO]),
    ("parse -4 addresses", [errno.EINTR, errno.EIO]), ("format -4 values", [errno.EINTR, errno.EIO])])
def test_reads(fail_each, command_line, errors):
    fail_each("read", errors, command_line.split(), harmless=TRANSIENT)


@pytest.mark.parametrize("options", ["--threads 2", "-n --threads 3"])
def test_reads_at_offsets(fail_each, options):
    fail_each("pread", [errno.EINTR, errno.EIO], f"extract {options} large".split(), harmless=TRANSIENT, step=3)


def test_stats_are_those_of_the_output(run_with):
    """Other threads are past the range with the read error."""
    for n in range(0, 24, 2):
        done, reached = run_with(f"pread {n} {errno.EIO}", "extract --stats --threads 4 large".split())
        if not reached:
            break
        assert done.returncode == 2
        assert f" {len(done.stdout.splitlines())} addresses".encode() in done.stderr
    assert n > 10


@pytest.mark.parametrize("call, error, harmless, command_line", [
    ("fstat", errno.EIO, False, "extract small"), ("lseek", errno.ESPIPE, True, "extract small"),
    ("lseek", errno.ESPIPE, True, "extract --threads 2 large")])
def test_file_status(fail_each, call, error, harmless, command_line):
    fail_each(call, [error], command_line.split(), harmless=(error,) if harmless else ())


@pytest.mark.parametrize("call, error", [("open", errno.EMFILE), ("open", errno.EACCES), ("fstat", errno.EIO),
                                         ("mmap", errno.ENOMEM), ("mmap", errno.ENODEV)])
def test_database(fail_each, call, error):
    """A file that libmaxminddb opens and maps."""
    command_line = "count --by-label --mmdb mmdb small".split()
    if fail_each(call, [error], command_line, ordered=False, min_calls=0) == 0:
        pytest.skip(f"libmaxminddb calls {call} by another name")


def test_a_database_that_becomes_shorter_while_it_is_opened(run_with):
    done, reached = run_with("shrink 0 0", "count --by-label --mmdb shrinking small".split())
    if not reached:
        pytest.skip("libmaxminddb calls mmap by another name")
    assert (done.returncode, done.stdout, done.stderr) == (
        2, b"", b"simdinet: shrinking: the file became shorter while it was read\n")


@pytest.mark.parametrize("command_line", [
    "extract small", "extract pcap", "networks list labels", "grep -f list -f labels small",
    "anonymize --keyed --key-file key small"])
def test_open(fail_each, command_line):
    fail_each("open", [errno.EMFILE, errno.EACCES, errno.ENOMEM], command_line.split())


@pytest.mark.parametrize("command_line, errors", [
    *[(line, [errno.EINTR, errno.EAGAIN, errno.ENOSPC])
      for line in ("extract small", "extract -n --threads 3 large", "count --top 20000 small",
                   "grep --color=always -e ::/0 small")],
    ("format -4 values", [errno.EINTR, errno.ENOSPC])])
def test_writes(fail_each, command_line, errors):
    fail_each("write", errors, command_line.split(), harmless=TRANSIENT)


def test_threads(fail_each):
    errors = (errno.EAGAIN, errno.ENOMEM)
    fail_each("thread", errors, "extract -n --threads 4 large".split(), harmless=errors, min_calls=3)
