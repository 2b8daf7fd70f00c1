# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The job on a standalone cluster of Spark on loopback: one master, two workers."""
import collections
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from conftest import LOGGEN, SETTINGS, awkward_lines, simdinet

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
if not shutil.which("java"):
    pytest.skip("java is not installed (Debian: default-jre-headless)", allow_module_level=True)
from pyspark.sql import SparkSession

import simdinet as library
import simdinet.spark as ip

pytestmark = pytest.mark.full
CLASS = pathlib.Path(pyspark.__file__).parent / "bin" / "spark-class"
SUBMIT = CLASS.with_name("spark-submit")
CLUSTER = SETTINGS | {"spark.executor.memory": "512m", "spark.cores.max": "2", "spark.executor.cores": "1",
                      "spark.ui.enabled": "true", "spark.ui.port": "0"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """A master and workers with one core each, in process groups of their own."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.port, self.ui = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self._start("master", "master.Master", "--host", "127.0.0.1", "--port", self.port, "--webui-port", self.ui)

    def _start(self, name, kind, *arguments):
        environment = os.environ | {"SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1"}
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen([CLASS, f"org.apache.spark.deploy.{kind}", *map(str, arguments)],
                                       env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append(process)
        return process

    def add_worker(self):
        name = f"worker{len(self.processes)}"
        return self._start(name, "worker.Worker", "--host", "127.0.0.1", "--webui-port", free_port(), "-c", 1,
                           "-m", "600m", "-d", self.folder / name, self.url)

    def wait_for_workers(self, n):
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                with urllib.request.urlopen(f"http://127.0.0.1:{self.ui}/json/", timeout=5) as answer:
                    state = json.load(answer)
                if sum(worker["state"] == "ALIVE" for worker in state["workers"]) >= n:
                    return
            assert all(process.poll() is None for process in self.processes), "a process of the cluster ended"
            time.sleep(0.5)
        pytest.fail("the workers have not registered")

    @staticmethod
    def kill(process):
        """Ends a worker and its executors at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in reversed(self.processes):
            self.kill(process)


@pytest.fixture
def cluster(tmp_path):
    running = Cluster(tmp_path)
    try:
        running.workers = [running.add_worker() for _ in range(2)]
        running.wait_for_workers(2)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """(files, counts) of generated logs: the addresses that the generator wrote."""
    folder = tmp_path_factory.mktemp("truth")
    counts = collections.Counter()
    for seed in range(3):
        subprocess.run([LOGGEN, "--seed", str(seed), "--size", "2M", folder / f"{seed}.log", folder / f"{seed}.truth"],
                       check=True)
        texts = (line.split(":", 1)[1] for line in (folder / f"{seed}.truth").read_text().splitlines())
        counts.update(texts)
    return sorted(folder.glob("*.log")), counts


def submit(cluster, *arguments):
    settings = [word for name, value in CLUSTER.items() for word in ("--conf", f"{name}={value}")]
    return subprocess.run([sys.executable, "-m", "simdinet.spark", "count", "--master", cluster.url, *settings,
                           *map(str, arguments)], capture_output=True, timeout=900)


def test_job_gives_the_known_counts(cluster, truth):
    files, counts = truth
    done = submit(cluster, "--json", "--mapped", *files)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    canonical = collections.Counter()
    for text, n in counts.items():
        canonical[library.canonical(text)] += n
    assert {row["address"]: row["count"] for row in rows} == canonical
    assert done.stdout == simdinet("count", "--json", "--mapped", *files)


def test_spark_submit(cluster, truth):
    main = pathlib.Path(ip.__file__).with_name("__main__.py")
    settings = [word for name, value in CLUSTER.items() for word in ("--conf", f"{name}={value}")]
    done = subprocess.run([SUBMIT, "--master", cluster.url, *settings, main, "count", "-n5", "--by=/16,/32",
                           *truth[0]], capture_output=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert done.stdout == simdinet("count", "-n5", "--by=/16,/32", *truth[0])


def test_a_killed_worker_changes_nothing(cluster, truth, tmp_path):
    awkward = tmp_path / "awkward.log"
    awkward.write_bytes(b"\n".join(awkward_lines(20000, seed=2)))
    files = [*map(str, truth[0]), str(awkward)]
    session = SparkSession.builder.master(cluster.url).config(map=CLUSTER).getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        tracker = session.sparkContext.statusTracker()
        counts = ip.count(session.read.text(files, lineSep="\n"), "value")
        rows = []
        job = threading.Thread(target=lambda: rows.extend(counts.collect()))
        job.start()
        finished = 0
        deadline = time.monotonic() + 300
        while finished < 5 and time.monotonic() < deadline:
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            finished = max((stage.numCompletedTasks for stage in stages if stage and stage.numTasks > 20), default=0)
            time.sleep(0.02)
        assert finished >= 5 and job.is_alive()
        cluster.kill(cluster.workers[0])
        job.join(600)
        assert not job.is_alive()
    finally:
        session.stop()
    wanted = collections.Counter()
    for line in simdinet("count", "--format=tsv", *files).decode().splitlines()[1:]:
        n, text = line.split("\t")
        wanted[text] = int(n)
    texts = library.format([bytes(row.address) for row in rows]).to_pylist()
    assert dict(zip(texts, (row["count"] for row in rows))) == wanted


def test_missing_and_empty_files(cluster, tmp_path):
    done = submit(cluster, tmp_path / "none")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[-1].startswith("simdinet.spark: ")
    (tmp_path / "empty").touch()
    done = submit(cluster, tmp_path / "empty")
    assert (done.returncode, done.stdout) == (1, b"")
