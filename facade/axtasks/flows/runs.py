"""Runs: listing, reading and cancelling them, and waiting for one to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api import models
from axtasks_api.api.task_runs import (
    cancel_task_run as cancel_operation,
)
from axtasks_api.api.task_runs import (
    get_task_run as get_operation,
)
from axtasks_api.api.task_runs import (
    list_task_runs as list_operation,
)
from axtasks_api.types import UNSET

from axtasks.alpha import warn_once
from axtasks.arguments import member, page_size, seconds, text
from axtasks.effects import Flow, now, send, send_within, sleep
from axtasks.errors import RequestTimeoutError, RunTimeoutError, UnknownRunStatusError
from axtasks.ids import expect_id
from axtasks.pages import TaskRunPage
from axtasks.paging import first_page
from axtasks.polling import DEFAULT_TIMEOUT_SECONDS, SHORTEST_REQUEST_SECONDS, Poll, interval
from axtasks.resolve import TASK, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.models import TaskRun, TaskRunStatus

    from axtasks.core import Core

RUN = "run"


def list_runs(
    core: Core,
    task: str,
    *,
    space: str | None = None,
    status: TaskRunStatus | str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[TaskRunPage]:
    """One page of a task's runs, newest first; iterating over it goes on through all pages.

    Args:
        task: the task's name or id.
        space: name or id of the space that a name is looked up in.
        status: only runs in this status, as member or text.
        limit: the most runs on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        ResolutionError: the name or id leads nowhere, or to several tasks.
        APIError: the server refused.
    """
    warn_once()
    page_size(limit)
    wanted = UNSET if status is None else member("status", models.TaskRunStatus, status)
    task_id = yield from resolve(core, TASK, task, space=space)
    return (
        yield from first_page(
            TaskRunPage,
            lambda at: send(list_operation.operation, task_id, status=wanted, limit=limit, cursor=at),
            cursor=cursor,
        )
    )


def get_run(core: Core, run_id: str) -> Flow[TaskRun]:
    """A run by its id.

    Args:
        run_id: its id; runs have no names.

    Raises:
        WrongKindError: it is the id of something else.
        NotFoundError: there is no such run.
        APIError: the server refused otherwise.
    """
    warn_once()
    return (yield from send(get_operation.operation, expect_id(text("run_id", run_id), RUN)))


def cancel_run(core: Core, run_id: str) -> Flow[TaskRun]:
    """The run, now cancelled. Only a run that is pending or running can be.

    Args:
        run_id: its id; runs have no names.

    Raises:
        WrongKindError: it is the id of something else.
        BadRequestError: the run has already ended.
        NotFoundError: there is no such run.
        APIError: the server refused otherwise.
    """
    warn_once()
    return (yield from send(cancel_operation.operation, expect_id(text("run_id", run_id), RUN)))


def wait_for_run(
    core: Core,
    run_id: str,
    *,
    poll_interval: float | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
    on_poll: Callable[[Poll], None] | None = None,
) -> Flow[TaskRun]:
    """The run once it has ended: completed, failed or cancelled. Which of them, its `status` says.

    Args:
        run_id: its id; runs have no names.
        poll_interval: seconds between two looks; when left out, short at first and growing to 5 seconds.
        timeout: the most seconds to wait. The last look is taken when they are over.
        on_poll: is told of each look at a run that has not ended.

    Raises:
        InvalidArgumentError: a number of seconds is not positive.
        RunTimeoutError: the run did not end in time; carries it as it was last seen. Also a `TimeoutError`.
        UnknownRunStatusError: the run is in a status this version does not know.
        APIError: the server refused.
        TransportError: no answer came.
    """
    warn_once()
    expect_id(text("run_id", run_id), RUN)
    seconds("timeout", timeout)
    if poll_interval is not None:
        seconds("poll_interval", poll_interval)
    unfinished = (models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING)
    started = yield from now()
    run: TaskRun | None = None
    # Decided before the pause, since the sum of all pauses may miss the deadline by a rounding error.
    is_last = False
    while True:
        remaining = started + timeout - (yield from now())
        try:
            run = yield from send_within(
                min(core.settings.timeout_seconds, max(remaining, SHORTEST_REQUEST_SECONDS)),
                get_operation.operation,
                run_id,
            )
        except RequestTimeoutError as error:
            if run is not None and (is_last or (yield from now()) - started >= timeout):
                raise _timed_out(run, timeout) from error
            raise
        if not run.status.is_known:
            raise UnknownRunStatusError(
                f"run {run.id} is in status {run.status!s}, which this version does not know: upgrade ax-tasks", run=run
            )
        if run.status not in unfinished:
            return run
        elapsed = (yield from now()) - started
        if is_last or elapsed >= timeout:
            raise _timed_out(run, timeout)
        pause, left = interval(elapsed, fixed_seconds=poll_interval), timeout - elapsed
        if is_last := pause >= left:
            pause = left
        if on_poll is not None:
            on_poll(Poll(run, elapsed, pause))
        yield from sleep(pause)


def _timed_out(run: TaskRun, timeout: float) -> RunTimeoutError:
    return RunTimeoutError(
        f"run {run.id} was still {run.status!s} after {timeout:g} seconds; it goes on, and can be waited for again",
        run=run,
        timeout_seconds=timeout,
    )
