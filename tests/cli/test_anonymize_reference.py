# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet anonymize against the slow reference of the scan, which decides what is replaced, and what is left."""
import gzip
import ipaddress
import os
import re
import subprocess

import pytest

KEY = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301"
FILES = ["apache_access.log", "zeek_dns.log.gz", "generated web", "generated firewall", "generated all"]


@pytest.fixture(params=FILES)
def text(request, shared, log):
    """The bytes of a log: real ones, where they are, and generated ones."""
    if request.param.startswith("generated"):
        with open(log(seed=21, size="1M", kind=request.param.split()[1])[0], "rb") as generated:
            return generated.read()
    path = shared / "data" / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is missing")
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content)[:1 << 20]


@pytest.fixture
def replaced():
    """(start, end, address) of all that is to be replaced in a text."""
    list_addresses = os.environ.get("SIMDINET_TEST_LIST_ADDRESSES") or pytest.skip("SIMDINET_TEST_LIST_ADDRESSES is not set")

    def find(text):
        found = []
        for line in subprocess.run([list_addresses], input=text, capture_output=True, check=True).stdout.splitlines():
            offset, length, family, doubtful, address = line.decode().split()
            start, end = int(offset), int(offset) + int(length)
            if family == "4" or doubtful == "0" or re.search(rb"[0-9a-fA-F]{3}", text[start:end]):
                found.append((start, end, ipaddress.ip_address(address)))
        return found
    return find


def value(text):
    """An address; one that is mapped as IPv6."""
    return ipaddress.ip_address(text)


@pytest.mark.parametrize("mode", ["truncate", "pfx", "cryptopan"])
def test_no_address_is_left(run, replaced, text, tmp_path, mode):
    """Beside the matches the output is the input; no original address is found in it that no other one became."""
    options, key, mapping = ["--mapping", str(tmp_path / "mapping")], tmp_path / "key", {}
    if mode != "truncate":
        key.write_text(KEY)
        key.chmod(0o600)
        options += ["--keyed", "--mode", mode, "--key-file", str(key)]
    status, output, errors = run("anonymize", *options, stdin=text)
    if "built without" in errors:
        pytest.skip("the command was built without libcrypto")
    assert (status, errors) == (0, "")
    for line in (tmp_path / "mapping").read_text().splitlines():
        old, new = line.split(",")
        mapping[value(old)] = value(new)
    matches = replaced(text)
    assert len(matches) > 1000 and {address for _, _, address in matches} == mapping.keys()

    at = place = 0
    for start, end, address in matches:
        assert output[place:place + start - at] == text[at:start]
        place, at = place + start - at, end
        new = re.match(rb"[0-9a-fA-F:]*(?:\.[0-9]+){3}|[0-9a-fA-F:]+", output[place:place + 45])[0]
        while value_or_none(new) != mapping[address]:
            new = new[:-1]
            assert new, (text[start - 20:end + 20], mapping[address])
        place += len(new)
    assert output[place:] == text[at:]

    left = {address for start, end, address in replaced(output) if not in_longer_run(output, start, end)}
    assert left & mapping.keys() <= set(mapping.values())


def in_longer_run(text, start, end):
    """An object identifier has other quads after one of them was replaced."""
    return re.search(rb"[0-9]\.$", text[max(start - 2, 0):start]) or re.match(rb"\.[0-9]", text[end:end + 2])


def value_or_none(text):
    try:
        return value(text.decode())
    except ValueError:
        return None


BEFORE = ["", " ", "a ", "x=", '"', "'", "(", "[", "<", "/", "//", "\\t", "\\n", "\\x22", "\\u0022", "%20", "%3D", "%5B", ",", ";", "|", "-",
          "\x1b[31m", "ip:", "ip=", "src:", "source.ip:", '"x":', "x.y:", "]:", "10.0.0.1:", "198.51.100.7,", "00:00:5e:00:53:01 ",
          "00:00:5e:00:53:01/", "Chrome/", "version: ", "user@", "@", "~", "*>i", "inet6 addr:", "log: "]
AFTER = ["", " ", ",", ";", ":", ": x", ":/export", ":x", "]", "]:443", ")", ">", "/24", "/x", "%eth0", "\\n", "\\x22", "%20", '"', "'", "|", "-",
         ".", ". ", "\x1b[0m", "@", "~", "=", "&", ".443", ":443 x"]
ONLY_IPV4 = ["host_", "v", "tun0.", "300.", "1.3.6.1.2.1.4.20.1.1.", "00:00:5e:00:53:01:"]


@pytest.mark.parametrize("address, before", [("203.0.113.77", BEFORE + ONLY_IPV4), ("2001:db8:7:8::9a", BEFORE),
                                             ("2001:db8:1:2:3:4:5:6", BEFORE)])
def test_whatever_is_beside(run, address, before):
    lines = [(first + address + last) for first in before for last in AFTER]
    output = run("anonymize", stdin="\n".join(lines).encode())[1].decode().split("\n")
    assert len(output) == len(lines)
    assert [line for line, new in zip(lines, output) if address in new] == []
