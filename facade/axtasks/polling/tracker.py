"""Tracks runs that are waited for: which to poll when, by task, and the flows that poll them. No I/O."""

from __future__ import annotations

from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Protocol

from axtasks.config.events import Poll
from axtasks.engine.effects import Flow, gather
from axtasks.engine.retry import is_transient
from axtasks.errors import (
    AxError,
    BadRequestError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RepeatedCursorError,
    ResponseError,
    TooManyPagesError,
)
from axtasks.pagination.cursor import each_page
from axtasks.validation import LARGEST_PAGE

from .groups import UNKNOWN_TASK, TaskRunGroup, TrackedRun
from .outcome import bounded_delay, is_under_way
from .poller import RunPoller, has_task, id_of
from .schedule import DueQueue, next_delay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from axtasks_api.models import TaskRun, TaskRunListResponse
    from axtasks_api.types import Unset

    from axtasks.engine.context import ClientContext

# Errors of a single read that are about that run alone: it is not there, may not be read, or its id is none.
_OF_ONE_RUN = (NotFoundError, PermissionDeniedError, BadRequestError, InvalidArgumentError)

# After so many lists of a task's runs that failed one after another, the runs are read singly.
MOST_FAILED_LISTS = 2


class RunObserver(Protocol):
    """Receives what the polls of a tracker find out."""

    def record_seen(self, run_id: str, run: TaskRun) -> None:
        """Record a tracked run as it was read; one that has ended or has an unknown status is tracked no longer."""
        ...

    def record_unreadable(self, run_id: str, error: AxError) -> None:
        """Record that a tracked run cannot be read; it will be tracked no longer."""
        ...


class PollRound:
    """One poll of the groups that are due.

    Attributes:
        deadline: the monotonic time by which its requests have to end, or a little later.
        is_last: True if no other poll of these runs follows.
        polled: the ids of the runs that it read.
        error: its transient error with the longest `Retry-After`.
    """

    def __init__(self, *, deadline: float, is_last: bool) -> None:
        self.deadline = deadline
        self.is_last = is_last
        # As an ordered set.
        self.polled: dict[str, None] = {}
        self.error: AxError | None = None

    def record_error(self, error: AxError) -> None:
        """Keep the transient error with the longest `Retry-After`."""
        if self.error is None or _retry_after(error) > _retry_after(self.error):
            self.error = error


class RunTracker:
    """The runs that are waited for, by task: each list request reads those of one task.

    Args:
        context: what the flows of the client share.
        observer: receives what polls find out.
        poll_interval: the seconds between two polls; None for the schedule.
        on_poll: receives each poll that found a run unfinished.
        is_open: True if runs are added at any time, by callers that do not know of each other. A run that is not
            there, or cannot be reached at first, is no error of the others then.
    """

    def __init__(
        self,
        context: ClientContext,
        observer: RunObserver,
        *,
        poll_interval: float | None,
        on_poll: Callable[[Poll], None] | None = None,
        is_open: bool = False,
    ) -> None:
        self._context = context
        self._observer = observer
        self._poll_interval = poll_interval
        self._on_poll = on_poll
        self._is_open = is_open
        self._poller = RunPoller(context)
        self._tracked: dict[str, TrackedRun] = {}
        # The groups of known tasks, by task id.
        self._groups: dict[str, TaskRunGroup] = {}
        # Takes the runs whose task is not known, until it is polled.
        self._unknown = TaskRunGroup(UNKNOWN_TASK)
        self._due: DueQueue[TaskRunGroup] = DueQueue()

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._tracked

    @property
    def unfinished(self) -> list[str]:
        """The ids of the runs that have not ended."""
        return list(self._tracked)

    @property
    def next_poll_at(self) -> float:
        """The monotonic time at which the next group is due; infinity if none is."""
        return self._due.next_at

    def take_due(self, until: float, *, at_most: float = inf) -> list[TaskRunGroup]:
        """Return the groups that are due by a monotonic time, or so many of them, for `poll`."""
        groups = self._due.take(until, at_most=at_most)
        for group in groups:
            group.is_being_polled = True
            if group is self._unknown:
                self._unknown = TaskRunGroup(UNKNOWN_TASK)
        return groups

    def take_all(self) -> list[TaskRunGroup]:
        """Return all groups with runs, as `take_due`."""
        for tracked in self._tracked.values():
            self._due.advance(tracked.group, -inf)
        return self.take_due(inf)

    def add(self, run_id: str, run: TaskRun | None = None, *, joined_at: float) -> None:
        """Track a run from a monotonic time on; `run` is it as the caller has seen it."""
        if run_id not in self._tracked:
            group = self._unknown if run is None or not has_task(run) else self._group_of(run)
            self._tracked[run_id] = tracked = TrackedRun(group, joined_at=joined_at)
            tracked.latest = run
            self._join(run_id, tracked)
            if run is not None:
                self.record(run_id, run)
        elif run is not None and not is_under_way(run):
            # What was seen of one that goes on may be older than what is known.
            self.record(run_id, run)

    def latest(self, run_id: str) -> TaskRun | None:
        """Return a tracked run as last read; None if it was not."""
        tracked = self._tracked.get(run_id)
        return None if tracked is None else tracked.latest

    def discard(self, run_id: str) -> None:
        """Track a run no longer."""
        tracked = self._tracked.pop(run_id, None)
        if tracked is not None:
            self._leave(run_id, tracked.group)

    def record(self, run_id: str, run: TaskRun) -> None:
        """Record the status and the task of the run that is tracked by this id."""
        tracked = self._tracked.get(run_id)
        if tracked is None:
            # It has ended before, whatever a stale response says, or nobody waits for it any more.
            return
        if not is_under_way(run):
            self.discard(run_id)
        else:
            tracked.latest = run
            if has_task(run) and (group := self._group_of(run)) is not tracked.group:
                self._leave(run_id, tracked.group)
                tracked.group = group
                group.add(run_id, joined_at=tracked.joined_at)
        self._observer.record_seen(run_id, run)

    def poll(
        self, context: ClientContext, groups: Sequence[TaskRunGroup], *, deadline: float = inf, is_last: bool = False
    ) -> Flow[PollRound]:
        """Poll groups that were taken, and schedule the next poll of each, unless the deadline is over.

        Raises:
            AxError: polling failed in a way that another poll would not mend; the groups are due again.
        """
        # Each poll may be part of a call of its own.
        self._context = self._poller.context = context
        poll_round = PollRound(deadline=deadline, is_last=is_last)
        try:
            polled: dict[TaskRunGroup, None] = {}
            for group in groups:
                if group.task_id == UNKNOWN_TASK:
                    listed = yield from self._poll_unknown(poll_round, group)
                    polled |= dict.fromkeys((group, *listed))
            others = [group for group in groups if group not in polled]
            yield from gather([self._poll_group(poll_round, group, group.unfinished) for group in others])
            polled_at = self._context.clock.monotonic()
            if not is_last and polled_at < deadline:
                self._schedule(poll_round, groups, (*polled, *others), polled_at)
        finally:
            self.release(groups, poll_round.polled)
        return poll_round

    def release(self, groups: Iterable[TaskRunGroup], run_ids: Iterable[str] = ()) -> None:
        """End the poll of groups, and of those of some runs: one that was not scheduled is due at once."""
        for group in groups:
            group.is_being_polled = False
        others = [self._tracked[run_id].group for run_id in run_ids if run_id in self._tracked]
        for group in dict.fromkeys((*groups, *others)):
            if group.unfinished and group not in self._due and not group.is_being_polled:
                self._due.set(group, -inf)
            self._drop_if_empty(group)

    def poll_last(self, context: ClientContext, run_ids: Iterable[str], *, deadline: float) -> Flow[PollRound]:
        """Poll some runs once more, whether or not their groups are due."""
        self._context = self._poller.context = context
        poll_round = PollRound(deadline=deadline, is_last=True)
        by_group: dict[TaskRunGroup, list[str]] = {}
        for run_id in run_ids:
            if run_id in self._tracked:
                by_group.setdefault(self._tracked[run_id].group, []).append(run_id)
        yield from gather([self._poll_group(poll_round, group, ids) for group, ids in by_group.items()])
        # A run whose task was not known has joined a group that may not be due yet.
        self.release((), poll_round.polled)
        return poll_round

    def _group_of(self, run: TaskRun) -> TaskRunGroup:
        return self._groups.setdefault(run.task_id, TaskRunGroup(run.task_id))

    def _join(self, run_id: str, tracked: TrackedRun) -> None:
        """Add a run to its group, and have the group polled when the run is due."""
        group, now = tracked.group, self._context.clock.monotonic()
        is_first = not group.unfinished
        group.add(run_id, joined_at=tracked.joined_at)
        if group.is_being_polled:
            # It is scheduled after that.
            return
        if tracked.latest is None or not self._is_open:
            self._due.advance(group, -inf)
        elif self._poll_interval is not None:
            # The caller has just seen it.
            self._due.advance(group, now + self._poll_interval)
        elif is_first:
            self._due.advance(group, -inf)
        else:
            self._due.advance(group, now + self._delay_of(run_id, tracked.latest, group, now))

    def _leave(self, run_id: str, group: TaskRunGroup) -> None:
        group.unfinished.pop(run_id, None)
        self._drop_if_empty(group)

    def _drop_if_empty(self, group: TaskRunGroup) -> None:
        if not group.unfinished:
            self._due.discard(group)
            if not group.is_being_polled and self._groups.get(group.task_id) is group:
                del self._groups[group.task_id]

    def _schedule(
        self, poll_round: PollRound, taken: Iterable[TaskRunGroup], polled: Iterable[TaskRunGroup], polled_at: float
    ) -> None:
        """Set the time of the next poll of groups that were polled, and report their unfinished runs."""
        for group in taken:
            group.is_being_polled = False
        groups = dict.fromkeys(polled)
        # Reading the runs of unknown tasks may have polled all runs of another group as well.
        for run_id in poll_round.polled:
            tracked = self._tracked.get(run_id)
            if tracked is not None and tracked.group.unfinished.keys() <= poll_round.polled.keys():
                groups[tracked.group] = None
        remaining = poll_round.deadline - polled_at
        retry_after = self._poller.retry_after_seconds()
        delays = {}
        for group in groups:
            if group.unfinished and not group.is_being_polled:
                delay = self._poll_interval or max(self._delay(group, polled_at), retry_after)
                delays[group] = delay = bounded_delay(delay, remaining=remaining, poll_error=poll_round.error)
                self._due.set(group, polled_at + delay if delay < remaining else inf)
        in_order = [run_id for group in delays for run_id in group.unfinished if run_id in poll_round.polled]
        for run_id in dict.fromkeys((*in_order, *poll_round.polled)):
            tracked = self._tracked.get(run_id)
            if tracked is not None and tracked.latest is not None:
                # A run may have joined a group that is due at another time.
                delay = delays.get(tracked.group, max(0.0, self._due.get(tracked.group, polled_at) - polled_at))
                self._poller.report(Poll(tracked.latest, polled_at - tracked.joined_at, delay), self._on_poll)

    def _delay(self, group: TaskRunGroup, polled_at: float) -> float:
        """Return the shortest delay that the schedule has for one of a group's runs."""
        runs = {run_id: self._tracked[run_id].latest for run_id in group.unfinished}
        delays = [self._delay_of(run_id, run, group, polled_at) for run_id, run in runs.items() if run is not None]
        waited = polled_at - group.since
        return min(delays, default=next_delay(waited, waited=waited))

    def _delay_of(self, run_id: str, run: TaskRun, group: TaskRunGroup, at: float) -> float:
        """Return the delay that the schedule has for one run of a group."""
        waited = at - self._tracked[run_id].joined_at
        return next_delay(
            self._poller.age_of(run_id, run, at, waited=waited),
            waited=waited,
            durations=group.durations_for(run),
            share=group.interval_share,
            group_waited=at - group.since,
        )

    def _poll_unknown(self, poll_round: PollRound, unknown: TaskRunGroup) -> Flow[list[TaskRunGroup]]:
        """Read the runs of unknown tasks, and return the groups whose lists were read for that.

        Most often all are runs of one task, so the list of the first one's task has the others as well.
        """
        listed: list[TaskRunGroup] = []
        ids = list(unknown.unfinished)
        unknown.requests = len(ids)
        is_promising = True
        while ids:
            batch = ids[:1] if is_promising else ids
            first, *_ = yield from gather([self._poll_run(poll_round, run_id) for run_id in batch])
            ids = [run_id for run_id in ids[len(batch) :] if run_id in unknown.unfinished]
            if not (is_promising and ids and first is not None and has_task(first)):
                is_promising = False
                continue
            group = self._group_of(first)
            is_promising = group.is_listable and group not in listed
            if is_promising:
                listed.append(group)
                is_promising = yield from self._list_unknown(poll_round, group, unknown)
                ids = [run_id for run_id in ids if run_id in unknown.unfinished]
        for group in listed:
            self._drop_if_empty(group)
        return listed

    def _list_unknown(self, poll_round: PollRound, group: TaskRunGroup, unknown: TaskRunGroup) -> Flow[bool]:
        """Read a task's list while each page has runs of unknown tasks, and return True if the first one had."""
        group.page_size = LARGEST_PAGE
        group.requests = hits = 0

        def read(cursor: str | Unset) -> Flow[TaskRunListResponse | None]:
            nonlocal hits
            before = len(unknown.unfinished)
            group.requests += 1
            page = yield from self._poll_page(poll_round, group, cursor)
            found = before - len(unknown.unfinished)
            hits += found > 0
            return page if found and unknown.unfinished else None

        yield from self._each_page(read)
        return hits > 0

    def _poll_group(self, poll_round: PollRound, group: TaskRunGroup, run_ids: Iterable[str]) -> Flow[None]:
        """Poll runs of a group: in their task's list as far as that saves requests, else singly."""
        missing = dict.fromkeys(run_ids)
        is_whole = missing.keys() == group.unfinished.keys()
        before = len(missing)
        pages = misses = 0
        has_failed = False
        for_history = self._poll_interval is None and not poll_round.is_last

        def read(cursor: str | Unset) -> Flow[TaskRunListResponse | None]:
            nonlocal pages, misses, has_failed
            if not group.is_page_worth(len(missing), pages=pages, misses=misses, for_history=for_history):
                return None
            pages += 1
            page = yield from self._poll_page(poll_round, group, cursor)
            if page is None:
                has_failed = group.is_listable
                return None
            found = {run_id for run in page.task_runs if (run_id := id_of(run)) in missing}
            misses += not found
            for run_id in found:
                del missing[run_id]
            return page

        yield from self._each_page(read)
        if pages > before - len(missing) and not has_failed:
            # More pages than runs on them: the runs are too far back, or newer ones too many.
            group.is_list_worth = False
        if has_failed and group.failed_lists < MOST_FAILED_LISTS:
            # Transient: the next poll reads them.
            missing.clear()
        # Nobody may wait for some of them any more.
        singly = [run_id for run_id in missing if run_id in group.unfinished]
        if is_whole:
            group.requests = pages + len(singly)
        yield from gather([self._poll_run(poll_round, run_id) for run_id in singly])

    def _each_page(self, read: Callable[[str | Unset], Flow[TaskRunListResponse | None]]) -> Flow[None]:
        # The runs beyond these pages can still be read singly.
        with suppress(RepeatedCursorError, TooManyPagesError):
            yield from each_page(read, "runs", most_pages=self._context.settings.limits.pages)

    def _poll_page(
        self, poll_round: PollRound, group: TaskRunGroup, cursor: str | Unset
    ) -> Flow[TaskRunListResponse | None]:
        """Read a page of a task's runs, and record those that are tracked; None if it could not be read."""
        page = yield from self._poller.poll_list(
            group.task_id, limit=group.page_size, cursor=cursor, deadline=poll_round.deadline
        )
        if page is None:
            group.is_listable = False
            return None
        if isinstance(page, AxError):
            poll_round.record_error(page)
            # Single reads would be more requests at a rate that is too high already.
            group.failed_lists += not isinstance(page, RateLimitError)
            return None
        group.failed_lists = 0
        group.was_listed = True
        group.add_history(page.task_runs)
        # By id, since a page may have one run twice.
        for run_id, run in {run.id: run for run in page.task_runs if self._is_tracked(run)}.items():
            self._record_polled(poll_round, run_id, run)
        return page

    def _is_tracked(self, run: TaskRun) -> bool:
        run_id = id_of(run)
        return isinstance(run_id, str) and run_id in self._tracked

    def _poll_run(self, poll_round: PollRound, run_id: str) -> Flow[TaskRun | None]:
        """Read one run, and return it unless that fails; one that is gone, or may not be read, is not polled again."""
        if run_id not in self._tracked:
            return None
        was_seen = self._tracked[run_id].latest is not None or self._poller.was_triggered_here(run_id)
        read = self._poller.poll if was_seen else self._poller.poll_first
        try:
            result = yield from read(run_id, deadline=poll_round.deadline)
        except AxError as error:
            if not isinstance(error, _OF_ONE_RUN) and not (self._is_open and is_transient(error)):
                raise
            if run_id in self._tracked:
                self._observer.record_unreadable(run_id, error)
                self.discard(run_id)
            return None
        if isinstance(result, AxError):
            poll_round.record_error(result)
            return None
        self._record_polled(poll_round, run_id, result)
        return result

    def _record_polled(self, poll_round: PollRound, run_id: str, run: TaskRun) -> None:
        poll_round.polled[run_id] = None
        self.record(run_id, run)


def _retry_after(error: AxError) -> float:
    return (error.retry_after_seconds if isinstance(error, ResponseError) else None) or 0.0
