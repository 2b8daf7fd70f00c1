# SPDX-License-Identifier: Apache-2.0 OR MIT
"""IP addresses from text to bytes and back at the speed of the hardware, and the naming functions of sockets.

>>> import simdinet
>>> simdinet.parse("2001:db8::1").hex()
'20010db8000000000000000000000001'
>>> simdinet.canonical("2001:DB8:0::1")
'2001:db8::1'

simdinet.socket has the 27 naming functions of the module socket.
"""
from . import _simdinet
from ._flags import Class, Match, Scan
from ._open import Matches, open
from ._reason import AddressError, Reason
from ._simdinet import (
    Array, active_implementation, canonical, classify, explain_column, format, htonl_array, htonll_array, htons_array,
    is_ip, is_ipv4, is_ipv6, ntohl_array, ntohll_array, ntohs_array, parse, parse_int, parse_ipv4, parse_ipv6, parse_mixed,
    scan, scan_lines, truncate)

__version__ = "0.2.0"
__all__ = [
    "AddressError", "Array", "Class", "Match", "Matches", "Reason", "Scan", "active_implementation", "canonical", "classify",
    "explain", "explain_column", "format", "htonl_array", "htonll_array", "htons_array", "is_ip", "is_ipv4", "is_ipv6",
    "ntohl_array", "ntohll_array", "ntohs_array", "open", "parse", "parse_int", "parse_ipv4", "parse_ipv6", "parse_mixed",
    "scan", "scan_lines", "truncate"]

for _class in (AddressError, Class, Match, Matches, Reason, Scan):
    _class.__module__ = "simdinet"


def explain(text, /):
    """(reason, offset): why a text is not an address, and where, in bytes of UTF-8.

    (Reason.NONE, its length) for an address. Text with a colon is explained as IPv6, other text as IPv4.

    >>> explain("192.0.2.256")
    (<Reason.OCTET_RANGE: 5>, 8)
    >>> str(explain("1::2::3")[0])
    'second "::"'
    """
    reason, offset = _simdinet.explain(text)
    return Reason(reason), offset
