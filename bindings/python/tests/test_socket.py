# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet.socket against cases, the module socket, and CPython's own tests."""
import inspect
import ipaddress
import pathlib
import re
import socket as python_socket
import subprocess
import sys
import threading

import pytest
from conftest import TREE
from hypothesis import given
from hypothesis import strategies as st

from simdinet import socket


def run_cases(path, *options):
    done = subprocess.run([sys.executable, "-m", "simdinet.run_cases", *options, path], capture_output=True, text=True)
    counts = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", done.stdout.splitlines()[-1])
    return done.returncode, *map(int, counts.groups()), done.stdout


@pytest.mark.parametrize("path", [TREE / "tests/data/cases.jsonl", TREE.parent / "shared/spec/cases-open.jsonl"],
                         ids=["own", "open"])
def test_cases(path):
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    status, passed, failed, skipped, output = run_cases(path)
    assert (status, failed) == (0, 0), output
    assert passed > 200
    for line in output.splitlines()[:-1]:
        print(line)


def test_run_cases_reports_failures(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text("""\
{"id": 1, "fn": "htons", "args": [1], "result": 256, "needs": "none", "level": "c"}
{"id": 2, "fn": "htons", "args": [1], "result": 1, "needs": "none", "level": "c"}
{"id": 3, "fn": "htons", "args": [1], "error": {"type": "OSError", "errno": 1, "message": "x"}, "needs": "none"}
{"id": 4, "fn": "inet_aton", "args": ["x"], "result": null, "needs": "none"}
{"id": 5, "fn": "inet_pton", "args": [1, "x"], "error": {"type": "OSError", "errno": 98}, "needs": "none"}
{"id": 6, "fn": "inet_ntoa", "args": [{"$hex": "01020304"}], "result": {"$hex": "31"}, "needs": "none"}
{"id": 7, "fn": "gethostname", "args": [], "result": "x", "needs": "fixture"}
""")
    status, passed, failed, skipped, output = run_cases(file)
    assert (status, passed, failed, skipped) == (1, 1, 5, 1)
    assert re.findall(r"^FAILED (\d)", output, re.M) == ["2", "3", "4", "5", "6"]


def test_all_27_functions():
    assert len(socket.__all__) == 27
    assert all(hasattr(python_socket, name) for name in socket.__all__)


def test_other_names_are_those_of_socket():
    assert socket.AF_INET6 is python_socket.AF_INET6
    assert socket.socket is python_socket.socket
    assert "SOCK_STREAM" in dir(socket) and "getfqdn" in dir(socket)
    with pytest.raises(AttributeError):
        socket.no_such_name


def test_signatures():
    for name in ("getaddrinfo", "getfqdn"):
        assert inspect.signature(getattr(socket, name)) == inspect.signature(getattr(python_socket, name))
    assert socket.getaddrinfo(port=80, host="::1", type=1, proto=6) == python_socket.getaddrinfo(
        host="::1", port=80, type=1, proto=6)


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error), error.args


numeric = st.one_of(
    st.from_regex(r"[0-9a-fx]{0,4}(\.[0-9]{0,4}){0,4}", fullmatch=True),
    st.from_regex(r"[0-9a-fA-F]{0,5}(::?[0-9a-fA-F]{0,5}){0,9}", fullmatch=True),
    st.ip_addresses().map(str), st.text(max_size=20))
subclass = st.builds(type("Number", (int,), {}), st.integers(-10, 2**33))
numbers = st.one_of(st.integers(-(2**70), 2**70), st.integers(0, 2**16 + 5), st.booleans(), subclass, st.floats(),
                    st.none())


@given(numbers)
def test_numbers_as_python(number):
    for name in ("htons", "ntohs", "htonl", "ntohl", "CMSG_LEN", "CMSG_SPACE"):
        assert outcome(getattr(socket, name), number) == outcome(getattr(python_socket, name), number), name


@given(numeric)
def test_text_as_python(text):
    assert outcome(socket.inet_aton, text) == outcome(python_socket.inet_aton, text)
    for family in (2, 10, 1):
        assert outcome(socket.inet_pton, family, text) == outcome(python_socket.inet_pton, family, text)


@given(st.binary(max_size=20), st.sampled_from([bytes, bytearray, memoryview]), st.sampled_from([2, 10, 0]))
def test_packed_as_python(data, kind, family):
    packed = kind(data)
    assert outcome(socket.inet_ntoa, packed) == outcome(python_socket.inet_ntoa, packed)
    assert outcome(socket.inet_ntop, family, packed) == outcome(python_socket.inet_ntop, family, packed)


@given(st.ip_addresses(), st.one_of(st.integers(-5, 70000), st.integers(0, 65535).map(str), st.none()),
       st.sampled_from([0, 2, 10, 1]), st.sampled_from([0, 1, 2, 3, 5]), st.sampled_from([0, 4, 2, 8, 0x404, 1, 1 << 20]))
def test_getaddrinfo_as_python(address, port, family, kind, flags):
    arguments = (str(address), port, family, kind, 0, flags)
    got, expected = outcome(socket.getaddrinfo, *arguments), outcome(python_socket.getaddrinfo, *arguments)
    assert got == expected
    if isinstance(got, list):
        assert [[type(part) for part in item] for item in got] == [[type(part) for part in item] for item in expected]


@given(st.ip_addresses(), st.integers(-2, 70000), st.integers(0, 2**21), st.integers(0, 5), st.integers(1, 3))
def test_getnameinfo_as_python(address, port, flowinfo, scope, items):
    sockaddr = (str(address), port, flowinfo, scope)[:items + 1]
    assert outcome(socket.getnameinfo, sockaddr, 3) == outcome(python_socket.getnameinfo, sockaddr, 3)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "no-such-name.invalid.", "b\xfccher.invalid.", "",
                                  b"localhost", bytearray(b"127.1"), "a..b", "x\0y", 1, None, "x" * 64])
@pytest.mark.parametrize("function", ["gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getfqdn"])
def test_hosts_as_python(function, name):
    assert outcome(getattr(socket, function), name) == outcome(getattr(python_socket, function), name)


def test_interfaces_as_python():
    assert socket.if_nameindex() == python_socket.if_nameindex()
    for index, name in socket.if_nameindex():
        assert socket.if_nametoindex(name) == socket.if_nametoindex(name.encode()) == index
        assert socket.if_nametoindex(pathlib.PurePath(name)) == index
        assert socket.if_indextoname(index) == name


def test_services_as_python():
    for name in ("http", "domain", "HTTP", "", "no-such-service", "syslog"):
        for protocol in ((), ("tcp",), ("udp",), ("",)):
            assert outcome(socket.getservbyname, name, *protocol) == outcome(
                python_socket.getservbyname, name, *protocol)
    for port in (80, 53, 514, 65535, -1, 65536):
        for protocol in ((), ("tcp",), ("udp",)):
            assert outcome(socket.getservbyport, port, *protocol) == outcome(
                python_socket.getservbyport, port, *protocol)
    for name in ("tcp", "TCP", "Tcp", "ipv6-icmp", ""):
        assert outcome(socket.getprotobyname, name) == outcome(python_socket.getprotobyname, name)


def test_audit_events():
    """The same events with the same arguments as those of CPython."""
    events = []
    sys.addaudithook(lambda event, arguments: events.append((event, arguments)) if event.startswith("socket.") else None)
    calls = [("getaddrinfo", "192.0.2.1", 80, 2, 1, 6), ("getaddrinfo", None, "80", 0, 1), ("gethostbyname", "192.0.2.1"),
             ("gethostbyname", b"192.0.2.1"), ("gethostbyname_ex", "192.0.2.1"), ("gethostbyaddr", "127.0.0.1"),
             ("gethostname",), ("getnameinfo", ("127.0.0.1", 80), 3), ("getnameinfo", ("::1", 80, 0, 5), 3),
             ("getservbyname", "http"), ("getservbyname", "http", "tcp"), ("getservbyport", 80), ("getservbyport", 80, "tcp"),
             ("sethostname", "x" * 300), ("if_nameindex",), ("getservbyport", -1), ("getnameinfo", ("127.0.0.1", ), 3),
             ("getnameinfo", ("::1", 80, 0x100000), 3), ("getnameinfo", ("::1", 80, 0xfffff, 5), 3),
             ("getnameinfo", ("127.0.0.1", 80, 0, 0, 5), 3), ("getprotobyname", "tcp")]
    for name, *arguments in calls:
        seen = []
        for module in (python_socket, socket):
            events.clear()
            try:
                getattr(module, name)(*arguments)
            except (OSError, OverflowError, TypeError):
                pass
            seen.append(list(events))
        assert seen[0] == seen[1], (name, arguments)


def test_default_timeout_is_that_of_new_sockets():
    try:
        socket.setdefaulttimeout(2.5)
        with python_socket.socket() as made:
            assert made.gettimeout() == 2.5
        assert python_socket.getdefaulttimeout() == socket.getdefaulttimeout() == 2.5
    finally:
        socket.setdefaulttimeout(None)


def test_blocking_calls_release_the_gil():
    """While threads resolve names, other threads run Python code; all end."""
    stop = threading.Event()
    rounds = [0]

    def spin():
        while not stop.is_set():
            rounds[0] += 1

    spinner = threading.Thread(target=spin)
    spinner.start()

    def work():
        for _ in range(200):
            socket.getaddrinfo("localhost", "http")
            socket.getservbyname("http")
            socket.if_nameindex()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    stop.set()
    spinner.join()
    assert rounds[0] > 0


def test_cpython_test_socket():
    script = pathlib.Path(__file__).with_name("cpython_test_socket.py")
    classes = ["GeneralModuleTests", "CreateServerTest", "BasicTCPTest", "NetworkConnectionAttributesTest"]
    done = subprocess.run([sys.executable, script, *classes], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip(done.stdout.strip().removeprefix("skipped: "))
    assert done.returncode == 0, done.stdout + done.stderr
    counts = re.search(r"(\d+) tests, (\d+) pass with socket's functions, (\d+) with simdinet's", done.stdout)
    assert int(counts[1]) > 80 and int(counts[2]) > 50


def test_addresses_of_ipaddress():
    for text in ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "::"):
        address = ipaddress.ip_address(text)
        family = 2 if address.version == 4 else 10
        assert socket.inet_pton(family, text) == address.packed
        assert socket.inet_ntop(family, address.packed) == python_socket.inet_ntop(family, address.packed)
