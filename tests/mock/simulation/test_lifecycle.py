"""Runs that advance by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.mock.support import NOW, PROJECT_TASK, Api, run_path, task_path

if TYPE_CHECKING:
    from tests.mock.doors import Door

A_WEEK_AGO = "2026-03-03T15:00:00.000Z"


def total(run: dict[str, int]) -> int:
    """Return the number of items that a run covered."""
    return run["num_successes"] + run["num_errors"] + run["num_skipped"]


def test_times_and_counts(api: Api, clock: Clock) -> None:
    """A run is pending for a fifth of its time, then running, then completed with its counts, at exact times."""
    run = api.triggered(known.CHAT_QUALITY, {"data_start_time": A_WEEK_AGO})

    clock.advance(0.399)
    assert api.run(run["id"]) == run
    clock.advance(0.001)
    running = api.run(run["id"])
    clock.advance(1000)
    completed = api.run(run["id"])

    assert running == {**run, "status": "running", "run_started_at": "2026-03-10T15:00:00.400Z"}
    assert completed == {
        **running,
        "status": "completed",
        "run_finished_at": "2026-03-10T15:00:02.000Z",
        "num_successes": completed["num_successes"],
        "num_errors": completed["num_errors"],
        "num_skipped": completed["num_skipped"],
    }
    assert total(completed) == 5000
    assert completed["num_successes"] > completed["num_skipped"] > completed["num_errors"] >= 0


@pytest.mark.parametrize(("rate", "expected"), [(None, 5000), (1, 5000), (0.5, 2500), (0, 0)])
def test_sampling(api: Api, clock: Clock, rate: float | None, expected: int) -> None:
    """A task evaluates the sampled share of the spans; without a rate all."""
    sampling = {} if rate is None else {"sampling_rate": rate}
    task = api.created({**PROJECT_TASK, **sampling})
    run = api.triggered(task["id"], {"data_start_time": A_WEEK_AGO})
    clock.advance(2)

    assert total(api.run(run["id"])) == expected


def test_runs_that_take_no_time(clock: Clock, door: Door) -> None:
    """With a run time of 0 a run is pending when triggered, and completed at the first read."""
    api = Api(Mock(clock=clock, run_seconds=0), door)

    run = api.triggered(known.CHAT_QUALITY)

    assert run["status"] == "pending"
    assert api.run(run["id"])["status"] == "completed"


def test_a_continuous_task_can_have_two_runs_under_way(api: Api, clock: Clock) -> None:
    """A continuous task can be triggered while one of its runs is under way."""
    first = api.triggered(known.CHAT_QUALITY)
    clock.advance(1)
    second = api.triggered(known.CHAT_QUALITY)

    statuses = {run["id"]: run["status"] for run in api.get(task_path(known.CHAT_QUALITY, "runs")).json["task_runs"]}

    assert (statuses[first["id"]], statuses[second["id"]]) == ("running", "pending")


def test_same_seed_same_bytes(clock: Clock, door: Door) -> None:
    """Two mocks with the same seed and script give the same bytes; another seed gives others."""

    def play(seed: int) -> list[bytes]:
        api = Api(Mock(clock=Clock(NOW, frozen=True), seed=seed), door)
        run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x"})
        api.created(PROJECT_TASK)
        api.mock.clock.advance(3)
        return [api.get(run_path(run["id"])).body, api.get("/__mock/world").body]

    assert play(1) == play(1)
    assert play(1) != play(2)
    clock.advance(0)


def test_an_experiment_is_listed_from_the_start_of_its_run(api: Api, clock: Clock) -> None:
    """The experiment appears when its run starts, and remains if the run is cancelled."""
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "listed"})
    path = "/v2/experiments"
    assert api.get(path, name="listed").json["experiments"] == []

    clock.advance(1)
    api.post(run_path(run["id"], "cancel"))

    (experiment,) = api.get(path, name="listed").json["experiments"]
    assert experiment["id"] == api.run(run["id"])["experiment_id"]
    assert experiment["created_at"] == "2026-03-10T15:00:00.400Z"


def test_a_follower_deleted_in_the_meantime_is_left_out(api: Api, clock: Clock) -> None:
    """A follower task that is deleted before the run ends gets no run, and the run completes."""
    body = {"experiment_name": "x", "evaluation_task_ids": [known.GOLDEN_REVIEW]}
    run = api.triggered(known.NIGHTLY_SUMMARIES, body)
    api.delete(task_path(known.GOLDEN_REVIEW))

    clock.advance(5)

    assert api.run(run["id"])["status"] == "completed"


def test_a_follower_starts_at_the_end_of_the_first_run(api: Api, clock: Clock) -> None:
    """A follower's run has its own times, counted from the end of the first run."""
    api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x", "evaluation_task_ids": [known.GOLDEN_REVIEW]})

    clock.advance(60)

    (follower,) = api.get(task_path(known.GOLDEN_REVIEW, "runs")).json["task_runs"]
    assert follower["status"] == "completed"
    assert follower["run_finished_at"] == "2026-03-10T15:00:04.000Z"


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12])
def test_impossible_run_times(seconds: float) -> None:
    """A run time has to be finite and not negative."""
    with pytest.raises(ValueError, match="run_seconds"):
        Mock(run_seconds=seconds)
