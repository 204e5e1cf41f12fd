"""The amount of work of a run, as far as the documents let it be predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model.model_state import COMPLETED, DEFAULT_MAX_SPANS, Model, Run, Task, Work
from tests.model.model_world import USELESS_INTEGRATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def over_experiments(model: Model, task: Task, experiments: Sequence[str], *, most: int | None, override: bool) -> Work:
    """Return the work of an evaluation over experiments: their results without labels (C30, C31, C37)."""
    limit = DEFAULT_MAX_SPANS if most is None else most
    results = [model.results_of(each) for each in dict.fromkeys(experiments)]
    known = [each for each in results if each is not None]
    if len(known) < len(results):
        return Work(0, limit, None)
    total = min(sum(known), limit)
    is_limited = sum(known) > limit
    earlier = [] if override else _leaving_labels(task)
    if not earlier or total == 0:
        return Work(total, total, total == 0, is_limited)
    covered = {each for run in earlier for each in run.experiments}
    if all(len(run.statuses) == 1 and not run.work.is_limited and run.work.is_idle is False for run in earlier):
        fresh = [each for each in dict.fromkeys(experiments) if each not in covered and model.results_of(each)]
        if not fresh:
            return Work(total, total, is_idle=True)
        if not is_limited:
            return Work(total, total, is_idle=False)
    return Work(total, total, None, is_limited)


def _leaving_labels(task: Task) -> list[Run]:
    """Return the runs of a task that have evaluated something, or may have."""
    return [run for run in task.runs if run.has_ended and COMPLETED in run.statuses and not run.work.is_idle]


def over_spans(
    model: Model, task: Task, window: tuple[datetime, datetime], *, now: datetime, most: int | None, override: bool
) -> Work:
    """Return the work of an evaluation over spans; there are no spans in the future (C31, C37)."""
    limit = DEFAULT_MAX_SPANS if most is None else most
    project = model.project(task.fields["project_id"])
    assert project is not None
    seconds = max(0.0, (min(window[1], now) - window[0]).total_seconds())
    rate = task.fields["sampling_rate"]
    share = 1 if rate is None else rate
    spans = seconds * project.spans_per_hour / 3600 * share
    if spans == 0:
        return Work(0, 0, is_idle=True)
    least, most_items = max(0, int(spans) - 2), int(spans) + 2
    work = Work(min(least, limit), min(most_items, limit), None if least < 1 else False, least > limit)
    overlapping = [
        run
        for run in ([] if override else _leaving_labels(task))
        if run.window is not None and (run.window[0] is None or run.window[0] < window[1]) and window[0] < run.window[1]
    ]
    if not overlapping or work.is_idle is None:
        return work if not overlapping else Work(0, work.most, None, work.is_limited)
    return Work(work.least, work.most, None, work.is_limited)


def of_experiment(
    model: Model, task: Task, version_id: str, *, chosen: Sequence[str] | None, most: int | None
) -> tuple[Work, int]:
    """Return the work of an experiment, and the number of chosen examples that do not exist (C24, C37, J23, J24)."""
    dataset = model.dataset(task.fields["dataset_id"])
    assert dataset is not None
    held = next(version.examples for version in dataset.versions if version.id == version_id)
    if task.fields["run_configuration"].get("ai_integration_id") == USELESS_INTEGRATION:
        return Work(0, 0, is_idle=True, is_broken=True), 0
    if chosen is None:
        count = len(held) if most is None else min(most, len(held))
        return Work(count, count, is_idle=count == 0), 0
    known = set(chosen) & set(held)
    unknown = len(set(chosen) - known)
    total = len(known) + unknown
    return Work(total, total, is_idle=not known), unknown
