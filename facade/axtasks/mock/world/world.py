"""The world behind the mock: every resource, and the indexes that keep a request from looking through all of them."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from axtasks.mock import ids
from axtasks.mock.ids import IdKind

from .model import Experiment, Task, TaskRun
from .resource_types import BY_KIND, BY_MODEL, TYPES, VERSIONS
from .settings import Settings
from .table import Table
from .tracking import Changes, Tracked

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from .model import AiIntegration, Dataset, DatasetVersion, Evaluator, Project, Space


class FormerName(NamedTuple):
    """A name that a task had before it was renamed or removed, or its world was replaced."""

    task_id: str
    name: str
    space_id: str
    space_name: str


class World:
    """Resources of all kinds; what is referred to has to be put in before what refers to it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = Settings() if settings is None else settings
        self.changes: dict[IdKind, Changes] = {each.kind: Changes() for each in TYPES}
        self.tables: dict[IdKind, Table[Any]] = {
            each.kind: Table(self.changes.get(each.kind), indexed=each.indexed) for each in (*TYPES, *VERSIONS)
        }
        self.spaces: Table[Space] = self.tables[IdKind.SPACE]
        self.projects: Table[Project] = self.tables[IdKind.PROJECT]
        self.datasets: Table[Dataset] = self.tables[IdKind.DATASET]
        self.dataset_versions: Table[DatasetVersion] = self.tables[IdKind.DATASET_VERSION]
        self.experiments: Table[Experiment] = self.tables[IdKind.EXPERIMENT]
        self.evaluators: Table[Evaluator] = self.tables[IdKind.EVALUATOR]
        self.ai_integrations: Table[AiIntegration] = self.tables[IdKind.AI_INTEGRATION]
        self.tasks: Table[Task] = self.tables[IdKind.TASK]
        self.task_runs: Table[TaskRun] = self.tables[IdKind.TASK_RUN]
        self._runs_of: dict[str, Table[TaskRun]] = defaultdict(lambda: Table(indexed=("status",)))
        self._task_names: dict[tuple[str, str], str] = {}
        self.former_names: set[FormerName] = set()
        self._experiment_names: set[tuple[str, str]] = set()
        self.numbers: dict[IdKind, int] = {}
        """The highest number that an identifier of each kind ever had."""
        self._agenda: list[tuple[datetime, int, str]] = []
        self._agenda_serial = 0

    def copy(self) -> World:
        """A world of its own with the same content."""
        twin = World(self.settings)
        for kind, table in self.tables.items():
            is_tracked = issubclass(BY_KIND[kind].model, Tracked)
            twin.tables[kind].fill(table, Tracked.duplicate if is_tracked else None)
        for task_id, runs in self._runs_of.items():
            # The same runs once more, not others with the same values.
            twin._runs_of[task_id].fill(runs, lambda run: twin.task_runs[run.id])
        twin._task_names = dict(self._task_names)
        twin.former_names = set(self.former_names)
        twin._experiment_names = set(self._experiment_names)
        twin.numbers = dict(self.numbers)
        twin._agenda, twin._agenda_serial = list(self._agenda), self._agenda_serial
        return twin

    def find(self, kind: IdKind, identifier: str) -> object | None:
        """Return the resource of a kind with this identifier, or None."""
        table = self.tables.get(kind)
        return None if table is None else table.get(identifier)

    def new_id(self, kind: IdKind, rng: random.Random) -> str:
        """An identifier that nothing has yet."""
        hard_to_guess = "".join(rng.choices(ids.RANDOM_CHARACTERS, k=ids.RANDOM_LENGTH))
        return ids.encode(kind, self.numbers.get(kind, 0) + 1, hard_to_guess)

    def _note(self, identifier: str) -> None:
        parsed = ids.parse(identifier)
        if parsed is None:
            raise ValueError(f"{identifier!r} is not base64 of Type:number")
        if parsed.kind is not None:
            self.numbers[parsed.kind] = max(parsed.number, self.numbers.get(parsed.kind, 0))

    def add(self, resource: Any) -> None:
        """Put in a resource of any type.

        An experiment without a space is in that of its dataset, and its name is taken from then on. A run has its task
        there, and is on the agenda if it is planned.

        Raises:
            ValueError: the identifier is none or is taken, what it is in is not there, or a task's name is taken.
        """
        described = BY_MODEL[type(resource)]
        self._note(resource.id)
        kind, owner = described.owner_kind, described.owner_of(resource)
        if kind is not None and owner is not None and owner not in self.tables[kind]:
            raise ValueError(f"the {described.kind.noun} {resource.id} needs its {kind.noun} {owner} to be there first")
        if isinstance(resource, Task) and self.task_named(resource.space_id, resource.name) is not None:
            raise ValueError(f"there is already a task named {resource.name!r} in space {resource.space_id}")
        if isinstance(resource, Experiment) and not resource.space_id:
            resource = replace(resource, space_id=self.datasets[resource.dataset_id or ""].space_id)
        moment = getattr(resource, described.moment, None) or self.spaces[resource.space_id].created_at
        self.tables[described.kind].put(resource.id, resource, moment)
        for version in getattr(resource, "versions", ()):
            self.add(version)
        match resource:
            case Experiment() if resource.dataset_id is not None:
                self._experiment_names.add((resource.dataset_id, resource.name))
            case Task():
                self._task_names[resource.space_id, resource.name] = resource.id
            case TaskRun():
                self._add_to_task(resource)

    def task_named(self, space_id: str, name: str) -> str | None:
        """The identifier of the task with exactly this name in a space, or None."""
        return self._task_names.get((space_id, name))

    def follow(self, earlier: World) -> None:
        """Keep the names that tasks have and had in the world that this one replaces, as former ones."""
        gone = (it for it in earlier.tasks.all() if self.task_named(it.space_id, it.name) != it.id)
        self.former_names |= earlier.former_names | {earlier._named(task) for task in gone}

    def _named(self, task: Task) -> FormerName:
        space = self.spaces.get(task.space_id)
        return FormerName(task.id, task.name, task.space_id, task.space_id if space is None else space.name)

    def rename_task(self, task: Task, name: str) -> None:
        """Give a task another name and free the old one."""
        self.former_names.add(self._named(task))
        del self._task_names[task.space_id, task.name]
        with self.tasks.changing(task.id):
            task.name = name
        self._task_names[task.space_id, name] = task.id

    def remove_task(self, task: Task) -> None:
        """Take out a task and all its runs."""
        self.former_names.add(self._named(task))
        for run in self.runs_of(task).all():
            self.task_runs.remove(run.id)
            self.free_experiment_name(run)
        self._runs_of.pop(task.id, None)
        self.tasks.remove(task.id)
        del self._task_names[task.space_id, task.name]

    def _add_to_task(self, run: TaskRun) -> None:
        task = self.tasks[run.task_id]
        self._runs_of[task.id].put(run.id, run, run.created_at)
        task.last_run_at = run.created_at if task.last_run_at is None else max(task.last_run_at, run.created_at)
        if run.plan is not None:
            due = run.plan.starts_at if run.run_started_at is None else run.plan.ends_at
            if due is not None:
                self.schedule(due, run)
            if run.plan.experiment is not None:
                self._experiment_names.add((run.plan.experiment.dataset_id, run.plan.experiment.name))

    def runs_of(self, task: Task) -> Table[TaskRun]:
        """The runs of a task."""
        return self._runs_of[task.id] if task.id in self._runs_of else Table()

    def change_status(self, run: TaskRun, status: str) -> None:
        """Let a run be in another status."""
        with self._runs_of[run.task_id].changing(run.id):
            run.status = status

    def has_experiment_named(self, dataset_id: str, name: str) -> bool:
        """Return whether an experiment of a dataset has this name, or a run is going to create one."""
        return (dataset_id, name) in self._experiment_names

    def run_to_create(self, dataset_id: str, name: str) -> TaskRun | None:
        """Return the run that is going to create an experiment of this name; None if the experiment is there."""
        for run in self.task_runs.all():
            plan = None if run.plan is None or run.experiment_id is not None else run.plan.experiment
            if plan is not None and (plan.dataset_id, plan.name) == (dataset_id, name):
                return run
        return None

    def free_experiment_name(self, run: TaskRun) -> None:
        """Give back the name of an experiment that the run will now never create."""
        if run.plan is not None and run.plan.experiment is not None and run.experiment_id is None:
            self._experiment_names.discard((run.plan.experiment.dataset_id, run.plan.experiment.name))

    def schedule(self, moment: datetime, run: TaskRun) -> None:
        """Put a run on the agenda for a moment."""
        self._agenda_serial += 1
        heapq.heappush(self._agenda, (moment, self._agenda_serial, run.id))

    def next_due(self, now: datetime) -> tuple[datetime, TaskRun] | None:
        """Take the next run that was due by now off the agenda, with its moment; None when there is none."""
        while self._agenda and self._agenda[0][0] <= now:
            moment, _, identifier = heapq.heappop(self._agenda)
            run = self.task_runs.get(identifier)
            if run is not None:
                return moment, run
        return None
