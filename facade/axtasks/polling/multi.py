"""Wait for several runs at once, polled task by task: one list shows many of them."""

from __future__ import annotations

from collections import deque
from math import inf
from typing import TYPE_CHECKING

from axtasks_api_beta.types import UNSET, Unset

from axtasks.config.hooks import Poll
from axtasks.engine.effects import Flow, gather, now, sleep
from axtasks.engine.instrument import report_poll
from axtasks.errors import (
    AxError,
    NotFoundError,
    PermissionDeniedError,
    RepeatedCursorError,
    ResponseError,
    TooManyPagesError,
)
from axtasks.pagination.cursor import follow
from axtasks.validation import LARGEST_PAGE

from .groups import NO_TASK, PageSeen, TaskRunGroup
from .outcome import bounded_delay, is_under_way
from .poller import RunPoller, can_list
from .results import WaitResults
from .schedule import next_delay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks_api_beta.models import TaskRun

    from axtasks.engine.context import ClientContext


class MultiRunWaiter:
    """Runs that are waited for together, within one time limit.

    Args:
        context: what the flows of the client share.
        runs: the runs, as models or as ids.
        poll_interval: seconds between two looks; what is known of the runs decides when None.
        timeout: the most seconds to wait.
        on_poll: is told of each look at a run that has not ended.
        started: the monotonic time at which the waiting begins.
    """

    def __init__(
        self,
        context: ClientContext,
        runs: Sequence[TaskRun | str],
        *,
        poll_interval: float | None,
        timeout: float,
        on_poll: Callable[[Poll], None] | None,
        started: float,
    ) -> None:
        self._context = context
        self._poll_interval = poll_interval
        self._timeout = timeout
        self._on_poll = on_poll
        self._looks = RunPoller(context, started=started, timeout=timeout)
        # The ids in the order given.
        self.order = list(dict.fromkeys(run if isinstance(run, str) else run.id for run in runs))
        self._sightings = WaitResults(self.order)
        self._seen = self._sightings.runs
        # The runs that still have to be told, as they end, and what ends the wait once they are.
        self._ended: deque[TaskRun] = deque()
        self._failure: AxError | None = None
        self._unknown = TaskRunGroup(NO_TASK)
        self._groups = {NO_TASK: self._unknown}
        # What the last look showed, and the worst that it failed with, in passing.
        self._shown: set[str] = set()
        self._trouble: AxError | None = None
        self._is_last = False
        self._is_over = False
        for run_id in self.order:
            self._unknown.add(run_id)
        for run in runs:
            if not isinstance(run, str):
                self._saw(run.id, run)

    @property
    def seen(self) -> dict[str, TaskRun]:
        """The runs as they were last seen, by id and in the order given; without those that never were."""
        return self._sightings.in_order

    def next_ended(self) -> Flow[TaskRun | None]:
        """The next run that has ended, or is in a status that nobody knows; None when there are no more.

        Raises:
            RunTimeoutError: the time is over; carries all runs.
            AxError: the server cannot be asked any more, or all has ended but for runs that cannot be read; carries
                all runs.
        """
        while not self._ended:
            if (failure := self._failure) is not None:
                self._failure = None
                raise self._sightings.told_by(failure)
            groups = [group for group in self._groups.values() if group.waiting]
            if not groups:
                self._sightings.tell_refused()
                return None
            if self._is_over:
                waiting = [run_id for group in groups for run_id in group.waiting]
                late = self._sightings.out_of_time(waiting, timeout=self._timeout, trouble=self._trouble)
                raise late from (None if late is self._trouble else self._trouble)
            try:
                yield from self._look(min(group.due for group in groups))
            except AxError as error:
                self._failure = error
        return self._ended.popleft()

    def _look(self, due: float) -> Flow[None]:
        """The next look, when it is due; the last is taken when the time is over."""
        moment = yield from now()
        ends = self._looks.started + self._timeout
        # Decided before the pause, since the sum of all pauses may miss the deadline by a rounding error.
        self._is_last = max(due, moment) >= ends
        if (nap := min(due, ends) - moment) > 0:
            yield from sleep(nap)
        self._trouble = None
        self._shown.clear()
        groups = [g for g in self._groups.values() if g.waiting and (self._is_last or g.due <= max(due, moment))]
        swept: list[TaskRunGroup] = []
        if self._unknown in groups:
            groups.remove(self._unknown)
            swept = yield from self._learn()
        groups = [group for group in groups if group not in swept]
        yield from gather([self._look_at(group) for group in groups])
        looked_at = (self._unknown, *swept, *groups)
        # What was learnt by reading all of a group's runs was a look at it as well.
        groups = [g for g in self._groups.values() if g in looked_at or g.waiting.keys() <= self._shown]
        moment = yield from now()
        # An answer may have come when the time was over.
        self._is_over = self._is_last or moment >= ends
        if not self._is_over:
            self._plan([group for group in groups if group.waiting], moment)

    def _plan(self, groups: Sequence[TaskRunGroup], moment: float) -> None:
        """Decides when to look again at what was looked at now, and tells of the looks."""
        elapsed = moment - self._looks.started
        left = self._timeout - elapsed
        asked = self._looks.asked_seconds()
        for group in groups:
            meant = self._poll_interval or max(self._pause(group, moment, elapsed), asked)
            nap = bounded_delay(meant, left_seconds=left, trouble=self._trouble)
            group.due = moment + nap if nap < left else inf
            for run in [self._seen[run_id] for run_id in group.waiting if run_id in self._shown]:
                look = Poll(run, elapsed, nap)
                report_poll(self._context, look)
                if self._on_poll is not None:
                    self._on_poll(look)

    def _pause(self, group: TaskRunGroup, moment: float, elapsed: float) -> float:
        """Seconds until the next look at a group: when the first of its runs is worth one."""
        runs = [self._seen[run_id] for run_id in group.waiting if run_id in self._seen]
        wanted = [
            next_delay(
                self._looks.age_of(run, moment), waited=elapsed, lengths=group.lengths_for(run), share=group.share
            )
            for run in runs
        ]
        return min(wanted, default=next_delay(elapsed, waited=elapsed))

    def _learn(self) -> Flow[list[TaskRunGroup]]:
        """Reads the runs of which only the id is known; returns the groups whose lists were gone through for that.

        Most often all are runs of one task, so that the list of the first one's task shows the others as well.
        """
        swept: list[TaskRunGroup] = []
        ids = list(self._unknown.waiting)
        self._unknown.requests = len(ids)
        is_promising = True
        while ids:
            read = ids[:1] if is_promising else ids
            yield from gather([self._read(run_id) for run_id in read])
            ids = [run_id for run_id in ids[len(read) :] if run_id in self._unknown.waiting]
            group = self._group_of(self._seen.get(read[0]))
            is_promising = is_promising and bool(ids) and group.can_list and group not in swept
            if is_promising:
                swept.append(group)
                is_promising = yield from self._sweep(group)
                ids = [run_id for run_id in ids if run_id in self._unknown.waiting]
        return swept

    def _sweep(self, group: TaskRunGroup) -> Flow[bool]:
        """Whether the list of a task shows runs of which only the id was known; gone through for as long as it does."""
        group.page_size = LARGEST_PAGE
        group.requests = 0
        cursor: str | Unset | None = UNSET
        followed: set[str] = set()
        fruitful = pages = 0
        while cursor is not None and fruitful == pages and self._unknown.waiting:
            pages += 1
            before = len(self._unknown.waiting)
            page = yield from self._page(group, cursor, followed, pages)
            cursor = page.cursor
            fruitful += len(self._unknown.waiting) < before
        return fruitful > 0

    def _look_at(self, group: TaskRunGroup) -> Flow[None]:
        """Looks at all runs of a group: in the list of their task as far as that is worth it, else one by one."""
        missing = list(group.waiting)
        group.requests = pages = fruitless = 0
        cursor: str | Unset | None = UNSET
        followed: set[str] = set()
        for_lengths = self._poll_interval is None and not self._is_last
        while cursor is not None and group.is_page_worth(
            missing, pages=pages, fruitless=fruitless, for_lengths=for_lengths
        ):
            pages += 1
            might_show = any(group.waiting[run_id] <= pages for run_id in missing)
            page = yield from self._page(group, cursor, followed, pages)
            if page.is_missing:
                # In passing: all will be looked at again.
                return
            cursor = page.cursor
            fruitless += might_show and page.shown.isdisjoint(missing)
            missing = [run_id for run_id in missing if run_id not in page.shown]
        for run_id in missing:
            group.waiting[run_id] = max(group.waiting[run_id], pages + 1)
        group.requests += len(missing)
        yield from gather([self._read(run_id) for run_id in missing])

    def _page(self, group: TaskRunGroup, cursor: str | Unset, followed: set[str], number: int) -> Flow[PageSeen]:
        """What a page of a task's runs shows of those that are waited for."""
        group.requests += 1
        page = yield from self._looks.page(group.task_id, limit=group.page_size, cursor=cursor)
        if page is None:
            group.can_list = False
            return PageSeen(frozenset(), None)
        if isinstance(page, AxError):
            self._note(page)
            return PageSeen(frozenset(), None, is_missing=True)
        group.was_listed = True
        group.learn_from(page.task_runs)
        shown = {run.id: run for run in page.task_runs if run.id in group.waiting or run.id in self._unknown.waiting}
        for run_id, run in shown.items():
            self._saw(run_id, run, number)
        try:
            following = follow(page, followed, "runs", most_pages=self._context.settings.limits.pages)
        except (RepeatedCursorError, TooManyPagesError):
            # What is not on the pages so far can still be read.
            following = None
        return PageSeen(frozenset(shown), following)

    def _read(self, run_id: str) -> Flow[None]:
        """RunPoller at one run. One that is gone, or may not be read, is not looked at again."""
        is_real = run_id in self._seen or self._looks.is_real(run_id)
        try:
            found = yield from (self._looks.again if is_real else self._looks.first)(run_id)
        except (NotFoundError, PermissionDeniedError) as error:
            self._sightings.refusals[run_id] = error
            for group in self._groups.values():
                group.waiting.pop(run_id, None)
            return
        if isinstance(found, AxError):
            self._note(found)
        else:
            self._saw(run_id, found)

    def _saw(self, run_id: str, run: TaskRun, page: int | None = None) -> None:
        """Notes how a run is doing, and with it which task it is of.

        Args:
            run_id: the id by which it is waited for.
            run: the run.
            page: the number of the page that showed it, if it was one.
        """
        self._shown.add(run_id)
        if run_id in self._sightings.over:
            # What has ended stays so, whatever an older answer says.
            return
        self._seen[run_id] = run
        group = self._group_of(run)
        if group is not self._unknown:
            self._unknown.waiting.pop(run_id, None)
        if is_under_way(run):
            group.add(run_id)
            if page is not None:
                group.waiting[run_id] = page
        else:
            group.waiting.pop(run_id, None)
            self._sightings.over.add(run_id)
            self._ended.append(run)

    def _group_of(self, run: TaskRun | None) -> TaskRunGroup:
        if run is None or not can_list(run):
            return self._unknown
        return self._groups.setdefault(run.task_id, TaskRunGroup(run.task_id))

    def _note(self, trouble: AxError) -> None:
        """Notes a passing failure; the one after which the server asks to wait longest counts."""
        if self._trouble is None or _wait_of(trouble) > _wait_of(self._trouble):
            self._trouble = trouble


def _wait_of(error: AxError) -> float:
    return (error.retry_after_seconds if isinstance(error, ResponseError) else None) or 0.0
