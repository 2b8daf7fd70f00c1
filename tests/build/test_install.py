#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Installs the build into scratch prefixes, and builds programs outside the tree against them.

usage: test_install.py SOURCE BUILD CMAKE C-COMPILER [CXX-COMPILER]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD, CMAKE, CC = sys.argv[1:5]
CXX = sys.argv[5] if len(sys.argv) > 5 else None
SOURCE = pathlib.Path(SOURCE)


def cached(name):
    """A variable of the build's cache."""
    text = (pathlib.Path(BUILD) / "CMakeCache.txt").read_text()
    found = re.search(rf"^{name}:[A-Z]+=(.*)$", text, re.M)
    return found.group(1) if found else ""


def version():
    header = (SOURCE / "lib/include/simdinet.h").read_text()
    return ".".join(re.search(rf"define SIMDINET_VERSION_{part} (\d+)", header).group(1)
                    for part in ("MAJOR", "MINOR", "PATCH"))


VERSION = version()
LIB = cached("CMAKE_INSTALL_LIBDIR")
CONFIG = cached("CMAKE_BUILD_TYPE").lower() or "release" # the default of CMakeLists.txt


FUNCTIONS = re.findall(r"^\s+(simdinet_\w+);", (SOURCE / "lib/simdinet.map").read_text(), re.M)


def pages(section):
    return {f"share/man/man{section}/{page.name}"
            for page in (SOURCE / "docs/man").glob(f"*.{section}")}


# What each component consists of, to the file.
COMPONENTS = {
    "runtime": {f"{LIB}/libsimdinet.so.{VERSION}", f"{LIB}/libsimdinet.so.{VERSION.split('.')[0]}"},
    "dev": {
        f"{LIB}/libsimdinet.so", f"{LIB}/libsimdinet.a", f"{LIB}/pkgconfig/simdinet.pc",
        "include/simdinet.h", "include/simdinet_socket.h",
        f"{LIB}/cmake/simdinet/simdinet-config.cmake",
        f"{LIB}/cmake/simdinet/simdinet-config-version.cmake",
        f"{LIB}/cmake/simdinet/simdinet-targets.cmake",
        f"{LIB}/cmake/simdinet/simdinet-targets-{CONFIG}.cmake",
    } | pages(3) | {f"share/man/man3/{name}.3" for name in FUNCTIONS},
    "tools": {
        "bin/simdinet", "share/bash-completion/completions/simdinet",
        "share/zsh/site-functions/_simdinet", "share/fish/vendor_completions.d/simdinet.fish",
    } | pages(1) - {"share/man/man1/simdinet-preload.1"},
}
PRELOAD = cached("SIMDINET_BUILD_PRELOAD") == "ON" and cached("SIMDINET_HAVE_GLIBC") == "1"
if PRELOAD:
    COMPONENTS["tools"] |= {f"{LIB}/simdinet/libsimdinet_preload.so", "bin/simdinet-preload",
                            "share/man/man1/simdinet-preload.1",
                            "share/bash-completion/completions/simdinet-preload",
                            "share/zsh/site-functions/_simdinet-preload",
                            "share/fish/vendor_completions.d/simdinet-preload.fish"}


def run(*command, cwd=None, **environment):
    done = subprocess.run([str(word) for word in command], cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={**os.environ, **environment})
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")
            if path.is_symlink() or not path.is_dir()}


class Install(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.prefix = self.scratch / "prefix"

    def install(self, *arguments, **environment):
        run(CMAKE, "--install", BUILD, *arguments, **environment)

    def consumer(self, language):
        """A copy of the consumer, far from the tree."""
        if language == "cxx" and not CXX:
            print("skipped: install from C++: there is no C++ compiler here")
            return None
        folder = self.scratch / language
        shutil.copytree(SOURCE / "tests/build/consumer" / language, folder)
        return folder

    def check_programs(self, folder, language, **environment):
        name = {"c": "C", "cxx": "C++"}[language]
        for kind in ("shared", "static"):
            said = run(folder / f"consumer-{kind}", **environment)
            self.assertEqual(said, f"{name} {VERSION} 2001:db8::1 1\n")
        needed = run("readelf", "-d", folder / "consumer-shared")
        self.assertIn(f"[libsimdinet.so.{VERSION.split('.')[0]}]", needed)
        self.assertNotIn("libsimdinet", run("readelf", "-d", folder / "consumer-static"))

    def check_cmake(self, language):
        folder = self.consumer(language)
        if folder is None:
            return
        compiler = {"c": f"-DCMAKE_C_COMPILER={CC}", "cxx": f"-DCMAKE_CXX_COMPILER={CXX}"}[language]
        build = folder / "build"
        run(CMAKE, "-S", folder, "-B", build, compiler, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        found = re.search(r"^simdinet_DIR:PATH=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)
        self.assertTrue(pathlib.Path(found.group(1)).is_relative_to(self.prefix), found.group(1))
        run(CMAKE, "--build", build)
        self.check_programs(build, language)

    def check_pkg_config(self, language):
        if not (shutil.which("pkg-config") and shutil.which("make")):
            print("skipped: install by pkg-config: pkg-config or make is missing")
            return
        folder = self.consumer(language)
        if folder is None:
            return
        run("make", "-C", folder, CC=CC, CXX=CXX or "",
            PKG_CONFIG_PATH=str(self.prefix / LIB / "pkgconfig"))
        self.check_programs(folder, language, LD_LIBRARY_PATH=str(self.prefix / LIB))

    def test_each_component_is_just_its_files(self):
        installed = set()
        for component, expected in COMPONENTS.items():
            with self.subTest(component):
                if component == "tools" and cached("SIMDINET_BUILD_COMMAND") != "ON":
                    print("skipped: install of tools: this build is without the command")
                    continue
                prefix = self.scratch / component
                self.install("--component", component, "--prefix", prefix)
                self.assertEqual(files_below(prefix), expected)
                installed |= expected
        self.install("--prefix", self.prefix)
        self.assertEqual(files_below(self.prefix), installed, "all components together")

    def test_staged_install(self):
        stage = self.scratch / "stage"
        self.install("--prefix", "/opt/simdinet", DESTDIR=str(stage))
        self.assertEqual(files_below(stage), {f"opt/simdinet/{name}" for name in
                                              files_below(stage / "opt/simdinet")})
        self.assertGreaterEqual(files_below(stage / "opt/simdinet"), COMPONENTS["dev"])
        # Neither where it was staged nor where it was built may be written down in it.
        texts = [path for path in stage.rglob("*") if path.suffix in (".cmake", ".pc")]
        self.assertEqual(len(texts), 5)
        for path in texts:
            for folder in (stage, BUILD, SOURCE):
                self.assertNotIn(str(folder), path.read_text(), path)

    def test_the_shared_library(self):
        self.install("--component", "runtime", "--prefix", self.prefix)
        library = self.prefix / LIB / f"libsimdinet.so.{VERSION}"
        self.assertIn(f"soname: [libsimdinet.so.{VERSION.split('.')[0]}]",
                      run("readelf", "-d", library))
        dynamic = run("readelf", "-d", library)
        self.assertNotRegex(dynamic, "RPATH|RUNPATH")
        # The C library, and nothing else.
        needed = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
        self.assertEqual([name for name in needed
                          if not re.match(r"(libc|ld-linux|libpthread)[-.]", name)], [])

    def test_find_package_from_c(self):
        self.install("--prefix", self.prefix)
        self.check_cmake("c")

    def test_find_package_from_cxx(self):
        self.install("--prefix", self.prefix)
        self.check_cmake("cxx")

    def test_pkg_config_from_c(self):
        self.install("--prefix", self.prefix)
        self.check_pkg_config("c")

    def test_pkg_config_from_cxx(self):
        self.install("--prefix", self.prefix)
        self.check_pkg_config("cxx")

    def test_a_moved_tree_is_found_where_it_lies(self):
        self.install("--prefix", self.prefix)
        self.prefix = self.prefix.rename(self.scratch / "elsewhere")
        self.check_pkg_config("c")
        shutil.rmtree(self.scratch / "c", ignore_errors=True)
        self.check_cmake("c")

    @unittest.skipUnless(PRELOAD, "skipped: install of the drop-in: it is not built here")
    def test_the_drop_in_runs_where_the_tree_was_moved(self):
        self.install("--component", "tools", "--prefix", self.prefix)
        self.prefix = self.prefix.rename(self.scratch / "elsewhere")
        command = self.prefix / "bin/simdinet-preload"
        # The example of the documentation.
        text = (SOURCE / "docs/preload.md").read_text()
        words, example = re.search(r"^\$ simdinet-preload (.*)\n((?:.*\n)*?)```$", text, re.M).groups()
        said = run(command, *words.split())
        # Where the program's output is no terminal it comes last.
        self.assertEqual(sorted(re.sub(r"process \d+", "process 4711", said).splitlines()),
                         sorted(example.splitlines()))
        plain = run(command, "--", "getent", "ahosts", "192.0.2.1")
        self.assertEqual(plain, run("getent", "ahosts", "192.0.2.1"))
        run(command, "--check=report", "getent", "ahosts", "192.0.2.1", cwd=self.scratch)
        self.assertIn("getaddrinfo: 1 checked, 0 different", (self.scratch / "report").read_text())
        linked = self.scratch / "linked"
        linked.symlink_to(command)
        self.assertEqual(run(linked, "getent", "ahosts", "192.0.2.1"), plain)
        for wrong, said in ([], "there is no command"), (["--chek", "true"], "unknown option '--chek'"):
            with self.assertRaisesRegex(AssertionError, f"(?s)exit 2.*{said}"):
                run(command, *wrong)
        spaced = self.prefix.rename(self.scratch / "two words")
        with self.assertRaisesRegex(AssertionError, "cannot be preloaded"):
            run(spaced / "bin/simdinet-preload", "true")

    def test_which_versions_are_compatible(self):
        self.install("--component", "dev", "--prefix", self.prefix)
        major, minor, patch = (int(part) for part in VERSION.split("."))
        script = self.scratch / "ask.cmake"
        file = self.prefix / LIB / "cmake/simdinet/simdinet-config-version.cmake"
        for wanted, compatible in [((major, minor), True), ((major, minor, patch), True),
                                   ((major, 0), True), ((major, minor, patch + 1), False),
                                   ((major, minor + 1), False), ((major + 1, 0), False)]:
            names = ["MAJOR", "MINOR", "PATCH"]
            text = "".join(f"set(PACKAGE_FIND_VERSION_{name} {part})\n"
                           for name, part in zip(names, wanted))
            script.write_text(f"set(PACKAGE_FIND_VERSION {'.'.join(map(str, wanted))})\n{text}"
                              f"include({file})\nmessage(\"${{PACKAGE_VERSION_COMPATIBLE}}\")\n")
            said = run(CMAKE, "-P", script).strip()
            self.assertEqual(said == "TRUE", compatible, f"{wanted}: {said!r}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
