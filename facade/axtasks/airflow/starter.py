"""Ensures the runs of a task instance, each once, and sees which have ended already. Airflow is not imported here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from axtasks.engine.server_clock import MOST_SKEW
from axtasks.errors import (
    AxError,
    ConfigurationError,
    ConflictError,
    InvalidArgumentError,
    NotApplicableError,
    NotInContractError,
)

from .names import experiment_name
from .schedule import resolve_since, resolve_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from axtasks import AsyncAxClient, Task, TaskRun

    from .names import TaskInstanceId
    from .schedule import DagRunTimes, WindowArgument

MOST_AT_ONCE = 8
# A run of the DAG run before the clear was created before its new start, so that little is allowed for clocks.
SKEW_AFTER_CLEAR = timedelta(seconds=10)
# Errors that a retry meets again.
FINAL = (InvalidArgumentError, NotApplicableError, NotInContractError, ConfigurationError, ConflictError)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run to ensure, with the arguments of `tasks.ensure_run`; `window` stands for both of its ends."""

    task: str
    space: str | None = None
    window: WindowArgument | None = None
    since: datetime | str | None = None
    max_spans: int | None = None
    override_evaluations: bool | None = None
    experiment_ids: Sequence[str] | None = None
    experiment_name: str | None = None
    dataset_version_id: str | None = None
    max_examples: int | None = None
    example_ids: Sequence[str] | None = None
    evaluation_task_ids: Sequence[str] | None = None
    tracing_metadata: Mapping[str, object] | None = None
    query_filter: str | None = None

    @classmethod
    def of(cls, entry: str | Mapping[str, object] | RunRequest, defaults: Mapping[str, object]) -> RunRequest:
        """Return the request of an entry of a list: the name or the id of a task, or a dict of arguments.

        Raises:
            InvalidArgumentError: the entry is neither, or has an argument that there is not.
        """
        if isinstance(entry, RunRequest):
            return entry
        arguments = {"task": entry} if isinstance(entry, str) else entry
        names = [each.name for each in fields(cls)]
        unknown = sorted(set(arguments) - set(names))
        if unknown or "task" not in arguments:
            problem = f"has {unknown[0]!r}" if unknown else "has no 'task'"
            raise InvalidArgumentError(f"an entry of tasks {problem}; it may have {', '.join(names)}")
        return cls(**{**defaults, **arguments})  # type: ignore[arg-type]  # the client checks each value


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that was ensured, or the reason why it was not.

    Attributes:
        task: the task as it was asked for.
        run_id: the id of the run; None if it could not be ensured.
        task_id: the id of the task.
        dataset_id: the id of its dataset, for links.
        adopted_at: the time in seconds since 1970 at which a run of an earlier try was found under way.
        error: the reason why there is none.
        is_final: whether a retry would meet the same error.
    """

    task: str
    run_id: str | None = None
    task_id: str | None = None
    dataset_id: str | None = None
    adopted_at: float | None = None
    error: str | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """The runs of a task instance after the first look.

    Attributes:
        runs: one for each request, in order.
        ended: those that have ended, by id.
    """

    runs: list[StartedRun]
    ended: dict[str, TaskRun]

    @property
    def unfinished(self) -> list[StartedRun]:
        """Those to wait for."""
        return [run for run in self.runs if run.run_id is not None and run.run_id not in self.ended]


def arguments_for(
    task: Task, request: RunRequest, instance: TaskInstanceId, times: DagRunTimes, *, position: int | None = None
) -> dict[str, object]:
    """Return the arguments of `ensure_run` for a task of this type.

    Args:
        task: the task as the server has it.
        request: the arguments of the operator.
        instance: the task instance, for the name of an experiment.
        times: the times of the DAG run.
        position: the place among several requests of the task instance.

    Raises:
        InvalidArgumentError: there is no window for a task over a project, or none that can be one.
    """
    from axtasks_api.models import TaskType

    window, since = request.window, request.since
    name = request.experiment_name
    arguments = {
        each.name: value
        for each in fields(request)
        if each.name not in {"task", "space", "window", "since"} and (value := getattr(request, each.name)) is not None
    }
    if task.type == TaskType.RUN_EXPERIMENT:
        arguments["experiment_name"] = name or experiment_name(instance, position=position)
    else:
        arguments["since"] = resolve_since(since, times)
        arguments["skew"] = SKEW_AFTER_CLEAR if since is None and instance.clears > 0 else MOST_SKEW
    is_over_project = task.type != TaskType.RUN_EXPERIMENT and task.dataset_id is None
    if is_over_project or window is not None:
        arguments["data_start_time"], arguments["data_end_time"] = resolve_window(window, times)
    return arguments


async def start_runs(
    ax: AsyncAxClient, requests: Sequence[RunRequest], instance: TaskInstanceId, times: DagRunTimes, *, is_list: bool
) -> Started:
    """Ensure the runs of all requests, those of one task one after another, and look at each once.

    A request that fails does not keep others from being ensured: its error is in its place.

    Args:
        ax: the client.
        requests: the runs to ensure.
        instance: the task instance that they are for.
        times: the times of its DAG run.
        is_list: whether the names of experiments have the place of the request in the list.
    """
    started: dict[int, StartedRun] = {}
    seen: dict[str, TaskRun] = {}
    slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def start(position: int, request: RunRequest, task: Task) -> StartedRun:
        arguments = arguments_for(task, request, instance, times, position=position if is_list else None)
        ensured = await ax.tasks.ensure_run(task.id, **arguments)  # type: ignore[arg-type]  # each by its name
        seen[ensured.run.id] = ensured.run
        adopted_at = datetime.now(UTC).timestamp() if ensured.outcome == "adopted" else None
        return StartedRun(request.task, ensured.run.id, task.id, task.dataset_id, adopted_at)

    async def start_all_of(name: str, space: str | None, positions: list[int]) -> None:
        # Of two triggers of a task at once, a lost answer could be that of either.
        task: Task | None = None
        async with slots:
            for position in positions:
                try:
                    task = task or await ax.tasks.get(name, space=space)
                    started[position] = await start(position, requests[position], task)
                except AxError as error:
                    started[position] = StartedRun(name, error=_explained(error), is_final=isinstance(error, FINAL))

    by_task: dict[tuple[str, str | None], list[int]] = {}
    for position, request in enumerate(requests):
        by_task.setdefault((request.task, request.space), []).append(position)
    await asyncio.gather(*(start_all_of(*key, positions) for key, positions in by_task.items()))
    for task_id in {run.task_id for run in seen.values() if not _has_ended(run)}:
        seen |= {run.id: run for run in await _newest_runs(ax, task_id) if run.id in seen}
    ended = {run_id: run for run_id, run in seen.items() if _has_ended(run)}
    return Started([started[position] for position in range(len(requests))], ended)


async def find_work(ax: AsyncAxClient, runs: Iterable[TaskRun]) -> set[str]:
    """Return the ids of those empty runs whose window an earlier run, among the last 100 of the task, did work on.

    Over a dataset a run does not tell what it evaluates, so none is found there.
    """
    from axtasks.reconcile.run_states import did_work
    from axtasks.reconcile.runs import has_bounds

    found: set[str] = set()
    newest: dict[str, list[TaskRun]] = {}
    for run in runs:
        if run.data_start_time is None or run.data_end_time is None:
            continue
        if run.task_id not in newest:
            newest[run.task_id] = await _newest_runs(ax, run.task_id)
        bounds = run.data_start_time, run.data_end_time
        if any(did_work(other) and has_bounds(other, bounds) for other in newest[run.task_id]):
            found.add(run.id)
    return found


async def _newest_runs(ax: AsyncAxClient, task_id: str) -> list[TaskRun]:
    from axtasks.validation import LARGEST_PAGE

    return list((await ax.tasks.list_runs(task_id, limit=LARGEST_PAGE)).items)


def _has_ended(run: TaskRun) -> bool:
    from axtasks.polling.outcome import has_ended

    return has_ended(run)


def _explained(error: AxError) -> str:
    if isinstance(error, ConflictError):
        return f"{error}. Clear the task to start it under another name"
    return str(error)
