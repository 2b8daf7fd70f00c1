# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The report of a run in plain text."""

import statistics

from .results import FAMILIES, label

# How a text goes by is in GB/s, and so is a swap; all else in units an item.
IN_BYTES = ('scan_', 'command_', 'swap')


def in_bytes(operation):
    return operation.startswith(IN_BYTES)


def figure(measurement, ratio=None, places=None):
    """A measurement in words: its figure, and how often it fits into its baseline's."""
    if measurement is None:
        return '-'
    if in_bytes(measurement.operation):
        value = f'{measurement.gigabytes:.2f}'
    elif measurement.unit == 'instructions':
        value = f'{measurement.min:.0f}'
    else:
        value = f'{measurement.min:.2f}' if measurement.min < 1000 else f'{measurement.min:.0f}'
    if ratio:
        digits = places if places is not None else 1 if ratio >= 1.95 else 2
        value += f' ({ratio:.{digits}f}x)'
    return value


def head(results):
    """(what, words) of the machine, the build and the run."""
    context = results.context
    caches = ', '.join(f'L{cache["level"]} {size_text(cache["size"])}'
                       for cache in context.get('caches', []) if cache['type'] != 'Instruction')
    rounds = [len(m.rounds) for m in results if m.unit == 'ns']
    spread = {m.key: m.spread for m in results
              if m.statistic == 'average' and len(m.rounds) > 1}
    if 'simdinet' in context:
        yield 'simdinet', version(context)
    virtual = ', a virtual machine' if context.get('virtual') else ''
    processors = f'{context.get("num_cpus", "?")} processors'
    yield 'machine', ', '.join(filter(None, (  # a virtual machine may keep its caches to itself
        f'{context.get("processor", "unknown")}{virtual}', processors, caches)))
    yield 'system', (f'{context.get("kernel", "unknown")}, {context.get("libc", "unknown")}, '
                     f'active row {context.get("row", "unknown")}')
    yield 'compiler', context.get('compiler', 'unknown')
    load = context.get('load_avg')
    yield 'measured', context.get('date', 'unknown') + (
        f', load {load[0]:.1f} at the start' if load else '')
    if rounds:
        yield 'rounds', (f'{max(set(rounds), key=rounds.count)} of most, {min(rounds)} at least; '
                         'interleaved, most of them in three processes; the fastest counts')
    if spread:
        worst = max(spread, key=spread.get)
        yield 'noise', (f'the usual round is {statistics.median(spread.values()):.0%} slower than the '
                        f'fastest, {spread[worst]:.0%} at worst ({"/".join(worst[:3])})')
    if 'clock' in context:
        yield 'single calls', f'{context["clock"]}, in steps of {context["clock_step"]:.1f} ns'
    peers = [f'{label(name)} {version}' for name, version in entries(context, 'baseline')]
    if peers:
        yield 'peers', ', '.join(peers)
    missing = [f'{name} ({package})' for name, package in entries(context, 'missing')]
    yield 'missing', ', '.join(missing) or 'nothing'


def version(context):
    return context.get('simdinet', '?') + (f' at {context["commit"]}' if 'commit' in context else '')


def entries(context, kind):
    """(name, text) of what the context holds of a kind."""
    return sorted((key[len(kind) + 1:], text) for key, text in context.items()
                  if key.startswith(kind + ' '))


def size_text(size):
    return f'{size >> 20}M' if size >= 1 << 20 else f'{size >> 10}K'


def print_head(results):
    print('ns per item unless GB/s is said (times faster than the first baseline)')
    for name, text in head(results):
        print(f'  {name:13}{text}')


def lines_of(measurements):
    """The lines of an operation's table: a corpus each, of single calls and commands a statistic."""
    return list(dict.fromkeys((m.corpus, m.statistic) for m in measurements))


def grid(results, operation):
    """The table of an operation: its head, and its lines of cells."""
    measurements = results.select(operation)
    candidates = list(dict.fromkeys(m.candidate for m in measurements))
    by_place = {(m.corpus, m.statistic, m.candidate): m for m in measurements}
    rows = []
    for corpus, statistic in lines_of(measurements):
        line = [by_place.get((corpus, statistic, name)) for name in candidates]
        cells = []
        for m in line:
            text = figure(m, results.ratio(m) if m else None)
            cells.append(text if m is None or m.right else f'WRONG {text}')
        spread = max(m.spread for m in line if m)
        rows.append([corpus if statistic == 'average' else f'{corpus} {statistic}', *cells,
                     f'{spread:.0%}'])
    return [label(name, results.context) for name in candidates], rows


def print_operation(results, operation):
    names, rows = grid(results, operation)
    title = results.context.get(f'operation {operation}', '')
    print(f'\n{operation}' + (f': {title}' if title else '')
          + (', GB/s' if in_bytes(operation) else ''))
    table = [['', *names, 'noise'], *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print(f'  {row[0]:{max(widths[0], 9)}}' + ''.join(
            f'  {text:>{width}}' for text, width in zip(row[1:], widths[1:])))


def corpora(context):
    """(name, description, counts, lengths) of each corpus; lengths are (length, count) pairs."""
    for name, text in entries(context, 'corpus'):
        description, counted = text.rsplit('; ', 1)
        counts = dict(pair.split('=') for pair in counted.split())
        lengths = [tuple(map(int, pair.split(':'))) for pair in counts.pop('lengths').split(',')]
        yield name, description, counts, lengths


def corpus_words(counts, lengths):
    texts = int(counts['texts'])
    mean = sum(length * count for length, count in lengths) / texts
    names = {'gap': 'with ::', 'mapped': 'IPv4-mapped', 'upper': 'upper case', 'invalid': 'invalid'}
    return '; '.join([f'{texts} texts of {lengths[0][0]} to {lengths[-1][0]} bytes, {mean:.1f} on '
                      'average'] + [f'{share} % {names[what]}' for what, share in counts.items()
                                    if what in names and float(share) > 0])


def print_corpora(context):
    print(f'\ncorpora, of the seed {context.get("seed", "?")}')
    for name, description, counts, lengths in corpora(context):
        print(f'  {name:16}{description}; {corpus_words(counts, lengths)}')


def print_goals(verdicts, not_run):
    print('\ngoals: times faster than what they are measured against, or GB/s')
    widths = [max((len(v.goal.key[i]) for v in verdicts), default=0) + 2 for i in range(3)]
    print(f'  {"":{sum(widths)}}{"against":20}{"measured":>9}{"required":>9}{"goal":>6}')
    for v in verdicts:
        names = ''.join(f'{part:{width}}' for part, width in zip(v.goal.key, widths))
        print(f'  {names}{v.goal.against:20}{v.measured:>9.2f}{v.goal.required:>9g}{v.goal.wish:>6}  '
              f'{v.words}')
    missed = sum(not v.met for v in verdicts)
    print(f'  {len(verdicts) - missed} met, {missed} missed, {not_run} not run here')


def print_all(results, verdicts, not_run):
    print_head(results)
    order = {family: place for place, family in enumerate(('', *FAMILIES))}
    operations = results.operations()
    for operation in sorted(operations, key=lambda name: order.get(
            next(iter(results.select(name))).family, 99)):
        print_operation(results, operation)
    print_corpora(results.context)
    if verdicts:
        print_goals(verdicts, not_run)
