# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Measures simdinet, and makes a report of it: tools/bench.sh runs this package.

results   one measurement, the file of a run (JSON), its table (CSV), what is compared with what
programs  runs the benchmark programs        commands      whole commands on the same logs
python_peers  Python's own functions          instructions  counts by callgrind and qemu
table     the report on the terminal          goals         which figures were asked for
pictures  which pictures there are            gnuplot       how gnuplot draws one
page      the report in HTML                  readme        the report of the README
compare   one run against an older one
"""
