#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Generates docs/man/simdinet_*.3, one manual page per section of the public headers, from their comments.

usage: man_pages.py [--check]

--check writes nothing, and exits with status 1 if a page is out of date.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs/man"
HEADERS = ("simdinet.h", "simdinet_network.h", "simdinet_network_set.h", "simdinet_socket.h")

DATE = re.compile(r"^## \[[^]]*\] - (\d{4}-\d\d-\d\d)$", re.M)


class Item:
    """A comment and the declarations below it."""

    def __init__(self, comment, code):
        self.comment = comment
        self.code = code
        self.functions = re.findall(r"\b(simdinet_\w+)\(", " ".join(
            line for line in code if not line.lstrip().startswith(("#", "*", "/*"))))


class Section:
    def __init__(self, header, name, title, comment):
        self.header, self.name, self.title, self.comment = header, name, title, comment
        self.items = []

    @property
    def page(self):
        return "simdinet_" + self.name

    @property
    def functions(self):
        return [name for item in self.items for name in item.functions]


def plain(comment):
    """The lines of a /** comment */ without its delimiters and markup."""
    text = "\n".join(comment).strip()
    text = text.removeprefix("/**").removesuffix("*/")
    lines = [re.sub(r"^ \* ?", "", line).rstrip() for line in text.strip("\n").split("\n")]
    lines = [line.strip() if i == 0 else line for i, line in enumerate(lines)]
    return [line for line in lines if line not in ("@{", "@}", "@file")]


def read_header(name):
    """The comment at the top of a header, and its sections."""
    lines = (ROOT / "lib/include" / name).read_text().split("\n")
    head, sections, at = [], [], 0
    while at < len(lines):
        if not lines[at].startswith("/**"):
            at += 1
            continue
        end = at
        while not lines[end].rstrip().endswith("*/"):
            end += 1
        comment = lines[at:end + 1]
        at = end + 1
        words = plain(comment)
        group = re.match(r"@defgroup (\w+) (.*)", next((line for line in words if line), ""))
        if group:
            sections.append(Section(name, group[1], group[2], words[words.index(group[0]) + 1:]))
        elif not head:
            head = words
        elif sections and any(words):
            code = []
            while at < len(lines) and lines[at].strip() and not lines[at].startswith("/**"):
                code.append(lines[at])
                at += 1
            sections[-1].items.append(Item(words, code))
    return head, sections


def roff(text):
    """Text escaped for roff."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return "\\&" + text if text.startswith((".", "'")) else text


def paragraphs(lines):
    """The lines of a comment as roff: blank lines separate paragraphs, a dash starts a list item."""
    out, listed = [], False
    for line in lines:
        if not line:
            out.append(".PP")
            listed = False
        elif line.startswith("- "):
            out += [".IP \\(bu 2", roff(line[2:])]
            listed = True
        else:
            if listed and not line.startswith("  "):
                out.append(".PP")
                listed = False
            out.append(roff(line.strip()))
    while out and out[0] == ".PP":
        out.pop(0)
    while out and out[-1] == ".PP":
        out.pop()
    return [line for i, line in enumerate(out) if line != ".PP" or out[i + 1] != ".PP"]


def synopsis(item):
    """The declarations without comments and SIMDINET_API."""
    out = []
    for line in item.code:
        line = re.sub(r"/\*.*?\*/", "", line.replace("SIMDINET_API ", "")).rstrip()
        if line:
            out.append(roff(line).replace("\\&.", "."))
    # Continuation lines were indented for SIMDINET_API.
    mark = len("SIMDINET_API ")
    return [line[mark:] if line.startswith(" " * (mark + 8)) else line for line in out]


def members(item):
    """The members of a struct or enum, or the macros, that have comments of their own."""
    out = []
    for line in item.code:
        match = re.match(r"(?:#\s*define\s+|\s+)(.*?)\s*/\*\*<\s*(.*?)\s*\*/", line)
        if match:
            what = re.sub(r" =.*| 0x\w+", "", re.sub(r"\s+", " ", match[1]).rstrip(",;"))
            out += [".TP", ".B " + roff(what), roff(match[2])]
    return out


def write_page(section, head, others, version, date):
    functions = section.functions
    title = section.title[0].lower() + section.title[1:]
    out = ['.\\" SPDX-License-Identifier: Apache-2.0 OR MIT',
           f'.\\" Written by tools/man_pages.py from lib/include/{section.header}.',
           f'.TH {section.page.upper().replace("-", chr(92) + "-")} 3 {date} "simdinet {version}" '
           '"Library Functions Manual"',
           ".nh", ".ad l",
           ".SH NAME", ", ".join(functions) + " \\- " + title,
           ".SH LIBRARY", "simdinet",
           ".RB ( \\-lsimdinet ,", ".BR pkg\\-config (1)", "name", ".BR simdinet )",
           ".SH SYNOPSIS", ".nf", f".B #include <{section.header}>"]
    for item in section.items:
        out += [".PP"] + synopsis(item)
    out += [".fi", ".SH DESCRIPTION"] + paragraphs(section.comment)
    for item in section.items:
        names = item.functions or re.findall(r"\b(?:simdinet_\w+|SIMDINET_\w+)", " ".join(
            line for line in item.code if re.match(r"#\s*define|typedef|}", line)))
        out.append(".SS " + roff(", ".join(dict.fromkeys(names))))
        out += paragraphs(item.comment) + members(item)
    out += [".SH ATTRIBUTES"] + paragraphs(head)
    out += [".SH \"SEE ALSO\""]
    out += [f".BR {other.page} (3)," for other in others if other is not section]
    out[-1] = out[-1].rstrip(",")
    return "\n".join(out) + "\n"


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    header = (ROOT / "lib/include/simdinet.h").read_text()
    version = ".".join(re.findall(r"#define SIMDINET_VERSION_\w+ (\d+)", header))
    date = DATE.search((ROOT / "CHANGELOG.md").read_text())[1]
    read = [read_header(name) for name in HEADERS]
    sections = [section for _, part in read for section in part]
    stale = set(PAGES.glob("simdinet_*.3"))
    wrong = []
    for head, part in read:
        about = head[next(i for i, line in enumerate(head) if not line and i) + 1:]
        for section in part:
            path = PAGES / (section.page + ".3")
            text = write_page(section, about, sections, version, date)
            stale.discard(path)
            if check and (not path.exists() or path.read_text() != text):
                wrong.append(path)
            elif not check:
                path.write_text(text)
    for path in stale:
        if check:
            wrong.append(path)
        else:
            path.unlink()
    for path in wrong:
        print(f"{path.relative_to(ROOT)}: out of date; run tools/man_pages.py")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
