# SPDX-License-Identifier: Apache-2.0 OR MIT
"""simdinet networks: aggregation, intersection, exclusion, ranges, counts and splitting, compared with a slow reference,
and for IPv4 with iprange and aggregate of Debian."""
import ipaddress
import random
import shutil
import subprocess

import pytest
from cli_support import equal

SIZE = {4: 1 << 32, 6: 1 << 128}


def kind(version):
    return ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address


def networks(run, *options, stdin=b""):
    status, out, err = run("networks", *options, stdin=stdin)
    assert err == ""
    assert status == (0 if out else 1) or "--count" in options
    return out.decode().splitlines()


def test_split_of_one_family(run):
    assert networks(run, "--split=,64", "10.0.0.0/31,2001:db8::/63") == [
        "10.0.0.0/31", "2001:db8::/64", "2001:db8:0:1::/64"]
    assert networks(run, "--split=/32", "10.0.0.0/31,2001:db8::/31") == [
        "10.0.0.0/32", "10.0.0.1/32", "2001:db8::/32", "2001:db9::/32"]
    for length in (33, 64):
        assert networks(run, f"--split=/{length}", f"10.0.0.0/30,2001:db8::/{length - 1}")[0:2] == [
            "10.0.0.0/30", f"2001:db8::/{length}"]


def test_options_more_than_once(run):
    """What is in each list of --intersect, and in no list of --exclude."""
    assert networks(run, "10.0.0.0/8", "--intersect=10.0.0.0/15", "--intersect=10.1.0.0/16,10.9.0.0/16") == ["10.1.0.0/16"]
    assert networks(run, "10.0.0.0/8", "--intersect=10.0.0.0/16", "--intersect=10.1.0.0/16") == []
    assert networks(run, "10.0.0.0/14", "--exclude=10.0.0.0/15", "--exclude=10.2.0.0/16") == ["10.3.0.0/16"]


# ---- the reference: sorted lists of (first, last), the numbers of addresses -------------------------------------

def merged(ranges):
    out = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def subtracted(a, b):
    out = []
    for first, last in a:
        for low, high in b:
            if high < first or low > last:
                continue
            if low > first:
                out.append((first, low - 1))
            first = high + 1
            if first > last:
                break
        if first <= last:
            out.append((first, last))
    return out


def intersected(a, b):
    return merged((max(f, g), min(l, m)) for f, l in a for g, m in b if max(f, g) <= min(l, m))


def prefixes(ranges, version):
    out = []
    for first, last in ranges:
        out += ipaddress.summarize_address_range(kind(version)(first), kind(version)(last))
    return [str(network) for network in out]


def random_ranges(rng, version, n):
    """Nested, adjacent, equal and separate ones, at both ends of the space too, with their texts."""
    bits = 32 if version == 4 else 128
    ranges, texts = [], []
    for _ in range(n):
        length = rng.choice([0] * (n > 3000) + [8, 9, 16, 23, 24, 25, bits - 2, bits - 1, bits, bits, bits])
        base = rng.choice([0, SIZE[version] - (1 << 12), 10 << (bits - 8), rng.getrandbits(bits)])
        number = (base + rng.getrandbits(10)) % SIZE[version]
        if rng.random() < 0.3:
            last = min(number + rng.getrandbits(6), SIZE[version] - 1)
            ranges.append((number, last))
            texts.append(f"{kind(version)(number)}-{kind(version)(last)}")
        else:
            first = number >> (bits - length) << (bits - length)
            ranges.append((first, first + (1 << (bits - length)) - 1))
            texts.append(f"{kind(version)(first)}/{length}")
    return ranges, "".join(text + "\n" for text in texts).encode()


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("seed", range(6))
def test_against_the_reference(run, file, version, seed):
    rng = random.Random(seed * 10 + version)
    a, a_text = random_ranges(rng, version, 120)
    b, b_text = random_ranges(rng, version, 120)
    list_a, list_b = file("a", a_text), file("b", b_text)
    a, b = merged(a), merged(b)
    assert equal(networks(run, list_a), prefixes(a, version))
    assert equal(networks(run, list_a, list_b), prefixes(merged(a + b), version))
    assert equal(networks(run, list_a, "--exclude", list_b), prefixes(subtracted(a, b), version))
    assert equal(networks(run, list_a, "--intersect", list_b), prefixes(intersected(a, b), version))
    assert equal(networks(run, "--ranges", stdin=a_text),
                 [f"{kind(version)(first)}-{kind(version)(last)}" for first, last in a])
    assert networks(run, "--count", list_a) == [str(sum(last - first + 1 for first, last in a))]
    assert equal(networks(run, "--ranges", stdin="\n".join(networks(run, list_a, "--ranges")).encode()),
                 networks(run, "--ranges", stdin="\n".join(networks(run, list_a)).encode()))


@pytest.mark.skipif(not shutil.which("iprange"), reason="iprange is missing")
@pytest.mark.parametrize("seed", range(4))
def test_against_iprange(run, file, seed):
    rng = random.Random(seed)
    a, b = (file(name, random_ranges(rng, 4, 400)[1]) for name in "ab")

    def iprange(*words):
        return subprocess.run(["iprange", *words], capture_output=True, text=True, check=True).stdout.split()

    def whole(texts):
        return [text if "/" in text else text + "/32" for text in texts]

    assert equal(networks(run, a), whole(iprange(a)))
    assert equal(networks(run, a, b), whole(iprange(a, b)))
    assert equal(networks(run, a, "--exclude", b), whole(iprange(a, "--except", b)))
    assert equal(networks(run, a, "--intersect", b), whole(iprange("--intersect", a, b)))
    assert equal(networks(run, "--ranges", a), iprange("--print-ranges", a))
    count = iprange("--count-unique", a)[-1].split(",")[-1]
    assert networks(run, "--count", a) == [count]


@pytest.mark.skipif(not shutil.which("aggregate"), reason="aggregate is missing")
def test_against_aggregate(run):
    rng = random.Random(5)
    lines = "".join(line + "\n" for line in random_ranges(rng, 4, 3000)[1].decode().split() if "-" not in line)
    run_ = subprocess.run(["aggregate", "-q"], input=lines, capture_output=True, text=True, check=True)
    assert equal(networks(run, stdin=lines.encode()), run_.stdout.split())


# ---- options ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, want", [
    (["10.0.0.0/24", "10.0.1.0/24"], "10.0.0.0/23"), (["10.0.0.7/24"], "10.0.0.0/24"),
    (["10.0.0.0-10.0.0.2"], "10.0.0.0/31 10.0.0.2/32"), (["0.0.0.0/1,128.0.0.0/1"], "0.0.0.0/0"),
    (["::/1", "8000::/1"], "::/0"), (["10.0.0.0/255.0.0.0"], "10.0.0.0/8"),
    (["::ffff:10.0.0.0/104"], "10.0.0.0/8"), (["::1", "127.0.0.1"], "127.0.0.1/32 ::1/128"),
    (["private"], "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"), (["loopback"], "127.0.0.0/8 ::1/128"),
    (["mapped"], "::ffff:0.0.0.0/96"),
    (["0.0.0.0/0", "--exclude=0.0.0.0/1"], "128.0.0.0/1"),
    (["10.0.0.0/30", "--exclude", "10.0.0.1", "--exclude=10.0.0.2"], "10.0.0.0/32 10.0.0.3/32"),
    (["10.0.0.0/8,::/0", "-4"], "10.0.0.0/8"), (["10.0.0.0/8,2001:db8::/32", "-6"], "2001:db8::/32"),
    (["--split=/26", "192.0.2.0/24"], "192.0.2.0/26 192.0.2.64/26 192.0.2.128/26 192.0.2.192/26"),
    (["--split", "24", "10.0.0.0/25,10.1.0.0/23"], "10.0.0.0/25 10.1.0.0/24 10.1.1.0/24"),
    (["--split=/32,/49", "2001:db8::/48,1.2.3.4/31"], "1.2.3.4/32 1.2.3.5/32 2001:db8::/49 2001:db8:0:8000::/49"),
    (["--split=/64", "1.2.3.4/31,2001:db8::/63"], "1.2.3.4/31 2001:db8::/64 2001:db8:0:1::/64"),
    (["--split=/1", "0.0.0.0/0"], "0.0.0.0/1 128.0.0.0/1"), (["--split=/1", "128.0.0.0/1"], "128.0.0.0/1"),
    (["--sort", "10.0.1.0/24,10.0.0.0/24,10.0.0.0/8,::/0,10.0.0.0/24"],
     "10.0.0.0/8 10.0.0.0/24 10.0.0.0/24 10.0.1.0/24 ::/0"),
    (["--ranges", "10.0.0.0/31,10.0.0.2,10.0.0.4"], "10.0.0.0-10.0.0.2 10.0.0.4-10.0.0.4"),
    (["--count", "0.0.0.0/0,::/0"], str((1 << 32) + (1 << 128))), (["--count", "10.0.0.0/30", "--exclude=::/0"], "4"),
    (["--intersect=10.0.0.0/8", "private"], "10.0.0.0/8"), (["global", "--intersect=224.0.0.0/3"], ""),
])
def test_arguments(run, arguments, want):
    assert networks(run, *arguments) == want.split()


def test_lists(run, file):
    path = file("list", b"\xef\xbb\xbf# blocked\n10.0.0.0/24,US ; x\n10.0.1.0 255.255.255.0\n192.0.2.1 host name\n")
    assert networks(run, path) == ["10.0.0.0/23", "192.0.2.1/32"]
    assert networks(run, path, "--exclude", path) == []
    assert networks(run, "10.0.0.0/8", "-", "--intersect", path, stdin=b"192.0.2.0/24\n") == [
        "10.0.0.0/23", "192.0.2.1/32"]
    empty = file("empty", b"# nothing\n")
    assert networks(run, empty) == []
    assert run("networks", empty, "--count", stdin=b"") == (1, b"0\n", "")
    bad = file("bad", b"10.0.0.0/8\n10.0.0.0/33\n")
    message = f"simdinet: {bad}:2: invalid network '10.0.0.0/33': invalid prefix length '33' at byte 9\n"
    assert run("networks", bad) == (2, b"", message)
    assert run("networks", path, "--exclude", bad) == (2, b"", message)
    assert run("networks", "--skip-invalid", bad) == (0, b"10.0.0.0/8\n", message)


@pytest.mark.parametrize("words, message", [
    (["--sort", "--ranges"], "--sort cannot be combined with --intersect, --exclude, --ranges or --count"),
    (["--sort", "--exclude=::1"], "--sort cannot be combined with --intersect, --exclude, --ranges or --count"),
    (["--split=/24", "--count"], "--split cannot be combined with --ranges or --count"),
    (["--ranges", "--count"], "--ranges cannot be combined with --count"),
    (["--split=129"], "invalid argument '129' for '--split': expected prefix lengths such as /24,/48"),
    (["--split=x"], "invalid argument 'x' for '--split': expected prefix lengths such as /24,/48"),
])
def test_invalid_options(run, words, message):
    assert run("networks", *words, "10.0.0.0/8") == (
        2, b"", f"simdinet: {message}\nTry 'simdinet networks --help'.\n")


def test_a_missing_list(run, tmp_path):
    path = tmp_path / "missing"
    assert run("networks", path) == (2, b"", f"simdinet: {path}: No such file or directory\n")


def test_many_networks(run):
    """Every address of a /13 in random order, with one left out."""
    numbers = list(range(10 << 24, (10 << 24) + (1 << 19)))
    random.Random(3).shuffle(numbers)
    left_out = numbers.pop()
    text = "\n".join(f"{n >> 24}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in numbers).encode()
    whole = [(10 << 24, (10 << 24) + (1 << 19) - 1)]
    assert networks(run, stdin=text) == prefixes(subtracted(whole, [(left_out, left_out)]), 4)
