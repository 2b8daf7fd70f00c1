#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One call after the other fails under the command: it ends well, or says why and ends with 2.

usage: test_command_faults.py COMMAND LOGGEN FAULTS

What was printed before is a piece of what is right, as far as the order of the output is the input's;
and no fault ends in a crash, in silence, or in a status that says that all went well when it did not.
"""
import errno
import gzip
import os
import pathlib
import subprocess
import sys

from command import COMMAND, InAFolder, main, zstd_frame

FAULTS = os.path.abspath(sys.argv[3])
sys.argv[3:] = []

# A program that asks for more than this has lost its way.
MOST_CALLS = 3000


class Faults(InAFolder):
    def setUp(self):
        super().setUp()
        self.mark = self.path("mark")
        lines = [f"{i} from 10.0.{i % 7}.{i % 251} to 2001:db8::{i % 97:x}, or ::ffff:192.0.2.{i % 9}\n"
                 for i in range(2000)]
        self.text = "".join(lines).encode()
        self.small = self.file("small", self.text)
        self.packed = self.file("small.gz", gzip.compress(self.text))
        self.framed = self.file("small.zst", zstd_frame(self.text))
        # Three pieces and more, for several threads.
        self.large = self.file("large", self.text * (1 + (4 << 20) // len(self.text)))
        self.long = self.file("long", b"x" * 700000 + b" 10.0.0.1 " + b"y" * 300000)
        self.list = self.file("list", b"".join(b"10.%d.%d.0/24\n2001:db8:%x::/48\n" % (i % 9, i, i)
                                               for i in range(250)))
        self.addresses = self.file("addresses", b"".join(b"10.0.%d.%d\n" % (i // 256, i % 256)
                                                         for i in range(3000)))
        self.values = self.file("values", b"".join(bytes([10, 0, i // 256, i % 256])
                                                   for i in range(3000)))

    def run_with(self, fault, arguments):
        """Runs the command; fault is "CALL N ERRNO" or None. Returns what came of it, and whether
        the fault came up."""
        if os.path.exists(self.mark):
            os.unlink(self.mark)
        environment = {**os.environ, "LD_PRELOAD": FAULTS, "SIMDINET_FAULT_MARK": self.mark}
        if fault:
            environment["SIMDINET_FAULT"] = fault
        done = subprocess.run([COMMAND, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              env=environment, timeout=60)
        return done, os.path.exists(self.mark)

    def every(self, call, reasons, arguments, ordered=True, harmless=(), least=1, step=1):
        """Fails the nth call for every n that there is, once alone and once for good."""
        right, _ = self.run_with(None, arguments)
        self.assertLess(right.returncode, 2, right.stderr)
        for reason in reasons:
            for forever in ("", "+"):
                if forever and reason in (errno.EINTR, errno.EAGAIN):
                    continue  # for good they would be no such thing
                calls = 0
                for n in range(0, MOST_CALLS, step):
                    fault = f"{call} {n}{forever} {reason}"
                    done, reached = self.run_with(fault, arguments)
                    if not reached:
                        break
                    calls += 1
                    self.judge(right, done, f"{fault}, {arguments}", ordered, reason in harmless)
                self.assertGreaterEqual(calls, least, f"{call}: only {calls} calls, {arguments}")
                self.assertLess(calls, MOST_CALLS)

    def judge(self, right, done, about, ordered, harmless):
        self.assertIn(done.returncode, (right.returncode, 2), f"{about}: {done.stderr}")
        if done.returncode == right.returncode:
            self.assertEqual(done.stdout, right.stdout, about)
            return
        self.assertFalse(harmless, f"{about}: {done.stderr}")
        self.assertRegex(done.stderr, rb"^simdinet: .+\n", about)
        if ordered:
            self.assertTrue(right.stdout.startswith(done.stdout), about)

    # ---- memory ---------------------------------------------------------------------------------

    def memory(self, *arguments, **how):
        self.every("memory", [errno.ENOMEM], arguments, **how)

    def test_memory_of_extract(self):
        self.memory("extract", "--json", "-n", self.small, least=5)
        self.memory("extract", "--unique", self.small, least=5)
        self.memory("extract", self.packed, self.framed, least=8)
        self.memory("extract", "--threads", "2", "-n", self.large, least=8)

    def test_memory_of_count(self):
        self.memory("count", "--threads", "1", self.small, ordered=False, least=20)
        self.memory("count", "--threads", "2", "--stats", self.large, ordered=False, least=20)

    def test_memory_of_grep(self):
        self.memory("grep", "-e", "10.0.0.0/16", "-f", self.list, self.small, least=10)
        self.memory("grep", "-c", "-H", "-e", "10.0.0.0/16", "-e", "2001:db8::/126", self.small,
                    ordered=False, least=8)
        self.memory("grep", "-o", "-e", "::/0", self.small, least=8)
        self.memory("grep", "-q", "-v", "-e", "::/0", self.long, least=8)

    def test_memory_of_the_other_commands(self):
        self.memory("parse", "-4", self.addresses)
        self.memory("format", "-4", self.values)
        # Not services: without memory glibc 2.36 itself crashes in getservbyname_r.
        self.memory("resolve", "192.0.2.1")
        self.memory("interfaces", ordered=False)

    # ---- input ----------------------------------------------------------------------------------

    def test_reads(self):
        reasons = [errno.EINTR, errno.EAGAIN, errno.EIO]
        harmless = (errno.EINTR, errno.EAGAIN)
        for path in self.packed, self.framed:
            self.every("read", reasons, ("extract", path), harmless=harmless)
        self.every("read", reasons, ("grep", "-e", "10.0.0.0/24", "-f", self.list, self.small),
                   harmless=harmless)
        self.every("read", [errno.EINTR, errno.EIO], ("parse", "-4", self.addresses),
                   harmless=harmless)
        self.every("read", [errno.EINTR, errno.EIO], ("format", "-4", self.values),
                   harmless=harmless)

    def test_reads_in_place(self):
        for arguments in (("--threads", "2", self.large), ("-n", "--threads", "3", self.large)):
            self.every("pread", [errno.EINTR], ("extract", *arguments), harmless=(errno.EINTR,),
                       step=3)
            self.every("pread", [errno.EIO], ("extract", *arguments), step=3)

    def test_threads_count_what_they_print(self):
        """Others are further on in the file than the one that meets the end of what can be read."""
        for n in range(0, 24, 2):
            done, reached = self.run_with(f"pread {n} {errno.EIO}",
                                          ("extract", "--stats", "--threads", "4", self.large))
            if not reached:
                break
            printed = len(done.stdout.splitlines())
            self.assertEqual(done.returncode, 2)
            self.assertIn(f" {printed} addresses".encode(), done.stderr)
        self.assertGreater(n, 10)

    def test_looks_at_the_input(self):
        self.every("fstat", [errno.EIO], ("extract", self.small))
        self.every("lseek", [errno.ESPIPE], ("extract", self.small), harmless=(errno.ESPIPE,))
        self.every("lseek", [errno.ESPIPE], ("extract", "--threads", "2", self.large),
                   harmless=(errno.ESPIPE,))

    # ---- output and threads ---------------------------------------------------------------------

    def test_writes(self):
        reasons = [errno.EINTR, errno.EAGAIN, errno.ENOSPC]
        harmless = (errno.EINTR, errno.EAGAIN)
        self.every("write", reasons, ("extract", self.small), harmless=harmless)
        self.every("write", reasons, ("extract", "-n", "--threads", "3", self.large),
                   harmless=harmless)
        self.every("write", reasons, ("count", "--top", "20000", self.small), harmless=harmless)
        self.every("write", reasons, ("grep", "--color=always", "-e", "::/0", self.small),
                   harmless=harmless)
        self.every("write", [errno.EINTR, errno.ENOSPC], ("format", "-4", self.values),
                   harmless=harmless)

    def test_threads(self):
        self.every("thread", [errno.EAGAIN, errno.ENOMEM],
                   ("extract", "-n", "--threads", "4", self.large),
                   harmless=(errno.EAGAIN, errno.ENOMEM), least=3)


if __name__ == "__main__":
    main()
