# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Instructions an address: what a kernel costs where no neighbour disturbs the clock.

valgrind's callgrind counts on this machine, and knows no AVX-512. qemu counts those of a program for
64-bit Arm, through a plugin of this project's; how fast NEON runs it cannot tell.
"""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from .programs import Failure, say
from .results import Measurement

QEMU = 'qemu-aarch64'


def _listed(output):
    """Number -> (operation, corpus, candidate, addresses), of what bench_count prints."""
    table = {}
    for line in output.splitlines():
        number, name, count = line.split()
        table[int(number)] = (*name.split('/'), int(count))
    return table


def _add(results, table, totals, machine):
    for number, (operation, corpus, candidate, count) in table.items():
        results.add(Measurement(f'{operation}_instructions', corpus, candidate, count,
                                [round(totals[number] / count, 2)], statistic=machine,
                                unit='instructions'))


def _execute(arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ['no word of why']
        raise Failure(f'{arguments[0]} ended with {done.returncode}: {last[0]}')
    return done


def callgrind(results, program):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / 'out'
        done = _execute(['valgrind', '--tool=callgrind', '--instr-atstart=no',
                         f'--callgrind-out-file={out}', str(program)])
        totals = {}
        for path in Path(folder).glob('out.*'):
            text = path.read_text(encoding='utf-8')
            name = re.search(r'^desc: Trigger: Client Request: (.*)$', text, re.M)
            total = re.search(r'^summary: (\d+)$', text, re.M)
            if name and total:
                totals[name[1]] = int(total[1])
    table = _listed(done.stdout)
    if len(totals) != len(table):
        raise Failure(f'callgrind counted {len(totals)} of {len(table)} measurements')
    by_number = {number: totals['/'.join(entry[:3])] for number, entry in table.items()}
    _add(results, table, by_number, 'x86-64')


def qemu(results, program, plugin):
    done = _execute([QEMU, '-plugin', str(plugin), str(program)])
    totals = dict(map(int, line.split()) for line in done.stderr.splitlines())
    _add(results, _listed(done.stdout), totals, 'aarch64')


def run(results, programs, arm_programs, machine):
    """Counts wherever it can be done; says in the results where it cannot."""
    begin = time.monotonic()
    if machine == 'x86_64' and shutil.which('valgrind'):
        callgrind(results, programs / 'bench_count')
    else:
        results.context['missing instructions of x86-64'] = 'valgrind, on such a machine'
    arm = Path(arm_programs or '') / 'bench' / 'bench_count'
    if arm_programs and arm.exists() and shutil.which(QEMU):
        qemu(results, arm, programs / 'qemu_count.so')
    else:
        results.context['missing instructions of NEON'] = 'qemu-user, gcc-aarch64-linux-gnu'
    if results.select(statistic='x86-64') or results.select(statistic='aarch64'):
        for operation in dict.fromkeys(m.operation for m in results if m.unit == 'instructions'):
            results.context[f'operation {operation}'] = 'instructions an address, counted'
    say('instructions', begin)
