# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Why a text is not an address."""
import enum
import typing


class Reason(enum.IntEnum):
    """Why a text is not an address; str() gives a description.

    >>> str(Reason.OCTET_RANGE)
    'octet out of range (0-255)'
    """

    NONE = 0
    EMPTY = 1
    CHARACTER = 2
    END = 3
    OCTET_MISSING = 4
    OCTET_RANGE = 5
    LEADING_ZERO = 6
    OCTET_COUNT_LOW = 7
    OCTET_COUNT_HIGH = 8
    GROUP_LENGTH = 9
    GROUP_COUNT_LOW = 10
    GROUP_COUNT_HIGH = 11
    SINGLE_COLON = 12
    SECOND_COMPRESSION = 13
    EMBEDDED_IPV4 = 14
    NULL = 15
    PREFIX_MISSING = 16
    PREFIX_RANGE = 17
    NETMASK = 18
    HOST_BITS = 19
    NUMBER_ZERO = 20
    RANGE_FAMILY = 21
    RANGE_ORDER = 22
    BRACKET = 23
    ZONE_MISSING = 24
    PORT_MISSING = 25
    PORT_RANGE = 26

    def __str__(self) -> str:
        from ._simdinet import reason_text
        return reason_text(int(self))


class AddressError(ValueError):
    """A text that is not an IP address.

    text is what was parsed, reason a Reason, offset where in the text it applies, in bytes of UTF-8.

    >>> try:
    ...     simdinet.parse("192.0.2.256")
    ... except simdinet.AddressError as error:
    ...     error.reason.name, error.offset
    ('OCTET_RANGE', 8)
    """

    text: typing.Any
    reason: Reason
    offset: int

    def __init__(self, text: object, reason: int, offset: int) -> None:
        super().__init__(text, reason, offset)
        self.text = text
        self.reason = Reason(reason)
        self.offset = offset

    def __str__(self) -> str:
        shown = repr(self.text)
        if len(shown) > 80:
            shown = shown[:76] + "..."
        return f"{shown} is not valid: {self.reason} at offset {self.offset}"
