# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The classes of addresses compared with CPython's ipaddress: at the first and last address of every block that
either of them has, one below and one above. The differences are listed with the document that decides."""
import ctypes
import ipaddress

import pytest


class Network(ctypes.Structure):
    _fields_ = [("address", ctypes.c_uint8 * 16), ("family", ctypes.c_uint8), ("prefix_length", ctypes.c_uint8)]


class Block(ctypes.Structure):
    _fields_ = [("network", Network), ("classes", ctypes.c_uint32), ("name", ctypes.c_char_p),
                ("source", ctypes.c_char_p)]


# Where the class is what the document says, and not what (some versions of) ipaddress say. The first entry that
# contains an address decides.
DIFFERENCES = [(ipaddress.ip_network(network), name, value, why) for network, name, value, why in [
    ("192.0.0.9/32", "global", True, "RFC 7723: globally reachable; since Python 3.13"),
    ("192.0.0.10/32", "global", True, "RFC 8155: globally reachable; since Python 3.13"),
    ("192.0.0.0/24", "global", False, "RFC 6890 section 2.1: not globally reachable; since Python 3.13"),
    ("192.88.99.0/24", "global", False, "RFC 7526 deprecates the anycast prefix of 6to4; RFC 6751 is not global"),
    ("224.0.0.0/4", "global", False, "RFC 5771: multicast, and the class is one of unicast addresses"),
    ("ff00::/8", "global", False, "RFC 4291 section 2.7: the same"),
    ("2001:1::1/128", "global", True, "RFC 7723: globally reachable; since Python 3.13"),
    ("2001:1::2/128", "global", True, "RFC 8155: globally reachable; since Python 3.13"),
    ("2001:1::3/128", "global", True, "RFC 9665: globally reachable"),
    ("2001:3::/32", "global", True, "RFC 7450: globally reachable; since Python 3.13"),
    ("2001:4:112::/48", "global", True, "RFC 7535: globally reachable; since Python 3.13"),
    ("2001:20::/28", "global", True, "RFC 7343: globally reachable; since Python 3.13"),
    ("2001:30::/28", "global", True, "RFC 9374: globally reachable; since Python 3.13"),
    ("2002::/16", "global", False, "RFC 3056: the registry has N/A; since Python 3.13"),
    ("3fff::/20", "global", False, "RFC 9637: documentation; since Python 3.14"),
    ("2000::/3", "reserved", False, "RFC 4291 section 4: allocated for global unicast"),
    ("64:ff9b::/96", "global", True, "RFC 6052: globally reachable"),
    ("::/3", "global", False, "RFC 4291 section 4: only 2000::/3 is allocated for global unicast"),
    ("4000::/2", "global", False, "RFC 4291 section 4: the same; RFC 9602: SRv6 SIDs are not globally reachable"),
    ("8000::/1", "global", False, "RFC 4291 section 4: the same; RFC 3879 deprecates fec0::/10"),
    ("::/128", "reserved", False, "RFC 4291 section 2.5.2: unspecified"),
    ("::1/128", "reserved", False, "RFC 4291 section 2.5.3: loopback"),
    ("64:ff9b::/96", "reserved", False, "RFC 6052: NAT64"),
    ("64:ff9b:1::/48", "reserved", False, "RFC 8215: NAT64"),
    ("100::/64", "reserved", False, "RFC 6666: discard"),
    ("100:0:0:1::/64", "reserved", False, "RFC 9780: dummy prefix"),
    ("5f00::/16", "reserved", False, "RFC 9602: SRv6 SIDs"),
    ("fec0::/10", "reserved", True, "RFC 3879 deprecates site-local addresses"),
]]

PROPERTIES = ("multicast", "loopback", "unspecified", "link_local", "reserved", "global")


@pytest.fixture(scope="module")
def simdinet_library(library):
    return ctypes.CDLL(str(library))


@pytest.fixture(scope="module")
def blocks(simdinet_library):
    found, block = [], Block()
    while simdinet_library.simdinet_describe_class_block(ctypes.c_size_t(len(found)), ctypes.byref(block)):
        size = 4 if block.network.family == 4 else 16
        address = ipaddress.ip_address(bytes(block.network.address)[:size])
        found.append((ipaddress.ip_network((address, block.network.prefix_length)), block.classes,
                      block.name.decode(), block.source.decode()))
    return found


@pytest.fixture(scope="module")
def classes_of(simdinet_library):
    simdinet_library.simdinet_classify.restype = ctypes.c_uint32
    simdinet_library.simdinet_class_by_name.restype = ctypes.c_uint32
    simdinet_library.simdinet_class_name.restype = ctypes.c_char_p

    def classify(address):
        flags = simdinet_library.simdinet_classify(address.packed, ctypes.c_uint(address.version))
        return {simdinet_library.simdinet_class_name(ctypes.c_uint32(1 << bit)).decode() for bit in range(32)
                if flags >> bit & 1}
    return classify


def boundaries(networks):
    found = set()
    for network in networks:
        for number in (int(network[0]) - 1, int(network[0]), int(network[-1]), int(network[-1]) + 1):
            if 0 <= number < 2 ** network.max_prefixlen:
                found.add(type(network[0])(number))
    return sorted(found, key=lambda address: (address.version, address))


def networks_of_python():
    for constants in (ipaddress._IPv4Constants, ipaddress._IPv6Constants):
        for value in vars(constants).values():
            for network in value if isinstance(value, list) else [value]:
                if isinstance(network, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
                    yield network


def test_against_ipaddress(blocks, classes_of):
    used = set()
    addresses = boundaries([block[0] for block in blocks] + list(networks_of_python()))
    assert len(addresses) > 180
    for address in addresses:
        classes = classes_of(address)
        compared = address
        if address.version == 6 and address.ipv4_mapped is not None:
            assert "mapped" in classes
            compared = address.ipv4_mapped  # RFC 4291 section 2.5.5.2: it stands for the IPv4 address
        for name in PROPERTIES:
            ours = name.replace("_", "-") in classes
            listed = next((entry for entry in DIFFERENCES if entry[1] == name and
                           entry[0].version == compared.version and compared in entry[0]), None)
            if listed and ours == listed[2]:
                used.add(listed)
                continue
            assert ours == getattr(compared, f"is_{name}"), f"{address}: {name}, not as ipaddress has it"
    assert {entry for entry in DIFFERENCES} == used, "an entry applies to no address"


def test_transition_addresses(blocks, classes_of):
    for address in boundaries([block[0] for block in blocks if block[0].version == 6]):
        classes = classes_of(address)
        assert ("mapped" in classes) == (address.ipv4_mapped is not None), address
        assert ("6to4" in classes) == (address.sixtofour is not None), address
        assert ("teredo" in classes) == (address.teredo is not None), address
        assert ("unique-local" in classes) == (address in ipaddress.ip_network("fc00::/7")), address


def test_private_and_shared(blocks, classes_of):
    private = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    for address in boundaries([block[0] for block in blocks if block[0].version == 4]):
        assert ("private" in classes_of(address)) == any(address in network for network in private), address
        assert ("shared" in classes_of(address)) == (address in ipaddress.ip_network("100.64.0.0/10")), address


def test_blocks_are_sorted_and_distinct(blocks):
    keys = [(network.version, network.network_address, network.prefixlen) for network, *_ in blocks]
    assert keys == sorted(set(keys))
    assert keys[0][2] == 0 and [key for key in keys if key[0] == 6][0][2] == 0, "every address is in a block"
    for network, classes, name, source in blocks:
        assert classes and name and source.startswith("RFC "), network


def test_smallest_block_decides(blocks, classes_of, simdinet_library):
    for address in boundaries([block[0] for block in blocks]):
        if address.version == 6 and address.ipv4_mapped is not None:
            continue
        smallest = max((block for block in blocks if block[0].version == address.version and address in block[0]),
                       key=lambda block: block[0].prefixlen)
        names = {simdinet_library.simdinet_class_name(ctypes.c_uint32(1 << bit)).decode() for bit in range(32)
                 if smallest[1] >> bit & 1}
        assert classes_of(address) == names, address
