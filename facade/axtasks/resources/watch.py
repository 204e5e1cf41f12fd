"""Wait for runs that are not all known at first: an open-ended wait, for asyncio."""

from __future__ import annotations

from contextvars import copy_context
from copy import copy
from math import inf
from typing import TYPE_CHECKING, Any, Self

from axtasks.concurrency import Uncopied
from axtasks.errors import AxError, ConfigurationError, ResponseError
from axtasks.polling.outcome import DEFAULT_TIMEOUT_SECONDS, has_ended
from axtasks.polling.results import timeout_error
from axtasks.polling.schedule import DueQueue
from axtasks.polling.tracker import RunTracker
from axtasks.validation import seconds

from .wait_for_runs import check_run

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Sequence
    from types import TracebackType

    from axtasks_api.models import TaskRun

    from axtasks.engine.drivers import AsyncDriver
    from axtasks.polling.groups import TaskRunGroup

# Polls of groups that are under way at once.
MOST_POLLS = 8


class RunWaiter:
    """One call of `RunWatch.wait`.

    Attributes:
        run_id: the id of the run.
        timeout: the timeout in seconds.
        deadline: the monotonic time at which it is over.
        outcome: is set once, to the run or to an error.
    """

    __slots__ = ("deadline", "outcome", "run_id", "timeout")

    def __init__(self, run_id: str, *, timeout: float, started_at: float, outcome: asyncio.Future[TaskRun]) -> None:
        self.run_id = run_id
        self.timeout = timeout
        self.deadline = started_at + timeout
        self.outcome = outcome


class RunWatch(Uncopied):
    """Waits for runs that join and leave at any time, with one list request for all runs of a task.

    `async with ax.tasks.watch() as watch` starts it, and `await watch.wait(run)` waits for a run. Tasks of the event
    loop may do so at the same time. Without waiters, nothing is polled.
    """

    def __init__(self, driver: AsyncDriver, *, poll_interval: float | None) -> None:
        if poll_interval is not None:
            seconds("poll_interval", poll_interval)
        self._driver = driver
        self._clock = driver.context.clock
        self._tracker = RunTracker(driver.context, self, poll_interval=poll_interval, is_open=True)
        self._waiters: dict[str, list[RunWaiter]] = {}
        # Runs by the earliest deadline of their waiters.
        self._deadlines: DueQueue[str] = DueQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        # Polls under way, of groups and of runs whose time is over.
        self._polls: dict[asyncio.Task[None], Sequence[TaskRunGroup]] = {}
        self._last_polls: dict[asyncio.Task[None], Sequence[str]] = {}
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = inf

    def __repr__(self) -> str:
        return f"<RunWatch of {len(self._waiters)} runs>"

    async def __aenter__(self) -> Self:
        import asyncio

        if self._loop is not None:
            raise ConfigurationError("this watch was entered before: call ax.tasks.watch() for another one")
        self._loop = asyncio.get_running_loop()
        # The spans of polls belong where the watch was entered, whoever waits.
        self._variables = copy_context()
        self._is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        import asyncio

        self._is_open = False
        tasks = [*self._polls, *self._last_polls, *([] if self._timer is None else [self._timer])]
        self._fail_all(ConfigurationError("the watch was left while the run was waited for; the run goes on"))
        await asyncio.gather(*tasks, return_exceptions=True)

    async def wait(
        self,
        run: TaskRun | str,
        *,
        timeout: float = DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109  # takes a last look, which asyncio's cannot
    ) -> TaskRun:
        """Return the run once it has ended: completed, failed or cancelled, as its `status` says.

        A run that is given by its id is read at once. One that came from the client is looked at when it is due:
        after `poll_interval` seconds at the latest, or by its age and what earlier runs of its task took. Failures
        that pass, such as a lost connection or a 503, do not end the wait once the run was seen. Any other failure
        ends all waits of the watch, but for that of a single run that is not there, may not be read, or is given by
        text that is no id. Cancelling the wait takes the run off.

        Args:
            run: the run, as it came from the client, or its id.
            timeout: the most seconds to wait. The last look is taken when they are over.

        Raises:
            InvalidArgumentError: the number of seconds is not positive, or what is given is no run.
            RunTimeoutError: the run did not end in time; carries it as it was last seen, or None where the
                server did not show it. Also a `TimeoutError`.
            UnknownRunStatusError: the run is in a status this version does not know.
            APIError: the server refused, or asks to wait for longer than is left.
            TransportError: no answer came.
            ConfigurationError: the watch was not entered, or was left.
        """
        given = check_run("run", run)
        run_id = given if isinstance(given, str) else given.id
        waiter = self._join(run_id, None if isinstance(given, str) else given, seconds("timeout", timeout))
        try:
            ended = await waiter.outcome
        finally:
            self._leave(waiter)
            if waiter.outcome.done() and not waiter.outcome.cancelled():
                # Who is cancelled at that moment does not retrieve it, which asyncio would complain about.
                waiter.outcome.exception()
        # Raises for an unknown status.
        has_ended(ended)
        return ended

    def record_seen(self, run_id: str, run: TaskRun) -> None:
        """Return a run that has ended to its waiters."""
        if run_id not in self._tracker:
            for waiter in self._remove(run_id):
                if not waiter.outcome.done():
                    waiter.outcome.set_result(run)

    def record_unreadable(self, run_id: str, error: AxError) -> None:
        """Raise the error of a run that cannot be read to its waiters."""
        for waiter in self._waiters.get(run_id, []):
            self._fail(waiter, error)
        self._remove(run_id)

    def _join(self, run_id: str, run: TaskRun | None, timeout: float) -> RunWaiter:
        import asyncio

        if self._loop is None or not self._is_open:
            state = "not entered yet" if self._loop is None else "left"
            raise ConfigurationError(f"the watch was {state}: wait within `async with ax.tasks.watch() as watch`")
        if asyncio.get_running_loop() is not self._loop:
            raise ConfigurationError("the watch was entered in another event loop: call ax.tasks.watch() in this one")
        now = self._clock.monotonic()
        waiter = RunWaiter(run_id, timeout=timeout, started_at=now, outcome=self._loop.create_future())
        self._waiters.setdefault(run_id, []).append(waiter)
        self._deadlines.advance(run_id, waiter.deadline)
        self._tracker.add(run_id, run, joined_at=now)
        self._set_timer()
        return waiter

    def _leave(self, waiter: RunWaiter) -> None:
        """Remove a waiter, and its run with the last one; nothing if it was removed before."""
        waiters = self._waiters.get(waiter.run_id, [])
        if waiter not in waiters:
            return
        waiters.remove(waiter)
        if waiters:
            self._set_deadline(waiter.run_id)
        else:
            self._remove(waiter.run_id)
        self._set_timer()

    def _set_deadline(self, run_id: str) -> None:
        if waiters := self._waiters.get(run_id):
            self._deadlines.set(run_id, min(each.deadline for each in waiters))

    def _remove(self, run_id: str) -> list[RunWaiter]:
        """Track a run no longer, and return its waiters."""
        self._tracker.discard(run_id)
        self._deadlines.discard(run_id)
        return self._waiters.pop(run_id, [])

    def _fail(self, waiter: RunWaiter, error: Exception) -> None:
        """Raise an error to a waiter."""
        if waiter.outcome.done():
            return
        if isinstance(error, AxError):
            latest, cause = self._tracker.latest(waiter.run_id), error.__cause__
            # Each waiter adds its own traceback.
            error = copy(error)
            error.__cause__ = cause
            error.runs = () if latest is None else (latest,)
        waiter.outcome.set_exception(error)

    def _fail_all(self, error: Exception) -> None:
        """Raise an error to all waiters, and stop polling."""
        for run_id, waiters in list(self._waiters.items()):
            for waiter in waiters:
                self._fail(waiter, error)
            self._remove(run_id)
        for task in (*self._polls, *self._last_polls):
            task.cancel()
        self._set_timer()

    def _end_waits(self, run_id: str, until: float, error: AxError | None, *, is_over: bool) -> None:
        """Raise an error to the waiters of a run whose deadline is not after a monotonic time.

        Args:
            run_id: the run.
            until: the time.
            error: the transient error of the last poll.
            is_over: True if it was the last poll, so that the error to raise is RunTimeoutError.
        """
        run = self._tracker.latest(run_id)
        for waiter in [waiter for waiter in self._waiters.get(run_id, []) if waiter.deadline <= until]:
            late = error
            if is_over or late is None:
                late = timeout_error(run_id, run, timeout=waiter.timeout, poll_error=error)
            self._fail(waiter, late)
            self._leave(waiter)

    def _set_timer(self) -> None:
        """Have the next poll or deadline seen to in time."""
        next_poll_at = self._tracker.next_poll_at if len(self._polls) < MOST_POLLS else inf
        at = min(next_poll_at, self._deadlines.next_at)
        if self._timer is not None and (at < self._timer_at or at == inf):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and at < inf and self._loop is not None:
            self._timer_at = at
            self._timer = self._create_task(self._run_timer(at))
            self._timer.add_done_callback(self._end_timer)

    async def _run_timer(self, at: float) -> None:
        import asyncio

        delay = at - self._clock.monotonic()
        # At least once round the loop, so that runs that join together are polled together.
        await (self._clock.sleep_async(delay) if delay > 0 else asyncio.sleep(0))
        self._timer = None
        now = max(at, self._clock.monotonic())
        if late := self._deadlines.take(now):
            task = self._create_task(self._poll_last(late, now))
            self._last_polls[task] = late
            task.add_done_callback(self._end_last)
        for group in self._tracker.take_due(now, at_most=MOST_POLLS - len(self._polls)):
            task = self._create_task(self._poll(group))
            self._polls[task] = [group]
            task.add_done_callback(self._end)
        self._set_timer()

    def _end_timer(self, timer: asyncio.Task[None]) -> None:
        """Start another timer in place of one that was cancelled from outside, as a poll is that was."""
        if timer is self._timer and timer.cancelled():
            self._timer = None
            self._set_timer()

    def _create_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        if self._loop is None:
            raise RuntimeError("the watch was not entered")
        return self._loop.create_task(work, context=self._variables.copy())

    def _end(self, task: asyncio.Task[None]) -> None:
        """End a poll of a group; what it failed with is raised to all waiters."""
        groups = self._polls.pop(task)
        if task.cancelled():
            # Before it began, it may be.
            self._tracker.release(groups)
        elif isinstance(error := task.exception(), Exception):
            self._fail_all(error)
        self._set_timer()

    def _end_last(self, task: asyncio.Task[None]) -> None:
        """End a poll of runs whose time is over, as `_end`."""
        run_ids = self._last_polls.pop(task)
        if task.cancelled():
            for run_id in run_ids:
                self._set_deadline(run_id)
            self._set_timer()
        elif isinstance(error := task.exception(), Exception):
            self._fail_all(error)

    async def _poll(self, group: TaskRunGroup) -> None:
        """Poll a group, and raise the error to waiters whose time is over before the server wants another poll."""
        poll_round = await self._driver.call(self._tracker.poll, [group])
        error = poll_round.error
        if isinstance(error, ResponseError) and error.retry_after_seconds is not None:
            next_at = self._clock.monotonic() + error.retry_after_seconds
            for run_id in list(group.unfinished):
                self._end_waits(run_id, next_at, error, is_over=False)

    async def _poll_last(self, run_ids: Sequence[str], now: float) -> None:
        """Poll runs a last time for the waiters whose time is over."""
        poll_round = await self._driver.call(self._tracker.poll_last, run_ids, deadline=now)
        # The response may have come after the deadlines of others.
        until = max(now, self._clock.monotonic())
        for run_id in run_ids:
            self._end_waits(run_id, until, poll_round.error, is_over=True)
