"""Runs in the world: queued, started, ended by the clock, cancelled on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import lifecycle, words
from .ids import Kind
from .model import Dataset, Experiment, ExperimentPlan, RunPlan, Task, TaskRun
from .state import ACTING_USER, State

if TYPE_CHECKING:
    from datetime import datetime


def queue_evaluation(
    state: State,
    task: Task,
    *,
    at: datetime,
    window: tuple[datetime, datetime] | None,
    max_spans: int = words.DEFAULT_MAX_SPANS,
    experiment_ids: tuple[str, ...] | None = None,
) -> TaskRun:
    """A pending run of an evaluation task, over a window of spans or over experiments of a dataset (C33)."""
    dataset = _dataset_of(state, task)
    if dataset is None:
        items = lifecycle.spans_to_evaluate(task.sampling_rate, max_spans)
    else:
        experiments = task.experiment_ids if experiment_ids is None else experiment_ids
        items = lifecycle.results_to_evaluate(len(dataset.latest.example_ids), len(experiments), max_spans)
    identifier = state.new_id(Kind.TASK_RUN)
    starts_at, ends_at = lifecycle.times(at, state.run_seconds)
    counts = lifecycle.evaluation_counts(items, state.dice_for(identifier))
    start, end = (None, None) if window is None else window
    run = TaskRun(
        id=identifier,
        task_id=task.id,
        status=words.PENDING,
        created_at=at,
        created_by_user_id=ACTING_USER,
        data_start_time=start,
        data_end_time=end,
        plan=RunPlan(starts_at, ends_at, counts),
    )
    state.world.add_run(run)
    return run


def queue_experiment(
    state: State,
    task: Task,
    experiment: ExperimentPlan,
    *,
    example_ids: list[str] | None,
    max_examples: int | None,
) -> TaskRun:
    """A pending run of a run_experiment task; it has no window, and no experiment yet (C33, C35)."""
    version = state.world.dataset_versions.get(experiment.dataset_version_id)
    held = () if version is None else version.example_ids
    examples, skipped = lifecycle.examples_to_run(held, example_ids, max_examples)
    identifier = state.new_id(Kind.TASK_RUN)
    starts_at, ends_at = lifecycle.times(state.now, state.run_seconds)
    counts = lifecycle.experiment_counts(examples, skipped, state.dice_for(identifier))
    run = TaskRun(
        id=identifier,
        task_id=task.id,
        status=words.PENDING,
        created_at=state.now,
        created_by_user_id=ACTING_USER,
        plan=RunPlan(starts_at, ends_at, counts, experiment),
    )
    state.world.add_run(run)
    return run


def cancel(state: State, run: TaskRun) -> None:
    """End a run before its time; one that never started has no start (C36)."""
    run.status = words.CANCELLED
    run.run_finished_at = state.now
    state.world.free_experiment_name(run)
    run.plan = None


def advance(state: State) -> None:
    """Let everything happen that was due by now, in order and each at its own time (C34)."""
    while (due := state.world.next_due(state.now)) is not None:
        moment, run = due
        if run.plan is None:
            continue
        if run.status == words.PENDING:
            _start(state, run, run.plan, moment)
        else:
            _complete(state, run, run.plan, moment)


def _start(state: State, run: TaskRun, plan: RunPlan, moment: datetime) -> None:
    run.status = words.RUNNING
    run.run_started_at = moment
    if plan.experiment is not None:
        run.experiment_id = _provision(state, plan.experiment, moment)
    state.world.schedule(plan.ends_at, run)


def _provision(state: State, plan: ExperimentPlan, moment: datetime) -> str:
    experiment = Experiment(
        id=state.new_id(Kind.EXPERIMENT),
        name=plan.name,
        dataset_id=plan.dataset_id,
        dataset_version_id=plan.dataset_version_id,
        created_at=moment,
        updated_at=moment,
    )
    state.world.add_experiment(experiment)
    return experiment.id


def _complete(state: State, run: TaskRun, plan: RunPlan, moment: datetime) -> None:
    run.status = words.COMPLETED
    run.run_finished_at = moment
    run.counts = plan.counts
    run.plan = None
    if plan.experiment is not None:
        for identifier in plan.experiment.evaluation_task_ids:
            _follow_up(state, identifier, moment)


def _follow_up(state: State, identifier: str, moment: datetime) -> None:
    """Trigger an evaluation task after the experiment it waited for (C41); one deleted in the meantime is left out."""
    task = state.world.tasks.get(identifier)
    if task is None:
        return
    window = None if task.project_id is None else (task.last_run_at or task.created_at, moment)
    queue_evaluation(state, task, at=moment, window=window)


def _dataset_of(state: State, task: Task) -> Dataset | None:
    return None if task.dataset_id is None else state.world.datasets.get(task.dataset_id)
