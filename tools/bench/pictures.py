# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Which pictures a run gives: bars of one address, of many, of a log; curves; single calls."""

from pathlib import Path

from . import gnuplot
from .bars import bars, strips
from .curves import curve
from .results import ROWS, label

MARGIN_TOP, MARGIN_BOTTOM = 44, 34


class Sheet:
    """Panels in two columns on one picture, each row as high as its panels ask for."""

    def __init__(self, title, context, note=None):
        self.title, self.context = title, context
        self.note = note if note is not None else ' · '.join((
            context.get('processor', ''), context.get('libc', ''),
            context.get('compiler', '').split(',')[0]))
        self.rows = []

    def add(self, *panels):
        """Adds a row of panels; None where there is nothing to show."""
        if any(panels):
            self.rows.append([panel for panel in panels if panel])

    def script(self):
        legend = list(dict.fromkeys(name for row in self.rows for panel in row
                                    for name in panel.names))
        heights = [max(panel.height for panel in row) + MARGIN_TOP + MARGIN_BOTTOM
                   for row in self.rows]
        top = 50 if legend else 30
        total = sum(heights) + top + (22 if self.note else 4)
        first = [f'set label 1 {gnuplot.quote(self.title)} at screen 0.5, screen '
                 f'{1 - 18 / total:.4f} center font ",15" textcolor rgb "{gnuplot.INK}" noenhanced']
        if self.note:
            first.append(f'set label 2 {gnuplot.quote(self.note)} at screen 0.5, screen '
                         f'{10 / total:.4f} center font ",11" textcolor rgb "{gnuplot.MUTED}" '
                         'noenhanced')
        first += _legend([(label(name, self.context), gnuplot.colour(name)) for name in legend],
                         1 - 42 / total)
        lines = ['set encoding utf8', 'set multiplot']
        for row, height in zip(self.rows, heights):
            width = gnuplot.WIDTH / len(row)
            for place, panel in enumerate(row):
                left, right = place * width + panel.left, (place + 1) * width - panel.right
                lines += ['reset', *first, f'set lmargin at screen {left / gnuplot.WIDTH:.4f}',
                          f'set rmargin at screen {right / gnuplot.WIDTH:.4f}',
                          f'set tmargin at screen {1 - (top + MARGIN_TOP) / total:.4f}',
                          f'set bmargin at screen {1 - (top + height - MARGIN_BOTTOM) / total:.4f}',
                          *panel.lines]
                first = []
            top += height
        lines.append('unset multiplot')
        return lines, total


def _legend(entries, height):
    """A dot and a name for each entry, on one line in the middle."""
    widths = [36 + 7 * len(name) for name, _ in entries]
    x = (gnuplot.WIDTH - sum(widths)) / 2
    for i, ((name, colour), width) in enumerate(zip(entries, widths)):
        at = f'screen {x / gnuplot.WIDTH:.4f}, screen {height:.4f}'
        beside = f'screen {(x + 15) / gnuplot.WIDTH:.4f}, screen {height:.4f}'
        yield f"set label {20 + i} '●' at {at} left font ',13' textcolor rgb '{colour}'"
        yield (f'set label {40 + i} {gnuplot.quote(name)} at {beside} left font ",11" textcolor rgb '
               f'"{gnuplot.INK}" noenhanced')
        x += width


def _corpus(results, operation):
    """The corpus to show of an operation: what logs hold, or the user's own."""
    present = {m.corpus for m in results.select(operation)}
    return next((name for name in ('realistic', 'yours', 'random') if name in present), None)


def one(results):
    sheet = Sheet('One address: nanoseconds, and how many times faster than libc', results.context)
    for operation, what in (('parse', 'Text to bytes'), ('format', 'Bytes to text')):
        panels = []
        for family in (4, 6):
            name = f'{operation}_ipv{family}'
            corpus = _corpus(results, name)
            panels.append(bars(results, name, corpus, f'{what}, IPv{family} ({corpus})'))
        sheet.add(*panels)
    return sheet


def many(results):
    sheet = Sheet('Many addresses in one call: nanoseconds each', results.context)
    for operation, what in (('lines', 'Lines to bytes'), ('column', 'Column to bytes'),
                            ('format_lines', 'Bytes to lines')):
        panels = []
        for family in (4, 6):
            name = f'{operation}_ipv{family}'
            corpus = _corpus(results, name)
            panels.append(bars(results, name, corpus, f'{what}, IPv{family} ({corpus})'))
        sheet.add(*panels)
    return sheet


def scan(results):
    sheet = Sheet('Every address of a log: GB/s, one thread', results.context)
    logs = list(dict.fromkeys(m.corpus for m in results.select('scan_both')))
    for log in [name for name in ('web', 'zeek', 'yours') if name in logs]:
        sheet.add(bars(results, 'command_extract', log, f'Whole commands, {log} log', 'processor'),
                  bars(results, 'scan_both', log, f'Engines, {log} log in memory'))
    return sheet


def by_number(results):
    sheet = Sheet('Nanoseconds an address, by the number of addresses in a call', results.context)
    for operation, what in (('lines', 'Lines to bytes'), ('format_lines', 'Bytes to lines')):
        sheet.add(*(curve(results, f'{operation}_ipv{family}_curve', f'{what}, IPv{family}',
                          'addresses', ('libc', *ROWS)) for family in (4, 6)))
    return sheet


def by_size(results):
    sheet = Sheet('GB/s, by the size of the data', results.context)
    sheet.add(curve(results, 'swap32_curve', 'Byte order of 32-bit numbers, from array to array',
                    'bytes', ('memcpy', 'loop-O2', *ROWS), arrays=2),
              curve(results, 'scan_both_curve', 'Every address of a web log', 'bytes', ROWS))
    return sheet


def latency(results):
    step = results.context.get('clock_step', 0)
    sheet = Sheet('Single calls: what half, 90 %, 99 % and 99.9 % of them take at most',
                  results.context, f'The clock is part of every figure: see the empty call. It moves in steps of '
                  f'{step:.0f} ns.')
    for operation, what in (('parse', 'Text to bytes'), ('format', 'Bytes to text')):
        sheet.add(*(strips(results, f'{operation}_ipv{family}_latency', f'{what}, IPv{family}')
                    for family in (4, 6)))
    return sheet


PICTURES = {'one': one, 'many': many, 'scan': scan, 'by-number': by_number, 'by-size': by_size,
            'latency': latency}


def draw_all(results, directory):
    """Draws what the run has data for; returns name -> path of the SVG."""
    drawn = {}
    for name, make in PICTURES.items():
        sheet = make(results)
        if not sheet.rows:
            continue
        script, height = sheet.script()
        base = Path(directory) / name
        gnuplot.draw(script, height, base, sheet.title)
        drawn[name] = base.with_suffix('.svg')
    return drawn
