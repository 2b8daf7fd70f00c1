# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Whole commands on the same logs with one thread, timed by hyperfine; what each prints is compared with
the addresses that the log generator wrote."""
import collections
import functools
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from report import Failure, entry

OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
IPV4 = OCTET + r'(\.' + OCTET + '){3}'
GROUP = '[0-9A-Fa-f]{1,4}'
IPV6 = f'({GROUP}:){{7}}{GROUP}|({GROUP}(:{GROUP}){{0,6}})?::({GROUP}(:{GROUP}){{0,6}})?'
EITHER = f'{IPV4}|{IPV6}'
PACKAGES = {'rg': 'ripgrep', 'grep': 'grep', 'ugrep': 'ugrep', 'grepcidr': 'grepcidr', 'mawk': 'mawk'}
LONG_LINE = 4096  # grepcidr stops at a longer line: command_lines has a log without them
TITLES = {'command_extract': 'print every address of a log',
          'command_extract_ipv4': 'print every IPv4 address of a log',
          'command_lines': f'print the lines with an IPv4 address; lines of at most {LONG_LINE} bytes',
          'command_count': 'count the addresses of a log'}


@functools.lru_cache(maxsize=None)
def canonical(address):
    """The address as libc prints it."""
    family = socket.AF_INET6 if b':' in address else socket.AF_INET
    return socket.inet_ntop(family, socket.inet_pton(family, address.decode())).encode()


class Log:
    """A log and, where its generator wrote them, the (offset, address) pairs in it."""

    def __init__(self, path, name, addresses=None):
        self.path, self.name, self.addresses = str(path), name, addresses
        self.text = Path(path).read_bytes()  # now in the page cache
        truth = Path(f'{path}.truth')
        if addresses is None and truth.exists():
            self.addresses = [(int(offset), address) for offset, address in (
                line.split(b':', 1) for line in truth.read_bytes().splitlines())]

    def without_long_lines(self):
        """The log without them, in a file beside it; itself where its addresses are not known."""
        if self.addresses is None:
            return self
        kept, addresses, begin, size, i = [], [], 0, 0, 0
        for line in re.findall(rb'[^\n]*\n|[^\n]+', self.text):
            short = len(line) <= LONG_LINE
            while i < len(self.addresses) and self.addresses[i][0] < begin + len(line):
                if short:
                    addresses.append((self.addresses[i][0] - begin + size, self.addresses[i][1]))
                i += 1
            if short:
                kept.append(line)
                size += len(line)
            begin += len(line)
        path = Path(f'{self.path}.short')
        path.write_bytes(b''.join(kept))
        return Log(path, self.name, addresses)

    def expected(self, operation):
        """How often each line must be printed; None where it is not known."""
        if self.addresses is None:
            return None
        if operation == 'command_lines':
            begins = dict.fromkeys(self.text.rfind(b'\n', 0, offset) + 1 for offset, address in
                                   self.addresses if b'.' in canonical(address))
            return collections.Counter(self.text[begin:].split(b'\n', 1)[0] if end < 0 else
                                       self.text[begin:end] for begin, end in
                                       ((begin, self.text.find(b'\n', begin)) for begin in begins))
        if operation == 'command_count':
            counts = collections.Counter(canonical(address) for _, address in self.addresses)
            return collections.Counter(b'%7d %s' % (n, address) for address, n in counts.items())
        return collections.Counter(address for _, address in self.addresses
                                   if operation == 'command_extract' or b':' not in address)


def tasks(simdinet, given):
    """(operation, log, {candidate: arguments}) of a log."""
    one, log, short = ['-j', '1'], given.path, given.without_long_lines()
    for operation, pattern, family in (('command_extract', EITHER, []), ('command_extract_ipv4', IPV4, ['-4'])):
        yield operation, given, {
            'simdinet': [simdinet, 'extract', *family, *one, log],
            'ripgrep': ['rg', '-oaN', '-j1', '--no-config', '-e', pattern, log],
            'grep': ['grep', '-oaE', pattern, log],
            'ugrep': ['ugrep', '-oahE', '-J1', '--color=never', '-e', pattern, log]}
    yield 'command_lines', short, {
        'simdinet': [simdinet, 'grep', *one, '-e', '0.0.0.0/0', short.path],
        'ripgrep': ['rg', '-aN', '-j1', '--no-config', '-e', IPV4, short.path],
        'grepcidr': ['grepcidr', '0.0.0.0/0', short.path]}
    if given.name == 'web':  # each line begins with an address, which mawk can count
        yield 'command_count', given, {
            'simdinet': [simdinet, 'count', '--mapped', *one, log],
            'mawk': ['mawk', '{c[$1]++} END {for (a in c) printf "%7d %s\\n", c[a], a}', log]}


def difference(printed, expected):
    """What is wrong with printed lines; empty if nothing."""
    counts = ((sum((printed - expected).values()), 'false'), (sum((expected - printed).values()), 'missed'))
    return ', '.join(f'{count} {what}' for count, what in counts if count)


def measure(operation, log, candidates, runs):
    """The repetitions of each candidate."""
    entries, reference = [], log.expected(operation)
    with tempfile.TemporaryDirectory(dir=Path(log.path).parent) as folder:
        out, times = Path(folder) / 'out', Path(folder) / 'times.json'
        for name, arguments in candidates.items():
            done = subprocess.run(['hyperfine', '--style=none', '--ignore-failure', '--shell=none', '--runs',
                                   str(runs), '--output', out, '--export-json', times,
                                   shlex.join(map(str, arguments))], capture_output=True, text=True,
                                  check=False, env={**os.environ, 'LC_ALL': 'C'})
            if done.returncode != 0:
                raise Failure(f'hyperfine: {done.stderr.strip()}')
            printed = collections.Counter(line for line in out.read_bytes().split(b'\n') if line)
            reference = printed if reference is None else reference
            note = difference(printed, reference)
            [result] = json.loads(times.read_text(encoding='utf-8'))['results']
            for statistic, seconds in (('wall', result['times']),
                                       ('processor', [result['user'] + result['system']])):
                entries += [entry(f'{operation}/{log.name}/{name}/{statistic}', s * 1e9 * 1024 / len(log.text),
                                  n=len(log.text), right=not note, note=note,
                                  gigabytes=len(log.text) / s / 1e9) for s in seconds if s > 0]
    return entries


def version_of(command):
    flag = {'mawk': '-W version', 'grepcidr': '-V'}.get(command, '--version').split()
    done = subprocess.run([command, *flag], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    words = (done.stdout.splitlines() or ['']).pop(0).split()
    return next((word.rstrip(',') for word in words if word[:1].isdigit()), 'unknown')


def run(simdinet, logs, runs):
    """Measures the installed commands on each (name, path) of logs."""
    context = {f'operation {name}': title for name, title in TITLES.items()}
    missing = [command for command in PACKAGES if not shutil.which(command)]
    context |= {f'missing {command}': PACKAGES[command] for command in missing}
    context |= {f'baseline {command}': version_of(command) for command in PACKAGES if command not in missing}
    entries = []
    for name, path in logs:
        for operation, log, candidates in tasks(str(simdinet), Log(path, name)):
            entries += measure(operation, log, {candidate: arguments for candidate, arguments
                                                in candidates.items() if arguments[0] not in missing}, runs)
    return {'context': context, 'benchmarks': entries}
