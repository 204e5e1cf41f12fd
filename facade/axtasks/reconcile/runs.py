"""Probes of run writes whose response was lost, as the table of docs/guides/retries.md documents them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from axtasks_api import models
from axtasks_api.api.experiments import get_experiment
from axtasks_api.api.task_runs import get_task_run, list_task_runs
from axtasks_api.api.tasks import get_task
from axtasks_api.codec import has
from axtasks_api.types import Unset

from axtasks.engine.attempts import send
from axtasks.engine.effects import Applied, Flow, NotObserved, Undecided
from axtasks.engine.server_clock import MOST_SKEW, SLACK, sent_after, shifted, with_date
from axtasks.errors import AxError, BadRequestError, ConflictError, NotFoundError
from axtasks.inputs.task_bodies import read_task
from axtasks.pagination.cursor import each_page
from axtasks.polling.outcome import is_under_way, status_of
from axtasks.resolution.kinds import EXPERIMENT
from axtasks.resolution.lookup import list_by_name
from axtasks.validation import LARGEST_PAGE, unset_if_none

if TYPE_CHECKING:
    from axtasks_api.models import (
        Experiment,
        TaskRun,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
    )

    from axtasks.engine.caches import TaskSnapshot
    from axtasks.engine.context import ClientContext
    from axtasks.pagination.cursor import ListResponse


# A task that was read at most so long before a trigger is taken to have had no other trigger in between.
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class CancelRunProbe:
    """Detect a cancellation by the run's status."""

    run_id: str
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """Return the run, if it is cancelled."""
        del sent_at
        run = yield from send(context, get_task_run.operation, self.run_id)
        if refused and status_of(run) is None:
            return Undecided("the run came without its status", [run])
        return Applied(run) if status_of(run) == models.TaskRunStatus.CANCELLED else NotObserved()

    def may_echo(self, error: AxError) -> bool:
        """Return True for a run that has ended."""
        return isinstance(error, BadRequestError)


@dataclass(frozen=True, slots=True)
class TriggerEvaluationProbe:
    """Find the triggered run of an evaluation task: the one that is newer than the request and the task `before` it.

    A second trigger would start a second run, so it is only sent once the server is done with the first.
    """

    task_id: str
    before: TaskSnapshot | None
    body: TriggerEvaluationTaskRunRequest
    is_repeatable = False

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """Return the new run, if there is exactly one."""
        del refused
        bounds = (self.body.data_start_time, self.body.data_end_time)
        new, recent = yield from _new_runs(context, self.task_id, self.before, sent_at)
        runs = [run for run in new if has_bounds(run, bounds)]
        recent = [run for run in recent if has_bounds(run, bounds)]
        if not runs:
            # It may appear later. Recent runs were triggered by others, or the clocks differ.
            return NotObserved(recent)
        if all(isinstance(bound, Unset) for bound in bounds):
            task = yield from send(context, get_task.operation, self.task_id)
            if not has(task, "is_continuous"):
                return Undecided("the task came without is_continuous, and may have runs that nobody triggers", runs)
            if task.is_continuous:
                return Undecided("a continuous task has runs that nobody triggers", runs)
        return _only_run(context, self.task_id, runs)

    def may_echo(self, error: AxError) -> bool:
        """Return False: a run does not conflict with another."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class TriggerExperimentProbe:
    """Find the triggered run of a run_experiment task: the one whose experiment has the unique name."""

    task_id: str
    before: TaskSnapshot | None
    body: TriggerRunExperimentTaskRunRequest
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """Return the run whose experiment has the name.

        A run without an experiment yet may belong to another trigger. It only counts once the name was refused as
        taken, and no experiment has it. One that ended without an experiment left the name free, so its name is never
        known.
        """
        is_name_reserved = refused and not (yield from self._has_experiment(context))
        new, recent = yield from _new_runs(context, self.task_id, self.before, sent_at)
        # All runs since a task was last read are new, whatever the clocks, if it is known which were there before.
        is_fresh = (
            self.before is not None
            and self.before.has_last_run_at
            and sent_at - self.before.requested_at <= FRESH_SECONDS
            and all(has(run, "created_at") for run in recent)
        )
        matches, nameless = yield from self._match_name(context, new + recent if is_fresh else new)
        if matches:
            return Applied(matches[0])
        if nameless and is_name_reserved:
            return _only_run(context, self.task_id, nameless)
        ended = [run for run in nameless if status_of(run) is None or not is_under_way(run)]
        if ended:
            return Undecided("a run of the task that began at that time ended without an experiment", ended)
        matches, nameless = yield from self._match_name(context, recent if refused and not is_fresh else [])
        if matches or (nameless and is_name_reserved):
            return Undecided("a run of the task began a little before, or by another clock", matches or nameless)
        return NotObserved()

    def _match_name(self, context: ClientContext, runs: list[TaskRun]) -> Flow[tuple[list[TaskRun], list[TaskRun]]]:
        """Return the runs whose experiment has the name, and those without an experiment yet."""
        matches: list[TaskRun] = []
        nameless: list[TaskRun] = []
        for run in runs:
            if run.experiment_id is None:
                nameless.append(run)
                continue
            try:
                experiment = yield from send(context, get_experiment.operation, run.experiment_id)
            except NotFoundError:
                # Deleted in the meantime, so not the one that was just created.
                continue
            if experiment.name == self.body.experiment_name:
                matches.append(run)
        return matches, nameless

    def _has_experiment(self, context: ClientContext) -> Flow[bool]:
        """Return True if an experiment over the task's dataset has the name."""
        task = self.before or (yield from read_task(context, self.task_id))
        name = self.body.experiment_name
        return (yield from find_experiment(context, name, dataset_id=task.dataset_id)) is not None

    def may_echo(self, error: AxError) -> bool:
        """Return True for a taken name."""
        return isinstance(error, ConflictError)


def find_experiment(context: ClientContext, name: str, *, dataset_id: str | None) -> Flow[Experiment | None]:
    """Return the experiment that has a name, over a dataset or, if None is given, over any; None if there is none."""
    named = yield from list_by_name(context, EXPERIMENT, name, unset_if_none(dataset_id))
    return next((each for each in named if isinstance(each, models.Experiment) and each.name == name), None)


def _only_run(context: ClientContext, task_id: str, runs: list[TaskRun]) -> Applied[TaskRun] | Undecided:
    """Return the run if it is the only candidate."""
    if len(runs) > 1:
        return Undecided(f"{len(runs)} runs of the task began at that time", runs)
    if context.triggers.is_crowded(task_id):
        return Undecided("this client was triggering the task more than once at that time", runs)
    return Applied(runs[0])


def _new_runs(
    context: ClientContext, task_id: str, before: TaskSnapshot | None, sent_at: float
) -> Flow[tuple[list[TaskRun], list[TaskRun]]]:
    """Return the runs since a request, and those that may be, as clocks may differ, without other triggers' runs."""
    # By id, since a list that grows while it is read may return one run twice.
    new: dict[str, TaskRun] = {}
    recent: dict[str, TaskRun] = {}

    def read(cursor: str | Unset) -> Flow[ListResponse | None]:
        page = yield from send(context, with_date(list_task_runs.operation), task_id, limit=LARGEST_PAGE, cursor=cursor)
        earliest = sent_after(page, sent_at, context.clock)
        has_old = False
        for run in page.value.task_runs:
            if _is_old(run, before, earliest):
                has_old = True
            elif context.triggers.get(run.id) is None:
                (new if _is_since(run, earliest) else recent)[run.id] = run
        # Newest first: all later pages are older.
        return None if has_old else page.value

    yield from each_page(read, "runs", most_pages=context.settings.limits.pages)
    return list(new.values()), list(recent.values())


def _is_since(run: TaskRun, earliest: datetime | None) -> bool:
    """Return True if a run is known to be no older than the request; none is if the server sends no `Date`."""
    return earliest is not None and has(run, "created_at") and run.created_at >= earliest


def _is_old(run: TaskRun, before: TaskSnapshot | None, earliest: datetime | None) -> bool:
    """Return True if a run is known to be older than the request, whatever the clocks."""
    if not has(run, "created_at"):
        return False
    if before is not None and before.last_run_at is not None and run.created_at <= before.last_run_at:
        return True
    return earliest is not None and run.created_at < shifted(earliest, -MOST_SKEW)


def has_bounds(run: TaskRun, bounds: tuple[datetime | Unset, ...]) -> bool:
    """Return True if a run evaluates the requested window; the server may round its bounds.

    Where no end was requested, the window of a task over a project ends when the run is triggered (decision I11).
    """
    actual = (run.data_start_time, run.data_end_time)
    if isinstance(bounds[1], Unset) and not _ends_when_triggered(run):
        return False
    return all(
        isinstance(bound, Unset) or (isinstance(time, datetime) and abs(time - bound) < SLACK)
        for bound, time in zip(bounds, actual, strict=True)
    )


def _ends_when_triggered(run: TaskRun) -> bool:
    """Return True if the window of a run ends about when it was triggered, or it has none."""
    if not has(run, "data_end_time"):
        return False
    if run.data_end_time is None:
        return True
    return has(run, "created_at") and abs(run.data_end_time - run.created_at) <= MOST_SKEW
