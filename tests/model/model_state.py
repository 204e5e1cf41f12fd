"""The state of the model: tasks and runs as they follow from the calls so far, by the documents alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from axtasks_api import models

from tests.model.contract import is_beta
from tests.model.model_world import (
    DATASETS,
    EVALUATORS,
    EXPERIMENTS,
    PROJECTS,
    SPACES,
    START,
    Dataset,
    Experiment,
    Json,
    Project,
    Space,
)
from tests.model.rules_tasks import LONGEST_WINDOW

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

PENDING, RUNNING = models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING
COMPLETED, FAILED, CANCELLED = (
    models.TaskRunStatus.COMPLETED,
    models.TaskRunStatus.FAILED,
    models.TaskRunStatus.CANCELLED,
)
EVALUATIONS = (models.TaskType.TEMPLATE_EVALUATION, models.TaskType.CODE_EVALUATION)
RUN_EXPERIMENT = models.TaskType.RUN_EXPERIMENT
MILLISECOND = timedelta(milliseconds=1)
PENDING_SHARE = 0.2
DEFAULT_MAX_SPANS = 10_000


@dataclass(frozen=True)
class Lifecycle:
    """The lifecycle of runs: their duration in seconds, None without end, and their outcome."""

    seconds: float | None
    outcome: models.TaskRunStatus

    @classmethod
    def of(cls, text: str) -> Lifecycle:
        """Parse a text such as `time:60 failed`."""
        pace, _, outcome = text.partition(" ")
        seconds = None if pace == "manual" else float(pace.removeprefix("time:"))
        return cls(seconds, models.TaskRunStatus(outcome) if outcome else COMPLETED)


@dataclass
class Task:
    """A task.

    Attributes:
        fields: the fields that the API shows and callers set.
        backfills: the arguments of the backfills drawn for it.
    """

    id: str
    space_id: str
    fields: Json
    created_at: datetime
    updated_at: datetime
    number: int = 0
    runs: list[Run] = field(default_factory=list)
    backfills: list[Json] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def type(self) -> models.TaskType:
        kind: models.TaskType = self.fields["type"]
        return kind

    @property
    def is_over_project(self) -> bool:
        return self.fields["project_id"] is not None

    @property
    def last_run_at(self) -> datetime | None:
        return max((run.created_at for run in self.runs), default=None)


@dataclass(frozen=True)
class Work:
    """The amount of work of a run.

    Attributes:
        least: the least sum of its counts.
        most: the most.
        is_idle: True if there is no work; None if that cannot be predicted.
        is_limited: True if there was more work than the limit of the run.
        is_broken: True if it cannot be done for lack of credentials.
    """

    least: int
    most: int
    is_idle: bool | None
    is_limited: bool = False
    is_broken: bool = False


@dataclass(eq=False)
class Run:
    """A run. The id of a run that no call triggered is stored when it is first seen."""

    task: Task
    id: str | None
    created_at: datetime
    lifecycle: Lifecycle
    work: Work
    window: tuple[datetime | None, datetime] | None = None
    experiments: tuple[str, ...] = ()
    override: bool = False
    experiment_name: str | None = None
    version_id: str | None = None
    integration_id: str | None = None
    followers: tuple[str, ...] = ()
    skipped: int | None = None
    statuses: tuple[models.TaskRunStatus, ...] = (PENDING,)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    experiment: Experiment | None = None
    counts: tuple[int, int, int] | None = (0, 0, 0)
    # True if a call cancelled it, rather than the lifecycle.
    was_cancelled: bool = False
    # Transitions due at the same moment happen in the order of creation.
    number: int = field(default_factory=count().__next__)

    @property
    def has_ended(self) -> bool:
        return self.statuses[0] not in {PENDING, RUNNING}

    @property
    def starts_at(self) -> datetime | None:
        """The time at which it starts by itself."""
        return self._after(PENDING_SHARE)

    @property
    def ends_at(self) -> datetime | None:
        """The time at which it ends by itself."""
        return self._after(1)

    @property
    def outcomes(self) -> tuple[models.TaskRunStatus, ...]:
        """The possible end statuses (rules C37 and B16)."""
        ordered = self.lifecycle.outcome
        if ordered != COMPLETED or self.work.is_idle is False:
            return (ordered,)
        idle = CANCELLED if is_beta() else FAILED if self.work.is_broken else COMPLETED
        return (idle,) if self.work.is_idle or idle == COMPLETED else (COMPLETED, idle)

    def _after(self, share: float) -> datetime | None:
        seconds = self.lifecycle.seconds
        return None if seconds is None else self.created_at + timedelta(seconds=seconds * share)


class Model:
    """The expected state of the server at a moment."""

    def __init__(self) -> None:
        self.now = START
        self.lifecycle = Lifecycle(60, COMPLETED)
        self.tasks: dict[str, Task] = {}
        self.experiments = [replace(experiment) for experiment in EXPERIMENTS]
        self.deleted_tasks: list[str] = []
        self.deleted_runs: list[str] = []
        self.visible_space: str | None = None

    def of_kind(self, noun: str) -> list[Any]:
        """Return all resources of a type that the caller sees, the oldest first."""
        things: dict[str, list[Any]] = {
            "space": SPACES,
            "project": PROJECTS,
            "dataset": DATASETS,
            "evaluator": EVALUATORS,
            "experiment": self.experiments,
            "task": list(self.tasks.values()),
        }
        return [it for it in things[noun] if self.sees(it)]

    def sees(self, it: Any) -> bool:
        """Return True if the caller may read a resource (rule C45)."""
        return self.visible_space in {None, it.id if isinstance(it, Space) else it.space_id}

    def add(self, task: Task) -> None:
        """Add a task."""
        task.number = len(self.tasks) + len(self.deleted_tasks)
        self.tasks[task.id] = task

    def thing(self, noun: str, identifier: str | None) -> Any:
        """Return the resource with an id; None if there is none."""
        return next((it for it in self.of_kind(noun) if it.id == identifier and identifier), None)

    def newest_first(self, noun: str) -> list[Any]:
        """Return all resources of a type in the order of lists."""
        by = "updated_at" if noun == "evaluator" else "created_at"
        return latest_first(self.of_kind(noun), by)

    def runs(self) -> list[Run]:
        """Return all runs."""
        return [run for task in self.tasks.values() for run in task.runs]

    def run(self, identifier: str) -> Run | None:
        """Return the run with an id; None if there is none."""
        return next((run for run in self.runs() if run.id == identifier and self.sees(run.task)), None)

    def dataset(self, identifier: str | None) -> Dataset | None:
        found: Dataset | None = self.thing("dataset", identifier)
        return found

    def project(self, identifier: str | None) -> Project | None:
        found: Project | None = self.thing("project", identifier)
        return found

    def space_of(self, project_id: str | None, dataset_id: str | None) -> str:
        """Return the space of a task over a project or a dataset."""
        source = self.project(project_id) or self.dataset(dataset_id)
        assert source is not None
        return source.space_id

    def holder_of(self, space_id: str, name: str) -> Task | None:
        """Return the task that has a name; None if there is none."""
        return next((it for it in self.tasks.values() if it.space_id == space_id and it.name == name), None)

    def results_of(self, experiment_id: str) -> int | None:
        """Return the number of results of an experiment; None if it is unknown."""
        found = self.thing("experiment", experiment_id)
        return None if found is None else found.results

    def delete(self, task: Task) -> None:
        """Delete a task and its runs."""
        del self.tasks[task.id]
        self.deleted_tasks.append(task.id)
        self.deleted_runs += [run.id for run in task.runs if run.id is not None]

    def advance(self, now: datetime) -> None:
        """Let all due transitions happen, each at its own time."""
        while due := min(self._due(now), key=lambda each: (each[0], each[1].number), default=None):
            moment, run = due
            if run.statuses == (PENDING,):
                self._start(run, moment)
            else:
                self._end(run, moment)
        self.now = max(self.now, now)

    def _due(self, now: datetime) -> list[tuple[datetime, Run]]:
        found = []
        for run in self.runs():
            if not run.has_ended:
                moment = run.starts_at if run.statuses == (PENDING,) else run.ends_at
                if moment is not None and moment <= now:
                    found.append((moment, run))
        return found

    def _start(self, run: Run, moment: datetime) -> None:
        run.statuses, run.started_at = (RUNNING,), moment
        if run.experiment_name is not None and CANCELLED not in run.outcomes:
            assert run.version_id is not None
            dataset_id = run.task.fields["dataset_id"]
            agent = run.integration_id
            run.experiment = Experiment("", run.experiment_name, moment, dataset_id, run.version_id, None, agent)
            self.experiments.append(run.experiment)

    def _end(self, run: Run, moment: datetime) -> None:
        run.statuses, run.finished_at = run.outcomes, moment
        run.counts = (0, 0, 0) if run.outcomes == (CANCELLED,) else None
        if run.statuses == (COMPLETED,) and run.experiment is not None:
            for identifier in dict.fromkeys(run.followers):
                self._follow(identifier, run, moment)

    def _follow(self, identifier: str, after: Run, moment: datetime) -> None:
        """Trigger a task that follows an experiment (rule C41)."""
        task = self.tasks.get(identifier)
        if task is None:
            return
        window = None
        if task.is_over_project:
            last = task.last_run_at
            window = (None if last is None else max(last, moment - LONGEST_WINDOW), moment)
        is_about_it = task.fields["dataset_id"] == after.task.fields["dataset_id"]
        experiments = () if is_about_it else tuple(task.fields["experiment_ids"])
        results = [self.results_of(each) for each in experiments]
        is_known = not task.is_over_project and not is_about_it and None not in results
        # The documents do not say how much work such a run has.
        work = Work(0, sum(each or 0 for each in results) if is_known else DEFAULT_MAX_SPANS, None)
        task.runs.append(Run(task, None, moment, self.lifecycle, work, window, experiments))


def latest_first(things: Sequence[T], by: str = "created_at") -> list[T]:
    """Sort resources as lists do: the latest first, of equal times the later created one."""
    latest_made_first = list(reversed(things))
    return sorted(latest_made_first, key=attrgetter(by), reverse=True)
