"""Triggering runs. What the schema says (C10, C21, C23, C24, C31) has been checked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock.clock import read_date_time, timestamp
from axtasks.mock.contract import vocabulary
from axtasks.mock.problems import conflict, inapplicable, quoted, unprocessable
from axtasks.mock.simulation import runs
from axtasks.mock.simulation.workload import LONGEST_WINDOW
from axtasks.mock.world.model import ExperimentPlan, Task, TaskRun

from . import references
from .create import check_experiments

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks.mock.contract.bodies import TriggerBody
    from axtasks.mock.simulation.state import State

WINDOW_FIELDS = ("data_start_time", "data_end_time")


def evaluation_run(state: State, task: Task, body: TriggerBody) -> TaskRun:
    """A pending run of an evaluation task; an empty body means the defaults (C22)."""
    check_source(task, body)
    given = body.get("experiment_ids")
    if given is not None:
        references.check(state, references.found_in(body, ("experiment_ids",)))
        check_experiments(state.world, task.dataset_id or "", given)
    window = None if task.project_id is None else data_window(state.now, task, body)
    return runs.queue_evaluation(
        state,
        task,
        at=state.now,
        window=window,
        max_spans=int(body.get("max_spans", vocabulary.DEFAULT_MAX_SPANS)),
        experiment_ids=None if given is None else tuple(given),
        override_evaluations=body.get("override_evaluations", False),
    )


def check_source(task: Task, body: TriggerBody) -> None:
    """C29: no window for tasks over a dataset. C30: no experiments for tasks over a project."""
    if task.project_id is None:
        for field in WINDOW_FIELDS:
            if field in body:
                raise inapplicable(f"{field} does not apply to tasks over a dataset, only to those over a project")
    elif "experiment_ids" in body:
        raise inapplicable("experiment_ids does not apply to tasks over a project, only to those over a dataset")


def data_window(now: datetime, task: Task, body: TriggerBody) -> tuple[datetime, datetime]:
    """C26, C27, C28, C32: what the run covers, from the last run until now where nothing else is said."""
    start, end = given_moment("data_start_time", body), given_moment("data_end_time", body)
    if start is None and task.last_run_at is None:
        raise unprocessable("data_start_time is required on the first run of a task")
    ends_at = end or now
    # A task that rested for long can still be triggered without a word: the window then begins as early as it may.
    starts_at = start or max(task.last_run_at or now, ends_at - LONGEST_WINDOW)
    if starts_at >= ends_at and (start or end):
        raise unprocessable(
            f"data_start_time ({timestamp(starts_at)}) has to be before data_end_time ({timestamp(ends_at)})"
        )
    if ends_at - starts_at > LONGEST_WINDOW:
        raise unprocessable(
            f"data_start_time and data_end_time are {ends_at - starts_at} apart; {LONGEST_WINDOW.days} days is the most"
        )
    # By a clock set before the last run, that run's time would be later than the end.
    return min(starts_at, ends_at), ends_at


def given_moment(field: str, body: TriggerBody) -> datetime | None:
    """C32: a given moment has to be an ISO 8601 date-time with an offset."""
    text = body.get(field)
    if text is None:
        return None
    moment = read_date_time(str(text))
    if moment is None:
        raise unprocessable(
            f"{field} has to be an ISO 8601 date-time with an offset, such as 2026-03-01T00:00:00Z, "
            f"of the year 1000 or later, not {quoted(text)}"
        )
    return moment


def experiment_run(state: State, task: Task, body: TriggerBody) -> TaskRun:
    """A pending run of a run_experiment task; that `tracing_metadata` turns tracing on shows nowhere (C40)."""
    world = state.world
    dataset = world.datasets[task.dataset_id or ""]
    followers = body.get("evaluation_task_ids", [])
    version_id = body.get("dataset_version_id")
    references.check(state, references.found_in(body, ("evaluation_task_ids", "dataset_version_id")))
    if version_id is not None and version_id not in {version.id for version in dataset.versions}:
        raise unprocessable(f"dataset_version_id: {version_id} is not a version of the task's dataset {dataset.id}")
    for index, identifier in enumerate(followers):
        if world.tasks[identifier].type not in vocabulary.EVALUATOR_FOR:  # C41
            raise unprocessable(f"evaluation_task_ids[{index}]: {identifier} is not an evaluation task")
    check_experiment_name(state, dataset.id, body["experiment_name"])
    max_examples = body.get("max_examples")
    configuration = task.run_configuration or {}
    integration_id = configuration.get("integration_id")
    plan = ExperimentPlan(
        name=body["experiment_name"],
        dataset_id=dataset.id,
        dataset_version_id=version_id or dataset.versions[-1].id,
        evaluation_task_ids=tuple(dict.fromkeys(followers)),
        integration_id=integration_id if isinstance(integration_id, str) else None,
    )
    return runs.queue_experiment(
        state,
        task,
        plan,
        example_ids=body.get("example_ids"),
        max_examples=None if max_examples is None else int(max_examples),
    )


def check_experiment_name(state: State, dataset_id: str, name: str) -> None:
    """C25: the name is free among the dataset's experiments and those that runs are about to create."""
    if not state.world.has_experiment_named(dataset_id, name):
        return
    owner = state.world.run_to_create(dataset_id, name)
    if owner is None:
        raise conflict(f"experiment_name: there is already an experiment named {quoted(name)} over this dataset")
    raise conflict(
        f"experiment_name: run {owner.id}, which is {state.contract.word('TaskRunStatus', owner.status)}, is going to "
        f"create an experiment named {quoted(name)} over this dataset"
    )
