# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Libraries that the command loads when it uses them."""
import bz2
import lzma
import os
import pathlib
import re

import pytest
from captures import ETHERNET, pcap
from cli_support import lz4_frame

NAMES = re.compile(rb"(?<=\0)(lib(?:lzma|bz2|lz4|pcap|crypto|maxminddb)\.so[.0-9]*)(?=\0)")
INPUT = {"liblzma": lzma.compress(b"192.0.2.1\n"), "libbz2": bz2.compress(b"192.0.2.1\n"),
         "liblz4": lz4_frame(b"192.0.2.1\n"), "libpcap": pcap(ETHERNET, [])}


@pytest.fixture(scope="session")
def loaded(simdinet):
    """The file names of the libraries that the command loads."""
    names = {name.decode() for name in NAMES.findall(pathlib.Path(simdinet).read_bytes())}
    if not names:
        pytest.skip("the command loads no libraries")
    return names


@pytest.fixture
def broken(loaded, tmp_path):
    """An environment where none of these libraries can be loaded."""
    for name in loaded:
        (tmp_path / name).touch()
    return {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}


@pytest.mark.parametrize("library", INPUT)
def test_data(run, broken, loaded, tmp_path, library):
    name = next((name for name in loaded if name.startswith(library + ".so")), None)
    if not name:
        pytest.skip(f"the command does not load {library}")
    status, output, errors = run("extract", stdin=INPUT[library], env=broken)
    assert (status, output) == (2, b"")
    assert errors == f"simdinet: (standard input): cannot load {tmp_path / name}: file too short\n"


def test_info(run, broken, loaded, tmp_path):
    status, output, errors = run("info", env=broken)
    assert (status, errors) == (0, "")
    for name in loaded:
        assert f"  no: cannot load {tmp_path / name}: file too short\n" in output.decode()


def test_keyed(run, broken, loaded, tmp_path):
    if not any(name.startswith("libcrypto") for name in loaded):
        pytest.skip("the command does not load libcrypto")
    status, output, errors = run("anonymize", "--keyed", "--key-file=key", env=broken)
    assert (status, output) == (2, b"")
    assert errors.startswith(f"simdinet: --keyed: cannot load {tmp_path / 'libcrypto'}.so")


def test_text_needs_none(run, broken):
    assert run("extract", stdin=b"from 192.0.2.1\n", env=broken) == (0, b"192.0.2.1\n", "")


def test_other_files_are_read(run, broken, loaded, file):
    """One message for each file; the others are searched."""
    if not any(name.startswith("liblzma") for name in loaded):
        pytest.skip("the command does not load liblzma")
    packed, plain = file("a.xz", INPUT["liblzma"]), file("b", b"192.0.2.2\n")
    status, output, errors = run("extract", packed, plain, packed, env=broken)
    assert (status, output, errors.count("cannot load")) == (2, b"192.0.2.2\n", 2)
