# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A standalone cluster of Spark on loopback: one master, and workers of one core each."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

import pyspark

CLASS = pathlib.Path(pyspark.__file__).parent / "bin" / "spark-class"


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
            if any(process.poll() is not None for process in self.processes):
                raise RuntimeError("a process of the cluster ended")
            time.sleep(0.5)
        raise RuntimeError("the workers have not registered")

    @staticmethod
    def kill(process):
        """Ends a worker and its executors at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in reversed(self.processes):
            self.kill(process)
