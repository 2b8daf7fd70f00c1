# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The job on a standalone cluster of Spark on loopback: one master, two workers."""
import collections
import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import threading
import time

import pytest
from conftest import LOGGEN, SETTINGS, TREE, awkward_lines, simdinet

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
if not shutil.which("java"):
    pytest.skip("java is not installed (Debian: default-jre-headless)", allow_module_level=True)
from cluster import CLASS, Cluster
from pyspark.sql import SparkSession

import simdinet as library
from simdinet.spark import _job

pytestmark = pytest.mark.full
SUBMIT = CLASS.with_name("spark-submit")
CLUSTER = SETTINGS | {"spark.executor.memory": "512m", "spark.cores.max": "2", "spark.executor.cores": "1",
                      "spark.ui.enabled": "true", "spark.ui.port": "0"}


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
    # The file as docs/engines.md finds it.
    find = re.search(r"spark-submit \"\$\((python -c '[^']+')\)\" count", (TREE / "docs/engines.md").read_text()).group(1)
    main = subprocess.run(find.replace("python", sys.executable, 1), shell=True, capture_output=True, text=True,
                          check=True).stdout.strip()
    settings = [word for name, value in CLUSTER.items() for word in ("--conf", f"{name}={value}")]
    done = subprocess.run([SUBMIT, "--master", cluster.url, *settings, main, "count", "-n5", "--by=/16,/32",
                           *truth[0]], capture_output=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert done.stdout == simdinet("count", "-n5", "--by=/16,/32", *truth[0])


def test_a_killed_worker_changes_nothing(cluster, truth, tmp_path):
    """The job, while a worker ends: tasks run again, and the output is that of the command."""
    awkward = tmp_path / "awkward.log"
    awkward.write_bytes(b"\n".join(awkward_lines(20000, seed=2)))
    files = [*map(str, truth[0]), str(awkward)]
    session = SparkSession.builder.master(cluster.url).config(map=CLUSTER).getOrCreate()
    output, statuses = io.StringIO(), []
    try:
        session.sparkContext.setLogLevel("ERROR")
        tracker = session.sparkContext.statusTracker()

        def stages(ids):
            return [stage for stage in map(tracker.getStageInfo, ids) if stage]

        options = _job.parse_options(["count", "--json", *files])
        with contextlib.redirect_stdout(output):
            job = threading.Thread(target=lambda: statuses.append(_job.run(session, options)))
            job.start()
            finished = 0
            deadline = time.monotonic() + 300
            while finished < 5 and time.monotonic() < deadline:
                finished = max((stage.numCompletedTasks for stage in stages(tracker.getActiveStageIds())
                                if stage.numTasks > 20), default=0)
                time.sleep(0.02)
            assert finished >= 5 and job.is_alive()
            cluster.kill(cluster.workers[0])
            job.join(600)
        assert not job.is_alive() and statuses == [0]
        ran = stages({stage for one in tracker.getJobIdsForGroup(None) for stage in tracker.getJobInfo(one).stageIds})
        assert any(stage.numFailedTasks or stage.currentAttemptId for stage in ran), ran
    finally:
        session.stop()
    assert output.getvalue().encode() == simdinet("count", "--json", *files)


def test_missing_and_empty_files(cluster, tmp_path):
    done = submit(cluster, tmp_path / "none")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[-1].startswith("simdinet.spark: ")
    (tmp_path / "empty").touch()
    done = submit(cluster, tmp_path / "empty")
    assert (done.returncode, done.stdout) == (1, b"")
