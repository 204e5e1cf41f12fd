"""What a client remembers of the runs it triggered, so that one call never takes the run of another for its own."""

from __future__ import annotations

from collections import Counter, OrderedDict
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .concurrency import Forkable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_REMEMBERED = 1000


class Triggers(Forkable):
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
