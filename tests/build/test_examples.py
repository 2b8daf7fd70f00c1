# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The example programs print what the comments at their heads describe."""
import ipaddress
import re
import subprocess

import capture
import pytest


@pytest.fixture(scope="module")
def run(build_dir):
    """Runs a built example; the test is skipped where a library that it needs is missing."""
    def run_example(name, *arguments, text=""):
        program = build_dir / "examples" / name
        if not program.exists():
            pytest.skip(f"example {name}: a library that it needs is missing")
        return subprocess.run([program, *arguments], input=text, capture_output=True, text=True, timeout=900)
    return run_example


def test_parse_column(run):
    table = "10.0.0.1,alice\n2001:db8::1,bob\n10.0.0.256,carol\n,dave\n::1"
    ran = run("parse_column", text=table)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout == ("row 3, byte 8: octet out of range (0-255): 10.0.0.256\n"
                          "row 4, byte 1: empty text: \n"
                          "3 of 5 rows are addresses, 2 of them IPv6\n")
    assert run("parse_column", text="10.0.0.1\n").returncode == 0


def test_scan_log(run):
    # Longer than the buffer, with an address about every 20 bytes.
    addresses = [str(ipaddress.ip_address((0x0a000000 if i % 3 else 0x20010db8 << 96) + i * 7))
                 for i in range(20000)]
    log, expected, offset = "", [], 0
    for i, address in enumerate(addresses):
        line = f"{i} <{address}> Chrome/1.2.3\n"
        expected.append(f"{offset + line.index('<') + 1} {address}")
        offset += len(line)
        log += line
    ran = run("scan_log", text=log)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == expected
    assert run("scan_log").stdout == ""


def test_top_talkers(run, tmp_path):
    path = tmp_path / "capture"
    with path.open("wb+") as file:
        sent = capture.write_capture(file, 20000)
        file.flush()
        ran = run("top_talkers", path, "7")
        timed = run("top_talkers", "--time", path)
        file.truncate(5000)
        cut = run("top_talkers", path)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert [int(count) for count, _ in lines] == sorted(sent.values(), reverse=True)[:7]
    for count, address in lines:
        assert sent[ipaddress.ip_address(address).packed] == int(count)
    assert timed.returncode == 0, timed.stderr
    assert re.search(rf"^{sum(sent.values())} senders: simdinet [\d.]+ ns each, ", timed.stdout)
    assert cut.returncode == 2
    assert "truncated" in cut.stderr
    assert run("top_talkers", "/nonexistent").returncode == 2


def test_resolve_deadline(run):
    ran = run("resolve_deadline", "2001:db8::5", "443", "0")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[2001:db8::5]:443\n", "")
    assert run("resolve_deadline", "10.1", "80", "0").stdout == "10.0.0.1:80\n"
    # A host name goes to the system, which cannot answer within a deadline of 0.
    late = run("resolve_deadline", "name.invalid", "80", "0")
    assert (late.returncode, late.stdout) == (1, "")
    assert re.search(r"^resolve_deadline: name\.invalid: .*[Tt]imed out", late.stderr)


def test_sort_addresses(run):
    ran = run("sort_addresses", text="10.0.0.10\n::1\n9.9.9.9\n10.0.0.9\n1:2\n2001:DB8:0::1\n")
    assert ran.stdout == "9.9.9.9\n10.0.0.9\n10.0.0.10\n::1\n2001:db8::1\n"
    assert re.search(r"^line 5, byte 4: [a-z ]+\n$", ran.stderr)
    assert ran.returncode == 1


@pytest.mark.parametrize("name, arguments", [
    ("parse_column", []), ("scan_log", []), ("sort_addresses", []), ("resolve_deadline", ["10.1", "80", "0"]),
    ("top_talkers", ["capture"])])
def test_write_error_is_reported(name, arguments, build_dir, tmp_path):
    with (tmp_path / "capture").open("wb") as file:
        capture.write_capture(file, 100)
    program = build_dir / "examples" / name
    if not program.exists():
        pytest.skip(f"example {name}: a library that it needs is missing")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([program, *arguments], input=b"10.0.0.1\n", stdout=full, timeout=900, cwd=tmp_path)
    assert done.returncode != 0


def test_capture_is_reproducible(tmp_path):
    for name in "ab":
        with (tmp_path / name).open("wb") as file:
            capture.write_capture(file, 500)
    a = (tmp_path / "a").read_bytes()
    assert a.startswith(b"\xd4\xc3\xb2\xa1")
    assert a == (tmp_path / "b").read_bytes()
