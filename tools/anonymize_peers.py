#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""anonymize_peers.py SIMDINET LOG - simdinet anonymize beside what else people use, as a table in Markdown.

Each command copies LOG, which should be in the page cache, to /dev/null; all run in turn, and the shortest time of
several counts: of the processor, of all threads, and as it passes. The last column is the processor time of simdinet
extract -j1 divided by the command's. sed and perl replace
the end of IPv4 addresses only. The Python packages yacryptopan and ipcrypt encrypt each IPv4 address that a pattern
finds. What is not installed is left out.
"""
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

KEY = "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301"
PATTERN = r"([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}"
PYTHON = {
    "yacryptopan": "from yacryptopan import CryptoPAn; encrypt = CryptoPAn(bytes.fromhex({key!r})).anonymize",
    "ipcrypt": "import ipcrypt; encrypt = lambda a: str(ipcrypt.pfx_encrypt(a, bytes.fromhex({key!r})))",
}
LOOP = """
import re, sys
octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
pattern = re.compile(rf"\\b{octet}(?:[.]{octet}){{3}}\\b")
for line in open(sys.argv[1], encoding="latin-1", newline=""):
    sys.stdout.write(pattern.sub(lambda m: encrypt(m[0]), line))
"""


def commands(simdinet, log, key):
    """Names, argument lists, and how often each runs."""
    def anonymize(*options):
        return [simdinet, "anonymize", *options, log]
    keyed = ("--keyed", "--key-file", key)
    yield "simdinet extract -j1", [simdinet, "extract", "-j1", log], 9
    yield "simdinet anonymize -j1", anonymize("-j1"), 9
    yield "simdinet anonymize -j2", anonymize("-j2"), 9
    yield "simdinet anonymize -j1 --precise", anonymize("-j1", "--precise"), 9
    yield "simdinet anonymize -j1 --keyed --mode=pfx", anonymize("-j1", *keyed, "--mode=pfx"), 5
    yield "simdinet anonymize -j1 --keyed --mode=cryptopan", anonymize("-j1", *keyed, "--mode=cryptopan"), 5
    if shutil.which("sed"):
        yield "sed -E", ["sed", "-E", f"s/{PATTERN}/\\1.0/g", log], 2
    if shutil.which("perl"):
        yield "perl -pe", ["perl", "-pe", f"s/{PATTERN}/$1.0/g", log], 2
    for name, prologue in PYTHON.items():
        if importlib.util.find_spec(name):
            program = prologue.format(key=KEY) + LOOP
            yield f"Python, {name}", [sys.executable, "-c", program, log], 1


def seconds(arguments):
    """Time of the processor, and time."""
    with open(os.devnull, "wb") as sink:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(arguments, stdout=sink, check=True, env={**os.environ, "LC_ALL": "C"})
        passed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


def main():
    simdinet, log = sys.argv[1:]
    size = os.path.getsize(log)
    found = subprocess.run([simdinet, "extract", "-j1", log], capture_output=True, check=True).stdout
    share = (len(found) - found.count(b"\n")) / size
    with tempfile.NamedTemporaryFile("w", suffix=".key") as key:
        key.write(KEY + "\n")
        key.flush()
        all_commands = list(commands(simdinet, log, key.name))
        best = {}
        for turn in range(max(times for _, _, times in all_commands)):
            for name, arguments, times in all_commands:
                if turn < times:
                    best[name] = tuple(map(min, best.get(name, (1e9, 1e9)), seconds(arguments)))
    print(f"{size / 1e6:.0f} MB, of which {100 * share:.1f} % belong to addresses.\n")
    print("| command | MB per second of processor time | MB/s | relative to extract |\n|---|---:|---:|---:|")
    for name, (processor, passed) in best.items():
        relative = best["simdinet extract -j1"][0] / processor
        print(f"| {name} | {size / processor / 1e6:,.1f} | {size / passed / 1e6:,.1f} | {relative:.3f} |")


if __name__ == "__main__":
    main()
