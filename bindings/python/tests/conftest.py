# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures of the tests of the Python package. test.sh runs them against the installed wheel."""
import os
import pathlib

import hypothesis
import pytest

hypothesis.settings.register_profile("simdinet", deadline=None, derandomize=True, print_blob=False, database=None)
hypothesis.settings.load_profile("simdinet")

PACKAGE = pathlib.Path(__file__).resolve().parent.parent
TREE = PACKAGE.parent.parent


@pytest.fixture(scope="session")
def wheel():
    """The wheel that is tested."""
    name = os.environ.get("SIMDINET_WHEEL")
    if not name:
        pytest.skip("SIMDINET_WHEEL is not set")
    return pathlib.Path(name)


def pytest_terminal_summary(terminalreporter):
    """Names every skipped test in the form that tools/count_tests.py reads."""
    for report in terminalreporter.stats.get("skipped", []):
        test = report.nodeid.partition("::")[2].replace("::", ".") or report.nodeid
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"skipped: python/{test}: {reason.removeprefix('Skipped: ')}")
