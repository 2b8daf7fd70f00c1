# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The amalgamation (simdinet.c and simdinet.h) compiles as its users compile it and defines the public API.
Its results are covered by the tests that are linked against it (amalgamated_*)."""
import re
import subprocess

import pytest


def functions_of(*headers):
    return set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(", "".join(path.read_text() for path in headers)))


@pytest.fixture(scope="module")
def public_functions(source_dir):
    return functions_of(*(source_dir / "lib/include").glob("*.h"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("amalgamation")


@pytest.fixture(scope="module")
def run(folder):
    def run_command(*command):
        done = subprocess.run([str(word) for word in command], cwd=folder, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}"
        return done.stdout
    return run_command


@pytest.fixture(scope="module")
def symbols(run, nm):
    return lambda path, *options: {line.split()[-1] for line in run(nm, *options, path).splitlines()}


@pytest.fixture(scope="module")
def amalgamation(run, folder, source_dir, cc):
    """The folder with simdinet.c, simdinet.h and simdinet.o."""
    run(source_dir / "tools/amalgamate", folder)
    assert run(*cc, "-O2", "-Wall", "-Wextra", "-c", "simdinet.c", "-o", "simdinet.o") == ""
    return folder


def test_two_files_and_reproducible(amalgamation, run, source_dir):
    again = amalgamation / "again"
    run(source_dir / "tools/amalgamate", again)
    assert sorted(path.name for path in again.iterdir()) == ["simdinet.c", "simdinet.h"]
    for path in again.iterdir():
        assert path.read_bytes() == (amalgamation / path.name).read_bytes(), "two runs differ"
    assert re.findall(r'#include "(.*)"', (amalgamation / "simdinet.c").read_text()) == ["simdinet.h"]


def test_defines_every_public_function(amalgamation, symbols, public_functions):
    defined = symbols("simdinet.o", "-g", "--defined-only")
    assert defined >= public_functions
    assert {name for name in defined if not name.startswith("simdinet_")} == set()


def test_exports_the_public_functions_only(amalgamation, run, symbols, cc, public_functions):
    run(*cc, "-shared", "-fPIC", "-O0", "simdinet.c", "-o", "simdinet.so", "-pthread")
    assert symbols("simdinet.so", "-D", "--defined-only") == public_functions


def test_without_sockets(amalgamation, run, symbols, cc, source_dir, public_functions):
    run(*cc, "-O0", "-Wall", "-Wextra", "-Werror", "-std=c11", "-DSIMDINET_NO_SOCKET", "-c", "simdinet.c",
        "-o", "engine.o")
    defined = symbols("engine.o", "-g", "--defined-only")
    assert defined & public_functions == set().union(*(
        functions_of(source_dir / "lib/include" / name)
        for name in ("simdinet.h", "simdinet_network.h", "simdinet_network_set.h")))
    assert symbols("engine.o", "-u") & {"getaddrinfo", "pthread_mutex_lock"} == set()
    (amalgamation / "light.c").write_text('#include "simdinet.h"\n')
    light = run(*cc, "-DSIMDINET_NO_SOCKET", "-E", "light.c")
    assert "simdinet_parse_ipv4" in light
    assert "netdb.h" not in light


@pytest.mark.parametrize("language, compiler, source, standard", [
    ("c", "cc", "main.c", "gnu11"), ("cxx", "cxx", "main.cc", "c++17")])
def test_program(amalgamation, run, source_dir, request, language, compiler, source, standard):
    text = (source_dir / "tests/build/consumer" / language / source).read_text()
    (amalgamation / source).write_text(text.replace("#include <simdinet_socket.h>\n", ""))
    run(*request.getfixturevalue(compiler), f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-I.", source,
        "simdinet.o", "-o", f"program-{language}", "-pthread")
    assert re.search(r"^C\S* \d+\.\d+\.\d+ 2001:db8::1 1\n$", run(amalgamation / f"program-{language}"))
