# SPDX-License-Identifier: Apache-2.0 OR MIT
"""python3 -m bench: measures what was built, and writes the report. tools/bench.sh calls it."""

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path

from . import (commands, compare, gnuplot, goals, instructions, page, pictures, programs,
               python_peers, readme, table)
from .results import FAMILIES, Results


def arguments():
    parser = argparse.ArgumentParser(prog='tools/bench.sh', description='Measures simdinet on this '
                                     'machine against libc and against what people use today.')
    parser.add_argument('family', nargs='?', default='all', choices=('all', *FAMILIES),
                        help='what to measure (all)')
    parser.add_argument('--quick', action='store_true',
                        help='three short rounds: under a minute, and a first look only')
    parser.add_argument('--corpus', metavar='FILE',
                        help='measure with the addresses of FILE, one a line, or with a log')
    parser.add_argument('--compare', metavar='OLD.json',
                        help='compare with the results of an older run; the exit status is 1 when '
                        'something is slower by more than the noise')
    parser.add_argument('--output', metavar='DIR', help='where the report goes (build/bench-report)')
    parser.add_argument('--from', dest='sources', metavar='RESULTS.json', action='append',
                        default=[], help='measure nothing: make the report of these results; given '
                        'more than once, one report of all, as of families that ran one by one')
    parser.add_argument('--publish', action='store_true',
                        help='write the tables and pictures of the README, too')
    parser.add_argument('--check', action='store_true', help=argparse.SUPPRESS)
    parser.add_argument('--build', help=argparse.SUPPRESS)
    parser.add_argument('--build-arm', help=argparse.SUPPRESS)
    parser.add_argument('--root', help=argparse.SUPPRESS)
    given = parser.parse_args()
    for path in (given.corpus, given.compare, *given.sources):
        if path and not os.access(path, os.R_OK):
            parser.error(f'{path} cannot be read')
    return given


def is_list(path):
    """Whether a file is a list of addresses: most of the first lines that say something are."""
    with open(path, 'rb') as file:
        lines = [line.strip() for line in file.read(1 << 16).splitlines()[:1000]]
    lines = [line for line in lines if line]
    addresses = sum(b':' in line or line.count(b'.') == 3 for line in lines
                    if len(line) <= 45 and b' ' not in line)
    return 2 * addresses > len(lines)


def own_lists(given, build, output):
    """The file of addresses, and the text, that the user's file stands for."""
    if not given.corpus:
        return None, None
    if is_list(given.corpus):
        return os.path.abspath(given.corpus), os.path.abspath(given.corpus)
    found = output / 'corpus.txt'
    with open(found, 'wb') as out:
        done = subprocess.run([build / 'simdinet', 'extract', given.corpus], stdout=out, check=False)
    if done.returncode > 1:
        raise programs.Failure(f'the addresses of {given.corpus} could not be extracted')
    return (found if done.returncode == 0 else None), os.path.abspath(given.corpus)


def measure(given, output, results):
    build = Path(given.build)
    families = FAMILIES if given.family == 'all' else (given.family,)
    addresses, text = own_lists(given, build, output)
    on_addresses = [f for f in families if f in ('parse', 'format', 'column', 'lines')]
    if given.corpus:
        if addresses:
            programs.Bench(build, given.quick, addresses, output).run(results, on_addresses)
        if 'scan' in families:
            programs.Bench(build, given.quick, text, output).run(results, ['scan'])
    else:
        programs.Bench(build, given.quick, None, output).run(results, families)
        if {'parse', 'format'} & set(families):
            python_peers.run(results, build / 'bench', families, given.quick)
        if on_addresses:
            counted = Results()
            instructions.run(counted, build / 'bench', given.build_arm, platform.machine())
            results.context.update(counted.context)
            for measurement in counted:
                if measurement.family in families:
                    results.add(measurement)
    if 'scan' in families:
        size = '8M' if given.quick else '64M'
        kinds = ('web',) if given.quick else ('web', 'firewall', 'json', 'zeek')
        logs = [('yours', text)] if text else [
            (kind, build / 'bench' / f'{kind}-{size}.log') for kind in kinds]
        commands.run(results, str(build / 'simdinet'), logs, given.quick)


def describe(results, given):
    context = results.context
    context.pop('executable', None)  # a path of this machine
    context.pop('host_name', None)
    context.pop('library_build_type', None)
    context['virtual'] = 'hypervisor' in Path('/proc/cpuinfo').read_text(encoding='utf-8').split() \
        if Path('/proc/cpuinfo').exists() else False
    context['mode'] = 'quick' if given.quick else 'full'
    done = subprocess.run(['git', '-C', given.root, 'describe', '--always', '--dirty'],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        context['commit'] = done.stdout.strip()


def main():
    given = arguments()
    old = Results.load(given.compare) if given.compare else None
    if given.check:
        return 0
    output = Path(given.output or Path(given.root) / 'build' / 'bench-report')
    output.mkdir(parents=True, exist_ok=True)
    results = Results()
    if given.sources:
        for source in given.sources:
            results.merge(Results.load(source))
    else:
        try:
            measure(given, output, results)
        finally:  # what was measured before something failed took its time, too
            describe(results, given)
            results.save(output / 'results.json')
    (output / 'results.csv').write_text(results.csv(), encoding='utf-8')

    verdicts, not_run = goals.judge(results)
    table.print_all(results, verdicts, not_run)
    drawn = {}
    if gnuplot.installed():
        drawn = pictures.draw_all(results, output)
    else:
        print('\nthere is no gnuplot, and so there are no pictures')
    (output / 'report.html').write_text(page.page(results, drawn, verdicts, not_run),
                                        encoding='utf-8')
    print(f'\nreport: {output / "report.html"}, with results.json, results.csv and the pictures '
          'beside it')
    if given.publish:
        readme.publish(results, drawn, verdicts, not_run, Path(given.root))
    status = 0
    for m in results.wrong():
        print(f'WRONG: {"/".join(m.key)} {m.note}', file=sys.stderr)
        status = 1
    if old is not None:
        comparison = compare.compare(old, results)
        print()
        print('\n'.join(compare.show(comparison)))
        status = 1 if comparison.slower else status
    return status


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (programs.Failure, ValueError, OSError, RuntimeError) as error:
        print(f'bench.sh: {error}', file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
