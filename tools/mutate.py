# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Mutation testing of the kernels: mutate.py [--every N] WORK [FILE ...], FILE relative to lib/kernels.

A mutant is another operator, intrinsic or number, a negated condition, or a removed statement; --every takes
each Nth. Each is compiled in a copy of the tree below WORK and run through the kernel tests. A mutant that
passes them, and that no optimisation level compiles to the same code, survives. A survivor is accepted where
its line, or the comment line before, has the comment `mutant survives: REASON`."""
import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KERNELS = pathlib.Path("lib/kernels")
FILES = ["scalar/*", "generic/*.h", "x86/*.h"]  # NEON does not run here
EMULATED = re.compile(r"x86/(avx512_\w+|simd512)\.h")  # tested with emulated intrinsics
ACCEPTED = "mutant survives: "
OPERATORS = {
    "<": "<= >=", "<=": "< >", ">": ">= <=", ">=": "> <", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
    "+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<",
    "+=": "-=", "-=": "+=", "&=": "|=", "|=": "&=", "^=": "|=", "<<=": ">>=", ">>=": "<<="}
NAMES = {  # parts of names of intrinsics and builtins
    "_and_": "_or_", "_or_": "_and_", "_xor_": "_or_", "_andnot_": "_and_", "_add_": "_sub_", "_sub_": "_add_",
    "_adds_": "_add_", "_subs_": "_sub_", "_cmpeq_": "_cmpgt_", "_cmpgt_": "_cmpeq_", "_min_": "_max_",
    "_max_": "_min_", "_unpacklo_": "_unpackhi_", "_unpackhi_": "_unpacklo_", "_srli_": "_slli_",
    "_slli_": "_srli_", "_builtin_ctz": "_builtin_clz", "_builtin_clz": "_builtin_ctz", "_packus_": "_packs_"}
TOKEN = re.compile(r"""(?P<number>\b(?:0[xX][0-9a-fA-F]+|\d+)(?=[uUlL]*\b)) | (?P<char>'(?:\\.|[^'\\])')
    | (?P<name>[A-Za-z_]\w*) | (?<=\s)(?P<operator><<=|>>=|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>])(?=\s)
    | (?P<unary>[~!](?=[\w(]))""", re.X)
STATEMENT = re.compile(r"^\s+(?!return|goto|static|const|typedef|case)(?:\*?[\w.>\[\]+-]+\s*[-+|&^<>]*=\s[^;]*|"
                       r"[a-z]\w*\([^;]*\)|\*?\w+(?:\+\+|--)|break|continue)(?=;$)")
# The slowest tests are left out of the first, brief run.
SLOW = ["byteorder/larger", "column_format/l", "network_set/random", "network_set/values", "scan/recall_passes",
        "scan_cuts/touches", "column_parse/round_trip", "limits/line_of",
        "format/ipv6_every_group", "format/ipv6_every_zero", "lines/round_trip", "parse/every_group"]
LIMIT = 4  # of the processor time of a mutant, in that of the tests without one


def code_lines(text):
    """The lines with comments, strings and directives blanked; a #define keeps its value."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", blank, text, flags=re.S)
    text = re.sub(r"^[ \t]*#[ \t]*define[ \t]+\w+(?=[ \t]+\S)", blank, text, flags=re.M)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M).split("\n")


def replacements(match):
    kind, text = match.lastgroup, match[0]
    if kind == "number":
        value, form = int(text, 0), "0x%x" if text[:2] in ("0x", "0X") else "%d"
        return [form % other for other in (value + 1, value - 1) if other >= 0]
    if kind == "char":
        return [f"({text} + 1)"]
    if kind == "name":
        swapped = {"true": "false", "false": "true"}.get(text)
        return [swapped] if swapped else [text.replace(a, b) for a, b in NAMES.items() if a in text]
    return [""] if kind == "unary" else OPERATORS.get(text, "").split()


def mutants(text):
    """(line number from 0, the mutated line) of a file."""
    lines = text.split("\n")
    for number, code in enumerate(code_lines(text)):
        line = lines[number]
        for match in TOKEN.finditer(code):
            declared = re.search(r"\w \*?\w+\[[^\]]*$", code[:match.start()]) and not re.search(r"=|return", code[:match.start()])
            if declared or (code.lstrip().startswith("for ") and match[0] in ("+=", "-=")):
                continue  # sizes of arrays; loops that do not end
            for other in replacements(match):
                yield number, line[:match.start()] + other + line[match.end():]
        condition = re.search(r"\b(?:if|while) \((.*)\)(?: \{)?\s*$", code)
        if condition and condition[1].count("(") == condition[1].count(")"):
            begin, end = condition.span(1)
            yield number, f"{line[:begin]}!({line[begin:end]}){line[end:]}"
        if statement := STATEMENT.match(code):
            yield number, line[statement.end():]


class Copy:
    """A copy of the tree with a build without optimisation, and optimised builds of the library."""

    def __init__(self, folder):
        self.tree, self.builds = folder / "tree", {}
        for name in subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True,
                                   text=True).stdout.split("\n"):
            source, target = ROOT / name, self.tree / name
            if name and source.is_file() and not name.startswith("fuzz/corpus/"):
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.exists() or target.read_bytes() != source.read_bytes():
                    shutil.copyfile(source, target)
        for name, compiler, flags in (("O0", "gcc", "-O0"), ("gcc", "gcc", "-O2"), ("clang", "clang", "-O3")):
            self.builds[name] = folder / name
            subprocess.run(["cmake", "-S", self.tree, "-B", folder / name, "-G", "Ninja",
                            f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_C_FLAGS={flags} -w",
                            "-DCMAKE_BUILD_TYPE=None", "-DSIMDINET_BUILD_COMMAND=OFF",
                            "-DSIMDINET_BUILD_PRELOAD=OFF", "-DSIMDINET_BUILD_TESTS=ON",
                            "-DSIMDINET_TESTS_ONE_PROCESS=ON"], check=True, stdout=subprocess.DEVNULL)
        listed = subprocess.run(["ninja", "-C", self.builds["O0"], "-t", "targets", "all"], check=True,
                                capture_output=True, text=True).stdout
        self.programs = ["kernel_tests"]
        if "emulated_kernel_tests:" in listed:  # its headers are installed
            self.programs.append("emulated_kernel_tests")
        self.code = {name: self.compile(name, *self.programs) for name in self.builds}
        if not all(self.code.values()):
            sys.exit(f"mutate.py: {folder} does not compile")
        self.seconds = {}
        for program in self.programs:
            for brief in (True, False):
                self.seconds[program, brief] = 3600
                before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
                if self.detected(program, brief):
                    sys.exit(f"mutate.py: {program} fails without a mutant")
                used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
                self.seconds[program, brief] = int(LIMIT * used) + 2

    def compile(self, build, *programs):
        """The hash of the objects, or None where they do not compile; programs are built without optimisation."""
        targets = programs if build == "O0" else ["simdinet_objects"]
        if subprocess.run(["ninja", "-j1", "-C", self.builds[build], *targets], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False).returncode != 0:
            return None
        objects = sorted((self.builds[build] / "lib/CMakeFiles/simdinet_objects.dir/kernels").rglob("*.o"))
        return hashlib.sha256(b"".join(path.read_bytes() for path in objects)).digest()

    def detected(self, program, brief):
        seconds = self.seconds[program, brief]

        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        environment = {**os.environ, "SIMDINET_FIRST_FAILURE": "1", **({"SIMDINET_BRIEF": "1"} if brief else {})}
        if program == "emulated_kernel_tests":
            environment["SIMDINET_IMPLEMENTATIONS_TESTED"] = "avx512"
        return subprocess.run([self.builds["O0"] / "tests" / program, "-dispatch/", "-stack/", *(f"-{test}" for test in SLOW if brief)],
                              stdin=subprocess.DEVNULL, capture_output=True, env=environment,
                              preexec_fn=limit, check=False).returncode != 0

    def run(self, file, number, mutated):
        """invalid, equivalent, detected or survives"""
        path = self.tree / KERNELS / file
        text = path.read_text()
        lines = text.split("\n")
        lines[number] = mutated
        path.write_text("\n".join(lines))
        program = self.programs[-1] if EMULATED.fullmatch(file) else "kernel_tests"
        try:
            code = self.compile("O0", program)
            if code is None or code == self.code["O0"]:
                return "equivalent" if code else "invalid"
            if self.detected(program, brief=True):
                return "detected"
            if any(self.compile(build) == self.code[build] for build in ("gcc", "clang")):
                return "equivalent"
            return "detected" if self.detected(program, brief=False) else "survives"
        finally:
            path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("files", nargs="*")
    given = parser.parse_args()
    files = given.files or sorted(str(path.relative_to(ROOT / KERNELS)) for pattern in FILES
                                  for path in (ROOT / KERNELS).glob(pattern))
    todo = [(file, *mutant) for file in files
            for mutant in list(mutants((ROOT / KERNELS / file).read_text()))[::given.every]]
    copies = [Copy(given.work / str(i)) for i in range(os.cpu_count() or 1)]
    counts = dict.fromkeys(("invalid", "equivalent", "detected", "survives", "accepted"), 0)

    def try_one(mutant):
        copy = copies.pop()
        try:
            return copy.run(*mutant)
        finally:
            copies.append(copy)

    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        for (file, number, mutated), result in zip(todo, pool.map(try_one, todo)):
            lines = ["", *(ROOT / KERNELS / file).read_text().split("\n")]
            if result == "survives" and ACCEPTED in lines[number] + lines[number + 1]:
                result = "accepted"
            counts[result] += 1
            if result == "survives":
                print(f"{KERNELS / file}:{number + 1}: {lines[number + 1].strip()}\n    survives as: "
                      f"{mutated.strip() or '(removed)'}", flush=True)
    print(f"{len(todo)} mutants: " + ", ".join(f"{count} {result}" for result, count in counts.items()))
    return 1 if counts["survives"] else 0


sys.exit(main())
