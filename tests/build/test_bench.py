# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The report of the benchmarks, from results written here: nothing is measured."""
import contextlib
import copy
import csv
import html.parser
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TOOLS = SOURCE / 'tools'
sys.path.insert(0, str(TOOLS))

from bench import compare, gnuplot, goals, instructions, page, pictures, programs  # noqa: E402
from bench import __main__ as main, commands, readme, table  # noqa: E402
from bench.results import COLUMNS, Measurement, Results, family_of, read_csv  # noqa: E402

CONTEXT = {
    'processor': 'Some <Processor>', 'num_cpus': 2, 'kernel': 'Linux 6', 'libc': 'glibc 2.36',
    'row': 'avx2', 'compiler': 'GNU 12.2.0, Release: -O3', 'simdinet': '0.1.0', 'seed': '1',
    'date': '2026-11-22T20:01:02+00:00', 'load_avg': [0.25, 0.1, 0.1],
    'caches': [{'type': 'Data', 'level': 1, 'size': 49152}, {'type': 'Unified', 'level': 2,
                                                             'size': 1048576}],
    'operation parse_ipv4': 'text & length to 4 bytes', 'baseline musl': '1.2.3',
    'missing c-ares': 'libc-ares-dev', 'clock': 'a clock', 'clock_step': 10.0,
    'corpus ipv4 random': 'uniform; texts=4 gap=0.00 mapped=0.00 upper=0.00 invalid=25.00 '
                          'lengths=7:1,9:3'}


def around(ns, spread=0.02):
    """Rounds whose fastest is ns and whose usual one lies that far above."""
    return [ns * (1 + spread), ns, ns * (1 + spread), ns * (1 + 2 * spread), ns * (1 + spread)]


def results(times=None, spread=0.02):
    """A small run; times: what differs from the usual, by candidate."""
    given = {'libc': 25.0, 'musl': 23.0, 'scalar': 13.0, 'sse42': 2.5, 'avx2': 2.0, **(times or {})}
    run = Results(copy.deepcopy(CONTEXT))
    for operation in ('parse_ipv4', 'parse_ipv6', 'format_ipv4', 'format_ipv6', 'lines_ipv4'):
        for name, ns in given.items():
            if ns:
                run.add(Measurement(operation, 'realistic', name, 1, around(ns, spread), gigabytes=0.5))
    for name, ns in (('loop-O2', 70.0), ('avx2', 7.0)):
        run.add(Measurement('swap32_curve', '64K', name, 16384, around(ns), gigabytes=1024 / ns))
        run.add(Measurement('swap32_curve', '4M', name, 1048576, around(ns), gigabytes=900 / ns))
    for statistic, share in (('p50', 1), ('p90', 1.5), ('p99', 2), ('p99.9', 9)):
        for operation, name, ns in (('call_latency', 'empty', 20), ('parse_ipv4_latency', 'libc', 50),
                                    ('parse_ipv4_latency', 'avx2', 30)):
            run.add(Measurement(operation, 'realistic', name, 1, around(ns * share), statistic))
    run.add(Measurement('command_extract', 'web', 'simdinet', 1000, [400.0], 'processor',
                        gigabytes=2.5))
    run.add(Measurement('command_extract', 'web', 'ripgrep', 1000, [4000.0], 'processor',
                        gigabytes=0.25, right=False, note='12 false'))
    return run


class TestComparing:
    def slower(self, old, new):
        return {change.measurement.candidate for change in compare.compare(old, new).slower}

    def test_the_same_is_not_slower(self):
        assert self.slower(results(), results()) == set()

    def test_slower_by_more_than_the_noise(self):
        assert self.slower(results(), results({'avx2': 2.6})) == {'avx2'}

    def test_slower_within_the_noise(self):
        assert self.slower(results(), results({'avx2': 2.1})) == set()
        assert self.slower(results(spread=0.2), results({'avx2': 2.6}, spread=0.2)) == set()

    def test_faster_is_said_and_no_fault(self):
        comparison = compare.compare(results(), results({'avx2': 1.0}))
        assert comparison.slower == []
        assert 'faster' in '\n'.join(compare.show(comparison))

    def test_a_slower_machine_is_no_slower_library(self):
        twice = {name: 2 * ns for name, ns in
                 {'libc': 25.0, 'musl': 23.0, 'scalar': 13.0, 'sse42': 2.5, 'avx2': 2.0}.items()}
        assert self.slower(results(), results(twice)) == set()
        # and a faster machine hides nothing: libc takes half the time, and the row what it took
        half = {'libc': 12.5, 'musl': 11.5, 'scalar': 6.5, 'sse42': 1.25, 'avx2': 2.0}
        assert self.slower(results(), results(half)) == {'avx2'}

    def test_a_quick_run_says_less(self):
        old, new = results(), results({'avx2': 2.3})
        assert self.slower(old, new) == {'avx2'}
        old.context['mode'] = 'quick'
        assert self.slower(old, new) == set()
        assert self.slower(old, results({'avx2': 4.0})) == {'avx2'}

    def test_percentiles_are_not_judged(self):
        new = results()
        for m in new.select('parse_ipv4_latency', statistic='p99.9'):
            m.rounds = [9 * ns for ns in m.rounds]
        assert self.slower(results(), new) == set()

    def test_more_instructions_are_slower(self):
        def counted(count):
            return Results({}, [Measurement('parse_ipv4_instructions', 'random', name, 1, [n], 'x86-64',
                                            'instructions')
                                for name, n in (('libc', 300.0), ('avx2', count))])
        assert self.slower(counted(50.0), counted(50.1)) == set()
        assert self.slower(counted(50.0), counted(52.0)) == {'avx2'}

    def test_other_libraries_are_not_judged(self):
        assert self.slower(results(), results({'musl': 99.0})) == set()

    def test_what_is_missing_is_named(self):
        comparison = compare.compare(results(), results({'sse42': None}))
        assert {key[2] for key in comparison.missing} == {'sse42'}
        assert 'parse_ipv4/realistic/sse42/average is in the older run only' in '\n'.join(compare.show(comparison))

    def test_a_family_that_was_not_run_is_not_missing(self):
        new = Results(CONTEXT, [m for m in results() if m.family == 'parse'])
        assert compare.compare(results(), new).missing == []

    def test_the_exit_status(self):
        for time, status in ((2.0, 0), (2.6, 1)):
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                results().save(folder / 'old.json')
                results({'avx2': time}).save(folder / 'new.json')
                done = run_bench('--from', folder / 'new.json', '--compare', folder / 'old.json',
                                 '--output', folder / 'out')
                assert done.returncode == status, done.stdout + done.stderr
                assert ('SLOWER' in done.stdout) == (status == 1)

    def test_results_that_are_none(self):
        with tempfile.TemporaryDirectory() as folder:
            other = pathlib.Path(folder) / 'other.json'
            for text in ('{"context": {}}', '[]', 'no JSON'):
                other.write_text(text, encoding='utf-8')
                done = run_bench('--from', other, '--output', folder)
                assert done.returncode == 2, text
                assert str(other) in done.stderr


def run_bench(*arguments):
    return subprocess.run(
        [sys.executable, '-m', 'bench', '--root', str(SOURCE), *map(str, arguments)],
        capture_output=True, text=True, check=False,
        env={**os.environ, 'PYTHONPATH': str(TOOLS), 'PYTHONDONTWRITEBYTECODE': '1'})


class TestFiles:
    def test_a_row_for_each_measurement(self):
        run = results()
        rows = list(csv.DictReader(io.StringIO(run.csv())))
        assert len(rows) == len(run)
        assert tuple(rows[0]) == COLUMNS
        row = next(row for row in rows if (row['operation'], row['candidate'])
                   == ('parse_ipv4', 'avx2'))
        assert (row['family'], row['corpus'], row['row'], row['unit'], row['min']) == ('parse', 'realistic', 'avx2', 'ns', '2.000')
        assert (row['median'], row['spread'], row['baseline'], row['ratio']) == ('2.040', '0.0200', 'libc', '12.500')
        wrong = next(row for row in rows if row['candidate'] == 'ripgrep')
        assert wrong['result'] == 'WRONG 12 false'

    def test_what_is_saved_is_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'results.json'
            results().save(path)
            assert Results.load(path).csv() == results().csv()

    def test_runs_of_one_family_each_make_one_report(self):
        run = results()
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            sources = []
            for family in sorted({m.family for m in run}):
                Results(CONTEXT, [m for m in run if m.family == family]).save(folder / f'{family}.json')
                sources += ['--from', folder / f'{family}.json']
            done = run_bench(*sources, '--output', folder / 'out')
            assert done.returncode == 0, done.stderr
            assert sorted((folder / 'out/results.csv').read_text().splitlines()) == sorted(run.csv().splitlines())

    def test_wrong_results_of_ours_are_a_failure(self):
        run = results()
        assert run.wrong() == []  # ripgrep's are its own affair
        run.get('parse_ipv4', 'realistic', 'avx2').right = False
        with tempfile.TemporaryDirectory() as folder:
            run.save(pathlib.Path(folder) / 'results.json')
            done = run_bench('--from', pathlib.Path(folder) / 'results.json', '--output', folder)
        assert done.returncode == 1
        assert 'WRONG: parse_ipv4/realistic/avx2' in done.stderr

    def test_google_benchmarks_report(self):
        entry = {'run_type': 'iteration', 'family_index': 0, 'run_name': 'parse_ipv4/random/avx2/x',
                 'items_per_second': 5e8, 'bytes_per_second': 7e9, 'n': 1, 'label': 'right'}
        run = Results()
        count = programs.read_google(run, {'context': {'libc': 'x'}, 'benchmarks': [
            entry, {**entry, 'items_per_second': 4e8}, {**entry, 'run_type': 'aggregate'}]})
        assert count == 1
        measured = run.get('parse_ipv4', 'random', 'avx2')
        assert (measured.rounds, measured.gigabytes, measured.right) == ([2.0, 2.5], 7.0, True)
        # another process has more rounds of it, and one that is wrong is enough
        programs.read_google(run, {'context': {}, 'benchmarks': [
            {**entry, 'items_per_second': 1e9, 'label': 'WRONG'}]})
        measured = run.get('parse_ipv4', 'random', 'avx2')
        assert (measured.rounds, measured.right) == ([2.0, 2.5, 1.0], False)

    def test_every_goal_is_of_a_family(self):
        read = list(goals.read())
        assert len(read) > 100
        assert {goal.key[0] for goal in read if not family_of(goal.key[0])} == set()

    def test_a_goal_that_is_missed(self):
        run = results({'avx2': 25.0})
        verdicts, _ = goals.judge(run)
        missed = [v for v in verdicts if not v.met and v.goal.key[2] == 'avx2']
        assert missed
        assert 'MISSED' in missed[0].words

    def test_what_commands_print_is_judged(self):
        count = commands.collections.Counter
        assert commands.verdict(count('aab'), count('aab')) == (True, '')
        assert commands.verdict(count('abc'), count('aab')) == (False, '1 false, 1 missed')

    def test_what_a_log_holds(self):
        lines = [b'10.0.0.1 said ::FFFF:192.0.2.1', b'nothing', b'x' * commands.LONG_LINE + b' 10.0.0.2',
                 b'2001:DB8::1 and 10.0.0.1']
        text = b'\n'.join(lines) + b'\n'
        truth = [(text.index(address), address) for address in (
            b'10.0.0.1', b'::FFFF:192.0.2.1', b'10.0.0.2', b'2001:DB8::1')]
        truth.append((text.rindex(b'10.0.0.1'), b'10.0.0.1'))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'log'
            path.write_bytes(text)
            unknown = commands.Log(path, 'yours')
            assert unknown.expected('command_extract') is None
            assert unknown.without_long_lines() is unknown
            pathlib.Path(f'{path}.truth').write_bytes(
                b''.join(b'%d:%s\n' % place for place in truth))
            log = commands.Log(path, 'web')
            assert dict(log.expected('command_extract_ipv4')) == {b'10.0.0.1': 2, b'10.0.0.2': 1}
            assert log.expected('command_extract').total() == 5
            assert set(log.expected('command_count')) == {b'      2 10.0.0.1', b'      1 10.0.0.2', b'      1 2001:db8::1',
                              b'      1 ::ffff:192.0.2.1'}
            assert set(log.expected('command_lines')) == {lines[0], lines[2], lines[3]}
            short = log.without_long_lines()
            assert short.text == text.replace(lines[2] + b'\n', b'')
            assert set(short.expected('command_lines')) == {lines[0], lines[3]}

    def test_lists_and_logs_are_told_apart(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'file'
            for text, is_list in ((b'192.0.2.1\r\n::1\n\nbad\n', True), (b'', False),
                                  (b'10.0.0.1 - - "GET /"\n::1\n10.0.0.1: x y z\n', False)):
                path.write_bytes(text)
                assert main.is_list(path) == is_list, text

    def test_counts_of_instructions(self):
        run = Results()
        table_ = instructions._listed('1 parse_ipv4/random/avx2 1000\n')
        instructions._add(run, table_, {1: 55500}, 'aarch64')
        measured = run.get('parse_ipv4_instructions', 'random', 'avx2', 'aarch64')
        assert (measured.min, measured.unit, measured.family) == (55.5, 'instructions', 'parse')


class Strict(html.parser.HTMLParser):
    """Complains of what is opened and not closed, and gathers what a page would fetch."""

    EMPTY = {'meta', 'br', 'img', 'link', 'input', 'hr'}

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.fetched, self.ids = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.look(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.look(tag, attrs)

    def look(self, tag, attrs):
        for name, value in attrs:
            if name in ('src', 'href', 'xlink:href', 'action', 'data') and not value.startswith('#'):
                self.fetched.append(f'{tag} {value}')
            if name == 'id':
                self.ids.append(value)
        if tag in ('script', 'link', 'iframe', 'object', 'embed'):
            self.fetched.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


class TestReport:
    def test_the_page_stands_alone_and_is_well_formed(self):
        with tempfile.TemporaryDirectory() as folder:
            drawn = pictures.draw_all(results(), folder) if gnuplot.installed() else {}
            text = page.page(results(), drawn, *goals.judge(results()))
        parser = Strict()
        parser.feed(text)
        parser.close()
        assert (parser.open, parser.faults, parser.fetched) == ([], [], [])
        assert len(parser.ids) == len(set(parser.ids)), 'ids that come twice'
        assert not re.search(r'https?://|url\(["\']?[^#]|@import', re.sub(r'xmlns(:\w+)?="[^"]*"', '', text))
        assert text.count('<figure') == len(drawn)
        assert 'Some &lt;Processor&gt;' in text
        assert 'c-ares (libc-ares-dev)' in text
        assert 'WRONG 0.25' in text

    @pytest.mark.skipif(not gnuplot.installed(), reason='gnuplot is missing')
    def test_pictures(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, path in pictures.draw_all(results(), folder).items():
                root = xml.etree.ElementTree.fromstring(path.read_text(encoding='utf-8'))
                assert root.get('width') == str(gnuplot.WIDTH), name
                text = path.read_text(encoding='utf-8')
                assert 'prefers-color-scheme: dark' in text
                known = set(gnuplot.PALETTE) | {'none', 'currentColor'}
                colours = set(re.findall(r'\b(?:fill|color)="([^"]+)"', text))
                assert colours - known == set(), f'{name}: no counterpart in the dark'
                assert path.with_suffix('.png').read_bytes().startswith(b'\x89PNG')

    def test_the_table(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            table.print_all(results(), *goals.judge(results()))
        text = out.getvalue()
        assert '2.00 (12.5x)' in text
        assert 'WRONG 0.25' in text
        assert '25.00 % invalid' in text
        assert 'c-ares (libc-ares-dev)' in text


class TestReadme:
    """README.md's figures are those of docs/bench/results.csv."""

    def setup_method(self):
        self.text = (SOURCE / 'README.md').read_text(encoding='utf-8')
        self.folder = SOURCE / readme.FOLDER
        self.rows = read_csv(self.folder / 'results.csv')

    def part(self):
        begin, end = self.text.index(readme.BEGIN), self.text.index(readme.END)
        return self.text[begin + len(readme.BEGIN):end]

    def test_the_script_would_write_the_same_again(self):
        shown = [name for name in readme.PICTURES if (self.folder / f'{name}.svg').exists()]
        assert shown
        lines = readme.render(self.rows, readme.read_run(self.folder / 'run.txt'), shown)
        assert self.part().strip() == '\n'.join(lines).strip()

    def test_every_figure_stands_in_a_row(self):
        """Without the script: each cell is looked for among the rows of the CSV."""
        lines = self.part().splitlines()
        cells = [cell.strip() for line, under in zip(lines, lines[1:])
                 if line.startswith('| ') and not under.startswith('|---')
                 for cell in line.strip('|').split('|')[1:]]
        figures = [match for cell in cells
                   for match in re.findall(r'(?:^|\s)(\d[\d,]*(?:\.\d+)?)(?: \((\d+\.\d)x\))?$',
                                           cell.split(';')[0])]
        for fault in (cell.split('; ')[1] for cell in cells if ';' in cell):
            assert f'WRONG {fault}' in {row['result'] for row in self.rows}
        assert len(figures) > 40
        for value, ratio in figures:
            digits = len(value.partition('.')[2])
            found = [row for row in self.rows
                     if value.replace(',', '') in (f'{float(row["min"]):.{digits}f}',
                                                   f'{float(row["gigabytes_per_second"] or 0):.{digits}f}')
                     and (not ratio or (row['ratio'] and f'{float(row["ratio"]):.1f}' == ratio))]
            assert found, f'{value} ({ratio}x) is in no row of results.csv'

    def test_goals_that_were_missed_are_told(self):
        """Without the script: the figures of goals.md are those of the CSV, and say what was missed."""
        said = dict(readme.read_run(self.folder / 'run.txt'))['goals']
        best = {tuple(row[key] for key in ('operation', 'corpus', 'candidate')):
                (float(row['min']), float(row['gigabytes_per_second'] or 0))
                for row in self.rows if row['statistic'] == 'average'}
        lines = (self.folder / 'goals.md').read_text(encoding='utf-8').splitlines()
        told = [[cell.strip() for cell in line.split('|')[1:-1]] for line in lines
                if re.match(r'\| [a-z0-9_]+ \| (?!corpus)', line)]
        asked = {goal.key: goal for goal in goals.read()}
        missed = 0
        for *key, against, measured, required, wished, words in told:
            own, other = best[tuple(key)], asked[tuple(key)].other
            figure = best[other][0] / own[0] if other else own[1]
            assert figure == pytest.approx(float(measured), rel=0.01)
            assert words.startswith('MISSED') == (float(measured) < float(required)), key
            missed += words.startswith('MISSED')
        assert said == (f'{len(told) - missed} were met, {missed} were missed, '
                               f'{len(asked) - len(told)} were not measured')
        assert all(row[-1].startswith('MISSED') for row in told[:missed])

    def test_no_result_of_ours_is_wrong(self):
        wrong = [row for row in self.rows if row['row'] and row['result'] != 'right']
        assert wrong == []
