#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares whole commands on the same logs: bench_commands.py [--quick] SIMDINET LOG-DIRECTORY

Each command reads a log from the page cache and writes to a file. Commands take turns; of each the
least processor time and the least wall time count. simdinet must be asked for one thread, for the
peers have no more: its -j 1 is passed where it has that option.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
IPV4 = OCTET + r'(\.' + OCTET + '){3}'
GROUP = '[0-9A-Fa-f]{1,4}'
IPV6 = f'({GROUP}:){{7}}{GROUP}|({GROUP}(:{GROUP}){{0,6}})?::({GROUP}(:{GROUP}){{0,6}})?'
EITHER = f'{IPV4}|{IPV6}'
KINDS = ('web', 'firewall', 'json', 'zeek')


def commands(simdinet, log):
    """(what is done, (name, arguments), ...), the first one ours, the second the one to beat."""
    one = ['-j', '1'] if takes_threads(simdinet) else []
    yield 'print every address', (
        ('simdinet', [simdinet, 'extract', *one, log]),
        ('ripgrep', ['rg', '-oaN', '-j1', '--no-config', '-e', EITHER, log]),
        ('grep', ['grep', '-oaE', EITHER, log]))
    yield 'print every IPv4 address', (
        ('simdinet', [simdinet, 'extract', '-4', *one, log]),
        ('ripgrep', ['rg', '-oaN', '-j1', '--no-config', '-e', IPV4, log]),
        ('grepcidr, lines', ['grepcidr', '0.0.0.0/0', log]))
    yield 'count', (
        ('simdinet', [simdinet, 'count', *one, log]),
        ('mawk, first field', ['mawk', '{c[$1]++} END{for (a in c) print c[a], a}', log]))


def takes_threads(simdinet):
    return subprocess.run([simdinet, 'extract', '-j', '1', os.devnull], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode in (0, 1)


def run(arguments, out):
    """Returns the processor time and the wall time of one process."""
    out.seek(0)
    out.truncate()
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=out, stderr=subprocess.DEVNULL,
                               env={**os.environ, 'LC_ALL': 'C'})
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f'bench_commands: {arguments[0]} ended with {process.returncode}')
    return usage.ru_utime + usage.ru_stime, wall


def measure(candidates, rounds, out):
    best = {name: (float('inf'), float('inf')) for name, _ in candidates}
    for _ in range(rounds):
        for name, arguments in candidates:
            best[name] = tuple(map(min, best[name], run(arguments, out)))
    return best


def main(rounds, simdinet, directory):
    print('\nwhole commands: GB/s by processor time / by wall time (how often ours fits in theirs)')
    with tempfile.TemporaryFile(dir=directory) as out:
        for kind in KINDS:
            log = str(Path(directory) / f'bench_{kind}.log')
            gigabytes = len(Path(log).read_bytes()) / 1e9  # and now it is in the page cache
            for task, candidates in commands(simdinet, log):
                best = measure(candidates, rounds, out)
                ours = best['simdinet']
                print(f'  {kind:10}{task:26}' + '  '.join(
                    f'{name} {gigabytes / cpu:.2f} / {gigabytes / wall:.2f}'
                    + ('' if name == 'simdinet' else f' ({cpu / ours[0]:.1f}x)')
                    for name, (cpu, wall) in best.items()))


if __name__ == '__main__':
    words = [word for word in sys.argv[1:] if word != '--quick']
    if len(words) != 2:
        sys.exit(__doc__)
    main(2 if '--quick' in sys.argv else 7, *words)
