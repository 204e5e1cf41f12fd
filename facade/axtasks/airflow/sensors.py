"""A sensor that waits for a run which something else triggered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf
from airflow.sdk import BaseSensorOperator, PokeReturnValue

from axtasks.text import in_days
from axtasks.validation import seconds

from .exceptions import AirflowException, AirflowSensorTimeout, raise_for_outcome
from .hooks import AxTasksHook
from .task_outcome import OutcomePolicy, outcome_of
from .triggers import AxRunsTrigger

if TYPE_CHECKING:
    from airflow.sdk import Context

    from axtasks import TaskRun

    from .task_outcome import Choice
    from .waiter import WaitEvent


class AxRunSensor(BaseSensorOperator):
    """Wait until a run has ended, and end by how it ended. It never cancels the run. It returns the run as a dict.

    Args:
        run_id: the id of the run, such as what `AxRunTaskOperator` or an operator of the vendor's returned.
        on_empty: for a run that evaluated nothing: `skip`, `fail` or `succeed`.
        on_cancelled: for another run that was cancelled: `fail`, `skip` or `succeed`.
        fail_on_errors: the share of errors above which the task fails without a retry, from 0 to 1; no limit if None.
        poll_interval: seconds between two polls while it is deferred; None for those of the client.
        deferrable: whether a triggerer waits, and not the worker; as `operators.default_deferrable` of Airflow's
            configuration says when left out.
        ax_conn_id: the id of the connection.
        kwargs: the arguments of all sensors.
    """

    template_fields = ("run_id",)

    def __init__(
        self,
        *,
        run_id: str,
        on_empty: Choice = "skip",
        on_cancelled: Choice = "fail",
        fail_on_errors: float | None = None,
        poll_interval: float | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        ax_conn_id: str = AxTasksHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.run_id = run_id
        self.on_empty = on_empty
        self.on_cancelled = on_cancelled
        self.fail_on_errors = fail_on_errors
        self.poll_interval = None if poll_interval is None else seconds("poll_interval", poll_interval)
        self.deferrable = deferrable
        self.ax_conn_id = ax_conn_id
        self._policy = OutcomePolicy(on_empty, on_cancelled, fail_on_errors).check()

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002  # the base's name
        """Poll the run once: end by how it ended if it has, else defer if a triggerer is to wait.

        The base class heeds `soft_fail` and its like for what is raised here.
        """
        from axtasks.polling.outcome import has_ended

        run = self._get_run()
        if has_ended(run):
            return PokeReturnValue(is_done=True, xcom_value=self._finish(run))
        if self.deferrable:
            deadline = (datetime.now(UTC) + timedelta(seconds=self.timeout)).timestamp()
            # A response may lack the id of the task; the run is read singly then.
            runs = {getattr(run, "task_id", ""): [self.run_id]}
            trigger = AxRunsTrigger(self.ax_conn_id, runs, deadline, self.poll_interval, cancel_on_kill=False)
            self.defer(trigger=trigger, method_name="execute_complete", timeout=None)
        return PokeReturnValue(is_done=False)

    def execute_complete(self, context: Context, event: WaitEvent) -> object:  # noqa: ARG002  # the base's name
        """End by how the run ended, after the trigger has fired."""
        from axtasks_api.models import TaskRun

        if event["late"]:
            raise AirflowSensorTimeout(
                f"run {self.run_id} did not end within {in_days(timedelta(seconds=self.timeout))}"
            )
        if self.run_id in event["errors"]:
            raise AirflowException(event["errors"][self.run_id])
        return self._finish(TaskRun.from_dict(event["ended"][self.run_id]))

    def _get_run(self) -> TaskRun:
        with AxTasksHook(self.ax_conn_id).get_conn() as ax:
            return ax.tasks.get_run(self.run_id)

    def _finish(self, run: TaskRun) -> dict[str, object]:
        outcome = outcome_of(run, self._policy)
        raise_for_outcome(outcome)
        self.log.info("%s", outcome.reason)
        return run.to_dict()
