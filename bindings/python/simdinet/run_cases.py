# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs files of cases of the socket functions: python -m simdinet.run_cases FILE...

A file has one JSON object a line: fn, args, kwargs, and result or error (type, errno, message); needs names what the
case needs of the system: none, netbase, loopback, fixture, root or nonroot. The last three run in namespaces of their
own, by the script fixture/run.sh in the folder of the file. Each failing case is printed, and the counts at the end;
the status is 1 if a case failed. Types and errno of errors are compared, with --messages also their texts.
"""
import argparse
import collections
import fcntl
import json
import math
import os
import pathlib
import re
import shutil
import socket as python_socket
import subprocess
import sys

from simdinet import socket

KINDS = {"none": "here", "netbase": "here", "loopback": "here", "fixture": "fixture", "root": "fixture",
         "nonroot": "nonroot"}


def new_descriptor(kind):
    """A fresh descriptor of a kind that nothing else owns; with the suffix -closed one that is closed already."""
    name = kind.removesuffix("-closed")
    if name == "pipe":
        descriptor, writer = os.pipe()
        os.close(writer)
    elif name == "file":
        descriptor = os.open(os.devnull, os.O_RDONLY)
    elif name.startswith("event"):
        descriptor = os.eventfd(0)
    elif name in ("tcp", "udp", "unix"):
        family = python_socket.AF_UNIX if name == "unix" else python_socket.AF_INET
        descriptor = python_socket.socket(family, python_socket.SOCK_DGRAM if name == "udp" else
                                          python_socket.SOCK_STREAM).detach()
    else:
        raise ValueError(f"unknown kind of descriptor '{kind}'")
    if kind != name:
        os.close(descriptor)
    return descriptor


DECODERS = {
    "$hex": bytes.fromhex,
    "$bytearray": lambda text: bytearray.fromhex(text),
    "$memoryview": lambda text: memoryview(bytes.fromhex(text)),
    "$int": int,
    "$float": float,
    "$str_escaped": lambda text: text.encode().decode("unicode_escape"),
    "$tuple": lambda items: tuple(decode(item) for item in items),
    "$fd": new_descriptor,
}


def decode(value):
    """The Python value of a JSON value of a case."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if isinstance(value, dict) and len(value) == 1:
        (kind, content), = value.items()
        if kind in DECODERS:
            return DECODERS[kind](content)
        if kind.startswith("$"):
            raise ValueError(f"unknown kind of value '{kind}'")
    return value


def comparable(value):
    """A result with its tuples as lists, as JSON has it; the type of every number is part of it."""
    if isinstance(value, (list, tuple)):
        return [comparable(item) for item in value]
    if isinstance(value, float):
        return ["float", "nan" if math.isnan(value) else value.hex()]
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return value


def probe(how):
    """[timeout, non-blocking] of a socket that is made after the default timeout was set."""
    nonblocking = getattr(python_socket, "SOCK_NONBLOCK", 0)
    made = []

    def make(*arguments):
        made.append(python_socket.socket(*arguments))
        return made[-1]

    try:
        if how == "new_tcp":
            subject = make(python_socket.AF_INET, python_socket.SOCK_STREAM)
        elif how == "new_udp":
            subject = make(python_socket.AF_INET, python_socket.SOCK_DGRAM)
        elif how == "sock_nonblock_type":
            subject = make(python_socket.AF_INET, python_socket.SOCK_STREAM | nonblocking)
        elif how == "socketpair":
            made.extend(python_socket.socketpair())
            subject = made[0]
        elif how == "fromfd":
            first = make(python_socket.AF_INET, python_socket.SOCK_STREAM)
            first.setblocking(True)
            subject = python_socket.fromfd(first.fileno(), python_socket.AF_INET, python_socket.SOCK_STREAM)
            made.append(subject)
        elif how == "accepted":
            listener = make(python_socket.AF_INET, python_socket.SOCK_STREAM)
            listener.settimeout(10)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            client = make(python_socket.AF_INET, python_socket.SOCK_STREAM)
            client.settimeout(10)
            client.connect(listener.getsockname())
            subject = listener.accept()[0]
            made.append(subject)
        else:
            raise ValueError(f"unknown probe '{how}'")
        flags = fcntl.fcntl(subject.fileno(), fcntl.F_GETFL)
        return [subject.gettimeout(), bool(flags & os.O_NONBLOCK)]
    finally:
        for each in made:
            each.close()


def outcome(case):
    """What a case gives: ("result", value), or ("error", exception)."""
    function = getattr(socket, case["fn"])
    before = python_socket.gethostname()
    try:
        result = function(*decode(case["args"]), **decode(case.get("kwargs", {})))
        if "probe" in case:
            result = probe(case["probe"])
        elif case["fn"] == "setdefaulttimeout":
            result = socket.getdefaulttimeout()
        elif case["fn"] == "sethostname":
            result = socket.gethostname()
        return "result", result
    except Exception as error:  # every exception is an outcome
        return "error", error
    finally:
        if case["fn"] == "setdefaulttimeout":
            socket.setdefaulttimeout(None)
        if case["fn"] == "sethostname" and python_socket.gethostname() != before:
            python_socket.sethostname(before)


def expected_of(case):
    """The expectation for this version of Python: that of the newest listed version which is not newer."""
    versions = {tuple(map(int, version.split("."))): other for version, other in case.get("other_versions", {}).items()
                if re.fullmatch(r"\d+\.\d+", version)}  # not those of one distribution
    running = sys.version_info[:2]
    matching = [version for version in versions if version <= running and (version > (3, 11) or version == running)]
    return versions[max(matching)] if matching else case


def difference(case, messages):
    """None, or how the outcome of a case differs from its expectation."""
    expected = expected_of(case)
    kind, value = outcome(case)
    if "result" in expected:
        if kind == "error":
            return f"{type(value).__name__}: {value}, expected {expected['result']!r}"
        want = decode(expected["result"])
        same = comparable(value) == comparable(want) and (isinstance(value, (list, tuple)) or type(value) is type(want))
        return None if same else f"{value!r}, expected {want!r}"
    want = expected["error"]
    text = f"{want['type']} (errno {want['errno']}): {want.get('message')}"
    if kind == "result":
        return f"{value!r}, expected {text}"
    number = value.errno if isinstance(value, OSError) else None
    name = "OSError" if type(value) is OSError else type(value).__name__
    message = value.strerror if number is not None else str(value)
    if name == want["type"] and number == want["errno"] and (not messages or message == want.get("message")):
        return None
    return f"{name} (errno {number}): {message}, expected {text}"


def run(cases, messages):
    """Prints the failing ones of the cases and returns their number."""
    failed = 0
    for case in cases:
        differs = difference(case, messages)
        if differs is not None:
            failed += 1
            arguments = ", ".join([*(json.dumps(value) for value in case["args"]),
                                   *(f"{key}={value!r}" for key, value in case.get("kwargs", {}).items())])
            print(f"FAILED {case.get('id')}: {case['fn']}({arguments}): {differs}".encode("ascii", "backslashreplace")
                  .decode())
    return failed


def run_elsewhere(place, path, arguments):
    """Runs the cases of another place in a process of their own. Returns (passed, failed), or why it cannot run."""
    script = path.parent / "fixture" / "run.sh"
    if not script.exists():
        return f"{script} is missing"
    command = [str(script)]
    if place == "nonroot":
        if not shutil.which("setpriv"):
            return "setpriv is missing"
        command += ["setpriv", "--inh-caps=-sys_admin", "--bounding-set=-sys_admin"]
    try:
        test = subprocess.run([*command, "true"], capture_output=True, text=True)
    except OSError as error:
        return str(error)
    if test.returncode != 0:
        return f"{script} fails: {test.stderr.strip()}"
    command += [sys.executable, "-m", "simdinet.run_cases", "--place", place, *arguments, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    if not lines or not lines[-1].startswith("passed "):
        return f"the process failed: {done.stderr.strip()[-300:]}"
    print("".join(line + "\n" for line in lines[:-1]), end="")
    words = lines[-1].replace(",", "").split()
    return int(words[1]), int(words[3])


def main():
    parser = argparse.ArgumentParser(prog="python -m simdinet.run_cases", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", type=pathlib.Path)
    parser.add_argument("--messages", action="store_true", help="compare the texts of errors, too")
    parser.add_argument("--place", choices=["here", "fixture", "nonroot"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    passed = failed = skipped = 0
    for path in map(pathlib.Path.resolve, options.files):
        places = collections.defaultdict(list)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                case = json.loads(line)
                if case["needs"] not in KINDS:
                    sys.exit(f"{path}:{number}: unknown need '{case['needs']}'")
                places[KINDS[case["needs"]]].append(case)
        for place, cases in places.items():
            if options.place not in (None, place):
                continue
            if place == "here" or options.place:
                wrong = run(cases, options.messages)
                passed, failed = passed + len(cases) - wrong, failed + wrong
                continue
            done = run_elsewhere(place, path, ["--messages"] * options.messages)
            if isinstance(done, str):
                print(f"skipped: {len(cases)} cases that need {place}: {done}")
                skipped += len(cases)
            else:
                passed, failed = passed + done[0], failed + done[1]
    if options.place:
        print(f"passed {passed}, failed {failed}")
    else:
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
