"""Wait for several runs at once, polled task by task: one list request reads many of them."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from axtasks.config.events import Poll
from axtasks.engine.effects import Flow, gather, sleep
from axtasks.errors import (
    AxError,
    NotFoundError,
    PermissionDeniedError,
    RepeatedCursorError,
    ResponseError,
    TooManyPagesError,
)
from axtasks.pagination.cursor import each_page
from axtasks.validation import LARGEST_PAGE

from .groups import UNKNOWN_TASK, TaskRunGroup
from .outcome import bounded_delay, is_under_way
from .poller import RunPoller, has_task, id_of
from .results import WaitResults
from .schedule import next_delay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks_api.models import TaskRun, TaskRunListResponse
    from axtasks_api.types import Unset

    from axtasks.engine.context import ClientContext


class MultiRunWaiter:
    """Waits for runs within one timeout from `started_at`, a monotonic time, and returns them as they end."""

    def __init__(
        self,
        context: ClientContext,
        runs: Sequence[TaskRun | str],
        *,
        poll_interval: float | None,
        timeout: float,
        on_poll: Callable[[Poll], None] | None,
        started_at: float,
    ) -> None:
        self._context = context
        self._poll_interval = poll_interval
        self._timeout = timeout
        self._on_poll = on_poll
        self._poller = RunPoller(context, started_at=started_at, timeout=timeout)
        self.run_ids = list(dict.fromkeys(run if isinstance(run, str) else run.id for run in runs))
        self._results = WaitResults(self.run_ids)
        # Runs that have ended and were not returned yet, and the error to raise after them.
        self._ended: deque[TaskRun] = deque()
        self._error: AxError | None = None
        self._unknown = TaskRunGroup(UNKNOWN_TASK)
        self._groups = {UNKNOWN_TASK: self._unknown}
        # The runs that the last poll has read, and its worst transient error.
        self._polled: set[str] = set()
        self._poll_error: AxError | None = None
        self._is_last_poll = False
        self._is_timed_out = False
        for run_id in self.run_ids:
            self._unknown.add(run_id)
        for run in runs:
            if not isinstance(run, str):
                self._record(run.id, run)

    @property
    def runs(self) -> dict[str, TaskRun]:
        """The runs as last read, by id and in the order given; without those not read yet."""
        return self._results.ordered_runs

    def next_ended(self, context: ClientContext) -> Flow[TaskRun | None]:
        """Return the next run that has ended or has an unknown status; None when there are no more.

        Raises:
            RunTimeoutError: the time is over; carries all runs.
            AxError: polling failed, or all runs have ended but for those that cannot be read; carries all runs.
        """
        # An iteration asks for each run in a call of its own.
        self._context = self._poller.context = context
        while not self._ended:
            if self._error is not None:
                error, self._error = self._error, None
                raise self._results.attach_runs(error)
            groups = [group for group in self._groups.values() if group.unfinished]
            if not groups:
                self._results.raise_for_unreadable()
                return None
            if self._is_timed_out:
                unfinished = [run_id for group in groups for run_id in group.unfinished]
                late = self._results.timeout_error(unfinished, timeout=self._timeout, poll_error=self._poll_error)
                raise late from (None if late is self._poll_error else self._poll_error)
            try:
                yield from self._poll_at(min(group.next_poll_at for group in groups))
            except AxError as error:
                self._error = error
        return self._ended.popleft()

    def _poll_at(self, poll_at: float) -> Flow[None]:
        """Wait until a monotonic time, the deadline at the latest, and poll all groups that are due then."""
        started_at = self._context.clock.monotonic()
        deadline = self._poller.started_at + self._timeout
        # Decided before the delay, since the sum of all delays may miss the deadline by a rounding error.
        self._is_last_poll = max(poll_at, started_at) >= deadline
        if (delay := min(poll_at, deadline) - started_at) > 0:
            yield from sleep(delay)
        self._poll_error = None
        self._polled.clear()
        due_by = inf if self._is_last_poll else max(poll_at, started_at)
        groups = [group for group in self._groups.values() if group.unfinished and group.next_poll_at <= due_by]
        listed: list[TaskRunGroup] = []
        if self._unknown in groups:
            groups.remove(self._unknown)
            listed = yield from self._poll_unknown()
        groups = [group for group in groups if group not in listed]
        yield from gather([self._poll_group(group) for group in groups])
        # Reading the runs of unknown tasks may have polled all runs of another group as well.
        polled = (self._unknown, *listed, *groups)
        groups = [g for g in self._groups.values() if g in polled or g.unfinished.keys() <= self._polled]
        polled_at = self._context.clock.monotonic()
        # A response may have come after the deadline.
        self._is_timed_out = self._is_last_poll or polled_at >= deadline
        if not self._is_timed_out:
            self._schedule([group for group in groups if group.unfinished], polled_at)

    def _schedule(self, groups: Sequence[TaskRunGroup], polled_at: float) -> None:
        """Set the time of the next poll of groups that were polled, and report their unfinished runs."""
        elapsed = polled_at - self._poller.started_at
        remaining = self._timeout - elapsed
        retry_after = self._poller.retry_after_seconds()
        for group in groups:
            delay = self._poll_interval or max(self._next_delay(group, polled_at, elapsed), retry_after)
            delay = bounded_delay(delay, remaining=remaining, poll_error=self._poll_error)
            group.next_poll_at = polled_at + delay if delay < remaining else inf
            for run in [self._results.runs[run_id] for run_id in group.unfinished if run_id in self._polled]:
                self._poller.report(Poll(run, elapsed, delay), self._on_poll)

    def _next_delay(self, group: TaskRunGroup, polled_at: float, elapsed: float) -> float:
        """Return the shortest delay that the schedule has for one of a group's runs."""
        known = self._results.runs
        runs = {run_id: known[run_id] for run_id in group.unfinished if run_id in known}
        delays = []
        for run_id, run in runs.items():
            age, durations = self._poller.age_of(run_id, run, polled_at), group.durations_for(run)
            delays.append(next_delay(age, waited=elapsed, durations=durations, share=group.interval_share))
        return min(delays, default=next_delay(elapsed, waited=elapsed))

    def _poll_unknown(self) -> Flow[list[TaskRunGroup]]:
        """Read the runs of unknown tasks, and return the groups whose lists were read for that.

        Most often all are runs of one task, so the list of the first one's task has the others as well.
        """
        listed: list[TaskRunGroup] = []
        ids = list(self._unknown.unfinished)
        self._unknown.requests = len(ids)
        is_promising = True
        while ids:
            batch = ids[:1] if is_promising else ids
            yield from gather([self._poll_run(run_id) for run_id in batch])
            ids = [run_id for run_id in ids[len(batch) :] if run_id in self._unknown.unfinished]
            group = self._group_of(self._results.runs.get(batch[0]))
            is_promising = is_promising and bool(ids) and group.is_listable and group not in listed
            if is_promising:
                listed.append(group)
                is_promising = yield from self._list_unknown(group)
                ids = [run_id for run_id in ids if run_id in self._unknown.unfinished]
        return listed

    def _list_unknown(self, group: TaskRunGroup) -> Flow[bool]:
        """Read a task's list while each page has runs of unknown tasks, and return True if the first one had."""
        group.page_size = LARGEST_PAGE
        group.requests = hits = 0

        def read(cursor: str | Unset) -> Flow[TaskRunListResponse | None]:
            nonlocal hits
            before = len(self._unknown.unfinished)
            page = yield from self._poll_page(group, cursor)
            found = before - len(self._unknown.unfinished)
            hits += found > 0
            return page if found and self._unknown.unfinished else None

        yield from self._each_page(read)
        return hits > 0

    def _poll_group(self, group: TaskRunGroup) -> Flow[None]:
        """Poll all runs of a group: in their task's list as far as that saves requests, else singly."""
        missing = dict(group.unfinished)
        before = len(missing)
        group.requests = misses = 0
        has_failed = False
        for_history = self._poll_interval is None and not self._is_last_poll

        def read(cursor: str | Unset) -> Flow[TaskRunListResponse | None]:
            nonlocal misses, has_failed
            if not group.is_page_worth(len(missing), misses=misses, for_history=for_history):
                return None
            page = yield from self._poll_page(group, cursor)
            if page is None:
                has_failed = group.is_listable
                return None
            found = {run_id for run in page.task_runs if (run_id := id_of(run)) in missing}
            misses += not found
            for run_id in found:
                del missing[run_id]
            return page

        yield from self._each_page(read)
        if has_failed:
            # Transient: the next poll reads them.
            return
        if group.requests > before - len(missing):
            # More pages than runs on them: the runs are too far back, or newer ones too many.
            group.is_listable = False
        group.requests += len(missing)
        yield from gather([self._poll_run(run_id) for run_id in missing])

    def _each_page(self, read: Callable[[str | Unset], Flow[TaskRunListResponse | None]]) -> Flow[None]:
        # The runs beyond these pages can still be read singly.
        with suppress(RepeatedCursorError, TooManyPagesError):
            yield from each_page(read, "runs", most_pages=self._context.settings.limits.pages)

    def _poll_page(self, group: TaskRunGroup, cursor: str | Unset) -> Flow[TaskRunListResponse | None]:
        """Read a page of a task's runs, and record those that are waited for; None if it could not be read."""
        group.requests += 1
        page = yield from self._poller.poll_list(group.task_id, limit=group.page_size, cursor=cursor)
        if page is None:
            group.is_listable = False
            return None
        if isinstance(page, AxError):
            self._record_error(page)
            return None
        group.was_listed = True
        group.add_history(page.task_runs)
        unfinished = group.unfinished.keys() | self._unknown.unfinished.keys()
        # By id, since a page may have one run twice.
        for run_id, run in {run.id: run for run in page.task_runs if id_of(run) in unfinished}.items():
            self._record(run_id, run)
        return page

    def _poll_run(self, run_id: str) -> Flow[None]:
        """Read one run; one that is gone, or may not be read, is not polled again."""
        exists = run_id in self._results.runs or self._poller.was_triggered_here(run_id)
        try:
            result = yield from (self._poller.poll if exists else self._poller.poll_first)(run_id)
        except (NotFoundError, PermissionDeniedError) as error:
            self._results.unreadable[run_id] = error
            for group in self._groups.values():
                group.unfinished.pop(run_id, None)
            return
        if isinstance(result, AxError):
            self._record_error(result)
        else:
            self._record(run_id, result)

    def _record(self, run_id: str, run: TaskRun) -> None:
        """Record the status and the task of the run that is waited for by this id."""
        self._polled.add(run_id)
        if run_id in self._results.ended:
            # An ended run stays so, whatever a stale response says.
            return
        self._results.runs[run_id] = run
        group = self._group_of(run)
        if group is not self._unknown:
            self._unknown.unfinished.pop(run_id, None)
        if is_under_way(run):
            group.add(run_id)
        else:
            group.unfinished.pop(run_id, None)
            self._results.ended.add(run_id)
            self._ended.append(run)

    def _group_of(self, run: TaskRun | None) -> TaskRunGroup:
        if run is None or not has_task(run):
            return self._unknown
        return self._groups.setdefault(run.task_id, TaskRunGroup(run.task_id))

    def _record_error(self, error: AxError) -> None:
        """Keep the transient error with the longest `Retry-After`."""
        if self._poll_error is None or _retry_after(error) > _retry_after(self._poll_error):
            self._poll_error = error


def _retry_after(error: AxError) -> float:
    return (error.retry_after_seconds if isinstance(error, ResponseError) else None) or 0.0
