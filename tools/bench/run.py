# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the benchmark programs and writes the report; tools/bench.sh calls it.

All measurements of a run form one JSON file in the format of Google Benchmark, results.json, which its
compare.py reads. A benchmark is named operation/corpus/candidate or operation/corpus/candidate/statistic.
"""
import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import commands
import report
from report import FAMILIES, Failure, entry

# The programs of a family and the prefixes of its benchmarks.
PROGRAMS = {
    'parse': (('bench_address', '(parse|pton)_'),),
    'format': (('bench_address', '(format|ntop)_'), ('bench_format_column', 'format_')),
    'column': (('bench_column', 'column_'),), 'lines': (('bench_column', 'lines_'),),
    'scan': (('bench_scan', 'scan_'),), 'socket': (('bench_socket', 'get'),),
    'swap': (('bench_swap', 'swap'),), 'lookup': ()}
CURVES = {'lines': 'lines_', 'format': 'format_lines_'}
SMALL_CURVE = 1000000  # above, bench_curve holds one data set at a time and runs for that alone
COMPARE = '/usr/share/benchmark/compare.py'
# Two runs of one build differ by this share; the layout of memory changes from process to process.
BETWEEN_RUNS, BETWEEN_QUICK_RUNS = 0.05, 0.25
# The logs that bench_scan generates, and their sizes.
LOGS = {**dict.fromkeys(('web', 'firewall', 'json', 'zeek'), '64M'),
        **dict.fromkeys(('tcpdump', 'suricata', 'asa', 'squid', 'windows', 'terminal', 'agents'), '16M')}


def arguments():
    parser = argparse.ArgumentParser(prog='tools/bench.sh', description='Measures simdinet on this machine '
                                     'against libc and against other libraries and commands.')
    parser.add_argument('families', nargs='*', metavar='FAMILY', help=f'{", ".join(FAMILIES)} (all)')
    parser.add_argument('--quick', action='store_true', help='three short repetitions: about a minute')
    parser.add_argument('--corpus', metavar='FILE', help='use the addresses of FILE, one a line, or a log')
    parser.add_argument('--compare', metavar='BEFORE.json', help='compare with the results of an older run')
    parser.add_argument('--output', metavar='DIR', help='directory of the report (build/bench-report)')
    parser.add_argument('--from', dest='sources', metavar='RESULTS.json', action='append', default=[],
                        help='measure nothing: report these results; may be repeated')
    parser.add_argument('--publish', action='store_true', help='write docs/bench and the table of README.md')
    parser.add_argument('--check', action='store_true', help=argparse.SUPPRESS)
    for name in ('--build', '--build-arm', '--root'):
        parser.add_argument(name, help=argparse.SUPPRESS)
    given = parser.parse_args()
    for name in given.families:
        if name not in FAMILIES:
            parser.error(f"unknown family '{name}'; families: {', '.join(FAMILIES)}")
    for path in (given.corpus, given.compare, *given.sources):
        if path and not os.access(path, os.R_OK):
            parser.error(f'cannot read {path}')
    given.families = given.families or list(FAMILIES)
    return given


def execute(command, **options):
    """Runs a program to its end; raises Failure with the last line of its errors."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ['no message'])[-1]
        raise Failure(f'{Path(command[0]).name} exited with {done.returncode}: {last}')
    return done


class Bench:
    """The programs of a build directory and the results so far."""

    def __init__(self, given, output):
        self.programs, self.output = Path(given.build) / 'bench', output
        self.quick, self.results = given.quick, {'context': {}, 'benchmarks': []}

    def add(self, document):
        """Adds a document; of the context, what was true at the start stays."""
        self.results['context'] = {**document['context'], **self.results['context']}
        self.results['benchmarks'] += document['benchmarks']

    def google(self, program, pattern, options=(), full=(3, 10, 0.02)):
        """Runs benchmarks in several processes, for the layout of memory differs between processes."""
        begin, out = time.monotonic(), self.output / f'{program}.json'
        processes, repetitions, seconds = (1, 3, 0.004) if self.quick else full
        for _ in range(processes):
            execute([self.programs / program, *options, f'--benchmark_filter=^({pattern})',
                     f'--benchmark_repetitions={repetitions}', f'--benchmark_min_time={seconds}',
                     f'--benchmark_out={out}', '--benchmark_out_format=json'])
            self.add(report.repetitions(json.loads(out.read_text(encoding='utf-8'))))
        progress(f'{program}, {pattern}', begin)

    def curves(self, prefix, options):
        listed = execute([self.programs / 'bench_curve', *options, '--benchmark_list_tests',
                          f'--benchmark_filter=^{prefix}']).stdout
        sizes = dict.fromkeys(tuple(line.split('/')[:2]) for line in listed.splitlines())
        small = '|'.join(dict.fromkeys(n for _, n in sizes if int(n) <= SMALL_CURVE))
        self.google('bench_curve', f'{prefix}.*_curve/({small})/', options, (2, 5, 0.01))
        for operation, n in sizes:
            if int(n) > SMALL_CURVE:
                self.google('bench_curve', f'{operation}/{n}/', options, (1, 3, 0.01))

    def json_program(self, command, options):
        """A program that writes results in this format itself."""
        begin, out = time.monotonic(), self.output / 'program.json'
        execute([*command, f'--out={out}', *options])
        self.add(json.loads(out.read_text(encoding='utf-8')))
        progress(Path(command[-1]).name, begin)

    def count_instructions(self, command, machine, totals):
        """Runs bench_count; totals extracts {benchmark number: instructions} from the finished process."""
        done = execute(command)
        counts = totals(done)
        for line in done.stdout.splitlines():
            number, name, addresses = line.split()
            operation, rest = name.split('/', 1)
            value = counts[int(number)] / int(addresses)
            self.add({'context': {}, 'benchmarks': [entry(
                f'{operation}_instructions/{rest}/{machine}', value, n=int(addresses), unit='instructions')]})

    def instructions(self, arm):
        """valgrind 3.19 has no AVX-512; qemu counts the NEON instructions of a 64-bit Arm program."""
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            def callgrind(_):
                totals = {}
                for path in Path(folder).glob('out.*'):
                    text = path.read_text(encoding='utf-8')
                    mark = re.search(r'^desc: Trigger: Client Request: (\d+)$', text, re.M)
                    if mark:
                        totals[int(mark[1])] = int(re.search(r'^summary: (\d+)$', text, re.M)[1])
                return totals
            if platform.machine() == 'x86_64' and shutil.which('valgrind'):
                self.count_instructions(
                    ['valgrind', '--tool=callgrind', '--instr-atstart=no',
                     f'--callgrind-out-file={folder}/out', str(self.programs / 'bench_count')],
                    'x86-64', callgrind)
            else:
                self.results['context']['missing x86-64 instruction counts'] = 'valgrind'
        if arm and shutil.which('qemu-aarch64'):
            self.count_instructions(
                ['qemu-aarch64', '-plugin', str(self.programs / 'qemu_count.so'),
                 str(Path(arm) / 'bench' / 'bench_count')], 'aarch64',
                lambda done: dict(map(int, line.split()) for line in done.stderr.splitlines()))
        else:
            self.results['context']['missing NEON instruction counts'] = 'qemu-user, gcc-aarch64-linux-gnu'
        progress('instructions', begin)


def progress(what, begin):
    print(f'measured: {what}, {time.monotonic() - begin:.0f} s', file=sys.stderr, flush=True)


def is_list(path):
    """Whether a file is a list of addresses: most of its first non-empty lines are."""
    with open(path, 'rb') as file:
        lines = [line.strip() for line in file.read(1 << 16).splitlines()[:1000]]
    lines = [line for line in lines if line]
    addresses = sum(b':' in line or line.count(b'.') == 3 for line in lines
                    if len(line) <= 45 and b' ' not in line)
    return 2 * addresses > len(lines)


def measure(given, bench, output):
    """Measures the families one after the other; what is measured is in bench also where one of them fails."""
    simdinet = Path(given.build) / 'simdinet'
    quick, file = ['--quick'] if given.quick else [], given.corpus and os.path.abspath(given.corpus)
    addresses = Path(file) if file else None
    if file and not is_list(file):  # a log: its addresses
        addresses = output / 'corpus.txt'
        with open(addresses, 'wb') as out:
            if subprocess.run([simdinet, 'extract', file], stdout=out, check=False).returncode > 1:
                raise Failure(f'the addresses of {file} could not be extracted')
    on_addresses = [f for f in given.families if f in ('parse', 'format', 'column', 'lines')]
    patterns = {}
    for family in given.families:
        for program, pattern in PROGRAMS[family]:
            if not file or family == 'scan' or (family in on_addresses and addresses.stat().st_size):
                patterns.setdefault(program, []).append(pattern)
    for program, wanted in patterns.items():
        own = [f'--corpus={file if program == "bench_scan" else addresses}'] if file else []
        empty = ['call/'] if program == 'bench_address' else []
        bench.google(program, '|'.join(empty + wanted), quick + own)
    if not file:
        for family in CURVES.keys() & set(given.families):
            bench.curves(CURVES[family], quick)
    single = [family for family in ('parse', 'format') if family in given.families]
    if single and (not file or addresses.stat().st_size):
        bench.json_program([bench.programs / 'bench_latency'],
                           quick + [f'--filter={name}' for name in single if len(single) == 1] +
                           ([f'--corpus={addresses}'] if file else []))
    if single and not file:
        bench.json_program([sys.executable, Path(given.root) / 'bench' / 'python_peers.py',
                            bench.programs / 'bench_corpus'], quick + single)
    if 'lookup' in given.families and not file:
        bench.json_program([bench.programs / 'bench_network'], quick)
    if on_addresses and not file:
        bench.instructions(given.build_arm)
    if 'scan' in given.families:
        kinds = {'web': '8M'} if given.quick else LOGS
        logs = [('user', file)] if file else [(k, bench.programs / f'{k}-{size}.log') for k, size in kinds.items()]
        begin = time.monotonic()
        bench.add(commands.run(simdinet, logs, 2 if given.quick else 7))
        progress('commands', begin)


def describe(results, given):
    context = results['context']
    for name in ('executable', 'host_name', 'library_build_type', 'mhz_per_cpu', 'cpu_scaling_enabled'):
        context.pop(name, None)  # of this machine, or not true of what is measured
    context['mode'] = 'quick' if given.quick else 'full'
    done = subprocess.run(['git', '-C', given.root, 'describe', '--always', '--dirty'],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        context['commit'] = done.stdout.strip()
    return results


def compare(before, after, output):
    """Prints compare.py's comparison; returns the own benchmarks that became slower."""
    old, new = report.load(before), report.load(after)
    if old['context'].get('mode') != new['context'].get('mode'):
        raise ValueError(f'{before} is not of the same mode: --quick has other corpora')
    difference = output / 'difference.json'
    done = execute(['/usr/bin/python3', COMPARE, '--no-color', '-a', '-d', str(difference), 'benchmarks',
                    str(before), str(after)])
    print(done.stdout)
    for name in report.missing(old, new):
        print(f'missing: {name} is in the older run only')
    return report.slower(json.loads(difference.read_text(encoding='utf-8')),
                         BETWEEN_QUICK_RUNS if new['context'].get('mode') == 'quick' else BETWEEN_RUNS)


def main():
    given = arguments()
    if given.compare:
        report.load(given.compare)
    if given.check:
        return 0
    output = Path(given.output or Path(given.root) / 'build' / 'bench-report')
    output.mkdir(parents=True, exist_ok=True)
    if given.sources:
        results = report.merge([report.load(source) for source in given.sources])
    else:
        bench = Bench(given, output)
        try:
            measure(given, bench, output)
        except Failure:
            report.save(describe(bench.results, given), output / 'results.json')
            raise
        results = describe(bench.results, given)
    report.save(results, output / 'results.json')
    rows = report.rows(results)
    report.write_csv(rows, output / 'results.csv')
    text = report.markdown(results['context'], rows)
    (output / 'results.md').write_text(text, encoding='utf-8')
    print(text)
    report.plot(Path(given.root) / 'bench' / 'plots', output)
    if given.publish:
        report.publish(output, Path(given.root))
    status = 0
    for row in rows:
        if row['candidate'] in report.OWN and row['result'] != 'right':
            print(f'WRONG: {row["operation"]}/{row["corpus"]}/{row["candidate"]}', file=sys.stderr)
            status = 1
    if given.compare:
        slower = compare(given.compare, output / 'results.json', output)
        print(f'{len(slower)} slower', *slower, sep='\n  ')
        status = 1 if slower else status
    return status


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (Failure, ValueError, OSError) as error:
        print(f'bench.sh: {error}', file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
