# SPDX-License-Identifier: Apache-2.0 OR MIT
"""CPython's tests of its socket module with the LD_PRELOAD interposer: every test ends as it does without, and no
result differs from the C library's. Takes some minutes, so only tools/matrix/preload.sh runs it (ctest -C full).

The tests are those of the distribution's Python where they are installed (Debian: libpython3.N-testsuite), or else
of the Python that runs pytest."""
import re
import sys

import preload
import pytest
import settings

# Under some hypervisors the VSOCK tests never end, with or without the interposer.
SUITE = ["-m", "test", "-v", "-i", "*VSOCK*", "test_socket"]


@pytest.fixture
def python():
    for candidate in "/usr/bin/python3", sys.executable:
        if preload.run([candidate, "-c", "import test.test_socket"], preload.environment())[0] == 0:
            return candidate
    pytest.skip("no Python here has its own tests")


def results(output):
    """The result of each test."""
    lines = output.decode(errors="replace").splitlines()
    return dict(found.groups() for line in lines if (found := re.match(
        r"(test\w+ \([\w.]+\)).* \.\.\. (ok|FAIL|ERROR|skipped.*|expected failure)$", line)))


def test_socket_tests_of_cpython(python, source_dir, preload_library, tmp_path):
    # The fixture has no name servers whose time-outs the tests would have to wait for.
    fixture = source_dir / "tests/data/fixture/run.sh"
    inside = preload.run([fixture, "true"], preload.environment())[0] == 0
    command = ([fixture] if inside else []) + [python, *SUITE]
    alone = results(preload.run(command, preload.environment(), cwd=tmp_path)[1])
    (_, out, _), report = preload.checked(command, [preload_library], cwd=tmp_path)
    assert len(alone) > 400
    assert results(out) == alone
    assert report.calls > 500
    assert report.differences == 0, report.text
    preload.summarize("CPython's test_socket", report.calls)
    settings.summary.append(f"test_socket: {len(alone)} tests, {sum(end == 'ok' for end in alone.values())} of them "
                            "pass, with and without the interposer")


@pytest.mark.skip(reason="under some hypervisors they never end, with or without the interposer")
def test_vsock_tests_of_cpython():
    pass
