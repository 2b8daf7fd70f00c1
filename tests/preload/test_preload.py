#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The drop-in: what it exports, that its answers are the C library's, and that its own comparison would
notice if they were not.

usage: test_preload.py SOURCE LIBRARY CALLS LIAR NM [SHARED]

CALLS (preload_calls.c) is a program that calls what is replaced, LIAR (preload_liar.c) a C library that
lies on demand.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from preload import VARIABLE, Report, checked, compare, environment, run

SOURCE = pathlib.Path(sys.argv[1])
LIBRARY, CALLS, LIAR = map(os.path.abspath, sys.argv[2:5])
NM = sys.argv[5]
TABLE = pathlib.Path(sys.argv[6] if len(sys.argv) > 6 else "/nowhere") / "conformance/open-addresses.tsv"

NAMES = """inet_pton inet_ntop inet_aton inet_ntoa inet_addr getservbyname getservbyname_r getservbyport
    getservbyport_r getprotobyname getprotobyname_r getnameinfo getaddrinfo""".split()
ALL = [CALLS, "all"] + ([str(TABLE)] if TABLE.exists() else [])


def symbols(*options):
    done = subprocess.run([NM, "-D", *options, LIBRARY], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in done.stdout.splitlines()]


class Library(unittest.TestCase):
    def test_exports_these_names_and_no_other(self):
        # Without a version, which takes the place of any version.
        self.assertEqual(sorted(symbols("--defined-only")), sorted(NAMES))

    def test_calls_none_of_them_but_by_looking_it_up(self):
        undefined = {name.split("@")[0] for name in symbols("--undefined-only")}
        self.assertIn("dlsym", undefined)
        self.assertEqual(undefined & set(NAMES), set())


class Answers(unittest.TestCase):
    def test_everything(self):
        if not TABLE.exists():
            print(f"skipped: preload_table: {TABLE} is missing")
        (status, out, err), report = compare(self, ALL, LIBRARY, "every kind of call")
        self.assertEqual((status, err), (0, b""))
        self.assertGreater(out.count(b"\n"), 20000)
        self.assertEqual(sorted(report.functions), sorted(NAMES))
        self.assertGreater(report.calls, 500000)
        # What is here for its speed is answered here.
        for name in NAMES[:5] + ["getservbyname", "getservbyport", "getprotobyname"]:
            self.assertEqual(report.functions[name][2], 0, name)
        for name in "getnameinfo", "getaddrinfo":
            self.assertLess(report.functions[name][2], report.functions[name][0] / 100, name)
            self.assertGreater(report.functions[name][2], 0, name)

    def test_every_kernel(self):
        for kernel in "scalar", "sse42", "avx2", "avx512", "neon":
            result = run([CALLS, "few"], environment([LIBRARY], SIMDINET_IMPLEMENTATION=kernel))
            self.assertEqual(result, run([CALLS, "few"], environment()), kernel)

    def test_the_codes_of_a_shortage(self):
        (status, out, err), _ = compare(self, [CALLS, "shortage"], LIBRARY, "no descriptor is left")
        self.assertEqual((status, err), (0, b""))
        self.assertRegex(out, rb"^( -\d+(/\d+)?){4} ", "was a host found without a descriptor?")

    def test_results_are_the_threads_own(self):
        (status, _, err), report = checked([CALLS, "threads"], [LIBRARY])
        self.assertEqual((status, err), (0, b""))
        self.assertEqual(report.differences, 0, report.text)
        self.assertEqual(run([CALLS, "threads"], environment([LIBRARY])), (0, b"", b""))


class Comparison(unittest.TestCase):
    """The check would see a difference in anything that the functions answer."""

    def lie(self, detail, what="few"):
        os.environ["LIE"] = detail
        self.addCleanup(os.environ.pop, "LIE", None)
        return checked([CALLS, what], [LIBRARY, LIAR])

    def test_sees_every_lie(self):
        source = (SOURCE / "tests/preload/fake_libc.c").read_text()
        lies = [lie for lie in re.findall(r'lie\("([^"]+)"\)', source) if lie not in ("early", "rotation")]
        self.assertGreater(len(lies), 30)
        _, honest = self.lie("nothing")
        self.assertEqual((honest.differences, sorted(honest.functions)), (0, sorted(NAMES)))
        found = set()
        for lie in lies:
            (status, _, _), report = self.lie(lie)
            self.assertEqual(status, 0, lie)
            self.assertGreater(report.differences, 0, lie)
            self.assertEqual(len(report.lines), report.differences, lie)
            for name, numbers in report.functions.items():
                about = name.startswith(lie.split()[0])
                self.assertEqual(numbers[1] > 0, name in report.lines, lie)
                if not about:
                    self.assertEqual(numbers[1], 0, f"{lie}: {name}")
            found |= set(report.lines)
        self.assertEqual(sorted(found), sorted(NAMES))

    def test_says_what_differs(self):
        _, report = self.lie("getserv alias")
        self.assertIn('simdinet: difference in getservbyname("http", "tcp"): 0, errno 0, "http" 80 "tcp" '
                      '"www"; the C library: 0, errno 0, "http" 80 "tcp" "other"\n', report.text)
        _, report = self.lie("inet_pton bytes")
        self.assertIn('simdinet: difference in inet_pton(2, "192.0.2.1"): 1, errno 0, c0000201; '
                      'the C library: 1, errno 0, c0000200\n', report.text)

    def test_a_name_server_that_rotates_is_no_difference(self):
        _, report = self.lie("rotation", "name")
        self.assertEqual(report.functions["getaddrinfo"], [1, 0, 1, 1], report.text)
        self.assertEqual(report.differences, 0)

    def test_calls_before_it_was_set_up_count(self):
        _, honest = self.lie("nothing")
        (status, _, _), report = self.lie("early")
        self.assertEqual((status, report.differences), (0, 0), report.text)
        for name, handed in ("inet_pton", 0), ("getaddrinfo", 1):
            calls = honest.functions[name][0]
            self.assertEqual(report.functions[name], [calls + 1, 0, handed, 0], name)

    def test_the_program_has_our_answer(self):
        os.environ["LIE"] = "inet_ntoa text"
        self.addCleanup(os.environ.pop, "LIE", None)
        self.assertEqual(checked([CALLS, "few"], [LIBRARY, LIAR])[0],
                         run([CALLS, "few"], environment()))

    def test_lines_have_an_end(self):
        os.environ["LIE"] = "inet_addr address"
        self.addCleanup(os.environ.pop, "LIE", None)
        _, report = checked(ALL, [LIBRARY, LIAR])
        self.assertGreater(report.differences, 1000)
        self.assertEqual(len(report.lines), 100)


class Reports(unittest.TestCase):
    def check(self, value, command=(CALLS, "few"), **options):
        return run(command, environment([LIBRARY], value), **options)

    def test_to_standard_error(self):
        status, out, err = self.check("1")
        self.assertEqual((status, out), run([CALLS, "few"], environment())[:2])
        self.assertRegex(err.decode(), r"\Asimdinet: 16 calls checked, 0 differences "
                                       r"\(preload_calls, process \d+\)\n")
        self.assertEqual(sorted(Report(err.decode()).functions), sorted(NAMES))

    def test_off(self):
        for value in "0", "":
            self.assertEqual(self.check(value), run([CALLS, "few"], environment()))

    def test_a_process_without_calls_says_nothing(self):
        self.assertEqual(self.check("1", ["true"]), (0, b"", b""))

    def test_each_process_reports_its_own(self):
        _, report = checked([CALLS, "fork"], [LIBRARY])
        self.assertEqual(sorted(report.processes), [(1, 0), (2, 0)])

    def test_a_value_that_means_nothing(self):
        status, out, err = self.check("yes")
        self.assertEqual((status, out), run([CALLS, "few"], environment())[:2])
        self.assertEqual(err.decode(), f"simdinet: {VARIABLE} is neither 1 nor a path that begins "
                                       "with /: yes\n")
        self.assertIn(b"neither 1 nor a path", self.check("/" + "x" * 5000)[2])

    def test_a_file_that_cannot_be_written(self):
        self.assertEqual(self.check("/nowhere/at/all")[2].decode(),
                         "simdinet: /nowhere/at/all: No such file or directory\n")

    def test_another_file_in_the_place_of_standard_error_is_left_alone(self):
        with tempfile.NamedTemporaryFile() as file:
            script = f"import os, socket; os.close(2); assert os.open('{file.name}', os.O_WRONLY) == 2;" \
                     "socket.inet_aton('1.2.3.4')"
            self.assertEqual(self.check("1", [sys.executable, "-c", script]), (0, b"", b""))
            self.assertEqual(file.read(), b"")
        self.assertEqual(self.check("1", ["sh", "-c", 'exec "$0" few 2>&-', CALLS])[0], 0)


# Databases and their switch as a machine may have them: name, nsswitch.conf, services; None: no file.
PLAIN = "hosts: files\nservices: files\nprotocols: files\n"
SOME = "# a comment\nhttp 80/tcp www\nhttp 80/udp\nodd 0x10/tcp a b c\n\nlast 9/udp end"
CONFIGURATIONS = [
    ("as Debian has it", "services: db files\nprotocols: db files\nhosts: files\n", SOME),
    ("files alone", PLAIN, SOME),
    ("no nsswitch.conf", None, SOME),
    ("an empty nsswitch.conf", "", SOME),
    ("an action", "services: files [NOTFOUND=return] db\nprotocols: [!UNAVAIL=return] files\n", SOME),
    ("a source that does not exist", "services: nosuchsource files\nprotocols: nosuchsource\n", SOME),
    ("no source", "services:\nprotocols:\n", SOME),
    ("two lines", "services: nosuchsource\nservices: files\nprotocols: files\n", SOME),
    ("blanks and comments", " services :\tfiles # db\nprotocols:files\n", SOME),
    ("no services", PLAIN, None),
    ("empty services", PLAIN, ""),
    ("ends of lines as elsewhere", PLAIN, SOME.replace("\n", "\r\n")),
    ("a line longer than any buffer", PLAIN, "#" + "x" * 5000 + "\n" + SOME),
    ("many aliases", PLAIN, "many 40/tcp" + "".join(f" alias{i}" for i in range(300)) + "\n" + SOME),
]


class Configurations(unittest.TestCase):
    """With a folder of ours in the place of /etc."""

    ENTER = 'mount --make-rprivate / && mount --bind "$0" /etc && ip link set lo up && exec "$@"'

    @classmethod
    def setUpClass(cls):
        cls.unshare = ["unshare", "--mount", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        with tempfile.TemporaryDirectory() as folder:
            if run(cls.inside(folder, ["true"]), environment())[0] != 0:
                print("skipped: preload_configurations: the kernel refuses the namespaces")
                raise unittest.SkipTest("no namespaces")

    @classmethod
    def inside(cls, folder, command):
        return [*cls.unshare, "sh", "-c", cls.ENTER, folder, *command]

    def test_the_same_answers(self):
        for name, switch, services in CONFIGURATIONS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                files = {"nsswitch.conf": switch, "services": services, "passwd": "root:x:0:0::/:/bin/sh\n",
                         "protocols": "ip 0 IP\ntcp 6 TCP # stream\n", "hosts": "127.0.0.1 localhost\n"}
                for file, content in files.items():
                    if content is not None:
                        pathlib.Path(folder, file).write_text(content, newline="")
                (status, out, _), report = compare(self, self.inside(folder, [CALLS, "databases"]), LIBRARY,
                                                   None)
                self.assertEqual(status, 0)
                self.assertTrue(out)
                self.assertGreater(report.calls, 100)

    def test_privileged_programs_write_no_report(self):
        with tempfile.TemporaryDirectory() as folder:
            if os.geteuid() != 0 or os.statvfs(folder).f_flag & os.ST_NOSUID:
                print("skipped: preload_privileged: takes root, and a folder where setuid counts")
                self.skipTest("not root, or nosuid")
            os.chmod(folder, 0o777)
            for file in LIBRARY, CALLS:
                shutil.copy(file, folder)
            # What stands there is preloaded into privileged programs as well.
            pathlib.Path(folder, "ld.so.preload").write_text("/etc/" + os.path.basename(LIBRARY) + "\n")
            calls = "/etc/" + os.path.basename(CALLS)
            for privileged, reports in (False, True), (True, False):
                os.chmod(folder + calls[4:], 0o4755 if privileged else 0o755)
                command = self.inside(folder, ["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all",
                                               calls, "few"])
                report = pathlib.Path(folder, "report")
                self.assertEqual(run(command, environment(check="/etc/report"))[0], 0)
                written = report.read_text() if report.exists() else ""
                self.assertEqual("preload_calls" in written, reports, written)
                report.unlink(missing_ok=True)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
