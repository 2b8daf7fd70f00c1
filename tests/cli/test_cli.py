# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line: help, version, options, and the messages about all of them."""
import os
import re
import subprocess

import pytest
from cli_support import COMMANDS

FULL = "simdinet: standard output: No space left on device\n"


def test_commands(run):
    assert sorted(re.findall(r"^  ([a-z]+)  ", run("--help")[1].decode(), re.M)) == COMMANDS
    assert {"extract", "info"} <= set(COMMANDS)


# ---- help and version ------------------------------------------------------------------------------

@pytest.mark.parametrize("words", [[], *[[name] for name in COMMANDS]])
def test_help_fits_a_screen(run, words):
    status, out, err = run(*words, "--help")
    assert (status, err) == (0, "")
    lines = out.decode().splitlines()
    assert lines[0].startswith(" ".join(["Usage: simdinet", *words]))
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_help_of_a_command(run, simdinet, command):
    assert run("help", command) == run(command, "--help")
    assert run(command, "-h") == run(command, "--help") # beside other words, --no-filename of extract and grep
    with open("/dev/full", "wb") as full:
        done = subprocess.run([simdinet, command, "--help"], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr.decode()) == (2, FULL)


def test_main_help(run):
    assert run("-h") == run("--help") == run("help") == run("help", "help") == run("help", "--help")
    assert run("-V") == run("--version")
    status, out, err = run()
    assert (status, out, err) == (2, b"", run("--help")[1].decode())


@pytest.mark.parametrize("words", [["help", "frobnicate"], ["help", "extract", "count"]])
def test_invalid_help(run, words):
    status, out, err = run(*words)
    assert (status, out) == (2, b"")
    assert "Try 'simdinet --help'." in err


def test_version(run, command):
    version = run("--version")
    assert re.search(rb"^simdinet \d+\.\d+\.\d+ \(implementation: \w+\)\n$", version[1])
    for option in "--version", "-V":
        assert run(command, option) == version


def test_version_and_versions(run):
    assert run("extract", "--versions", "--version") == run("--version")


# ---- messages --------------------------------------------------------------------------------------

@pytest.mark.parametrize("word, suggestion", [
    ("extarct", "extract"), ("extrac", "extract"), ("gerp", "grep"), ("counts", "count"), ("prase", "parse"),
    ("interface", "interfaces"), ("frobnicate", None), ("x", None), ("", None), ("e" * 100, None)])
def test_unknown_command(run, word, suggestion):
    hint = f"; did you mean '{suggestion}'?" if suggestion else ""
    for words in ([word], ["help", word]):
        assert run(*words) == (2, b"", f"simdinet: unknown command '{word}'{hint}\nTry 'simdinet --help'.\n")


@pytest.mark.parametrize("word, message", [
    ("--halp", "unrecognized option '--halp'; did you mean '--help'?"),
    ("--versoin", "unrecognized option '--versoin'; did you mean '--version'?"),
    ("--json", "unrecognized option '--json'"), ("--", "unrecognized option '--'"),
    ("-n", "invalid option -- 'n'"), ("-\x1b", "invalid option -- '?'"), ("-", "unknown command '-'")])
def test_option_before_the_command(run, word, message):
    assert run(word, "extract") == (2, b"", f"simdinet: {message}\nTry 'simdinet --help'.\n")


@pytest.mark.parametrize("words, suggestion", [
    (["extract", "--cannonical"], "canonical"), (["extract", "--unqiue"], "unique"), (["count", "--tpo=3"], "top"),
    (["grep", "--colr=never"], "color"), (["parse", "--hexx"], "hex"), (["info", "--hlep"], "help")])
def test_misspelled_option(run, words, suggestion):
    assert run(*words) == (2, b"", f"simdinet: unrecognized option '{words[1]}'; did you mean '--{suggestion}'?\n"
                                   f"Try 'simdinet {words[0]} --help'.\n")


@pytest.mark.parametrize("option, message", [
    ("--frobnicate", "unrecognized option '--frobnicate'"), ("-Z", "invalid option -- 'Z'"),
    ("--help=me", "option '--help' doesn't allow an argument"),
    ("--\x1b[31m=\x9b", "unrecognized option '--?[31m=??'"), ("-\x1b", "invalid option -- '?'"),
    ("-:", "invalid option -- ':'"), (b"-\xff", "invalid option -- '?'")])
def test_unknown_option(run, command, option, message):
    assert run(command, option, "::1") == (2, b"", f"simdinet: {message}\nTry 'simdinet {command} --help'.\n")


@pytest.mark.parametrize("words, message", [
    (["resolve", "--timeout"], "option '--timeout' requires an argument"),
    (["resolve", "--time"], "option '--time' requires an argument"),
    (["count", "-n"], "option requires an argument -- 'n'"),
    (["grep", "-hn", "-f"], "option requires an argument -- 'f'"),
    (["resolve", "--ip"], "option '--ip' is ambiguous: '--ipv4', '--ipv6'"),
    (["extract", "-vZn", "a"], "invalid option -- 'v'"),
    (["format", "-5"], "invalid option -- '5'"),
    (["format", "--hex=1"], "option '--hex' doesn't allow an argument"),
    (["services", "-x"], "invalid option -- 'x'"),
    (["grep"], "missing network"),
    (["info", "x"], "extra operand 'x'"),
    (["interfaces", "lo"], "extra operand 'lo'"),
    *[([command, "-j", number], f"invalid argument '{number}' for '--threads': expected a positive integer")
      for command in ("extract", "count") for number in ("0", ":", "-1", "4x", "", "99999999999999999999")],
    *[(["count", "-n", number], f"invalid argument '{number}' for '--top': expected a positive integer")
      for number in ("0", "x")],
    (["resolve", "--timeout=0", "::1"], "invalid argument '0' for '--timeout': expected a positive integer"),
    (["count", "--by=/33"], "invalid argument '/33' for '--by': expected prefix lengths such as /24,/48"),
    *[([*words, f"--color={when}"], f"invalid argument '{when}' for '--color': expected auto, always or never")
      for words in (["extract"], ["grep"]) for when in ("blue", "often", "")],
])
def test_invalid_arguments(run, words, message):
    assert run(*words) == (2, b"", f"simdinet: {message}\nTry 'simdinet {words[0]} --help'.\n")


def test_long_message(run):
    name = "x" * 10000
    assert run("extract", name) == (2, b"", f"simdinet: {name}: File name too long\n")


@pytest.mark.parametrize("name, shown", [
    (b"\xc2\x9b31m", "??31m"), (b"\x9b31m", "?31m"), (b"\x1b\x7f\n", "???"),
    ("München \u2603".encode(), "München \u2603"), (b"\xe2\x98", "??")])
def test_control_characters_are_not_printed(run, name, shown):
    assert run("extract", name) == (2, b"", f"simdinet: {shown}: No such file or directory\n")


# ---- hints -----------------------------------------------------------------------------------------

ADDRESS_TEXTS = ["192.0.2.1", "2001:db8::/32", "10.0.0.0/8", "10.0.0.1/8", "192.0.2.1-192.0.2.9", "192.0.2.1:80",
                 "[2001:db8::1]:443", "10.0.0.0/255.0.0.0"]


@pytest.mark.parametrize("word", ADDRESS_TEXTS)
def test_address_in_place_of_a_command(run, word):
    assert run(word, "file") == (2, b"", f"simdinet: unknown command '{word}'; to search for it: simdinet grep {word} FILE\n"
                                         "Try 'simdinet --help'.\n")


@pytest.mark.parametrize("name", ["extract", "count", "parse", "format"])
@pytest.mark.parametrize("word", ADDRESS_TEXTS)
def test_address_in_place_of_a_file(run, name, word):
    status, out, err = run(name, word)
    assert (status, out) == (2, b"")
    assert err == (f"simdinet: {word}: No such file; to search for an address: simdinet grep ADDRESS FILE; "
                   "to convert it: echo ADDRESS | simdinet parse\n")


def test_file_with_the_name_of_an_address(run, tmp_path):
    (tmp_path / "192.0.2.1").write_bytes(b"10.0.0.1\n")
    assert run("extract", "192.0.2.1", cwd=tmp_path) == (0, b"10.0.0.1\n", "")


def test_file_in_place_of_a_command(run, file):
    path = file("log", b"10.0.0.1\n")
    assert run(path) == (2, b"", f"simdinet: unknown command '{path}'; for its addresses: simdinet extract {path}\n"
                                 "Try 'simdinet --help'.\n")


@pytest.mark.parametrize("name", ["extract", "count", "grep"])
def test_h_is_no_filename_beside_other_words(run, file, name):
    """Where file names can be printed; alone, and in other commands, it is --help."""
    network = ["0.0.0.0/0"] if name == "grep" else []
    path = file("a", b"10.0.0.1\n")
    plain = run(name, *network, path)
    assert run(name, "-h", *network, path) == run(name, "-Hh", *network, path) == plain
    assert run(name, "-hH", *network, path)[1] == path.encode() + b":" + plain[1]
    assert run(name, "-h") == run(name, "--help")


def test_too_many_threads(run):
    assert run("count", "-j", "99", stdin=b"::1") == (0, b"      1 ::1\n", "simdinet: 99 threads are more than the 32 that are used\n")
    assert run("count", "-j32", stdin=b"::1")[2] == ""


def test_unknown_implementation(run):
    active = re.search(r"implementation: (\w+)", run("--version")[1].decode())[1]
    message = f"simdinet: SIMDINET_IMPLEMENTATION: 'foo' is not supported here; using {active}\n"
    assert run("count", stdin=b"::1", env={**os.environ, "SIMDINET_IMPLEMENTATION": "foo"})[1:] == (b"      1 ::1\n", message)
    assert run("count", stdin=b"::1", env={**os.environ, "SIMDINET_IMPLEMENTATION": active})[2] == ""
    assert run("count", stdin=b"::1", env={**os.environ, "SIMDINET_KERNEL": "foo"})[2] == \
        "simdinet: SIMDINET_KERNEL is not used; the variable is SIMDINET_IMPLEMENTATION\n"


def test_ambiguous_option_names_the_candidates(run):
    assert run("grep", "--ex", "::/0")[2].splitlines()[0] == \
        "simdinet: option '--ex' is ambiguous: '--exclude', '--exclude-dir'"


def test_stats_of_one(run):
    err = run("extract", "--stats", stdin=b"::1\n")[2]
    assert re.fullmatch(r"1 line, 4 bytes, 1 address; \d\.\d{3} s\n", err)
    assert re.fullmatch(r"1 line, 1 byte, 0 addresses; 0\.\d{3} s.*\n", run("extract", "--stats", stdin=b"x")[2])


@pytest.mark.parametrize("words", [["extract", "-nH"], ["grep", "-nbH", "-C1", "0.0.0.0/0"], ["grep", "-c", "0.0.0.0/0"]])
def test_own_coloured_output_is_read(run, words):
    text = b"x 10.0.0.1 y\n192.0.2.7:80, (10.0.0.2)\n"
    plain, coloured = (run(*words, f"--color={when}", stdin=text)[1] for when in ("never", "always"))
    assert run("extract", stdin=coloured) == run("extract", stdin=plain)


def test_main_help_has_four_examples(run):
    examples = re.findall(r"^  simdinet (\w+) ", run("--help")[1].decode(), re.M)
    assert len(examples) == 4 and set(examples) <= set(COMMANDS)


# ---- info ------------------------------------------------------------------------------------------

def test_info(run):
    status, out, _ = run("info")
    implementations, libraries = out.decode().split("\n\n")[1:]
    rows = [line.split() for line in implementations.splitlines()[1:]]
    assert status == 0
    assert [row[0] for row in rows] == ["avx512", "avx2", "sse42", "neon", "scalar"]
    assert [row[3] for row in rows].count("yes") == 1
    rows = [re.split(r" {2,}", line) for line in libraries.splitlines()[1:]]
    assert [row[0] for row in rows] == ["zlib", "libzstd", "liblzma", "libbz2", "liblz4", "libpcap", "libmaxminddb",
                                        "libcrypto"]
    assert all(row[2] == "yes" or row[2].startswith("no: ") for row in rows)


@pytest.mark.parametrize("name, message", [("scalar", "implementation: scalar (named by"), ("cray", "does not support"),
                                           ("", "(the best supported implementation)")])
def test_implementation_by_name(run, name, message):
    _, out, _ = run("info", env={**os.environ, "SIMDINET_IMPLEMENTATION": name})
    assert message in out.decode()


def test_version_names_the_implementation(run):
    _, out, _ = run("--version", env={**os.environ, "SIMDINET_IMPLEMENTATION": "scalar"})
    assert re.search(rb"^simdinet \d+\.\d+\.\d+ \(implementation: scalar\)\n$", out)
