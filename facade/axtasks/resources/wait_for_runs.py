"""Wait for several runs to end, or iterate over them as they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from axtasks_api import models

from axtasks.concurrency import Uncopied
from axtasks.config.hooks import check_hook
from axtasks.engine.drivers import AsyncDriver
from axtasks.engine.effects import Flow, get_driver
from axtasks.errors import InvalidArgumentError
from axtasks.pagination.unsized import AsyncLoop, BlockingLoop, Unsized
from axtasks.polling.multi import MultiRunWaiter
from axtasks.polling.outcome import DEFAULT_TIMEOUT_SECONDS, raise_for_statuses
from axtasks.resolution.ids import RUN, expect_id
from axtasks.validation import flag, items, kind_of, seconds, text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from axtasks_api.models import TaskRun

    from axtasks.config.events import Poll
    from axtasks.engine.context import ClientContext
    from axtasks.engine.drivers import SyncDriver
    from axtasks.engine.effects import Driver
    from axtasks.pagination.page import Paged


class RunsOf(Unsized, Uncopied):
    """Runs as they end, whichever client waits for them.

    Args:
        waiter: waits for the runs.
        driver: performs the waits.
        raise_on_failure: whether those that failed or were cancelled are raised at the end.
    """

    def __init__(self, waiter: MultiRunWaiter, driver: Driver, *, raise_on_failure: bool) -> None:
        self._waiter = waiter
        self._driver = driver
        self._raise_on_failure = raise_on_failure

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._waiter.run_ids)} runs>"

    def __bool__(self) -> bool:
        return bool(self._waiter.run_ids)

    def _advice(self) -> str:
        return "a loop gives the runs as they end, and .runs is the list of all as they were last seen"

    @property
    def runs(self) -> list[TaskRun]:
        """All runs as they were last seen, in the order given; without those of an id that was not read yet."""
        return list(self._waiter.runs.values())

    def _conclude(self) -> None:
        raise_for_statuses(self.runs, raise_on_failure=self._raise_on_failure)


class RunsAsCompleted(RunsOf, BlockingLoop):
    """Runs as they end, for `for`. Begun again, it goes on after the last run that was returned."""

    def __iter__(self) -> Iterator[TaskRun]:
        driver = cast("SyncDriver", self._driver)
        while (run := driver.call(self._waiter.next_ended)) is not None:
            yield run
        self._conclude()


class AsyncRunsAsCompleted(RunsOf, AsyncLoop):
    """Runs as they end, for `async for`. Begun again, it goes on after the last run that was returned."""

    async def __aiter__(self) -> AsyncIterator[TaskRun]:
        driver = cast("AsyncDriver", self._driver)
        while (run := await driver.call(self._waiter.next_ended)) is not None:
            yield run
        self._conclude()


def wait_for_runs(
    context: ClientContext,
    runs: Iterable[TaskRun | str],
    *,
    poll_interval: float | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
    on_poll: Callable[[Poll], None] | None = None,
    raise_on_failure: bool = False,
) -> Flow[list[TaskRun]]:
    """Return the runs once all have ended, in the order given; the `status` of each says how it ended.

    One request tells of all runs of a task. Failures that pass do not end the wait, as in `wait_for_run`, nor does a
    run that is not there or may not be read: that is raised once the others have ended. Every error has all `runs` as
    they were last seen.

    Args:
        runs: the runs, as they came from the client or by their ids; those of an id are read once more.
        poll_interval: seconds between two looks; when left out, what is known of the runs decides, as in
            `wait_for_run`, and runs that one request tells of are looked at more often.
        timeout: the most seconds to wait for all of them. The last look is taken when they are over.
        on_poll: is told of each run that has not ended at each look.
        raise_on_failure: whether runs that failed or were cancelled are raised rather than returned, once all have
            ended.

    Raises:
        InvalidArgumentError: a number of seconds is not positive, or what is given are not runs.
        ConfigurationError: `on_poll` is not a plain function.
        RunTimeoutError: not all ended in time; carries all of them, those that have ended and those that go on.
        RunFailedError: one failed, and `raise_on_failure` is set; carries all.
        RunCancelledError: none failed but one was cancelled, and `raise_on_failure` is set; carries all.
        UnknownRunStatusError: all ended but for one whose status this version does not know; carries all.
        NotFoundError: one is not there; a note names all that cannot be read.
        PermissionDeniedError: one may not be read; a note names all that cannot be.
        APIError: the server refused otherwise, or asks to wait for longer than is left.
        TransportError: no answer came.
    """
    raise_on_failure = flag("raise_on_failure", raise_on_failure)
    waiter, run_ids = _begin(context, runs, poll_interval=poll_interval, timeout=timeout, on_poll=on_poll)
    while (yield from waiter.next_ended(context)) is not None:
        pass
    ended = waiter.runs
    raise_for_statuses(list(ended.values()), raise_on_failure=raise_on_failure)
    return [ended[run_id] for run_id in run_ids]


def as_completed(
    context: ClientContext,
    runs: Iterable[TaskRun | str],
    *,
    poll_interval: float | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
    on_poll: Callable[[Poll], None] | None = None,
    raise_on_failure: bool = False,
) -> Flow[Paged[RunsAsCompleted, AsyncRunsAsCompleted]]:
    """Iterate over the runs as they end, with `for` or `async for ... in await ...`; each once, with its `status`.

    Looks are taken as in `wait_for_runs`, and only while the next run is asked for. What the iteration raises, it
    raises after all runs that ended by then, and a run that is not there or may not be read once the others have ended.
    Every error has all `runs` as they were last seen.

    Args:
        runs: the runs, as they came from the client or by their ids; those of an id are read once more.
        poll_interval: seconds between two looks; as in `wait_for_runs` when left out.
        timeout: the most seconds from now until the last one has ended. The last look is taken when they are over.
        on_poll: is told of each run that has not ended at each look.
        raise_on_failure: whether runs that failed or were cancelled are raised besides, once all have ended.

    Raises:
        InvalidArgumentError: a number of seconds is not positive, or what is given are not runs.
        ConfigurationError: `on_poll` is not a plain function.
        RunTimeoutError: not all ended in time; carries all of them, those that have ended and those that go on.
        RunFailedError: one failed, and `raise_on_failure` is set; carries all.
        RunCancelledError: none failed but one was cancelled, and `raise_on_failure` is set; carries all.
        UnknownRunStatusError: all ended but for one whose status this version does not know; carries all.
        NotFoundError: one is not there; a note names all that cannot be read.
        PermissionDeniedError: one may not be read; a note names all that cannot be.
        APIError: the server refused otherwise, or asks to wait for longer than is left.
        TransportError: no answer came.
    """
    raise_on_failure = flag("raise_on_failure", raise_on_failure)
    waiter, _ = _begin(context, runs, poll_interval=poll_interval, timeout=timeout, on_poll=on_poll)
    driver = yield from get_driver()
    kind = AsyncRunsAsCompleted if isinstance(driver, AsyncDriver) else RunsAsCompleted
    runs_of = kind(waiter, driver, raise_on_failure=raise_on_failure)
    return cast("Paged[RunsAsCompleted, AsyncRunsAsCompleted]", runs_of)


def _begin(
    context: ClientContext,
    runs: Iterable[TaskRun | str],
    *,
    poll_interval: float | None,
    timeout: float,
    on_poll: Callable[[Poll], None] | None,
) -> tuple[MultiRunWaiter, list[str]]:
    """Check the arguments, and return the waiter and the ids of all runs as given, repeated ones included."""
    seconds("timeout", timeout)
    if poll_interval is not None:
        seconds("poll_interval", poll_interval)
    check_hook("on_poll", on_poll)
    checked = _check_runs(runs)
    started_at = context.clock.monotonic()
    waiter = MultiRunWaiter(
        context, checked, poll_interval=poll_interval, timeout=timeout, on_poll=on_poll, started_at=started_at
    )
    return waiter, [run if isinstance(run, str) else run.id for run in checked]


def _check_runs(runs: object) -> list[TaskRun | str]:
    """Return the runs of an argument, each a model or an id."""
    given = items("runs", runs, of="runs or of their ids")
    return [check_run(f"runs[{index}]", run) for index, run in enumerate(given)]


def check_run(name: str, run: object) -> TaskRun | str:
    """Return a run of an argument, a model or an id."""
    if isinstance(run, models.TaskRun):
        return run
    if not isinstance(run, str):
        raise InvalidArgumentError(f"{name} has to be a run or the id of one, not {kind_of(run)}")
    return expect_id(text(name, run), RUN)
