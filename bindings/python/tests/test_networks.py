# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Networks, ranges, endpoints and classes against ipaddress."""
import ipaddress

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simdinet

lengths = st.ip_addresses().flatmap(lambda address: st.tuples(st.just(address), st.integers(0, address.max_prefixlen)))


@given(lengths)
def test_networks_as_ipaddress(pair):
    address, length = pair
    network = ipaddress.ip_network(pair, strict=False)
    text = f"{address}/{length}"
    packed = network.network_address.packed
    assert simdinet.parse_network(text, clear_host_bits=True) == (packed, length)
    assert simdinet.parse_network(str(network).encode()) == (packed, length)
    assert ipaddress.ip_network(simdinet.format_network(address.packed, length)) == network
    first, last = simdinet.parse_range(str(network))
    assert (first, last) == (packed, network.broadcast_address.packed)
    assert simdinet.parse_range(f"{network.network_address} - {network.broadcast_address}") == (first, last)
    if network.network_address == address:
        assert simdinet.parse_network(text) == (packed, length)
    else:
        with pytest.raises(simdinet.AddressError) as caught:
            simdinet.parse_network(text)
        assert caught.value.reason is simdinet.Reason.HOST_BITS


@given(st.ip_addresses(), st.one_of(st.none(), st.integers(0, 65535)))
def test_endpoints(address, port):
    text = f"[{address}]" if address.version == 6 else str(address)
    if port is not None:
        text += f":{port}"
    assert simdinet.parse_endpoint(text) == (address.packed, port, None, None)


@pytest.mark.parametrize("text, want", [
    ("fe80::1%eth0", (None, "eth0", None)), ("[fe80::1%eth0]:1", (1, "eth0", None)), ("fe80::1%1/64", (None, "1", 64)),
    ("192.0.2.1/24", (None, None, 24)), ("192.0.2.1:65536", None), ("192.0.2.1:", None), ("[::1", None), ("::1%", None),
    ("192.0.2.1/33", None), ("192.0.2.1:080", None), ("192.0.2.1:0", (0, None, None)), ("192.0.2.1/0", (None, None, 0))])
def test_forms_of_endpoints(text, want):
    if want is None:
        with pytest.raises(simdinet.AddressError):
            simdinet.parse_endpoint(text)
    else:
        assert simdinet.parse_endpoint(text)[1:] == want


def test_errors():
    for address, length in ((b"1234", 33), (bytes(16), 129), (b"123", 1)):
        with pytest.raises(ValueError):
            simdinet.format_network(address, length)
    for text, reason in (("192.0.2.0/", "PREFIX_MISSING"), ("192.0.2.0/33", "PREFIX_RANGE"), ("x", "CHARACTER"),
                         ("10.0.0.0/255.0.255.0", "NETMASK")):
        with pytest.raises(simdinet.AddressError) as caught:
            simdinet.parse_network(text)
        assert caught.value.reason.name == reason
    with pytest.raises(simdinet.AddressError) as caught:
        simdinet.parse_range("192.0.2.9-192.0.2.1")
    assert caught.value.reason is simdinet.Reason.RANGE_ORDER


@given(st.ip_addresses())
def test_class_of_is_that_of_columns(address):
    classes = simdinet.class_of(str(address))
    assert classes == simdinet.class_of(address.packed) == simdinet.classify([str(address)])[0]
    assert bool(classes & simdinet.Class.MULTICAST) == address.is_multicast


@given(st.lists(lengths, max_size=30), st.lists(st.ip_addresses(), max_size=30))
def test_sets_as_ipaddress(pairs, others):
    nets = list(dict.fromkeys(ipaddress.ip_network(pair, strict=False) for pair in pairs))
    made = simdinet.networks(map(str, nets))
    addresses = [pair[0] for pair in pairs] + others
    want = []
    for address in addresses:
        matching = [(net.prefixlen, i) for i, net in enumerate(nets) if net.version == address.version and address in net]
        want.append(max(matching)[1] if matching else None)
    texts = [str(address) for address in addresses]
    for column in (texts, simdinet.parse_mixed(texts), pa.array(texts, pa.string()), pa.array(texts, pa.large_string()),
                   pa.array(texts, pa.string()).dictionary_encode(), [address.packed for address in addresses]):
        assert made.lookup(column).to_pylist() == want
        assert made.contains(column).to_pylist() == [index is not None for index in want]
    for text, index in zip(texts, want, strict=True):
        assert made.get(text) == index and (text in made) == (index is not None)


def test_networks():
    made = simdinet.networks({"10.0.0.0/8": "a", "10.1.0.0/16": "b", "2001:db8::/32": "c"})
    assert (len(made), made[1], list(made)[0], made.values) == (3, "10.1.0.0/16", "10.0.0.0/8", ["a", "b", "c"])
    assert repr(made) == "<simdinet.Networks of 3 networks>"
    assert [made.get(text) for text in ("10.1.2.3", "10.2.0.0", "::", b"\x0a\x01\0\0")] == ["b", "a", None, "b"]
    assert made.get("::1", "none") == "none"
    assert made.lookup_index(["10.1.2.3", None, "x", "::1"]).to_pylist() == [1, None, None, None]
    assert made.contains(["10.1.2.3", None, "x", "::1"]).to_pylist() == [True, None, None, False]
    assert simdinet.networks(["10.0.0.0/8"], mapped=True).get("::ffff:10.0.0.1") == 0
    assert simdinet.networks(["10.0.0.0/8"]).get("::ffff:10.0.0.1") is None
    assert simdinet.networks(["10.0.0.1/8"], clear_host_bits=True).get("10.9.9.9") == 0
    assert simdinet.networks([]).contains(["::1"]).to_pylist() == [False]
    for wrong, error in ((["x"], simdinet.AddressError), (["10.0.0.1/8"], simdinet.AddressError), ("10.0.0.0/8", TypeError),
                         (["10.0.0.0/8", "10.0.0.0/8"], ValueError), ([1], TypeError), (None, TypeError)):
        with pytest.raises(error):
            simdinet.networks(wrong)
    with pytest.raises(ValueError):
        simdinet.networks(["::/0"], [1, 2])
    with pytest.raises(simdinet.AddressError):
        made.get("x")


def test_addresses_in_bytes():
    """bytes are an address, str is text, also where the bytes read as text."""
    assert simdinet.class_of(bytes([10, 0, 0, 1])) == simdinet.class_of("10.0.0.1") == simdinet.Class.PRIVATE
    nets = simdinet.networks(["10.0.0.0/8", "2001:db8::/32"])
    for wrong in (b"10.0.0.1", b"", bytearray(5), memoryview(b"2001:db8::1")):
        for function in (simdinet.class_of, nets.get, nets.__contains__):
            with pytest.raises(ValueError, match="4 or 16 bytes"):
                function(wrong)
    assert nets.get(b"1::2") is None and nets.get("10.1.2.3") == 0
    assert simdinet.format_network(bytearray(b"\x0a\1\2\3"), 8) == simdinet.format_network(memoryview(b"\x0a\1\2\3"), 8)


def test_numbers_out_of_range():
    for length in (-1, 33, 2**32 + 8, -4294967288):
        with pytest.raises((ValueError, OverflowError)):
            simdinet.truncate(["10.1.2.3"], ipv4=length)
        with pytest.raises((ValueError, OverflowError)):
            simdinet.format_network(bytes(4), length)
    for flags in (-1, 2**31, 2**40 + 1):
        for function in (simdinet.scan, lambda text, flags: simdinet.scan_lines([text], flags=flags)):
            with pytest.raises((ValueError, OverflowError)):
                function("192.0.2.1", flags=flags)


def test_what_networks_takes():
    texts = ["10.0.0.0/8", "2001:db8::/32"]
    for some in (texts, tuple(texts), iter(texts), pd.Series(texts), np.array(texts), set(texts), dict.fromkeys(texts)):
        assert sorted(simdinet.networks(some)) == texts
    with pytest.raises(TypeError, match="its own values"):
        simdinet.networks({"10.0.0.0/8": 1}, [2])
    with pytest.raises(TypeError, match="not int"):
        simdinet.networks(5)


def test_values_of_networks():
    texts = ["10.1.2.3", "10.2.0.1", None, "::1", "2001:db8::1"] * 500
    prefixes = ["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"]
    for values, kind in ((["a", "\u00e9" * 50, None], "string"), ([2**64 - 1, 0, None], "uint64"), ([1.5, "x", -1], list),
                         ([-1, 2, 3], list), ([True, False, True], list), ([None] * 3, "string"), ([("a",), {}, b"x"], list)):
        made = simdinet.networks(prefixes, values)
        want = [values[1], values[0], None, None, values[2]] * 500
        for column in (texts, pa.chunked_array([texts[:700], texts[700:]]), pa.array(texts).dictionary_encode()):
            found = made.lookup(column)
            if kind is list:
                assert found == want
            else:
                assert found.to_pylist() == want and found.type == kind
                assert pa.chunked_array(found).to_pylist() == want
            assert made.lookup_index(column).to_pylist() == [1, 0, None, None, 2] * 500
        assert [made.get(text) if text else None for text in texts[:5]] == want[:5]
        if kind is list:
            assert pd.Series(texts).ip.lookup(made).tolist() == want
    assert simdinet.networks({}).lookup(texts).null_count == len(texts)


def test_mapped_addresses_in_other_columns():
    """Of 16 bytes a value without families, ::ffff:a.b.c.d is IPv4, as in the Array that it is of."""
    texts = ["10.1.2.3", "2001:db8:1:2::3", None, "192.0.2.77"] * 300
    both = simdinet.parse_mixed(texts)
    nets = simdinet.networks(["10.0.0.0/8", "2001:db8::/32"])
    arrow = pa.array(both)
    for column in (arrow, arrow[3:], pa.chunked_array([arrow[:5], arrow[5:]]), np.asarray(both)[[0, 1, 3]]):
        same = simdinet.format(column).to_pylist()
        same = [None if text is None else text.removeprefix("::ffff:") for text in same]
        assert nets.contains(column).to_pylist() == nets.contains(same).to_pylist()
        assert nets.lookup(column).to_pylist() == nets.lookup(same).to_pylist()
        assert simdinet.classify(column).to_pylist() == simdinet.classify(same).to_pylist()
        assert simdinet.format(simdinet.truncate(column)).to_pylist() == simdinet.format(simdinet.truncate(same)).to_pylist()
    packed = [bytes(10) + b"\xff\xff\n\1\2\3"]
    assert nets.contains(packed).to_pylist() == nets.contains(["::ffff:10.1.2.3"]).to_pylist() == [False]


def test_ranges_with_host_bits():
    assert simdinet.parse_range("10.1.2.3/8", clear_host_bits=True) == simdinet.parse_range("10.0.0.0/8")
    with pytest.raises(simdinet.AddressError, match="bit set"):
        simdinet.parse_range("10.1.2.3/8")
