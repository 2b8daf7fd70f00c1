# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The source layout: which file may include which, what the library exports, and what every file contains."""
import graphlib
import os
import pathlib
import re
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PUBLIC = {"simdinet.h", "simdinet_network.h", "simdinet_network_set.h", "simdinet_socket.h"}
C_FILES = {".c", ".h", ".cc"}
SOURCES = {".c", ".h", ".cc", ".py", ".sh", ".cmake"}

# The table of CONTRIBUTING.md. The first pattern that a file matches lists the files of the project, as patterns,
# that it may include besides those of its own folder.
PUBLIC_HEADERS = "lib/include/*.h"
KERNEL_HEADERS = ["lib/kernels/kernel.h", "lib/kernels/scan.h", "lib/kernels/network_trie.h", "lib/kernels/cpu.h",
                  "lib/kernels/tables/*.h"]
LAYERS = [
    ("lib/include/simdinet.h", []),
    ("lib/include/simdinet_network_set.h", ["lib/include/simdinet_network.h"]),
    ("lib/include/*.h", ["lib/include/simdinet.h"]),
    ("lib/kernels/generic/simd.h", ["lib/kernels/x86/simd128.h", "lib/kernels/arm/simd128.h"]),
    ("lib/kernels/generic/*", KERNEL_HEADERS),
    ("lib/kernels/tables/*", ["lib/kernels/generic/bytes.h", "lib/kernels/scan.h"]),
    ("lib/kernels/*/*", [*KERNEL_HEADERS, "lib/kernels/generic/*.h", "lib/kernels/scalar/*.h"]),
    ("lib/kernels/*", []),
    ("lib/engine/*", ["lib/include/simdinet.h", "lib/include/simdinet_network*.h", "lib/kernels/kernel.h",
                      "lib/kernels/network_trie.h", "lib/kernels/scan.h"]),
    ("lib/socket/*", [PUBLIC_HEADERS]),
    ("lib/preload/*", [PUBLIC_HEADERS]),
    ("cli/commands/*", [PUBLIC_HEADERS, "cli/*.h"]),
    ("cli/*", [PUBLIC_HEADERS]),
    ("tests/kernels/*", [PUBLIC_HEADERS, "lib/kernels/*.h", "lib/kernels/tables/*.h", "tests/harness/*.h"]),
    ("tests/*/*", [PUBLIC_HEADERS, "lib/kernels/*.h", "tests/harness/*.h"]),
    ("bench/baselines/*", ["bench/candidate.h", "bench/table_format.h", "bench/text_engine.h"]),
    ("bench/*", [PUBLIC_HEADERS, "lib/kernels/*.h"]),
    ("fuzz/*", [PUBLIC_HEADERS, "lib/kernels/*.h", "lib/socket/internal.h",
                "cli/buffer_size.h", "cli/network_*.h", "cli/packet.h", "tests/*/*.h"]),
    ("tools/loggen/*", []),
    ("bindings/*/src/*", [PUBLIC_HEADERS, "bindings/common/*.h"]),
    ("bindings/common/*", [PUBLIC_HEADERS]),
]

# The modules of the command by layer, lowest first. A module includes those of lower layers only.
CLI_LAYERS = [
    "exit_status buffer_size clock shared_library utf8 packet text newlines blank digit mapped "
    "suggest growth scan_names "
    "command",
    "address_table address_context ipv4_ranges utf16",
    "address_sort address_text address_parts field json progress network_parse label_counter address_cipher",
    "address_counter network_ranges",
    "log raw_reader mmdb network_set network_labels address_rewriter",
    "output decoder walk mmdb_value mapped_file key_file dotted_run reverse_name escaped_address address_mapping",
    "label_database",
    "label_source",
    "json_output printable gzip zstd xz bzip2 lz4 file_format",
    "input",
    "packet_file",
    "line_reader scan_range count_printer",
    "network_list parallel_scan capture_scan printer line_copier",
    "search line_selector option_table",
    "line_printer address_notation",
    "network_options",
    "options help generate_man generate_completion",
    "generate",
    "commands",
    "main",
]

# Folders whose headers need the instruction set of their files: compiled where the compiler has it.
AVX2 = ["-mavx2", "-mbmi", "-mbmi2", "-mlzcnt", "-mpopcnt"]
INSTRUCTION_SETS = {"x86": ("x86_64", [*AVX2, "-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mavx512vbmi",
                                       "-mavx512vbmi2", "-mavx512vnni", "-mavx512bitalg"]),
                    "emulation": ("x86_64", [*AVX2, "-Wno-psabi"]), "arm": ("aarch64", [])}

# Functions of the C library that the library calls and the fault tests leave alone: they cannot fail, their failure
# is a plain result (access, getenv, clock_gettime with an existing clock, an interrupted nanosleep), or they fail
# while the library is loaded, before any test begins (pthread_atfork, pthread_key_create).
CANNOT_FAIL = set("""
    bcmp memchr memcmp memcpy memmove memset snprintf sprintf stpcpy strchr strcmp strcpy strcspn strlen strncmp
    strnlen strsep strspn strtoull strerror_r gai_strerror hstrerror
    access clock_gettime getenv nanosleep sigdelset sigfillset freeaddrinfo if_freenameindex in6addr_any in6addr_loopback
    pthread_atfork pthread_attr_destroy pthread_attr_setdetachstate pthread_cond_destroy
    pthread_cond_signal pthread_cond_timedwait pthread_condattr_destroy pthread_key_create
    pthread_key_delete pthread_mutex_destroy pthread_mutex_lock pthread_mutex_unlock
    pthread_setcancelstate pthread_sigmask""".split())


def tracked_files():
    """The files that git tracks; in a tree without git, all files outside build/."""
    try:
        names = subprocess.run(
            ["git", "ls-files"], cwd=SOURCE,
            capture_output=True, text=True, check=True).stdout.split("\n")
        return [SOURCE / name for name in names if name and (SOURCE / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [path for path in SOURCE.rglob("*")
                if path.is_file() and path.relative_to(SOURCE).parts[0] != "build"]


FILES = tracked_files()
TREE = {str(path.relative_to(SOURCE)) for path in FILES}
INCLUDE_ROOTS = ("lib", "lib/include", "cli", "tests", "bindings/common", "")


def includes_of(name):
    """The files of the project that a file includes, by name; None stands for one that does not exist."""
    folder = str(pathlib.PurePath(name).parent)
    for include in re.findall(r'^\s*#\s*include\s*"([^"]+)"', (SOURCE / name).read_text(), re.M):
        paths = [os.path.normpath(os.path.join(root, include)) for root in (folder, *INCLUDE_ROOTS)]
        yield include, next((path for path in paths if path in TREE), None)


def c_files(*folders):
    return [name for name in sorted(TREE) if name.startswith(tuple(folder + "/" for folder in folders))
            and pathlib.PurePath(name).suffix in C_FILES]


# ---- includes --------------------------------------------------------------------------------------

@pytest.mark.parametrize("pattern, allowed", LAYERS, ids=[pattern for pattern, _ in LAYERS])
def test_layer_includes_only_what_is_below(pattern, allowed):
    files = 0
    for name in map(pathlib.PurePath, TREE):
        first = next((other for other, _ in LAYERS if name.match(other)), None)
        if name.suffix not in C_FILES or first != pattern:
            continue
        files += 1
        for include, target in includes_of(name):
            assert target is not None, f"{name}: {include} is not in the tree"
            target = pathlib.PurePath(target)
            assert target.parent == name.parent or any(map(target.match, allowed)), f"{name} must not include {target}"
    assert files > 0, "no file matches this pattern"


def test_own_headers_are_included_in_quotes():
    # harness/emulated replaces a library, and is included as one; sys/socket.h is the system's.
    own = {pathlib.PurePath(name).name for name in TREE if name.endswith(".h") and "/emulated/" not in name}
    wrong = [f"{name}: <{include}>" for name in c_files("lib", "cli", "tests", "fuzz", "bench", "tools", "bindings")
             for include in re.findall(r"^\s*#\s*include\s*<([^>]+)>", (SOURCE / name).read_text(), re.M)
             if not include.startswith("sys/") and pathlib.PurePath(include).name in own
             and not name.startswith("tests/build/consumer/")]
    assert wrong == []


@pytest.mark.parametrize("folder", ["lib/kernels", "lib/engine", "lib/socket", "lib/preload"])
def test_no_include_cycle(folder):
    """A module is a .c file with the header of its name."""
    modules = {}
    for name in c_files(folder):
        module = modules.setdefault(str(pathlib.PurePath(name).with_suffix("")), set())
        module |= {str(pathlib.PurePath(target).with_suffix("")) for _, target in includes_of(name)
                   if target and target.startswith(folder + "/")}
    for module, needed in modules.items():
        needed.discard(module)
    graphlib.TopologicalSorter(modules).prepare()  # raises CycleError, which names the cycle


def test_layers_of_the_command():
    layer_of = {module: i for i, modules in enumerate(CLI_LAYERS) for module in modules.split()}
    seen = set()
    for name in map(pathlib.PurePath, c_files("cli")):
        module = "commands" if name.parent.name == "commands" else name.stem
        seen.add(module)
        assert module in layer_of, f"{name} belongs to no layer"
        for _, target in includes_of(str(name)):
            target = pathlib.PurePath(target)
            if target.parts[0] == "cli" and target.stem != module:
                assert layer_of[target.stem] < layer_of[module], f"{name} must not include {target}"
    assert seen == set(layer_of)


@pytest.mark.parametrize("folder", ["generic", "scalar"])
def test_portable_kernels_use_no_intrinsics(folder):
    for name in c_files(f"lib/kernels/{folder}"):
        found = re.findall(r"<(\w*intrin\.h|arm_\w+\.h)>|\b(_mm\d*_\w+|__m\d+i?|v\w+q_[su]\d+)\b",
                           (SOURCE / name).read_text())
        assert found == [], name


@pytest.mark.parametrize("compiler, folders", [("gcc", ["lib", "cli", "tests", "fuzz"]), ("clang", ["lib"]),
                                               ("aarch64-linux-gnu-gcc", ["lib/kernels/arm"])])
def test_headers_compile_alone(compiler, folders):
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is missing")
    target = subprocess.run([compiler, "-dumpmachine"], capture_output=True, text=True, check=True).stdout
    simde = subprocess.run([compiler, "-E", "-"], input="#include <simde/x86/avx512.h>\n", capture_output=True,
                           text=True).returncode == 0
    checked, failed = 0, []
    for name in c_files(*folders):
        folder = pathlib.PurePath(name).parent.name
        machine, flags = INSTRUCTION_SETS.get(folder, ("", []))
        if not name.endswith(".h") or not target.startswith(machine) or (folder == "emulation" and not simde):
            continue
        command = [compiler, "-fsyntax-only", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wno-unused-function",
                   "-Wno-unused-const-variable", "-Werror", *flags,
                   *(f"-I{SOURCE / root}" for root in INCLUDE_ROOTS), "-x", "c", "-"]
        done = subprocess.run(command, input=f'#include "{name}"\n', capture_output=True, text=True)
        checked += 1
        if done.returncode != 0:
            print(done.stderr)
            failed.append(name)
    assert checked > 0
    assert failed == []


def test_engine_header_includes_three_standard_headers():
    text = (SOURCE / "lib/include/simdinet.h").read_text()
    assert sorted(set(re.findall(r"include <([^>]+)>", text))) == ["stdbool.h", "stddef.h", "stdint.h"]


@pytest.mark.parametrize("header", sorted(PUBLIC))
def test_public_header_compiles_as_old_c_and_cxx(header):
    code = re.sub(r"/\*.*?\*/", "", (SOURCE / "lib/include" / header).read_text(), flags=re.S)
    assert not re.search(r",\s*\}", code), "C++98 has no comma after the last enumerator"
    assert not re.search(r"//", code), "C90 has no // comments"


def test_static_names_are_unique():
    """The amalgamation is a concatenation. IMPL(...) gives templates a name for each implementation."""
    owners = {}
    for name in c_files("lib/engine", "lib/kernels", "lib/socket"):
        code = re.sub(r"/\*.*?\*/", "", (SOURCE / name).read_text(), flags=re.S)
        for static in re.findall(r"^static [\w *()]*?\b(\w+)(?:\(|\[| =|;)", code, re.M):
            owners.setdefault(static, set()).add(name)
    assert len(owners) > 200
    # A header of x86/ and one of arm/ are never in one program.
    assert {static: names for static, names in owners.items() if len(names) > 1 and static != "IMPL"
            and not (len(names) == 2 and {name.split("/")[2] for name in names} == {"arm", "x86"})} == {}


# ---- exported names --------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def symbols(nm, library):
    """nm -D of the library: the lines of one kind, without the version nodes of lib/simdinet.map."""
    def list_symbols(*options):
        output = subprocess.run([nm, "-D", *options, library], capture_output=True, text=True, check=True).stdout
        return [line.split()[-1] for line in output.splitlines() if line.split()[-2] != "A"]
    return list_symbols


@pytest.fixture(scope="module")
def exported(symbols):
    return {name.split("@")[0] for name in symbols("--defined-only")}


def test_exported_names(exported):
    assert len(exported) > 10
    assert sorted(name for name in exported if not name.startswith("simdinet_")) == []
    assert sorted(name for name in exported if name.startswith("simdinet_kernel_")) == [], "kernels are internal"
    headers = "".join((SOURCE / "lib/include" / header).read_text() for header in PUBLIC)
    declared = set(re.findall(r"\b(simdinet_\w+)\(", headers))
    assert sorted(exported - declared) == [], "exported, but in no public header"
    functions = set(re.findall(r"SIMDINET_API[^;]*?\b(simdinet_\w+)\(", headers))
    assert sorted(functions - exported) == [], "declared, but not exported"
    listed = re.findall(r"^\s+(simdinet_\w+);", (SOURCE / "lib/simdinet.map").read_text(), re.M)
    assert sorted(listed) == sorted(functions), "lib/simdinet.map and the headers differ"


def test_symbol_versions_match_the_list(symbols):
    """A release exports what the one before it exports: abi/symbols.txt gains a line for each new name."""
    listed = (SOURCE / "tests/build/abi/symbols.txt").read_text().split()
    assert sorted(symbols("--defined-only", "--with-symbol-versions")) == sorted(listed)


@pytest.mark.parametrize("header", sorted(PUBLIC))
def test_abi_test_covers_every_type_and_constant(header):
    covered = set(re.findall(r"\w+", (SOURCE / "tests/build/test_abi.c").read_text()))
    text = (SOURCE / "lib/include" / header).read_text()
    types = re.findall(r"^typedef (?:struct|enum) (\w+) \{", text, re.M)
    values = re.findall(r"^    (SIMDINET_\w+)(?: = \d+)?(?:,| +/\*\*<)", text, re.M)
    macros = re.findall(r"^#\s*define (SIMDINET_(?!API|VERSION_|(?:\w+_)?H$)\w+)", text, re.M)
    assert types + values + macros
    assert sorted(set(types + values + macros) - covered) == []


def test_every_naming_function_of_sockets_is_exported(exported):
    names = """close getaddrinfo getfqdn gethostbyname gethostbyname_ex gethostname gethostbyaddr
        getnameinfo getprotobyname getservbyname getservbyport ntohl ntohs htonl htons inet_aton
        inet_ntoa inet_pton inet_ntop cmsg_len cmsg_space getdefaulttimeout setdefaulttimeout
        sethostname if_nameindex if_nametoindex if_indextoname""".split()
    assert len(names) == 27
    assert [name for name in names if "simdinet_" + name not in exported] == []


def test_every_fallible_import_has_a_fault_test(symbols):
    imports = {name.split("@")[0] for name in symbols("--undefined-only")}
    imports = {name for name in imports if not name.startswith("_")}
    text = (SOURCE / "tests/socket/CMakeLists.txt").read_text()
    fallible = set(re.search(r"^set\(fallible ([^)]*)\)", text, re.M)[1].split())
    assert sorted(imports - fallible - CANNOT_FAIL) == [], "not in set(fallible ...) of tests/socket/CMakeLists.txt"


# ---- documents -------------------------------------------------------------------------------------

def test_version_is_the_same_everywhere():
    header = (SOURCE / "lib/include/simdinet.h").read_text()
    version = re.findall(r"^#define SIMDINET_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header, re.M)
    assert len(version) == 3
    changes = (SOURCE / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", changes, re.M)
    assert releases[0] == ".".join(version)
    headings = re.findall(r"^## (.*)$", changes, re.M)
    assert headings[0] == "[Unreleased]"
    assert len(headings) == 1 + len(releases), "releases are '## [VERSION] - DATE'"
    assert set(re.findall(r"^### (.*)$", changes, re.M)) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed",
                                                             "Security"}
    for page in (SOURCE / "docs/man").iterdir():
        assert f' "simdinet {".".join(version)}" ' in page.read_text().split(".SH", 1)[0], page
    nodes = re.findall(r"^SIMDINET_(\d+)\.(\d+) \{$", (SOURCE / "lib/simdinet.map").read_text(), re.M)
    assert [int(part) for part in nodes[-1]] <= [int(part) for part in version[:2]]


def test_every_build_option_is_documented():
    options = set()
    for path in FILES:
        if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
            options |= set(re.findall(r"^\s*option\((SIMDINET_\w+)|^\s*set\((SIMDINET_\w+)[^()]*\bCACHE\b",
                                      path.read_text(), re.M))
    options = {first or second for first, second in options}
    table = re.findall(r"^\| `(SIMDINET_\w+)` \|", (SOURCE / "docs/building.md").read_text(), re.M)
    assert len(options) > 5
    assert sorted(table) == sorted(options)


def test_every_kind_of_the_matrix_is_documented():
    kinds = {path.stem for path in (SOURCE / "tools/matrix").glob("*.sh")}
    table = re.findall(r"^\| (\w+) \| [^|]+ \|$", (SOURCE / "docs/testing.md").read_text(), re.M)
    assert sorted(set(table) - {"kind", "tests"}) == sorted(kinds)


def test_marks_of_generated_text_exist():
    text = (SOURCE / "docs/testing.md").read_text()
    positions = [text.find(mark) for mark in ("<!-- written by tools/test.sh --full;", "<!-- end -->\n")]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_security_page_names_existing_tests():
    def exists(name):
        if (SOURCE / name).exists() or (SOURCE / "fuzz" / f"{name}.c").exists():
            return True
        program, _, test = name.partition("/")
        for path, pattern in ((f"{program}.c", rf"^Test\(\w+, {test}\b"),
                              (f"test_{program}.py", rf"^(?:    )?def {test}\(")):
            for file in (SOURCE / "tests").glob(f"*/{path}"):
                return bool(test and re.search(pattern, file.read_text(), re.M))
        return False

    table = (SOURCE / "SECURITY.md").read_text().split("| tried by |\n")[1]
    names = [name for cell in re.findall(r"^\|[^|]*\|([^|]*)\|$", table, re.M)
             for name in re.findall(r"`([^`]+)`", cell)]
    assert len(names) > 60
    assert [name for name in names if not exists(name)] == []


# ---- every file ------------------------------------------------------------------------------------

def test_every_source_has_a_licence_line():
    for path in FILES:
        if path.suffix in SOURCES or path.name == "CMakeLists.txt":
            head = path.read_text().split("\n", 3)[:3]
            assert any("SPDX-License-Identifier: Apache-2.0 OR MIT" in line for line in head), path


def test_no_source_exceeds_600_lines():
    tables = re.compile(r"(_tables|_vectors|_reference)\.c$")
    for name in c_files("lib", "cli", "tests", "fuzz", "bindings"):
        lines = (SOURCE / name).read_text().count("\n")
        most = 700 if name == "lib/include/simdinet.h" else 600 # half of it is documentation
        assert lines <= most or tables.search(name), f"{name} has {lines} lines"


def test_no_path_of_a_machine():
    for path in FILES:
        if path.suffix in SOURCES | {".md", ".txt", ".json"}:
            for word in ("/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/", "TO" + "DO", "FIX" + "ME"):
                assert word not in path.read_text(), path
