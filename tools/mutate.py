#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Makes small mistakes in the kernels, one at a time, and asks the tests whether they notice.

usage: mutate.py [--every N] BUILD WORK [FILE ...]

BUILD was configured with SIMDINET_TESTS_ONE_PROCESS and CMAKE_EXPORT_COMPILE_COMMANDS, and its target
kernel_tests is built; WORK is a folder to work in. FILE is the name of a file of kernels to look at
alone. A mistake is another operator, a constant that is one off, a condition that is negated, a
statement that is left out; --every takes only each Nth of a file. Each is compiled in the rows that
SCOPE names for its file, linked with the tests, and run; one that no test notices in any of them is a
survivor.

A mistake for which a compiler makes the same code, at one level of optimisation or another, is none.
All other survivors stand in tests/build/surviving_mutants.txt, each with the reason why no test can notice it:

    FILE: `LINE` -> `LINE WITH THE MISTAKE`: WHY
    FILE: `LINE` (2 of 3) -> `LINE WITH THE MISTAKE`: WHY

"(removed)" stands for a statement that is left out. Of a line that a file has more than once, the
explanation says which one it is about: a mistake may survive at one place and not at the other. A
survivor that is not there is an error, and so is one that is there and does not survive.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import subprocess
import sys
import time

from mutations import mutations_of

SOURCE = pathlib.Path(__file__).resolve().parent.parent
KERNELS = SOURCE / "lib/kernels"
EXPLANATIONS = SOURCE / "tests/build/surviving_mutants.txt"

# The scalar row and what rows share; and in which rows to look for a difference, in this order.
SCOPE = [
    (("scalar",), ["scalar.c", "scalar_column_format.h", "scalar_format.h", "scalar_parse.h",
                   "scalar_scan.h", "scalar_swap.h", "column_parse.h", "scan_chains.h",
                   "scan_judge.h", "scan_places.h"]),
    (("sse42", "avx2"), ["ipv6_words.h", "words.h", "x86_blocks.h", "x86_column.h", "x86_ipv4.h",
                         "x86_ipv6.h", "x86_lines.h", "x86_octets.h", "x86_parse.h", "x86_scan.h"]),
]

# Which row is chosen, the environment of these runs says.
TESTS = ["-registry/", "registry/rows_are_whole"]

# What takes most of the time notices little that the others do not.
SLOW_TESTS = ["byteorder/larger", "column_format/large", "column_parse/round_trip", "edges/line_of",
              "format/ipv6_every_group", "format/ipv6_every_zero", "lines/round_trip",
              "parse/every_group"]

# A test that has not ended after so many seconds of processor time never will.
BRIEF_SECONDS, WHOLE_SECONDS = 4, 60


class Row:
    """How one row is compiled, and what comes of it as it stands."""

    def __init__(self, name, command):
        self.name = name
        words = [word for word in shlex.split(command["command"])
                 if not re.match(r"-(O\d|g|W|M[DTF])", word)]
        words = [word for i, word in enumerate(words)
                 if not (word == "-o" or (i and words[i - 1] == "-o") or word.endswith((".c", ".d"))
                         or word == "-c" or word.endswith(".c.o"))]
        self.compiler = words + ["-w"]
        self.code = None
        self.harder = {}  # the same by other levels of optimisation

    def compile(self, folder, level, compiler=None):
        """Compiles the row in a folder of kernels; returns the code, or None if it is no C."""
        output = folder / f"{self.name}.o"
        words = [compiler or self.compiler[0], *self.compiler[1:], level]
        if (folder / f"{self.name}.gch").exists() and level == "-O0" and not compiler:
            words += ["-include", str(folder / self.name)]
        done = subprocess.run([*words, "-c", str(folder / f"{self.name}.c"), "-o", str(output)],
                              stdin=subprocess.DEVNULL, capture_output=True)
        return hashlib.sha256(output.read_bytes()).digest() if done.returncode == 0 else None

    def prepare(self, folder):
        """Compiles what every compilation begins with, once; x86's intrinsics are most of the time."""
        if self.name == "scalar":
            return
        header = folder / self.name
        header.write_text("#include <immintrin.h>\n")
        subprocess.run([*self.compiler, "-O0", "-x", "c-header", str(header), "-o", f"{header}.gch"],
                       check=True)


class Mill:
    """Where one mutant after the other is compiled and run; one to a thread."""

    def __init__(self, work, number, rows, build):
        self.folder = work / f"mill-{number}" / "kernels"
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(KERNELS, self.folder)
        self.rows, self.build = rows, build
        self.program = self.folder.parent / "kernel_tests"
        for row in rows.values():
            row.prepare(self.folder)

    def link(self, row):
        """The tests with the object of this row that lies in the folder, before the library's own."""
        objects = [str(path) for path in
                   (self.build / "tests/CMakeFiles/kernel_tests.dir").rglob("*.o")]
        subprocess.run([row.compiler[0], "-no-pie", *objects, str(self.folder / f"{row.name}.o"),
                        str(self.build / "tests/libcriterion_words.a"),
                        str(self.build / "lib/libsimdinet.a"), "-pthread", "-o", str(self.program)],
                       check=True)

    def runs(self, row):
        """What notices() is asked about this row, be it as it stands or with a mistake in it: mistakes
        that are measured otherwise than what is right may be noticed for that alone."""
        # The scalar row is compared with another one, too: it is what others are held to.
        other = [name for name in self.rows if name != row.name][:1]
        return ([row.name], BRIEF_SECONDS, True), ([row.name, *other], WHOLE_SECONDS, False)

    def notices(self, rows, seconds, brief):
        """Whether a test fails."""
        environment = {**os.environ, "SIMDINET_IMPLEMENTATIONS_TESTED": ",".join(rows), "SIMDINET_IMPLEMENTATION": rows[0],
                       "SIMDINET_FIRST_FAILURE": "1"}
        if brief:
            environment["SIMDINET_BRIEF"] = "1"
        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        tests = TESTS + ([f"-{test}" for test in SLOW_TESTS] if brief else [])
        done = subprocess.run([str(self.program), *tests], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=environment, preexec_fn=limit)
        return done.returncode != 0

    def try_mutation(self, mutation, names, explained):
        """What comes of a mutation: "no C", "same code", "noticed" or "survives"."""
        path = self.folder / mutation.file
        text = path.read_text()
        path.write_text(mutation.apply(text))
        try:
            return self.verdict([self.rows[name] for name in names], explained)
        finally:
            path.write_text(text)

    def verdict(self, rows, explained):
        compiled = survives = False
        for row in rows:
            code = row.compile(self.folder, "-O0")
            compiled |= code is not None
            if code in (None, row.code):
                continue
            self.link(row)
            brief, whole = self.runs(row)
            if self.notices(*brief):
                return "noticed"
            # What one compiler finds to be the same, another one may not: to explain it is no error.
            if not explained and self.is_same(row):
                continue
            if self.notices(*whole):
                return "noticed"
            survives = True
        return "survives" if survives else "same code" if compiled else "no C"

    def is_same(self, row):
        """Whether a compiler that looks harder finds that nothing has changed."""
        return any(row.compile(self.folder, level, compiler) == code
                   for (level, compiler), code in row.harder.items())


def read_explanations():
    form = re.compile(r"(\S+): (`.*`(?: \(\d+ of \d+\))?) -> (`.*`|\(removed\)): \S.*")
    explanations = {}
    if not EXPLANATIONS.exists():
        return explanations
    for number, line in enumerate(EXPLANATIONS.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = form.fullmatch(line)
        if not match:
            sys.exit(f"tests/build/surviving_mutants.txt:{number}: not FILE: `LINE` -> `LINE`: WHY")
        explanations[match.groups()] = number
    return explanations


class Report:
    """Counts what came of the mutations, and says what survived unexpectedly."""

    def __init__(self, explanations):
        self.explanations = explanations
        self.counts = {"no C": 0, "same code": 0, "noticed": 0, "survives": 0}
        self.unexplained = []
        self.survivors = set()

    def add(self, mutation, verdict):
        self.counts[verdict] += 1
        if verdict == "survives":
            self.survivors.add(mutation.key())
            if mutation.key() not in self.explanations:
                self.unexplained.append(mutation)
                print(f"survives: {mutation.file}:{mutation.number}: {mutation.line} -> "
                      f"{mutation.mutated}", flush=True)

    def close(self, tried, exist):
        """Whether all is well. An explanation is wrong when all mistakes that it is about were tried,
        if there are any, and none has survived."""
        stale = [(number, key) for key, number in self.explanations.items()
                 if key not in self.survivors and tried[key] == exist[key]]
        for number, (file, line, mutated) in sorted(stale):
            print(f"tests/build/surviving_mutants.txt:{number}: does not survive: {file}: {line} -> {mutated}")
        explained = self.counts["survives"] - len(self.unexplained)
        print(f"{sum(self.counts.values())} mistakes: {self.counts['no C']} do not compile, "
              f"{self.counts['same code']} make the same code, {self.counts['noticed']} are noticed, "
              f"{explained} survive and are explained, {len(self.unexplained)} survive")
        return not stale and not self.unexplained


def baselines(rows, mill):
    """The code of every row as it stands, by level of optimisation; and that the tests pass on it."""
    levels = [("-O1", None), ("-O2", None), ("-O3", None)]
    if shutil.which("clang"):
        levels += [("-O2", "clang"), ("-O3", "clang")]
    for row in rows.values():
        for level, compiler in levels:
            row.harder[level, compiler] = row.compile(mill.folder, level, compiler)
        row.code = row.compile(mill.folder, "-O0")
        # Two that are no C are not the same code.
        if None in (row.code, *row.harder.values()):
            sys.exit(f"mutate.py: a compiler refuses the {row.name} row as it is")
        mill.link(row)
        for run in mill.runs(row):
            if mill.notices(*run):
                sys.exit(f"mutate.py: the tests fail on the {row.name} row as it is, or take longer "
                         f"than {run[1]} s of processor time")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("only", nargs="*")
    given = parser.parse_args()
    build, work, only = given.build, given.work, given.only
    commands = {pathlib.Path(command["file"]).name: command
                for command in json.loads((build / "compile_commands.json").read_text())
                if pathlib.Path(command["file"]).parent == KERNELS}
    rows, mutations, exist = {}, [], collections.Counter()
    for names, files in SCOPE:
        here = [name for name in names if f"{name}.c" in commands]
        for name in here:
            rows[name] = Row(name, commands[f"{name}.c"])
        for file in files:
            found = mutations_of(file, (KERNELS / file).read_text())
            exist.update(mutation.key() for mutation in found)
            if here and (not only or file in only):
                mutations += [(mutation, here) for mutation in found[::given.every]]
    began = time.monotonic()
    explanations = read_explanations()
    mills = [Mill(work, number, rows, build) for number in range(os.cpu_count() or 1)]
    baselines(rows, mills[0])
    report = Report(explanations)

    def grind(mill, mine):
        return [(mutation, mill.try_mutation(mutation, names, mutation.key() in explanations))
                for mutation, names in mine]

    # Small portions, dealt out in turn, so that no mill has all the slow ones.
    free = list(mills)
    portions = [mutations[i:i + 8] for i in range(0, len(mutations), 8)]
    done = 0
    with concurrent.futures.ThreadPoolExecutor(len(mills)) as pool:
        def work_on(portion):
            mill = free.pop()
            try:
                return grind(mill, portion)
            finally:
                free.append(mill)
        for results in pool.map(work_on, portions):
            for mutation, verdict in results:
                report.add(mutation, verdict)
            done += len(results)
            if done // 400 != (done - len(results)) // 400:
                print(f"{done} of {len(mutations)}, {time.monotonic() - began:.0f} s", flush=True)
    tried = collections.Counter(mutation.key() for mutation, _ in mutations)
    return 0 if report.close(tried, exist) else 1


if __name__ == "__main__":
    sys.exit(main())
