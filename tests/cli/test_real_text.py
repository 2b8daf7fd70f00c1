# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Addresses in text that other programs write: each kind of neighbour, and the labelled lines."""
import json
import pathlib
import re
import subprocess
import sys

import pytest
from cli_support import equal

LINES = pathlib.Path(__file__).resolve().parents[1] / "data/scan_lines.tsv"


# ---- one input for each kind -------------------------------------------------------------------------

@pytest.mark.parametrize("text, want", [
    # Control sequences of a terminal, as programs with colours and grep --color write them.
    ("\033[31m192.0.2.1\033[0m", "192.0.2.1"),
    ("a \033[01;31m\033[K192.0.2.1\033[m\033[K b", "192.0.2.1"),
    ("\033[1;31m2001:db8::1\033[m", "2001:db8::1"),
    # Escapes of JSON.
    (r'{"m":"Source Network Address:\t192.0.2.10\r\n"}', "192.0.2.10"),
    (r'{"m":"Client\n2001:db8::10\n"}', "2001:db8::10"),
    (r'"\u003c192.0.2.1\u003e"', "192.0.2.1"),
    # A key before IPv6: mail (RFC 5321), SPF (RFC 7208), certificates, firewalls, ifconfig.
    ("([IPv6:2001:db8:1::25])", "2001:db8:1::25"),
    ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", "192.0.2.0 2001:db8::"),
    ("IP Address:2001:DB8:0:0:0:0:0:1, IP Address:192.0.2.1", "2001:DB8:0:0:0:0:0:1 192.0.2.1"),
    ("Deny tcp src outside:2001:db8::1/443 dst inside:2001:db8::2/80", "2001:db8::1 2001:db8::2"),
    ("inet6 addr:2001:db8::1/64 Scope:Global", "2001:db8::1"),
    # A port after IPv6 without brackets.
    ("[client 2001:db8:cb3:20c0:e401:cd5:fff8:a845:60040] x", "2001:db8:cb3:20c0:e401:cd5:fff8:a845"),
    ("{TCP} 2001:0db8:0000:0000:0000:0000:0000:0001:443 -> x", "2001:0db8:0000:0000:0000:0000:0000:0001"),
    ("haproxy[1]: 2001:db8::1:58340 [x]", "2001:db8::1"),
    # Punctuation after IPv6.
    ("64 bytes from 2001:db8::1: icmp_seq=1", "2001:db8::1"),
    # A slash before IPv4 that is not that of a version.
    ("host/192.0.2.1:9000", "192.0.2.1"),
    ("inside/192.0.2.9(1234) -> outside/198.51.100.9(80)", "192.0.2.9 198.51.100.9"),
    # Percent escapes (RFC 3986).
    ("url=http%3A%2F%2F192.0.2.1%2Fx", "192.0.2.1"),
    # An underscore is a word byte: such names cannot be told from releases.
    ("upstream br_192.0.2.1 __192.0.2.2__", ""),
    # Versions.
    ("wcp.dll version 0.0.0.6", ""),
    ("KB2552343~31bf~amd64~~6.1.1.0, State", ""),
    # What reads as IPv6 is IPv6; the flag "short" marks it.
    ("at 12::30, x86 0808::", "12::30 0808::"),
    # Ports of tcpdump, numbers and names.
    ("IP 192.0.2.1.52432 > 192.0.2.2.domain: Flags [S]", "192.0.2.1 192.0.2.2"),
    ("IP6 2001:db8::1.52432 > 2001:db8::2.443: Flags [.]", "2001:db8::1 2001:db8::2"),
])
def test_neighbours(run, text, want):
    found = want.split()
    assert run("extract", stdin=text.encode()) == (0 if found else 1, "".join(f"{a}\n" for a in found).encode(), "")


def test_own_colours(run):
    coloured = run("grep", "--color=always", "192.0.2.0/24", stdin=b"a 192.0.2.1 b\n")[1]
    assert run("extract", stdin=coloured) == (0, b"192.0.2.1\n", "")
    assert run("extract", stdin=run("extract", "--color=always", stdin=b"::1 192.0.2.1")[1])[1] == b"::1\n192.0.2.1\n"


def test_inverted_match_of_a_coloured_line(run):
    assert run("grep", "-v", "192.0.2.0/24", stdin=b"\033[32m192.0.2.1\033[0m ok\n") == (1, b"", "")


@pytest.mark.parametrize("text", ["wcp.dll version 0.0.0.6", "KB2552343~31bf~amd64~~6.1.1.0, State"])
def test_versions_are_included(run, text):
    found = run("extract", "--versions", stdin=text.encode())[1].decode().strip()
    assert found and found in text


def test_underscores_are_doubtful(run):
    assert run("extract", "--doubtful", stdin=b"br_192.0.2.1 __192.0.2.2__")[1] == b"192.0.2.1\n192.0.2.2\n"


def test_short_addresses_have_a_flag(run):
    rows = run("extract", "--json", stdin=b"12::30 0808:: 2001:db8::1 ::1/128")[1].splitlines()
    assert [json.loads(row)["flags"] for row in rows] == [["short"], [], [], []]


# ---- heuristics ---------------------------------------------------------------------------------------

# A name, a text, and what extract prints with the heuristic and without it.
HEURISTICS = [
    ("version-slash", "Chrome/1.2.3.4", "", "1.2.3.4"),
    ("version-key", "version: 1.2.3.4", "", "1.2.3.4"),
    ("version-user-agent", "(Mobile; Browser 1.2.3.4; U)", "", "1.2.3.4"),
    ("version-header", "CEF:0|Vendor|Product|1.2.3.4|", "", "1.2.3.4"),
    ("version-package", "/usr/lib/name-1.2.3.4", "", "1.2.3.4"),
    ("versions", "Chrome/1.2.3.4 version: 1.2.3.5", "", "1.2.3.4 1.2.3.5"),
    ("escapes", r"\t192.0.2.1 \033[1m192.0.2.2", "192.0.2.1 192.0.2.2", ""),
    ("dot-port", "192.0.2.1.443 > x", "192.0.2.1", ""),
    ("colon-port", "2001:db8::1:58340", "2001:db8::1", ""),
    ("colon-after", "from 2001:db8::1: x", "2001:db8::1", ""),
    ("key", "src:2001:db8::1", "2001:db8::1", ""),
    ("bgp", "*>i192.0.2.0/24", "192.0.2.0", ""),
    ("bare-unspecified", "--::--", "", "::"),
    ("eui64", "00:11:22:33:44:55:66:77", "", "00:11:22:33:44:55:66:77"),
]


def lines(words):
    return "".join(f"{word}\n" for word in words.split()).encode()


@pytest.mark.parametrize("name, text, with_it, without_it", HEURISTICS, ids=[row[0] for row in HEURISTICS])
def test_heuristic(run, name, text, with_it, without_it):
    text = text.encode()
    assert run("extract", stdin=text)[1:] == (lines(with_it), "")
    assert run("extract", f"--no-heuristic={name}", stdin=text)[1:] == (lines(without_it), "")
    for other in {row[0] for row in HEURISTICS} - {name, "versions", "version-slash", "version-key"}:
        assert run("extract", f"--no-heuristic={other}", stdin=text)[1] == lines(with_it)
    for words in ["count"], ["grep", "-c", "-e", "::/0", "-e", "0.0.0.0/0"]:
        assert run(*words, stdin=text)[0] == (0 if with_it else 1)
        assert run(*words, f"--no-heuristic={name}", stdin=text)[0] == (0 if without_it else 1)


def test_heuristics_are_all_tested(run):
    listed = run("extract", "--no-heuristic=?")[2].splitlines()[0].partition("the heuristics are: ")[2].split()
    assert listed == [row[0] for row in HEURISTICS]
    page = run("--generate", "man")[1].decode().replace("\\-", "-")
    section = page.split('.SH "HEURISTICS"')[1].split(".SH")[0]
    assert re.findall(r"\.TP\n\\fB(.*?)\\fR", section) == listed


def test_several_heuristics(run):
    text, want = b"Chrome/1.2.3.4 \\t192.0.2.1 --::-- 192.0.2.2", b"1.2.3.4\n::\n192.0.2.2\n"
    for options in (["--no-heuristic=versions,escapes,bare-unspecified"],
                    ["--no-heuristic", "versions", "--no-heuristic=escapes,bare-unspecified"]):
        assert run("extract", *options, stdin=text)[1] == want


@pytest.mark.parametrize("argument, message", [
    ("version-kez", "unknown heuristic 'version-kez' in '--no-heuristic'; did you mean 'version-key'?"),
    ("key,bpg", "unknown heuristic 'bpg' in '--no-heuristic'; did you mean 'bgp'?"),
    ("", "unknown heuristic '' in '--no-heuristic'; the heuristics are: version-slash "),
    ("key,", "unknown heuristic '' in '--no-heuristic'; the heuristics are: version-slash "),
    ("key;bgp", "unknown heuristic 'key;bgp' in '--no-heuristic'; the heuristics are: version-slash "),
])
def test_unknown_heuristic(run, argument, message):
    status, out, err = run("count", f"--no-heuristic={argument}")
    assert (status, out) == (2, b"")
    assert err.startswith(f"simdinet: {message}")
    assert err.endswith("\nTry 'simdinet count --help'.\n")


# ---- what a match tells -------------------------------------------------------------------------------

def records(run, *options, text):
    return [json.loads(row) for row in run("extract", "--json", *options, stdin=text.encode())[1].splitlines()]


@pytest.mark.parametrize("text, address, port, flags", [
    ("192.0.2.1.443 > x", "192.0.2.1", 443, ["port"]),
    ("192.0.2.1.ssh > x", "192.0.2.1", None, ["service"]),
    ("192.0.2.1:443", "192.0.2.1", None, []),
    ("2001:db8::1:58340", "2001:db8::1", 58340, ["port"]),
    ("2001:db8::1:443", "2001:db8::1:443", None, ["ambiguous-port"]),
    ("src:2001:db8::1", "2001:db8::1", None, ["key"]),
    ("*>i192.0.2.0/24", "192.0.2.0", None, ["bgp"]),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1", None, ["mapped"]),
    ("[::]", "::", None, ["bare-unspecified"]),
])
def test_json(run, text, address, port, flags):
    (record,) = records(run, text=text)
    assert (record["address"], record.get("port"), record["flags"]) == (address, port, flags)
    assert "rule" not in record


@pytest.mark.parametrize("text, flag", [
    ("Chrome/1.2.3.4", "version-slash"), ("version: 1.2.3.4", "version-key"), ("1.2.3.4-rc1", "version-package"),
    ("(Mobile; Browser 1.2.3.4; U)", "version-user-agent"), ("CEF:0|Vendor|Product|1.2.3.4|", "version-header")])
def test_json_of_versions(run, text, flag):
    for options in ["--versions"], ["--doubtful"]:
        (record,) = records(run, *options, text=text)
        assert (record["address"], record["flags"]) == ("1.2.3.4", ["version", flag])
    (record,) = records(run, "--rejected", text=text)
    assert (record["text"], record["rule"], record["flags"]) == ("1.2.3.4", flag, ["version", flag])


# ---- what was left out --------------------------------------------------------------------------------

# Each rule, and whether the text reads as an address all the same: --doubtful reports it.
REJECTED = [
    ("host_192.0.2.1", "192.0.2.1", "word-before", True),
    ("192.0.2.1b", "192.0.2.1", "word-after", True),
    ("192.0.2.1.5", "192.0.2.1.5", "dotted-run", "192.0.2.1"),
    ("192.0.2.256", "192.0.2.256", "invalid-ipv4", False),
    ("1::2::3", "1::2::3", "invalid-ipv6", "1::2"),
    ("1:2:3:4:5:6:7", "1:2:3:4:5:6:7", "invalid-ipv6", False),
    ("00:00:5e:00:53:01", "00:00:5e:00:53:01", "hardware-address", False),
    ("--::--", "::", "bare-unspecified", True),
    ("gateway/192.0.2.1", "192.0.2.1", "version-slash", True),
]


@pytest.mark.parametrize("text, rejected, rule, doubtful", REJECTED)
def test_rejected(run, text, rejected, rule, doubtful):
    text = text.encode()
    assert run("extract", stdin=b"a\n" + text) == (1, b"", "")
    assert run("extract", "--rejected", stdin=b"a\n" + text) == (0, f"2:{rejected}\t{rule}\n".encode(), "")
    found = doubtful if isinstance(doubtful, str) else rejected if doubtful else ""
    assert run("extract", "--doubtful", stdin=text)[1] == lines(found)
    if doubtful and not rule.startswith("version"):
        (record,) = records(run, "--doubtful", text=text.decode())
        assert (record["rule"], record["flags"][-1]) == (rule, "doubtful")


def test_rejected_end_of_ipv6(run):
    """Only where IPv6 is not looked for; else it is part of the address."""
    assert run("extract", "-4", "--rejected", stdin=b"::ffff:192.0.2.1")[1] == b"1:192.0.2.1\tcolon-hex\n"
    assert run("extract", "--rejected", stdin=b"::ffff:192.0.2.1") == (1, b"", "")


def test_rules_are_documented(source_dir):
    source = (source_dir / "lib/engine/scan_verify.c").read_text()
    names = set(re.findall(r'return "([a-z0-9-]+)";', source)) - {"none", "unknown"}
    page = (source_dir / "docs/man/simdinet-extract.1").read_text().replace("\\-", "-")
    assert names <= set(re.findall(r"\\fB([a-z0-9-]+)\\fR", page.split('.SH "REJECTED"')[1]))
    assert names == {row[2] for row in REJECTED if not row[2].startswith("version")} | {"colon-hex"}


def test_rejected_names_the_place(run, file):
    a, b = file("a", b"x\nv1.2.3.4 192.0.2.1\n"), file("b", b"192.0.2.300")
    assert run("extract", "--rejected", a)[1] == b"2:1.2.3.4\tword-before\n"
    assert run("extract", "--rejected", a, b)[1].decode() == (
        f"{a}:2:1.2.3.4\tword-before\n{b}:1:192.0.2.300\tinvalid-ipv4\n")
    assert run("extract", "--rejected", "-hb", a, b)[1] == b"2:3:1.2.3.4\tword-before\n1:0:192.0.2.300\tinvalid-ipv4\n"
    assert run("extract", "--rejected", "-0", a)[1] == b"2:1.2.3.4\tword-before\0"
    assert run("extract", "--rejected", "--color=always", a)[1] == (
        b"\033[32m2\033[m\033[36m:\033[m\033[1;31m1.2.3.4\033[m\tword-before\n")
    assert json.loads(run("extract", "--rejected", "--json", a)[1]) == {
        "file": a, "line": 2, "offset": 3, "text": "1.2.3.4", "family": 4, "rule": "word-before", "flags": ["rejected"]}


@pytest.mark.parametrize("run_of_text, rule", [(b"1.", "dotted-run"), (b"1:", "invalid-ipv6")])
def test_long_runs_are_rejected_once(run, file, run_of_text, rule):
    """Also across the ranges of threads and the chunks of a scan."""
    path = file("run", b"x " + run_of_text * 3000000)
    for threads in "14":
        found = run("extract", "--rejected", "-j", threads, path)[1].decode()
        assert found == f"1:{run_of_text.decode() * 32}\t{rule}\n"


@pytest.mark.parametrize("option", ["--unique", "--canonical", "--defang"])
def test_rejected_cannot_be_combined(run, option):
    assert run("extract", "--rejected", option) == (
        2, b"", "simdinet: --rejected cannot be combined with --unique, --canonical or --defang\n"
        "Try 'simdinet extract --help'.\n")


def test_rejected_and_reported_do_not_overlap(run, log):
    """What is rejected and what is reported are disjoint, and --versions moves from one to the other."""
    path, truth = log(size="2M")
    offsets = [row.split(b":")[0] for row in truth.splitlines()]
    rejected = [json.loads(row) for row in run("extract", "--rejected", "--json", path)[1].splitlines()]
    assert rejected and not {row["offset"] for row in rejected} & set(map(int, offsets))
    versions = sum("version" in row["flags"] for row in rejected)
    assert versions == len(run("extract", "--versions", path)[1].splitlines()) - len(offsets)
    assert len(run("extract", "--versions", "--rejected", path)[1].splitlines()) == len(rejected) - versions


# ---- generated logs -----------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["web", "firewall", "json", "zeek", "tcpdump", "suricata", "asa", "squid", "windows",
                                  "terminal", "agents"])
def test_generated_log(run, log, kind):
    """Every address of the log, and nothing else; of each family alone as well."""
    path, truth = log(seed=3, size="2M", kind=kind)
    assert equal(run("extract", "-b", path), (0, truth, ""))
    for option, ipv6 in ("-4", False), ("-6", True):
        wanted = [row for row in truth.splitlines(True) if (row.count(b":") > 1) == ipv6]
        assert equal(run("extract", "-b", option, path)[1], b"".join(wanted))


def test_every_kind_is_tested(loggen):
    words = subprocess.run([loggen, "--help"], capture_output=True, text=True, check=True).stdout
    kinds = re.search(r"--kind KIND +(.*),\n", words)[1].split(", ")
    tested = next(mark for mark in test_generated_log.pytestmark if mark.name == "parametrize").args[1]
    assert kinds == tested


# ---- labelled lines -----------------------------------------------------------------------------------

def unescape(text):
    return re.sub(rb"\\(x..|.)", lambda m: {b"t": b"\t", b"n": b"\n", b"e": b"\033", b"\\": b"\\"}.get(
        m[1]) or bytes([int(m[1][1:], 16)]), text)


def written(record):
    """A record of --json in the notation of the file."""
    flags = [f"port={record['port']}" if flag == "port" else flag for flag in record["flags"] if flag != "version"]
    text = " ".join([record["address"], *flags])
    return f"({text})" if "version" in record["flags"] else text


def test_labelled_lines(run, tmp_path):
    """One file for each line of tests/data/scan_lines.tsv."""
    rows = [line.split(b"\t", 2) for line in LINES.read_bytes().split(b"\n") if line and not line.startswith(b"#")]
    assert len(rows) >= 300
    paths = [tmp_path / str(i) for i in range(len(rows))]
    for path, row in zip(paths, rows):
        path.write_bytes(unescape(row[2]))
    found = {str(path): [] for path in paths}
    for record in run("extract", "--json", "--versions", *paths)[1].splitlines():
        record = json.loads(record)
        found[record["file"]].append(written(record))
    for path, row in zip(paths, rows):
        assert ", ".join(found[str(path)]) == row[1].decode(), row
    reported = [text.split()[0] for path in paths for text in found[str(path)] if not text.startswith("(")]
    assert run("extract", *paths)[1] == lines(" ".join(reported))


def test_real_lines(simdinet, shared, source_dir):
    """Labelled lines of real logs. docs/scan.md has the figures: what is missed and what is wrong, by source."""
    folder = shared / "real-text"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing")
    done = subprocess.run([sys.executable, folder / "score.py", simdinet], capture_output=True, text=True, check=True)
    rows = re.findall(r"^(\S+) +(\d+) lines +(\d+) expected +(\d+) missed +(\d+) false", done.stdout, re.M)
    measured = {name: tuple(map(int, figures)) for name, *figures in rows}
    section = (source_dir / "docs/scan.md").read_text().split("\n## How well it works\n")[1].split("\n## ")[0]
    described = {name: tuple(int(figure.replace(",", "")) for figure in figures) for name, *figures in re.findall(
        r"^\| (.+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \| (\d+) \|$", section, re.M)}
    _, expected, missed, wrong = described["all"]
    assert {name: figures for name, figures in measured.items() if name in described} == {
        name: figures for name, figures in described.items() if not name.endswith(" others")}, done.stdout
    assert sum(figures[2] + figures[3] for name, figures in measured.items() if name not in described) == 0, done.stdout
    recall, precision = (expected - missed) / expected, (expected - missed) / (expected - missed + wrong)
    assert f"Recall is {100 * recall:.2f} %, precision {100 * precision:.2f} %." in section
    assert recall >= 0.999
