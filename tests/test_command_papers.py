#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every option that --help tells of stands in the man pages and the completions, and no other.

usage: test_command_papers.py COMMAND LOGGEN SHARED SOURCES
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from command import main, run

SOURCES = pathlib.Path(sys.argv[4])
COMPLETIONS = SOURCES / "cli" / "completions"
PAGED = ("extract", "count", "grep", "info")  # what has a man page of its own
COMMANDS = PAGED + ("resolve", "services", "interfaces")


def options(text):
    return set(re.findall(r"--([a-z][a-z0-9-]+)", text))


class Papers(unittest.TestCase):
    def help(self, command):
        known = options(run(command, "--help")[1].decode())
        if command == "grep":
            known |= {"with-filename", "no-filename"}  # which its help names by their letters
        return known | {"help"}

    def test_man_pages(self):
        for command in PAGED:
            page = (SOURCES / "docs" / "man" / f"simdinet-{command}.1").read_text().replace("\\-", "-")
            named = re.split(r"\n\.SH (?:JSON|EXAMPLES|ENVIRONMENT)", page.split("\n.SH OPTIONS")[1])[0]
            self.assertEqual(options(named), self.help(command), command)
            self.assertIn(f"simdinet-{command} (1)",
                          (SOURCES / "docs" / "man" / "simdinet.1").read_text().replace("\\-", "-"))

    def test_man_pages_are_well_formed(self):
        if not shutil.which("groff"):
            self.skipTest("there is no groff")
        for page in sorted((SOURCES / "docs" / "man").glob("*.1")):
            done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", page], capture_output=True)
            self.assertEqual(done.stderr, b"")

    def test_bash(self):
        if not shutil.which("bash"):
            self.skipTest("there is no bash")
        ask = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; '
               '_simdinet simdinet "${@: -1}" "${@: -2:1}"; printf "%s\\n" "${COMPREPLY[@]}"')

        def complete(*words):
            return subprocess.run(["bash", "-c", ask, COMPLETIONS / "simdinet.bash", *words],
                                  capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(complete("simdinet", "e"), ["extract"])
        for command in COMMANDS:
            given = {word.strip("-=") for word in complete("simdinet", command, "--")}
            self.assertEqual(given, self.help(command))
        self.assertEqual(complete("simdinet", "grep", "--color", "=", "a"), ["auto", "always"])
        self.assertEqual(complete("simdinet", "count", "--by", "="), ["/24,/48", "/24,/64", "/16,/32"])

    def test_zsh_and_fish(self):
        zsh = (COMPLETIONS / "_simdinet").read_text()
        fish = set(re.findall(r"\ncomplete .*? -l ([a-z0-9-]+)", (COMPLETIONS / "simdinet.fish").read_text()))
        every = set().union(*(self.help(command) for command in COMMANDS)) | {"version"}
        self.assertEqual(options(zsh), every)
        self.assertEqual(fish, every)


if __name__ == "__main__":
    main()
