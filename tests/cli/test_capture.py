# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Packet captures: the addresses of IP headers, as lines "SOURCE > DESTINATION"."""
import collections
import gzip
import re
import shutil
import struct
import subprocess
import time

import captures
import pytest
from captures import (ETHERNET, LINK_NAMES, LINKS, RAW, WIFI, block, enhanced, ethernet, ipv4, ipv6, old, pcap, pcapng,
                      random_headers, section, simple, udp)

pytestmark = pytest.mark.usefixtures("libpcap")


@pytest.fixture(scope="session")
def libpcap(run):
    if "built without" in run("extract", stdin=pcap(ETHERNET, []))[2]:
        pytest.skip("the command was built without libpcap")


def lines_of(headers, inner):
    return "".join(": ".join(f"{a} > {b}" for a, b in (chain if inner else chain[:1])) + "\n" for chain in headers).encode()


@pytest.fixture
def capture(file):
    """Writes a capture of random packets; returns its path and their headers."""
    def write(link=ETHERNET, wrap=ethernet, seed=1, count=300, form=pcap, **options):
        headers, packets = zip(*random_headers(seed, count))
        return file("capture", form(link, [wrap(packet) for packet in packets], **options)), headers
    return write


# ---- what is found ---------------------------------------------------------------------------------

@pytest.mark.parametrize("link, wrap", LINKS, ids=LINK_NAMES)
@pytest.mark.parametrize("inner", [False, True], ids=["outer", "inner"])
def test_link_types(run, capture, link, wrap, inner):
    path, headers = capture(link, wrap)
    words = ["--inner"] if inner else []
    lines = lines_of(headers, inner)
    assert run("grep", "-e", "0.0.0.0/0", "-e", "::/0", *words, path) == (0, lines, "")
    addresses = re.split(r"\n|: | > ", lines.decode())[:-1]
    assert run("extract", *words, path) == (0, "".join(a + "\n" for a in addresses).encode(), "")
    counts = {a: int(n) for n, a in (line.split() for line in run("count", *words, path)[1].decode().splitlines())}
    assert counts == collections.Counter(addresses)


@pytest.mark.parametrize("form, options", [
    (pcap, {"order": ">"}), (pcap, {"magic": 0xa1b23c4d}), (pcap, {"order": ">", "magic": 0xa1b23c4d}), (pcapng, {}),
    (pcapng, {"order": ">"})], ids=["big", "nano", "big-nano", "ng", "ng-big"])
def test_file_formats(run, capture, form, options):
    path, headers = capture(form=form, **options)
    assert run("grep", "--inner", "-e", "0.0.0.0/0", "-e", "::/0", path) == (0, lines_of(headers, True), "")
    path, headers = capture(form=form, **options, seed=2, count=5000) # several views and buffers
    assert run("grep", "-n", "-e", "0.0.0.0/0", "-e", "::/0", path)[1] == b"".join(
        b"%d:%s\n" % (i + 1, line) for i, line in enumerate(lines_of(headers, False).splitlines()))


def host(i):
    return ipv4(f"10.0.0.{i}", "192.0.2.1", udp())


def sources(run, file, data):
    status, out, err = run("extract", "--src", file("ng", data))
    return status, [int(line.split(b".")[-1]) for line in out.split()], err.split(": ")[-1].strip()


def test_pcapng_interfaces_and_sections(run, file):
    """Interfaces with different link types, sections with different byte orders, and blocks that are not packets."""
    data = section(ETHERNET, RAW) + enhanced(ethernet(host(1))) + enhanced(host(2), 1) + block(5, bytes(8)) + \
        old(ethernet(host(3))) + old(host(4), 1) + simple(ethernet(host(5))) + block(0x0bad, b"10.0.0.9") + \
        section(RAW, order=">") + enhanced(host(6), order=">") + old(host(7), order=">") + simple(host(8), ">") + \
        section() + section(RAW, snaplen=28) + simple(host(9), snaplen=28)
    assert sources(run, file, data) == (0, [1, 2, 3, 4, 5, 6, 7, 8, 9], "")


def test_pcapng_interface_that_is_not_supported(run, file):
    """Its packets are named and counted, the others read."""
    data = section(WIFI, ETHERNET) + enhanced(bytes(60)) + enhanced(ethernet(host(1)), 1) + enhanced(bytes(9)) + \
        enhanced(ethernet(host(2)), 1)
    assert sources(run, file, data) == (2, [1, 2], "link type 105 (IEEE802_11) is not supported")
    assert run("grep", "-n", "10.0.0.2", file("ng", data))[1] == b"4:10.0.0.2 > 192.0.2.1\n"


GOOD = section(ETHERNET) + enhanced(ethernet(host(1)))


@pytest.mark.parametrize("damage, message", [
    (enhanced(host(2), 1), "packet of an unknown interface"), (section() + simple(host(2)), "packet of an unknown interface"),
    (enhanced(host(2), stored=1000), "invalid length of a packet"), (enhanced(b"", stored=1), "invalid length of a packet"),
    (enhanced(b"", stored=0xffffffff), "invalid length of a packet"), (block(6, bytes(16)), "invalid length of a packet"),
    (block(3, b""), "invalid length of a packet"), (b"\6\0\0\0\x0b\0\0\0" + bytes(8), "invalid length of a block"),
    (b"\6\0\0\0\x21\0\0\0" + bytes(40), "invalid length of a block"),
    (b"\6\0\0\0\4\0\0\1" + bytes(40), "invalid length of a block"), (block(6, bytes(60))[:-4] + b"xxxx", "two lengths of a block"),
    (block(0x0a0d0d0a, bytes(16)), "invalid byte order of a section"), (block(1, b"\0\0\0\0"), "invalid length of an interface"),
    (block(0x0a0d0d0a, struct.pack("<I", 0x1a2b3c4d)), "invalid length of a section header")])
def test_damaged_pcapng(run, file, damage, message):
    assert sources(run, file, GOOD + damage + enhanced(ethernet(host(3)))) == (2, [1], message)


def test_pcap_with_longer_records(run, file):
    """Of a patched kernel: 8 more bytes for each packet, which libpcap reads."""
    packet = ethernet(host(1))
    record = struct.pack("<IIIIIHBB", 0, 0, len(packet), len(packet), 1, 8, 0, 0) + packet
    data = struct.pack("<IHHiIII", 0xa1b2cd34, 2, 4, 0, 0, 65535, ETHERNET) + record * 3
    assert sources(run, file, data) == (0, [1, 1, 1], "")


def test_pcapng_of_another_version(run, file):
    assert sources(run, file, block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 2, 0, -1))) == \
        (2, [], "unsupported version of pcapng")


def test_source_destination_and_family(run, capture):
    path, headers = capture()
    outer = [chain[0] for chain in headers]
    join = lambda addresses: "".join(a + "\n" for a in addresses).encode()
    assert run("extract", "--src", path)[1] == join(a for a, _ in outer)
    assert run("extract", "--dst", path)[1] == join(b for _, b in outer)
    assert run("extract", "--src", "--dst", path)[1] == join(x for pair in outer for x in pair)
    assert run("extract", "-6", "--src", path)[1] == join(a for a, _ in outer if ":" in a)
    network = outer[0][1] + "/128" if ":" in outer[0][1] else outer[0][1] + "/32"
    assert run("grep", "-c", "--dst", network, path)[1] == b"%d\n" % sum(b == outer[0][1] for _, b in outer)


def test_options_about_packets_name_text(run, file, capture):
    """Once, and only where they have no effect."""
    text = file("text", b"10.9.9.9\n")
    for command in ["extract"], ["count"], ["grep", "0.0.0.0/0"]:
        for option in "--src", "--dst", "--inner":
            message = f"simdinet: {text}: not a packet capture: --src, --dst and --inner have no effect\n"
            assert run(*command, option, text, text)[::2] == (0, message)
    assert run("count", text)[2] == ""
    assert run("count", "--src", "--dst", stdin=pcap(ETHERNET, []))[2] == ""


def test_packets_without_an_ip_header(run, file):
    arp = ethernet(b"\0\1\x08\0\6\4\0\1" + bytes(6) + b"\x0a\0\0\1" + bytes(6) + b"\x0a\0\0\2", kind=b"\x08\6")
    good = ethernet(ipv4("10.0.0.1", "10.0.0.2", udp()))
    damaged = [good[:14 + 19], good[:14], good[:5], b"", good[:14] + b"\x65" + good[15:], good[:14] + b"\x44" + good[15:],
               ethernet(ipv4("10.0.0.1", "10.0.0.2", total=19)), ethernet(ipv6("::1", "::2"))[:14 + 39],
               ethernet(b"\x40" + bytes(39), kind=b"\x86\xdd"), ethernet(b"\0\1\0\x40", kind=b"\x88\x47")]
    path = file("capture", pcap(ETHERNET, [arp, good, *damaged, good]))
    assert run("extract", "-n", path)[1] == b"2:10.0.0.1\n2:10.0.0.2\n13:10.0.0.1\n13:10.0.0.2\n"
    assert run("grep", "-c", "-v", "10.0.0.0/8", path)[1] == b"11\n"
    assert run("count", file("none", pcap(ETHERNET, [arp]))) == (1, b"", "")
    assert run("count", file("empty", pcap(ETHERNET, []))) == (1, b"", "")


def test_rejected_candidates_are_of_text(run, capture):
    assert run("extract", "--rejected", capture()[0]) == (1, b"", "")


def test_fragments_padding_and_offload(run, file):
    inner = ipv4("192.0.2.1", "192.0.2.2", udp())
    first, later = 0x2000, 0x2001
    packets = [ethernet(ipv4("10.0.0.1", "10.0.0.2", inner, 4, fragment=first)),
               ethernet(ipv4("10.0.0.1", "10.0.0.3", inner, 4, fragment=later)),
               ethernet(ipv4("10.0.0.1", "10.0.0.4", b"", 4) + inner), # padding
               ethernet(ipv4("10.0.0.1", "10.0.0.5", inner, 4, total=0)),
               ethernet(ipv6("::1", "::2", b"\4\0\0\1\0\0\0\0" + inner, 44)),
               ethernet(ipv6("::1", "::3", b"\4\0\0\x10\0\0\0\0" + inner, 44)),
               ethernet(ipv6("::1", "::4", b"\4\xff" + bytes(6) + inner, 0))] # an extension past the end
    assert run("extract", "--inner", "--dst", file("capture", pcap(ETHERNET, packets)))[1].split() == [
        b"10.0.0.2", b"192.0.2.2", b"10.0.0.3", b"10.0.0.4", b"10.0.0.5", b"192.0.2.2", b"::2", b"192.0.2.2", b"::3",
        b"::4"]


def test_deep_nesting(run, file):
    packet = udp()
    for i in range(40):
        packet = ipv4(f"10.0.0.{i}", f"10.0.1.{i}", packet, 4 if i else 17)
    out = run("extract", "--src", "--inner", file("capture", pcap(ETHERNET, [ethernet(packet)])))[1]
    assert out.split() == [b"10.0.0.%d" % i for i in range(39, 31, -1)]


# ---- input -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("form", [pcap, pcapng])
def test_from_a_pipe_and_compressed(run, capture, decoders, form):
    path, headers = capture(form=form)
    data, lines = open(path, "rb").read(), lines_of(headers, False)
    for stdin in data, gzip.compress(data):
        assert run("grep", "-e", "0.0.0.0/0", "-e", "::/0", stdin=stdin) == (0, lines, "")


@pytest.mark.parametrize("form", [pcap, pcapng])
def test_packets_of_a_slow_writer(simdinet, form):
    """Addresses are printed before a read that blocks."""
    data = form(ETHERNET, [ethernet(ipv4("10.0.0.1", "10.0.0.2", udp()))])
    with subprocess.Popen([simdinet, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(data)
        process.stdin.flush()
        assert process.stdout.readline() == b"10.0.0.1\n"
        process.stdin.close()
        assert process.stdout.read() == b"10.0.0.2\n"


@pytest.mark.parametrize("form, message", [(pcap, "unexpected end of pcap data"), (pcapng, "unexpected end of pcapng data")])
def test_truncated_capture(run, file, capture, form, message):
    path, headers = capture(form=form, count=40)
    data, lines, good = open(path, "rb").read(), lines_of(headers, False), file("good", b"10.0.0.1")
    for left in range(25 if form is pcap else 60, len(data), 97):
        status, out, err = run("grep", "-h", "-e", "0.0.0.0/0", "-e", "::/0", file("cut", data[:left]), good)
        whole = out.removesuffix(b"10.0.0.1\n")
        assert lines.startswith(whole)
        if status == 2:
            assert re.fullmatch(rf"simdinet: .*/cut: {message}\n", err)
        else:
            assert (status, err) == (0, "") # cut between two packets
        assert whole.count(b"\n") >= (left - 200) // 500
        assert len(whole) < len(out)


def test_truncated_header(run, file):
    data = pcap(ETHERNET, [])
    for left in range(4, 24):
        status, out, err = run("count", file("cut", data[:left]))
        assert (status, out) == (2, b"") and "truncated" in err


@pytest.mark.parametrize("damage, message", [
    (lambda data: data[:32] + b"\xff\xff\xff\x7f" + data[36:], "corrupt pcap data: invalid length of a packet"),
    (lambda data: data[:4] + b"\x09" + data[5:], "unsupported pcap savefile version 9.4"),
    (lambda data: data[:20] + b"\x69" + data[21:], r"link type 105 \(IEEE802_11\) is not supported")])
def test_damaged_capture(run, file, damage, message):
    path = file("damaged", damage(pcap(ETHERNET, [ethernet(ipv4("10.0.0.1", "10.0.0.2"))] * 3)))
    for command in ["count"], ["extract"], ["grep", "10.0.0.0/8"]:
        status, out, err = run(*command, path, file("good", b"10.0.0.1"))
        assert status == 2 and b"10.0.0.1" in out
        assert re.fullmatch(f"simdinet: {path}: {message}.*\n", err)


@pytest.mark.parametrize("words", [["parse"], ["format", "--hex"], ["grep", "-f"]], ids=lambda words: words[0])
def test_capture_where_lines_are_expected(run, file, words):
    path = file("capture", pcap(ETHERNET, []))
    assert run(*words, path) == (2, b"", f"simdinet: {path}: is a packet capture, not lines of text\n")


def test_limits_and_stops(run, capture):
    path, headers = capture(count=20000)
    assert run("grep", "-q", "0.0.0.0/0", path) == (0, b"", "")
    status, out, err = run("count", "--stats", "--inner", path)
    sums = sum(2 * len(chain) for chain in headers)
    assert re.search(rf"^20000 lines, \d+ bytes, {sums} addresses", err)
    assert b"".join(sorted(run("extract", "--unique", path)[1].splitlines(True))) == \
        b"".join(sorted(set(run("extract", path)[1].splitlines(True))))


# ---- other programs --------------------------------------------------------------------------------

def output_of(*words):
    if not shutil.which(words[0]):
        pytest.skip(f"{words[0]} is missing")
    return subprocess.run(words, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout.decode()


TCPDUMP = [i for i, name in enumerate(LINK_NAMES) if name not in ("hdlc", "snap")]


@pytest.mark.parametrize("link, wrap", [LINKS[i] for i in TCPDUMP], ids=[LINK_NAMES[i] for i in TCPDUMP])
def test_tcpdump_prints_the_same_pairs(run, capture, link, wrap):
    path, _ = capture(link, wrap, count=200)
    pairs = []
    for line in output_of("tcpdump", "-nn", "-t", "-r", path).splitlines():
        found = re.search(r"\bIP6? ([0-9a-f.:]+?) > ([0-9a-f.:]+?): ", line)
        if found: # a port follows the address of UDP
            pairs.append(" > ".join(re.sub(r"\.4000[01]$", "", word) for word in found.groups()))
    assert len(pairs) == 200
    assert run("grep", "-e", "0.0.0.0/0", "-e", "::/0", path)[1].decode().splitlines() == pairs


# tshark takes seconds to start: all that Ethernet holds is in one file.
@pytest.mark.parametrize("link", sorted({link for link, _ in LINKS}))
def test_tshark_finds_the_same_endpoints(run, file, link):
    wraps = [wrap for other, wrap in LINKS if other == link]
    packets = [wraps[i % len(wraps)](packet) for i, (_, packet) in enumerate(random_headers(3, 300))]
    path = file("capture", pcap(link, packets))
    endpoints = {}
    for line in output_of("tshark", "-n", "-q", "-r", path, "-z", "endpoints,ip", "-z", "endpoints,ipv6").splitlines():
        fields = line.split()
        if len(fields) > 2 and re.fullmatch(r"[0-9a-f:.]*[.:][0-9a-f:.]*", fields[0]):
            endpoints[fields[0]] = int(fields[1])
    assert len(endpoints) > 50
    counts = {a: int(n) for n, a in (line.split() for line in run("count", "--inner", path)[1].decode().splitlines())}
    assert counts == endpoints


def test_text2pcap_writes_a_readable_capture(run, file, tmp_path):
    packet = ethernet(ipv4("192.0.2.1", "198.51.100.2", udp()))
    dump = "".join(f"{i:06x} " + " ".join(f"{b:02x}" for b in packet[i:i + 16]) + "\n"
                   for i in range(0, len(packet), 16))
    target = str(tmp_path / "out")
    output_of("text2pcap", "-q", file("dump", dump.encode()), target)
    assert run("extract", target) == (0, b"192.0.2.1\n198.51.100.2\n", "")
