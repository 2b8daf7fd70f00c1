# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Panels with a line for each candidate: bars of one figure, or strips of a few percentiles."""

import dataclasses

from .gnuplot import GRID, INK, MUTED, PAPER, colour, quote
from .results import label
from .table import in_bytes

BAR = 19  # pixels a candidate


@dataclasses.dataclass
class Panel:
    lines: list
    height: int
    left: int = 116  # room for names
    right: int = 16
    names: tuple = ()  # of candidates that only a colour tells: a legend says whose it is


def number(value):
    """Three digits of a figure."""
    if value >= 100:
        return f'{value:,.0f}'
    return f'{value:.1f}' if value >= 10 else f'{value:.2f}' if value >= 1 else f'{value:.3f}'


def times(ratio):
    return f'{ratio:.0f}×' if ratio >= 19.5 else f'{ratio:.1f}×'


def _frame(title, names, x_title, x_range, log=False):
    count = len(names)
    ticks = ', '.join(f'{quote(name)} {count - 1 - i}' for i, name in enumerate(names))
    return [f"set border 2 lc rgb '{MUTED}'", f"set title {quote(title)} "
            f"textcolor rgb '{INK}' font ',13' offset 0,-0.5 noenhanced",
            f'set yrange [-0.7:{count - 0.3}]',
            f"set ytics ({ticks}) textcolor rgb '{INK}' scale 0 nomirror font ',11' noenhanced",
            f"set xtics textcolor rgb '{MUTED}' scale 0 nomirror font ',10' offset 0,0.4",
            f"set grid xtics lc rgb '{GRID}' lw 0.7 lt 1 dt solid", 'unset key',
            f"set xlabel {quote(x_title)} textcolor rgb '{MUTED}' font ',11' offset 0,1",
            f'set xrange [{x_range[0]}:{x_range[1]}]', 'set style fill solid 1.0 noborder',
            'set logscale x' if log else 'unset logscale x']


def _hex(text):
    return f'0x{text[1:]}'


def bars(results, operation, corpus, title, statistic='average'):
    """A bar for each candidate of an operation: ns an item, or GB/s. None: there are none.

    A bar that is far longer than libc's would hide the others, and is cut. Python's are left out.
    """
    shown = [m for m in results.select(operation, corpus, statistic)
             if m.candidate != 'memchr' and not m.candidate.startswith('Python')]
    if not shown:
        return None
    speed = in_bytes(operation)
    values = [m.gigabytes if speed else m.min for m in shown]
    base = next((v for m, v in zip(shown, values) if m.candidate == 'libc'), None)
    longest = max(values) if speed or base is None else min(max(values), 1.25 * base)
    limit = 1.5 * longest
    names = [label(m.candidate, results.context) for m in shown]
    lines = _frame(title, names, 'GB/s, more is better' if speed else 'ns, less is better',
                   (0, limit))
    data, labels = [], []
    for i, (m, value) in enumerate(zip(shown, values)):
        y = len(shown) - 1 - i
        end = min(value, longest)
        usual = 0 if speed else min(m.median, longest) - end
        data.append(f'{y} {end:.6g} {usual:.6g} {_hex(colour(m.candidate))}')
        ratio = results.ratio(m)
        text = number(value) + (f'  {times(ratio)}' if ratio and m.right else '')
        shade = INK if m.right else colour('wrong')
        if not m.right:
            text += '  wrong'
        labels.append(f'set label {100 + i} {quote(text)} at {end + usual + 0.02 * limit:.6g},{y} left '
                      f"textcolor rgb '{shade}' font ',11' noenhanced")
        if value > longest:
            labels.append(f'set label {200 + i} "»" at {end - 0.02 * limit:.6g},{y} right '
                          f"textcolor rgb '{PAPER}' font ',13' front noenhanced")
    lines += [*labels, '$bars << EOD', *data, 'EOD',
              'plot $bars using (0):1:(0):2:($1-0.36):($1+0.36):4 with boxxyerror lc rgb variable, '
              f"$bars using 2:1:3:(0) with vectors nohead lw 1 lc rgb '{INK}'"]
    return Panel(lines, BAR * len(shown))


PERCENTILES = ('p50', 'p90', 'p99', 'p99.9')


def strips(results, operation, title):
    """For each candidate its percentiles on one line, and those of an empty call at the top."""
    empty = {m.statistic: m for m in results.select('call_latency')}
    names = list(dict.fromkeys(m.candidate for m in results.select(operation)))
    if not names or not empty:
        return None
    rows = [('empty', empty)] + [
        (name, {m.statistic: m for m in results.select(operation) if m.candidate == name})
        for name in names]
    highest = max(row['p99.9'].median for _, row in rows)
    lowest = min(row['p50'].median for _, row in rows)
    labels = ['empty call'] + [label(name, results.context) for name in names]
    lines = _frame(title, labels, 'ns, logarithmic', (0.7 * lowest, 1.5 * highest), log=True)
    wide = highest > 20 * lowest
    marks = (10, 30, 100, 300, 1000, 3000, 10000) if wide else (10, 20, 30, 50, 100, 200, 300, 500)
    lines.append(f'set xtics ({", ".join(map(str, marks))})')
    spans, points = [], []
    for i, (name, row) in enumerate(rows):
        y, shade = len(rows) - 1 - i, _hex(colour(name))
        at = [row[statistic].median for statistic in PERCENTILES]
        spans.append(f'{at[0]:.2f} {y} {at[-1] - at[0]:.2f} {shade}')
        points += [f'{x:.2f} {y} {size} {shade}' for x, size in zip(at, (1.1, 0.85, 0.6, 0.4))]
    lines += ['$spans << EOD', *spans, 'EOD', '$points << EOD', *points, 'EOD',
              'plot $spans using 1:2:3:(0):4 with vectors nohead lw 1.5 lc rgb variable, '
              '$points using 1:2:3:4 with points pt 7 ps variable lc rgb variable']
    return Panel(lines, 16 * len(rows))
