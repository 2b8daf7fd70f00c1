# SPDX-License-Identifier: Apache-2.0 OR MIT
"""parse, parse_int, format, explain and canonical, against ipaddress and socket."""
import ipaddress
import pickle
import re
import socket

import pytest
from conftest import TREE
from hypothesis import given
from hypothesis import strategies as st

import simdinet

addresses = st.one_of(st.ip_addresses(), st.builds(ipaddress.IPv6Address, st.integers(0, 2**40)))
nearly = st.one_of(
    st.from_regex(r"[0-9]{0,4}(\.[0-9]{0,4}){0,5}", fullmatch=True),
    st.from_regex(r"[0-9a-fA-F]{0,5}(::?[0-9a-fA-F]{0,5}){0,9}(\.[0-9]{1,3}){0,4}", fullmatch=True),
    st.text(max_size=50))


@given(addresses)
def test_addresses(address):
    for text in (str(address), address.exploded, str(address).upper()):
        for form in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode())):
            assert simdinet.parse(form) == address.packed
            assert simdinet.parse_int(form) == int(address)
            assert simdinet.explain(form) == (simdinet.Reason.NONE, len(text))
            assert simdinet.canonical(form) == socket.inet_ntop(2 if address.version == 4 else 10, address.packed)
    assert ipaddress.ip_address(simdinet.format(address.packed)) == address
    assert simdinet.format(bytearray(address.packed)) == simdinet.format(memoryview(address.packed))


@given(st.integers(0, 2**128 - 1) | st.integers(0, 2**33))
def test_format_of_an_int(number):
    text = simdinet.format(number)
    assert ipaddress.ip_address(text) == ipaddress.ip_address(number)
    assert simdinet.parse_int(text) == number


@given(nearly)
def test_rejects_what_inet_pton_rejects(text):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            expected = socket.inet_pton(family, text)
            break
        except (OSError, ValueError):
            expected = None
    if expected is not None:
        assert simdinet.parse(text) == expected
        return
    reason, offset = simdinet.explain(text) if text.isascii() else (None, None)
    for function in (simdinet.parse, simdinet.parse_int, simdinet.canonical):
        with pytest.raises(simdinet.AddressError) as caught:
            function(text)
        error = caught.value
        assert isinstance(error, ValueError) and error.text == text
        assert error.reason is not simdinet.Reason.NONE and 0 <= error.offset <= len(text.encode())
        if reason is not None:
            assert (error.reason, error.offset) == (reason, offset)


@pytest.mark.parametrize("text, reason, offset", [
    ("", "EMPTY", 0), ("192.0.2.256", "OCTET_RANGE", 8), ("192.0.02.1", "LEADING_ZERO", 6), ("1.2.3", "OCTET_COUNT_LOW", 5),
    ("1::2::3", "SECOND_COMPRESSION", 4), ("1:2:3:4:5:6:7", "GROUP_COUNT_LOW", 13), ("12345::", "GROUP_LENGTH", 0),
    ("1.2.3.4 ", "CHARACTER", 7), ("\u0661.2.3.4", "CHARACTER", 0)])
def test_reasons(text, reason, offset):
    assert simdinet.explain(text) == (simdinet.Reason[reason], offset)
    with pytest.raises(simdinet.AddressError, match=f"at offset {offset}"):
        simdinet.parse(text)


def test_reason_texts():
    header = (TREE / "lib/include/simdinet.h").read_text()
    assert [reason.name for reason in simdinet.Reason] == re.findall(r"^    SIMDINET_REASON_(\w+)", header, re.M)
    texts = [str(reason) for reason in simdinet.Reason]
    assert len(set(texts)) == len(texts)
    assert texts[simdinet.Reason.OCTET_RANGE] == "octet out of range (0-255)"
    with pytest.raises(ValueError):
        simdinet.Reason(255)


def test_an_error_can_be_pickled_and_shown():
    with pytest.raises(simdinet.AddressError) as caught:
        simdinet.parse("x" * 500)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.text, copy.reason, copy.offset) == ("x" * 500, simdinet.Reason.CHARACTER, 0)
    assert len(str(copy)) < 200


@pytest.mark.parametrize("wrong", [None, 1, 1.5, [1], object()])
def test_wrong_types(wrong):
    for function in (simdinet.parse, simdinet.parse_int, simdinet.canonical, simdinet.explain):
        with pytest.raises(TypeError, match="text must be str or bytes-like"):
            function(wrong)


def test_surrogates_are_not_in_addresses():
    for text in ("\udc80", "\ud800"):
        with pytest.raises(simdinet.AddressError) as caught:
            simdinet.parse(text)
        assert (caught.value.reason, caught.value.offset) == (simdinet.Reason.CHARACTER, 0)


@pytest.mark.parametrize("wrong, error", [(b"123", ValueError), (b"", ValueError), (-1, OverflowError), (2**128, OverflowError),
                                          (1.5, TypeError), (None, TypeError), ("1.2.3.4", TypeError)])
def test_format_errors(wrong, error):
    with pytest.raises(error):
        simdinet.format(wrong)
