#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs every example of README.md and compares the output with what stands there.

usage: test_readme.py SOURCE-DIRECTORY COMMAND STATIC-LIBRARY COMPILER [FLAG ...]

`$` lines of a console block are run by the shell, one folder for all of them; what follows is their
output. The output of `cat FILE` creates FILE when it does not exist. A C block becomes ./example.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv[1])
COMMAND, LIBRARY = os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
COMPILER = [word for word in sys.argv[4:] if word]


class Readme(unittest.TestCase):
    def test_examples(self):
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", (SOURCE / "README.md").read_text(),
                            re.M | re.S)
        examples = 0
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            path = os.path.dirname(COMMAND) + os.pathsep + os.environ["PATH"]
            for language, text in blocks:
                if language == "c":
                    (folder / "example.c").write_text(text)
                    subprocess.run([*COMPILER, "-std=c11", "-Wall", "-Wextra", "-Werror",
                                    f"-I{SOURCE}/lib/include", "example.c", LIBRARY, "-o",
                                    "example"], cwd=folder, check=True)
                    examples += 1
                if language != "console":
                    continue
                for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
                    if command.startswith("cat ") and not (folder / command[4:]).exists():
                        (folder / command[4:]).write_text(output)
                    done = subprocess.run(["sh", "-c", command], cwd=folder, text=True,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                          env={**os.environ, "PATH": path})
                    self.assertEqual(done.stdout, output, f"$ {command}")
                    examples += 1
        self.assertGreater(examples, 3)

    def test_commands_and_links_exist(self):
        text = (SOURCE / "README.md").read_text()
        for target in re.findall(r"\]\(([^)#:]+)\)", text) + ["tools/demo.sh", "tools/test.sh"]:
            self.assertTrue((SOURCE / target).exists(), target)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
