# SPDX-License-Identifier: Apache-2.0 OR MIT
"""count_tests.py LOG ... - counts the tests in ctest's logs and lists what was skipped.

Prints `skipped: NAME: why` once for each skip, with how often, then `tests run: N, in M programs`. A
program without a summary line of its own counts as one test.
"""
import collections
import re
import sys

COUNTS = [
    r"^\[====\] Synthesis: Tested: (\d+)",  # Criterion
    r"^(\d+) tests, \d+ failing; ",  # tests/harness/emulated
    r"^total +(\d+) passed, ",  # run_cases
]
# pytest's last line: `==== 1 failed, 12 passed, 3 skipped in 0.12s ====`.
PYTEST = r"^=+ (.*\b(?:passed|failed|skipped|errors?)\b.*) in [\d.]+s.* =+$"
SKIPS = [
    r"^.*?\bskipped: (?P<what>.*?: .*)$",
    r"^\[SKIP\] \S+::(?P<test>\S+): (?P<why>.*)$",
    r"^(?P<test>test_\w+) .* \.\.\. skipped ['\"](?:skipped: )?(?P<why>.*)['\"]$",
]


def skips_of(program, output):
    for pattern in SKIPS:
        for match in re.finditer(pattern, output, re.M):
            groups = match.groupdict()
            yield groups.get("what") or f"{program}/{groups['test']}: {groups['why']}"


def tests_of(program, output, skips):
    for pattern in COUNTS:
        if found := re.findall(pattern, output, re.M):
            return sum(map(int, found))
    if found := re.findall(PYTEST, output, re.M):
        return sum(int(n) for line in found for n in re.findall(r"(\d+) (?:passed|failed|errors?)\b", line))
    # A program that only prints why it is skipped is not a test.
    return 0 if any(skip.startswith(program + ": ") for skip in skips) else 1


tests, skipped = [], collections.Counter()
for log in sys.argv[1:]:
    with open(log, encoding="utf-8", errors="replace") as file:
        programs = re.findall(r"^\d+/\d+ Test: (.*?)$.*?^Output:\n-+\n(.*?)^<end of output>$",
                              file.read(), re.M | re.S)
    for name, text in programs:
        skips = list(skips_of(name, text))
        skipped.update(skips)
        tests.append(tests_of(name, text, skips))
for skip, times in sorted(skipped.items()):
    print(f"skipped: {skip}" + (f" ({times} times)" if times > 1 else ""))
print(f"tests run: {sum(tests)}, in {sum(map(bool, tests))} programs")
