# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sets of networks."""
import collections.abc

from . import _simdinet


class Networks:
    """A set of networks for longest-prefix lookups, of single addresses and of columns; made by networks(). It is
    immutable, and threads may share it."""

    def __init__(self, networks, values, clear_host_bits, mapped):
        self._texts = list(networks)
        self._values = None if values is None else list(values)
        if self._values is not None and len(self._values) != len(self._texts):
            raise ValueError(f"{len(self._texts)} networks and {len(self._values)} values")
        self._column = None if self._values is None else _simdinet.column_of(self._values)
        self._options = clear_host_bits, mapped
        self._set = _simdinet.build_set(self._texts, clear_host_bits, mapped)

    def __reduce__(self):
        return Networks, (self._texts, self._values, *self._options)

    def __len__(self):
        return len(self._texts)

    def __iter__(self):
        return iter(self._texts)

    def __getitem__(self, index):
        return self._texts[index]

    def __repr__(self):
        return f"<simdinet.Networks of {len(self._texts)} networks>"

    def __contains__(self, address):
        """Whether a network of the set contains an address: str, or 4 or 16 bytes. Raises AddressError."""
        return _simdinet.set_lookup_one(self._set, address) is not None

    def get(self, address, default=None):
        """The value of the longest network that contains an address, str or 4 or 16 bytes; default if there is none.

        The value of a network without values is its index. Raises AddressError.

        >>> simdinet.networks({"10.0.0.0/8": "private", "10.1.0.0/16": "lab"}).get("10.1.2.3")
        'lab'
        """
        index = _simdinet.set_lookup_one(self._set, address)
        return default if index is None else index if self._values is None else self._values[index]

    def contains(self, column, /):
        """Whether a network contains each of n addresses: an Array of n bool, null for nulls and text that is not an
        address. column is as for classify.

        >>> simdinet.networks(["10.0.0.0/8"]).contains(["10.1.2.3", "::1", "x"]).to_pylist()
        [True, False, None]
        """
        return _simdinet.set_lookup(self._set, column, False)

    def lookup(self, column, /):
        """The value of the longest network that contains each of n addresses, null where there is none; of networks without
        values its index, uint32. column is as for classify.

        An Array of n str or uint64, if all values are str or all are int from 0 to 2**64 - 1; else a list of n values.

        >>> simdinet.networks({"10.0.0.0/8": "private", "10.1.0.0/16": "lab"}).lookup(["10.1.2.3", "::1"]).to_pylist()
        ['lab', None]
        """
        indices = self.lookup_index(column)
        if self._values is None:
            return indices
        if self._column is None:
            return [None if i is None else self._values[i] for i in indices]
        return _simdinet.take(self._column, indices)

    def lookup_index(self, column, /):
        """The index of the longest network that contains each of n addresses: an Array of n uint32, null where there is
        none. column is as for classify.

        >>> simdinet.networks(["10.0.0.0/8", "10.1.0.0/16"]).lookup_index(["10.1.2.3", "10.2.0.1", "::1"]).to_pylist()
        [1, 0, None]
        """
        return _simdinet.set_lookup(self._set, column, True)

    @property
    def values(self):
        """The list of values in the order of the networks, or None."""
        return None if self._values is None else list(self._values)


def networks(networks, values=None, /, *, clear_host_bits=False, mapped=False):
    """A set of networks: Networks.

    networks is an iterable of texts ("192.0.2.0/24", "2001:db8::/32", one address), or a mapping of texts to values.
    clear_host_bits clears bits past a prefix length, which raise AddressError otherwise; with mapped, IPv4-mapped IPv6
    addresses match IPv4 networks, too. Raises ValueError for a network that occurs twice.

    >>> private = networks(["10.0.0.0/8", "fc00::/7"])
    >>> "10.1.2.3" in private, "192.0.2.1" in private
    (True, False)
    """
    if isinstance(networks, collections.abc.Mapping):
        if values is not None:
            raise TypeError("a mapping has its own values")
        values = list(networks.values())
    elif isinstance(networks, (str, bytes)):
        raise TypeError("networks must be an iterable of texts, not one text")
    elif not isinstance(networks, collections.abc.Iterable):
        raise TypeError(f"networks must be an iterable of texts, not {type(networks).__name__}")
    return Networks(networks, values, clear_host_bits, mapped)


def as_networks(networks):
    """Networks, or a set made of what networks() takes."""
    return networks if isinstance(networks, Networks) else _networks(networks)


_networks = networks
