# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The API reference: Doxygen reports no warning, every public symbol is described, and the manual pages match
the headers."""
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

import pytest


@pytest.fixture(scope="module")
def headers(source_dir):
    return "".join((source_dir / "lib/include" / name).read_text() for name in (
        "simdinet.h", "simdinet_network.h", "simdinet_network_set.h", "simdinet_socket.h"))


@pytest.fixture(scope="module")
def public_functions(headers):
    return set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(", headers))


def test_manual_pages_match_the_headers(source_dir):
    run = subprocess.run([sys.executable, source_dir / "tools/man_pages.py", "--check"],
                         capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_every_function_has_one_page(source_dir, public_functions):
    named = []
    for page in (source_dir / "docs/man").glob("*.3"):
        named += re.search(r"\.SH NAME\n(.*) \\- ", page.read_text())[1].split(", ")
    assert sorted(named) == sorted(public_functions)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is missing")
def test_groff_formats_every_page_without_a_warning(source_dir):
    pages = sorted((source_dir / "docs/man").glob("*.[13]"))
    assert len(pages) > 20
    for page in pages:
        run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, ""), page.name


@pytest.fixture(scope="module")
def doxygen(build_dir):
    """The folder that Doxygen wrote to, and how it ended."""
    if not shutil.which("doxygen"):
        pytest.skip("doxygen is missing")
    folder = build_dir / "docs"
    return folder, subprocess.run(["doxygen", folder / "Doxyfile"], cwd=folder, capture_output=True, text=True)


def test_doxygen_reports_no_warning(doxygen):
    folder, run = doxygen
    assert run.returncode == 0, run.stderr
    assert (folder / "reference-warnings.txt").read_text() == ""


def test_every_public_symbol_is_described(doxygen, headers, public_functions):
    folder, _ = doxygen
    described, undescribed = set(), []
    for group in (folder / "reference-xml").glob("group__*.xml"):
        for member in xml.parse(group).iter("memberdef"):
            words = "".join("".join(member.find(part).itertext()).strip()
                            for part in ("briefdescription", "detaileddescription"))
            (described.add if words else undescribed.append)(member.findtext("name"))
    assert undescribed == []
    macros = set(re.findall(r"^#define (SIMDINET_\w+)[ (]", headers, re.M))
    assert sorted((public_functions | macros) - described) == []
