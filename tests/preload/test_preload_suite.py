#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""CPython's own tests of its socket module with the drop-in: each test ends as it ends without, and no call
would have been answered otherwise by the C library.

usage: test_preload_suite.py LIBRARY RUN-IN-FIXTURE

Takes some minutes. Of the distribution's Python if it has its tests (Debian: libpython3.N-testsuite), else
of the one that runs this.
"""
import os
import re
import sys
import tempfile
import unittest

import preload

LIBRARY, FIXTURE = map(os.path.abspath, sys.argv[1:3])

SUITE = ["-m", "test", "-v", "-i", "*VSOCK*", "test_socket"]


def python():
    for candidate in "/usr/bin/python3", sys.executable:
        if preload.run([candidate, "-c", "import test.test_socket"], preload.environment())[0] == 0:
            return candidate
    return None


PYTHON = python()


def ends(output):
    """How each test ended."""
    lines = output.decode(errors="replace").splitlines()
    return dict(found.groups() for line in lines
                if (found := re.match(r"(test\w+ \([\w.]+\)).* \.\.\. (ok|FAIL|ERROR|skipped.*|expected failure)$", line)))


class Suite(unittest.TestCase):
    def test_every_test_ends_alike(self):
        if not PYTHON:
            print("skipped: preload_suite: no Python here has its own tests")
            self.skipTest("no tests of Python's")
        print("skipped: test_socket VSOCK: under some hypervisors they wait for ever, drop-in or not")
        # Without name servers, for which the tests would wait.
        inside = preload.run([FIXTURE, "true"], preload.environment())[0] == 0
        command = ([FIXTURE] if inside else []) + [PYTHON, *SUITE]
        with tempfile.TemporaryDirectory() as folder:
            alone = ends(preload.run(command, preload.environment(), cwd=folder)[1])
            (_, out, _), report = preload.checked(command, [LIBRARY], "CPython's test_socket", cwd=folder)
        self.assertGreater(len(alone), 400)
        self.assertEqual(ends(out), alone)
        self.assertGreater(report.calls, 500)
        self.assertEqual(report.differences, 0, report.text)
        print(f"{len(alone)} tests, of which {sum(end == 'ok' for end in alone.values())} pass, with and without")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
