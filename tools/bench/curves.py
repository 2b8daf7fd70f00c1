# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Panels with a curve for each candidate, by the number of addresses or by the size of the data."""

from .bars import Panel
from .gnuplot import GRID, INK, MUTED, colour, quote
from .table import size_text

HEIGHT = 190


def _size(text):
    """The bytes of 64K, 4M or a plain number."""
    factor = {'K': 1 << 10, 'M': 1 << 20}.get(text[-1], 1)
    return int(text.rstrip('KM')) * factor


def _axis(unit, positions):
    """The marks of the lower axis: powers of ten, or of two."""
    if unit == 'addresses':
        powers = range(0, 9, 2)
        marks = [f"'10^{{{power}}}' {10 ** power}" for power in powers]
    else:
        marks = [f"'{size_text(size)}' {size}" for size in
                 (4 << 10, 32 << 10, 256 << 10, 2 << 20, 16 << 20, 128 << 20)
                 if min(positions) <= size <= max(positions)]
    return ', '.join(marks)


def _heights(values):
    """The marks of the upright axis, more of them where there is less to cover."""
    steps = (1, 2, 5) if max(values) < 30 * min(values) else (1, 3)
    return ', '.join(f'{step * 10.0 ** power:g}' for power in range(-2, 5) for step in steps)


def _caches(results, positions, arrays):
    """A dotted line where so many arrays of a size fill each cache."""
    for i, cache in enumerate(c for c in results.context.get('caches', [])
                              if c['type'] != 'Instruction'):
        size = cache['size'] // arrays
        if min(positions) < size < max(positions):
            yield (f'set arrow {10 + i} from {size}, graph 0 to {size}, graph 1 nohead dt 3 '
                   f"lc rgb '{MUTED}'")
            yield (f"set label {300 + i} 'L{cache['level']}' at {size}, graph 0.96 right offset -0.4,0 "
                   f"font ',10' textcolor rgb '{MUTED}'")


def curve(results, operation, title, unit, candidates, arrays=1):
    """ns an address where unit is addresses, GB/s where it is bytes. None: nothing was measured.

    arrays: of how many arrays the size is that stands below, for where the caches end."""
    series = []
    for name in candidates:
        points = sorted((_size(m.corpus), m.min if unit == 'addresses' else m.gigabytes)
                        for m in results.select(operation) if m.candidate == name)
        if points:
            series.append((name, points))
    if not series:
        return None
    positions = [x for _, points in series for x, _ in points]
    heights = [y for _, points in series for _, y in points]
    lines = [f"set border 3 lc rgb '{MUTED}'", 'set logscale xy',
             f"set title {quote(title)} textcolor rgb '{INK}' font ',13' offset 0,-0.5 noenhanced",
             f"set tics textcolor rgb '{MUTED}' scale 0.4 nomirror font ',10'",
             f"set grid xtics ytics lc rgb '{GRID}' lw 0.7 lt 1 dt solid",
             f'set xtics ({_axis(unit, positions)}) offset 0,0.3',
             f'set ytics ({_heights(heights)})',
             f"set xlabel {quote(unit + (' of each array' if arrays > 1 else ''))} textcolor rgb "
             f"'{MUTED}' font ',11' offset 0,0.9",
             f"set ylabel '{'ns an address' if unit == 'addresses' else 'GB/s'}' textcolor rgb "
             f"'{MUTED}' font ',11' offset 0.5,0",
             f'set xrange [{min(positions) * 0.8}:{max(positions) * 1.3}]',
             f'set yrange [{min(heights) / 1.5:.4f}:{max(heights) * 1.5:.4f}]', 'unset key']
    if unit == 'bytes':
        lines += _caches(results, positions, arrays)
    plots = []
    for i, (name, points) in enumerate(series):
        lines += [f'$curve{i} << EOD', *(f'{x} {y:.4f}' for x, y in points), 'EOD']
        plots.append(f"$curve{i} using 1:2 with linespoints pt 7 ps 0.45 lw 1.8 lc rgb "
                     f"'{colour(name)}'")
    lines.append('plot ' + ', '.join(plots))
    return Panel(lines, HEIGHT, left=64, right=16, names=[name for name, _ in series])
