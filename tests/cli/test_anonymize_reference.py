# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet anonymize against the slow reference of the scan, which decides what is replaced, and what is left."""
import gzip
import ipaddress
import os
import random
import re
import subprocess

import pytest

from dotted_runs import RULES, address_of, rewrite_run, sequences, windows
from escaped_addresses import BEFORE_LABEL, after_line_number, both_orders, find_escaped, put_escaped
from reverse_names import find_names, labels_of

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
    """(start, end, address, kind) of all that is to be replaced in a text; kind is None for an address as it is usually
    written, "name", "run", "label", or the colon of an escaped address."""
    list_addresses = os.environ.get("SIMDINET_TEST_LIST_ADDRESSES") or pytest.skip("SIMDINET_TEST_LIST_ADDRESSES is not set")

    def find(text):
        found = [(start, end, address, "name") for start, end, address in find_names(text)] + list(find_escaped(text))
        inside = {at for start, end, _, _ in found for at in range(start, end)}
        for line in subprocess.run([list_addresses], input=text, capture_output=True, check=True).stdout.splitlines():
            offset, length, family, doubtful, rule, address = line.decode().split()
            start, end = int(offset), int(offset) + int(length)
            if start in inside:
                continue
            if family == "4" or doubtful == "0" or re.search(rb"[0-9a-fA-F]{3}", text[start:end]):
                kind = None
                if family == "4" and doubtful != "0":
                    kind = "run" if rule in RULES else "label" if BEFORE_LABEL.match(text, end) else None
                found.append((start, end, ipaddress.ip_address(address), kind))
        return sorted(found, key=lambda one: one[0])
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
    assert len(matches) > 1000

    at = place = 0
    old = set()
    for start, end, address, kind in matches:
        if start < at:
            continue
        assert output[place:place + start - at] == text[at:start]
        place += start - at
        if kind == "run":
            at, new, addresses = rewrite_run(text, start, lambda a: str(mapping[value(a)]), mode != "truncate")
            assert output[place:place + len(new)] == new
            place += len(new)
            old |= {value(a) for a in addresses}
            continue
        if address.version == 6 and kind is None and mode == "truncate" and after_line_number(text, start, end) != (start, end):
            first, (start, end) = start, after_line_number(text, start, end)
            assert output[place:place + start - first] == text[first:start]
            place += start - first
            address = value(text[start:end].decode())
        at = end
        if kind == "label" and mode == "truncate":
            new, orders = both_orders(address, lambda a: mapping[value(a)])
            assert output[place:place + len(new)] == new.encode()
            place += len(new)
            old |= {value(a) for a in orders}
            continue
        old.add(address)
        if kind not in (None, "label"):
            new = labels_of(mapping[address]) if kind == "name" else put_escaped(text, start, end, kind, mapping[address])
            assert output[place:place + len(new)] == new
            place += len(new)
            continue
        new = re.match(rb"[0-9a-fA-F:]*(?:\.[0-9]+){3}|[0-9a-fA-F:]+", output[place:place + 45])[0]
        while value_or_none(new) != mapping[address] or output[place + len(new):place + len(new) + 1] != text[end:end + 1]:
            new = new[:-1]
            assert new, (text[start - 20:end + 20], mapping[address])
        place += len(new)
    assert output[place:] == text[at:]
    assert old == mapping.keys()

    left = {address for _, _, address, kind in replaced(output) if kind != "run"}
    assert left & mapping.keys() <= set(mapping.values())


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
ONLY_IPV4 = ["host_", "v", "300.", "00:00:5e:00:53:01:", "#011", "\\042", "=20", "\\0", "%2522"]
RUNS = ["tun0.", "iso.3.6.1.2.1.4.20.1.1.", "1.3.6.1.2.1.4.20.1.1.", "IP-MIB::ipNetToMediaPhysAddress.2.", ".1.3.6.1.2.1.15.3.1.2.",
        "inetCidrRoute.1.4.", "v1.", "2.16.32.1.13.184." + "0." * 60]
RUNS_AFTER = [".22.198.51.100.88.80", ".32.2.0.0.1.4.198.51.100.88", ".300.198.51.100.88", ".7"]


@pytest.mark.parametrize("address, before", [("203.0.113.77", BEFORE + ONLY_IPV4), ("2001:db8:7:8::9a", BEFORE),
                                             ("2001:db8:1:2:3:4:5:6", BEFORE)])
def test_whatever_is_beside(run, address, before):
    lines = [(first + address + last) for first in before for last in AFTER]
    output = run("anonymize", stdin="\n".join(lines).encode())[1].decode().split("\n")
    assert len(output) == len(lines)
    assert [line for line, new in zip(lines, output) if address in new] == []


def test_no_window_of_a_run_keeps_its_host(run):
    """Whatever four octets of a longer run are an address: the last one is 0."""
    lines = [first + "203.0.113.77" + last for first in ["", *RUNS] for last in ["", *AFTER, *RUNS_AFTER] if first or last in RUNS_AFTER]
    output = run("anonymize", stdin="\n".join(lines).encode())[1].decode().split("\n")
    assert len(output) == len(lines)
    for line, new in zip(lines, output):
        numbers = list(zip(re.findall(r"[0-9]+|[^0-9]+", line), re.findall(r"[0-9]+|[^0-9]+", new)))
        assert len(numbers) == len(re.findall(r"[0-9]+|[^0-9]+", line)) == len(re.findall(r"[0-9]+|[^0-9]+", new)), (line, new)
        for i in range(len(numbers) - 6):
            window = [old for old, _ in numbers[i:i + 7]]
            if window[1::2] == [".", ".", "."] and all(old.isdigit() and int(old) < 256 for old in window[::2]):
                assert numbers[i + 6][1] == "0", (line, new)


@pytest.mark.parametrize("options", [[], ["--truncate=20,50"], ["--truncate=16,64"], ["--truncate=8,128"], ["--truncate=0,0"],
                                     ["--truncate=32,0"], ["--precise"], ["--defanged"]])
def test_the_quick_way_and_the_other(run, options):
    """A filter that accepts every address changes nothing. Without one, truncation takes shorter ways."""
    rng = random.Random(str(options))

    def address():
        numbers = [str(rng.choice([0, 7, 42, 203, 255, 256, 1000, "010"])) for _ in range(rng.choice([4, 4, 4, 5, 7, 8, 40]))]
        groups = [f"{rng.choice([0, 1, 0xab, 0xdb8, 0x2001]):x}" for _ in range(rng.choice([8, 8, 9, 5]))]
        return rng.choice([".".join(numbers), ".".join(numbers[:4]), "[.]".join(numbers), ":".join(groups), "::".join(groups[:2]),
                           "::ffff:203.0.113.77", ".".join(numbers[:4]) + ".in-addr.arpa", "2002:cb00:7109::1",
                           ".".join(rng.choice("0123456789abcdef") for _ in range(rng.choice([31, 32, 32, 33]))) + ".ip6.arpa",
                           ".".join(numbers[:4]) + ".zen.example", "%3A".join(groups), "%3a%3A".join(groups[:2]), rng.choice(RUNS)])

    text = "".join(rng.choice(BEFORE + ONLY_IPV4) + address() + rng.choice(AFTER + RUNS_AFTER + ["\n", "x" * 5000, " \n" * 50])
                   for _ in range(20000)).encode()
    quick = run("anonymize", *options, stdin=text)
    assert quick == run("anonymize", *options, "--only=0.0.0.0/0,::/0", stdin=text)
    assert (quick[0], quick[2]) == (0, "") and (quick[1] != text or "8,128" in str(options))


@pytest.mark.parametrize("mode", ["pfx", "cryptopan"])
def test_runs_are_encrypted_from_their_ends(run, tmp_path, mode):
    """Quads that end with the last number of each sequence are encrypted, one to three numbers before them stay."""
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    options = ["--keyed", "--mode", mode, "--key-file", str(key)]
    lines = [(first + "203.0.113.77" + last).encode() for first in RUNS[:-1] for last in ["", *RUNS_AFTER]]
    status, output, errors = run("anonymize", *options, "--mapping", str(tmp_path / "mapping"), stdin=b"\n".join(lines))
    if "built without" in errors:
        pytest.skip("the command was built without libcrypto")
    mapping = dict(line.split(",") for line in (tmp_path / "mapping").read_text().splitlines())
    for line, new in zip(lines, output.split(b"\n")):
        start = re.search(rb"(?<![0-9])[0-9]+(\.[0-9]+){3}", line).start()
        end, text, old = rewrite_run(line, start, mapping.get, True)
        assert new == line[:start] + text + line[end:]
        for sequence in sequences(line, start)[1]:
            assert {address_of(window) for window in windows(sequence)[len(sequence) % 4::4]} <= set(old)
    assert run("anonymize", "--decrypt", *options, stdin=output) == (0, b"\n".join(lines), "")


def test_long_sequences_are_encrypted_to_fewer_numbers_left(run, tmp_path):
    """Of more than 31 octets no window keeps its last number, wherever buffers end."""
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    for n in (31, 32, 33, 34, 35, 66, 40001):
        text = ".".join(["203"] * n).encode()
        status, output, errors = run("anonymize", "--keyed", "--key-file", str(key), stdin=text)
        if "built without" in errors:
            pytest.skip("the command was built without libcrypto")
        numbers = output.split(b".")
        assert len(numbers) == n and b"203" not in numbers[3:] and numbers[n % 4 if n < 32 else 0:].count(b"203") == 0
        assert numbers.count(b"0") == (0 if n < 32 else n % 4)
