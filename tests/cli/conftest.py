# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures of the tests of the command."""
import bz2
import gzip
import lzma
import os
import subprocess

import pytest
from cli_support import COMMANDS, lz4_frame, zstd_frame


def pytest_generate_tests(metafunc):
    """A test with an argument `command` runs for each subcommand."""
    if "command" in metafunc.fixturenames:
        metafunc.parametrize("command", COMMANDS)


@pytest.fixture(scope="session")
def run(simdinet):
    """Runs the command; returns its exit status, its output as bytes, and its messages as text."""
    def run_command(*arguments, stdin=b"", **options):
        done = subprocess.run([simdinet, *arguments], input=stdin, capture_output=True, **options)
        return done.returncode, done.stdout, done.stderr.decode()
    return run_command


@pytest.fixture
def file(tmp_path):
    """Writes a file; returns its path."""
    def write_file(name, content):
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)
    return write_file


@pytest.fixture
def log(loggen, tmp_path):
    """Generates a log; returns its path, and b"OFFSET:ADDRESS\\n"... of its addresses."""
    def generate(seed=1, size="8M", kind="all"):
        path, truth = tmp_path / f"log{seed}{kind}", tmp_path / "truth"
        subprocess.run([loggen, "--seed", str(seed), "--size", size, "--kind", kind, path, truth], check=True)
        return str(path), truth.read_bytes()
    return generate


@pytest.fixture(scope="session")
def decoders(run):
    """Skips the test if the command was built without a library that decompresses."""
    for name, sample in (("zlib", gzip.compress(b"x")), ("libzstd", zstd_frame(b"x")), ("liblzma", lzma.compress(b"x")),
                         ("libbz2", bz2.compress(b"x")), ("liblz4", lz4_frame(b"x"))):
        if "built without" in run("extract", stdin=sample)[2]:
            pytest.skip(f"the command was built without {name}")


@pytest.fixture
def unsanitized(sanitized):
    if sanitized:
        pytest.skip("a sanitizer needs memory and address space of its own")


@pytest.fixture
def peak_memory(simdinet, unsanitized):
    """Runs the command; returns its exit status and the most memory it had, in bytes."""
    def measure(*arguments):
        process = subprocess.Popen([simdinet, *arguments], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_maxrss * 1024
    return measure
