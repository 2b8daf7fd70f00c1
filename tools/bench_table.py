#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Prints the results of the benchmark programs as one table: bench_table.py GOALS RESULT.json...

A result is named operation/corpus/candidate. Of each candidate the fastest round counts, in
processor time: what other programs do to a round only ever makes it slower.
"""

import json
import os
import statistics
import sys
from pathlib import Path

BASELINE = 'libc'


class Result:
    """One candidate of one operation on one corpus, all its rounds."""

    def __init__(self):
        self.rounds = []  # ns per item
        self.gigabytes = 0.0  # per second, in the fastest round
        self.wrong = False

    def add(self, entry):
        self.rounds.append(1e9 / entry['items_per_second'])
        self.gigabytes = max(self.gigabytes, entry.get('bytes_per_second', 0) / 1e9)
        self.wrong = self.wrong or entry.get('label', '').startswith('WRONG')

    @property
    def ns(self):
        return min(self.rounds)

    @property
    def noise(self):
        """How far the usual round lies above the fastest."""
        return statistics.median(self.rounds) / self.ns - 1


def read(paths):
    """Returns the contexts of all files as one, and the results by operation, corpus, candidate."""
    context, results = {}, {}
    for path in paths:
        report = json.loads(Path(path).read_text(encoding='utf-8'))
        context.update(report['context'])
        # Rounds are interleaved; the order of registration is that of the families.
        for entry in sorted(report['benchmarks'], key=lambda entry: entry['family_index']):
            if entry['run_type'] == 'iteration' and not entry.get('error_occurred'):
                key = tuple(entry['run_name'].split('/')[:3])
                results.setdefault(key, Result()).add(entry)
    return context, results


def print_head(context, results):
    caches = [f'L{cache["level"]} {cache["size"] // 1024}K'
              for cache in context['caches'] if cache['type'] != 'Instruction']
    rounds = [len(result.rounds) for result in results.values()]
    noise = {key: result.noise for key, result in results.items()}
    worst = max(noise, key=noise.get)
    commit = f' at {context["commit"]}' if 'commit' in context else ''
    print(f'simdinet {context["simdinet"]}{commit}, ns per item (times faster than {BASELINE})')
    for name, text in (
            ('machine', f'{context["processor"]}, {context["num_cpus"]} processors, '
                        + ', '.join(caches)),
            ('system', f'{context["kernel"]}, {context["libc"]}, active row {context["row"]}'),
            ('compiler', context['compiler']),
            ('measured', f'{context["date"]}, load {context["load_avg"][0]:.1f} at the start'
                         if context.get('load_avg') else context['date']),
            ('rounds', f'{min(rounds)} of each, interleaved; the fastest counts'),
            ('noise', f'the usual round is {statistics.median(noise.values()):.0%} slower than '
                      f'the fastest, {noise[worst]:.0%} at worst ({"/".join(worst)})')):
        print(f'  {name:9} {text}')


def print_operation(operation, title, results):
    candidates = list(dict.fromkeys(key[2] for key in results))
    in_bytes = operation.startswith('scan_')  # how fast a text goes by is in GB/s, not ns per item
    rows = [[''] + candidates + ['best GB/s', 'noise']]
    for corpus in dict.fromkeys(key[1] for key in results):
        line = {key[2]: result for key, result in results.items() if key[1] == corpus}
        gigabytes = max(0 if result.wrong else result.gigabytes for result in line.values())
        rows.append([corpus]
                    + [cell(line.get(name), line.get(BASELINE), in_bytes) for name in candidates]
                    + [f'{gigabytes:.2f}' if gigabytes else '-',
                       f'{max(result.noise for result in line.values()):.0%}'])
    print((f'\n{operation}: {title}' if title else f'\n{operation}') + (', GB/s' if in_bytes else ''))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print(f'  {row[0]:{max(widths[0], 9)}}' + ''.join(
            f'  {text:>{width}}' for text, width in zip(row[1:], widths[1:])))


def cell(result, base, in_bytes):
    if result is None:
        return '-'
    if result.wrong:
        return 'WRONG'
    figure = f'{result.gigabytes:.2f}' if in_bytes else f'{result.ns:.2f}'
    if base is None or result is base:
        return figure
    return f'{figure} ({base.ns / result.ns:.{2 if in_bytes else 1}f}x)'


def print_corpora(context):
    print(f'\ncorpora, of the seed {context["seed"]}')
    for name, text in sorted(context.items()):
        if not name.startswith('corpus '):
            continue
        description, counts = text.rsplit('; ', 1)
        counts = dict(pair.split('=') for pair in counts.split())
        lengths = [[int(part) for part in pair.split(':')]
                   for pair in counts.pop('lengths').split(',')]
        texts = int(counts.pop('texts'))
        mean = sum(length * count for length, count in lengths) / texts
        shares = [f'{share} % {what}' for what, share in counts.items() if float(share) > 0]
        print(f'  {name[len("corpus "):]:16}'
              + '; '.join([description, f'{texts} texts of {lengths[0][0]} to {lengths[-1][0]} '
                           f'bytes, {mean:.1f} on average'] + shares))


def read_goals(path):
    """Yields (key, key it is measured against, required, goal) for each goal.

    Where a goal is in GB/s there is no other key.
    """
    lines = [line.split('\t') for line in Path(path).read_text(encoding='utf-8').splitlines()
             if line and not line.startswith('#')]
    for operations, corpora, candidates, against, required, goal in lines[1:]:
        for operation in operations.split(','):
            for corpus in corpora.split(','):
                for candidate in candidates.split(','):
                    key = operation, corpus, candidate
                    other = None if against == 'GB/s' else tuple(
                        own if part == '=' else part
                        for own, part in zip(key, against.split('/')))
                    yield key, other, float(required), None if goal == '-' else float(goal)


def verdict(quotient, required, goal):
    if quotient < required:
        return f'MISSED: {quotient / required:.0%}'
    if goal is None:
        return 'met'
    return 'met, goal too' if quotient >= goal else f'met, goal: {quotient / goal:.0%}'


def print_goals(path, results):
    """What was not run, because of the family or the machine, is left out and counted."""
    goals = list(read_goals(path))
    run = [entry for entry in goals
           if entry[0] in results and (entry[1] is None or entry[1] in results)]
    missed = 0
    print('\ngoals: times faster than what they are measured against, or GB/s')
    widths = [max((len(key[i]) for key, *_ in run), default=0) + 2 for i in range(3)]
    print(f'  {"":{sum(widths)}}{"against":20}{"measured":>9}{"required":>9}{"goal":>6}')
    for key, other, required, goal in run:
        quotient = results[other].ns / results[key].ns if other else results[key].gigabytes
        wrong = results[key].wrong or bool(other) and results[other].wrong
        missed += wrong or quotient < required
        against = '/'.join(part for part, own in zip(other, key) if part != own) if other else 'GB/s'
        names = ''.join(f'{part:{width}}' for part, width in zip(key, widths))
        print(f'  {names}{against:20}{quotient:>9.2f}{required:>9g}'
              f'{"" if goal is None else goal:>6}  '
              + ('WRONG' if wrong else verdict(quotient, required, goal)))
    print(f'  {len(run) - missed} met, {missed} missed, {len(goals) - len(run)} not run here')


def main(goals, *paths):
    context, results = read(paths)
    if not results:
        sys.exit('bench_table: no results')
    print_head(context, results)
    for operation in dict.fromkeys(key[0] for key in results):
        print_operation(operation, context.get(f'operation {operation}'),
                        {key: result for key, result in results.items() if key[0] == operation})
    print_corpora(context)
    print_goals(goals, results)


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
