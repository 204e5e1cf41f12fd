"""Probes of writes to runs whose response was lost. Documented for callers in README's table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from axtasks_api_beta import models
from axtasks_api_beta.api.experiments import get_experiment
from axtasks_api_beta.api.task_runs import get_task_run, list_task_runs
from axtasks_api_beta.api.tasks import get_task
from axtasks_api_beta.types import UNSET, Unset

from axtasks.engine.effects import Applied, Flow, NotObserved, Undecided, now, send
from axtasks.engine.server_clock import MOST_SKEW, SLACK, sent_after, with_date
from axtasks.errors import AxError, BadRequestError, ConflictError, NotFoundError
from axtasks.pagination.cursor import follow
from axtasks.polling.outcome import is_under_way
from axtasks.resolution.kinds import EXPERIMENT
from axtasks.resolution.lookup import list_by_name
from axtasks.validation import LARGEST_PAGE, LONGEST_NAME_FILTER

if TYPE_CHECKING:
    from axtasks_api_beta.models import (
        TaskRun,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
    )

    from axtasks.engine.caches import TaskSnapshot
    from axtasks.engine.context import ClientContext


# How long before a sending a task may have been seen so that nobody can have triggered it in between unseen, but for
# what may happen between any two requests.
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class CancelRunProbe:
    """A run that may have been cancelled: its status says so.

    Attributes:
        run_id: its id.
    """

    run_id: str
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """The run, if it is cancelled."""
        del context, sent_at, refused
        run = yield from send(get_task_run.operation, self.run_id)
        return Applied(run) if run.status == models.TaskRunStatus.CANCELLED else NotObserved()

    def may_echo(self, error: AxError) -> bool:
        """A run that has ended."""
        return isinstance(error, BadRequestError)


@dataclass(frozen=True, slots=True)
class TriggerEvaluationProbe:
    """A run of an evaluation task that may have been triggered: the one that is newer than the sending.

    Nothing protects a second trigger, so it is never sent again unless the server is done with the first.

    Attributes:
        task_id: its id.
        before: the task as it was last seen before, if it was.
        body: what was sent.
    """

    task_id: str
    before: TaskSnapshot | None
    body: TriggerEvaluationTaskRunRequest
    is_repeatable = False

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """The one run that came of it."""
        del refused
        bounds = (self.body.data_start_time, self.body.data_end_time)
        new, recent = yield from _new_runs(context, self.task_id, self.before, sent_at)
        runs = [run for run in new if _has_bounds(run, bounds)]
        recent = [run for run in recent if _has_bounds(run, bounds)]
        if not runs:
            # It may still show. Those that began a little before are somebody else's, or it is another clock's time.
            return NotObserved(recent)
        if all(isinstance(bound, Unset) for bound in bounds):
            task = yield from send(get_task.operation, self.task_id)
            if task.is_continuous:
                return Undecided("a continuous task has runs that nobody triggers", runs)
        return _the_one(context, self.task_id, runs)

    def may_echo(self, error: AxError) -> bool:
        """Nothing: runs do not stand in each other's way."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class TriggerExperimentProbe:
    """A run of a run_experiment task that may have been triggered: the one whose experiment has the unique name.

    Attributes:
        task_id: its id.
        before: the task as it was last seen before, if it was.
        body: what was sent.
    """

    task_id: str
    before: TaskSnapshot | None
    body: TriggerRunExperimentTaskRunRequest
    is_repeatable = True

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool = False
    ) -> Flow[Applied[TaskRun] | NotObserved | Undecided]:
        """The run whose experiment bears the name.

        A run that has no experiment yet may be about another name, and be somebody else's. It only counts once the name
        was refused as taken, and by no experiment that is there. One that ended without an experiment left the name
        free, so what it was about is never known.
        """
        is_on_its_way = refused and not (yield from self._is_there(context))
        new, recent = yield from _new_runs(context, self.task_id, self.before, sent_at)
        # Of a task that was seen just before all runs since are new, whatever the clocks.
        is_fresh = self.before is not None and sent_at - self.before.requested_at <= FRESH_SECONDS
        ours, nameless = yield from self._bearers(new + recent if is_fresh else new)
        if ours:
            return Applied(ours[0])
        if nameless and is_on_its_way:
            return _the_one(context, self.task_id, nameless)
        gone = [run for run in nameless if not is_under_way(run)]
        if gone:
            return Undecided("a run of the task that began at that time ended without an experiment", gone)
        theirs, nameless = yield from self._bearers(recent if refused and not is_fresh else [])
        if theirs or (nameless and is_on_its_way):
            return Undecided("a run of the task began a little before, or by another clock", theirs or nameless)
        return NotObserved()

    def _bearers(self, runs: list[TaskRun]) -> Flow[tuple[list[TaskRun], list[TaskRun]]]:
        """Of some runs those whose experiment bears the name, and those that have no experiment yet."""
        bearers: list[TaskRun] = []
        nameless: list[TaskRun] = []
        for run in runs:
            if run.experiment_id is None:
                nameless.append(run)
                continue
            try:
                experiment = yield from send(get_experiment.operation, run.experiment_id)
            except NotFoundError:
                # It was deleted meanwhile, so it is not the one that was just made.
                continue
            if experiment.name == self.body.experiment_name:
                bearers.append(run)
        return bearers, nameless

    def _is_there(self, context: ClientContext) -> Flow[bool]:
        """Whether an experiment over the task's dataset has the name."""
        name = self.body.experiment_name
        facts = self.before
        if facts is None:
            moment = yield from now()
            facts = context.tasks.store((yield from send(get_task.operation, self.task_id)), requested_at=moment)
        within = UNSET if facts.dataset_id is None else facts.dataset_id
        seen = yield from list_by_name(context, EXPERIMENT, name[:LONGEST_NAME_FILTER], within)
        return any(experiment.name == name for experiment in seen)

    def may_echo(self, error: AxError) -> bool:
        """A taken name."""
        return isinstance(error, ConflictError)


def _the_one(context: ClientContext, task_id: str, runs: list[TaskRun]) -> Applied[TaskRun] | Undecided:
    """The only run there is."""
    if len(runs) > 1:
        return Undecided(f"{len(runs)} runs of the task began at that time", runs)
    if context.triggers.is_crowded(task_id):
        return Undecided("this client was triggering the task more than once at that time", runs)
    return Applied(runs[0])


def _new_runs(
    context: ClientContext, task_id: str, before: TaskSnapshot | None, sent_at: float
) -> Flow[tuple[list[TaskRun], list[TaskRun]]]:
    """The runs of a task that are no older than a sending, and those that are if there is but one clock.

    Those that came of another trigger of this client are left out.

    Args:
        context: what the flows of the client share.
        task_id: the id of the task.
        before: the task as it was last seen before the sending, if it was.
        sent_at: the monotonic time in seconds of the sending.
    """
    # By id, since a list that grows while it is paged through may show one run twice.
    new: dict[str, TaskRun] = {}
    recent: dict[str, TaskRun] = {}
    cursor: str | Unset = UNSET
    followed: set[str] = set()
    while True:
        page = yield from send(with_date(list_task_runs.operation), task_id, limit=LARGEST_PAGE, cursor=cursor)
        earliest = yield from sent_after(page, sent_at)
        following = follow(page.value, followed, "runs", most_pages=context.settings.limits.pages)
        for run in page.value.task_runs:
            if _is_old(run, before, earliest):
                # Newest first: the first old one ends it.
                following = None
            elif context.triggers.get(run.id) is None:
                (new if earliest is None or run.created_at >= earliest else recent)[run.id] = run
        if following is None:
            return list(new.values()), list(recent.values())
        cursor = following


def _is_old(run: TaskRun, before: TaskSnapshot | None, earliest: datetime | None) -> bool:
    """Whether a run was there before a sending, whatever the clocks."""
    if before is not None and before.last_run_at is not None and run.created_at <= before.last_run_at:
        return True
    return earliest is not None and run.created_at < earliest - MOST_SKEW


def _has_bounds(run: TaskRun, bounds: tuple[datetime | Unset, ...]) -> bool:
    """Whether a run evaluates the window that was asked for; the server may round its bounds.

    Where no end was asked for, the window of a task over a project ends when the run is triggered (decision I11).
    """
    seen = (run.data_start_time, run.data_end_time)
    if isinstance(bounds[1], Unset) and seen[1] is not None and abs(seen[1] - run.created_at) > MOST_SKEW:
        return False
    return all(
        isinstance(bound, Unset) or (isinstance(at, datetime) and abs(at - bound) < SLACK)
        for bound, at in zip(bounds, seen, strict=True)
    )
