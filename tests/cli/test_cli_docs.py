# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Manual pages and completions: generated files are current, and what they describe works."""
import pathlib
import re
import shutil
import subprocess

import pytest
from cli_support import COMMANDS

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGES, COMPLETIONS = SOURCE / "docs/man", SOURCE / "cli/completions"
GENERATED = {PAGES / "simdinet.1": "man", **{PAGES / f"simdinet-{name}.1": f"man-{name}" for name in COMMANDS},
             COMPLETIONS / "simdinet.bash": "complete-bash", COMPLETIONS / "_simdinet": "complete-zsh",
             COMPLETIONS / "simdinet.fish": "complete-fish"}


def options(text):
    return set(re.findall(r"--([a-z][a-z0-9-]+)", text))


@pytest.fixture(scope="session")
def listed(run):
    """The commands in the order of --help."""
    return re.findall(r"^  ([a-z]+)  ", run("--help")[1].decode(), re.M)


@pytest.fixture(scope="session")
def help_options(run):
    """The names of the options. At the end, after "Also", rare ones have only a letter, which the page explains."""
    def names(command):
        text = run(command, "--help")[1].decode()
        page = (PAGES / f"simdinet-{command}.1").read_text().replace("\\-", "-")
        letters = dict(re.findall(r"^\\fB-(\w)\\fR, \\fB--([a-z0-9-]+)", page, re.M))
        rare = re.findall(r"[ \n]-(\w)[,;]", text[text.rfind("\nAlso "):]) if "\nAlso " in text else []
        return options(text) | {"help"} | {letters[letter] for letter in rare}
    return {command: names(command) for command in COMMANDS}


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_files_are_current(run, path):
    """`cmake --build build --target generated_files` writes them."""
    status, out, err = run("--generate", GENERATED[path])
    assert (status, err) == (0, "")
    assert path.read_bytes() == out


@pytest.mark.parametrize("words", [[], ["html"], ["man-frobnicate"], ["man", "man"]])
def test_invalid_generate(run, words):
    assert run("--generate", *words)[:2] == (2, b"")


# ---- manual pages ----------------------------------------------------------------------------------

def test_there_is_a_page_per_command():
    # simdinet-preload is a program of its own.
    assert {page.stem for page in PAGES.glob("*.1")} - {"simdinet-preload"} == {
        "simdinet", *(f"simdinet-{name}" for name in COMMANDS)}


def test_main_page_lists_the_command(command):
    described, also = (PAGES / "simdinet.1").read_text().replace("\\-", "-").split('\n.SH "SEE ALSO"')
    assert f"\n.TP\n\\fB{command}\\fR\n" in described
    assert f"simdinet-{command}\\fR(1)" in described
    assert f"simdinet-{command}\\fR(1)" in also


def test_page_has_the_options(help_options, command):
    page = (PAGES / f"simdinet-{command}.1").read_text().replace("\\-", "-")
    section = page.split('\n.SH "OPTIONS"')[1].split("\n.SH ")[0]
    assert options(section) == help_options[command]


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.1")), ids=lambda page: page.stem)
def test_groff_accepts_the_page(page):
    if not shutil.which("groff"):
        pytest.skip("groff is missing")
    done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", page], capture_output=True)
    assert done.stderr == b""


DUMP = """\
09:14:51.123456 IP 10.0.0.1.52432 > 93.184.216.34.443: Flags [S], seq 1, length 0
09:14:51.123457 IP 93.184.216.34 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 64
09:14:52.000001 IP6 2001:db8::1.52432 > 2001:db8::2.443: Flags [.], ack 1, length 0
09:14:52.000002 IP6 fe80::1 > ff02::1: ICMP6, router advertisement, length 64
09:14:52.000003 IP6 ::ffff:10.0.0.3.53 > fe80::a:b.53: UDP, length 3
09:14:53.500000 ARP, Request who-has 10.0.0.7 tell 10.0.0.8, length 46
"""
IN_DUMP = ("10.0.0.1 93.184.216.34 93.184.216.34 10.0.0.2 2001:db8::1 2001:db8::2 fe80::1 ff02::1 "
           "::ffff:10.0.0.3 fe80::a:b 10.0.0.7 10.0.0.8").split()


def read_example_page(name):
    """Without roff escapes."""
    text = (SOURCE / name).read_text()
    return text.replace("\\e", "\\").replace("\\(aq", "'").replace("\\-", "-") if name.endswith(".1") else text


def test_tcpdump_output(run):
    assert run("extract", stdin=DUMP.encode())[1].decode().split() == IN_DUMP


@pytest.mark.parametrize("page", ["docs/man/simdinet-extract.1", "docs/scan.md"])
@pytest.mark.parametrize("example", ["gateway/192.0.2.1", "firmware: 192.0.2.1"])
def test_addresses_that_look_like_versions(run, page, example):
    assert example in read_example_page(page)
    assert run("extract", stdin=example.encode()) == (1, b"", "")
    status, out, _ = run("extract", "--versions", stdin=example.encode())
    assert status == 0
    assert out.decode().strip() in example


@pytest.mark.parametrize("example", ["gateway/192.0.2.1:443", "inside/192.0.2.1"])
def test_exceptions_of_versions(run, example):
    assert example in read_example_page("docs/man/simdinet-extract.1")
    assert run("extract", stdin=example.encode()) == (0, b"192.0.2.1\n", "")


def test_five_numbers_are_not_an_address(run):
    assert run("extract", stdin=b"10.0.0.1.443") == (1, b"", "")


# ---- bash ------------------------------------------------------------------------------------------

COMPLETE = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { echo "$2"; }; '
            'function=$(complete -p "$1"); function=${function#complete -F }; '
            '${function% *} "$1" "${@: -1}" "${@: -2:1}"; echo :; printf "%s\n" "${COMPREPLY[@]}"')


@pytest.fixture
def complete(tmp_path):
    """The completions that bash gets for the last of the words, and the options for compopt."""
    if not shutil.which("bash"):
        pytest.skip("bash is missing")

    def complete_words(*words):
        file = (SOURCE / "lib/preload/simdinet-preload.bash" if words[0] == "simdinet-preload" else
                COMPLETIONS / "simdinet.bash")
        done = subprocess.run(["bash", "-c", COMPLETE, file, *words], cwd=tmp_path, capture_output=True, text=True,
                              check=True)
        how, words = done.stdout.split(":\n", 1)
        return words.split(), how.split()
    return complete_words


def test_bash_commands(complete, listed):
    assert complete("simdinet", "e") == (["extract"], [])
    assert complete("simdinet", "") == (listed + ["--help", "--version"], [])


def test_bash_options(complete, help_options, command):
    assert {word.strip("-=") for word in complete("simdinet", command, "--")[0]} == help_options[command]


@pytest.mark.parametrize("words, want, how", [
    (["grep", "--color", "=", "a"], ["auto", "always"], []),
    (["grep", "-e", "lo"], ["loopback"], []), (["extract", "--only", "=", "6"], ["6to4"], []),
    (["count", "--by", "="], ["/24,/48", "/24,/64", "/16,/32"], []),
    (["count", "--by", "=", ""], ["/24,/48", "/24,/64", "/16,/32"], []),
    (["extract", "--col"], ["--color="], ["nospace"]), (["extract", "--ver"], ["--versions"], []),
    *[([*words, ""], [], []) for words in (["count", "-n"], ["count", "--top", "="], ["extract", "-j"],
                                           ["resolve"], ["services"], ["info"])]])
def test_bash_words(complete, tmp_path, words, want, how):
    for name in "extract", "extra":
        (tmp_path / name).mkdir()
    assert complete("simdinet", *words) == (want, how)


@pytest.mark.parametrize("words", [["grep", "-f"], ["grep", "--file", "="], ["count"], ["extract", "-n"],
                                   ["grep", "-n"], ["parse"], ["format"]])
def test_bash_files(complete, tmp_path, words):
    for name in "extract", "extra":
        (tmp_path / name).mkdir()
    assert complete("simdinet", "ext") == (["extract"], [])
    words, how = complete("simdinet", *words, "ext")
    assert (sorted(words), how) == (["extra", "extract"], ["filenames"])


def test_bash_options_of_preload(complete):
    script = (SOURCE / "lib/preload/simdinet-preload.in").read_text()
    known = options("\n".join(re.findall(r"^    (-.*)\)", script, re.M)))
    assert known == {"check", "help"}
    assert {word.strip("-=") for word in complete("simdinet-preload", "-")[0]} == known


@pytest.mark.parametrize("words", [["--check", "=", "ext"], ["cat", "ext"], ["--check", "=", "x", "cat", "ext"],
                                   ["--", "cat", "ext"], ["cat", "--", "ext"]])
def test_bash_files_of_preload(complete, tmp_path, words):
    (tmp_path / "extra").touch()
    assert complete("simdinet-preload", *words) == (["extra"], ["filenames"])


@pytest.mark.parametrize("words", [[], ["--check"], ["--check", "=", "x"], ["--"]])
def test_bash_commands_of_preload(complete, words):
    assert complete("simdinet-preload", *words, "mapfil") == (["mapfile"], ["filenames"])


# ---- zsh and fish ----------------------------------------------------------------------------------

def test_zsh(listed, help_options):
    text = (COMPLETIONS / "_simdinet").read_text()
    names = re.search(r"^    commands=\(\n(.*?)^    \)", text, re.M | re.S)[1]
    assert re.findall(r"^ *'([a-z]+):", names, re.M) == listed
    bodies = re.findall(r"^        ([a-z]+)\)\n(.*?);;", text, re.M | re.S)
    assert {name: options(body) for name, body in bodies} == help_options


def test_fish(listed, help_options):
    text = (COMPLETIONS / "simdinet.fish").read_text()
    assert re.findall(r"-n __simdinet_begins -a ([a-z]+)", text) == listed
    found = {name: set() for name in COMMANDS}
    for names, option in re.findall(r"^complete -c simdinet -n '__simdinet_is (.*?)' .*?-l ([a-z0-9-]+)", text, re.M):
        for name in names.split():
            found[name].add(option)
    assert found == help_options
