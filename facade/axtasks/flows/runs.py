"""Runs: listing, reading and cancelling them, and waiting for one to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

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
from axtasks.effects import Flow, now, send, send_once, send_within, sleep, write
from axtasks.errors import AxError, NotFoundError, RunTimeoutError
from axtasks.ids import expect_id
from axtasks.observe import polled
from axtasks.pages import TaskRunPage
from axtasks.paging import first_page
from axtasks.polling import (
    DEFAULT_TIMEOUT_SECONDS,
    GRACE_SECONDS,
    SHORTEST_REQUEST_SECONDS,
    Poll,
    has_ended,
    outcome,
    pause_after,
)
from axtasks.reconcile import CancelledRun
from axtasks.resolve import TASK, resolve
from axtasks.retry import is_passing

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
    expect_id(text("run_id", run_id), RUN)
    return (yield from write(CancelledRun(run_id), cancel_operation.operation, run_id))


def wait_for_run(
    core: Core,
    run_id: str,
    *,
    poll_interval: float | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
    on_poll: Callable[[Poll], None] | None = None,
    raise_on_failure: bool = False,
) -> Flow[TaskRun]:
    """The run once it has ended: completed, failed or cancelled. Which of them, its `status` says.

    Once the run was seen, or if this client triggered it, failures that pass, such as a lost connection or a 503, do
    not end the wait.

    Args:
        run_id: its id; runs have no names.
        poll_interval: seconds between two looks; when left out, short at first and growing to 5 seconds.
        timeout: the most seconds to wait. The last look is taken when they are over.
        on_poll: is told of each look at a run that has not ended.
        raise_on_failure: whether a run that ended failed or cancelled is raised rather than returned.

    Raises:
        InvalidArgumentError: a number of seconds is not positive.
        RunTimeoutError: the run did not end in time; carries it as it was last seen. Also a `TimeoutError`.
        RunFailedError: it ended failed, and `raise_on_failure` is set; carries the run.
        RunCancelledError: it ended cancelled, and `raise_on_failure` is set; carries the run.
        UnknownRunStatusError: the run is in a status this version does not know.
        APIError: the server refused, or asks to wait for longer than is left.
        TransportError: no answer came.
    """
    warn_once()
    expect_id(text("run_id", run_id), RUN)
    seconds("timeout", timeout)
    if poll_interval is not None:
        seconds("poll_interval", poll_interval)
    started = yield from now()
    seen: TaskRun | None = None
    # Decided before the pause, since the sum of all pauses may miss the deadline by a rounding error.
    is_last = False
    while True:
        remaining = started + timeout - (yield from now())
        is_real = seen is not None or core.triggers.moment_of(run_id) is not None
        found = yield from (_look if is_real else _first_look)(core, run_id, remaining)
        trouble = found if isinstance(found, AxError) else None
        if isinstance(found, models.TaskRun):
            seen = found
            if has_ended(found):
                return outcome(found, raise_on_failure=raise_on_failure)
        elapsed = (yield from now()) - started
        if is_last or elapsed >= timeout:
            _give_up(seen or found, trouble, timeout)
        left = timeout - elapsed
        pause = pause_after(elapsed, left_seconds=left, fixed_seconds=poll_interval, trouble=trouble)
        is_last = pause >= left
        if isinstance(found, models.TaskRun):
            look = Poll(found, elapsed, pause)
            polled(core, look)
            if on_poll is not None:
                on_poll(look)
        yield from sleep(pause)


def _first_look(core: Core, run_id: str, remaining: float) -> Flow[TaskRun | AxError]:
    """The run as it is now. A server that cannot be reached from the start is not waited for."""
    within = min(core.settings.timeouts.total, max(remaining, SHORTEST_REQUEST_SECONDS))
    return (yield from send_within(within, get_operation.operation, run_id))


def _look(core: Core, run_id: str, remaining: float) -> Flow[TaskRun | AxError]:
    """The run as it is now, or the passing failure of the look: it is asked for once, as the waiting asks again."""
    within = min(core.settings.timeouts.total, max(remaining, SHORTEST_REQUEST_SECONDS))
    try:
        return (yield from send_once(within, get_operation.operation, run_id))
    except AxError as error:
        if is_passing(error) or (yield from _is_too_early(core, run_id, error)):
            return error
        raise


def _is_too_early(core: Core, run_id: str, error: AxError) -> Flow[bool]:
    """Whether a run is only not to be seen yet, having just been triggered by this client."""
    triggered = core.triggers.moment_of(run_id)
    if triggered is None or not isinstance(error, NotFoundError):
        return False
    return (yield from now()) - triggered < GRACE_SECONDS


def _give_up(latest: TaskRun | AxError, trouble: AxError | None, timeout: float) -> NoReturn:
    """Raises what a wait ends with when its time is over: the run as it was last seen, or why it was never seen."""
    if isinstance(latest, AxError):
        raise latest
    raise RunTimeoutError(
        f"run {latest.id} was still {latest.status!s} after {timeout:g} seconds; it goes on, and can be waited for"
        " again",
        run=latest,
        timeout_seconds=timeout,
    ) from trouble
