"""Single polls of a run or a run list, tolerant of transient errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api.api.task_runs import get_task_run, list_task_runs
from axtasks_api.codec import has
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send_once, send_within
from axtasks.engine.instrument import report_poll
from axtasks.engine.retry import is_transient
from axtasks.engine.server_clock import ServerClock
from axtasks.errors import AxError, ContractViolationError, InvalidArgumentError, NotFoundError, RequestTimeoutError
from axtasks.resolution.ids import explain_name
from axtasks.validation import text

from .outcome import GRACE_SECONDS, SHORTEST_REQUEST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.models import TaskRun, TaskRunListResponse

    from axtasks.config.events import Poll
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow


# Enough earlier runs of a task to predict the duration of the next one.
HISTORY_RUNS = 20
# A `Retry-After` on a successful response is honoured up to this.
MOST_RETRY_AFTER_SECONDS = 60.0


class RunPoller:
    """Polls runs, each time with the deadline of whoever waits, a monotonic time; requests may end a little later."""

    def __init__(self, context: ClientContext) -> None:
        self.context = context
        self.server = ServerClock(context.clock)

    def was_triggered_here(self, run_id: str) -> bool:
        """Return True for a run of this client's, which exists even if no response showed it yet."""
        return self.context.triggers.get(run_id) is not None

    def age_of(self, run_id: str, run: TaskRun, at: float, *, waited: float) -> float:
        """Return the seconds from a run's creation to the monotonic time `at`, at least those that were `waited`."""
        triggered_at = self.context.triggers.get(run_id)
        if triggered_at is not None:
            return at - triggered_at
        age = self.server.seconds_since(run.created_at) if has(run, "created_at") else 0.0
        return max(waited, age)

    def retry_after_seconds(self) -> float:
        """Return the `Retry-After` of the responses since the last call, up to a limit; 0 if there was none."""
        return min(self.server.take_retry_after(), MOST_RETRY_AFTER_SECONDS)

    def report(self, poll: Poll, on_poll: Callable[[Poll], None] | None) -> None:
        """Report a poll that found a run unfinished to the hooks of the client and of the call."""
        report_poll(self.context, poll)
        if on_poll is not None:
            on_poll(poll)

    def poll_first(self, run_id: str, *, deadline: float) -> Flow[TaskRun | AxError]:
        """Read a run for the first time, with retries; a server that cannot be reached ends the wait.

        A response that does not come before the deadline does not: the wait is over anyway, and says so.
        """
        within = self._request_timeout(deadline)
        read = send_within(self.context, within, self.server.observe(get_task_run.operation), run_id)
        try:
            return (yield from explain_name(read, run_id))
        except RequestTimeoutError as error:
            if self.context.clock.monotonic() < deadline:
                raise
            return error

    def poll(self, run_id: str, *, deadline: float) -> Flow[TaskRun | AxError]:
        """Read a run once, without retries, or return the transient error: the next poll is the retry."""
        within = self._request_timeout(deadline)
        try:
            return (yield from send_once(self.context, within, self.server.observe(get_task_run.operation), run_id))
        except AxError as error:
            if is_transient(error) or self._is_not_visible_yet(run_id, error):
                return error
            raise

    def poll_list(
        self, task_id: str, *, limit: int, deadline: float, cursor: str | Unset = UNSET
    ) -> Flow[TaskRunListResponse | AxError | None]:
        """Read a page of a task's runs once, or return the transient error; None if they cannot be listed."""
        within = self._request_timeout(deadline)
        operation = self.server.observe(list_task_runs.operation)
        try:
            page = yield from send_once(self.context, within, operation, task_id, limit=limit, cursor=cursor)
        except ContractViolationError:
            raise
        except AxError as error:
            # Without permission to list runs, or with the task deleted, single runs may still be readable.
            return error if is_transient(error) else None
        return page if has(page, "task_runs") else None

    def poll_with_history(
        self, run_id: str, run: TaskRun, *, deadline: float
    ) -> Flow[tuple[list[TaskRun], TaskRun | AxError | None]]:
        """Read a run in one list with earlier runs of its task.

        Returns:
            The runs of the list, and the run or the transient error; None if the list does not have the run.
        """
        if not has_task(run):
            return [], None
        page = yield from self.poll_list(run.task_id, limit=HISTORY_RUNS, deadline=deadline)
        if page is None or isinstance(page, AxError):
            return [], page
        return page.task_runs, next((each for each in page.task_runs if id_of(each) == run_id), None)

    def _request_timeout(self, deadline: float) -> float:
        """Return the most seconds that a request may take now."""
        remaining = deadline - self.context.clock.monotonic()
        return min(self.context.settings.timeouts.total, max(remaining, SHORTEST_REQUEST_SECONDS))

    def _is_not_visible_yet(self, run_id: str, error: AxError) -> bool:
        """Return True for a 404 of a run that this client has just triggered."""
        triggered_at = self.context.triggers.get(run_id)
        if triggered_at is None or not isinstance(error, NotFoundError):
            return False
        return self.context.clock.monotonic() - triggered_at < GRACE_SECONDS


def id_of(run: TaskRun) -> str | None:
    """Return the id of a run; None if the response lacks it."""
    return run.id if has(run, "id") else None


def has_task(run: TaskRun) -> bool:
    """Return True if a run has a usable task id, so that its task's runs can be listed."""
    try:
        text("task_id", getattr(run, "task_id", None))
    except InvalidArgumentError:
        return False
    return True
