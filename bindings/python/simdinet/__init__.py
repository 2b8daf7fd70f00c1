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
from ._reason import AddressError, Reason
from ._simdinet import active_implementation, canonical, format, parse, parse_int

__version__ = "0.2.0"
__all__ = ["AddressError", "Reason", "active_implementation", "canonical", "explain", "format", "parse", "parse_int"]

AddressError.__module__ = Reason.__module__ = "simdinet"


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
