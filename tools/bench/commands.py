# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Whole commands on the same logs: what people use today, and simdinet with one thread.

Each reads a log from the page cache and writes to a file. Commands take turns; processor time and
wall time are both kept. What each one prints is compared with what the log's generator knows.
"""

import collections
import functools
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .programs import Failure, say
from .results import Measurement

OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
IPV4 = OCTET + r'(\.' + OCTET + '){3}'
GROUP = '[0-9A-Fa-f]{1,4}'
IPV6 = f'({GROUP}:){{7}}{GROUP}|({GROUP}(:{GROUP}){{0,6}})?::({GROUP}(:{GROUP}){{0,6}})?'
EITHER = f'{IPV4}|{IPV6}'

# The commands, and the Debian packages that have them.
PACKAGES = {'rg': 'ripgrep', 'grep': 'grep', 'ugrep': 'ugrep', 'grepcidr': 'grepcidr',
            'mawk': 'mawk'}
# grepcidr ends at a line that is longer than its buffer, as if the file did. To find lines, all get a
# log without such lines.
LONG_LINE = 4096

TITLES = {'command_extract': 'print every address of a log',
          'command_extract_ipv4': 'print every IPv4 address of a log',
          'command_lines': f'print the lines that hold an IPv4 address, mapped ones too; no line is '
                           f'longer than {LONG_LINE} bytes',
          'command_count': 'count the addresses of a log'}

# A command that takes longer than this is timed less often.
SLOW = 0.5


class Log:
    """A log, and what each command must print of it where that is known."""

    def __init__(self, path, name):
        self.path, self.name = str(path), name
        self.text = Path(path).read_bytes()  # and now it is in the page cache
        truth = Path(f'{path}.truth')
        self.places = None
        if truth.exists():
            self.places = [(int(offset), address) for offset, address in (
                line.split(b':', 1) for line in truth.read_bytes().splitlines())]

    def without_long_lines(self):
        """The log without them, written beside it; itself where nobody knows what is in it."""
        if self.places is None:
            return self
        path = Path(f'{self.path}.short')
        kept, places, rest, begin, size = [], [], iter(self.places), 0, 0
        place = next(rest, None)
        for line in re.findall(rb'[^\n]*\n|[^\n]+', self.text):
            end, short = begin + len(line), len(line) <= LONG_LINE
            while place and place[0] < end:
                if short:
                    places.append((place[0] - begin + size, place[1]))
                place = next(rest, None)
            if short:
                kept.append(line)
                size += len(line)
            begin = end
        path.write_bytes(b''.join(kept))
        short = Log(path, self.name)
        short.places = places
        return short

    def expected(self, operation):
        """The lines that a command must print; None where nobody knows."""
        if self.places is None:
            return None
        if operation == 'command_lines':
            return collections.Counter(self._lines(offset for offset, address in self.places
                                                   if b'.' in canonical(address)))
        if operation == 'command_extract':
            return collections.Counter(address for _, address in self.places)
        if operation == 'command_extract_ipv4':
            return collections.Counter(address for _, address in self.places
                                       if b':' not in address)
        counts = collections.Counter(canonical(address) for _, address in self.places)
        return collections.Counter(b'%7d %s' % (count, address)
                                   for address, count in counts.items())

    def _lines(self, offsets):
        end = 0
        for offset in offsets:
            if offset < end:
                continue  # another address of the line that was given
            begin = self.text.rfind(b'\n', 0, offset) + 1
            end = self.text.find(b'\n', offset)
            end = len(self.text) if end < 0 else end
            if end > begin:
                yield self.text[begin:end]


@functools.lru_cache(maxsize=None)
def canonical(address):
    """The text of an address as libc writes it: with dots also where IPv4 is mapped to IPv6."""
    family = socket.AF_INET6 if b':' in address else socket.AF_INET
    return socket.inet_ntop(family, socket.inet_pton(family, address.decode())).encode()


def tasks(simdinet, given):
    """Yields (operation, log, ((candidate, arguments), ...)) of a log."""
    one, log = ['-j', '1'], given.path
    yield 'command_extract', given, (
        ('simdinet', [simdinet, 'extract', *one, log]),
        ('ripgrep', ['rg', '-oaN', '-j1', '--no-config', '-e', EITHER, log]),
        ('grep', ['grep', '-oaE', EITHER, log]),
        ('ugrep', ['ugrep', '-oahE', '-J1', '--color=never', '-e', EITHER, log]))
    yield 'command_extract_ipv4', given, (
        ('simdinet', [simdinet, 'extract', '-4', *one, log]),
        ('ripgrep', ['rg', '-oaN', '-j1', '--no-config', '-e', IPV4, log]),
        ('grep', ['grep', '-oaE', IPV4, log]),
        ('ugrep', ['ugrep', '-oahE', '-J1', '--color=never', '-e', IPV4, log]))
    short = given.without_long_lines()
    yield 'command_lines', short, (
        ('simdinet', [simdinet, 'grep', *one, '-e', '0.0.0.0/0', short.path]),
        ('ripgrep', ['rg', '-aN', '-j1', '--no-config', '-e', IPV4, short.path]),
        ('grepcidr', ['grepcidr', '0.0.0.0/0', short.path]))
    if given.name == 'web':  # its lines begin with an address: mawk can count those
        yield 'command_count', given, (
            ('simdinet', [simdinet, 'count', '--mapped', *one, log]),
            ('mawk', ['mawk', '{c[$1]++} END {for (a in c) printf "%7d %s\\n", c[a], a}', log]))


def execute(arguments, out):
    """Returns the processor time and the wall time of one process."""
    out.seek(0)
    out.truncate()
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out,
                               stderr=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C'})
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise Failure(f'{arguments[0]} ended with {process.returncode}')
    return usage.ru_utime + usage.ru_stime, wall


def verdict(printed, expected):
    """Returns whether the lines are those expected, and in words what is wrong with them."""
    false = sum((printed - expected).values())
    missed = sum((expected - printed).values())
    words = [f'{count} {what}' for count, what in ((false, 'false'), (missed, 'missed')) if count]
    return not words, ', '.join(words)


def measure(results, log, operation, candidates, rounds, out):
    times = {name: [] for name, _ in candidates}
    judged = {}
    reference = log.expected(operation)
    known = reference is not None
    for round_ in range(rounds):
        for name, arguments in candidates:
            if round_ >= 3 and min(times[name])[0] > SLOW:
                continue
            times[name].append(execute(arguments, out))
            if round_ == 0:
                out.seek(0)
                printed = collections.Counter(line for line in out.read().split(b'\n') if line)
                reference = reference if reference is not None else printed
                judged[name] = verdict(printed, reference)
    kilobytes, gigabytes = len(log.text) / 1024, len(log.text) / 1e9
    for name, pairs in times.items():
        right, note = judged[name]
        for statistic, seconds in zip(('processor', 'wall'), zip(*pairs)):
            results.add(Measurement(
                operation, log.name, name, len(log.text),
                [round(s * 1e9 / kilobytes, 3) for s in seconds], statistic=statistic,
                gigabytes=float(f'{gigabytes / min(seconds):.4g}'), right=right or not known,
                note=note if known or right else f'{note} as simdinet has it'))


def run(results, simdinet, logs, quick):
    """Measures what is installed on each (name, path) of logs; the rest is named as missing."""
    begin = time.monotonic()
    missing = [command for command in PACKAGES if not shutil.which(command)]
    for command in missing:
        results.context[f'missing {command}'] = PACKAGES[command]
    with tempfile.TemporaryFile(dir=Path(logs[0][1]).parent) as out:
        for name, path in logs:
            for operation, log, candidates in tasks(simdinet, Log(path, name)):
                present = [pair for pair in candidates if pair[1][0] not in missing]
                measure(results, log, operation, present, 1 if quick else 7, out)
    for operation, title in TITLES.items():
        results.context[f'operation {operation}'] = f'{title}; one thread, from the page cache'
    for command in PACKAGES:
        if command not in missing:
            results.context[f'baseline {command}'] = version_of(command)
    say(f'commands on {len(logs)} logs', begin)


def version_of(command):
    """The first line of what it says of itself, up to where the number ends."""
    flag = {'mawk': '-W version', 'grepcidr': '-V'}.get(command, '--version').split()
    done = subprocess.run([command, *flag], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    words = (done.stdout.splitlines() or ['']).pop(0).split()
    return next((word.rstrip(',') for word in words if word[:1].isdigit()), 'unknown')
