# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Times a C program and a Python program with and without the interposer, alternately, and prints a table of
the fastest repetitions: preload.py [--quick] [--publish] LIBRARY LOOP, with LIBRARY libsimdinet_preload.so
and LOOP the program of bench/preload_loop.c. The exit status is 1 when results differ."""
import argparse
import os
import pathlib
import platform
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE, SCRIPT = ROOT / "docs/preload.md", ROOT / "bench/preload_loop.py"
BEGIN, END = "<!-- written by tools/bench_preload.sh -->\n", "<!-- end -->\n"
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def environment(library):
    env = {name: value for name, value in os.environ.items()
           if name not in ("LD_PRELOAD", "SIMDINET_PRELOAD_CHECK")}
    return env | {"LD_PRELOAD": library} if library else env


def time_operations(command, library):
    """{operation: (nanoseconds, result)}"""
    done = subprocess.run(command, env=environment(library), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    lines = (line.split("\t") for line in done.stdout.splitlines())
    return {name: (float(nanoseconds), result) for name, nanoseconds, result in lines}


def time_start(library):
    begin = time.perf_counter_ns()
    for _ in range(20):
        subprocess.run(["/bin/true"], env=environment(library), stdin=subprocess.DEVNULL, check=True)
    return {"a process that does nothing": ((time.perf_counter_ns() - begin) / 20, "")}


def fastest(repetitions, library, measure):
    """Without and with the library, alternately: {operation: ([without, with], [result, result])}"""
    best = {}
    for _ in range(repetitions):
        for i, preloaded in enumerate((None, library)):
            for name, (nanoseconds, result) in measure(preloaded).items():
                times, results = best.setdefault(name, ([float("inf")] * 2, [None] * 2))
                times[i] = min(times[i], nanoseconds)
                if results[i] not in (None, result):
                    sys.exit(f"{name}: the results of two runs differ")
                results[i] = result
    return best


def amount(nanoseconds):
    return f"{nanoseconds:.1f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:,.1f} µs"


def table(sections):
    yield "| | C library | interposer | |"
    yield "|---|---:|---:|---:|"
    for title, operations in sections:
        yield f"| **{title}** | | | |"
        for name, ((before, after), _) in operations.items():
            ratio = f"{before / after:.1f} ×" if after < before / 1.05 else (
                "equal" if after < before * 1.05 else f"{after / before:.2f} × as long")
            yield f"| {name} | {amount(before)} | {amount(after)} | {ratio} |"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    version = subprocess.run([PYTHON, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    yield ""
    yield (f"{(models or [platform.machine()])[0]}, glibc {platform.libc_ver()[1]}, {version}; the fastest of "
           "many repetitions, with and without alternately.")


def main():
    parser = argparse.ArgumentParser(prog="bench_preload.sh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--publish", action="store_true")
    parser.add_argument("library", type=os.path.abspath)
    parser.add_argument("loop", type=os.path.abspath)
    given = parser.parse_args()
    if given.quick and given.publish:
        parser.error("a quick run is not published")
    repetitions, milliseconds, rounds = (1, "2", "2") if given.quick else (10, "20", "10")
    sections = [(title, fastest(count, given.library, measure)) for title, count, measure in (
        ("a C program, each call", repetitions,
         lambda library: time_operations([given.loop, milliseconds], library)),
        ("a Python program, each call", repetitions,
         lambda library: time_operations([PYTHON, SCRIPT, rounds], library)),
        ("the cost of loading it", 2 * repetitions, time_start))]
    text = "\n".join(table(sections)) + "\n"
    print(text, end="")
    if given.publish:
        head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(head + BEGIN + text + END + rest.split(END, 1)[1], encoding="utf-8")
    wrong = [name for _, operations in sections for name, (_, results) in operations.items()
             if results[0] != results[1]]
    for name in wrong:
        print(f"WRONG: {name}: the results differ with the interposer", file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
