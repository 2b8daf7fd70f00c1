# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Flags of scans and matches, and classes of addresses."""
import enum


class Class(enum.IntFlag):
    """Classes of an address, by IANA's special-purpose registries.

    >>> Class(simdinet.classify(simdinet.parse_ipv4(["127.0.0.1"]))[0])
    <Class.LOOPBACK: 4>
    """

    UNSPECIFIED = 0x00001
    THIS_NETWORK = 0x00002
    LOOPBACK = 0x00004
    PRIVATE = 0x00008
    SHARED = 0x00010
    LINK_LOCAL = 0x00020
    UNIQUE_LOCAL = 0x00040
    MULTICAST = 0x00080
    BROADCAST = 0x00100
    DOCUMENTATION = 0x00200
    BENCHMARKING = 0x00400
    RESERVED = 0x00800
    PROTOCOL = 0x01000
    MAPPED = 0x02000
    NAT_6TO4 = 0x04000
    TEREDO = 0x08000
    NAT64 = 0x10000
    DISCARD = 0x20000
    GLOBAL = 0x40000


class Scan(enum.IntFlag):
    """What scan looks for; docs/scan.md describes the heuristics that NO_* switch off."""

    IPV4 = 0x01
    IPV6 = 0x02
    REJECTED = 0x08
    RECALL = 0x10
    BARE_UNSPECIFIED = 0x20
    EUI64 = 0x40
    DEFANGED = 0x80
    NO_VERSION_SLASH = 0x0100
    NO_VERSION_KEY = 0x0200
    NO_VERSION_USER_AGENT = 0x0400
    NO_VERSION_HEADER = 0x0800
    NO_VERSION_PACKAGE = 0x1000
    NO_VERSIONS = 0x1F00
    NO_ESCAPES = 0x2000
    NO_DOT_PORT = 0x4000
    NO_COLON_PORT = 0x8000
    NO_COLON_AFTER = 0x10000
    NO_KEY = 0x20000
    NO_BGP = 0x40000


class Match(enum.IntFlag):
    """What is known of a match beyond its bytes."""

    MAPPED = 0x0001
    PORT = 0x0002
    SERVICE = 0x0004
    SHORT = 0x0008
    AMBIGUOUS_PORT = 0x0010
    BARE_UNSPECIFIED = 0x0020
    KEY = 0x0040
    BGP = 0x0080
    VERSION_SLASH = 0x0100
    VERSION_KEY = 0x0200
    VERSION_USER_AGENT = 0x0400
    VERSION_HEADER = 0x0800
    VERSION_PACKAGE = 0x1000
    VERSION = 0x1F00
    DOUBTFUL = 0x2000
    REJECTED = 0x4000
    DEFANGED = 0x8000


class Rule(enum.IntEnum):
    """Why a candidate is rejected: the field rule of matches with Match.REJECTED or Match.DOUBTFUL.

    >>> match, = simdinet.scan("v1.2.3.4", flags=Scan.IPV4 | Scan.REJECTED)
    >>> Rule(match["rule"]).name
    'WORD_BEFORE'
    """

    NONE = 0
    WORD_BEFORE = 1
    WORD_AFTER = 2
    DOTTED_RUN = 3
    INVALID_IPV4 = 4
    COLON_HEX = 5
    INVALID_IPV6 = 6
    HARDWARE_ADDRESS = 7
    BARE_UNSPECIFIED = 8
