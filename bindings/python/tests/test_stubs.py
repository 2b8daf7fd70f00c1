# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The type stubs against the package, and against a program that uses it."""
import subprocess
import sys

import pytest

pytest.importorskip("mypy")

PROGRAM = """
import simdinet
from simdinet import socket

packed: bytes = simdinet.parse("192.0.2.1")
reason, offset = simdinet.explain(b"x")
name: str = reason.name
text: str = simdinet.format(packed)
column: simdinet.Array = simdinet.parse_ipv4(["192.0.2.1", None])
port: int | None = simdinet.parse_endpoint("192.0.2.1:80").port
for batch in simdinet.open("log"):
    matches: simdinet.Array = batch
networks = simdinet.networks({"10.0.0.0/8": "a"})
found: bool = "10.0.0.1" in networks
index: simdinet.Array = networks.lookup_index(column)
address: bytes = socket.inet_aton("192.0.2.1")
"""
WRONG = """
import simdinet
simdinet.parse(5)
simdinet.scan_lines(["x"], flags="y")
simdinet.parse("x").reason
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nignore_missing_imports = True\n"
                                     "[mypy-simdinet.spark.*]\nignore_errors = True\n")
    (tmp_path / "allowed").write_text("simdinet\\._.*\nsimdinet\\.(duckdb|pandas|polars|run_cases|spark).*\n"
                                      "simdinet\\.Array(\\.__buffer__|\\.__init__)?\n"
                                      "simdinet\\.(Text|.*Column|Readable|ArrowArray|ArrowStream).*\n"
                                      "simdinet\\.socket\\.(Host|SockAddr|__getattr__)\n")

    def run(*command):
        done = subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
    run.folder = tmp_path
    return run


def test_stubs_describe_the_package(run):
    status, output = run("mypy.stubtest", "simdinet", "--ignore-missing-stub", "--allowlist", "allowed",
                         "--ignore-unused-allowlist", "--mypy-config-file", "mypy.ini")
    assert status == 0, output


def test_programs_are_checked(run):
    (run.folder / "right.py").write_text(PROGRAM)
    (run.folder / "wrong.py").write_text(WRONG)
    status, output = run("mypy", "--strict", "right.py")
    assert status == 0, output
    status, output = run("mypy", "--strict", "wrong.py")
    assert output.count(": error:") == 3, output
