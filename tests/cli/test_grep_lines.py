# SPDX-License-Identifier: Apache-2.0 OR MIT
"""grep: the options about lines and files, compared with GNU grep on the same input."""
import itertools
import json
import os
import random
import shutil
import subprocess

import pytest

NETWORK, PATTERN = "10.0.0.0/8", r"10(\.[0-9]{1,3}){3}"


def lines(seed, count, last=b"\n"):
    choose = random.Random(seed)
    words = ["from", "the", "x" * 60, "é", "\x01", "2001:db8::1", "198.51.100.7", "10.1", ""]
    kinds = lambda: f"10.0.{choose.randrange(256)}.{choose.randrange(256)}" if choose.random() < 0.12 else choose.choice(words)
    return "\n".join(" ".join(kinds() for _ in range(choose.randrange(5))) for _ in range(count)).encode() + last


@pytest.fixture
def compare(run, file):
    """Runs both commands with the same options on the same files; compares output and status."""
    if not shutil.which("grep") or b"GNU" not in subprocess.run(["grep", "-V"], capture_output=True).stdout:
        pytest.skip("GNU grep is missing")

    def check(options, files, cwd=None, stdin=b"", missing=False):
        status, out, err = run("grep", *options, NETWORK, *files, cwd=cwd, stdin=stdin)
        gnu = subprocess.run(["grep", "-a", "-E", *options, PATTERN, *files], capture_output=True, cwd=cwd, input=stdin,
                             env={**os.environ, "LC_ALL": "C"})
        assert (status, out) == (gnu.returncode, gnu.stdout), (options, files)
        if "-q" not in options:
            assert err == ("simdinet: missing: No such file or directory\n" if missing and gnu.stderr else "")
        return out
    return check


CONTEXTS = [[], ["-2"], ["-16"], ["-A0"], ["-A1"], ["-B2"], ["-C3"], ["-A2", "-C1"], ["-B0", "-C2"], ["-C500"]]
LETTERS = ["-n", "-b", "-H", "-h", "-v", "-c", "-l", "-L", "-q", "-o", "-m1", "-m2", "-m5", "-A0", "-A1", "-A3", "-B1",
           "-B2", "-C1", "-C2", "-1", "-2", "-3", "-m0"]
OTHERS = [[], ["-n"], ["-b"], ["-H"], ["-h"], ["-n", "-b", "-H"], ["-m1"], ["-m3", "-n"], ["-v"], ["-v", "-m2"],
          ["-c"], ["-c", "-m2"], ["-c", "-v"], ["-m0"], ["-m0", "-c"], ["-m0", "-L"], ["-l"], ["-L"], ["-q"], ["-l", "-v"], ["-c", "-l"]]


@pytest.mark.parametrize("context", CONTEXTS, ids=["".join(context) or "none" for context in CONTEXTS])
def test_options_about_lines(compare, file, context):
    files = [file("a", lines(1, 300)), file("b", lines(2, 40, b"")), file("none", b"nothing\n" * 5), file("empty", b"")]
    selected = 0
    for other in OTHERS:
        selected += len(compare([*context, *other], files))
        compare([*context, *other], files[1:2])
        compare([*context, *other], files[2:])
    assert selected > 10000


@pytest.mark.parametrize("other", [[], ["-n"], ["-b"], ["-nbH"], ["-m2"], ["-m1", "-b"], ["-c"], ["-c", "-m3"], ["-l"],
                                   ["-A1"], ["-C2", "-n"], ["-B0", "-m2"]],
                         ids="".join)
def test_only_matching(compare, file, other):
    compare(["-o", *other], [file("a", lines(3, 300)), file("b", lines(4, 50, b""))])


@pytest.mark.parametrize("seed", range(4))
def test_random_options(run, compare, file, tmp_path, seed):
    """Random options, files, standard input among them, and a missing file."""
    choose, compared = random.Random(seed), 0
    for _ in range(150):
        options = choose.sample(LETTERS, choose.randrange(5))
        if "-o" in options and "-v" in options:
            continue
        names = ["a", "b", "c"][:choose.randrange(4)]
        for name in names:
            file(name, lines(choose.random(), choose.choice((0, 1, 2, 5, 30, 60)), choose.choice((b"\n", b"", b"\n\n"))))
        for name in ["-"] * (choose.random() < 0.3) + ["missing"] * (choose.random() < 0.1):
            names.insert(choose.randrange(len(names) + 1), name)
        compared += len(compare(options, names, cwd=tmp_path, missing="missing" in names and "-q" not in options,
                                stdin=lines(choose.random(), 40)))
    assert compared > 20000


def test_context_across_buffers(compare, file):
    """Groups that begin in one buffer and end in another, and lines longer than a buffer."""
    long = b"y" * 300000 + b" 10.0.0.1 " + b"z" * 300000
    text = lines(5, 30000) + long + b"\n" + lines(6, 20000)
    for options in ["-C2", "-n"], ["-B100"], ["-A40", "-b"], ["-m700", "-C1"], ["-c", "-m700"], ["-v", "-C1"]:
        compare(options, [file("large", text)])


@pytest.mark.parametrize("words", [["-C1"], ["-m2", "-n"], ["-vA1"], ["-l"], ["-cm3"]], ids="".join)
def test_standard_input(run, words):
    text = lines(7, 100)
    gnu = subprocess.run(["grep", "-a", "-E", *words, PATTERN], input=text, capture_output=True)
    assert run("grep", *words, NETWORK, stdin=text) == (gnu.returncode, gnu.stdout, "")


def test_context_number(run, file):
    """-NUM is context wherever it stands; -0, -4 and -6 are options, and after -- it is a name."""
    path = file("a", b"%d\n" * 9 % tuple(range(9)) + b"10.0.0.1\n" + b"%d\n" * 9 % tuple(range(9)))
    for words in ["-3", NETWORK, path], [NETWORK, "-3", path], [NETWORK, path, "-3"], ["-e", NETWORK, "-3", path]:
        assert run("grep", *words)[1] == b"6\n7\n8\n10.0.0.1\n0\n1\n2\n"
    assert run("grep", "-n", "-1", "-2", NETWORK, path)[1].count(b"\n") == 5
    assert run("grep", "-4", NETWORK, path)[1] == run("grep", "-46", NETWORK, path)[1] == b"10.0.0.1\n"
    assert run("grep", "-0", NETWORK, path)[1] == b"10.0.0.1\0"
    assert run("grep", NETWORK, "--", "-3") == (2, b"", "simdinet: -3: No such file or directory\n")
    assert run("grep", "-e", "-3", path)[0] == 2


def test_no_messages(run, tmp_path, file):
    path = file("a", b"10.0.0.1\n")
    assert run("grep", "-s", "-h", NETWORK, tmp_path / "none", path, tmp_path) == (2, b"10.0.0.1\n", "")
    assert run("count", "-s", "-r", tmp_path / "none", path) == (2, b"      1 10.0.0.1\n", "")
    assert run("extract", "--no-messages", "none", path) == (2, b"10.0.0.1\n", "")
    assert run("grep", "-s", "10.0.0.0/99", path)[2].startswith("simdinet: invalid network")


def test_words(run):
    """-w is accepted: an address is always a whole word."""
    assert run("grep", "-wo", "10.0.0.1", stdin=b"10.0.0.1 10.0.0.12 210.0.0.1\n") == (0, b"10.0.0.1\n", "")


def test_null_ends_records(run, file):
    path = file("a", b"x 10.0.0.1\ny\n10.0.0.2 10.0.0.3")
    assert run("grep", "-0", NETWORK, path)[1] == b"x 10.0.0.1\00010.0.0.2 10.0.0.3\0"
    assert run("grep", "-0o", NETWORK, path)[1] == b"10.0.0.1\00010.0.0.2\00010.0.0.3\0"
    assert run("grep", "-0l", NETWORK, path)[1] == path.encode() + b"\0"
    assert run("grep", "-0c", NETWORK, path)[1] == b"2\0"


def test_families(run):
    text = b"10.0.0.1 2001:db8::1\n10.0.0.2\n2001:db8::2\n"
    networks = ["-e", "0.0.0.0/0", "-e", "::/0"]
    assert run("grep", "-o", "-4", *networks, stdin=text)[1] == b"10.0.0.1\n10.0.0.2\n"
    assert run("grep", "-6", *networks, stdin=text)[1] == b"10.0.0.1 2001:db8::1\n2001:db8::2\n"
    assert run("grep", "-46", "-c", *networks, stdin=text)[1] == b"3\n"
    assert run("grep", "-6", "-c", "-m9", *networks, stdin=text)[1] == b"2\n"


def test_lines_with_another_address(run):
    text = b"none\n192.0.2.1\n10.0.0.1\n10.0.0.2 192.0.2.2\nnone\n"
    assert run("grep", "-v", NETWORK, stdin=text)[1] == b"none\n192.0.2.1\nnone\n"
    assert run("grep", "-v", "--with-address", NETWORK, stdin=text)[1] == b"192.0.2.1\n"
    assert run("grep", "-vc", "--with-address", NETWORK, stdin=text)[1] == b"1\n"
    assert run("grep", "--with-address", NETWORK, stdin=text)[1] == b"10.0.0.1\n10.0.0.2 192.0.2.2\n"


def test_json(run, file):
    path = file('a"b', b"none\nx 10.0.0.1, ::ffff:10.0.0.2 \"\xff\0\n2001:db8::1\n")
    records = [json.loads(line) for line in run("grep", "--json", "-A1", NETWORK, path)[1].splitlines()]
    assert records == [
        {"file": path, "line": 2, "offset": 5, "text": 'x 10.0.0.1, ::ffff:10.0.0.2 "\ufffd\0', "matches": [
            {"start": 2, "end": 10, "address": "10.0.0.1", "canonical": "10.0.0.1", "family": 4},
            {"start": 12, "end": 27, "address": "::ffff:10.0.0.2", "canonical": "::ffff:10.0.0.2", "family": 6}]},
        {"file": path, "line": 3, "offset": 37, "text": "2001:db8::1", "context": True, "matches": []}]
    assert [json.loads(line)["line"] for line in run("grep", "--json", "-v", NETWORK, path)[1].splitlines()] == [1, 3]
    assert json.loads(run("grep", "--json", "-o", "10.0.0.1", path)[1])["address"] == "10.0.0.1"


def test_json_of_any_bytes(run):
    choose = random.Random(8)
    text = b"".join(choose.randbytes(choose.randrange(20)).replace(b"\n", b"") + b" 10.0.0.1 " +
                    choose.randbytes(choose.randrange(20)).replace(b"\n", b"") + b"\n" for _ in range(500))
    records = [json.loads(line) for line in run("grep", "--json", NETWORK, stdin=text)[1].splitlines()]
    assert len(records) > 450
    for record in records:
        line = text[record["offset"]:].split(b"\n")[0]
        assert record["text"].replace("\ufffd", "") == line.decode(errors="replace").replace("\ufffd", "")
        assert all(line[m["start"]:m["end"]].decode() == m["address"] == "10.0.0.1" for m in record["matches"])


@pytest.mark.parametrize("words, message", [
    (["-ov"], "a line that '--invert-match' selects has no match for '--only-matching'"),
    (["--json", "-c"], "'--json' prints lines, which '--count' and the lists of files do not"),
    (["--json", "-L"], "'--json' prints lines, which '--count' and the lists of files do not"),
    (["-mx"], "invalid argument 'x' for '--max-count': expected a number of lines"),
    (["--json", "-0"], "'--json' cannot be combined with '--null'"),
    (["-5x"], "invalid option -- '5'"), (["-99999999999"], "invalid argument '99999999999' for '--context': expected a "
     "number of lines"),
    (["-Ax"], "invalid argument 'x' for '--after-context': expected a number of lines")])
def test_contradictions(run, words, message):
    assert run("grep", *words, NETWORK) == (2, b"", f"simdinet: {message}\nTry 'simdinet grep --help'.\n")


# ---- directories -----------------------------------------------------------------------------------

@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    for name in "a.log", "b.txt", "logs/c.log", "logs/old/d.log", "logs/none.log", ".hidden/e.log", "skip/f.log":
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"nothing\n" if "none" in name else b"10.0.0.1 " + name.encode() + b"\n")
    (root / "link.log").symlink_to(root / "a.log")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "fifo.log")
    return root


GLOBS = [[], ["--include=*.log"], ["--exclude=*.txt"], ["--include=*.log", "--include=*.txt", "--exclude=c*"],
         ["--exclude-dir=skip"], ["--include=[ab].*", "--exclude-dir=.hidden", "--exclude-dir=old"]]


@pytest.mark.parametrize("globs, words", list(itertools.product(GLOBS, [[], ["-c"], ["-l"], ["-L"], ["-h"], ["-n", "-C1"]])))
def test_recursive(run, tree, globs, words):
    """The files and records of GNU grep, in the order of the names."""
    for files, cwd in ([str(tree)], None), (["."], tree), ([], tree), ([str(tree / "logs"), str(tree / "a.log")], None):
        status, out, err = run("grep", "-r", *globs, *words, NETWORK, *files, cwd=cwd)
        gnu = subprocess.run(["grep", "-r", "-E", *globs, *words, PATTERN, *files], capture_output=True, cwd=cwd)
        assert (status, err) == (gnu.returncode, "")
        assert sorted(out.splitlines()) == sorted(gnu.stdout.splitlines())
    names = run("grep", "-rl", NETWORK, cwd=tree)[1].decode().splitlines()
    assert names == sorted(names, key=lambda name: name.split("/")) and len(names) == 6


@pytest.mark.parametrize("globs", [*GLOBS, ["--include=logs/*.log"], ["--exclude=logs/c.log"], ["--exclude=old/*"],
                                   ["--include=tree"], ["--exclude=*"]], ids=" ".join)
@pytest.mark.parametrize("words", [["-c"], ["-r", "-l"], ["-l"]], ids=" ".join)
def test_globs_of_named_files(run, tree, globs, words):
    files = ["a.log", "b.txt", "logs/c.log", "./logs/old/d.log", "skip/f.log", str(tree / "logs/none.log")]
    status, out, err = run("grep", *globs, *words, NETWORK, *files, cwd=tree)
    gnu = subprocess.run(["grep", "-E", *globs, *words, PATTERN, *files], capture_output=True, cwd=tree)
    assert (status, out, err) == (gnu.returncode, gnu.stdout, "")
    assert run("extract", *globs, stdin=b"10.0.0.1\n")[1] == b"10.0.0.1\n"


def test_recursive_extract_and_count(run, tree):
    assert run("extract", "-r", str(tree)) == (0, b"10.0.0.1\n" * 6, "")
    assert run("extract", "-rH", "--include=c.log", "logs", cwd=tree) == (0, b"logs/c.log:10.0.0.1\n", "")
    assert run("count", "-r", cwd=tree, stdin=b"10.0.0.9") == (0, b"      6 10.0.0.1\n", "")


def test_directory_without_recursive(run, tree):
    for words in ["extract"], ["count"], ["grep", NETWORK]:
        status, out, err = run(*words, str(tree), str(tree / "a.log"))
        assert (status, err) == (2, f"simdinet: {tree}: Is a directory\n")
        assert b"10.0.0.1" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every directory")
def test_unreadable_directory(run, tree):
    (tree / "logs").chmod(0)
    status, out, err = run("grep", "-rl", NETWORK, cwd=tree)
    (tree / "logs").chmod(0o755)
    assert (status, err) == (2, "simdinet: logs: Permission denied\n")
    assert len(out.splitlines()) == 4


def test_full_disk_and_broken_pipe(simdinet, tree):
    for words in ["-C1"], ["-l"], ["--json"]:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([simdinet, "grep", "-r", *words, NETWORK, tree], stdout=full, stderr=subprocess.PIPE)
        assert (done.returncode, done.stderr) == (2, b"simdinet: standard output: No space left on device\n")
    process = subprocess.Popen([simdinet, "grep", "-C1", NETWORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.close()
    try:
        process.stdin.write(b"10.0.0.1\n" * 100000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.wait() == -13 and process.stderr.read() == b""
    process.stderr.close()
