# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Operations on columns of text that pandas, Polars and DuckDB have as methods or functions."""
from . import _simdinet


def canonical(column):
    """The canonical text of each address; null where a text is not one."""
    return _simdinet.format(_simdinet.parse_mixed(column))


def truncate(column, ipv4=24, ipv6=48):
    """The text of each address with the bits past a prefix length cleared."""
    return _simdinet.format(_simdinet.truncate(column, ipv4=ipv4, ipv6=ipv6))
