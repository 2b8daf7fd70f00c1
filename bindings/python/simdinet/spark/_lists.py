# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Networks as the command takes them: in arguments and in lists (simdinet-grep(1), NETWORKS)."""
import ipaddress

from .. import _simdinet
from .._flags import Class
from .._networks import networks

_CLASSES = {member.name.lower().removeprefix("nat_").replace("_", "-"): int(member) for member in Class}
_MAPPED = bytes(10) + b"\xff\xff"
_BLANKS = " \t\r\n\v\f"


class AddressFilter:
    """Networks and classes of addresses; an address is in the filter if it is in one of them."""

    def __init__(self, texts, classes):
        self.networks = networks(dict.fromkeys(texts, None).keys(), clear_host_bits=True, mapped=True) if texts else None
        self.classes = int(classes)

    def accepts(self, addresses):
        """A pyarrow array of n bool for addresses of 4 or 16 bytes."""
        import pyarrow
        import pyarrow.compute
        accepted = pyarrow.array([False] * len(addresses), pyarrow.bool_())
        if self.networks is not None:
            accepted = pyarrow.array(self.networks.contains(addresses))
        if self.classes:
            classes = pyarrow.array(_simdinet.classify(addresses))
            some = pyarrow.compute.not_equal(
                pyarrow.compute.bit_wise_and(classes, pyarrow.scalar(self.classes, pyarrow.uint32())), 0)
            accepted = pyarrow.compute.or_(accepted, some)
        return accepted


def _unmapped(text):
    """A network, with one of mapped addresses as one of IPv4."""
    address, length = text.rsplit("/", 1)
    packed = _simdinet.parse(address)
    if len(packed) == 16 and packed.startswith(_MAPPED) and int(length) >= 96:
        return f"{_simdinet.format([packed[12:]])[0]}/{int(length) - 96}"
    return text


def _parse_item(text):
    """(networks, classes) of a network, a range, an address or the name of a class. Raises ValueError."""
    text = text.strip(_BLANKS)
    if text in _CLASSES:
        return [], _CLASSES[text]
    if "/" in text:
        address, length = (part.strip(_BLANKS) for part in text.split("/", 1))
        found = [_simdinet.parse_network(f"{address}/{length}", clear_host_bits=True)]
    elif "-" in text:
        first, last = (part.strip(_BLANKS) for part in text.split("-", 1))
        first, last = (ipaddress.ip_address(end) for end in _simdinet.parse_range(f"{first}-{last}"))
        found = [(network.network_address.packed, network.prefixlen)
                 for network in ipaddress.summarize_address_range(first, last)]
    else:
        found = [_simdinet.parse_network(text)]
    return [_unmapped(_simdinet.format_network(*network)) for network in found], 0


def _add(texts, items):
    classes = 0
    for item in items:
        try:
            found, some = _parse_item(item)
        except ValueError as error:
            raise ValueError(f"invalid network '{item.strip()}': {error}") from None
        texts += found
        classes |= some
    return classes


def parse_argument(text):
    """The AddressFilter of networks with commas between them. Raises ValueError."""
    texts = []
    classes = _add(texts, text.split(","))
    return AddressFilter(texts, classes)


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


def _is_netmask(text):
    try:
        return _simdinet.parse_network("0.0.0.0/" + text)[1] > 0 and "." in text
    except ValueError:
        return False


def _items_of(line):
    """The items of a line of a list."""
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
        if _is_netmask(line[at:]):
            return [f"{line[:end]}/{line[at:]}"]
        return line[:end].split(",")


def read_list(path):
    """The AddressFilter of a file with networks. Raises OSError, and ValueError with the place of an invalid line."""
    texts, classes = [], 0
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            line = line.split("#", 1)[0].split(";", 1)[0].strip(_BLANKS)
            try:
                classes |= _add(texts, _items_of(line)) if line else 0
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from None
    return AddressFilter(texts, classes)
