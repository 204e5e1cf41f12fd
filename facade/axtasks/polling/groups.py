"""The runs of one task that are waited for together."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING, NamedTuple

from axtasks.validation import LARGEST_PAGE

from .poller import EARLIER_RUNS
from .schedule import lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks_api_beta.models import TaskRun


# The task of runs of which nobody has said yet what they are runs of.
NO_TASK = ""


class TaskRunGroup:
    """The runs of one task that are waited for together.

    Args:
        task_id: the id of the task, or `NO_TASK`.
    """

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        # The runs that have not ended by id, each with the number of the page of the list that it is on, or beyond.
        self.waiting: dict[str, int] = {}
        self.page_size = EARLIER_RUNS
        self.can_list = task_id != NO_TASK
        self.was_listed = False
        # The monotonic time of the next look.
        self.due = -inf
        # What the last look cost.
        self.requests = 0
        self._earlier: list[TaskRun] = []

    def add(self, run_id: str) -> None:
        """Notes one more run to wait for."""
        self.waiting.setdefault(run_id, 1)
        self.page_size = min(LARGEST_PAGE, max(self.page_size, 2 * len(self.waiting)))

    def learn_from(self, runs: Iterable[TaskRun]) -> None:
        """Keeps the newest runs that have ended, for what they tell of the others."""
        ended = {run.id: run for run in (*self._earlier, *runs) if run.run_finished_at is not None}
        self._earlier = sorted(ended.values(), key=lambda run: run.created_at, reverse=True)[:EARLIER_RUNS]

    def lengths_for(self, run: TaskRun) -> list[float]:
        """What the runs that have ended tell of the length of one that has not."""
        return lengths_of(self._earlier, run)

    @property
    def share(self) -> float:
        """Which share of the pause for a single run is worth a look that tells of so many at this cost."""
        # Where no look was taken yet, each was read alone.
        return sqrt(min(1.0, (self.requests or len(self.waiting)) / len(self.waiting)))

    def is_page_worth(self, missing: Iterable[str], *, pages: int, fruitless: int, for_lengths: bool) -> bool:
        """Whether going on with the list takes fewer requests than reading one by one what it has not shown yet.

        Args:
            missing: the ids of the runs that this look has not shown yet.
            pages: how many pages it has read.
            fruitless: how many of them showed none of the runs although they might have.
            for_lengths: whether it helps to know how long other runs took.
        """
        if not self.can_list:
            return False
        if for_lengths and not self.was_listed and pages == 0:
            return True
        # How many pages ahead each run should be; the longer one looked in vain, the farther away they are taken to be.
        ahead = sorted(max(self.waiting[run_id] - pages, 1) + fruitless for run_id in missing)
        return any(further < shown for shown, further in enumerate(ahead, 1))


class PageSeen(NamedTuple):
    """What a page showed.

    Attributes:
        shown: the ids of the runs on it that are waited for.
        cursor: where to go on; None at the end.
        is_missing: whether no page came, in passing.
    """

    shown: frozenset[str]
    cursor: str | None
    is_missing: bool = False
