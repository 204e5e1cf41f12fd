"""Runs in the world: queued on request or for continuous tasks, moved on by the clock, reads or by hand, cancelled."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import IdKind
from axtasks.mock.world.model import ACTING_USER, Counts, Experiment, ExperimentPlan, RunPlan, Task, TaskRun
from axtasks.mock.world.query import Query

from . import workload
from .workload import LONGEST_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock.world.lifecycle import Lifecycle
    from axtasks.mock.world.world import World

    from .state import State

MOST_ROUNDS = 168
MOST_RUNS = 5000
CONTINUOUS = Query({"is_continuous": (True,)})

BY_REQUEST = "The run was cancelled on request."
BROKEN = "The run broke before it was complete; the counts tell how far it came."
NO_DATA = "No data matched: there was nothing to evaluate."
ALL_LABELLED = "All matching data has labels from earlier runs; override_evaluations renews them."
NO_EXAMPLES = "There were no examples to run."
NO_CREDENTIALS = "The credentials of the AI integration could not be used."
"""Why runs fail or are cancelled, for people to read."""


def queue_evaluation(
    state: State,
    task: Task,
    *,
    at: datetime,
    window: tuple[datetime, datetime] | None,
    max_spans: int = vocabulary.DEFAULT_MAX_SPANS,
    experiment_ids: tuple[str, ...] | None = None,
    override_evaluations: bool = False,
    is_requested: bool = True,
) -> TaskRun:
    """A pending run of an evaluation task, over a window of spans or over experiments of a dataset (C33).

    What has labels from earlier runs is passed over, unless these are to be overridden.
    """
    experiments = task.experiment_ids if experiment_ids is None else experiment_ids
    earlier = [] if override_evaluations else state.world.runs_of(task).all()
    project = state.world.projects.get(task.project_id or "")
    if window is None or project is None:
        found = workload.over_results(state.world, experiments, max_spans=max_spans, earlier=earlier)
    else:
        rate = task.sampling_rate
        found = workload.over_spans(project, window, now=at, sampling_rate=rate, max_spans=max_spans, earlier=earlier)
    lifecycle = state.lifecycles.for_run_of(task, is_requested=is_requested)
    run = _pending(state.new_id(IdKind.TASK_RUN), task, at)
    if window is not None:
        run.data_start_time, run.data_end_time = window
    else:
        run.experiment_ids = experiments
    counts = workload.evaluation_counts(found.items, found.labelled, state.rng_for(run.id))
    run.plan = _plan(state, run, lifecycle, counts, ALL_LABELLED if found.items else NO_DATA)
    state.world.add(run)
    return run


def queue_experiment(
    state: State, task: Task, experiment: ExperimentPlan, *, example_ids: list[str] | None, max_examples: int | None
) -> TaskRun:
    """A pending run of a run_experiment task; it has no window, and no experiment yet (C33, C35)."""
    version = state.world.dataset_versions.get(experiment.dataset_version_id)
    held = () if version is None else version.example_ids
    examples, skipped = workload.examples_to_run(held, example_ids, max_examples)
    is_usable = _has_credentials(state, task)
    if not is_usable:
        examples, skipped = 0, 0
    lifecycle = state.lifecycles.for_run_of(task, is_requested=True)
    run = _pending(state.new_id(IdKind.TASK_RUN), task, state.now)
    counts = workload.experiment_counts(examples, skipped, state.rng_for(run.id))
    run.plan = replace(
        _plan(state, run, lifecycle, counts, NO_EXAMPLES if is_usable else NO_CREDENTIALS), experiment=experiment
    )
    state.world.add(run)
    return run


def cancel(state: State, run: TaskRun) -> None:
    """End a run before its time; one that never started has no start (C36)."""
    state.world.change_status(run, vocabulary.CANCELLED)
    run.failure_reason = BY_REQUEST
    run.run_finished_at = state.now
    state.world.free_experiment_name(run)
    run.plan = None


def read(state: State, run: TaskRun) -> None:
    """Count a read of a run that goes by reads: it starts at the first one, and ends at the last."""
    plan = run.plan
    if plan is None or plan.reads is None or not state.is_watched:
        return
    run.reads += 1
    if run.status == vocabulary.PENDING:
        start(state, run, plan, state.now)
    if run.reads >= plan.reads:
        end(state, run, plan, state.now)


def advance(state: State) -> None:
    """Let everything happen that was due by now, in order and each at its own time (C34)."""
    for moment in _rounds(state):
        _play(state, moment)
        for task in _continuous_tasks(state.world):
            queue_evaluation(state, task, at=moment, window=_since_last_run(task, moment), is_requested=False)
    _play(state, state.now)


def _continuous_tasks(world: World) -> list[Task]:
    """The tasks that run by themselves, the oldest first."""
    return [task for _, task in world.tasks.newest_first(query=CONTINUOUS)][::-1]


def _rounds(state: State) -> Iterator[datetime]:
    """The moments at which continuous tasks should have run by now and have not.

    After a long jump of the clock only the last ones are caught up with, so that no request waits for years of runs.
    """
    seconds = state.world.settings.continuous_seconds
    if seconds == 0:
        return
    interval = timedelta(seconds=seconds)
    missed = (state.now - state.continued_at) // interval
    if missed <= 0:
        return
    runs_each = max(1, len(_continuous_tasks(state.world)))
    left_out = missed - min(missed, MOST_ROUNDS, max(1, math.ceil(MOST_RUNS / runs_each)))
    state.continued_at += left_out * interval
    for _ in range(missed - left_out):
        state.continued_at += interval
        yield state.continued_at


def start(state: State, run: TaskRun, plan: RunPlan, moment: datetime) -> None:
    """Let a pending run begin; the experiment of one that will have results is there from then on."""
    state.world.change_status(run, vocabulary.RUNNING)
    run.run_started_at = moment
    _provision(state, run, plan, moment)
    if plan.ends_at is not None:
        state.world.schedule(plan.ends_at, run)


def end(state: State, run: TaskRun, plan: RunPlan, moment: datetime, counts: Counts | None = None) -> None:
    """Let a running run end as planned, or with other counts, and what was to follow a completed one be triggered."""
    _provision(state, run, plan, moment)
    state.world.change_status(run, plan.outcome)
    run.failure_reason = _reason(plan)
    run.run_finished_at = moment
    run.counts = _counts(state, run, plan) if counts is None else counts
    state.world.free_experiment_name(run)
    run.plan = None
    if plan.experiment is not None and run.status == vocabulary.COMPLETED:
        for identifier in plan.experiment.evaluation_task_ids:
            _follow_up(state, identifier, plan.experiment, run.experiment_id, moment)


def _pending(identifier: str, task: Task, at: datetime) -> TaskRun:
    return TaskRun(
        id=identifier, task_id=task.id, status=vocabulary.PENDING, created_at=at, created_by_user_id=ACTING_USER
    )


def _plan(state: State, run: TaskRun, lifecycle: Lifecycle, counts: Counts, nothing_to_do: str) -> RunPlan:
    """Plan how a run ends: as its lifecycle orders, or, where nothing is ordered and there is no work, without any."""
    outcome, reason = lifecycle.outcome, None
    if outcome == vocabulary.COMPLETED and not (counts.successes or counts.errors):
        outcome = _outcome_without_work(state, nothing_to_do)
        reason = None if outcome == vocabulary.COMPLETED else nothing_to_do
    starts_at, ends_at = lifecycle.times(run.created_at) or (None, None)
    return RunPlan(counts, outcome, starts_at, ends_at, lifecycle.reads, reason=reason)


def _outcome_without_work(state: State, nothing_to_do: str) -> str:
    """Tell how a run without work ends, by the served contract (C37, B16) or as the world has it."""
    by_contract = vocabulary.CANCELLED if state.contract.has_beta_rules else vocabulary.COMPLETED
    outcome = state.world.settings.empty_runs or by_contract
    return vocabulary.FAILED if outcome == vocabulary.COMPLETED and nothing_to_do == NO_CREDENTIALS else outcome


def _reason(plan: RunPlan) -> str | None:
    """Why a run did not complete (B2)."""
    if plan.outcome == vocabulary.COMPLETED:
        return None
    return plan.reason or (BROKEN if plan.outcome == vocabulary.FAILED else BY_REQUEST)


def _counts(state: State, run: TaskRun, plan: RunPlan) -> Counts:
    if plan.outcome == vocabulary.FAILED:
        return workload.counts_of_failure(plan.counts, state.rng_for(f"{run.id}:failure"))
    return Counts() if plan.outcome == vocabulary.CANCELLED else plan.counts


def _play(state: State, until: datetime) -> None:
    while (due := state.world.next_due(until)) is not None:
        moment, run = due
        if run.plan is None:
            continue
        if run.status == vocabulary.PENDING:
            start(state, run, run.plan, moment)
        elif run.plan.ends_at is not None and moment >= run.plan.ends_at:
            end(state, run, run.plan, moment)
        elif run.plan.ends_at is not None:
            # It was running already when it was put in the world, or was started by hand.
            state.world.schedule(run.plan.ends_at, run)


def _provision(state: State, run: TaskRun, plan: RunPlan, moment: datetime) -> None:
    """Create the experiment of a run, unless it is there or will have no results."""
    if plan.experiment is None or run.experiment_id is not None or plan.outcome == vocabulary.CANCELLED:
        return
    experiment = Experiment(
        id=state.new_id(IdKind.EXPERIMENT),
        name=plan.experiment.name,
        dataset_id=plan.experiment.dataset_id,
        dataset_version_id=plan.experiment.dataset_version_id,
        created_at=moment,
        updated_at=moment,
        results=_counts(state, run, plan).successes,
        integration_id=plan.experiment.integration_id,
    )
    state.world.add(experiment)
    run.experiment_id = experiment.id


def _follow_up(
    state: State, identifier: str, experiment: ExperimentPlan, experiment_id: str | None, moment: datetime
) -> None:
    """Trigger an evaluation task after the experiment it waited for (C41); one deleted in the meantime is left out.

    A task over the same dataset evaluates the new experiment, any other one what it always does.
    """
    task = state.world.tasks.get(identifier)
    if task is None:
        return
    window = None if task.project_id is None else _since_last_run(task, moment)
    is_about_it = experiment_id is not None and task.dataset_id == experiment.dataset_id
    experiments = (experiment_id,) if experiment_id is not None and is_about_it else None
    queue_evaluation(state, task, at=moment, window=window, experiment_ids=experiments, is_requested=False)


def _since_last_run(task: Task, moment: datetime) -> tuple[datetime, datetime]:
    return min(moment, max(task.last_run_at or task.created_at, moment - LONGEST_WINDOW)), moment


def _has_credentials(state: State, task: Task) -> bool:
    configuration = task.run_configuration or {}
    named = (configuration.get(field) for field in vocabulary.INTEGRATIONS)
    found = [state.world.ai_integrations.get(str(identifier)) for identifier in named]
    return all(integration is None or integration.is_usable for integration in found)
