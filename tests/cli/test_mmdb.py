# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Labels from MaxMind databases: --mmdb and --field, compared with mmdblookup."""
import ipaddress
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess

import pytest
from mmdb_writer import FLOAT, INT32, UINT16, UINT64, UINT128, MARKER, Pairs, Pointer, Value, database, encode

ASN = [("192.0.2.0/24", {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"}),
       ("10.0.0.0/8", {"autonomous_system_number": 64501}),
       ("2001:db8::/32", {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"})]
SCALARS = {"text": "Zürich \"x\"", "empty": "", "yes": True, "no": False, "two": Value(UINT16, 65535),
           "four": 4294967295, "eight": Value(UINT64, (1 << 64) - 1), "sixteen": Value(UINT128, (1 << 127) + 5),
           "less": Value(INT32, -7), "double": 51.5142, "tenth": 0.1, "float": Value(FLOAT, 0.5), "bytes": b"\x00\xff\x10",
           "deep": {"list": ["first", {"x": 1}], "names": {"en": "Name", "pt-BR": "Nome"}}}
LOG = b"192.0.2.1 192.0.2.2 10.9.9.9 2001:db8::1 ::ffff:10.0.0.1 8.8.8.8\n"


@pytest.fixture(autouse=True, scope="session")
def libmaxminddb(run, tmp_path_factory):
    path = tmp_path_factory.mktemp("mmdb") / "empty"
    path.touch()
    if "built without" in run("count", "--by-label", "--mmdb", path, stdin=b"")[2]:
        pytest.skip("the command was built without libmaxminddb")


@pytest.fixture
def asn(file):
    return file("asn.mmdb", database(ASN))


def count(run, path, *options, stdin=LOG):
    status, out, err = run("count", "--by-label", "--mmdb", path, *options, stdin=stdin)
    assert (status, err) == (0, "")
    return out.decode()


# ---- output --------------------------------------------------------------------------------------

def test_count(run, asn):
    assert count(run, asn) == "      3 64500\n      2 64501\n      1 -\n"
    assert count(run, asn, "--field=autonomous_system_organization", "--json") == (
        '{"label":"-","count":3}\n{"label":"Example","count":3}\n')
    assert count(run, asn, "--only=10.0.0.0/8", "--not=10.9.0.0/16") == "      1 64501\n"


def test_grep(run, asn):
    assert run("grep", "--label", "--mmdb", asn, "private,2001:db8::/32", stdin=LOG.replace(b" ", b"\n")) == (
        0, b"10.0.0.0/8\t64501\t10.9.9.9\n2001:db8::/32\t64500\t2001:db8::1\n10.0.0.0/8\t64501\t::ffff:10.0.0.1\n", "")
    assert run("grep", "-o", "--label", "--mmdb", asn, "0.0.0.0/0", stdin=LOG) == (
        0, b"192.0.2.0/24\t64500\t192.0.2.1\n192.0.2.0/24\t64500\t192.0.2.2\n10.0.0.0/8\t64501\t10.9.9.9\n"
        b"10.0.0.0/8\t64501\t::ffff:10.0.0.1\n\t\t8.8.8.8\n", "")


def test_extract(run, asn):
    assert run("extract", "--with=label", "--mmdb", asn, stdin=LOG)[1] == (
        b"192.0.2.1\t64500\n192.0.2.2\t64500\n10.9.9.9\t64501\n2001:db8::1\t64500\n::ffff:10.0.0.1\t64501\n8.8.8.8\t\n")
    rows = run("extract", "--with=label,class", "--json", "--mmdb", asn, stdin=b"10.0.0.1 8.8.8.8")[1].splitlines()
    assert [(row["network"], row["label"], row["class"]) for row in map(json.loads, rows)] == [
        ("10.0.0.0/8", "64501", ["private"]), ("", "", ["global"])]


def test_values(run, file):
    path = file("values.mmdb", database([("192.0.2.0/24", SCALARS)]))

    def value(field):
        return run("extract", "--with=label", "--mmdb", path, "--field", field, stdin=b"192.0.2.1")[1].decode()[10:-1]

    want = {"text": 'Zürich "x"', "empty": "", "yes": "true", "no": "false", "two": "65535", "four": "4294967295",
            "eight": str((1 << 64) - 1), "sixteen": f"0x{(1 << 127) + 5:032x}", "less": "-7", "double": "51.5142",
            "tenth": "0.1", "float": "0.5", "bytes": "00ff10", "deep.list.0": "first", "deep.list.1.x": "1",
            "deep.list.-1.x": "1", "deep.names.pt-BR": "Nome"}
    assert {field: value(field) for field in want} == want
    assert json.loads(run("extract", "--json", "--with=label", "--mmdb", path, "--field=text",
                          stdin=b"192.0.2.1")[1])["label"] == SCALARS["text"]


def test_default_field(run, file):
    records = {"autonomous_system_number": {"autonomous_system_number": 7, "country": {"iso_code": "XA"}},
               "country.iso_code": {"country": {"iso_code": "XA", "names": {"en": "x"}}, "city": "y"},
               "country_code": {"country_code": "XB", "x": 1}, "country": {"country": "XC", "x": 1},
               "the only one": {"threat": "low"}, "a record that is a value": "listed"}
    want = ["7", "XA", "XB", "XC", "low", "listed"]
    for record, label in zip(records.values(), want):
        assert count(run, file("d.mmdb", database([("192.0.2.0/24", record)])), stdin=b"192.0.2.9") == f"      1 {label}\n"


# ---- lookups -------------------------------------------------------------------------------------

def mmdblookup(path, address, *field):
    done = subprocess.run(["mmdblookup", "--file", path, "--ip", address, *field], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.PIPE)
    found = re.search(r'^\s+"?(.*?)"? <', done.stdout, re.M)
    return found.group(1) if found else ""


@pytest.mark.parametrize("ip_version, record_size", [(6, 24), (6, 28), (6, 32), (4, 24), (4, 28), (4, 32)])
def test_as_mmdblookup(run, file, ip_version, record_size):
    """Random nested networks; the label and the network of each address."""
    if not shutil.which("mmdblookup"):
        pytest.skip("mmdblookup is not installed")
    rng = random.Random(record_size)
    texts = {}
    for _ in range(120):
        if ip_version == 4 or rng.random() < 0.5:
            length = rng.randrange(1, 33)
            texts[f"{ipaddress.IPv4Address(rng.choice([0x0a000000, 0xc0000200]) | rng.getrandbits(26))}/{length}"] = 0
        else:
            texts[f"{ipaddress.IPv6Address(0x20010db8 << 96 | rng.getrandbits(96))}/{rng.randrange(8, 129)}"] = 0
    networks = sorted({ipaddress.ip_network(text, strict=False) for text in texts}, key=str)
    path = file("random.mmdb", database([(str(network), {"a": {"b": str(network)}}) for network in networks],
                                        ip_version, record_size))
    addresses = [str(network[rng.randrange(min(network.num_addresses, 1 << 64))]) for network in rng.sample(networks, 60)]
    addresses += [str(ipaddress.IPv4Address(rng.getrandbits(32))) for _ in range(20)]
    out = run("extract", "--with=label", "--json", "--mmdb", path, "--field=a.b",
              stdin="\n".join(addresses).encode())[1].splitlines()
    assert len(out) == len(addresses)
    for address, row in zip(addresses, map(json.loads, out)):
        assert row["label"] == mmdblookup(path, address, "a", "b"), address
        holders = [network for network in networks
                   if network.version == row["family"] and ipaddress.ip_address(address) in network]
        assert row["label"] == (str(max(holders, key=lambda network: network.prefixlen)) if holders else "")
        if holders: # a record that longer networks split is one of several parts
            part = ipaddress.ip_network(row["network"])
            assert part.subnet_of(ipaddress.ip_network(row["label"])) and ipaddress.ip_address(address) in part


def test_ipv6_and_a_database_of_ipv4(run, file):
    path = file("v4.mmdb", database(ASN[:2], 4))
    status, out, err = run("count", "--by-label", "--mmdb", path, stdin=LOG)
    assert (status, out) == (0, b"      2 -\n      2 64500\n      2 64501\n")
    assert err == f"simdinet: {path}: the database has no IPv6 addresses; they get no label\n"


def test_mapped_address_of_an_ipv6_network(run, file):
    path = file("mapped.mmdb", database([("::ffff:0:0/96", {"asn": "mapped"}), ("10.0.0.0/8", {"asn": "ten"})]))
    assert run("extract", "--with=label", "--mmdb", path, stdin=b"::ffff:10.0.0.1 ::ffff:11.0.0.1 11.0.0.1")[1] == (
        b"::ffff:10.0.0.1\tten\n::ffff:11.0.0.1\tmapped\n11.0.0.1\t\n")


CONTROLS = "a\x1b[2J\x07b\nc\td\x7f\x85\u00e9"


def test_control_characters(run, file):
    """Text has no control characters of a label; other formats escape them."""
    path = file("controls.mmdb", database([("192.0.2.0/24", {"asn": CONTROLS})]))
    text, log = "a?[2J?b?c d??\u00e9", b"x 192.0.2.1\n"
    options = ["--mmdb", path]
    assert run("extract", "--with=label", *options, stdin=log)[1].decode() == f"192.0.2.1\t{text}\n"
    for grep in ([], ["-n"], ["-A1"], ["--color=always"]):
        line = run("grep", "--label", *grep, *options, "192.0.2.1", stdin=log)[1].decode()
        assert f"192.0.2.0/24\t{text}\t" in line and line.count("\n") == 1 and "[2J\x07" not in line
    assert run("grep", "-o", "--label", *options, "192.0.2.1", stdin=log)[1].decode() == (
        f"192.0.2.0/24\t{text}\t192.0.2.1\n")
    assert count(run, path, stdin=log) == f"      1 {text}\n"
    assert json.loads(count(run, path, "--json", stdin=log))["label"] == CONTROLS
    assert json.loads(run("extract", "--json", "--with=label", *options, stdin=log)[1])["label"] == CONTROLS
    assert count(run, path, "--format=tsv", stdin=log).splitlines()[1].startswith("1\ta\x1b[2J\x07b\\nc\\td")


# ---- errors --------------------------------------------------------------------------------------

def error(run, path, *options):
    status, out, err = run("count", "--by-label", "--mmdb", path, *options, stdin=LOG)
    assert (status, out) == (2, b"")
    assert err.startswith("simdinet: ") and err.count("\n") == 1
    return err[len("simdinet: "):-1]


def test_fields(run, file, asn):
    names = "; the fields are autonomous_system_number, autonomous_system_organization"
    assert error(run, asn, "--field=country.iso_code") == f"{asn}: no record has the field 'country.iso_code'{names}"
    assert error(run, asn, "--field=autonomous_system_number.x").startswith(f"{asn}: no record has the field")
    path = file("x.mmdb", database([("192.0.2.0/24", {"a": {"b": [1, 2]}, "c": 1})]))
    names = "; the fields are a.b.0, a.b.1, c"
    assert error(run, path, "--field=a.b") == f"{path}: the field 'a.b' is not a single value{names}"
    assert error(run, path) == f"{path}: choose a field with --field{names}"
    assert error(run, path, "--field=a..b") == "invalid field 'a..b': an empty name"
    assert error(run, path, "--field=" + ".".join("a" * 17)).endswith("more than 16 names")
    empty = file("empty.mmdb", database([]))
    assert error(run, empty) == f"{empty}: has no records"
    assert error(run, empty, "--field=x") == f"{empty}: no record has the field 'x'"


def test_files(run, file, tmp_path, asn):
    assert error(run, tmp_path / "none") == f"{tmp_path / 'none'}: No such file or directory"
    assert error(run, tmp_path) == f"{tmp_path}: is a directory"
    for content in (b"", b"text\n" * 100, MARKER, b"\0" * 5000):
        path = file("bad.mmdb", content)
        assert error(run, path).startswith(f"{path}: not a valid MaxMind database: ")


def test_a_database_that_is_also_the_output(simdinet, asn):
    with open(asn, "r+b") as out:
        done = subprocess.run([simdinet, "count", "--by-label", "--mmdb", asn], input=LOG, stdout=out, stderr=subprocess.PIPE)
        assert out.read() == database(ASN)
    assert (done.returncode, done.stderr.decode()) == (2, f"simdinet: {asn}: input file is also the output\n")


def test_database_that_becomes_shorter(simdinet, asn):
    command = [simdinet, "extract", "--line-buffered", "--with=label", "--mmdb", asn]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"192.0.2.1\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"192.0.2.1\t64500\n"
        os.truncate(asn, 0)
        _, err = process.communicate(b"192.0.2.1\n", timeout=900)
    assert (process.returncode, err.decode()) == (2, f"simdinet: {asn}: the file became shorter while it was read\n")


def test_a_bus_error_of_another_origin(simdinet, asn, unsanitized):
    """It ends the command as it does without a database."""
    command = [simdinet, "extract", "--line-buffered", "--with=label", "--mmdb", asn]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))) as process:
        process.stdin.write(b"192.0.2.1\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"192.0.2.1\t64500\n"
        process.send_signal(signal.SIGBUS)
        _, err = process.communicate(timeout=900)
    assert (process.returncode, err) == (-signal.SIGBUS, b"")


def test_damage(run, file):
    """No byte that is changed does harm; what is found wrong while addresses are looked up has exit status 2."""
    whole = database(ASN)
    rng = random.Random(5)
    seen = set()
    for _ in range(150):
        packed = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            packed[rng.randrange(len(packed))] = rng.randrange(256)
        if rng.random() < 0.2:
            del packed[rng.randrange(len(packed)):]
        status, _, err = run("count", "--by-label", "--mmdb", file("damaged", bytes(packed)), stdin=LOG)
        problems = [line for line in err.splitlines() if "has no IPv6 addresses" not in line]
        assert status == (2 if problems else 0), err
        seen.add(status)
    assert seen == {0, 2}


def test_pointers(run, file):
    shared = {"x": [1, 2], "y": {"z": 3}}
    networks = [("192.0.2.0/25", shared), ("192.0.2.128/25", {"a": Pointer(0), "b": [Pointer(0), 4], "c": 5})]
    path = file("pointers.mmdb", database(networks))
    assert error(run, path) == (f"{path}: choose a field with --field; the fields are x.0, x.1, y.z, a.x.0, a.x.1, "
                                "a.y.z, b.0.x.0, b.0.x.1, b.0.y.z, b.1, c")
    assert count(run, path, "--field=b.0.y.z", stdin=b"192.0.2.200") == "      1 3\n"


@pytest.mark.parametrize("options", [[], ["--field=x"]])
@pytest.mark.parametrize("leaf", [1, {}])
def test_pointers_that_multiply(run, file, unsanitized, options, leaf):
    """A few kilobytes that are 300**5 values, found under one name or under many."""
    level = len(encode([Pointer(0)] * 300))
    levels = [[Pointer(level * (i + 1))] * 300 for i in range(4)] + [[leaf] * 300]
    data = [(f"192.0.2.{i}/32", value) for i, value in enumerate(levels)]
    whole = file("multiply.mmdb", database(data))
    limit = 256 << 20
    status, out, err = run("count", "--by-label", "--mmdb", whole, *options, stdin=LOG,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    assert (status, out) == (2, b"")
    problem = "no record has the field 'x'" if options else "has no records" if leaf == {} else "choose a field with --field"
    assert err.startswith(f"simdinet: {whole}: {problem}")


def test_a_field_in_too_many_values(run, file):
    """Two records of 60,000 values, which 24 networks have in turn: the check of a field ends before it has seen all."""
    records = [{f"{i:05x}{name}": i for i in range(30000)} for name in "ab"]
    path = file("many.mmdb", database([(f"192.0.2.{i}/32", records[i % 2]) for i in range(24)]))
    assert count(run, path, "--field=00010b", stdin=b"192.0.2.7") == "      1 16\n"
    assert count(run, path, "--field=none", stdin=b"192.0.2.7") == "      1 -\n"


@pytest.mark.parametrize("key", [{}, [], {"x": 1}, 7, 1.5, True, b"x", Value(UINT128, 1), Value(FLOAT, 0.5)], ids=repr)
def test_keys_that_are_not_text(run, file, key):
    """libmaxminddb does not refuse them."""
    path = file("keys.mmdb", database([("192.0.2.0/24", Pairs(("a", 1), (key, 2)))]))
    assert error(run, path).startswith(f"{path}: ")
    assert "data" in error(run, path, "--field=b")


@pytest.mark.parametrize("name, options, message", [
    ("count", ["--mmdb=x"], "--mmdb needs --by-label"), ("grep", ["--mmdb=x", "private"], "--mmdb needs --label"),
    ("extract", ["--mmdb=x"], "--mmdb needs --with=label"), ("count", ["--field=x"], "--field needs --mmdb"),
    ("extract", ["--with=label"], "labels need networks with labels, -e, -f or --only, or a database, --mmdb"),
])
def test_options(run, name, options, message):
    assert run(name, *options, stdin=b"") == (2, b"", f"simdinet: {message}\nTry 'simdinet {name} --help'.\n")
