#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads what gcov counted, and says which lines and branches no test has reached.

usage: coverage.py [--without ROW] ... [--readme] BUILD[:GCOV] ...

A build was made with SIMDINET_COVERAGE, and its tests have run. What one line has reached in any build
counts; but a header that several rows are compiled with counts once for each of them, for a branch
that only the scalar row takes says nothing of the others. --without leaves out a row that does not
run here. --readme writes the figures into README.md, between the marks that stand there.

In the kernels and the engine every branch is reached, or explained in tests/build/uncovered.txt, a line each:

    FILE:FUNCTION: `SOURCE`: N of M: WHY

N of the M branches of the line that reads SOURCE are not taken, for this reason; "line" stands there
where the whole line is not reached, and "function", with the line that it begins with, where nothing
of it is. [ROW] behind FUNCTION limits this to one row. An explanation of what was reached after all
is an error, too. Elsewhere explanations are welcome and not asked for.

Not used, though it could be: gcovr 5.2, which gives up on a function that a header defines twice, for
one row and for another.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
EXPLANATIONS = SOURCE / "tests/build/uncovered.txt"
README = SOURCE / "README.md"

# Room, and how much of its lines and branches must be reached; None: all, or else it is explained.
ROOMS = [("lib/kernels", None), ("lib/engine", None), ("lib/socket", 90.0), ("cli", 90.0)]
TARGETS = ("simdinet_objects.dir", "simdinet_command.dir")
MARKS = ("<!-- written by tools/proof/coverage.sh -->\n", "<!-- end of coverage -->\n")

# One line of one function, as one row or other file has compiled it.
Place = collections.namedtuple("Place", "file line function unit")


class Counts:
    """How often one place was run, and each of its branches taken."""

    def __init__(self):
        self.runs = 0
        self.branches = {}  # their number: how often each was taken

    def add(self, runs, taken):
        self.runs += runs
        if taken:
            sums = self.branches.setdefault(len(taken), [0] * len(taken))
            for i, count in enumerate(taken):
                sums[i] += count

    def total(self):
        return sum(map(len, self.branches.values()))

    def missed(self):
        return sum(taken.count(0) for taken in self.branches.values())

    def verdict(self):
        """None when all of it was reached; else as an explanation has it."""
        if not self.runs:
            return "line"
        return f"{self.missed()} of {self.total()}" if self.missed() else None


def read_notes(note, gcov, without, places):
    """Adds what one object file has counted."""
    unit = note.name.split(".")[0]
    if unit in without:
        return
    output = subprocess.run([gcov, "--branch-probabilities", "--json-format", "--stdout", str(note)],
                            capture_output=True, text=True, check=True).stdout
    for document in output.splitlines():
        if not document:
            continue
        data = json.loads(document)
        for file in data["files"]:
            path = (pathlib.Path(data["current_working_directory"]) / file["file"]).resolve()
            if not path.is_relative_to(SOURCE):
                continue
            name = str(path.relative_to(SOURCE))
            for line in file["lines"]:
                place = Place(name, line["line_number"], line.get("function_name", "?"), unit)
                places[place].add(line["count"], [branch["count"] for branch in line["branches"]])


def read_build(argument, without, places):
    build, _, gcov = argument.partition(":")
    notes = [note for note in sorted(pathlib.Path(build).rglob("*.gcno"))
             if any(target in note.parts for target in TARGETS)]
    if not notes:
        sys.exit(f"coverage.py: {build}: no build with SIMDINET_COVERAGE")
    for note in notes:
        read_notes(note, gcov or "gcov", without, places)


def read_explanations():
    """(file, function, row or None, source text, verdict) -> [number of line, reason, used]"""
    form = re.compile(r"(\S+?):(\w+)(?: \[(\w+)\])?: `(.+)`: (function|line|\d+ of \d+): (\S.*)")
    explanations = {}
    for number, line in enumerate(EXPLANATIONS.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = form.fullmatch(line)
        if not match:
            sys.exit(f"tests/build/uncovered.txt:{number}: not FILE:FUNCTION: `SOURCE`: N of M: WHY")
        *key, reason = match.groups()
        explanations[tuple(key)] = [number, reason, False]
    return explanations


class Sources:
    """The text of lines."""

    def __init__(self):
        self.files = {}

    def line(self, file, number):
        if file not in self.files:
            self.files[file] = (SOURCE / file).read_text().splitlines()
        return self.files[file][number - 1].strip()


def unreached(places):
    """(place, verdict) of what was not reached; of a function that never ran, its first line alone."""
    ran = {(place.file, place.function, place.unit) for place, counts in places.items() if counts.runs}
    told = set()
    for place, counts in sorted(places.items()):
        function = place.file, place.function, place.unit
        verdict = counts.verdict()
        if not verdict or function in told:
            continue
        if function not in ran:
            told.add(function)
            verdict = "function"
        yield place, verdict


def explain(explanations, place, text, verdict):
    for row in (None, place.unit):
        found = explanations.get((place.file, place.function, row, text, verdict))
        if found:
            found[2] = True
            return found[1]
    return None


def room_of(file):
    return next((room for room, _ in ROOMS if file.startswith(room + "/")), None)


def percent(part, whole):
    """Rounded down: 100.0 % is all of it."""
    return int(1000 * part / whole) / 10 if whole else 100.0


def figures(places):
    """room -> (lines reached, lines, branches taken, branches)"""
    sums = {room: [0, 0, 0, 0] for room, _ in ROOMS}
    for place, counts in places.items():
        room = room_of(place.file)
        if room:
            sums[room][0] += counts.runs > 0
            sums[room][1] += 1
            sums[room][2] += counts.total() - counts.missed()
            sums[room][3] += counts.total()
    return sums


def write_readme(sums, explained):
    told = "; ".join(
        f"{room.split('/')[-1]} {percent(lines, all_lines)} % of lines, "
        f"{percent(taken, branches)} % of branches"
        for room, (lines, all_lines, taken, branches) in sums.items())
    text = README.read_text()
    before, _, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not end:
        sys.exit("coverage.py: README.md: the marks are missing")
    README.write_text(before + MARKS[0] + f"Reached by the tests: {told}. The "
                      f"[{explained} places](tests/build/uncovered.txt) of kernels and engine that no test "
                      "can reach are explained.\n" + MARKS[1] + after)


def main(arguments):
    without, builds, readme = set(), [], False
    while arguments:
        argument = arguments.pop(0)
        if argument == "--without":
            without.add(arguments.pop(0))
        elif argument == "--readme":
            readme = True
        else:
            builds.append(argument)
    if not builds:
        sys.exit(__doc__.split("\n\n")[1])

    places = collections.defaultdict(Counts)
    for build in builds:
        read_build(build, without, places)
    explanations, sources = read_explanations(), Sources()
    unexplained = collections.Counter()
    explained = 0
    print("not reached: the rest of a line's branches is")
    for place, verdict in unreached(places):
        room = room_of(place.file)
        if not room:
            continue
        text = sources.line(place.file, place.line)
        reason = explain(explanations, place, text, verdict)
        row = "" if place.file.endswith(".c") else f" [{place.unit}]"
        print(f"{place.file}:{place.line}: {place.function}{row}: {verdict}: {text}" +
              (f"\n    {reason}" if reason else ""))
        if reason:
            explained += dict(ROOMS)[room] is None
        else:
            unexplained[room] += 1
    failed = False
    for (file, function, row, text, verdict), (number, _, used) in explanations.items():
        skipped = row in without or not any(place.file == file for place in places)
        if not used and not skipped:
            print(f"tests/build/uncovered.txt:{number}: {file}: {function}: no longer so: {verdict}: {text}")
            failed = True

    print()
    sums = figures(places)
    for room, aim in ROOMS:
        lines, all_lines, taken, branches = sums[room]
        shares = percent(lines, all_lines), percent(taken, branches)
        print(f"{room}: {shares[0]} % of lines ({lines} of {all_lines}), "
              f"{shares[1]} % of branches ({taken} of {branches})")
        if aim is None and unexplained[room]:
            print(f"{room}: {unexplained[room]} places are neither reached nor explained")
            failed = True
        if aim is not None and min(shares) < aim:
            print(f"{room}: {aim} % were wanted")
            failed = True
    if failed:
        return 1
    if readme:
        write_readme(sums, explained)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
