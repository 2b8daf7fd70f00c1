# SPDX-License-Identifier: Apache-2.0 OR MIT
# interpreter.sh - sourced by the scripts that test the bindings: sets python to the first of $PYTHON (default: python3 of
# the PATH, /usr/bin/python3) that is 3.11 or later and has its headers, venv and pip. Calls skip where there is none.

usable() { # usable PYTHON
    "$1" - 2>/dev/null <<'END'
import ensurepip, os, sys, sysconfig, venv
sys.exit(sys.version_info < (3, 11) or not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))
END
}

python=
for candidate in ${PYTHON:-python3 /usr/bin/python3}; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || skip "no python3 from 3.11 on with headers and venv (Debian: python3-dev, python3-venv)"
