#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The reference: Doxygen has nothing to complain of, every public symbol is described, and the manual
pages are those that the headers make.

usage: test_reference.py SOURCE-DIRECTORY DOXYFILE
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml

SOURCE, DOXYFILE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
HEADERS = [SOURCE / "lib/include" / name for name in ("simdinet.h", "simdinet_socket.h")]


def public_functions():
    return set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(",
                          "".join(path.read_text() for path in HEADERS)))


class ManualPages(unittest.TestCase):
    def test_pages_are_what_the_headers_say(self):
        run = subprocess.run([sys.executable, SOURCE / "tools/man_pages.py", "--check"],
                             capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_every_function_has_one_page(self):
        named = []
        for page in (SOURCE / "docs/man").glob("*.3"):
            line = re.search(r"\.SH NAME\n(.*) \\- ", page.read_text())
            named += line[1].split(", ")
        self.assertEqual(sorted(named), sorted(public_functions()))

    @unittest.skipUnless(shutil.which("groff"), "skipped: reference: groff is missing")
    def test_pages_are_set_without_a_warning(self):
        pages = sorted((SOURCE / "docs/man").glob("*.[13]"))
        self.assertGreater(len(pages), 20)
        for page in pages:
            run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stderr), (0, ""), page.name)


@unittest.skipUnless(shutil.which("doxygen"), "skipped: reference: doxygen is missing")
class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = DOXYFILE.parent
        cls.doxygen = subprocess.run(["doxygen", DOXYFILE], cwd=cls.folder, capture_output=True, text=True)

    def test_no_warning(self):
        self.assertEqual(self.doxygen.returncode, 0, self.doxygen.stderr)
        self.assertEqual((self.folder / "reference-warnings.txt").read_text(), "")

    def test_every_public_symbol_is_described(self):
        described, bare = set(), []
        for group in (self.folder / "reference-xml").glob("group__*.xml"):
            for member in xml.parse(group).iter("memberdef"):
                words = "".join("".join(member.find(part).itertext()).strip()
                                for part in ("briefdescription", "detaileddescription"))
                (described.add if words else bare.append)(member.findtext("name"))
        self.assertEqual(bare, [])
        macros = set(re.findall(r"^#define (SIMDINET_\w+)[ (]", "".join(
            path.read_text() for path in HEADERS), re.M))
        self.assertEqual(sorted((public_functions() | macros) - described), [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
