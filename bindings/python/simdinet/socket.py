# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The 27 naming functions of the module socket, with its signatures, return types and exceptions.

>>> from simdinet import socket
>>> socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, "2001:DB8:0::1"))
'2001:db8::1'
>>> socket.getaddrinfo("192.0.2.1", 80, type=socket.SOCK_STREAM)
[(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_STREAM: 1>, 6, '', ('192.0.2.1', 80))]

Names that are not among the 27 (constants, exceptions, the class socket) are those of the module socket.
"""
import socket as _python

from ._simdinet import (
    CMSG_LEN, CMSG_SPACE, close, getdefaulttimeout, gethostbyaddr, gethostbyname, gethostbyname_ex, gethostname,
    getnameinfo, getprotobyname, getservbyname, getservbyport, htonl, htons, if_indextoname, if_nameindex,
    if_nametoindex, inet_aton, inet_ntoa, inet_ntop, inet_pton, ntohl, ntohs, setdefaulttimeout, sethostname)
from ._simdinet import getaddrinfo as _getaddrinfo

__all__ = [
    "CMSG_LEN", "CMSG_SPACE", "close", "getaddrinfo", "getdefaulttimeout", "getfqdn", "gethostbyaddr", "gethostbyname",
    "gethostbyname_ex", "gethostname", "getnameinfo", "getprotobyname", "getservbyname", "getservbyport", "htonl",
    "htons", "if_indextoname", "if_nameindex", "if_nametoindex", "inet_aton", "inet_ntoa", "inet_ntop", "inet_pton",
    "ntohl", "ntohs", "setdefaulttimeout", "sethostname"]


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """A list of (family, type, proto, canonname, sockaddr) for a host and a port.

    host is str, encoded with the codec idna, bytes, or None; port is an int, str, bytes, or None. sockaddr is
    (address, port) for AF_INET and (address, port, flowinfo, scope_id) for AF_INET6. Numeric hosts are resolved
    without the system's resolver. Raises gaierror; OSError if the system fails.

    >>> getaddrinfo("2001:db8::1", "80", proto=17)
    [(<AddressFamily.AF_INET6: 10>, <SocketKind.SOCK_DGRAM: 2>, 17, '', ('2001:db8::1', 80, 0, 0))]
    """
    return _getaddrinfo(host, port, family, type, proto, flags)


def getfqdn(name=""):
    """The fully qualified name of a host: the first of its names that contains a dot.

    The name of this host for an empty name, "0.0.0.0" and "::"; name itself if the lookup fails.
    """
    name = name.strip()
    if not name or name in ("0.0.0.0", "::"):
        name = gethostname()
    try:
        hostname, aliases, _ = gethostbyaddr(name)
    except OSError:
        return name
    return next((known for known in [hostname, *aliases] if "." in known), hostname)


def __getattr__(name):
    return getattr(_python, name)


def __dir__():
    return sorted(set(dir(_python)) | set(__all__))
