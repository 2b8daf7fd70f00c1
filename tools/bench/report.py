# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The report of a run: its table as CSV and as Markdown, the plots, and the table of README.md."""
import csv
import json
import shutil
import statistics
import subprocess
from pathlib import Path

FAMILIES = ('parse', 'format', 'column', 'lines', 'scan', 'socket', 'swap', 'lookup')
IMPLEMENTATIONS = ('scalar', 'sse42', 'avx2', 'avx512', 'neon')
OWN = (*IMPLEMENTATIONS, 'simdinet', 'stale')
# What a candidate is compared with: the first of these that was measured with it.
BASELINES = ('libc', 'loop-O2', 'Hyperscan', 'one-thread', 'one-file', 'ripgrep', 'pipeline',
             'mawk', 'grepcidr', 'rte_lpm', 'rte_fib6', 'parse', 'memcpy')
LABELS = {'scalar': 'scalar', 'sse42': 'SSE4.2', 'avx2': 'AVX2', 'avx512': 'AVX-512', 'neon': 'NEON',
          'table': 'lookup table'}
COLUMNS = ('operation', 'corpus', 'n', 'candidate', 'statistic', 'unit', 'min', 'median',
           'gigabytes_per_second', 'repetitions', 'result')
FOLDER, CORPUS = 'docs/bench', 'realistic'
BEGIN = '<!-- Written by tools/bench.sh --publish, up to the next mark. -->'
END = '<!-- End of the benchmark table. -->'
SUMMARY = (('parse_ipv4', 'parse one IPv4'), ('parse_ipv6', 'parse one IPv6'),
           ('format_ipv4', 'format one IPv4'), ('format_ipv6', 'format one IPv6'),
           ('column_ipv4', 'parse an IPv4 column'), ('column_ipv6', 'parse an IPv6 column'),
           ('lines_ipv4', 'parse IPv4 lines'), ('lines_ipv6', 'parse IPv6 lines'),
           ('format_lines_ipv4', 'format IPv4 lines'), ('format_lines_ipv6', 'format IPv6 lines'))
# name: the script of bench/plots, its panels, and whether it shows GB/s instead of ns. Panels of bars are
# operation|corpus|statistic, others an operation.
PLOTS = {
    'one': ('bars', ' '.join(f'{name}_ipv{family}|realistic|average' for name in ('parse', 'format')
                             for family in (4, 6)), '0'),
    'many': ('bars', ' '.join(f'{name}_ipv{family}|realistic|average' for name in
                              ('lines', 'column', 'format_lines') for family in (4, 6)), '0'),
    'scan': ('bars', 'command_extract|web|wall scan_both|web|average '
                     'command_extract|zeek|wall scan_both|zeek|average', '1'),
    'by-number': ('curves', 'lines_ipv4_curve lines_ipv6_curve format_lines_ipv4_curve '
                            'format_lines_ipv6_curve', '0'),
    'by-size': ('curves', 'swap32_curve scan_both_curve', '1'),
    'latency': ('latency', 'parse_ipv4_latency parse_ipv6_latency format_ipv4_latency '
                           'format_ipv6_latency', '0'),
}


class Failure(Exception):
    """A measurement that could not be made."""


# ---- results.json --------------------------------------------------------------------------------

def entry(name, nanoseconds, n=1, right=True, unit='ns', gigabytes=None, note=''):
    """One repetition in Google Benchmark's format, of one item."""
    made = {'name': name, 'run_name': name, 'run_type': 'iteration', 'iterations': 1,
            'real_time': nanoseconds, 'cpu_time': nanoseconds, 'time_unit': 'ns', 'n': n,
            'items_per_second': 1e9 / nanoseconds, 'label': 'right' if right else f'WRONG {note}'.rstrip()}
    if unit != 'ns':
        made['unit'] = unit
    if gigabytes:
        made['bytes_per_second'] = 1e9 * gigabytes
    return made


def repetitions(document):
    """A program's document without aggregates, its benchmarks named as they were registered."""
    kept = [benchmark for benchmark in document['benchmarks']
            if benchmark['run_type'] == 'iteration' and not benchmark.get('error_occurred')]
    for benchmark in kept:
        benchmark['name'] = benchmark['run_name'] = '/'.join(benchmark['run_name'].split('/')[:3])
    # Repetitions are interleaved; the order of registration is that of the report.
    kept.sort(key=lambda benchmark: benchmark['family_index'])
    return {'context': document['context'], 'benchmarks': [
        {key: value for key, value in benchmark.items() if 'index' not in key} for benchmark in kept]}


def grouped(results):
    groups = {}
    for benchmark in results['benchmarks']:
        if benchmark['run_type'] == 'iteration':
            groups.setdefault(benchmark['name'], []).append(benchmark)
    return groups


def save(results, path):
    """Writes the repetitions, and their medians for compare.py."""
    medians = [{'name': f'{name}_median', 'run_name': name, 'run_type': 'aggregate',
                'aggregate_name': 'median', 'time_unit': group[0]['time_unit'],
                **{time: statistics.median(benchmark[time] for benchmark in group)
                   for time in ('real_time', 'cpu_time')}}
               for name, group in grouped(results).items()]
    path.write_text(json.dumps({**results, 'benchmarks': [
        b for b in results['benchmarks'] if b['run_type'] == 'iteration'] + medians}, indent=1) + '\n',
        encoding='utf-8')


def load(path):
    try:
        results = json.loads(Path(path).read_text(encoding='utf-8'))
        if 'simdinet' not in results['context'] or not grouped(results):
            raise ValueError('it has no results of simdinet')
        return results
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f'{path} holds no results of this benchmark: {error}') from error


def merge(documents):
    merged = {'context': {}, 'benchmarks': []}
    for document in documents:
        merged['context'] = {**document['context'], **merged['context']}
        merged['benchmarks'] += document['benchmarks']
    return merged


def family_of(operation):
    """The family of an operation; None for the empty call."""
    prefixes = {'pton': 'parse', 'ntop': 'format', 'command': 'scan', 'truncate': 'lookup', 'classify': 'lookup'}
    word = operation.split('_')[0]
    return next((family for family in FAMILIES if prefixes.get(word, word).startswith(family)),
                'socket' if word.startswith('get') else None)


def missing(old, new):
    """The own benchmarks of the older run that the new one has not, of the families that it has."""
    names = {name for name in grouped(old) if name.split('/')[2] in OWN} - set(grouped(new))
    measured = {family_of(name.split('/')[0]) for name in grouped(new)}
    return sorted(name for name in names if family_of(name.split('/')[0]) in measured)


def slower(difference, limit):
    """The own benchmarks of compare.py's report whose median rose by more than the limit and, by its U
    test, not by chance. What their baseline has become slower by is the machine's and is taken out."""
    changes = {item['name'].removesuffix('_median'): 1 + item['measurements'][0]['cpu']
               for item in difference if item['aggregate_name'] == 'median'}
    found = []
    for item in difference:
        operation, corpus, candidate, *statistic = (item['name'].split('/') + ['', ''])[:4]
        change = changes.get(item['name'])
        if item['run_type'] != 'iteration' or candidate not in OWN or change is None or \
                statistic[0].startswith('p'):
            continue
        suffix = '/'.join(['', *filter(None, statistic)])
        machine = next((changes[name] for name in (f'{operation}/{corpus}/{base}{suffix}'
                                                   for base in BASELINES) if name in changes), 1)
        exact = operation.endswith('_instructions')
        chance = 0 if exact else (item['utest'] or {}).get('cpu_pvalue', 1)
        if change / machine > 1 + (0.01 if exact else limit) and (chance < 0.05 or limit > 0.1):
            found.append(f'{item["name"]}: {change / machine:.2f} times as long')
    return found


# ---- the table -----------------------------------------------------------------------------------

def rows(results):
    """A dictionary of strings for each benchmark: units are ns an item, or instructions."""
    table = []
    for name, group in grouped(results).items():
        operation, corpus, candidate, statistic = (name.split('/') + ['average'])[:4]
        times = [1e9 / benchmark['items_per_second'] for benchmark in group]
        speed = max(benchmark.get('bytes_per_second', 0) for benchmark in group) / 1e9
        labels = [benchmark['label'] for benchmark in group]
        table.append(dict(zip(COLUMNS, (
            operation, corpus, str(int(group[0]['n'])), candidate, statistic, group[0].get('unit', 'ns'),
            f'{min(times):.3f}', f'{statistics.median(times):.3f}', f'{speed:.3f}' if speed else '',
            str(len(group)), next((label for label in labels if label != 'right'), 'right')))))
    return table


def write_csv(table, path):
    with open(path, 'w', encoding='utf-8', newline='') as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator='\n')
        writer.writeheader()
        writer.writerows(table)


def read_csv(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def find(table, operation, corpus, candidate, statistic='average'):
    return next((row for row in table if (row['operation'], row['corpus'], row['candidate'],
                                          row['statistic']) == (operation, corpus, candidate, statistic)), None)


def ratio(table, row):
    """How many times faster than its baseline; None where there is none."""
    for name in BASELINES:
        base = find(table, row['operation'], row['corpus'], name, row['statistic'])
        if base:
            return None if base is row else float(base['min']) / float(row['min'])
    return None


def number(value):
    return f'{value:,.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}'


def cell(table, row):
    if row is None:
        return ''
    speed = row['operation'].startswith(('scan_', 'command_', 'swap')) and row['gigabytes_per_second']
    text = number(float(row['gigabytes_per_second' if speed else 'min']))
    times = ratio(table, row)
    text += f' ({times:.1f}x)' if times else ''
    return text if row['result'] == 'right' else f'{text} {row["result"]}'


def label(candidate):
    return LABELS.get(candidate, candidate)


def grid(head, lines):
    yield '| ' + ' | '.join(head) + ' |'
    yield '|---|' + '---:|' * (len(head) - 1)
    for line in lines:
        yield '| ' + ' | '.join(line) + ' |'


def described(context, table):
    """(name, text) of the machine, the build and the run."""
    def entries(kind):
        return sorted((key.removeprefix(kind), text) for key, text in context.items() if key.startswith(kind))
    caches = ', '.join(f'L{cache["level"]} {cache["size"] >> 10}K' for cache in context.get('caches', [])
                       if cache['type'] != 'Instruction')
    yield 'simdinet', ' at '.join(filter(None, (context.get('simdinet', '?'), context.get('commit'))))
    yield 'machine', ', '.join(filter(None, (context.get('processor'),
                                             f'{context.get("num_cpus", "?")} processors', caches)))
    yield 'system', f'{context.get("kernel")}, {context.get("libc")}'
    yield 'compiler', context.get('compiler', 'unknown')
    yield 'measured', context.get('date', 'unknown') + (', quick' if context.get('mode') == 'quick' else '')
    counts = [int(row['repetitions']) for row in table if row['unit'] == 'ns']
    if counts:
        yield 'repetitions', f'{statistics.mode(counts)} of most, {min(counts)} at least, interleaved'
    yield 'others', ', '.join(f'{label(name)} {text}' for name, text in entries('baseline ')) or 'none'
    yield 'missing', ', '.join(f'{name} ({text})' for name, text in entries('missing ')) or 'nothing'
    yield from ((f'operation {name}', text) for name, text in entries('operation '))
    yield from ((f'corpus {name}', text) for name, text in entries('corpus '))


def markdown(context, table):
    """Every result. context: as described, or its lines."""
    about = dict(context if isinstance(context, list) else described(context, table))
    lines = ['# Benchmark results', '',
             'Nanoseconds an item (an address; a kilobyte of byte swaps and commands) in the fastest',
             'repetition, or GB/s for texts, commands and byte swaps. In brackets: how many times faster than',
             'the first baseline, libc where it has the function. Every result was compared with that of libc,',
             'or with the list of addresses that the log generator writes; WRONG marks a difference.', '']
    lines += [f'- {name}: {text}' for name, text in about.items() if ' ' not in name]
    lines += ['', *(f'![{name}]({name}.svg)' for name in PLOTS)]
    for operation in dict.fromkeys(row['operation'] for row in table):
        own = [row for row in table if row['operation'] == operation]
        candidates = list(dict.fromkeys(row['candidate'] for row in own))
        lines += ['', f'## {operation}', '', *filter(None, [about.get(f'operation {operation}')]), '']
        places = dict.fromkeys((row['corpus'], row['statistic']) for row in own)
        lines += grid(['', *map(label, candidates)],
                      [[corpus if statistic == 'average' else f'{corpus}, {statistic}',
                        *(cell(own, find(own, operation, corpus, name, statistic)) for name in candidates)]
                       for corpus, statistic in places])
    lines += ['', '## Corpora', '']
    lines += [f'- {name.removeprefix("corpus ")}: {text}' for name, text in about.items()
              if name.startswith('corpus ')]
    return '\n'.join(lines) + '\n'


def plot(scripts, folder):
    """Draws folder/NAME.svg of folder/results.csv, with the panels that were measured."""
    if not shutil.which('gnuplot'):
        print('no plots: gnuplot is not installed')
        return
    present = {(row['operation'], row['corpus'], row['statistic']) for row in read_csv(folder / 'results.csv')}
    for name, (script, panels, gigabytes) in PLOTS.items():
        shown = [panel for panel in panels.split()
                 if any(tuple(panel.split('|')) == key[:panel.count('|') + 1] for key in present)]
        if not shown:
            continue
        variables = {'csv': 'results.csv', 'output': f'{name}.svg', 'panels': ' '.join(shown),
                     'gigabytes': gigabytes}
        done = subprocess.run(['gnuplot', '-e', '; '.join(f"{key}='{value}'" for key, value in variables.items()),
                               (scripts / f'{script}.gp').resolve()], cwd=folder, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise Failure(f'gnuplot, {name}: {done.stderr}')


# ---- docs/bench and README.md --------------------------------------------------------------------

def summary(about, table):
    """The lines of README.md between the marks."""
    about = dict(about)
    present = [name for name in IMPLEMENTATIONS if find(table, 'parse_ipv4', CORPUS, name)]

    def best_other(operation):
        others = [row for row in table if (row['operation'], row['corpus'], row['statistic'], row['result'])
                  == (operation, CORPUS, 'average', 'right') and row['candidate'] not in (*OWN, 'libc')]
        best = min(others, key=lambda row: float(row['min']), default=None)
        return f'{label(best["candidate"])} {cell(table, best)}' if best else ''

    yield from grid(['ns per address', 'libc', 'best other library', *map(label, present)],
                    [[title, cell(table, find(table, operation, CORPUS, 'libc')), best_other(operation),
                      *(cell(table, find(table, operation, CORPUS, name)) for name in present)]
                     for operation, title in SUMMARY])
    commands = [row for row in table if (row['operation'], row['statistic']) == ('command_extract', 'wall')]
    logs = list(dict.fromkeys(row['corpus'] for row in commands))
    if commands:
        yield ''
        names = list(dict.fromkeys(row['candidate'] for row in commands))
        yield from grid(['GB/s, extracting the addresses of a log',
                         *('simdinet extract' if name == 'simdinet' else name for name in names)], [
            [log, *(found and number(float(found['gigabytes_per_second'])) + found['result'].replace(
                'right', '').replace('WRONG ', '; ') or '' for found in (
                    find(commands, 'command_extract', log, name, 'wall') for name in names))]
            for log in logs])
    yield ''
    yield ('In parentheses: the speedup over libc. Commands run with one thread; false: reported, but not an address '
           'of the log; missed: an address of the log that is not reported.')
    yield f'{about["machine"]}; {about["system"]}; {about["compiler"]}; {about["measured"].split("T")[0]}.'
    yield f'`tools/bench.sh` measures your machine; [results.md]({FOLDER}/results.md) has all results.'


def put(text, lines):
    """The text of README.md with lines between the marks."""
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise ValueError('README.md has no marks for the benchmark table')
    return text[:begin + len(BEGIN)] + '\n\n' + '\n'.join(lines) + '\n\n' + text[end:]


def read_about(path):
    return [tuple(part.strip() for part in line.split(':', 1))
            for line in path.read_text(encoding='utf-8').splitlines() if ':' in line]


def write_pages(root):
    """Writes results.md, the plots and README.md from docs/bench/results.csv and run.txt."""
    folder = root / FOLDER
    about, table = read_about(folder / 'run.txt'), read_csv(folder / 'results.csv')
    (folder / 'results.md').write_text(markdown(about, table), encoding='utf-8')
    plot(root / 'bench/plots', folder)
    readme = root / 'README.md'
    readme.write_text(put(readme.read_text(encoding='utf-8'), summary(about, table)), encoding='utf-8')


def publish(output, root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(output / 'results.csv', folder)
    context = json.loads((output / 'results.json').read_text(encoding='utf-8'))['context']
    table = read_csv(folder / 'results.csv')
    (folder / 'run.txt').write_text(''.join(f'{name}: {text}\n' for name, text in described(context, table)),
                                    encoding='utf-8')
    write_pages(root)
    print(f'published: README.md, {FOLDER}')
