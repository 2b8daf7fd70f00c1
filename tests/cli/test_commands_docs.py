# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/commands.md: every command line prints what the page says.

The output of `cat FILE` creates FILE when it does not exist. Without text2pcap, the capture is the one of this file.
"""
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from captures import RAW, ipv4, ipv6, pcap, udp

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs/commands.md").read_text()
TALK = [("10.0.0.5", "192.0.2.53"), ("192.0.2.53", "10.0.0.5"), ("10.0.0.5", "198.51.100.80"),
        ("198.51.100.80", "10.0.0.5"), ("10.0.0.5", "198.51.100.80"), ("2001:db8::5", "2001:db8::80")]


def examples():
    blocks = re.findall(r"^```console\n(.*?)^```$", PAGE, re.M | re.S)
    return [example for block in blocks for example in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M)]


def test_examples(tmp_path, run, simdinet, decoders):
    packets = [(ipv6 if ":" in a else ipv4)(a, b, udp()) for a, b in TALK]
    (tmp_path / "capture.pcap").write_bytes(pcap(RAW, packets))
    if "built without" in run("count", tmp_path / "capture.pcap")[2]:
        pytest.skip("the command was built without libpcap")
    path = str(pathlib.Path(simdinet).parent) + os.pathsep + os.environ["PATH"]
    for command, output in examples():
        if command.startswith("cat ") and not (tmp_path / command[4:]).exists():
            (tmp_path / command[4:]).write_text(output)
        if command.startswith("text2pcap ") and not shutil.which("text2pcap"):
            continue
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, "PATH": path})
        assert done.stdout == output, f"$ {command}"


def test_there_are_ten_tasks():
    tasks = re.findall(r"^## .*\n\n(?:.+\n)+\n```console\n\$ simdinet .*\n(?:(?!\$ |```).+\n)+```$", PAGE, re.M)
    assert len(tasks) >= 10
    assert shutil.which("sh")
