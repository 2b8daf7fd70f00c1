# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Labels of overlapping ranges: the smallest that holds an address, of equal ones the last, as a search of all finds."""
import ipaddress
import random
import resource

import pytest


def write(address, ipv6):
    return str(ipaddress.IPv6Address(address) if ipv6 else ipaddress.IPv4Address(address))


def best(ranges, address):
    """The index of the range that gives the label; None."""
    holders = [i for i, (first, last) in enumerate(ranges) if first <= address <= last]
    return min(holders, key=lambda i: (ranges[i][1] - ranges[i][0], -i), default=None)


def labels(run, path, addresses, ipv6):
    """Of the addresses that a range holds; extract -f prints no others."""
    text = "\n".join(write(address, ipv6) for address in addresses)
    status, out, err = run("extract", "--with=label", "-f", path, stdin=text.encode())
    assert (status, err) == (0, "")
    return [line.split("\t")[1] for line in out.decode().splitlines()]


def list_of(ranges, ipv6):
    return "".join(f"{write(first, ipv6)}-{write(last, ipv6)},r{i}\n" for i, (first, last) in enumerate(ranges)).encode()


@pytest.mark.parametrize("ipv6", [False, True])
def test_partial_overlap(run, file, ipv6):
    rng = random.Random(12)
    top = (1 << 128 if ipv6 else 1 << 32) - 1
    for case in range(40):
        base = rng.choice([0, top - 255, 0x20010db8 << 96 if ipv6 else 0x0a000000])
        ranges = [tuple(sorted((base + rng.randrange(256), base + rng.randrange(256)))) for _ in range(rng.randrange(1, 24))]
        ranges += [(rng.randrange(base + 1), top)] * (case % 3)
        addresses = [base + i for i in range(1, 255)]
        want = [best(ranges, address) for address in addresses]
        got = labels(run, file("list", list_of(ranges, ipv6)), addresses, ipv6)
        assert got == [f"r{i}" for i in want if i is not None]


@pytest.mark.parametrize("ipv6", [False, True])
def test_many_networks(run, file, ipv6):
    """Ranges that consist of more networks than a set is built of."""
    rng = random.Random(13)
    step = 1 << (100 if ipv6 else 18)
    ranges = []
    for i in range(1, 4000):
        first = i * step + rng.randrange(step)
        ranges.append((first, first + rng.randrange(2 * step)))
    rng.shuffle(ranges)
    addresses = [end + d for first, last in rng.sample(ranges, 100) for end in (first, last) for d in (-1, 0, 1)]
    want = [best(ranges, address) for address in addresses]
    got = labels(run, file("list", list_of(ranges, ipv6)), addresses, ipv6)
    assert got == [f"r{i}" for i in want if i is not None]


def test_memory(run, file, unsanitized):
    """200,000 ranges that are not aligned: about 4 million networks."""
    rng = random.Random(14)
    bounds = sorted(rng.sample(range(1 << 24, 223 << 24), 200001))
    ranges = [(first, last - 1) for first, last in zip(bounds, bounds[1:])]
    path = file("list", list_of(ranges, False))
    limit = 128 << 20
    status, out, err = run("extract", "-j1", "--with=label", "-f", path, stdin=write(bounds[7], False).encode(),
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    assert (status, out.split(b"\t")[1], err) == (0, b"r7\n", "")
