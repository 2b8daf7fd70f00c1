# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Whole commands on the same logs; what each prints is compared with the addresses that the log generator
wrote. The candidates of an operation run in turn, round after round: wall is the time from start to end, and
processor that of the process and its children, in user and kernel mode."""
import bisect
import collections
import functools
import ipaddress
import os
import random
import re
import resource
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from report import Failure, entry

OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
IPV4 = OCTET + r'(\.' + OCTET + '){3}'
GROUP = '[0-9A-Fa-f]{1,4}'
IPV6 = f'({GROUP}:){{7}}{GROUP}|({GROUP}(:{GROUP}){{0,6}})?::({GROUP}(:{GROUP}){{0,6}})?'
EITHER = f'{IPV4}|{IPV6}'
PACKAGES = {'rg': 'ripgrep', 'grep': 'grep', 'ugrep': 'ugrep', 'grepcidr': 'grepcidr', 'mawk': 'mawk',
            'justips': 'cargo install justips'}
LONG_LINE = 4096  # grepcidr stops at a longer line: command_lines has a log without them
NETWORK = '10.0.0.0/8'
N_NETWORKS = 100000
SMALL = 1024  # bytes of a small file
TITLES = {'command_extract': 'print every address of a log',
          'command_extract_ipv4': 'print every IPv4 address of a log',
          'command_lines': f'print the lines with an IPv4 address; lines of at most {LONG_LINE} bytes',
          'command_grep': f'print the lines with an address in {NETWORK}, and in a list of it and '
                          f'{N_NETWORKS - 1:,} random networks; the time to read the list is included',
          'command_count': 'count the addresses of a log; pipeline: rg -o | sort | uniq -c | sort -rn',
          'command_count_field': 'count the addresses of a log; mawk: the first fields of its lines',
          'command_threads': 'subcommands on a log with two threads; in brackets: against one',
          'command_files': 'print every address of a log that is cut into ten files; in brackets: against one file',
          'command_small_files': f'print every address of many files of about {SMALL} bytes; ns a file',
          'command_start': f'print every address of a file of {SMALL} bytes, from start to end; ns; '
                           'true: a process that does nothing'}


@functools.lru_cache(maxsize=None)
def canonical(address):
    """The address as libc prints it."""
    family = socket.AF_INET6 if b':' in address else socket.AF_INET
    return socket.inet_ntop(family, socket.inet_pton(family, address.decode())).encode()


def merge_mapped(counts):
    """The counts of canonical addresses, those of mapped ones added to those of their IPv4 addresses."""
    merged = collections.Counter()
    for address, n in counts.items():
        merged[address.removeprefix(b'::ffff:') if b'.' in address else address] += n
    return merged


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

    def lines_of(self, is_wanted):
        """The lines with an address for which is_wanted(canonical address) holds, and how often they occur."""
        begins = dict.fromkeys(self.text.rfind(b'\n', 0, offset) + 1 for offset, address in self.addresses
                               if is_wanted(canonical(address)))
        ends = ((begin, self.text.find(b'\n', begin)) for begin in begins)
        return collections.Counter(self.text[begin:end if end >= 0 else None] for begin, end in ends)

    def expected(self, operation, networks=None):
        """How often each line must be printed; None where it is not known."""
        if self.addresses is None or operation == 'anonymize':
            return None
        if operation == 'command_lines':
            return self.lines_of(lambda address: b'.' in address)
        if operation in ('command_grep', 'grep'):
            return self.lines_of(networks.holds)
        if operation.startswith(('command_count', 'count')):
            counts = collections.Counter(canonical(address) for _, address in self.addresses)
            if operation != 'command_count_field':
                counts = merge_mapped(counts)
            return collections.Counter(b'%7d %s' % (n, address) for address, n in counts.items())
        return collections.Counter(address for _, address in self.addresses
                                   if operation != 'command_extract_ipv4' or b':' not in address)


class Networks:
    """IPv4 networks, one a line of a file."""

    def __init__(self, path, networks):
        self.path = str(path)
        Path(path).write_text(''.join(f'{network}\n' for network in networks), encoding='ascii')
        merged = ipaddress.collapse_addresses(ipaddress.ip_network(network) for network in networks)
        self.ranges = [(int(network[0]), int(network[-1])) for network in merged]
        self.holds = functools.lru_cache(maxsize=None)(self.holds)

    def holds(self, address):
        if b'.' not in address:
            return False
        value = int.from_bytes(socket.inet_aton(address.removeprefix(b'::ffff:').decode()), 'big')
        i = bisect.bisect_right(self.ranges, (value, 1 << 32)) - 1
        return i >= 0 and value <= self.ranges[i][1]


def random_networks(n):
    """NETWORK and n - 1 others, of 16 to 256 addresses."""
    choose = random.Random(1)
    found = {NETWORK}
    while len(found) < n:
        length = choose.randint(24, 28)
        address = choose.randrange(1 << 24, 224 << 24) >> 32 - length << 32 - length
        found.add(f'{ipaddress.IPv4Address(address)}/{length}')
    return sorted(found)


def ripgrep(*options):
    return ['rg', *options, '--no-config']


def tasks(simdinet, given):
    """(operation, log, {candidate: arguments}) of a log. A text of arguments is a pipeline of the shell."""
    one, log, short = ['-j', '1'], given.path, given.without_long_lines()
    for operation, pattern, family in (('command_extract', EITHER, []), ('command_extract_ipv4', IPV4, ['-4'])):
        candidates = {
            'simdinet': [simdinet, 'extract', *family, *one, log],
            'ripgrep': [*ripgrep('-oaN', '-j1'), '-e', pattern, log],
            'grep': ['grep', '-oaE', pattern, log],
            'ugrep': ['ugrep', '-oahE', '-J1', '--color=never', '-e', pattern, log]}
        if not family:
            candidates['justips'] = ['justips', '--all', log]
        yield operation, given, candidates
    yield 'command_lines', short, {
        'simdinet': [simdinet, 'grep', *one, '-e', '0.0.0.0/0', short.path],
        'ripgrep': [*ripgrep('-aN', '-j1'), '-e', IPV4, short.path],
        'grepcidr': ['grepcidr', '0.0.0.0/0', short.path]}
    found = shlex.join([*ripgrep('-oaN', '-j1'), '-e', EITHER, log])
    yield 'command_count', given, {
        'simdinet': [simdinet, 'count', *one, log],
        'pipeline': f'{found} | sort | uniq -c | sort -rn'}
    if given.name == 'web':  # each line begins with an address, which mawk can count
        yield 'command_count_field', given, {
            'simdinet': [simdinet, 'count', '--mapped', *one, log],
            'mawk': ['mawk', '{c[$1]++} END {for (a in c) printf "%7d %s\\n", c[a], a}', log]}


def difference(printed, expected):
    """What is wrong with printed lines; empty if nothing."""
    counts = ((sum((printed - expected).values()), 'false'), (sum((expected - printed).values()), 'missed'))
    return ', '.join(f'{count} {what}' for count, what in counts if count)


def command_of(arguments):
    return arguments.split()[0] if isinstance(arguments, str) else arguments[0]


def time_once(arguments, out):
    """Seconds from start to end, and of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out, 'wb') as file:
        begin = time.perf_counter()
        done = subprocess.run(arguments, shell=isinstance(arguments, str), stdin=subprocess.DEVNULL, stdout=file,
                              stderr=subprocess.PIPE, check=False, env={**os.environ, 'LC_ALL': 'C'})
        wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    nothing_found = Path(command_of(arguments)).name in ('simdinet', 'grep', 'rg', 'ugrep', 'grepcidr')
    if done.returncode not in ((0, 1) if nothing_found else (0,)):
        raise Failure(f'{command_of(arguments)}: {done.stderr.decode(errors="replace").strip()}')
    return {'wall': wall, 'processor': after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def measure(name, candidates, runs, folder, size, reference=None, files=0):
    """The repetitions of each candidate of name, 'operation/corpus', on size bytes: ns and GB/s for a kilobyte
    or, of many files, ns for a file. reference: the lines that must be printed, if they are known."""
    times, notes, out = collections.defaultdict(list), {}, Path(folder) / 'out'
    for _ in range(runs):
        for candidate, arguments in candidates.items():
            times[candidate].append(time_once(arguments, out))
            if candidate not in notes and reference is not None:
                notes[candidate] = difference(collections.Counter(
                    line for line in out.read_bytes().split(b'\n') if line), reference)
    entries = []
    for candidate in candidates:
        note = notes.get(candidate, '')
        for statistic in ('wall', 'processor'):
            for seconds in (t[statistic] for t in times[candidate] if t[statistic] > 0):
                entries.append(entry(f'{name}/{candidate}/{statistic}', seconds * 1e9 / files if files else
                                     seconds * 1e9 * 1024 / size, n=files or size, right=not note, note=note,
                                     gigabytes=None if files else size / seconds / 1e9))
    return entries


def compare_grep(simdinet, log, runs, folder, missing):
    """One network, and many with about as many hits."""
    entries = []
    one = Networks(Path(folder) / 'one', [NETWORK])
    many = Networks(Path(folder) / 'many', random_networks(N_NETWORKS))
    for corpus, networks in (('1', one), (str(N_NETWORKS), many)):
        candidates = {'simdinet': [simdinet, 'grep', '-j', '1', '-f', networks.path, log.path],
                      'grepcidr': ['grepcidr', '-f', networks.path, log.path]}
        entries += measure(f'command_grep/{log.name} {corpus}', available(candidates, missing), runs, folder,
                           len(log.text), log.expected('command_grep', networks))
    return entries


def compare_threads(simdinet, log, runs, folder):
    """Two threads with one."""
    networks, entries = Networks(Path(folder) / 'one', [NETWORK]), []
    for command in (['extract'], ['count'], ['grep', NETWORK], ['anonymize']):
        candidates = {name: [simdinet, command[0], '-j', threads, *command[1:], log.path]
                      for name, threads in (('one-thread', '1'), ('simdinet', '2'))}
        entries += measure(f'command_threads/{command[0]}', candidates, runs, folder, len(log.text),
                           log.expected(command[0], networks))
    return entries


def cut(text, folder, n, size):
    """Files of whole lines, at most n; each ends with the line that reaches size. Returns also where they end."""
    paths, begin = [], 0
    while begin < len(text) and len(paths) < n:
        end = text.find(b'\n', begin + size - 1) + 1 or len(text)
        paths.append(str(Path(folder) / f'{len(paths):05}'))
        Path(paths[-1]).write_bytes(text[begin:end])
        begin = end
    return paths, begin


def compare_files(simdinet, log, runs, folder, missing):
    """Ten files with one, many small ones, and one alone."""
    ten, small = Path(folder) / 'ten', Path(folder) / 'small'
    for made in (ten, small):
        made.mkdir()
    paths, _ = cut(log.text, ten, 10, len(log.text) // 10)
    extract = [simdinet, 'extract', '-j', '1']
    entries = measure(f'command_files/{log.name}', {'one-file': [*extract, log.path],
                                                    'simdinet': [*extract, '--no-filename', *paths]},
                      runs, folder, len(log.text), log.expected('command_extract'))
    paths, size = cut(log.text, small, 10000, SMALL)
    found = log.addresses and collections.Counter(
        address for offset, address in log.addresses if offset < size)
    search = ['-oaNI', '-j1']
    entries += measure(f'command_small_files/{log.name}', available(
        {'simdinet': [*extract, '--no-filename', '-r', str(small)],
         'ripgrep': [*ripgrep(*search), '-e', EITHER, str(small)]}, missing), runs, folder, size, found,
        files=len(paths))
    path = Path(folder) / 'start'
    path.write_bytes(log.text[:SMALL])
    entries += measure(f'command_start/{log.name}', available(
        {'simdinet': [simdinet, 'extract', str(path)], 'ripgrep': [*ripgrep(*search), '-e', EITHER, str(path)],
         'grep': ['grep', '-oaE', EITHER, str(path)], 'true': ['true']}, missing), 5 * runs, folder, SMALL, files=1)
    return entries


def available(candidates, missing):
    return {name: arguments for name, arguments in candidates.items() if command_of(arguments) not in missing}


def version_of(command):
    flag = {'mawk': '-W version', 'grepcidr': '-V'}.get(command, '--version').split()
    done = subprocess.run([command, *flag], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    words = (done.stdout.splitlines() or ['']).pop(0).split()
    return next((word.rstrip(',') for word in words if word[:1].isdigit()), 'unknown')


def run(simdinet, logs, runs):
    """Measures the installed commands on each (name, path) of logs."""
    simdinet = str(simdinet)
    context = {f'operation {name}': title for name, title in TITLES.items()}
    missing = [command for command in PACKAGES if not shutil.which(command)]
    context |= {f'missing {command}': PACKAGES[command] for command in missing}
    context |= {f'baseline {command}': version_of(command) for command in PACKAGES if command not in missing}
    entries = []
    for name, path in logs:
        given = Log(path, name)
        with tempfile.TemporaryDirectory(dir=Path(path).parent) as folder:
            for operation, log, candidates in tasks(simdinet, given):
                entries += measure(f'{operation}/{name}', available(candidates, missing), runs, folder,
                                   len(log.text), log.expected(operation))
            if given.addresses is None or name != 'web':
                continue
            entries += compare_grep(simdinet, given, runs, folder, missing)
            entries += compare_threads(simdinet, given, runs, folder)
            entries += compare_files(simdinet, given, runs, folder, missing)
    return {'context': context, 'benchmarks': entries}
