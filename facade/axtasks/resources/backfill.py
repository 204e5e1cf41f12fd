"""Evaluate a long span of time, window by window, and find what earlier runs of the same backfill did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from axtasks_api.api.task_runs import get_task_run, list_task_runs

from axtasks.backfill.history import RunHistory
from axtasks.backfill.outcome import BackfillPlan, PlannedWindow, WindowOutcome, WindowState
from axtasks.backfill.planner import Action, Part, Planner
from axtasks.backfill.windows import SHORTEST, Grid, whole_seconds
from axtasks.concurrency import Uncopied
from axtasks.engine.attempts import send
from axtasks.engine.context import Call
from axtasks.engine.drivers import AsyncDriver, execute
from axtasks.engine.effects import Flow, get_driver, sleep
from axtasks.engine.server_clock import MOST_SKEW, SLACK, shifted, with_date
from axtasks.errors import AmbiguousOutcomeError, AxError, FutureTimeError, InvalidArgumentError, NotApplicableError
from axtasks.inputs.task_bodies import evaluation_types, read_task
from axtasks.pagination.cursor import each_page
from axtasks.pagination.unsized import AsyncLoop, BlockingLoop, SingleLoop, Unsized
from axtasks.polling.outcome import has_ended
from axtasks.polling.schedule import usual_delay
from axtasks.reconcile.run_search import has_older
from axtasks.reconcile.run_states import DEFAULT_MAX_SPANS
from axtasks.resolution.kinds import TASK
from axtasks.resolution.resolver import resolve
from axtasks.validation import LARGEST_PAGE, LONGEST_WINDOW, count, flag, kind_of, timestamp

from .ensure_run import keep_first
from .trigger_run import trigger_run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from axtasks_api.models import Task, TaskRun
    from axtasks_api.types import Unset

    from axtasks.backfill.windows import Window
    from axtasks.engine.context import ClientContext
    from axtasks.engine.drivers import SyncDriver
    from axtasks.engine.effects import Driver
    from axtasks.pagination.cursor import ListResponse
    from axtasks.pagination.page import Paged


# Requests for a window that is missing: a list before the trigger, the trigger, and a list after it.
REQUESTS_EACH = 3


class _Active(NamedTuple):
    """A run that is waited for."""

    part: Part
    run: TaskRun
    seen_at: float


class Backfiller:
    """The state of one backfill: its plan, the runs that are known, and those that are waited for.

    Args:
        task: the task, an evaluation over a project.
        grid: the base windows.
        concurrency: the most runs that are under way at once.
        max_spans: the most spans of a run; None for the server's default.
        split: whether windows that were cut short are halved.
        newest_first: whether the newest windows come first.
        override_evaluations: whether spans that have labels are evaluated again.
        since: only runs created since then count.
        retry_failed: whether failed, cancelled and empty windows are triggered again.
    """

    def __init__(
        self,
        task: Task,
        grid: Grid,
        *,
        concurrency: int,
        max_spans: int | None,
        split: bool,
        newest_first: bool,
        override_evaluations: bool,
        since: datetime | None,
        retry_failed: bool,
    ) -> None:
        self.grid = grid
        self.since = since
        self._task = task
        self._cap_known = is_cap_known(task)
        self._concurrency = concurrency
        self._max_spans = max_spans
        self._override = override_evaluations
        limit = max_spans or DEFAULT_MAX_SPANS
        self._history = RunHistory(grid, max_spans=limit)
        # Each plan goes through the windows by itself.
        self._new_planner = partial(
            Planner,
            grid,
            self._history,
            max_spans=limit,
            split=split,
            newest_first=newest_first,
            retry_failed=retry_failed,
        )
        self._planner = self._new_planner()
        self._active: dict[str, _Active] = {}
        self._has_read = False
        self._loop = SingleLoop()
        # The creation of the newest run that was seen.
        self._newest: datetime | None = None

    def next_outcome(self, context: ClientContext) -> Flow[WindowOutcome | None]:
        """Return the next window that is settled, and trigger meanwhile what is left; None after the last."""
        with self._loop.wait():
            return (yield from self._next_outcome(context))

    def _next_outcome(self, context: ClientContext) -> Flow[WindowOutcome | None]:
        yield from self._read(context)
        while True:
            step = self._planner.next_step(is_idle=not self._active)
            if step is None and not self._active:
                return None
            if step is None or step.action is Action.WAIT or step.part is None:
                yield from self._wait(context)
            elif step.action is Action.TELL and step.state is not None:
                return self._outcome(step.part.window, step.state, step.run)
            elif step.run is not None:
                self._active[step.run.id] = _Active(step.part, step.run, context.clock.monotonic())
            elif len(self._active) >= self._concurrency:
                self._planner.put_back(step.part)
                yield from self._wait(context)
            else:
                try:
                    lost = yield from self._trigger(context, step.part)
                except BaseException:
                    # Whoever goes on after an error, Ctrl-C or a cancellation finds the window as it was.
                    if all(active.part != step.part for active in self._active.values()):
                        self._planner.put_back(step.part)
                    raise
                if lost:
                    return self._outcome(step.part.window, WindowState.IN_DOUBT, None)

    def plan(self, context: ClientContext) -> Flow[BackfillPlan]:
        """Return what a backfill that begins now has to do, and trigger nothing."""
        yield from self._read(context)
        windows = [
            PlannedWindow(
                *planned.window,
                state=planned.state,
                run=planned.run,
                spans_expected=None if planned.spans_expected is None else round(planned.spans_expected),
            )
            for planned in self._new_planner().plan()
        ]
        missing = sum(window.state == WindowState.MISSING for window in windows)
        mean = self._history.mean_seconds()
        seconds = None if mean is None else mean * -(-missing // self._concurrency)
        return BackfillPlan(windows, REQUESTS_EACH * missing, seconds)

    def _outcome(self, window: Window, state: WindowState, run: TaskRun | None) -> WindowOutcome:
        return WindowOutcome(*window, run, state, self._cap_known)

    def _read(self, context: ClientContext) -> Flow[None]:
        """List the runs of the task once."""
        if not self._has_read:
            yield from self._refresh(context)
            self._has_read = True

    def _refresh(self, context: ClientContext) -> Flow[None]:
        """List the runs that were created since the last time, or all of them the first time.

        Raises:
            InvalidArgumentError: the end or `since` is still to come.
        """
        until, newest = self.since, self._newest
        if newest is not None:
            earliest = shifted(newest, -MOST_SKEW)
            until = max(earliest, until or earliest)

        def read(cursor: str | Unset) -> Flow[ListResponse | None]:
            nonlocal until, newest
            operation = with_date(list_task_runs.operation)
            # Each page has the time of a call, as there may be hundreds.
            page = yield from send(_anew(context), operation, self._task.id, limit=LARGEST_PAGE, cursor=cursor)
            if not self._has_read:
                self._check_times(page.date)
                until = self.since
            for run in page.value.task_runs:
                self._add(run, until)
                newest = max(run.created_at, newest or run.created_at)
            return None if until is not None and has_older(page.value.task_runs, until) else page.value

        yield from each_page(read, "runs", most_pages=context.settings.limits.pages)
        # Not before the last page: after an error the next list has to read as far back.
        self._newest = newest

    def _add(self, run: TaskRun, until: datetime | None) -> None:
        if run.id in self._active:
            self._active[run.id] = self._active[run.id]._replace(run=run)
        if until is None or run.created_at >= until:
            self._history.add(run)

    def _check_times(self, date: datetime | None) -> None:
        """Take the server's time for the present, and refuse an end in its future."""
        if self._override and self.since is None:
            # `Date` is cut to whole seconds, and a creation may be noted a little before.
            self.since = (datetime.now(UTC) if date is None else date) - SLACK
        if date is None:
            return
        for name, time in (("end", self.grid.end), ("since", self.since)):
            if time is not None and time > shifted(date, SLACK):
                raise FutureTimeError(f"{name} ({time}) is in the future, as the server's clock shows {date}")

    def _trigger(self, context: ClientContext, part: Part) -> Flow[bool]:
        """Trigger a run of a window, unless one appeared; return True if the outcome of the trigger is in doubt."""
        before = self._history.settle(part.window)
        yield from self._refresh(context)
        if self._history.settle(part.window) != before:
            self._planner.put_back(part)
            return False
        known = self._history.ids(part.window)
        try:
            own = yield from execute(
                context,
                trigger_run,
                self._task.id,
                data_start_time=part.window.start,
                data_end_time=part.window.end,
                max_spans=self._max_spans,
                override_evaluations=self._override or None,
            )
        except AmbiguousOutcomeError as lost:
            try:
                yield from self._refresh(context)
            except AxError as failed:
                lost.add_note(f"The runs could not be listed to find out more: {failed}")
                raise lost from lost.__cause__
            self._planner.note_tried(part)
            if self._history.ids(part.window) <= known:
                return True
            self._planner.put_back(part)
            return False
        if self.since is not None:
            # The clock that notes creations may be behind, and a repeated backfill has to find the run.
            self.since = min(self.since, own.created_at)
        self._planner.note_tried(part)
        self._history.add(own, window=part.window)
        self._active[own.id] = _Active(part, own, context.clock.monotonic())
        yield from self._refresh(context)
        others = [run for run in self._history.runs(part.window) if run.id not in known]
        kept = yield from execute(context, keep_first, own, others)
        if kept.run.id != own.id:
            del self._active[own.id]
            self._active[kept.run.id] = _Active(part, kept.run, context.clock.monotonic())
        return False

    def _wait(self, context: ClientContext) -> Flow[None]:
        """Wait for a while, poll the runs that are under way, and have the windows of those that ended decided."""
        now = context.clock.monotonic()
        yield from sleep(min(usual_delay(now - active.seen_at) for active in self._active.values()))
        yield from self._refresh(context)
        # Those that were triggered first are told first.
        for run_id, active in reversed(list(self._active.items())):
            run = active.run
            if self._newest is not None and run.created_at < shifted(self._newest, -MOST_SKEW) and not has_ended(run):
                # Too old for the list of new runs.
                run = yield from send(_anew(context), get_task_run.operation, run_id)
            if has_ended(run):
                self._history.add(run, window=active.part.window)
                self._planner.put_back(active.part)
                del self._active[run_id]


def _anew(context: ClientContext) -> ClientContext:
    """Return the context of a call of its own, with the time that a call has."""
    return context._replace(call=Call())


def is_cap_known(task: Task) -> bool:
    """Return True if the counters of a task's runs count all spans that they took.

    The documents do not say so for a task that samples, filters, has several evaluators, or evaluates traces or
    sessions.
    """
    is_whole = task.sampling_rate in (None, 1) and not task.query_filter and not getattr(task, "query_filters", None)
    return (
        is_whole
        and len(task.evaluators) == 1
        and not any(each.query_filter or getattr(each, "query_mappings", None) for each in task.evaluators)
    )


class BackfillOf(Unsized, Uncopied):
    """The windows of a backfill as they are settled, whichever client it is of.

    Args:
        backfiller: the state of the backfill.
        driver: performs its requests.
    """

    def __init__(self, backfiller: Backfiller, driver: Driver) -> None:
        self._backfiller = backfiller
        self._driver = driver

    def __repr__(self) -> str:
        grid = self._backfiller.grid
        return f"<{type(self).__name__} of {grid.size} windows from {grid.start} to {grid.end}>"

    def __bool__(self) -> bool:
        return True

    def _advice(self) -> str:
        return "a loop gives the windows as they are settled, and .plan() all of them as they stand"

    @property
    def since(self) -> datetime | None:
        """The time since which runs count; once a backfill that overrides has begun, that of its beginning."""
        return self._backfiller.since

    @property
    def windows(self) -> int:
        """The number of base windows, of which some may be cut."""
        return self._backfiller.grid.size


class Backfill(BackfillOf, BlockingLoop):
    """The windows of a backfill as they are settled, for `for`. Begun again, it goes on after the last one."""

    def __iter__(self) -> Iterator[WindowOutcome]:
        driver = cast("SyncDriver", self._driver)
        while (outcome := driver.call(self._backfiller.next_outcome)) is not None:
            yield outcome

    def plan(self) -> BackfillPlan:
        """Plan what is left to do, and trigger nothing."""
        return cast("SyncDriver", self._driver).call(self._backfiller.plan)


class AsyncBackfill(BackfillOf, AsyncLoop):
    """The windows of a backfill as they are settled, for `async for`. Begun again, it goes on after the last one."""

    async def __aiter__(self) -> AsyncIterator[WindowOutcome]:
        driver = cast("AsyncDriver", self._driver)
        while (outcome := await driver.call(self._backfiller.next_outcome)) is not None:
            yield outcome

    async def plan(self) -> BackfillPlan:
        """Plan what is left to do, and trigger nothing."""
        return await cast("AsyncDriver", self._driver).call(self._backfiller.plan)


def backfill(
    context: ClientContext,
    task: str,
    *,
    start: datetime,
    end: datetime,
    space: str | None = None,
    window: timedelta = LONGEST_WINDOW,
    concurrency: int = 3,
    max_spans: int | None = None,
    split: bool = True,
    newest_first: bool = False,
    override_evaluations: bool = False,
    since: datetime | None = None,
    retry_failed: bool = False,
) -> Flow[Paged[Backfill, AsyncBackfill]]:
    """Evaluate a project over a long span of time, window by window, with `for` or `async for ... in await ...`.

    The windows lie on a grid from the start on, and the runs of the task tell which of them are done: the same call
    again triggers only what is left, so it may be killed at any time. A window that is expected to have more spans than
    0.8 of `max_spans` is halved, down to an hour; where earlier runs tell nothing, the first part is about a day long.

    Args:
        task: the name or id of an evaluation task over a project.
        start: the start of the first window, with a time zone, cut to whole seconds.
        end: the end of the last window, with a time zone, cut to whole seconds; not in the future.
        space: name or id of the space that a name is looked up in.
        window: the length of a window, from an hour to 30 days.
        concurrency: the most runs of this backfill that are under way at once.
        max_spans: the most spans of a run, 10000 when left out.
        split: whether a window is halved whose run ended at that limit.
        newest_first: whether the newest windows come first.
        override_evaluations: whether spans that have labels are evaluated again; counts only runs since now, unless
            `since` is given.
        since: only runs created since then count.
        retry_failed: whether windows whose run failed, was cancelled or found nothing are triggered again.

    Raises:
        InvalidArgumentError: an argument is not acceptable; nothing was triggered.
        FutureTimeError: the end or `since` is in the future, as the server's clock shows; nothing was triggered.
        NotApplicableError: the task is none that evaluates a project.
        ResolutionError: the name or the id leads nowhere, or to several tasks.
        UnprocessableEntityError: a window is not acceptable as things stand.
        AmbiguousOutcomeError: the answer to a trigger was lost, and the runs cannot be listed to find out more.
        UnknownRunStatusError: a run has a status that this version does not know.
        APIError: the server refused otherwise.
    """
    grid = _grid(start, end, window)
    concurrency = count("concurrency", concurrency)
    if max_spans is not None:
        max_spans = count("max_spans", max_spans)
    flags = {
        "split": flag("split", split),
        "newest_first": flag("newest_first", newest_first),
        "override_evaluations": flag("override_evaluations", override_evaluations),
        "retry_failed": flag("retry_failed", retry_failed),
    }
    since = None if since is None else timestamp("since", since)
    task_id = yield from resolve(context, TASK, task, space=space)
    found = yield from read_task(context, task_id)
    if found.type not in evaluation_types() or found.dataset_id is not None:
        raise NotApplicableError(
            f"a backfill is for evaluation tasks over a project, and {found.name!r} is none",
            fields=("start", "end"),
            task_type=found.type,
            valid=(),
        )
    backfiller = Backfiller(found, grid, concurrency=concurrency, max_spans=max_spans, since=since, **flags)
    driver = yield from get_driver()
    kind = AsyncBackfill if isinstance(driver, AsyncDriver) else Backfill
    return cast("Paged[Backfill, AsyncBackfill]", kind(backfiller, driver))


def _grid(start: object, end: object, window: object) -> Grid:
    """Check the times, and return the grid."""
    first, last = (whole_seconds(timestamp(name, time)) for name, time in (("start", start), ("end", end)))
    if first >= last:
        raise InvalidArgumentError(f"start ({first}) has to be before end ({last})")
    if not isinstance(window, timedelta):
        raise InvalidArgumentError(f"window has to be a timedelta, not {kind_of(window)}")
    if not SHORTEST <= window <= LONGEST_WINDOW or window.microseconds:
        raise InvalidArgumentError(f"window has to be from an hour to 30 days, in whole seconds, not {window}")
    return Grid(first, last, window)
