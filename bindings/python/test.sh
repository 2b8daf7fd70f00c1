#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# test.sh [PYTEST-ARGUMENT ...] - builds the wheel, installs it into a virtual environment of its own, and runs the
# tests against it. Everything is written to build/python of the tree; PYTHON selects the interpreter.
#
# Where there is no interpreter with headers and venv, or the packages of requirements-test.txt cannot be installed,
# it prints why it is skipped and succeeds.
set -eu
package=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$package/../.." && pwd)
work=${SIMDINET_PYTHON_WORK:-$tree/build/python}
mkdir -p "$work"

skip() {
    echo "skipped: python: $*"
    exit 0
}

. "$package/interpreter.sh"

venv=$work/venv
stamp="$("$python" -c 'import sys; print(sys.version)') $(cksum <"$package/requirements-test.txt")"
if [ "$(cat "$venv/stamp" 2>/dev/null || true)" != "$stamp" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" --disable-pip-version-check --timeout 15 --retries 2 install --quiet --only-binary :all: \
        -r "$package/requirements-test.txt" >"$work/pip.log" 2>&1 ||
        skip "the packages cannot be installed: $(grep -i error "$work/pip.log" | tail -n 1 | cut -c 1-200)"
    echo "$stamp" >"$venv/stamp"
fi

# The wheel, with warnings as errors. Without isolation, so that the pinned backend builds it.
rm -rf "$work/wheel"
PATH="$venv/bin:$PATH" "$venv/bin/pip" --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
    -Cbuild-dir="$work/build" -Ccmake.define.SIMDINET_PYTHON_WARNINGS=ON -w "$work/wheel" "$package" \
    >"$work/wheel.log" 2>&1 || {
    tail -n 60 "$work/wheel.log"
    exit 1
}
"$venv/bin/pip" --disable-pip-version-check install --quiet --no-deps --no-index --force-reinstall "$work"/wheel/*.whl
cd "$work"
SIMDINET_WHEEL=$(echo "$work"/wheel/*.whl) exec "$venv/bin/pytest" -q -p no:cacheprovider \
    -c "$package/pyproject.toml" --rootdir "$package" "$@" "$package/tests"
