"""LRU caches of one client: ids by name, tasks by id, and the runs it triggered. Safe to share between threads."""

from __future__ import annotations

from collections import Counter, OrderedDict
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from axtasks_api.codec import has

from axtasks.concurrency import Forkable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from axtasks_api.models import Task, TaskType

    from axtasks.config.options import NameMemory

K = TypeVar("K")
V = TypeVar("V")

MAX_TASKS = 1024
MAX_TRIGGERED_RUNS = 1000


class LruCache(Forkable, Generic[K, V]):
    """The entries used last, up to a size limit. A forked process keeps them, behind a lock of its own."""

    def __init__(self) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()
        super().__init__()

    def after_fork(self) -> None:
        """Replace the lock, which a thread of the parent may hold."""
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return the value of a key, which counts as a use; None if there is none."""
        with self._lock:
            value = self._entries.get(key)
            if value is not None:
                self._entries.move_to_end(key)
            return value

    def evict(self, key: K, value: V) -> None:
        """Drop an entry, unless it was replaced since it had this value."""
        with self._lock:
            if self._entries.get(key) is value:
                del self._entries[key]

    def _put(self, key: K, value: V, max_entries: int) -> None:
        """Set the value of a key and keep to the size limit. The caller holds the lock."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > max_entries:
            self._entries.popitem(last=False)


class NameKey(NamedTuple):
    """A name of one kind of resource, within its parent.

    Attributes:
        noun: the kind of resource, such as `task`.
        within: the id of the parent: the space, or for experiments the dataset; empty for spaces.
        name: the name.
    """

    noun: str
    within: str
    name: str


class CachedId(NamedTuple):
    """The id that a name was resolved to.

    Attributes:
        id: the id.
        requested_at: the monotonic time in seconds just before the request that resolved it.
    """

    id: str
    requested_at: float


class NameCache(LruCache[NameKey, CachedId]):
    """Ids by name."""

    def __init__(self) -> None:
        self._changes = 0
        super().__init__()

    @property
    def changes(self) -> int:
        """The number of invalidations by this client. An id that was requested before the last one is not stored."""
        return self._changes

    def find(self, key: NameKey, memory: NameMemory, *, now: float) -> CachedId | None:
        """Return the id of a name; None if it is not cached, or expired by the monotonic time `now`."""
        cached = self.get(key)
        if cached is not None and now - cached.requested_at >= memory.seconds:
            self.evict(key, cached)
            return None
        return cached

    def name_of(self, noun: str, resource_id: str) -> str | None:
        """Return the name of a kind that led to an id; None if it is not cached."""
        with self._lock:
            return next(
                (key.name for key, cached in self._entries.items() if key.noun == noun and cached.id == resource_id),
                None,
            )

    def store(self, key: NameKey, cached: CachedId, memory: NameMemory, *, changes: int) -> None:
        """Store the id of a name, unless there was an invalidation since `changes` was read, before the request."""
        with self._lock:
            if changes == self._changes:
                self._put(key, cached, memory.entries)

    def invalidate(self, noun: str, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> None:
        """Drop the entries of resources that this client changed.

        Args:
            noun: the kind of resource.
            ids: ids of resources that were deleted or renamed.
            names: names that were given to other resources, in any space.
        """
        with self._lock:
            self._changes += 1
            stale = [
                key
                for key, cached in self._entries.items()
                if key.noun == noun and (cached.id in ids or key.name in names)
            ]
            for key in stale:
                del self._entries[key]

    def clear(self) -> None:
        """Drop all entries."""
        with self._lock:
            self._changes += 1
            self._entries.clear()


class TaskSnapshot(NamedTuple):
    """A task as a response had it.

    Attributes:
        name: its name then, for messages; its id if the response lacks the name.
        type: its type, which never changes.
        project_id: the id of its project, which never changes; None for tasks over a dataset.
        dataset_id: the id of its dataset, which never changes; None for tasks over a project.
        updated_at: when it was last changed; None if the response lacks it.
        last_run_at: when it was last run; None if it was not.
        has_last_run_at: True if the response had that.
        requested_at: the monotonic time in seconds just before the request.
    """

    name: str
    type: TaskType
    project_id: str | None
    dataset_id: str | None
    updated_at: datetime | None
    last_run_at: datetime | None
    has_last_run_at: bool
    requested_at: float


def snapshot_of(task_id: str, task: Task, *, requested_at: float) -> TaskSnapshot:
    """Return the part of a task that is cached; raise MissingFieldError if the response lacks the type."""
    return TaskSnapshot(
        name=getattr(task, "name", task_id),
        type=task.type,
        project_id=task.project_id,
        dataset_id=task.dataset_id,
        updated_at=getattr(task, "updated_at", None),
        last_run_at=task.last_run_at,
        has_last_run_at=has(task, "last_run_at"),
        requested_at=requested_at,
    )


class TaskCache(LruCache[str, TaskSnapshot]):
    """Tasks by id."""

    def store(self, task_id: str, task: Task, *, requested_at: float) -> TaskSnapshot:
        """Store a task of a response, and return the part that is cached.

        Raises:
            MissingFieldError: the response lacks the type, which tasks are cached for.
        """
        snapshot = snapshot_of(task_id, task, requested_at=requested_at)
        with self._lock:
            self._put(task_id, snapshot, MAX_TASKS)
        return snapshot

    def store_if_complete(self, task: Task, *, requested_at: float) -> None:
        """Store a task of a response, unless it lacks its id or its type."""
        if has(task, "id") and has(task, "type"):
            self.store(task.id, task, requested_at=requested_at)


class TriggerLog(LruCache[str, float]):
    """The monotonic time in seconds at which this client triggered a run, by its id; and the triggers under way."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._crowded: set[str] = set()
        super().__init__()

    def after_fork(self) -> None:
        """Replace the lock, and drop the triggers under way, which the threads of the parent carry on."""
        super().after_fork()
        self._under_way.clear()
        self._crowded.clear()

    @contextmanager
    def under_way(self, task_id: str) -> Iterator[None]:
        """Count a trigger of this task as under way."""
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

    def is_crowded(self, task_id: str) -> bool:
        """Return True if another trigger of this task was under way at the same time."""
        with self._lock:
            return task_id in self._crowded

    def store(self, run_id: str, triggered_at: float) -> None:
        """Store when a run was triggered."""
        with self._lock:
            self._put(run_id, triggered_at, MAX_TRIGGERED_RUNS)
