# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The namespace Expr.ip of Polars, registered when this module is imported; needs polars.

>>> import polars, simdinet.polars
>>> frame = polars.DataFrame({"client": ["192.0.2.1", "2001:DB8::1", "x"]})
>>> frame.select(polars.col("client").ip.canonical()).to_series().to_list()
['192.0.2.1', '2001:db8::1', None]
"""
import polars

from . import _simdinet, _text
from ._networks import as_networks

_MATCH = polars.Struct({"offset": polars.UInt64, "length": polars.UInt16, "family": polars.UInt8,
                        "flags": polars.UInt32, "address": polars.Binary, "port": polars.UInt16, "rule": polars.UInt8})


class _Chunks:
    """The chunks of a column, which Polars takes one by one. It would ask an Array for all of them in one."""

    def __init__(self, column):
        self.__arrow_c_stream__ = column.__arrow_c_stream__


@polars.api.register_expr_namespace("ip")
class IpNamespace:
    """Operations on an expression of n texts or, where it says so, of addresses in bytes: expressions of n values."""

    def __init__(self, expr):
        self._expr = expr

    def _map(self, function, dtype):
        def apply(series):
            return polars.Series(series.name, _Chunks(function(series)), dtype=dtype)
        return self._expr.map_batches(apply, return_dtype=dtype, is_elementwise=True)

    def parse_ipv4(self):
        """4 bytes for each IPv4 address; null for other text."""
        return self._map(_simdinet.parse_ipv4, polars.Binary)

    def parse_ipv6(self):
        """16 bytes for each IPv6 address; null for other text."""
        return self._map(_simdinet.parse_ipv6, polars.Binary)

    def parse(self):
        """4 bytes for each IPv4 address, 16 for each IPv6 address; null for other text."""
        return self._map(_simdinet.parse_packed, polars.Binary)

    def format(self):
        """The text of each address in 4 or 16 bytes."""
        return self._map(_simdinet.format, polars.String)

    def canonical(self):
        """The canonical text of each address; null for other text."""
        return self._map(_text.canonical, polars.String)

    def is_valid(self):
        """Whether each text is an address."""
        return self._map(_simdinet.is_ip, polars.Boolean)

    def is_ipv4(self):
        """Whether each text is an IPv4 address."""
        return self._map(_simdinet.is_ipv4, polars.Boolean)

    def is_ipv6(self):
        """Whether each text is an IPv6 address."""
        return self._map(_simdinet.is_ipv6, polars.Boolean)

    def explain(self):
        """Why each text is not an address: structs of reason and offset."""
        return self._map(_simdinet.explain_column, polars.Struct({"reason": polars.UInt8, "offset": polars.UInt32}))

    def truncate(self, *, ipv4=24, ipv6=48):
        """The text of each address with the bits past a prefix length cleared."""
        return self._map(lambda series: _text.truncate(series, ipv4, ipv6), polars.String)

    def classify(self):
        """The classes of each address, uint32 of simdinet.Class."""
        return self._map(_simdinet.classify, polars.UInt32)

    def is_in(self, networks):
        """Whether one of networks, simdinet.Networks or an iterable of texts, contains each address."""
        return self._map(as_networks(networks).contains, polars.Boolean)

    def lookup(self, networks):
        """The value of the longest of networks that contains each address, null without one; the index of the network
        if they have no values. networks is simdinet.Networks, or what simdinet.networks takes. Values must be of one type of
        Polars."""
        networks = as_networks(networks)
        if networks.values is None:
            return self._map(networks.lookup, polars.UInt32)
        values = polars.Series(networks.values)
        return self._map(lambda series: values.gather(polars.Series(networks.lookup_index(series))), values.dtype)

    def extract(self, *, flags=3, versions=False):
        """The addresses in each text: lists of structs, as scan_lines returns them."""
        return self._map(lambda series: _simdinet.scan_lines(series, flags=flags, versions=versions), polars.List(_MATCH))
