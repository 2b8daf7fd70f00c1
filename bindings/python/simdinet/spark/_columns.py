# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the functions of Spark do with Arrow arrays of n values: each returns an array of n values. Tasks receive them by
reference, or as an object with its arguments."""

import pyarrow
import pyarrow.compute

from .. import _simdinet
from ._networks import text_set


def check_lengths(ipv4, ipv6):
    if not (isinstance(ipv4, int) and isinstance(ipv6, int) and 0 <= ipv4 <= 32 and 0 <= ipv6 <= 128):
        raise ValueError(f"invalid prefix lengths {ipv4!r} and {ipv6!r}")


class Extract:
    def __init__(self, flags, versions):
        self.flags, self.versions = flags, versions

    def __call__(self, column):
        return pyarrow.array(_simdinet.extract_lines(column, flags=self.flags, versions=self.versions))


class Addresses(Extract):
    def __call__(self, column):
        return pyarrow.array(_simdinet.scan_texts(column, flags=self.flags, versions=self.versions))


def parse(column):
    return pyarrow.array(_simdinet.parse_packed(column))


def format(column):
    return pyarrow.array(_simdinet.format(column))


def is_valid(column):
    return pyarrow.array(_simdinet.is_ip(column))


def class_names(column):
    return pyarrow.array(_simdinet.class_names(column))


def truncate(column, ipv4, ipv6):
    return pyarrow.array(_simdinet.format(_simdinet.truncate(column, ipv4=ipv4, ipv6=ipv6)))


def anonymize(column, ipv4, ipv6):
    return pyarrow.array(_simdinet.truncate_lines(column, ipv4=ipv4, ipv6=ipv6))


class Truncate:
    def __init__(self, ipv4, ipv6):
        self.lengths = ipv4, ipv6

    def __call__(self, column):
        return truncate(column, *self.lengths)


class Anonymize(Truncate):
    def __call__(self, column):
        return anonymize(column, *self.lengths)


class IsIn:
    def __init__(self, shared):
        self.shared = shared

    def __call__(self, column):
        return self.shared.get().contains(column)


class Lookup(IsIn):
    def __call__(self, column):
        return self.shared.get().look_up(column)


# ---- SQL: the other arguments are columns, constant as a rule --------------------------------------------------------

def _per_value(function, column, others, result_type):
    """Calls a function for the rows of each distinct value of the other columns; a null there gives null."""
    distinct = [pyarrow.compute.unique(other) for other in others]
    if all(len(values) == 1 for values in distinct):
        key = [values[0].as_py() for values in distinct]
        return pyarrow.nulls(len(column), result_type) if None in key else function(column, *key)
    keys = list(zip(*(other.to_pylist() for other in others)))
    rows = {}
    for i, key in enumerate(keys):
        rows.setdefault(key, []).append(i)
    parts, order = [], []
    for key, indices in rows.items():
        part = column.take(pyarrow.array(indices))
        parts.append(pyarrow.nulls(len(part), result_type) if None in key else function(part, *key))
        order += indices
    joined = pyarrow.chunked_array(parts, result_type).combine_chunks()
    inverse = [0] * len(order)
    for place, i in enumerate(order):
        inverse[i] = place
    return joined.take(pyarrow.array(inverse, pyarrow.int64()))


def truncate_by(column, ipv4, ipv6):
    return _per_value(truncate, column, (ipv4, ipv6), pyarrow.string())


def anonymize_by(column, ipv4, ipv6):
    return _per_value(anonymize, column, (ipv4, ipv6), pyarrow.string())


class IsInByName:
    """The networks are the name of a registered set, or a text with commas."""

    def __init__(self, shared):
        self.shared = shared

    def __call__(self, column, networks):
        return _per_value(self._is_in, column, (networks,), pyarrow.bool_())

    def _is_in(self, column, text):
        return (self.shared[text].get() if text in self.shared else text_set(text)).contains(column)


class LookupByName:
    def __init__(self, shared):
        self.shared = shared

    def __call__(self, column, names):
        return _per_value(self._look_up, column, (names,), pyarrow.string())

    def _look_up(self, column, name):
        if name not in self.shared:
            raise ValueError(f"no networks are registered as '{name}'")
        return self.shared[name].get().look_up(column)
