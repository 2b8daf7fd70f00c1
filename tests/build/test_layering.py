#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The laws of the house: who may include whom, what is exported, what every file carries.

usage: test_house.py SOURCE-DIRECTORY SHARED-LIBRARY NM
"""
import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(sys.argv[1])
LIBRARY, NM = sys.argv[2], sys.argv[3]

PUBLIC = {"simdinet.h", "simdinet_socket.h"}
SOURCES = {".c", ".h", ".cc", ".py", ".sh", ".cmake"}

# The table of CONTRIBUTING.md. The first pattern that a file matches is its law: the files of the
# project, as patterns, that it may include beside those of its own folder.
PUBLIC_HEADERS = "lib/include/*.h"
LAWS = [
    ("lib/include/simdinet.h", []),
    ("lib/include/*.h", ["lib/include/simdinet.h"]),
    ("lib/kernels/generic/*", ["lib/kernels/kernel.h", "lib/kernels/scan.h", "lib/kernels/tables/*.h"]),
    ("lib/kernels/tables/*", ["lib/kernels/generic/bytes.h"]),
    ("lib/kernels/*/*", ["lib/kernels/kernel.h", "lib/kernels/scan.h", "lib/kernels/cpu.h",
                         "lib/kernels/generic/*.h", "lib/kernels/tables/*.h", "lib/kernels/scalar/*.h"]),
    ("lib/kernels/*", []),
    ("lib/engine/*", ["lib/include/simdinet.h", "lib/kernels/kernel.h", "lib/kernels/scan.h"]),
    ("lib/socket/*", [PUBLIC_HEADERS]),
    ("lib/preload/*", [PUBLIC_HEADERS]),
    ("cli/*", [PUBLIC_HEADERS]),
    ("tests/*/*", [PUBLIC_HEADERS, "lib/kernels/*.h", "tests/harness/*.h"]),
    ("bench/baselines/*", ["bench/candidate.h", "bench/table_format.h", "bench/text_engine.h"]),
    ("bench/*", [PUBLIC_HEADERS, "lib/kernels/*.h"]),
    ("fuzz/*", [PUBLIC_HEADERS, "lib/kernels/*.h", "lib/socket/internal.h", "cli/networks.h",
                "tests/*/*.h"]),
    ("tools/loggen/*", []),
]


# What the library calls of the C library, and need not see fail: these do not, or what they say is no
# more than an answer (access, getenv, clock_gettime with a clock that there is, a nanosleep that is cut
# short), or they fail while the library is loaded and no test has begun (pthread_atfork,
# pthread_key_create).
CANNOT_FAIL = set("""
    bcmp memchr memcmp memcpy memmove memset snprintf sprintf stpcpy strchr strcmp strcpy strcspn strlen strncmp
    strnlen strsep strspn strtoull strerror_r gai_strerror hstrerror
    access clock_gettime getenv nanosleep sigdelset sigfillset freeaddrinfo if_freenameindex in6addr_any in6addr_loopback
    pthread_atfork pthread_attr_destroy pthread_attr_setdetachstate pthread_cond_destroy
    pthread_cond_signal pthread_cond_timedwait pthread_condattr_destroy pthread_key_create
    pthread_key_delete pthread_mutex_destroy pthread_mutex_lock pthread_mutex_unlock
    pthread_setcancelstate pthread_sigmask""".split())


def tracked_files():
    """What git tracks; in a tree without git, everything but build folders."""
    try:
        names = subprocess.run(
            ["git", "ls-files"], cwd=SOURCE,
            capture_output=True, text=True, check=True).stdout.split("\n")
        return [SOURCE / name for name in names if name and (SOURCE / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [path for path in SOURCE.rglob("*")
                if path.is_file() and path.relative_to(SOURCE).parts[0] != "build"]


FILES = tracked_files()


class House(unittest.TestCase):
    def test_includes(self):
        checked = 0
        tree = {str(path.relative_to(SOURCE)) for path in FILES}
        # harness/emulated stands in for a library, and is included as one.
        own = {path.name for path in FILES if path.suffix == ".h" and "emulated" not in path.parts}
        roots = ("lib", "lib/include", "tests", "")
        for path in FILES:
            if path.suffix not in (".c", ".h", ".cc"):
                continue
            name = path.relative_to(SOURCE)
            law = next((allowed for pattern, allowed in LAWS if name.match(pattern)), None)
            if law is None:
                continue
            for include in re.findall(r'^\s*#\s*include\s*"([^"]+)"', path.read_text(), re.M):
                checked += 1
                targets = [os.path.normpath(os.path.join(root, include))
                           for root in (str(name.parent), *roots)]
                target = next((found for found in targets if found in tree), None)
                self.assertIsNotNone(target, f"{name}: {include} is not in the tree")
                target = pathlib.PurePath(target)
                legal = target.parent == name.parent or any(target.match(pattern) for pattern in law)
                self.assertTrue(legal, f"{name} must not include {target}")
            for include in re.findall(r'^\s*#\s*include\s*<([^>]+)>', path.read_text(), re.M):
                if include.startswith("sys/"):
                    continue # the system's own <sys/socket.h> has a namesake here
                self.assertNotIn(pathlib.PurePath(include).name, own,
                                 f"{name}: <{include}> is one of ours, and belongs in quotes")
        self.assertGreater(checked, 20, "the test saw hardly any includes")

    def test_the_engine_header_stays_light(self):
        text = (SOURCE / "lib/include/simdinet.h").read_text()
        self.assertEqual(sorted(set(re.findall(r"include <([^>]+)>", text))),
                         ["stdbool.h", "stddef.h", "stdint.h"])

    def test_the_headers_ask_little_of_a_compiler(self):
        for header in PUBLIC:
            code = re.sub(r"/\*.*?\*/", "", (SOURCE / "lib/include" / header).read_text(), flags=re.S)
            self.assertNotRegex(code, r",\s*\}", f"{header}: C++98 has no comma there")
            self.assertNotRegex(code, r"//", f"{header}: nor has C90 such comments")

    def test_exported_names(self):
        output = subprocess.run([NM, "-D", "--defined-only", LIBRARY], capture_output=True,
                                text=True, check=True).stdout
        names = {line.split()[-1].split("@")[0] for line in output.splitlines()
                 if line.split()[-2] != "A"} # the version nodes of lib/simdinet.map
        self.assertGreater(len(names), 10)
        odd = sorted(name for name in names if not name.startswith("simdinet_"))
        self.assertEqual(odd, [], "exported without the prefix")
        inner = sorted(name for name in names if name.startswith("simdinet_kernel_")
                       and name != "simdinet_describe_implementation")
        self.assertEqual(inner, [], "the kernels are not for export")
        headers = "".join((SOURCE / "lib/include" / header).read_text() for header in PUBLIC)
        declared = set(re.findall(r"\b(simdinet_\w+)\(", headers))
        self.assertEqual(sorted(names - declared), [], "exported, but in no public header")
        functions = set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(", headers))
        self.assertEqual(sorted(functions - names), [], "declared, but not exported")
        listed = re.findall(r"^\s+(simdinet_\w+);", (SOURCE / "lib/simdinet.map").read_text(), re.M)
        self.assertEqual(sorted(listed), sorted(functions), "lib/simdinet.map and the headers")

    def test_the_exported_names_are_the_ones_written_down(self):
        output = subprocess.run([NM, "-D", "--defined-only", "--with-symbol-versions", LIBRARY],
                                capture_output=True, text=True, check=True).stdout
        names = sorted(line.split()[-1] for line in output.splitlines() if line.split()[-2] != "A")
        written = (SOURCE / "tests/build/abi/symbols.txt").read_text().split()
        self.assertEqual(names, sorted(written), "what a release exports, the next one does, too; "
                         "tests/build/abi/symbols.txt gets a line for each new name")

    def test_layouts_and_values_are_written_down(self):
        written = set(re.findall(r"\w+", (SOURCE / "tests/build/test_abi.c").read_text()))
        for header in PUBLIC:
            text = (SOURCE / "lib/include" / header).read_text()
            types = re.findall(r"^typedef (?:struct|enum) (\w+) \{", text, re.M)
            values = re.findall(r"^    (SIMDINET_\w+)(?: = \d+)?(?:,| +/\*\*<)", text, re.M)
            macros = re.findall(r"^#\s*define (SIMDINET_(?!API|VERSION_|(?:SOCKET_)?H$)\w+)", text, re.M)
            self.assertGreater(len(types + values + macros), 15)
            missing = set(types + values + macros) - written
            self.assertEqual(sorted(missing), [], "in no line of tests/build/test_abi.c")

    def test_all_the_naming_functions_of_sockets_are_exported(self):
        wanted = """close getaddrinfo getfqdn gethostbyname gethostbyname_ex gethostname gethostbyaddr
            getnameinfo getprotobyname getservbyname getservbyport ntohl ntohs htonl htons inet_aton
            inet_ntoa inet_pton inet_ntop cmsg_len cmsg_space getdefaulttimeout setdefaulttimeout
            sethostname if_nameindex if_nametoindex if_indextoname""".split()
        self.assertEqual(len(wanted), 27)
        output = subprocess.run([NM, "-D", "--defined-only", LIBRARY], capture_output=True,
                                text=True, check=True).stdout
        names = {line.split()[-1].split("@")[0] for line in output.splitlines()}
        self.assertEqual([name for name in wanted if "simdinet_" + name not in names], [])

    def test_there_is_one_version(self):
        header = (SOURCE / "lib/include/simdinet.h").read_text()
        version = re.findall(r"^#define SIMDINET_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header, re.M)
        self.assertEqual(len(version), 3)
        changes = (SOURCE / "CHANGELOG.md").read_text()
        releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", changes, re.M)
        self.assertEqual(releases[0], ".".join(version))
        headings = re.findall(r"^## (.*)$", changes, re.M)
        self.assertEqual(headings[0], "[Unreleased]")
        self.assertEqual(len(headings), 1 + len(releases), "releases are '## [VERSION] - DATE'")
        self.assertLessEqual(set(re.findall(r"^### (.*)$", changes, re.M)),
                             {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"})
        for page in (SOURCE / "docs/man").iterdir():
            self.assertIn(f' "simdinet {".".join(version)}" ', page.read_text().split(".SH", 1)[0], page)
        nodes = re.findall(r"^SIMDINET_(\d+)\.(\d+) \{$", (SOURCE / "lib/simdinet.map").read_text(), re.M)
        self.assertLessEqual([int(part) for part in nodes[-1]], [int(part) for part in version[:2]])

    def test_every_option_is_documented(self):
        options = set()
        for path in FILES:
            if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
                options |= set(re.findall(r"^\s*option\((SIMDINET_\w+)|^\s*set\((SIMDINET_\w+)[^()]*\bCACHE\b",
                                          path.read_text(), re.M))
        options = {first or second for first, second in options}
        table = re.findall(r"^\| `(SIMDINET_\w+)` \|", (SOURCE / "docs/building.md").read_text(), re.M)
        self.assertGreater(len(options), 5)
        self.assertEqual(sorted(table), sorted(options))

    def test_every_kind_of_the_matrix_is_described(self):
        kinds = {path.stem for path in (SOURCE / "tools/matrix").glob("*.sh")}
        table = re.findall(r"^\| (\w+) \| [^|]+ \|$", (SOURCE / "docs/testing.md").read_text(), re.M)
        self.assertEqual(sorted(set(table) - {"kind", "tests"}), sorted(kinds))

    def test_the_matrix_has_its_marks(self):
        text = (SOURCE / "docs/testing.md").read_text()
        marks = [text.find(mark) for mark in ("<!-- written by tools/test.sh --full;", "<!-- end -->\n")]
        self.assertNotIn(-1, marks)
        self.assertEqual(marks, sorted(marks))

    def test_every_import_that_can_fail_is_made_to_fail(self):
        output = subprocess.run([NM, "-D", "--undefined-only", LIBRARY], capture_output=True,
                                text=True, check=True).stdout
        imports = {line.split()[-1].split("@")[0] for line in output.splitlines()}
        imports = {name for name in imports if not name.startswith("_")}
        text = (SOURCE / "tests/CMakeLists.txt").read_text()
        fallible = set(re.search(r"^set\(fallible ([^)]*)\)", text, re.M)[1].split())
        self.assertEqual(sorted(imports - fallible - CANNOT_FAIL), [],
                         "set(fallible ...) in tests/CMakeLists.txt and fault_libc.c do not know these")

    def test_the_security_page_names_real_tests(self):
        def exists(name):
            if (SOURCE / name).exists() or (SOURCE / "fuzz" / f"{name}.c").exists():
                return True
            program, _, test = name.partition("/")
            for path, pattern in ((f"{program}.c", rf"^Test\(\w+, {test}\b"),
                                  (f"test_{program}.py", rf"^    def {test}\(")):
                for file in (SOURCE / "tests").glob(f"*/{path}"):
                    return bool(test and re.search(pattern, file.read_text(), re.M))
            return False

        table = (SOURCE / "SECURITY.md").read_text().split("| tried by |\n")[1]
        names = [name for row in re.findall(r"^\|[^|]*\|([^|]*)\|$", table, re.M)
                 for name in re.findall(r"`([^`]+)`", row)]
        self.assertGreater(len(names), 60)
        self.assertEqual([name for name in names if not exists(name)], [])

    def test_every_file_names_its_licence(self):
        for path in FILES:
            if path.suffix in SOURCES or path.name == "CMakeLists.txt":
                head = path.read_text().split("\n", 3)[:3]
                self.assertTrue(any("SPDX-License-Identifier: Apache-2.0 OR MIT" in line
                                    for line in head), f"{path}: no SPDX line")

    def test_files_stay_readable(self):
        tables = re.compile(r"(_tables|_vectors)\.c$")
        for path in FILES:
            room = path.relative_to(SOURCE).parts[0]
            if room in ("lib", "cli") and path.suffix in (".c", ".h") and not tables.search(path.name):
                lines = path.read_text().count("\n")
                self.assertLessEqual(lines, 600, f"{path} has {lines} lines: does it hold one thing?")

    def test_no_machine_in_the_tree(self):
        for path in FILES:
            if path.suffix in SOURCES | {".md", ".txt", ".json"}:
                for word in ("/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/", "TO" + "DO", "FIX" + "ME"):
                    self.assertNotIn(word, path.read_text(), f"{path}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
