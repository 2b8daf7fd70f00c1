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

    def test_no_terminal_obeys_a_host(self):
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
        reason = "invalid name: too long, or contains NUL"
        for given, shown in (("\0", "\ufffd"), ("a\0b\n", "a\ufffdb"), ("x" * 1025, "x" * 1024),
                             ("x" * 1025 + "\n", "x" * 1024)):
            self.assertEqual(run("resolve", given="::1\n\n" + given),
                             (2, "::1\n", f"simdinet: (standard input):3: {reason}\n"))
            status, out, err = run("resolve", "--json", given=given)
            self.assertEqual((status, json.loads(out), err), (2, {"query": shown, "error": reason}, ""))

    def test_both_families_are_neither(self):
        for families in (["-4", "-6"], ["-64"], []):
            self.assertEqual(run("resolve", *families, "2001:db8::1", "192.0.2.1"),
                             (0, "2001:db8::1\n192.0.2.1\n", ""))

    def test_a_reverse_lookup_has_no_choice(self):
        for words in (["-4"], ["-6"], ["-46"], ["--timeout=100"]):
            for order in ([*words, "-r"], ["-r", *words]):
                self.assertEqual(run("resolve", *order, "192.0.2.1"),
                                 (2, "", "simdinet: -r cannot be combined with -4, -6 or --timeout\n"
                                         "Try 'simdinet resolve --help'.\n"))

    def test_ports_end(self):
        for port in ("65536", "99999", "18446744073709551617", "99999999999999999999999"):
            self.assertEqual(run("services", port),
                             (2, "", f"simdinet: invalid port '{port}': greater than 65535\n"))
        self.assertEqual(run("services", "65535")[0::2], (1, "simdinet: 65535: Not found\n"))
        self.assertEqual(run("services", "65535", "65536")[0], 2)

    def test_messages_about_options_begin_as_all_do(self):
        for command in ("extract", "count", "grep", "parse", "format", "resolve", "services"):
            for option, said in (("--frobnicate", "unrecognized option '--frobnicate'"),
                                 ("-Z", "invalid option -- 'Z'"),
                                 ("--help=me", "option '--help' doesn't allow an argument"),
                                 ("--\x1b[31m=\x9b", "unrecognized option '--?[31m=??'"),
                                 ("-\x1b", "invalid option -- '?'"),
                                 ("-:", "invalid option -- ':'"),
                                 (b"-\xff", "invalid option -- '?'")):
                self.assertEqual(run(command, option, "::1"),
                                 (2, "", f"simdinet: {said}\nTry 'simdinet {command} --help'.\n"))
        for words, said in ((["resolve", "--timeout"], "option '--timeout' requires an argument"),
                            (["resolve", "--time"], "option '--time' requires an argument"),
                            (["count", "-n"], "option requires an argument -- 'n'"),
                            (["grep", "-hn", "-f"], "option requires an argument -- 'f'"),
                            (["resolve", "--ip"], "option '--ip' is ambiguous"),
                            (["extract", "-vZn", "a"], "invalid option -- 'v'")):
            self.assertEqual(run(*words),
                             (2, "", f"simdinet: {said}\nTry 'simdinet {words[0]} --help'.\n"))

    def test_no_terminal_obeys_the_name_of_a_file(self):
        for name, shown in ((b"\xc2\x9b31m", "??31m"), (b"\x9b31m", "?31m"), (b"\x1b\x7f\n", "???"),
                            ("München \u2603".encode(), "München \u2603"), (b"\xe2\x98", "??")):
            self.assertEqual(run("extract", name),
                             (2, "", f"simdinet: {shown}: No such file or directory\n"))

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
