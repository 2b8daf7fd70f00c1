#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every command and option that --help tells of stands in the man pages and the completions, and no other.

usage: test_command_papers.py COMMAND LOGGEN SHARED SOURCES
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from command import main, run

SOURCES = pathlib.Path(sys.argv[4]).resolve()
COMPLETIONS = SOURCES / "cli" / "completions"
COMMANDS = re.findall(r"^  ([a-z]+)  ", run("--help")[1].decode(), re.M)


def options(text):
    return set(re.findall(r"--([a-z][a-z0-9-]+)", text))


class Papers(unittest.TestCase):
    def help(self, command):
        return options(run(command, "--help")[1].decode()) | {"help"}

    def test_completions_are_generated(self):
        for file, what in (("simdinet.bash", "bash"), ("_simdinet", "zsh"), ("simdinet.fish", "fish")):
            self.assertEqual((COMPLETIONS / file).read_bytes(), run("--generate", f"complete-{what}")[1])
        for words in ([], ["html"], ["man-frobnicate"], ["man", "man"]):
            self.assertEqual(run("--generate", *words)[:2], (2, b""))

    def test_there_are_commands(self):
        self.assertIn("extract", COMMANDS)
        self.assertIn("info", COMMANDS)

    def test_man_pages(self):
        folder = SOURCES / "docs" / "man"
        # simdinet-preload is a program of its own.
        self.assertEqual({page.stem for page in folder.glob("*.1")} - {"simdinet-preload"},
                         {"simdinet"} | {f"simdinet-{command}" for command in COMMANDS})
        described, also = (folder / "simdinet.1").read_text().replace("\\-", "-").split('\n.SH "SEE ALSO"')
        generated = {"simdinet.1": "man", **{f"simdinet-{command}.1": f"man-{command}" for command in COMMANDS}}
        for page, what in generated.items():
            self.assertEqual((folder / page).read_bytes(), run("--generate", what)[1], page)
        for command in COMMANDS:
            page = (folder / f"simdinet-{command}.1").read_text().replace("\\-", "-")
            named = page.split('\n.SH "OPTIONS"')[1].split("\n.SH ")[0]
            self.assertEqual(options(named), self.help(command), command)
            self.assertIn(f"\n.TP\n\\fB{command}\\fR\n", described)
            self.assertIn(f"simdinet-{command}\\fR(1)", described)
            self.assertIn(f"simdinet-{command}\\fR(1)", also)

    def test_man_pages_are_well_formed(self):
        if not shutil.which("groff"):
            self.skipTest("there is no groff")
        for page in sorted((SOURCES / "docs" / "man").glob("*.1")):
            done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", page], capture_output=True)
            self.assertEqual(done.stderr, b"")

    DUMP = """\
09:14:51.123456 IP 10.0.0.1.52432 > 93.184.216.34.443: Flags [S], seq 1, length 0
09:14:51.123457 IP 93.184.216.34 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 64
09:14:52.000001 IP6 2001:db8::1.52432 > 2001:db8::2.443: Flags [.], ack 1, length 0
09:14:52.000002 IP6 fe80::1 > ff02::1: ICMP6, router advertisement, length 64
09:14:52.000003 IP6 ::ffff:10.0.0.3.53 > fe80::a:b.53: UDP, length 3
09:14:53.500000 ARP, Request who-has 10.0.0.7 tell 10.0.0.8, length 46
"""
    IN_DUMP = ("10.0.0.1 93.184.216.34 93.184.216.34 10.0.0.2 2001:db8::1 2001:db8::2 fe80::1 ff02::1 "
               "::ffff:10.0.0.3 fe80::a:b 10.0.0.7 10.0.0.8").split()

    def test_what_is_left_out_and_how_to_have_it(self):
        page = (SOURCES / "docs" / "man" / "simdinet-extract.1").read_text()
        page = page.replace("\\e", "\\").replace("\\(aq", "'").replace("\\-", "-")
        for text in page, (SOURCES / "docs" / "scan.md").read_text():
            filters = re.findall(r"tcpdump -l -n \|(\s*sed .*?)\|\s+simdinet extract", text, re.S)
            self.assertEqual(len(filters), 1)
            dump = subprocess.run(["sh", "-c", filters[0]], input=self.DUMP, capture_output=True, text=True)
            self.assertEqual((dump.returncode, dump.stderr), (0, ""))
            self.assertEqual(run("extract", stdin=dump.stdout.encode())[1].decode().split(), self.IN_DUMP)
            for example in ("inside/10.0.0.16(1234)", "HIER_DIRECT/93.184.216.34", "localhost/127.0.0.1:9092"):
                self.assertIn(example, text)
                self.assertEqual(run("extract", stdin=example.encode()), (1, b"", ""))
                self.assertIn(run("extract", "--versions", stdin=example.encode())[1].decode().strip(), example)
                self.assertEqual(run("extract", "--versions", stdin=example.encode())[0], 0)
        self.assertEqual(run("extract", stdin=b"10.0.0.1.443"), (1, b"", ""))

    def bash(self, script, *arguments, folder=None):
        if not shutil.which("bash"):
            self.skipTest("there is no bash")
        return subprocess.run(["bash", "-c", script, *arguments], cwd=folder, capture_output=True, text=True,
                              check=True).stdout

    def complete(self, *words, folder=None):
        """What bash is told of the last of the words: what may stand there, and how to take it."""
        file = COMPLETIONS / "simdinet.bash"
        if words[0] == "simdinet-preload":
            file = SOURCES / "lib" / "preload" / "simdinet-preload.bash"
        ask = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { echo "$2"; }; '
               'function=$(complete -p "$1"); function=${function#complete -F }; '
               '${function% *} "$1" "${@: -1}" "${@: -2:1}"; echo :; printf "%s\n" "${COMPREPLY[@]}"')
        how, offered = self.bash(ask, file, *words, folder=folder).split(":\n", 1)
        return offered.split(), how.split()

    def test_bash(self):
        self.assertEqual(self.complete("simdinet", "e"), (["extract"], []))
        self.assertEqual(self.complete("simdinet", ""), (COMMANDS + ["--help", "--version"], []))
        for command in COMMANDS:
            given = {word.strip("-=") for word in self.complete("simdinet", command, "--")[0]}
            self.assertEqual(given, self.help(command), command)
        self.assertEqual(self.complete("simdinet", "grep", "--color", "=", "a"), (["auto", "always"], []))
        for last in (["="], ["=", ""]):
            self.assertEqual(self.complete("simdinet", "count", "--by", *last),
                             (["/24,/48", "/24,/64", "/16,/32"], []))
        self.assertEqual(self.complete("simdinet", "extract", "--col"), (["--color="], ["nospace"]))
        self.assertEqual(self.complete("simdinet", "extract", "--ver"), (["--versions"], []))

    def test_bash_tells_files_from_words(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in "extract", "extra":
                pathlib.Path(folder, name).mkdir()
            files = ["extra", "extract"]
            self.assertEqual(self.complete("simdinet", "ext", folder=folder), (["extract"], []))
            for words in (["grep", "-f"], ["grep", "--file", "="], ["count"], ["extract", "-n"],
                          ["grep", "-n"], ["parse"], ["format"]):
                offered, how = self.complete("simdinet", *words, "ext", folder=folder)
                self.assertEqual((sorted(offered), how), (files, ["filenames"]), words)
            for words in (["count", "-n"], ["count", "--top", "="], ["extract", "-j"], ["grep", "-e"],
                          ["resolve"], ["services"], ["info"]):
                self.assertEqual(self.complete("simdinet", *words, "", folder=folder), ([], []), words)

    def test_bash_completes_the_drop_in(self):
        script = (SOURCES / "lib" / "preload" / "simdinet-preload.in").read_text()
        known = options("\n".join(re.findall(r"^    (-.*)\)", script, re.M)))
        self.assertEqual(known, {"check", "help"})
        offered, _ = self.complete("simdinet-preload", "-")
        self.assertEqual({word.strip("-=") for word in offered}, known)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "extra").touch()
            for words in (["--check", "=", "ext"], ["cat", "ext"], ["--check", "=", "x", "cat", "ext"],
                          ["--", "cat", "ext"], ["cat", "--", "ext"]):
                self.assertEqual(self.complete("simdinet-preload", *words, folder=folder),
                                 (["extra"], ["filenames"]), words)
        for words in ([], ["--check"], ["--check", "=", "x"], ["--"]):
            offered, how = self.complete("simdinet-preload", *words, "mapfil")
            self.assertEqual((offered, how), (["mapfile"], ["filenames"]), words)

    def test_zsh(self):
        text = (COMPLETIONS / "_simdinet").read_text()
        arrays = dict(re.findall(r"^    ([a-z]+)=\(\n(.*?)^    \)", text, re.M | re.S))
        self.assertEqual(re.findall(r"^ *'([a-z]+):", arrays["commands"], re.M), COMMANDS)
        given = {}
        for names, body in re.findall(r"^        ([a-z|]+)\)\n(.*?);;", text, re.M | re.S):
            whole = re.sub(r"\$([a-z]+)", lambda name: arrays[name[1]], body)
            given.update((name, options(whole)) for name in names.split("|"))
        self.assertEqual(given, {command: self.help(command) for command in COMMANDS})

    def test_fish(self):
        text = (COMPLETIONS / "simdinet.fish").read_text()
        self.assertEqual(re.findall(r"-n __simdinet_begins -a ([a-z]+)", text), COMMANDS)
        sets = dict(re.findall(r"^set -l ([a-z]+) '__simdinet_is (.*)'", text, re.M))
        given = {command: set() for command in COMMANDS}
        for name, words, option in re.findall(
                r"^complete -c simdinet -n (?:\$([a-z]+)|'__simdinet_is (.*?)') .*?-l ([a-z0-9-]+)",
                text, re.M):
            for command in (words or sets[name]).split():
                given[command].add(option)
        self.assertEqual(given, {command: self.help(command) for command in COMMANDS})


if __name__ == "__main__":
    main()
