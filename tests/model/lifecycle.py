"""Checks of runs and tasks over time: statuses only go forward, and completed runs did the requested work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import contract
from tests.model.rules_tasks import is_experiment
from tests.model.worlds import parse_time

if TYPE_CHECKING:
    from tests.model.contract import Json
    from tests.model.exchange import Exchange
    from tests.model.request import Request
    from tests.model.worlds import World

USUAL_SPANS = 10_000
COUNTERS = ("num_successes", "num_errors", "num_skipped")


def ended_runs_never_change(exchange: Exchange) -> None:
    """Check that an ended run never changes, and that no status goes back (C34, J12)."""
    history = exchange.history
    for run in exchange.after.of("task_runs"):
        earlier = history.ended.get(run["id"])
        assert earlier is None or earlier == run, f"an ended run was {earlier} and is {run}"
        before = history.statuses.get(run["id"], run["status"])
        assert _rank(before) <= _rank(run["status"]), f"{run['id']} was {before} and is {run['status']}"
        history.statuses[run["id"]] = run["status"]
        _check_times(run)
        _check_reason(run)
        if run["status"] in contract.TERMINAL and earlier is None:
            history.ended[run["id"]] = run


def _rank(status: str) -> int:
    return 2 if status in contract.TERMINAL else int(status == contract.RUNNING)


def _check_times(run: Json) -> None:
    """Check that the start and end times of a run match its status."""
    started, finished = run["run_started_at"], run["run_finished_at"]
    assert (finished is not None) == (run["status"] in contract.TERMINAL), f"{run['status']}, finished {finished}"
    assert run["status"] != contract.PENDING or started is None, f"pending, and started {started}"
    assert run["status"] in {contract.PENDING, contract.CANCELLED} or started is not None, f"{run} never started"
    times = [parse_time(each) for each in (run["created_at"], started, finished) if each is not None]
    assert times == sorted(times), f"created, started and finished at {times}"


def _check_reason(run: Json) -> None:
    """Check that a run has a failure reason exactly if it failed or was cancelled (B2)."""
    ended_badly = run["status"] in {contract.FAILED, contract.CANCELLED}
    assert bool(run.get("failure_reason")) == ended_badly, f"{run['status']}, because of {run.get('failure_reason')!r}"


def updated_at_never_goes_back(exchange: Exchange) -> None:
    """Check that `updated_at` never goes back, and is not before the creation."""
    updated = exchange.history.updated
    for task in exchange.after.of("tasks"):
        exchange.history.names.add(task["name"])
        before = updated.get(task["id"], task["created_at"])
        assert parse_time(before) <= parse_time(task["updated_at"]), (
            f"changed at {before}, then at {task['updated_at']}"
        )
        updated[task["id"]] = task["updated_at"]


def runs_do_their_work(exchange: Exchange) -> None:
    """Check that each run that was triggered here and has completed did what the trigger requested."""
    for identifier, request in list(exchange.history.triggers.items()):
        run = exchange.after.get("task_runs", identifier)
        if run is None or (run["status"] in contract.TERMINAL and not _ended_by_itself(run)):
            del exchange.history.triggers[identifier]
        elif run["status"] in contract.TERMINAL:
            del exchange.history.triggers[identifier]
            (_check_experiment if is_experiment(request.task) else _check_evaluation)(exchange.after, request, run)


def _ended_by_itself(run: Json) -> bool:
    return bool(run["status"] == contract.COMPLETED)


def _check_evaluation(world: World, request: Request, run: Json) -> None:
    """Check the limit of items (C31), the number of results of experiments, and that the beta found work (B16)."""
    counted = sum(run[name] for name in COUNTERS)
    most = int(request.fields.get("max_spans", USUAL_SPANS))
    assert counted <= most, f"{counted} items of at most {most}"
    assert not contract.is_beta() or run["num_successes"] + run["num_errors"], f"{run} completed without work"
    if "project" not in request.task:
        results = sum(_results(world, each) for each in dict.fromkeys(run["experiments"]))
        assert counted == min(most, results), f"{counted} items of {results}, at most {most}"


def _results(world: World, experiment_id: str) -> int:
    experiment = world.get("experiments", experiment_id)
    results = experiment.get("results")
    return len(world.examples(experiment["dataset_version"])) if results is None else int(results)


def _check_experiment(world: World, request: Request, run: Json) -> None:
    """Check the chosen, unknown and counted examples of an experiment, and the tasks triggered after it (C24, C41)."""
    fields, task = request.fields, request.task
    latest = request.world.get("datasets", task["dataset"])["versions"][-1]["id"]
    version = fields.get("dataset_version_id", latest)
    held = world.examples(version)
    chosen = set(fields.get("example_ids", held))
    known = len(chosen & set(held))
    wanted = min(known, int(fields.get("max_examples", known)))
    assert run["num_successes"] + run["num_errors"] == wanted, f"{run} ran not {wanted} examples"
    assert run["num_skipped"] == len(chosen) - known, f"{run} skipped not {len(chosen) - known} examples"
    made = world.get("experiments", run["experiment"])
    assert made is not None, "the experiment is not there"
    described = made["name"], made["dataset"], made["dataset_version"]
    assert described == (fields["experiment_name"], task["dataset"], version), f"the experiment is {described}"
    assert made.get("integration_id") == task["run_configuration"].get("integration_id"), f"{made} is another agent's"
    for follower in fields.get("evaluation_task_ids", ()):
        if world.get("tasks", follower) is not None:
            times = [parse_time(each["created_at"]) for each in world.runs_of(follower)]
            assert parse_time(run["run_finished_at"]) in times, f"{follower} was not triggered after {run['id']}"
