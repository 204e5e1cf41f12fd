"""The workload of runs: spans of a project or results of experiments, and which of them have labels.

Spans come in at an even rate, at all times up to the present, and are counted from one fixed moment on: neighbouring
windows share none and miss none. A run takes the oldest of its window first, up to its limit. What has labels follows
from the completed runs of the same task: their windows or experiments, and how many items they counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from axtasks.mock.contract import vocabulary
from axtasks.mock.world.model import Counts

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Iterable, Sequence

    from axtasks.mock.world.model import Experiment, Project, TaskRun
    from axtasks.mock.world.world import World

LONGEST_WINDOW = timedelta(days=30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_SECONDS = 3600
FINEST_SHARE = 1_000_000

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """The number of items that a run covers, and of those with labels from earlier runs."""

    items: int
    labelled: int = 0


@lru_cache(maxsize=256)
def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(FINEST_SHARE)


def spans_until(project: Project, moment: datetime) -> int:
    """Count the spans of a project before a moment, from one fixed moment on."""
    hours = Fraction(round((moment - EPOCH).total_seconds() * 1000), HOUR_SECONDS * 1000)
    return math.floor(hours * _exact(project.spans_per_hour))


def over_spans(
    project: Project,
    window: Window,
    *,
    now: datetime,
    sampling_rate: float | None,
    max_spans: int,
    earlier: Iterable[TaskRun],
) -> Work:
    """The work of a run over a window of spans; no sampling rate means all of them, and the future has none yet."""
    rate = Fraction(1) if sampling_rate is None else _exact(sampling_rate)
    first = spans_until(project, window[0])
    last = max(first, spans_until(project, min(window[1], now)))
    items = min(max_spans, round((last - first) * rate))
    if items == 0:
        return Work(0)
    reach = min(last, first + math.ceil(items / rate))
    labelled = 0
    seen = first
    for start, end in sorted(_labelled(project, rate, earlier)):
        seen = max(seen, start)
        if seen < min(end, reach):
            labelled += min(end, reach) - seen
            seen = min(end, reach)
    return Work(items, min(items, round(labelled * rate)))


def _labelled(project: Project, rate: Fraction, runs: Iterable[TaskRun]) -> Iterable[tuple[int, int]]:
    for run in runs:
        if run.status != vocabulary.COMPLETED or run.data_start_time is None or run.data_end_time is None:
            continue
        start = spans_until(project, run.data_start_time)
        yield start, min(spans_until(project, run.data_end_time), start + math.ceil(_counted(run) / rate))


def over_results(world: World, experiments: Sequence[str], *, max_spans: int, earlier: Iterable[TaskRun]) -> Work:
    """The work of a run over results of experiments, in the order in which these are named."""
    labelled: dict[str, int] = {}
    for run in earlier:
        if run.status == vocabulary.COMPLETED:
            for identifier, taken in _shares(world, run.experiment_ids, _counted(run)):
                labelled[identifier] = max(taken, labelled.get(identifier, 0))
    shares = _shares(world, experiments, max_spans)
    return Work(
        sum(taken for _, taken in shares), sum(min(taken, labelled.get(identifier, 0)) for identifier, taken in shares)
    )


def _shares(world: World, experiments: Iterable[str], limit: int) -> list[tuple[str, int]]:
    shares: list[tuple[str, int]] = []
    for identifier in dict.fromkeys(experiments):
        experiment = world.experiments.get(identifier)
        if experiment is not None:
            taken = min(limit, results_of(world, experiment))
            limit -= taken
            shares.append((identifier, taken))
    return shares


def results_of(world: World, experiment: Experiment) -> int:
    """Count the results of an experiment: those its run brought, else one for each example of its version."""
    if experiment.results is not None:
        return experiment.results
    version = world.dataset_versions.get(experiment.dataset_version_id or "")
    return 0 if version is None else len(version.example_ids)


def _counted(run: TaskRun) -> int:
    return run.counts.successes + run.counts.errors + run.counts.skipped


ERROR_RATE = 0.0025
SKIP_RATE = 0.0275
DONE_BEFORE_FAILING = (0.1, 0.6)


def examples_to_run(held: Collection[str], chosen: Collection[str] | None, max_examples: int | None) -> tuple[int, int]:
    """Count the examples that an experiment runs, and the chosen ones it skips as the dataset lacks them."""
    if chosen is None:
        return (len(held) if max_examples is None else min(max_examples, len(held))), 0
    known = len(set(chosen) & set(held))
    return known, len(set(chosen)) - known


def evaluation_counts(items: int, labelled: int, rng: random.Random) -> Counts:
    """Count how an evaluation of items goes: labelled ones are passed over, a few break, a few more are skipped."""
    fresh = items - labelled
    errors = _some(fresh, ERROR_RATE, rng)
    skipped = _some(fresh - errors, SKIP_RATE, rng)
    return Counts(successes=fresh - errors - skipped, errors=errors, skipped=skipped + labelled)


def experiment_counts(examples: int, skipped: int, rng: random.Random) -> Counts:
    """Draw the counts of an experiment over so many examples: a success is an example with an answer (J26)."""
    errors = _some(examples, ERROR_RATE, rng)
    return Counts(successes=examples - errors, errors=errors, skipped=skipped)


def counts_of_failure(planned: Counts, rng: random.Random) -> Counts:
    """Draw the counts of a run that breaks: some of what would have gone well, and the rest in error."""
    successes = round(planned.successes * rng.uniform(*DONE_BEFORE_FAILING))
    return Counts(successes, planned.errors + planned.successes - successes, planned.skipped)


def _some(items: int, rate: float, rng: random.Random) -> int:
    return min(items, round(items * rate * rng.uniform(0.5, 1.5)))
