#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""score_peers.py SIMDINET LABELLED - simdinet, ripgrep, grep and grepcidr on labelled lines of real logs.

Prints two tables in Markdown: how many addresses each command misses and how many it reports wrongly, and the
same for lines with an IPv4 address. LABELLED has a line's source, format, addresses and text, separated by tabs.
Commands that are not installed are left out.
"""
import collections
import ipaddress
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / 'bench'))
from commands import EITHER, IPV4  # noqa: E402


def value(text):
    try:
        return ipaddress.ip_address(text.split('%')[0])
    except ValueError:
        return text


def read_labelled(path):
    """(addresses, text) of each line."""
    for row in Path(path).read_text(encoding='utf-8').split('\n')[:-1]:
        _, _, addresses, text = row.split('\t', 3)
        yield ([value(address) for address in addresses.split(',') if address],
               re.sub(r'\\(.)', lambda m: {'t': '\t'}.get(m[1], m[1]), text))


def run(arguments):
    """Pairs of a line number and a text, from output NUMBER:TEXT."""
    done = subprocess.run(arguments, capture_output=True, check=False)
    if done.returncode > 1:
        sys.exit(f'{arguments[0]}: {done.stderr.decode()}')
    for row in done.stdout.decode().split('\n')[:-1]:
        number, text = row.split(':', 1)
        yield int(number), text


def row(name, expected, found):
    right = sum((expected & found).values())
    missed, wrong = sum(expected.values()) - right, sum(found.values()) - right
    return (f'| {name} | {missed:,} | {wrong:,} | {100 * right / (right + missed):.2f} % | '
            f'{100 * right / (right + wrong):.2f} % |')


def heading(title):
    return f'| {title} | missed | wrong | recall | precision |\n|---|---:|---:|---:|---:|'


def main():
    simdinet, labelled = sys.argv[1:]
    lines = list(read_labelled(labelled))
    with tempfile.NamedTemporaryFile('w', encoding='utf-8', newline='\n') as file:
        file.write(''.join(text + '\n' for _, text in lines))
        file.flush()
        expected = collections.Counter((number, address) for number, (addresses, _) in enumerate(lines, 1)
                                       for address in addresses)
        print(heading(f'{sum(expected.values()):,} addresses'))
        for name, arguments in {'simdinet extract': [simdinet, 'extract', '-n'],
                                'ripgrep': ['rg', '-ona', '--no-config', '-e', EITHER],
                                'grep': ['grep', '-onaE', EITHER]}.items():
            if shutil.which(arguments[0]):
                print(row(name, expected, collections.Counter(
                    (number, value(text)) for number, text in run([*arguments, file.name]))))
        ipv4 = collections.Counter({number: 1 for number, address in expected if not isinstance(address, str)
                                    and (address.version == 4 or address.ipv4_mapped)})
        texts = collections.defaultdict(collections.deque)
        for number, (_, text) in enumerate(lines, 1):
            texts[text].append(number)
        print('\n' + heading(f'{len(ipv4):,} lines with an IPv4 address'))
        for name, arguments in {'simdinet grep': [simdinet, 'grep', '-n', '0.0.0.0/0'],
                                'ripgrep': ['rg', '-an', '--no-config', '-e', IPV4]}.items():
            if shutil.which(arguments[0]):
                print(row(name, ipv4, collections.Counter(number for number, _ in run([*arguments, file.name]))))
        if shutil.which('grepcidr'):
            done = subprocess.run(['grepcidr', '0.0.0.0/0', file.name], capture_output=True, check=False)
            print(row('grepcidr', ipv4, collections.Counter(
                texts[text].popleft() for text in done.stdout.decode().split('\n')[:-1] if texts[text])))


if __name__ == '__main__':
    main()
