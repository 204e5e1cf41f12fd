"""Caches of one client: ids of names, tasks that were seen, runs that were triggered. Safe to share between threads."""

from __future__ import annotations

from collections import Counter, OrderedDict
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from axtasks.concurrency import Forkable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from axtasks_api_beta.models import Task, TaskType

    from axtasks.config.options import NameMemory


class NameKey(NamedTuple):
    """A name, and where it was looked up.

    Attributes:
        noun: what bears it.
        within: the id of the space, or for experiments of the dataset, that it was looked up in; empty for spaces.
        name: the name.
    """

    noun: str
    within: str
    name: str


class CachedId(NamedTuple):
    """What a name led to.

    Attributes:
        id: the id.
        moment: the monotonic time in seconds just before it was looked up.
    """

    id: str
    moment: float


class NameCache(Forkable):
    """The names that were looked up lately. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__()
        self._known: OrderedDict[NameKey, CachedId] = OrderedDict()
        self._changes = 0
        self._lock = Lock()

    def after_fork(self) -> None:
        """Makes the lock anew, which a thread of the parent may hold."""
        self._lock = Lock()

    @property
    def changes(self) -> int:
        """How often this client changed what names lead to. What was looked up before the last time is not kept."""
        return self._changes

    def recall(self, key: NameKey, memory: NameMemory, *, moment: float) -> CachedId | None:
        """What a name led to when it was last looked up; None if that is not known, or too long ago.

        Args:
            key: the name.
            memory: how long it counts.
            moment: the monotonic time in seconds.
        """
        with self._lock:
            known = self._known.get(key)
            if known is None:
                return None
            if moment - known.moment >= memory.seconds:
                del self._known[key]
                return None
            self._known.move_to_end(key)
            return known

    def remember(self, key: NameKey, known: CachedId, memory: NameMemory, *, changes: int) -> None:
        """Notes what a name led to, unless this client changed names while it was looked up.

        Args:
            key: the name.
            known: what it led to.
            memory: how many names are kept.
            changes: what `changes` was before the look-up.
        """
        with self._lock:
            if changes != self._changes:
                return
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > memory.entries:
                self._known.popitem(last=False)

    def forget(self, key: NameKey, known: CachedId) -> None:
        """Drops what a name led to, unless it was looked up again meanwhile."""
        with self._lock:
            if self._known.get(key) is known:
                del self._known[key]

    def changed(self, noun: str, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> None:
        """Drops what this client changed.

        Args:
            noun: what kind of thing it is.
            ids: ids of things that were deleted, or whose names were changed.
            names: names that were given to other things, whichever the space.
        """
        with self._lock:
            self._changes += 1
            stale = [
                key for key, known in self._known.items() if key.noun == noun and (known.id in ids or key.name in names)
            ]
            for key in stale:
                del self._known[key]

    def clear(self) -> None:
        """Drops everything."""
        with self._lock:
            self._changes += 1
            self._known.clear()


MOST_TASKS = 1024


class TaskSnapshot(NamedTuple):
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


def snapshot_of(task: Task, *, moment: float) -> TaskSnapshot:
    """What an answer about a task tells of it.

    Args:
        task: the task.
        moment: the monotonic time in seconds.
    """
    return TaskSnapshot(task.name, task.type, task.dataset_id, task.updated_at, task.last_run_at, moment)


class TaskCache(Forkable):
    """The tasks that were seen lately, by id. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: OrderedDict[str, TaskSnapshot] = OrderedDict()
        self._lock = Lock()

    def after_fork(self) -> None:
        """Makes the lock anew, which a thread of the parent may hold."""
        self._lock = Lock()

    def note(self, task: Task, *, moment: float) -> TaskSnapshot:
        """What is known of a task once this answer about it was read.

        Args:
            task: the task.
            moment: the monotonic time in seconds.
        """
        facts = snapshot_of(task, moment=moment)
        with self._lock:
            self._facts[task.id] = facts
            self._facts.move_to_end(task.id)
            if len(self._facts) > MOST_TASKS:
                self._facts.popitem(last=False)
        return facts

    def of(self, task_id: str) -> TaskSnapshot | None:
        """What is known of a task; None if it was not seen, or long ago."""
        with self._lock:
            return self._facts.get(task_id)


MOST_REMEMBERED = 1000


class TriggerLog(Forkable):
    """The runs that were triggered lately, and the triggers that are under way. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: OrderedDict[str, float] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._crowded: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def under_way(self, task_id: str) -> Iterator[None]:
        """Notes that a trigger of this task is being carried out."""
        with self._lock:
            self._under_way[task_id] += 1
            if self._under_way[task_id] > 1:
                self._crowded.add(task_id)
        try:
            yield
        finally:
            with self._lock:
                self._under_way[task_id] -= 1
                if self._under_way[task_id] <= 0:
                    del self._under_way[task_id]
                    self._crowded.discard(task_id)

    def after_fork(self) -> None:
        """Forgets the triggers under way, which the threads of the parent carry on."""
        self._lock = Lock()
        self._under_way.clear()
        self._crowded.clear()

    def is_crowded(self, task_id: str) -> bool:
        """Whether another trigger of this task was under way at the same time."""
        with self._lock:
            return task_id in self._crowded

    def remember(self, run_id: str, moment: float) -> None:
        """Notes the run that a trigger came to, at this monotonic time in seconds."""
        with self._lock:
            self._runs[run_id] = moment
            if len(self._runs) > MOST_REMEMBERED:
                self._runs.popitem(last=False)

    def moment_of(self, run_id: str) -> float | None:
        """The monotonic time in seconds at which this client triggered a run; None if it did not, or long ago."""
        return self._runs.get(run_id)
