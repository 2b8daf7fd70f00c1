# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Networks as the command takes them: in arguments and in lists (simdinet-grep(1), NETWORKS)."""
import ipaddress
import re

from .. import _simdinet
from .._flags import Class
from .._networks import networks
from .._open import _decompressed
from ._networks import share

_CLASSES = {member.name.lower().removeprefix("nat_").replace("_", "-"): int(member) for member in Class}
_MAPPED = bytes(10) + b"\xff\xff"
_BLANKS = " \t\r\n\v\f"


class AddressFilter:
    """Networks and classes of addresses; an address is in the filter if it is in one of them. With mapped, IPv4-mapped
    addresses are of IPv6 only."""

    def __init__(self, texts, classes, mapped):
        self.networks = networks(dict.fromkeys(texts).keys(), clear_host_bits=True, mapped=not mapped) if texts else None
        self.shared = None
        self.classes, self.mapped = int(classes), mapped

    def share(self, spark):
        """The filter for tasks: the networks are broadcast."""
        result = AddressFilter([], self.classes, self.mapped)
        result.shared = None if self.networks is None else share(self.networks, spark)
        return result

    def accepts(self, addresses):
        """A pyarrow array of n bool for addresses of 4 or 16 bytes."""
        import pyarrow
        import pyarrow.compute
        accepted = pyarrow.array([False] * len(addresses), pyarrow.bool_())
        networks = self.networks if self.shared is None else self.shared.get().networks
        if networks is not None:
            accepted = pyarrow.array(networks.contains(addresses))
        if self.classes:
            classes = pyarrow.array(_simdinet.classify(addresses))
            selected = pyarrow.scalar(self.classes, pyarrow.uint32())
            if self.mapped:
                # A mapped address has the classes of its IPv4 address as well.
                selected = pyarrow.compute.if_else(is_mapped(addresses), self.classes & int(Class.MAPPED), selected)
                selected = selected.cast(pyarrow.uint32())
            some = pyarrow.compute.not_equal(pyarrow.compute.bit_wise_and(classes, selected), 0)
            accepted = pyarrow.compute.or_(accepted, some)
        return accepted


def is_mapped(addresses):
    """A pyarrow array of n bool: which addresses of 4 or 16 bytes are IPv4-mapped."""
    import pyarrow.compute
    return pyarrow.compute.and_(pyarrow.compute.equal(pyarrow.compute.binary_length(addresses), 16),
                                pyarrow.compute.starts_with(addresses, _MAPPED))


def _unmapped(networks):
    """The (address, length) of networks; those of IPv4 if all of their addresses are IPv4-mapped."""
    if all(len(address) == 16 and address.startswith(_MAPPED) and length >= 96 for address, length in networks):
        return [(address[12:], length - 96) for address, length in networks]
    return networks


def _parse_item(text, mapped):
    """(networks, classes) of a network, a range, an address or the name of a class. Raises ValueError."""
    text = text.strip(_BLANKS)
    if text in _CLASSES:
        return [], _CLASSES[text]
    if "/" in text:
        address, length = (part.strip(_BLANKS) for part in text.split("/", 1))
        if length.isascii() and length.isdigit():
            length = length.lstrip("0") or "0"
        found = [_simdinet.parse_network(f"{address}/{length}", clear_host_bits=True)]
    elif "-" in text:
        first, last = (part.strip(_BLANKS) for part in text.split("-", 1))
        first, last = (ipaddress.ip_address(end) for end in _simdinet.parse_range(f"{first}-{last}"))
        found = [(network.network_address.packed, network.prefixlen)
                 for network in ipaddress.summarize_address_range(first, last)]
    else:
        found = [_simdinet.parse_network(text)]
    return [_simdinet.format_network(*network) for network in (found if mapped else _unmapped(found))], 0


def _add(texts, items, mapped):
    classes = 0
    for item in items:
        try:
            found, some = _parse_item(item, mapped)
        except ValueError as error:
            raise ValueError(f"invalid network '{item.strip()}': {error}") from None
        texts += found
        classes |= some
    return classes


def parse_argument(text, mapped=False):
    """The AddressFilter of networks with commas between them. Raises ValueError."""
    texts = []
    classes = _add(texts, text.split(","), mapped)
    return AddressFilter(texts, classes, mapped)


# ---- lists: networks with commas between them, and a label after a comma or blanks -----------------------------------

def _skip_blanks(text, at):
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _skip_word(text, at):
    while at < len(text) and text[at] not in _BLANKS and text[at] != ",":
        at += 1
    return at


def _item_end(text, at):
    """The end of a word, and of the next one if "-" or "/" stands between them."""
    while True:
        end = _skip_word(text, at)
        following = _skip_blanks(text, end)
        if following in (len(text), end) or text[following] == ",":
            return end
        if text[following] in "-/":
            at = _skip_blanks(text, following + 1)
        elif end > 0 and text[end - 1] in "-/":
            at = following
        else:
            return end
        if at == len(text):
            return at


def _looks_like_item(text, at):
    word = text[at:_skip_word(text, at)]
    return word in _CLASSES or (set(word) <= set("0123456789abcdefABCDEF.:/-") and ("." in word or ":" in word))


def _is_address(text):
    try:
        _simdinet.parse(text)
        return True
    except ValueError:
        return False


def _is_netmask(text):
    try:
        return "." in text and _simdinet.parse_network("0.0.0.0/" + text)[1] > 0
    except ValueError:
        return False


def _joined(first, second, ipv4_end):
    """The item of two addresses with blanks between them: a network and its netmask, or the ends of a range. None if
    the second text is a label. 255.255.255.255 is the end of a range that begins after ipv4_end."""
    if not (_is_address(first) and _is_address(second)):
        return None
    ends = second == "255.255.255.255" and ":" not in first and int(ipaddress.IPv4Address(first)) == (ipv4_end + 1) % 2**32
    masks = _is_netmask(second) or (second.startswith("255.") and not first.startswith("255."))
    return f"{first}/{second}" if ":" not in first and masks and not ends else f"{first}-{second}"


def _items_of(line, ipv4_end):
    """The items of a line of a list. ipv4_end: of the line before, see _ipv4_end."""
    at = 0
    while True:
        end = _item_end(line, at)
        following = _skip_blanks(line, end)
        if following == len(line):
            return line[:end].split(",")
        comma = line[following] == ","
        at = _skip_blanks(line, following + comma)
        if comma and _looks_like_item(line, at):
            continue
        joined = None if comma else _joined(line[:end], line[at:_skip_word(line, at)], ipv4_end)
        return line[:end].split(",") if joined is None else [joined]


def _ipv4_end(items, line):
    """The last address of a range of two IPv4 addresses with blanks between them, or 2**32 - 1."""
    if len(items) != 1 or "-" not in items[0] or ":" in items[0] or line.startswith(items[0]):
        return 2**32 - 1
    return int(ipaddress.IPv4Address(items[0].split("-")[1]))


def _range_of(line):
    """(first, last, label) of two addresses of one family with a comma between them, or None."""
    first, last, label = (part.strip(_BLANKS) for part in (line + ",,").split(",", 2))
    same = (":" in first) == (":" in last)
    return (first, last, label.rstrip("," + _BLANKS)) if same and _is_address(first) and _is_address(last) else None


def _is_csv_range(first, last, label):
    """Whether two addresses before a label are the ends of a range, since a network begins and ends there."""
    first, last = (ipaddress.ip_address(address).packed for address in (first, last))
    host = 1 if len(first) == 4 else 8
    ends = not any(first[-host:]) and set(last[-host:]) == {255} and first < last
    return ends and label != "" and not _looks_like_item(label, 0) and bool(any(first) or set(last) != {255})


def _read_lines(path):
    """The lines of a file, decompressed if it is compressed. Raises OSError."""
    try:
        with open(path, "rb") as file:
            data, errors = _decompressed(file)
            try:
                content = data.read()
            except (EOFError, *((errors,) if isinstance(errors, type) else errors)) as error:
                raise OSError(f"damaged compressed data: {error}") from error
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from error
    return content.decode("utf-8-sig", "surrogateescape").split("\n")


def read_list(path, mapped=False):
    """The AddressFilter of a file with networks. Raises OSError, and ValueError with the place of an invalid line."""
    texts, classes, ipv4_end, ranges = [], 0, 2**32 - 1, None # ranges: unknown before the first networks
    for number, line in enumerate(_read_lines(path), 1):
        whole, line = line, re.split("[#;]", line, maxsplit=1)[0]
        try:
            if whole[len(line):len(line) + 1] == ";" and line and line[-1] not in _BLANKS and _looks_like_item(
                    whole[len(line) + 1:].split(";", 1)[0], 0):
                raise ValueError("a semicolon starts a comment; commas separate networks")
            line = line.strip(_BLANKS)
            if "\r" in line:
                raise ValueError("carriage return within a line; lines end with LF or CR LF")
            if line:
                pair = _range_of(line)
                is_range = pair is not None and (ranges or _is_csv_range(*pair))
                if is_range and ranges is False:
                    raise ValueError("two addresses, as of a range; write FIRST-LAST,LABEL")
                items = [f"{pair[0]}-{pair[1]}"] if is_range else _items_of(line, ipv4_end)
                ranges = is_range if ranges is None else ranges
                classes |= _add(texts, items, mapped)
                ipv4_end = _ipv4_end(items, line)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    return AddressFilter(texts, classes, mapped)
