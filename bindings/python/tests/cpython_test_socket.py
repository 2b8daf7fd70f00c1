# SPDX-License-Identifier: Apache-2.0 OR MIT
"""CPython's own test_socket with simdinet's functions in the place of socket's: cpython_test_socket.py [CLASS...]

Prints the tests that fail or are in error with our functions and not with socket's own, and a count. Without
arguments, all classes of test.test_socket; status 1 if a test fails only with ours, 77 without test.test_socket."""
import io
import json
import subprocess
import sys
import unittest


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def run(replace, classes):
    """{test: "ok", "failed" or "skipped"} of this process."""
    import socket

    from test import test_socket

    if replace:
        import simdinet.socket
        for name in simdinet.socket.__all__:
            setattr(socket, name, getattr(simdinet.socket, name))
    names = [f"test.test_socket.{name}" for name in classes] or ["test.test_socket"]
    # Connections of AF_VSOCK to this machine itself do not return in some virtual machines.
    suite = unittest.TestSuite(test for test in flatten(unittest.defaultTestLoader.loadTestsFromNames(names))
                               if "VSOCK" not in test.id())
    results = {}

    class Result(unittest.TestResult):
        def addSuccess(self, test):
            results.setdefault(test.id(), "ok")

        def addFailure(self, test, error):
            results[test.id()] = "failed: " + self._exc_info_to_string(error, test).strip().splitlines()[-1]

        addError = addFailure

        def addSkip(self, test, reason):
            results.setdefault(test.id(), "skipped")

    test_socket.setUpModule()
    stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        suite.run(Result())
    finally:
        sys.stdout = stdout
        unittest.case.doModuleCleanups()
    return results


def main():
    if "--child" in sys.argv:
        results = run("--replace" in sys.argv, [name for name in sys.argv[1:] if not name.startswith("--")])
        print(json.dumps(results))
        return 0
    try:
        from test import test_socket  # noqa: F401
    except ImportError as error:
        print(f"skipped: {error}")
        return 77
    both = []
    for flags in ([], ["--replace"]):
        done = subprocess.run([sys.executable, __file__, "--child", *flags, *sys.argv[1:]], capture_output=True,
                              text=True, timeout=900)
        if done.returncode != 0:
            print(done.stderr)
            return 1
        both.append(json.loads(done.stdout.splitlines()[-1]))
    theirs, ours = both
    worse = [name for name in theirs if theirs[name] == "ok" and ours.get(name) != "ok"]
    for name in worse:
        print(f"FAILED {name}: {ours.get(name)}")
    counts = [sum(result == "ok" for result in results.values()) for results in both]
    print(f"test_socket: {len(theirs)} tests, {counts[0]} pass with socket's functions, {counts[1]} with simdinet's, "
          f"{len(worse)} fail only with simdinet's")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
