# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Programs of the distribution with the LD_PRELOAD interposer: the same status and output as without it, and no
call whose result differs from the C library's."""
import http.server
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import pytest
from preload import Report, compare, environment, run, summarize

PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
os.environ["PATH"] += os.pathsep + "/usr/sbin"  # nginx is there, and not on the PATH of users


def needs(program):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is missing")


@pytest.fixture(scope="module")
def fixture(source_dir):
    """The command prefix that runs a program with the hosts and services of tests/data/fixture."""
    script = source_dir / "tests/data/fixture/run.sh"
    if run([script, "true"], environment())[0] != 0:
        pytest.skip("the kernel refuses the namespaces of the fixture")
    return [script]


# ---- interpreters ----------------------------------------------------------------------------------

# Prints the results of the socket module's calls of the C library.
LOOPS = r"""
import itertools, socket
def show(function, *arguments):
    try:
        print(function.__name__, arguments, function(*arguments))
    except (OSError, ValueError) as error:
        print(function.__name__, arguments, type(error), error)
texts = ["192.0.2.%d" % i for i in range(0, 300, 7)] + ["1.2.3", "0x7f.1", "01.2.3.4", "", "1.2.3.4 x",
    "::", "::1", "2001:DB8::%x" % 0xabc, "::ffff:192.0.2.1", "1::2::3", "12345::", "fe80::1%1", "name.invalid."]
for text in texts:
    show(socket.inet_aton, text)
    for family in socket.AF_INET, socket.AF_INET6, socket.AF_UNIX:
        show(socket.inet_pton, family, text)
    for family, kind, flags in itertools.product((0, socket.AF_INET, socket.AF_INET6), (0, socket.SOCK_STREAM),
            (0, socket.AI_CANONNAME, socket.AI_V4MAPPED | socket.AI_PASSIVE)):
        for service in None, 80, "http", "domain", "nosuch":
            show(socket.getaddrinfo, text, service, family, kind, 0, flags | socket.AI_NUMERICHOST)
for i in range(0, 1 << 32, 0x01020305):
    four = i.to_bytes(4, "big")
    show(socket.inet_ntoa, four)
    show(socket.inet_ntop, socket.AF_INET, four)
    show(socket.inet_ntop, socket.AF_INET6, four * 2 + bytes(8) if i % 2 else bytes(12) + four)
    flags = socket.NI_NUMERICHOST | (socket.NI_NUMERICSERV if i % 3 else socket.NI_DGRAM)
    show(socket.getnameinfo, (socket.inet_ntoa(four), i % 1024), flags)
for name in "http domain syslog nosuch www ssh HTTP".split() + [""]:
    show(socket.getservbyname, name)
    for proto in "tcp", "udp", "sctp", "":
        show(socket.getservbyname, name, proto)
for port in range(0, 1024):
    show(socket.getservbyport, port)
    show(socket.getservbyport, port, "udp")
for name in "tcp TCP udp icmp ip ipv6 nosuch".split() + [""]:
    show(socket.getprotobyname, name)
for host in "localhost", "127.0.0.1", "127.1", "":
    show(socket.gethostbyname, host)
    show(socket.getaddrinfo, host, 80, socket.AF_INET, socket.SOCK_STREAM)
"""


def test_python_socket_module(preload_library):
    (status, out, _), report = compare([PYTHON, "-c", LOOPS], preload_library, "python3, socket")
    assert status == 0
    assert out.count(b"\n") > 4000
    assert report.calls > 4000
    assert {"inet_pton", "inet_ntop", "inet_aton", "getservbyname", "getservbyport", "getprotobyname", "getnameinfo",
            "getaddrinfo"} <= set(report.functions)


def test_python_threads_and_forks(preload_library):
    # With one port only: glibc's getservbyport returns static storage, which other threads overwrite.
    script = ("import concurrent.futures as f, os, socket\n"
              "call = lambda i: (socket.getaddrinfo('192.0.2.%d' % (i % 256), 'http'),"
              " socket.getservbyport(22) if i % 33 == 0 else 0)\n"
              "if os.fork() == 0:\n    print(call(7)); raise SystemExit\n"
              "os.wait()\n"
              "with f.ThreadPoolExecutor(8) as pool: print(list(pool.map(call, range(2000))))\n")
    _, report = compare([PYTHON, "-c", script], preload_library, "python3, threads")
    assert len(report.processes) == 2


# Perl calls the reentrant functions of the databases (getservbyname_r ...).
PERL = r"""
use Socket qw(:all);
sub show { print join(" ", map { defined $_ ? $_ : "undef" } @_), "\n" }
for my $text ("192.0.2.1", "1.2.3", "::1", "2001:db8::1", "256.0.0.1", "::ffff:192.0.2.1") {
    for my $family (AF_INET, AF_INET6) {
        my $address = inet_pton($family, $text);
        show($text, $family, defined $address ? (unpack("H*", $address), inet_ntop($family, $address)) : undef);
    }
    for my $service ("80", "http", "domain", "nosuch") {
        my ($error, @found) = getaddrinfo($text, $service, {flags => AI_NUMERICHOST | AI_CANONNAME});
        show($error, map { unpack("H*", $_->{addr}), $_->{socktype}, $_->{canonname} } @found);
        for my $flags (NI_NUMERICHOST, NI_NUMERICHOST | NI_DGRAM, NI_NUMERICHOST | NI_NUMERICSERV) {
            show(getnameinfo($_->{addr}, $flags)) for @found;
        }
    }
}
for my $name (qw(http www domain ntp syslog nosuch)) {
    show(getservbyname($name, $_)) for qw(tcp udp sctp);
    show(getprotobyname($name));
}
show(getservbyport($_, "tcp")) for 0 .. 600;
show(getprotobyname($_)) for qw(tcp UDP icmp ip nosuch);
show(map { unpack "H*", inet_aton($_) } "127.0.0.1", "127.1", "localhost");
"""


@needs("perl")
def test_perl_socket_module(preload_library):
    (status, out, _), report = compare(["perl", "-e", PERL], preload_library, "perl, Socket")
    assert status == 0
    assert out.count(b"\n") > 600
    assert report.functions["getservbyport_r"][0] > 600


@needs("getent")
def test_getent(preload_library):
    calls = 0
    for command in ("services http https 53/udp domain/tcp nosuch", "services", "protocols tcp UDP 17 nosuch",
                    "ahosts 127.0.0.1", "ahosts localhost", "ahostsv4 localhost", "ahostsv6 ::1",
                    "ahosts 2001:db8::1", "hosts 127.0.0.1", "hosts ::1"):
        _, report = compare(["getent", *command.split()], preload_library)
        calls += report.calls
    summarize("getent", calls)
    assert calls > 15


# ---- curl ------------------------------------------------------------------------------------------

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{self.path} for {self.client_address[0]}\n".encode()
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def http_port():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@needs("curl")
def test_curl(http_port, preload_library):
    port, calls = http_port, 0
    for arguments in (["http://127.0.0.1:%d/a" % port], ["-4", "http://localhost:%d/b" % port],
                      ["http://127.1:%d/c" % port], ["--resolve", "name.example.test:%d:127.0.0.1" % port,
                      "http://name.example.test:%d/d" % port], ["--interface", "127.0.0.1",
                      "http://127.0.0.1:%d/e" % port], ["-6", "http://[::1]:1/f"], ["http://256.1.1.1.:1/g"]):
        command = ["curl", "-s", "--noproxy", "*", "--max-time", "20", "-w", "%{http_code} %{remote_ip}\n"]
        (status, out, _), report = compare(command + arguments, preload_library)
        assert (status == 0) == ("-6" not in arguments and "256" not in arguments[-1]), arguments
        assert (b" for 127.0.0.1\n200 127.0.0.1\n" in out) == (status == 0), out
        calls += report.calls
    summarize("curl", calls)
    assert calls > 5


# ---- tcpdump --------------------------------------------------------------------------------------

def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    return ~((total & 0xffff) + (total >> 16)) & 0xffff


def frame(source, target, protocol, segment):
    """An Ethernet frame; the family is that of the addresses."""
    if ":" in source:
        head = struct.pack(">IHBB", 6 << 28, len(segment), protocol, 64) + \
            socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, target)
        kind = 0x86dd
    else:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0, 64, protocol, 0) + \
            socket.inet_aton(source) + socket.inet_aton(target)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        kind = 0x0800
    return bytes(6) + b"\2" * 6 + struct.pack(">H", kind) + head + segment


def capture():
    """TCP and UDP between hosts of the fixture and others, in both families, on ports of known services."""
    hosts = [("192.0.2.10", "192.0.2.20"), ("198.51.100.7", "127.0.0.1"), ("2001:db8::10", "2001:db8::20"),
             ("fe80::1", "ff02::1"), ("192.0.2.20", "192.0.2.21"), ("::ffff:192.0.2.1", "2001:db8::1")]
    packets = []
    for i in range(300):
        source, target = hosts[i % len(hosts)]
        port = (22, 25, 80, 123, 443, 514, 8080, 53)[i % 8]
        if i % 2:
            segment = struct.pack(">HHHH", 40000 + i, port, 12, 0) + b"data"
        else:
            segment = struct.pack(">HHIIBBHHH", 40000 + i, port, i, 0, 0x50, 2, 1000, 0, 0)
        packets.append(frame(source, target, 17 if i % 2 else 6, segment))
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for i, packet in enumerate(packets):
        out += struct.pack("<IIII", 1700000000 + i, 0, len(packet), len(packet)) + packet
    return out


FILTERS = ("", "port domain", "host 192.0.2.10 and port http", "src net 2001:db8::/32 or tcp port ssh",
           "ip proto \\udp and not port 514", "ip6 host fe80::1", "portrange 20-100")


@pytest.fixture
def dump(preload_library):
    """Runs tcpdump on the capture with each filter; returns the number of calls."""
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is not readable once tcpdump has dropped its privileges
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "sample.pcap")
        with open(path, "wb") as file:
            file.write(capture())

        def run_filters(*options, prefix=(), filters=FILTERS):
            calls = lines = 0
            for words in filters:
                command = [*prefix, "tcpdump", "-t", *options, "-r", path, *words.split()]
                (status, out, _), report = compare(command, preload_library)
                assert status == 0
                calls += report.calls
                lines += out.count(b"\n")
            assert lines > 300
            return calls
        yield run_filters


@needs("tcpdump")
def test_tcpdump_numeric(dump):
    calls = dump("-n")
    summarize("tcpdump -n", calls)
    assert calls > 0


@needs("tcpdump")
def test_tcpdump_names(dump, fixture):
    calls = dump(prefix=fixture, filters=[*FILTERS, "host alpha.example.test"])
    summarize("tcpdump", calls)
    assert calls > 0


# ---- nginx -----------------------------------------------------------------------------------------

CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream inner {{ server localhost:{inner}; server 127.0.0.1:{inner}; server [::1]:{inner} backup; }}
    geo $origin {{ default elsewhere; 127.0.0.0/8 loopback; 2001:db8::/32 documentation; }}
    server {{
        listen 127.0.0.1:{inner};
        set_real_ip_from 127.0.0.0/8;
        location / {{ allow 127.0.0.1; allow ::1; deny all; return 200 "$uri from $remote_addr, $origin\\n"; }}
    }}
    server {{
        listen 127.0.0.1:{outer};
        location / {{ proxy_pass http://inner; proxy_set_header X-Forwarded-For $remote_addr; }}
    }}
}}
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def serve(folder, env):
    """Starts nginx, requests three pages, stops it; returns the pages."""
    inner, outer = free_ports(2)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(CONFIGURATION.format(user=user, inner=inner, outer=outer))
    server = subprocess.Popen(["nginx", "-p", folder, "-c", "nginx.conf", "-e", "stderr"], env=env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        pages = [request(outer, page, server) for page in ("a", "b?c", "d/e")]
    finally:
        server.send_signal(signal.SIGQUIT)
        out, _ = server.communicate(timeout=900)
    assert (server.returncode, out) == (0, b"")
    return pages


def request(port, page, server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 900
    while True:
        try:
            with opener.open(f"http://127.0.0.1:{port}/{page}", timeout=900) as response:
                return response.status, response.read()
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)


@needs("nginx")
def test_nginx(tmp_path, preload_library):
    alone = serve(tmp_path, environment())
    assert alone[0] == (200, b"/a from 127.0.0.1, loopback\n")
    assert serve(tmp_path, environment([preload_library])) == alone
    report_path = tmp_path / "report"
    assert serve(tmp_path, environment([preload_library], str(report_path))) == alone
    report = Report(report_path.read_text())
    assert report.calls > 0
    assert report.differences == 0, report.text
    summarize("nginx", report.calls)
