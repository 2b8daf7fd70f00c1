# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What CMake passes to the Python tests: paths of the build, as SIMDINET_TEST_* (harness/functions.cmake)."""
import os
import pathlib

import pytest

# Lines that the tests add to the end of pytest's output.
summary = []


def setting(name):
    """The value of SIMDINET_TEST_NAME; the test is skipped where this build has none."""
    variable = f"SIMDINET_TEST_{name.upper()}"
    value = os.environ.get(variable, "")
    if not value:
        pytest.skip(f"{variable} is not set: this build has none")
    return value


def path_fixture(name):
    @pytest.fixture(scope="session", name=name)
    def fixture():
        return pathlib.Path(setting(name)).absolute()
    return fixture
