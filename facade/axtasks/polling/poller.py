"""Single polls of a run or a run list, tolerant of transient errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api_beta.api.task_runs import get_task_run, list_task_runs
from axtasks_api_beta.types import UNSET, Unset

from axtasks.engine.effects import Flow, now, send_once, send_within
from axtasks.engine.retry import is_transient
from axtasks.engine.server_clock import ServerClock
from axtasks.errors import AxError, ContractViolationError, InvalidArgumentError, NotFoundError
from axtasks.validation import text

from .outcome import GRACE_SECONDS, SHORTEST_REQUEST_SECONDS

if TYPE_CHECKING:
    from axtasks_api_beta.models import TaskRun, TaskRunListResponse

    from axtasks.engine.context import ClientContext


# As many as tell how long the next one takes.
EARLIER_RUNS = 20
# A server that answers may ask for longer pauses all the same, but not for much longer than any are.
MOST_ASKED_SECONDS = 60.0


class RunPoller:
    """The looks of one wait, all of which are answered by its end or a little later.

    Args:
        context: what the flows of the client share.
        started: the monotonic time at which the waiting began.
        timeout: how many seconds are waited at most.
    """

    def __init__(self, context: ClientContext, *, started: float, timeout: float) -> None:
        self._context = context
        self._ends = started + timeout
        self.started = started
        self.server = ServerClock(context.clock)

    def is_real(self, run_id: str) -> bool:
        """Whether a run is known to be there before it was seen, having been triggered by this client."""
        return self._context.triggers.get(run_id) is not None

    def age_of(self, run: TaskRun, moment: float) -> float:
        """Seconds since a run was created, as near as can be told.

        Args:
            run: the run.
            moment: the monotonic time.
        """
        triggered = self._context.triggers.get(run.id)
        if triggered is not None:
            return moment - triggered
        return max(moment - self.started, self.server.seconds_since(run.created_at))

    def asked_seconds(self) -> float:
        """How long the server asked to wait in what it answered since the last time; 0 if it did not."""
        return min(self.server.take_retry_after(), MOST_ASKED_SECONDS)

    def first(self, run_id: str) -> Flow[TaskRun]:
        """The run as it is now. A server that cannot be reached from the start is not waited for."""
        within = yield from self._within()
        return (yield from send_within(within, self.server.observe(get_task_run.operation), run_id))

    def again(self, run_id: str) -> Flow[TaskRun | AxError]:
        """The run as it is now, or the passing failure of the look: it is asked for once, as the waiting asks again."""
        within = yield from self._within()
        try:
            return (yield from send_once(within, self.server.observe(get_task_run.operation), run_id))
        except AxError as error:
            if is_transient(error) or (yield from self._is_too_early(run_id, error)):
                return error
            raise

    def page(
        self, task_id: str, *, limit: int, cursor: str | Unset = UNSET
    ) -> Flow[TaskRunListResponse | AxError | None]:
        """A page of a task's runs, or the passing failure of the look; None if there is no listing them.

        Args:
            task_id: the id of the task.
            limit: how many runs to ask for.
            cursor: where to go on.

        Raises:
            ContractViolationError: the answer goes beyond the contract, and the client is strict.
        """
        within = yield from self._within()
        operation = self.server.observe(list_task_runs.operation)
        try:
            return (yield from send_once(within, operation, task_id, limit=limit, cursor=cursor))
        except ContractViolationError:
            raise
        except AxError as error:
            # Who may not list runs, or whose task is gone, may still read them one by one.
            return error if is_transient(error) else None

    def among_earlier(self, run: TaskRun) -> Flow[tuple[list[TaskRun], TaskRun | AxError | None]]:
        """A run as it is now, seen in one list with earlier runs of its task.

        Args:
            run: the run as it was last seen.

        Returns:
            The runs of the list, and the run, or the passing failure of the look; None if the list does not show it.
        """
        if not can_list(run):
            return [], None
        page = yield from self.page(run.task_id, limit=EARLIER_RUNS)
        if page is None or isinstance(page, AxError):
            return [], page
        return page.task_runs, next((one for one in page.task_runs if one.id == run.id), None)

    def _within(self) -> Flow[float]:
        """The most seconds that a request may take now."""
        remaining = self._ends - (yield from now())
        return min(self._context.settings.timeouts.total, max(remaining, SHORTEST_REQUEST_SECONDS))

    def _is_too_early(self, run_id: str, error: AxError) -> Flow[bool]:
        """Whether a run is only not to be seen yet, having just been triggered by this client."""
        triggered = self._context.triggers.get(run_id)
        if triggered is None or not isinstance(error, NotFoundError):
            return False
        return (yield from now()) - triggered < GRACE_SECONDS


def can_list(run: TaskRun) -> bool:
    """Whether a run names its task, so that it could be seen in the list of that task's runs."""
    try:
        text("task_id", run.task_id)
    except InvalidArgumentError:
        return False
    return True
