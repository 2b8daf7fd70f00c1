# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The LD_PRELOAD interposer exports the functions it replaces, returns the C library's results, and its check mode
reports every difference.

preload_calls.c calls the replaced functions; fake_libc.c is a C library that returns a wrong value on demand."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from preload import VARIABLE, Report, checked, compare, environment, run
from settings import path_fixture, setting

NAMES = """inet_pton inet_ntop inet_aton inet_ntoa inet_addr getservbyname getservbyname_r getservbyport
    getservbyport_r getprotobyname getprotobyname_r getnameinfo getaddrinfo""".split()

fake_libc = path_fixture("fake_libc")
preinit_call = path_fixture("preinit_call")


@pytest.fixture(scope="module")
def calls():
    return str(pathlib.Path(setting("calls")).absolute())


@pytest.fixture(scope="module")
def every_call(calls, source_dir):
    """The command for every kind of call, with the texts of a table: the larger one where it exists."""
    table = pathlib.Path(setting("shared")) / "conformance/open-addresses.tsv"
    return [calls, "all", str(table if table.exists() else source_dir / "tests/data/addresses.tsv")]


# ---- the library -----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def symbols(nm, preload_library):
    def list_symbols(*options):
        done = subprocess.run([nm, "-D", *options, preload_library], capture_output=True, text=True, check=True)
        return [line.split()[-1] for line in done.stdout.splitlines()]
    return list_symbols


def test_exports_the_replaced_functions_only(symbols):
    # Symbols without a version replace those of any version.
    assert sorted(symbols("--defined-only")) == sorted(NAMES)


def test_looks_up_the_replaced_functions_at_run_time(symbols):
    undefined = {name.split("@")[0] for name in symbols("--undefined-only")}
    assert "dlsym" in undefined
    assert undefined & set(NAMES) == set()


# ---- results ---------------------------------------------------------------------------------------

def test_every_call(every_call, preload_library):
    (status, out, err), report = compare(every_call, preload_library, "every kind of call")
    assert (status, err) == (0, b"")
    assert out.count(b"\n") > 20000
    assert sorted(report.functions) == sorted(NAMES)
    assert report.calls > 500000
    # Functions that are replaced for speed never call the C library.
    for name in NAMES[:5] + ["getservbyname", "getservbyport", "getprotobyname"]:
        assert report.functions[name][2] == 0, name
    for name in "getnameinfo", "getaddrinfo":
        assert report.functions[name][2] < report.functions[name][0] / 100, name
        assert report.functions[name][2] > 0, name


@pytest.mark.parametrize("implementation", ["scalar", "sse42", "avx2", "avx512", "neon"])
def test_every_implementation(implementation, calls, preload_library):
    result = run([calls, "few"], environment([preload_library], SIMDINET_IMPLEMENTATION=implementation))
    assert result == run([calls, "few"], environment())


def test_error_codes_without_free_descriptors(calls, preload_library):
    (status, out, err), _ = compare([calls, "shortage"], preload_library, "no free descriptor")
    assert (status, err) == (0, b"")
    assert re.search(rb"^( -\d+(/\d+)?){4} ", out), "a host was found without a descriptor"


def test_results_are_thread_local(calls, preload_library):
    (status, _, err), report = checked([calls, "threads"], [preload_library])
    assert (status, err) == (0, b"")
    assert report.differences == 0, report.text
    assert run([calls, "threads"], environment([preload_library])) == (0, b"", b"")


# ---- check mode ------------------------------------------------------------------------------------

@pytest.fixture
def with_change(calls, preload_library, fake_libc, monkeypatch):
    """Runs calls with a C library whose answer is wrong in one detail."""
    def run_with_change(detail, command=("few",)):
        monkeypatch.setenv("FAKE_LIBC_CHANGE", detail)
        return checked([calls, *command], [preload_library, fake_libc])
    return run_with_change


def test_every_wrong_result_is_reported(with_change, source_dir):
    source = (source_dir / "tests/preload/fake_libc.c").read_text()
    details = [detail for detail in re.findall(r'changed\("([^"]+)"\)', source) if detail not in ("early", "rotation")]
    assert len(details) > 30
    _, unchanged = with_change("nothing")
    assert (unchanged.differences, sorted(unchanged.functions)) == (0, sorted(NAMES))
    found = set()
    for detail in details:
        (status, _, _), report = with_change(detail)
        assert status == 0, detail
        assert report.differences > 0, detail
        assert len(report.lines) == report.differences, detail
        for name, numbers in report.functions.items():
            assert (numbers[1] > 0) == (name in report.lines), detail
            if not name.startswith(detail.split()[0]):
                assert numbers[1] == 0, f"{detail}: {name}"
        found |= set(report.lines)
    assert sorted(found) == sorted(NAMES)


def test_report_shows_both_results(with_change):
    _, report = with_change("getserv alias")
    assert ('simdinet: difference in getservbyname("http", "tcp"): 0, errno 0, "http" 80 "tcp" '
            '"www"; the C library: 0, errno 0, "http" 80 "tcp" "other"\n') in report.text
    _, report = with_change("inet_pton bytes")
    assert ('simdinet: difference in inet_pton(2, "192.0.2.1"): 1, errno 0, c0000201; '
            'the C library: 1, errno 0, c0000200\n') in report.text


def test_rotating_name_server_is_no_difference(with_change):
    _, report = with_change("rotation", ["name"])
    assert report.functions["getaddrinfo"] == [1, 0, 1, 1], report.text
    assert report.differences == 0


def test_calls_before_initialization_are_counted(with_change):
    _, unchanged = with_change("nothing")
    (status, _, _), report = with_change("early")
    assert (status, report.differences) == (0, 0), report.text
    for name, by_libc in ("inet_pton", 0), ("getaddrinfo", 1):
        assert report.functions[name] == [unchanged.functions[name][0] + 1, 0, by_libc, 0], name


def test_program_gets_the_result_of_simdinet(with_change, calls):
    assert with_change("inet_ntoa text")[0] == run([calls, "few"], environment())


def test_report_lines_are_limited(with_change, every_call):
    _, report = with_change("inet_addr address", every_call[1:])
    assert report.differences > 1000
    assert len(report.lines) == 100


# ---- reports ---------------------------------------------------------------------------------------

@pytest.fixture
def check(calls, preload_library):
    def run_with_check(value, command=(calls, "few"), **options):
        return run(command, environment([preload_library], value), **options)
    return run_with_check


def test_report_to_standard_error(check, calls):
    status, out, err = check("1")
    assert (status, out) == run([calls, "few"], environment())[:2]
    assert re.search(r"\Asimdinet: 16 calls checked, 0 differences \(preload_calls, process \d+\)\n", err.decode())
    assert sorted(Report(err.decode()).functions) == sorted(NAMES)


@pytest.mark.parametrize("value", ["0", ""])
def test_check_mode_off(value, check, calls):
    assert check(value) == run([calls, "few"], environment())


def test_process_without_calls_has_a_report(check):
    status, out, err = check("1", ["true"])
    assert (status, out) == (0, b"")
    assert re.fullmatch(r"simdinet: 0 calls checked, 0 differences \(true, process \d+\)\n", err.decode())


def test_calls_before_the_environment_do_not_turn_the_check_off(check, preinit_call):
    status, out, err = check("1", [preinit_call])
    assert (status, out) == (0, b"")
    assert re.fullmatch(r"simdinet: 1 call checked, 0 differences \(preinit_call, process \d+\)\n"
                        r"simdinet:   1 more before the C library was initialized, not checked\n"
                        r"simdinet:   inet_pton: 1 checked, 0 different, 0 passed to the C library\n", err.decode())
    assert check("0", [preinit_call]) == (0, b"", b"")


def test_each_process_has_a_report(calls, preload_library):
    _, report = checked([calls, "fork"], [preload_library])
    assert sorted(report.processes) == [(1, 0), (2, 0)]


def test_invalid_value(check, calls):
    status, out, err = check("yes")
    assert (status, out) == run([calls, "few"], environment())[:2]
    assert err.decode() == f"simdinet: invalid {VARIABLE} 'yes': expected 1 or an absolute path\n"
    assert b"expected 1 or an absolute path" in check("/" + "x" * 5000)[2]


def test_report_file_that_cannot_be_written(check):
    assert check("/nowhere/at/all")[2].decode() == "simdinet: /nowhere/at/all: No such file or directory\n"


def test_fifo(check, calls, tmp_path):
    """A program does not wait for a reader, nor for one that does not read."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    without = run([calls, "few"], environment())
    status, out, err = check(str(fifo))
    assert (status, out) == without[:2]
    assert err.decode() == f"simdinet: {fifo}: No such device or address\n"
    with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as reader:
        assert check(str(fifo)) == without
        assert Report(reader.read()).processes == [(16, 0)]
        with open(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK), "wb", buffering=0) as writer:
            while writer.write(bytes(4096)):
                pass
        status, out, err = check(str(fifo))
    assert (status, out) == without[:2]
    assert err.decode() == f"simdinet: {fifo}: Resource temporarily unavailable\n"


def test_pipe_without_a_reader(calls, preload_library):
    """SIGPIPE does not end the program, nor is it left pending."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([calls, "few"], env=environment([preload_library], "1"), stdout=subprocess.DEVNULL,
                          stderr=write_end, restore_signals=True)
    os.close(write_end)
    assert done.returncode == 0


def test_file_opened_as_descriptor_2_is_not_written(check, calls, tmp_path):
    path = tmp_path / "file"
    path.touch()
    script = f"import os, socket; os.close(2); assert os.open('{path}', os.O_WRONLY) == 2;" \
             "socket.inet_aton('1.2.3.4')"
    assert check("1", [sys.executable, "-c", script]) == (0, b"", b"")
    assert path.read_bytes() == b""
    assert check("1", ["sh", "-c", 'exec "$0" few 2>&-', calls])[0] == 0


# ---- configurations of the databases ---------------------------------------------------------------

# Name: (nsswitch.conf, services); None: no file.
SWITCH = "hosts: files\nservices: files\nprotocols: files\n"
SERVICES = "# a comment\nhttp 80/tcp www\nhttp 80/udp\nodd 0x10/tcp a b c\n\nlast 9/udp end"
CONFIGURATIONS = {
    "Debian": ("services: db files\nprotocols: db files\nhosts: files\n", SERVICES),
    "files only": (SWITCH, SERVICES),
    "no nsswitch.conf": (None, SERVICES),
    "empty nsswitch.conf": ("", SERVICES),
    "action": ("services: files [NOTFOUND=return] db\nprotocols: [!UNAVAIL=return] files\n", SERVICES),
    "unknown source": ("services: nosuchsource files\nprotocols: nosuchsource\n", SERVICES),
    "no source": ("services:\nprotocols:\n", SERVICES),
    "two lines": ("services: nosuchsource\nservices: files\nprotocols: files\n", SERVICES),
    "blanks and comments": (" services :\tfiles # db\nprotocols:files\n", SERVICES),
    "no services": (SWITCH, None),
    "empty services": (SWITCH, ""),
    "CRLF": (SWITCH, SERVICES.replace("\n", "\r\n")),
    "long line": (SWITCH, "#" + "x" * 5000 + "\n" + SERVICES),
    "many aliases": (SWITCH, "many 40/tcp" + "".join(f" alias{i}" for i in range(300)) + "\n" + SERVICES),
}


@pytest.fixture
def inside(tmp_path):
    """The command line that runs a command with tmp_path mounted over /etc."""
    def wrap(command):
        return ["unshare", "--mount", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c",
                'mount --make-rprivate / && mount --bind "$0" /etc && ip link set lo up && exec "$@"',
                str(tmp_path), *command]
    if run(wrap(["true"]), environment())[0] != 0:
        pytest.skip("the kernel refuses the namespaces")
    return wrap


@pytest.fixture
def write_configuration(tmp_path):
    def write(switch, services):
        files = {"nsswitch.conf": switch, "services": services, "passwd": "root:x:0:0::/:/bin/sh\n",
                 "protocols": "ip 0 IP\ntcp 6 TCP # stream\n", "hosts": "127.0.0.1 localhost\n"}
        for file, content in files.items():
            if content is not None:
                (tmp_path / file).write_text(content, newline="")
    return write


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configuration(name, inside, write_configuration, calls, preload_library):
    write_configuration(*CONFIGURATIONS[name])
    (status, out, _), report = compare(inside([calls, "databases"]), preload_library)
    assert status == 0
    assert out
    assert report.calls > 100


def test_privileged_programs_write_no_report(inside, tmp_path, calls, preload_library):
    if os.geteuid() != 0 or os.statvfs(tmp_path).f_flag & os.ST_NOSUID:
        pytest.skip("needs root and a folder that honours set-user-ID")
    os.chmod(tmp_path, 0o777)
    for file in preload_library, calls:
        shutil.copy(file, tmp_path)
    # The libraries of this file are preloaded into privileged programs as well.
    (tmp_path / "ld.so.preload").write_text("/etc/" + os.path.basename(preload_library) + "\n")
    name = os.path.basename(calls)
    for privileged, reports in (False, True), (True, False):
        os.chmod(tmp_path / name, 0o4755 if privileged else 0o755)
        command = inside(["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all", f"/etc/{name}", "few"])
        report = tmp_path / "report"
        report.touch()
        report.chmod(0o666) # mount and ip, which run as root, write to it first
        assert run(command, environment(check="/etc/report"))[0] == 0
        written = report.read_text()
        assert ("preload_calls" in written) == reports, written
        report.unlink()


# ---- programs that do not start, or not with the library -----------------------------------------------

@pytest.fixture
def start_program(tmp_path, source_dir, preload_library):
    """Builds an empty program and runs it with the library; returns its exit status, its message, and whether
    docs/preload.md has that message."""
    def build_and_run(*compiler):
        source, program = tmp_path / "program.c", tmp_path / "program"
        source.write_text("int main(void) { return 0; }\n")
        if not shutil.which(compiler[0]) or subprocess.run([*compiler, "-o", program, source], capture_output=True,
                                                           check=False).returncode != 0:
            pytest.skip(f"{' '.join(compiler)} builds no program here")
        if run([program], environment())[0] != 0:
            pytest.skip(f"a program of {' '.join(compiler)} does not run here")
        status, _, err = run([program], environment([preload_library]))
        message = re.sub(r"(?<===)\d+(?===)", "4711", err.decode().strip())
        message = message.replace(str(preload_library),
                                  "/usr/lib/x86_64-linux-gnu/simdinet/libsimdinet_preload.so")
        return status, message, message in (source_dir / "docs/preload.md").read_text()
    return build_and_run


def test_programs_with_the_address_sanitizer(start_program):
    status, message, documented = start_program("gcc", "-fsanitize=address")
    assert (status, documented) == (1, True), message
    assert start_program("gcc", "-fsanitize=address", "-static-libasan") == (0, "", True)


def test_32_bit_programs(start_program):
    folder = "/usr/i686-linux-gnu/lib"
    status, message, documented = start_program("i686-linux-gnu-gcc", f"-Wl,-rpath,{folder}",
                                                f"-Wl,--dynamic-linker={folder}/ld-linux.so.2")
    assert (status, documented) == (0, True), message
