"""What a client knows of tasks it saw: what never changes of them, and what tells whether they were changed since."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from .concurrency import Forkable

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks_api_beta.models import Task, TaskType

MOST_TASKS = 1024


class TaskFacts(NamedTuple):
    """A task as it was last seen.

    Attributes:
        name: its name then, for messages.
        type: its type, which it keeps.
        dataset_id: the dataset it works on, which it keeps; None for tasks over a project.
        updated_at: when it had last been changed.
        last_run_at: when it had last been run; None if it had not.
        moment: the monotonic time in seconds at which it was seen.
    """

    name: str
    type: TaskType
    dataset_id: str | None
    updated_at: datetime
    last_run_at: datetime | None
    moment: float


def facts_of(task: Task, *, moment: float) -> TaskFacts:
    """What an answer about a task tells of it.

    Args:
        task: the task.
        moment: the monotonic time in seconds.
    """
    return TaskFacts(task.name, task.type, task.dataset_id, task.updated_at, task.last_run_at, moment)


class TasksSeen(Forkable):
    """The tasks that were seen lately, by id. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: OrderedDict[str, TaskFacts] = OrderedDict()
        self._lock = Lock()

    def after_fork(self) -> None:
        """Makes the lock anew, which a thread of the parent may hold."""
        self._lock = Lock()

    def note(self, task: Task, *, moment: float) -> TaskFacts:
        """What is known of a task once this answer about it was read.

        Args:
            task: the task.
            moment: the monotonic time in seconds.
        """
        facts = facts_of(task, moment=moment)
        with self._lock:
            self._facts[task.id] = facts
            self._facts.move_to_end(task.id)
            if len(self._facts) > MOST_TASKS:
                self._facts.popitem(last=False)
        return facts

    def of(self, task_id: str) -> TaskFacts | None:
        """What is known of a task; None if it was not seen, or long ago."""
        with self._lock:
            return self._facts.get(task_id)
