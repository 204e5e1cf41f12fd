"""The runs of one task that are waited for together."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

from axtasks_api.codec import has

from axtasks.validation import LARGEST_PAGE

from .poller import HISTORY_RUNS
from .schedule import RunDurations, durations_of, predicted_durations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from axtasks_api.models import TaskRun


# The task id of runs whose task is not known yet.
UNKNOWN_TASK = ""


class TaskRunGroup:
    """The unfinished runs of one task, or of `UNKNOWN_TASK`, that are polled together."""

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        # The ids of the unfinished runs, as an ordered set.
        self.unfinished: dict[str, None] = {}
        self.page_size = HISTORY_RUNS
        # False once the server refused to list the task's runs.
        self.is_listable = task_id != UNKNOWN_TASK
        # False once a poll took more pages than it found runs.
        self.is_list_worth = True
        self.was_listed = False
        # The lists that failed one after another.
        self.failed_lists = 0
        self.is_being_polled = False
        # The monotonic time since which the first of the runs is waited for.
        self.since = inf
        # The requests of the last poll.
        self.requests = 0
        # By the id of the run, the newest one first.
        self._history: dict[str, tuple[datetime, RunDurations]] = {}

    def add(self, run_id: str, *, joined_at: float) -> None:
        """Add an unfinished run that is waited for since a monotonic time."""
        self.since = min(self.since, joined_at) if self.unfinished else joined_at
        self.unfinished[run_id] = None
        self.page_size = min(LARGEST_PAGE, max(self.page_size, 2 * len(self.unfinished)))
        # It is newer than those that were too far back, most likely.
        self.is_list_worth = True

    def add_history(self, runs: Iterable[TaskRun]) -> None:
        """Keep how long the newest runs that have ended took, which predicts the durations of the others."""
        added = {
            run.id: (run.created_at, durations_of(run))
            for run in runs
            if run.run_finished_at is not None and has(run, "id") and has(run, "created_at")
            if run.id not in self._history
        }
        if added:
            newest = sorted((self._history | added).items(), key=lambda entry: entry[1][0], reverse=True)
            self._history = dict(newest[:HISTORY_RUNS])

    def durations_for(self, run: TaskRun) -> list[float]:
        """Return the durations that the history predicts for a run."""
        own = getattr(run, "id", None)
        return predicted_durations([times for run_id, (_, times) in self._history.items() if run_id != own], run)

    @property
    def interval_share(self) -> float:
        """The share of a single run's poll interval that pays off for a poll of so many runs in so few requests."""
        # Before the first poll of the group, each of its runs was read singly.
        return sqrt(min(1.0, (self.requests or len(self.unfinished)) / len(self.unfinished)))

    def is_page_worth(self, missing: int, *, pages: int, misses: int, for_history: bool) -> bool:
        """Return True if one more list page may take fewer requests than reading the `missing` runs singly.

        Args:
            missing: the number of runs that are still to be read.
            pages: the pages of this poll.
            misses: those of them that had none of the runs.
            for_history: True if the durations of earlier runs are of use.
        """
        if not self.is_listable or not self.is_list_worth or not missing:
            return False
        return misses + 1 < missing or (for_history and not self.was_listed and pages == 0)


class TrackedRun:
    """A run that has not ended, as far as is known.

    Attributes:
        group: the runs that it is polled with.
        joined_at: the monotonic time since which it is waited for.
        latest: the run as last read; None if it was not.
    """

    __slots__ = ("group", "joined_at", "latest")

    def __init__(self, group: TaskRunGroup, *, joined_at: float) -> None:
        self.group = group
        self.joined_at = joined_at
        self.latest: TaskRun | None = None
