# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The wheel and its contents, examples in docstrings, use of memory, threads and interpreters."""
import contextlib
import doctest
import gc
import gzip
import importlib
import io
import json
import pkgutil
import re
import subprocess
import sys
import threading
import zipfile

import numpy
import pyarrow
import pytest
from conftest import PACKAGE, TREE

import simdinet
import simdinet.socket


def test_wheel_is_for_all_versions(wheel):
    assert re.fullmatch(r"simdinet-[\d.]+-cp310-abi3-linux_\w+\.whl", wheel.name)
    names = zipfile.ZipFile(wheel).namelist()
    assert "simdinet/_simdinet.abi3.so" in names and "simdinet/py.typed" in names
    assert not [name for name in names if not name.startswith("simdinet")]


def test_auditwheel_accepts_the_wheel(wheel):
    done = subprocess.run([sys.executable, "-m", "auditwheel", "show", wheel], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r'platform tag:?\s+"manylinux_2_\d+_\w+"', done.stdout), done.stdout


def test_extension_uses_the_stable_interface(wheel):
    """Of the limited API of 3.10, and two functions that it has since 3.11: binding.h declares them."""
    done = subprocess.run([sys.executable, "-m", "abi3audit", "--verbose", "--report", wheel], capture_output=True, text=True)
    (report,), = [found["wheel"] for found in json.loads(done.stdout)["specs"].values()]
    assert report["result"]["is_abi3"] and report["result"]["non_abi3_symbols"] == []
    assert set(report["result"]["future_abi3_objects"]) == {"PyObject_GetBuffer", "PyBuffer_Release"}


def test_extension_exports_its_initializer_only(wheel):
    done = subprocess.run(["nm", "-D", "--defined-only", simdinet._simdinet.__file__], capture_output=True, text=True)
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["PyInit__simdinet"]


def test_versions_agree():
    header = (TREE / "lib/include/simdinet.h").read_text()
    version = re.findall(r"#define SIMDINET_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header)
    assert simdinet.__version__ == ".".join(version)


def values_in_headers(prefix):
    """{name: value} of #define and of the enum simdinet_reason and simdinet_scan_rule."""
    text = "".join((TREE / f"lib/include/{name}").read_text() for name in ("simdinet.h", "simdinet_network.h"))
    found = {name: int(value, 16)
             for name, value in re.findall(rf"#define SIMDINET_{prefix}_(\w+)[ \\\n]+(0x[0-9a-f]+)u", text)}
    names = re.findall(rf"^    SIMDINET_{prefix}_(\w+)(?: = 0)?,? ", text, re.MULTILINE)
    return found or {name: i for i, name in enumerate(names)}


def test_enums_are_those_of_the_library():
    for enum, prefix in ((simdinet.Scan, "SCAN"), (simdinet.Match, "MATCH"), (simdinet.Class, "CLASS"),
                         (simdinet.Reason, "REASON"), (simdinet.Rule, "RULE")):
        want = values_in_headers(prefix)
        want.pop("PARTIAL", None)
        want = {"NAT_6TO4" if name == "6TO4" else name: value for name, value in want.items()}
        assert {name: int(member) for name, member in enum.__members__.items()} == want and len(want) > 5


def test_license_is_that_of_the_tree(wheel):
    text = (TREE / "LICENSE").read_text()
    assert (PACKAGE / "LICENSE").read_text() == text
    with zipfile.ZipFile(wheel) as archive:
        name, = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert archive.read(name).decode() == text


def test_import_loads_no_other_package():
    code = "import sys; before = set(sys.modules); import simdinet; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "pyarrow", "polars", "pandas", "duckdb", "socket"}


def modules_with_examples():
    yield simdinet
    for info in pkgutil.iter_modules(simdinet.__path__):
        if info.name not in ("run_cases", "spark"):  # pyspark is in requirements-engines.txt
            yield importlib.import_module(f"simdinet.{info.name}")


@pytest.mark.parametrize("module", list(modules_with_examples()), ids=lambda module: module.__name__)
def test_examples_in_docstrings(module, tmp_path, monkeypatch):
    """doctest finds the functions of C as well where they are members of the module."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access.log.gz").write_bytes(gzip.compress(b"192.0.2.1 - GET /\n2001:db8::1 - GET /\n"))
    finder = doctest.DocTestFinder(exclude_empty=True)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    names = {"simdinet": simdinet, **vars(simdinet.socket if module.__name__ == "simdinet._simdinet" else module)}
    tests = finder.find(module, module.__name__, extraglobs=names)
    if module.__name__ == "simdinet._simdinet":
        parser = doctest.DocTestParser()
        tests = [parser.get_doctest(function.__doc__, dict(names), name, None, 0)
                 for name, function in vars(module).items() if callable(function) and function.__doc__]
        assert sum(bool(test.examples) for test in tests) > 10
    for test in tests:
        runner.run(test)
    assert runner.failures == 0


def test_every_function_has_a_docstring():
    for module in (simdinet, simdinet.socket):
        for name in module.__all__:
            assert getattr(module, name).__doc__, name


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def calls_that_leave_nothing():
    def errors():
        for function, argument in ((simdinet.parse, "1.2.3.4.5"), (simdinet.socket.inet_aton, "x"),
                                   (simdinet.socket.htons, -1), (simdinet.format, b"1")):
            try:
                function(argument)
            except (ValueError, OSError, OverflowError):
                pass

    def scalars():
        simdinet.parse("192.0.2.1")
        simdinet.parse(memoryview(b"2001:db8::1"))
        simdinet.parse_int("2001:db8::1")
        simdinet.format(2**100)
        simdinet.canonical("::1")
        simdinet.explain("1")

    def sockets():
        simdinet.socket.getaddrinfo("192.0.2.1", 80)
        simdinet.socket.getaddrinfo(b"::1", "80", proto=6)
        simdinet.socket.gethostbyname("192.0.2.1")
        simdinet.socket.getnameinfo(("::1", 80), 3)
        simdinet.socket.inet_pton(2, "1.2.3.4")
        simdinet.socket.inet_ntop(2, b"1234")
        simdinet.socket.htons(5)
    return [errors, scalars, sockets]


def calls_of_columns():
    arrow = pyarrow.array(["10.1.2.3", "::1", None, "x" * 50])
    chunked = pyarrow.chunked_array([arrow, arrow])
    dictionary = arrow.dictionary_encode()
    views = arrow.cast(pyarrow.string_view())
    fixed = numpy.array(["1.2.3.4", "y"], "S")
    mixed = simdinet.parse_mixed(arrow)
    networks = simdinet.networks({"10.0.0.0/8": "x"})
    table = pyarrow.table({"a": ["x"], "b": ["y"]})

    def raises(function, *arguments, **options):
        with contextlib.suppress(ArithmeticError, ValueError, TypeError, KeyError, BufferError, OSError):
            function(*arguments, **options)
            raise AssertionError(f"{function} did not raise")

    def parse():
        for column in (arrow, chunked, dictionary, views, fixed, fixed.astype("U"), ["1.2.3.4", None]):
            simdinet.parse_mixed(column)
        simdinet.parse_ipv4(dictionary)
        simdinet.parse_ipv6(views)
        simdinet.is_ip(chunked)

    def map_addresses():
        simdinet.format(mixed)
        simdinet.format([1, 2**100, None, b"1234"])
        simdinet.truncate(dictionary)
        simdinet.classify(chunked)
        simdinet.explain_column(views)
        simdinet.htonl_array(b"12345678")

    def scan():
        simdinet.scan("1.2.3.4 ::1").field("address")
        simdinet.scan_lines(arrow)
        simdinet.scan_lines(dictionary)

    def sets():
        simdinet.networks(["10.0.0.0/8", "::/0"])
        networks.lookup(arrow)
        networks.contains(dictionary)
        networks.get("10.1.2.3")
        "::1" in networks

    def export():
        pyarrow.array(mixed)
        pyarrow.chunked_array(simdinet.parse_mixed(chunked))
        numpy.asarray(mixed)
        memoryview(mixed).release()
        mixed.__arrow_c_array__(), mixed.__arrow_c_stream__(), mixed.__arrow_c_schema__()
        mixed.to_pylist(), list(mixed), repr(mixed), mixed.families
        simdinet.scan_lines(arrow).to_pylist()

    def errors():
        for column in ([1], ["x", 5], pyarrow.array([1]), table, numpy.array([1.5]), 5, "x"):
            raises(simdinet.parse_mixed, column)
        for column in ([b"123"], [-1], [2**128], [None, "x"], arrow, fixed):
            raises(simdinet.format, column)
        raises(simdinet.truncate, arrow, ipv4=99)
        raises(simdinet.networks, ["10.0.0.0/8"] * 2)
        raises(simdinet.networks, ["x"])
        raises(networks.lookup, [1.5])
        raises(memoryview, simdinet.scan("1.2.3.4"))
        raises(simdinet.scan("").field, "none")
        raises(simdinet.parse_network, "x")

    def files():
        class Broken:
            def read(self, n):
                raise OSError(5, "broken")

        list(simdinet.open(io.BytesIO(b"1.2.3.4 ::1 " * 5), size=20))
        pyarrow.RecordBatchReader.from_stream(simdinet.open(io.BytesIO(b"1.2.3.4"))).read_all()
        simdinet.open(io.BytesIO(b"1.2.3.4")).__arrow_c_stream__()
        raises(pyarrow.RecordBatchReader.from_stream(simdinet.open(Broken())).read_all)
    return [parse, map_addresses, scan, sets, export, errors, files]


def grows(call, repetitions):
    """Whether the resident memory grows by 8 bytes a call each time: the smallest block that is left has 16. The heap
    of the process grows once in a while."""
    def growth():
        before = resident()
        for _ in range(repetitions):
            call()
        gc.collect()
        return resident() - before

    return all(growth() >= 8 * repetitions for _ in range(5))


@pytest.mark.parametrize("call", calls_that_leave_nothing(), ids=lambda call: call.__name__)
def test_no_memory_leaks(call):
    assert not grows(call, 50_000)


@pytest.mark.parametrize("call", calls_of_columns(), ids=lambda call: call.__name__)
def test_no_memory_leaks_of_columns(call):
    """About a million calls of functions of columns, in all."""
    assert not grows(call, 5_000 if call.__name__ == "files" else 20_000)


def test_leaks_are_found():
    kept = []  # larger blocks than the heap has free from the tests before
    assert grows(lambda: kept.append(bytes(2048)), 20_000)


def test_threads():
    expected = [simdinet.parse(f"10.0.{i % 256}.1") for i in range(1000)]
    wrong = []

    def work():
        for _ in range(20):
            if [simdinet.parse(f"10.0.{i % 256}.1") for i in range(1000)] != expected:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


SUBINTERPRETER = """
import simdinet, simdinet.socket
assert simdinet.parse("1.2.3.4") == bytes([1, 2, 3, 4])
try:
    simdinet.parse("x")
except simdinet.AddressError as error:
    assert error.reason is simdinet.Reason.CHARACTER
else:
    raise SystemError("no error")
assert simdinet.socket.getaddrinfo("::1", 80)
import io
texts = ["10.1.2.3", "::1", None] * 400
assert simdinet.format(simdinet.parse_mixed(texts)).to_pylist() == texts
assert simdinet.networks(["10.0.0.0/8"]).lookup(texts).to_pylist() == [0, None, None] * 400
assert simdinet.scan_lines(simdinet.format(simdinet.parse_packed(texts))).null_count == 400
matches = simdinet.open(io.BytesIO(b"10.1.2.3 ::1"))
try:
    simdinet.parse_mixed(matches)
except RuntimeError as error:
    assert "main interpreter" in str(error)
else:
    raise SystemError("a stream")
assert [len(batch) for batch in matches] == [2]
"""


def test_interpreters():
    interpreters = pytest.importorskip("_xxsubinterpreters" if sys.version_info < (3, 13) else "_interpreters")
    for _ in range(5):
        interpreter = interpreters.create()
        failed = interpreters.run_string(interpreter, SUBINTERPRETER)
        assert failed is None
        interpreters.destroy(interpreter)
    assert simdinet.parse("1.2.3.4") == bytes([1, 2, 3, 4])


def test_source_distribution_contains_the_library(tmp_path):
    """A wheel is built from the source distribution alone."""
    code = "import backend, sys; print(backend.build_sdist(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=PACKAGE, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE / "build_backend")})
    assert done.returncode == 0, done.stderr
    archive = tmp_path / done.stdout.splitlines()[-1]
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path], check=True)
    folder = tmp_path / archive.name.removesuffix(".tar.gz")
    assert (folder / "amalgamation/simdinet.c").stat().st_size > 200_000
    assert (folder / "amalgamation/simdinet_socket.h").exists()
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
                           "-Ccmake.build-type=Debug", "-w",
                           tmp_path / "wheel", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built, = (tmp_path / "wheel").glob("*.whl")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", built, tmp_path / "installed"], check=True)
    code = "import simdinet, simdinet.socket as s; assert s.inet_aton('1.2.3.4') == simdinet.parse('1.2.3.4'); " \
           "print(simdinet.__file__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path / "installed")
    assert done.stdout.strip() == str(tmp_path / "installed/simdinet/__init__.py"), done.stderr


def test_socket_is_loaded_on_use():
    code = "import sys, simdinet; assert 'socket' not in sys.modules; print(simdinet.socket.htons(1)); simdinet.no_such"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == f"{simdinet.socket.htons(1)}\n" and "has no attribute 'no_such'" in done.stderr
