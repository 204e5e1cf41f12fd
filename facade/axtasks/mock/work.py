"""What an evaluation run finds to do: spans of a project or results of experiments, and which of them have labels.

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

from . import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Experiment, Project, TaskRun
    from .world import World

LONGEST_WINDOW = timedelta(days=30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_SECONDS = 3600
FINEST_SHARE = 1_000_000

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """How many items a run covers, and how many of these have labels from earlier runs."""

    items: int
    labelled: int = 0


@lru_cache(maxsize=256)
def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(FINEST_SHARE)


def spans_until(project: Project, moment: datetime) -> int:
    """How many spans of a project there are before a moment, counted from one fixed moment on."""
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
        if run.status != words.COMPLETED or run.data_start_time is None or run.data_end_time is None:
            continue
        start = spans_until(project, run.data_start_time)
        yield start, min(spans_until(project, run.data_end_time), start + math.ceil(_counted(run) / rate))


def over_results(world: World, experiments: Sequence[str], *, max_spans: int, earlier: Iterable[TaskRun]) -> Work:
    """The work of a run over results of experiments, in the order in which these are named."""
    labelled: dict[str, int] = {}
    for run in earlier:
        if run.status == words.COMPLETED:
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
    """How many results an experiment has: those its run brought, else one for each example of its dataset version."""
    if experiment.results is not None:
        return experiment.results
    version = world.dataset_versions.get(experiment.dataset_version_id or "")
    return 0 if version is None else len(version.example_ids)


def _counted(run: TaskRun) -> int:
    return run.counts.successes + run.counts.errors + run.counts.skipped
