# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs every example of README.md and docs/networks.md and compares its output with the text there.

The shell runs the `$` lines of a console block, in one folder for all blocks; the lines after each are its
output. The output of `cat FILE` creates FILE when it does not exist. A C block becomes ./example.
"""
import os
import re
import subprocess

import pytest


@pytest.fixture(scope="module")
def readme(source_dir):
    return (source_dir / "README.md").read_text()


@pytest.fixture(params=["README.md", "docs/networks.md"])
def page(request, source_dir):
    return source_dir / request.param


def test_examples(page, tmp_path, source_dir, simdinet, static_library, cc):
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S)
    path = str(simdinet.parent) + os.pathsep + os.environ["PATH"]
    examples = 0
    for language, text in blocks:
        if language == "c":
            (tmp_path / "example.c").write_text(text)
            subprocess.run([*cc, "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{source_dir}/lib/include",
                            "example.c", static_library, "-o", "example"], cwd=tmp_path, check=True)
            examples += 1
        if language != "console":
            continue
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
            if command.startswith("cat ") and not (tmp_path / command[4:]).exists():
                (tmp_path / command[4:]).write_text(output)
            done = subprocess.run(["sh", "-c", command], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, env={**os.environ, "PATH": path})
            assert done.stdout == output, f"$ {command}"
            examples += 1
    assert examples > 3


def test_commands_and_links_exist(readme, source_dir):
    for target in re.findall(r"\]\(([^)#:]+)\)", readme) + ["tools/demo.sh", "tools/test.sh"]:
        assert (source_dir / target).exists(), target


def test_links_exist(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target
