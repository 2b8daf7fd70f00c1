# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet resolve, services and interfaces."""
import gzip
import json
import subprocess

import pytest

NO_IPV4 = "Address family for hostname not supported"


@pytest.fixture
def run_in_fixture(simdinet, source_dir):
    """Runs the command in namespaces with names and services of their own, after a shell command."""
    fixture = source_dir / "tests/data/fixture/run.sh"
    if subprocess.run([fixture, "true"], capture_output=True).returncode != 0:
        pytest.skip("the kernel refuses the namespaces of the fixture")

    def run_command(*arguments, before="true"):
        done = subprocess.run([fixture, "sh", "-ec", f'{before}; exec "$@"', "sh", simdinet, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
        return done.returncode, done.stdout, done.stderr
    return run_command


# ---- resolve ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, text, want", [
    (["192.0.2.1", "2001:DB8::1", "10.1"], b"", b"192.0.2.1\n2001:db8::1\n10.0.0.1\n"),
    (["--ipv4", "192.0.2.1"], b"", b"192.0.2.1\n"),
    *[([*families, "2001:db8::1", "192.0.2.1"], b"", b"2001:db8::1\n192.0.2.1\n")
      for families in (["-4", "-6"], ["-64"], [])],
    ([], b"192.0.2.1\n\n2001:db8::1", b"192.0.2.1\n2001:db8::1\n"),
    ([], b"192.0.2.1\r\n::1\n192.0.2.2", b"192.0.2.1\n::1\n192.0.2.2\n"),
    (["--json"], b" \t192.0.2.1 \t\r\n \t\r\n  ::1", b'{"query":"192.0.2.1","addresses":["192.0.2.1"]}\n'
                                                     b'{"query":"::1","addresses":["::1"]}\n'),
])
def test_numeric_names(run, arguments, text, want):
    assert run("resolve", *arguments, stdin=text) == (0, want, "")


def test_compressed_names(run, decoders):
    assert run("resolve", stdin=gzip.compress(b"192.0.2.1\n::1\n")) == (0, b"192.0.2.1\n::1\n", "")


@pytest.mark.parametrize("option", ["-6", "--ipv6"])
def test_other_family(run, option):
    assert run("resolve", option, "192.0.2.1", "2001:db8::1") == (1, b"2001:db8::1\n",
                                                                  f"simdinet: 192.0.2.1: {NO_IPV4}\n")


def test_json(run):
    status, out, err = run("resolve", "--json", "-6", "::1", "192.0.2.1", "::1%\"\\\t")
    assert (status, err) == (1, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"query": "::1", "addresses": ["::1"]}, {"query": "192.0.2.1", "error": NO_IPV4},
        {"query": "::1%\"\\\t", "error": "Name or service not known"}]


def test_json_of_invalid_utf8(run):
    status, out, _ = run("resolve", "--json", b"a\xffb\x1b.invalid")
    assert (status, json.loads(out)["query"]) == (1, "a\ufffdb\x1b.invalid")


@pytest.mark.parametrize("arguments, text, shown", [
    (["\x1b[31mno\x7f.invalid"], b"", "?[31mno?.invalid"),
    ([], b"::1% x\n", "::1% x")]) # blanks within a name stay
def test_unknown_names(run, arguments, text, shown):
    status, out, err = run("resolve", *arguments, stdin=text)
    assert (status, out) == (1, b"")
    assert err.startswith(f"simdinet: {shown}: ")


@pytest.mark.parametrize("line, shown", [(b"\0", "\ufffd"), (b"a\0b\n", "a\ufffdb"), (b"x" * 1025, "x" * 1024),
                                         (b"x" * 1025 + b"\n", "x" * 1024), (b"x" * 100000 + b"\n", "x" * 1024)])
def test_invalid_names(run, line, shown):
    reason = "invalid name: too long, or contains NUL"
    assert run("resolve", stdin=b"::1\n\n" + line) == (2, b"::1\n", f"simdinet: (standard input):3: {reason}\n")
    status, out, err = run("resolve", "--json", stdin=line)
    assert (status, json.loads(out), err) == (2, {"query": shown, "error": reason}, "")


@pytest.mark.parametrize("options", [["-4"], ["-6"], ["-46"], ["--timeout=100"]])
def test_reverse_excludes_other_options(run, options):
    for order in ([*options, "-r"], ["-r", *options]):
        assert run("resolve", *order, "192.0.2.1") == (
            2, b"", "simdinet: -r cannot be combined with -4, -6 or --timeout\nTry 'simdinet resolve --help'.\n")


def test_names_and_addresses_of_the_fixture(run_in_fixture):
    assert run_in_fixture("resolve", "-4", "alpha") == (0, "192.0.2.10\n192.0.2.11\n", "")
    assert run_in_fixture("resolve", "-r", "192.0.2.20", "2001:db8::20") == (
        0, "shortname\nsn.alias.example.test\nsix-only.example.test\nsixonly\n", "")
    status, out, err = run_in_fixture("resolve", "--json", "--reverse", "192.0.2.99")
    assert (status, json.loads(out), err) == (1, {"query": "192.0.2.99", "error": "Unknown host"}, "")


def test_timeout_does_not_delay_an_answer(run_in_fixture):
    assert run_in_fixture("resolve", "--timeout=3600000", "noalias") == (0, "192.0.2.21\n", "")


# ---- services and interfaces -----------------------------------------------------------------------

@pytest.mark.parametrize("port", ["65536", "99999", "18446744073709551617", "99999999999999999999999"])
def test_invalid_ports(run, port):
    assert run("services", port) == (2, b"", f"simdinet: invalid port '{port}': greater than 65535\n")


def test_unknown_port(run):
    assert run("services", "65535")[0::2] == (1, "simdinet: 65535: Not found\n")
    assert run("services", "65535", "65536")[0] == 2


def test_missing_service(run):
    assert run("services") == (2, b"", "simdinet: missing service name or port\nTry 'simdinet services --help'.\n")


def test_services_of_the_fixture(run_in_fixture):
    status, out, err = run_in_fixture("services", "domain", "443", "no-such-service")
    assert status == 1
    assert out.startswith("domain 53/tcp\ndomain 53/udp\nhttps 443/tcp\n")
    assert err == "simdinet: no-such-service: Not found\n"


def test_interfaces_of_the_fixture(run_in_fixture):
    assert run_in_fixture("interfaces") == (0, "1\tlo\n", "")


# ---- control characters ----------------------------------------------------------------------------

HOSTILE = b"ev\x1b[31mil\x9b\xc2\x9b\x7f\xc3\xa9"
SHOWN = "ev?[31mil???\u00e9"


def test_control_characters_of_names(run_in_fixture, file):
    """glibc refuses them in names of DNS, not in those of files."""
    hosts = file("hosts", b"192.0.2.66 " + HOSTILE + b"\n")
    before = f"mount --bind {hosts} /etc/hosts"
    assert run_in_fixture("resolve", "-r", "192.0.2.66", before=before) == (0, f"{SHOWN}\n", "")
    status, out, err = run_in_fixture("resolve", "-r", "--json", "192.0.2.66", before=before)
    assert (status, json.loads(out)["names"], err) == (0, ["ev\x1b[31mil\ufffd\x9b\x7f\u00e9"], "")
    assert "\x1b" not in out and "\x9b" not in out


def test_control_characters_of_services(run_in_fixture, file):
    services = file("services", HOSTILE + b" 4242/tcp\n")
    assert run_in_fixture("services", "4242", HOSTILE, before=f"mount --bind {services} /etc/services") == (
        0, f"{SHOWN} 4242/tcp\n" * 2, "")


def test_control_characters_of_interfaces(run_in_fixture):
    rename = "ip link set lo down; ip link set lo name $(printf 'lo\\033[1m')"
    assert run_in_fixture("interfaces", before=rename) == (0, "1\tlo?[1m\n", "")
