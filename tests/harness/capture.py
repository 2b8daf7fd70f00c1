#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes a packet capture (pcap, Ethernet) of UDP datagrams from seeded random senders.

usage: capture.py PACKETS [SEED] > FILE

Two packets in three are IPv4, every sixteenth has a VLAN tag, every hundredth is ARP. A few senders
send much, as in life: sender k of 5,000 sends about 1/k of the packets.
"""
import collections
import random
import struct
import sys

SENDERS = 5000


def senders(chance):
    """Addresses of 4 or 16 bytes, in the order of how much they send."""
    out = []
    while len(out) < SENDERS:
        if chance.random() < 2 / 3:
            out.append(chance.randbytes(4))
        else:
            out.append(b"\x20\x01\x0d\xb8" + chance.choice([bytes(4), chance.randbytes(4)])
                       + chance.choice([bytes(6) + chance.randbytes(2), chance.randbytes(8)]))
    return out


def packet(number, address):
    tag = b"\x81\x00\x00\x2a" if number % 16 == 5 else b""
    frame = bytes(range(12)) + tag
    datagram = struct.pack(">HHHH", 4000, 53, 8 + 4, 0) + b"ping"
    if number % 100 == 99:
        return frame + b"\x08\x06" + bytes(28), False
    if len(address) == 4:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), number & 0xffff, 0, 64, 17, 0)
        words = struct.unpack(">10H", head + address + b"\xc0\x00\x02\x01")
        total = sum(words)
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        head = head[:10] + struct.pack(">H", total ^ 0xffff)
        return frame + b"\x08\x00" + head + address + b"\xc0\x00\x02\x01" + datagram, True
    head = struct.pack(">IHBB", 0x60000000, len(datagram), 17, 64)
    target = b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01"
    return frame + b"\x86\xdd" + head + address + target + datagram, True


def write_capture(out, packets, seed=1):
    """Writes the capture and returns how many packets each address has sent."""
    chance = random.Random(seed)
    all_senders = senders(chance)
    weights = [1 / (k + 1) for k in range(SENDERS)]
    sent = collections.Counter()
    out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for number, address in enumerate(chance.choices(all_senders, weights, k=packets)):
        frame, counts = packet(number, address)
        out.write(struct.pack("<IIII", 1700000000 + number // 1000, number % 1000 * 1000,
                              len(frame), len(frame)) + frame)
        if counts:
            sent[address] += 1
    return sent


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    write_capture(sys.stdout.buffer, int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1)
