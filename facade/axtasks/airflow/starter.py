"""Ensures the runs of a task instance, each once, and sees which have ended already. Airflow is not imported here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from logging import getLogger
from typing import TYPE_CHECKING, TypedDict

from axtasks.engine.server_clock import MOST_SKEW
from axtasks.errors import (
    AxError,
    ConfigurationError,
    ConflictError,
    FutureTimeError,
    InvalidArgumentError,
    UnknownRunStatusError,
)
from axtasks.validation import kind_of, reference

from .names import experiment_name
from .schedule import resolve_since, resolve_window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks import AsyncAxClient, Task, TaskRun

    from .names import TaskInstanceId
    from .schedule import DagRunTimes, WindowArgument

logger = getLogger("axtasks.airflow")
MOST_AT_ONCE = 8
# A run of the DAG run before the clear was created before its new start, so that little is allowed for clocks.
SKEW_AFTER_CLEAR = timedelta(seconds=10)
# Errors that a retry meets again, with their subclasses.
FINAL = (InvalidArgumentError, ConfigurationError, ConflictError)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run to ensure, with the arguments of `tasks.ensure_run`; `window` stands for both of its ends.

    Raises:
        InvalidArgumentError: the task or the space is not text.
    """

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

    def __post_init__(self) -> None:
        reference("task", self.task)
        if self.space is not None:
            reference("space", self.space)

    @classmethod
    def of(cls, entry: object, defaults: Mapping[str, object]) -> RunRequest:
        """Return the request of an entry of a list: the name or the id of a task, or a dict of arguments.

        Raises:
            InvalidArgumentError: the entry is neither, or has an unknown argument, or no task.
        """
        if not isinstance(entry, str | Mapping):
            raise InvalidArgumentError(f"an entry of tasks has to be text or a dict of arguments, not {kind_of(entry)}")
        arguments = {"task": entry} if isinstance(entry, str) else entry
        names = [each.name for each in fields(cls)]
        unknown = [name for name in arguments if name not in names]
        if unknown or "task" not in arguments:
            problem = f"has {unknown[0]!r}" if unknown else "has no 'task'"
            raise InvalidArgumentError(f"an entry of tasks {problem}; it may have {', '.join(names)}")
        return cls(**{**defaults, **arguments})


def requests_of(entries: object, defaults: Mapping[str, object]) -> list[RunRequest]:
    """Return the requests of a list of entries.

    Args:
        entries: names or ids of tasks, or dicts of arguments.
        defaults: arguments of entries that lack them.

    Raises:
        InvalidArgumentError: it is not a list, or an entry cannot be used.
    """
    if isinstance(entries, str | bytes | Mapping) or not isinstance(entries, Iterable):
        hint = ""
        if isinstance(entries, str):
            hint = "; for a template that makes a list set render_template_as_native_obj=True in the DAG"
        raise InvalidArgumentError(f"tasks has to be a list, not {kind_of(entries)}{hint}")
    return [RunRequest.of(entry, defaults) for entry in entries]


@dataclass(frozen=True, slots=True)
class StartedRun:
    """A run that was ensured, or the reason why it was not.

    Attributes:
        task: the task as it was asked for.
        run_id: the id of the run; None if it could not be ensured.
        task_id: the id of the task.
        dataset_id: the id of its dataset, for links.
        adopted_at: after a clear, the time in seconds since 1970 at which an evaluation of an earlier try was found
            under way.
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


class StoredRuns(TypedDict):
    """`Started` as JSON."""

    runs: list[dict[str, object]]
    ended: dict[str, dict[str, object]]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Started:
    """The runs of a task instance, and what is known of them.

    Attributes:
        runs: one for each request, in order.
        ended: those that have ended, by id.
        errors: the reason why the end of a run is not known, by id.
    """

    runs: list[StartedRun]
    ended: dict[str, TaskRun]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def unfinished(self) -> list[StartedRun]:
        """Those to wait for."""
        known = {*self.ended, *self.errors}
        return [run for run in self.runs if run.run_id is not None and run.run_id not in known]

    def and_ended(self, ended: Mapping[str, TaskRun], errors: Mapping[str, str]) -> Started:
        """Return them after a wait, with those that have ended meanwhile and those that could not be waited for."""
        return Started(self.runs, {**self.ended, **ended}, {**self.errors, **errors})

    def replace(self, again: Mapping[int, StartedRun], later: Started) -> Started:
        """Return them with other runs in some places.

        Args:
            again: the other runs by their places.
            later: what is known of those.
        """
        runs = [again.get(position, run) for position, run in enumerate(self.runs)]
        return Started(runs, {**self.ended, **later.ended}, {**self.errors, **later.errors})

    def to_dict(self) -> StoredRuns:
        """Return them as JSON."""
        ended = {run_id: run.to_dict() for run_id, run in self.ended.items()}
        return {"runs": [asdict(run) for run in self.runs], "ended": ended, "errors": dict(self.errors)}

    @classmethod
    def from_dict(cls, stored: StoredRuns) -> Started:
        """Return what `to_dict` stored."""
        from axtasks_api.models import TaskRun

        runs = [StartedRun(**run) for run in stored["runs"]]  # type: ignore[arg-type]  # as `asdict` made them
        return cls(runs, {run_id: TaskRun.from_dict(run) for run_id, run in stored["ended"].items()}, stored["errors"])


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
    ax: AsyncAxClient,
    requests: Mapping[int, RunRequest],
    instance: TaskInstanceId,
    times: DagRunTimes,
    *,
    is_list: bool,
) -> Started:
    """Ensure the runs of all requests, those of one task one after another, and poll each once.

    A request that fails does not keep others from being ensured: its error is in its place.

    Args:
        ax: the client.
        requests: the runs to ensure, by their places in the list of the operator.
        instance: the task instance that they are for.
        times: the times of its DAG run.
        is_list: whether the names of experiments have the place of the request in the list.
    """
    started: dict[int, StartedRun] = {}
    seen: dict[str, tuple[str, TaskRun]] = {}
    slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def find(name: str, space: str | None) -> Task | AxError:
        async with slots:
            try:
                return await ax.tasks.get(name, space=space)
            except AxError as error:
                return error

    async def start(position: int, request: RunRequest, task: Task) -> StartedRun:
        arguments = arguments_for(task, request, instance, times, position=position if is_list else None)
        ensured = await ax.tasks.ensure_run(task.id, **arguments)  # type: ignore[arg-type]  # each by its name
        seen[ensured.run.id] = task.id, ensured.run
        # After a clear the kill of the earlier try may be on its way to the run.
        may_be_killed = ensured.outcome == "adopted" and instance.clears > 0 and "experiment_name" not in arguments
        adopted_at = datetime.now(UTC).timestamp() if may_be_killed else None
        return StartedRun(request.task, ensured.run.id, task.id, task.dataset_id, adopted_at)

    async def start_all_of(task: Task, positions: Iterable[int]) -> None:
        # Of two triggers of a task at once, a lost response could be that of either.
        async with slots:
            for position in positions:
                try:
                    started[position] = await start(position, requests[position], task)
                except AxError as error:
                    started[position] = _not_started(requests[position], error)

    names = list(dict.fromkeys((request.task, request.space) for request in requests.values()))
    tasks = dict(zip(names, await asyncio.gather(*(find(*name) for name in names)), strict=True))
    by_task: dict[str, tuple[Task, list[int]]] = {}
    for position, request in requests.items():
        task = tasks[request.task, request.space]
        if isinstance(task, AxError):
            started[position] = _not_started(request, task)
        else:
            by_task.setdefault(task.id, (task, []))[1].append(position)
    await asyncio.gather(*(start_all_of(task, positions) for task, positions in by_task.values()))
    ended, errors = await _poll_once(ax, seen)
    return Started([started[position] for position in requests], ended, errors)


async def _poll_once(
    ax: AsyncAxClient, seen: Mapping[str, tuple[str, TaskRun]]
) -> tuple[dict[str, TaskRun], dict[str, str]]:
    """Return by id the runs that have ended by now, and the errors of those whose status is not known.

    Args:
        ax: the client.
        seen: the ids of their tasks, and the runs as they were seen, by the ids of the runs.
    """
    from axtasks.polling.poller import id_of

    ended, errors = _sort_out(run for _, run in seen.values())
    under_way = {run_id: task_id for run_id, (task_id, _) in seen.items() if run_id not in ended | errors}
    for task_id in dict.fromkeys(under_way.values()):
        try:
            newest = await _newest_runs(ax, task_id)
        except AxError as error:
            # The wait polls them anyhow, and lives through such errors.
            logger.warning("The runs of task %s could not be listed, and are waited for: %s", task_id, error)
            continue
        more_ended, more_errors = _sort_out(run for run in newest if id_of(run) in under_way)
        ended |= more_ended
        errors |= more_errors
    return ended, errors


def _sort_out(runs: Iterable[TaskRun]) -> tuple[dict[str, TaskRun], dict[str, str]]:
    """Return by id the runs that have ended, and the errors of those whose status is not known."""
    from axtasks.polling.outcome import has_ended

    ended: dict[str, TaskRun] = {}
    errors: dict[str, str] = {}
    for run in runs:
        try:
            if has_ended(run):
                ended[run.id] = run
        except UnknownRunStatusError as error:
            errors[run.id] = str(error)
    return ended, errors


def _not_started(request: RunRequest, error: AxError) -> StartedRun:
    return StartedRun(request.task, error=_explained(error), is_final=_is_final(error))


async def find_work(ax: AsyncAxClient, runs: Iterable[TaskRun]) -> set[str]:
    """Return the ids of those empty runs whose window an earlier run, among the last 100 of the task, did work on.

    Over a dataset a run does not tell what it evaluates, so none is found there.
    """
    from axtasks.polling.poller import has_task
    from axtasks.reconcile.run_states import did_work
    from axtasks.reconcile.runs import has_bounds

    found: set[str] = set()
    newest: dict[str, list[TaskRun]] = {}
    for run in runs:
        if run.data_start_time is None or run.data_end_time is None or not has_task(run):
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


def _is_final(error: AxError) -> bool:
    # A time still to come passes, or was taken from a clock that is ahead.
    return isinstance(error, FINAL) and not isinstance(error, FutureTimeError)


def _explained(error: AxError) -> str:
    if isinstance(error, ConflictError):
        return f"{error}. Clear the task to start it under another name"
    return str(error)
