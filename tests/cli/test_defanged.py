# SPDX-License-Identifier: Apache-2.0 OR MIT
"""--defanged and --defang."""
import json
import random
import re
import subprocess
import time

import pytest
from cli_support import equal

TEXT = rb"""C2 192[.]0[.]2[.]1 and 198.51.100(dot)7
2001[:]db8[:][:]1, 2001:db8::2; hxxp://203.0.113[.]9/
10\.0\.0\.1 [::]1 1[.]2[.]3[.]4[.]5
"""
FOUND = rb"""192[.]0[.]2[.]1
198.51.100(dot)7
2001[:]db8[:][:]1
2001:db8::2
203.0.113[.]9
10\.0\.0\.1
[::]1
"""
CANONICAL = b"192.0.2.1\n198.51.100.7\n2001:db8::1\n2001:db8::2\n203.0.113.9\n10.0.0.1\n::1\n"
DEFANGED = (b"192[.]0[.]2[.]1\n198[.]51[.]100[.]7\n2001[:]db8[:][:]1\n2001[:]db8[:][:]2\n203[.]0[.]113[.]9\n"
            b"10[.]0[.]0[.]1\n[:][:]1\n")
LONGEST = b"fe80" + b"[colon]0000" * 5 + b"[colon]" + b"255[dot]255[dot]255[dot]255"


@pytest.mark.parametrize("options, text, want", [
    ([], TEXT, b"2001:db8::2\n::\n"),
    (["--defanged"], TEXT, FOUND),
    (["--defanged", "--canonical"], TEXT, CANONICAL),
    (["--defanged", "--defang"], TEXT, DEFANGED),
    (["--defanged", "--defang", "--canonical"], TEXT, DEFANGED),
    (["--defang"], b"::FFFF:192.0.2.1 2001:DB8:0::1", b"[:][:]ffff[:]192[.]0[.]2[.]1\n2001[:]db8[:][:]1\n"),
    (["--defang", "-0"], b"192.0.2.1", b"192[.]0[.]2[.]1\0"),
    (["--defang", "--color=always"], b"192.0.2.1", b"\x1b[1;31m192[.]0[.]2[.]1\x1b[m\n"),
    (["--defanged", "-4"], b"192[.]0[.]2[.]1 2001[:]db8::1", b"192[.]0[.]2[.]1\n"),
    (["--defanged", "-6"], b"192[.]0[.]2[.]1 2001[:]db8::1", b"2001[:]db8::1\n"),
    (["--defanged", "-n"], b"\n192.0[.]2.1\n", b"2:192.0[.]2.1\n"),
    (["--defanged", "-b"], b"a[.]b 192.0[.]2.1 ::1", b"6:192.0[.]2.1\n18:::1\n"),
    (["--defanged"], b"Chrome/30[.]0.0.0", b""),
    (["--defanged", "--versions"], b"Chrome/30[.]0.0.0", b"30[.]0.0.0\n"),
    (["--defanged", "--unique"], b"192[.]0[.]2[.]1 192.0.2.1 192.0.2(.)2", b"192[.]0[.]2[.]1\n192.0.2(.)2\n"),
    (["--defanged"], LONGEST, LONGEST + b"\n"),
])
def test_extract(run, options, text, want):
    assert run("extract", *options, stdin=text) == (0 if want else 1, want, "")


def test_json(run):
    status, output, _ = run("extract", "--defanged", "--defang", "--json", stdin=rb"x 10\.0\.0\.1 ::1")
    assert status == 0
    assert [json.loads(line) for line in output.splitlines()] == [
        {"file": "(standard input)", "offset": 2, "address": r"10\.0\.0\.1", "canonical": "10.0.0.1",
         "defanged": "10[.]0[.]0[.]1", "family": 4, "flags": ["defanged"]},
        {"file": "(standard input)", "offset": 14, "address": "::1", "canonical": "::1", "defanged": "[:][:]1",
         "family": 6, "flags": []}]


def test_rejected(run):
    assert run("extract", "--defanged", "--rejected", stdin=b"v192[.]0.2.1 1[.]2.3.4.5")[1] == \
        b"1:192[.]0.2.1\tword-before\n1:1[.]2.3.4.5\tdotted-run\n"


def test_count_and_grep(run):
    assert run("count", "--defanged", stdin=b"192[.]0[.]2[.]1 192.0.2.1 ::1")[1] == b"      2 192.0.2.1\n      1 ::1\n"
    assert run("grep", "--defanged", "192.0.2.0/24", stdin=TEXT)[1] == TEXT.splitlines(True)[0]
    assert run("grep", "--defanged", "-o", "2001:db8::/32", stdin=TEXT)[1] == b"2001[:]db8[:][:]1\n2001:db8::2\n"
    assert run("grep", "--defanged", "--color=always", "192.0.2.0/24", stdin=b"a 192[.]0[.]2[.]1.\n")[1] == \
        b"a \x1b[1;31m192[.]0[.]2[.]1\x1b[m.\n"
    assert run("grep", "192.0.2.0/24", stdin=TEXT)[0] == 1


def test_round_trip(run, log):
    """What --defang prints, --defanged reads."""
    path, _ = log(size="2M")
    canonical = run("extract", "--canonical", path)[1]
    defanged = run("extract", "--defang", path)[1]
    assert len(defanged.splitlines()) == len(canonical.splitlines()) > 1000
    assert not re.search(rb"(?<!\[)[.:]|[.:](?!\])", defanged)
    assert run("extract", stdin=defanged.replace(b"[:]", b""))[0] == 1
    assert equal(run("extract", "--defanged", "--canonical", stdin=defanged), (0, canonical, ""))


def defang(line, rng):
    dot, colon = rng.choice([b"[.]", b"(.)", b"[dot]", b"\\."]), rng.choice([b"[:]", b"(:)", b"[colon]"])
    return line.replace(b".", dot).replace(b":", colon)


def test_same_output_with_threads(run, log, file):
    """Ranges are cut within separators, too."""
    rng = random.Random(3)
    addresses = run("extract", "--canonical", log(size="8M")[0])[1].splitlines()
    lines = [defang(line, rng) if rng.random() < 0.7 else line for line in addresses]
    text = b"".join(line + rng.choice([b"\n", b" ", b", "]) for line in lines) * 3
    path = file("report", text)
    for words in (["--canonical"], ["-b"], ["--json", "-n"], ["--rejected"]):
        one = run("extract", "--defanged", *words, "-j", "1", path)
        assert one[2] == ""
        for threads in ("2", "4", "32"):
            assert equal(run("extract", "--defanged", *words, "-j", threads, path), one), threads
    assert equal(run("extract", "--defanged", "--canonical", "-j", "4", path)[1],
                 b"".join(line + b"\n" for line in addresses) * 3)


def test_line_by_line(simdinet):
    """A complete line is printed before the next one arrives; a separator may arrive in parts."""
    with subprocess.Popen([simdinet, "extract", "--defanged", "--line-buffered"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        for part in (b"at 192[", b".]0[d", b"ot]2[.]", b"1\n"):
            process.stdin.write(part)
            process.stdin.flush()
            time.sleep(0.02)
        assert process.stdout.readline() == b"192[.]0[dot]2[.]1\n"
        process.stdin.close()
        assert process.stdout.read() == b""
