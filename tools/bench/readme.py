# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The part of README.md that tells what was measured: written from the table of one run.

The table is committed beside the pictures, as docs/bench/results.csv, what was measured on as
docs/bench/run.txt, and which of the speeds that are asked for were met as docs/bench/goals.md. A test
writes this part again from the first two and compares.
"""

import shutil

from . import table
from .bars import number
from .results import OWN, ROWS, label, read_csv

BEGIN = '<!-- The part up to the next mark is written by tools/bench.sh --publish. -->'
END = '<!-- Here it ends. -->'
FOLDER = 'docs/bench'
CORPUS = 'realistic'

OPERATIONS = (('parse_ipv4', 'parse one IPv4'), ('parse_ipv6', 'parse one IPv6'),
              ('format_ipv4', 'format one IPv4'), ('format_ipv6', 'format one IPv6'),
              ('column_ipv4', 'parse an IPv4 column'), ('column_ipv6', 'parse an IPv6 column'),
              ('lines_ipv4', 'parse IPv4 lines'), ('lines_ipv6', 'parse IPv6 lines'),
              ('format_lines_ipv4', 'format IPv4 lines'),
              ('format_lines_ipv6', 'format IPv6 lines'))
SHOWN = {'one': 'nanoseconds for one address, each kernel beside other libraries',
         'many': 'nanoseconds an address in columns and lines, each kernel',
         'scan': 'GB/s of log, commands and engines'}
LINKED = {'by-number': 'by the number of addresses in a call', 'by-size': 'by the size of the data',
          'latency': 'single calls'}
PICTURES = (*SHOWN, *LINKED)


def _find(rows, operation, candidate, corpus=CORPUS, statistic='average'):
    return next((row for row in rows if (row['operation'], row['candidate'], row['corpus'],
                                         row['statistic'])
                 == (operation, candidate, corpus, statistic)), None)


def _cell(row):
    if row is None:
        return ''
    ratio = f' ({float(row["ratio"]):.1f}x)' if row['ratio'] else ''
    return number(float(row['min'])) + ratio


def _best_peer(rows, operation):
    peers = [row for row in rows if row['operation'] == operation and row['corpus'] == CORPUS
             and row['statistic'] == 'average' and row['candidate'] not in (*OWN, 'libc')
             and row['result'] == 'right']
    best = min(peers, key=lambda row: float(row['min']), default=None)
    return f'{label(best["candidate"])} {_cell(best)}' if best else ''


def _table(rows):
    present = [name for name in ROWS if _find(rows, 'parse_ipv4', name)]
    yield '| ns an address | libc | best other library measured | ' + ' | '.join(map(label, present)) + ' |'
    yield '|---|---:|---:|' + '---:|' * len(present)
    for operation, title in OPERATIONS:
        cells = [_cell(_find(rows, operation, 'libc')), _best_peer(rows, operation)]
        cells += [_cell(_find(rows, operation, name)) for name in present]
        yield f'| {title} | ' + ' | '.join(cells) + ' |'


def _commands(rows):
    found = [row for row in rows if row['operation'] == 'command_extract'
             and row['statistic'] == 'processor']
    logs = list(dict.fromkeys(row['corpus'] for row in found))
    if not found:
        return
    yield '| GB/s, every address of a log | ' + ' | '.join(logs) + ' |'
    yield '|---|' + '---:|' * len(logs)
    for name in dict.fromkeys(row['candidate'] for row in found):
        cells = []
        for log in logs:
            row = _find(found, 'command_extract', name, log, 'processor')
            wrong = row['result'].removeprefix('WRONG') if row else ''
            cells.append('' if row is None else f'{float(row["gigabytes_per_second"]):.2f}' + (
                f';{wrong}' if row['result'].startswith('WRONG') else ''))
        yield f'| {"simdinet extract" if name == "simdinet" else name} | ' + ' | '.join(cells) + ' |'


def render(rows, run, pictures):
    """The lines between the marks. rows: of the CSV; run: (what, words) of the machine."""
    run = dict(run)
    lines = [f'Measured on {run["machine"]}, {run["system"].split(", active")[0]}, '
             f'{run["compiler"]}, on {run["measured"].split("T")[0]}, on the corpus "{CORPUS}". In '
             'brackets: how many times faster than libc in the same run.']
    if not run['rounds'].startswith('30 '):
        lines[0] += ' These were few and short rounds: a first look only.'
    lines += ['', *_table(rows), '']
    commands = list(_commands(rows))
    if commands:
        lines += ['Whole commands with one thread, from the page cache, by processor time; the '
                  'others with a pattern for four octets up to 255 or an IPv6 address. What is '
                  'wrong in an output stands beside the figure:', '', *commands, '']
    for name, alt in SHOWN.items():
        if name in pictures:
            lines += [f'![{alt}]({FOLDER}/{name}.svg)', '']
    more = [f'[{text}]({FOLDER}/{name}.svg)' for name, text in LINKED.items() if name in pictures]
    if more:
        lines.append(f'More pictures: {", ".join(more)}.')
    lines.append(f'Every figure is a row of [results.csv]({FOLDER}/results.csv), of the run that '
                 f'[run.txt]({FOLDER}/run.txt) describes; [CONTRIBUTING.md](CONTRIBUTING.md) tells how '
                 f'to read them. Of the speeds that we ask for, {run["goals"]}: '
                 f'[goals.md]({FOLDER}/goals.md) has each.')
    return lines


def tell_goals(verdicts):
    """The page of the speeds that are asked for, as lines; those that were missed come first."""
    yield '# The speeds that are asked for'
    yield ''
    yield 'What `tools/bench/goals.tsv` asks for, and what the run that [run.txt](run.txt) describes measured:'
    yield 'how many times faster a candidate is than what stands under "against", or GB/s. Written by'
    yield '`tools/bench.sh --publish`.'
    for title, shown in (('Missed', [v for v in verdicts if not v.met]),
                         ('Met', [v for v in verdicts if v.met])):
        yield ''
        yield f'## {title}: {len(shown)}'
        yield ''
        yield '| operation | corpus | candidate | against | measured | required | goal | |'
        yield '|---|---|---|---|---:|---:|---:|---|'
        for v in shown:
            yield '| ' + ' | '.join((*v.goal.key, v.goal.against, f'{v.measured:.3g}',
                                     f'{v.goal.required:g}', v.goal.wish, v.words)) + ' |'


def read_run(path):
    """(what, words) from the lines of run.txt."""
    return [tuple(part.strip() for part in line.split(':', 1))
            for line in path.read_text(encoding='utf-8').splitlines() if ':' in line]


def put(text, lines):
    """The README's text with lines between the marks; raises ValueError where there are none."""
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise ValueError('README.md has not the marks that the figures belong between')
    return text[:begin + len(BEGIN)] + '\n\n' + '\n'.join(lines) + '\n\n' + text[end:]


def publish(results, drawn, verdicts, not_run, root):
    """Writes docs/bench and the README's part of a run."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob('*.svg'):
        old.unlink()
    for name in PICTURES:
        if name in drawn:
            shutil.copy(drawn[name], folder / f'{name}.svg')
    (folder / 'results.csv').write_text(results.csv(), encoding='utf-8')
    met = sum(v.met for v in verdicts)
    goals = f'{met} were met, {len(verdicts) - met} were missed, {not_run} were not measured'
    (folder / 'run.txt').write_text(''.join(
        f'{name}: {text}\n' for name, text in (*table.head(results), ('goals', goals))), encoding='utf-8')
    (folder / 'goals.md').write_text('\n'.join(tell_goals(verdicts)) + '\n', encoding='utf-8')
    readme = root / 'README.md'
    lines = render(read_csv(folder / 'results.csv'), read_run(folder / 'run.txt'),
                   [name for name in PICTURES if name in drawn])
    readme.write_text(put(readme.read_text(encoding='utf-8'), lines), encoding='utf-8')
    print(f'published: README.md, {FOLDER}')
