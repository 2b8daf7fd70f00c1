# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Installs the build into scratch prefixes and builds programs against them from outside the tree."""
import os
import re
import shutil
import subprocess

import pytest


def run(*command, cwd=None, **environment):
    done = subprocess.run([str(word) for word in command], cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={**os.environ, **environment})
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}"
    return done.stdout


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")
            if path.is_symlink() or not path.is_dir()}


@pytest.fixture(scope="module")
def cached(build_dir):
    """A variable of the build's CMake cache."""
    cache = (build_dir / "CMakeCache.txt").read_text()

    def look_up(name):
        found = re.search(rf"^{name}:[A-Z]+=(.*)$", cache, re.M)
        return found.group(1) if found else ""
    return look_up


@pytest.fixture(scope="module")
def version(source_dir):
    header = (source_dir / "lib/include/simdinet.h").read_text()
    return ".".join(re.search(rf"define SIMDINET_VERSION_{part} (\d+)", header).group(1)
                    for part in ("MAJOR", "MINOR", "PATCH"))


@pytest.fixture(scope="module")
def lib(cached):
    return cached("CMAKE_INSTALL_LIBDIR")


@pytest.fixture(scope="module")
def has_preload(cached):
    return cached("SIMDINET_BUILD_PRELOAD") == "ON" and cached("SIMDINET_HAVE_GLIBC") == "1"


@pytest.fixture(scope="module")
def components(source_dir, cached, version, lib, has_preload):
    """The files of each component."""
    functions = re.findall(r"^\s+(simdinet_\w+);", (source_dir / "lib/simdinet.map").read_text(), re.M)
    config = cached("CMAKE_BUILD_TYPE").lower() or "release"  # the default of CMakeLists.txt

    def pages(section):
        return {f"share/man/man{section}/{page.name}" for page in (source_dir / "docs/man").glob(f"*.{section}")}

    files = {
        "runtime": {f"{lib}/libsimdinet.so.{version}", f"{lib}/libsimdinet.so.{version.split('.')[0]}"},
        "dev": {
            f"{lib}/libsimdinet.so", f"{lib}/libsimdinet.a", f"{lib}/pkgconfig/simdinet.pc",
            "include/simdinet.h", "include/simdinet_network.h", "include/simdinet_network_set.h",
            "include/simdinet_socket.h",
            f"{lib}/cmake/simdinet/simdinet-config.cmake",
            f"{lib}/cmake/simdinet/simdinet-config-version.cmake",
            f"{lib}/cmake/simdinet/simdinet-targets.cmake",
            f"{lib}/cmake/simdinet/simdinet-targets-{config}.cmake",
        } | pages(3) | {f"share/man/man3/{name}.3" for name in functions},
        "tools": {
            "bin/simdinet", "share/bash-completion/completions/simdinet",
            "share/zsh/site-functions/_simdinet", "share/fish/vendor_completions.d/simdinet.fish",
        } | pages(1) - {"share/man/man1/simdinet-preload.1"},
    }
    if has_preload:
        files["tools"] |= {f"{lib}/simdinet/libsimdinet_preload.so", "bin/simdinet-preload",
                           "share/man/man1/simdinet-preload.1",
                           "share/bash-completion/completions/simdinet-preload",
                           "share/zsh/site-functions/_simdinet-preload",
                           "share/fish/vendor_completions.d/simdinet-preload.fish"}
    if cached("SIMDINET_BUILD_COMMAND") != "ON":
        del files["tools"]
    return files


@pytest.fixture
def install(cmake, build_dir):
    return lambda *arguments, **environment: run(cmake, "--install", build_dir, *arguments, **environment)


@pytest.fixture
def prefix(tmp_path, install):
    """A prefix with all components."""
    install("--prefix", tmp_path / "prefix")
    return tmp_path / "prefix"


@pytest.fixture
def check_consumer(tmp_path, source_dir, version, lib, cmake, request):
    """Builds a copy of tests/build/consumer in one way, and runs its programs."""
    def by_cmake(folder, language, prefix):
        compiler, = request.getfixturevalue({"c": "cc", "cxx": "cxx"}[language])
        build = folder / "build"
        run(cmake, "-S", folder, "-B", build, f"-DCMAKE_{language.upper()}_COMPILER={compiler}",
            f"-DCMAKE_PREFIX_PATH={prefix}")
        found = re.search(r"^simdinet_DIR:PATH=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)
        assert found.group(1).startswith(f"{prefix}/")
        run(cmake, "--build", build)
        return build, {}

    def by_pkg_config(folder, language, prefix):
        if not (shutil.which("pkg-config") and shutil.which("make")):
            pytest.skip("pkg-config or make is missing")
        compilers = {"CC": request.getfixturevalue("cc")[0]}
        if language == "cxx":
            compilers["CXX"] = request.getfixturevalue("cxx")[0]
        run("make", "-C", folder, **compilers, PKG_CONFIG_PATH=f"{prefix}/{lib}/pkgconfig")
        return folder, {"LD_LIBRARY_PATH": f"{prefix}/{lib}"}

    def check(way, language, prefix):
        folder = tmp_path / f"{language}-{way}"
        shutil.copytree(source_dir / "tests/build/consumer" / language, folder)
        folder, environment = {"cmake": by_cmake, "pkg-config": by_pkg_config}[way](folder, language, prefix)
        name = {"c": "C", "cxx": "C++"}[language]
        for linkage in "shared", "static":
            output = run(folder / f"consumer-{linkage}", **environment)
            assert output == f"{name} {version} 2001:db8::1 1\n"
        needed = run("readelf", "-d", folder / "consumer-shared")
        assert f"[libsimdinet.so.{version.split('.')[0]}]" in needed
        assert "libsimdinet" not in run("readelf", "-d", folder / "consumer-static")
    return check


@pytest.mark.parametrize("component", ["runtime", "dev", "tools"])
def test_component_installs_its_files_only(component, tmp_path, install, components):
    if component not in components:
        pytest.skip("this build is without the command")
    install("--component", component, "--prefix", tmp_path)
    assert files_below(tmp_path) == components[component]


def test_default_install_is_all_components(prefix, components):
    assert files_below(prefix) == set().union(*components.values())


def test_staged_install(tmp_path, install, components, build_dir, source_dir):
    stage = tmp_path / "stage"
    install("--prefix", "/opt/simdinet", DESTDIR=str(stage))
    installed = files_below(stage / "opt/simdinet")
    assert files_below(stage) == {f"opt/simdinet/{name}" for name in installed}
    assert installed >= components["dev"]
    # No installed text file holds the path of the stage, the build or the source.
    texts = [path for path in stage.rglob("*") if path.suffix in (".cmake", ".pc")]
    assert len(texts) == 5
    for path in texts:
        for folder in (stage, build_dir, source_dir):
            assert str(folder) not in path.read_text(), path


def test_shared_library(tmp_path, install, version, lib):
    install("--component", "runtime", "--prefix", tmp_path)
    dynamic = run("readelf", "-d", tmp_path / lib / f"libsimdinet.so.{version}")
    assert f"soname: [libsimdinet.so.{version.split('.')[0]}]" in dynamic
    assert not re.search("RPATH|RUNPATH", dynamic)
    # Nothing is needed besides the C library.
    needed = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
    assert [name for name in needed if not re.match(r"(libc|ld-linux|libpthread)[-.]", name)] == []


@pytest.mark.parametrize("language", ["c", "cxx"])
@pytest.mark.parametrize("way", ["cmake", "pkg-config"])
def test_consumer(way, language, prefix, check_consumer):
    check_consumer(way, language, prefix)


@pytest.mark.parametrize("way", ["pkg-config", "cmake"])
def test_relocated_prefix(way, tmp_path, prefix, check_consumer):
    check_consumer(way, "c", prefix.rename(tmp_path / "elsewhere"))


def test_relocated_preload_command(tmp_path, install, source_dir, has_preload):
    if not has_preload:
        pytest.skip("the LD_PRELOAD library is not part of this build")
    install("--component", "tools", "--prefix", tmp_path / "prefix")
    prefix = (tmp_path / "prefix").rename(tmp_path / "elsewhere")
    command = prefix / "bin/simdinet-preload"
    # The example of the documentation.
    text = (source_dir / "docs/preload.md").read_text()
    words, example = re.search(r"^\$ simdinet-preload (.*)\n((?:.*\n)*?)```$", text, re.M).groups()
    output = run(command, *words.split())
    # The program's own output comes last where it is not a terminal.
    assert sorted(re.sub(r"process \d+", "process 4711", output).splitlines()) == sorted(example.splitlines())
    plain = run(command, "--", "getent", "ahosts", "192.0.2.1")
    assert plain == run("getent", "ahosts", "192.0.2.1")
    run(command, "--check=report", "getent", "ahosts", "192.0.2.1", cwd=tmp_path)
    assert "getaddrinfo: 1 checked, 0 different" in (tmp_path / "report").read_text()
    link = tmp_path / "link"
    link.symlink_to(command)
    assert run(link, "getent", "ahosts", "192.0.2.1") == plain
    for arguments, message in ([], "missing command"), (["--chek", "true"], "unknown option '--chek'"):
        with pytest.raises(AssertionError, match=f"(?s)exit 2.*{message}"):
            run(command, *arguments)
    spaced = prefix.rename(tmp_path / "two words")
    with pytest.raises(AssertionError, match="cannot preload"):
        run(spaced / "bin/simdinet-preload", "true")


def test_compatible_versions(tmp_path, install, cmake, version, lib):
    install("--component", "dev", "--prefix", tmp_path)
    major, minor, patch = (int(part) for part in version.split("."))
    script = tmp_path / "version.cmake"
    file = tmp_path / lib / "cmake/simdinet/simdinet-config-version.cmake"
    for requested, compatible in [((major, minor), True), ((major, minor, patch), True), ((major, 0), True),
                                  ((major, minor, patch + 1), False), ((major, minor + 1), False),
                                  ((major + 1, 0), False)]:
        parts = "".join(f"set(PACKAGE_FIND_VERSION_{name} {part})\n"
                        for name, part in zip(["MAJOR", "MINOR", "PATCH"], requested))
        script.write_text(f"set(PACKAGE_FIND_VERSION {'.'.join(map(str, requested))})\n{parts}"
                          f"include({file})\nmessage(\"${{PACKAGE_VERSION_COMPATIBLE}}\")\n")
        output = run(cmake, "-P", script).strip()
        assert (output == "TRUE") == compatible, f"{requested}: {output!r}"
