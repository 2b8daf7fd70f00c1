# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Configures and builds the command with static optional libraries, which it links instead of loading them."""
import bz2
import pathlib
import re
import subprocess

import pytest


@pytest.fixture(scope="module")
def cached(build_dir):
    cache = (build_dir / "CMakeCache.txt").read_text()
    return lambda name: (re.search(rf"^{name}:[A-Z]+=(.*)$", cache, re.M) or [None, ""])[1]


@pytest.fixture(scope="module")
def libbz2(cached):
    """The static and the shared library."""
    shared = pathlib.Path(cached("BZIP2_LIBRARY_RELEASE"))
    static = shared.with_suffix(".a")
    if cached("SIMDINET_LOAD_LIBRARIES") != "ON" or cached("SIMDINET_WITH_BZIP2") != "ON" or shared.suffix != ".so":
        pytest.skip("the command does not load libbz2")
    if not static.exists():
        pytest.skip(f"{static} is not installed")
    return static, shared


@pytest.fixture(scope="module")
def configure(source_dir, cached, tmp_path_factory):
    """Configures one build, with more options each time."""
    build = tmp_path_factory.mktemp("build")
    names = ("CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER", "CMAKE_C_COMPILER_LAUNCHER")
    tools = [f"-D{name}={cached(name)}" for name in names]

    def run(*options):
        done = subprocess.run(["cmake", "-S", source_dir, "-B", build, "-DCMAKE_BUILD_TYPE=Debug", *tools, *options],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        return build, done.stdout
    return run


def test_lists_of_libraries(configure, libbz2):
    """Of a debug and a release library, find modules make a list with the word before each."""
    static, shared = libbz2
    _, message = configure(f"-DBZIP2_LIBRARY_RELEASE={shared}", f"-DBZIP2_LIBRARY_DEBUG={static}")
    assert "simdinet links" not in message


def test_static_library(configure, libbz2):
    build, message = configure(f"-DBZIP2_LIBRARY_RELEASE={libbz2[0]}", f"-DBZIP2_LIBRARY_DEBUG={libbz2[0]}")
    assert re.search(f"simdinet links BZip2::BZip2: no shared library in '.*{libbz2[0]}'", message)
    done = subprocess.run(["cmake", "--build", build, "--target", "simdinet_command", "--parallel", "2"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    program = build / "simdinet"
    assert subprocess.run([program, "extract"], input=bz2.compress(b"192.0.2.1\n"), stdout=subprocess.PIPE,
                          check=True).stdout == b"192.0.2.1\n"
    assert b"libbz2.so" not in program.read_bytes()
