# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One run against an older one: has an operation become slower by more than the noise?

Of each candidate of simdinet the fastest rounds are compared, new over old. Where its baseline was
measured beside it in both runs, what the machine has become slower or faster by in between is what
the baseline has become, and is taken out. The noise is how far usual rounds lie above the fastest,
in both runs and of all that the figure is made of, and a part that rounds do not show.
"""

import dataclasses

# Two runs of one build differ by this much though their rounds agree. A quick run has three rounds of
# one process, and the next one's memory lies elsewhere.
BETWEEN_RUNS, BETWEEN_QUICK_RUNS = 0.05, 0.25

# Counts are exact; a few more instructions are another build of libc, or of a loop.
INSTRUCTIONS = 0.01

# Percentiles of single calls and wall time belong to the machine, too.
JUDGED = ('average', 'mean', 'processor', 'x86-64', 'aarch64')


@dataclasses.dataclass
class Change:
    """How a measurement has changed: new time over old time, 1.10 being a tenth slower."""

    measurement: object
    quotient: float
    noise: float

    @property
    def slower(self):
        return self.quotient > 1 + self.noise

    @property
    def faster(self):
        return self.quotient < 1 - self.noise

    @property
    def words(self):
        return 'SLOWER' if self.slower else 'faster' if self.faster else ''


@dataclasses.dataclass
class Comparison:
    changes: list
    missing: list  # keys of the old run that the new one has not, of families that it has
    added: list

    @property
    def slower(self):
        return [change for change in self.changes if change.slower]


def _judged(measurement):
    """Whether rounds can tell that it has become slower; counts need but one."""
    return measurement.own and measurement.min and measurement.statistic in JUDGED and (
        len(measurement.rounds) >= 3 or measurement.unit == 'instructions')


def _change(old, new, before, after):
    quotient, noise = after.min / before.min, before.spread + after.spread
    old_base, new_base = old.baseline(before), new.baseline(after)
    if old_base and new_base and old_base.candidate == new_base.candidate:
        quotient /= new_base.min / old_base.min
        noise += old_base.spread + new_base.spread
    quick = 'quick' in (old.context.get('mode'), new.context.get('mode'))
    floor = BETWEEN_QUICK_RUNS if quick else BETWEEN_RUNS
    return Change(after, quotient, noise + (floor if after.unit == 'ns' else INSTRUCTIONS))


def compare(old, new):
    """Compares what both runs have of simdinet's own candidates."""
    comparable = {m.key: m for m in old if _judged(m)}
    changes, added = [], []
    for after in new:
        if not _judged(after):
            continue
        before = comparable.pop(after.key, None)
        if before is None:
            added.append(after.key)
        elif before.unit == after.unit:
            changes.append(_change(old, new, before, after))
    families = {m.family for m in new}
    missing = [key for key, m in comparable.items() if m.family in families]
    return Comparison(changes, missing, added)


def show(comparison):
    """Yields the lines of the comparison."""
    changes = comparison.changes
    yield 'compared with the older run: time now over time then, and the noise of that quotient'
    width = max((len('/'.join(change.measurement.key)) for change in changes), default=0)
    for change in changes:
        yield (f'  {"/".join(change.measurement.key):{width}}  {change.quotient:5.2f} '
               f'± {change.noise:4.2f}  {change.words}').rstrip()
    for key in comparison.missing:
        yield f'  {"/".join(key)} is in the older run only'
    for key in comparison.added:
        yield f'  {"/".join(key)} is in this run only'
    slower = len(comparison.slower)
    faster = sum(change.faster for change in changes)
    yield (f'{slower} slower by more than the noise, {faster} faster, '
           f'{len(changes) - slower - faster} as before, {len(comparison.missing)} not measured now')
