# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Pictures by gnuplot: the same script as SVG, for light and dark pages, and as PNG.

Every colour here has a counterpart for dark pages. In an SVG a style sheet replaces one by the other
where the reader's system asks for dark; a PNG has the light ones.
"""

import re
import shutil
import subprocess
from pathlib import Path

INK, MUTED, GRID, PAPER = '#1f2328', '#59636e', '#d8dee4', '#ffffff'
PALETTE = {  # light -> dark
    INK: '#e6edf3', MUTED: '#9198a1', GRID: '#30363d', PAPER: '#0d1117',
    '#57606a': '#8b949e', '#afb8c1': '#57606a', '#bf8700': '#d29922', '#1a7f37': '#3fb950',
    '#0969da': '#4493f8', '#8250df': '#ab7df8', '#cf222e': '#f85149', '#bf3989': '#f778ba',
}
COLOURS = {'libc': '#57606a', 'scalar': '#bf8700', 'sse42': '#1a7f37', 'avx2': '#0969da',
           'avx512': '#8250df', 'neon': '#bf3989', 'simdinet': '#8250df', 'wrong': '#cf222e',
           'memcpy': '#bf3989', 'empty': '#cf222e'}
OTHER = '#afb8c1'

WIDTH = 830  # what a README shows without scaling
_FONT = 'DejaVu Sans'
_FAMILY = ("-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, "
           "'DejaVu Sans', sans-serif")


def installed():
    return shutil.which('gnuplot') is not None


def colour(candidate):
    return COLOURS.get(candidate, OTHER)


def quote(text):
    """A string of gnuplot's, in which no character means anything."""
    return "'" + text.replace("'", "''") + "'"


def draw(script, height, base, title):
    """Draws the lines of a script to base.svg and base.png; raises RuntimeError with gnuplot's word."""
    base = Path(base)
    svg, png = base.with_suffix('.svg'), base.with_suffix('.png')
    terminals = (
        (svg, f"set terminal svg size {WIDTH},{height} dynamic font '{_FONT},12' background "
              f"rgb '{PAPER}'"),
        (png, f"set terminal pngcairo size {2 * WIDTH},{2 * height} font '{_FONT},12' fontscale 2 "
              f"linewidth 2 pointscale 2 background rgb '{PAPER}'"))
    for path, terminal in terminals:
        text = '\n'.join([terminal, f'set output {quote(str(path))}', *script, 'unset output', ''])
        done = subprocess.run(['gnuplot', '-'], input=text, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0 or not path.exists():
            raise RuntimeError(f'gnuplot: {done.stderr.strip()}')
    svg.write_text(themed(svg.read_text(encoding='utf-8'), title), encoding='utf-8')


def _hex(match):
    return '"#%02x%02x%02x"' % tuple(int(part) for part in match.groups())


def themed(svg, title):
    """gnuplot's SVG with a title, plain colours, a reader's own fonts, and a dark side."""
    svg = re.sub(r"""["']\s*rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)\s*["']""", _hex, svg)
    svg = re.sub(r"""["']black["']""", f'"{INK}"', svg)
    svg = re.sub(r"#[0-9A-F]{6}\b", lambda match: match[0].lower(), svg)
    svg = re.sub(rf"""font-family=["']{_FONT}["']""", f'font-family="{_FAMILY}"', svg)
    svg = re.sub(r'<desc>.*?</desc>\s*', '', svg, flags=re.S)
    svg = re.sub(r'<title>.*?</title>', '<title>' + _escape(title) + '</title>', svg, count=1,
                 flags=re.S)
    svg = re.sub(r'[ \t]+\n', '\n', re.sub(r'\n\s*\n+', '\n', svg))
    dark = ' '.join(f'[fill="{light}"]{{fill:{shade}}}[stroke="{light}"]{{stroke:{shade}}}'
                    f'[color="{light}"]{{color:{shade}}}' for light, shade in PALETTE.items())
    style = f'<style>@media (prefers-color-scheme: dark) {{ {dark} }}</style>'
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups()
    svg = svg.replace('<svg', f'<svg width="{width}" height="{height}"', 1)
    end = svg.index('>', svg.index('<svg')) + 1
    return svg[:end] + '\n' + style + svg[end:]


def _escape(text):
    return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')


def for_page(svg, prefix):
    """An SVG as a part of an HTML page: no XML head, and names that are its own."""
    svg = svg[svg.index('<svg'):]
    svg = re.sub(r"""(\bid=)(["'])(.*?)\2""", rf'\1\2{prefix}-\3\2', svg)
    svg = re.sub(r"""(href=)(["'])#(.*?)\2""", rf'\1\2#{prefix}-\3\2', svg)
    return re.sub(r'url\(#(.*?)\)', rf'url(#{prefix}-\1)', svg)
