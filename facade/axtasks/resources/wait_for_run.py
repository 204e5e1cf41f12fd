"""Wait for one run to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api import models

from axtasks.config.events import Poll
from axtasks.config.hooks import check_hook
from axtasks.engine.effects import Flow, sleep
from axtasks.errors import AxError
from axtasks.polling.outcome import (
    DEFAULT_TIMEOUT_SECONDS,
    bounded_delay,
    has_ended,
    raise_for_status,
)
from axtasks.polling.poller import RunPoller
from axtasks.polling.results import timeout_error
from axtasks.polling.schedule import next_delay, past_durations
from axtasks.resolution.ids import RUN, expect_id
from axtasks.validation import flag, reference, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks_api.models import TaskRun

    from axtasks.engine.context import ClientContext


def wait_for_run(
    context: ClientContext,
    run_id: str,
    *,
    poll_interval: float | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
    on_poll: Callable[[Poll], None] | None = None,
    raise_on_failure: bool = False,
) -> Flow[TaskRun]:
    """Return the run once it has ended: completed, failed or cancelled, as its `status` says.

    Once the run was seen, or if this client triggered it, failures that pass, such as a lost connection or a 503, do
    not end the wait.

    Args:
        run_id: its id; runs have no names.
        poll_interval: seconds between two looks; when left out, short at first, growing with the age of the run, and
            short again when it should end by what earlier runs of its task took.
        timeout: the most seconds to wait. The last look is taken when they are over.
        on_poll: is told of each look at a run that has not ended.
        raise_on_failure: whether a run that ended failed or cancelled is raised rather than returned.

    Raises:
        InvalidArgumentError: a number of seconds is not positive, or what is given is no id of a run.
        ConfigurationError: `on_poll` is not a plain function.
        RunTimeoutError: the run did not end in time; carries it as it was last seen, or None where the
            server did not show it. Also a `TimeoutError`.
        RunFailedError: it ended failed, and `raise_on_failure` is set; carries the run.
        RunCancelledError: it ended cancelled, and `raise_on_failure` is set; carries the run.
        UnknownRunStatusError: the run is in a status this version does not know.
        APIError: the server refused, or asks to wait for longer than is left.
        TransportError: no answer came.
    """
    expect_id(reference("run_id", run_id), RUN)
    seconds("timeout", timeout)
    if poll_interval is not None:
        seconds("poll_interval", poll_interval)
    check_hook("on_poll", on_poll)
    raise_on_failure = flag("raise_on_failure", raise_on_failure)
    poller, started_at = RunPoller(context), context.clock.monotonic()
    deadline = started_at + timeout
    run: TaskRun | None = None
    # Earlier runs of the task; None until they are read.
    history: Sequence[TaskRun] | None = None
    # Decided before the delay, since the sum of all delays may miss the deadline by a rounding error.
    is_last_poll = False
    while True:
        result: TaskRun | AxError | None = None
        if run is not None and history is None and poll_interval is None and not is_last_poll:
            # In place of a single poll, so the history costs no extra request.
            history, result = yield from poller.poll_with_history(run_id, run, deadline=deadline)
        if result is None:
            exists = run is not None or poller.was_triggered_here(run_id)
            result = yield from (poller.poll if exists else poller.poll_first)(run_id, deadline=deadline)
        poll_error = result if isinstance(result, AxError) else None
        if isinstance(result, models.TaskRun):
            run = result
            if has_ended(run):
                return raise_for_status(run, raise_on_failure=raise_on_failure, key=context.settings.api_key)
        polled_at = context.clock.monotonic()
        elapsed = polled_at - started_at
        if is_last_poll or elapsed >= timeout:
            raise timeout_error(run_id, run, timeout=timeout, poll_error=poll_error)
        remaining = timeout - elapsed
        delay = poll_interval or _next_delay(poller, run_id, run, history or [], polled_at, waited=elapsed)
        delay = bounded_delay(delay, remaining=remaining, poll_error=poll_error)
        is_last_poll = delay >= remaining
        if isinstance(result, models.TaskRun):
            poller.report(Poll(result, elapsed, delay), on_poll)
        yield from sleep(delay)


def _next_delay(
    poller: RunPoller,
    run_id: str,
    run: TaskRun | None,
    history: Sequence[TaskRun],
    polled_at: float,
    *,
    waited: float,
) -> float:
    """Return the seconds until the next poll by the schedule and `Retry-After`."""
    if run is None:
        return next_delay(waited, waited=waited)
    age = poller.age_of(run_id, run, polled_at, waited=waited)
    delay = next_delay(age, waited=waited, durations=past_durations(history, run))
    return max(delay, poller.retry_after_seconds())
