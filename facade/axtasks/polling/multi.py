"""Wait for a fixed set of runs within one timeout."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from axtasks.engine.effects import Flow, sleep
from axtasks.errors import AxError
from axtasks.pagination.unsized import SingleLoop

from .outcome import is_under_way
from .results import WaitResults
from .tracker import RunTracker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks_api.models import TaskRun

    from axtasks.config.events import Poll
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
        self._timeout = timeout
        self._deadline = started_at + timeout
        self.run_ids = list(dict.fromkeys(run if isinstance(run, str) else run.id for run in runs))
        self._results = WaitResults(self.run_ids)
        # Runs that have ended and were not returned yet, and the error to raise after them.
        self._ended: deque[TaskRun] = deque()
        self._error: AxError | None = None
        # The worst transient error of the last poll.
        self._poll_error: AxError | None = None
        self._is_timed_out = False
        self._loop = SingleLoop()
        self._tracker = RunTracker(context, self, poll_interval=poll_interval, on_poll=on_poll)
        seen: dict[str, TaskRun] = {}
        for run in runs:
            # An ended run stays so, whatever an earlier sight of it says.
            if not isinstance(run, str) and (run.id not in seen or is_under_way(seen[run.id])):
                seen[run.id] = run
        for run_id in self.run_ids:
            self._tracker.add(run_id, seen.get(run_id), joined_at=started_at)

    @property
    def runs(self) -> dict[str, TaskRun]:
        """The runs as last read, by id and in the order given; without those not read yet."""
        return self._results.ordered_runs

    def record_seen(self, run_id: str, run: TaskRun) -> None:
        """Record a run as it was read."""
        self._results.runs[run_id] = run
        if not is_under_way(run):
            self._results.ended.add(run_id)
            self._ended.append(run)

    def record_unreadable(self, run_id: str, error: AxError) -> None:
        """Record why a run cannot be read."""
        self._results.unreadable[run_id] = error

    def next_ended(self, context: ClientContext) -> Flow[TaskRun | None]:
        """Return the next run that has ended or has an unknown status; None when there are no more.

        Raises:
            RunTimeoutError: the time is over; carries all runs.
            AxError: polling failed, or all runs have ended but for those that cannot be read; carries all runs.
            ConfigurationError: another call waits already.
        """
        with self._loop.wait():
            return (yield from self._next_ended(context))

    def _next_ended(self, context: ClientContext) -> Flow[TaskRun | None]:
        while not self._ended:
            if self._error is not None:
                error, self._error = self._error, None
                raise self._results.attach_runs(error)
            unfinished = self._tracker.unfinished
            if not unfinished:
                self._results.raise_for_unreadable()
                return None
            if self._is_timed_out:
                raise self._results.timeout_error(unfinished, timeout=self._timeout, poll_error=self._poll_error)
            try:
                yield from self._poll_next(context)
            except AxError as error:
                self._error = error
        return self._ended.popleft()

    def _poll_next(self, context: ClientContext) -> Flow[None]:
        """Wait until the next poll is due, the deadline at the latest, and poll all groups that are due then."""
        clock, deadline, poll_at = context.clock, self._deadline, self._tracker.next_poll_at
        started_at = clock.monotonic()
        # Decided before the delay, since the sum of all delays may miss the deadline by a rounding error.
        is_last = max(poll_at, started_at) >= deadline
        if (delay := min(poll_at, deadline) - started_at) > 0:
            yield from sleep(delay)
        self._poll_error = None
        groups = self._tracker.take_all() if is_last else self._tracker.take_due(max(poll_at, started_at))
        poll_round = yield from self._tracker.poll(context, groups, deadline=deadline, is_last=is_last)
        self._poll_error = poll_round.error
        # A response may have come after the deadline.
        self._is_timed_out = is_last or clock.monotonic() >= deadline
