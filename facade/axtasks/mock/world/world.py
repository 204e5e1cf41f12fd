"""The world behind the mock: every resource, and the indexes that keep a request from looking through all of them."""

from __future__ import annotations

import heapq
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from axtasks.mock import ids
from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import Kind

from .settings import Settings
from .table import Shelf
from .tracking import Changes

if TYPE_CHECKING:
    import random
    from collections.abc import Collection
    from datetime import datetime

    from .model import AiIntegration, Dataset, DatasetVersion, Evaluator, Experiment, Project, Space, Task, TaskRun

KEPT_KINDS = (
    Kind.SPACE,
    Kind.PROJECT,
    Kind.DATASET,
    Kind.EXPERIMENT,
    Kind.EVALUATOR,
    Kind.AI_INTEGRATION,
    Kind.TASK,
    Kind.TASK_RUN,
)
"""What a world is put together from, in an order that never refers forward; versions are part of their dataset."""


STATUS = "status"


class Finder(Protocol):
    """Where things of one kind are found by identifier."""

    def __contains__(self, identifier: object) -> bool: ...

    def get(self, identifier: str) -> object | None:
        """The thing with this identifier, or None."""
        ...


class FormerName(NamedTuple):
    """Whose name was that: of which task, in which space."""

    task_id: str
    space_id: str
    space_name: str


class World:
    """Resources of all kinds; what is referred to has to be put in before what refers to it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = Settings() if settings is None else settings
        self.changes: dict[Kind, Changes] = {kind: Changes() for kind in KEPT_KINDS}
        self.spaces: Shelf[Space] = Shelf(self.changes[Kind.SPACE], indexed=("organization_id",))
        self.projects: Shelf[Project] = Shelf(self.changes[Kind.PROJECT], indexed=("space_id",))
        self.datasets: Shelf[Dataset] = Shelf(self.changes[Kind.DATASET], indexed=("space_id",))
        self.dataset_versions: Shelf[DatasetVersion] = Shelf()
        self.experiments: Shelf[Experiment] = Shelf(self.changes[Kind.EXPERIMENT], indexed=("dataset_id", "space_id"))
        self.evaluators: Shelf[Evaluator] = Shelf(self.changes[Kind.EVALUATOR], indexed=("space_id",))
        self.ai_integrations: Shelf[AiIntegration] = Shelf(self.changes[Kind.AI_INTEGRATION])
        self.tasks: Shelf[Task] = Shelf(
            self.changes[Kind.TASK], indexed=("space_id", "project_id", "dataset_id", "type", "is_continuous")
        )
        self.task_runs: Shelf[TaskRun] = Shelf(self.changes[Kind.TASK_RUN])
        self._shelves: dict[Kind, Finder] = {
            Kind.SPACE: self.spaces,
            Kind.PROJECT: self.projects,
            Kind.DATASET: self.datasets,
            Kind.DATASET_VERSION: self.dataset_versions,
            Kind.EXPERIMENT: self.experiments,
            Kind.EVALUATOR: self.evaluators,
            Kind.AI_INTEGRATION: self.ai_integrations,
            Kind.TASK: self.tasks,
            Kind.TASK_RUN: self.task_runs,
        }
        self._runs_of: dict[str, Shelf[TaskRun]] = {}
        self._task_names: dict[tuple[str, str], str] = {}
        self._former_task_names: dict[str, set[FormerName]] = {}
        self._experiment_names: set[tuple[str, str]] = set()
        self.numbers: dict[Kind, int] = {}
        """The highest number that an identifier of each kind ever had."""
        self._agenda: list[tuple[datetime, int, str]] = []
        self._agenda_serial = 0

    def copy(self) -> World:
        """A world of its own with the same content."""
        twin = World(self.settings)
        twin.spaces.fill(self.spaces)
        twin.projects.fill(self.projects)
        twin.datasets.fill(self.datasets)
        twin.dataset_versions.fill(self.dataset_versions)
        twin.experiments.fill(self.experiments)
        twin.evaluators.fill(self.evaluators)
        twin.ai_integrations.fill(self.ai_integrations)
        twin.tasks.fill(self.tasks, lambda task: task.duplicate())
        twin.task_runs.fill(self.task_runs, lambda run: run.duplicate())
        for task_id, runs in self._runs_of.items():
            # The same runs once more, not others with the same values.
            twin._new_runs_of(task_id).fill(runs, lambda run: twin.task_runs[run.id])
        twin._task_names = dict(self._task_names)
        twin._former_task_names = {name: set(former) for name, former in self._former_task_names.items()}
        twin._experiment_names = set(self._experiment_names)
        twin.numbers = dict(self.numbers)
        twin._agenda, twin._agenda_serial = list(self._agenda), self._agenda_serial
        return twin

    def holds(self, kind: Kind, identifier: str) -> bool | None:
        """Whether there is such a thing; None for kinds that a world keeps no record of."""
        shelf = self._shelves.get(kind)
        return None if shelf is None else identifier in shelf

    def find(self, kind: Kind, identifier: str) -> object | None:
        """The thing of a kind that has this identifier, or None."""
        shelf = self._shelves.get(kind)
        return None if shelf is None else shelf.get(identifier)

    def new_id(self, kind: Kind, dice: random.Random) -> str:
        """An identifier that nothing has yet."""
        return ids.encode(kind, self.numbers.get(kind, 0) + 1, ids.random_part(dice))

    def _note(self, identifier: str) -> None:
        parsed = ids.parse(identifier)
        if parsed is None:
            raise ValueError(f"{identifier!r} is not base64 of Type:number")
        if parsed.kind is not None:
            self.numbers[parsed.kind] = max(parsed.number, self.numbers.get(parsed.kind, 0))

    def add_space(self, space: Space) -> None:
        """Put in a space."""
        self._note(space.id)
        self.spaces.put(space.id, space, space.created_at)

    def add_project(self, project: Project) -> None:
        """Put in a project."""
        self._note(project.id)
        self.projects.put(project.id, project, project.created_at)

    def add_dataset(self, dataset: Dataset) -> None:
        """Put in a dataset with its versions."""
        self._note(dataset.id)
        self.datasets.put(dataset.id, dataset, dataset.created_at)
        for version in dataset.versions:
            self._note(version.id)
            self.dataset_versions.put(version.id, version, version.created_at)

    def add_experiment(self, experiment: Experiment) -> None:
        """Put in an experiment, in its dataset's space if it names none; its name is taken from then on."""
        self._note(experiment.id)
        dataset = self.datasets.get(experiment.dataset_id or "")
        if not experiment.space_id and dataset is not None:
            experiment = replace(experiment, space_id=dataset.space_id)
        self.experiments.put(experiment.id, experiment, experiment.created_at)
        if experiment.dataset_id is not None:
            self._experiment_names.add((experiment.dataset_id, experiment.name))

    def add_evaluator(self, evaluator: Evaluator) -> None:
        """Put in an evaluator; lists show the last updated one first."""
        self._note(evaluator.id)
        self.evaluators.put(evaluator.id, evaluator, evaluator.updated_at)

    def add_ai_integration(self, integration: AiIntegration) -> None:
        """Put in an AI integration."""
        self._note(integration.id)
        space = self.spaces.get(integration.space_id)
        if space is None:
            raise ValueError(f"the AI integration {integration.name!r} needs its space to be there first")
        self.ai_integrations.put(integration.id, integration, space.created_at)

    def add_task(self, task: Task) -> None:
        """Put in a task whose name nobody in its space has."""
        if self.task_named(task.space_id, task.name) is not None:
            raise ValueError(f"there is already a task named {task.name!r} in space {task.space_id}")
        self._note(task.id)
        self.tasks.put(task.id, task, task.created_at)
        self._task_names[task.space_id, task.name] = task.id

    def task_named(self, space_id: str, name: str) -> str | None:
        """The identifier of the task with exactly this name in a space, or None."""
        return self._task_names.get((space_id, name))

    def tasks_once_named(self, name: str) -> Collection[FormerName]:
        """The tasks that had exactly this name before they were renamed or removed, or another world was played."""
        return self._former_task_names.get(name, ())

    def follow(self, earlier: World) -> None:
        """Be played after another world: the names that tasks have and had there are known as former ones."""
        for name, former in earlier._former_task_names.items():
            self._former_task_names.setdefault(name, set()).update(former)
        for (space_id, name), identifier in earlier._task_names.items():
            if self._task_names.get((space_id, name)) != identifier:
                self._former_task_names.setdefault(name, set()).add(earlier._named(identifier, space_id))

    def _named(self, task_id: str, space_id: str) -> FormerName:
        space = self.spaces.get(space_id)
        return FormerName(task_id, space_id, space_id if space is None else space.name)

    def _note_former_name(self, task: Task) -> None:
        self._former_task_names.setdefault(task.name, set()).add(self._named(task.id, task.space_id))

    def rename_task(self, task: Task, name: str) -> None:
        """Give a task another name and free the old one."""
        self._note_former_name(task)
        del self._task_names[task.space_id, task.name]
        with self.tasks.changing(task.id):
            task.name = name
        self._task_names[task.space_id, name] = task.id

    def remove_task(self, task: Task) -> None:
        """Take out a task and all its runs."""
        self._note_former_name(task)
        for run in self.runs_of(task).all():
            self.task_runs.remove(run.id)
            self.free_experiment_name(run)
        self._runs_of.pop(task.id, None)
        self.tasks.remove(task.id)
        del self._task_names[task.space_id, task.name]

    def add_run(self, run: TaskRun) -> None:
        """Put in a run of a task that is there; a planned one is put on the agenda."""
        task = self.tasks.get(run.task_id)
        if task is None:
            raise ValueError(f"the run {run.id} needs its task {run.task_id} to be there first")
        self._note(run.id)
        self.task_runs.put(run.id, run, run.created_at)
        if task.id not in self._runs_of:
            self._new_runs_of(task.id)
        self._runs_of[task.id].put(run.id, run, run.created_at)
        task.last_run_at = run.created_at if task.last_run_at is None else max(task.last_run_at, run.created_at)
        if run.plan is not None:
            due = run.plan.starts_at if run.run_started_at is None else run.plan.ends_at
            if due is not None:
                self.schedule(due, run)
            if run.plan.experiment is not None:
                self._experiment_names.add((run.plan.experiment.dataset_id, run.plan.experiment.name))

    def runs_of(self, task: Task) -> Shelf[TaskRun]:
        """The runs of a task."""
        return self._runs_of[task.id] if task.id in self._runs_of else Shelf()

    def _new_runs_of(self, task_id: str) -> Shelf[TaskRun]:
        """Where the runs of a task are from its first one on."""
        shelf: Shelf[TaskRun] = Shelf(indexed=(STATUS,))
        self._runs_of[task_id] = shelf
        return shelf

    def change_status(self, run: TaskRun, status: str) -> None:
        """Let a run be in another status."""
        with self._runs_of[run.task_id].changing(run.id):
            run.status = status

    def has_experiment_named(self, dataset_id: str, name: str) -> bool:
        """Whether an experiment of a dataset bears this name, or a run is going to create one that will."""
        return (dataset_id, name) in self._experiment_names

    def run_to_create(self, dataset_id: str, name: str) -> TaskRun | None:
        """Return the run that is going to create an experiment of this name; None if the experiment is there."""
        for run in self.task_runs.all():
            plan = None if run.plan is None or run.experiment_id is not None else run.plan.experiment
            if (
                plan is not None
                and (plan.dataset_id, plan.name) == (dataset_id, name)
                and run.status in vocabulary.CANCELLABLE
            ):
                return run
        return None

    def free_experiment_name(self, run: TaskRun) -> None:
        """Give back the name of an experiment that the run will now never create."""
        if run.plan is not None and run.plan.experiment is not None and run.experiment_id is None:
            self._experiment_names.discard((run.plan.experiment.dataset_id, run.plan.experiment.name))

    def schedule(self, moment: datetime, run: TaskRun) -> None:
        """Look at a run again at a moment."""
        self._agenda_serial += 1
        heapq.heappush(self._agenda, (moment, self._agenda_serial, run.id))

    def next_due(self, now: datetime) -> tuple[datetime, TaskRun] | None:
        """The next run that was to be looked at by now, with its moment; None when all is done."""
        while self._agenda and self._agenda[0][0] <= now:
            moment, _, identifier = heapq.heappop(self._agenda)
            run = self.task_runs.get(identifier)
            if run is not None:
                return moment, run
        return None
