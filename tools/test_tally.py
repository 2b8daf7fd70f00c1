#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counts the tests of ctest's logs and names what was skipped.

usage: test_tally.py LOG ...

Prints a line `skipped: NAME: why` for everything that was passed over, once each with how often, and
last a line `tests run: N, in M programs`. A program counts as many tests as its framework says it ran,
or as cases were run from a table; as one where it has no such line.
"""
import collections
import re
import sys

# What ends the output of a program that holds more than one test.
COUNTS = [
    re.compile(r"^\[====\] Synthesis: Tested: (\d+)", re.M),  # Criterion
    re.compile(r"^(\d+) tests, \d+ failing; ", re.M),  # tests/harness/emulated
    re.compile(r"^total +(\d+) passed, ", re.M),  # run_cases
]
# pytest's last line: `==== 1 failed, 12 passed, 3 skipped in 0.12s ====`.
PYTEST = re.compile(r"^=+ (.*\b(?:passed|failed|skipped|error|errors)\b.*) in [\d.]+s.* =+$", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_SKIPPED = re.compile(r"^(?:OK|FAILED) \(.*skipped=(\d+)", re.M)

SKIPS = [
    re.compile(r"^.*?\bskipped: (?P<what>.*?: .*)$", re.M),
    re.compile(r"^\[SKIP\] (?P<name>\S+)::(?P<test>\S+): (?P<why>.*)$", re.M),
    re.compile(r"^(?P<test>test_\w+) .* \.\.\. skipped ['\"](?:skipped: )?(?P<why>.*)['\"]$", re.M),
]


def programs(log):
    """The name and the output of every test that ctest ran."""
    section = re.compile(r"^\d+/\d+ Test: (.*?)$.*?^Output:\n-+\n(.*?)^<end of output>$",
                         re.M | re.S)
    with open(log, encoding="utf-8", errors="replace") as file:
        return section.findall(file.read())


def skips_of(program, output):
    for pattern in SKIPS:
        for match in pattern.finditer(output):
            words = match.groupdict()
            if "what" in words:
                yield words["what"]
            else:
                yield f"{program}/{words['test']}: {words['why']}"


def tests_of(program, output, skips):
    for pattern in COUNTS:
        found = pattern.findall(output)
        if found:
            return sum(map(int, found))
    found = PYTEST.findall(output)
    if found:
        return sum(int(n) for line in found for n in re.findall(r"(\d+) (?:passed|failed|errors?)\b", line))
    found = UNITTEST.findall(output)
    if found:
        return sum(map(int, found)) - sum(map(int, UNITTEST_SKIPPED.findall(output)))
    # What only says that it does nothing is no test.
    return 0 if any(skip.startswith(program + ": ") for skip in skips) else 1


def main():
    tests = []
    skipped = collections.Counter()
    for log in sys.argv[1:]:
        for program, output in programs(log):
            skips = list(skips_of(program, output))
            skipped.update(skips)
            tests.append(tests_of(program, output, skips))
    for skip, times in sorted(skipped.items()):
        print(f"skipped: {skip}" + (f" ({times} times)" if times > 1 else ""))
    print(f"tests run: {sum(tests)}, in {sum(map(bool, tests))} programs")


if __name__ == "__main__":
    main()
