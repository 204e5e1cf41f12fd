"""What there should be, going by what the client said it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
OVER_PROJECT, OVER_DATASET, EXPERIMENT = "over a project", "over a dataset", "run_experiment"
# The fields of a task that calls set, by what a dump of the world calls them.
COMPARED = ("name", "sampling_rate", "query_filter")


@dataclass
class ExpectedTask:
    """A task that there should be."""

    id: str
    kind: str
    fields: Json


@dataclass
class Ledger:
    """The tasks and runs that there should be, beside those that were there from the start.

    Attributes:
        tasks: by id.
        runs: from the id of a run to that of its task.
        strangers: names of tasks that somebody else made.
        meddled: when, in seconds, somebody else last triggered a task.
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
        """In what respects a world is not what it was, and what was done to it.

        Args:
            before: a dump of the world as it was at the start.
            after: a dump of it as it is now.
        """
        tasks = {task["id"]: task for task in after["tasks"]}
        runs = {run["id"]: run["task_id"] for run in after["task_runs"]}
        old = {thing["id"] for shelf in ("tasks", "task_runs") for thing in before[shelf]}
        made = {
            it: task["name"] for it, task in tasks.items() if it not in old and task["name"] not in self.foreign_names
        }
        return [
            *(f"the task {task.fields['name']} is not there" for it, task in self.tasks.items() if it not in tasks),
            *(f"the task {name} is there and nobody said so" for it, name in made.items() if it not in self.tasks),
            *(f"the run {run} is not there" for run in self.runs if run not in runs),
            *(f"the run {run} is there and nobody said so" for run in runs if run not in old and run not in self.runs),
            *(f"the run {run} is of another task" for run, task in self.runs.items() if runs.get(run, task) != task),
            *(
                f"{name} of the task {task.fields['name']} is {seen!r}, not {task.fields[name]!r}"
                for it, task in self.tasks.items()
                for name in COMPARED
                if it in tasks and (seen := tasks[it].get(name)) != task.fields[name]
            ),
        ]
