# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Shared by the tests of the LD_PRELOAD interposer: running a program with and without it, and its reports."""
import os
import re
import subprocess
import tempfile

import settings

VARIABLE = "SIMDINET_PRELOAD_CHECK"
TIMEOUT = 1800


def environment(preload=(), check=None, **more):
    """This environment with only the given libraries preloaded, and SIMDINET_PRELOAD_CHECK set to check."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("LD_PRELOAD", VARIABLE)}
    if preload:
        env["LD_PRELOAD"] = " ".join(map(str, preload))
    if check:
        env[VARIABLE] = check
    return env | more


def run(command, env, **options):
    done = subprocess.run(command, env=env, capture_output=True, timeout=TIMEOUT,
                          stdin=subprocess.DEVNULL, **options)
    return done.returncode, done.stdout, done.stderr


class Report:
    """The sum of what processes appended to a file."""

    def __init__(self, text):
        self.text = text
        self.processes = [tuple(map(int, found)) for found in re.findall(
            r"^simdinet: (\d+) calls? checked, (\d+) differences? \(", text, re.M)]
        self.calls = sum(calls for calls, _ in self.processes)
        self.differences = sum(differences for _, differences in self.processes)
        self.functions = {}
        for name, *numbers, varied in re.findall(
                r"^simdinet:   (\w+): (\d+) checked, (\d+) different, (\d+) passed to the C library"
                r"(?:, (\d+) of them with varying results)?$", text, re.M):
            total = self.functions.setdefault(name, [0, 0, 0, 0])
            for i, number in enumerate([*numbers, varied or 0]):
                total[i] += int(number)
        self.lines = re.findall(r"^simdinet: difference in (\w+)\(", text, re.M)


def checked(command, preload, **options):
    """Runs a program with its calls compared; returns the result of run, and the report."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report")
        # A server may drop its privileges before it exits, and its report follows those of other processes.
        os.chmod(folder, 0o777)
        os.close(os.open(path, os.O_CREAT))
        os.chmod(path, 0o666)
        result = run(command, environment(preload, path), **options)
        with open(path, encoding="utf-8") as file:
            return result, Report(file.read())


def summarize(name, calls):
    """Adds the number of compared calls, none of them different, to the end of the output."""
    settings.summary.append(f"checked: {name}: {calls} calls, 0 differences")


def compare(command, preload, name=None, **options):
    """Asserts that a program's status and output are the same without the library, with it, and with its checks."""
    alone = run(command, environment(), **options)
    assert run(command, environment([preload]), **options) == alone, command
    result, report = checked(command, [preload], **options)
    assert result == alone, command
    assert report.differences == 0, report.text
    if name:
        summarize(name, report.calls)
    return alone, report
