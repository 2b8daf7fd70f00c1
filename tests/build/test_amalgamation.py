#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes simdinet.c and simdinet.h, compiles them as their users do, and looks at what comes out. Which
addresses that reads and writes, the other tests say.

usage: test_amalgamation.py SOURCE NM C-COMPILER [CXX-COMPILER]
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, NM, CC = pathlib.Path(sys.argv[1]), *sys.argv[2:4]
CXX = sys.argv[4] if len(sys.argv) > 4 else None
FOLDER = tempfile.TemporaryDirectory()
ROOM = pathlib.Path(FOLDER.name)
HEADERS = "".join((SOURCE / "lib/include" / name).read_text()
                  for name in ("simdinet.h", "simdinet_socket.h"))
FUNCTIONS = set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(", HEADERS))


def run(*command):
    done = subprocess.run([str(word) for word in command], cwd=ROOM, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def symbols(path, *options):
    return {line.split()[-1] for line in run(NM, *options, path).splitlines()}


def setUpModule():
    run(SOURCE / "tools/amalgamate", ROOM)
    warnings = run(CC, "-O2", "-Wall", "-Wextra", "-c", "simdinet.c", "-o", "simdinet.o")
    assert warnings == "", warnings


def tearDownModule():
    FOLDER.cleanup()


class Amalgamation(unittest.TestCase):
    def test_two_files_and_no_more(self):
        again = ROOM / "again"
        run(SOURCE / "tools/amalgamate", again)
        self.assertEqual(sorted(path.name for path in again.iterdir()), ["simdinet.c", "simdinet.h"])
        for path in again.iterdir():
            self.assertEqual(path.read_bytes(), (ROOM / path.name).read_bytes(), "it is not always the same")
        self.assertEqual(re.findall(r'#include "(.*)"', (ROOM / "simdinet.c").read_text()), ["simdinet.h"])

    def test_everything_is_in_it(self):
        defined = symbols("simdinet.o", "-g", "--defined-only")
        self.assertGreaterEqual(defined, FUNCTIONS)
        self.assertEqual({name for name in defined if not name.startswith("simdinet_")}, set())

    def test_what_it_exports_is_the_interface(self):
        run(CC, "-shared", "-fPIC", "-O0", "simdinet.c", "-o", "simdinet.so", "-pthread")
        self.assertEqual(symbols("simdinet.so", "-D", "--defined-only"), FUNCTIONS)

    def test_without_sockets(self):
        run(CC, "-O0", "-Wall", "-Wextra", "-Werror", "-std=c11", "-DSIMDINET_NO_SOCKET", "-c", "simdinet.c",
            "-o", "engine.o")
        defined = symbols("engine.o", "-g", "--defined-only")
        engine = set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(",
                                (SOURCE / "lib/include/simdinet.h").read_text()))
        self.assertEqual(defined & FUNCTIONS, engine)
        self.assertEqual(symbols("engine.o", "-u") & {"getaddrinfo", "pthread_mutex_lock", "malloc"}, set())
        (ROOM / "light.c").write_text('#include "simdinet.h"\n')
        light = run(CC, "-DSIMDINET_NO_SOCKET", "-E", "light.c")
        self.assertIn("simdinet_parse_ipv4", light)
        self.assertNotIn("netdb.h", light)

    def test_programs(self):
        for language, compiler, source, standard in (("c", CC, "main.c", "gnu11"),
                                                     ("cxx", CXX, "main.cc", "c++17")):
            with self.subTest(language):
                if not compiler:
                    print("skipped: amalgamation from C++: there is no C++ compiler here")
                    continue
                text = (SOURCE / "tests/build/consumer" / language / source).read_text()
                (ROOM / source).write_text(text.replace("#include <simdinet_socket.h>\n", ""))
                run(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-I.", source,
                    "simdinet.o", "-o", f"program-{language}", "-pthread")
                self.assertRegex(run(ROOM / f"program-{language}"), r"^C\S* \d+\.\d+\.\d+ 2001:db8::1 1\n$")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
