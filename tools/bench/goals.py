# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The figures that are asked for, and whether they are met."""

import dataclasses
import math
from pathlib import Path

FILE = Path(__file__).with_name('goals.tsv')


@dataclasses.dataclass
class Goal:
    """A candidate's speed, as a multiple of another's, or in GB/s where there is no other."""

    key: tuple
    other: tuple
    required: float
    wished: float

    @property
    def against(self):
        if self.other is None:
            return 'GB/s'
        return '/'.join(theirs for theirs, own in zip(self.other, self.key) if theirs != own)

    @property
    def wish(self):
        """The goal beyond what is required, in words; empty where there is none."""
        return '' if self.wished is None else f'{self.wished:g}'


@dataclasses.dataclass
class Verdict:
    """A goal and what was measured."""

    goal: Goal
    measured: float
    right: bool

    @property
    def met(self):
        return self.right and self.measured >= self.goal.required

    @property
    def words(self):
        if not self.right:
            return 'WRONG'
        if not self.met:
            return f'MISSED: {_share(self.measured, self.goal.required)}'
        if self.goal.wished is None:
            return 'met'
        if self.measured >= self.goal.wished:
            return 'met, goal too'
        return f'met, goal: {_share(self.measured, self.goal.wished)}'


def _share(measured, asked):
    """In per cent, cut: what is not all of it is not 100 %."""
    return f'{math.floor(100 * measured / asked)}%'


def read(path=FILE):
    """Yields the goals; the file's corpora, operations and candidates may be lists."""
    lines = [line.split('\t') for line in Path(path).read_text(encoding='utf-8').splitlines()
             if line and not line.startswith('#')]
    for operations, corpora, candidates, against, required, wished in lines[1:]:
        for operation in operations.split(','):
            for corpus in corpora.split(','):
                for candidate in candidates.split(','):
                    key = operation, corpus, candidate
                    other = None if against == 'GB/s' else tuple(
                        own if part == '=' else part
                        for own, part in zip(key, against.split('/')))
                    yield Goal(key, other, float(required),
                               None if wished == '-' else float(wished))


def judge(results, path=FILE):
    """Returns the verdicts on what was measured, and how many goals were not."""
    verdicts, missing = [], 0
    for goal in read(path):
        own = results.get(*goal.key)
        other = results.get(*goal.other) if goal.other else None
        if own is None or (goal.other and other is None):
            missing += 1
            continue
        measured = other.min / own.min if other else own.gigabytes
        verdicts.append(Verdict(goal, measured, own.right and (other is None or other.right)))
    return verdicts, missing
