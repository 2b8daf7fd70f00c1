# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tests of the command share. Each is called with COMMAND, LOGGEN and, if it wants, more."""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

COMMAND, LOGGEN = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])

# Sanitizers take memory and address space of their own: what a test says of either does not hold.
SANITIZED = bool(os.environ.get("SIMDINET_SANITIZED"))


def run(*arguments, stdin=b"", **options):
    done = subprocess.run([COMMAND, *arguments], input=stdin, capture_output=True, **options)
    return done.returncode, done.stdout, done.stderr.decode()


def measure(*arguments, stdout=subprocess.DEVNULL):
    """Runs the command; returns its exit status and the most memory it had, in bytes."""
    process = subprocess.Popen([COMMAND, *arguments], stdout=stdout)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def file(self, name, content):
        path = pathlib.Path(self.path(name))
        path.write_bytes(content)
        return str(path)

    def log(self, seed=1, size="8M", kind="all"):
        """A generated log and its truth: (path, b"OFFSET:ADDRESS\\n"...)."""
        log, truth = self.path(f"log{seed}{kind}"), self.path("truth")
        subprocess.run([LOGGEN, "--seed", str(seed), "--size", size, "--kind", kind, log, truth],
                       check=True)
        return log, pathlib.Path(truth).read_bytes()

    def reads(self, *formats):
        """Skips the test, by name, where the command was built without what it needs."""
        for name, sample in formats:
            _, _, err = run("extract", stdin=sample)
            if "built without" in err:
                self.skipTest(f"the command was built without {name}")


def zstd_frame(text, block_kind=0, checksum=b""):
    """A frame of the zstd format whose blocks hold the text as it is; kind 3 is none."""
    most = 1 << 16
    frame = struct.pack("<IBI", 0xfd2fb528, 0xa4 if checksum else 0xa0, len(text))
    blocks = [text[i:i + most] for i in range(0, len(text), most)] or [b""]
    for i, block in enumerate(blocks):
        last = i + 1 == len(blocks)
        kind = block_kind if last else 0
        frame += (len(block) << 3 | kind << 1 | last).to_bytes(3, "little") + block
    return frame + checksum


def main():
    unittest.main(argv=[sys.argv[0], "-v"])
