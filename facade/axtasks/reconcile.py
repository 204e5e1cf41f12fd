"""What reading tells of each write whose answer was lost. Documented for callers in README's table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from axtasks_api_beta import models
from axtasks_api_beta.api.experiments import get_experiment
from axtasks_api_beta.api.task_runs import get_task_run, list_task_runs
from axtasks_api_beta.api.tasks import get_task, list_tasks
from axtasks_api_beta.types import UNSET, Unset

from .arguments import LARGEST_PAGE, LONGEST_NAME_FILTER
from .cursors import Cursors, follow
from .effects import Flow, send
from .errors import AxError, BadRequestError, ConflictError, NotFoundError
from .recovery import Happened, NotSeen, Undecided
from .resolve import EXPERIMENT, named
from .server_time import MOST_SKEW, SLACK, dated, sent_after

if TYPE_CHECKING:
    from axtasks_api_beta.models import (
        CreateRunExperimentTaskRequest,
        Task,
        TaskRun,
        TriggerEvaluationTaskRunRequest,
        TriggerRunExperimentTaskRunRequest,
    )

    from .core import Core
    from .dispatch import EvaluationBody, UpdateBody


def shows(wanted: object, seen: object) -> bool:
    """Whether JSON that was read has everything that was sent. The server may add to it; absent and null are alike."""
    if isinstance(wanted, dict):
        return isinstance(seen, dict) and all(shows(value, seen.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(seen, list)
            and len(wanted) == len(seen)
            and all(shows(*pair) for pair in zip(wanted, seen, strict=True))
        )
    return wanted == seen


@dataclass(frozen=True, slots=True)
class CreatedTask:
    """A task that may have been created: found by its name, which is unique, and its content.

    Attributes:
        body: what was sent.
    """

    body: EvaluationBody | CreateRunExperimentTaskRequest
    is_repeatable = True

    def look(self, core: Core, sent_at: float, *, refused: bool = False) -> Flow[Happened[Task] | NotSeen | Undecided]:
        """The task with that name and content, if it is no older than the sending."""
        del refused
        wanted = self.body.to_dict()
        alike: list[Task] = []
        cursor: str | Unset = UNSET
        followed = Cursors()
        while True:
            page = yield from send(
                dated(list_tasks.operation),
                name=self.body.name[:LONGEST_NAME_FILTER],
                project_id=wanted.get("project_id", UNSET),
                dataset_id=wanted.get("dataset_id", UNSET),
                limit=LARGEST_PAGE,
                cursor=cursor,
            )
            earliest = yield from sent_after(page, sent_at)
            for task in page.value.tasks:
                is_new = earliest is None or task.created_at >= earliest
                if is_new and shows(wanted, task.to_dict()):
                    return Happened(task)
                if self._is_alike(task) and (earliest is None or task.created_at >= earliest - MOST_SKEW):
                    alike.append(task)
            following = follow(page.value, followed, "tasks", most_pages=core.settings.limits.pages)
            if following is None:
                break
            cursor = following
        # The server may have its own way of writing things down, and more than one clock.
        return Undecided("there is a task of that name, made at about that time", alike) if alike else NotSeen()

    def _is_alike(self, task: Task) -> bool:
        """Whether a task has what neither the server nor an update can have changed about it."""
        return task.name == self.body.name and (not task.type.is_known or task.type == self.body.type)

    def may_echo(self, error: AxError) -> bool:
        """A taken name."""
        return isinstance(error, ConflictError)


@dataclass(frozen=True, slots=True)
class UpdatedTask:
    """A task that may have been updated: its fields say so. Setting them twice comes to the same as once.

    Attributes:
        before: the task before the update.
        body: what was sent.
    """

    before: Task
    body: UpdateBody
    is_repeatable = True

    def look(self, core: Core, sent_at: float, *, refused: bool = False) -> Flow[Happened[Task] | NotSeen | Undecided]:
        """The task, if it has the new values."""
        del core, sent_at, refused
        task = yield from send(get_task.operation, self.before.id)
        if shows(self.body.to_dict(), task.to_dict()):
            return Happened(task)
        if task.updated_at == self.before.updated_at:
            return NotSeen()
        return Undecided("the task was changed meanwhile, and has other values now", [task])

    def may_echo(self, error: AxError) -> bool:
        """Nothing: the new values do not stand in their own way."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class DeletedTask:
    """A task that may have been deleted: then it is gone, and ids are not given twice.

    Attributes:
        task_id: its id.
    """

    task_id: str
    is_repeatable = True

    def look(self, core: Core, sent_at: float, *, refused: bool = False) -> Flow[Happened[None] | NotSeen | Undecided]:
        """None, if the task is gone."""
        del core, sent_at, refused
        try:
            yield from send(get_task.operation, self.task_id)
        except NotFoundError:
            return Happened(None)
        return NotSeen()

    def may_echo(self, error: AxError) -> bool:
        """A task that is gone."""
        return isinstance(error, NotFoundError)


@dataclass(frozen=True, slots=True)
class CancelledRun:
    """A run that may have been cancelled: its status says so.

    Attributes:
        run_id: its id.
    """

    run_id: str
    is_repeatable = True

    def look(
        self, core: Core, sent_at: float, *, refused: bool = False
    ) -> Flow[Happened[TaskRun] | NotSeen | Undecided]:
        """The run, if it is cancelled."""
        del core, sent_at, refused
        run = yield from send(get_task_run.operation, self.run_id)
        return Happened(run) if run.status == models.TaskRunStatus.CANCELLED else NotSeen()

    def may_echo(self, error: AxError) -> bool:
        """A run that has ended."""
        return isinstance(error, BadRequestError)


@dataclass(frozen=True, slots=True)
class TriggeredEvaluation:
    """A run of an evaluation task that may have been triggered: the one that is newer than the sending.

    Nothing protects a second trigger, so it is never sent again unless the server is done with the first.

    Attributes:
        task: the task as it was just before.
        body: what was sent.
    """

    task: Task
    body: TriggerEvaluationTaskRunRequest
    is_repeatable = False

    def look(
        self, core: Core, sent_at: float, *, refused: bool = False
    ) -> Flow[Happened[TaskRun] | NotSeen | Undecided]:
        """The one run that came of it."""
        del refused
        bounds = (self.body.data_start_time, self.body.data_end_time)
        new, recent = yield from _new_runs(core, self.task, sent_at)
        runs = [run for run in new if _has_bounds(run, bounds)]
        recent = [run for run in recent if _has_bounds(run, bounds)]
        if not runs:
            reason = "a run of the task began a little before, or by another clock"
            return Undecided(reason, recent) if recent else NotSeen()
        if self.task.is_continuous and all(isinstance(bound, Unset) for bound in bounds):
            return Undecided("a continuous task has runs that nobody triggers", runs)
        return _the_one(core, self.task, runs)

    def may_echo(self, error: AxError) -> bool:
        """Nothing: runs do not stand in each other's way."""
        del error
        return False


@dataclass(frozen=True, slots=True)
class TriggeredExperiment:
    """A run of a run_experiment task that may have been triggered: the one whose experiment has the unique name.

    Attributes:
        task: the task as it was just before.
        body: what was sent.
    """

    task: Task
    body: TriggerRunExperimentTaskRunRequest
    is_repeatable = True

    def look(
        self, core: Core, sent_at: float, *, refused: bool = False
    ) -> Flow[Happened[TaskRun] | NotSeen | Undecided]:
        """The run whose experiment bears the name.

        A run that has no experiment yet may be about another name, and be somebody else's. It only counts once the name
        was refused as taken, and by no experiment that is there.
        """
        is_on_its_way = refused and not (yield from self._is_there(core))
        nameless: list[TaskRun] = []
        new, recent = yield from _new_runs(core, self.task, sent_at)
        for run in new + recent:
            if isinstance(run.experiment_id, Unset) or run.experiment_id is None:
                nameless.append(run)
                continue
            try:
                experiment = yield from send(get_experiment.operation, run.experiment_id)
            except NotFoundError:
                # It was deleted meanwhile, so it is not the one that was just made.
                continue
            if experiment.name == self.body.experiment_name:
                return Happened(run)
        return _the_one(core, self.task, nameless) if nameless and is_on_its_way else NotSeen()

    def _is_there(self, core: Core) -> Flow[bool]:
        """Whether an experiment over the task's dataset has the name."""
        name, dataset_id = self.body.experiment_name, self.task.dataset_id
        within = UNSET if dataset_id is None else dataset_id
        seen = yield from named(core, EXPERIMENT, name[:LONGEST_NAME_FILTER], within)
        return any(experiment.name == name for experiment in seen)

    def may_echo(self, error: AxError) -> bool:
        """A taken name."""
        return isinstance(error, ConflictError)


def _the_one(core: Core, task: Task, runs: list[TaskRun]) -> Happened[TaskRun] | Undecided:
    """The only run there is."""
    if len(runs) > 1:
        return Undecided(f"{len(runs)} runs of the task began at that time", runs)
    if core.triggers.is_crowded(task.id):
        return Undecided("this client was triggering the task more than once at that time", runs)
    return Happened(runs[0])


def _new_runs(core: Core, task: Task, sent_at: float) -> Flow[tuple[list[TaskRun], list[TaskRun]]]:
    """The runs of a task that are no older than a sending, and those that are if there is but one clock.

    Those that came of another trigger of this client are left out.
    """
    # By id, since a list that grows while it is paged through may show one run twice.
    new: dict[str, TaskRun] = {}
    recent: dict[str, TaskRun] = {}
    cursor: str | Unset = UNSET
    followed = Cursors()
    while True:
        page = yield from send(dated(list_task_runs.operation), task.id, limit=LARGEST_PAGE, cursor=cursor)
        earliest = yield from sent_after(page, sent_at)
        following = follow(page.value, followed, "runs", most_pages=core.settings.limits.pages)
        for run in page.value.task_runs:
            if _is_old(run, task, earliest):
                # Newest first: the first old one ends it.
                following = None
            elif core.triggers.moment_of(run.id) is None:
                (new if earliest is None or run.created_at >= earliest else recent)[run.id] = run
        if following is None:
            return list(new.values()), list(recent.values())
        cursor = following


def _is_old(run: TaskRun, task: Task, earliest: datetime | None) -> bool:
    """Whether a run was there before a sending, whatever the clocks."""
    if task.last_run_at is not None:
        return run.created_at <= task.last_run_at
    return earliest is not None and run.created_at < earliest - MOST_SKEW


def _has_bounds(run: TaskRun, bounds: tuple[datetime | Unset, ...]) -> bool:
    """Whether a run evaluates the window that was asked for; the server may round its bounds."""
    seen = (run.data_start_time, run.data_end_time)
    return all(
        isinstance(bound, Unset) or (isinstance(at, datetime) and abs(at - bound) < SLACK)
        for bound, at in zip(bounds, seen, strict=True)
    )
