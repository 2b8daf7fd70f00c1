# SPDX-License-Identifier: Apache-2.0 OR MIT
"""captures.py BUILD - times simdinet, a bare loop of libpcap, tcpdump and tshark on the same captures.

BUILD is a build folder with the command and bench/capture_loop. The captures are written to a temporary folder and read
from the page cache. The candidates run in turn, with one thread; the table has the least processor time of each. What
simdinet counts is compared with what awk counts in tcpdump's output. tcpdump and tshark (Debian: tcpdump, tshark) are left out if they
are missing.
"""
import argparse
import collections
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

AWK = r"""{ s = $2; sub(/\.[0-9]+$/, "", s); d = $4; sub(/\.[0-9]+:$/, "", d); n[s]++; n[d]++ }
END { for (a in n) printf "%7d %s\n", n[a], a }"""
FORMATS = 'pcap', 'pcapng'


def run(command, output):
    """The processor time of a command and its children, in seconds."""
    with open(output, 'wb') as to:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        status = subprocess.run(command, stdout=to, stderr=subprocess.DEVNULL, check=False).returncode
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status != 0:
        sys.exit(f'{command}: status {status}')
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def candidates(build, path):
    """{name: (command, repetitions)} for a capture; None: all of them."""
    simdinet, loop = str(build / 'simdinet'), str(build / 'bench/capture_loop')
    found = {'pcap_loop': ([loop, 'read', path], None),
             'simdinet count': ([simdinet, 'count', '-j1', path], None),
             'simdinet grep -c': ([simdinet, 'grep', '-j1', '-c', '10.0.0.0/8', path], None),
             'simdinet extract --unique': ([simdinet, 'extract', '-j1', '--unique', path], None)}
    if shutil.which('tcpdump'):
        found['tcpdump -nn | awk'] = (['sh', '-c', 'tcpdump -nn -q -t -r "$1" | awk "$2"', 'sh', path, AWK], 2)
    if shutil.which('tshark'):
        found['tshark -z endpoints,ip'] = (['tshark', '-n', '-q', '-z', 'endpoints,ip', '-r', path], 1)
    return found


def rows(path):
    return collections.Counter(path.read_bytes().splitlines())


def measure(build, folder, form, packets, repetitions):
    path = str(folder / f'capture.{form}')
    subprocess.run([build / 'bench/capture_loop', 'generate', form, str(packets), path], check=True)
    best, outputs = {}, {}
    for repetition in range(repetitions):
        for name, (command, most) in candidates(build, path).items():
            if most is not None and repetition >= most:
                continue
            outputs[name] = folder / name.replace(' ', '-').replace('|', '')
            seconds = run(command, outputs[name])
            best[name] = min(best.get(name, seconds), seconds)
    if 'tcpdump -nn | awk' in outputs and rows(outputs['tcpdump -nn | awk']) != rows(outputs['simdinet count']):
        sys.exit(f'{form}: simdinet and tcpdump do not count the same')
    os.unlink(path)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('build', type=Path)
    parser.add_argument('--packets', type=int, default=1000000)
    parser.add_argument('--repetitions', type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = {form: measure(given.build.resolve(), Path(folder), form, given.packets, given.repetitions)
                   for form in FORMATS}
    print('| | ' + ' | '.join(f'{form}: million packets/s | time, `pcap_loop` = 1' for form in FORMATS) + ' |')
    print('|---' * (1 + 2 * len(FORMATS)) + '|')
    for name in results[FORMATS[0]]:
        cells = []
        for best in results.values():
            seconds = max(best[name], 0.001)
            cells += [f'{given.packets / seconds / 1e6:.2f}', f'{seconds / max(best["pcap_loop"], 0.001):.2f}']
        shown = name.replace('|', '\\|')
        print(f'| `{shown}` | ' + ' | '.join(cells) + ' |')


if __name__ == '__main__':
    main()
