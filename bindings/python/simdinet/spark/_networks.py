# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sets of networks that a session broadcasts, and that a process builds once."""
import functools
import hashlib
import pickle
import threading

from .. import _networks

_MAX_SETS = 64
_sets = {}  # of this process, by the digest of their contents
_lock = threading.Lock()


def _networks_of(networks):
    """simdinet.Networks of what ip_in takes."""
    if isinstance(networks, _networks.Networks):
        return networks
    if isinstance(networks, str):
        networks = [part.strip() for part in networks.split(",")]
    return _networks.networks(networks)


class SharedNetworks:
    """A set of networks as a task receives it: a broadcast variable, or its contents where there is none (Connect)."""

    def __init__(self, key, broadcast, contents):
        self.key, self.broadcast, self.contents = key, broadcast, contents

    def get(self):
        """simdinet.Networks, built by the first call in a process."""
        with _lock:
            found = _sets.get(self.key)
            if found is None:
                contents = self.contents if self.broadcast is None else self.broadcast.value
                while len(_sets) >= _MAX_SETS:
                    del _sets[next(iter(_sets))]
                found = _sets[self.key] = pickle.loads(contents)
            return found


def broadcast(spark, value):
    """(Broadcast, None), or (None, value) in a session without broadcast variables."""
    from pyspark.sql.utils import is_remote
    return (None, value) if is_remote() else (spark.sparkContext.broadcast(value), None)


def share(networks, spark=None):
    """Checks networks, and shares them with the tasks of a session, the active one unless it is given."""
    from pyspark.sql import SparkSession
    spark = spark or SparkSession.getActiveSession()
    if spark is None:
        raise RuntimeError("networks need an active SparkSession")
    built = _networks_of(networks)
    contents = pickle.dumps(built)
    key = hashlib.sha256(contents).digest()
    with _lock:
        _sets.setdefault(key, built)
    return SharedNetworks(key, *broadcast(spark, contents))


@functools.lru_cache(maxsize=_MAX_SETS)
def text_set(text):
    """The networks of a text with commas."""
    return _networks_of(text)
