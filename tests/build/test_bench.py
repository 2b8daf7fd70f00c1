# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The report of the benchmarks, from results written here: nothing is measured."""
import argparse
import collections
import copy
import ipaddress
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / 'tools/bench'))
import commands  # noqa: E402
import report  # noqa: E402
import run as bench  # noqa: E402

CONTEXT = {
    'processor': 'Some Processor', 'num_cpus': 2, 'kernel': 'Linux 6', 'libc': 'glibc 2.36',
    'compiler': 'GNU 12.2.0, Release: -O3', 'simdinet': '0.1.0', 'date': '2026-11-22T20:01:02+00:00',
    'mode': 'full', 'caches': [{'type': 'Data', 'level': 1, 'size': 49152}],
    'operation parse_ipv4': 'text with a length to 4 bytes', 'baseline musl': '1.2.3',
    'missing c-ares': 'libc-ares-dev', 'corpus ipv4 realistic': 'private and public; 4 texts'}
USUAL = {'libc': 25.0, 'musl': 23.0, 'scalar': 13.0, 'sse42': 2.5, 'avx2': 2.0}


def around(ns, spread=0.02):
    """Ten repetitions whose fastest is ns and whose median is that much above."""
    return [ns] + [ns * (1 + spread)] * 8 + [ns * (1 + 2 * spread)]


def results(times=None, context=None):
    """A small run; times: what differs from the usual, by candidate; None leaves one out."""
    entries = []
    for operation in ('parse_ipv4', 'parse_ipv6', 'format_ipv4', 'format_ipv6', 'lines_ipv4'):
        for name, ns in {**USUAL, **(times or {})}.items():
            entries += [report.entry(f'{operation}/realistic/{name}', t) for t in around(ns)] if ns else []
    for size in ('64K', '4M'):
        for name, ns in (('loop-O2', 70.0), ('avx2', 7.0)):
            entries += [report.entry(f'swap32_curve/{size}/{name}', t, gigabytes=1024 / t)
                        for t in around(ns)]
    for statistic, share in (('p50', 1), ('p90', 1.5), ('p99', 2), ('p99.9', 9)):
        for name, ns in (('call_latency/realistic/empty', 20), ('parse_ipv4_latency/realistic/libc', 50),
                         ('parse_ipv4_latency/realistic/avx2', 30)):
            entries += [report.entry(f'{name}/{statistic}', t) for t in around(ns * share)]
    entries.append(report.entry('command_extract/web/simdinet/wall', 400.0, gigabytes=2.5))
    entries.append(report.entry('command_extract/web/ripgrep/wall', 4000.0, right=False, gigabytes=0.25,
                                note='12 false'))
    return {'context': {**copy.deepcopy(CONTEXT), **(context or {})}, 'benchmarks': entries}


def difference(old, new, chance=0.001):
    """What compare.py writes of two runs."""
    before, after = report.grouped(old), report.grouped(new)
    for name in [name for name in before if name in after]:
        change = statistics.median(b['cpu_time'] for b in after[name]) / statistics.median(
            b['cpu_time'] for b in before[name]) - 1
        yield {'name': name, 'run_type': 'iteration', 'aggregate_name': '',
               'utest': {'cpu_pvalue': chance}, 'measurements': [{'cpu': 9}]}
        yield {'name': f'{name}_median', 'run_type': 'aggregate', 'aggregate_name': 'median', 'utest': {},
               'measurements': [{'cpu': change}]}


def slower(old, new, limit=0.05, **options):
    found = report.slower(list(difference(old, new, **options)), limit)
    return {line.split('/')[2].split(':')[0] for line in found}


# ---- comparison with an older run ------------------------------------------------------------------

@pytest.mark.parametrize('times, expected', [
    ({}, set()),
    ({'avx2': 2.6}, {'avx2'}),
    ({'avx2': 2.08}, set()),  # within the limit
    ({'avx2': 1.0}, set()),
    ({'musl': 99.0}, set()),  # another library
    ({name: 2 * ns for name, ns in USUAL.items()}, set()),  # a slower machine
    ({**{name: ns / 2 for name, ns in USUAL.items()}, 'avx2': 2.0}, {'avx2'}),  # a faster one
])
def test_slower(times, expected):
    assert slower(results(), results(times)) == expected


def test_slower_by_chance():
    assert slower(results(), results({'avx2': 2.6}), chance=0.3) == set()


def test_quick_runs_have_a_larger_limit():
    old = results()
    assert slower(old, results({'avx2': 2.3}), limit=bench.BETWEEN_QUICK_RUNS, chance=0.3) == set()
    assert slower(old, results({'avx2': 4.0}), limit=bench.BETWEEN_QUICK_RUNS, chance=0.3) == {'avx2'}


def test_percentiles_are_not_compared():
    new = results()
    for benchmark in new['benchmarks']:
        if benchmark['name'].endswith('/p99.9'):
            benchmark['cpu_time'] *= 9
    assert slower(results(), new) == set()


def test_instruction_counts_are_exact():
    def counted(n):
        return {'context': CONTEXT, 'benchmarks': [
            report.entry(f'parse_ipv4_instructions/random/{name}/x86-64', value, unit='instructions')
            for name, value in (('libc', 300.0), ('avx2', n))]}
    assert slower(counted(50.0), counted(50.1), chance=1) == set()
    assert slower(counted(50.0), counted(52.0), chance=1) == {'avx2'}


def test_missing_benchmarks_are_named():
    assert {name.split('/')[2] for name in report.missing(results(), results({'sse42': None}))} == {'sse42'}
    parse = results()
    parse['benchmarks'] = [b for b in parse['benchmarks'] if b['name'].startswith('parse_')]
    assert report.missing(results(), parse) == []


@pytest.mark.parametrize('operation, family', [
    ('parse_ipv4', 'parse'), ('pton_ipv6', 'parse'), ('format_lines_ipv4_curve', 'format'),
    ('ntop_ipv4', 'format'), ('column_ipv4', 'column'), ('lines_ipv6', 'lines'), ('scan_both', 'scan'),
    ('command_extract', 'scan'), ('getaddrinfo', 'socket'), ('swap32', 'swap'), ('call', None)])
def test_family(operation, family):
    assert report.family_of(operation) == family


def run_bench(*arguments):
    return subprocess.run([sys.executable, SOURCE / 'tools/bench/run.py', '--root', SOURCE, *arguments],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'})


def comparable():
    return os.path.exists(bench.COMPARE) and subprocess.run(
        ['/usr/bin/python3', '-c', 'import scipy'], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize('time, status', [(2.0, 0), (2.6, 1)])
def test_exit_status_of_a_comparison(tmp_path, time, status):
    if not comparable():
        pytest.skip('libbenchmark-tools and python3-scipy are not installed')
    report.save(results(), tmp_path / 'old.json')
    report.save(results({'avx2': time}), tmp_path / 'new.json')
    done = run_bench('--from', tmp_path / 'new.json', '--compare', tmp_path / 'old.json',
                     '--output', tmp_path / 'out')
    assert done.returncode == status, done.stdout + done.stderr
    assert 'U Test' in done.stdout
    assert ('parse_ipv4/realistic/avx2: 1.3' in done.stdout) == (status == 1)


def test_modes_are_not_compared(tmp_path):
    report.save(results(context={'mode': 'quick'}), tmp_path / 'old.json')
    report.save(results(), tmp_path / 'new.json')
    done = run_bench('--from', tmp_path / 'new.json', '--compare', tmp_path / 'old.json',
                     '--output', tmp_path / 'out')
    assert done.returncode == 2 and 'mode' in done.stderr


@pytest.mark.parametrize('text', ['{"context": {}}', '[]', 'not JSON', '{"context": {}, "benchmarks": []}'])
def test_files_without_results(tmp_path, text):
    other = tmp_path / 'other.json'
    other.write_text(text, encoding='utf-8')
    done = run_bench('--from', other, '--output', tmp_path)
    assert done.returncode == 2 and str(other) in done.stderr


# ---- results ---------------------------------------------------------------------------------------

def find(table, operation, candidate, statistic='average'):
    return next(row for row in table if (row['operation'], row['candidate'], row['statistic'])
                == (operation, candidate, statistic))


def test_a_row_for_each_benchmark(tmp_path):
    run = results()
    report.write_csv(report.rows(run), tmp_path / 'results.csv')
    table = report.read_csv(tmp_path / 'results.csv')
    assert len(table) == len(report.grouped(run)) and tuple(table[0]) == report.COLUMNS
    row = find(table, 'parse_ipv4', 'avx2')
    assert (row['corpus'], row['unit'], row['min'], row['median'], row['repetitions'], row['result']) == (
        'realistic', 'ns', '2.000', '2.040', '10', 'right')
    assert report.cell(table, row) == '2.00 (12.5x)'
    assert find(table, 'command_extract', 'ripgrep', 'wall')['result'] == 'WRONG 12 false'


def test_saved_results_are_loaded(tmp_path):
    report.save(results(), tmp_path / 'results.json')
    assert report.rows(report.load(tmp_path / 'results.json')) == report.rows(results())


def test_runs_of_one_family_each_make_one_report(tmp_path):
    run, sources = results(), []
    for family in (*report.FAMILIES, None):
        part = [b for b in run['benchmarks'] if report.family_of(b['name'].split('/')[0]) == family]
        if part:
            report.save({**run, 'benchmarks': part}, tmp_path / f'{family}.json')
            sources += ['--from', tmp_path / f'{family}.json']
    done = run_bench(*sources, '--output', tmp_path / 'out')
    assert done.returncode == 0, done.stderr
    merged = report.read_csv(tmp_path / 'out/results.csv')
    assert sorted(map(str, merged)) == sorted(map(str, report.rows(run)))


def test_wrong_results_of_simdinet_are_a_failure(tmp_path):
    run = results()
    run['benchmarks'][-2]['label'] = 'WRONG'  # simdinet's; ripgrep's alone is not a failure
    report.save(run, tmp_path / 'results.json')
    done = run_bench('--from', tmp_path / 'results.json', '--output', tmp_path)
    assert done.returncode == 1
    assert 'WRONG: command_extract/web/simdinet' in done.stderr


def test_repetitions_of_google_benchmark():
    entry = {'run_type': 'iteration', 'family_index': 1, 'run_name': 'parse_ipv4/random/avx2/repeats:3',
             'items_per_second': 5e8, 'bytes_per_second': 7e9, 'n': 1, 'label': 'right'}
    first = {**entry, 'family_index': 0, 'run_name': 'parse_ipv4/random/libc/repeats:3'}
    read = report.repetitions({'context': {'libc': 'x'}, 'benchmarks': [
        entry, {**entry, 'items_per_second': 4e8}, {**entry, 'run_type': 'aggregate'}, first,
        {**entry, 'error_occurred': True}]})
    assert [b['name'] for b in read['benchmarks']] == ['parse_ipv4/random/libc'] + ['parse_ipv4/random/avx2'] * 2
    row = find(report.rows(read), 'parse_ipv4', 'avx2')
    assert (row['min'], row['median'], row['gigabytes_per_second']) == ('2.000', '2.250', '7.000')
    # One wrong repetition is enough.
    read['benchmarks'].append({**read['benchmarks'][-1], 'label': 'WRONG'})
    assert find(report.rows(read), 'parse_ipv4', 'avx2')['result'] == 'WRONG'


def test_counts_of_instructions(tmp_path):
    counting = bench.Bench(argparse.Namespace(build=tmp_path, quick=True), tmp_path)
    counting.count_instructions([sys.executable, '-c', 'print("1 parse_ipv4/random/avx2 1000")'], 'aarch64',
                                lambda done: {1: 55500})
    row = find(report.rows(counting.results), 'parse_ipv4_instructions', 'avx2', 'aarch64')
    assert (row['min'], row['unit'], row['corpus']) == ('55.500', 'instructions', 'random')


def test_programs_that_fail():
    with pytest.raises(report.Failure, match='python.* exited with 3: why'):
        bench.execute([sys.executable, '-c', 'import sys; sys.stderr.write("why"); sys.exit(3)'])


def test_output_of_commands():
    count = collections.Counter
    assert commands.difference(count('aab'), count('aab')) == ''
    assert commands.difference(count('abc'), count('aab')) == '1 false, 1 missed'


def test_expected_output_of_commands(tmp_path):
    lines = [b'10.0.0.1 said ::FFFF:192.0.2.1', b'nothing', b'x' * commands.LONG_LINE + b' 10.0.0.2',
             b'2001:DB8::1 and 10.0.0.1']
    text = b'\n'.join(lines) + b'\n'
    addresses = [(text.index(address), address) for address in (
        b'10.0.0.1', b'::FFFF:192.0.2.1', b'10.0.0.2', b'2001:DB8::1')]
    addresses.append((text.rindex(b'10.0.0.1'), b'10.0.0.1'))
    path = tmp_path / 'log'
    path.write_bytes(text)
    unknown = commands.Log(path, 'user')
    assert unknown.expected('command_extract') is None
    assert unknown.without_long_lines() is unknown
    pathlib.Path(f'{path}.truth').write_bytes(b''.join(b'%d:%s\n' % pair for pair in addresses))
    log = commands.Log(path, 'web')
    assert log.expected('command_extract_ipv4') == {b'10.0.0.1': 2, b'10.0.0.2': 1}
    assert log.expected('command_extract').total() == 5
    assert set(log.expected('command_count_field')) == {b'      2 10.0.0.1', b'      1 10.0.0.2',
                                                        b'      1 2001:db8::1', b'      1 ::ffff:192.0.2.1'}
    assert set(log.expected('command_count')) == {b'      2 10.0.0.1', b'      1 10.0.0.2',
                                                  b'      1 2001:db8::1', b'      1 192.0.2.1'}
    assert log.expected('anonymize') is None
    networks = commands.Networks(tmp_path / 'networks', ['192.0.2.0/25', '192.0.2.0/24', '10.0.0.2/32'])
    assert pathlib.Path(networks.path).read_bytes() == b'192.0.2.0/25\n192.0.2.0/24\n10.0.0.2/32\n'
    assert set(log.expected('command_grep', networks)) == {lines[0], lines[2]}
    assert set(log.expected('command_lines')) == {lines[0], lines[2], lines[3]}
    short = log.without_long_lines()
    assert short.text == text.replace(lines[2] + b'\n', b'')
    assert set(short.expected('command_lines')) == {lines[0], lines[3]}


def test_random_networks():
    networks = commands.random_networks(1000)
    assert len(set(networks)) == 1000 and commands.NETWORK in networks
    assert networks == commands.random_networks(1000)
    for network in networks:
        ipaddress.ip_network(network)  # no bits past the prefix


def test_logs_that_are_cut(tmp_path):
    text = b'12345\n7\n9abcdefg\nlast'
    paths, end = commands.cut(text, tmp_path, 10, 4)
    assert [pathlib.Path(path).read_bytes() for path in paths] == [b'12345\n', b'7\n9abcdefg\n', b'last']
    assert end == len(text)
    assert commands.cut(text, tmp_path, 2, 1)[1] == 8


def test_measured_commands(tmp_path):
    count = [sys.executable, '-c', 'print("a b")']
    measured = {'context': CONTEXT, 'benchmarks': commands.measure(
        'command_extract/web', {'simdinet': count, 'ripgrep': shlex.join(count) + ' | sed s/b/c/'}, 3, tmp_path, 1000,
        collections.Counter([b'a b']))}
    rows = report.rows(measured)
    assert {(row['candidate'], row['statistic']): (row['repetitions'], row['result']) for row in rows} == {
        ('simdinet', 'wall'): ('3', 'right'), ('simdinet', 'processor'): ('3', 'right'),
        ('ripgrep', 'wall'): ('3', 'WRONG 1 false, 1 missed'), ('ripgrep', 'processor'): (
            '3', 'WRONG 1 false, 1 missed')}
    one = find(rows, 'command_extract', 'simdinet', 'processor')
    assert float(one['min']) > 0 and float(one['gigabytes_per_second']) == pytest.approx(
        1024 / float(one['min']), rel=0.6, abs=0.001)
    assert re.search(r'\| web, processor \| \d', report.markdown(CONTEXT, rows))
    with pytest.raises(report.Failure, match='sh: false:'):
        commands.time_once(['sh', '-c', 'echo false: >&2; exit 3'], tmp_path / 'out')


@pytest.mark.parametrize('text, is_list', [
    (b'192.0.2.1\r\n::1\n\nbad\n', True), (b'', False), (b'10.0.0.1 - - "GET /"\n::1\n10.0.0.1: x y z\n', False)])
def test_lists_and_logs(tmp_path, text, is_list):
    path = tmp_path / 'file'
    path.write_bytes(text)
    assert bench.is_list(path) == is_list


# ---- report ----------------------------------------------------------------------------------------

def test_markdown():
    text = report.markdown(CONTEXT, report.rows(results()))
    for expected in ('## parse_ipv4\n\ntext with a length to 4 bytes', 'musl 1.2.3', 'c-ares (libc-ares-dev)',
                     '| realistic | 25.0 | 23.0 (1.1x) | 13.0 (1.9x) | 2.50 (10.0x) | 2.00 (12.5x) |',
                     'L1 48K', '0.250 WRONG 12 false', '- ipv4 realistic: private and public; 4 texts'):
        assert expected in text, text
    for table in re.findall(r'(?:^\|.*\n)+', text, re.M):
        assert len({line.count('|') for line in table.splitlines()}) == 1, table


def test_plots(tmp_path):
    if not shutil.which('gnuplot'):
        pytest.skip('gnuplot is not installed')
    report.write_csv(report.rows(results()), tmp_path / 'results.csv')
    report.plot(SOURCE / 'bench/plots', tmp_path)
    for name in ('one', 'many', 'scan', 'by-size', 'latency'):  # what results() has
        assert '</svg>' in (tmp_path / f'{name}.svg').read_text(encoding='utf-8'), name
    one = (tmp_path / 'one.svg').read_text(encoding='utf-8')
    for expected in ('parse_ipv4, realistic', 'AVX2', '2.00', '25.0'):
        assert expected in one


# ---- what is published -----------------------------------------------------------------------------

FOLDER = SOURCE / report.FOLDER


def test_pages_are_those_of_the_published_results():
    about, table = report.read_about(FOLDER / 'run.txt'), report.read_csv(FOLDER / 'results.csv')
    readme = (SOURCE / 'README.md').read_text(encoding='utf-8')
    assert report.put(readme, report.summary(about, table)) == readme
    assert (FOLDER / 'results.md').read_text(encoding='utf-8') == report.markdown(about, table)
    assert {path.stem for path in FOLDER.glob('*.svg')} == set(report.PLOTS)


def test_every_number_of_the_readme_is_published():
    """Without report.py: each time of README.md's table is the minimum of a row."""
    readme = (SOURCE / 'README.md').read_text(encoding='utf-8')
    table = readme.split(report.BEGIN)[1].split(report.END)[0].split('\n\n')[1]
    minima = {row['min'] for row in report.read_csv(FOLDER / 'results.csv') if row['corpus'] == 'realistic'}
    numbers = re.findall(r'\| (?:[A-Za-z][\w.]*(?: [a-z]\w*)* )?([\d.]+)(?= \(|(?= \|))', table)
    assert len(numbers) > 40
    for number in numbers:
        places = len(number.partition('.')[2])
        assert any(f'{float(value):.{places}f}' == number for value in minima), number


def test_no_published_result_of_simdinet_is_wrong():
    table = report.read_csv(FOLDER / 'results.csv')
    own = [row for row in table if row['candidate'] in report.OWN]
    assert len(own) > 100
    assert [row for row in own if row['result'] != 'right'] == []
