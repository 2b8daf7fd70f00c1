#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The subcommands resolve, services and interfaces, as a person at a terminal meets them.

usage: test_command_socket.py SIMDINET RUN-IN-FIXTURE
"""
import json
import subprocess
import sys
import unittest

COMMAND, FIXTURE = sys.argv[1], sys.argv[2]
NAMESPACES = subprocess.run([FIXTURE, "true"], capture_output=True).returncode == 0


def run(*arguments, given="", fixed=False):
    prefix = [FIXTURE] if fixed else []
    done = subprocess.run(prefix + [COMMAND, *arguments], input=given, capture_output=True,
                          text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Numbers(unittest.TestCase):
    def test_addresses_stand_for_themselves(self):
        self.assertEqual(run("resolve", "192.0.2.1", "2001:DB8::1", "10.1"),
                         (0, "192.0.2.1\n2001:db8::1\n10.0.0.1\n", ""))

    def test_family_and_failure(self):
        for option in "-6", "--ipv6":
            status, out, err = run("resolve", option, "192.0.2.1", "2001:db8::1")
            self.assertEqual((status, out), (1, "2001:db8::1\n"))
            self.assertEqual(err, "simdinet: 192.0.2.1: Address family for hostname not supported\n")
        self.assertEqual(run("resolve", "--ipv4", "192.0.2.1"), (0, "192.0.2.1\n", ""))

    def test_json_of_what_is_no_text(self):
        status, out, err = run("resolve", "--json", b"a\xffb\x1b.invalid", given="")
        self.assertEqual((status, json.loads(out)["query"]), (1, "a\ufffdb\x1b.invalid"))

    def test_a_complaint_is_whole_however_long(self):
        name = "x" * 10000
        status, out, err = run("extract", name)
        self.assertEqual((status, out, err), (2, "", f"simdinet: {name}: File name too long\n"))

    def test_no_terminal_obeys_a_complaint(self):
        status, out, err = run("resolve", "\x1b[31mno\x7f.invalid")
        self.assertEqual((status, out), (1, ""))
        self.assertTrue(err.startswith("simdinet: ?[31mno?.invalid: "), err)

    def test_json(self):
        status, out, err = run("resolve", "--json", "-6", "::1", '192.0.2.1', "::1%\"\\\t")
        self.assertEqual((status, err), (1, ""))
        self.assertEqual([json.loads(line) for line in out.splitlines()], [
            {"query": "::1", "addresses": ["::1"]},
            {"query": "192.0.2.1", "error": "Address family for hostname not supported"},
            {"query": "::1%\"\\\t", "error": "Name or service not known"}])

    def test_standard_input(self):
        self.assertEqual(run("resolve", given="192.0.2.1\n\n2001:db8::1"),
                         (0, "192.0.2.1\n2001:db8::1\n", ""))
        self.assertEqual(run("resolve", "--json", given=" \t192.0.2.1 \t\r\n \t\r\n  ::1"),
                         (0, '{"query":"192.0.2.1","addresses":["192.0.2.1"]}\n'
                             '{"query":"::1","addresses":["::1"]}\n', ""))
        status, out, err = run("resolve", given="::1% x\n") # within a name they do
        self.assertEqual((status, out), (1, ""))
        self.assertTrue(err.startswith("simdinet: ::1% x: "), err)

    def test_lines_that_are_no_names(self):
        for given in "\0", "\0\n", "x" * 1025, "x" * 1025 + "\n":
            status, out, err = run("resolve", given="::1\n" + given)
            self.assertEqual((status, out), (2, "::1\n"))
            self.assertIn("not a name", err)

    def test_both_families_are_neither(self):
        for families in (["-4", "-6"], ["-64"], []):
            self.assertEqual(run("resolve", *families, "2001:db8::1", "192.0.2.1"),
                             (0, "2001:db8::1\n192.0.2.1\n", ""))

    def test_a_reverse_lookup_has_no_choice(self):
        for words in (["-4"], ["-6"], ["-46"], ["--timeout=100"]):
            for order in ([*words, "-r"], ["-r", *words]):
                self.assertEqual(run("resolve", *order, "192.0.2.1"),
                                 (2, "", "simdinet: -r does not go with -4, -6 or --timeout\n"
                                         "Try 'simdinet resolve --help'.\n"))

    def test_ports_end(self):
        for port in ("65536", "99999", "18446744073709551617", "99999999999999999999999"):
            self.assertEqual(run("services", port),
                             (2, "", f"simdinet: {port}: no port is above 65535\n"))
        self.assertEqual(run("services", "65535")[0::2], (1, "simdinet: 65535: Not found\n"))
        self.assertEqual(run("services", "65535", "65536")[0], 2)

    def test_messages_about_options_begin_as_all_do(self):
        for command in ("extract", "count", "grep", "parse", "format", "resolve", "services"):
            for option, said in (("--frobnicate", "unrecognized option '--frobnicate'"),
                                 ("-Z", "invalid option -- 'Z'"),
                                 ("--help=me", "option '--help' doesn't allow an argument")):
                self.assertEqual(run(command, option, "::1"),
                                 (2, "", f"simdinet: {said}\nTry 'simdinet {command} --help'.\n"))

    def test_usage(self):
        for arguments in (["resolve", "--no-such"], ["resolve", "--timeout=0", "::1"],
                          ["services"], ["interfaces", "lo"]):
            status, out, err = run(*arguments)
            self.assertEqual((status, out), (2, ""))
            self.assertIn(f"Try 'simdinet {arguments[0]} --help'.", err)
        for command in "resolve", "services", "interfaces":
            status, out, err = run(command, "--help")
            self.assertEqual((status, err), (0, ""))
            self.assertTrue(out.startswith(f"Usage: simdinet {command}"))


class Names(unittest.TestCase):
    def setUp(self):
        if not NAMESPACES:
            print(f"skipped: {self.id()}: the kernel refuses the namespaces of the fixture")
            self.skipTest("no namespaces")

    def test_forwards_and_back(self):
        self.assertEqual(run("resolve", "-4", "alpha", fixed=True),
                         (0, "192.0.2.10\n192.0.2.11\n", ""))
        self.assertEqual(run("resolve", "-r", "192.0.2.20", "2001:db8::20", fixed=True),
                         (0, "shortname\nsn.alias.example.test\nsix-only.example.test\nsixonly\n", ""))
        status, out, err = run("resolve", "--json", "--reverse", "192.0.2.99", fixed=True)
        self.assertEqual((status, json.loads(out), err),
                         (1, {"query": "192.0.2.99", "error": "Unknown host"}, ""))

    def test_timeout_of_a_name_that_needs_no_waiting(self):
        self.assertEqual(run("resolve", "--timeout=5000", "noalias", fixed=True),
                         (0, "192.0.2.21\n", ""))

    def test_services_and_interfaces(self):
        self.assertEqual(run("interfaces", fixed=True), (0, "1\tlo\n", ""))
        status, out, err = run("services", "domain", "443", "no-such-service", fixed=True)
        self.assertEqual(status, 1)
        self.assertTrue(out.startswith("domain 53/tcp\ndomain 53/udp\nhttps 443/tcp\n"), out)
        self.assertEqual(err, "simdinet: no-such-service: Not found\n")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
