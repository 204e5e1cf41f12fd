"""Wait for one run to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from axtasks_api_beta import models

from axtasks.config.hooks import Poll, check_hook
from axtasks.engine.effects import Flow, now, sleep
from axtasks.engine.instrument import report_poll
from axtasks.errors import AxError, RunTimeoutError
from axtasks.polling.outcome import DEFAULT_TIMEOUT_SECONDS, bounded_delay, has_ended, last_error_note, raise_for_status
from axtasks.polling.poller import RunPoller
from axtasks.polling.schedule import lengths_of, next_delay
from axtasks.resolution.ids import RUN, expect_id
from axtasks.validation import reference, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from axtasks_api_beta.models import TaskRun

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
    """The run once it has ended: completed, failed or cancelled. Which of them, its `status` says.

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
        InvalidArgumentError: a number of seconds is not positive.
        RunTimeoutError: the run did not end in time; carries it as it was last seen. Also a `TimeoutError`.
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
    looks = RunPoller(context, started=(yield from now()), timeout=timeout)
    seen: TaskRun | None = None
    # What is known of earlier runs of the task; None until they were asked for.
    earlier: Sequence[TaskRun] | None = None
    # Decided before the pause, since the sum of all pauses may miss the deadline by a rounding error.
    is_last = False
    while True:
        found: TaskRun | AxError | None = None
        if seen is not None and earlier is None and poll_interval is None and not is_last:
            # In place of a look at the run alone, so it costs no request of its own.
            earlier, found = yield from looks.among_earlier(seen)
        if found is None:
            is_real = seen is not None or looks.is_real(run_id)
            found = yield from (looks.again if is_real else looks.first)(run_id)
        trouble = found if isinstance(found, AxError) else None
        if isinstance(found, models.TaskRun):
            seen = found
            if has_ended(found):
                return raise_for_status(found, raise_on_failure=raise_on_failure)
        moment = yield from now()
        elapsed = moment - looks.started
        if is_last or elapsed >= timeout:
            _give_up(seen or found, trouble, timeout)
        left = timeout - elapsed
        meant = poll_interval or _pause(looks, seen, earlier or [], moment)
        nap = bounded_delay(meant, left_seconds=left, trouble=trouble)
        is_last = nap >= left
        if isinstance(found, models.TaskRun):
            look = Poll(found, elapsed, nap)
            report_poll(context, look)
            if on_poll is not None:
                on_poll(look)
        yield from sleep(nap)


def _pause(looks: RunPoller, seen: TaskRun | None, earlier: Sequence[TaskRun], moment: float) -> float:
    """Seconds until the next look, by what is known."""
    waited = moment - looks.started
    if seen is None:
        return next_delay(waited, waited=waited)
    meant = next_delay(looks.age_of(seen, moment), waited=waited, lengths=lengths_of(earlier, seen))
    return max(meant, looks.asked_seconds())


def _give_up(latest: TaskRun | AxError, trouble: AxError | None, timeout: float) -> NoReturn:
    """Raises what a wait ends with when its time is over: the run as it was last seen, or why it was never seen."""
    if isinstance(latest, AxError):
        raise latest
    raise RunTimeoutError(
        f"run {latest.id} was still {latest.status!s} after {timeout:g} seconds; it goes on, and can be waited for"
        f" again{last_error_note(trouble)}",
        run=latest,
        timeout_seconds=timeout,
    ) from trouble
