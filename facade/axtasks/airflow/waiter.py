"""Waits for all runs of a task instance, and cancels them. Airflow is not imported here."""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Generic, NamedTuple, TypedDict, TypeVar

from axtasks.errors import AxError, BadRequestError, NotFoundError, RunTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping

    from axtasks import AsyncAxClient, TaskRun
    from axtasks.resources.watch import RunWatch

    from .connection import ConnectionSettings

T = TypeVar("T")

# How long a client without waiters is kept.
IDLE_SECONDS = 60.0
CANCEL_SECONDS = 10.0
# A wait whose time is over polls once.
SHORTEST_WAIT_SECONDS = 0.001
# Before a run that was not found is polled again.
NOT_FOUND_SECONDS = 1.0


class WaitEvent(TypedDict):
    """The end of a wait, as the event of a trigger carries it.

    Each run is in one of three: `ended` has the runs as JSON by id, `late` the ids of those that did not end in time,
    `errors` by id why a run could not be waited for.
    """

    ended: dict[str, dict[str, object]]
    late: list[str]
    errors: dict[str, str]


class LoopThread(Generic[T]):
    """Runs work on an event loop in a thread of its own, so that a signal handler may raise in the calling thread.

    Airflow ends a task that takes too long by raising from a signal handler. Within an event loop that would end up in
    whatever task runs at that moment.

    Args:
        work: returns the coroutine.
    """

    def __init__(self, work: Callable[[], Coroutine[None, None, T]]) -> None:
        self._work = work
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._is_cancelled = False

    def run(self) -> T:
        """Return the result of the work; an error that a signal handler raises meanwhile cancels it.

        Raises:
            CancelledError: the work was cancelled.
        """
        with ThreadPoolExecutor(1) as executor:
            try:
                return executor.submit(copy_context().run, asyncio.run, self._main()).result()
            except BaseException:
                self.cancel()
                raise

    def cancel(self) -> None:
        """Cancel the work, as from a signal handler; nothing if it has ended."""
        self._is_cancelled = True
        if self._loop is not None and self._task is not None:
            # It is closed once the work has ended.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> T:
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._work())
        if self._is_cancelled:
            self._task.cancel()
        return await self._task


def seconds_until(deadline: float | None) -> float:
    """Return the seconds that are left until a time in seconds since 1970; infinite if there is none."""
    return math.inf if deadline is None else max(SHORTEST_WAIT_SECONDS, deadline - time.time())


async def wait_for_all(watch: RunWatch, task_ids: Mapping[str, str], *, seconds: float) -> WaitEvent:
    """Wait until all runs have ended, or the time is over.

    Args:
        watch: what waits for them.
        task_ids: the ids of their tasks, by the ids of the runs.
        seconds: the most to wait.
    """
    from axtasks_api.models import TaskRun

    # With the id of its task a run is on the first list, and takes no request of its own.
    runs = [TaskRun.from_dict({"id": run_id, "task_id": task_id}) for run_id, task_id in task_ids.items()]
    results = await asyncio.gather(*(_wait_for_one(watch, run, seconds) for run in runs), return_exceptions=True)
    event = WaitEvent(ended={}, late=[], errors={})
    for run_id, result in zip(task_ids, results, strict=True):
        if isinstance(result, RunTimeoutError):
            event["late"].append(run_id)
        elif isinstance(result, AxError):
            event["errors"][run_id] = str(result)
        elif isinstance(result, BaseException):
            raise result
        else:
            event["ended"][run_id] = result.to_dict()
    return event


async def _wait_for_one(watch: RunWatch, run: TaskRun, seconds: float) -> TaskRun:
    """Wait for a run that another client triggered or found: the server may show it to this one some seconds later."""
    from axtasks.polling.outcome import GRACE_SECONDS

    now = asyncio.get_running_loop().time
    ends_at = now() + seconds
    not_found_at = min(ends_at, now() + GRACE_SECONDS)
    while True:
        try:
            return await watch.wait(run, timeout=max(SHORTEST_WAIT_SECONDS, ends_at - now()))
        except NotFoundError:
            if now() >= not_found_at:
                raise
        await asyncio.sleep(min(NOT_FOUND_SECONDS, not_found_at - now()))


async def cancel_runs(ax: AsyncAxClient, run_ids: Iterable[str]) -> dict[str, TaskRun | AxError]:
    """Cancel runs within ten seconds; return by id the run, cancelled or as it ended before, or why it was not."""
    now = asyncio.get_running_loop().time
    end = now() + CANCEL_SECONDS

    def brief() -> AsyncAxClient:
        return ax.with_options(timeout=max(SHORTEST_WAIT_SECONDS, end - now()))

    async def cancel(run_id: str) -> TaskRun | AxError:
        try:
            try:
                return await brief().tasks.cancel_run(run_id)
            except BadRequestError:
                # It has ended.
                return await brief().tasks.get_run(run_id)
        except AxError as error:
            # It is told in its place: the others are cancelled all the same.
            return error

    run_ids = list(run_ids)
    return dict(zip(run_ids, await asyncio.gather(*map(cancel, run_ids)), strict=True))


class _ShareKey(NamedTuple):
    settings: ConnectionSettings
    poll_interval: float | None


class SharedWatch:
    """A client with a watch, and how many use it.

    Attributes:
        client: the client.
        watch: the watch.
    """

    def __init__(self, client: AsyncAxClient, watch: RunWatch, stack: AsyncExitStack) -> None:
        self.client = client
        self.watch = watch
        self.stack = stack
        self.users = 0
        self.closing: asyncio.TimerHandle | None = None


class WatchPool:
    """Clients with a watch, one for each event loop, connection content and poll interval.

    Each is closed a minute after it was last used. If each of 200 triggers had its own, each would list the runs.
    """

    def __init__(self) -> None:
        self._loops: dict[asyncio.AbstractEventLoop, dict[_ShareKey, SharedWatch]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lease(self, settings: ConnectionSettings, poll_interval: float | None) -> AsyncIterator[SharedWatch]:
        """Lend the client and the watch of a connection.

        Args:
            settings: the content of the connection.
            poll_interval: seconds between two polls; None for the intervals of the client.

        Raises:
            ConfigurationError: a setting cannot be used.
        """
        loop = asyncio.get_running_loop()
        key = _ShareKey(settings, poll_interval)
        # On a closed loop no client can be closed. A DAG that is tried out has a loop for each deferral.
        for closed in [each for each in list(self._loops) if each.is_closed()]:
            self._loops.pop(closed, None)
        watches = self._loops.setdefault(loop, {})
        if key not in watches:
            watches[key] = await _open(settings, poll_interval)
        shared = watches[key]
        shared.users += 1
        if shared.closing is not None:
            shared.closing.cancel()
            shared.closing = None
        try:
            yield shared
        finally:
            shared.users -= 1
            if not shared.users:
                shared.closing = loop.call_later(IDLE_SECONDS, self._close, loop, key)

    def _close(self, loop: asyncio.AbstractEventLoop, key: _ShareKey) -> None:
        task = loop.create_task(self._loops[loop].pop(key).stack.aclose())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _open(settings: ConnectionSettings, poll_interval: float | None) -> SharedWatch:
    from axtasks import AsyncAxClient

    # Entering either of them does not suspend, so no two callers open the same.
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(settings.make_client(AsyncAxClient))
        watch = await stack.enter_async_context(client.tasks.watch(poll_interval=poll_interval))
        return SharedWatch(client, watch, stack.pop_all())
