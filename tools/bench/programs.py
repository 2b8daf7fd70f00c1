# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the benchmark programs, each in a process of its own, and reads what they wrote."""

import json
import subprocess
import sys
import time
from pathlib import Path

from .results import Measurement

# The programs of a family, and how the names of its benchmarks begin.
PROGRAMS = {
    'parse': (('bench_address', '(parse|pton)_'),),
    'format': (('bench_address', '(format|ntop)_'), ('bench_format_column', 'format_')),
    'column': (('bench_column', 'column_'),),
    'lines': (('bench_column', 'lines_'),),
    'scan': (('bench_scan', 'scan_'),),
    'socket': (('bench_socket', 'get'),),
    'swap': (('bench_swap', 'swap'),),
}
# The families that have curves by the number of addresses, and how their names begin.
CURVES = {'lines': 'lines_', 'format': 'format_lines_'}
# Beyond this number bench_curve holds one set of lines at a time, and runs for that alone.
SMALL_CURVE = 1000000


class Failure(Exception):
    """A program did not do its work."""


class Bench:
    """The programs of a build directory, and how long they shall take."""

    def __init__(self, directory, quick, corpus, log_directory):
        self.programs = Path(directory) / 'bench'
        self.quick = quick
        self.corpus = corpus
        self.logs = Path(log_directory)

    def run(self, results, families):
        """Measures the families, and adds to results."""
        for program, pattern in self._programs(families):
            self._measure(results, program, f'^({pattern})')
        if not self.corpus:
            for family, prefix in CURVES.items():
                if family in families:
                    self._curves(results, prefix)
        if 'parse' in families or 'format' in families:
            self._latency(results, families)

    def _programs(self, families):
        """Each program once, with what is wanted of it; the empty call goes with single addresses."""
        patterns = {}
        for family in families:
            for program, pattern in PROGRAMS[family]:
                patterns.setdefault(program, []).append(pattern)
        for program, wanted in patterns.items():
            yield program, '|'.join((['call/'] if program == 'bench_address' else []) + wanted)

    def _options(self):
        return (['--quick'] if self.quick else []) + (
            [f'--corpus={self.corpus}'] if self.corpus else [])

    def _rounds(self, full):
        """(processes, rounds of each, seconds of a round).

        Where memory lies differs from process to process, and with it some figures by a fifth: so
        there are several.
        """
        return (1, 3, 0.004) if self.quick else full

    def _call(self, name, arguments):
        """Runs a program whose output nobody needs unless it fails."""
        path = self.programs / name
        if not path.exists():
            raise Failure(f'{path} was not built')
        log = self.logs / f'{name}.log'
        with open(log, 'w', encoding='utf-8') as out:
            done = subprocess.run([path, *arguments], stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            last = log.read_text(encoding='utf-8', errors='replace').splitlines()[-3:]
            raise Failure(f'{name} ended with {done.returncode}: ' + ' / '.join(last))

    def _measure(self, results, program, pattern, full=(3, 10, 0.02)):
        begin = time.monotonic()
        out = self.logs / f'{program}.json'
        processes, repetitions, seconds = self._rounds(full)
        for _ in range(processes):
            self._call(program, [*self._options(), f'--benchmark_filter={pattern}',
                                 f'--benchmark_repetitions={repetitions}',
                                 f'--benchmark_min_time={seconds}', f'--benchmark_out={out}',
                                 '--benchmark_out_format=json'])
            count = read_google(results, json.loads(out.read_text(encoding='utf-8')))
        say(f'{program}: {count} candidates of {pattern}', begin)

    def _curves(self, results, prefix):
        listed = subprocess.run(
            [self.programs / 'bench_curve', *self._options(), '--benchmark_list_tests',
             f'--benchmark_filter=^{prefix}'], capture_output=True, text=True, check=False).stdout
        sizes = dict.fromkeys(tuple(line.split('/')[:2]) for line in listed.splitlines()
                              if line.startswith(prefix))
        small = '|'.join(dict.fromkeys(n for _, n in sizes if int(n) <= SMALL_CURVE))
        self._measure(results, 'bench_curve', f'^{prefix}.*_curve/({small})/', (2, 5, 0.01))
        for operation, n in sizes:
            if int(n) > SMALL_CURVE:
                self._measure(results, 'bench_curve', f'^{operation}/{n}/', (1, 3, 0.01))

    def _latency(self, results, families):
        begin = time.monotonic()
        out = self.logs / 'bench_latency.json'
        one = [f'--filter={name}' for name in ('parse', 'format') if name in families]
        self._call('bench_latency', [*self._options(), f'--out={out}',
                                     *(one if len(one) == 1 else [])])
        count = read_latency(results, json.loads(out.read_text(encoding='utf-8')))
        say(f'bench_latency: {count} candidates', begin)


def say(text, begin):
    print(f'measured: {text}, {time.monotonic() - begin:.0f} s', file=sys.stderr, flush=True)


def read_google(results, report):
    """Adds a report of Google Benchmark, or more rounds of what is there; returns how many candidates
    it has."""
    context = dict(report['context'])
    if results.context:
        # What was true at the start stays: the load since then is the benchmark's own.
        context.pop('load_avg', None)
        context.pop('date', None)
    results.context.update(context)
    rounds = {}
    # Rounds are interleaved; the order of registration is that of the report.
    for entry in sorted(report['benchmarks'], key=lambda entry: entry['family_index']):
        if entry['run_type'] == 'iteration' and not entry.get('error_occurred'):
            rounds.setdefault(tuple(entry['run_name'].split('/')[:3]), []).append(entry)
    for (operation, corpus, candidate), entries in rounds.items():
        before = results.get(operation, corpus, candidate)
        m = before or Measurement(operation, corpus, candidate, int(entries[0]['n']), [])
        m.rounds += [round(1e9 / entry['items_per_second'], 4) for entry in entries]
        speeds = [entry.get('bytes_per_second', 0) / 1e9 for entry in entries]
        m.gigabytes = max(m.gigabytes, round(max(speeds), 4))
        m.right = m.right and all(entry.get('label') == 'right' for entry in entries)
        results.add(m)
    return len(rounds)


def read_latency(results, report):
    """Adds the report of bench_latency; returns how many candidates it has."""
    results.context['clock'] = report['clock']
    results.context['clock_step'] = report['step']
    for entry in report['latency']:
        operation = entry['operation'] + '_latency'
        results.context[f'operation {operation}'] = 'single calls, the clock included'
        for statistic, rounds in entry['statistics'].items():
            results.add(Measurement(operation, entry['corpus'], entry['candidate'], 1, rounds,
                                    statistic=statistic, right=entry['right']))
        results.latency.append({'operation': operation, 'candidate': entry['candidate'],
                                'calls': entry['calls'], 'shares': entry['shares']})
    return len(report['latency'])
