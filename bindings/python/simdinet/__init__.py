# SPDX-License-Identifier: Apache-2.0 OR MIT
"""IP addresses from text to bytes and back at the speed of the hardware, and the naming functions of sockets.

>>> import simdinet
>>> simdinet.parse("2001:db8::1").hex()
'20010db8000000000000000000000001'
>>> simdinet.canonical("2001:DB8:0::1")
'2001:db8::1'

simdinet.socket has the 27 naming functions of the module socket.
"""
import collections as _collections

from . import _simdinet
from ._flags import Class, Match, Rule, Scan
from ._networks import Networks, networks
from ._open import Matches, open
from ._reason import AddressError, Reason
from ._simdinet import (
    Array, active_implementation, canonical, classify, explain_column, format, format_network, htonl_array, htonll_array, htons_array,
    is_ip, is_ipv4, is_ipv6, ntohl_array, ntohll_array, ntohs_array, parse, parse_int, parse_ipv4, parse_ipv6, parse_mixed, parse_network,
    parse_packed, parse_range, scan, scan_lines, truncate)

__version__ = "0.2.0"
__all__ = [
    "AddressError", "Array", "Class", "Endpoint", "Match", "Matches", "Networks", "Reason", "Rule", "Scan", "active_implementation",
    "canonical", "class_of", "classify", "explain", "explain_column", "format", "format_network", "htonl_array",
    "htonll_array", "htons_array", "is_ip", "is_ipv4", "is_ipv6", "networks", "ntohl_array", "ntohll_array", "ntohs_array", "open",
    "parse", "parse_endpoint", "parse_int", "parse_ipv4", "parse_ipv6", "parse_mixed", "parse_network", "parse_packed",
    "parse_range",
    "scan", "scan_lines", "truncate"]

for _class in (AddressError, Class, Match, Matches, Networks, Reason, Rule, Scan):
    _class.__module__ = "simdinet"


class Endpoint(_collections.namedtuple("Endpoint", "address port zone prefix_length")):
    """An address of 4 or 16 bytes with a port, a zone and a prefix length, each None if the text has none.

    >>> simdinet.parse_endpoint("192.0.2.1:443").port
    443
    """

    __slots__ = ()


def parse_endpoint(text, /):
    """An Endpoint: an address with what may stand next to it.

    text is "192.0.2.1:443", "[2001:db8::1]:443", "fe80::1%eth0", "192.0.2.1/24" or an address alone. Raises
    AddressError.

    >>> parse_endpoint("[fe80::1%eth0]:22")[1:]
    (22, 'eth0', None)
    """
    return Endpoint(*_simdinet.parse_endpoint(text))


def class_of(address, /):
    """The Class of an address, str or 4 or 16 bytes. Raises AddressError, and ValueError for other bytes.

    >>> class_of("10.0.0.1")
    <Class.PRIVATE: 8>
    """
    return Class(_simdinet.class_of(address))


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


def __getattr__(name):
    # The module socket is loaded when it is used.
    if name == "socket":
        import importlib
        return importlib.import_module(".socket", __name__)
    raise AttributeError(f"module 'simdinet' has no attribute '{name}'")
