# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sets of networks that a session broadcasts, and that a process builds once."""
import functools
import hashlib
import pickle
import threading

import pyarrow

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


class BuiltSet:
    """A set of networks in a process, and what ip_lookup gives for each."""

    def __init__(self, networks):
        self.networks = networks

    @functools.cached_property
    def texts(self):
        networks = self.networks
        values = networks.values if networks.values is not None else list(networks)
        return pyarrow.array([None if value is None else str(value) for value in values], pyarrow.string())

    def contains(self, column):
        return pyarrow.array(self.networks.contains(column))

    def look_up(self, column):
        return self.texts.take(pyarrow.array(self.networks.lookup_index(column)))


class SharedNetworks:
    """A set of networks as a task receives it: a broadcast variable, or its contents where there is none (Connect)."""

    def __init__(self, key, broadcast, contents):
        self.key, self.broadcast, self.contents = key, broadcast, contents

    def get(self):
        """The BuiltSet, built by the first call in a process."""
        with _lock:
            found = _sets.pop(self.key, None)
            if found is None:
                contents = self.contents if self.broadcast is None else self.broadcast.value
                while len(_sets) >= _MAX_SETS:
                    del _sets[next(iter(_sets))]
                found = BuiltSet(pickle.loads(contents))
            _sets[self.key] = found  # the last one is the latest that was used
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
    contents = pickle.dumps(_networks_of(networks))
    return SharedNetworks(hashlib.sha256(contents).digest(), *broadcast(spark, contents))


@functools.lru_cache(maxsize=_MAX_SETS)
def text_set(text):
    """The BuiltSet of a text with commas."""
    return BuiltSet(_networks_of(text))
