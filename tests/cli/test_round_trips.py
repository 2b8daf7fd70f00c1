# SPDX-License-Identifier: Apache-2.0 OR MIT
"""parse and format: what parse writes, in every form, is read back as the same addresses."""
import gzip
import ipaddress
import random

import pytest

FAMILIES = {"4": ["-4"], "6": ["-6"], "mixed": []}


def address(choose, family):
    if family == "mixed":
        family = choose.choice("46")
    bits = 32 if family == "4" else 128
    value = choose.getrandbits(bits) >> choose.choice((0, 0, 0, choose.randrange(bits), bits - 8))
    if family == "6" and choose.random() < 0.2:
        value = 0xffff << 32 | value & 0xffffffff
    if family == "6" and choose.random() < 0.3: # a run of zeros
        value &= ~(((1 << 16 * choose.randrange(1, 8)) - 1) << 16 * choose.randrange(8))
    return (ipaddress.IPv4Address if family == "4" else ipaddress.IPv6Address)(value & ((1 << bits) - 1))


def spelled(choose, value):
    if value.version == 4:
        return str(value)
    text = choose.choice((str(value), value.exploded, value.exploded.replace(":0", ":")))
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        text = str(value)
    return choose.choice((text, text.upper()))


@pytest.fixture(scope="module", params=[(seed, family) for seed in range(2) for family in FAMILIES], ids=lambda p: f"{p[1]}-{p[0]}")
def addresses(request, run):
    """The options of a family, random addresses with random spellings, and their canonical lines."""
    seed, family = request.param
    choose = random.Random(seed)
    values = [address(choose, family) for _ in range(3000)]
    text = "".join(spelled(choose, value) + choose.choice(("\n", "\n", "\r\n", " \n")) for value in values).encode()
    status, lines, err = run("parse", *FAMILIES[family], "--canonical", stdin=text)
    assert (status, err) == (0, "")
    assert [ipaddress.ip_address(line.decode()) for line in lines.split()] == values
    return family, values, text, lines


@pytest.mark.parametrize("form", [["--hex"], ["--int"], ["--hex", "--upper"]], ids=" ".join)
def test_numbers(run, addresses, form):
    family, values, text, lines = addresses
    numbers = run("parse", *FAMILIES[family], *form, stdin=text)[1]
    assert [int(number, 10 if "--int" in form else 16) for number in numbers.split()] == list(map(int, values))
    families = FAMILIES[family] or ["-4", "-6"]
    assert run("format", *families, form[0], stdin=numbers) == (0, lines, "")
    assert run("format", *families, form[0], stdin=gzip.compress(numbers)) == (0, lines, "")
    if form[0] == "--hex": # recognized
        assert run("format", *families, stdin=numbers) == (0, lines, "")


def test_binary(run, addresses):
    family, values, text, lines = addresses
    data = run("parse", *FAMILIES[family], "--binary", stdin=text)[1]
    if family == "mixed":
        values = [value if value.version == 6 else ipaddress.IPv6Address(0xffff << 32 | int(value)) for value in values]
        lines = run("parse", "-6", "--canonical", stdin="".join(f"{value}\n" for value in values).encode())[1]
    assert data == b"".join(value.packed for value in values)
    assert run("format", "-4" if family == "4" else "-6", "--binary", stdin=data) == (0, lines, "")


@pytest.mark.parametrize("form", [["--canonical"], ["--expand"], ["--canonical", "--upper"], ["--expand", "--upper"]],
                         ids=" ".join)
def test_text(run, addresses, form):
    family, values, text, lines = addresses
    written = run("parse", *FAMILIES[family], *form, stdin=text)[1]
    assert [ipaddress.ip_address(line.decode()) for line in written.split()] == values
    assert run("parse", *FAMILIES[family], "--canonical", stdin=written) == (0, lines, "")
    assert run("parse", *FAMILIES[family], *form, stdin=written) == (0, written, "")


@pytest.mark.parametrize("form", [["--arpa"], ["--arpa", "--upper"]], ids=" ".join)
def test_names(run, addresses, form):
    family, values, text, _ = addresses
    names = run("parse", *FAMILIES[family], *form, stdin=text)[1].decode().splitlines()
    assert [name.lower() for name in names] == [value.reverse_pointer for value in values]


@pytest.mark.parametrize("column", [1, 2, 5])
def test_fields(run, addresses, column):
    family, _, text, lines = addresses
    rows = "".join(",".join(["x"] * (column - 1) + [f'"{line.strip()}"', "y"]) + "\n" for line in text.decode().splitlines())
    assert run("parse", *FAMILIES[family], "-d,", f"-f{column}", "--canonical", stdin=rows.encode()) == (0, lines, "")
