# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The accessor Series.ip of pandas, registered when this module is imported; needs pandas and pyarrow.

>>> import pandas, simdinet.pandas
>>> series = pandas.Series(["192.0.2.1", "2001:DB8::1", "x"])
>>> series.ip.canonical().tolist()
['192.0.2.1', '2001:db8::1', <NA>]
"""
import pandas
import pyarrow

from . import _simdinet, _text
from ._networks import as_networks


@pandas.api.extensions.register_series_accessor("ip")
class IpAccessor:
    """Operations on a Series of n texts or, where it says so, of addresses in bytes. Each returns a Series of n
    values with the same index and name, of pandas.ArrowDtype."""

    def __init__(self, series):
        self._series = series

    def _wrap(self, column):
        return pandas.Series(pandas.arrays.ArrowExtensionArray(pyarrow.chunked_array(column)), index=self._series.index,
                             name=self._series.name)

    def parse_ipv4(self):
        """4 bytes for each IPv4 address; null for other text."""
        return self._wrap(_simdinet.parse_ipv4(self._series))

    def parse_ipv6(self):
        """16 bytes for each IPv6 address; null for other text."""
        return self._wrap(_simdinet.parse_ipv6(self._series))

    def parse(self):
        """4 bytes for each IPv4 address, 16 for each IPv6 address; null for other text."""
        return self._wrap(_simdinet.parse_packed(self._series))

    def format(self):
        """The text of each address of a Series of 4 or 16 bytes."""
        return self._wrap(_simdinet.format(self._series))

    def canonical(self):
        """The canonical text of each address; null for other text."""
        return self._wrap(_text.canonical(self._series))

    def is_valid(self):
        """Whether each text is an address."""
        return self._wrap(_simdinet.is_ip(self._series))

    def is_ipv4(self):
        """Whether each text is an IPv4 address."""
        return self._wrap(_simdinet.is_ipv4(self._series))

    def is_ipv6(self):
        """Whether each text is an IPv6 address."""
        return self._wrap(_simdinet.is_ipv6(self._series))

    def explain(self):
        """Why each text is not an address: structs of reason and offset."""
        return self._wrap(_simdinet.explain_column(self._series))

    def truncate(self, *, ipv4=24, ipv6=48):
        """The text of each address with the bits past a prefix length cleared."""
        return self._wrap(_text.truncate(self._series, ipv4, ipv6))

    def classify(self):
        """The classes of each address, uint32 of simdinet.Class."""
        return self._wrap(_simdinet.classify(self._series))

    def is_in(self, networks):
        """Whether one of networks, simdinet.Networks or an iterable of texts, contains each address."""
        return self._wrap(as_networks(networks).contains(self._series))

    def lookup(self, networks):
        """The value of the longest of networks that contains each address, null without one; the index of the network
        if they have no values. networks is simdinet.Networks, or what simdinet.networks takes. Values that are neither all
        str nor all int make a Series of objects."""
        found = as_networks(networks).lookup(self._series)
        if isinstance(found, list):
            return pandas.Series(found, index=self._series.index, name=self._series.name, dtype=object)
        return self._wrap(found)

    def extract(self, *, flags=3, versions=False):
        """The addresses in each text: lists of structs, as scan_lines returns them."""
        return self._wrap(_simdinet.scan_lines(self._series, flags=flags, versions=versions))
