# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The report as one HTML page that needs no network: tables, pictures, corpora, goals."""

import html

from . import gnuplot, table
from .results import FAMILIES, ROWS, label

STYLE = '''
:root { color-scheme: light dark; --ink: #1f2328; --muted: #59636e; --line: #d8dee4;
  --paper: #ffffff; --soft: #f6f8fa; --bad: #cf222e; --good: #1a7f37; --bar: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --muted: #9198a1; --line: #30363d;
  --paper: #0d1117; --soft: #151b23; --bad: #f85149; --good: #3fb950; --bar: #4493f8; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin-bottom: .3rem; font-size: 1rem; } h3 small { color: var(--muted); font-weight: normal; }
figure { margin: 1.5rem 0; } figure svg { max-width: 100%; height: auto; }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } td.words { white-space: normal; text-align: left; }
th { background: var(--soft); } .wrong, .missed { color: var(--bad); font-weight: 600; }
.met { color: var(--good); } .base { color: var(--muted); } .own { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--muted); } dd { margin: 0; }
.histogram { display: flex; align-items: flex-end; height: 48px; gap: 1px; }
.histogram i { flex: 1; background: var(--bar); min-height: 1px; max-width: 12px; }
nav a { margin-right: 1rem; }
'''

NOTES = '''
<p>Figures are nanoseconds an item (an address; of byte swaps and whole commands a kilobyte), or GB/s
where that is said; in brackets, how many times faster than the first baseline of the same table, which
is libc wherever libc has the function. Candidates of a table took turns in a random order, in each of a few
processes: read the ratios, not the nanoseconds. The fastest round counts, in processor time, for whatever
else a machine does makes a round slower and never faster; the noise column says how far the usual
round of the line's worst candidate lies above its fastest.</p>
<p>Every candidate's results were compared with those of libc, or with what the generator of a log
knows, before it was timed. <span class="wrong">WRONG</span> marks one whose results are others: fast
or not, it answers another question. simdinet is linked statically, the other libraries as their
packages have them.</p>
'''


def _cell(results, m):
    if m is None:
        return '<td>-</td>'
    kind = 'own' if m.own else 'base' if results.baseline(m) is None else ''
    text = html.escape(table.figure(m, results.ratio(m)))
    hint = html.escape(f'{len(m.rounds)} rounds, the usual one {m.spread:.1%} above; n = {m.n}'
                       + (f'; {m.note}' if m.note else ''))
    if not m.right:
        text, kind = f'WRONG {text}', 'wrong'
    return f'<td class="{kind}" title="{hint}">{text}</td>'


def _operation(results, operation):
    measurements = results.select(operation)
    candidates = list(dict.fromkeys(m.candidate for m in measurements))
    by_place = {(m.corpus, m.statistic, m.candidate): m for m in measurements}
    title = results.context.get(f'operation {operation}', '')
    unit = ', GB/s' if table.in_bytes(operation) else ''
    yield f'<h3>{html.escape(operation)} <small>{html.escape(title + unit)}</small></h3>'
    yield '<div class="wide"><table><tr><th></th>' + ''.join(
        f'<th>{html.escape(label(name, results.context))}</th>' for name in candidates) \
        + '<th>noise</th></tr>'
    for corpus, statistic in table.lines_of(measurements):
        line = [by_place.get((corpus, statistic, name)) for name in candidates]
        name = corpus if statistic == 'average' else f'{corpus} {statistic}'
        yield (f'<tr><td>{html.escape(name)}</td>' + ''.join(_cell(results, m) for m in line)
               + f'<td class="base">{max(m.spread for m in line if m):.0%}</td></tr>')
    yield '</table></div>'


def _corpora(context):
    for name, description, counts, lengths in table.corpora(context):
        most = max(count for _, count in lengths)
        by_length = dict(lengths)
        bars = ''.join(
            f'<i style="height:{100 * by_length.get(length, 0) / most:.1f}%" '
            f'title="{length} bytes: {by_length.get(length, 0)}"></i>'
            for length in range(lengths[0][0], lengths[-1][0] + 1))
        yield (f'<h3>{html.escape(name)} <small>{html.escape(description)}</small></h3>'
               f'<p>{html.escape(table.corpus_words(counts, lengths))}</p>'
               f'<div class="histogram" title="length of the text, {lengths[0][0]} to '
               f'{lengths[-1][0]} bytes">{bars}</div>')


def _goals(verdicts, not_run):
    missed = sum(not v.met for v in verdicts)
    yield (f'<p>{len(verdicts) - missed} met, {missed} missed, {not_run} not run here.</p>'
           '<div class="wide"><table><tr><th>operation</th><th>corpus</th><th>candidate</th>'
           '<th>against</th><th>measured</th><th>required</th><th>goal</th><th></th></tr>')
    for v in verdicts:
        cells = [*v.goal.key, v.goal.against, f'{v.measured:.2f}', f'{v.goal.required:g}', v.goal.wish]
        yield ('<tr>' + ''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)
               + f'<td class="{"met" if v.met else "missed"}">{html.escape(v.words)}</td></tr>')
    yield '</table></div>'


def page(results, drawn, verdicts, not_run):
    """The page as a string; drawn has the pictures' paths by name."""
    context = results.context
    operations = results.operations()
    title = f'simdinet {table.version(context)}: benchmark'
    families = [family for family in FAMILIES
                if any(m.family == family for m in results)]
    parts = ['<!DOCTYPE html>', '<html lang="en"><head><meta charset="utf-8"/>',
             '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
             f'<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>',
             f'<h1>{html.escape(title)}</h1>', '<dl>']
    parts += [f'<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>'
              for name, text in table.head(results)]
    parts.append('</dl>')
    if context.get('mode') == 'quick':
        parts.append('<p class="wrong">A quick run: three short rounds, a first look only.</p>')
    parts.append('<nav>' + ''.join(f'<a href="#{family}">{family}</a>' for family in families)
                 + '<a href="#corpora">corpora</a><a href="#goals">goals</a></nav>')
    parts.append(NOTES)
    for name, path in drawn.items():
        svg = gnuplot.for_page(path.read_text(encoding='utf-8'), name)
        parts.append(f'<figure id="picture-{name}">{svg}</figure>')
    for family in ('', *families):
        shown = [name for name in operations if results.select(name)[0].family == family]
        if not shown:
            continue
        if family:
            parts.append(f'<h2 id="{family}">{family}</h2>')
        for operation in shown:
            parts += _operation(results, operation)
    parts.append('<h2 id="corpora">corpora</h2>')
    parts.append(f'<p>Generated from the seed {html.escape(str(context.get("seed", "?")))}, but for '
                 'those that are yours. Bars: how many texts have each length.</p>')
    parts += _corpora(context)
    parts.append('<h2 id="goals">goals</h2>')
    parts += _goals(verdicts, not_run)
    parts.append('<p class="base">Rows of simdinet: ' + ', '.join(label(row) for row in ROWS)
                 + '. Every figure is a row of results.csv.</p></body></html>')
    return '\n'.join(parts) + '\n'
