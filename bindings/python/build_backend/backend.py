# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The build backend: scikit-build-core. A source distribution also receives the C library as one file, since
the tree that the package is built in is not part of it."""
import pathlib
import shutil
import subprocess
import sys

from scikit_build_core.build import *  # noqa: F403
from scikit_build_core import build

PACKAGE = pathlib.Path(__file__).resolve().parent.parent
AMALGAMATION = PACKAGE / "amalgamation"


def build_sdist(sdist_directory, config_settings=None):
    tree = PACKAGE.parent.parent
    tool = tree / "tools" / "amalgamate"
    if not tool.exists():
        return build.build_sdist(sdist_directory, config_settings)
    try:
        subprocess.run([sys.executable, tool, AMALGAMATION], check=True)
        # Sources include the headers of the library by their names; simdinet.h holds all of them here.
        for header in (tree / "lib" / "include").glob("simdinet_*.h"):
            (AMALGAMATION / header.name).write_text('#include "simdinet.h"\n')
        for header in (tree / "bindings" / "common").glob("*.h"):
            shutil.copy(header, AMALGAMATION)
        return build.build_sdist(sdist_directory, config_settings)
    finally:
        shutil.rmtree(AMALGAMATION, ignore_errors=True)
