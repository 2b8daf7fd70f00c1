# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Fixtures of the Python tests: paths and compilers of the build under test."""
import os
import pathlib
import shlex
import signal

import pytest
import settings
from settings import path_fixture, setting


def pytest_configure():
    """nohup, and a shell that runs this in the background, ignore signals, and the programs under test would too."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


source_dir = path_fixture("source_dir")
build_dir = path_fixture("build_dir")
simdinet = path_fixture("simdinet")  # the command
loggen = path_fixture("loggen")
library = path_fixture("library")  # the shared library
static_library = path_fixture("static_library")
preload_library = path_fixture("preload_library")
nm = path_fixture("nm")
cmake = path_fixture("cmake")


@pytest.fixture(scope="session")
def shared():
    """Tables of other projects and real logs, which are not part of the repository."""
    folder = pathlib.Path(setting("shared"))
    if not folder.is_dir():
        pytest.skip("there is no folder SIMDINET_SHARED")
    return folder


@pytest.fixture(scope="session")
def cc():
    """The C compiler, with the flags that programs linked against this build need."""
    return shlex.split(setting("cc"))


@pytest.fixture(scope="session")
def cxx():
    return shlex.split(setting("cxx"))


@pytest.fixture(scope="session")
def sanitized():
    """Sanitizers use memory and address space of their own: limits of either do not hold."""
    return bool(os.environ.get("SIMDINET_TEST_SANITIZED"))


def pytest_terminal_summary(terminalreporter):
    """Prints settings.summary, and names every skipped test in the form that tools/count_tests.py reads."""
    for line in settings.summary:
        terminalreporter.write_line(line)
    program = os.environ.get("SIMDINET_TEST_NAME", "pytest")
    for report in terminalreporter.stats.get("skipped", []):
        test = report.nodeid.partition("::")[2].replace("::", ".") or report.nodeid
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"skipped: {program}/{test}: {reason.removeprefix('Skipped: ')}")
