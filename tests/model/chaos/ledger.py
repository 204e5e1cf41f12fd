"""The expected state, from the results that the client reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
OVER_PROJECT, OVER_DATASET, EXPERIMENT = "over a project", "over a dataset", "run_experiment"
# The compared fields of a task, by their names in a dump.
COMPARED = ("name", "sampling_rate", "query_filter")


@dataclass
class ExpectedTask:
    """An expected task."""

    id: str
    kind: str
    fields: Json


@dataclass
class Ledger:
    """The expected tasks and runs, without the initial ones.

    Attributes:
        tasks: the tasks by id.
        runs: the task id of each run id.
        foreign_names: the names of tasks that another user created.
        interfered: the time in seconds at which another user last triggered a task.
    """

    tasks: dict[str, ExpectedTask] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    foreign_names: set[str] = field(default_factory=set)
    interfered: dict[str, float] = field(default_factory=dict)

    def add_task(self, task_id: str, kind: str, **fields: Any) -> None:
        self.tasks[task_id] = ExpectedTask(task_id, kind, {"sampling_rate": None, "query_filter": None, **fields})

    def drop_task(self, task_id: str) -> None:
        del self.tasks[task_id]
        self.runs = {run: task for run, task in self.runs.items() if task != task_id}

    def of_kind(self, *kinds: str) -> list[ExpectedTask]:
        return [task for task in self.tasks.values() if task.kind in kinds]

    def differences(self, before: Json, after: Json) -> list[str]:
        """Return the differences between the expected and the actual state.

        Args:
            before: a dump of the initial world.
            after: a dump of the world now.
        """
        tasks = {task["id"]: task for task in after["tasks"]}
        runs = {run["id"]: run["task_id"] for run in after["task_runs"]}
        old = {thing["id"] for shelf in ("tasks", "task_runs") for thing in before[shelf]}
        made = {
            it: task["name"] for it, task in tasks.items() if it not in old and task["name"] not in self.foreign_names
        }
        return [
            *(f"the task {task.fields['name']} is not there" for it, task in self.tasks.items() if it not in tasks),
            *(f"the task {name} exists, and no call reported it" for it, name in made.items() if it not in self.tasks),
            *(f"the run {run} is not there" for run in self.runs if run not in runs),
            *(
                f"the run {run} exists, and no call reported it"
                for run in runs
                if run not in old and run not in self.runs
            ),
            *(f"the run {run} is of another task" for run, task in self.runs.items() if runs.get(run, task) != task),
            *(
                f"{name} of the task {task.fields['name']} is {seen!r}, not {task.fields[name]!r}"
                for it, task in self.tasks.items()
                for name in COMPARED
                if it in tasks and (seen := tasks[it].get(name)) != task.fields[name]
            ),
        ]
