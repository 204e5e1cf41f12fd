"""Operators that trigger tasks exactly once and wait for their runs."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import fields
from math import inf
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from airflow.configuration import conf
from airflow.sdk import BaseOperator, TaskInstanceState

from axtasks.errors import AxError, InvalidArgumentError
from axtasks.validation import seconds

from .exceptions import AirflowException, AirflowFailException, AirflowTaskTimeout, raise_for_outcome
from .hooks import AxTasksHook
from .links import AxExperimentLink, AxTaskLink
from .names import TaskInstanceId
from .schedule import DagRunTimes
from .starter import RunRequest, Started, find_work, requests_of, start_runs
from .task_outcome import (
    OutcomeKind,
    OutcomePolicy,
    Row,
    TaskOutcome,
    combine,
    is_empty,
    outcome_of,
    unfinished_reason,
    was_killed_before,
)
from .triggers import AxRunsTrigger, state_of_task
from .waiter import LoopThread, cancel_runs, wait_for_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
    from datetime import datetime

    from airflow.sdk import Context

    from axtasks import AsyncAxClient, TaskRun

    from .schedule import WindowArgument
    from .starter import StartedRun, StoredRuns
    from .task_outcome import Choice
    from .waiter import WaitEvent

T = TypeVar("T")
RESULT_KEY = "result"


class RunsOperator(BaseOperator):
    """Base of the operators: ensures the runs, polls them once, defers or waits, and ends by how they ended.

    Args:
        on_empty: for a run that evaluated nothing, unless an earlier run of its window did work, which is a success:
            `skip`, `fail` or `succeed`.
        on_cancelled: for another run that was cancelled: `fail`, `skip` or `succeed`.
        fail_on_errors: the share of errors above which the task fails without a retry, from 0 to 1; no limit if None.
        cancel_on_kill: whether runs are cancelled when the task is killed, or when its `execution_timeout` has passed.
        poll_interval: seconds between two polls; None for short ones at first that grow with the age of the run.
        deferrable: whether a triggerer waits, and not the worker; as `operators.default_deferrable` of Airflow's
            configuration says when left out.
        ax_conn_id: the id of the connection.
        kwargs: the arguments of all operators.
    """

    operator_extra_links = (AxTaskLink(), AxExperimentLink())
    # Whether the names of experiments have the place of the request in the list.
    is_list = False

    def __init__(
        self,
        *,
        on_empty: Choice = "skip",
        on_cancelled: Choice = "fail",
        fail_on_errors: float | None = None,
        cancel_on_kill: bool = True,
        poll_interval: float | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        ax_conn_id: str = AxTasksHook.default_conn_name,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.on_empty = on_empty
        self.on_cancelled = on_cancelled
        self.fail_on_errors = fail_on_errors
        self.cancel_on_kill = cancel_on_kill
        self.poll_interval = None if poll_interval is None else seconds("poll_interval", poll_interval)
        self.deferrable = deferrable
        self.ax_conn_id = ax_conn_id
        self.task_url = self.experiment_url = ""
        self._policy = OutcomePolicy(on_empty, on_cancelled, fail_on_errors).check()
        self._was_killed = False
        self._wake: Callable[[], object] | None = None

    @abstractmethod
    def requests(self) -> list[RunRequest]:
        """Return the runs to ensure."""

    def execute(self, context: Context) -> object:
        """Ensure the runs and wait for them, or leave that to a triggerer."""
        return self._begin(context)

    def execute_complete(self, context: Context, event: WaitEvent, started: StoredRuns, *, is_second: bool) -> object:
        """End the task by how its runs ended, after the trigger has fired.

        Args:
            context: the context of the task instance.
            event: the event of the trigger.
            started: the runs that were ensured, and what was known of them before the trigger began to wait.
            is_second: whether runs were ensured a second time within this try.
        """
        from axtasks_api.models import TaskRun

        ended = {run_id: TaskRun.from_dict(run) for run_id, run in event["ended"].items()}
        errors = dict(event["errors"])
        if late := event["late"]:
            ended |= self._cancel_late(late, errors)
        known = Started.from_dict(started).and_ended(ended, errors)
        return self._finish(context, known, may_repeat=not is_second and not late)

    def on_kill(self) -> None:
        """Wake the wait, which cancels the runs unless the task is still running, as when its worker is replaced."""
        self._was_killed = True
        if self._wake is not None:
            self._wake()

    def _begin(self, context: Context, *, before: Started | None = None, positions: Collection[int] = ()) -> object:
        """Ensure all runs, or those in some places once more; then wait for them."""
        try:
            requests = dict(enumerate(self.requests()))
        except InvalidArgumentError as error:
            raise AirflowFailException(str(error)) from error
        if before is not None:
            requests = {position: requests[position] for position in positions}
        instance, times = _instance_of(context), _times_of(context)
        started = self._run(lambda ax: start_runs(ax, requests, instance, times, is_list=self.is_list))
        for run in started.runs:
            self.log.info("Task %s: %s", run.task, run.error or f"run {run.run_id}")
        if before is not None:
            started = before.replace(dict(zip(requests, started.runs, strict=True)), started)
        self._note_links(started)
        waiting = {run.run_id or "": run.task_id or "" for run in started.unfinished}
        if self._was_killed and waiting:
            self._abandon(context, waiting)
        is_second = before is not None
        if not waiting:
            return self._finish(context, started, may_repeat=not is_second and not self._was_killed)
        stored = started.to_dict()
        if self.deferrable:
            run_ids: dict[str, list[str]] = {}
            for run_id, task_id in waiting.items():
                run_ids.setdefault(task_id, []).append(run_id)
            deadline = self._deadline(context)
            trigger = AxRunsTrigger(self.ax_conn_id, run_ids, deadline, self.poll_interval, self.cancel_on_kill)
            kwargs = {"started": stored, "is_second": is_second}
            # The deadline is the trigger's: at a timeout of Airflow's own nothing of ours would run.
            self.defer(trigger=trigger, method_name="execute_complete", kwargs=kwargs, timeout=None)
        return self.execute_complete(context, self._wait(context, waiting), stored, is_second=is_second)

    def _finish(self, context: Context, started: Started, *, may_repeat: bool) -> object:
        """End the task by how its runs ended: push them, and return their ids, skip or fail."""
        runs, ended = started.runs, started.ended
        killed = [at for at, run in enumerate(runs) if was_killed_before(ended.get(run.run_id or ""), run.adopted_at)]
        if may_repeat and killed:
            self.log.info("Runs of an earlier try were cancelled by the kill of that try: they are triggered anew")
            return self._begin(context, before=started, positions=killed)
        self._note_links(started)
        results = [ended.get(run.run_id or "") for run in runs]
        empty = [run for run in results if run is not None and is_empty(run)]
        worked = self._run(lambda ax: find_work(ax, empty)) if empty else set()
        rows = [Row(run.task, run.run_id, self._outcome_of(run, started, worked)) for run in runs]
        pushed = [run.to_dict() if run else None for run in results]
        context["ti"].xcom_push(key=RESULT_KEY, value=pushed if self.is_list else pushed[0])
        for row in rows:
            log = self.log.info if row.outcome.kind is OutcomeKind.SUCCEED else self.log.warning
            log("%s", row)
        raise_for_outcome(combine(rows))
        ids = [run.run_id for run in runs]
        return ids if self.is_list else ids[0]

    def _outcome_of(self, run: StartedRun, started: Started, worked: Collection[str]) -> TaskOutcome:
        if run.run_id is None:
            return TaskOutcome(OutcomeKind.FAIL_FOR_GOOD if run.is_final else OutcomeKind.FAIL, run.error or "")
        if run.run_id in started.errors:
            return TaskOutcome(OutcomeKind.FAIL, started.errors[run.run_id])
        return outcome_of(started.ended[run.run_id], self._policy, work_was_done=run.run_id in worked)

    def _wait(self, context: Context, task_ids: Mapping[str, str]) -> WaitEvent:
        """Wait in this process; when the task is killed, cancel the runs unless it is only its worker that goes."""

        async def wait(ax: AsyncAxClient) -> WaitEvent:
            async with ax.tasks.watch(poll_interval=self.poll_interval) as watch:
                return await wait_for_all(watch, task_ids, seconds=inf)

        try:
            return self._run(wait, is_woken=True)
        except asyncio.CancelledError:
            self._abandon(context, task_ids)
        except AirflowTaskTimeout:
            # Airflow raises it once, when `execution_timeout` has passed.
            if self.cancel_on_kill:
                self._cancel(task_ids)
            raise

    def _abandon(self, context: Context, run_ids: Iterable[str]) -> NoReturn:
        """End a try that was told to stop, and cancel its runs if somebody acted on the task."""
        state = state_of_task(context["ti"])
        if state == TaskInstanceState.RUNNING or not self.cancel_on_kill:
            raise AirflowException("the worker was stopped; the runs go on, and a retry adopts them")
        self._cancel(run_ids)
        raise AirflowException(f"the task is {state or 'cleared'}: its runs were cancelled")

    def _cancel(self, run_ids: Iterable[str]) -> dict[str, TaskRun | AxError]:
        from axtasks.polling.outcome import describe_status

        results = self._run(lambda ax: cancel_runs(ax, run_ids))
        for run_id, result in results.items():
            self.log.info("Run %s: %s", run_id, result if isinstance(result, AxError) else describe_status(result))
        return results

    def _cancel_late(self, run_ids: Sequence[str], errors: dict[str, str]) -> dict[str, TaskRun]:
        """Cancel runs that did not end in time, and return those that ended just then."""
        reason = f"it did not end within {self.execution_timeout}"
        if not self.cancel_on_kill:
            errors |= dict.fromkeys(run_ids, f"{reason}, and goes on")
            return {}
        ended: dict[str, TaskRun] = {}
        for run_id, result in self._cancel(run_ids).items():
            if left := unfinished_reason(result):
                errors[run_id] = f"{reason}, and {left}"
            elif not isinstance(result, AxError):
                ended[run_id] = result
        return ended

    def _run(self, work: Callable[[AsyncAxClient], Coroutine[None, None, T]], *, is_woken: bool = False) -> T:
        """Do work with a client of its own; `is_woken` says whether a kill cancels it."""
        client = AxTasksHook(self.ax_conn_id).get_async_conn()

        async def main() -> T:
            async with client:
                return await work(client)

        thread = LoopThread(main)
        if is_woken:
            self._wake = thread.cancel
        if is_woken and self._was_killed:
            thread.cancel()
        try:
            return thread.run()
        finally:
            self._wake = None

    def _deadline(self, context: Context) -> float | None:
        """Return until when this try may last, in seconds since 1970."""
        if self.execution_timeout is None:
            return None
        started_at: datetime = context["ti"].start_date
        return (started_at + self.execution_timeout).timestamp()

    def _note_links(self, started: Started) -> None:
        """Keep the addresses of the first run, which Airflow asks for at the end of the process."""
        ui_url = AxTasksHook(self.ax_conn_id).settings().ui_url
        first = started.runs[0] if started.runs else None
        if ui_url is None or first is None or first.run_id is None:
            return
        self.task_url = f"{ui_url}/tasks/{first.task_id}"
        run = started.ended.get(first.run_id)
        if first.dataset_id is not None and run is not None and run.experiment_id is not None:
            query = f"experimentId={run.experiment_id}"
            self.experiment_url = f"{ui_url}/datasets/{first.dataset_id}/experiments/compare?{query}"


class AxRunTaskOperator(RunsOperator):
    """Trigger a run of a task unless an earlier try did, and wait for it without a worker.

    It returns the id of the run, and pushes the run under `result`.

    Args:
        task: the task's name or id.
        space: name or id of the space that names are looked up in; that of the connection when left out.
        window: over a project: a `timedelta`, which ends at the logical date, or `run_after` where there is none; or
            both ends, as times or text with time zones. The data interval when left out.
        since: only runs created since then are adopted; the start of the DAG run when left out.
        max_spans: the most spans to work on; evaluation.
        override_evaluations: whether data that has labels is evaluated again; evaluation.
        experiment_ids: names or ids of the experiments to evaluate; over a dataset.
        experiment_name: name of the experiment to create; made from the ids of the task instance when left out.
        dataset_version_id: id of the dataset version; run_experiment.
        max_examples: how many examples to run; run_experiment.
        example_ids: ids of the examples to run; run_experiment.
        evaluation_task_ids: ids of evaluation tasks to trigger when the experiment is complete; run_experiment.
        tracing_metadata: values for the traces of the run; run_experiment.
        query_filter: filter on the examples to run; run_experiment.
        kwargs: the arguments of `RunsOperator`, and of all operators.
    """

    template_fields = (
        "task",
        "space",
        "window",
        "since",
        "experiment_name",
        "query_filter",
        "experiment_ids",
        "dataset_version_id",
        "example_ids",
        "evaluation_task_ids",
        "tracing_metadata",
    )

    def __init__(
        self,
        *,
        task: str,
        space: str | None = None,
        window: WindowArgument | None = None,
        since: datetime | str | None = None,
        max_spans: int | None = None,
        override_evaluations: bool | None = None,
        experiment_ids: Sequence[str] | None = None,
        experiment_name: str | None = None,
        dataset_version_id: str | None = None,
        max_examples: int | None = None,
        example_ids: Sequence[str] | None = None,
        evaluation_task_ids: Sequence[str] | None = None,
        tracing_metadata: Mapping[str, object] | None = None,
        query_filter: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.task = task
        self.space = space
        self.window = window
        self.since = since
        self.max_spans = max_spans
        self.override_evaluations = override_evaluations
        self.experiment_ids = experiment_ids
        self.experiment_name = experiment_name
        self.dataset_version_id = dataset_version_id
        self.max_examples = max_examples
        self.example_ids = example_ids
        self.evaluation_task_ids = evaluation_task_ids
        self.tracing_metadata = tracing_metadata
        self.query_filter = query_filter

    def requests(self) -> list[RunRequest]:
        """Return the one run to ensure."""
        return [RunRequest(**{each.name: getattr(self, each.name) for each in fields(RunRequest)})]


class AxRunTasksOperator(RunsOperator):
    """Trigger runs of many tasks, each once, and wait for all of them with one deferral.

    It returns the ids of the runs in the order given, and pushes the runs under `result`. It fails once all have ended,
    with a table of those that failed.

    Args:
        tasks: names or ids of tasks, or dicts of arguments of `AxRunTaskOperator` with `task`.
        space: the space, for entries that have none.
        window: the window, for entries that have none.
        since: the time since when runs are adopted, for entries that have none.
        kwargs: the arguments of `RunsOperator`, and of all operators.
    """

    template_fields = ("tasks", "space", "window", "since")
    is_list = True

    def __init__(
        self,
        *,
        tasks: Sequence[str | Mapping[str, object]],
        space: str | None = None,
        window: WindowArgument | None = None,
        since: datetime | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.tasks = tasks
        self.space = space
        self.window = window
        self.since = since

    def requests(self) -> list[RunRequest]:
        """Return the runs to ensure, in order."""
        defaults = {"space": self.space, "window": self.window, "since": self.since}
        return requests_of(self.tasks, defaults)


def _instance_of(context: Context) -> TaskInstanceId:
    instance = context["ti"]
    map_index = -1 if instance.map_index is None else instance.map_index
    clears = instance.max_tries - (context["task"].retries or 0)
    return TaskInstanceId(instance.dag_id, instance.task_id, instance.run_id, map_index, clears)


def _times_of(context: Context) -> DagRunTimes:
    run = context["dag_run"]
    return DagRunTimes(
        run.run_after, run.start_date, run.logical_date, (run.data_interval_start, run.data_interval_end)
    )
