# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/scan.md: its examples, word lists and names are those of the command and the library."""
import ast
import json
import pathlib
import re

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = (SOURCE / "docs/scan.md").read_text()
TABLES = (SOURCE / "lib/kernels/tables/scan_tables.c").read_text()


def table(heading):
    """The rows of the first table of a section, as lists of cells."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def code(cell):
    """What is between backquotes."""
    return re.findall(r"`([^`]*)`", cell.replace("\\|", "|"))


@pytest.mark.parametrize("text, printed, names", table("Examples"))
def test_example(run, text, printed, names):
    (text,), printed, names = code(text), code(printed), set(code(names))
    text = text.replace("\\e", "\033").encode()
    assert run("extract", stdin=text) == (0 if printed else 1, "".join(f"{a}\n" for a in printed).encode(), "")
    if printed:
        records = run("extract", "--json", stdin=text)[1].splitlines()
        assert {flag for record in records for flag in json.loads(record)["flags"]} == names
    else:
        rejected = run("extract", "--rejected", stdin=text)[1].decode().splitlines()
        assert {row.split("\t")[1] for row in rejected} == names


def test_heuristics(run):
    """Their names, and their flags in the header, are those of the command's table."""
    names = (SOURCE / "cli/scan_names.h").read_text()
    wanted = re.findall(r'^ +X\("([a-z0-9-]+)", +(SIMDINET_SCAN_\w+),', names, re.M)
    assert [(code(name)[0], code(flag)[0]) for name, _, flag, _ in table("Heuristics")] == wanted
    assert len(wanted) > 10


@pytest.mark.parametrize("name", re.findall(r"const simdinet_scan_(\w+)\[\] = \{", TABLES))
def test_word_lists(name):
    body = re.search(rf"simdinet_scan_{name}\[\] = \{{(.*?)NULL", TABLES, re.S)[1]
    words = [ast.literal_eval(word) for word in re.findall(r'"[^"]*"', body)]
    page = re.sub(r"\s+", " ", PAGE)
    if name == "escape_spellings":
        listed = "ESC may be written as " + joined(words[1:2] + words[3:4] + words[5:]) + "."
        assert words[2].lower() == words[1] and words[4].lower() == words[3]
    elif name == "file_suffixes":
        listed = " " + joined(word[1:] for word in words)
    else:
        listed = " " + joined(words)
    assert listed in page and "`," + listed not in page


def joined(words):
    *first, last = (f"`{word}`" for word in words)
    return ", ".join(first) + (" or " if first else "") + last


def test_rules_are_numbered():
    """Comments of the library and the tests name rules by number."""
    numbers = re.findall(r"^(\d+)\. ", PAGE, re.M)
    assert numbers == [str(number) for number in range(1, 18)]


def test_figures_of_the_readme():
    recall, precision = re.search(r"Recall is (\S+) %, precision (\S+) %", re.sub(r"\s+", " ", PAGE)).groups()
    missed, wrong = table("How well it works")[-1][3:]
    readme = (SOURCE / "README.md").read_text()
    assert f"| simdinet extract | {missed} | {wrong} | {recall} % | {precision} % |" in readme


def test_bounds():
    header = (SOURCE / "lib/include/simdinet.h").read_text()
    bound = re.search(r"#define SIMDINET_SCAN_CONTEXT (\d+)", header)[1]
    assert f"{bound} bytes before a match, `SIMDINET_SCAN_CONTEXT`" in re.sub(r"\s+", " ", PAGE)
