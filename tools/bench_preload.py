#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Times a C program and a Python program with and without the drop-in, and prints a table.

usage: bench_preload.py [--quick] [--publish PAGE] LIBRARY LOOP SCRIPT

LIBRARY is libsimdinet_preload.so, LOOP the C program (bench/preload_loop.c) and SCRIPT the one in Python
(bench/preload_loop.py); tools/bench_preload.sh builds what is to be built. The runs with and without take turns, and of each operation the fastest round counts. --publish
writes the table between the marks of PAGE, too. The exit status is 1 when the two do not answer alike.
"""
import argparse
import os
import pathlib
import platform
import subprocess
import sys
import time

BEGIN, END = "<!-- written by tools/bench_preload.sh -->\n", "<!-- end -->\n"


def environment(library):
    env = {name: value for name, value in os.environ.items()
           if name not in ("LD_PRELOAD", "SIMDINET_PRELOAD_CHECK")}
    return env | {"LD_PRELOAD": library} if library else env


def time_operations(command, library):
    """{operation: (nanoseconds, what came out)}"""
    done = subprocess.run(command, env=environment(library), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    lines = (line.split("\t") for line in done.stdout.splitlines())
    return {name: (float(nanoseconds), answers) for name, nanoseconds, answers in lines}


def time_start(library):
    """The time from the start of a process that does nothing to its end."""
    env = environment(library)
    begin = time.perf_counter_ns()
    for _ in range(20):
        subprocess.run(["/bin/true"], env=env, stdin=subprocess.DEVNULL, check=True)
    return {"a process that does nothing": ((time.perf_counter_ns() - begin) / 20, "")}


def fastest_of(turns, measure):
    """Without and with the library by turns; two dicts as time_operations returns them."""
    best = {}, {}
    for _ in range(turns):
        for result, library in zip(best, (None, LIBRARY)):
            for name, (nanoseconds, answers) in measure(library).items():
                if name in result and result[name][1] != answers:
                    raise SystemExit(f"{name}: not the same answers in two runs")
                result[name] = (min(nanoseconds, result.get(name, (nanoseconds,))[0]), answers)
    return best


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def amount(nanoseconds):
    return f"{nanoseconds:.1f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:,.1f} µs"


def table(sections):
    lines = ["| | C library | drop-in | |", "|---|---:|---:|---:|"]
    wrong = []
    for title, (without, with_) in sections:
        lines.append(f"| **{title}** | | | |")
        for name, (before, answers) in without.items():
            after = with_[name][0]
            ratio = f"{before / after:.1f} ×" if after < before / 1.05 else (
                "as fast" if after < before * 1.05 else f"{after / before:.2f} × as long")
            lines.append(f"| {name} | {amount(before)} | {amount(after)} | {ratio} |")
            if with_[name][1] != answers:
                wrong.append(name)
    lines.append(f"\n{processor()}, glibc {platform.libc_ver()[1]}, Python {VERSION}; the fastest of "
                 "many rounds, with and without by turns.")
    return "\n".join(lines) + "\n", wrong


def publish(path, text):
    page = pathlib.Path(path).read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END, 1)
    pathlib.Path(path).write_text(head + BEGIN + text + END + tail, encoding="utf-8")


def main():
    text, wrong = table([
        ("a C program, each call", fastest_of(TURNS, lambda library: time_operations(
            [LOOP, "2" if given.quick else "20"], library))),
        ("a Python program, each call", fastest_of(TURNS, lambda library: time_operations(
            [PYTHON, given.script, "2" if given.quick else "10"], library))),
        ("the price of loading it", fastest_of(2 * TURNS, time_start))])
    print(text, end="")
    if given.publish:
        publish(given.publish, text)
    for name in wrong:
        print(f"WRONG: {name}: not the same answers with the drop-in", file=sys.stderr)
    return 1 if wrong else 0


parser = argparse.ArgumentParser(prog="bench_preload.py")
parser.add_argument("--quick", action="store_true")
parser.add_argument("--publish", metavar="PAGE")
parser.add_argument("library")
parser.add_argument("loop")
parser.add_argument("script")
given = parser.parse_args()
LIBRARY, LOOP = os.path.abspath(given.library), os.path.abspath(given.loop)
TURNS = 1 if given.quick else 10
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
VERSION = subprocess.run([PYTHON, "-c", "import platform; print(platform.python_version())"],
                         capture_output=True, text=True, check=True).stdout.strip()
sys.exit(main())
