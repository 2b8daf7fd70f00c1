# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Packet captures for the tests: packets with known IP headers, and the files that hold them."""
import ipaddress
import random
import struct

ETHERNET, RAW, NULL, LOOP, COOKED, COOKED2, PPP, PPPOE, HDLC, WIFI = 1, 101, 0, 108, 113, 276, 9, 51, 104, 105


def ipv4(source, destination, payload=b"", protocol=17, options=b"", fragment=0, total=None):
    size = 20 + len(options)
    total = size + len(payload) if total is None else total
    return struct.pack(">BBHHHBBH", 0x40 | size // 4, 0, total, 1, fragment, 64, protocol, 0) + \
        ipaddress.IPv4Address(source).packed + ipaddress.IPv4Address(destination).packed + options + payload


def ipv6(source, destination, payload=b"", protocol=17):
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + \
        ipaddress.IPv6Address(source).packed + ipaddress.IPv6Address(destination).packed + payload


def udp(payload=b"data"):
    return struct.pack(">HHHH", 40000, 40001, 8 + len(payload), 0) + payload


def ether_type(packet):
    return struct.pack(">H", 0x0800 if packet[0] >> 4 == 4 else 0x86dd)


def ethernet(packet, tags=b"", kind=None):
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2" + tags + (kind or ether_type(packet)) + packet


def vlan(packet):
    return ethernet(packet, b"\x81\0\0\5")


def qinq(packet):
    return ethernet(packet, b"\x88\xa8\0\7\x81\0\0\5")


def snap(packet):
    body = b"\xaa\xaa\3\0\0\0" + ether_type(packet) + packet
    return ethernet(body, kind=struct.pack(">H", len(body)))


def labels(packet):
    return b"\0\1\0\x40\0\2\1\x40" + packet


def mpls(packet):
    return ethernet(labels(packet), kind=b"\x88\x47")


def ppp(packet):
    return (b"\0\x21" if packet[0] >> 4 == 4 else b"\0\x57") + packet


def session(packet):
    return b"\x11\0\0\1" + struct.pack(">H", len(packet) + 2) + ppp(packet)


def pppoe(packet):
    return ethernet(session(packet), kind=b"\x88\x64")


def gre(packet, flags=0):
    return struct.pack(">H", flags) + ether_type(packet) + bytes(4 * bin(flags & 0xb000).count("1")) + packet


LINKS = [(ETHERNET, ethernet), (ETHERNET, vlan), (ETHERNET, qinq), (ETHERNET, snap), (ETHERNET, mpls),
         (ETHERNET, pppoe), (RAW, bytes), (NULL, lambda p: struct.pack("<I", 2 if p[0] >> 4 == 4 else 30) + p),
         (LOOP, lambda p: struct.pack(">I", 2 if p[0] >> 4 == 4 else 24) + p),
         (COOKED, lambda p: bytes(3) + b"\1\0\6\2\0\0\0\0\1\0\0" + ether_type(p) + p),
         (COOKED2, lambda p: ether_type(p) + bytes(2) + b"\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" + p),
         (PPP, lambda p: b"\xff\3" + ppp(p)), (PPPOE, session), (HDLC, lambda p: b"\x0f\0" + ether_type(p) + p)]
LINK_NAMES = ["ethernet", "vlan", "qinq", "snap", "mpls", "pppoe", "raw", "null", "loop", "cooked", "cooked2", "ppp",
              "pppoe-link", "hdlc"]


def pcap(link, packets, order="<", magic=0xa1b2c3d4, snaplen=262144):
    data = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link)]
    for i, packet in enumerate(packets):
        data += struct.pack(order + "IIII", 1700000000 + i, i, min(len(packet), snaplen), len(packet)), packet[:snaplen]
    return b"".join(data)


def block(kind, body, order="<"):
    body += bytes(-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def section(*links, order="<", snaplen=262144):
    """A section header and its interfaces."""
    return block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1), order) + \
        b"".join(block(1, struct.pack(order + "HHI", link, 0, snaplen), order) for link in links)


def enhanced(packet, interface=0, order="<", stored=None):
    size = len(packet) if stored is None else stored
    return block(6, struct.pack(order + "IIIII", interface, 0, 0, size, len(packet)) + packet, order)


def simple(packet, order="<", snaplen=262144):
    return block(3, struct.pack(order + "I", len(packet)) + packet[:snaplen], order)


def old(packet, interface=0, order="<"):
    return block(2, struct.pack(order + "HHIIII", interface, 0, 0, 0, len(packet), len(packet)) + packet, order)


def pcapng(link, packets, order="<"):
    return section(link, order=order) + b"".join(enhanced(packet, order=order) for packet in packets)


def random_headers(seed, count):
    """Lists of (source, destination), the outer header first, with the packets that hold them."""
    choose = random.Random(seed)
    pools = ([str(ipaddress.IPv4Address(0x0a000000 + choose.randrange(1 << 24))) for _ in range(40)],
             [str(ipaddress.IPv6Address((0x20010db8 << 96) + choose.getrandbits(64))) for _ in range(40)])
    for _ in range(count):
        headers, packet, protocol = [], udp(choose.randbytes(choose.randrange(4, 200))), 17
        for depth in range(choose.choice((1, 1, 1, 2, 2, 3))):
            if depth > 0:
                protocol = 4 if packet[0] >> 4 == 4 else 41
                if choose.random() < 0.4:
                    packet, protocol = gre(packet, choose.choice((0, 0x8000, 0x2000, 0x3000, 0xb000))), 47
            pool = choose.choice(pools)
            source, destination = choose.sample(pool, 2)
            if pool is pools[0]:
                packet = ipv4(source, destination, packet, protocol, options=choose.choice((b"", b"\1\1\1\0")))
            else:
                if choose.random() < 0.2: # destination options: padding
                    packet, protocol = bytes([protocol, 0, 1, 4, 0, 0, 0, 0]) + packet, 60
                packet = ipv6(source, destination, packet, protocol)
            headers.insert(0, (source, destination))
        yield headers, packet
