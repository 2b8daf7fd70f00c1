# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One measurement, the results of a run, and what is compared with what."""

import csv
import dataclasses
import io
import json
import statistics
from pathlib import Path

FORMAT = 'simdinet benchmark 1'

# simdinet's own candidates; of its socket functions there is one, in two settings.
ROWS = ('scalar', 'sse42', 'avx2', 'avx512', 'neon')
OWN = (*ROWS, 'simdinet', 'stale')

# What others are compared with: the first of these that was measured beside them.
BASELINES = ('libc', 'loop-O2', 'Hyperscan', 'ripgrep', 'mawk')

FAMILIES = ('parse', 'format', 'column', 'lines', 'scan', 'socket', 'swap')
_PREFIXES = (('parse_', 'parse'), ('pton_', 'parse'), ('format_', 'format'), ('ntop_', 'format'),
             ('column_', 'column'), ('lines_', 'lines'), ('scan_', 'scan'), ('command_', 'scan'),
             ('get', 'socket'), ('swap', 'swap'))

COLUMNS = ('family', 'operation', 'corpus', 'n', 'candidate', 'row', 'statistic', 'unit', 'min',
           'median', 'spread', 'gigabytes_per_second', 'baseline', 'ratio', 'rounds', 'result')


def family_of(operation):
    """The family of an operation; '' for the empty call, which belongs to none."""
    return next((family for prefix, family in _PREFIXES if operation.startswith(prefix)), '')


@dataclasses.dataclass
class Measurement:
    """What one candidate did. rounds are in units an item: nanoseconds, or instructions."""

    operation: str
    corpus: str
    candidate: str
    n: int  # items of a call
    rounds: list
    statistic: str = 'average'  # or a percentile of single calls, or a machine's instructions
    unit: str = 'ns'
    gigabytes: float = 0.0  # a second, in the fastest round
    right: bool = True  # results are those of the others
    note: str = ''  # what is wrong with them

    @property
    def key(self):
        return self.operation, self.corpus, self.candidate, self.statistic

    @property
    def family(self):
        return family_of(self.operation)

    @property
    def own(self):
        return self.candidate in OWN

    @property
    def min(self):
        return min(self.rounds)

    @property
    def median(self):
        return statistics.median(self.rounds)

    @property
    def spread(self):
        """How far the usual round lies above the fastest, as a share of that."""
        return self.median / self.min - 1 if self.min else 0.0


class Results:
    """All measurements of a run, in the order of the report, and what is known of the machine."""

    def __init__(self, context=None, measurements=(), latency=()):
        self.context = dict(context or {})
        self.latency = list(latency)  # the shares of calls below each time, for the picture
        self._by_key = {}
        for measurement in measurements:
            self.add(measurement)

    def add(self, measurement):
        self._by_key[measurement.key] = measurement

    def merge(self, other):
        """Adds another run; of the machine, what was known before stays."""
        self.context = {**other.context, **self.context}
        self.latency += other.latency
        for measurement in other:
            self.add(measurement)

    def __iter__(self):
        return iter(self._by_key.values())

    def __len__(self):
        return len(self._by_key)

    def get(self, operation, corpus, candidate, statistic='average'):
        return self._by_key.get((operation, corpus, candidate, statistic))

    def select(self, operation=None, corpus=None, statistic=None):
        return [m for m in self if operation in (None, m.operation) and corpus in (None, m.corpus)
                and statistic in (None, m.statistic)]

    def operations(self):
        return list(dict.fromkeys(m.operation for m in self))

    def baseline(self, measurement):
        """What a measurement is compared with; None where there is nothing, or it is that itself."""
        for name in BASELINES:
            base = self.get(measurement.operation, measurement.corpus, name, measurement.statistic)
            if base is not None:
                return None if base is measurement else base
        return None

    def ratio(self, measurement):
        """How many times faster than its baseline; None where there is none."""
        base = self.baseline(measurement)
        return base.min / measurement.min if base and measurement.min else None

    def wrong(self):
        """The own candidates whose results are wrong."""
        return [m for m in self if m.own and not m.right]

    # ---- files ----------------------------------------------------------------------------------

    def save(self, path):
        document = {'format': FORMAT, 'context': self.context,
                    'measurements': [dataclasses.asdict(m) for m in self], 'latency': self.latency}
        Path(path).write_text(json.dumps(document, indent=1) + '\n', encoding='utf-8')

    @classmethod
    def load(cls, path):
        """Raises ValueError with a sentence where the file is not one of save's."""
        try:
            document = json.loads(Path(path).read_text(encoding='utf-8'))
            if document.get('format') != FORMAT:
                raise ValueError(f'its format is not "{FORMAT}"')
            return cls(document['context'], [Measurement(**m) for m in document['measurements']],
                       document['latency'])
        except OSError as error:
            raise ValueError(f'{path}: {error.strerror}') from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f'{path} holds no results of this benchmark: {error}') from error

    def rows(self):
        """The table: a dictionary of strings for each measurement."""
        for m in self:
            base = self.baseline(m)
            ratio = self.ratio(m)
            yield dict(zip(COLUMNS, (
                m.family, m.operation, m.corpus, str(m.n), m.candidate,
                m.candidate if m.candidate in ROWS else '', m.statistic, m.unit, f'{m.min:.3f}',
                f'{m.median:.3f}', f'{m.spread:.4f}', f'{m.gigabytes:.3f}' if m.gigabytes else '',
                base.candidate if base else '', f'{ratio:.3f}' if ratio else '',
                str(len(m.rounds)), 'right' if m.right else f'WRONG {m.note}'.rstrip())))

    def csv(self):
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator='\n')
        writer.writeheader()
        writer.writerows(self.rows())
        return out.getvalue()


def read_csv(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def label(candidate, context=None):
    """The name of a candidate for people."""
    libc = (context or {}).get('libc', 'libc')
    return {'libc': libc, 'scalar': 'scalar', 'sse42': 'SSE4.2', 'avx2': 'AVX2',
            'avx512': 'AVX-512', 'neon': 'NEON', 'table': 'lookup table'}.get(candidate, candidate)
